"""Where a model flow and the contract of its step disagree."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Related
from flake8_training.sagemaker.near import nearest, same_name
from training_alignment.artefacts.model import Flow
from training_alignment.artefacts.tree import Scalar
from training_alignment.levels.base import other_side
from training_alignment.levels.flow_tables import is_reference
from training_alignment.levels.subject import StepSubject
from training_alignment.steps.graph import text_value

FRAMEWORKS = ("xgboost", "pytorch", "tensorflow", "sklearn", "huggingface", "lightgbm", "mxnet")


def disagreements(subject: StepSubject, flow: Flow) -> Iterator[tuple[Scalar, str, Related]]:
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
                near = nearest(source.value, [*paths, *names])
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
