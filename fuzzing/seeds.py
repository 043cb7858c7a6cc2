"""The sources that mutations start from: the examples, those of the rules, and the fixtures of the tests."""

from __future__ import annotations

import ast
import textwrap
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@cache
def seed_repositories() -> tuple[dict[str, str], ...]:
    """Sets of files, each by path."""
    from training_alignment.rules.step_rule import PACKAGE

    from flake8_training.rules.registry import rules

    found = [example.files for rule in rules(PACKAGE) for example in (rule.bad, rule.good)]
    found += [
        {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in sorted(folder.rglob("*.*"))}
        for folder in (ROOT / "examples" / "good", ROOT / "examples" / "bad")
    ]
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict) and (files := _files(node)):
                found.append(files)
    return tuple(found)


@cache
def seed_programs() -> tuple[str, ...]:
    """Programs of Python."""
    texts = {
        text: None for files in seed_repositories() for path, text in files.items() if path.endswith(".py")
    }
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count("\n") > 3:
                texts.setdefault(textwrap.dedent(node.value).lstrip("\n"))
    return tuple(text for text in texts if text.strip() and _parses(text))


def _files(node: ast.Dict) -> dict[str, str]:
    """The files that a dict literal of a test names, where it is one of paths and texts."""
    entries = [
        (key.value, value.value)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
        if isinstance(key.value, str) and isinstance(value.value, str)
    ]
    paths = all("." in path and "\n" not in path and " " not in path for path, _ in entries)
    if len(entries) != len(node.keys) or not paths or not any("\n" in text for _, text in entries):
        return {}
    return {path: textwrap.dedent(text).lstrip("\n") for path, text in entries}


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True
