"""Steps for people and for programs: each with its files and why each was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from training_alignment.reports.screen import columns, screen
from training_alignment.steps.step import Role, Step


def steps_text(steps: Sequence[Step]) -> str:
    """Return each step with a line for each of its files."""
    if not steps:
        return "no steps found"
    return "\n\n".join(_step(step) for step in steps)


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
