"""TRN205: a specification output is missing from the contract."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.port_types import disagreements
from training_alignment.comparisons.ports import left_out, missing_from_contract
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import BOUND_ELSEWHERE, contract_and_specification
from training_alignment.rules.step_rule import StepRule


class SpecificationOutputMissingFromContract(StepRule):
    """Reports an output of the specification that the contract does not have."""

    code = "TRN205"
    severity = Severity.ERROR
    summary = "a specification output is missing from the contract"
    why = """
        The pipeline connects later steps to an output that the script does not write. The pipeline is built without an
        error. The later step fails, or trains on no data.
    """
    fix = """
        Use the same logical name on both sides. Usually one side was missed in a rename.
    """
    reported_when = (
        "an output of the specification is no output of the contract",
        "the specification lists a bare word that is neither a type nor an output, and the outputs of the "
        "contract that it does not list state no type",
        "the contract has no `outputs` at all, is complete otherwise, and the specification has outputs",
    )
    not_reported_when = (
        Condition(
            "the outputs of the contract are not stated, or cannot be determined completely",
            suppressed={
                "CHURN_TRAINING_CONTRACT = {\n": (
                    "from pipeline.more import MORE\n\nCHURN_TRAINING_CONTRACT = {\n"
                ),
                '    "outputs": {\n        "model_artifacts": {\n': (
                    '    "outputs": {\n        **MORE,\n        "model_artifacts": {\n'
                ),
            },
            reported={
                "CHURN_TRAINING_CONTRACT = {\n": (
                    "from pipeline.more import MORE\n\nCHURN_TRAINING_CONTRACT = {\n"
                )
            },
        ),
        BOUND_ELSEWHERE,
    )
    bad = Example(
        contract_and_specification(
            specification=[
                (
                    '"model_artifacts": "model_artifacts",',
                    '"model_artifacts": "model_artifacts",\n            "metrics": "evaluation_output",  # TRN205',
                )
            ],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        for lacking in left_out(subject, "outputs", of="contract"):
            yield self.at(subject, lacking.place, lacking.detail, lacking.related)
        for missing in missing_from_contract(subject, "output"):
            yield self.at(subject, missing.entry, missing.detail, missing.related)
        for found in disagreements(subject, "output"):
            if found.kind == "not in the contract":
                yield self.at(subject, found.place, found.detail, found.related)
