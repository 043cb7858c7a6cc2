"""Expressions that are certainly numbers, or arrays of numbers, so that their printed form is known."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.dataflow import Result
from flake8_training.engine.values.values import Constant, Function, LibraryObject, OptionValue, Reference
from flake8_training.pattern import pattern

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Binding, Scope

_MAX_DEPTH = 12
_MAX_STEPS = 20_000
_TABLES = frozenset({"pandas", "polars", "dask", "cudf", "pyspark"})
_COMPUTING = (ast.Sub, ast.Div, ast.FloorDiv, ast.Pow)
"""Operators that strings do not support."""
_NAMES = pattern(
    r"builtins\.(?:float|int|len|abs|round|sum|pow|id)"
    r"|math\.\w+|cmath\.\w+|statistics\.\w+"
    r"|time\.(?:time|perf_counter|monotonic|process_time)(?:_ns)?"
    r"|numpy\.(?:mean|sum|std|var|min|max|sqrt|exp|log\w*|abs|median|round|square|argmax|argmin|average|dot|prod"
    r"|count_nonzero|float\d*|int\d*|linalg\.norm|percentile|quantile)"
    r"|torch\.(?:mean|sum|sqrt|exp|log\w*|abs|norm)"
    r"|torch\.cuda\.(?:device_count|is_available|current_device|max_memory_allocated|memory_allocated)"
    r"|torch\.distributed\.(?:get_world_size|get_rank|is_initialized|is_available)|os\.cpu_count|os\.getpid"
    r"|sklearn\.metrics\.\w*(?:_score|_error|_loss)"
    r"|random\.(?:random|randint|uniform|randrange|gauss)"
    r"|.+\(\)\.(?:item|score|numel|count|index)"
    r"|keras\.metrics\.\w+\(\)\.result\(\)\.numpy|keras\..+\.evaluate"
)
_MEASURES = pattern(
    r"keras\.metrics\.\w+\(\)\.result\(\)\.numpy\(\)|keras\..+\.evaluate\(\)(?:\[\](?:\(\))?)?"
    r"|transformers\.\w*Trainer\(\)\.evaluate\(\)\[\](?:\(\))?"
)
"""Objects of libraries that are numbers."""
_COUNTS = frozenset({"item", "index", "numel"})
"""Methods that return a number for every receiver."""
_REDUCING = frozenset(
    {"sum", "mean", "item", "numpy", "cpu", "detach", "float", "double", "tolist", "astype"}
)
"""Methods of an array of numbers that return numbers."""
_NUMBERS = ("int", "float")
_COUNTING = frozenset({"builtins.range", "builtins.enumerate"})


class Numeric:
    """Finds the expressions of one program that are numbers."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._asked: dict[tuple[int, Scope], bool] = {}
        self._steps = 0

    def is_number(self, node: ast.expr, scope: Scope, depth: int = 0) -> bool:
        """Return whether every value of an expression is a number, a truth value, or an array or tensor of such."""
        key = id(node), scope
        known = self._asked.get(key)
        if known is not None:
            return known
        self._steps += 1
        if depth > _MAX_DEPTH or self._steps > _MAX_STEPS:
            return False
        self._asked[key] = True  # a name computed from itself is a number if the rest is
        found = self._judged(node, scope, depth + 1)
        if depth:
            # A result inside a cycle holds only together with the whole cycle.
            del self._asked[key]
        else:
            self._asked[key] = found
        return found

    def _judged(self, node: ast.expr, scope: Scope, depth: int) -> bool:
        if isinstance(node, ast.Constant):
            return isinstance(node.value, int | float)
        if isinstance(node, ast.UnaryOp):
            return isinstance(node.op, ast.Not) or self.is_number(node.operand, scope, depth)
        if isinstance(node, ast.Compare):
            return True
        if isinstance(node, ast.BoolOp):
            return all(self.is_number(one, scope, depth) for one in node.values)
        if isinstance(node, ast.BinOp):
            return self._computed(node, scope, depth)
        if isinstance(node, ast.IfExp):
            return self.is_number(node.body, scope, depth) and self.is_number(node.orelse, scope, depth)
        if isinstance(node, ast.Name):
            return self._named(node, scope, depth)
        if isinstance(node, ast.Call):
            return self._called(node, scope, depth)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
            if node.value.attr == "shape" and isinstance(node.slice, ast.Constant | ast.UnaryOp):
                return True
        if isinstance(node, ast.Subscript):
            return self._measured(node, scope)
        return isinstance(node, ast.Attribute) and self._option(node, scope)

    def _measured(self, node: ast.expr, scope: Scope) -> bool:
        values = self._analysis.evaluator.values(node, scope)
        return bool(values) and all(
            isinstance(value, LibraryObject) and _MEASURES.fullmatch(value.name) for value in values
        )

    def _computed(self, node: ast.BinOp, scope: Scope, depth: int) -> bool:
        sides = (node.left, node.right)
        if any(isinstance(side, ast.Constant) and isinstance(side.value, str | bytes) for side in sides):
            return False
        numbers = [self.is_number(side, scope, depth) for side in sides]
        if isinstance(node.op, _COMPUTING):
            # The result of a number and an unknown value may be a data frame, which prints its own labels.
            return all(numbers) or (
                any(numbers) and not any(self._may_be_table(side, scope) for side in sides)
            )
        if isinstance(node.op, ast.Mult):
            return all(numbers)  # a string can be multiplied
        if isinstance(node.op, ast.Add) and numbers[1]:
            return numbers[0] or not self._may_be_table(
                node.left, scope
            )  # a string cannot be added to a number
        return isinstance(node.op, ast.Add | ast.Mod) and numbers[0]

    def _may_be_table(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether a value comes from a library of data frames."""
        values = self._analysis.evaluator.values(node, scope)
        names = [value.name for value in values if isinstance(value, Reference | LibraryObject)]
        if len(names) < len(values) or not values:
            origins = self._analysis.flow.origins(node, scope)
            names += [origin.name for origin in origins if isinstance(origin, Result)]
        return any(name.partition(".")[0] in _TABLES for name in names)

    def _option(self, node: ast.expr, scope: Scope) -> bool:
        values = self._analysis.evaluator.values(node, scope)
        return bool(values) and all(
            (isinstance(value, OptionValue) and value.option.type_name in _NUMBERS)
            or (isinstance(value, Constant) and isinstance(value.value, int | float))
            for value in values
        )

    def _named(self, node: ast.Name, scope: Scope, depth: int) -> bool:
        found = scope.lookup(node.id)
        if found is None or not found[1]:
            return False
        return all(self._bound(binding, found[0], depth) for binding in found[1]) or self._measured(
            node, scope
        )

    def _bound(self, binding: Binding, owner: Scope, depth: int) -> bool:
        """Return whether a binding is a number: by assignment, in a loop, or in every call of the function."""
        if binding.kind == "value" and binding.value is not None:
            if binding.steps == () or binding.steps == ("added",):
                return self.is_number(binding.value, binding.scope, depth)
            parts = unpacked_results(self._analysis, binding)
            if parts is not None:
                return all(self.is_number(part, scope, depth) for part, scope in parts)
            return self._counted(binding)
        if binding.kind != "parameter" or not isinstance(binding.node, ast.arg):
            return False
        evaluator = self._analysis.evaluator
        sites = evaluator.callers(owner)
        if not sites or evaluator.parameters.escapes(owner):
            return False
        for site in sites:
            passed = evaluator.argument_node(binding.node, owner, site)
            if passed is None or not self.is_number(passed, site.scope, depth):
                return False
        return True

    def _counted(self, binding: Binding) -> bool:
        """Return whether a loop counts: ``for i in range(n)``, ``for i, x in enumerate(...)``."""
        value = binding.value
        if not isinstance(value, ast.Call) or not binding.steps or binding.steps[0] != "element":
            return False
        names = self._analysis.evaluator.names(value, binding.scope)
        if not names or not _COUNTING.issuperset(names):
            return False
        return binding.steps == ("element",) if names[0].endswith("range") else binding.steps[1:] == (0,)

    def _called(self, node: ast.Call, scope: Scope, depth: int) -> bool:
        evaluator = self._analysis.evaluator
        names = evaluator.names(node, scope)
        if isinstance(node.func, ast.Attribute):
            if node.func.attr == "size" and len(node.args) == 1:
                return True  # of one dimension of a tensor
            if node.func.attr in _REDUCING and self.is_number(node.func.value, scope, depth):
                return True
        if names:
            return all(self._is_numeric_call(name, node, scope, depth) for name in names)
        return isinstance(node.func, ast.Attribute) and node.func.attr in _COUNTS

    def _is_numeric_call(self, name: str, node: ast.Call, scope: Scope, depth: int) -> bool:
        if name in ("builtins.min", "builtins.max"):
            return len(node.args) > 1 and all(self.is_number(one, scope, depth) for one in node.args)
        return _NAMES.fullmatch(name) is not None


def unpacked_results(analysis: Analysis, binding: Binding) -> list[tuple[ast.expr, Scope]] | None:
    """Return what the program's functions return at the place of a tuple that a name takes: ``loss, rate = train()``.

    Return None for any other binding, and if a function may return something else.
    """
    call, steps = binding.value, binding.steps
    if not isinstance(call, ast.Call) or len(steps) != 1 or not isinstance(steps[0], int):
        return None
    functions = analysis.evaluator.values(call.func, binding.scope)
    found: list[tuple[ast.expr, Scope]] = []
    for function in functions:
        if not isinstance(function, Function) or function.scope.yields or not function.scope.returns:
            return None
        for result in function.scope.returns:
            if (
                not isinstance(result, ast.Tuple)
                or not -len(result.elts) <= steps[0] < len(result.elts)
                or any(isinstance(element, ast.Starred) for element in result.elts)
            ):
                return None
            found.append((result.elts[steps[0]], function.scope))
    return found or None
