"""Checks of a training step that need more than one file: script, contract, specification, builder.

It imports ``flake8_training``, never the reverse.
"""
