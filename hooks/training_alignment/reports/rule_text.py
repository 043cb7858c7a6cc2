"""The page of a rule for a person at a terminal: the consequence, the fix, and the lines that change."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any, Final

from flake8_training.finding import Severity
from flake8_training.pattern import pattern
from flake8_training.project_links import rule_page
from flake8_training.rules.pages import SEEN_BY, changes, severity
from flake8_training.rules.rule import Rule, without_markers

WIDTH: Final = 88
MAX_LINES: Final = 24
"""The most lines of an example."""

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.ADVICE: "36"}
_CODE = pattern(r"`([^`]+)`")


def rule_text(rule: Rule[Any], coloured: bool = False) -> str:
    """Return the page; ``coloured`` adds colour sequences for a terminal."""

    def painted(string: str, parameters: str) -> str:
        return f"\x1b[{parameters}m{string}\x1b[0m" if coloured else string

    def lines() -> Iterator[str]:
        colour = _COLOURS[rule.severity]
        yield f"{painted(rule.code, f'1;{colour}')} {rule.summary}"
        yield ""
        yield from _paragraphs(f"Severity: {severity(rule)}")
        yield from _paragraphs(f"Seen by: {SEEN_BY[rule.seen_by]}")
        yield ""
        yield painted("What happens", "1")
        yield from _paragraphs(rule.why, "  ")
        if rule.fix:
            yield ""
            yield painted("How to fix it", "1")
            yield from _paragraphs(rule.fix, "  ")
        yield ""
        yield painted("Example", "1")
        for line in _example(rule):
            colour = {"-": "31", "+": "32"}.get(line[:1], "")
            yield f"  {painted(line, colour) if colour else line}"
        yield ""
        yield f"Silence it on a line: # noqa: {rule.code}"
        yield f"When it is reported, and when not: {rule_page(rule.code)}"

    return "\n".join(lines())


def _paragraphs(markdown: str, indent: str = "") -> Iterator[str]:
    """Yield the lines of prose, wrapped; code keeps its own lines."""
    plain = "\n".join(line.rstrip() for line in inspect.cleandoc(markdown).splitlines())
    for number, block in enumerate(filter(None, plain.split("\n\n"))):
        if number:
            yield ""
        block = block.strip("\n")
        if block.startswith(("```", "|", "    ")):
            yield from (f"{indent}{line}" for line in block.splitlines() if not line.startswith("```"))
            continue
        items = re.split(r"\n(?=[-*] )", block)
        for item in items:
            hanging = indent + ("  " if item.startswith(("- ", "* ")) else "")
            text = _CODE.sub(r"\1", " ".join(item.split()))
            yield from textwrap.wrap(
                text,
                WIDTH,
                initial_indent=indent,
                subsequent_indent=hanging,
                break_long_words=False,
                break_on_hyphens=False,
            )


def _example(rule: Rule[Any]) -> Iterator[str]:
    """Yield the lines that the fix changes, or the wrong example if the fix changes none."""
    changed = changes(rule.bad, rule.good)
    if changed:
        shown = changed.splitlines()[1:-1]
    else:
        shown = [line for source in rule.bad.files.values() for line in without_markers(source).splitlines()]
    yield from shown[:MAX_LINES]
    if len(shown) > MAX_LINES:
        yield "..."
