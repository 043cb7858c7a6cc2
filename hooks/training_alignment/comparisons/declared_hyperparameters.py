"""Compares the declared hyperparameters with those that the script reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.ledger import Reason, unknown_if
from flake8_training.record import Record
from flake8_training.spelling import closest, did_you_mean, same_name
from training_alignment.artefacts.tree import Entry, Node, all_closed
from training_alignment.comparisons.step_subject import StepUnderCheck

_OF_SAGEMAKER = ("sagemaker_", "_tuning_")


class Reading(Record):
    """A read of a hyperparameter: its node, and the detail of the message."""

    node: ast.AST
    detail: str


def declared_hyperparameters(subject: StepUnderCheck) -> set[str] | None:
    """Return the names that the contracts and specifications declare.

    Return None if they declare none, if they may declare more, or if no contract declares any.
    """
    tables = [c.hyperparameters for c in subject.contracts]
    tables += [s.hyperparameters for s in subject.reading.specifications]
    declaring = [table for table in tables if table is not None]
    if not declaring or not all_closed(*declaring):
        return None
    if all(c.hyperparameters is None for c in subject.contracts):
        return None
    return {name for table in declaring for name in table.names}


def undeclared_reads(subject: StepUnderCheck, declared: set[str]) -> Iterator[Reading]:
    """Yield the reads of hyperparameters that neither a contract nor a specification declares."""
    script, reads = subject.script, subject.hyperparameters
    if script is None or reads is None:
        return
    options = [o for o in script.analysis.live_options if o.module is script.analysis.program.entry]
    taken = reads.names | {option.name for option in options}
    free = [name for name in declared if not any(same_name(name, one) for one in taken)]
    seen: set[str] = set()
    for read in reads.reads:
        if not read.own or _is_known(read.name, declared) or read.name in seen:
            continue
        near = closest(read.name, free)
        if read.required or near:
            seen.add(read.name)
            yield Reading(read.node, f"{read.name}{did_you_mean(near)}" if near else read.name)
    if not subject.is_training:
        return
    for option in options:
        near = None if _is_known(option.name, declared) else closest(option.name, free)
        if near and option.name not in seen:
            yield Reading(option.node, f"--{option.name}{did_you_mean(near)}")


def never_read(subject: StepUnderCheck) -> Iterator[Entry[Node]]:
    """Yield the hyperparameters of the contracts that the script certainly never reads."""
    script = subject.script
    if script is None or not subject.is_training or not any(c.hyperparameters for c in subject.contracts):
        return
    reads = subject.hyperparameters
    options = script.analysis.options
    is_open = reads is None or reads.open or options.open_ended
    if unknown_if(is_open, Reason.MAPPING, 1, subject.script_path or ""):
        return
    if reads is None or not (reads.reads or script.analysis.live_options):
        return
    names = reads.names | {word for o in options.all for word in (o.name, o.dest, *o.flags)}
    for contract in subject.contracts:
        for entry in contract.hyperparameters or ():
            if not any(same_name(entry.name.value, name) for name in names):
                if closest(entry.name.value, names) is None:
                    yield entry


def _is_known(name: str, declared: set[str]) -> bool:
    return name.startswith(_OF_SAGEMAKER) or any(same_name(name, known) for known in declared)
