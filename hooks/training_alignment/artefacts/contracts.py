"""Contracts, built from the tree of any format."""

from __future__ import annotations

from flake8_training.sagemaker.paths import TRAINING_FOLDERS
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
        step_name=text_of(first(table, "step_name", "step_type", "name")),
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
    """Return training or processing, by the container paths and types; unknown if they do not agree."""
    kinds: set[StepKind] = set()
    for port in [*(inputs or ()), *(outputs or ())]:
        for scalar in (port.value.path, port.value.type):
            string = scalar.value if scalar is not None else None
            if not isinstance(string, str):
                continue
            if string.startswith(_PROCESSING) or string.startswith("Processing"):
                kinds.add(StepKind.PROCESSING)
            elif string.startswith(TRAINING_FOLDERS) or string == "TrainingInput":
                kinds.add(StepKind.TRAINING)
    return kinds.pop() if len(kinds) == 1 else StepKind.UNKNOWN
