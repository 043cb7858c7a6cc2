"""The jobs that launchers start and the steps of their pipelines, as plain data for the commands that list steps."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from flake8_training.launcher.pipelines import Pipeline, PipelineStep
from flake8_training.launcher.remote_functions import RemoteCall
from flake8_training.record import Record
from training_alignment.launches.jobs_of_steps import calls_of, runs
from training_alignment.launches.launch import Launch
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.launches.processing import ProcessingLaunch
from training_alignment.launches.search import Search
from training_alignment.repository.repository import Repository

_STARTING = frozenset({"TrainingStep", "TuningStep", "ProcessingStep"})
_UNKNOWN = "no script of the repository is named"
_NONE = "the step starts no script"


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
    search = Search(repository)
    for file, launches in search.found():
        if file.path not in known:
            listed: set[int] = set()
            launches = search.linked(file, launches)
            for pipeline in file.launcher.pipelines:
                yield from _of_pipeline(file, pipeline, (*launches, *search.processing(file)), listed)
            for launch in launches:
                if id(launch) not in listed:
                    yield _of_launch(file, launch)
            for call in file.launcher.remote_calls:
                yield _of_remote(file, call)


def _of_pipeline(
    file: LauncherFile,
    pipeline: Pipeline,
    launches: Collection[Launch | ProcessingLaunch],
    listed: set[int],
) -> Iterator[StartedStep]:
    name = pipeline.sdk_object.get("name")
    text = name.text if name is not None else None
    reason = f"a step of the pipeline {text}" if text else "a step of a pipeline"
    names = {id(step.node): step.name for step in pipeline.steps or () if step.name is not None}
    for step in pipeline.steps or ():
        run = [one for one in launches if runs(one, step)]
        listed.update(map(id, run))
        launch = run[0] if run else None
        line = file.line_in_file(step.node.lineno)
        yield StartedStep(
            step.name or f"{file.path}:{line}",
            step.kind,
            reason,
            file.path,
            line,
            launch.script_path if launch is not None else None,
            _why(launch) if launch is not None else _UNKNOWN if step.kind in _STARTING else _NONE,
            tuple(dict.fromkeys(_before(file, step, names))),
        )


def _before(file: LauncherFile, step: PipelineStep, names: dict[int, str]) -> Iterator[str]:
    """Yield the names of the listed steps whose properties a step's calls contain, or that it depends on."""
    inside = {id(node) for call in (step.node, *calls_of(step)) for node in ast.walk(call)}
    for use in file.launcher.properties:
        if id(use.node) in inside:
            yield from (names[id(one.node)] for one in use.steps if id(one.node) in names)
    depends_on = step.arguments.get("depends_on")
    for value in depends_on.expression.values if depends_on is not None else ():
        for element in file.launcher.elements(value) or ():
            held = file.launcher.constructions_in(element)
            yield from (names[id(one.node)] for one in held if id(one.node) in names)


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


def _of_remote(file: LauncherFile, call: RemoteCall) -> StartedStep:
    """Return a function that runs as a job: its file is the script."""
    line = file.line_in_file(call.node.lineno)
    name = call.arguments.get("name") if call.name == "step" else None
    text = name.text if name is not None else None
    reason = "a function that runs as a job"
    return StartedStep(
        text or f"{file.path}:{line}", call.name, reason, file.path, line, file.path, "the function's file"
    )


def _why(launch: Launch | ProcessingLaunch) -> str:
    """Return why the script of a launch is what it is, or unknown."""
    if launch.script_path is not None:
        if isinstance(launch, ProcessingLaunch):
            return "the code of the processing job"
        if launch.started.dockerfile:
            return f"the program of the image of {launch.started.dockerfile}"
        return "the only script of the entry point's name" if launch.alternatives else "the entry point"
    if launch.started.missing:
        return f"no file {launch.started.missing}"
    return _UNKNOWN
