"""TRN201: a contract input is missing from the specification."""

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


class ContractInputMissingFromSpecification(StepRule):
    """Reports an input of the contract that no specification of the step has."""

    code = "TRN201"
    severity = Severity.ERROR
    summary = "a contract input is missing from the specification"
    why = """
        The specification decides what a pipeline connects to a step. An input that only the contract has is connected
        to nothing: no upstream step delivers it. The script finds an empty folder, or ends with `FileNotFoundError`.
    """
    fix = """
        Add the input to the specification, or remove it from the contract.
    """
    warning_when = ("only some of the step's specifications lack the input",)
    reported_when = (
        "no specification of the contract has the input among its dependencies",
        "only the specifications of some job types have the input (a warning)",
        "the specification lists the bare names of its inputs, and the contract has an input without a "
        "type that is not listed",
        "the specification has no `inputs` at all, is complete otherwise, and the contract has inputs",
    )
    not_reported_when = (
        Condition(
            "the contract lists the input in `skip_inputs`",
            suppressed={
                "CHURN_TRAINING_CONTRACT = {\n": (
                    'CHURN_TRAINING_CONTRACT = {\n    "skip_inputs": ["validation_data"],\n'
                )
            },
            reported={
                "CHURN_TRAINING_CONTRACT = {\n": (
                    'CHURN_TRAINING_CONTRACT = {\n    "skip_outputs": ["validation_data"],\n'
                )
            },
        ),
        Condition(
            "the inputs of a specification are not stated, or cannot be determined completely",
            suppressed={
                "CHURN_TRAINING_SPEC = {\n": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC = {\n"),
                '        "training_data": "TrainingInput",\n': (
                    '        "training_data": "TrainingInput",\n        **MORE,\n'
                ),
            },
            reported={
                "CHURN_TRAINING_SPEC = {\n": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC = {\n")
            },
        ),
        BOUND_ELSEWHERE,
    )
    bad = Example(
        contract_and_specification(
            contract=[('"validation_data": {', '"validation_data": {  # TRN201')],
            specification=[('        "validation_data": "TrainingInput",\n', "")],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        for lacking in left_out(subject, "inputs", of="specification"):
            yield self.at(subject, lacking.place, lacking.detail, lacking.related)
        for missing in missing_from_specifications(subject, "input"):
            found = self.at(subject, missing.entry, missing.detail, missing.related)
            yield replace(found, severity=Severity.WARNING) if missing.only else found
        for other in disagreements(subject, "input"):
            if other.kind == "not in the specification":
                yield self.at(subject, other.place, other.detail, other.related)
