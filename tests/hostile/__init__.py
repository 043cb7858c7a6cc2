"""Repositories and surroundings that are out to break the command and the plugin."""
