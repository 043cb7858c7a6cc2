"""TRN202: a specification input is missing from the contract."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import contract_and_specification
from training_alignment.levels.named_ports import missing_from_contract, unknown_direct_inputs
from training_alignment.levels.port_types import disagreements
from training_alignment.levels.subject import StepSubject


class SpecificationInputMissingFromContract(StepRule):
    """Reports an input that the specification takes and the contract does not have."""

    code = "TRN202"
    severity = Severity.ERROR
    summary = "a specification input is missing from the contract"
    why = """
        The pipeline connects the input, and the job gets it at no place that the script knows of: the builder looks
        the path up in the contract and fails, or leaves the input out. A logical name that was changed on one side
        only is the usual reason.

        The keys that a step file lists under `patterns.direct_input_keys` are inputs too.
    """
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

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for missing in missing_from_contract(subject, "input"):
            yield self.at(subject, missing.entry, missing.detail, missing.related)
        for found in disagreements(subject, "input"):
            if found.kind == "not in the contract":
                yield self.at(subject, found.place, found.detail, found.related)
        for key, detail in unknown_direct_inputs(subject):
            yield self.at(subject, key, detail)
