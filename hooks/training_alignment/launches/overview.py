"""The jobs that launchers start and the steps of their pipelines, as plain data for the commands that list steps."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from flake8_training.launcher.pipelines import Pipeline, PipelineStep
from flake8_training.record import Record
from training_alignment.launches.launch import Launch
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.launches.search import Search
from training_alignment.repository.repository import Repository


class StartedStep(Record):
    """A job that a launcher starts, or a step of a pipeline that it constructs.

    * ``name``: the pipeline step's name, else the launcher's path and line.
    * ``kind``: the class of the step, estimator or request.
    * ``reason``: the pipeline that lists it, or what starts it.
    * ``path``, ``line``: its place.
    * ``script``: the script that it starts in the repository, or None, and in ``script_reason`` why.
    * ``after``: the names of the steps of its pipeline that it takes a property of, or depends on.
    """

    name: str
    kind: str
    reason: str
    path: str
    line: int
    script: str | None
    script_reason: str
    after: tuple[str, ...] = ()


def started_steps(repository: Repository, known: Collection[str] = ()) -> Iterator[StartedStep]:
    """Yield what the launchers of a repository start, by file; those in ``known`` are left out, as steps have them."""
    for file, launches in Search(repository).found():
        if file.path not in known:
            listed: set[int] = set()
            for pipeline in file.launcher.pipelines:
                yield from _of_pipeline(file, pipeline, launches, listed)
            for launch in launches:
                if not any(id(job.step.node) in listed for job in launch.jobs if job.step is not None):
                    yield _of_launch(file, launch)


def _of_pipeline(
    file: LauncherFile, pipeline: Pipeline, launches: Collection[Launch], listed: set[int]
) -> Iterator[StartedStep]:
    name = pipeline.sdk_object.get("name")
    text = name.text if name is not None else None
    reason = f"a step of the pipeline {text}" if text else "a step of a pipeline"
    names = {id(step.node): step.name for step in pipeline.steps or () if step.name is not None}
    for step in pipeline.steps or ():
        listed.add(id(step.node))
        launch = next((one for one in launches if _runs(one, step)), None)
        line = file.line_in_file(step.node.lineno)
        yield StartedStep(
            step.name or f"{file.path}:{line}",
            step.kind,
            reason,
            file.path,
            line,
            launch.script_path if launch is not None else None,
            _why(launch) if launch is not None else "the step starts no training",
            tuple(dict.fromkeys(_before(file, step, names))),
        )


def _before(file: LauncherFile, step: PipelineStep, names: dict[int, str]) -> Iterator[str]:
    """Yield the names of the listed steps whose properties a step's call contains, or that it depends on."""
    inside = {id(node) for node in ast.walk(step.node)}
    for use in file.launcher.properties:
        if id(use.node) in inside:
            yield from (names[id(one.node)] for one in use.steps if id(one.node) in names)
    depends_on = step.arguments.get("depends_on")
    for value in depends_on.given.values if depends_on is not None else ():
        for element in file.launcher.elements(value) or ():
            held = file.launcher.constructions_in(element)
            yield from (names[id(one.node)] for one in held if id(one.node) in names)


def _runs(launch: Launch, step: PipelineStep) -> bool:
    return any(
        job.node is step.node
        or (job.step is not None and job.step.node is step.node)
        or _is_in(job.node, step)
        for job in launch.jobs
    )


def _is_in(node: ast.AST, step: PipelineStep) -> bool:
    """Return whether a call that starts a job is in a step's call: ``TrainingStep(step_args=estimator.fit())``."""
    return any(one is node for one in ast.walk(step.node))


def _of_launch(file: LauncherFile, launch: Launch) -> StartedStep:
    line = file.line_in_file(launch.estimator.node.lineno)
    return StartedStep(
        f"{file.path}:{line}",
        launch.estimator.name,
        "started by the launcher" if launch.jobs else "constructed by the launcher",
        file.path,
        line,
        launch.script_path,
        _why(launch),
    )


def _why(launch: Launch) -> str:
    """Return why the script of a launch is what it is, or unknown."""
    if launch.script_path is not None:
        return "the only script of the entry point's name" if launch.alternatives else "the entry point"
    if launch.started.missing:
        return f"no file {launch.started.missing}"
    return "no script of the repository is named"
