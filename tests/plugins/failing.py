"""A flake8 plugin for the tests: flake8-training with one rule that raises."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.finding import Finding, Severity
from flake8_training.plugin import _Plugin
from flake8_training.rules.registry import Rules
from flake8_training.rules.rule import Example, Rule

if TYPE_CHECKING:
    from flake8_training.script import Script


class FailingRule(Rule["Script"]):
    """Raises, in the way that the environment variable ``FAILING_WITH`` says."""

    code = os.environ.get("FAILING_RULE", "TRN104")
    severity = Severity.ERROR
    summary = "a rule that raises"
    why = "Rules may fail."
    bad = good = Example("")

    def check(self, script: Script, /) -> Iterator[Finding]:
        """Yield one finding, then raise."""
        yield self.finding(script, 2, "found before the failure")
        match os.environ.get("FAILING_WITH"):
            case "recursion":
                yield from self.check(script)
            case "nothing":
                return
            case _:
                raise ValueError(
                    "a text with\na second line, arn:aws:s3:::bucket and train.py:1:2: E999 in it"
                )


class FailingPlugin(_Plugin):
    """Runs every rule of flake8-training, one of them replaced."""

    def _rules(self) -> Rules:
        rules = super()._rules()
        rules._found[FailingRule.code] = FailingRule()
        return rules
