"""Fast searches of files' bytes: possible artefacts and launchers, and the references between them.

They select the files to read. They never silence a rule.
"""
