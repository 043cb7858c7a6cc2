"""Readers of the artefacts of a step: one module a format, one model out.

Nothing that is read is imported or run. Every value carries its file and line; a value that only the running
program knows is `UNKNOWN`, and a table or list that may hold more than is seen says so (`closed`).
"""
