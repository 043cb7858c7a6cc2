"""No regular expression of the project is ambiguous enough to take a hostile text forever."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
CHARACTERS = frozenset(map(chr, range(128))) | {"é", "\u2028"}
_MATCHING = {"compile", "match", "search", "fullmatch", "findall", "finditer", "sub", "split"}


def patterns() -> Iterator[tuple[str, str]]:
    """Yield each literal pattern that a source of the project hands to ``re``, and where."""
    for path in sorted([*(ROOT / "flake8_training").rglob("*.py"), *(ROOT / "hooks").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in _MATCHING
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                value = node.args[0].value
                text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                yield f"{path.relative_to(ROOT)}:{node.lineno}", text


def nested(parsed: Any, outer: bool = False) -> Iterator[str]:
    """Yield what is repeated without end inside of something repeated so, and may match the same in two ways.

    A repeated group is told apart where each round has to begin, or end, with a character that nothing repeated in
    the group can be.
    """
    for operator, argument in parsed:
        name = str(operator)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            _, most, inner = argument
            endless = most == sre.MAXREPEAT
            if endless and any(ambiguous(branch) for branch in alternatives(inner)):
                yield str(inner)
            yield from nested(inner, outer or endless)
        elif name in ("SUBPATTERN",):
            yield from nested(argument[-1], outer)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from nested(branch, outer)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from nested(argument[1], outer)


def flat(parsed: Any) -> list[tuple[str, Any]]:
    """The parts of a pattern one after the other, groups opened."""
    found: list[tuple[str, Any]] = []
    for operator, argument in parsed:
        if str(operator) == "SUBPATTERN":
            found.extend(flat(argument[-1]))
        else:
            found.append((str(operator), argument))
    return found


def alternatives(parsed: Any) -> list[list[tuple[str, Any]]]:
    parts = flat(parsed)
    if len(parts) == 1 and parts[0][0] == "BRANCH":
        return [flat(branch) for branch in parts[0][1][1]]
    return [parts]


def ambiguous(parts: list[tuple[str, Any]]) -> bool:
    """Whether a round of a repeated group may be split into two in the middle of something repeated in it."""
    repeated = [one for one in parts if one[0] in ("MAX_REPEAT", "MIN_REPEAT") and one[1][1] == sre.MAXREPEAT]
    required = [one for one in parts if _least(one) > 0]
    for one in repeated:
        inside = characters([one])
        if not any(not (characters([fixed]) & inside) for fixed in required if fixed is not one):
            return True
    return False


def _least(part: tuple[str, Any]) -> int:
    name, argument = part
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return int(argument[0])
    if name == "BRANCH":
        return min(sum(map(_least, flat(branch))) for branch in argument[1])
    return 0 if name in ("AT", "ASSERT", "ASSERT_NOT") else 1


def characters(parts: list[tuple[str, Any]]) -> set[str]:
    """The characters that may stand in what a part matches."""
    found: set[str] = set()
    for name, argument in parts:
        if name == "LITERAL":
            found |= {chr(argument).lower(), chr(argument).upper()}
        elif name in ("IN", "NOT_LITERAL", "ANY", "CATEGORY"):
            found |= _of_class(name, argument)
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            found |= characters(flat(argument[2]))
        elif name == "BRANCH":
            for branch in argument[1]:
                found |= characters(flat(branch))
    return found


def _of_class(name: str, argument: Any) -> set[str]:
    if name == "ANY":
        return set(CHARACTERS)
    if name == "NOT_LITERAL":
        return set(CHARACTERS) - {chr(argument)}
    found: set[str] = set()
    negated = False
    for operator, value in argument:
        kind = str(operator)
        negated = negated or kind == "NEGATE"
        if kind == "LITERAL":
            found.add(chr(value))
        elif kind == "RANGE":
            found |= {one for one in CHARACTERS if value[0] <= ord(one) <= value[1]}
        elif kind == "CATEGORY":
            letter = {"SPACE": r"\s", "WORD": r"\w", "DIGIT": r"\d"}[str(value).rpartition("_")[2]]
            letter = letter.upper() if "_NOT_" in str(value) else letter
            found |= {one for one in CHARACTERS if re.match(letter, one)}
    return set(CHARACTERS) - found if negated else found


@pytest.mark.parametrize("text", [r"(a+)+b", r"(?:\w+\s*)*x", r"(a*)*", r"(?:[a-z]+|\d)*-"])
def test_the_check_finds_ambiguous_patterns(text: str) -> None:
    assert list(nested(sre.parse(text)))


@pytest.mark.parametrize("text", [r"(?:\w+\.)*\w+", r"a+b+", r"(?:\d+,)*", r"(?:x[^\n]*\n)*"])
def test_the_check_lets_plain_patterns_pass(text: str) -> None:
    assert not list(nested(sre.parse(text)))


FOUND = list(patterns())


@pytest.mark.parametrize("text", [text for _, text in FOUND], ids=[where for where, _ in FOUND])
def test_no_pattern_repeats_what_is_repeated(text: str) -> None:
    assert not list(nested(sre.parse(text, re.VERBOSE if text.lstrip(" ").startswith("\n") else 0)))
