"""TRN304: producer and consumer types do not fit."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Related, Severity
from flake8_training.record import replace
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule, other_side
from training_alignment.levels.flow_tables import ARTIFACT_FLOW, flow_tables
from training_alignment.levels.model_flow import disagreements
from training_alignment.levels.pipeline_example import OPTIONS, pipeline
from training_alignment.levels.producers import misfits, outputs_place, wanted_by
from training_alignment.levels.subject import StepSubject
from training_alignment.steps.graph import Need, Node


class TypesDoNotFit(StepRule):
    """Reports an input whose sources have no output of its type, and a model flow that contradicts the contract."""

    code = "TRN304"
    severity = Severity.ERROR
    between_steps = True
    summary = "producer and consumer types do not fit"
    why = """
        The pipeline connects outputs and inputs by their types. An input of the type `model_artifacts` cannot come from
        a step that produces data or a model's name: the pipeline leaves the input empty.
    """
    fix = """
        Correct the type of the input, or name a source whose output has that type.
    """
    reported_when = (
        "no output of any source has a type, or a data type, that fits the input (a warning if the input "
        "is optional)",
        "the outputs of one source do not fit, while those of other sources do (a warning)",
        "`source` of a `model_artifact_flow` is neither an output of the contract nor a path in one",
        "`format` of a `model_artifact_flow` is a framework other than the contract's",
    )
    not_reported_when = (
        "both types are kinds of data: `processing_output`, `training_data`, `payload_samples`, "
        "`hyperparameters`",
        "the input takes `hyperparameters` and the output is a `custom_property`",
        "a type is unknown or stated on one side only, or the outputs of a source cannot be determined "
        "completely",
        "the source is the name of no step, which TRN301 reports",
    )
    missed = (
        "`consumers` and `input_artifacts` of a flow table, which state no types",
        "`model_artifact_flow` is a section of a specification, and not a constant or a file of its own",
    )
    bad = Example(
        pipeline(
            [
                (
                    "dependency_type=DependencyType.TRAINING_DATA,",
                    "dependency_type=DependencyType.MODEL_ARTIFACTS,  # TRN304",
                )
            ]
        ),
        options=OPTIONS,
    )
    good = Example(pipeline(), options=OPTIONS)

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding at the type of an input that no source fits, or at the source that does not fit."""
        for node in subject.nodes:
            for need in subject.repository.graph.needs(node):
                yield from self._of_need(subject, need)
        for table in flow_tables(subject, ARTIFACT_FLOW):
            for where, detail, other in disagreements(subject, table):
                yield self.at(subject, where, detail, [other])

    def _of_need(self, subject: StepSubject, need: Need) -> Iterator[Finding]:
        found, is_all = misfits(need)
        if not found or need.dependency is None:
            return
        if is_all:
            stated = need.dependency.type or need.dependency.data_type or need.place
            given = "; ".join(f"{m.source.text.value} gives {', '.join(m.given)}" for m in found)
            detail = f"{need.label} takes {wanted_by(found[0], need.dependency)}, {given}"
            finding = self.at(subject, stated, detail, [_side(m.node) for m in found[:3]])
            yield finding if need.required else replace(finding, severity=Severity.WARNING)
            return
        for misfit in found:
            detail = (
                f"{need.label} takes {wanted_by(misfit, need.dependency)}, "
                f"{misfit.source.text.value} gives {', '.join(misfit.given)}"
            )
            finding = self.at(subject, misfit.source.text, detail, [_side(misfit.node)])
            yield replace(finding, severity=Severity.WARNING)


def _side(node: Node) -> Related:
    return other_side(outputs_place(node), f"the outputs of {node.name}")
