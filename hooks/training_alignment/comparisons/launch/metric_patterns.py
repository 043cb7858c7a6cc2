"""Intersection of two regular expressions: a string that one matches and in which the other finds something.

Both expressions become automata, and a breadth-first search visits pairs of their states: a path to both ends is such
a string. The automata ignore assertions and the content of groups, so that they may accept too much; "no" is certain.
"""

from __future__ import annotations

import re
import warnings
from collections import deque
from functools import lru_cache
from re import _constants as _re  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from flake8_training.script.string_patterns import FOREIGN
from training_alignment.artefacts.limits import Budget

_OTHER = 1 << 128
"""The bit of all characters beyond ASCII."""
_FOREIGN = 1 << 129
"""The bit of a letter in a string that holds no word of an expression: see `string_patterns.FOREIGN`."""
_ALL = (1 << 130) - 1
_MOST_STATES = 3000
_MOST_PARTS = 20_000
"""Bound on the parts of an expression, repetitions included. Empty groups take no states, so that states alone do not
bound the work."""
_MOST_STEPS = 60_000
"""Bound on the pairs of states for one expression and one line, unless the caller passes a budget."""
_MOST_REPEATS = 40
_MOST_NESTED = 50
_BEYOND_ASCII = "\u00e9"


def _mask(characters: str) -> int:
    return sum(1 << ord(one) for one in set(characters))


_DIGITS = _mask("0123456789") | _OTHER
_LETTERS = _mask("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_WORD = _mask("0123456789_") | _LETTERS | _OTHER | _FOREIGN
_FOREIGN_TEXT = ((1 << 128) - 1) & ~_LETTERS | _FOREIGN
"""The characters of a string without words of an expression: any but letters, and letters that no literal is."""
_SPACE = _mask(" \t\n\r\f\v\x1c\x1d\x1e\x1f") | _OTHER
_CATEGORIES = {
    _re.CATEGORY_DIGIT: _DIGITS,
    _re.CATEGORY_NOT_DIGIT: ~_DIGITS & _ALL | _OTHER,
    _re.CATEGORY_SPACE: _SPACE,
    _re.CATEGORY_NOT_SPACE: ~_SPACE & _ALL | _OTHER,
    _re.CATEGORY_WORD: _WORD,
    _re.CATEGORY_NOT_WORD: ~_WORD & _ALL | _OTHER,
}
_REPEATS = (_re.MAX_REPEAT, _re.MIN_REPEAT, _re.POSSESSIVE_REPEAT)


class TooLargeError(ValueError):
    """An expression whose automaton would be too large."""


def common_text(expression: str, line: str, budget: Budget | None = None) -> str | None:
    """Return a string that ``line`` matches as a whole and in which ``expression`` finds something, or None.

    Raises ``re.error`` for an invalid expression, and ``TooLargeError`` if ``budget`` has too few steps left.
    """
    searched, whole = _automaton(expression, search=True), _automaton(line, search=False)
    return _common(searched, whole, budget or Budget(_MOST_STEPS))


def _common(searched: _Automaton, whole: _Automaton, budget: Budget) -> str | None:
    """Return a string that both automata accept, or None."""
    begin = searched.begin, whole.begin
    before: dict[tuple[int, int], tuple[tuple[int, int], str]] = {}
    seen = {begin}
    todo = deque([begin])
    while todo:
        pair = todo.popleft()
        one, other = pair
        if not budget.take(1 + len(searched.edges[one]) * len(whole.edges[other])):
            raise TooLargeError
        if one == searched.end and other == whole.end:
            return _text(pair, before)
        steps: list[tuple[tuple[int, int], str]] = [((to, other), "") for to in searched.free[one]]
        steps += [((one, to), "") for to in whole.free[other]]
        for mask, to in searched.edges[one]:
            for allowed, onwards in whole.edges[other]:
                if both := mask & allowed:
                    steps.append(((to, onwards), _character(both)))
        for reached, character in steps:
            if reached not in seen:
                seen.add(reached)
                before[reached] = pair, character
                todo.append(reached)
    return None


def may_find(expression: str, text: str, budget: Budget | None = None) -> bool:
    """Return whether ``expression`` finds, or may find, something in a string, in time linear in the string.

    Raises as ``common_text`` does.
    """
    budget = budget or Budget(_MOST_STEPS)
    searched = _automaton(expression, search=True)
    reached = searched.closure({searched.begin})
    for character in text:
        if not budget.take(len(reached)):
            raise TooLargeError
        mask = 1 << ord(character) if ord(character) < 128 else _OTHER
        reached = searched.closure(
            {to for state in reached for allowed, to in searched.edges[state] if allowed & mask}
        )
    return searched.end in reached


def may_capture(expression: str, pattern: str, budget: Budget | None = None) -> bool:
    """Return whether the first group of an expression can match a string that ``pattern`` matches as a whole.

    Raises as ``common_text`` does.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed: Any = _parser.parse(expression)
    group = _first_group(parsed, 0)
    if group is None:
        return True
    captured = _Automaton("")
    captured.restart(group, parsed.state.flags)
    return _common(captured, _automaton(pattern, search=False), budget or Budget(_MOST_STEPS)) is not None


def _first_group(items: Any, depth: int) -> Any:
    """Return the items of group 1; None if there is none, or if it is in a repetition of an outer part."""
    for operator, argument in items if depth < _MOST_NESTED else ():
        inner: list[Any] = []
        if operator is _re.SUBPATTERN:
            if argument[0] == 1:
                return argument[3]
            inner = [argument[3]]
        elif operator is _re.BRANCH:
            inner = list(argument[1])
        elif operator in _REPEATS:
            inner = [argument[2]]
        elif operator is _re.ATOMIC_GROUP:
            inner = [argument]
        for one in inner:
            found = _first_group(one, depth + 1)
            if found is not None:
                return found
    return None


@lru_cache(maxsize=256)
def _automaton(expression: str, *, search: bool) -> _Automaton:
    return _Automaton(expression, search=search)


def _text(pair: tuple[int, int], before: dict[tuple[int, int], tuple[tuple[int, int], str]]) -> str:
    found: list[str] = []
    while pair in before:
        pair, character = before[pair]
        found.append(character)
    return "".join(reversed(found))


def _character(mask: int) -> str:
    """Return a character of a mask, a letter or digit if there is one."""
    for preferred in (mask & _WORD & ~_OTHER & ~_FOREIGN, mask & ~_OTHER & ~_FOREIGN):
        if preferred:
            return chr((preferred & -preferred).bit_length() - 1)
    return _BEYOND_ASCII


class _Automaton:
    """A nondeterministic automaton from ``begin`` to ``end``.

    ``edges`` holds the steps that take a character of a mask; ``free`` holds those that take none.
    """

    def __init__(self, expression: str, *, search: bool = False) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed: Any = _parser.parse(expression)
        self.free: list[list[int]] = []
        self.edges: list[list[tuple[int, int]]] = []
        self._flags = parsed.state.flags
        self._parts = 0
        self.begin = self._state()
        last = self._sequence(parsed, self.begin)
        self.end = last
        if search:
            self.edges[self.begin].append((_ALL, self.begin))
            self.end = self._state()
            self.free[last].append(self.end)
            self.edges[self.end].append((_ALL, self.end))

    def restart(self, items: Any, flags: int) -> None:
        """Replace the automaton by that of some parsed items."""
        self._flags = flags
        self.begin = self._state()
        self.end = self._sequence(items, self.begin)

    def closure(self, states: set[int]) -> set[int]:
        """Add the states that free steps reach to ``states``, and return it."""
        todo = list(states)
        while todo:
            for to in self.free[todo.pop()]:
                if to not in states:
                    states.add(to)
                    todo.append(to)
        return states

    def _state(self) -> int:
        if len(self.free) >= _MOST_STATES:
            raise TooLargeError
        self.free.append([])
        self.edges.append([])
        return len(self.free) - 1

    def _sequence(self, items: Any, at: int) -> int:
        for operator, argument in items:
            at = self._item(operator, argument, at)
        return at

    def _item(self, operator: Any, argument: Any, at: int) -> int:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise TooLargeError
        if operator is _re.BRANCH:
            end = self._state()
            for branch in argument[1]:
                begin = self._state()
                self.free[at].append(begin)
                self.free[self._sequence(branch, begin)].append(end)
            return end
        if operator is _re.SUBPATTERN:
            before, self._flags = self._flags, (self._flags | argument[1]) & ~argument[2]
            end = self._sequence(argument[3], at)
            self._flags = before
            return end
        if operator is _re.ATOMIC_GROUP:
            return self._sequence(argument, at)
        if operator in _REPEATS:
            return self._repeat(argument[0], argument[1], argument[2], at)
        if operator in (_re.AT, _re.ASSERT, _re.ASSERT_NOT):
            return at
        if operator in (_re.GROUPREF, _re.GROUPREF_EXISTS):
            return self._repeat(0, _re.MAXREPEAT, [(_re.ANY_ALL, None)], at)
        end = self._state()
        self.edges[at].append((self._characters(operator, argument), end))
        return end

    def _repeat(self, least: Any, most: Any, items: Any, at: int) -> int:
        for _ in range(min(int(least), _MOST_REPEATS)):
            at = self._sequence(items, at)
        if most is _re.MAXREPEAT or int(most) > _MOST_REPEATS:
            begin, end = self._state(), self._state()
            self.free[at].append(begin)
            self.free[begin].append(end)
            self.free[self._sequence(items, begin)].append(begin)
            return end
        end = self._state()
        for _ in range(int(most) - int(least)):
            self.free[at].append(end)
            at = self._sequence(items, at)
        self.free[at].append(end)
        return end

    def _characters(self, operator: Any, argument: Any) -> int:
        if operator is _re.ANY:
            return _ALL if self._flags & re.DOTALL else _ALL & ~_mask("\n")
        if operator is _re.ANY_ALL:
            return _ALL
        if operator is _re.LITERAL:
            if chr(argument) == FOREIGN:
                return _FOREIGN_TEXT
            return self._cases(_of(argument, argument))
        if operator is _re.NOT_LITERAL:
            return ~self._cases(_of(argument, argument)) & _ALL | _OTHER
        if operator is _re.CATEGORY:
            return _CATEGORIES[argument]
        if operator is _re.RANGE:
            return self._cases(_of(*argument))
        if operator is not _re.IN:
            return _ALL
        negated = argument[0][0] is _re.NEGATE
        found = 0
        for one, what in argument[1 if negated else 0 :]:
            found |= self._characters(one, what)
        return (~found & _ALL | _OTHER) if negated else found

    def _cases(self, mask: int) -> int:
        """Return the mask, with both cases of its letters if the expression ignores case."""
        if not self._flags & re.IGNORECASE:
            return mask
        for lower in "abcdefghijklmnopqrstuvwxyz":
            both = _mask(lower + lower.upper())
            if mask & both:
                mask |= both
        return mask


def _of(first: int, last: int) -> int:
    """Return the mask of a range of characters."""
    inside = sum(1 << code for code in range(first, min(last, 127) + 1))
    has_letters = last > first and inside & _LETTERS
    return inside | (_OTHER if last > 127 else 0) | (_FOREIGN if has_letters else 0)
