"""Tests of launchers and the scripts that they start."""
