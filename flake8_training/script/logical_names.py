"""The logical names of a script: ``main(input_paths, output_paths, environ_vars, job_args)``.

Such a script keeps container paths out of its main function: the ``__main__`` block, or a test, passes dicts of
logical name -> path, and the function looks them up. This module follows those dicts from the function's parameters
through names, copies and local functions, and back to the dict displays that supply them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ContainerPath, places
from flake8_training.engine.syntax.dict_forms import Merge, display_parts
from flake8_training.engine.syntax.parents import parent as parent_of
from flake8_training.engine.syntax.scopes import CallSite, parameters
from flake8_training.engine.values.dict_arguments import PassedKeys, Supply, supplies
from flake8_training.engine.values.values import Constant, Function
from flake8_training.libraries.rows import COPY, SERIALISED
from flake8_training.libraries.table import table
from flake8_training.record import Record, replace

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import ModuleIndex, Scope

INPUTS, OUTPUTS, VARIABLES = "input_paths", "output_paths", "environ_vars"
"""The parameters of such a function: a convention that only the signature shows."""

_VIEWS = frozenset({"keys", "items", "values"})
_TESTS = (ast.If, ast.While, ast.Assert, ast.UnaryOp, ast.Expr)


class Use(Record, eq=False):
    """One use of a logical name.

    ``required``: the program fails without the name. ``test``: the program only tests whether the dict has the name.
    ``fallback``: the use is the default of another name's use (``d.get("new", d.get("old"))``). ``node`` is in the
    script itself; for a use in another module it is the call that leads there.
    """

    name: str
    node: ast.AST
    required: bool
    test: bool = False
    default: ast.expr | None = None
    fallback: bool = False


class Names:
    """The logical names of one dict: those that the function uses, and those that its callers pass.

    ``uses_open``: there may be other uses. ``supplies`` is None if nothing in the script calls the function.
    """

    def __init__(self) -> None:
        self.uses: list[Use] = []
        self.uses_open = False
        self.supplies: PassedKeys | None = None

    def first(self, name: str) -> Use | None:
        """Return the first use that is more than a test, else the first test."""
        mine = [use for use in self.uses if use.name == name]
        return next((use for use in mine if not use.test), mine[0] if mine else None)

    @property
    def used(self) -> tuple[str, ...]:
        """The names that are used, each once, in the order of their first uses."""
        return tuple(dict.fromkeys(use.name for use in self.uses))

    def supply(self, name: str) -> Supply | None:
        """Return the value that the script passes under a name, or None."""
        return next((s for s in self.supplies.items if s.name == name), None) if self.supplies else None

    def never_supplied(self, name: str) -> bool:
        """Return whether the script certainly passes nothing under that name."""
        passed = self.supplies
        return passed is not None and not passed.open and all(s.name != name for s in passed.items)

    def missing(self) -> Iterator[Use]:
        """Yield the first required use of each name that the script never supplies."""
        for name in self.used:
            mine = [use for use in self.uses if use.name == name]
            needed = next((use for use in mine if use.required), None)
            asked = any(use.test and not use.required for use in mine)
            if needed is not None and not asked and self.never_supplied(name):
                yield needed


class Logical(Record, eq=False):
    """The logical names of a script. ``function`` is the function that takes them."""

    function: Scope
    inputs: Names
    outputs: Names
    variables: Names | None

    def paths(self, analysis: Analysis, supply: Supply) -> list[ContainerPath]:
        """Return the places that a supplied value can be."""
        return places(analysis.evaluator, analysis.evaluator.values(supply.value, supply.scope))


def logical(analysis: Analysis) -> Logical | None:
    """Return the logical names of a script; None if no function takes them."""
    function = _function(analysis.program.entry)
    if function is None:
        return None
    by_name = {argument.arg: argument for argument in parameters(function.node)}  # type: ignore[arg-type]
    found: dict[str, Names] = {}
    for name in (INPUTS, OUTPUTS, VARIABLES):
        if name in by_name:
            names = _Follower(analysis).follow(function, name)
            names.supplies = supplies(analysis.evaluator, function, by_name[name])
            found[name] = names
    return Logical(function, found[INPUTS], found[OUTPUTS], found.get(VARIABLES))


def _function(module: ModuleIndex) -> Scope | None:
    """Return the function that takes both dicts of paths: ``main``, else the first of the file."""
    found = [
        scope
        for scope in module.scopes
        if scope.kind == "function"
        and scope.parent is module.top
        and all(
            any(b.kind == "parameter" for b in scope.bindings.get(name, ())) for name in (INPUTS, OUTPUTS)
        )
    ]
    return next((scope for scope in found if scope.name == "main"), found[0] if found else None)


class _Follower:
    """Follows one dict through a program, and records its uses."""

    def __init__(self, analysis: Analysis) -> None:
        self._evaluator = analysis.evaluator
        self._entry = analysis.program.entry
        self._names = Names()
        self._seen: set[tuple[int, str]] = set()

    def follow(self, scope: Scope, name: str) -> Names:
        """Return the names used of the dict that ``name`` holds in ``scope``."""
        self._name(scope, name, None)
        defaults = [use.default for use in self._names.uses if use.default is not None]
        inside = {id(node) for default in defaults for node in ast.walk(default)}
        self._names.uses = [
            replace(use, fallback=True) if id(use.node) in inside else use for use in self._names.uses
        ]
        return self._names

    def _name(self, scope: Scope, name: str, anchor: ast.AST | None) -> None:
        if (id(scope), name) in self._seen:
            return
        self._seen.add((id(scope), name))
        for node, inner in _loads(scope, name):
            self._use(node, inner, anchor)

    def _note(
        self, keys: ast.expr, scope: Scope, node: ast.AST, anchor: ast.AST | None, **how: object
    ) -> None:
        """Record a use under a key; an unknown key leaves the uses open."""
        values = self._evaluator.values(keys, scope)
        texts = [v.value for v in values if isinstance(v, Constant) and isinstance(v.value, str)]
        if len(texts) != len(values) or not texts:
            self._names.uses_open = True
        for text in texts:
            self._names.uses.append(Use(text, anchor or node, **how))  # type: ignore[arg-type]

    def _use(self, node: ast.expr, scope: Scope, anchor: ast.AST | None) -> None:
        """Record the use of the dict by the parent of an expression that holds it."""
        parent = parent_of(scope.module.tree, node)
        if isinstance(parent, ast.Subscript) and parent.value is node:
            if isinstance(parent.ctx, ast.Load):
                self._note(parent.slice, scope, parent, anchor, required=True)
        elif isinstance(parent, ast.Attribute):
            self._attribute(parent, scope, anchor)
        elif isinstance(parent, ast.Compare):
            self._compare(parent, node, scope, anchor)
        elif isinstance(parent, ast.Call):
            self._argument(parent, node, scope, anchor)
        elif isinstance(parent, ast.keyword):
            call = parent_of(scope.module.tree, parent)
            if isinstance(call, ast.Call) and parent.arg is not None:
                self._argument(call, node, scope, anchor)
            else:
                self._names.uses_open = True
        elif isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            self._assigned(parent, scope, anchor)
        elif isinstance(parent, ast.BoolOp) or (isinstance(parent, ast.IfExp) and parent.test is not node):
            self._use(parent, scope, anchor)
        elif isinstance(parent, ast.Dict | ast.BinOp) and any(
            isinstance(part, Merge) and part.source is node for part in display_parts(parent) or ()
        ):
            self._use(parent, scope, anchor)
        elif not isinstance(parent, (*_TESTS, ast.IfExp, ast.FormattedValue)):
            self._names.uses_open = True

    def _attribute(self, attribute: ast.Attribute, scope: Scope, anchor: ast.AST | None) -> None:
        call = parent_of(scope.module.tree, attribute)
        if not (isinstance(call, ast.Call) and call.func is attribute):
            self._names.uses_open = True
        elif attribute.attr in table().key_readers and call.args:
            default = call.args[1] if len(call.args) > 1 else None
            required = table().key_readers[attribute.attr].required and default is None
            self._note(call.args[0], scope, call, anchor, required=required, default=default)
        elif attribute.attr == "copy":
            self._use(call, scope, anchor)
        elif attribute.attr in _VIEWS:
            outer = parent_of(scope.module.tree, call)
            if attribute.attr == "keys" and isinstance(outer, ast.Compare):
                self._compare(outer, call, scope, anchor)
            elif not self._is_shown(call, scope):
                self._names.uses_open = True
        elif attribute.attr != "update":
            self._names.uses_open = True

    def _compare(self, compare: ast.Compare, node: ast.expr, scope: Scope, anchor: ast.AST | None) -> None:
        if len(compare.ops) == 1 and compare.comparators[0] is node:
            if isinstance(compare.ops[0], ast.In | ast.NotIn):
                fails = isinstance(compare.ops[0], ast.NotIn) and _raises(compare, scope.module.tree)
                self._note(compare.left, scope, compare, anchor, required=fails, test=True)

    def _argument(self, call: ast.Call, node: ast.expr, scope: Scope, anchor: ast.AST | None) -> None:
        """Follow the dict into a call of the program's own functions; another call leaves the uses open."""
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name == "dict" and len(call.args) == 1:
            self._use(call, scope, anchor)
            return
        functions = [v.scope for v in self._evaluator.values(call.func, scope) if isinstance(v, Function)]
        if functions:
            for function in functions:
                self._into(function, call, node, scope, anchor)
            return
        names = self._evaluator.names_or_method(call, scope)
        if not (table().only_shows(names) or self._is_shown(call, scope)):
            self._names.uses_open = True

    def _into(
        self, function: Scope, call: ast.Call, node: ast.expr, scope: Scope, anchor: ast.AST | None
    ) -> None:
        site = CallSite(call, scope, guarded=False)
        here = scope.module is self._entry
        for argument in parameters(function.node):  # type: ignore[arg-type]
            if self._evaluator.argument_node(argument, function, site) is node:
                leaves = here and function.module is not self._entry
                self._name(function, argument.arg, anchor or (call if leaves else None))
                return
        self._names.uses_open = True

    def _assigned(
        self, statement: ast.Assign | ast.AnnAssign | ast.NamedExpr, scope: Scope, anchor: ast.AST | None
    ) -> None:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            if isinstance(target, ast.Name):
                self._name(scope.function or scope, target.id, anchor)
            else:
                self._names.uses_open = True

    def _is_shown(self, node: ast.AST, scope: Scope) -> bool:
        """Return whether an expression, or a copy of it, only reaches a formatted string or a log."""
        for _ in range(6):
            parent = parent_of(scope.module.tree, node)
            if isinstance(parent, ast.FormattedValue):
                return True
            if isinstance(parent, ast.Call):
                names = self._evaluator.names_or_method(parent, scope)
                if table().only_shows(names):
                    return True
                row = table().same_value(*names)
                if row is None or row.result not in (COPY, SERIALISED):
                    return False
            elif not isinstance(parent, ast.BinOp):
                return False
            node = parent
        return False


def _loads(scope: Scope, name: str) -> Iterator[tuple[ast.Name, Scope]]:
    """Yield the loads of a function's name, in the function and in its inner scopes, each with its scope."""
    for node, inner in scope.module.name_loads.get(name, ()):
        holder: Scope | None = inner
        while holder is not None and holder is not scope and name not in holder.bindings:
            holder = holder.parent
        if holder is scope:
            yield node, inner


def _raises(test: ast.AST, tree: ast.Module) -> bool:
    """Return whether the branch of a test raises an exception."""
    parent = parent_of(tree, test)
    while isinstance(parent, ast.BoolOp):
        test, parent = parent, parent_of(tree, parent)
    return (
        isinstance(parent, ast.If)
        and parent.test is test
        and any(isinstance(statement, ast.Raise) for statement in parent.body)
    )
