"""Evidence that code of a file is a test.

The mistakes of a test may be intended, and its jobs never start. Only the code counts that tests reach: test functions,
fixtures, and functions that nothing else calls.
"""

from __future__ import annotations

import ast
from functools import cached_property

from flake8_training.engine.syntax.scopes import ModuleIndex, Scope, last_name

_MOCKS = frozenset({"mock", "pytest_mock", "moto"})
_EXPECTING = ("raises", "assertRaises", "assertRaisesRegex", "suppress")
_SETTING_UP = frozenset({"setUp", "setUpClass", "tearDown", "setup_method", "setup_class", "setup_module"})
_MOST_CALLS = 5
"""The most calls between a test and a function that only tests reach."""
_Lines = tuple[int, int]


class EvidenceOfTests:
    """The evidence of one module."""

    def __init__(self, module: ModuleIndex) -> None:
        self._module = module

    @cached_property
    def mocks(self) -> bool:
        """Whether the module imports a library that replaces what it tests."""
        return any(is_mocking(name) for name, _ in self._module.imports)

    def is_test(self, node: ast.AST) -> bool:
        """Return whether only tests reach a node."""
        return _is_within(node, self._test_lines)

    def is_expected_to_fail(self, node: ast.AST) -> bool:
        """Return whether a node is inside ``with pytest.raises(...)``."""
        return _is_within(node, self._expected_failures)

    @cached_property
    def _test_lines(self) -> tuple[_Lines, ...]:
        """The lines of the functions that only tests reach."""
        functions = [s for s in self._module.scopes if s.kind == "function"]
        found = {scope: _lines(scope.node) for scope in functions if _is_test(scope)}
        if not found:
            return ()
        for _ in range(_MOST_CALLS):
            reached = tuple(found.values())
            more = [
                scope
                for scope in functions
                if scope not in found
                and (sites := self._module.calls_by_name.get(scope.name, ()))
                and all(_is_within(site.node, reached) for site in sites)
            ]
            if not more:
                break
            found.update((scope, _lines(scope.node)) for scope in more)
        return tuple(found.values())

    @cached_property
    def _expected_failures(self) -> tuple[_Lines, ...]:
        if not any(name in self._module.calls_by_name for name in _EXPECTING):
            return ()
        return tuple(
            _lines(node)
            for node in ast.walk(self._module.tree)
            if isinstance(node, ast.With | ast.AsyncWith)
            for item in node.items
            if isinstance(item.context_expr, ast.Call) and last_name(item.context_expr.func) in _EXPECTING
        )


def is_mocking(name: str) -> bool:
    """Return whether a dotted name is one of a library that replaces what it tests."""
    return name.partition(".")[0].removesuffix("()") in _MOCKS or name.startswith("unittest.mock")


def _is_within(node: ast.AST, lines: tuple[_Lines, ...]) -> bool:
    line = getattr(node, "lineno", 0)
    return any(first <= line <= last for first, last in lines)


def _lines(node: ast.AST) -> _Lines:
    first = getattr(node, "lineno", 0)
    return first, getattr(node, "end_lineno", None) or first


def _is_test(scope: Scope) -> bool:
    """Return whether a test framework calls a function: a test, a fixture, or a method that sets a test up."""
    node = scope.node
    if scope.name.startswith("test_"):
        return scope.owner is not None or scope.name not in scope.module.calls_by_name
    if scope.owner is not None and scope.name in _SETTING_UP:
        return True
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else []
    return any(
        last_name(one.func if isinstance(one, ast.Call) else one) in ("fixture", "yield_fixture")
        for one in decorators
    )
