"""Aliases of the outputs that a specification declares.

Example: ``OutputSpec(logical_name=..., aliases=[...])``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flake8_training.launcher.sdk_objects import LauncherInterface


OUTPUT_CLASS = "OutputSpec"


def declares_outputs(launcher: LauncherInterface) -> bool:
    """Return whether a file declares outputs of a specification."""
    return bool(launcher.module.calls_by_name.get(OUTPUT_CLASS))
