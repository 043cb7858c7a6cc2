"""Analysis of a program: values of expressions, data flow and code that can run."""
