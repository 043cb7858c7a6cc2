"""The slow lane: what the project says, beside what the real SDKs and the real training toolkit do.

``python3 dev.py slow`` makes the environments that these tests need, and runs them. The ordinary tests do without.
"""
