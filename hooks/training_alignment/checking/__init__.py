"""A run: which steps and launchers, which rules, in which order; and `# noqa`."""
