"""The sources of files after their fixes.

A fix is applied whole or not at all. Of fixes that overlap, the first is applied; a next check finds the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flake8_training.finding import Finding
from flake8_training.fix import Fix, offsets
from flake8_training.named_tuple import NamedTuple
from flake8_training.parsing import parsed


class Applied(NamedTuple):
    """The changed sources by path, and the findings whose fixes they hold."""

    sources: dict[str, str]
    findings: tuple[Finding, ...]


class _Change(NamedTuple):
    start: int
    end: int
    new: str


def apply(findings: Iterable[Finding], sources: Mapping[str, str]) -> Applied:
    """Apply the fixes of findings, whose edits are located in ``sources``.

    A file that does not parse afterwards keeps its source, and so do the other files of its fixes.
    """
    changes: dict[str, list[_Change]] = {}
    done: list[Finding] = []
    for finding in findings:
        if finding.fix is not None and _add(finding.fix, changes, sources):
            done.append(finding)
    changed = {path: _changed(sources[path], edits) for path, edits in changes.items()}
    broken = {path for path, source in changed.items() if not _parses(path, source)}
    if broken:
        whole = [one for one in done if one.fix and not broken & {edit.path for edit in one.fix.edits}]
        return apply(whole, sources) if whole else Applied({}, ())
    return Applied({path: new for path, new in changed.items() if new != sources[path]}, tuple(done))


def _add(fix: Fix, changes: dict[str, list[_Change]], sources: Mapping[str, str]) -> bool:
    """Add the edits of a fix, unless one overlaps another change; return whether they are among the changes."""
    new: list[tuple[str, _Change]] = []
    for edit in fix.edits:
        if edit.path not in sources:
            return False
        start, end = offsets(edit, sources[edit.path])
        if sources[edit.path][start:end] != edit.old:
            return False  # the file has changed since it was checked
        change = _Change(start, end, edit.new)
        known = changes.get(edit.path, ())
        if change in known:
            continue
        if any(change.start <= other.end and other.start <= change.end for other in known):
            return False
        new.append((edit.path, change))
    for path, change in new:
        changes.setdefault(path, []).append(change)
    return True


def _changed(source: str, changes: Iterable[_Change]) -> str:
    for change in sorted(changes, reverse=True):
        source = source[: change.start] + change.new + source[change.end :]
    return source


def _parses(path: str, source: str) -> bool:
    try:
        if path.endswith(".py"):
            parsed(source.removeprefix("\ufeff"))
        elif path.endswith((".json", ".ipynb")):
            import json

            json.loads(source.removeprefix("\ufeff"))
        elif path.endswith((".yaml", ".yml")):
            import yaml

            for _ in yaml.parse(source, Loader=yaml.SafeLoader):
                pass
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    except Exception as error:  # yaml.YAMLError, without an import of yaml for Python files
        if type(error).__module__.startswith("yaml"):
            return False
        raise
    return True
