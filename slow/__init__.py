"""The slow tests: the project's results against the real SDKs and the real training toolkit.

``python3 dev.py slow`` creates the environments that these tests need, and runs them. The ordinary tests need none.
"""
