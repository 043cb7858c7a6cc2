"""TRN309: the hyperparameter source is not a step or file that exists."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.flow_tables import PIPELINE_FLOW, flow_tables
from training_alignment.levels.hyperparameter_sources import wrong_source
from training_alignment.levels.pipeline_example import OPTIONS, flow
from training_alignment.levels.subject import StepSubject


class HyperparameterSourceDoesNotExist(StepRule):
    """Reports a source of hyperparameters that is neither a step nor a file of the repository."""

    code = "TRN309"
    severity = Severity.ERROR
    summary = "the hyperparameter source is not a step or file that exists"
    why = """
        `hyperparameter_source` names the step (a tuning step, a preparation) or the file that the hyperparameters come
        from. One that is not there leaves the training on the defaults of its script, which is seen only in the
        quality of the model.

        A file is looked for beside the flow, below the repository's root, and by the end of its path. Places in S3 or
        in the container are not judged, names of steps only where the repository defines other steps.
    """
    bad = Example(
        flow(
            [
                (
                    '"hyperparameter_source": "churn_hyperparameters.json",',
                    '"hyperparameter_source": "hyperparameters/churn.json",  # TRN309',
                )
            ]
        ),
        options=OPTIONS,
    )
    good = Example(flow(), options=OPTIONS)

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding at each source that is not there."""
        for table in flow_tables(subject, PIPELINE_FLOW):
            wrong = wrong_source(subject, table)
            if wrong is not None:
                yield self.at(subject, *wrong)
