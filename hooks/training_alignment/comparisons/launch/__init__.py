"""A launcher set against the script that it starts."""
