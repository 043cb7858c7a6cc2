"""Seeds each fault in a copy of a tree, checks the step, and restores the file."""

from __future__ import annotations

import ast
import difflib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from training_alignment.checking.run import check, find_steps

from benchmarks.seeding import builders, configurations, contracts, flows, scripts, specifications
from benchmarks.seeding.builders import FRAMEWORKS
from benchmarks.seeding.fault import FAULTS, Fault
from benchmarks.seeding.files import LAUNCHER, SCRIPT, StepFiles
from benchmarks.seeding.scripts import called
from benchmarks.seeding.trees import Source
from flake8_training.finding import Finding

MODULES = (contracts, specifications, flows, scripts, builders, configurations)
"""Each module adds its faults at import."""
LEFT_OUT = shutil.ignore_patterns(".git", "__pycache__", ".venv")


class Outcome(NamedTuple):
    """The findings on one fault: ``right`` are the expected ones, ``besides`` the other new ones."""

    step: str
    fault: Fault
    place: int
    path: str
    right: tuple[Finding, ...]
    besides: tuple[Finding, ...]
    difference: str

    @property
    def new(self) -> tuple[Finding, ...]:
        """Return new findings that are neither expected nor a consequence of the fault."""
        return tuple(
            f for f in self.besides if f.code not in self.fault.follows and not self._is_said(f.code)
        )

    def _is_said(self, code: str) -> bool:
        return code in {expected for expected, _ in self.fault.said}


class Tree:
    """A copy of a repository, or of a folder of one, below ``scratch``; it becomes the current folder."""

    def __init__(self, original: Path, scratch: Path) -> None:
        original = original.resolve()
        whole = any((original / name).exists() for name in (".git", "pyproject.toml"))
        shutil.copytree(
            original, scratch / "tree" if whole else scratch / "tree" / original.name, ignore=LEFT_OUT
        )
        self.root = (scratch / "tree").resolve()
        self._known: dict[str, set[tuple[str, str, str]]] = {}
        os.chdir(self.root)
        discovery = find_steps(self.root)
        self.files = sorted(discovery.repository.files)
        listed = [_listed(step) for step in discovery.steps]
        parts = {part["path"] for step in listed for part in step["parts"]}
        listed.extend(_launchers(self.root, [path for path in self.files if path not in parts]))
        self.steps = {
            step["name"]: StepFiles(self.root, step, [other for other in listed if other is not step])
            for step in listed
        }

    @property
    def good_steps(self) -> list[str]:
        """Return the training steps and launchers without a file in a folder of bad examples."""
        return [
            name
            for name, step in self.steps.items()
            if step.kind in ("Training", "launcher")
            and not any("bad" in path.split("/") for path in step.all_paths)
        ]

    def outcomes(
        self, words: str = "", names: Sequence[str] = (), *, every: bool = False
    ) -> Iterator[Outcome]:
        """Yield the findings on each fault in each step, at its first possible place, or at every place.

        ``words`` is part of the names of the selected faults; ``names`` are the selected steps.
        """
        for name in names or self.good_steps:
            for fault in FAULTS:
                if words in f"{fault.part}: {fault.name}":
                    yield from self.seeded(self.steps[name], fault, every=every)

    def seeded(self, step: StepFiles, fault: Fault, *, every: bool = False) -> Iterator[Outcome]:
        """Yield the findings on a fault in one step; nothing if the step has no place for it."""
        if fault.part not in step.paths:
            return
        path = step.paths[fault.part]
        before = (self.root / path).read_text(encoding="utf-8")
        sources = (source for source in fault.make(step) if source is not None and source != before)
        for place, source in enumerate(sources):
            clean = self._clean(step)
            (self.root / path).write_text(source, encoding="utf-8")
            try:
                found = [f for f in self._check(step) if _what(f) not in clean]
            finally:
                (self.root / path).write_text(before, encoding="utf-8")
            right = tuple(f for f in found if _is_right(f, fault, step))
            besides = tuple(f for f in found if f not in right)
            yield Outcome(step.name, fault, place, path, right, besides, _difference(before, source))
            if not every:
                return

    def _clean(self, step: StepFiles) -> set[tuple[str, str, str]]:
        if step.name not in self._known:
            self._known[step.name] = {_what(f) for f in self._check(step)}
        return self._known[step.name]

    def _check(self, step: StepFiles) -> list[Finding]:
        return check([self.root / path for path in step.all_paths], root=self.root)


def _is_right(finding: Finding, fault: Fault, step: StepFiles) -> bool:
    """Return whether a finding has an expected code, at the expected file."""
    return any(
        code == finding.code
        and (finding.path not in step.all_paths if part == "other" else finding.path == step.paths.get(part))
        for code, part in fault.said
    )


def _what(finding: Finding) -> tuple[str, str, str]:
    """Return a finding without its line, which an edit above it moves."""
    return finding.code, finding.path, finding.message


def _difference(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++")))


def _listed(step: Any) -> dict[str, Any]:
    parts = [{"role": str(part.role), "path": part.path, "name": part.name} for part in step.parts]
    return {"name": step.name, "kind": str(step.kind), "parts": parts}


def _launchers(root: Path, paths: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the files outside all steps that construct an estimator, each with the script that it starts."""
    for path in paths:
        if not path.endswith(".py"):
            continue
        content = (root / path).read_text(encoding="utf-8", errors="replace")
        if "sagemaker" not in content:
            continue
        try:
            source = Source(content)
        except (SyntaxError, ValueError):
            continue
        for call in source.all(ast.Call):
            point = source.value(call).get("entry_point")
            if called(call) in FRAMEWORKS and point is not None and point.word:
                script = [p for p in paths if p.endswith("/" + point.word.rpartition("/")[2])]
                parts = [{"role": LAUNCHER, "path": path, "name": ""}]
                parts.extend({"role": SCRIPT, "path": p, "name": ""} for p in script[:1])
                yield {"name": path, "kind": "launcher", "parts": parts}
                break
