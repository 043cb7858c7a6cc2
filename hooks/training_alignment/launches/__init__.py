"""A launcher file or notebook, the entry point it resolves to, what it passes and what the script accepts."""
