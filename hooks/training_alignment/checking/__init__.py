"""Runs of the rules over steps, launchers and repositories, and `# noqa` comments."""
