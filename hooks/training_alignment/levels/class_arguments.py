"""The command-line arguments that a step's builder and configuration pass: ``_get_job_arguments`` and the like."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from training_alignment.artefacts.class_model import ClassFamily, Text
from training_alignment.artefacts.tree import Located
from training_alignment.levels.subject import StepSubject

_ARGUMENTS = re.compile(r"job_arg(?:ument)?s|command_line_arg|script_arg", re.IGNORECASE)
_FLAG = re.compile(r"--[A-Za-z][\w-]*")
_ADDING = ("append", "extend", "insert")


def passed_by_classes(subject: StepSubject) -> Iterator[Text]:
    """The flags, with dashes, in the lists that the step's own classes make of their arguments."""
    for owner in (subject.reading.builder, subject.reading.configuration):
        if owner is not None:
            yield from _of_class(subject, owner.family)


def _of_class(subject: StepSubject, family: ClassFamily) -> Iterator[Text]:
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
    """What stands in a list, or is added to one."""
    for node in ast.walk(function):
        if isinstance(node, ast.List):
            yield from node.elts
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ADDING
        ):
            yield from node.args
