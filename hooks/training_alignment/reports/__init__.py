"""Reports of findings and facts: one module for each format."""
