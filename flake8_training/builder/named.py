"""Resolves dict entries and call arguments by name.

In scope: dict displays, ``dict()``, spreads, ``|``, copies, ``update``, stores by subscript, comprehensions over the
items of another dict, and calls of local functions that return such dicts. Any other operation leaves the dict
open-ended.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.builder.following import COPIES, LauncherEvaluator, copied
from flake8_training.builder.given import UNTOLD, Argument, Arguments, Given
from flake8_training.record import replace
from flake8_training.sagemaker.signatures import Signature
from flake8_training.script.names import CallSite, Scope, Store
from flake8_training.script.values import Collection, Constant, Frame, Value, Values

_MAX_NESTING = 8
_ENCODERS = {"json.dumps": "json", "builtins.str": "str", "builtins.repr": "str"}
_DICT_CONSTRUCTORS = frozenset(
    {"builtins.dict", "collections.OrderedDict", "types.SimpleNamespace", "argparse.Namespace"}
)


class Reader:
    """Reads the dicts and calls of one program."""

    def __init__(self, evaluator: LauncherEvaluator) -> None:
        self.evaluator = evaluator

    def given(self, node: ast.expr, scope: Scope, frame: Frame | None = None) -> Given:
        """Return an expression with its location."""
        return Given(node, scope, frame, self.evaluator)

    # -- dicts

    def entries(self, expression: Given, depth: int = 0) -> Arguments:
        """Return the entries of the dict that an expression is; of all dicts if it can be several."""
        if depth > _MAX_NESTING:
            return UNTOLD
        node = expression.node
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            left = self.entries(replace(expression, node=node.left), depth + 1)
            right = self.entries(replace(expression, node=node.right), depth + 1)
            return _overridden(left, right)
        if isinstance(node, ast.Name):
            rest = self._rest_of_call(node, expression, depth)
            if rest is not None:
                return rest
        return self.entries_of(expression.values, depth)

    def _rest_of_call(self, node: ast.Name, expression: Given, depth: int) -> Arguments | None:
        """Return the contents of a function's ``**kwargs`` in the current call; None for any other name."""
        found = expression.scope.lookup(node.id)
        function = found[0].node if found is not None else None
        if found is None or not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        if len(found[1]) != 1 or found[1][0].node is not function.args.kwarg:
            return None
        frame = _frame_of(found[0], expression.frame)
        if frame is None:
            return UNTOLD
        named = {parameter.arg for parameter in (*function.args.args, *function.args.kwonlyargs)}
        taken = self.arguments(frame.site.node, frame.site.scope, frame.caller, ())
        entries = tuple(entry for entry in taken if entry.name not in named)
        spread = any(keyword.arg is None for keyword in frame.site.node.keywords)
        return Arguments(entries, open_ended=spread and taken.open_ended)

    def entries_of(self, values: Values, depth: int = 0) -> Arguments:
        """Return the entries of the dicts among values, like :meth:`entries`."""
        read = [self._of_value(value, depth) for value in values]
        if not read:
            return UNTOLD
        if len(read) == 1:
            return read[0]
        shared = set.intersection(*(set(one.names) for one in read))
        return Arguments(
            tuple(
                entry if entry.name in shared else replace(entry, certain=False)
                for one in read
                for entry in one
            ),
            open_ended=any(one.open_ended for one in read),
        )

    def _of_value(self, value: Value, depth: int) -> Arguments:
        if isinstance(value, Constant) and value.value is None:
            return Arguments()
        if not isinstance(value, Collection) or depth > _MAX_NESTING:
            return UNTOLD
        node = value.node
        if isinstance(node, ast.Dict):
            found = self._of_display(node, value, depth)
        elif isinstance(node, ast.Call):
            found = self._of_call(node, value, depth)
        elif isinstance(node, ast.DictComp):
            found = self._of_comprehension(node, value, depth)
        else:
            return UNTOLD
        return self._changed(found, value, depth)

    def _of_display(self, node: ast.Dict, value: Collection, depth: int) -> Arguments:
        found = Arguments()
        for key, item in zip(node.keys, node.values, strict=True):
            expression = self.given(item, value.scope, value.frame)
            if key is None:
                found = _overridden(found, self.entries(expression, depth + 1))
            else:
                found = _overridden(found, self._keyed(key, expression, value.scope, value.frame))
        return found

    def _keyed(self, key: ast.expr, expression: Given, scope: Scope, frame: Frame | None) -> Arguments:
        """Return the entry ``key: expression``; one entry for each value that the key can have."""
        names = self.evaluator.values(key, scope, frame)
        constants = [v.value for v in names if isinstance(v, Constant)]
        return Arguments(
            tuple(
                Argument(str(constant), key, expression, certain=len(names) == 1) for constant in constants
            ),
            open_ended=len(constants) < len(names) or not names,
        )

    def _of_call(self, node: ast.Call, value: Collection, depth: int) -> Arguments:
        names = self.evaluator.names(node, value.scope, value.frame)
        found = Arguments()
        source = (
            copied(node) if names and all(n in COPIES or n in _DICT_CONSTRUCTORS for n in names) else None
        )
        if source is not None:
            found = self.entries(self.given(source, value.scope, value.frame), depth + 1)
        elif node.args:
            return UNTOLD
        for keyword in node.keywords:
            expression = self.given(keyword.value, value.scope, value.frame)
            if keyword.arg is None:
                found = _overridden(found, self.entries(expression, depth + 1))
            else:
                found = _overridden(found, Arguments((Argument(keyword.arg, keyword, expression),)))
        return found

    def _of_comprehension(self, node: ast.DictComp, value: Collection, depth: int) -> Arguments:
        """Return the entries of ``{k: f(v) for k, v in d.items()}``, or of a comprehension with known keys."""
        if len(node.generators) != 1:
            return UNTOLD
        generator = node.generators[0]
        source = _items_of(generator.iter)
        target = generator.target
        key = node.key.args[0] if isinstance(node.key, ast.Call) and len(node.key.args) == 1 else node.key
        if source is not None and isinstance(target, ast.Tuple) and len(target.elts) == 2:
            name, item = target.elts
            if not (isinstance(key, ast.Name) and isinstance(name, ast.Name) and key.id == name.id):
                return UNTOLD
            scope = value.scope.parent or value.scope
            inner = self.entries(self.given(source, scope, value.frame), depth + 1)
            certain = not generator.ifs
            return Arguments(
                tuple(
                    replace(self._mapped(entry, node.value, item, value), certain=entry.certain and certain)
                    for entry in inner
                ),
                inner.open_ended,
            )
        expression = self.given(node.value, value.scope, value.frame)
        keys = self.evaluator.values(node.key, value.scope, value.frame)
        constants = [v.value for v in keys if isinstance(v, Constant)]
        entries = tuple(
            Argument(str(constant), node.key, expression, certain=not generator.ifs) for constant in constants
        )
        return Arguments(entries, open_ended=len(constants) < len(keys) or not keys)

    def _mapped(self, entry: Argument, result: ast.expr, item: ast.expr, value: Collection) -> Argument:
        """Return the entry with the value expression of the comprehension applied to it."""
        if isinstance(result, ast.Name) and isinstance(item, ast.Name) and result.id == item.id:
            return entry
        if isinstance(result, ast.Call):
            for name in self.evaluator.names(result, value.scope, value.frame):
                if name in _ENCODERS and not entry.encoding:
                    return replace(entry, encoding=_ENCODERS[name])
        return replace(entry, given=self.given(result, value.scope, value.frame), encoding="other")

    # -- later changes

    def _changed(self, found: Arguments, value: Collection, depth: int) -> Arguments:
        """Return the entries with the later stores and removals applied."""
        containers = self.evaluator.containers
        for store in containers.item_stores(value):
            found = _overridden(found, self._stored(store, value))
        for site in containers.in_place_calls(value):
            found = _overridden(found, self._updated(site, value, depth))
        removed = set(self._removed(value))
        if removed:
            everything = None in removed
            found = Arguments(
                tuple(
                    replace(entry, certain=False, taken_out=entry.name in removed)
                    if everything or entry.name in removed
                    else entry
                    for entry in found
                ),
                found.open_ended,
            )
        return found

    def _stored(self, store: Store, value: Collection) -> Arguments:
        if isinstance(store.key, str):
            return Arguments()
        frame = _frame_of(store.scope, value.frame)
        certain = self._is_certain(store.target, value)
        passed = self._passed_on(store, frame)
        if passed is not None:
            return passed if certain else _uncertain(passed)
        stored = self._keyed(store.key, self.given(store.value, store.scope, frame), store.scope, frame)
        if store.steps:
            return replace(stored, open_ended=True)
        looped = isinstance(store.key, ast.Name) and not stored.open_ended
        return Arguments(
            tuple(replace(entry, certain=certain and (entry.certain or looped)) for entry in stored),
            stored.open_ended,
        )

    def _passed_on(self, store: Store, frame: Frame | None) -> Arguments | None:
        """Return the entries of ``d`` for a store in ``for k, v in d.items(): target[k] = v``, else None."""
        if not (isinstance(store.key, ast.Name) and isinstance(store.value, ast.Name)):
            return None
        key, item = store.scope.lookup(store.key.id), store.scope.lookup(store.value.id)
        if key is None or item is None or len(key[1]) != 1 or len(item[1]) != 1:
            return None
        loop = key[1][0].node
        if loop is not item[1][0].node or not isinstance(loop, ast.For):
            return None
        source = _items_of(loop.iter)
        if source is None or key[1][0].steps[1:] != (0,) or item[1][0].steps[1:] != (1,):
            return None
        return self.entries(self.given(source, store.scope, frame))

    def _updated(self, site: CallSite, value: Collection, depth: int) -> Arguments:
        frame = _frame_of(site.scope, value.frame)
        method = site.node.func.attr if isinstance(site.node.func, ast.Attribute) else ""
        if method == "setdefault":
            if len(site.node.args) != 2:
                return Arguments()
            expression = self.given(site.node.args[1], site.scope, frame)
            added = self._keyed(site.node.args[0], expression, site.scope, frame)
            return _uncertain(added)
        if method != "update":
            return Arguments()
        found = Arguments()
        for argument in site.node.args:
            values = tuple(v for v in self.evaluator.values(argument, site.scope, frame) if v != value)
            found = _overridden(found, self.entries_of(values, depth + 1))
        for keyword in site.node.keywords:
            expression = self.given(keyword.value, site.scope, frame)
            if keyword.arg is None:
                found = _overridden(found, self.entries(expression, depth + 1))
            else:
                found = _overridden(found, Arguments((Argument(keyword.arg, keyword, expression),)))
        if not self._is_certain(site.node.func, value):
            found = _uncertain(found)
        return found

    def _is_certain(self, target: ast.expr, value: Collection) -> bool:
        """Return whether a change runs whenever the dict is used: its block encloses the block of the dict."""
        if isinstance(target, ast.Attribute):
            target = target.value
        if not isinstance(target, ast.Name):
            return True
        order = self.evaluator.order(value.scope.module)
        return order.same_block(target, value.node)

    def _removed(self, value: Collection) -> Iterator[str | None]:
        """Yield the names that are removed from a dict later; None for an unknown name."""
        module = value.scope.module
        for site in module.calls_by_name.get("pop", ()):
            func = site.node.func
            if isinstance(func, ast.Attribute) and self._is_dict(func.value, site.scope, value):
                keys = self.evaluator.values(site.node.args[0], site.scope) if site.node.args else ()
                yield from (v.value if isinstance(v, Constant) else None for v in keys)  # type: ignore[misc]
        for subscript, scope in self.evaluator.order(module).deletions:
            if self._is_dict(subscript.value, scope, value):
                keys = self.evaluator.values(subscript.slice, scope)
                yield from (v.value if isinstance(v, Constant) else None for v in keys)  # type: ignore[misc]

    def _is_dict(self, target: ast.expr, scope: Scope, value: Collection) -> bool:
        return any(
            isinstance(v, Collection) and v.node is value.node for v in self.evaluator.values(target, scope)
        )

    # -- calls

    def arguments(
        self, node: ast.Call, scope: Scope, frame: Frame | None, positional: tuple[str, ...]
    ) -> Arguments:
        """Return the arguments of a call by name; ``positional`` are the names of the positional parameters."""
        found = Arguments()
        for index, argument in enumerate(node.args):
            expression = self.given(argument, scope, frame)
            if isinstance(argument, ast.Starred) or index >= len(positional):
                found = replace(found, open_ended=True)
                break
            found = _overridden(found, Arguments((Argument(positional[index], argument, expression),)))
        for keyword in node.keywords:
            expression = self.given(keyword.value, scope, frame)
            if keyword.arg is None:
                found = _overridden(found, self.entries(expression))
            else:
                found = _overridden(found, Arguments((Argument(keyword.arg, keyword, expression),)))
        return found

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


def _uncertain(found: Arguments) -> Arguments:
    return Arguments(tuple(replace(entry, certain=False) for entry in found), found.open_ended)


def _frame_of(scope: Scope, frame: Frame | None) -> Frame | None:
    """Return the nearest frame of the function that contains a scope, or None."""
    while frame is not None and scope.function is not frame.function:
        frame = frame.caller
    return frame


def _items_of(node: ast.expr) -> ast.expr | None:
    """Return ``d`` of ``d.items()``, or None for any other expression."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "items":
        return node.func.value
    return None
