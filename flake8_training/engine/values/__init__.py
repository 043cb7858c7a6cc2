"""The values of expressions, and the evaluator with its parts."""
