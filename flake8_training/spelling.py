"""Spelling distance: whether one name is a misspelling of another.

Made for identifiers (hyperparameters, channels, variables, members, keys), not for prose. ``-``, ``_``, ``.`` and case
do not count, digits must be equal. Each word of a name is compared with the word in its place, so that ``min_depth`` is
no misspelling of ``max_depth``, nor ``train_1`` of ``train_2``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from flake8_training.pattern import pattern

_WORD = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_DIGITS = pattern(r"\d+")

# The typing errors that a misspelling may have, by the length of the word: (letters up to, errors).
_BOUNDS = ((3, 0), (7, 1), (13, 2))
_BOUND_OF_LONG = 3

_FEWEST_WORDS = 3

# An error in the first letter is rare, and in a short word it yields another word (test/rest, cpus/gpus).
_FIRST_LETTER_HOLDS_UP_TO = 5

# Among more names than that, or among so many that are alike, no name is evidently the one that was meant; and no
# name of anything is longer. So the work for one word is bounded, and a thousand words take a thousand times as long.
_MOST_CANDIDATES = 2_000
_MOST_ALIKE = 400
_LONGEST = 160

# How often a letter is counted in a name, before two names are compared letter by letter.
_COUNTED = 8


def distance(one: str, other: str, limit: int | None = None) -> int:
    """Return the number of edits (insertion, deletion, substitution, swap of neighbours) between two strings.

    This is the restricted Damerau-Levenshtein distance. With ``limit``, the count may stop early: then the result is
    some number above ``limit``.
    """
    if one == other:
        return 0
    width = len(other)
    if limit is None:
        limit = max(len(one), width)
    elif abs(len(one) - width) > limit:
        return limit + 1
    before: list[int] = []
    previous = list(range(width + 1))
    for row, letter in enumerate(one, 1):
        # As many places off the diagonal, as many letters have been added or lost.
        first, last = max(row - limit, 1), min(row + limit, width)
        current = [limit + 1] * (width + 1)
        current[0] = row
        for column in range(first, last + 1):
            facing = other[column - 1]
            cost = min(
                previous[column] + 1,
                current[column - 1] + 1,
                previous[column - 1] + (letter != facing),
            )
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == facing:
                cost = min(cost, before[column - 2] + 1)
            current[column] = cost
        if min(current) > limit and min(previous) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]


def same_name(one: str, other: str) -> bool:
    """Return whether two names differ in case and separators at most (``batch-size``, ``BATCH_SIZE``)."""
    return plain_name(one) == plain_name(other) and plain_name(one) != ""


def slips(word: str, candidate: str) -> int | None:
    """Return the number of typing errors between ``candidate`` and ``word``, or None if there are too many.

    A difference in case or separators only is 0 errors.
    """
    return _errors(word, candidate, None)


def closest(word: str, candidates: Iterable[str], *, max_distance: int | None = None) -> str | None:
    """Return the candidate that ``word`` misspells, or None.

    A candidate that equals ``word`` is returned as it is. ``max_distance`` replaces the limits by word length. If
    several candidates are equally near, the result does not depend on their order.
    """
    candidates = tuple(candidates)
    if word in candidates:
        return word
    if len(candidates) > _MOST_CANDIDATES:
        return None
    letters = _letters(word)
    # An error changes two of the letters that a name has, at most: that is seen at a glance. A plural's s is one more.
    most = max(2 * (_bound(len(plain_name(word))) if max_distance is None else max_distance), 1)
    alike = [one for one in candidates if (_letters(one) ^ letters).bit_count() <= most]
    if len(alike) > _MOST_ALIKE:
        alike = [one for one in alike if same_name(one, word)]
    best: tuple[int, int, int, str] | None = None
    for candidate in alike[:_MOST_ALIKE]:
        count = _errors(word, candidate, max_distance)
        if count is None:
            continue
        longer = abs(len(word) - len(candidate))
        as_written = distance(word, candidate) if len(word) + len(candidate) <= 2 * _LONGEST else longer
        rank = (count, as_written, longer, candidate)
        if best is None or rank < best:
            best = rank
    return None if best is None else best[3]


def did_you_mean(near: object) -> str:
    """Return the end of a message that names the nearest right name; empty without one (``None``, ``""``)."""
    return f", did you mean {near}?" if near else ""


def only_closest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that ``word`` misspells if no other one is as near; else None."""
    candidates = tuple(dict.fromkeys(candidates))
    found = closest(word, candidates)
    if found is None or found == word:
        return None
    second = closest(word, [one for one in candidates if one != found])
    return found if second is None or (slips(word, second) or 0) > (slips(word, found) or 0) else None


def only_unused(word: str, unused: Iterable[str]) -> str | None:
    """Return the only name that is one typing error away from a word, of which one has at most three letters.

    Such words are other words too often to be compared. That nothing uses the name is evidence.
    """
    one = plain_name(word)
    found = [
        name
        for name in dict.fromkeys(unused)
        if (other := plain_name(name))
        and min(len(one), len(other)) <= _BOUNDS[0][0]
        and one[:1] == other[:1]
        and _DIGITS.findall(one) == _DIGITS.findall(other)
        and distance(one, other, 1) == 1
    ]
    return found[0] if len(found) == 1 else None


def occurrences(name: str, *sources: str) -> int:
    """Return how often a name is written in sources, in any case and with any separators, also inside longer names."""
    parts = [re.escape(part) for part in re.split(r"[-_.]", name) if part]
    pattern = re.compile(rf"(?<![a-zA-Z]){'[-_.]?'.join(parts)}(?![a-zA-Z])", re.IGNORECASE)
    return sum(len(pattern.findall(source)) for source in sources) if parts else 0


def is_odd_spelling(word: str, other: str, *sources: str) -> bool:
    """Return whether sources write ``word`` once and ``other`` several times: then ``word`` is the misspelled one."""
    return occurrences(word, *sources) == 1 and occurrences(other, *sources) > 1


def with_a_word_more(word: str, candidates: Iterable[str]) -> str | None:
    """Return the only candidate that is ``word`` with one more inner word; None if there is none or several.

    A name of fewer than three words is not compared: ``size`` is no misspelling of ``batch_size``.
    """
    words = words_of(word)
    found = [
        candidate
        for candidate in candidates
        if len(words_of(candidate)) == len(words) + 1
        and any(words_of(candidate)[:n] + words_of(candidate)[n + 1 :] == words for n in range(1, len(words)))
    ]
    return found[0] if len(found) == 1 and len(words) >= _FEWEST_WORDS else None


def _errors(word: str, candidate: str, max_distance: int | None) -> int | None:
    one, other = plain_name(word), plain_name(candidate)
    if not one or not other:
        return None
    if one == other:
        return 0
    if max(len(one), len(other)) > _LONGEST or _DIGITS.findall(one) != _DIGITS.findall(other):
        return None
    if max_distance is not None:
        count = distance(one, other, max_distance)
        return count if count <= max_distance else None
    if abs(len(one) - len(other)) > _BOUND_OF_LONG:
        return None
    whole = _word_errors(one, other)
    if whole is None:
        return None
    words, facing = words_of(word), words_of(candidate)
    if len(words) != len(facing):
        return whole
    total = 0
    for part, counterpart in zip(words, facing, strict=True):
        count_of_part = _word_errors(part, counterpart, inside=True)
        if count_of_part is None:
            return None
        total += count_of_part
    return max(total, whole)


def _word_errors(one: str, other: str, *, inside: bool = False) -> int | None:
    """Return the number of typing errors between two words, or None if there are too many.

    With ``inside``, the word is a part of a longer name, whose other words justify a larger limit.
    """
    if one == other:
        return 0
    shorter = min(len(one), len(other))
    if shorter >= 3 and (one + "s" == other or other + "s" == one):
        return 1
    bound = _bound(max(len(one), len(other)) if inside else shorter)
    if inside and not bound and _is_swapped(one, other):
        return 1
    count = distance(one, other, bound)
    if count > bound:
        return None
    if shorter <= _FIRST_LETTER_HOLDS_UP_TO and one[0] != other[0] and one[:2] != other[1::-1]:
        return None
    return count


def _is_swapped(one: str, other: str) -> bool:
    """Return whether two words of three letters differ by a swap of the last two: ``dri`` for ``dir``."""
    return len(one) == len(other) == _BOUNDS[0][0] and one[0] == other[0] and one[:0:-1] == other[1:]


def _bound(letters: int) -> int:
    for up_to, errors in _BOUNDS:
        if letters <= up_to:
            return errors
    return _BOUND_OF_LONG


@functools.lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in small letters: ``max``, ``depth`` of ``MaxDepth`` and of ``max_depth``."""
    return tuple(word.casefold() for word in _WORD.findall(name))


@functools.lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return a name without case and separators."""
    return re.sub(r"[\W_]+", "", name).casefold()


@functools.lru_cache(maxsize=4096)
def _letters(name: str) -> int:
    """Return the letters of a name as bits, as many for a letter as it occurs; rare letters share their bits."""
    found = 0
    counts = [0] * 64
    for letter in plain_name(name)[:_LONGEST]:
        kind = ord(letter) & 63
        if counts[kind] < _COUNTED:
            found |= 1 << (kind * _COUNTED + counts[kind])
            counts[kind] += 1
    return found
