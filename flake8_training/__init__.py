"""A flake8 plugin that finds mistakes in SageMaker training scripts.

This module imports nothing: flake8 loads it at every start.
"""

__version__ = "0.1.0"
