"""The steps of a repository and their files.

Files are assigned to steps by the project's list first, then by references between files, then by their names.
"""
