"""The values, and the evaluator with the parts that know it by an interface only."""
