"""Launchers and the scripts that they start: found by content, read as one, compared by the rules of level 4."""
