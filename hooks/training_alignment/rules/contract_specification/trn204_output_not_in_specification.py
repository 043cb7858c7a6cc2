"""TRN204: a contract output is missing from the specification."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.port_types import disagreements
from training_alignment.comparisons.ports import left_out, missing_from_specifications
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import BOUND_ELSEWHERE, contract_and_specification
from training_alignment.rules.step_rule import StepRule


class ContractOutputMissingFromSpecification(StepRule):
    """Reports an output of the contract that no specification of the step has."""

    code = "TRN204"
    severity = Severity.ERROR
    summary = "a contract output is missing from the specification"
    why = """
        A pipeline connects later steps to the outputs of the specification. The script writes the output and SageMaker
        stores it, but no later step can refer to it.
    """
    fix = """
        Add the output to the specification, or remove it from the contract.
    """
    warning_when = ("only some of the step's specifications lack the output",)
    reported_when = (
        "no specification of the contract has the output",
        "only the specifications of some job types have the output (a warning)",
        "the specification lists bare words, and neither the name nor the type of an output of the "
        "contract is among them",
        "the specification has no `outputs` at all, is complete otherwise, and the contract has outputs",
    )
    not_reported_when = (
        Condition(
            "the outputs of a specification are not stated, or cannot be determined completely",
            suppressed={
                "CHURN_TRAINING_SPEC = {\n": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC = {\n"),
                '        "model_artifacts": "model_artifacts",\n': (
                    '        "model_artifacts": "model_artifacts",\n        **MORE,\n'
                ),
            },
            reported={
                "CHURN_TRAINING_SPEC = {\n": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC = {\n")
            },
        ),
        Condition(
            "the specification lists types of outputs, and the contract does not state the output's type",
            suppressed={
                (
                    '    "outputs": {\n        "model_artifacts": "model_artifacts",\n    },\n'
                ): '    "outputs": ["model_artifacts"],\n'
            },
            reported={
                '{"source": "/opt/ml/checkpoints"},': '{"type": "checkpoint", "source": "/opt/ml/checkpoints"},',
                (
                    '    "outputs": {\n        "model_artifacts": "model_artifacts",\n    },\n'
                ): '    "outputs": ["model_artifacts"],\n',
            },
        ),
        BOUND_ELSEWHERE,
    )
    bad = Example(
        contract_and_specification(
            contract=[
                (
                    '"outputs": {',
                    '"outputs": {\n            "checkpoints": {"source": "/opt/ml/checkpoints"},  # TRN204',
                )
            ],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        for lacking in left_out(subject, "outputs", of="specification"):
            yield self.at(subject, lacking.place, lacking.detail, lacking.related)
        for missing in missing_from_specifications(subject, "output"):
            found = self.at(subject, missing.entry, missing.detail, missing.related)
            yield replace(found, severity=Severity.WARNING) if missing.only else found
        for other in disagreements(subject, "output"):
            if other.kind == "not in the specification":
                yield self.at(subject, other.place, other.detail, other.related)
