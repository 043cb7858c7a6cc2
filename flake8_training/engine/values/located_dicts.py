"""Dicts as located entries, after every addition and removal.

:class:`LocatedDicts` follows the values of one program through the forms of ``dict_forms``, in the order of the source,
and the ``**kwargs`` of a function. An unknown form leaves the dict open.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.dict_forms import (
    COPIES,
    MAKES_DICT,
    Change,
    Drop,
    Mapped,
    Merge,
    Part,
    Put,
    Unread,
    display_parts,
    items_of,
    keyword_parts,
)
from flake8_training.engine.values.values import Collection, Constant, Unknown
from flake8_training.record import Record, replace

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import Scope, Store
    from flake8_training.engine.values.interface import EvaluatorInterface
    from flake8_training.engine.values.values import Frame, Value, Values

_ENCODERS = {"json.dumps": "json", "builtins.str": "str", "builtins.repr": "str"}
_MAX_NESTED = 20
"""The most dicts that are followed from one into the next."""


class Entry(Record, eq=False):
    """One entry of a dict, with its location.

    ``at`` is the node of the key. ``value`` is evaluated in ``scope`` under ``frame``. ``certain``: the dict holds it
    on every path through the program. ``encoding`` names the function applied to the value: ``"json"``, ``"str"``,
    ``"other"`` or nothing. ``taken_out``: the program removes it, before or after the dict is used. ``replaceable``:
    something unknown may replace its value.
    """

    key: str
    at: ast.AST
    value: ast.expr
    scope: Scope
    frame: Frame | None
    certain: bool = True
    encoding: str = ""
    taken_out: bool = False
    replaceable: bool = False


class Opening(Record, eq=False):
    """A reason why a dict may hold other keys: the node, the reason, and the unknown value."""

    node: ast.AST | None
    why: str
    value: Value | None = None


class LocatedDict(Record, eq=False):
    """The entries of a dict in the order of insertion, and every reason why there may be others."""

    entries: tuple[Entry, ...] = ()
    openings: tuple[Opening, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether all keys are known."""
        return not self.openings

    def uncertain(self) -> LocatedDict:
        """Return the same dict with no entry certain."""
        return LocatedDict(tuple(replace(entry, certain=False) for entry in self.entries), self.openings)


EMPTY = LocatedDict()


def opened(why: str, node: ast.AST | None = None, value: Value | None = None) -> LocatedDict:
    """Return a dict whose entries are all unknown."""
    return LocatedDict((), (Opening(node, why, value),))


class _Draft:
    """A dict under construction. The cost of a change depends on the change, not on the size of the dict."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        """The entries in the order of insertion."""
        self._by_key: dict[str, list[int]] = {}
        self._openings: list[Opening] = []
        self._next = 0
        self._replaceable = 0
        """The number of the first entry added after the last opening."""

    def finish(self) -> LocatedDict:
        """Return the dict."""
        entries = tuple(
            replace(entry, replaceable=True) if number < self._replaceable else entry
            for number, entry in self._entries.items()
        )
        return LocatedDict(entries, tuple(self._openings))

    def merge(self, later: LocatedDict) -> None:
        """Add the entries of another dict: its certain entries replace earlier ones."""
        if later.openings:
            self._replaceable = self._next
            self._openings.extend(later.openings)
        for key in {entry.key for entry in later.entries if entry.certain}:
            for number in self._by_key.pop(key, ()):
                del self._entries[number]
        for entry in later.entries:
            self._put(entry)

    def merge_missing(self, later: LocatedDict) -> None:
        """Add the entries of another dict whose keys may be missing."""
        is_closed = not self._openings
        for entry in later.entries:
            before = [self._entries[number] for number in self._by_key.get(entry.key, ())]
            if not any(one.certain for one in before):
                self._put(replace(entry, certain=entry.certain and is_closed and not before))
        self._openings.extend(later.openings)

    def remove(self, keys: set[str]) -> None:
        """Mark the entries with these keys as possibly removed."""
        for key in keys:
            for number in self._by_key.get(key, ()):
                self._entries[number] = replace(self._entries[number], certain=False, taken_out=True)

    def remove_any(self, every: bool) -> None:
        """Mark every entry as uncertain, and as removed if ``every``."""
        for number, entry in self._entries.items():
            self._entries[number] = replace(entry, certain=False, taken_out=entry.taken_out or every)

    def __len__(self) -> int:
        return len(self._entries)

    def _put(self, entry: Entry) -> None:
        self._entries[self._next] = entry
        self._by_key.setdefault(entry.key, []).append(self._next)
        self._next += 1


class LocatedDicts:
    """Reads the dicts of one program.

    ``always`` answers whether a change of a dict runs whenever the dict is used. Without it, no change is certain.
    """

    def __init__(
        self,
        evaluator: EvaluatorInterface,
        always: Callable[[ast.Name, Collection], bool] | None = None,
    ) -> None:
        self._evaluator = evaluator
        self._always = always
        self._known: dict[Collection, LocatedDict] = {}
        self._followed: set[Collection] = set()
        self._is_cut = False
        """Whether an answer omits a dict's additions to itself, so that it holds only within that dict."""

    def of(self, node: ast.expr, scope: Scope, frame: Frame | None = None) -> LocatedDict:
        """Return the entries of every dict that an expression can evaluate to."""
        if isinstance(node, ast.Name):
            rest = self._rest_of_call(node, scope, frame)
            if rest is not None:
                return rest
        return self.of_values(self._evaluator.values(node, scope, frame), node)

    def of_values(self, values: Values, node: ast.AST | None = None) -> LocatedDict:
        """Return the entries of the dicts among values, as :meth:`of` does."""
        others = [value for value in values if value not in self._followed]
        if len(others) < len(values):
            self._is_cut = True
        read = [self._of_value(value, node) for value in others]
        if not read:
            return opened("no value is known", node)
        if len(read) == 1:
            return read[0]
        shared = set.intersection(*({entry.key for entry in one.entries} for one in read))
        return LocatedDict(
            tuple(
                entry if entry.key in shared else replace(entry, certain=False)
                for one in read
                for entry in one.entries
            ),
            tuple(opening for one in read for opening in one.openings),
        )

    def stored(self, change: Change, scope: Scope) -> LocatedDict:
        """Return the entries that a change adds to its dict in place of earlier ones."""
        parts = (
            part
            for part in change.parts
            if not isinstance(part, Drop) and not (isinstance(part, Put) and part.default)
        )
        return self._of_parts(parts, scope, None)

    def keywords(self, call: ast.Call, scope: Scope, frame: Frame | None) -> LocatedDict:
        """Return the keyword arguments of a call as a dict."""
        return self._of_parts(keyword_parts(call), scope, frame)

    def _rest_of_call(self, node: ast.Name, scope: Scope, frame: Frame | None) -> LocatedDict | None:
        """Return the entries of a function's ``**kwargs`` in the call ``frame``; None for any other name."""
        found = scope.lookup(node.id)
        function = found[0].node if found is not None else None
        if found is None or not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        if len(found[1]) != 1 or found[1][0].node is not function.args.kwarg:
            return None
        inner = _frame_of(found[0], frame)
        if inner is None:
            return opened("the arguments of every call", node)
        named = {parameter.arg for parameter in (*function.args.args, *function.args.kwonlyargs)}
        taken = self.keywords(inner.site.node, inner.site.scope, inner.caller)
        return LocatedDict(tuple(e for e in taken.entries if e.key not in named), taken.openings)

    # -- one dict

    def _of_value(self, value: Value, node: ast.AST | None) -> LocatedDict:
        if isinstance(value, Constant) and value.value is None:
            return EMPTY
        if not isinstance(value, Collection):
            return opened("a value that is no dict of the program", node, value)
        known = self._known.get(value)
        if known is not None:
            return known
        if len(self._followed) >= _MAX_NESTED or not self._evaluator.budget.follow(1):
            self._is_cut = True
            return opened("too many dicts one in the other", node, value)
        self._followed.add(value)
        try:
            found = self._changed(self._built(value), value)
        finally:
            self._followed.discard(value)
        if not self._followed:
            self._is_cut = False
        if not self._is_cut:
            self._known[value] = found
        return found

    def _built(self, value: Collection) -> LocatedDict:
        """Return the entries of a dict right after it is built."""
        node: ast.expr = value.node
        if isinstance(node, ast.Call):
            names = self._evaluator.names(node, value.scope, value.frame)
            if not names or not all(name in COPIES or name in MAKES_DICT for name in names):
                return self._of_parts((Unread(node), *keyword_parts(node)), value.scope, value.frame)
        parts = display_parts(node)
        if parts is None:
            if isinstance(node, ast.DictComp) and len(node.generators) == 1:
                found = self._keyed(Put(node.key, node.value, node.key), value.scope, value.frame)
                certain = not node.generators[0].ifs
                entries = tuple(replace(entry, certain=certain) for entry in found.entries)
                return LocatedDict(entries, found.openings)
            return opened("no dict", node, value)
        return self._of_parts(parts, value.scope, value.frame)

    # -- parts

    def _of_parts(self, parts: Iterable[Part], scope: Scope, frame: Frame | None) -> LocatedDict:
        draft = _Draft()
        self._apply(draft, parts, scope, frame)
        return draft.finish()

    def _apply(
        self,
        draft: _Draft,
        parts: Iterable[Part],
        scope: Scope,
        frame: Frame | None,
        certain: bool = True,
    ) -> None:
        """Apply parts to a dict; unless ``certain``, they may not run."""
        for part in parts:
            if not self._evaluator.budget.follow(1):
                draft.merge(opened("the budget is spent"))
                return
            if isinstance(part, Drop):
                self._drop(draft, part, scope, frame)
                continue
            added = self._added(part, scope, frame)
            if not certain:
                added = added.uncertain()
            if isinstance(part, Put) and part.default:
                draft.merge_missing(added)
            else:
                draft.merge(added)

    def _added(self, part: Put | Merge | Mapped | Unread, scope: Scope, frame: Frame | None) -> LocatedDict:
        if isinstance(part, Put):
            return self._keyed(part, scope, frame)
        if isinstance(part, Merge):
            return self.of(part.source, scope, frame)
        if isinstance(part, Mapped):
            return self._mapped(part, scope, frame)
        return opened("a form that is not followed", part.node)

    def _mapped(self, part: Mapped, scope: Scope, frame: Frame | None) -> LocatedDict:
        """Return the entries of a dict after a comprehension; ``scope`` is the comprehension's."""
        if not part.keeps_keys(lambda call: self._evaluator.names(call, scope, frame) == ("builtins.str",)):
            return opened("a computed key", part.key)
        inner = self.of(part.source, scope.parent or scope, frame)
        encoding = "" if part.keeps_values else "other"
        if encoding and isinstance(part.value, ast.Call):
            names = self._evaluator.names(part.value, scope, frame)
            encoding = next((_ENCODERS[name] for name in names if name in _ENCODERS), encoding)
        entries = tuple(
            replace(
                self._encoded(entry, encoding, part, scope, frame), certain=entry.certain and part.certain
            )
            for entry in inner.entries
        )
        return LocatedDict(entries, inner.openings)

    @staticmethod
    def _encoded(entry: Entry, encoding: str, part: Mapped, scope: Scope, frame: Frame | None) -> Entry:
        if not encoding:
            return entry
        if encoding != "other" and not entry.encoding:
            return replace(entry, encoding=encoding)
        return replace(entry, value=part.value, scope=scope, frame=frame, encoding="other")

    def _keyed(self, part: Put, scope: Scope, frame: Frame | None) -> LocatedDict:
        """Return the entry for ``key: value``, or one entry for each value that the key can have."""
        encoding = "other" if part.computed else ""
        if isinstance(part.key, str):
            return LocatedDict((Entry(part.key, part.at, part.value, scope, frame, encoding=encoding),))
        keys = self._evaluator.values(part.key, scope, frame)
        known = [key.value for key in keys if isinstance(key, Constant)]
        entries = tuple(
            Entry(str(key), part.at, part.value, scope, frame, len(keys) == 1, encoding) for key in known
        )
        if keys and len(known) == len(keys):
            return LocatedDict(entries)
        return LocatedDict(entries, (Opening(part.at, "a key whose value is unknown"),))

    def _drop(self, draft: _Draft, part: Drop, scope: Scope, frame: Frame | None) -> None:
        """Mark the removal of keys, which may happen before or after the dict is used."""
        keys = self._evaluator.values(part.key, scope, frame) if part.key is not None else ()
        named = {str(key.value) for key in keys if isinstance(key, Constant)}
        if part.every or len(named) < max(len(keys), 1):
            if self._evaluator.budget.follow(len(draft)):
                draft.remove_any(part.every)
        draft.remove(named)

    # -- later changes

    def _changed(self, built: LocatedDict, value: Collection) -> LocatedDict:
        """Return a dict after every statement that changes it, in the order of the source."""
        draft = _Draft()
        draft.merge(built)
        for placed in self._evaluator.dict_changes(value):
            change, scope = placed.change, placed.scope
            if not self._may_be(change.target, scope, value):
                continue
            frame = _frame_of(scope, value.frame)
            certain = self._is_certain(change.target, value)
            passed = self._passed_on(placed.store, frame) if placed.store is not None else None
            if passed is not None:
                draft.merge(passed if certain else passed.uncertain())
                continue
            part = change.parts[0] if len(change.parts) == 1 else None
            if isinstance(part, Put) and not part.default and isinstance(part.key, ast.Name):
                # A loop over known names stores each of them.
                added = self._keyed(part, scope, frame)
                if added.is_closed:
                    entries = tuple(replace(entry, certain=certain) for entry in added.entries)
                    draft.merge(LocatedDict(entries))
                    continue
            self._apply(draft, change.parts, scope, frame, certain)
        return draft.finish()

    def _may_be(self, target: ast.expr, scope: Scope, value: Collection) -> bool:
        """Return whether a change may concern this dict: its name may be bound to another dict there."""
        targets = self._evaluator.values(target, scope)
        return (
            not targets
            or any(isinstance(one, Unknown) for one in targets)
            or any(isinstance(one, Collection) and one.node is value.node for one in targets)
        )

    def _is_certain(self, target: ast.expr, value: Collection) -> bool:
        """Return whether a change runs whenever the dict is used."""
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
        return self._always is not None and isinstance(target, ast.Name) and self._always(target, value)

    def _passed_on(self, store: Store, frame: Frame | None) -> LocatedDict | None:
        """Return the entries of ``d`` if ``for k, v in d.items(): target[k] = v`` stores them, else None."""
        if not (isinstance(store.key, ast.Name) and isinstance(store.value, ast.Name)):
            return None
        key, item = store.scope.lookup(store.key.id), store.scope.lookup(store.value.id)
        if key is None or item is None or len(key[1]) != 1 or len(item[1]) != 1:
            return None
        loop = key[1][0].node
        if loop is not item[1][0].node or not isinstance(loop, ast.For):
            return None
        source = items_of(loop.iter)
        if source is None or key[1][0].steps[1:] != (0,) or item[1][0].steps[1:] != (1,):
            return None
        return self.of(source, store.scope, frame)


def _frame_of(scope: Scope, frame: Frame | None) -> Frame | None:
    """Return the frame that applies to a scope: the dict's frame, or a caller's, of the same function; or None."""
    while frame is not None and scope.function is not frame.function:
        frame = frame.caller
    return frame
