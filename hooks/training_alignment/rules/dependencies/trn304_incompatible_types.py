"""TRN304: producer and consumer types do not fit."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Related, Severity
from flake8_training.ledger import Reason, note_unknown, unknown_if
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.artifact_types import is_class, type_fits
from flake8_training.sagemaker.contract_paths import judge_output
from flake8_training.spelling import closest, did_you_mean, same_name
from training_alignment.artefacts.model import Flow, Text
from training_alignment.artefacts.tree import Scalar
from training_alignment.comparisons.flow_tables import ARTIFACT_FLOW, DEPENDENCIES, flow_tables, is_reference
from training_alignment.comparisons.producers import misfits, outputs_place, wanted_by
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_pipeline import OPTIONS, flow, pipeline
from training_alignment.rules.step_rule import StepRule
from training_alignment.steps.graph import Need, Node, text_value

_FROM_PREPROCESSING = (
    (
        '"inputs": {',
        '"dependencies": {',
    ),
    ('"model_artifacts",', '{"type": "model_artifacts", "compatible_sources": ["data-preprocessing"]},'),
)
_MODEL_OUTPUT = ('"training_data": "ProcessingOutput",', '"model": "ProcessingOutput",')
_MARKED = ('["data-preprocessing"]},', '["data-preprocessing"]},  # TRN304')


def _with_contract(path: str, *changes: tuple[str, str]) -> dict[str, str]:
    """Return a step with flow tables whose contract has the model at ``path``."""
    files = flow(changes)
    name = "contracts/churn_training_contract.py"
    return {**files, name: files[name].replace('"/opt/ml/model"', f'"{path}"')}


class TypesDoNotFit(StepRule):
    """Reports an input whose sources have no output of its type, and a model flow that contradicts the contract."""

    code = "TRN304"
    severity = Severity.ERROR
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
        "`format` of a `model_artifact_flow` is a framework other than the contract's, or a file format of "
        "another one, such as `h5` for XGBoost",
        "an output that `input_artifacts` names has a type that does not fit the step's input of that name",
    )
    not_reported_when = (
        Condition(
            "both types are kinds of data: `processing_output`, `training_data`, `payload_samples`, "
            "`evaluation_output`, `hyperparameters`, `ProcessingOutput`",
            suppressed={"MODEL_ARTIFACTS,  # TRN304": "TRAINING_DATA,"},
            reported={
                "            required=True,\n": (
                    '            required=True,\n            description="training_data",\n'
                ),
            },
        ),
        Condition(
            "the output is declared as a class of the SDK, and has the name of the input",
            suppressed=Example(
                flow(evaluation=_FROM_PREPROCESSING, preprocessing=[_MODEL_OUTPUT]), options=OPTIONS
            ),
            reported=Example(
                flow(evaluation=[*_FROM_PREPROCESSING, _MARKED]),
                options=OPTIONS,
            ),
        ),
        Condition(
            "`source` of a `model_artifact_flow` is right, and the contract's path is wrong, which TRN214 reports",
            suppressed=Example(_with_contract("/opt/ml/models"), options=OPTIONS),
            reported=Example(
                _with_contract(
                    "/opt/ml/model", ('"source": "/opt/ml/model",', '"source": "/opt/ml/models",  # TRN304')
                ),
                options=OPTIONS,
            ),
        ),
        Condition(
            "the input takes `hyperparameters` and the output is a `custom_property`",
            suppressed={
                "MODEL_ARTIFACTS,  # TRN304": "HYPERPARAMETERS,",
                "output_type=DependencyType.PROCESSING_OUTPUT": "output_type=DependencyType.CUSTOM_PROPERTY",
            },
            reported={
                "            required=True,\n": (
                    '            required=True,\n            description="custom_property",\n'
                )
            },
        ),
        Condition(
            "a type is unknown or stated on one side only, or the outputs of a source cannot be determined "
            "completely",
            suppressed={
                "dependency_type=DependencyType.MODEL_ARTIFACTS,  # TRN304": "dependency_type=MORE,",
                "CHURN_TRAINING_SPEC =": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC ="),
            },
            reported={"CHURN_TRAINING_SPEC =": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC =")},
        ),
        Condition(
            "the source is the name of no step, which TRN301 reports",
            suppressed={'["Cleaning"]': '["Cleanings"]'},
            reported={
                "            required=True,\n": (
                    '            required=True,\n            description="Cleanings",\n'
                )
            },
        ),
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
        for table in flow_tables(subject, DEPENDENCIES):
            yield from self._of_artifacts(subject, table)
        for table in flow_tables(subject, ARTIFACT_FLOW):
            for where, detail, other in disagreements(subject, table):
                yield self.at(subject, where, detail, [other])

    def _of_artifacts(self, subject: StepUnderCheck, flow: Flow) -> Iterator[Finding]:
        """Yield one finding at each artifact that no upstream step gives in the type of the input of its name."""
        upstream, inputs = flow.upstream_steps, _typed_inputs(subject)
        if upstream is None or unknown_if(
            not upstream.closed, Reason.MAPPING, flow.raw.place, what="upstream_steps"
        ):
            return
        sources = [node for text in upstream for node in subject.repository.graph.in_flow(text).nodes]
        for artifact in flow.input_artifacts or ():
            wanted = next((t for name, t in inputs.items() if same_name(name, artifact.value)), None)
            offered = [
                (node, text_value(entry.value.type))
                for node in sources
                if node.specification is not None
                for entry in node.specification.outputs or ()
                if same_name(entry.name.value, artifact.value)
            ]
            if wanted is None or not offered:
                continue
            # An output of a class of the SDK that has the input's name may hold any content.
            if all(
                o is not None and not is_class(o.value) and type_fits(wanted.value, o.value) is False
                for _, o in offered
            ):
                node, passed = offered[0]
                offer = passed.value if passed is not None else ""
                detail = f"{artifact.value} is {offer} of {node.name}, the input takes {wanted.value}"
                yield self.at(subject, artifact, detail, [_side(node), other_side(wanted, "the input")])

    def _of_need(self, subject: StepUnderCheck, need: Need) -> Iterator[Finding]:
        found, is_all = misfits(need)
        if not found or need.dependency is None:
            if need.dependency is not None and need.dependency.type is None:
                note_unknown(Reason.UNDECLARED, need.place, what=need.label, weak=True)
            return
        if is_all:
            stated = need.dependency.type or need.dependency.data_type or need.place
            passed = "; ".join(f"{m.source.text.value} produces {', '.join(m.produced)}" for m in found)
            detail = f"{need.label} takes {wanted_by(found[0], need.dependency)}, {passed}"
            finding = self.at(subject, stated, detail, [_side(m.node) for m in found[:3]])
            yield finding if need.required else replace(finding, severity=Severity.WARNING)
            return
        for misfit in found:
            detail = (
                f"{need.label} takes {wanted_by(misfit, need.dependency)}, "
                f"{misfit.source.text.value} produces {', '.join(misfit.produced)}"
            )
            finding = self.at(subject, misfit.source.text, detail, [_side(misfit.node)])
            yield replace(finding, severity=Severity.WARNING)


def _typed_inputs(subject: StepUnderCheck) -> dict[str, Text]:
    """Return the types of the step's inputs by name: of those for which the specification lists no sources."""
    return {
        entry.name.value: of_type
        for specification in subject.reading.specifications
        for entry in specification.dependencies or ()
        if entry.value.compatible_sources is None and (of_type := text_value(entry.value.type)) is not None
    }


def _side(node: Node) -> Related:
    return other_side(outputs_place(node), f"the outputs of {node.name}")


_FORMATS = {
    **dict.fromkeys(("h5", "hdf5", "keras", "saved_model", "savedmodel"), ("tensorflow",)),
    **dict.fromkeys(("pt", "pth", "torchscript"), ("pytorch", "huggingface")),
}
"""File formats of models that only some frameworks write."""

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
            is_wrong_there = subject.is_training and judge_output(source.value) is None
            is_wrong_there = is_wrong_there and any(judge_output(path) is not None for path in paths)
            if not is_wrong_there and not any(_inside(source.value, path) for path in paths):
                near = closest(source.value, [*paths, *names])
                hint = did_you_mean(near) if near else f", the contract's outputs are {', '.join(paths)}"
                side = other_side(contract.outputs.place, "the outputs of the contract")
                yield flow.source, f"the flow takes {source.value}{hint}", side
    stated, framework = text_value(flow.format), text_value(contract.framework)
    if stated is not None and framework is not None and flow.format is not None:
        word = stated.value.strip().lower().lstrip(".").replace("-", "_")
        said = _FORMATS.get(word) or tuple(name for name in FRAMEWORKS if same_name(name, stated.value))
        if said and not any(same_name(name, framework.value) for name in said):
            if any(same_name(name, framework.value) for name in FRAMEWORKS):
                detail = f"the model has the format {stated.value}, the framework is {framework.value}"
                yield flow.format, detail, other_side(framework, "the framework of the contract")


def _inside(path: str, folder: str) -> bool:
    path, folder = path.rstrip("/"), folder.rstrip("/")
    return path == folder or path.startswith(folder + "/")
