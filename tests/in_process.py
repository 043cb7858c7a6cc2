"""Runs a command line of a program in this process, as if it had been started: a hundred times faster than a start."""

from __future__ import annotations

import functools
import gc
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from flake8 import utils
from flake8.main.cli import main as flake8_main
from training_alignment.cli import main as command_main

from flake8_training.engine.syntax.program import LOCAL_MODULES
from flake8_training.plugin import AdvicePlugin, TrainingPlugin

_PACKAGES = ("flake8_training", "training_alignment")


class Ended(NamedTuple):
    """The exit code and output of a program."""

    exit_code: int
    output: str
    errors: str


def run_flake8(arguments: list[str], folder: Path, stdin: str | None = None) -> Ended:
    """Run flake8 in ``folder``, without worker processes."""
    # flake8 reads standard input once per process.
    utils.stdin_get_value.cache_clear()  # type: ignore[attr-defined]
    with _plugin_state():
        return _run(flake8_main, ["--jobs=1", *arguments], folder, stdin)


def run_command(arguments: list[str], folder: Path, stdin: str | None = None) -> Ended:
    """Run ``training-alignment`` in ``folder``."""
    threshold = gc.get_threshold()
    try:
        return _run(command_main, arguments, folder, stdin)
    finally:
        gc.set_threshold(*threshold)


def _run(
    main: Callable[[list[str]], int | None], arguments: list[str], folder: Path, stdin: str | None
) -> Ended:
    """Run ``main`` with streams and a working folder of its own. An exception that a start would print is raised."""
    _forget()
    output, errors = io.BytesIO(), io.BytesIO()
    streams = (
        io.TextIOWrapper(io.BytesIO((stdin or "").encode()), encoding="utf-8"),
        io.TextIOWrapper(output, encoding="utf-8"),
        io.TextIOWrapper(errors, encoding="utf-8", errors="backslashreplace"),
    )
    before = os.getcwd()
    os.chdir(folder)
    try:
        with (
            mock.patch.object(sys, "stdin", streams[0]),
            mock.patch.object(sys, "stdout", streams[1]),
            mock.patch.object(sys, "stderr", streams[2]),
        ):
            try:
                code = main(arguments)
            except SystemExit as end:
                code = _exit_code(end)
            for stream in streams[1:]:
                stream.flush()
    finally:
        os.chdir(before)
    return Ended(code or 0, output.getvalue().decode(), errors.getvalue().decode())


def _exit_code(end: SystemExit) -> int:
    """Return the exit code of a process that ends with ``end``: a text is printed and means 1."""
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    print(end.code, file=sys.stderr)
    return 1


def _forget() -> None:
    """Empty the product's bounded caches, which keep what came from files; the unbounded ones hold its own tables."""
    LOCAL_MODULES.forget()
    for cache in _bounded_caches(len(sys.modules)):
        cache.cache_clear()


@functools.lru_cache(maxsize=1)
def _bounded_caches(_: int) -> list[Any]:
    """Return the bounded caches of the product's modules, looked for again whenever modules have been added."""
    return [
        value
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] in _PACKAGES
        for value in vars(module).values()
        if isinstance(value, functools._lru_cache_wrapper) and value.cache_parameters()["maxsize"] is not None
    ]


@contextmanager
def _plugin_state() -> Iterator[None]:
    """Give the plugin's classes back the values that flake8 sets on them for one run."""
    classes = {cls for plugin in (TrainingPlugin, AdvicePlugin) for cls in plugin.__mro__[:-1]}
    before = {cls: dict(vars(cls)) for cls in classes}
    try:
        yield
    finally:
        for cls, values in before.items():
            for name, value in dict(vars(cls)).items():
                if name not in values:
                    delattr(cls, name)
                elif values[name] is not value:
                    setattr(cls, name, values[name])
