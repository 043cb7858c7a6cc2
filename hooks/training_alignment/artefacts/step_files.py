"""Step files (``*.step.yaml``): contract and specification of one step.

Each variant is merged into the base.
"""

from __future__ import annotations

from training_alignment.artefacts.contracts import contract
from training_alignment.artefacts.flows import flows_in
from training_alignment.artefacts.model import Contract, Format, Specification, StepFile
from training_alignment.artefacts.registries import registration
from training_alignment.artefacts.sections import a_table, wrong
from training_alignment.artefacts.specifications import specification
from training_alignment.artefacts.tree import Located, Node, Table, is_absent, merged, text_of


def is_step_table(table: Table[Node]) -> bool:
    """Return whether a table is a step file by its keys: a step type, and a contract or a specification."""
    return "step_type" in table and any(isinstance(table.get(key), Table) for key in ("contract", "spec"))


def step_file(table: Table[Node], path: str) -> StepFile:
    """Return the contents of a step file. Raises `ReadError` for a part of the wrong kind."""
    name = text_of(table.get("step_type"))
    registry = a_table(table.get("registry"), "registry") or Table({}, table.place)
    variants = a_table(table.get("variants"), "variants")
    contracts = [c for c in (_contract(table),) if c is not None]
    specifications = [s for s in (_specification(table, "", ""),) if s is not None]
    for entry in variants or ():
        overlay = a_table(entry.value, f"the variant {entry.name.value}")
        whole = _laid_over(table, overlay)
        if overlay is not None and "contract" in overlay and (c := _contract(whole)) is not None:
            contracts.append(c)
        if (s := _specification(whole, name.value if name else "", entry.name.value)) is not None:
            specifications.append(s)
    return StepFile(
        path=path,
        raw=table,
        registration=registration(name or Located("", table.place), registry),
        contracts=tuple(contracts),
        specifications=tuple(specifications),
        patterns=a_table(table.get("patterns"), "patterns"),
        compute=a_table(table.get("compute"), "compute"),
        variants=variants.names if variants else (),
    )


def _laid_over(table: Table[Node], overlay: Table[Node] | None) -> Table[Node]:
    if overlay is None:
        return table
    found = merged(table, overlay, deep=True)
    assert isinstance(found, Table)
    return found


def _contract(table: Table[Node]) -> Contract | None:
    node = table.get("contract")
    if node is None or is_absent(node):
        return None
    if not isinstance(node, Table):
        raise wrong(node, "the contract", "a table")
    return contract(node, place=table.entries["contract"].place, form=Format.STEP_FILE)


def _specification(table: Table[Node], base_name: str, variant: str) -> Specification | None:
    """Return the specification, with the step type and the node type from the top of the file; None without any."""
    node = table.get("spec")
    if node is None or is_absent(node):
        return None
    if not isinstance(node, Table):
        raise wrong(node, "the specification", "a table")
    entries = dict(node.entries)
    for key in ("step_type", "node_type"):
        if key in table and key not in entries:
            entries[key] = table.entries[key]
    flows = {flow.place for flow in flows_in(table)}
    entries.update({e.name.value: e for e in table if e.place in flows and e.name.value not in entries})
    whole = Table(entries, node.place, node.closed)
    return specification(
        whole, place=table.entries["spec"].place, form=Format.STEP_FILE, base_name=base_name, variant=variant
    )
