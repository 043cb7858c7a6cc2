"""Evidence that a file is a test.

The mistakes of a test may be intended, and its jobs never start.
"""

from __future__ import annotations

import ast
from functools import cached_property

from flake8_training.engine.syntax.scopes import ModuleIndex, last_name

_MOCKS = frozenset({"mock", "pytest_mock", "moto"})
_TESTS = frozenset({"pytest", "unittest", "nose"})
_EXPECTING = ("raises", "assertRaises", "assertRaisesRegex", "suppress")


class EvidenceOfTests:
    """The evidence of one module."""

    def __init__(self, module: ModuleIndex) -> None:
        self._module = module
        self._imports = {name for name, _ in module.imports}

    @property
    def mocks(self) -> bool:
        """Whether the module imports a library that replaces what it tests."""
        return any(
            name.partition(".")[0] in _MOCKS or name.startswith("unittest.mock") for name in self._imports
        )

    @property
    def is_test(self) -> bool:
        """Whether the module imports a test framework or defines test functions."""
        if any(name.partition(".")[0] in _TESTS for name in self._imports):
            return True
        return any(s.kind == "function" and s.name.startswith("test_") for s in self._module.scopes)

    def is_expected_to_fail(self, node: ast.AST) -> bool:
        """Return whether a node is inside ``with pytest.raises(...)``."""
        line = getattr(node, "lineno", 0)
        return any(first <= line <= last for first, last in self._expected_failures)

    @cached_property
    def _expected_failures(self) -> tuple[tuple[int, int], ...]:
        if not any(name in self._module.calls_by_name for name in _EXPECTING):
            return ()
        return tuple(
            (node.lineno, node.end_lineno or node.lineno)
            for node in ast.walk(self._module.tree)
            if isinstance(node, ast.With | ast.AsyncWith)
            for item in node.items
            if isinstance(item.context_expr, ast.Call) and last_name(item.context_expr.func) in _EXPECTING
        )
