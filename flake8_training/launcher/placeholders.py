"""Placeholder strings, such as "<your role>" or "{{ role }}"."""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(
    r"<[^<>]*>"  # <your bucket>
    r"|\{\{.{0,200}\}\}|\{%.{0,200}%\}"  # Jinja
    r"|\$\{?\w+"  # ${BUCKET}
    r"|\.\.\.|…"
    r"|x{4,}"
    r"|\b(?:your|insert|enter|todo|changeme|replace)[-_ ]",
    re.IGNORECASE | re.DOTALL,
)


def is_placeholder(string: str) -> bool:
    """Return whether a string is a placeholder for a value: "<your role>", "IAM ROLE"."""
    return _PLACEHOLDER.search(string) is not None or (string.isupper() and " " in string.strip())
