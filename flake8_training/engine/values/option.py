"""One declared command-line option."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import ModuleIndex, Scope

_FLAG_ACTIONS = ("store_true", "store_false", "store_const", "append_const", "count", "help", "version")


class Option(Record, eq=False):
    """One declared option.

    ``name`` is the long form without dashes as written, ``dest`` the name of its value, ``flags`` the spellings
    (none for a positional one). Expressions are not evaluated; their scope is ``scope``.
    """

    name: str
    dest: str
    flags: tuple[str, ...]
    node: ast.AST
    scope: Scope
    source: str
    default: ast.expr | None = None
    type: ast.expr | None = None
    action: ast.expr | None = None
    choices: ast.expr | None = None
    nargs: ast.expr | None = None
    required: bool = False
    suppressed: bool = False

    @property
    def line(self) -> int:
        """The line of the declaration, from 1."""
        return getattr(self.node, "lineno", 1)

    @property
    def module(self) -> ModuleIndex:
        """The module of the declaration."""
        return self.scope.module

    @property
    def action_name(self) -> str:
        """The action as written: ``store_true``, ``BooleanOptionalAction``, ``""`` for none."""
        if isinstance(self.action, ast.Constant):
            return str(self.action.value)
        if isinstance(self.action, ast.Attribute):
            return self.action.attr
        return self.action.id if isinstance(self.action, ast.Name) else ""

    @property
    def is_flag(self) -> bool:
        """Whether the option takes no value on the command line."""
        return self.action_name in (*_FLAG_ACTIONS, "BooleanOptionalAction")

    @property
    def type_name(self) -> str:
        """The type as written, ``str`` by default, ``flag`` for an option without a value."""
        if self.is_flag:
            return "flag"
        return ast.unparse(self.type) if self.type is not None else "str"
