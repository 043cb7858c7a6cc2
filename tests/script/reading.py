"""Reads a made-up script, with local modules beside it, the way the plugin does."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

from flake8_training.engine.flow.container_paths import places
from flake8_training.engine.values.values import (
    Constant,
    LibraryObject,
    OptionValue,
    Reference,
    Value,
    Variable,
)
from flake8_training.script import Script, read


def script(source: str, folder: Path | None = None, **modules: str) -> Script:
    """Return the script of ``source``; ``modules`` are written beside it (``data="..."`` is ``data.py``)."""
    text = textwrap.dedent(source)
    for name, module in modules.items():
        assert folder is not None
        (folder / f"{name}.py").write_text(textwrap.dedent(module), encoding="utf-8")
    path = str(folder / "train.py") if folder else ""
    return read(ast.parse(text), path, text.splitlines())


def argument_of(read_script: Script, function: str) -> tuple[str, ...]:
    """Return what the first arguments of the calls of ``function`` can be, shown as text, sorted."""
    analysis = read_script.analysis
    shown: set[str] = set()
    for module in analysis.program.modules.values():
        for site in module.calls_by_name.get(function, ()):
            for value in analysis.evaluator.values(site.node.args[0], site.scope):
                shown.update(_shown(read_script, value))
    return tuple(sorted(shown))


def _shown(read_script: Script, value: Value) -> list[str]:
    if isinstance(value, Constant) and not isinstance(value.value, str):
        return [repr(value.value)]
    if isinstance(value, Reference | LibraryObject):
        return [value.name]
    if isinstance(value, OptionValue):
        return [f"--{value.option.name}"]
    if isinstance(value, Variable):
        return [f"${value.name}"]
    return [place.path for place in places(read_script.analysis.evaluator, (value,))] or ["?"]
