"""The cross-checks of steps: one rule class a module, as in ``flake8_training.rules``.

Levels 1 (script against contract) and 2 (contract against specification) are rules over `StepSubject`.
"""
