"""Base class of all rules.

The class of a rule holds its code, its documentation and its examples. The pages of the documentation, the tables and a
test of each example are derived from the class.
"""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar, Generic, Literal, Protocol, TypeVar

from flake8_training.finding import Finding, Related, Severity
from flake8_training.fix import Fix
from flake8_training.ledger import Suppression
from flake8_training.pattern import pattern
from flake8_training.record import Record

Subject = TypeVar("Subject")
SeenBy = Literal["both", "hook", "TRN9"]

CODE = pattern(r"TRN\d{3}")
# Matches at the end of a line: "# TRN104", or several as "# TRN104, TRN105". A noqa comment does not match.
_MARKER = pattern(r"#[ ]*(TRN\d{3}(?:[ ]*,[ ]*TRN\d{3})*)[ ]*$")


class HasPath(Protocol):
    """The subject of a finding: a script, an artefact."""

    @property
    def path(self) -> str:
        """The file's path, as the user wrote it."""


class Example(Record):
    """Code that shows a rule.

    * ``source``: the source of ``train.py``, or of several files by name. Common indentation and a leading line
      break are removed. A line with an expected finding ends with the comment ``# TRNnnn``.
    * ``options``: command line options of flake8.
    * ``failing``: the code of a rule that raises in the example: the only way to show an error of the checker itself.
    """

    source: str | Mapping[str, str]
    options: tuple[str, ...] = ()
    failing: str = ""

    @property
    def files(self) -> dict[str, str]:
        """The source of each file by name. A Dockerfile has no comments after an instruction: they are removed."""
        return {
            name: without_markers(text) if name.rpartition("/")[2] == "Dockerfile" else text
            for name, text in self._marked.items()
        }

    @property
    def _marked(self) -> dict[str, str]:
        import textwrap

        sources = {"train.py": self.source} if isinstance(self.source, str) else self.source
        return {name: textwrap.dedent(text).lstrip("\n") for name, text in sources.items()}

    @property
    def expected(self) -> set[tuple[str, int, str]]:
        """The expected findings: file name, line, code."""
        return {
            (name, line, code)
            for name, text in self._marked.items()
            for line, code in expected_findings(text)
        }

    def changed(self, changes: Mapping[str, str]) -> Example:
        """Return the example with each key of ``changes`` replaced by its value, in all files.

        A key such as ``+ settings.py`` adds a file; its value is the file's source. Raise ``ValueError`` if no file
        contains a key.
        """
        import textwrap

        files = self.files
        for old, new in changes.items():
            if old.startswith(_ADDED):
                files[old.removeprefix(_ADDED)] = textwrap.dedent(new).lstrip("\n")
            elif any(old in text for text in files.values()):
                files = {name: text.replace(old, new) for name, text in files.items()}
            else:
                raise ValueError(f"no file of the example contains {old!r}")
        return Example(files, self.options, self.failing)


Twin = Example | Mapping[str, str] | Callable[[Example], Example]
"""An example, the changes that make it of another one (``Example.changed``), or a function of the bad example."""
_ADDED = "+ "


class Condition(Record):
    """A clause of ``not_reported_when`` with its twins: both examples use the same words.

    Changes apply to the rule's bad example; those of ``reported`` apply to ``suppressed``, if that is an example of its
    own.

    * ``clause``: the condition.
    * ``suppressed``: code that meets the condition; the rule reports nothing in it.
    * ``reported``: code with an unrelated use of the same word; ``# TRNnnn`` marks the rule's findings.
    * ``name``: the suppression that the ledger names in ``suppressed``; None if there is nothing to report then.
    """

    clause: str
    suppressed: Twin
    reported: Twin
    name: Suppression | None = None

    def __str__(self) -> str:
        return self.clause

    def twins(self, bad: Example) -> tuple[Example, Example]:
        """Return both examples: ``suppressed``, ``reported``. ``bad`` is the rule's bad example."""
        suppressed = _twin(self.suppressed, bad, bad)
        base = suppressed if isinstance(self.suppressed, Example) else bad
        return suppressed, _twin(self.reported, base, bad)


def _twin(twin: Twin, base: Example, bad: Example) -> Example:
    if isinstance(twin, Example):
        return twin
    return twin(bad) if callable(twin) else base.changed(twin)


def expected_findings(source: str) -> set[tuple[int, str]]:
    """Return the line (from 1) and code of each ``# TRNnnn`` at the end of a line."""
    return {
        (number, code)
        for number, line in enumerate(source.splitlines(), 1)
        if (marker := _MARKER.search(line))
        for code in CODE.findall(marker[1])
    }


def without_markers(source: str) -> str:
    """Return the source without the comments that announce findings."""
    return "\n".join(
        _MARKER.sub("", line).rstrip() if _MARKER.search(line) else line for line in source.splitlines()
    )


class Rule(Generic[Subject]):
    """A rule: class attributes describe it, ``check`` finds it in a ``Subject``. It has no state.

    The class is not an ``ABC``: the first ``isinstance`` of each rule against each kind of rule would ask every class
    below, 30 ms in a check. The type checker knows abstract methods without it.

    The documentation follows ``docs/style.md`` and is Markdown, except for the summary:

    - ``summary``: the fixed clause with which a message begins;
    - ``other_summaries``: the clauses with which messages of the rule's other mistakes begin;
    - ``why``: what happens in the job, with the message of the error if there is one;
    - ``fix``: how to fix it, in a sentence or two;
    - ``fixable``: a clause that completes "`check --fix`", for a rule whose findings may carry a fix;
    - ``warning_when``, ``error_when``: clauses that complete "a warning when", for a rule whose findings are errors
      otherwise, and "an error when";
    - ``reported_when``, ``not_reported_when``: clauses that complete these words, one condition each; a clause of
      the second is a ``Condition`` if it has twins;
    - ``missed``: known missed alarms, as clauses;
    - ``documented_only``: clauses for which the source is documentation, because no software that runs without an AWS
      account shows the failure; the slow tests confirm the others;
    - ``references``: addresses of further documentation.
    """

    folders: ClassVar[tuple[str, ...]] = ()
    """The folders of the rules of a kind, set by the base class of the kind."""
    code: ClassVar[str]
    severity: ClassVar[Severity]
    seen_by: ClassVar[SeenBy] = "both"
    summary: ClassVar[str]
    other_summaries: ClassVar[tuple[str, ...]] = ()
    why: ClassVar[str]
    fix: ClassVar[str] = ""
    fixable: ClassVar[str] = ""
    warning_when: ClassVar[tuple[str, ...]] = ()
    error_when: ClassVar[tuple[str, ...]] = ()
    reported_when: ClassVar[tuple[str, ...]] = ()
    not_reported_when: ClassVar[tuple[str | Condition, ...]] = ()
    missed: ClassVar[tuple[str, ...]] = ()
    documented_only: ClassVar[tuple[str, ...]] = ()
    bad: ClassVar[Example]
    good: ClassVar[Example]
    references: ClassVar[tuple[str, ...]] = ()

    @property
    def level(self) -> int:
        """The level of the check, 1 to 4; 0 for problems of the checking itself."""
        return level_of(self.code)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The clauses of ``not_reported_when`` that have twins."""
        return tuple(clause for clause in self.not_reported_when if isinstance(clause, Condition))

    @abstractmethod
    def check(self, subject: Subject, /) -> Iterator[Finding]:
        """Yield findings. Report only what is certain, and note what is unknown (``flake8_training.ledger``)."""

    def finding(
        self,
        place: HasPath,
        at: ast.AST | int,
        detail: str = "",
        related: tuple[Related, ...] = (),
        step: str = "",
        cause: str = "",
        severity: Severity | None = None,
        summary: str = "",
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding in the file of ``place``, at a node or at the beginning of a line (from 1).

        ``detail`` follows the summary: the value found, and the nearest right name if there is one. ``severity``
        is the rule's own unless this case has another consequence. ``summary`` is one of ``other_summaries``, or empty.
        """
        line, column = (at, 1) if isinstance(at, int) else _position(at)
        assert not summary or summary in self.other_summaries
        assert fix is None or self.fixable, self.code
        summary = summary or self.summary
        message = f"{summary}: {detail}" if detail else summary
        return Finding(
            code=self.code,
            severity=self.severity if severity is None else severity,
            level=self.level,
            step=step,
            path=place.path,
            line=line,
            column=column,
            message=message,
            related=related,
            cause=cause,
            fix=fix,
        )


def level_of(code: str) -> int:
    """Return the level of a code: its first digit, and 1 for the advice family."""
    first_digit = int(code[3])
    return 1 if first_digit == 9 else first_digit


def _position(node: ast.AST) -> tuple[int, int]:
    # A module has no position.
    return getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
