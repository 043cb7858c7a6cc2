"""Drafts of a contract, of a specification, and of both in one step file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from flake8_training.sagemaker.artifact_types import plain_type
from training_alignment.drafting.needs import OPTIONAL, Needs, Port, Setting
from training_alignment.drafting.written_tree import Line, Plain, Words, remark
from training_alignment.requirements import undeclared

UNKNOWN_PLACE = "unknown: the location in S3"
_DATA_TYPE = "evaluation_output"
_MODEL_PATH = "properties.ModelArtifacts.S3ModelArtifacts"
_OUTPUT_PATH = "properties.OutputDataConfig.S3OutputPath"


def title_of(kind: str, needs: Needs) -> str:
    """Return the comment at the top of a draft."""
    name = remark(posixpath.basename(needs.script.path.replace("\\", "/")))
    return f'# The {kind} of {name}. A comment with "unknown" marks what the script does not decide.\n'


def stem_of(needs: Needs) -> str:
    """Return the script's name without folder and ending, as an identifier."""
    stem = posixpath.splitext(posixpath.basename(needs.script.path.replace("\\", "/")))[0]
    return re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_").lower() or "script"


def contract_lines(needs: Needs) -> tuple[Line, ...]:
    """Return the contract of a script."""
    lines = [Line("entry_point", posixpath.basename(needs.script.path.replace("\\", "/")))]
    lines.append(
        Line("inputs", (*_note(needs, "training_data"), *(_input(needs, one) for one in needs.inputs)))
    )
    lines.append(
        Line("outputs", (*_note(needs, "model_saving"), *(_output(needs, one) for one in needs.outputs)))
    )
    if needs.is_training:
        lines.append(
            Line("hyperparameters", (*_note(needs, "hyperparameters"), *_settings(needs.hyperparameters)))
        )
    elif needs.hyperparameters:
        lines.append(Line("expected_arguments", tuple(_settings(needs.hyperparameters))))
    lines.extend(_variables(needs))
    lines.extend(_framework(needs))
    if needs.packages:
        lines.append(Line("framework_requirements", tuple(_packages(needs)), "unknown: the versions"))
    return tuple(lines)


def specification_lines(needs: Needs) -> tuple[Line, ...]:
    """Return the specification of a step that runs a script."""
    lines = [Line("step_name", stem_of(needs).replace("_", "-"))]
    if needs.is_training:
        lines.append(Line("estimator_config", _job()))
    types = "TrainingInput" if needs.is_training else "ProcessingInput"
    lines.append(Line("inputs", tuple(Line(one.name, types, _optional(one)) for one in needs.inputs)))
    lines.append(Line("outputs", tuple(Line(one.name, _type(needs, one)) for one in needs.outputs)))
    if needs.is_training:
        lines.append(Line("hyperparameters", tuple(_settings(needs.hyperparameters))))
    lines.append(Line("code_location", "s3://<bucket>/code/", UNKNOWN_PLACE))
    return tuple(lines)


def step_file_lines(needs: Needs) -> tuple[Line, ...]:
    """Return contract and specification of a step in one file."""
    contract = [
        Line("entry_point", posixpath.basename(needs.script.path.replace("\\", "/"))),
        Line("inputs", (*_note(needs, "training_data"), *map(_step_port, needs.inputs))),
        Line(
            "outputs",
            (*_note(needs, "model_saving"), *(Line(o.name, (Line("path", o.path),)) for o in needs.outputs)),
        ),
    ]
    if not needs.is_training:
        contract.append(Line("arguments", tuple(_settings(needs.hyperparameters))))
    required, optional = _by_need(needs)
    if required or optional:
        variables = (Line("required", Words(one.name for one in required)), Line("optional", tuple(optional)))
        contract.append(Line("env_vars", variables))
    if needs.is_training:
        settings = (*_note(needs, "hyperparameters"), *_settings(needs.hyperparameters))
        contract.append(Line("hyperparameters", settings))
    contract.extend(_framework(needs))
    if needs.packages:
        contract.append(Line("framework_requirements", tuple(_packages(needs)), "unknown: the versions"))
    kind = "Training" if needs.is_training else "Processing"
    spec = (
        Line("dependencies", tuple(_dependency(needs, one) for one in needs.inputs)),
        Line("outputs", tuple(_step_output(needs, one) for one in needs.outputs)),
    )
    name = "".join(word.capitalize() for word in stem_of(needs).split("_"))
    return (
        Line("step_type", name),
        Line("node_type", "internal", "unknown: source, internal, sink or singular"),
        Line("registry", (Line("sagemaker_step_type", kind),)),
        Line("contract", tuple(contract)),
        Line("spec", spec),
    )


# -- the parts


def _note(needs: Needs, question: str) -> tuple[Line, ...]:
    """Return the comment on a list that may be incomplete."""
    return (Line("", comment=needs.open[question]),) if question in needs.open else ()


def _optional(port: Port) -> str:
    return "" if port.required else OPTIONAL


def _input(needs: Needs, port: Port) -> Line:
    fields = [
        Line("type", "TrainingInput" if needs.is_training else "ProcessingInput"),
        Line("source", f"s3://<bucket>/{port.name}/", UNKNOWN_PLACE),
        Line("destination", port.path),
    ]
    if not port.required:
        fields.append(Line("required", False))
    return Line(port.name, tuple(fields))


def _output(needs: Needs, port: Port) -> Line:
    place = Line("destination", f"s3://<bucket>/{port.name}/", UNKNOWN_PLACE)
    return Line(port.name, (Line("type", _type(needs, port)), Line("source", port.path), place))


def _type(needs: Needs, port: Port) -> str:
    if not needs.is_training:
        return "ProcessingOutput"
    return "model_artifacts" if port.path == "/opt/ml/model" else _DATA_TYPE


def _step_port(port: Port) -> Line:
    return Line(port.name, (Line("path", port.path), Line("required", port.required)))


def _step_result(port: Port) -> Line:
    return Line(port.name, (Line("path", port.path),))


def _dependency(needs: Needs, port: Port) -> Line:
    return Line(
        port.name,
        (
            Line("type", "training_data" if needs.is_training else "processing_output"),
            Line("required", port.required),
            Line("", comment="unknown: compatible_sources, the steps that produce it"),
        ),
    )


def _step_output(needs: Needs, port: Port) -> Line:
    if not needs.is_training:
        path = f"properties.ProcessingOutputConfig.Outputs['{port.name}'].S3Output.S3Uri"
        kind = "processing_output"
    elif port.path == "/opt/ml/model":
        path, kind = _MODEL_PATH, "model_artifacts"
    else:
        path, kind = _OUTPUT_PATH, "processing_output"
    return Line(port.name, (Line("type", kind), Line("property_path", path)))


def _settings(settings: Iterable[Setting]) -> Iterable[Line]:
    for one in settings:
        if one.passed:
            yield Line(one.name, one.value, one.comment)
        elif one.required:
            yield Line(one.name, f"<{one.name}>", f"unknown: the script requires it; it {one.comment}")
        else:
            yield Line("", comment=f"{one.name}: {one.comment}")


def _by_need(needs: Needs) -> tuple[list[Setting], list[Line]]:
    """Return the variables that the script requires, and lines of those that have a default."""
    required = [one for one in needs.variables if one.required]
    optional = [Line(o.name, _string(o.value), o.comment) for o in needs.variables if not o.required]
    return required, optional


def _string(value: Plain) -> str:
    """Return the default of a variable, which is a string in the environment."""
    return "" if value is None else str(value)


def _variables(needs: Needs) -> list[Line]:
    required, optional = _by_need(needs)
    return [
        Line("required_env_vars", Words(one.name for one in required)),
        Line("optional_env_vars", tuple(optional)),
    ]


def _framework(needs: Needs) -> list[Line]:
    """Return the framework, or a comment if a contract with it needs hyperparameters that the script does not take."""
    if not needs.is_training:
        return []
    known = [name for name in needs.frameworks if name != "other"]
    if not known:
        return [Line("", comment="unknown: the framework")]
    names = {plain_type(one.name) for one in needs.hyperparameters if one.passed or one.required}
    lacking = [f"{name} needs {', '.join(missing)}" for name in known if (missing := undeclared(name, names))]
    if len(known) == 1 and not lacking:
        return [Line("framework", known[0])]
    why = f" (a contract of {'; '.join(lacking)}, which the script does not take)" if lacking else ""
    return [Line("", comment=f"framework: {', '.join(known)}{why}")]


def _packages(needs: Needs) -> Iterable[Line]:
    return [Line(name, ">=0") for name in needs.packages]


def _job() -> tuple[Line, ...]:
    size = "unknown: the size that the data and the model need"
    return (
        Line("instance_type", "ml.m5.xlarge", size),
        Line("instance_count", 1),
        Line("volume_size_in_gb", 30, "unknown: the size of the data"),
        Line("max_run", 86400, "unknown: the longest time in seconds"),
    )
