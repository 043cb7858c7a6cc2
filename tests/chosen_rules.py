"""Rules that a test chooses or defines itself, as the runner of the rules takes them."""

from __future__ import annotations

from typing import Any

from flake8_training.rules.launcher.launcher_rule import LauncherRule
from flake8_training.rules.registry import Rules
from flake8_training.rules.rule import Rule


class Chosen(Rules):
    """Exactly these rules, by their kinds; several may have one code."""

    def __init__(self, *rules: Rule[Any]) -> None:
        super().__init__(lambda _: False)
        self._rules = rules

    def __contains__(self, code: str) -> bool:
        return any(rule.code == code for rule in self._rules)

    def coded(self, code: str) -> Rule[Any] | None:
        """Return the first rule with a code, None without one."""
        return next((rule for rule in self._rules if rule.code == code), None)

    def codes_in(self, *folders: str) -> list[str]:
        """Return the codes of the rules of a kind that names one of the folders."""
        return [rule.code for rule in self._rules if set(folders).intersection(rule.folders)]

    def over_scripts(self) -> tuple[Rule[Any], ...]:
        """Return the rules over one script."""
        return tuple(rule for rule in self._rules if not isinstance(rule, LauncherRule))
