"""The ledger of verdicts: each question that a rule asks ends as reported, fine or unknown.

A rule that reports nothing has found its subject fine, unless it notes why the answer is unknown. Notes are collected
while a ledger is open (``check --show-unknown``); else each function here returns at once. The runner of the rules
opens a page for each rule and subject. Rules, comparisons and facts write on the open page.

A fact that is kept (``cached_property``) is computed for the first rule that asks and has to carry its unknowns in its
result: only code that runs for each rule writes notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from flake8_training.finding import Finding
from flake8_training.printable import printable
from flake8_training.record import Record

if TYPE_CHECKING:
    import ast


class Reason(StrEnum):
    """Why an answer is unknown. The list is closed."""

    CODE = "code not available"
    """A library without a table, or a method of an unknown object, may do it or return any value."""
    DYNAMIC = "dynamic code"
    """``exec``, ``getattr`` with a computed name, a class built at run time."""
    MAPPING = "open mapping"
    """``**settings``, or a dict or list with unknown entries."""
    SEVERAL = "several candidates"
    """More than one value, file or call fits."""
    OUTSIDE = "value from outside"
    """An option, an environment variable, an input of the program, an argument of a function that nothing calls."""
    COMPUTED = "computed value"
    """An expression that the evaluator does not compute."""
    BRANCH = "only on some paths"
    """A branch, a loop or a handler decides whether it happens."""
    ABSENT = "file not available"
    """The repository lacks the file: the script, the contract, the configuration."""
    UNDECLARED = "not declared"
    """No artefact or launcher declares the other side of the comparison."""
    UNPARSED = "file not parsed"
    """The file is broken, too large or of another format."""
    NO_ENTRY = "no code runs by itself"
    """The file defines functions and classes that something else calls."""
    BUDGET = "budget"
    """The bound on the steps of the analysis is reached."""


class Suppression(StrEnum):
    """Why a rule is silent on purpose about what it would report. The list is closed."""

    NOQA = "noqa comment"
    TEST = "test that starts no job"
    CAUGHT = "failure is caught"
    TESTED = "tested before use"
    SET_BY_PROGRAM = "set by the program"
    COPIED = "copied to a kept folder"
    CHILD_PROCESS = "child process does it"
    OTHER_RULE = "another finding has the cause"
    ALTERNATIVE = "right alternative beside it"
    OWN_PART = "a part of the step itself"
    NO_SOURCE = "declared to have no source"
    OTHER_JOB = "another job does it"


class HasPlace(Protocol):
    """A place in a file: an artefact's place, a finding, an unknown value."""

    @property
    def path(self) -> str:
        """The file's path."""

    @property
    def line(self) -> int:
        """The line, from 1."""


class Unanswered(Record):
    """A question that a rule could not answer, and the place that stopped it.

    ``subject`` is the file that the rule asked about. ``what`` names the channel, hyperparameter, ... if there is one.
    """

    code: str
    subject: str
    step: str
    path: str
    line: int
    reason: Reason
    what: str = ""

    def __lt__(self, other: Unanswered) -> bool:
        """Order by subject, code and place."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[object, ...]:
        return (self.subject, self.code, self.path, self.line, self.reason, self.what, self.step)


class Suppressed(Record):
    """A question that a rule answers with silence on purpose, and the place of the evidence for it."""

    code: str
    subject: str
    step: str
    path: str
    line: int
    reason: Suppression
    what: str = ""

    def __lt__(self, other: Suppressed) -> bool:
        """Order by subject, code and place."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[object, ...]:
        return (self.subject, self.code, self.path, self.line, self.reason, self.what, self.step)


class Totals(Record):
    """The numbers of questions by their verdicts."""

    reported: int
    fine: int
    unknown: int

    @property
    def questions(self) -> int:
        """All of them."""
        return self.reported + self.fine + self.unknown

    def __str__(self) -> str:
        return (
            f"{self.questions} question{'' if self.questions == 1 else 's'}: "
            f"{self.reported} reported, {self.fine} fine, {self.unknown} unknown"
        )


class Page:
    """The questions of one rule about one subject."""

    def __init__(self, code: str, subject: str, step: str = "") -> None:
        self.code = code
        self.subject = subject
        self.step = step
        self.asked = 0
        self.reported: dict[Finding, None] = {}
        self.unknown: dict[tuple[str, int, Reason, str], bool] = {}
        """The unknowns by path, line, reason and subject; False for one that only matters if nothing is reported."""
        self.suppressed: dict[tuple[str, int, Suppression, str], None] = {}


class Ledger:
    """The pages of a run, by code, subject and step: a rule asks the same question of a subject once."""

    def __init__(self) -> None:
        self._pages: dict[tuple[str, str, str], Page] = {}
        self.file = ""
        """The path of the subject, if it has another one in the report than in its analysis."""
        self.step = ""
        self.line_in_file: Callable[[int], int] | None = None
        """Converts a line of the subject's source to one of its file, for a notebook."""

    def page(self, code: str, subject: str) -> Page:
        """Return the page of a rule and a subject."""
        key = code, self.file or subject, self.step
        return self._pages.setdefault(key, Page(*key))

    def enter(self, pages: Iterable[Page]) -> None:
        """Enter the pages of another ledger."""
        for page in pages:
            key = page.code, page.subject, page.step
            own = self._pages.setdefault(key, Page(*key))
            own.asked += page.asked
            own.reported.update(page.reported)
            own.suppressed.update(page.suppressed)
            for note, firm in page.unknown.items():
                own.unknown[note] = own.unknown.get(note, False) or firm

    def silence(self, finding: Finding) -> None:
        """Enter that a comment silences a finding."""
        page = self._pages.setdefault(
            (finding.code, finding.path, finding.step), Page(finding.code, finding.path, finding.step)
        )
        page.suppressed[finding.path, finding.line, Suppression.NOQA, ""] = None

    def leave_out(self, is_excluded: Callable[[str], bool]) -> None:
        """Remove the pages of subjects that are excluded."""
        self._pages = {key: page for key, page in self._pages.items() if not is_excluded(page.subject)}

    @property
    def pages(self) -> tuple[Page, ...]:
        """Every page."""
        return tuple(self._pages.values())

    @property
    def unanswered(self) -> list[Unanswered]:
        """The unknown answers, in the order of their subjects."""
        return sorted(
            Unanswered(page.code, page.subject, page.step, note[0] or page.subject, *note[1:])
            for page in self.pages
            for note in _counting(page)
        )

    @property
    def suppressed(self) -> list[Suppressed]:
        """The answers that a suppression silences, in the order of their subjects."""
        return sorted(
            Suppressed(page.code, page.subject, page.step, note[0] or page.subject, *note[1:])
            for page in self.pages
            for note in page.suppressed
        )

    @property
    def totals(self) -> Totals:
        """The verdicts. A page without notes is one question."""
        return _totals(self.pages)

    @property
    def by_subject(self) -> dict[tuple[str, str], Totals]:
        """The verdicts on each subject, by its step (empty without one) and its file."""
        pages: dict[tuple[str, str], list[Page]] = {}
        for page in self.pages:
            pages.setdefault((page.step, page.subject), []).append(page)
        return {key: _totals(of_subject) for key, of_subject in pages.items()}


def _totals(pages: Iterable[Page]) -> Totals:
    reported = fine = unknown = 0
    for page in pages:
        answered, open_ = len(page.reported), len(_counting(page))
        reported += answered
        unknown += open_
        fine += max(page.asked - answered - open_, 0 if answered or open_ else 1)
    return Totals(reported, fine, unknown)


def _counting(page: Page) -> list[tuple[str, int, Reason, str]]:
    return [note for note, firm in page.unknown.items() if firm or not page.reported]


_open_ledger: Final[ContextVar[Ledger | None]] = ContextVar("_open_ledger", default=None)
_open_page: Final[ContextVar[Page | None]] = ContextVar("_open_page", default=None)


def open_ledger() -> Ledger | None:
    """Return the ledger that collects the verdicts, or None if nothing asks for them."""
    return _open_ledger.get()


@contextmanager
def collecting() -> Iterator[Ledger]:
    """Open a ledger for the verdicts of everything that is checked in the context."""
    ledger = Ledger()
    token = _open_ledger.set(ledger)
    try:
        yield ledger
    finally:
        _open_ledger.reset(token)


@contextmanager
def kept_apart() -> Iterator[Callable[[], tuple[Page, ...]]]:
    """Collect the verdicts of the context apart, if a ledger is open, and return them as pages: `enter` enters them."""
    if _open_ledger.get() is None:
        yield tuple
        return
    with collecting() as ledger:
        yield lambda: ledger.pages


def enter(pages: Iterable[Page]) -> None:
    """Enter the pages of verdicts that were kept apart."""
    ledger = _open_ledger.get()
    if ledger is not None:
        ledger.enter(pages)


@contextmanager
def page_of(code: str, subject: str) -> Iterator[Page | None]:
    """Open the page of a rule and a subject; None if nothing asks for verdicts."""
    ledger = _open_ledger.get()
    page = ledger.page(code, subject) if ledger is not None else None
    token = _open_page.set(page)
    try:
        yield page
    finally:
        _open_page.reset(token)


@contextmanager
def reported_as(
    file: str, step: str = "", line_in_file: Callable[[int], int] | None = None
) -> Iterator[None]:
    """Enter what is checked in the context under another path, and under the name of a step."""
    ledger = _open_ledger.get()
    if ledger is None:
        yield
        return
    before = ledger.file, ledger.step, ledger.line_in_file
    ledger.file, ledger.step, ledger.line_in_file = file, step, line_in_file
    try:
        yield
    finally:
        ledger.file, ledger.step, ledger.line_in_file = before


@contextmanager
def not_collecting() -> Iterator[None]:
    """Leave out of the ledger what is checked in the context."""
    token = _open_ledger.set(None)
    try:
        yield
    finally:
        _open_ledger.reset(token)


def note_question(count: int = 1) -> None:
    """Count questions about parts of the subject: each channel, each hyperparameter, each option.

    Without a call the whole subject is one question.
    """
    page = _open_page.get()
    if page is not None:
        page.asked += count


def note_unknown(
    reason: Reason | None, at: ast.AST | int | HasPlace, path: str = "", what: str = "", *, weak: bool = False
) -> None:
    """Note that a question has no answer, and the place that stopped it.

    ``at`` is a node or a line in the file ``path`` (by default the subject's), or a place with a path of its own.
    ``what`` names the part of the subject. None as the reason is a computed value. A ``weak`` note counts only if the
    rule reports nothing.
    """
    page = _open_page.get()
    if page is not None:
        key = (*_place(at, path), reason or Reason.COMPUTED, printable(what))
        page.unknown[key] = page.unknown.get(key, False) or not weak


def unknown_if(
    condition: bool, reason: Reason, at: ast.AST | int | HasPlace, path: str = "", what: str = ""
) -> bool:
    """Return ``condition``; note the unknown if it is true: ``if unknown_if(table.open, Reason.MAPPING, node)``."""
    if condition:
        note_unknown(reason, at, path, what)
    return condition


def note_suppressed(
    reason: Suppression, at: ast.AST | int | HasPlace, path: str = "", what: str = ""
) -> None:
    """Note that the rule is silent on purpose, and the place of the evidence; the arguments are as above."""
    page = _open_page.get()
    if page is not None:
        page.suppressed[*_place(at, path), reason, printable(what)] = None


def _place(at: ast.AST | int | HasPlace, path: str) -> tuple[str, int]:
    """Return the path, empty for the subject's own, and the line."""
    import ast  # a commit that touches no step asks nothing, and needs no parser

    if not isinstance(at, int | ast.AST):
        return path or at.path, at.line
    line = at if isinstance(at, int) else getattr(at, "lineno", 1)
    ledger = _open_ledger.get()
    if not path and ledger is not None and ledger.line_in_file is not None:
        line = ledger.line_in_file(line)
    return path, line
