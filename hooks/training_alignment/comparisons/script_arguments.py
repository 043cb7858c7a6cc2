"""Compares the arguments that a contract or a class of the step passes with the script's options.

The classes are the builder and the configuration, with methods such as ``_get_job_arguments``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.inputs.options import Option
from flake8_training.ledger import Reason, note_unknown, unknown_if
from flake8_training.pattern import pattern
from flake8_training.record import Record
from flake8_training.spelling import closest, did_you_mean, plain_name, same_name
from training_alignment.artefacts.class_model import ClassHierarchy, Text
from training_alignment.artefacts.model import Contract
from training_alignment.artefacts.tree import Located, Place
from training_alignment.comparisons.declared_hyperparameters import declared_hyperparameters
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.launches.command_line import reads_command_line

_PARSED = ("argparse", "optparse", "click", "typer", "fire", "absl", "dataclass")


class Argument(Record):
    """An argument that is passed to the script: its place, and the detail of the message."""

    place: Place
    detail: str


class NotPassed(Record):
    """An option of a script that is not passed: its node, the detail of the message, whether it is required."""

    node: ast.AST
    detail: str
    required: bool = True


def unaccepted(subject: StepUnderCheck) -> Iterator[Argument]:
    """Yield the arguments that the contract, or a class of the step, passes and the script has no option for."""
    script = subject.script
    if script is None:
        return
    is_open = script.analysis.options.open_ended or reads_command_line(script.analysis)
    if unknown_if(is_open, Reason.MAPPING, 1, subject.script_path or "", "options"):
        return
    options = [o for o in script.analysis.options.all if o.source in _PARSED]
    flags = [flag for option in options for flag in option.flags if flag.startswith("--")]
    for contract in subject.contracts:
        for name, place in _passed(subject, contract):
            yield from _unaccepted(f"--{name.lstrip('-')}", place, flags)
        if subject.is_training:
            yield from _misspellings(contract, flags)
    if not subject.is_training:
        declared = {
            name.lstrip("-") for c in subject.contracts for name, _ in _passed(subject, c, every=True)
        }
        for text in passed_by_classes(subject):
            if text.value.lstrip("-") not in declared:
                yield from _unaccepted(text.value, text.place, flags)


def _unaccepted(flag: str, place: Place, flags: list[str]) -> Iterator[Argument]:
    if flag in flags or len([f for f in flags if f.startswith(flag)]) == 1:
        return  # argparse accepts an unambiguous beginning of an option
    if not flags:
        yield Argument(place, f"{flag}, the script parses no arguments")
        return
    near = _meant(flag, flags)
    yield Argument(place, f"{flag}{did_you_mean(near)}" if near else flag)


def _misspellings(contract: Contract, flags: list[str]) -> Iterator[Argument]:
    """Yield the job arguments of a training step that are misspellings of an option of the script.

    A training job receives no job arguments, so that an unknown one is no error.
    """
    passed = {f"--{argument.flag.value.lstrip('-')}" for argument in contract.job_arguments}
    for argument in contract.job_arguments:
        flag = f"--{argument.flag.value.lstrip('-')}"
        near = _meant(flag, [f for f in flags if f not in passed]) if flag not in flags else None
        if near is not None:
            yield Argument(argument.flag.place, f"{flag}{did_you_mean(near)}")


def _meant(flag: str, flags: list[str]) -> str | None:
    return next((f for f in flags if same_name(f, flag)), None) or closest(flag, flags)


def not_passed(subject: StepUnderCheck) -> Iterator[NotPassed]:
    """Yield the options that nothing passes: required ones, and ones that a user sets on the command line."""
    script = subject.script
    contracts = subject.contracts
    if script is None or not contracts or not script.analysis.options.all:
        return
    names: set[str] = set()
    for contract in contracts:
        if contract.arguments is not None and not contract.arguments.closed:
            note_unknown(Reason.MAPPING, contract.arguments.place)
            return
        names.update(name for name, _ in _passed(subject, contract, every=True))
    hyperparameters = declared_hyperparameters(subject)
    if hyperparameters is not None:
        names |= hyperparameters
    has_arguments = any(contract.arguments is not None or contract.job_arguments for contract in contracts)
    if not has_arguments and hyperparameters is None:
        return
    plain, by_classes = _plain(names), _plain(_by_classes(subject))
    states_all = has_arguments and all(contract.arguments is not None for contract in contracts)
    states_all = states_all and not (subject.is_training and _passes_hyperparameters(subject))
    for option in script.analysis.live_options:
        if option.source != "argparse" or not option.flags:
            continue
        if option.module is not script.analysis.program.entry or _is_passed(option, plain):
            continue
        near = closest(option.name, names)
        hint = did_you_mean(near)
        if option.required and not subject.is_training and _is_passed(option, by_classes):
            yield NotPassed(option.node, f"--{option.name}, though a class of the step passes it", False)
        elif option.required:
            yield NotPassed(option.node, f"--{option.name}{hint}")
        elif states_all and _is_for_the_job(option):
            yield NotPassed(option.node, f"--{option.name}, so its default is always taken{hint}", False)


def _by_classes(subject: StepUnderCheck) -> set[str]:
    return {text.value.lstrip("-") for text in passed_by_classes(subject)}


def _is_for_the_job(option: Option) -> bool:
    """Return whether only the command line sets an option: it is no flag, and its default is absent or a constant."""
    default = option.default
    return not option.is_flag and (default is None or isinstance(default, ast.Constant))


def _passes_hyperparameters(subject: StepUnderCheck) -> bool:
    """Return whether the builder may pass hyperparameters to the training job: they arrive as options."""
    builder = subject.reading.builder
    return builder is not None and any(
        not built.arguments.closed or "hyperparameters" in built.arguments
        for built in builder.constructions()
    )


def _passed(
    subject: StepUnderCheck, contract: Contract, *, every: bool = False
) -> Iterator[tuple[str, Place]]:
    """Yield the names of a contract's arguments, with their places.

    A training job passes no job arguments: they are included only for ``every``.
    """
    for entry in contract.arguments or ():
        yield entry.name.value, entry.place
    if every or not subject.is_training:
        for argument in contract.job_arguments:
            yield argument.flag.value.lstrip("-"), argument.flag.place


def _plain(names: set[str]) -> set[str]:
    return {plain_name(name) for name in names} - {""}


def _is_passed(option: Option, plain: set[str]) -> bool:
    """Return whether one of the names, without case and separators, is the option's."""
    return any(plain_name(flag) in plain for flag in option.flags)


_ARGUMENTS = pattern(r"(?i)job_arg(?:ument)?s|command_line_arg|script_arg")

_FLAG = pattern(r"--[A-Za-z][\w-]*")

_ADDING = ("append", "extend", "insert")


def passed_by_classes(subject: StepUnderCheck) -> Iterator[Text]:
    """Yield the flags, with dashes, in the argument lists of the step's own classes."""
    for owner in (subject.reading.builder, subject.reading.configuration):
        if owner is not None:
            yield from _of_class(subject, owner.family)


def _of_class(subject: StepUnderCheck, family: ClassHierarchy) -> Iterator[Text]:
    methods = [m.name.value for m in family.own.methods if _ARGUMENTS.search(m.name.value)]
    if not methods:
        return
    source = subject.repository.discovery.repository.source(family.path)
    for statement in source.classes[family.name].body:
        if isinstance(statement, ast.FunctionDef) and statement.name in methods:
            for node in _listed(statement):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and _FLAG.fullmatch(node.value)
                ):
                    yield Located(node.value, source.place(node))


def _listed(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield the elements of lists, and the arguments of methods that add to a list."""
    for node in ast.walk(function):
        if isinstance(node, ast.List):
            yield from node.elts
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ADDING
        ):
            yield from node.args
