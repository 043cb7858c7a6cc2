"""Steps for people and for programs: each with its files and why each was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from training_alignment.launches.overview import StartedStep
from training_alignment.reports.screen import columns, screen
from training_alignment.steps.step import Role, Step


def steps_text(steps: Sequence[Step], started: Sequence[StartedStep] = ()) -> str:
    """Return each step with a line for each of its files, then what the launchers start."""
    if not steps and not started:
        return "no steps found"
    return "\n\n".join([*(_step(step) for step in steps), *(_started(one) for one in started)])


def _started(one: StartedStep) -> str:
    rows: list[tuple[str, ...]] = [
        ("  launcher", f"{one.path}:{one.line}", one.reason),
        ("  script", one.script or "none", one.script_reason),
    ]
    if one.after:
        rows.append(("  after", ", ".join(one.after), "their properties, or depends_on"))
    return screen([f"{one.name}: {one.kind} ({one.reason})", *columns(rows)])


def _step(step: Step) -> str:
    rows: list[tuple[str, ...]] = [
        (f"  {part.role}", _named(part.path, part.name), part.reason) for part in step.parts
    ]
    if not step.has(Role.SCRIPT):
        rows.append(("  script", "none", step.script.reason))
    return screen([f"{step.name}: {step.kind} ({step.kind_reason})", *columns(rows)])


def _named(path: str, name: str) -> str:
    return f"{path}:{name}" if name else path


def step_data(step: Step) -> dict[str, object]:
    """Return one step as plain data."""
    return {
        "name": step.name,
        "kind": str(step.kind),
        "kind_reason": step.kind_reason,
        "explicit": step.explicit,
        "parts": [
            {
                "role": str(part.role),
                "path": part.path,
                "name": part.name,
                "reason": part.reason,
                "readable": part.readable,
            }
            for part in step.parts
        ],
        "script_reason": step.script.reason,
        "script_candidates": list(step.script.candidates),
    }


def started_data(one: StartedStep) -> dict[str, object]:
    """Return what a launcher starts as plain data, of the same form as a step."""
    parts = [{"role": "launcher", "path": one.path, "name": "", "reason": one.reason, "readable": True}]
    if one.script is not None:
        parts.append(
            {"role": "script", "path": one.script, "name": "", "reason": one.script_reason, "readable": True}
        )
    return {
        "name": one.name,
        "kind": one.kind,
        "kind_reason": one.reason,
        "explicit": False,
        "parts": parts,
        "script_reason": one.script_reason,
        "script_candidates": [],
        "line": one.line,
        "after": list(one.after),
    }
