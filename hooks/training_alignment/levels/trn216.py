"""TRN216: contract and specification disagree on whether an input is required."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule, other_side
from training_alignment.levels.named_ports import pairs
from training_alignment.levels.subject import StepSubject

STEP_FILE = """
    step_type: ChurnTraining
    registry: {sagemaker_step_type: Training}
    contract:
      inputs:
        training_data:
          path: /opt/ml/input/data/training
          required: true
      outputs:
        model_output:
          path: /opt/ml/model
    spec:
      dependencies:
        training_data:
          type: training_data
          required: %s%s
      outputs:
        model_output:
          type: model_artifacts
"""


class RequiredDiffers(StepRule):
    """Reports an input that one of contract and specification requires and the other does not."""

    code = "TRN216"
    severity = Severity.WARNING
    summary = "contract and specification disagree on whether an input is required"
    why = """
        The specification decides whether the pipeline may be put together without the input, the contract whether the
        script can do without it. Where only the contract requires it, the pipeline is built and the job fails.
    """
    bad = Example(
        {
            "churn.step.yaml": STEP_FILE % ("false", "  # TRN216"),
        }
    )
    good = Example(
        {
            "churn.step.yaml": STEP_FILE % ("true", ""),
        }
    )

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for pair in pairs(subject):
            # One of several job types may ask for more than the contract that they share.
            shared = bool(pair.specification.job_type)
            for entry in pair.specification.dependencies or ():
                port = (
                    pair.contract.inputs.get(entry.name.value) if pair.contract.inputs is not None else None
                )
                ours = port.required if port is not None else None
                theirs = entry.value.required
                if ours is None or theirs is None:
                    continue
                known = isinstance(ours.value, bool) and isinstance(theirs.value, bool)
                if known and ours.value != theirs.value and not (shared and theirs.value):
                    said = ("required", "optional") if ours.value else ("optional", "required")
                    detail = f"{entry.name.value} is {said[0]} in the contract, {said[1]} here"
                    yield self.at(subject, theirs, detail, [other_side(ours, "the contract's")])
