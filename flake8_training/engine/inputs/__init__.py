"""Inputs of a program: command-line options and environment variables."""
