"""Near match: is one name evidently a slip of another?

The judgement is made for identifiers (hyperparameters, channels, variables, members, keys), not for prose:
``-``, ``_``, ``.`` and case carry no meaning, digits carry all of it, and each word of a name is compared with
the word in its place, so that ``min_depth`` is no slip of ``max_depth`` and ``train_1`` none of ``train_2``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_DIGITS = re.compile(r"\d+")

# How many slips are believed in a word of so many letters: (letters up to, slips).
_BOUNDS = ((3, 0), (7, 1), (13, 2))
_BOUND_OF_LONG = 3

_WORDS_THAT_SAY_ENOUGH = 3

# A slip in the first letter is rare, and in a short word it makes another word (test/rest, cpus/gpus).
_FIRST_LETTER_HOLDS_UP_TO = 5

# Among more names than that, or among so many that are alike, no name is evidently the one that was meant; and no
# name of anything is longer. So the work for one word is bounded, and a thousand words take a thousand times as long.
_MOST_CANDIDATES = 2_000
_MOST_ALIKE = 400
_LONGEST = 160


def distance(one: str, other: str, limit: int | None = None) -> int:
    """Return how many single slips (letter added, lost, replaced, two neighbours swapped) part two texts.

    This is the restricted Damerau-Levenshtein distance. With ``limit``, counting may stop as soon as the
    result is known to be larger: then any number above ``limit`` may come back.
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
    """Return how many slips make ``word`` out of ``candidate``, or None where that cannot be believed.

    Nothing but case or separators is 0 slips.
    """
    return _slips(word, candidate, None)


def nearest(word: str, candidates: Iterable[str], *, max_distance: int | None = None) -> str | None:
    """Return the candidate that ``word`` is evidently meant to be, or None.

    A candidate that equals ``word`` is returned as it is. ``max_distance`` replaces the bounds that go by the
    length of the words. Of several equally near candidates the same one is returned whatever their order.
    """
    candidates = tuple(candidates)
    if word in candidates:
        return word
    if len(candidates) > _MOST_CANDIDATES:
        return None
    letters = _letters(word)
    most = 2 * (_BOUND_OF_LONG if max_distance is None else max_distance)
    # A slip changes two of the letters that a name has, at most: that is seen at a glance.
    alike = [one for one in candidates if (_letters(one) ^ letters).bit_count() <= most]
    if len(alike) > _MOST_ALIKE:
        alike = [one for one in alike if same_name(one, word)]
    best: tuple[int, int, int, str] | None = None
    for candidate in alike[:_MOST_ALIKE]:
        count = _slips(word, candidate, max_distance)
        if count is None:
            continue
        longer = abs(len(word) - len(candidate))
        as_written = distance(word, candidate) if len(word) + len(candidate) <= 2 * _LONGEST else longer
        rank = (count, as_written, longer, candidate)
        if best is None or rank < best:
            best = rank
    return None if best is None else best[3]


def with_a_word_more(word: str, candidates: Iterable[str]) -> str | None:
    """Return the one candidate that is ``word`` with one more word inside, or None where there is none, or several.

    A name of less than three words says too little: ``size`` is no slip of ``batch_size``.
    """
    words = _words(word)
    found = [
        candidate
        for candidate in candidates
        if len(_words(candidate)) == len(words) + 1
        and any(_words(candidate)[:n] + _words(candidate)[n + 1 :] == words for n in range(1, len(words)))
    ]
    return found[0] if len(found) == 1 and len(words) >= _WORDS_THAT_SAY_ENOUGH else None


def _slips(word: str, candidate: str, max_distance: int | None) -> int | None:
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
    whole = _word_slips(one, other)
    if whole is None:
        return None
    words, facing = _words(word), _words(candidate)
    if len(words) != len(facing):
        return whole
    total = 0
    for part, counterpart in zip(words, facing, strict=True):
        count_of_part = _word_slips(part, counterpart, inside=True)
        if count_of_part is None:
            return None
        total += count_of_part
    return max(total, whole)


def _word_slips(one: str, other: str, *, inside: bool = False) -> int | None:
    """Count the slips between two words; ``inside`` a longer name the rest vouches for a letter more or less."""
    if one == other:
        return 0
    shorter = min(len(one), len(other))
    if shorter >= 3 and (one + "s" == other or other + "s" == one):
        return 1
    bound = _bound(max(len(one), len(other)) if inside else shorter)
    count = distance(one, other, bound)
    if count > bound:
        return None
    if shorter <= _FIRST_LETTER_HOLDS_UP_TO and one[0] != other[0] and one[:2] != other[1::-1]:
        return None
    return count


def _bound(letters: int) -> int:
    for up_to, slips_believed in _BOUNDS:
        if letters <= up_to:
            return slips_believed
    return _BOUND_OF_LONG


@functools.lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(name))


@functools.lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return a name without case and separators."""
    return re.sub(r"[\W_]+", "", name).casefold()


@functools.lru_cache(maxsize=4096)
def _letters(name: str) -> int:
    """The letters of a name as bits; several rare letters share a bit."""
    found = 0
    for letter in set(plain_name(name)):
        found |= 1 << (ord(letter) & 63)
    return found
