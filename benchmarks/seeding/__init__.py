"""Faults that are put into the files of a step, one at a time, by the tree of the file."""
