"""Which calls of which libraries read data, train, evaluate, predict and save: tables of rows.

``table.py`` looks names up in them; ``rows.py`` has the kinds of rows; the other modules hold the rows, one
module a family of libraries. Nothing is imported here, so that importing the package costs nothing.
"""
