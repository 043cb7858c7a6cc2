"""What every rule is: a class that carries its code, its texts and its examples.

The pages of the documentation, the tables and a test of each example come from the class.
"""

from __future__ import annotations

import ast
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar, Generic, Literal, Protocol, TypeVar

from flake8_training.finding import Finding, Related, Severity
from flake8_training.record import Record

Subject = TypeVar("Subject")
SeenBy = Literal["both", "hook", "TRN9"]

CODE = re.compile(r"TRN\d{3}")
# At the end of a line: "# TRN104", or several as "# TRN104, TRN105". A noqa comment is none.
_MARKER = re.compile(r"#[ ]*(TRN\d{3}(?:[ ]*,[ ]*TRN\d{3})*)[ ]*$")


class HasPath(Protocol):
    """A thing that a finding can be about: a script, an artefact."""

    @property
    def path(self) -> str:
        """The file's path, as the user gave it."""


class Example(Record):
    """Code that shows a rule. ``source`` is the text of ``train.py``, or several files as name -> text.

    Common indentation and a leading line break are taken off. A line on which a finding is expected ends with the
    comment ``# TRNnnn``. ``options`` are given to flake8. ``failing`` names a rule that is made to raise for the
    example: the only way to show an error of the checker itself.
    """

    source: str | Mapping[str, str]
    options: tuple[str, ...] = ()
    failing: str = ""

    @property
    def files(self) -> dict[str, str]:
        """The files of the example: name -> text."""
        import textwrap

        sources = {"train.py": self.source} if isinstance(self.source, str) else self.source
        return {name: textwrap.dedent(text).lstrip("\n") for name, text in sources.items()}

    @property
    def expected(self) -> set[tuple[str, int, str]]:
        """The findings that the example asks for: file name, line, code."""
        return {
            (name, line, code) for name, text in self.files.items() for line, code in expected_findings(text)
        }


def expected_findings(text: str) -> set[tuple[int, str]]:
    """Return the line (from 1) and code of each ``# TRNnnn`` at a line's end."""
    return {
        (number, code)
        for number, line in enumerate(text.splitlines(), 1)
        if (marker := _MARKER.search(line))
        for code in CODE.findall(marker[1])
    }


def without_markers(text: str) -> str:
    """Return the text without the comments that announce findings."""
    return "\n".join(
        _MARKER.sub("", line).rstrip() if _MARKER.search(line) else line for line in text.splitlines()
    )


class Rule(ABC, Generic[Subject]):
    """A rule: its class attributes say what it is, ``check`` finds it in a ``Subject``. It keeps no state.

    The texts follow ``docs/style.md`` and are Markdown, but for the summary:

    - ``summary``: the fixed clause that every message begins with;
    - ``why``: what happens in the job, with the error's text where there is one;
    - ``fix``: how to fix it, in a sentence or two;
    - ``reported_when``, ``not_reported_when``: clauses that finish these words, one condition each;
    - ``missed``: mistakes of this kind that the rule is known not to find, as clauses;
    - ``references``: addresses to read on.
    """

    code: ClassVar[str]
    severity: ClassVar[Severity]
    seen_by: ClassVar[SeenBy] = "both"
    summary: ClassVar[str]
    why: ClassVar[str]
    fix: ClassVar[str] = ""
    reported_when: ClassVar[tuple[str, ...]] = ()
    not_reported_when: ClassVar[tuple[str, ...]] = ()
    missed: ClassVar[tuple[str, ...]] = ()
    bad: ClassVar[Example]
    good: ClassVar[Example]
    references: ClassVar[tuple[str, ...]] = ()

    @property
    def level(self) -> int:
        """The level of the check, 1 to 4; 0 for what is wrong with the checking itself."""
        return level_of(self.code)

    @abstractmethod
    def check(self, subject: Subject, /) -> Iterator[Finding]:
        """Yield what is wrong with the subject. What cannot be told is not wrong."""

    def finding(
        self,
        place: HasPath,
        at: ast.AST | int,
        detail: str = "",
        related: tuple[Related, ...] = (),
        step: str = "",
    ) -> Finding:
        """Return a finding in the file of ``place``, at a node or at the beginning of a line (from 1).

        ``detail`` follows the summary: what stands there, and the nearest right name where there is one.
        """
        line, column = (at, 1) if isinstance(at, int) else _position(at)
        message = f"{self.summary}: {detail}" if detail else self.summary
        return Finding(
            code=self.code,
            severity=self.severity,
            level=self.level,
            step=step,
            path=place.path,
            line=line,
            column=column,
            message=message,
            related=related,
        )


def level_of(code: str) -> int:
    """Return the level that a code belongs to: its first digit, and 1 for the advice family."""
    first_digit = int(code[3])
    return 1 if first_digit == 9 else first_digit


def _position(node: ast.AST) -> tuple[int, int]:
    # A module has no place of its own.
    return getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
