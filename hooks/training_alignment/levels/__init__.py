"""The cross-checks of steps: one rule class a module, as in ``flake8_training.rules``.

Levels 1 (script against contract), 2 (contract against specification) and 3 (specification against the steps that it
depends on) are rules over `StepSubject`.
"""
