"""TRN418: the builder is bound to another step's specification or contract."""

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
    """Reports builders that use the specification or contract of another step than their own."""

    code = "TRN418"
    severity = Severity.ERROR
    summary = "the builder is bound to another step's specification or contract"
    why = """
        A builder takes its inputs, outputs and variables from the specification and contract that it is given. With
        those of another step, as after copying a builder, the job has that step's channels and lacks its own, and
        the pipeline connects the wrong steps.

        It is said where the step that the builder is named or registered for has a specification or contract of its
        own, and the builder uses none of them. One that uses its own and others besides has its reasons.
    """
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
        """Yield one finding at each such binding."""
        for place, detail in strange_bindings(subject):
            yield self.at(subject, place, detail)
