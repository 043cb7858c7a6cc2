"""TRN311: the steps form a cycle."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_question, note_unknown, open_ledger
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.step_subject import RepositorySubject, other_side
from training_alignment.rules.example_pipeline import OPTIONS, pipeline
from training_alignment.rules.step_rule import RepositoryRule


class StepsFormACycle(RepositoryRule):
    """Reports steps of which none can run before another of them, once for each cycle."""

    code = "TRN311"
    severity = Severity.ERROR
    summary = "the steps form a cycle"
    why = """
        Each of the steps needs something that the next one produces, so none can start. The SDK refuses to build the
        pipeline: "Cycle detected in graph".
    """
    fix = """
        Remove one of the sources, or give the input another source outside the cycle.
    """
    reported_when = (
        "required inputs of several steps can only come from each other",
        "a required input of a step can only come from the step itself",
        "a flow table names as a consumer a step that the step itself needs",
    )
    not_reported_when = (
        Condition(
            "one of the inputs is optional, or has another source outside the cycle",
            suppressed={
                '            required=True,\n            compatible_sources=["ChurnTraining"],\n': (
                    '            required=False,\n            compatible_sources=["ChurnTraining"],\n'
                )
            },
            reported={
                '            compatible_sources=["ChurnTraining"],\n': (
                    '            compatible_sources=["ChurnTraining"],\n            description="optional",\n'
                )
            },
        ),
        Condition(
            "the sources of an input are unknown, or cannot be determined completely",
            suppressed={
                'compatible_sources=["ChurnTraining"]': 'compatible_sources=["ChurnTraining", MORE]',
                "CLEANING_SPEC =": "from pipeline.more import MORE\n\nCLEANING_SPEC =",
            },
            reported={"CLEANING_SPEC =": "from pipeline.more import MORE\n\nCLEANING_SPEC ="},
        ),
        Condition(
            "one job type of a step needs another one, as `Mapping_Validation` needs `Mapping_Training`",
            suppressed=Example(
                {
                    "specs/mapping_training_spec.py": (
                        "from pipeline.specification import DependencySpec, OutputSpec, StepSpecification\n"
                        "\n"
                        "MAPPING_TRAINING_SPEC = StepSpecification(\n"
                        '    step_type="Mapping_Training",\n'
                        "    dependencies=[],\n"
                        '    outputs=[OutputSpec(logical_name="table", output_type="processing_output")],\n'
                        ")\n"
                    ),
                    "specs/mapping_validation_spec.py": (
                        "from pipeline.specification import DependencySpec, OutputSpec, StepSpecification\n"
                        "\n"
                        "MAPPING_VALIDATION_SPEC = StepSpecification(\n"
                        '    step_type="Mapping_Validation",\n'
                        "    dependencies=[\n"
                        "        DependencySpec(\n"
                        '            logical_name="table",\n'
                        '            dependency_type="processing_output",\n'
                        "            required=True,\n"
                        '            compatible_sources=["Mapping_Training"],\n'
                        "        ),\n"
                        "    ],\n"
                        "    outputs=[],\n"
                        ")\n"
                    ),
                },
                options=("--select=TRN311",),
            ),
            reported=lambda bad: bad.changed(
                {
                    'compatible_sources=["ChurnTraining"]': (
                        'compatible_sources=["ChurnTraining"],\n            description="Mapping_Training"'
                    )
                }
            ),
        ),
    )
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
        """Yield one finding for each cycle that contains a checked step, at that step's input."""
        asked = {step.name for step in subject.steps}
        _note_open_needs(subject, asked)
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


def _note_open_needs(subject: RepositorySubject, asked: set[str]) -> None:
    """Note the inputs of the checked steps whose source may be a step that is not known."""
    if open_ledger() is None:
        return
    for node in subject.graph.nodes:
        for need in subject.graph.needs(node) if node.step.name in asked else ():
            note_question()
            if need.required and not (need.closed and all(source.nodes for source in need.sources)):
                reason = Reason.SEVERAL if need.sources else Reason.UNDECLARED
                note_unknown(reason, need.place, what=need.label)
