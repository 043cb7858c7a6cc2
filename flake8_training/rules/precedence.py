"""One cause, one finding: which code gives way to which, and the merging of findings.

Two findings have one cause if they are on one line of a file, if one names the other's line as a related place, or if
the rules have set the same ``cause``. The stronger finding stays; the weaker one becomes a related place of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from flake8_training.finding import Finding, Related
from flake8_training.record import replace

if TYPE_CHECKING:
    from flake8_training.fix import Fix

MODEL_IS_LOST = "the model is lost"
"""The cause that a script's model is saved outside the model directory, or is not saved."""

OPTION = "option "
"""The beginning of a cause that is an option of the script; its spellings follow, separated by spaces."""

GIVES_WAY: dict[str, tuple[str, ...]] = {
    # The script reads no hyperparameters, therefore it does not accept the one that the launcher passes.
    "TRN101": ("TRN410",),
    # The value of an option that nothing reads does no harm. A flag is another cause: argparse refuses its value.
    "TRN113": ("TRN116", "TRN411"),
    # The launcher passes to the script what the script does not need under that name, or lacks as an option.
    "TRN409": ("TRN408", "TRN426"),
    # The model is written elsewhere, therefore it is not in the model directory.
    "TRN112": ("TRN104",),
    "TRN122": ("TRN104",),
    # The checkpoints are written elsewhere, therefore the folder that is kept stays empty.
    "TRN429": ("TRN112",),
    # The image is another framework's, therefore it lacks the script's framework.
    "TRN427": ("TRN420",),
    # The path is wrong for the job, therefore it is not the path of the script.
    "TRN162": ("TRN214",),
}
"""For a code, the codes that it gives way to if both have one cause."""

_MENDS = {"TRN113": "TRN411"}
"""For a code, the one that it gives way to and that its fix removes too: the type of the option is wrong for both."""

ONCE = frozenset({"TRN306", "TRN407", "TRN422"})
"""Codes of which one line has one finding: one entry point, one property path, one expression."""


def option_cause(flags: Iterable[str]) -> str:
    """Return the cause of all findings about one option, by its spellings."""
    return OPTION + " ".join(flags)


def framework_cause(line: int) -> str:
    """Return the cause of all findings about the framework of the estimator at a line of its file."""
    return f"framework of the estimator on line {line}"


def without_consequences(findings: Iterable[Finding], across_lines: bool = True) -> list[Finding]:
    """Return the findings without those that give way to another one; the other one names their places.

    With ``across_lines`` false, only findings on one line are compared, and no places are added: flake8 reports none.
    """
    found = list(findings)
    stronger = _Stronger(found, across_lines)
    kept: dict[int, Finding] = {}
    places: dict[int, list[Related]] = defaultdict(list)
    fixes: dict[int, Fix] = {}
    for index, finding in enumerate(found):
        other = stronger.than(index)
        if other is None:
            kept[index] = finding
        elif across_lines:
            places[other].append(Related(finding.path, finding.line, f"{finding.code} {finding.message}"))
            if finding.fix is not None and _MENDS.get(finding.code) == found[other].code:
                edits = tuple(replace(edit, path=edit.path or finding.path) for edit in finding.fix.edits)
                fixes[other] = replace(finding.fix, edits=edits)
    return [
        replace(
            finding,
            related=tuple(dict.fromkeys((*finding.related, *places[index]))),
            fix=finding.fix or fixes.get(index),
        )
        if index in places
        else finding
        for index, finding in kept.items()
    ]


class _Stronger:
    """Finds the finding that another one gives way to."""

    def __init__(self, findings: Sequence[Finding], across_lines: bool) -> None:
        self._findings = findings
        self._across_lines = across_lines
        self._on_line: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._naming_line: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._of_cause: dict[tuple[str, str], list[int]] = defaultdict(list)
        weaker = GIVES_WAY.keys() | ONCE
        if not any(finding.code in weaker for finding in findings):
            return
        for index, finding in enumerate(findings):
            self._on_line[finding.path, finding.line].append(index)
            if finding.cause:
                self._of_cause[finding.path, finding.cause].append(index)
            for related in finding.related:
                self._naming_line[related.path, related.line].append(index)

    def than(self, index: int) -> int | None:
        """Return the index of the finding that the one at ``index`` gives way to, or None."""
        finding = self._findings[index]
        beside = self._on_line.get((finding.path, finding.line), ())
        if finding.code in ONCE:
            first = next((i for i in beside if self._findings[i].code == finding.code), index)
            return first if first != index else None
        codes = GIVES_WAY.get(finding.code, ())
        if not codes:
            return None
        places = [beside]
        if self._across_lines:
            places.append(self._of_cause.get((finding.path, finding.cause), ()))
            places.append(self._naming_line.get((finding.path, finding.line), ()))
            places.extend(self._on_line.get((other.path, other.line), ()) for other in finding.related)
        return next((i for place in places for i in place if self._findings[i].code in codes), None)
