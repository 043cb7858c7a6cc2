"""A flake8 plugin that finds the mistakes in SageMaker training scripts before the training job does.

This module stays empty of imports: flake8 loads it at every start.
"""

__version__ = "0.1.0"
