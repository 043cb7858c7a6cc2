"""TRN311: the steps form a cycle."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.base import Example
from training_alignment.levels.base import RepositoryRule, other_side
from training_alignment.levels.pipeline_example import OPTIONS, pipeline
from training_alignment.levels.subject import RepositorySubject


class StepsFormACycle(RepositoryRule):
    """Reports steps none of which can run before another of them, once for each cycle."""

    code = "TRN311"
    severity = Severity.ERROR
    summary = "the steps form a cycle"
    why = """
        Each of the steps needs something that only the next of them gives, so none can ever start: the SDK refuses to
        put the pipeline together ("Cycle detected in graph").

        Several sources of an input are alternatives: two steps that may stand in either order are no cycle, and the
        job types of one step (`RiskTableMapping_Validation` takes what `RiskTableMapping_Training` gives) are steps of
        their own.
    """
    bad = Example(
        pipeline(
            [('logical_name="training_data",', 'logical_name="training_data",  # TRN311')],
            [
                (
                    "DependencyType, OutputSpec, StepSpecification",
                    "DependencySpec, DependencyType, OutputSpec, StepSpecification",
                ),
                (
                    "dependencies=[],",
                    """dependencies=[
            DependencySpec(
                logical_name="model",
                dependency_type=DependencyType.MODEL_ARTIFACTS,
                required=True,
                compatible_sources=["ChurnTraining"],
            ),
        ],""",
                ),
            ],
        ),
        options=OPTIONS,
    )
    good = Example(pipeline(), options=OPTIONS)

    def check(self, subject: RepositorySubject, /) -> Iterator[Finding]:
        """Yield one finding for each cycle that a step which is asked about is part of, at that step's input."""
        asked = {step.name for step in subject.steps}
        for cycle in subject.cycles:
            start = next((n for n, link in enumerate(cycle.links) if link.node.step.name in asked), None)
            if start is None:
                continue
            links = [*cycle.links[start:], *cycle.links[:start]]
            names = [link.node.name for link in links]
            detail = " needs ".join([*names, names[0]])
            related = [other_side(link.place, f"{link.node.name} waits here") for link in links[1:]]
            found = self.at(links[0].place, detail, links[0].node.step.name)
            yield replace(found, related=tuple(related))
