"""Readers of a step's artefacts: one module for each format, one common model.

Files are parsed, never imported or run. Every value carries its file and line. A value that only the running program
knows is `UNKNOWN`; a table or list that may have unseen entries is not `closed`.
"""
