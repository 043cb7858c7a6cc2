"""TRN216: contract and specification disagree on whether an input is required."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_unknown
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.ports import pairs
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_step import BOUND_ELSEWHERE
from training_alignment.rules.step_rule import StepRule

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


def _job_type(step_type: str, marker: str = "") -> Example:
    """Return a specification of a step type that requires the input which the contract makes optional."""
    return Example(
        {
            "churn.step.yaml": (STEP_FILE % ("true", marker))
            .replace("ChurnTraining", step_type)
            .replace("required: true\n      outputs", "required: false\n      outputs"),
        }
    )


class RequiredDiffers(StepRule):
    """Reports an input that is required on one side, contract or specification, and optional on the other."""

    code = "TRN216"
    severity = Severity.WARNING
    summary = "contract or specification requires the input, not both"
    why = """
        The specification decides whether a pipeline can be built without the input, the contract whether the script can
        run without it. If only the contract requires it, the pipeline is built and the job fails. If only the
        specification requires it, the pipeline refuses a job that would run.
    """
    fix = """
        State the same value of `required` on both sides.
    """
    reported_when = (
        "contract and specification state different values of `required` for an input of the same name",
    )
    not_reported_when = (
        Condition(
            "one side does not state `required`, or its value is not `true` or `false`",
            suppressed={"      required: true\n": ""},
            reported={"      required: true\n": "      required: true\n      note: required\n"},
        ),
        Condition(
            "the specification is for one job type and requires an input that the contract, which other job "
            "types share, does not",
            suppressed=_job_type("Churn_Training"),
            reported=_job_type("ChurnTraining", "  # TRN216"),
        ),
        BOUND_ELSEWHERE,
    )
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

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        for pair in pairs(subject):
            # A job type may require more than the contract that all job types share.
            shared = bool(pair.specification.job_type)
            for entry in pair.specification.dependencies or ():
                port = (
                    pair.contract.inputs.get(entry.name.value) if pair.contract.inputs is not None else None
                )
                ours = port.required if port is not None else None
                theirs = entry.value.required
                if ours is None or theirs is None:
                    if port is not None:
                        note_unknown(Reason.UNDECLARED, entry.place, what=entry.name.value)
                    continue
                known = isinstance(ours.value, bool) and isinstance(theirs.value, bool)
                if not known:
                    note_unknown(Reason.COMPUTED, theirs.place, what=entry.name.value)
                if known and ours.value != theirs.value and not (shared and theirs.value):
                    said = ("required", "optional") if ours.value else ("optional", "required")
                    detail = f"{entry.name.value} is {said[0]} in the contract, {said[1]} here"
                    yield self.at(subject, theirs, detail, [other_side(ours, "the contract's")])
