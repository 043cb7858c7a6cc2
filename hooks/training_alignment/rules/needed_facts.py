"""The facts of a step, or of the repository, without which a rule has nothing to check: it is not imported then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flake8_training.rules.registry import Rules
from flake8_training.rules.rule import Rule
from training_alignment.artefacts.flows import ARTIFACT_FLOW, DEPENDENCIES, PIPELINE_FLOW
from training_alignment.comparisons.flow_tables import flow_tables
from training_alignment.comparisons.step_subject import RepositorySubject, StepUnderCheck
from training_alignment.rules.step_rule import StepRule


def _is_training(step: StepUnderCheck) -> bool:
    return step.is_training


def _has_flow(*subjects: str) -> Callable[[StepUnderCheck], bool]:
    return lambda step: any(True for _ in flow_tables(step, *subjects))


def _has_destination(step: StepUnderCheck) -> bool:
    ports = (entry.value for contract in step.contracts for entry in contract.outputs or ())
    return step.is_training or any(port.location is not None for port in ports) or _FLOWS_OF_MODEL(step)


_FLOWS_OF_MODEL = _has_flow(PIPELINE_FLOW, ARTIFACT_FLOW)


def _declares_hyperparameters(step: StepUnderCheck) -> bool:
    return any(contract.hyperparameters is not None for contract in step.contracts)


def _constructs_in_builder(step: StepUnderCheck) -> bool:
    builder = step.reading.builder
    return builder is not None and any(True for _ in builder.constructions())


OF_STEPS: dict[str, Callable[[StepUnderCheck], bool]] = {
    "TRN125": _is_training,
    "TRN158": lambda step: step.is_training or _declares_hyperparameters(step),
    "TRN159": _is_training,
    "TRN160": lambda step: step.step.script.missing,
    "TRN208": lambda step: any(one.hyperparameters is not None for one in step.reading.specifications),
    "TRN209": _declares_hyperparameters,
    "TRN213": _is_training,
    "TRN308": _has_destination,
    "TRN309": _has_flow(PIPELINE_FLOW),
    "TRN310": _has_flow(DEPENDENCIES),
    "TRN420": _constructs_in_builder,
}
"""The rules over a step, each with whether a step has what it is about. A rule that is not listed always runs."""

OF_REPOSITORY: dict[str, Callable[[RepositorySubject], bool]] = {
    "TRN002": lambda subject: bool(subject.errors) or any(step.script_error for step in subject.steps),
    "TRN003": lambda subject: bool(subject.discovery.configuration_errors),
    "TRN311": lambda subject: bool(subject.steps),
}
"""All rules over a repository, which lie in the folders of those over steps."""


def rules_over_step(step: StepUnderCheck, rules: Rules) -> Iterator[Rule[Any]]:
    """Yield the rules over a step, without those that have nothing to check in this one."""
    codes = [code for code in rules.codes_in(*StepRule.folders) if code not in OF_REPOSITORY]
    return rules.needed(codes, lambda code: code not in OF_STEPS or OF_STEPS[code](step))


def rules_over_repository(subject: RepositorySubject, rules: Rules) -> Iterator[Rule[Any]]:
    """Yield the rules over a repository, without those that have nothing to check in this one."""
    codes = [code for code in rules.codes_in(*StepRule.folders) if code in OF_REPOSITORY]
    return rules.needed(codes, lambda code: OF_REPOSITORY[code](subject))
