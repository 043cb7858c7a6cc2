"""Issues in the results of another validation: the dict of the exchange, or the results' own type of issue."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from enum import Enum
from typing import Any, Final, TypedDict, TypeVar, get_args, get_origin, get_type_hints

Results = TypeVar("Results")


class Issue(TypedDict):
    """One finding, as validation systems exchange them.

    ``details`` holds ``code``, ``level``, ``step``, ``path``, ``line``, ``column`` and ``related``.
    """

    severity: str
    category: str
    message: str
    details: dict[str, object]
    recommendation: str
    step_type: str


_FIELDS: Final = ("severity", "category", "message", "details", "recommendation", "step_type")
# What the severity is called besides; other systems call it the level of an issue.
_OTHER_NAMES: Final = {"severity": "level"}


def merged(results: Results, issues: Iterable[Issue]) -> Results | dict[str, Any]:
    """Return the results with those issues added that they do not hold yet.

    A dict gets them in its lists ``issues`` and ``enhanced_issues`` and in the counts of its ``summary`` where it has
    one; an object in its list ``issues``, as issues of its own type where that can be told. None becomes a new dict.

    Raises:
        TypeError: the results are no dict and have no list called ``issues``.
    """
    if results is None:
        added = _new(issues, ())
        return {"issues": added, "enhanced_issues": list(added), "summary": {"total_issues": len(added)}}
    if isinstance(results, MutableMapping):
        _into_mapping(results, issues)
        return results
    listed = getattr(results, "issues", None)
    if not isinstance(listed, list):
        raise TypeError("the results are no dict and have no list called issues")
    make = _maker(type(results), listed)
    listed.extend(make(issue) for issue in _new(issues, listed))
    return results


def _into_mapping(results: MutableMapping[str, Any], issues: Iterable[Issue]) -> None:
    listed = _list_in(results, "issues")
    enhanced = _list_in(results, "enhanced_issues")
    added = _new(issues, listed)
    make = _maker(None, listed)
    listed.extend(make(issue) for issue in added)
    # What another system has in its own list of added issues is what it reads there: dicts.
    enhanced.extend(_new(added, enhanced))
    counts = results.get("summary")
    if isinstance(counts, MutableMapping):
        counts["total_issues"] = counts.get("total_issues", 0) + len(added)
        for issue in added:
            key = f"{issue['severity'].lower()}_count"
            counts[key] = counts.get(key, 0) + 1


def _list_in(results: MutableMapping[str, Any], key: str) -> list[Any]:
    """The list under a key, made one where there is another iterable or nothing."""
    listed = results.get(key)
    if not isinstance(listed, list):
        listed = results[key] = list(listed or ())
    return listed


def _new(issues: Iterable[Issue], present: Iterable[object]) -> list[Issue]:
    """The issues that are not present, each once."""
    known = [_identity(issue) for issue in present]
    new: list[Issue] = []
    for issue in issues:
        identity = _identity(issue)
        if identity not in known:
            known.append(identity)
            new.append(issue)
    return new


def _identity(issue: object) -> tuple[object, object, object]:
    """What makes two issues one: the message and the place."""
    details = _field(issue, "details")
    place = details if isinstance(details, Mapping) else {}
    return _field(issue, "message"), place.get("path"), place.get("line")


def _field(issue: object, name: str) -> object:
    return issue.get(name) if isinstance(issue, Mapping) else getattr(issue, name, None)


def _maker(owner: type | None, listed: list[Any]) -> Callable[[Issue], object]:
    """A function that turns an issue into the type that the list holds, or is declared to hold."""
    kind = type(listed[-1]) if listed else _declared(owner)
    if kind is None or issubclass(kind, Mapping):
        return dict
    return lambda issue: _made(kind, issue)


def _declared(owner: type | None) -> type | None:
    """The type of the issues that the results' class declares for its list."""
    hint = _hints(owner).get("issues") if owner is not None else None
    held = get_args(hint)
    if get_origin(hint) is list and len(held) == 1 and inspect.isclass(held[0]):
        return held[0]
    return None


def _hints(owner: Any) -> dict[str, Any]:
    try:
        return get_type_hints(owner)
    except (NameError, TypeError, AttributeError):
        return {}


def _made(kind: type, issue: Issue) -> object:
    """An issue of another system's type; the dict where that type asks for what is not known here."""
    try:
        parameters = inspect.signature(kind).parameters
    except (ValueError, TypeError):
        return dict(issue)
    hints = _hints(kind)
    values: dict[str, object] = {}
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()) and not hints:
        # A type that takes whatever it is given, such as a namespace.
        values.update(issue)
    for name in _FIELDS:
        there = name if name in parameters else _OTHER_NAMES.get(name, "")
        if there in parameters:
            values[there] = _as_member(hints.get(there), issue[name])
    if "message" not in values:
        return dict(issue)
    try:
        return kind(**values)
    except Exception:  # A type of another system may refuse a value in any way of its own.
        return dict(issue)


def _as_member(hint: object, value: object) -> object:
    """A severity as the member of the enumeration that a field holds; every other value as it is."""
    kinds = [hint, *get_args(hint)]
    kind = next((k for k in kinds if inspect.isclass(k) and issubclass(k, Enum)), None)
    if kind is None or not isinstance(value, str):
        return value
    for member in kind:
        if value.lower() in (member.name.lower(), str(member.value).lower()):
            return member
    return value
