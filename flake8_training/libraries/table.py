"""Look-up of library calls in the tables.

``table()`` returns the single table. A module of rows is imported when a name of its libraries is first looked up. So
a script pays only for the libraries that it uses.
"""

from __future__ import annotations

import builtins
import sys
from functools import cache, cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeVar

from flake8_training.libraries.canonical_names import ALIASES, FLAT
from flake8_training.libraries.families import FAMILIES, OTHERS
from flake8_training.libraries.name_pattern import Pattern, Rank
from flake8_training.libraries.rows import (
    ANYTHING,
    DISPLAY,
    FACT,
    INSTANCE,
    SELF,
    Carries,
    Compares,
    Evaluates,
    Fetches,
    HoldsOut,
    Inert,
    Library,
    Logs,
    May,
    Plain,
    Predicts,
    Prepares,
    Reads,
    ReadsKey,
    Returns,
    Row,
    SameValue,
    Saves,
    Trains,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KINDS: Final[dict[type[Row], str]] = {
    Reads: "source",
    Fetches: "source",
    Trains: "training",
    Prepares: "training",
    Evaluates: "measure",
    Predicts: "measure",
    Saves: "saving",
    Carries: "carrying",
    HoldsOut: "holding out",
    Returns: "returning",
    May: "out of sight",
    Compares: "comparing",
    Inert: "none",
}
"""The question that a row answers. Of the rows for one question, only those of the most specific pattern count."""

_OVERRULED_BY_INERT: Final = frozenset({"source", "training", "measure", "saving"})

_PlainKind = TypeVar("_PlainKind", ReadsKey, Logs, SameValue)

_REMEMBERED: Final = 50_000
"""The most names that are cached: a bound on memory, which the scripts of one repository do not reach."""


class ApiTable:
    """The rows and libraries, by canonical name.

    All methods take a dotted name, normalised or not, and raise for no string.
    """

    def __init__(
        self,
        rows: Iterable[Row] = (),
        libraries: Iterable[Library] = (),
        modules: Mapping[str, str] | None = None,
    ) -> None:
        """Index the rows and libraries, and keep ``modules`` for later.

        ``modules`` maps the first segment of names to the module, in this package, with their rows and libraries; it
        is imported when such a name is first looked up.
        """
        self._by_last: dict[str, list[Row]] = {}
        self._by_first: dict[str, list[Row]] = {}
        self._libraries: dict[str, Library] = {}
        self._patterns: dict[str, Pattern] = {}
        self._normal: dict[str, str] = {}
        self._matches: dict[str, tuple[Row, ...]] = {}
        self._plain: dict[type[Plain], dict[str, list[Plain]]] = {}
        self._plain_matches: dict[tuple[type[Plain], str], Plain | None] = {}
        self._library_of: dict[str, Library | None] = {}
        self._modules = {} if modules is None else modules
        self._waiting = set(self._modules.values())
        self._add(rows, libraries)

    def _add(self, rows: Iterable[Row], libraries: Iterable[Library]) -> None:
        """Index rows by the last segment of their patterns; of two libraries with one name the first counts."""
        for row in rows:
            last = row.name.rpartition(".")[2]
            if "*" in last:
                self._by_first.setdefault(row.name.partition(".")[0], []).append(row)
            else:
                self._by_last.setdefault(last, []).append(row)
        for library in libraries:
            self._libraries.setdefault(library.name, library)
        self._library_of.clear()

    def _load(self, top: str) -> None:
        """Import the module that holds the rows of names that begin with ``top``."""
        name = self._modules.get(top)
        if name in self._waiting:
            self._waiting.remove(name)
            module = import_module(f"{__package__}.{name}")
            self._add(module.ROWS, module.LIBRARIES)

    def _load_all(self) -> None:
        for top in self._modules:
            self._load(top)

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows. Reading them imports every module of rows."""
        self._load_all()
        return tuple(
            row for index in (self._by_last, self._by_first) for rows in index.values() for row in rows
        )

    @property
    def libraries(self) -> tuple[Library, ...]:
        """The libraries listed by name. The standard library and the builtins are known besides them."""
        self._load_all()
        return tuple(self._libraries.values())

    def normalise(self, dotted: str) -> str:
        """Return the canonical spelling: ``tensorflow.keras.Sequential().fit`` -> ``keras.Model().fit``."""
        known = self._normal.get(dotted)
        if known is None:
            if len(self._normal) > _REMEMBERED:
                self._normal.clear()
            known = self._normal[dotted] = _normalised(dotted)
        return known

    def match(self, name: str) -> tuple[Row, ...]:
        """Return the rows for a call of ``name``; empty if there are none.

        Of the rows that answer the same question (reads or fetches, trains or prepares, evaluates or
        predicts ...) only those with the most specific pattern are returned: exact before ``*`` before
        ``**``, and the longer before the shorter. An ``Inert`` row is overruled by a more specific row, and overrules
        less specific ones.

        A method of an object of an unknown library, or of the result of a call that may return anything, is looked up
        as ``?.method``.
        """
        known = self._matches.get(name)
        if known is None:
            if len(self._matches) > _REMEMBERED:
                self._matches.clear()
            known = self._matches[name] = self._matched(self.normalise(name))
        return known

    def library(self, name: str) -> Library | None:
        """Return the library that ``name`` (of a module, function, method) belongs to; None for an unknown one.

        The longest listed prefix counts: ``os.system`` before ``os``. Builtins belong to ``builtins``.
        """
        if name not in self._library_of:
            found = self._found_library(name)
            if len(self._library_of) > _REMEMBERED:
                self._library_of.clear()
            self._library_of[name] = found
        return self._library_of[name]

    def _found_library(self, name: str) -> Library | None:
        segments = [segment.partition("()")[0] for segment in self.normalise(name).split(".")]
        self._load(segments[0])
        self._load(OTHERS)
        for length in range(len(segments), 0, -1):
            found = self._libraries.get(".".join(segments[:length]))
            if found is not None:
                return found
        if segments[0] in sys.stdlib_module_names:
            return _STANDARD_LIBRARY
        if hasattr(builtins, segments[0]) and segments[0].isidentifier():
            return _BUILTINS
        return None

    def returns(self, name: str) -> str | None:
        """Return the canonical name of the object that calling ``name`` returns; None for the plain ``name()``.

        ``xgboost.train`` -> ``xgboost.Booster()``; ``sklearn.svm.SVC().fit`` -> ``sklearn.svm.SVC()``;
        ``transformers.AutoModel.from_pretrained`` -> ``transformers.AutoModel()``.
        """
        for row in self.match(name):
            if isinstance(row, Returns) and not _returns_anything(row):
                receiver = self.normalise(name).rpartition(".")[0]
                if row.result == SELF:
                    return receiver or None
                if row.result == INSTANCE:
                    return f"{receiver}()" if receiver else None
                return row.result
        return None

    # -- calls that do no part of a job

    def reads_key(self, *names: str) -> ReadsKey | None:
        """Return the row of the first of these names that reads a key, or None.

        Here and in the two methods below ``?.name`` is a method of an object whose origin is unknown.
        """
        return self._plain_row(ReadsKey, names)

    def logs(self, *names: str) -> Logs | None:
        """Return the row of the first of these names that prints, logs or tracks, or None."""
        return self._plain_row(Logs, names)

    def same_value(self, *names: str) -> SameValue | None:
        """Return the row of the first of these names that leaves its argument unchanged, or None."""
        return self._plain_row(SameValue, names)

    def only_shows(self, names: tuple[str, ...]) -> bool:
        """Return whether a call of any of these names only inspects, displays or reports its argument."""
        return bool(names) and all(
            self.logs(name) is not None
            or ((row := self.same_value(name)) is not None and row.result in (FACT, DISPLAY))
            for name in names
        )

    @cached_property
    def key_readers(self) -> Mapping[str, ReadsKey]:
        """The functions and methods that read the value of a key, by their last name."""
        return {
            last: row
            for last, rows in self._plain_rows(ReadsKey).items()
            for row in rows
            if isinstance(row, ReadsKey) and not row.tests
        }

    def _plain_rows(self, kind: type[Plain]) -> dict[str, list[Plain]]:
        """Return the rows of a kind by their last segment; under "" those whose last segment is a pattern."""
        found = self._plain.get(kind)
        if found is None:
            # No family of libraries has these rows, and few scripts make a check look them up.
            from flake8_training.libraries.plain_calls import rows_of

            found = self._plain[kind] = {}
            for row in rows_of(kind):
                last = row.name.rpartition(".")[2]
                found.setdefault("" if "*" in last else last, []).append(row)
        return found

    def _plain_row(self, kind: type[_PlainKind], names: Iterable[str]) -> _PlainKind | None:
        for name in names:
            at = (kind, name)
            if at not in self._plain_matches:
                if len(self._plain_matches) > _REMEMBERED:
                    self._plain_matches.clear()
                self._plain_matches[at] = self._best_plain(kind, name)
            found = self._plain_matches[at]
            if isinstance(found, kind):
                return found
        return None

    def _best_plain(self, kind: type[Plain], name: str) -> Plain | None:
        segments = self.normalise(name).split(".")
        if segments[0] == "?":
            segments = ["?", segments[-1]]
        rows = self._plain_rows(kind)
        candidates = (*rows.get(segments[-1], ()), *rows.get("", ()))
        matching = [row for row in candidates if self._pattern(row.name).matches(segments)]
        if matching:
            best: Plain = min(matching, key=lambda row: self._pattern(row.name).rank)
            return best
        if segments[0] != "?" and self._could_be_anything(segments[:-1]):
            return self._best_plain(kind, f"?.{segments[-1]}")
        return None

    def _matched(self, name: str) -> tuple[Row, ...]:
        segments = name.split(".")
        if segments[0] == "?":
            segments = ["?", segments[-1]]
        found = self._best(segments)
        if (
            segments[0] != "?"
            and all(map(_returns_anything, found))
            and self._could_be_anything(segments[:-1])
        ):
            return (*found, *self._best(["?", segments[-1]]))
        return found

    def _could_be_anything(self, receiver: list[str]) -> bool:
        """Return whether an object is of an unknown library, or the result of a call that may return anything."""
        calls = [place for place, segment in enumerate(receiver, start=1) if segment.endswith("()")]
        if calls and self.library(receiver[0]) is None:
            return True
        return any(
            any(map(_returns_anything, self.match(".".join(receiver[:place]).removesuffix("()"))))
            for place in calls
        )

    def _pattern(self, name: str) -> Pattern:
        pattern = self._patterns.get(name)
        if pattern is None:
            pattern = self._patterns[name] = Pattern(name)
        return pattern

    def _best(self, segments: list[str]) -> tuple[Row, ...]:
        self._load(segments[0].partition("()")[0])
        best: dict[str, tuple[Rank, list[Row]]] = {}
        for row in (*self._by_last.get(segments[-1], ()), *self._by_first.get(segments[0], ())):
            pattern = self._pattern(row.name)
            if not pattern.matches(segments):
                continue
            kind = _KINDS[type(row)]
            rank, rows = best.get(kind, (None, []))
            if rank is None or pattern.rank < rank:
                best[kind] = (pattern.rank, [row])
            elif pattern.rank == rank:
                rows.append(row)
        inert = best.get("none")
        if inert is not None:
            for kind in _OVERRULED_BY_INERT & best.keys():
                if best[kind][0] > inert[0]:
                    del best[kind]
            if _OVERRULED_BY_INERT & best.keys():
                del best["none"]
        return tuple(row for _, rows in best.values() for row in rows)


def _returns_anything(row: Row) -> bool:
    return isinstance(row, Returns) and row.result == ANYTHING


def _normalised(dotted: str) -> str:
    """Replace the longest known prefix, and drop the modules between a flat package and its class."""
    segments = dotted.split(".")
    if segments[0].partition("()")[0] in _ALIASED_TOPS:
        for length in range(len(segments), 0, -1):
            *before, last = segments[:length]
            stem, call, rest = last.partition("()")
            target = ALIASES.get(".".join((*before, stem)))
            if target is not None:
                segments = [*target.split("."), *segments[length:]]
                segments[target.count(".")] += call + rest
                break
    if segments[0] in FLAT:
        for position, segment in enumerate(segments[1:], start=1):
            if segment[:1].isupper():
                segments[1:position] = []
                break
            if "(" in segment:
                break
    return ".".join(segments)


_ALIASED_TOPS: Final = frozenset(spelling.partition(".")[0] for spelling in ALIASES)

_STANDARD_LIBRARY: Final = Library("the standard library")
_BUILTINS: Final = Library("builtins")


@cache
def table() -> ApiTable:
    """Return the single table, built on first use."""
    return ApiTable(modules=FAMILIES)
