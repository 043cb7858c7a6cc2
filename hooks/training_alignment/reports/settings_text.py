"""The settings that a check uses, with their origin."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from flake8_training.configuration import ProjectConfiguration
from flake8_training.project_folder import FILE, SECTION
from training_alignment.reports.screen import columns, screen


def settings_text(
    configuration: ProjectConfiguration,
    root: str,
    chosen: Mapping[str, object],
    from_command_line: Collection[str],
) -> str:
    """Return a line for each setting: its name, its value and its origin.

    ``chosen`` are the settings that the command line may override, ``from_command_line`` the names of those that it
    does override.
    """
    default = ProjectConfiguration()

    def origin(name: str, value: object) -> str:
        if name in from_command_line:
            return "command line"
        return "default" if value == getattr(default, name) else FILE

    rows = [("repository", root, "")]
    settings: dict[str, object] = {
        "training_scripts": configuration.training_scripts,
        "exclude": configuration.exclude,
        "per_file_ignores": configuration.per_file_ignores,
        "steps": configuration.steps,
        **chosen,
    }
    for name, value in sorted(settings.items()):
        rows.append((name.replace("_", "-"), ", ".join(_words(value)) or "none", origin(name, value)))
    return screen([f"Settings of [{'.'.join(SECTION)}] and of the command line", *columns(rows)])


def _words(value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, tuple):
        for one in value:
            if isinstance(one, tuple) and hasattr(one, "name"):
                yield str(one.name)
            elif isinstance(one, tuple):
                glob, codes = one
                yield f"{glob} ({' '.join(codes)})"
            else:
                yield str(one)
