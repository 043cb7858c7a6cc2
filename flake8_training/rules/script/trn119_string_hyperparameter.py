"""TRN119: a value of hyperparameters.json is used without conversion.

CreateTrainingJob accepts only strings as hyperparameters, and /opt/ml/input/config/hyperparameters.json holds them
unchanged: ``{"epochs": "10"}``. The toolkit and the driver turn them into numbers only for ``SM_HPS``,
``SM_HP_*`` and the command line (sagemaker-training 5.1.4 ``environment.py: read_hyperparameters``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import PathKind, places
from flake8_training.engine.flow.dataflow import arguments
from flake8_training.engine.syntax.dict_forms import (
    COPIES,
    MAKES_DICT,
    Drop,
    Mapped,
    Merge,
    Part,
    Put,
    changes_in,
    display_parts,
)
from flake8_training.engine.syntax.scopes import ADDED, Binding, ModuleIndex, Scope
from flake8_training.engine.values.reaching_bindings import ReachingBindings
from flake8_training.engine.values.values import Collection, Constant, Function, LibraryObject
from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_unknown
from flake8_training.libraries.table import table
from flake8_training.record import Record
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.hyperparameter_file import names_file
from flake8_training.script.numeric_parameters import numeric_parameters

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis


class UnconvertedHyperparameter(Rule[Script]):
    """Reports a string of hyperparameters.json that is used as a number or a truth value."""

    code = "TRN119"
    severity = Severity.WARNING
    summary = "hyperparameters.json values are strings in a training job"
    why = """
        SageMaker stores every hyperparameter of a training job as a string in
        `/opt/ml/input/config/hyperparameters.json`: `{"epochs": "10", "shuffle": "false"}`. `range("10")` raises
        `TypeError`, `"10" * 2` is `"1010"`, and `if "false":` is true. A file that a developer wrote for a local run
        holds numbers, which hides the mistake.
    """
    fix = """
        Convert the value where it is read: `int(...)`, `float(...)`, or for a truth value
        `== "true"`. If a framework estimator of SDK v2 starts the job, `json.loads(...)` fits every value.
    """
    reported_when = (
        "a value read by its key from `hyperparameters.json` is used as a number: in arithmetic, in a "
        "comparison with a number, in `range`",
        "such a value is passed to a parameter of XGBoost, LightGBM, scikit-learn, PyTorch, Keras or numpy "
        "that fails on strings",
        'such a value is used as a truth value: `if hyperparameters["shuffle"]:`',
        "a framework estimator of SDK v2 passes a string, and the script reads it from the file and never decodes "
        "it: it arrives in the quotes of JSON, `'\"binary:logistic\"'`",
    )
    not_reported_when = (
        Condition(
            (
                "the value is converted, also in a copy (`hp = {**hp, 'epochs': int(hp['epochs'])}`), "
                "or the script writes to its key or calls `update` on the dict"
            ),
            suppressed={
                '    rounds = hyperparameters.get("num_round", 100)\n': (
                    '    hyperparameters["num_round"] = int(hyperparameters["num_round"])\n'
                    '    rounds = hyperparameters.get("num_round", 100)\n'
                )
            },
            reported={
                '    rounds = hyperparameters.get("num_round", 100)\n': (
                    '    print(int(hyperparameters["num_round"]))\n'
                    '    rounds = hyperparameters.get("num_round", 100)\n'
                )
            },
        ),
        Condition(
            "the value comes from `SM_HPS`, `SM_HP_*` or the command line: there SageMaker or the parser has "
            "converted it",
            suppressed={
                (
                    '    with open("/opt/ml/input/config/hyperparameters.json") as file:\n'
                    "        hyperparameters = json.load(file)\n"
                ): ('    hyperparameters = json.loads(os.environ["SM_HPS"])\n')
            },
            reported={"    data = pd": ('    print(json.loads(os.environ["SM_HPS"]))\n    data = pd')},
        ),
        Condition(
            "the library reads the string: `params` of XGBoost and LightGBM",
            suppressed={
                'params, train, rounds, evals=[(test, "test")])  # TRN119': (
                    'params, train, 100, evals=[(test, "test")])'
                )
            },
            reported={"    model = xgb": "    print(params)\n    model = xgb"},
        ),
        Condition(
            'the test may ask whether the hyperparameter is set, `if hyperparameters.get("resume"):`, or the '
            "string is also passed to a call",
            suppressed={
                '    rounds = hyperparameters.get("num_round", 100)\n': (
                    '    rounds = 100\n    if hyperparameters.get("resume"):\n        rounds = 200\n'
                ),
                'rounds, evals=[(test, "test")])  # TRN119': 'rounds, evals=[(test, "test")])',
            },
            reported={
                '    rounds = hyperparameters.get("num_round", 100)\n': (
                    '    rounds = hyperparameters.get("num_round", 100)\n'
                    '    if os.environ.get("resume"):\n'
                    '        print("resume")\n'
                )
            },
        ),
    )
    missed = ("another module than the entry point uses the value",)
    bad = Example("""
        import json
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            with open("/opt/ml/input/config/hyperparameters.json") as file:
                hyperparameters = json.load(file)

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            params = {"max_depth": hyperparameters["max_depth"]}
            rounds = hyperparameters.get("num_round", 100)
            model = xgb.train(params, train, rounds, evals=[(test, "test")])  # TRN119
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)
    good = Example("""
        import json
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            with open("/opt/ml/input/config/hyperparameters.json") as file:
                hyperparameters = json.load(file)

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            params = {"max_depth": hyperparameters["max_depth"]}
            rounds = int(hyperparameters.get("num_round", 100))
            model = xgb.train(params, train, rounds, evals=[(test, "test")])
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the first use of each hyperparameter as a number or a truth value."""
        for use in raw_uses(subject.analysis):
            remedy = "int() or float()" if use.how == "number" else '== "true"'
            yield self.finding(subject, use.node, f"{use.key} is used as a {use.how}; use {remedy}")


_TEXTS = (".read()", ".read_text()", ".read_bytes()")

_NUMBER_CALLS = frozenset({"int", "float", "len", "round", "abs", "sum"})

_MATHS = (ast.Sub, ast.FloorDiv, ast.Pow)

_MATHS_WITH_NUMBERS = (ast.Add, ast.Div, ast.Mult, ast.Mod)

_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)

_EQUALITY = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)

_MAX_HOPS = 12


class _Held(Enum):
    """What a dict of the program holds under one key."""

    RAW = 1
    """The string of hyperparameters.json."""
    OTHER = 2
    """A value that the program writes there."""
    MISSING = 3
    UNKNOWN = 4


class RawUse(Record):
    """One use of a string as a number or a truth value: ``how`` is "number" or "truth value"."""

    node: ast.expr
    key: str
    how: str


def raw_uses(analysis: Analysis) -> list[RawUse]:
    """Return the first such use of each hyperparameter in the script's own file, in the order of their lines."""
    hyperparameters = _Hyperparameters(analysis)
    if not hyperparameters.are_read:
        return []
    first: dict[str, RawUse] = {}
    nodes = analysis.reach.nodes(analysis.program.entry)
    uses = [use for node, scope in nodes for use in hyperparameters.uses(node, scope)]
    for use in sorted(uses, key=lambda one: (one.node.lineno, one.node.col_offset)):
        first.setdefault(use.key, use)
    return list(first.values())


class _Hyperparameters:
    """The values that a program reads from the file, and their uses."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._known: dict[tuple[int, Scope, int], str | None] = {}
        self._orders: dict[ModuleIndex, ReachingBindings] = {}

    @cached_property
    def are_read(self) -> bool:
        """Whether the program leads JSON and the file together at all."""
        calls = self._analysis.calls
        if not any(name in ("json.load", "json.loads") for call in calls.all for name in call.names):
            return False
        return names_file(self._analysis) and any(
            place.root is PathKind.HYPERPARAMETERS
            for call in calls.all
            for node in (*arguments(call.node), *filter(None, [calls.receiver(call)]))
            for place in places(self._analysis.evaluator, calls.values(call, node))
        )

    # -- what the file's values are in the program

    def _is_dict(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether an expression is the file's content in a job; a literal beside it is for other occasions."""
        found = False
        for value in self._analysis.evaluator.values(node, scope):
            if isinstance(value, LibraryObject) and self._is_content(value):
                found = True
            elif not (
                isinstance(value, Collection) and isinstance(value.node, ast.Dict | ast.Call | ast.BinOp)
            ):
                if not (isinstance(value, Constant) and value.value is None):
                    return False
        return found

    def _held(self, node: ast.expr, scope: Scope, key: str, hops: int = 0) -> _Held:
        """Return what the dict that an expression evaluates to holds under ``key`` in a job."""
        if hops > _MAX_HOPS or not self._analysis.evaluator.budget.follow(1):
            return _Held.UNKNOWN
        if isinstance(node, ast.Name):
            return self._held_by_name(node, scope, key, hops)
        if isinstance(node, ast.BoolOp):
            return _together(self._held(part, scope, key, hops + 1) for part in node.values)
        if isinstance(node, ast.IfExp):
            return _together(self._held(part, scope, key, hops + 1) for part in (node.body, node.orelse))
        if isinstance(node, ast.Call):
            names = self._analysis.evaluator.names(node, scope)
            if not names or not all(name in MAKES_DICT or name in COPIES for name in names):
                return self._held_by_result(node, scope, key, hops)
        parts = display_parts(node)
        if parts is not None:
            return self._held_by_parts(parts, scope.module.scope_of.get(node, scope), key, hops)
        return self._held_by_value(node, scope, key, hops)

    def _held_by_name(self, node: ast.Name, scope: Scope, key: str, hops: int) -> _Held:
        found = scope.lookup(node.id)
        if found is None:
            return _Held.UNKNOWN
        evaluator = self._analysis.evaluator
        held: list[_Held] = []
        for binding in self._reaching(node, scope):
            if binding.kind == "value" and binding.value is not None and not binding.steps:
                held.append(self._held(binding.value, binding.scope, key, hops + 1))
            elif binding.kind == "parameter" and isinstance(binding.node, ast.arg):
                if evaluator.parameters.escapes(binding.scope):
                    return _Held.UNKNOWN
                for site in evaluator.callers(binding.scope):
                    passed = evaluator.argument_node(binding.node, binding.scope, site)
                    if passed is None:
                        return _Held.UNKNOWN
                    held.append(self._held(passed, site.scope, key, hops + 1))
            elif binding.kind == "import":
                held.append(self._held_by_value(node, scope, key, hops))
            elif binding.steps != (ADDED,):
                return _Held.UNKNOWN
        return _together(held)

    def _held_by_result(self, node: ast.Call, scope: Scope, key: str, hops: int) -> _Held:
        """Return what the result of a call holds: of a function of the program, that of each ``return``."""
        values = self._analysis.evaluator.values(node.func, scope)
        functions = [value.scope for value in values if isinstance(value, Function)]
        results = self._analysis.evaluator.values(node, scope)
        is_built = any(isinstance(result, Collection) for result in results)
        if not is_built or not functions or len(functions) < len(values):
            return self._held_by_value(node, scope, key, hops)
        return _together(
            self._held(result, function, key, hops + 1)
            for function in functions
            for result in function.returns
        )

    def _held_by_parts(self, parts: Iterable[Part], scope: Scope, key: str, hops: int) -> _Held:
        """Return what a dict display holds: the last part with the key decides."""
        for part in reversed(tuple(parts)):
            if isinstance(part, Put):
                name = part.key.value if isinstance(part.key, ast.Constant) else part.key
                if not isinstance(name, str):
                    return _Held.UNKNOWN
                if name == key:
                    raw = not part.computed and self.key(part.value, scope, hops + 1) == key
                    return _Held.RAW if raw else _Held.OTHER
            elif isinstance(part, Merge):
                held = self._held(part.source, scope, key, hops + 1)
                if held is not _Held.MISSING:
                    return held
            elif isinstance(part, Mapped):
                if not part.keeps_keys(lambda call: False):
                    return _Held.UNKNOWN
                held = self._held(part.source, scope.parent or scope, key, hops + 1)
                return held if part.keeps_values or held is not _Held.RAW else _Held.OTHER
            elif not isinstance(part, Drop):
                return _Held.UNKNOWN
        return _Held.MISSING

    def _held_by_value(self, node: ast.expr, scope: Scope, key: str, hops: int) -> _Held:
        held: list[_Held] = []
        for value in self._analysis.evaluator.values(node, scope):
            if isinstance(value, LibraryObject) and self._is_content(value):
                held.append(_Held.RAW)
            elif isinstance(value, Constant) and value.value is None:
                held.append(_Held.MISSING)
            elif isinstance(value, Collection) and value.node is not node:
                held.append(self._held(value.node, value.scope, key, hops + 1))
            else:
                return _Held.UNKNOWN
        return _together(held)

    def _reaching(self, node: ast.Name, scope: Scope) -> list[Binding]:
        """Return the bindings of a name that can reach its use."""
        found = scope.lookup(node.id)
        if found is None:
            return []
        order = self._orders.get(scope.module)
        if order is None:
            order = self._orders[scope.module] = ReachingBindings(scope.module)
        return order.reaching(found[1], found[0], node, scope)

    def _is_content(self, value: LibraryObject) -> bool:
        if value.site is None:
            return False
        if value.name == "json.load()" and value.site.node.args:
            values = self._analysis.evaluator.values(value.site.node.args[0], value.site.scope, value.frame)
            return bool(values) and all(isinstance(v, LibraryObject) and self._is_file(v) for v in values)
        return value.name.endswith(_TEXTS) and self._is_file(value)

    def _is_file(self, value: LibraryObject) -> bool:
        """Return whether an open file, or the text of one, is hyperparameters.json."""
        if value.site is None:
            return False
        call = value.site.node
        if value.name in ("builtins.open()", "io.open()", "codecs.open()"):
            received = call.args[:1] or [k.value for k in call.keywords if k.arg == "file"]
        elif isinstance(call.func, ast.Attribute):
            received = [call.func.value]
        else:
            return False
        for node in received:
            values = self._analysis.evaluator.values(node, value.site.scope, value.frame)
            if value.name.endswith(".read()") and all(isinstance(v, LibraryObject) for v in values):
                return bool(values) and all(isinstance(v, LibraryObject) and self._is_file(v) for v in values)
            found = places(self._analysis.evaluator, values)
            if found and all(place.root is PathKind.HYPERPARAMETERS for place in found):
                return True
        return False

    def key(self, node: ast.expr, scope: Scope, hops: int = 0) -> str | None:
        """Return the hyperparameter whose text an expression is, None where it is anything else or converted."""
        if hops > _MAX_HOPS or not self._analysis.evaluator.budget.follow(1):
            return None
        at = id(node), scope, hops
        if at not in self._known:
            self._known[at] = self._key(node, scope, hops)
        return self._known[at]

    def _key(self, node: ast.expr, scope: Scope, hops: int) -> str | None:
        found = self._read_key(node, scope)
        if found is not None:
            return None if self._converted is None or found in self._converted else found
        if isinstance(node, ast.Name):
            return self._common(self._reaching(node, scope), hops)
        if isinstance(node, ast.Attribute):
            return self._stored_key(node, hops)
        if isinstance(node, ast.IfExp):
            return self._either(node.body, node.orelse, scope, hops)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) and len(node.values) == 2:
            return self._either(node.values[0], node.values[1], scope, hops)
        return self.key(node.value, scope, hops + 1) if isinstance(node, ast.NamedExpr) else None

    def _read_key(self, node: ast.expr, scope: Scope) -> str | None:
        """Return the key with which an expression reads the file's content directly."""
        if isinstance(node, ast.Subscript):
            owner, key = node.value, node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr not in table().key_readers or not node.args:
                return None
            owner, key = node.func.value, node.args[0]
        else:
            return None
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            held = self._held(owner, scope, key.value)
            if held is _Held.UNKNOWN and self._is_dict(owner, scope):
                note_unknown(Reason.SEVERAL, node, scope.module.path, key.value)
            return key.value if held is _Held.RAW else None
        return None

    def _common(self, bindings: list[Binding], hops: int) -> str | None:
        """Return the key that every binding of a name holds: one converting binding is enough for none."""
        keys: set[str | None] = set()
        for binding in bindings:
            if binding.kind == "value" and binding.value is not None and not binding.steps:
                keys.add(self.key(binding.value, binding.scope, hops + 1))
            elif binding.value is not None and len(binding.steps) == 1 and isinstance(binding.steps[0], int):
                keys.add(self._item_key(binding.value, binding.steps[0], binding.scope, hops))
            elif binding.kind == "parameter" and isinstance(binding.node, ast.arg):
                keys.add(self._parameter_key(binding.node, binding.scope, hops))
            else:
                return None
        return keys.pop() if len(keys) == 1 else None

    def _item_key(self, node: ast.expr, index: int, scope: Scope, hops: int) -> str | None:
        """Return the key behind an element of a tuple, or of the tuple that a function of the program returns."""
        if isinstance(node, ast.Tuple | ast.List):
            if not 0 <= index < len(node.elts) or any(isinstance(one, ast.Starred) for one in node.elts):
                return None
            return self.key(node.elts[index], scope, hops + 1)
        if not isinstance(node, ast.Call) or hops > _MAX_HOPS:
            return None
        functions = self._analysis.evaluator.values(node.func, scope)
        keys = {
            self._item_key(result, index, value.scope, hops + 1)
            if isinstance(result, ast.Tuple | ast.List)
            else None
            for value in functions
            if isinstance(value, Function)
            for result in value.scope.returns
        }
        return keys.pop() if len(keys) == 1 and all(isinstance(v, Function) for v in functions) else None

    def _parameter_key(self, argument: ast.arg, function: Scope, hops: int) -> str | None:
        evaluator = self._analysis.evaluator
        callers = evaluator.callers(function)
        keys: set[str | None] = set()
        for site in callers:
            received = evaluator.argument_node(argument, function, site)
            keys.add(self.key(received, site.scope, hops + 1) if received is not None else None)
        return keys.pop() if len(keys) == 1 and not evaluator.parameters.escapes(function) else None

    def _stored_key(self, node: ast.Attribute, hops: int) -> str | None:
        """Return the key behind ``self.epochs``, if the program stores only its string under this name."""
        keys: set[str | None] = set()
        for store in self._analysis.program.attribute_stores(node.attr):
            keys.add(None if store.steps else self.key(store.value, store.scope, hops + 1))
        return keys.pop() if len(keys) == 1 else None

    def _either(self, one: ast.expr, other: ast.expr, scope: Scope, hops: int) -> str | None:
        keys = [self.key(part, scope, hops + 1) for part in (one, other)]
        rest = [part for part, key in zip((one, other), keys, strict=True) if key is None]
        return (
            next(filter(None, keys), None) if all(isinstance(part, ast.Constant) for part in rest) else None
        )

    @cached_property
    def _converted(self) -> set[str] | None:
        """The keys under which the program puts something else into the dict; None for any key."""
        found: set[str] = set()
        for module in self._analysis.program.modules.values():
            for placed in changes_in(module):
                if self._is_dict(placed.change.target, placed.scope):
                    stored = self._analysis.evaluator.dicts.stored(placed.change, placed.scope)
                    if not stored.is_closed:
                        return None
                    found.update(entry.key for entry in stored.entries)
        return found

    # -- how they are used

    def uses(self, node: ast.AST, scope: Scope) -> Iterator[RawUse]:
        """Yield the uses of strings as numbers or truth values in one node of the tree."""
        for used in self._used_as_numbers(node, scope):
            key = self.key(used, scope)
            if key is not None:
                yield RawUse(used, key, "number")
        for test in _tests(node):
            key = self.key(test, scope)
            if key is not None and not self._may_be_missing(test, scope) and not self._is_text_elsewhere(key):
                yield RawUse(test, key, "truth value")

    def _used_as_numbers(self, node: ast.AST, scope: Scope) -> Iterator[ast.expr]:
        if isinstance(node, ast.Call):
            yield from self._numeric_arguments(node, scope)
        elif isinstance(node, ast.BinOp):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(node.op, _MATHS) or (
                    isinstance(node.op, _MATHS_WITH_NUMBERS) and self._is_number(other, scope)
                ):
                    yield one
        elif isinstance(node, ast.AugAssign):
            if isinstance(node.op, _MATHS):
                yield node.value
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd | ast.Invert):
            yield node.operand
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            left, right = node.left, node.comparators[0]
            if isinstance(node.ops[0], (*_ORDER, *_EQUALITY)):
                for one, other in ((left, right), (right, left)):
                    if self._is_number(other, scope):
                        yield one

    def _numeric_arguments(self, node: ast.Call, scope: Scope) -> Iterator[ast.expr]:
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            return
        for name in self._analysis.evaluator.names(node, scope):
            for place in numeric_parameters(name):
                if isinstance(place, int):
                    yield from node.args[place : place + 1]
                else:
                    yield from (keyword.value for keyword in node.keywords if keyword.arg == place)

    def _is_number(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether an expression is certainly a number or a truth value."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NUMBER_CALLS:
            return True
        values = self._analysis.evaluator.values(node, scope)
        return bool(values) and all(
            (isinstance(v, Constant) and isinstance(v.value, int | float))
            or (isinstance(v, LibraryObject) and v.name in ("builtins.range()[]()", "builtins.len()"))
            for v in values
        )

    def _may_be_missing(self, test: ast.expr, scope: Scope) -> bool:
        """Return whether a test may check that the hyperparameter is present: ``if hp.get("resume"):``."""
        if isinstance(test, ast.Name):
            held = scope.lookup(test.id)
            values = [b.value for b in held[1] if b.value is not None] if held else []
            return any(self._may_be_missing(value, scope) for value in values)
        if not isinstance(test, ast.Call):
            return False
        default = test.args[1] if len(test.args) > 1 else None
        return not (isinstance(default, ast.Constant) and isinstance(default.value, int | float))

    @cached_property
    def _passed_on(self) -> set[str]:
        """The keys whose text goes into a call as it is, as a path or a name does."""
        found: set[str] = set()
        for call in self._analysis.calls.all:
            for argument in (*call.node.args, *(keyword.value for keyword in call.node.keywords)):
                if isinstance(argument, ast.Name | ast.Subscript | ast.Call | ast.Attribute):
                    key = self.key(argument, call.site.scope)
                    if key is not None:
                        found.add(key)
        return found

    def _is_text_elsewhere(self, key: str) -> bool:
        return key in self._passed_on


def _together(alternatives: Iterable[_Held]) -> _Held:
    """Return what a dict holds if it is one of several; a default beside the file is for a run without the file."""
    found = set(alternatives)
    if not found or _Held.UNKNOWN in found:
        return _Held.UNKNOWN
    return next(held for held in (_Held.RAW, _Held.OTHER, _Held.MISSING) if held in found)


def _tests(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions of which a node only asks whether they are true."""
    if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
        yield from _parts(node.test)
    elif isinstance(node, ast.comprehension):
        for condition in node.ifs:
            yield from _parts(condition)


def _parts(test: ast.expr) -> Iterator[ast.expr]:
    if isinstance(test, ast.BoolOp):
        for value in test.values:
            yield from _parts(value)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _parts(test.operand)
    else:
        yield test
