"""Runs of the rules over one step: its cross-checks, and the checks of each of its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flake8_training.checker import findings_in, launcher_findings_in, run
from flake8_training.finding import Finding
from flake8_training.ledger import page_of, reported_as
from flake8_training.record import replace
from flake8_training.rules.launcher.launcher_rule import LauncherRule
from flake8_training.rules.rule import Rule
from flake8_training.rules.trn001_internal_error import InternalError
from flake8_training.script import Script
from training_alignment.artefacts.model import StepKind
from training_alignment.artefacts.tree import ReadError
from training_alignment.checking.guard import guarded
from training_alignment.comparisons.declared_checks import Declared, declared_problems
from training_alignment.comparisons.misspelt_keys import misspelt_keys
from training_alignment.comparisons.property_paths import property_problems
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.step_rule import File, StepRule
from training_alignment.steps.step import Role

_DECLARING = (Role.CONTRACT, Role.SPECIFICATION, Role.BUILDER)
_WORDS = (
    b"agemaker",
    b"SageMaker",
    b"estimator_config",
    b"code_location",
    b"destination",
    b"Contract(",
    b"OutputSpec(",
)
"""Each file that starts or declares a training job contains one of these. A file without any is skipped."""


def findings_of_step(step: StepUnderCheck, wanted: Sequence[Rule[Any]]) -> Iterator[Finding]:
    """Yield all findings of the rules in a step. Never raises."""
    with reported_as(step.path, step.name):
        of_step = [f for rule in wanted if isinstance(rule, StepRule) for f in run(rule, step, step.path)]
    yield from of_step
    yield from guarded(step.path, _of_script(step, wanted))
    launching = [rule for rule in wanted if isinstance(rule, LauncherRule)]
    if launching:
        yield from _of_python(step, launching)
        yield from _of_artefacts(step, wanted)


def _of_script(step: StepUnderCheck, wanted: Iterable[Rule[Any]]) -> Iterator[Finding]:
    """Yield the script rules' findings in a step's training script."""
    script = _training_script(step)
    if script is not None:
        of_scripts = [rule for rule in wanted if rule.seen_by != "hook"]
        path = step.script_path or script.path
        with reported_as(path, step.name):
            found = findings_in(script, of_scripts)
        yield from (replace(f, path=path, step=step.name) for f in found)


def _training_script(step: StepUnderCheck) -> Script | None:
    """Return the script of a training step, or a training script of a step of unknown kind; else None."""
    if step.kind not in (StepKind.TRAINING, StepKind.TUNING, StepKind.UNKNOWN):
        return None
    script = step.script
    if script is None or (step.kind is StepKind.UNKNOWN and not script.is_training_script):
        return None
    return script


def _of_python(step: StepUnderCheck, rules: Iterable[LauncherRule]) -> Iterator[Finding]:
    """Yield the launcher rules' findings in the step's contracts, specifications and builder."""
    repository = step.repository.discovery.repository
    rules = tuple(rules)
    for path in dict.fromkeys(part.path for role in _DECLARING for part in step.step.of(role)):
        if not path.endswith(".py"):
            continue
        try:
            if not any(word in repository.data(path) for word in _WORDS):
                continue
            launcher = repository.programs.launcher(path)
            with reported_as(path, step.name):
                found = launcher_findings_in(launcher, rules) if launcher.is_launcher else []
        except ReadError:
            continue  # TRN002 reports it
        except Exception as error:
            found = [InternalError().report(path, "the reader", error)]
        yield from (replace(finding, path=path, step=step.name) for finding in found)


def _of_artefacts(step: StepUnderCheck, rules: Iterable[Rule[Any]]) -> Iterator[Finding]:
    """Yield the same rules' findings in YAML and JSON and across files, which flake8 does not check."""
    by_code = {rule.code: rule for rule in rules}
    for problems in _readers(step):
        yield from guarded(step.path, _placed(step, problems, by_code))


def _placed(
    step: StepUnderCheck,
    problems: Callable[[StepUnderCheck], Iterable[Declared]],
    by_code: Mapping[str, Rule[Any]],
) -> Iterator[Finding]:
    for code, place, detail in problems(step):
        if code in by_code:
            found = by_code[code].finding(File(place.path), place.line, detail, step=step.name)
            yield replace(found, column=place.column)


def _readers(step: StepUnderCheck) -> Iterator[Callable[[StepUnderCheck], Iterable[Declared]]]:
    yield declared_problems
    yield property_problems
    yield misspelt_keys
    if step.reading.builder is not None:
        from training_alignment.comparisons.inherited_methods import inherited_problems
        from training_alignment.comparisons.required_lists import required_problems

        def of_builder(step: StepUnderCheck) -> list[Declared]:
            with reported_as(step.path, step.name), page_of("TRN401", step.path):
                return [*inherited_problems(step), *required_problems(step)]

        yield of_builder
    if step.reading.configuration is not None:
        from training_alignment.comparisons.configured_values import configured_problems

        yield configured_problems
