"""Reader of Python files: contracts, specifications, flows, registries and classes."""

from __future__ import annotations

import ast

from flake8_training.engine.syntax.dict_forms import copied
from flake8_training.engine.syntax.nodes import walk
from flake8_training.pattern import pattern
from training_alignment.artefacts import contracts, flows, registries, specifications
from training_alignment.artefacts.class_reader import class_bodies
from training_alignment.artefacts.model import (
    Contract,
    FileReading,
    Flow,
    Format,
    Registration,
    Requirement,
    Specification,
    Text,
)
from training_alignment.artefacts.name_resolution import bound
from training_alignment.artefacts.python_expressions import PythonTree
from training_alignment.artefacts.sections import wrong
from training_alignment.artefacts.source import Assignment, Files, Source
from training_alignment.artefacts.tree import Listing, Located, Node, Place, Scalar, Table

CONTRACT_NAME = pattern(r"(?i)(?:^|_)contract$")
SPECIFICATION_NAME = pattern(r"(?i)(?:^|_)(?:spec|specification)$")
_COPIES = frozenset({"dict", "copy.deepcopy", "copy.copy", "types.MappingProxyType"})
"""Calls that return a table unchanged; calls of other functions are not evaluated."""

_LOADS_A_STEP = pattern(r"(?i)interface|spec|contract")


def read_python(source: Source, files: Files, *, certain: bool = False) -> FileReading:
    """Return the artefacts that the file defines. Raises `ReadError` if one of them cannot be read.

    ``certain`` means that the file is an artefact of a step; a contract that is no table is then an error.
    """
    return _FileReader(source, files, certain).read()


class _FileReader:
    def __init__(self, source: Source, files: Files, certain: bool) -> None:
        self.source = source
        self.files = files
        self.certain = certain
        self.tree = PythonTree(source, files)
        self.contracts: list[Contract] = []
        self.specifications: list[Specification] = []
        self.flows: list[Flow] = []
        self.requirements: list[Requirement] = []
        self.registrations: list[Registration] = []
        self.named_steps: list[Text] = []

    def read(self) -> FileReading:
        for name, assignments in self.source.assigned.items():
            # A fallback such as ``CONTRACT = None`` after a failed import is not a second value.
            values = [
                a for a in assignments if not (isinstance(a.value, ast.Constant) and a.value.value is None)
            ]
            if len(values) == 1 or (values and all(isinstance(a.value, ast.Call) for a in values)):
                self._assigned(name, values[0])
        if not self.contracts and not self.specifications:
            for function in self.source.functions.values():
                self._factory(function)
        return FileReading(
            path=self.source.path,
            contracts=tuple(self.contracts),
            specifications=tuple(self.specifications),
            flows=tuple(self.flows),
            requirements=tuple(self.requirements),
            registrations=tuple(self.registrations),
            classes=class_bodies(self.source, self.files),
            imported={name: (i.module, i.member) for name, i in self.source.imports.items()},
            named_steps=tuple(self.named_steps),
            exhausted=self.source.budget.exhausted,
        )

    def _assigned(self, name: str, assignment: Assignment) -> None:
        value = assignment.value
        place = self._place(name, assignment)
        if isinstance(value, ast.Call):
            self._call(name, value, place)
        elif isinstance(value, ast.Subscript) and isinstance(value.value, ast.Call):
            self._loaded(value.value)
        subject = flows.flow_subject(name)
        required = flows.requirement_subject(name)
        is_contract, is_specification = CONTRACT_NAME.search(name), SPECIFICATION_NAME.search(name)
        is_registry = isinstance(value, ast.Dict) and _registers(value)
        if not (subject or required or is_contract or is_specification or is_registry):
            return
        if not isinstance(
            value,
            ast.Dict | ast.List | ast.Set | ast.Tuple | ast.BinOp | ast.Constant | ast.Call | ast.DictComp,
        ):
            return
        if isinstance(value, ast.Call) and not self._is_copy(value):
            return
        node = self.tree.assigned(name, value)
        if is_contract:
            self._table_contract(name, node, place)
        elif is_specification:
            self._table_specification(name, node, place)
        elif subject and isinstance(node, Table) and flows.is_flow(subject, node):
            self.flows.append(flows.flow(subject, node, place))
        elif required:
            found = flows.requirement(required, node, place)
            self.requirements.extend([found] if found else [])
        elif isinstance(node, Table) and registries.is_registry(node):
            self.registrations.extend(registries.registrations(node))

    def _is_copy(self, call: ast.Call) -> bool:
        """Return whether a call returns a copy of a table."""
        return self.source.dotted(call.func) in _COPIES or (not call.args and copied(call) is not None)

    def _place(self, name: str, assignment: Assignment) -> Place:
        """Return the place of the assignment's target."""
        statement = assignment.statement
        targets = (
            statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        )
        for target in targets:
            for node in walk(target) if target is not None else ():
                if isinstance(node, ast.Name) and node.id == name:
                    return self.source.place(node)
        return self.source.place(assignment.statement)

    # -- dict literals

    def _is_one(self, table: Table[Node], marks: frozenset[str]) -> bool:
        """Return whether a table is an artefact; a table with only truth values describes artefacts and is none."""
        if self.certain:
            return len(table) > 0
        return any(
            entry.name.value in marks
            and not (isinstance(entry.value, Scalar) and isinstance(entry.value.value, bool))
            for entry in table
        )

    def _table_contract(self, name: str, node: Node, place: Place) -> None:
        if isinstance(node, Table):
            if self._is_one(node, contracts.MARKS):
                self.contracts.append(contracts.contract(node, name=name, place=place, form=Format.TABLE))
                self.flows.extend(flows.flows_in(node))
        elif self._is_no_table(node):
            raise wrong(node, f"the contract {name}", "a table")

    def _table_specification(self, name: str, node: Node, place: Place) -> None:
        if isinstance(node, Table):
            if self._is_one(node, specifications.MARKS):
                self.specifications.append(
                    specifications.specification(node, name=name, place=place, form=Format.TABLE)
                )
        elif self._is_no_table(node):
            raise wrong(node, f"the specification {name}", "a table")

    def _is_no_table(self, node: Node) -> bool:
        """Return whether the node is certainly no table, in a file that must define one."""
        return self.certain and (isinstance(node, Listing) or (isinstance(node, Scalar) and node.known))

    # -- calls

    def _class_name(self, call: ast.Call) -> str:
        """Return the name of the class that is called; import aliases and subclasses in this file are resolved."""
        name = (self.source.dotted(call.func) or "").rpartition(".")[2]
        for _ in range(5):
            local = self.source.classes.get(name)
            if local is None or not local.bases or contracts.is_contract_class(name):
                return name
            if specifications.is_specification_class(name):
                return name
            name = (self.source.dotted(local.bases[0]) or "").rpartition(".")[2]
        return name

    def _is_class_call(self, call: ast.Call) -> bool:
        name = self._class_name(call)
        return contracts.is_contract_class(name) or specifications.is_specification_class(name)

    def _call(self, name: str, call: ast.Call, place: Place) -> None:
        class_name = self._class_name(call)
        if contracts.is_contract_class(class_name):
            table = self.tree.call(call).arguments
            self.contracts.append(
                contracts.contract(table, name=name, place=place, form=Format.CALL, class_name=class_name)
            )
        elif specifications.is_specification_class(class_name):
            table = self.tree.call(call).arguments
            expression = next(
                (k.value for k in call.keywords if k.arg in ("script_contract", "contract")), None
            )
            contract = bound(self.source, self.files, expression) if expression is not None else None
            self.specifications.append(
                specifications.specification(
                    table, name=name, place=place, form=Format.CALL, contract=contract
                )
            )
        else:
            self._loaded(call)

    def _loaded(self, call: ast.Call) -> None:
        """Record the name of the step that a call such as ``load_step_interface("Name")`` loads."""
        name = (self.source.dotted(call.func) or "").rpartition(".")[2]
        first = call.args[0] if call.args else None
        if _LOADS_A_STEP.search(name) and isinstance(first, ast.Constant) and isinstance(first.value, str):
            self.named_steps.append(Located(first.value, self.source.place(call)))

    def _factory(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Read a function whose only return statement constructs a contract or specification."""
        returned = [s for s in function.body if isinstance(s, ast.Return)]
        if len(returned) == 1 and isinstance(returned[0].value, ast.Call):
            if self._is_class_call(returned[0].value):
                self._call(function.name, returned[0].value, self.source.place(function))


def _registers(table: ast.Dict) -> bool:
    """Return whether the first value of a table is a registered step, for a constant of any name."""
    first = table.values[0] if table.values else None
    keys = first.keys if isinstance(first, ast.Dict) else []
    return any(isinstance(key, ast.Constant) and key.value in registries.MARKS for key in keys)
