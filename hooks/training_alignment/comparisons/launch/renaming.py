"""Fixes of a name that launcher and script spell differently: in the file that has the odd spelling."""

from __future__ import annotations

import ast

from flake8_training.engine.values.option import Option
from flake8_training.fix import Fix, renamed
from flake8_training.script.option_fixes import renamed_option
from flake8_training.spelling import is_odd_spelling
from training_alignment.launches.launch import Launch


def is_odd_in_script(launch: Launch, in_script: str, in_launcher: str) -> bool:
    """Return whether only one place of both files has the script's spelling, and others that of the launcher."""
    script = launch.script
    if script is None or launch.script_path is None or launch.lines_before is not None:
        return False
    sources = "".join(script.lines), "".join(launch.file.launcher.lines)
    return is_odd_spelling(in_script, in_launcher, *sources)


def option_renamed(launch: Launch, option: Option, old: str, new: str) -> Fix | None:
    """Return the fix that renames an option in the script of a launch."""
    script = launch.script
    if script is None or launch.script_path is None or not script.owns(option.node):
        return None
    return renamed_option(option, old, new, path=launch.script_path, lines=script.lines)


def string_renamed(launch: Launch, node: ast.AST, old: str, new: str) -> Fix | None:
    """Return the fix that renames words in the only literal below a node of the script that has them."""
    script = launch.script
    if script is None or launch.script_path is None or not script.owns(node):
        return None
    fixes = [
        fix
        for one in ast.walk(node)
        if isinstance(one, ast.Constant)
        and (fix := renamed(one, old, new, path=launch.script_path, lines=script.lines)) is not None
    ]
    return fixes[0] if len(fixes) == 1 else None
