"""Faults that are seeded into the files of a step, one at a time, by the file's tree."""
