"""Whether a script evaluates its model on data that it did not train on.

Evidence is a measure: a metric, ``evaluate``, ``score``, held-out data passed to the training, or a loop over data
that runs the model without training it and accumulates something. Not evidence: a prediction from which nothing is
computed, and a loader that no loop iterates over.

A loop may train in one phase and evaluate in another: ``for phase in ("train", "val")``. The body without the branches
that train is its evaluation, if the function turns training off: by ``model.eval()``, ``model.train(flag)`` or
``torch.set_grad_enabled(flag)``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.dataflow import Result, arguments
from flake8_training.engine.syntax import parents
from flake8_training.engine.syntax.scopes import Scope, last_name
from flake8_training.engine.values.values import Class, Collection, Instance, LibraryObject, Unknown
from flake8_training.libraries.rows import (
    Carries,
    Compares,
    Evaluates,
    HoldsOut,
    Predicts,
    Reads,
    Saves,
    Trains,
)
from flake8_training.libraries.table import table
from flake8_training.script.trainer_arguments import (
    evaluates_while_training,
    is_trainer,
    measures_training_data,
)
from flake8_training.script.training_data_metrics import TrainingData, stable_name
from flake8_training.script.verdict import Verdict, verdict_from
from flake8_training.script.watched_metrics import is_fed, is_unfed

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis


_SAVING = ("dump", "save", "savetxt", "to_csv")

# Suffixes of the names of objects that are called on data but are not models.
_PREPARING = (
    "Tokenizer",
    "TokenizerFast",
    "Transform",
    "Compose",
    "Processor",
    "Collator",
    "Vocab",
    "Pad",
    "Stack",
)

_MAX_DEPTH = 3

_LOOPS = (ast.For, ast.AsyncFor, ast.While)

_FORWARD = ("forward", "hybrid_forward", "call", "__call__")

_GRAPH_RUNS = ("().run", "().eval", "?.run", "?.eval")

_NO_GRADIENT = ("no_grad", "inference_mode", "eval")


def evaluation(analysis: Analysis) -> Verdict:
    """Return the verdict on evaluating the model."""
    present: list[ast.AST] = []
    possible: list[ast.AST] = []
    decoy: ast.AST | None = None
    uses = _Uses(analysis)
    trained = TrainingData(analysis)
    for call in analysis.calls.all:
        if trained.is_measured_by(call) or measures_training_data(analysis, call):
            decoy = call.node
            continue
        if call.has(Evaluates):
            if _is_never_updated(analysis, call):
                decoy = call.node
                continue
            present.append(call.node)
        for row in call.having(HoldsOut):
            if is_trainer(call) and evaluates_while_training(analysis, call) is False:
                continue  # it only keeps the data, for evaluate()
            received = True if not row.args else analysis.calls.is_passed(call, row.args)
            _note(received, call, present, possible)
        for trains in call.having(Trains):
            if trains.held_out:
                received = analysis.calls.is_passed(call, trains.held_out)
                if received and _is_training_data(analysis, call, trains):
                    decoy = decoy or call.node
                    continue
                _note(received, call, present, possible)
        if call.has(Predicts):
            used = uses.of(call.node, call.site.scope)
            if used == "computed":
                present.append(call.node)
            elif used == "passed":
                possible.append(call.node)
            else:
                decoy = call.node
        if any(_validates(analysis, scope) for scope in _constructed(analysis, call)):
            present.append(call.node)
    decoy = _graph_runs(analysis, present, possible) or decoy
    if not present:
        present.extend(_loops(analysis, uses))
    if not present:
        possible.extend(
            c.node
            for c in analysis.calls.all
            if analysis.calls.may_do(c, "evaluates") and not is_unfed(analysis, c)
        )
        possible.extend(_applied_variables(analysis))
        possible.extend(_on_other_data(analysis, uses))
    return verdict_from(present, possible, decoy)


def _is_never_updated(analysis: Analysis, call: Call) -> bool:
    """Return whether a call reads a metric of Keras that certainly nothing updates."""
    receiver = analysis.calls.receiver(call)
    if receiver is None or not all(
        name.startswith("keras.metrics.") and name.endswith("().result") for name in call.names
    ):
        return False
    sites = _sites(analysis, call, receiver)
    if not sites:
        return False
    for other in analysis.calls.all:
        func = other.node.func
        if isinstance(func, ast.Attribute) and func.attr in ("result", "reset_state", "reset_states"):
            continue
        nodes = [func.value if isinstance(func, ast.Attribute) else func, *arguments(other.node)]
        if any(
            not found or found & sites for node in nodes for found in [_sites(analysis, other, node, True)]
        ):
            return False
    return True


def _sites(analysis: Analysis, call: Call, node: ast.expr, inside: bool = False) -> set[ast.Call | None]:
    """Return the constructions of an expression's objects; nothing if one of them is unknown."""
    found: set[ast.Call | None] = set()
    todo = [(value, 0) for value in analysis.calls.values(call, node)]
    while todo:
        value, depth = todo.pop()
        if isinstance(value, LibraryObject) and value.site is not None:
            found.add(value.site.node)
        elif isinstance(value, Collection) and inside and isinstance(value.node, ast.List | ast.Tuple):
            if depth > _MAX_DEPTH:
                return set()
            todo += [
                (one, depth + 1)
                for item in value.node.elts
                for one in analysis.evaluator.values(item, value.scope, value.frame)
            ]
        elif isinstance(value, Collection) or (isinstance(value, Unknown) and not inside):
            return set()
        else:
            found.add(None)
    return found or ({None} if inside else set())


def _applied_variables(analysis: Analysis) -> list[ast.AST]:
    """Return the computations with variables that a tape trains, outside of the tape: possible measures."""
    trained: set[ast.Call | None] = set()
    for call, row in analysis.calls.having(Trains):
        sources = analysis.calls.argument(call, (1, "sources")) if row.step else None
        if sources is not None and all(name == "tensorflow.GradientTape().gradient" for name in call.names):
            trained |= {
                value.site.node
                for part in (sources.elts if isinstance(sources, ast.List | ast.Tuple) else [sources])
                for value in analysis.calls.values(call, part)
                if isinstance(value, LibraryObject) and value.name == "tensorflow.Variable()" and value.site
            }
    if not trained:
        return []
    return [
        call.node
        for call in analysis.calls.all
        if not any(isinstance(row, Saves | Carries | Trains) for row in call.rows)
        and not _is_dropped(call)
        and any(_sites(analysis, call, node, True) & trained for node in arguments(call.node))
        and not any(
            isinstance(around, ast.With)
            and any("GradientTape" in ast.unparse(item.context_expr) for item in around.items)
            for around in parents.enclosing(call.site.scope.module.tree, call.node)
        )
    ]


def _constructed(analysis: Analysis, call: Call) -> list[Scope]:
    return [v.scope for v in analysis.calls.values(call, call.node.func) if isinstance(v, Class)]


def _validates(analysis: Analysis, scope: Scope) -> bool:
    """Return whether a class of the program is a Lightning module that the trainer validates or tests."""
    local, foreign = analysis.evaluator.ancestry(scope)
    return any(base.endswith(".LightningModule") for base in foreign) and any(
        step in owner.bindings and is_fed(analysis, step)
        for owner in local
        for step in ("validation_step", "test_step")
    )


def _note(received: bool | None, call: Call, present: list[ast.AST], possible: list[ast.AST]) -> None:
    if received:
        present.append(call.node)
    elif received is None:
        possible.append(call.node)


def _is_training_data(analysis: Analysis, call: Call, row: Trains) -> bool:
    """Return whether the data passed as held out is the training data itself (``evals=[(dtrain, "train")]``)."""
    node = analysis.calls.argument(call, row.held_out)
    if node is None:
        return False
    if isinstance(node, ast.Name):
        values = analysis.calls.values(call, node)
        collections = [v for v in values if isinstance(v, Collection)]
        if len(collections) == 1:
            node = collections[0].node
        elif collections or not stable_name(analysis, call, node):
            return False
    held_out = _named(node)
    trained = {name for a in call.node.args if a is not node for name in _named(a)}
    trained |= {
        name
        for k in call.node.keywords
        if k.arg in ("dtrain", "train_set", "X", "y", "x") or k.arg is None
        for name in _named(k.value)
    }
    held_out, trained = ({_read_as(analysis, call, name) for name in names} for names in (held_out, trained))
    return bool(held_out) and held_out <= trained


def _read_as(analysis: Analysis, call: Call, name: str) -> str:
    """Return the call that reads the data of a name, as written, if its arguments are constants; else the name."""
    value = call.site.scope.only_source(name)
    built = analysis.by_node.get(value) if isinstance(value, ast.Call) else None
    if built is None or not built.has(Reads) or analysis.calls.spreads(built):
        return name
    passed = [*built.node.args, *(keyword.value for keyword in built.node.keywords)]
    if not all(_is_fixed(part) for part in passed):
        return name
    return ast.unparse(built.node)


def _is_fixed(node: ast.expr) -> bool:
    """Return whether an expression is a constant, or a variable of the environment with a constant name."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and ast.unparse(node.value) == "os.environ"
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.Tuple | ast.List) and all(isinstance(part, ast.Constant) for part in node.elts)
    )


def _named(node: ast.AST) -> set[str]:
    """Return the names in an expression, the parts of named values (``rows[0]``) and what calls receive, as written."""
    root = node
    while isinstance(root, ast.Attribute | ast.Subscript):
        root = root.value
    if isinstance(root, ast.Name):
        return {ast.unparse(node)}
    found = {name for inner in ast.iter_child_nodes(node) for name in _named(inner)}
    if isinstance(node, ast.Call):
        # ``load("train")`` and ``load("eval")`` are two data sets.
        for argument in arguments(node):
            found.update(repr(part.value) for part in ast.walk(argument) if isinstance(part, ast.Constant))
    return found


def _graph_runs(analysis: Analysis, present: list[ast.AST], possible: list[ast.AST]) -> ast.AST | None:
    """Judge the runs of a TensorFlow 1 graph that train nothing; return one on data of the training, or None.

    ``session.run(accuracy, feed_dict={x: test_x})`` and ``accuracy.eval({x: test_x})`` measure on what they feed.
    """
    runs = [(call, fed) for call in analysis.calls.all if (fed := _fed(analysis, call)) is not None]
    if not runs:
        return None
    trained: set[str] = set()
    others: list[tuple[Call, set[str]]] = []
    for call, fed in runs:
        fetched = analysis.calls.argument(call, (0, "fetches")) if call.names[0].endswith("run") else None
        if fetched is not None and _is_training_step(analysis, call, fetched):
            trained |= fed
        elif not _is_dropped(call):
            others.append((call, fed))
    repeated = None
    for call, fed in others:
        if not fed:
            possible.append(call.node)
        elif fed - trained:
            present.append(call.node)
        else:
            repeated = call.node
    return repeated


def _fed(analysis: Analysis, call: Call) -> set[str] | None:
    """Return the names of the data that a call feeds into a TensorFlow graph; None for any other call."""
    if not call.names or not all(name.endswith(_GRAPH_RUNS) for name in call.names):
        return None
    is_run = call.names[0].endswith("run")
    node = analysis.calls.argument(call, ("feed_dict", 1 if is_run else 0))
    if not all(name.startswith("tensorflow.") for name in call.names) and not any(
        keyword.arg == "feed_dict" for keyword in call.node.keywords
    ):
        return None
    if node is None:
        return set()
    return _named(node) if not isinstance(node, ast.Dict) else {n for v in node.values for n in _named(v)}


def _is_training_step(analysis: Analysis, call: Call, fetched: ast.expr) -> bool:
    for origin in analysis.calls.origins(call, fetched):
        built = analysis.by_node.get(origin.node) if isinstance(origin, Result) and origin.node else None
        if built is not None and built.has(Trains):
            return True
    return False


def _is_dropped(call: Call) -> bool:
    """Return whether nothing uses the result of a call."""
    return isinstance(parents.parent(call.site.scope.module.tree, call.node), ast.Expr)


_MAX_ASSIGNMENTS = 50
"""How many assignments a value is followed through, one into the next."""


class _Uses:
    """Finds the use of a call's result: "computed", "passed", or "" for none."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._known: dict[ast.AST, str] = {}
        self._depth = 0

    def of(self, node: ast.AST, scope: Scope) -> str:
        """Return the strongest use of an expression's value; past `_MAX_ASSIGNMENTS` it is "passed"."""
        known = self._known.get(node)
        if known is None:
            if self._depth >= _MAX_ASSIGNMENTS:
                return "passed"
            self._known[node] = ""  # until the result is known, for a value that reaches itself
            self._depth += 1
            known = self._known[node] = self._strongest(node, scope)
            self._depth -= 1
        return known

    def _strongest(self, node: ast.AST, scope: Scope) -> str:
        current, parent = node, parents.parent(scope.module.tree, node)
        while parent is not None:
            if isinstance(parent, ast.Compare | ast.BinOp | ast.AugAssign):
                return "computed"
            if isinstance(parent, ast.Call):
                if current is not parent.func:
                    built = self._analysis.by_node.get(parent)
                    if built is not None and built.has(Compares):
                        return "computed"
                    return "" if self._is_output(parent, scope) else "passed"
            if isinstance(parent, ast.Attribute):
                if parent.attr in ("to_csv", "tofile"):
                    return ""
                if parent.attr == "shape":
                    return ""
            elif isinstance(parent, ast.Return | ast.Yield):
                return "passed"
            elif isinstance(parent, ast.Assign | ast.NamedExpr | ast.AnnAssign):
                return self._of_targets(parent, scope)
            elif isinstance(parent, ast.stmt):
                return "" if isinstance(parent, ast.Expr) else "passed"
            current, parent = parent, parents.parent(scope.module.tree, parent)
        return ""

    def _is_output(self, call: ast.Call, scope: Scope) -> bool:
        """Return whether a call writes its argument unchanged; a tracker may compute something from it."""
        if _last(call) in _SAVING:
            return True
        row = table().logs(*self._analysis.evaluator.names_or_method(call, scope))
        return row is not None and (not row.tracker or _last(call) == "log")

    def _of_targets(self, node: ast.AST, scope: Scope) -> str:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]  # type: ignore[attr-defined]
        found = ""
        for target in targets:
            for item in ast.walk(target):
                if isinstance(item, ast.Attribute | ast.Subscript):
                    found = found or "passed"
                elif isinstance(item, ast.Name):
                    for load in _loads(scope, item.id):
                        if load.lineno < item.lineno:
                            continue  # a load of an earlier value of the name
                        use = self.of(load, scope)
                        if use == "computed":
                            return use
                        found = found or use
        return found


def _loads(scope: Scope, name: str) -> list[ast.Name]:
    """Return the loads of the binding that ``name`` has in a scope."""
    holder = scope.lookup(name)
    return [
        node
        for node, place in scope.module.name_loads.get(name, ())
        if holder is not None and (found := place.lookup(name)) is not None and found[0] is holder[0]
    ]


def _last(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _loops(analysis: Analysis, uses: _Uses) -> list[ast.AST]:
    """Return the loops and functions that run the model over data, train nothing and compute something."""
    found: list[ast.AST] = []
    for scope in analysis.live_scopes:
        if scope.kind not in ("function", "module"):
            continue
        if _is_without_gradient(scope.node) and _measures(analysis, [*_body(scope.node)], uses):
            found.append(scope.node)
        for node in _statements(scope.node):
            if isinstance(node, _LOOPS):
                if isinstance(node, ast.For) and _is_over_training_data(analysis, node, scope):
                    continue
                counts = isinstance(node, ast.For) and _counts(analysis, node.iter, scope)
                if not counts and (
                    _measures(analysis, [*node.body], uses)
                    or _measures(analysis, without_training(analysis, scope, node.body), uses)
                ):
                    found.append(node)
            elif isinstance(node, ast.With):
                body = [
                    one
                    for one in node.body
                    if not (isinstance(one, ast.For) and _is_over_training_data(analysis, one, scope))
                ]
                if _is_without_gradient(node) and _measures(analysis, [*body], uses):
                    found.append(node)
    for scope in analysis.live_scopes:
        if isinstance(scope.node, ast.ListComp | ast.GeneratorExp):
            counts = _counts(analysis, scope.node.generators[0].iter, scope)
            if not counts and _measures(analysis, [scope.node.elt], uses):
                found.append(scope.node)
    return found


def _is_over_training_data(analysis: Analysis, loop: ast.For, scope: Scope) -> bool:
    """Return whether a loop certainly iterates over the loader over which an earlier loop of the function trains."""
    name = loop.iter.id if isinstance(loop.iter, ast.Name) else ""
    found = scope.lookup(name) if name else None
    return found is not None and any(
        isinstance(other, ast.For)
        and other is not loop
        and isinstance(other.iter, ast.Name)
        and other.iter.id == name
        and other.lineno < loop.lineno
        and not any(getattr(b.node, "lineno", 1) >= other.lineno for b in found[1])
        and _trains(analysis, other.body)
        for other in _statements(scope.node)
    )


def _on_other_data(analysis: Analysis, uses: _Uses) -> list[ast.AST]:
    """Return the used results of a model on data of other names than in another call: possible measures."""
    applied: dict[str, list[tuple[Call, frozenset[str]]]] = {}
    applying = _applying(analysis)
    for call in analysis.calls.all:
        func, function = call.node.func, call.site.scope.function
        if function is not None and function.name in _FORWARD:
            continue  # these are parts of a model, or of its loss
        if isinstance(func, ast.Name | ast.Attribute) and (
            _runs_model(analysis, call) or (call.local and not applying.isdisjoint(analysis.targets(call)))
        ):
            if uses.of(call.node, call.site.scope):
                names = frozenset(
                    n.id for a in arguments(call.node) for n in ast.walk(a) if isinstance(n, ast.Name)
                )
                applied.setdefault(ast.unparse(func).removesuffix(".forward"), []).append((call, names))
    return [
        call.node
        for calls in applied.values()
        for call, names in calls
        if any(names - others and others - names for _, others in calls)
        and not _is_in_loop_over_data(analysis, call)
    ]


def _applying(analysis: Analysis) -> set[Scope]:
    """Return the functions of the program that apply a model themselves and train nothing."""
    applying: set[Scope] = set()
    training: set[Scope] = set()
    for call in analysis.calls.all:
        function = call.site.scope.function
        if function is not None and function not in applying and _runs_model(analysis, call):
            applying.add(function)
        if function is not None and call.has(Trains):
            training.add(function)
    return applying - training


def _is_in_loop_over_data(analysis: Analysis, call: Call) -> bool:
    """Return whether the nearest loop around a call iterates over data; ``_loops`` judges such a loop as a whole."""
    tree = call.site.scope.module.tree
    loop = next((one for one in parents.enclosing(tree, call.node) if isinstance(one, _LOOPS)), None)
    return loop is not None and not (
        isinstance(loop, ast.For) and _counts(analysis, loop.iter, call.site.scope)
    )


def _statements(node: ast.AST) -> list[ast.stmt]:
    """Return the statements of a scope, without those of the functions and classes inside it."""
    found: list[ast.stmt] = []
    todo: list[ast.AST] = list(getattr(node, "body", ())) if not isinstance(node, ast.Lambda) else []
    while todo:
        item = todo.pop()
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(item, ast.stmt):
            found.append(item)
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            todo.extend(getattr(item, name, ()))
    return found


def _counts(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    """Return whether a loop only counts or iterates over a literal, such as epochs or names."""
    if isinstance(node, ast.Call):
        return any(n in ("builtins.range", "tqdm.trange") for n in analysis.evaluator.names(node, scope))
    return isinstance(node, ast.List | ast.Tuple | ast.Dict | ast.Constant)


def _is_without_gradient(node: ast.AST) -> bool:
    """Return whether a ``with`` or the decorator of a function turns gradients off."""
    if isinstance(node, ast.With):
        return any(
            isinstance(i.context_expr, ast.Call) and _last(i.context_expr) in _NO_GRADIENT for i in node.items
        )
    decorators = getattr(node, "decorator_list", ())
    return any(
        last_name(one.func if isinstance(one, ast.Call) else one) in _NO_GRADIENT for one in decorators
    )


def _body(node: ast.AST) -> list[ast.stmt]:
    body = getattr(node, "body", ())
    return body if isinstance(body, list) else []


def _measures(analysis: Analysis, nodes: list[ast.AST], uses: _Uses) -> bool:
    """Return whether the code in ``nodes`` applies the model, never trains it, and uses the result."""
    inside = [call for node in nodes for call in analysis.inside(node)]
    if any(call.has(Trains) for call in inside):
        return False
    applied = [call for call in inside if _runs_model(analysis, call)]
    used = [u for call in applied for u in [uses.of(call.node, call.site.scope)] if u]
    if not used:
        return False
    if "computed" in used or len(applied) > 1:
        return True
    bodies = [*nodes]
    seen: set[Scope] = set()
    for call in inside:
        for scope in analysis.targets(call):
            if scope not in seen and scope.name != "forward":
                seen.add(scope)
                bodies.append(scope.node)
    return any(
        isinstance(n, ast.AugAssign | ast.Compare)
        or (
            isinstance(n, ast.Call)
            and _last(n) in ("append", "eq", "update", "update_state", "extend", "argmax")
        )
        for body in bodies
        for n in ast.walk(body)
    )


def _runs_model(analysis: Analysis, call: Call) -> bool:
    """Return whether a call applies an object, such as a model, a loss or a metric, to data."""
    if call.has(Predicts):
        return True
    if isinstance(call.node.func, ast.Name):
        found = call.site.scope.lookup(call.node.func.id)
        if found is not None and any(binding.kind == "parameter" for binding in found[1]):
            return True
    for value in analysis.calls.values(call, call.node.func):
        if isinstance(value, LibraryObject) and value.name.removesuffix("()").endswith(_PREPARING):
            continue
        if isinstance(value, Instance) or (
            isinstance(value, LibraryObject) and analysis.calls.is_foreign_name(value.name)
        ):
            return True
        if isinstance(value, Unknown) and isinstance(call.node.func, ast.Name | ast.Attribute):
            return isinstance(call.node.func, ast.Name) or call.node.func.attr in (
                "forward",
                "test_on_batch",
                "evaluate_batch",
                "model",
                "net",
                "apply",
            )
    return any(name.endswith("().forward") for name in call.names)


def without_training(analysis: Analysis, scope: Scope, body: list[ast.stmt]) -> list[ast.AST]:
    """Return the code of a loop's body in ``scope`` that runs in the phase without training; empty without phases."""
    if not _trains(analysis, body) or not _turns_off(analysis, scope):
        return []
    rest = list(_rest(analysis, body))
    return [] if _trains(analysis, rest) else rest


def _rest(analysis: Analysis, body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the statements of a body, nested ones included, except for the branches of an ``if`` that alone train."""
    for statement in body:
        blocks = [
            block
            for name in ("body", "orelse", "finalbody")
            if isinstance(block := getattr(statement, name, None), list) and block
        ]
        if not blocks or isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement
            continue
        yield from (node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.expr))
        if isinstance(statement, ast.With | ast.AsyncWith):
            yield from (item.context_expr for item in statement.items)
        if isinstance(statement, ast.If):
            training = [_trains(analysis, block) for block in (statement.body, statement.orelse)]
            if training[0] != training[1]:
                blocks = [statement.orelse if training[0] else statement.body]
        for block in blocks:
            yield from _rest(analysis, block)


def _trains(analysis: Analysis, nodes: Iterable[ast.AST]) -> bool:
    return any(call.has(Trains) for node in nodes for call in analysis.inside(node))


def _turns_off(analysis: Analysis, scope: Scope) -> bool:
    """Return whether a function of the program has a phase in which gradients or training are off."""
    for call in analysis.calls.all:
        if call.site.scope is scope:
            last = getattr(call.node.func, "attr", "")
            if last in ("eval", "set_grad_enabled") or (last == "train" and call.node.args):
                return True
    return False


__all__ = ["without_training"]
