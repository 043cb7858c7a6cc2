"""No regular expression of the project is ambiguous enough to take a hostile text forever."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
CHARACTERS = frozenset(map(chr, range(128))) | {"é", "\u2028"}
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_EMPTY = ("AT", "ASSERT", "ASSERT_NOT")
_MATCHING = {"compile", "match", "search", "fullmatch", "findall", "finditer", "sub", "split"}


def patterns() -> Iterator[tuple[str, str, bool]]:
    """Yield where a source hands a pattern to ``re`` or ``pattern``, the pattern, and whether it is searched for.

    A part that is put in when the program runs counts as the word ``x``.
    """
    sources = {
        path: path.read_text(encoding="utf-8")
        for path in sorted([*(ROOT / "flake8_training").rglob("*.py"), *(ROOT / "hooks").rglob("*.py")])
    }
    every = "\n".join(sources.values())
    for path, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            if (
                isinstance(node, ast.Call)
                and (function := _function(node.func)) in _MATCHING
                and node.args
                and (text := _written(node.args[0])) is not None
            ):
                uses = {function}
                if function == "compile":
                    name = re.match(r"\s*(\w+)\s*(?::[^=]+)?=", source.splitlines()[node.lineno - 1])
                    found = re.findall(rf"\b{name[1]}\.(\w+)\b", every) if name else []
                    uses = _MATCHING.intersection(found) or {"search"}
                yield f"{path.relative_to(ROOT)}:{node.lineno}", text, bool(uses - {"match", "fullmatch"})


def _function(node: ast.expr) -> str:
    """Return the function of ``re`` that an expression names, ``compile`` for the project's ``pattern``."""
    if isinstance(node, ast.Name):
        return "compile" if node.id == "pattern" else ""
    is_function = (
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "re"
    )
    return node.attr if is_function and isinstance(node, ast.Attribute) else ""


def _written(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        left = _written(node.left)
        return None if left is None else left.replace("%s", "x").replace("%%", "%")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _written(node.left), _written(node.right)
        return None if left is None and right is None else (left or "x") + (right or "x")
    if isinstance(node, ast.JoinedStr):
        return "".join(_written(part) or "x" for part in node.values)
    return None


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
        elif str(operator) == "ATOMIC_GROUP":
            found.extend(flat(argument))
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
    if name in _REPEATS:
        return int(argument[0]) and min(1, sum(map(_least, flat(argument[2]))))
    if name == "BRANCH":
        return min(sum(map(_least, flat(branch))) for branch in argument[1])
    return 0 if name in _EMPTY else 1


def characters(parts: list[tuple[str, Any]]) -> set[str]:
    """The characters that may stand in what a part matches."""
    found: set[str] = set()
    for name, argument in parts:
        if name == "LITERAL":
            found |= {chr(argument).lower(), chr(argument).upper()}
        elif name in ("IN", "NOT_LITERAL", "ANY", "CATEGORY"):
            found |= _of_class(name, argument)
        elif name in _REPEATS:
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


def beside(parts: list[tuple[str, Any]], before: Iterable[set[str]] = ()) -> Iterator[str]:
    """Yield what is repeated without end after something repeated so, where both may match one character's run.

    ``before`` are the characters of which a run may end in the middle of an earlier repeat: all that stands between
    must match, or need not match, the same character.
    """
    open_before = list(before)
    for part in parts:
        name, argument = part
        if name in _REPEATS:
            if _is_endless(argument) and any(run & _alone(part) for run in open_before):
                yield str(argument)
            yield from beside(flat(argument[2]), open_before)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from beside(flat(branch), open_before)
        open_before = _after(part, open_before)


def _after(part: tuple[str, Any], before: list[set[str]]) -> list[set[str]]:
    name, argument = part
    found = before
    if _least(part) > 0:
        found = [run & _alone(part) for run in before]
    if name == "POSSESSIVE_REPEAT":
        return [run for run in found if run]
    if name in _REPEATS and _is_endless(argument):
        found = [*found, _alone(part)]
    else:
        inside = [argument[2]] if name in _REPEATS else argument[1] if name == "BRANCH" else []
        for one in inside:
            ends: list[set[str]] = []
            for inner in flat(one):
                ends = _after(inner, ends)
            found = [*found, *ends]
    return [run for run in found if run]


def _is_endless(repeat: Any) -> bool:
    return bool(repeat[1] == sre.MAXREPEAT)


def _alone(part: tuple[str, Any]) -> set[str]:
    """The characters of which a run alone may be what a part matches."""
    name, argument = part
    if name in _REPEATS:
        return _all_alone(flat(argument[2]))
    if name == "BRANCH":
        return set().union(*(_all_alone(flat(branch)) for branch in argument[1]))
    return set() if name in _EMPTY else characters([part])


def _all_alone(parts: list[tuple[str, Any]]) -> set[str]:
    required = [_alone(part) for part in parts if _least(part) > 0]
    return set.intersection(*required) if required else set().union(*map(_alone, parts))


def scanned_again(parsed: Any) -> Iterator[str]:
    """Yield what is repeated without end and may hold the start of the next match, if the match may fail after it.

    A text of nothing but starts is then scanned to its end from each of them.
    """
    for parts in _ways(flat(parsed)):
        for at, (name, argument) in enumerate(parts):
            if name not in ("MAX_REPEAT", "MIN_REPEAT") or not _is_endless(argument):
                continue
            inside, before, after = characters([parts[at]]), parts[:at], parts[at + 1 :]
            if not any(_least(part) > 0 or part[0] in _EMPTY for part in after):
                continue
            if not _starts_anew(before, inside):
                continue
            yield str(argument)
            break


def _starts_anew(before: list[tuple[str, Any]], inside: set[str]) -> bool:
    """Whether the beginning of a match may stand in a text of the characters that are repeated."""
    anchors = [str(argument) for name, argument in before if name == "AT"]
    words = {one for one in CHARACTERS if re.match(r"\w", one)}
    return (
        all(_least(part) == 0 or characters([part]) & inside for part in before)
        and not ("AT_BEGINNING" in anchors and "\n" not in inside)
        and not ("AT_BOUNDARY" in anchors and inside <= words)
        and not any(name == "ASSERT_NOT" and argument[0] < 0 for name, argument in before)
    )


def _ways(parts: list[tuple[str, Any]]) -> list[list[tuple[str, Any]]]:
    """The ways through a pattern, each without branches and optional groups; no more than 200."""
    found: list[list[tuple[str, Any]]] = [[]]
    for part in parts:
        name, argument = part
        if name == "BRANCH":
            inner = [way for branch in argument[1] for way in _ways(flat(branch))]
        elif name in _REPEATS and not _is_endless(argument):
            inner = _ways(flat(argument[2])) + ([[]] if argument[0] == 0 else [])
        else:
            inner = [[part]]
        found = [way + more for way in found for more in inner][:200]
    return found


@pytest.mark.parametrize(
    "text",
    [
        *(r"a*a*b", r"\s*\s*x", r"[^)]*\s*\)", r"\w+\d*=", r"a+(?:b|a+)c", r"(?:x|\s*)\s*y", r"a*-?a*b"),
        *(r"[_-]+(.+)", r"(a+)(?:b?)(a+)c"),
    ],
)
def test_the_check_finds_repeats_beside_each_other(text: str) -> None:
    assert list(beside(flat(sre.parse(text))))


@pytest.mark.parametrize(
    "text", [r"a*b+", r"\s*,\s*", r"(?:\w+\.)*\w+", r"[_-]+[^_-]\w*", r"a+\n[ab]*", r"a*b+c*"]
)
def test_the_check_lets_distinct_repeats_pass(text: str) -> None:
    assert not list(beside(flat(sre.parse(text))))


@pytest.mark.parametrize(
    "text", [r"\w+=", r"class \w+\([^)]*\bx", r"\s+$", r"\{[^}]*\}", r"a:[^\n]*=", r"[\w.]+\.py"]
)
def test_the_check_finds_what_is_scanned_again(text: str) -> None:
    assert list(scanned_again(sre.parse(text)))


@pytest.mark.parametrize(
    "text", [r"\b\w+=", r"(?<!\w)\w+=", r"<[^<>]*>", r"\([^()]*\)", r"x[^\n]*", r"^ *x", r"a:[^\n]{0,200}="]
)
def test_the_check_lets_what_is_scanned_once_pass(text: str) -> None:
    assert not list(scanned_again(sre.parse(text)))


@pytest.mark.parametrize("text", [r"(a+)+b", r"(?:\w+\s*)*x", r"(a*)*", r"(?:[a-z]+|\d)*-"])
def test_the_check_finds_ambiguous_patterns(text: str) -> None:
    assert list(nested(sre.parse(text)))


@pytest.mark.parametrize("text", [r"(?:\w+\.)*\w+", r"a+b+", r"(?:\d+,)*", r"(?:x[^\n]*\n)*"])
def test_the_check_lets_plain_patterns_pass(text: str) -> None:
    assert not list(nested(sre.parse(text)))


FOUND = list(patterns())
_FLAKE8S = "# flake8[:=]"
LINEAR = {
    _FLAKE8S: "flake8's own; it is matched with one line, whose end it cannot miss",
    "[A-Z]+(?![a-z])|": "gives up one letter at most",
    "(?:import|from)\\s+(?:[\\w.]+\\s*,": "begins with a word and a blank; a name in the list has a comma",
    "[^\\r\\n]*(?:\\r\\n|": "the other branch takes what the first has scanned",
    "[^\r\n\x85": "the other branch takes what the first has scanned",
}
"""Patterns, by a part of them, that the check is too simple for, and why they take no longer than their text."""


def parsed(text: str) -> Any:
    return sre.parse(text, re.VERBOSE if text.lstrip(" ").startswith("\n") else 0)


@pytest.mark.parametrize("text", [text for _, text, _ in FOUND], ids=[where for where, *_ in FOUND])
def test_no_pattern_repeats_what_is_repeated(text: str) -> None:
    assert not list(nested(parsed(text)))


@pytest.mark.parametrize(("text", "is_searched"), [one[1:] for one in FOUND], ids=[one[0] for one in FOUND])
def test_no_pattern_may_share_out_a_run_in_several_ways(text: str, is_searched: bool) -> None:
    if any(part in text for part in LINEAR):
        return
    assert not list(beside(flat(parsed(text))))
    assert not is_searched or not list(scanned_again(parsed(text)))
