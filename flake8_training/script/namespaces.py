"""The uses of the parsed options of ``argparse``: the names that are read, and whether every use is known."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Set
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.parents import parent
from flake8_training.engine.syntax.scopes import Scope, last_name
from flake8_training.engine.values.values import (
    Class,
    Function,
    Instance,
    LibraryObject,
    Module,
    Reference,
    Unknown,
)
from flake8_training.libraries.rows import FACT
from flake8_training.libraries.table import table
from flake8_training.script.displayed import is_only_displayed

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.program import Program

_PARSERS = frozenset(
    {"parse_args", "parse_known_args", "parse_intermixed_args", "parse_known_intermixed_args"}
)
_PARSER = "argparse.ArgumentParser()"
_DICT_WHOLES = frozenset({"items", "keys", "values", "copy", "update", "__dict__", "_get_kwargs", "__iter__"})
_PASSING = (ast.IfExp, ast.BoolOp, ast.NamedExpr, ast.Await, ast.Starred)
_MAX_ROUNDS = 12

Holder = ast.Name | ast.Attribute | ast.Call | ast.Subscript


class Namespaces:
    """The parsed options of one program.

    ``read`` are the names that the program reads from them. ``is_followed``: there is such an object, and all of its
    uses are known.
    """

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._names, self._attributes = analysis.fact(possible_names)
        self.read: set[str] = set()
        self.is_followed = True
        found = False
        for node, scope in _expressions(analysis.program, self._names):
            if self._may_be(node) and self._is(node, scope):
                found = True
                if not self._follow(node, scope):
                    self.is_followed = False
        self.is_followed = self.is_followed and found and not self._parser_escapes

    def _may_be(self, node: ast.expr) -> bool:
        return is_candidate(node, self._names)

    def _is(self, node: Holder, scope: Scope) -> bool:
        """Return whether an expression holds the parsed options, or may hold them."""
        values = self._analysis.evaluator.values(node, scope)
        if any(
            isinstance(v, Reference | LibraryObject) and self._analysis.options.is_namespace(v)
            for v in values
        ):
            return True
        if values and not any(isinstance(v, Unknown) for v in values):
            return False
        if isinstance(node, ast.Name):
            found = scope.lookup(node.id)
            return found is not None and not all(_is_rest(binding.node, found[0]) for binding in found[1])
        if isinstance(node, ast.Attribute):
            return node.attr in self._attributes
        return isinstance(node, ast.Subscript) or last_name(node.func) in _PARSERS | {"vars"}

    def _follow(self, node: Holder, scope: Scope) -> bool:
        """Record the names that a use of the options reads. Return whether the use is known."""
        if is_only_displayed(self._analysis, node, scope):
            return True
        tree = scope.module.tree
        around = parent(tree, node)
        if isinstance(around, ast.keyword):
            call = parent(tree, around)
            return around.arg is not None and isinstance(call, ast.Call) and self._passed(call, node, scope)
        if isinstance(around, ast.Attribute):
            return self._attribute(around, tree)
        if isinstance(around, ast.Call):
            return around.func is node or self._passed(around, node, scope)
        if isinstance(around, ast.Subscript):
            return self._subscript(around, node)
        if isinstance(around, ast.Assign | ast.AnnAssign):
            targets = around.targets if isinstance(around, ast.Assign) else [around.target]
            return all(self._keeps(target, scope) for target in targets)
        if isinstance(around, ast.Compare):
            return self._compared(around)
        if isinstance(around, ast.Return):
            return self._returned(scope)
        if isinstance(around, ast.Tuple):
            outer = parent(tree, around)
            if isinstance(outer, ast.Return):
                return self._returned(scope)
            return isinstance(outer, ast.Assign) and all(
                self._keeps(target, scope) for target in outer.targets
            )
        if isinstance(around, _PASSING):
            return not isinstance(around, ast.Starred)
        return isinstance(around, ast.Expr | ast.If | ast.While | ast.UnaryOp | ast.Delete | ast.Assert)

    def _attribute(self, around: ast.Attribute, tree: ast.Module) -> bool:
        outer = parent(tree, around)
        is_called = isinstance(outer, ast.Call) and outer.func is around
        if is_called and table().reads_key(f"?.{around.attr}") is not None:
            assert isinstance(outer, ast.Call)
            key = outer.args[0] if outer.args else None
            if isinstance(key, ast.Constant):
                self.read.add(str(key.value))
                return True
            return False
        if around.attr in _DICT_WHOLES:
            return False
        if isinstance(around.ctx, ast.Load) or isinstance(outer, ast.AugAssign):
            self.read.add(around.attr)
        return True

    def _subscript(self, around: ast.Subscript, node: ast.expr) -> bool:
        if around.value is not node:
            return False
        if not isinstance(around.slice, ast.Constant):
            return False
        if isinstance(around.ctx, ast.Load) and isinstance(around.slice.value, str):
            self.read.add(around.slice.value)
        return True

    def _compared(self, around: ast.Compare) -> bool:
        if all(isinstance(op, ast.Is | ast.IsNot) for op in around.ops):
            return True
        if isinstance(around.left, ast.Constant):
            self.read.add(str(around.left.value))
            return True
        return False

    def _keeps(self, target: ast.expr, scope: Scope) -> bool:
        """Return whether an assignment keeps the options in a place that is followed."""
        if isinstance(target, ast.Name):
            return True
        if isinstance(target, ast.Tuple | ast.List):
            return all(self._keeps(element, scope) for element in target.elts)
        if isinstance(target, ast.Attribute):
            values = self._analysis.evaluator.values(target.value, scope)
            return bool(values) and all(isinstance(v, Instance | Class | Module) for v in values)
        return False

    def _passed(self, call: ast.Call, node: ast.expr, scope: Scope) -> bool:
        """Return whether the use of the options by a call is known."""
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if (
            name in ("getattr", "hasattr", "setattr", "delattr")
            and len(call.args) > 1
            and call.args[0] is node
        ):
            key = call.args[1]
            if isinstance(key, ast.Constant):
                if name in ("getattr", "hasattr"):
                    self.read.add(str(key.value))
                return True
            return False
        if name == "vars":
            return True  # the dict is followed by itself
        looks = table().same_value(*self._analysis.evaluator.names(call, scope))
        if looks is not None and looks.result == FACT:
            return True
        values = self._analysis.evaluator.values(call.func, scope)
        functions = [f for v in values for f in self._functions(v)]
        if not values or len(functions) < len(values):
            return False
        return all(self._takes(function, call, node) for function in functions)

    def _functions(self, value: object) -> list[Scope]:
        if isinstance(value, Function):
            return [value.scope]
        if isinstance(value, Class):
            built = self._analysis.evaluator.method(value.scope, "__init__")
            return [built] if built is not None else []
        return []

    def _takes(self, function: Scope, call: ast.Call, node: ast.expr) -> bool:
        """Return whether a function of the program receives the options in a plain parameter."""
        if any(isinstance(decorator, ast.Call) for decorator in getattr(function.node, "decorator_list", ())):
            return False
        for bindings in function.bindings.values():
            argument = bindings[0].node
            if isinstance(argument, ast.arg) and not _is_rest(argument, function):
                for site in self._analysis.evaluator.callers(function):
                    if site.node is call:
                        received = self._analysis.evaluator.argument_node(argument, function, site)
                        if received is node:
                            return True
        return False

    def _returned(self, scope: Scope) -> bool:
        function = scope.function
        return function is not None and bool(self._analysis.evaluator.callers(function))

    @cached_property
    def _parser_escapes(self) -> bool:
        """Whether a call of unavailable code receives the parser and may parse, or one sets ``namespace=``."""
        for call in self._analysis.calls.all:
            if last_name(call.node.func) in _PARSERS and any(
                k.arg == "namespace" for k in call.node.keywords
            ):
                return True
            if call.local and not call.unknown:
                continue
            name = last_name(call.node.func)
            if name.startswith("add_") or any(n.startswith("argparse.") for n in call.names):
                continue
            for argument in (*call.node.args, *(k.value for k in call.node.keywords)):
                if isinstance(argument, ast.Name | ast.Attribute) and any(
                    isinstance(v, LibraryObject) and v.name == _PARSER
                    for v in self._analysis.calls.values(call, argument)
                ):
                    return True
        return False


def _expressions(program: Program, names: Iterable[str]) -> Iterator[tuple[Holder, Scope]]:
    """Yield every expression that can hold an object, with its scope; of the names only ``names``."""
    yield from program.name_loads(*names)
    yield from program.attribute_loads()
    for site in program.all_calls():
        yield site.node, site.scope
    yield from program.subscript_loads


def possible_names(analysis: Analysis) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that may hold or return the parsed options, and the assigned attributes among them.

    Scopes are ignored: the sets may be too large, never too small within ``_MAX_ROUNDS``.
    """
    names: set[str] = set()
    attributes: set[str] = set()
    program = analysis.program
    if next(program.all_calls(*_PARSERS), None) is None:
        return frozenset(), frozenset()  # every candidate comes from such a call
    functions = _functions_called(program)
    for _ in range(_MAX_ROUNDS):
        before = len(names)
        for scope in program.scopes:
            for name, bindings in scope.bindings.items():
                if any(b.value is not None and is_candidate(b.value, names) for b in bindings):
                    names.add(name)
                names.update(name for b in bindings if b.dotted.rpartition(".")[2] in names)
            if scope.kind == "function" and any(is_candidate(result, names) for result in scope.returns):
                names.add(scope.name)
        attributes.update(
            str(store.key) for store in program.attribute_stores() if is_candidate(store.value, names)
        )
        names |= attributes
        names.update(_passed_parameters(program, functions, names))
        if len(names) == before:
            break
    return frozenset(names), frozenset(attributes)


def _functions_called(program: Program) -> dict[str, list[Scope]]:
    """Map the last name of a call to the functions of that name and the methods of a class of that name."""
    found: dict[str, list[Scope]] = {}
    for scope in program.scopes:
        if scope.kind == "function":
            owner = scope.owner
            for name in {scope.name, owner.name if owner else ""}:
                found.setdefault(name, []).append(scope)
    return found


def _passed_parameters(program: Program, functions: dict[str, list[Scope]], names: Set[str]) -> Iterator[str]:
    """Yield the parameters that may receive a candidate in a call of a function of this name."""
    for site in program.all_calls():
        call = site.node
        passed = (*call.args, *(keyword.value for keyword in call.keywords))
        if not any(is_candidate(argument, names) for argument in passed):
            continue
        for scope in functions.get(last_name(call.func), ()):
            yield from _receivers(scope, call, names)


def _receivers(function: Scope, call: ast.Call, names: Set[str]) -> Iterator[str]:
    """Yield the parameters of a function that receive a candidate in a call."""
    arguments = getattr(function.node, "args", None)
    if not isinstance(arguments, ast.arguments):
        return
    positional = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    shifts = (0, 1) if function.owner is not None else (0,)
    for place, argument in enumerate(call.args):
        if isinstance(argument, ast.Starred):
            yield from positional[place:]  # the later arguments have unknown places
            return
        if is_candidate(argument, names):
            for shift in shifts:
                yield from positional[place + shift : place + shift + 1]
            if place + 1 >= len(positional) and arguments.vararg is not None:
                yield arguments.vararg.arg
    keyword_names = {*positional, *(one.arg for one in arguments.kwonlyargs)}
    for keyword in call.keywords:
        if keyword.arg is None or not is_candidate(keyword.value, names):
            continue
        if keyword.arg in keyword_names:
            yield keyword.arg
        elif arguments.kwarg is not None:
            yield arguments.kwarg.arg


def is_candidate(node: ast.expr, names: Set[str]) -> bool:
    """Return whether an expression may hold the parsed options, going by the names in it."""
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.Attribute):
        return node.attr in names
    if isinstance(node, ast.Call):
        called = last_name(node.func)
        if called == "vars":
            return any(is_candidate(argument, names) for argument in node.args)
        return called in _PARSERS or called in names
    if isinstance(node, ast.Subscript):
        return (
            isinstance(node.slice, ast.Constant) and node.slice.value == 0 and is_candidate(node.value, names)
        )
    if isinstance(node, ast.Tuple):
        return any(is_candidate(element, names) for element in node.elts)
    if isinstance(node, ast.IfExp):
        return is_candidate(node.body, names) or is_candidate(node.orelse, names)
    if isinstance(node, ast.BoolOp):
        return any(is_candidate(value, names) for value in node.values)
    if isinstance(node, ast.NamedExpr | ast.Await | ast.Starred):
        return is_candidate(node.value, names)
    return False


def _is_rest(node: ast.AST, scope: Scope) -> bool:
    arguments = getattr(scope.node, "args", None)
    return isinstance(arguments, ast.arguments) and node in (arguments.vararg, arguments.kwarg)
