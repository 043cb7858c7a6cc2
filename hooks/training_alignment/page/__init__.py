"""The page that shows a repository: the graph, the findings with both sides of their sources, and the coverage.

It may import reports, steps and launches. The page is one HTML file that loads nothing.
"""
