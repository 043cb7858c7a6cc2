"""TRN201: a contract input is missing from the specification."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import contract_and_specification
from training_alignment.levels.named_ports import missing_from_specifications
from training_alignment.levels.port_types import disagreements
from training_alignment.levels.subject import StepSubject


class ContractInputMissingFromSpecification(StepRule):
    """Reports an input that no specification of the step takes."""

    code = "TRN201"
    severity = Severity.ERROR
    summary = "a contract input is missing from the specification"
    why = """
        The specification says what a pipeline connects to a step. An input that only the contract knows is connected
        to nothing: no upstream step delivers it, and the script finds an empty folder, or none at all.

        Where a step has a specification for each job type, an input that is in some of them is a warning.
    """
    bad = Example(
        contract_and_specification(
            contract=[('"validation_data": {', '"validation_data": {  # TRN201')],
            specification=[('        "validation_data": "TrainingInput",\n', "")],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for missing in missing_from_specifications(subject, "input"):
            found = self.at(subject, missing.entry, missing.detail, missing.related)
            yield replace(found, severity=Severity.WARNING) if missing.only else found
        for other in disagreements(subject, "input"):
            if other.kind == "not in the specification":
                yield self.at(subject, other.place, other.detail, other.related)
