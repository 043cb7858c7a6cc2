"""Contracts, built from the tree of any format."""

from __future__ import annotations

from flake8_training.sagemaker.paths import MODEL_DIR, TRAINING_FOLDERS, normal_path
from training_alignment.artefacts.model import Contract, Format, JobArgument, Port, StepKind
from training_alignment.artefacts.sections import (
    a_listing,
    a_scalar,
    a_table,
    entries_of,
    first,
    names,
    texts,
)
from training_alignment.artefacts.step_types import job_of_type, names_of
from training_alignment.artefacts.tree import (
    Entry,
    Listing,
    Located,
    Node,
    Place,
    Scalar,
    Table,
    table_of,
    text_of,
)

INPUTS = ("inputs", "expected_input_paths")
OUTPUTS = ("outputs", "expected_output_paths")

MARKS = frozenset(
    {
        *INPUTS,
        *OUTPUTS,
        "entry_point",
        "hyperparameters",
        "environment_variables",
        "expected_arguments",
        "arguments",
        "job_arguments",
        "required_env_vars",
        "optional_env_vars",
        "env_vars",
        "framework_requirements",
    }
)
"""Keys of a contract; a table with none of them is no contract."""

_CLASSES = {
    "TrainingScriptContract": StepKind.TRAINING,
    "ProcessingScriptContract": StepKind.PROCESSING,
    "ScriptContract": StepKind.PROCESSING,
}

_PROCESSING = "/opt/ml/processing"


def is_contract_class(name: str) -> bool:
    """Return whether a class is named like a class of script contracts."""
    return name.endswith("ScriptContract") or name in ("StepContract", "ContractSection")


def contract(
    table: Table[Node], *, name: str = "", place: Place | None = None, form: Format, class_name: str = ""
) -> Contract:
    """Return the contract that a table defines. Raises `ReadError` for a part of the wrong kind."""
    variables, required, optional = _variables(table)
    inputs = _ports(first(table, *INPUTS), "inputs", is_input=True)
    outputs = _ports(first(table, *OUTPUTS), "outputs", is_input=False)
    stated, step_type = names_of(table, form)
    framework = a_scalar(table.get("framework"))
    if framework is None and variables is not None:
        framework = a_scalar(variables.get("FRAMEWORK"))
    return Contract(
        name=name,
        place=place or table.place,
        format=form,
        raw=table,
        class_name=class_name,
        kind=_CLASSES.get(class_name) or _kind_by_ports(inputs, outputs),
        step_name=text_of(stated),
        step_type=step_type,
        entry_point=a_scalar(first(table, "entry_point", "script")),
        source_dir=a_scalar(table.get("source_dir")),
        inputs=inputs,
        outputs=outputs,
        arguments=_arguments(first(table, "expected_arguments", "arguments")),
        job_arguments=_job_arguments(table.get("job_arguments")),
        required_variables=required,
        optional_variables=optional,
        variables=variables,
        hyperparameters=entries_of(table.get("hyperparameters"), "hyperparameters"),
        requirements=entries_of(table.get("framework_requirements"), "framework_requirements"),
        framework=framework,
        skipped_inputs=texts(table.get("skip_inputs"), "skip_inputs"),
    )


def _ports(node: Node | None, subject: str, *, is_input: bool) -> Table[Port] | None:
    table = entries_of(node, subject)
    if table is None:
        return None
    return Table(
        {entry.name.value: Entry(entry.name, _port(entry, is_input)) for entry in table},
        table.place,
        table.closed,
    )


def _port(entry: Entry[Node], is_input: bool) -> Port:
    node = entry.value
    if not isinstance(node, Table):
        # For a list of names, the node is the name itself, which is no path.
        path = a_scalar(node) if node.place != entry.name.place else None
        return Port(entry.name, node.place, path=path, node=node)
    inside, outside = ("destination", "source") if is_input else ("source", "destination")
    path = a_scalar(first(node, "path", "container_path", "local_path"))
    if path is not None:
        location = a_scalar(first(node, outside, inside))
    else:
        path, location = a_scalar(node.get(inside)), a_scalar(node.get(outside))
        if path is None and _is_container_path(location):
            path, location = location, None
    return Port(
        entry.name,
        entry.name.place,
        path=path,
        location=location,
        type=a_scalar(first(node, "type", "input_type", "output_type")),
        required=a_scalar(node.get("required")),
        channels=a_listing(node.get("channels"), "channels"),
        node=node,
    )


def _is_container_path(scalar: Scalar | None) -> bool:
    return scalar is not None and isinstance(scalar.value, str) and scalar.value.startswith("/")


def _arguments(node: Node | None) -> Table[Node] | None:
    return entries_of(node, "arguments")


def _job_arguments(node: Node | None) -> tuple[JobArgument, ...]:
    found: list[JobArgument] = []
    for item in a_listing(node, "job_arguments") or ():
        table = table_of(item)
        flag = text_of(item) if table is None else text_of(table.get("flag"))
        if flag is not None:
            found.append(JobArgument(flag, text_of(table.get("source")) if table is not None else None))
    return tuple(found)


def _variables(
    table: Table[Node],
) -> tuple[Table[Node] | None, Listing[Located[str]] | None, Table[Node] | None]:
    """Return set, required and optional environment variables, from any of the three spellings."""
    required = names(table.get("required_env_vars"), "required_env_vars")
    optional = entries_of(table.get("optional_env_vars"), "optional_env_vars")
    variables: Table[Node] | None = None
    for key in ("environment_variables", "env_vars", "environment"):
        node = table.get(key)
        if isinstance(node, Listing):
            required = required or names(node, key)
            continue
        section = a_table(node, key)
        if section is None:
            continue
        if "required" in section or "optional" in section:
            required = required or names(section.get("required"), f"{key}.required")
            optional = optional or entries_of(section.get("optional"), f"{key}.optional")
        elif len(section) or node is None or not section.closed:
            variables = section
        else:
            variables = variables or section
    return variables, required, optional


def _kind_by_ports(inputs: Table[Port] | None, outputs: Table[Port] | None) -> StepKind:
    """Return the kind of job that the types and container paths show; unknown if they do not agree.

    An input in the model directory is a model that a container of another job serves: it shows no training, and an
    output there then shows none either.
    """
    kinds: set[StepKind] = set()
    serves = any(is_model_dir(port.value.path) for port in inputs or ())
    for port in [*(inputs or ()), *(outputs or ())]:
        of_type, path = text_of(port.value.type), text_of(port.value.path)
        found = job_of_type(of_type.value) if of_type is not None else None
        if found is not None:
            kinds.add(found)
        if path is None:
            continue
        if path.value.startswith(_PROCESSING):
            kinds.add(StepKind.PROCESSING)
        elif path.value.startswith(TRAINING_FOLDERS) and not (serves and is_model_dir(port.value.path)):
            kinds.add(StepKind.TRAINING)
    return kinds.pop() if len(kinds) == 1 else StepKind.UNKNOWN


def is_model_dir(path: Scalar | None) -> bool:
    """Return whether a path is the model directory, or is inside it."""
    text = text_of(path)
    return text is not None and f"{normal_path(text.value)}/".startswith(f"{MODEL_DIR}/")


def shows_training(contract: Contract) -> bool:
    """Return whether ``TrainingInput`` or hyperparameters show that a contract is certainly a training's."""
    types = (text_of(port.value.type) for port in contract.inputs or ())
    return bool(contract.hyperparameters) or any(t is not None and t.value == "TrainingInput" for t in types)
