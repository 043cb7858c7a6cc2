"""The dicts that hold the job's hyperparameters: the mapping itself, and copies that keep its keys.

A copy is ``dict(d)``, ``d.copy()``, ``{**d}``, ``other.update(d)``, a comprehension over the items, or a loop that
stores them. A filter by the beginning of the key keeps the keys too; any other change of the keys ends the search.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import PathKind
from flake8_training.engine.flow.dataflow import Origin
from flake8_training.engine.syntax.dict_forms import Mapped, Merge, Part, Put, display_parts, items_of
from flake8_training.engine.syntax.nodes import walk
from flake8_training.engine.syntax.parents import enclosing, parent
from flake8_training.engine.syntax.scopes import ELEMENT
from flake8_training.engine.values.library_calls import HYPERPARAMETERS
from flake8_training.engine.values.values import Collection, LibraryObject, Value, Values, Variable
from flake8_training.script.displayed import is_only_displayed
from flake8_training.script.hyperparameter_file import FILE, names_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope
    from flake8_training.engine.values.values import Frame

_VARIABLE = "SM_HPS"
_LOADED = "json.load()"
_COPY = ".copy()"
_COPYING = frozenset({"builtins.dict", "copy.copy", "copy.deepcopy", "collections.OrderedDict", "json.loads"})
"""Calls whose result `is_mapping` follows as the mapping itself."""
_MAX_DEPTH = 6


class HyperparameterMappings:
    """The mappings of one program."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._known: dict[Value, bool] = {}
        self._has_source = (
            any(read.name == _VARIABLE for read in analysis.environment.reads)
            or names_file(analysis)
            or any(analysis.program.attribute_loads("hyperparameters"))
        )

    def is_mapping(self, values: Values, depth: int = 0) -> bool:
        """Return whether a value is the mapping, or a copy of it, possibly with other entries."""
        return self._has_source and any(self._holds(value, depth) for value in values)

    def is_merged(self, values: Values) -> bool:
        """Return whether entries of another origin may be in a mapping, so that a key may come from them."""
        return any(
            isinstance(value, Collection) and not self._is_whole_copy(value)
            for value in values
            if self._holds(value, 0)
        )

    def _holds(self, value: Value, depth: int) -> bool:
        if isinstance(value, Variable):
            return value.name == _VARIABLE
        if isinstance(value, LibraryObject):
            if value.name == HYPERPARAMETERS:
                return True
            if value.name != _LOADED and not value.name.endswith(_COPY):
                return False
        elif not isinstance(value, Collection):
            return False
        if depth >= _MAX_DEPTH:
            return False
        known = self._known.get(value)
        if known is None:
            self._known[value] = False  # for a dict that is merged into itself
            known = self._known[value] = (
                self._copies(value, depth + 1)
                if isinstance(value, Collection)
                else self._is_loaded_or_copied(value, depth + 1)
            )
        return known

    def _is_loaded_or_copied(self, value: LibraryObject, depth: int) -> bool:
        """Return whether a result is the content of the file, or ``.copy()`` of a mapping."""
        if value.name == _LOADED:
            return any(_is_file(origin) for origin in self._origins(value))
        function = value.site.node.func if value.site is not None else None
        if value.site is None or not isinstance(function, ast.Attribute):
            return False
        owners = self._analysis.evaluator.values(function.value, value.site.scope, value.frame)
        return self.is_mapping(owners, depth)

    def _origins(self, value: LibraryObject) -> Iterable[Origin]:
        if value.site is None or not value.site.node.args:
            return ()
        return self._analysis.flow.origins(value.site.node.args[0], value.site.scope)

    def _copies(self, value: Collection, depth: int) -> bool:
        parts = display_parts(value.node) or ()
        if any(self._takes_all(part, value.node, value.scope, value.frame, depth) for part in parts):
            return True
        return any(
            self._takes_all(part, None, placed.scope, None, depth)
            for placed in self._analysis.evaluator.dict_changes(value)
            for part in placed.change.parts
        )

    def _is_whole_copy(self, value: Collection) -> bool:
        """Return whether a dict has the mapping's entries and no others."""
        parts = display_parts(value.node) or ()
        return len(parts) == 1 and self._takes_all(parts[0], value.node, value.scope, value.frame, 1)

    def _takes_all(
        self, part: Part, node: ast.AST | None, scope: Scope, frame: Frame | None, depth: int
    ) -> bool:
        """Return whether a part of a dict adds the entries of a mapping under their own keys."""
        values = self._analysis.evaluator.values
        if isinstance(part, Merge):
            return self.is_mapping(values(part.source, scope, frame), depth)
        if isinstance(part, Mapped):
            kept = isinstance(node, ast.DictComp) and _keeps_keys(node)
            return kept and self.is_mapping(values(part.source, scope, frame), depth)
        return (
            isinstance(part, Put) and isinstance(part.key, ast.Name) and self._is_key(part.key, scope, depth)
        )

    def _is_key(self, node: ast.Name, scope: Scope, depth: int) -> bool:
        """Return whether a name is the key that a loop over a mapping, or over its items, binds."""
        binding = scope.only_binding(node.id)
        if binding is None or binding.value is None or binding.steps not in ((ELEMENT, 0), (ELEMENT,)):
            return False
        source = items_of(binding.value) if binding.steps == (ELEMENT, 0) else binding.value
        if source is None:
            return False
        return self.is_mapping(self._analysis.evaluator.values(source, binding.scope), depth)

    # -- uses of a whole mapping

    def is_followed(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether the use of a whole mapping only shows it, or copies it into a mapping that is followed."""
        if is_only_displayed(self._analysis, node, scope):
            return True
        tree = scope.module.tree
        around = parent(tree, node)
        if isinstance(around, ast.Attribute):
            call = parent(tree, around)
            if not isinstance(call, ast.Call) or call.func is not around:
                return False
            if around.attr in ("copy", "update"):
                return True
            return around.attr == "items" and self._is_loop_followed(call, scope)
        if isinstance(around, ast.Dict):
            return True
        if isinstance(around, ast.Call):
            if _COPYING.issuperset(self._analysis.evaluator.names(around, scope)):
                return True
            function = around.func
            return (
                isinstance(function, ast.Attribute)
                and function.attr == "update"
                and self._is_dict(function, scope)
            )
        return self._is_loop_followed(node, scope)

    def _is_dict(self, function: ast.Attribute, scope: Scope) -> bool:
        values = self._analysis.evaluator.values(function.value, scope)
        return bool(values) and all(
            isinstance(value, Collection) or self._holds(value, 0) for value in values
        )

    def _is_loop_followed(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether a loop over a mapping, or over its items, only stores them under their own keys."""
        around = parent(scope.module.tree, node)
        if isinstance(around, ast.comprehension):
            whole = parent(scope.module.tree, around)
            return isinstance(whole, ast.DictComp) and _keeps_keys(whole)
        if not isinstance(around, ast.For) or around.iter is not node:
            return False
        target = around.target
        name = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
        return isinstance(name, ast.Name) and all(
            self._keeps_key(use, scope)
            for use in walk(around)
            if isinstance(use, ast.Name) and isinstance(use.ctx, ast.Load) and use.id == name.id
        )

    def _keeps_key(self, use: ast.Name, scope: Scope) -> bool:
        """Return whether a use of a loop's key reads or stores its entry, tests its beginning or shows it."""
        around = parent(scope.module.tree, use)
        if isinstance(around, ast.Subscript) and around.slice is use:
            values = self._analysis.evaluator.values(around.value, scope)
            return bool(values) and all(isinstance(v, Collection) or self._holds(v, 0) for v in values)
        if isinstance(around, ast.Attribute) and around.attr == "startswith":
            return True
        return is_only_displayed(self._analysis, use, scope)

    def is_loop_key(self, key: ast.expr, scope: Scope) -> bool:
        """Return whether the key of a read is the key of a loop that is followed: ``d[key]`` in it reads no new one."""
        if not isinstance(key, ast.Name) or not self._is_key(key, scope, 0):
            return False
        return any(
            isinstance(around, ast.For) and self._is_loop_followed(around.iter, scope)
            for around in enclosing(scope.module.tree, key)
        )


def hyperparameter_mappings(analysis: Analysis) -> HyperparameterMappings:
    """Return the mappings of a program."""
    return analysis.fact(HyperparameterMappings)


def _keeps_keys(node: ast.DictComp) -> bool:
    """Return whether a comprehension keeps the keys of its items, if it filters, by their beginning."""
    parts = display_parts(node) or ()
    if len(parts) != 1 or not isinstance(parts[0], Mapped):
        return False
    return parts[0].keeps_keys(lambda call: ast.unparse(call.func) == "str") and all(
        _tests_beginning(test, parts[0].name) for test in node.generators[0].ifs
    )


def _tests_beginning(test: ast.expr, name: ast.expr) -> bool:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test = test.operand
    return (
        isinstance(test, ast.Call)
        and isinstance(test.func, ast.Attribute)
        and test.func.attr == "startswith"
        and isinstance(test.func.value, ast.Name)
        and isinstance(name, ast.Name)
        and test.func.value.id == name.id
    )


def _is_file(origin: Origin) -> bool:
    """Return whether an origin is the file of hyperparameters: SageMaker's, or one of that name in a channel."""
    root, path = getattr(origin, "root", None), getattr(origin, "path", "")
    return root is PathKind.HYPERPARAMETERS or (root is PathKind.CHANNEL and path.rpartition("/")[2] == FILE)
