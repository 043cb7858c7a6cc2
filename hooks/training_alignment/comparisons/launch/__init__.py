"""Comparisons of a launcher with the script that it starts."""
