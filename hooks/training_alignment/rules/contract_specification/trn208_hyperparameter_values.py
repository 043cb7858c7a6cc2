"""TRN208: contract and specification give a hyperparameter different values."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.rules.rule import Condition, Example
from training_alignment.artefacts.tree import Scalar
from training_alignment.comparisons.declared_checks import BUILT_DIFFERS
from training_alignment.comparisons.disagreements import differ
from training_alignment.comparisons.ports import pairs
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_step import BOUND_ELSEWHERE, contract_and_specification
from training_alignment.rules.step_rule import StepRule


class HyperparameterValuesDiffer(StepRule):
    """Reports a hyperparameter that has one value in the contract and another in the specification."""

    code = "TRN208"
    severity = Severity.ERROR
    summary = "contract and specification differ in a hyperparameter"
    other_summaries = (BUILT_DIFFERS,)
    why = """
        The job trains with one of the two values, and the builder decides which one. The other value is wrong, and
        somebody may rely on it.
    """
    fix = """
        State the same value on both sides, or state it on one side only.
    """
    reported_when = (
        "contract and specification have different literal values for a hyperparameter of the same name",
        "the step's builder or `required_config` has another literal value than the contract and the specification",
    )
    not_reported_when = (
        Condition(
            "one of the values is unknown, a placeholder, a list or a dict",
            suppressed={
                "CHURN_TRAINING_SPEC = {\n": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC = {\n"),
                '"eta": 0.1,  # TRN208': '"eta": MORE,',
            },
            reported={
                "CHURN_TRAINING_SPEC = {\n": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC = {\n")
            },
        ),
        Condition(
            "the values are the same as numbers, or as strings without regard to case: SageMaker passes every "
            "hyperparameter as a string",
            suppressed={'"eta": 0.1,  # TRN208': '"eta": "0.30",'},
            reported={'"eta": 0.1,  # TRN208': '"eta": "0.03",  # TRN208'},
        ),
        BOUND_ELSEWHERE,
    )
    bad = Example(
        contract_and_specification(
            specification=[('"eta": 0.3,', '"eta": 0.1,  # TRN208')],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        for pair in pairs(subject):
            declared, passed = pair.contract.hyperparameters, pair.specification.hyperparameters
            for entry in passed or ():
                ours = declared.get(entry.name.value) if declared is not None else None
                if ours is not None:
                    note_question()
                    if not (isinstance(ours, Scalar) and isinstance(entry.value, Scalar)):
                        note_unknown(Reason.COMPUTED, entry.place, what=entry.name.value)
                if isinstance(ours, Scalar) and isinstance(entry.value, Scalar) and differ(ours, entry.value):
                    detail = (
                        f"{entry.name.value} is {ours.value!r} in the contract and {entry.value.value!r} here"
                    )
                    yield self.at(
                        subject, entry, detail, [other_side(ours, f"{entry.name.value}: {ours.value!r}")]
                    )
