"""Issues merged into the results of another validation.

The results hold issues as dicts of the exchange format, or as objects of their own type.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from enum import Enum
from typing import Any, Final, TypedDict, TypeVar, get_args, get_origin, get_type_hints

Results = TypeVar("Results")


class Issue(TypedDict):
    """One finding, as validation systems exchange it.

    ``details`` holds ``code``, ``level``, ``step``, ``path``, ``line``, ``column`` and ``related``.
    """

    severity: str
    category: str
    message: str
    details: dict[str, object]
    recommendation: str
    step_type: str


_FIELDS: Final = ("severity", "category", "message", "details", "recommendation", "step_type")
# Other systems call the severity of an issue its level.
_OTHER_NAMES: Final = {"severity": "level"}


def merged(results: Results, issues: Iterable[Issue]) -> Results | dict[str, Any]:
    """Return the results, with the issues added that they do not hold yet.

    A dict receives them in its lists ``issues`` and ``enhanced_issues``, and in the counts of its ``summary`` if it has
    one. An object receives them in its list ``issues``, as issues of the list's own type if that is known. None becomes
    a new dict. If results say under ``passed`` whether the step has passed, an added error makes it false.

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
    convert = _converter(type(results), listed)
    added = _new(issues, listed)
    listed.extend(convert(issue) for issue in added)
    if _is_failure(added) and isinstance(getattr(results, "passed", None), bool):
        results.passed = False  # type: ignore[attr-defined]
    return results


def _is_failure(issues: Iterable[Issue]) -> bool:
    """Return whether one of the issues is an error."""
    return any(issue["severity"] == "ERROR" for issue in issues)


def _into_mapping(results: MutableMapping[str, Any], issues: Iterable[Issue]) -> None:
    listed = _list_in(results, "issues")
    enhanced = _list_in(results, "enhanced_issues")
    added = _new(issues, listed)
    convert = _converter(None, listed)
    listed.extend(convert(issue) for issue in added)
    # The other system reads dicts in its own list of added issues.
    enhanced.extend(_new(added, enhanced))
    if _is_failure(added) and isinstance(results.get("passed"), bool):
        results["passed"] = False
    counts = results.get("summary")
    if isinstance(counts, MutableMapping):
        counts["total_issues"] = counts.get("total_issues", 0) + len(added)
        for issue in added:
            key = f"{issue['severity'].lower()}_count"
            counts[key] = counts.get(key, 0) + 1


def _list_in(results: MutableMapping[str, Any], key: str) -> list[Any]:
    """Return the list under a key; convert another iterable to a list, and create the list if the key is missing."""
    listed = results.get(key)
    if not isinstance(listed, list):
        listed = results[key] = list(listed or ())
    return listed


def _new(issues: Iterable[Issue], present: Iterable[object]) -> list[Issue]:
    """Return the issues that are not present, each once."""
    known = [_identity(issue) for issue in present]
    new: list[Issue] = []
    for issue in issues:
        identity = _identity(issue)
        if identity not in known:
            known.append(identity)
            new.append(issue)
    return new


def _identity(issue: object) -> tuple[object, object, object]:
    """Return the message and the place; two issues with the same ones are the same issue."""
    details = _field(issue, "details")
    place = details if isinstance(details, Mapping) else {}
    return _field(issue, "message"), place.get("path"), place.get("line")


def _field(issue: object, name: str) -> object:
    return issue.get(name) if isinstance(issue, Mapping) else getattr(issue, name, None)


def _converter(owner: type | None, listed: list[Any]) -> Callable[[Issue], object]:
    """Return a function that converts an issue to the type that the list holds, or is declared to hold."""
    kind = type(listed[-1]) if listed else _declared(owner)
    if kind is None or issubclass(kind, Mapping):
        return dict
    return lambda issue: _converted(kind, issue)


def _declared(owner: type | None) -> type | None:
    """Return the type of the issues that the results' class declares for its list, or None."""
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


def _converted(kind: type, issue: Issue) -> object:
    """Return the issue as another system's type, or as a dict if that type needs values that are unknown here."""
    try:
        parameters = inspect.signature(kind).parameters
    except (ValueError, TypeError):
        return dict(issue)
    hints = _hints(kind)
    values: dict[str, object] = {}
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()) and not hints:
        # The type accepts any keyword argument, as ``types.SimpleNamespace`` does.
        values.update(issue)
    for name in _FIELDS:
        field = name if name in parameters else _OTHER_NAMES.get(name, "")
        if field in parameters:
            values[field] = _as_member(hints.get(field), issue[name])
    if "message" not in values:
        return dict(issue)
    try:
        return kind(**values)
    except Exception:  # A type of another system may refuse a value with any exception.
        return dict(issue)


def _as_member(hint: object, value: object) -> object:
    """Return a severity as a member of the field's enumeration, and every other value unchanged."""
    kinds = [hint, *get_args(hint)]
    kind = next((k for k in kinds if inspect.isclass(k) and issubclass(k, Enum)), None)
    if kind is None or not isinstance(value, str):
        return value
    for member in kind:
        if value.lower() in (member.name.lower(), str(member.value).lower()):
            return member
    return value
