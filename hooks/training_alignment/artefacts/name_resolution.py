"""References from one file to another: a specification's contract, a builder's specification."""

from __future__ import annotations

import ast

from flake8_training.engine.syntax.nodes import walk
from flake8_training.resolver import is_package_file
from training_alignment.artefacts.model import Bound
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.source import Files, Source

MAX_PACKAGES = 5
"""Packages followed in sequence while one ``__init__.py`` re-exports a name from the next."""


def bound(source: Source, files: Files, expression: ast.expr) -> Bound | None:
    """Return the object that an expression refers to, or None.

    It may be an imported name, a name of this file, or the result of a local function that returns one.
    """
    place = source.place(expression)
    if isinstance(expression, ast.Call):
        function = source.functions.get(expression.func.id) if isinstance(expression.func, ast.Name) else None
        returned = _returned(function) if function is not None else None
        found = bound(source, files, returned) if isinstance(returned, ast.Name | ast.Attribute) else None
        return Bound(found.name, found.module, found.path, place) if found else None
    if isinstance(expression, ast.Name):
        imported = source.imports.get(expression.id)
        if imported is not None and imported.member:
            path = defining_file(files, imported.module, imported.member, source.path)
            return Bound(imported.member, imported.module, path, place)
        if expression.id in source.assigned or expression.id in source.classes:
            return Bound(expression.id, "", source.path, place)
        return None
    dotted = source.dotted(expression)
    if dotted is None:
        return None
    module, _, member = dotted.rpartition(".")
    path = defining_file(files, module, member, source.path)
    return Bound(member, module, path, place) if path else None


def defining_file(files: Files, module: str, member: str, importer: str) -> str | None:
    """Return the file that defines ``member`` of ``module`` as ``importer`` imports it, through re-exports;

    else None.
    """
    path = files.resolver.file(module, importer)
    for _ in range(MAX_PACKAGES):
        # ``from . import module`` names a module, not a member of one: then there is no path.
        if path is None or not is_package_file(path):
            return path
        inner = files.resolver.file(module, importer, member)
        if inner is not None:
            return inner
        try:
            package = files.source(path)
        except ReadError:
            return path
        passed = package.imports.get(member)
        if passed is None or not passed.member:
            return path
        module, member, importer = passed.module, passed.member, path
        path = files.resolver.file(module, importer)
    return path


def _returned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.expr | None:
    """Return the expression of a function's only return statement, or None."""
    found = [s.value for s in walk(function) if isinstance(s, ast.Return) and s.value is not None]
    return found[0] if len(found) == 1 else None
