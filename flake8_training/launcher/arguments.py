"""Arguments of calls and entries of dicts in a launcher, by name."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.located_dicts import LocatedDict
from flake8_training.engine.values.values import Frame, LibraryObject, Values
from flake8_training.launcher.launcher_evaluator import LauncherEvaluator
from flake8_training.launcher.located_expressions import Argument, Arguments, LocatedExpression
from flake8_training.record import replace

if TYPE_CHECKING:
    from flake8_training.sagemaker.signatures import Signature


class ArgumentReader:
    """Reads the dicts and calls of one program."""

    def __init__(self, evaluator: LauncherEvaluator) -> None:
        self.evaluator = evaluator

    def expression(self, node: ast.expr, scope: Scope, frame: Frame | None = None) -> LocatedExpression:
        """Return an expression with its location."""
        return LocatedExpression(node, scope, frame, self.evaluator)

    def entries(self, passed: LocatedExpression) -> Arguments:
        """Return the entries of the dict that an expression is; of all dicts if it can be several.

        An object of a shape's class is the dict of the shape's members.
        """
        found = self._arguments(self.evaluator.dicts.of(passed.node, passed.scope, passed.frame))
        if (
            found.open_ended
            and not found.entries
            and isinstance(passed.node, ast.Call | ast.Name | ast.Attribute)
        ):
            return self._members(passed) or found
        return found

    def _members(self, passed: LocatedExpression) -> Arguments | None:
        """Return the members of the only shape that an expression is, or None."""
        values = passed.values
        value = values[0] if len(values) == 1 else None
        if not isinstance(value, LibraryObject) or value.site is None:
            return None
        from flake8_training.launcher import shapes

        if shapes.is_shape(value.name.removesuffix("()")):
            return shapes.members(self.arguments(value.site.node, value.site.scope, value.frame, ()))
        return None

    def entries_of(self, values: Values) -> Arguments:
        """Return the entries of the dicts among values, like :meth:`entries`."""
        return self._arguments(self.evaluator.dicts.of_values(values))

    def _arguments(self, found: LocatedDict) -> Arguments:
        return Arguments(
            tuple(
                Argument(
                    # In a state machine the value of "Name.$" is a path into the state's input.
                    entry.key.removesuffix(".$"),
                    entry.at,
                    self.expression(entry.value, entry.scope, entry.frame),
                    entry.certain,
                    "other" if entry.key.endswith(".$") else entry.encoding,
                    entry.taken_out,
                    entry.replaceable,
                )
                for entry in found.entries
            ),
            open_ended=not found.is_closed,
        )

    def arguments(
        self, node: ast.Call, scope: Scope, frame: Frame | None, positional: tuple[str, ...]
    ) -> Arguments:
        """Return the arguments of a call by name; ``positional`` are the names of the positional parameters."""
        found = Arguments()
        for index, argument in enumerate(node.args):
            passed = self.expression(argument, scope, frame)
            if isinstance(argument, ast.Starred) or index >= len(positional):
                found = replace(found, open_ended=True)
                break
            found = _overridden(found, Arguments((Argument(positional[index], argument, passed),)))
        return _overridden(found, self._arguments(self.evaluator.dicts.keywords(node, scope, frame)))

    def call(
        self, node: ast.Call, scope: Scope, frame: Frame | None, signature: Signature | None
    ) -> Arguments:
        """Return the arguments of a call of a known class or method."""
        return self.arguments(node, scope, frame, signature.positional if signature else ())


def _overridden(before: Arguments, after: Arguments) -> Arguments:
    """Return two sets of entries as one, in which later certain entries replace the earlier ones."""
    replaced = {entry.name for entry in after if entry.certain}
    kept = tuple(entry for entry in before if entry.name not in replaced)
    if after.open_ended:
        kept = tuple(replace(entry, replaceable=True) for entry in kept)
    return Arguments((*kept, *after), before.open_ended or after.open_ended)
