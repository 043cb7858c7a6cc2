"""Text search for step names in artefact files.

False matches are possible; missed ones are not, if a step is named as it is declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from flake8_training.pattern import pattern
from flake8_training.source_file import searched
from training_alignment.repository.answer_forms import GROUPS
from training_alignment.repository.file_questions import FileQuestion
from training_alignment.scan.index import Index

_STATED = pattern(rb"\bstep_(?:type|name)[\"']?\s*[:=]\s*(?:[\w.]+\(\s*)?[\"']?([\w-]+)")
_WORD = pattern(rb"[A-Za-z][\w-]*")
_SOURCES = pattern(
    rb"compatible_sources[\"']?\s*[:=](?:\s*[\[({]([^\])}]*)|((?:\s*\n[ \t]*-[^\n]*)+)|\s*((?:\S[^\n]*)?))"
)
"""The sources of an input: in brackets, as a YAML list, or the rest of the line."""
_DEPENDENCY = pattern(rb"\bDependency\w*\(|\bdependencies[\"']?\s*:")
_SEPARATORS = pattern(r"[_-]|step", re.IGNORECASE)


def may_lead_back(index: Index, paths: Iterable[str]) -> bool:
    """Return whether the steps declared in ``paths`` may depend on themselves, through any steps that they name.

    False is certain if steps are named as they are declared, with or without a job type.
    """
    files = sorted(set(paths))
    return bool(searched(("leading back", *files), lambda: ["yes"] if _may_lead_back(index, files) else []))


def _may_lead_back(index: Index, paths: Iterable[str]) -> bool:
    stated: dict[str, list[str]] = {}
    words: dict[str, set[str]] = {}
    for path, seen in index.glances.items():
        if not (seen.specification or seen.flow or not path.endswith(".py")):
            continue
        found = index.answer(_NAMED if not seen.flow else _NAMED_IN_FLOW, path)
        if found is None:
            continue
        words[path] = set(found[0])
        for name in found[1]:
            stated.setdefault(_squashed(name), []).append(path)
    known = {name: _names(name, stated) for name in {word for found in words.values() for word in found}}
    leads = {
        path: {other for word in found for name in known[word] for other in stated[name] if other != path}
        for path, found in words.items()
    }
    start = [path for path in paths if path in leads]
    todo = [other for path in start for other in leads[path]]
    reached: set[str] = set()
    while todo:
        path = todo.pop()
        if path not in reached:
            reached.add(path)
            todo.extend(leads[path])
    return not reached.isdisjoint(start)


def _named(_: str, data: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that may name other steps, and the names that the file gives its own."""
    return _words(_sources(data)), _texts(_STATED.findall(data))


def _named_in_flow(_: str, data: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return _words(data), _texts(_STATED.findall(data))


def _words(data: bytes) -> tuple[str, ...]:
    return _texts(dict.fromkeys(_WORD.findall(data)))


def _texts(words: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(word.decode("ascii") for word in words)  # the patterns match nothing else


_NAMED, _NAMED_IN_FLOW = FileQuestion(_named, form=GROUPS), FileQuestion(_named_in_flow, form=GROUPS)


def _sources(data: bytes) -> bytes:
    """Return the sources of inputs in a file;

    the whole file if their form is not recognised, nothing if it has none.
    """
    if b"compatible_sources" not in data and _DEPENDENCY.search(data) is None:
        return b""
    found = [b" ".join(groups) for groups in _SOURCES.findall(data)]
    is_recognised = (
        found and len(found) == data.count(b"compatible_sources") and not any(b"=" in one for one in found)
    )
    return b"\n".join(found) if is_recognised else data


def _names(word: str, stated: dict[str, list[str]]) -> tuple[str, ...]:
    """Return the declared names that a word may refer to: the word itself, and the word without its job type."""
    forms = {_squashed(word), _squashed(word.replace("-", "_").rpartition("_")[0])}
    return tuple(form for form in forms if form in stated)


def _squashed(name: str) -> str:
    return _SEPARATORS.sub("", name).lower()
