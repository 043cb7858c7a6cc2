"""TRN304: producer and consumer types do not fit."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Related, Severity
from flake8_training.record import replace
from flake8_training.rules.rule import Example
from flake8_training.spelling import closest, same_name
from training_alignment.artefacts.model import Flow
from training_alignment.artefacts.tree import Scalar
from training_alignment.comparisons.flow_tables import ARTIFACT_FLOW, flow_tables, is_reference
from training_alignment.comparisons.producers import misfits, outputs_place, wanted_by
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_pipeline import OPTIONS, pipeline
from training_alignment.rules.step_rule import StepRule
from training_alignment.steps.graph import Need, Node, text_value


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
    warning_when = ("the dependency is optional, or another of its sources fits",)
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

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding at the type of an input that no source fits, or at the source that does not fit."""
        for node in subject.nodes:
            for need in subject.repository.graph.needs(node):
                yield from self._of_need(subject, need)
        for table in flow_tables(subject, ARTIFACT_FLOW):
            for where, detail, other in disagreements(subject, table):
                yield self.at(subject, where, detail, [other])

    def _of_need(self, subject: StepUnderCheck, need: Need) -> Iterator[Finding]:
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


FRAMEWORKS = ("xgboost", "pytorch", "tensorflow", "sklearn", "huggingface", "lightgbm", "mxnet")


def disagreements(subject: StepUnderCheck, flow: Flow) -> Iterator[tuple[Scalar, str, Related]]:
    """Yield what the flow says against the contract: where, what, and the other side."""
    contract = subject.contract
    if contract is None:
        return
    source = text_value(flow.source)
    if (
        source is not None
        and flow.source is not None
        and contract.outputs is not None
        and contract.outputs.closed
    ):
        paths = [text.value for port in contract.outputs if (text := text_value(port.value.path)) is not None]
        known = len(paths) == len(contract.outputs) and bool(paths)
        names = contract.outputs.names
        if known and not is_reference(source.value) and source.value not in names:
            if not any(_inside(source.value, path) for path in paths):
                near = closest(source.value, [*paths, *names])
                hint = (
                    f", did you mean {near}?" if near else f", the contract's outputs are {', '.join(paths)}"
                )
                side = other_side(contract.outputs.place, "the outputs of the contract")
                yield flow.source, f"the flow takes {source.value}{hint}", side
    stated, framework = text_value(flow.format), text_value(contract.framework)
    if stated is not None and framework is not None and flow.format is not None:
        said = next((name for name in FRAMEWORKS if same_name(name, stated.value)), None)
        if said is not None and not same_name(said, framework.value):
            if any(same_name(name, framework.value) for name in FRAMEWORKS):
                detail = f"the model has the format {stated.value}, the framework is {framework.value}"
                yield flow.format, detail, other_side(framework, "the framework of the contract")


def _inside(path: str, folder: str) -> bool:
    path, folder = path.rstrip("/"), folder.rstrip("/")
    return path == folder or path.startswith(folder + "/")
