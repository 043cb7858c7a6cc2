"""Compares the reads and writes of a script with the inputs and outputs of its contract.

A script that uses logical names (see ``flake8_training.script.logical_names``) is compared by them. Any other script
is compared by the paths that it reads and writes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY, ContainerPath, PathKind
from flake8_training.finding import Related
from flake8_training.ledger import Reason, note_question, note_unknown, unknown_if
from flake8_training.record import Record
from flake8_training.sagemaker import paths
from flake8_training.sagemaker.contract_paths import judge_input, judge_output
from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.model import Port
from training_alignment.artefacts.tree import Entry, Table, all_closed
from training_alignment.comparisons.ports import Side, of_contract
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side

if TYPE_CHECKING:
    from flake8_training.script import Script
    from flake8_training.script.logical_names import Logical, Names, Use

_DECLARED = {
    "input": (PathKind.CHANNEL, PathKind.PROCESSING),
    "output": (PathKind.MODEL, PathKind.OUTPUT, PathKind.CHECKPOINTS, PathKind.PROCESSING),
}
"""The container paths that a contract declares, by side. Any other path is not compared."""


class Undeclared(Record):
    """A read or write that the contract does not declare: its node, the detail of the message, the other side."""

    node: ast.AST
    detail: str
    related: tuple[Related, ...]


class Unused(Record):
    """An entry of the contract that the script never uses: the entry, the detail of the message, the other side."""

    entry: Entry[Port]
    detail: str
    related: tuple[Related, ...] = ()


class Moved(Record):
    """A logical name with different paths in script and contract: its node, the detail, the other side."""

    node: ast.AST
    detail: str
    related: tuple[Related, ...]


def declared(subject: StepUnderCheck, side: Side) -> list[Table[Port]]:
    """Return the inputs or outputs of the step's contracts that declare them."""
    return [t for c in subject.contracts if (t := of_contract(c, side)) is not None]


def undeclared(subject: StepUnderCheck, side: Side) -> Iterator[Undeclared]:
    """Yield the inputs that the script reads, or the outputs that it writes, and that no contract declares."""
    tables = declared(subject, side)
    if not tables or subject.script is None:
        return
    if not all_closed(*tables):
        return
    logical = subject.logical
    if logical is not None:
        yield from _undeclared_names(subject, logical, tables, side)
    else:
        yield from _undeclared_paths(subject, subject.script, tables, side)


def _undeclared_names(
    subject: StepUnderCheck, logical: Logical, tables: list[Table[Port]], side: Side
) -> Iterator[Undeclared]:
    names = _names(logical, side)
    known = {name for table in tables for name in table.names}
    free = sorted(known.difference(names.used))
    supplied = _supplied(subject, names)
    declared_uses = {id(use.node) for use in names.uses if use.name in known}
    by_name: dict[str, list[Use]] = {}
    for use in names.uses:
        by_name.setdefault(use.name, []).append(use)
    for name, every in by_name.items():
        uses = [u for u in every if not (u.fallback or _has_other(u, declared_uses))]
        shown = next((u for u in uses if u.required or not u.test), None)
        if name in known or shown is None:
            continue
        if names.never_supplied(name) and any(use.test and not use.required for use in uses):
            continue  # the script tests for the name and runs without it
        same_place = _entry_at(tables, supplied.get(name, ()))
        near = closest(name, free)
        if same_place is not None:
            hint = f", the contract has that path as {same_place.name.value}"
        elif near:
            hint = did_you_mean(near)
        else:
            hint = f", the contract has {', '.join(free)}" if free else ""
        there = same_place.place if same_place is not None else tables[0].place
        related = other_side(there, f"the {side}s of the contract")
        yield Undeclared(shown.node, f"{name}{hint}", (related,))


def _has_other(use: Use, declared_uses: set[int]) -> bool:
    """Return whether a declared name is the default for a missing one: ``d.get("old", d.get("new"))``."""
    return use.default is not None and any(id(node) in declared_uses for node in ast.walk(use.default))


def _undeclared_paths(
    subject: StepUnderCheck, script: Script, tables: list[Table[Port]], side: Side
) -> Iterator[Undeclared]:
    from flake8_training.script.accesses import accesses

    sides: tuple[Side, ...] = ("input", "output")
    contract_paths = {s: [_right_path(subject, e, s) for t in declared(subject, s) for e in t] for s in sides}
    both = [*contract_paths["input"], *contract_paths["output"]]
    if any(path is None for path in both):
        note_unknown(Reason.COMPUTED, tables[0].place, what=f"a path of the {side}s", weak=True)
        return
    seen: set[str] = set()
    contracted = _Paths(path for path in both if path is not None)
    for access in accesses(script.analysis):
        path = _certain(access.place)
        if path is None or access.writing != (side == "output") or access.place.root not in _DECLARED[side]:
            continue
        if path in seen or contracted.touch(path):
            continue
        seen.add(path)
        near = closest(path, [p for p in contract_paths[side] if p])
        hint = did_you_mean(near)
        related = tuple(other_side(t.place, f"the {side}s of the contract") for t in tables[:1])
        yield Undeclared(access.node, f"{path}{hint}", related)


def unused(subject: StepUnderCheck, side: Side) -> Iterator[Unused]:
    """Yield the entries of the contracts that the script certainly never uses."""
    script = subject.script
    if script is None:
        return
    logical = subject.logical
    used = cache(lambda: _used_paths(subject, logical))
    found: set[int] = set()
    for contract in subject.contracts:
        skipped = {text.value for text in contract.skipped_inputs or ()}
        for entry in of_contract(contract, side) or ():
            if entry.name.value in skipped or id(entry) in found:
                continue
            note_question()
            path = _right_path(subject, entry, side)
            if path is None or _is_code(path):
                continue
            is_unused = (
                _name_unused(subject, logical, used, entry, path, side)
                if logical is not None
                else _path_unused(subject, script, used, path, side)
            )
            if is_unused:
                found.add(id(entry))
                yield Unused(entry, f"{entry.name.value}, {path}")


def _used_paths(subject: StepUnderCheck, logical: Logical | None) -> _Paths:
    """Return the paths that the script passes to calls, and those that it supplies under used logical names."""
    found = [path.split(ANY)[0] for path in subject.mentions.paths]
    for names in (logical.inputs, logical.outputs) if logical is not None else ():
        used = set(names.used)
        found.extend(p for name, places in _supplied(subject, names).items() if name in used for p in places)
    return _Paths(found)


def _name_unused(
    subject: StepUnderCheck,
    logical: Logical,
    used: Callable[[], _Paths],
    entry: Entry[Port],
    path: str,
    side: Side,
) -> bool:
    names = _names(logical, side)
    if entry.name.value in names.used:
        return False
    if unknown_if(names.uses_open, Reason.MAPPING, 1, subject.script_path or "", entry.name.value):
        return False
    if used().touch(path):
        return False
    for group in (logical.inputs, logical.outputs):
        is_open = group.supplies is None or group.supplies.open
        if unknown_if(is_open, Reason.MAPPING, 1, subject.script_path or "", entry.name.value):
            return False
    return True


def _path_unused(
    subject: StepUnderCheck, script: Script, used: Callable[[], _Paths], path: str, side: Side
) -> bool:
    if side == "output" and path == paths.MODEL_DIR and subject.is_training:
        return False  # a script rule reports a model that is not saved
    if used().touch(path):
        return False
    writing = side == "output"
    may_use = subject.mentions.writes_others if writing else subject.mentions.reads_others
    if may_use:
        from flake8_training.script.accesses import note_open_paths

        note_open_paths(script.analysis, path, writing=writing)
    return not may_use


def moved(subject: StepUnderCheck) -> Iterator[Moved]:
    """Yield the logical names with a path in the script that is certainly not the contract's."""
    logical = subject.logical
    if logical is None or subject.script is None:
        return
    sides: tuple[Side, ...] = ("input", "output")
    for side in sides:
        contract_paths: dict[str, list[Entry[Port]]] = {}
        for table in declared(subject, side):
            for entry in table:
                contract_paths.setdefault(entry.name.value, []).append(entry)
        owners: dict[str, set[str]] = {}
        for name, entries in contract_paths.items():
            for entry in entries:
                if (path := _path(entry.value)) is not None:
                    owners.setdefault(path, set()).add(name)
        for name, entries in contract_paths.items():
            supply = _names(logical, side).supply(name)
            contracted = [path for entry in entries if (path := _path(entry.value)) is not None]
            if supply is None or len(contracted) != len(entries):
                continue
            scripted = [_absolute(place) for place in logical.paths(subject.script.analysis, supply)]
            known = [path for path in scripted if path is not None]
            is_known = bool(known) and len(known) == len(scripted)
            if unknown_if(not is_known, Reason.OUTSIDE, supply.node, subject.script_path or "", name):
                continue
            own = [p for p in known if p in contracted or not owners.get(p, set()) - {name}]
            if any(_agree(p, path) for p in own for path in contracted):
                continue
            detail = f"{name} is {known[0]}, not {contracted[0]}"
            yield Moved(
                supply.node, detail, (other_side(entries[0].place, f"{contracted[0]} in the contract"),)
            )


def _names(logical: Logical, side: Side) -> Names:
    return logical.inputs if side == "input" else logical.outputs


def _supplied(subject: StepUnderCheck, names: Names) -> dict[str, list[str]]:
    """Return the certain paths that the script supplies under each logical name."""
    assert subject.script is not None
    assert subject.logical is not None
    analysis, logical = subject.script.analysis, subject.logical
    found: dict[str, list[str]] = {}
    for supply in names.supplies.items if names.supplies is not None else ():
        certain = [path for place in logical.paths(analysis, supply) if (path := _certain(place)) is not None]
        found.setdefault(supply.name, []).extend(certain)
    return found


def _entry_at(tables: Iterable[Table[Port]], supplied: Collection[str]) -> Entry[Port] | None:
    """Return the entry of a contract that has one of these paths, or None."""
    if not supplied:
        return None
    return next(
        (e for t in tables for e in t if (path := _path(e.value)) is not None and path in supplied), None
    )


def _right_path(subject: StepUnderCheck, entry: Entry[Port], side: Side) -> str | None:
    """Return the path of a contract's entry; None if it is unknown, or if another rule reports it as invalid."""
    path = _path(entry.value)
    judge = judge_input if side == "input" else judge_output
    return None if path is None or (subject.is_training and judge(path) is not None) else path


def _path(port: Port) -> str | None:
    scalar = port.path
    if scalar is None or not isinstance(scalar.value, str) or not scalar.value.startswith("/"):
        return None
    return paths.normal_path(scalar.value)


def _certain(place: ContainerPath) -> str | None:
    """Return the folder of a container path up to its first unknown part; None if no part is certain."""
    if place.open or not place.path.startswith("/opt/ml/"):
        return None
    certain = place.path.split(ANY)[0]
    if certain != place.path:
        certain = certain.rpartition("/")[0]
    return paths.normal_path(certain)


def _absolute(place: ContainerPath) -> str | None:
    """Return a container path that is certain, or an absolute path outside SageMaker's folders (``/tmp/model``).

    Return None if it is unknown.
    """
    if (
        place.root is PathKind.LOCAL
        and not place.open
        and place.path.startswith("/")
        and ANY not in place.path
    ):
        return paths.normal_path(place.path)
    return _certain(place)


class _Paths:
    """A set of paths."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._own = {path.lower().rstrip("/") for path in paths}
        self._above = {above for path in self._own for above in _folders_above(path)}

    def touch(self, path: str) -> bool:
        """Return whether a path is one of these, or above or below one; channel names ignore case."""
        path = path.lower().rstrip("/")
        return path in self._own or path in self._above or not self._own.isdisjoint(_folders_above(path))


def _folders_above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _agree(scripted: str, contracted: str) -> bool:
    """Return whether the script may mean the contract's path: the same, one below it, or the folder of its file."""
    if scripted == contracted or scripted.startswith(contracted.rstrip("/") + "/"):
        return True
    last = contracted.rpartition("/")[2]
    return "." in last and contracted.startswith(scripted.rstrip("/") + "/")


def _is_code(path: str) -> bool:
    """Return whether a path holds the code that SageMaker installs: a script uses it without reading it."""
    return path == paths.CODE_DIR or path.startswith((paths.CODE_DIR + "/", "/opt/ml/processing/input/code"))
