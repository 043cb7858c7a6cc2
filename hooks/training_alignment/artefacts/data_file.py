"""Reader of YAML and JSON files: step files, or the tables of contracts and others."""

from __future__ import annotations

from training_alignment.artefacts import contracts, flows, registries, specifications
from training_alignment.artefacts.file_names import is_step_file
from training_alignment.artefacts.model import (
    Contract,
    FileReading,
    Flow,
    Format,
    Registration,
    Requirement,
    Specification,
)
from training_alignment.artefacts.python_file import CONTRACT_NAME, SPECIFICATION_NAME
from training_alignment.artefacts.sections import wrong
from training_alignment.artefacts.step_files import is_step_table, step_file
from training_alignment.artefacts.tree import Entry, Node, Table, is_absent

_CONTRACT_ONLY = frozenset(
    {
        "entry_point",
        "environment_variables",
        "env_vars",
        "expected_input_paths",
        "expected_output_paths",
        "expected_arguments",
    }
)
_OF_A_STEP = frozenset(
    {"dependencies", "inputs", "outputs", "node_type", "hyperparameters", "code_location", "script_contract"}
)
_SPECIFICATION_ONLY = frozenset(
    {"estimator_config", "code_location", "node_type", "step_type", "dependencies", "script_contract"}
)


def read_tree(data: bytes, path: str) -> Node | None:
    """Return the tree of a YAML or JSON file; None if it is empty."""
    # Most repositories have artefacts of one of the two formats, or of none.
    if path.endswith(".json"):
        from training_alignment.artefacts.json_tree import read_json

        return read_json(data, path)
    from training_alignment.artefacts.yaml_tree import read_yaml

    return read_yaml(data, path)


def read_data(data: bytes, path: str, *, role: str = "", certain: bool = False) -> FileReading:
    """Return the artefacts of a YAML or JSON file. Raises `ReadError` if it cannot be read.

    ``role`` is "contract", "specification" or "flow" if something outside the file declares what it is, else empty.
    ``certain`` means that the file is an artefact.
    """
    root = read_tree(data, path)
    if root is None or is_absent(root):
        return FileReading(path)
    if not isinstance(root, Table):
        if certain or is_step_file(path):
            raise wrong(root, "the whole file", "a table")
        return FileReading(path)
    if is_step_file(path) or is_step_table(root):
        return FileReading(path, step_file=step_file(root, path))
    return _DataReader(path, certain).read(root, role)


class _DataReader:
    def __init__(self, path: str, certain: bool) -> None:
        self.path = path
        self.certain = certain
        self.contracts: list[Contract] = []
        self.specifications: list[Specification] = []
        self.flows: list[Flow] = []
        self.requirements: list[Requirement] = []
        self.registrations: list[Registration] = []

    def read(self, root: Table[Node], role: str) -> FileReading:
        if not self._whole(root, role):
            self.flows.extend(flows.flows_in(root))
            self.requirements.extend(flows.requirements_in(root))
            for entry in root:
                self._entry(entry)
        return FileReading(
            path=self.path,
            contracts=tuple(self.contracts),
            specifications=tuple(self.specifications),
            flows=tuple(self.flows),
            requirements=tuple(self.requirements),
            registrations=tuple(self.registrations),
        )

    def _whole(self, root: Table[Node], role: str) -> bool:
        """Read the file as one contract, specification, flow or registry; return whether it is one."""
        keys = set(root.names)
        if role not in ("contract", "specification"):
            looks_sectioned = any(isinstance(e.value, Table) and _section(e.name.value) for e in root)
            if not looks_sectioned:
                role = "contract" if _is_contract(root, keys) else role
                role = "specification" if role != "contract" and _is_specification(keys) else role
        if role == "contract" and contracts.MARKS & keys:
            self.contracts.append(contracts.contract(root, form=Format.TABLE))
            self.flows.extend(flows.flows_in(root))
            self.requirements.extend(flows.requirements_in(root))
            return True
        if role == "specification" and specifications.MARKS & keys:
            self.specifications.append(specifications.specification(root, form=Format.TABLE))
            self.requirements.extend(flows.requirements_in(root))
            return True
        if role == "flow" and flows.is_flow(flows.DEPENDENCIES, root):
            self.flows.append(flows.flow(flows.DEPENDENCIES, root))
            return True
        if registries.is_registry(root):
            self.registrations.extend(registries.registrations(root))
            return True
        return False

    def _entry(self, entry: Entry[Node]) -> None:
        """Read one top-level key like the constant of that name in a Python file."""
        name, node, place = entry.name.value, entry.value, entry.place
        if CONTRACT_NAME.search(name):
            if isinstance(node, Table):
                if contracts.MARKS & set(node.names):
                    self.contracts.append(contracts.contract(node, name=name, place=place, form=Format.TABLE))
            elif self.certain and not is_absent(node):
                raise wrong(node, f"the contract {name}", "a table")
        elif SPECIFICATION_NAME.search(name):
            if isinstance(node, Table):
                if specifications.MARKS & set(node.names):
                    self.specifications.append(
                        specifications.specification(node, name=name, place=place, form=Format.TABLE)
                    )
            elif self.certain and not is_absent(node):
                raise wrong(node, f"the specification {name}", "a table")
        elif isinstance(node, Table) and registries.is_registry(node):
            self.registrations.extend(registries.registrations(node))


def _section(name: str) -> bool:
    return bool(CONTRACT_NAME.search(name) or SPECIFICATION_NAME.search(name))


def _is_contract(root: Table[Node], keys: set[str]) -> bool:
    """Return whether the whole file is a contract: ports in a container, and no key of a specification."""
    if keys & _SPECIFICATION_ONLY or not keys & {*contracts.INPUTS, *contracts.OUTPUTS}:
        return False
    if keys & {"expected_input_paths", "expected_output_paths"}:
        return True
    ports = [root.get(key) for key in (*contracts.INPUTS, *contracts.OUTPUTS)]
    inner = [e.value for p in ports if isinstance(p, Table) for e in p if isinstance(e.value, Table)]
    in_container = any(_mentions_container(one) for one in inner)
    return in_container or (bool(inner) and bool(keys & _CONTRACT_ONLY))


def _mentions_container(table: Table[Node]) -> bool:
    values = [getattr(entry.value, "value", None) for entry in table]
    return any(isinstance(v, str) and (v.startswith("/opt/ml") or v == "TrainingInput") for v in values)


def _is_specification(keys: set[str]) -> bool:
    """Return whether the whole file is a specification: an estimator's configuration, or a named step with ports."""
    if "estimator_config" in keys:
        return True
    return bool(keys & {"step_type", "step_name"}) and bool(keys & _OF_A_STEP)
