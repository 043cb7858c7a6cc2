"""Runs of the rules over one step: its cross-checks, and the checks of each of its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from flake8_training.checker import findings_in, internal_error, launcher_findings_in, run
from flake8_training.finding import Finding
from flake8_training.ledger import page_of, reported_as
from flake8_training.record import replace
from flake8_training.rules.launcher.needed_facts import FOLDER, rules_over
from flake8_training.rules.registry import Rules
from flake8_training.script import Script
from training_alignment.artefacts.model import StepKind
from training_alignment.artefacts.read_error import ReadError
from training_alignment.checking.guard import guarded
from training_alignment.comparisons.declared_checks import Declared, declared_problems
from training_alignment.comparisons.misspelt_keys import misspelt_keys
from training_alignment.comparisons.port_parts import incomplete_ports
from training_alignment.comparisons.property_outputs import missing_outputs
from training_alignment.comparisons.property_paths import property_problems
from training_alignment.comparisons.s3_locations import location_problems
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.needed_facts import rules_over_step
from training_alignment.rules.step_rule import File
from training_alignment.steps.step import Role

_DECLARING = (Role.CONTRACT, Role.SPECIFICATION, Role.BUILDER)
_OF_TRAININGS = frozenset({"TRN210", "TRN212", "TRN214"})
"""Rules over one file that concern the artefacts of training steps only."""


def findings_of_step(step: StepUnderCheck, wanted: Rules) -> Iterator[Finding]:
    """Yield all findings of the rules in a step. Never raises."""
    with reported_as(step.path, step.name):
        of_step = [f for rule in rules_over_step(step, wanted) for f in run(rule, step, step.path)]
    yield from of_step
    yield from guarded(step.path, _of_script(step, wanted))
    if wanted.codes_in(FOLDER):
        yield from _of_python(step, wanted)
        yield from _of_artefacts(step, wanted)


def checked_script(step: StepUnderCheck) -> Iterator[str]:
    """Yield the path of the step's script if the script rules run over it."""
    if step.script_path is not None and _training_script(step) is not None:
        yield step.script_path


def declaring_files(step: StepUnderCheck) -> Iterator[str]:
    """Yield the paths of the step's Python files over which the launcher rules run."""
    parts = (part.path for role in _DECLARING for part in step.step.of(role))
    yield from dict.fromkeys(path for path in parts if path.endswith(".py"))


def _of_script(step: StepUnderCheck, wanted: Rules) -> Iterator[Finding]:
    """Yield the script rules' findings in a step's training script."""
    script = _training_script(step)
    if script is not None:
        path = step.script_path or script.path
        with reported_as(path, step.name):
            found = findings_in(script, wanted.over_scripts())
        yield from (replace(f, path=path, step=step.name) for f in found)


def _training_script(step: StepUnderCheck) -> Script | None:
    """Return the script of a training step, or a training script of a step of unknown kind; else None."""
    if step.kind not in (StepKind.TRAINING, StepKind.TUNING, StepKind.UNKNOWN):
        return None
    script = step.script
    if script is None or (step.kind is StepKind.UNKNOWN and not script.is_training_script):
        return None
    is_started = step.kind in (StepKind.TRAINING, StepKind.TUNING)
    return script.as_entry_point() if is_started else script


def _of_python(step: StepUnderCheck, wanted: Rules) -> Iterator[Finding]:
    """Yield the launcher rules' findings in the step's contracts, specifications and builder."""
    repository = step.repository.discovery.repository
    for path in declaring_files(step):
        try:
            launcher = repository.programs.launcher(path)
            with reported_as(path, step.name):
                found = (
                    launcher_findings_in(launcher, rules_over(launcher, wanted))
                    if launcher.is_launcher
                    else []
                )
        except ReadError:
            continue  # TRN002 reports it
        except Exception as error:
            found = [internal_error(path, "the reader", error)]
        for finding in found:
            if finding.code not in _OF_TRAININGS or not _is_of_other_job(step, path, finding.line):
                yield replace(finding, path=path, step=step.name)


def _is_of_other_job(step: StepUnderCheck, path: str, line: int) -> bool:
    """Return whether a line is in an artefact of a step that is certainly no training.

    The rules over one file do not know the kind of step, and a file may hold the artefacts of several steps.
    """
    starts = [one for one in step.repository.kinds_in.get(path, ()) if one[0] <= line]
    around = max(starts, key=lambda one: one[0], default=None)
    return around is not None and around[1] not in (StepKind.TRAINING, StepKind.TUNING, StepKind.UNKNOWN)


def _of_artefacts(step: StepUnderCheck, wanted: Rules) -> Iterator[Finding]:
    """Yield the same rules' findings in YAML and JSON and across files, which flake8 does not check."""
    for problems in _readers(step):
        yield from guarded(step.path, _placed(step, problems, wanted))


def _placed(
    step: StepUnderCheck,
    problems: Callable[[StepUnderCheck], Iterable[Declared]],
    wanted: Rules,
) -> Iterator[Finding]:
    for code, place, detail, related, summary in problems(step):
        rule = wanted.coded(code)
        if rule is not None:
            found = rule.finding(
                File(place.path), place.line, detail, related=related, step=step.name, summary=summary
            )
            yield replace(found, column=place.column)


def _of_builder(
    problems: Callable[[StepUnderCheck], Iterable[Declared]],
) -> Callable[[StepUnderCheck], list[Declared]]:
    """Return the reader of problems, with what is unknown noted on the page of the builder's methods."""

    def of_builder(step: StepUnderCheck) -> list[Declared]:
        with reported_as(step.path, step.name), page_of("TRN401", step.path):
            return list(problems(step))

    return of_builder


def _readers(step: StepUnderCheck) -> Iterator[Callable[[StepUnderCheck], Iterable[Declared]]]:
    yield declared_problems
    yield property_problems
    yield missing_outputs
    yield misspelt_keys
    yield location_problems
    yield incomplete_ports
    if step.reading.builder is not None:
        from training_alignment.comparisons.inherited_methods import inherited_problems

        yield _of_builder(inherited_problems)
    if step.reading.builder is not None and step.is_training:
        from training_alignment.comparisons.built_values import built_problems

        yield built_problems
    if step.reading.requirements:
        from training_alignment.comparisons.required_lists import required_problems

        yield _of_builder(required_problems)
    is_compared = step.is_training or step.reading.step_file is not None
    if step.reading.configuration is not None and is_compared:
        from training_alignment.comparisons.configured_values import configured_problems

        yield configured_problems
