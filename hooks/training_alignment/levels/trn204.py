"""TRN204: a contract output is missing from the specification."""

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


class ContractOutputMissingFromSpecification(StepRule):
    """Reports an output that no specification of the step offers."""

    code = "TRN204"
    severity = Severity.ERROR
    summary = "a contract output is missing from the specification"
    why = """
        What the specification does not offer, no later step can take: the script writes it, SageMaker keeps it, and
        the pipeline cannot refer to it.

        Where a step has a specification for each job type, an output that is in some of them is a warning.
    """
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

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for missing in missing_from_specifications(subject, "output"):
            found = self.at(subject, missing.entry, missing.detail, missing.related)
            yield replace(found, severity=Severity.WARNING) if missing.only else found
        for other in disagreements(subject, "output"):
            if other.kind == "not in the specification":
                yield self.at(subject, other.place, other.detail, other.related)
