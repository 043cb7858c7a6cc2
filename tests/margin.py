"""Compares findings with the expected ones, and shows a difference in the margin of the sample."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from flake8_training.finding import Finding
from flake8_training.rules.rule import Example

Place = tuple[str, int, str]
"""Path, line and code of a finding."""

_AROUND = 3


def assert_places(
    found: Iterable[Place],
    expected: Iterable[Place],
    files: Mapping[str, str],
    messages: Mapping[Place, str] | None = None,
) -> None:
    """Assert that two collections hold the same findings, each as often.

    A failure prints the lines of ``files`` around each difference, marked ``<- missing`` or ``<- unexpected``.
    """
    __tracebackhide__ = True
    was, should = Counter(list(found)), Counter(list(expected))  # a dict would be taken for counts
    if was != should:
        raise AssertionError("\n" + difference(was, should, files, messages or {}))


def assert_findings(found: Collection[Finding], files: Mapping[str, str]) -> None:
    """Assert that findings are those that the comments ``# TRNnnn`` in ``files`` announce, each once."""
    __tracebackhide__ = True
    example = Example(files)
    messages = {(one.path, one.line, one.code): one.message for one in found}
    assert_places(
        [(one.path, one.line, one.code) for one in found], example.expected, example.files, messages
    )


def difference(
    found: Counter[Place], expected: Counter[Place], files: Mapping[str, str], messages: Mapping[Place, str]
) -> str:
    """Return the lines around each difference, with what is missing and what is unexpected in their margin."""
    notes: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for word, places in (("missing", expected - found), ("unexpected", found - expected)):
        for place, times in sorted(places.items()):
            path, line, code = place
            message = f": {messages[place]}" if place in messages else ""
            often = f" {times} times" if times > 1 else ""
            notes[path][line].append(f"<- {word} {code}{often}{message}")
    shown: list[str] = []
    for path, noted in sorted(notes.items()):
        shown += [path, *_with_margin(files.get(path, "").splitlines(), noted)]
    return "\n".join(shown)


def _with_margin(lines: list[str], notes: Mapping[int, list[str]]) -> list[str]:
    """Return the numbered lines around those that have notes, and the notes of lines that there are not."""
    near = {line + by for line in notes for by in range(-_AROUND, _AROUND + 1)}
    width = max((len(lines[line - 1]) for line in near if 0 < line <= len(lines)), default=0)
    shown = []
    last = 0
    for line in sorted(near):
        exists = 0 < line <= len(lines)
        if not exists and line not in notes:
            continue
        if last and line > last + 1:
            shown.append("     ...")
        last = line
        text = lines[line - 1] if exists else ""
        margin = "  ".join(notes.get(line, ()))
        shown.append(f"{line:5} | {text:{width}}  {margin}".rstrip())
    return shown
