"""Which values, paths and call results can reach an expression of a program, and what can run."""
