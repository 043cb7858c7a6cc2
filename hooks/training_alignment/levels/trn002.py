"""TRN002: an artefact file cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.artefacts.errors import ReadError
from training_alignment.artefacts.tree import Place
from training_alignment.levels.base import RepositoryRule
from training_alignment.levels.subject import RepositorySubject


class UnreadableArtefact(RepositoryRule):
    """Reports a file of a step that cannot be read, at the line and column where reading ends."""

    code = "TRN002"
    severity = Severity.ERROR
    summary = "an artefact file cannot be read"
    why = """
        A contract, specification, builder, configuration or script with a syntax error, a duplicate key, a part of
        the wrong kind, or YAML that is unsafe or too large. Nothing that needs the file is checked; the other files
        of the step and the other steps are.

        Of two equal keys YAML and JSON keep one without a word, so the other input, output or hyperparameter is
        silently lost: that is an error too.
    """
    bad = Example(
        {
            "churn.step.yaml": """
                step_type: ChurnTraining
                contract:
                  inputs:
                    training_data: {path: /opt/ml/input/data/train}
                    training_data: {path: /opt/ml/input/data/validation}  # TRN002
            """
        },
        options=("--select=TRN002",),
    )
    good = Example(
        {
            "churn.step.yaml": """
                step_type: ChurnTraining
                contract:
                  inputs:
                    training_data: {path: /opt/ml/input/data/train}
                    validation_data: {path: /opt/ml/input/data/validation}
            """
        },
        options=("--select=TRN002",),
    )

    def check(self, subject: RepositorySubject, /) -> Iterator[Finding]:
        """Yield one finding for each file that cannot be read."""
        for error in subject.errors:
            yield self.of(error)
        for step in subject.steps:
            if step.script_error is not None:
                yield self.of(step.script_error, step.name)

    def of(self, error: ReadError, step: str = "") -> Finding:
        """The finding for one file."""
        return self.at(Place(error.path, error.line, error.column), error.message, step)
