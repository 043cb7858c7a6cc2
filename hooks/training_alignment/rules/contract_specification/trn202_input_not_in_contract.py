"""TRN202: a specification input is missing from the contract."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.port_types import disagreements
from training_alignment.comparisons.ports import left_out, missing_from_contract, unknown_direct_inputs
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import BOUND_ELSEWHERE, contract_and_specification
from training_alignment.rules.step_rule import StepRule


class SpecificationInputMissingFromContract(StepRule):
    """Reports an input of the specification that the contract does not have."""

    code = "TRN202"
    severity = Severity.ERROR
    summary = "a specification input is missing from the contract"
    why = """
        The pipeline connects the input, and the contract has no path for it. The builder looks the path up and fails,
        or leaves the input out, so that the script never receives the data.
    """
    fix = """
        Use the same logical name on both sides. Usually one side was missed in a rename.
    """
    reported_when = (
        "a dependency of the specification is no input of the contract",
        "the specification lists a bare word that is neither a type nor an input, and the inputs of the "
        "contract that it does not list state no type",
        "`patterns.direct_input_keys` of a step file lists a key that is an input of neither contract nor "
        "specification",
        "the contract has no `inputs` at all, is complete otherwise, and the specification has inputs",
    )
    not_reported_when = (
        Condition(
            "the inputs of the contract are not stated, or cannot be determined completely",
            suppressed={
                "CHURN_TRAINING_CONTRACT = {\n": (
                    "from pipeline.more import MORE\n\nCHURN_TRAINING_CONTRACT = {\n"
                ),
                '    "inputs": {\n        "training_data": {': (
                    '    "inputs": {\n        **MORE,\n        "training_data": {'
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
                    '"validation_data": "T',
                    '"test_data": "TrainingInput",  # TRN202\n            "validation_data": "T',
                )
            ],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        for lacking in left_out(subject, "inputs", of="contract"):
            yield self.at(subject, lacking.place, lacking.detail, lacking.related)
        for missing in missing_from_contract(subject, "input"):
            yield self.at(subject, missing.entry, missing.detail, missing.related)
        for found in disagreements(subject, "input"):
            if found.kind == "not in the contract":
                yield self.at(subject, found.place, found.detail, found.related)
        for key, detail in unknown_direct_inputs(subject):
            yield self.at(subject, key, detail)
