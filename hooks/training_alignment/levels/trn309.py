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
        `hyperparameter_source` names the step or the file that the hyperparameters come from. If it does not exist, the
        training uses the defaults of its script. Only the quality of the model shows it.
    """
    fix = """
        Name an existing step, or the path of an existing file.
    """
    reported_when = (
        "`hyperparameter_source` of a `training_pipeline_flow` is a path, and no file or folder of the "
        "repository ends with it",
        "`hyperparameter_source` is the name of no step of the repository",
    )
    not_reported_when = (
        "the source is a URI, an absolute path or a path in the home folder",
        "the source has placeholders such as `{bucket}`, or is a property of a step",
        "the source is a word for a part of the step itself, such as `config`, `contract` or `default`",
        "the source is a dotted name, such as `package.module`, or a word for a kind of step, such as "
        "`TuningStep`",
        "the source is the name of no step, the repository has no other steps, and no registry names them",
    )
    missed = (
        "`training_pipeline_flow` is a section of a specification, and not a constant or a file of its own",
    )
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
        """Yield one finding at each source that does not exist."""
        for table in flow_tables(subject, PIPELINE_FLOW):
            wrong = wrong_source(subject, table)
            if wrong is not None:
                yield self.at(subject, *wrong)
