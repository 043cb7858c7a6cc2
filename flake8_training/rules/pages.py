"""A rule's page and its row in the table, from its class: for the documentation and for ``explain``."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from flake8_training.rules.base import Example, Rule

SEEN_BY = {
    "both": "flake8 and the commit hook",
    "hook": "the commit hook: it needs more than one file",
    "TRN9": "flake8 and the commit hook, when asked for: `--enable-extensions=TRN9`",
}
LEVELS = (
    "0, the checking itself",
    "1, script and contract",
    "2, contract and specification",
    "3, specification and dependencies",
    "4, builder and configuration",
)
LANGUAGES = {".py": "python", ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"}


def table(rules: Iterable[Rule[Any]]) -> str:
    """Return the table of rules in Markdown."""
    return "".join(["| code | severity | says |\n|---|---|---|\n", *map(table_row, rules)])


def table_row(rule: Rule[Any]) -> str:
    """Return a rule's row of the table."""
    return f"| [{rule.code}](docs/rules/{rule.code}.md) | {rule.severity} | {rule.summary} |\n"


def page(rule: Rule[Any]) -> str:
    """Return a rule's page in Markdown."""
    parts = [
        f"# {rule.code}: {rule.summary}\n",
        "<!-- Written by docs/generate.py from the rule's class. -->\n",
        f"- Severity: {rule.severity}\n- Level: {LEVELS[rule.level]}\n- Seen by: {SEEN_BY[rule.seen_by]}\n",
        f"## Why\n\n{inspect.cleandoc(rule.why)}\n",
        f"## Bad\n\n{example(rule.bad)}",
        f"## Good\n\n{example(rule.good)}",
        f"On the line of the finding, `# noqa: {rule.code}` silences it.\n",
    ]
    if rule.references:
        parts.append("## Read on\n\n" + "".join(f"- <{address}>\n" for address in rule.references))
    return "\n".join(parts)


def example(shown: Example) -> str:
    """Return an example in Markdown, with what it needs beside its files."""
    parts = []
    if shown.failing:
        parts.append(f"Shown with {shown.failing} made to fail.\n")
    if shown.options:
        parts.append(f"With `{' '.join(shown.options)}`:\n")
    for name, text in shown.files.items():
        language = LANGUAGES.get(PurePath(name).suffix, "")
        title = f"`{name}`:\n\n" if len(shown.files) > 1 else ""
        parts.append(f"{title}```{language}\n{text.rstrip()}\n```\n")
    return "\n".join(parts)


def data(rule: Rule[Any]) -> dict[str, object]:
    """Return what a rule is as plain data, for JSON."""
    return {
        "code": rule.code,
        "severity": str(rule.severity),
        "level": rule.level,
        "seen_by": rule.seen_by,
        "summary": rule.summary,
        "why": inspect.cleandoc(rule.why),
        "bad": rule.bad.files,
        "good": rule.good.files,
        "references": list(rule.references),
    }
