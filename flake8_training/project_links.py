"""The addresses of the project, in one place: reports and pages link to them."""

from __future__ import annotations

from typing import Final

REPOSITORY: Final = "https://github.com/flake8-training/flake8-training"
DOCUMENTATION: Final = "https://flake8-training.github.io/flake8-training"


def rule_page(code: str) -> str:
    """Return the address of a rule's page."""
    return f"{DOCUMENTATION}/rules/{code}/"
