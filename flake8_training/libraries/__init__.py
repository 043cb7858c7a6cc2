"""Tables of library calls that read data, train, evaluate, predict and save.

``table.py`` looks names up in the tables, ``rows.py`` defines the kinds of rows, and each other module holds the rows
of one family of libraries. This package imports nothing, so that importing it costs nothing.
"""
