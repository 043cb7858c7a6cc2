"""Runs of the rules over a launcher and the scripts that it starts."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any, cast

from flake8_training.checker import findings_in, launcher_findings_in, run
from flake8_training.engine.flow.reachability import does_nothing
from flake8_training.finding import Finding, Severity
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.ledger import (
    Suppression,
    not_collecting,
    note_suppressed,
    open_ledger,
    page_of,
    reported_as,
)
from flake8_training.libraries.rows import ANYTHING, Reads, Returns
from flake8_training.record import replace
from flake8_training.rules.launcher.needed_facts import rules_over
from flake8_training.rules.registry import Rules
from flake8_training.rules.rule import Rule
from flake8_training.script import Script
from flake8_training.script.verdict import State
from training_alignment.artefacts.read_error import ReadError
from training_alignment.checking.guard import guarded
from training_alignment.checking.script_in_job import as_launched
from training_alignment.comparisons.launch.builtin_algorithms import missing_algorithm_hyperparameters
from training_alignment.comparisons.launch.configuration_keys import missing_keys
from training_alignment.comparisons.launch.evaluated_elsewhere import evaluating_job
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.open_requirement import open_requirement_of
from training_alignment.comparisons.launch.processing_modules import modules_not_mounted
from training_alignment.comparisons.launch.property_keys import unwritten_keys
from training_alignment.launches.launch import Launch
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.launches.passed_hyperparameters import sent
from training_alignment.launches.processing import ProcessingLaunch
from training_alignment.launches.search import Search
from training_alignment.rules.launch_rule import LauncherFileRule, LaunchRule, placed, placed_by_side
from training_alignment.rules.processing_rule import ProcessingRule
from training_alignment.rules.step_rule import File

# Before these versions the containers import the entry point and call its train(), model_fn() or estimator_fn().
# TensorFlow has such a mode up to 1.x (script_mode=False).
_IMPORTING = {"mxnet": (1, 3), "tensorflow": (2, 0)}
_OF_TRAININGS = frozenset({"TRN101", "TRN102", "TRN103", "TRN104", "TRN105"})

_ALSO_OF_PROCESSING = {"TRN306": unwritten_keys, "TRN407": modules_not_mounted}
"""What the rules over one file, and over a training job, also find in a processing job."""
_ALSO_OF_LAUNCHES = {"TRN158": missing_keys, "TRN209": missing_algorithm_hyperparameters}
"""What the rules over a step also find in a launch."""


Parts = Iterator[tuple[str, Iterator[Finding]]]


def findings_of_launcher(
    search: Search, file: LauncherFile, started: Sequence[Launch], rules: Rules, checked: Container[str]
) -> Parts:
    """Yield the findings in a launcher and its scripts, in parts.

    A part is the findings of the script rules in a script that is not yet ``checked``, by its path, or others, by an
    empty string.
    """
    path = file.path
    with_own = path not in checked
    known: list[Finding] = []

    def of_launcher() -> Iterator[Finding]:
        known.extend(guarded(path, _of_file(file, rules, with_own=with_own)))
        for launch in started:
            known.extend(guarded(path, _of_launch(launch, rules)))
        known.extend(guarded(path, _of_processing(search, file, rules)))
        yield from map(file.reading, known)
        if open_ledger() is not None:
            _note_tests(search, file, rules)
        yield from guarded(path, _by_default(search, file, rules, known, with_own=with_own))

    yield "", of_launcher()
    in_cells: set[str] = set()  # the scripts that the launcher writes itself, which are its own versions
    of_files: set[str] = set()
    for launch in started:
        yield "", guarded(path, _as_launched(launch, rules))
        script = launch.script_path
        if script is None or (launch.script is None and launch.script_error is None):
            continue
        if launch.lines_before is not None:
            if script not in in_cells:
                in_cells.add(script)
                yield "", guarded(path, _of_launched(launch, script, rules))
        elif script not in checked and script not in of_files:
            of_files.add(script)
            yield script, guarded(path, _of_launched(launch, script, rules))


def _of_launched(launch: Launch, path: str, rules: Rules) -> Iterator[Finding]:
    """Yield the script rules' findings in a launched script."""
    if launch.script is not None:
        yield from _of_script(launch, launch.script, path, rules)
    elif launch.script_error is not None:
        yield from findings_of_unreadable(launch.script_error, rules)


def _by_default(
    search: Search, file: LauncherFile, rules: Rules, known: list[Finding], with_own: bool
) -> Iterator[Finding]:
    """Yield the findings that only the author's defaults cause, which no call replaces."""
    read = search.read_by_default(file)
    if read is None:
        return
    if not with_own:
        # Another check covers the rules of one file, and reports these findings.
        known = [*known, *_of_file(file, rules, with_own=True)]
    places = {(found.path, found.line, found.code) for found in known}
    again, started = read
    with not_collecting():
        second = list(_of_file(again, rules, with_own=True))
        for launch in started:
            second += _of_launch(launch, rules)
        second += _of_processing(search, again, rules)
    for found in second:
        if (found.path, found.line, found.code) not in places:
            found = again.reading(replace(found, message=f"{found.message}, by default"))
            with page_of(found.code, file.path) as page:
                if page is not None:
                    page.reported[found] = None
            yield found


def _note_tests(search: Search, file: LauncherFile, rules: Rules) -> None:
    """Note what the rules would report about the launches of tests, which :class:`Search` leaves out."""
    for launch in search.of_tests(file):
        with not_collecting():
            found = list(guarded(file.path, _of_launch(launch, rules)))
        for code in dict.fromkeys(one.code for one in found):
            with reported_as(file.path, line_in_file=file.line_in_file), page_of(code, file.path):
                note_suppressed(Suppression.TEST, launch.estimator.node)


def findings_of_unreadable(
    error: ReadError, rules: Rules, severity: Severity | None = None
) -> Iterator[Finding]:
    """Yield the findings for an unreadable launcher, or for an unreadable script that one starts."""
    rule = rules.coded("TRN002")
    if rule is not None:
        found = rule.finding(error, error.line, error.message, severity=severity)
        yield replace(found, column=error.column)


def _of_file(file: LauncherFile, rules: Rules, with_own: bool) -> Iterator[Finding]:
    with reported_as(file.path, line_in_file=file.line_in_file):
        of_one_file = rules_over(file.launcher, rules) if with_own else ()
        of_launcher = launcher_findings_in(file.launcher, of_one_file)
        of_file = [f for rule in rules.of(LauncherFileRule) for f in run(rule, file, file.path)]
    for found in of_launcher:
        yield file.placed(file.with_related_placed(found))
    yield from of_file
    yield from _of_requirement(file, rules)


def _of_requirement(file: LauncherFile, rules: Rules) -> Iterator[Finding]:
    """Yield the finding of a requirement that lets pip install another generation of the SDK than the launcher uses."""
    rule = rules.coded("TRN440")
    found = open_requirement_of(file) if rule is not None else None
    if rule is not None and found is not None:
        yield rule.finding(
            File(found.path), found.line, found.detail, (found.related,), severity=Severity.WARNING
        )


def _of_launch(launch: Launch, rules: Rules) -> Iterator[Finding]:
    with reported_as(launch.path, line_in_file=launch.file.line_in_file):
        found: list[Finding] = []
        for of_launch in rules.of(LaunchRule):
            found += run(of_launch, launch, launch.path)
        for of_file in rules.of(LauncherFileRule):
            found += run(of_file, launch, launch.path)
        for code, problems in _ALSO_OF_LAUNCHES.items():
            rule = rules.coded(code)
            if rule is not None:
                found += _across(rule, launch, problems(launch))
    yield from found


def _across(rule: Rule[Any], launch: Launch | ProcessingLaunch, problems: Iterable[Problem]) -> list[Finding]:
    """Return the findings of a comparison that a rule over one file, or over a step, adds for a job."""
    with page_of(rule.code, launch.path) as page:
        found = [
            placed_by_side(rule, launch, problem)
            if isinstance(launch, Launch)
            else placed(rule, launch.file, problem)
            for problem in problems
        ]
        if page is not None:
            page.reported.update(dict.fromkeys(found))
    return found


def _of_processing(search: Search, file: LauncherFile, rules: Rules) -> Iterator[Finding]:
    """Yield the findings of a launcher's processing jobs; a job of a function is checked once for each call of it."""
    of_jobs = rules.of(ProcessingRule)
    more = [
        (rule, compared)
        for code, compared in _ALSO_OF_PROCESSING.items()
        if (rule := rules.coded(code)) is not None
    ]
    seen: set[Finding] = set()
    with reported_as(file.path, line_in_file=file.line_in_file):
        for launch in search.processing(file) if of_jobs or more else ():
            found = [found for rule in of_jobs for found in run(rule, launch, file.path)]
            for rule, compared in more:
                found += _across(rule, launch, compared(launch))
            yield from (one for one in found if one not in seen)
            seen.update(found)


def _as_launched(launch: Launch, rules: Rules) -> Iterator[Finding]:
    """Yield the script rules' findings that only this launcher causes."""
    for found in as_launched(launch, rules):
        if launch.lines_before is None:
            yield found
        else:
            yield launch.file.placed(found, launch.lines_before)


def _of_script(launch: Launch, script: Script, path: str, rules: Rules) -> Iterator[Finding]:
    """Yield the script rules' findings. A missing part of a training is a finding in training scripts only."""
    is_entry_point = _certainly_trains(launch)
    script = script.as_entry_point() if is_entry_point else script
    of_scripts = [
        cast("Rule[Script]", rule)
        for rule in rules.over_scripts()
        if _applies(rule.code, script, launch)
        and not (rule.code == "TRN105" and _is_evaluated_elsewhere(script, launch))
    ]
    before = launch.lines_before
    in_file = None if before is None else lambda line: launch.file.line_in_file(line + before)
    with reported_as(path if before is None else launch.path, line_in_file=in_file):
        of_script = findings_in(script, of_scripts)
    for found in of_script:
        if launch.lines_before is None:
            yield replace(found, path=path)
        else:
            yield launch.file.placed(found, launch.lines_before)


def _applies(code: str, script: Script, launch: Launch) -> bool:
    """Return whether a rule applies to a script: rules for parts of a training need a script that trains.

    A script that the launcher certainly starts for a training is to train. Of one that does not, this alone is said.
    """
    if code not in _OF_TRAININGS or script.is_training_script:
        return True
    if script.training.state is State.PRESENT:
        if code == "TRN101":
            return script.is_entry_point and any(True for _ in sent(launch))
        if code == "TRN102":
            return script.is_entry_point and any(job.channels.names for job in launch.jobs)
        return code == "TRN104" or (code == "TRN105" and script.is_entry_point)
    return code == "TRN103" and script.is_entry_point and _is_to_train(script)


def _is_evaluated_elsewhere(script: Script, launch: Launch) -> bool:
    """Return whether another job may evaluate the model that a script does not evaluate; it is noted."""
    job = evaluating_job(launch) if script.evaluation.state is State.ABSENT else None
    if job is None:
        return False
    with page_of("TRN105", launch.path):
        note_suppressed(Suppression.OTHER_JOB, job)
    return True


def _certainly_trains(launch: Launch) -> bool:
    """Return whether a launcher certainly starts its script for a training: its own image may do another work."""
    estimator = launch.estimator
    if launch.alternatives or launch.started.by_command or launch.started.command is not None:
        return False
    if estimator.framework in _IMPORTING and not _runs_script(estimator):
        return False
    return bool(launch.jobs) and estimator.lacks("image_uri") and not estimator.is_trainer


def _runs_script(estimator: Estimator) -> bool:
    """Return whether an estimator's container certainly runs the entry point, and does not import its functions."""
    version = estimator.get("framework_version")
    text = version.text if version is not None else None
    numbers = text.split(".")[:2] if isinstance(text, str) else []
    if len(numbers) < 2 or not all(number.isdigit() for number in numbers):
        return False
    return (int(numbers[0]), int(numbers[1])) >= _IMPORTING[estimator.framework or ""]


def _is_to_train(script: Script) -> bool:
    """Return whether a script without a training lacks one: it has a training's data or saves a model, or it is idle.

    A job that reads a model, or a pickled object, may evaluate or predict.
    """
    if does_nothing(script.analysis.evaluator):
        return True
    if State.PRESENT not in (script.training_data.state, script.model_saving.state):
        return False
    return not any(
        row.what == "model" or any(other.result == ANYTHING for other in call.having(Returns))
        for call, row in script.analysis.calls.having(Reads)
    )
