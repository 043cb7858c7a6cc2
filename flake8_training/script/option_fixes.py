"""Fixes of the declarations of options."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flake8_training.engine.values.option import Option
from flake8_training.fix import Fix, renamed
from flake8_training.spelling import same_name

TRUTH = 'lambda text: text.lower() in ("true", "1", "yes")'
"""A type for argparse that reads the truth values which SageMaker passes."""


def renamed_option(
    option: Option, old: str, new: str, *, path: str = "", lines: Sequence[str] | None = None
) -> Fix | None:
    """Return the fix that renames the flag ``old`` of an option, with the separators of the flag; None if unclear."""
    call = option.node
    if option.source != "argparse" or not isinstance(call, ast.Call):
        return None
    flags = [
        argument
        for argument in call.args
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and argument.value.startswith("--")
        and same_name(argument.value, old)
    ]
    if len(flags) != 1 or any(keyword.arg == "dest" for keyword in call.keywords):
        return None
    written = str(flags[0].value).removeprefix("--")
    intended = new.replace("_", "-") if "-" in written else new.replace("-", "_")
    return renamed(flags[0], written, intended, path=path, lines=lines)
