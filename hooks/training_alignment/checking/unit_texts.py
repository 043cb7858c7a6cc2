"""The result of a unit as plain data that JSON can hold, and back.

Reading raises ``ValueError``, ``TypeError``, ``LookupError`` or ``OverflowError`` for anything else.
"""

from __future__ import annotations

from typing import Any

from flake8_training.finding import Finding, Related, Severity
from flake8_training.fix import Edit, Fix
from training_alignment.artefacts.read_error import ReadError
from training_alignment.checking.consequences import Passed
from training_alignment.checking.unit_result import LauncherResult, UnitResult

_INTERNAL = "TRN001"
"""The code of an error of the checker, which may come from the state of the machine."""


def text_of(result: UnitResult) -> list[Any] | None:
    """Return a result as plain data; None if it is not to be kept."""
    found = [*result.findings, *(one for each in result.launchers for part in each.parts for one in part[1])]
    has_pages = result.pages or any(part[2] for each in result.launchers for part in each.parts)
    if has_pages or any(one.code == _INTERNAL for one in found):
        return None
    error = result.script_error
    return [
        [_of_finding(one) for one in result.findings],
        result.as_scripts,
        None if error is None else [error.path, error.line, error.column, error.message, error.is_newer],
        [_of_launcher(one) for one in result.launchers],
    ]


def read_result(data: list[Any]) -> UnitResult:
    """Return the result that `text_of` has written."""
    findings, as_scripts, error, launchers = data
    result = UnitResult()
    result.findings = [_finding(one) for one in findings]
    result.as_scripts = [str(one) for one in as_scripts]
    if error is not None:
        path, line, column, message, is_newer = error
        result.script_error = ReadError(str(path), int(line), int(column), str(message), bool(is_newer))
    result.launchers = [_launcher(one) for one in launchers]
    return result


def _of_launcher(result: LauncherResult) -> list[Any]:
    passed = [[path, _of_passed(one)] for path, one in result.passed]
    parts = [[script, [_of_finding(one) for one in found]] for script, found, _ in result.parts]
    no_image = result.of_images is not None
    return [result.path, result.is_own, result.is_launcher, no_image, passed, parts]


def _launcher(data: list[Any]) -> LauncherResult:
    path, is_own, is_launcher, no_image, passed, parts = data
    result = LauncherResult(str(path), is_own=bool(is_own))
    result.is_launcher = bool(is_launcher)
    result.of_images = [] if no_image else None
    result.passed = [(str(script), _passed(values)) for script, values in passed]
    result.parts = [(str(script), [_finding(one) for one in found], ()) for script, found in parts]
    return result


def _of_passed(passed: Passed) -> list[Any]:
    values = [getattr(passed, name) for name in Passed.__match_args__]
    return [sorted(value) if isinstance(value, frozenset) else value for value in values]


def _passed(data: list[Any]) -> Passed:
    flags, may_be_false, empty, *rest = data
    is_complete, has_no_channel, ignores_words, keeps_checkpoints, is_read = map(bool, rest)
    return Passed(
        frozenset(flags),
        frozenset(may_be_false),
        frozenset(empty),
        is_complete,
        has_no_channel,
        ignores_words,
        keeps_checkpoints,
        is_read,
    )


def _of_finding(finding: Finding) -> list[Any]:
    fix = finding.fix
    return [
        finding.code,
        finding.severity.value,
        finding.level,
        finding.step,
        finding.path,
        finding.line,
        finding.column,
        finding.message,
        [[one.path, one.line, one.message] for one in finding.related],
        finding.cause,
        None if fix is None else [fix.title, [_of_edit(edit) for edit in fix.edits], fix.is_safe],
    ]


def _finding(data: list[Any]) -> Finding:
    code, severity, level, step, path, line, column, message, related, cause, fix = data
    return Finding(
        str(code),
        Severity(severity),
        int(level),
        str(step),
        str(path),
        int(line),
        int(column),
        str(message),
        tuple(Related(str(place), int(at), str(text)) for place, at, text in related),
        str(cause),
        None if fix is None else Fix(str(fix[0]), tuple(map(_edit, fix[1])), bool(fix[2])),
    )


def _of_edit(edit: Edit) -> list[Any]:
    return [getattr(edit, name) for name in Edit.__match_args__]


def _edit(data: list[Any]) -> Edit:
    old, new, line, column, end_line, end_column, path = data
    return Edit(str(old), str(new), int(line), int(column), int(end_line), int(end_column), str(path))
