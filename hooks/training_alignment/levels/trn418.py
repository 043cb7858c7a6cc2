"""TRN418: a builder that is bound to another step's specification or contract."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.bindings import strange_bindings
from training_alignment.levels.builder_example import built
from training_alignment.levels.subject import StepSubject

_OTHER = {
    "specs/cleaning_spec.py": """
        from pipeline.specification import StepSpecification

        CLEANING_SPEC = StepSpecification(step_type="Cleaning", node_type="source", dependencies=[], outputs=[])
    """
}


class BoundToAnotherStep(StepRule):
    """Reports builders and specifications that use another step's specification or contract."""

    code = "TRN418"
    severity = Severity.ERROR
    summary = "the builder is bound to another step's specification or contract"
    why = """
        A builder takes its inputs, outputs and variables from its specification and contract. With those of another
        step, as after a copy of a builder, the job has that step's channels and lacks its own. The pipeline then
        connects the wrong steps.
    """
    fix = """
        Import the specification or contract of the builder's own step.
    """
    reported_when = (
        "the builder's step has a specification or contract, and the builder uses only that of one other "
        "step",
        "the step has a contract, and its specification uses the contract of one other step",
        "the builder loads the step file of another step by its name, and not its own",
    )
    not_reported_when = (
        "the builder uses its own specification or contract, and others besides",
        "the builder's step has none",
        "several steps share the specification or contract that the builder uses, or no step has it",
    )
    bad = Example(
        {
            **_OTHER,
            **built(
                [
                    (
                        "from specs.churn_training_spec import CHURN_TRAINING_SPEC",
                        "from specs.cleaning_spec import CLEANING_SPEC",
                    ),
                    ("spec=CHURN_TRAINING_SPEC)", "spec=CLEANING_SPEC)  # TRN418"),
                ]
            ),
        },
        options=("--select=TRN418",),
    )
    good = Example({**_OTHER, **built()}, options=("--select=TRN418",))

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield a finding at each such binding."""
        for place, detail in strange_bindings(subject):
            yield self.at(subject, place, detail)
