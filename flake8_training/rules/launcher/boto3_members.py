"""Problems of raw requests that start jobs, by botocore's model."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import Collection, Constant
from flake8_training.fix import renamed
from flake8_training.launcher.located_expressions import Arguments, LocatedExpression
from flake8_training.launcher.placeholders import is_placeholder
from flake8_training.launcher.sdk_objects import Request
from flake8_training.rules.launcher.problem import Problem
from flake8_training.sagemaker.constraints import Constraint, constraint, nearest_allowed, violation
from flake8_training.spelling import closest, did_you_mean, words_of

if TYPE_CHECKING:
    from flake8_training.launcher.launcher import Launcher

_ROLE = "RoleArn"
_MAX_DEPTH = 8
# Separate rules check instances and roles.
_ELSEWHERE = frozenset({"TrainingInstanceType", "TrainingInstanceCount", "OptionalVolumeSizeInGB", "VolumeSizeInGB",
                        "MaxRuntimeInSeconds", "RoleArn"})  # fmt: skip
_NUMBERS = ("integer", "long", "float", "double")


def missing_members(launcher: Launcher, requests: Iterable[Request]) -> Iterator[Problem]:
    """Yield the required members that requests lack, except the role."""
    for request in requests:
        yield from _Walk(launcher, request).missing(request.members, request.shape, request.node, "", 0)


def unknown_members(launcher: Launcher, requests: Iterable[Request]) -> Iterator[Problem]:
    """Yield the unknown members of requests that are misspellings of known ones."""
    for request in requests:
        yield from _Walk(launcher, request).unknown(request.members, request.shape, 0)


def broken_members(launcher: Launcher) -> Iterator[Problem]:
    """Yield the values in requests that break a limit."""
    for request in launcher.requests:
        yield from _Walk(launcher, request).broken(request.members, request.shape, 0)


class _Walk:
    def __init__(self, launcher: Launcher, request: Request) -> None:
        self._launcher = launcher
        self._request = request

    def missing(
        self, members: Arguments, shape: str, node: ast.AST, path: str, depth: int
    ) -> Iterator[Problem]:
        """Yield the required members that a structure certainly lacks; a misspelled one does not count."""
        row = constraint(shape)
        if row is None or row.type != "structure" or depth > _MAX_DEPTH:
            return
        known = sorted(row.members)
        misspelled = {_meant(name, known) for name in members.names if name not in row.members}
        for name in sorted(row.required):
            if members.lacks(name) and name not in misspelled and row.members[name] != _ROLE:
                what = path or self._request.operation
                yield Problem(self._launcher.own(node, self._request.node), f"{what} without {name}", node)
        for entry in members:
            if entry.name in row.members and entry.certain:
                for inner, inner_shape in self._below(entry.expression, row.members[entry.name]):
                    yield from self.missing(inner, inner_shape, entry.at, entry.name, depth + 1)

    def unknown(self, members: Arguments, shape: str, depth: int) -> Iterator[Problem]:
        row = constraint(shape)
        if row is None or row.type != "structure" or depth > _MAX_DEPTH:
            return
        for entry in members:
            if entry.name not in row.members:
                intended = _meant(entry.name, sorted(row.members))
                if intended is not None:
                    at = self._launcher.own(entry.at, self._request.node)
                    detail = f"there is no {entry.name}{did_you_mean(intended)}"
                    fix = renamed(at, entry.name, intended)
                    yield Problem(at, detail, self._request.node, fix=fix)
                elif holder := _holder(self._request.shape, entry.name):
                    at = self._launcher.own(entry.at, self._request.node)
                    yield Problem(at, f"{entry.name} is a member of {holder}", self._request.node)
                continue
            for inner, inner_shape in self._below(entry.expression, row.members[entry.name]):
                yield from self.unknown(inner, inner_shape, depth + 1)

    def broken(self, members: Arguments, shape: str, depth: int) -> Iterator[Problem]:
        row = constraint(shape)
        if row is None or depth > _MAX_DEPTH:
            return
        for entry in members:
            inner_shape = row.members.get(entry.name) if row.type == "structure" else row.value
            if row.type == "map" and row.key is not None and (reason := violation(row.key, entry.name)):
                yield Problem(
                    self._launcher.own(entry.at, self._request.node),
                    f"{entry.name!r} {reason}",
                    self._request.node,
                )
            if inner_shape is None or inner_shape in _ELSEWHERE or entry.encoding:
                continue
            yield from self._value(entry.name, entry.expression, inner_shape)
            for inner, below in self._below(entry.expression, inner_shape):
                yield from self.broken(inner, below, depth + 1)

    def _value(self, name: str, expression: LocatedExpression, shape: str) -> Iterator[Problem]:
        row = constraint(shape)
        for value in expression.values:
            if isinstance(value, Constant) and row is not None and value.value is not None:
                if expression.is_filled_in(value.value):
                    continue
                reason = _judged(row, value.value)
                if reason is not None:
                    at = self._launcher.literal(expression, value.value, self._request.node)
                    yield Problem(at, f"{name} {value.value!r}{reason}", self._request.node)

    def _below(self, expression: LocatedExpression, shape: str) -> Iterator[tuple[Arguments, str]]:
        """Yield the structures and maps inside a value, with their shapes."""
        row = constraint(shape)
        if row is None:
            return
        if row.type == "list" and row.member is not None:
            for value in expression.values:
                for element in (
                    (self._launcher.elements(value) or ()) if isinstance(value, Collection) else ()
                ):
                    yield from self._below(element, row.member)
        elif row.type in ("structure", "map"):
            yield self._launcher.reader.entries(expression), shape


def _meant(name: str, known: Sequence[str]) -> str | None:
    """Return the member that a name misspells, or the only one that it begins: `KmsKey` for `KmsKeyId`."""
    near = closest(name, known)
    if near is not None:
        return near
    words = words_of(name)
    begun = [one for one in known if words and words_of(one)[: len(words)] == words]
    return begun[0] if len(begun) == 1 else None


@functools.cache
def _holder(shape: str, name: str) -> str:
    """Return the only structure below a request that has a member of this name; empty if there are several or none."""
    found: set[str] = set()
    seen: set[str] = set()
    todo = [(shape, "the request")]
    while todo:
        one, shown = todo.pop()
        row = constraint(one)
        if row is None or one in seen:
            continue
        seen.add(one)
        if row.type == "structure" and name in row.members:
            found.add(shown)
        todo += [(below, member) for member, below in row.members.items()]
        if row.member is not None:
            todo.append((row.member, shown))
    return found.pop() if len(found) == 1 else ""


def _judged(row: Constraint, value: object) -> str | None:
    if isinstance(value, str) and is_placeholder(value):
        return None
    if row.type == "string" and isinstance(value, bool | int | float):
        return " is no text"
    if row.type in _NUMBERS and isinstance(value, str):
        return " is text, not a number"
    reason = violation(row.shape, value)
    if reason is None:
        return None
    allowed = nearest_allowed(row.shape, value) if isinstance(value, str) else None
    return did_you_mean(allowed) if allowed else f" {reason}"
