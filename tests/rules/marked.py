"""Compares what one rule finds in a made-up script with the ``# TRNnnn`` marks at the ends of its lines."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path
from typing import Any

from flake8_training.checker import check_script
from flake8_training.finding import Finding
from flake8_training.rules.registry import rules
from flake8_training.rules.rule import Rule, expected_findings
from flake8_training.settings import Settings
from tests.chosen_rules import Chosen
from tests.margin import assert_places

NAMED = Settings(training_scripts=("*",))


def rule_of(code: str) -> Rule[Any]:
    """Return the rule of a code."""
    return next(rule for rule in rules() if rule.code == code)


def findings(code: str, text: str, folder: Path | None = None, **modules: str) -> list[Finding]:
    """Return what the rule finds; ``modules`` are written beside the script (``data="..."`` is ``data.py``)."""
    text = textwrap.dedent(text)
    path = "train.py"
    if modules:
        assert folder is not None
        path = str(folder / "train.py")
    for name, module in modules.items():
        assert folder is not None
        (folder / f"{name}.py").write_text(textwrap.dedent(module), encoding="utf-8")
    lines = text.splitlines(keepends=True)
    return check_script(ast.parse(text), path if modules else "", lines, NAMED, Chosen(rule_of(code)))


def assert_marked(code: str, text: str, folder: Path | None = None, **modules: str) -> None:
    """Assert that the rule finds something on the marked lines and nowhere else."""
    __tracebackhide__ = True
    text = textwrap.dedent(text)
    messages = {("train.py", f.line, f.code): f.message for f in findings(code, text, folder, **modules)}
    expected = {("train.py", line, code) for line, code in expected_findings(text)}
    assert_places(set(messages), expected, {"train.py": text}, messages)
