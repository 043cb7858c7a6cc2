"""Placeholder strings, such as "<your role>" or "{{ role }}"."""

from __future__ import annotations

import re

from flake8_training.pattern import pattern

_PLACEHOLDER = pattern(
    r"<[^<>]*>"  # <your bucket>
    r"|\{\{.{0,200}\}\}|\{%.{0,200}%\}"  # Jinja
    r"|\$\{?\w+"  # ${BUCKET}
    r"|\.\.\.|…"
    r"|x{4,}"
    r"|\b(?:your|insert|enter|todo|changeme|replace)[-_ ]",
    re.IGNORECASE | re.DOTALL,
)

_SETTING = pattern(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


def is_placeholder(string: str) -> bool:
    """Return whether a string is a placeholder for a value: "<your role>", "IAM ROLE"."""
    return _PLACEHOLDER.search(string) is not None or (string.isupper() and " " in string.strip())


def names_a_setting(string: str) -> bool:
    """Return whether a string is the name of a setting that something replaces: ``TRAINING_INSTANCE_TYPE``.

    For values that are never in capitals.
    """
    return _SETTING.fullmatch(string) is not None
