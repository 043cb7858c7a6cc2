"""TRN215: an output alias equals a logical name."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule, other_side
from training_alignment.levels.subject import StepSubject

STEP_FILE = """
    step_type: ChurnTraining
    registry: {sagemaker_step_type: Training}
    contract:
      inputs:
        training_data: {path: /opt/ml/input/data/training}
      outputs:
        model_output: {path: /opt/ml/model}
    spec:
      dependencies:
        training_data: {type: training_data}
      outputs:
        model_output:
          type: model_artifacts
          aliases: %s%s
"""


class AliasEqualsName(StepRule):
    """Reports an output with an alias that is a logical name already."""

    code = "TRN215"
    severity = Severity.ERROR
    summary = "an output alias equals a logical name"
    why = """
        An alias is a further name for an output. One that equals the output's own name, capitals aside, is refused by
        the class that holds specifications, so the module cannot even be imported. One that equals another output's
        name makes it a matter of chance which of the two a later step gets.
    """
    bad = Example(
        {
            "churn.step.yaml": STEP_FILE % ("[Model_Output]", "  # TRN215"),
        }
    )
    good = Example(
        {
            "churn.step.yaml": STEP_FILE % ("[churn_model]", ""),
        }
    )

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        for specification in subject.reading.specifications:
            outputs = specification.outputs
            by_name = {entry.name.value.lower(): entry for entry in outputs or ()}
            for entry in outputs or ():
                for alias in entry.value.aliases or ():
                    other = by_name.get(alias.value.lower())
                    if other is not None:
                        whose = "its own output" if other is entry else f"the output {other.name.value}"
                        detail = f"{alias.value} is the name of {whose}"
                        yield self.at(subject, alias, detail, [other_side(other, "the output")])
