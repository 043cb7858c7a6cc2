"""What a launcher passes to its jobs, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from training_alignment.launches.launch_summary import LaunchFacts, PassedFacts
from training_alignment.reports.screen import screen, table


def launches_text(path: str, launches: list[LaunchFacts]) -> str:
    """Return the facts of a launcher for people: each estimator with what it passes to its job."""
    return screen(line for launch in launches for line in ("", *_lines(path, launch)))[1:]


def _lines(path: str, launch: LaunchFacts) -> Iterator[str]:
    framework = f" ({launch['framework']})" if launch["framework"] else ""
    yield f"{path} line {launch['line']}: {launch['estimator']}{framework}"
    yield f"  starts: {launch['script'] or 'a script that cannot be told, or none'}"
    if launch["source_dir"]:
        yield f"  with the folder: {launch['source_dir']}"
    yield f"  versions: {_listed(launch['versions'])}"
    yield f"  settings: {_listed(launch['settings'])}"
    yield from table("channels", ((one["name"], f"line {one['line']}") for one in launch["channels"]))
    hyperparameters = (
        (one["name"], "tuned" if one["tuned"] else _shown(one), f"line {one['line']}")
        for one in launch["hyperparameters"]
    )
    yield from table("hyperparameters", hyperparameters)
    variables = ((one["name"], _shown(one), f"line {one['line']}") for one in launch["environment_variables"])
    yield from table("environment variables", variables)
    metrics = ((one["name"] or "?", one["regex"] or "?", f"line {one['line']}") for one in launch["metrics"])
    yield from table("metrics", metrics)
    if launch["cannot_tell"]:
        yield f"  there may be more: {', '.join(launch['cannot_tell']).replace('_', ' ')}"


def _listed(values: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items()) or "none"


def _shown(entry: PassedFacts) -> str:
    return f"{entry['value']!r}"
