"""Which values can reach an expression: on demand, backwards from where the question is asked.

Nothing is executed. Each answer is kept; a value that depends on itself contributes what else is known of it;
a budget of steps bounds the work, and past it every answer is "unknown".
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING

from flake8_training.script import library_values
from flake8_training.script.apis.table import table
from flake8_training.script.modules import Program, absolute_name
from flake8_training.script.names import (
    ADDED,
    ELEMENT,
    ENTERED,
    REST,
    Binding,
    CallSite,
    ModuleNames,
    Scope,
    Store,
)
from flake8_training.script.values import (
    UNKNOWN,
    Class,
    Collection,
    Constant,
    Elements,
    Frame,
    Function,
    Generator,
    Instance,
    Made,
    Module,
    OptionValue,
    Reference,
    Text,
    Unknown,
    Value,
    Values,
    Variable,
    joined,
    path_joined,
    text,
)

if TYPE_CHECKING:
    from flake8_training.script.options import Options

MAX_VALUES = 24
MAX_DEPTH = 40
MAX_FRAMES = 4
MAX_STEPS = 150_000

DISPLAYS = (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
IN_PLACE = ("append", "add", "insert", "extend", "update", "setdefault")


_Key = tuple[object, Frame | None]


class Evaluator:
    """Evaluates the expressions of one program. ``options`` is set once they have been read from it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.options: Options | None = None
        self.steps = 0
        self._table = table()
        self._memo: dict[_Key, Values] = {}
        self._active: dict[_Key, int] = {}
        self._provisional: dict[_Key, tuple[Values, int]] = {}
        """Answers cut short by a cycle, for as long as the cycle is being gone through, and where it closes."""
        self._order: list[_Key] = []
        self._cut = MAX_DEPTH + 1
        self._names: dict[tuple[int, Frame | None], tuple[str, ...]] = {}
        self._callers: dict[Scope, list[CallSite]] = {}
        self._escapes: dict[str, bool] | None = None

    # -- expressions

    def values(self, node: ast.expr, scope: Scope, frame: Frame | None = None) -> Values:
        """Every value that can reach ``node`` as it stands in ``scope``, under the call ``frame`` if given."""
        if isinstance(node, ast.Constant):
            return (Constant(node.value) if node.value is not ... else UNKNOWN,)
        return self._guarded((id(node), frame), lambda: self._evaluate(node, scope, frame))

    def _guarded(self, key: _Key, compute: Callable[[], Iterable[Value]]) -> Values:
        """``compute()`` once for a key, cutting cycles; an answer cut short by an outer cycle is not kept beyond it."""
        known = self._memo.get(key)
        if known is not None:
            return known
        if key in self._active:
            self._cut = min(self._cut, self._active[key])
            return ()
        provisional = self._provisional.get(key)
        if provisional is not None:
            self._cut = min(self._cut, provisional[1])
            return provisional[0]
        depth = len(self._active)
        if depth >= MAX_DEPTH or self.steps > MAX_STEPS:
            self._cut = 0
            return (UNKNOWN,)
        self.steps += 1
        self._active[key] = depth
        mark = len(self._order)
        outer_cut, self._cut = self._cut, MAX_DEPTH + 1
        try:
            found = _distinct(compute())
        finally:
            del self._active[key]
        if self._cut >= depth:
            self._memo[key] = found
            for done in self._order[mark:]:
                self._provisional.pop(done, None)
            del self._order[mark:]
            self._cut = outer_cut
        else:
            self._provisional[key] = found, self._cut
            self._order.append(key)
            self._cut = min(self._cut, outer_cut)
        return found

    def _evaluate(self, node: ast.expr, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        if isinstance(node, ast.Name):
            return self._name(node.id, scope, frame)
        if isinstance(node, ast.Attribute):
            return self._each(node.value, scope, frame, lambda v: self.attribute(v, node.attr))
        if isinstance(node, ast.Call):
            return self._call(node, scope, frame)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, scope, frame)
        if isinstance(node, ast.JoinedStr | ast.BinOp | ast.UnaryOp):
            return self._text(node, scope, frame)
        if isinstance(node, ast.BoolOp):
            return [v for part in node.values for v in self.values(part, scope, frame)]
        if isinstance(node, ast.IfExp):
            return (*self.values(node.body, scope, frame), *self.values(node.orelse, scope, frame))
        if isinstance(node, DISPLAYS):
            inner = scope.module.scope_of.get(node, scope)
            return (Collection(node, inner, frame),)
        if isinstance(node, ast.Lambda):
            return (Function(scope.module.scope_of[node]),)
        if isinstance(node, ast.NamedExpr | ast.Await | ast.Starred):
            return self.values(node.value, scope, frame)
        return (UNKNOWN,)

    def _each(
        self, node: ast.expr, scope: Scope, frame: Frame | None, then: Callable[[Value], Values]
    ) -> Iterable[Value]:
        return [result for value in self.values(node, scope, frame) for result in then(value)]

    # -- names

    def _name(self, name: str, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        if name == "__file__":
            file = scope.module.path.replace("\\", "/").rpartition("/")[2]
            return (Constant(f"/opt/ml/code/{file or 'script.py'}"),)
        if name == "__name__":
            return (UNKNOWN,)
        found = scope.lookup(name)
        if found is None:
            return self._unbound(name, scope)
        owner, bindings = found
        return self._bound(bindings, owner, frame)

    def _unbound(self, name: str, scope: Scope) -> Iterable[Value]:
        for star in scope.module.stars:
            absolute = absolute_name(star, scope.module.package)
            local = self.program.local(absolute) if absolute else None
            if local and not local[1] and name in local[0].top.bindings:
                return self._bound(local[0].top.bindings[name], local[0].top, None)
        if library_values.is_builtin(name):
            return (Reference(f"builtins.{name}"),)
        return (UNKNOWN,)

    def _bound(self, bindings: list[Binding], owner: Scope, frame: Frame | None) -> Iterable[Value]:
        function = owner.function
        inner = frame if frame and function and self._within(owner, frame.function) else None
        found: list[Value] = []
        added: list[Values] = []
        for binding in bindings:
            if binding.kind == "value" and binding.steps == (ADDED,):
                assert binding.value is not None
                added.append(self.values(binding.value, binding.scope, inner))
            else:
                found.extend(self._binding(binding, owner, inner))
        for more in added:
            found.extend(self._added(found, more))
        return found

    @staticmethod
    def _within(scope: Scope, function: Scope) -> bool:
        current: Scope | None = scope
        while current is not None:
            if current is function:
                return True
            current = current.parent
        return False

    @staticmethod
    def _added(before: list[Value], more: Values) -> list[Value]:
        texts = [v for v in before if isinstance(v, Constant | Text | Variable | OptionValue)]
        if not texts:
            return []
        return [joined(text(a) or Text(()), text(b) or Text(())) for a in texts[:4] for b in more[:4]]

    def _binding(self, binding: Binding, owner: Scope, frame: Frame | None) -> Iterable[Value]:
        if binding.kind == "value":
            assert binding.value is not None
            values: Values = self.values(binding.value, binding.scope, frame)
            return self.stepped(values, binding.steps)
        if binding.kind == "import":
            return self.imported(binding.dotted, owner.module)
        if binding.kind == "scope":
            assert binding.target is not None
            if binding.target.kind == "class":
                return (Class(binding.target),)
            return (Function(binding.target),)
        if binding.kind == "parameter":
            assert isinstance(binding.node, ast.arg)
            return self._guarded(
                (id(binding.node), frame),
                lambda: self._parameter(binding.node, binding.scope, frame),  # type: ignore[arg-type]
            )
        return (UNKNOWN,)

    def imported(self, dotted: str, module: ModuleNames) -> Values:
        """What importing a dotted name inside a module gives: something local, or a library's."""
        absolute = absolute_name(dotted, module.package)
        if absolute is None:
            return (UNKNOWN,)
        local = self.program.local(absolute)
        if local is not None:
            return self._member(local[0], local[1], absolute)
        return (Reference(self._table.normalise(absolute)),)

    def _member(self, module: ModuleNames, rest: str, absolute: str) -> Values:
        """``rest`` of a local module: a dotted name inside it, or the module itself."""
        if not rest:
            return (Module(absolute),)
        first, _, more = rest.partition(".")
        bindings = module.top.bindings.get(first)
        if bindings is None:
            values = tuple(self._unbound(first, module.top)) if module.stars else (UNKNOWN,)
        else:
            values = self._bound_once(bindings, module.top)
        for name in more.split(".") if more else ():
            values = tuple(v for value in values for v in self.attribute(value, name))
        return values

    # -- parameters

    def _parameter(self, node: ast.arg, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        owner = scope.owner
        if owner is not None and _is_receiver(node, scope):
            if frame is not None and frame.function is scope and frame.bound is not None:
                return (frame.bound,)
            return (Instance(owner),)
        if frame is not None and frame.function is scope:
            return self._argument(node, scope, frame.site, frame.caller)
        found: list[Value] = []
        if self.options is not None:
            found.extend(self.options.parameter_value(scope, node.arg))
        callers = self.callers(scope)
        for site in callers:
            found.extend(self._argument(node, scope, site, None))
        if not callers or self.escapes(scope):
            found.extend(self._passed_on(node, scope))
            found.extend(self._default(node, scope))
            found.extend(self._annotated(node, scope))
        return found or (UNKNOWN,)

    def _annotated(self, node: ast.arg, scope: Scope) -> Values:
        """What a parameter's annotation says of an argument that nobody passes visibly."""
        if node.annotation is None or scope.parent is None or isinstance(node.annotation, ast.Constant):
            return (UNKNOWN,)
        for value in self.values(node.annotation, scope.parent):
            if isinstance(value, Class):
                return (Instance(value.scope),)
            if isinstance(value, Reference) and not value.name.startswith(("builtins.", "typing.")):
                return (Made(f"{value.name}()"), UNKNOWN)
        return (UNKNOWN,)

    def _argument(self, node: ast.arg, scope: Scope, site: CallSite, caller: Frame | None) -> Iterable[Value]:
        """What one call passes for a parameter."""
        given = self.argument_node(node, scope, site)
        if given is not None:
            return self.values(given, site.scope, caller)
        if any(isinstance(a, ast.Starred) for a in site.node.args) or _is_rest(node, scope):
            return (UNKNOWN,)
        spread: list[Value] = []
        for keyword in site.node.keywords:
            if keyword.arg is None:
                for value in self.values(keyword.value, site.scope, caller):
                    spread.extend(self.item(value, node.arg))
        return spread or self._default(node, scope)

    @staticmethod
    def argument_node(node: ast.arg, scope: Scope, site: CallSite) -> ast.expr | None:
        """The expression that a call passes for a parameter; None for a default, ``*args`` or ``**kwargs``."""
        assert isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for keyword in site.node.keywords:
            if keyword.arg == node.arg:
                return keyword.value
        positional = [*scope.node.args.posonlyargs, *scope.node.args.args]
        if scope.owner is not None and not _is_static(scope):
            positional = positional[1:]
        if node in positional:
            index = positional.index(node)
            given = site.node.args[: index + 1]
            if len(given) > index and not any(isinstance(a, ast.Starred) for a in given):
                return given[index]
        return None

    def _default(self, node: ast.arg, scope: Scope) -> Values:
        assert isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        arguments = scope.node.args
        outside = scope.parent or scope
        positional = [*arguments.posonlyargs, *arguments.args]
        if node in positional:
            index = positional.index(node) - (len(positional) - len(arguments.defaults))
            return self.values(arguments.defaults[index], outside) if index >= 0 else ()
        if node in arguments.kwonlyargs:
            default = arguments.kw_defaults[arguments.kwonlyargs.index(node)]
            return self.values(default, outside) if default is not None else ()
        return ()

    def callers(self, scope: Scope) -> list[CallSite]:
        """The calls of a function of the program, found by name and confirmed by what the name leads to."""
        known = self._callers.get(scope)
        if known is not None:
            return known
        self._callers[scope] = []
        owner = scope.owner
        names = {scope.name} if scope.kind == "function" else _names_of(scope)
        if owner is not None and scope.name in ("__init__", "__call__", "__new__"):
            names = {"__init__"} | {s.name for s in self._heirs(owner)}
        found: list[CallSite] = []
        for module in self.program.modules.values():
            for name in names:
                for site in module.calls_by_name.get(name, ()):
                    if self._leads_to(site, scope):
                        found.append(site)
        self._callers[scope] = found
        return found

    def _heirs(self, owner: Scope) -> list[Scope]:
        """A class and the local classes that derive from it."""
        found = [owner]
        for module in self.program.modules.values():
            for scope in module.scopes:
                if scope.kind == "class" and scope is not owner and owner in self.ancestry(scope)[0]:
                    found.append(scope)
        return found

    def _leads_to(self, site: CallSite, scope: Scope) -> bool:
        if scope.owner is None and isinstance(site.node.func, ast.Name):
            found = site.scope.lookup(site.node.func.id)
            if found is not None and any(b.target is scope for b in found[1]):
                return True
        for value in self.values(site.node.func, site.scope):
            if isinstance(value, Function) and value.scope is scope:
                return True
            if isinstance(value, Class) and self.method(value.scope, "__init__") is scope:
                return True
        return False

    def escapes(self, scope: Scope) -> bool:
        """Whether a function is also used other than by calling it (a callback, a target of a spawn)."""
        if self._escapes is None:
            self._escapes = {}
            for module in self.program.modules.values():
                for site in module.calls:
                    for argument in (*site.node.args, *(k.value for k in site.node.keywords)):
                        if isinstance(argument, ast.Name | ast.Attribute):
                            name = argument.id if isinstance(argument, ast.Name) else argument.attr
                            self._escapes[name] = True
        return scope.name in self._escapes

    def _passed_on(self, node: ast.arg, scope: Scope) -> Iterable[Value]:
        """Arguments given beside a function that is handed on: ``spawn(f, args=(a, b))``, ``partial(f, a)``."""
        if not self.escapes(scope) or scope.owner is not None:
            return ()
        assert isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        names = [a.arg for a in (*scope.node.args.posonlyargs, *scope.node.args.args)]
        found: list[Value] = []
        for module in self.program.modules.values():
            for site in module.calls:
                position = next(
                    (
                        i
                        for i, a in enumerate(site.node.args)
                        if isinstance(a, ast.Name) and a.id == scope.name
                    ),
                    None,
                )
                given = [k.value for k in site.node.keywords if k.arg == "args"]
                targets = [
                    k
                    for k in site.node.keywords
                    if isinstance(k.value, ast.Name) and k.value.id == scope.name
                ]
                if position is None and not targets:
                    continue
                if not given and position is not None:
                    rest = site.node.args[position + 1 :]
                    given = list(rest[:1]) if rest and isinstance(rest[0], ast.Tuple) else []
                    partial = isinstance(site.node.func, ast.Name | ast.Attribute) and (
                        (getattr(site.node.func, "attr", "") or getattr(site.node.func, "id", ""))
                        == "partial"
                    )
                    if partial:
                        pairs = dict(zip(names, rest, strict=False))
                        pairs |= {k.arg: k.value for k in site.node.keywords if k.arg}
                        if node.arg in pairs:
                            found.extend(self.values(pairs[node.arg], site.scope))
                        continue
                for tuple_ in given:
                    if isinstance(tuple_, ast.Tuple | ast.List) and node.arg in names:
                        # a spawn puts the process number first
                        offset = len(names) - len(tuple_.elts)
                        index = names.index(node.arg) - max(offset, 0)
                        if 0 <= index < len(tuple_.elts):
                            found.extend(self.values(tuple_.elts[index], site.scope))
        return found

    # -- attributes, items, elements

    def attribute(self, value: Value, name: str) -> Values:
        """What ``value.name`` can be."""
        if isinstance(value, Reference | Made):
            if self.options is not None and self.options.is_namespace(value):
                return self.options.value(name)
            found = library_values.attribute(value.name, name)
            return found or (Reference(self._table.normalise(f"{value.name}.{name}"), value),)
        if isinstance(value, Module):
            local = self.program.modules[value.name]
            member = f"{value.name}.{name}"
            if name in local.top.bindings or member not in self.program.modules:
                return self._member(local, name, member)
            return (Module(member),)
        if isinstance(value, Instance):
            return self._instance_attribute(value, name)
        if isinstance(value, Class):
            return self._class_attribute(value, name)
        if isinstance(value, Constant | Text | Variable | OptionValue):
            return library_values.text_attribute(value, name)
        if isinstance(value, Collection):
            if name == "__dict__":
                return (UNKNOWN,)
            return (Reference(f"builtins.{_builtin_kind(value)}().{name}", value),)
        if isinstance(value, Function | Generator | Elements):
            return (UNKNOWN,)
        if self.options is not None and self.options.looks_like_option(name):
            return (*self.options.value(name), UNKNOWN)
        return (UNKNOWN,)

    def ancestry(self, owner: Scope) -> tuple[list[Scope], list[str]]:
        """The local base classes of a class, itself first, and the names of its library bases; "" unknown."""
        local: list[Scope] = []
        foreign: list[str] = []
        todo = [owner]
        while todo and len(local) < 30:
            scope = todo.pop(0)
            if scope in local:
                continue
            local.append(scope)
            assert isinstance(scope.node, ast.ClassDef)
            for base in scope.node.bases:
                for value in self.values(base, scope.parent or scope):
                    if isinstance(value, Class):
                        todo.append(value.scope)
                    elif isinstance(value, Reference):
                        foreign.append(value.name)
                    else:
                        foreign.append("")
        return local, foreign

    def method(self, owner: Scope, name: str) -> Scope | None:
        """The function that a method name leads to in a class or its local bases."""
        for scope in self.ancestry(owner)[0]:
            for binding in scope.bindings.get(name, ()):
                if binding.target is not None and binding.target.kind == "function":
                    return binding.target
        return None

    def _bound_once(self, bindings: list[Binding], owner: Scope) -> Values:
        return self._guarded((id(bindings), None), lambda: self._bound(bindings, owner, None))

    def _class_attribute(self, value: Class, name: str) -> Values:
        local, foreign = self.ancestry(value.scope)
        for scope in local:
            bindings = scope.bindings.get(name)
            if bindings:
                found = self._bound_once(bindings, scope)
                return tuple(
                    Function(v.scope, Instance(value.scope))
                    if isinstance(v, Function) and _is_class_method(v.scope)
                    else v
                    for v in found
                )
        return tuple(Reference(f"{base}.{name}") if base else UNKNOWN for base in foreign) or (UNKNOWN,)

    def _instance_attribute(self, value: Instance, name: str) -> Values:
        if name == "__dict__":
            return (value,)
        local, foreign = self.ancestry(value.scope)
        found: list[Value] = []
        for scope in local:
            bindings = scope.bindings.get(name)
            if not bindings:
                continue
            target = bindings[-1].target
            if target is not None and target.kind == "function":
                if _is_property(target):
                    return self.returned(target, None)
                return (Function(target, value),)
            if _is_field(bindings[-1]):
                found.extend(self._field(value, scope, bindings[-1], name))
            else:
                found.extend(self._bound_once(bindings, scope))
        if self.options is not None:
            found.extend(self.options.field_value(local, name))
        found.extend(self._stored_attribute(value, local, name))
        if found:
            return _distinct(found)
        if any(base.startswith("lightning.pytorch.") for base in foreign):
            kept = self._kept_by_lightning(value, local, name)
            if kept:
                return kept
        return tuple(Reference(f"{base}().{name}", value) if base else UNKNOWN for base in foreign) or (
            UNKNOWN,
        )

    def _kept_by_lightning(self, value: Instance, local: list[Scope], name: str) -> Values:
        """``self.hparams.x``: Lightning's ``save_hyperparameters`` keeps the arguments of the constructor there."""
        if name == "hparams":
            return (value,)
        constructor = self.method(value.scope, "__init__")
        parameter = constructor.bindings.get(name) if constructor is not None else None
        if constructor is None or not parameter or parameter[0].kind != "parameter":
            return ()
        return tuple(
            self._bound(parameter[:1], constructor, self._constructed(value, constructor, value.frame))
        )

    def _stored_attribute(self, value: Instance, local: list[Scope], name: str) -> Iterator[Value]:
        """What ``self.name = ...`` and ``obj.name = ...`` put there."""
        frame = value.frame
        for module in self.program.modules.values():
            for store in module.attribute_stores.get(name, ()):
                function = store.scope.function
                receiver = _receiver_name(function) if function else None
                own = isinstance(store.target, ast.Name) and store.target.id == receiver
                if (
                    own
                    and function is not None
                    and (function.owner in local or value.scope in self._related(function.owner))
                ):
                    inner = self._constructed(value, function, frame)
                    yield from self.stepped(self.values(store.value, store.scope, inner), store.steps)
                elif not own and any(
                    isinstance(v, Instance) and v.scope in local
                    for v in self.values(store.target, store.scope)
                ):
                    yield from self.stepped(self.values(store.value, store.scope), store.steps)

    def _related(self, owner: Scope | None) -> list[Scope]:
        return self.ancestry(owner)[0] if owner is not None else []

    def _constructed(self, value: Instance, function: Scope, frame: Frame | None) -> Frame | None:
        """The call that made an object, as the frame of its ``__init__``."""
        if value.site is None or function.name != "__init__":
            return None
        depth = frame.depth + 1 if frame else 0
        return Frame(function, value.site, frame, None, depth) if depth < MAX_FRAMES else None

    def _field(self, value: Instance, scope: Scope, binding: Binding, name: str) -> Iterable[Value]:
        """A dataclass-like field: what the constructor call gave, else its default."""
        if value.site is not None:
            for keyword in value.site.node.keywords:
                if keyword.arg == name:
                    return self.values(keyword.value, value.site.scope, value.frame)
            order = [n for n, b in scope.bindings.items() if _is_field(b[-1])]
            index = order.index(name)
            arguments = value.site.node.args
            if index < len(arguments) and not any(isinstance(a, ast.Starred) for a in arguments[: index + 1]):
                return self.values(arguments[index], value.site.scope, value.frame)
        if binding.value is None:
            return (UNKNOWN,)
        if isinstance(binding.value, ast.Call):
            for keyword in binding.value.keywords:
                if keyword.arg == "default":
                    return self.values(keyword.value, scope)
                if keyword.arg == "default_factory":
                    return [r for v in self.values(keyword.value, scope) for r in self.result(v, None, None)]
        return self.values(binding.value, scope)

    def stepped(self, values: Values, steps: tuple[int | str, ...]) -> Values:
        """``values`` after the steps of a binding: indexes, elements, what a context manager gives."""
        for step in steps:
            if isinstance(step, int):
                values = tuple(r for v in values for r in self.item(v, step))
            elif step == ELEMENT:
                values = tuple(r for v in values for r in self.element(v))
            elif step == ENTERED:
                values = tuple(r for v in values for r in self._entered(v))
            elif step == REST:
                values = tuple(Elements(self.element(v)) for v in values)
            else:
                values = (UNKNOWN,)
        return values

    def _entered(self, value: Value) -> Values:
        if isinstance(value, Generator):
            return self.element(value)
        if isinstance(value, Instance):
            method = self.method(value.scope, "__enter__")
            return self.returned(method, None) if method else (value,)
        return (value,)

    def _subscript(self, node: ast.Subscript, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        if isinstance(node.slice, ast.Slice):
            return [
                Elements(self.element(v)) if isinstance(v, Collection | Elements) else UNKNOWN
                for v in self.values(node.value, scope, frame)
            ]
        keys = self.values(node.slice, scope, frame)
        found: list[Value] = []
        for value in self.values(node.value, scope, frame):
            for key in keys[:8]:
                if isinstance(key, Constant) and isinstance(key.value, str | int):
                    found.extend(self.item(value, key.value))
                else:
                    found.extend(self._item_of_unknown_key(value, key))
        return found

    def _item_of_unknown_key(self, value: Value, key: Value) -> Values:
        if isinstance(value, Reference) and value.name == "os.environ":
            return (library_values.variable(key),)
        if isinstance(value, Reference | Made):
            return library_values.item(value, key)
        return (
            self.element(value)
            if isinstance(value, Collection) and not isinstance(value.node, ast.Dict)
            else (UNKNOWN,)
        )

    def item(self, value: Value, key: str | int) -> Values:
        """What ``value[key]`` can be."""
        if isinstance(value, Collection):
            return self._guarded(
                ((id(value.node), key), value.frame), lambda: self._collection_item(value, key)
            )
        if isinstance(value, Reference | Made):
            if self.options is not None and self.options.is_namespace(value):
                if isinstance(key, str):
                    return self.options.value(key)
                return (value,) if key == 0 else (UNKNOWN,)
            return library_values.item(value, Constant(key))
        if isinstance(value, Elements):
            if isinstance(key, int) and 0 <= key < len(value.values):
                return (value.values[key],)
            return value.values or (UNKNOWN,)
        if isinstance(value, Instance) and isinstance(key, str):
            return self.attribute(value, key)
        if (
            isinstance(value, Unknown)
            and isinstance(key, str)
            and self.options is not None
            and self.options.looks_like_option(key)
        ):
            return (*self.options.value(key), UNKNOWN)
        return (UNKNOWN,)

    def _collection_item(self, value: Collection, key: str | int) -> Values:
        node, scope, frame = value.node, value.scope, value.frame
        found: list[Value] = []
        open_ended = False
        if isinstance(node, ast.Dict):
            for name, entry in zip(node.keys, node.values, strict=True):
                if name is None:
                    for spread in self.values(entry, scope, frame):
                        found.extend(v for v in self.item(spread, key) if v is not UNKNOWN)
                        open_ended = open_ended or not isinstance(spread, Collection)
                    continue
                for known in self.values(name, scope, frame):
                    if isinstance(known, Constant) and known.value == key:
                        found.extend(self.values(entry, scope, frame))
                    elif not isinstance(known, Constant):
                        found.extend(self.values(entry, scope, frame))
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == key:
                    found.extend(self.values(keyword.value, scope, frame))
                elif keyword.arg is None:
                    for spread in self.values(keyword.value, scope, frame):
                        found.extend(v for v in self.item(spread, key) if v is not UNKNOWN)
            for argument in node.args[:1]:
                for spread in self.values(argument, scope, frame):
                    found.extend(v for v in self.item(spread, key) if v is not UNKNOWN)
        elif isinstance(node, ast.Tuple | ast.List) and isinstance(key, int):
            if any(isinstance(e, ast.Starred) for e in node.elts):
                return self.element(value)
            if -len(node.elts) <= key < len(node.elts):
                return self.values(node.elts[key], scope, frame)
        elif isinstance(node, ast.DictComp):
            return self.values(node.value, scope, frame)
        if isinstance(key, str):
            found.extend(self._stored_items(value, key))
        else:
            found.extend(self.element(value))
        return _distinct(found) if found and not open_ended else (*_distinct(found), UNKNOWN)

    def _stored_items(self, value: Collection, key: str) -> Iterator[Value]:
        """What ``d[key] = ...`` and ``d.update(...)`` put into a dict."""
        for store in value.scope.module.subscript_stores:
            if isinstance(store.key, ast.Constant) and store.key.value != key:
                continue
            if not self._is_same(store.target, store.scope, value):
                continue
            keys = [store.key] if isinstance(store.key, str) else self.values(store.key, store.scope)
            if any(k == key or (isinstance(k, Constant) and k.value == key) for k in keys):
                yield from self.stepped(self.values(store.value, store.scope), store.steps)
        for site in self.in_place_calls(value):
            if site.node.func.attr == "update":  # type: ignore[attr-defined]
                for keyword in site.node.keywords:
                    if keyword.arg == key:
                        yield from self.values(keyword.value, site.scope)
                for argument in site.node.args[:1]:
                    for given in self.values(argument, site.scope):
                        if given != value:
                            yield from (v for v in self.item(given, key) if v is not UNKNOWN)

    def item_stores(self, value: Collection) -> list[Store]:
        """The ``target[key] = value`` statements whose target can be this dict."""
        return [
            store
            for store in value.scope.module.subscript_stores
            if self._is_same(store.target, store.scope, value)
        ]

    def in_place_calls(self, value: Collection) -> list[CallSite]:
        """The calls that change this collection in place: ``append``, ``update`` and the like."""
        by_name = value.scope.module.calls_by_name
        return [
            site
            for name in IN_PLACE
            for site in by_name.get(name, ())
            if isinstance(site.node.func, ast.Attribute)
            and self._is_same(site.node.func.value, site.scope, value)
        ]

    def _is_same(self, target: ast.expr, scope: Scope, value: Collection) -> bool:
        if isinstance(target, ast.Name):
            found = scope.lookup(target.id)
            if found is None:
                return False
            if any(b.value is value.node and not b.steps for b in found[1]):
                return True
            if all(isinstance(b.value, DISPLAYS) and not b.steps for b in found[1]):
                return False
        elif not isinstance(target, ast.Attribute):
            return False
        return any(isinstance(v, Collection) and v.node is value.node for v in self.values(target, scope))

    def element(self, value: Value) -> Values:
        """What iterating over a value can give."""
        if isinstance(value, Elements):
            return value.values or (UNKNOWN,)
        if isinstance(value, Collection):
            node = value.node
            found: list[Value] = []
            if isinstance(node, ast.Dict):
                for name in node.keys:
                    found.extend(self.values(name, value.scope, value.frame) if name else (UNKNOWN,))
            elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
                found.extend(self.values(node.elt, value.scope, value.frame))
            elif isinstance(node, ast.Tuple | ast.List | ast.Set):
                for one in node.elts:
                    if isinstance(one, ast.Starred):
                        found.extend(
                            r
                            for v in self.values(one.value, value.scope, value.frame)
                            for r in self.element(v)
                        )
                    else:
                        found.extend(self.values(one, value.scope, value.frame))
            for site in self.in_place_calls(value):
                added = site.node.args[-1:] if site.node.func.attr != "update" else []  # type: ignore[attr-defined]
                for argument in added:
                    values = self.values(argument, site.scope)
                    if site.node.func.attr == "extend":  # type: ignore[attr-defined]
                        values = tuple(r for v in values for r in self.element(v))
                    found.extend(values)
            return _distinct(found) or (UNKNOWN,)
        if isinstance(value, Generator):
            return self.returned(value.scope, value.frame)
        if isinstance(value, Made):
            return library_values.element(self, value)
        return (UNKNOWN,)

    # -- text

    def _text(self, node: ast.expr, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        if isinstance(node, ast.JoinedStr):
            pieces: list[Values] = []
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    plain = part.format_spec is None and part.conversion in (-1, 115)
                    pieces.append(self.values(part.value, scope, frame) if plain else (UNKNOWN,))
                else:
                    pieces.append(self.values(part, scope, frame))
            return self.combined(pieces, joined)
        if isinstance(node, ast.UnaryOp):
            return library_values.unary(node.op, self.values(node.operand, scope, frame))
        assert isinstance(node, ast.BinOp)
        left, right = self.values(node.left, scope, frame), self.values(node.right, scope, frame)
        return library_values.binary(self, node, left, right, scope, frame)

    def combined(self, pieces: list[Values], combine: Callable[..., Value]) -> list[Value]:
        """``combine`` over every combination of the pieces' values, as texts, within bounds."""
        narrow = [p[:6] for p in pieces]
        found: list[Value] = []
        for combination in product(*narrow):
            found.append(combine(*(text(v) or Text((UNKNOWN,)) for v in combination)))
            if len(found) >= MAX_VALUES:
                break
        return found

    def joined_paths(self, pieces: list[Values]) -> list[Value]:
        """Every way to join paths, as ``os.path.join`` does."""

        def join(*parts: Text) -> Value:
            whole = Text(())
            for part in parts:
                whole = path_joined(whole, part)
            return joined(whole)

        return self.combined(pieces, join)

    # -- calls

    def names(self, node: ast.Call, scope: Scope, frame: Frame | None = None) -> tuple[str, ...]:
        """The canonical names of what a call calls; ``?.method`` for a method of nobody knows what."""
        key = (id(node), frame)
        known = self._names.get(key)
        if known is None:
            found: list[str] = []
            for value in self.values(node.func, scope, frame):
                if isinstance(value, Reference):
                    found.append(value.name)
                elif isinstance(value, Unknown):
                    attr = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                    found.append(f"?.{attr}" if attr else "?")
            known = self._names[key] = tuple(dict.fromkeys(found))
        return known

    def _call(self, node: ast.Call, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        site = CallSite(node, scope, guarded=False)
        found: list[Value] = []
        for value in self.values(node.func, scope, frame):
            found.extend(self.result(value, site, frame))
        return found

    def result(self, value: Value, site: CallSite | None, frame: Frame | None) -> Values:
        """What calling ``value`` at ``site`` gives."""
        if isinstance(value, Function):
            inner = None
            depth = frame.depth + 1 if frame else 0
            if site is not None and depth < MAX_FRAMES and not _recursive(value.scope, frame):
                inner = Frame(value.scope, site, frame, value.bound, depth)
            if value.scope.yields:
                return (Generator(value.scope, inner),)
            return self.returned(value.scope, inner)
        if isinstance(value, Class):
            return (Instance(value.scope, site, frame),)
        if isinstance(value, Instance):
            method = self.method(value.scope, "__call__")
            if method is not None:
                return self.result(Function(method, value), site, frame)
            return tuple(
                Made(f"{base}()()", site, frame) if base else UNKNOWN
                for base in self.ancestry(value.scope)[1]
            ) or (UNKNOWN,)
        if isinstance(value, Reference):
            return self._library_result(value, site, frame)
        if isinstance(value, Made):
            return (Made(f"{value.name}()", site, frame),)
        return (UNKNOWN,)

    def returned(self, scope: Scope, frame: Frame | None) -> Values:
        """What a function returns (or yields)."""

        def compute() -> Iterator[Value]:
            for expression in scope.returns:
                yield from self.values(expression, self._scope_inside(expression, scope), frame)

        return self._guarded((id(scope), frame), compute) or (Constant(None),)

    @staticmethod
    def _scope_inside(expression: ast.expr, scope: Scope) -> Scope:
        return scope

    def _library_result(self, value: Reference, site: CallSite | None, frame: Frame | None) -> Values:
        if site is not None:
            special = library_values.call(self, value, site, frame)
            if special is not None:
                return special
        result = self._table.returns(value.name) or f"{value.name}()"
        if isinstance(value.receiver, Made) and result == value.receiver.name:
            return (value.receiver,)
        return (Made(result, site, frame),)


def _distinct(values: Iterable[Value]) -> Values:
    found = dict.fromkeys(values)
    if len(found) > MAX_VALUES:
        return (*list(found)[:MAX_VALUES], UNKNOWN)
    return tuple(found)


def _names_of(scope: Scope) -> set[str]:
    """The names that a lambda is given where it stands."""
    outside = scope.parent.bindings if scope.parent else {}
    return {name for name, bindings in outside.items() if any(b.value is scope.node for b in bindings)}


def _is_rest(node: ast.arg, scope: Scope) -> bool:
    arguments = getattr(scope.node, "args", None)
    return isinstance(arguments, ast.arguments) and node in (arguments.vararg, arguments.kwarg)


def _recursive(scope: Scope, frame: Frame | None) -> bool:
    while frame is not None:
        if frame.function is scope:
            return True
        frame = frame.caller
    return False


def _builtin_kind(value: Collection) -> str:
    if isinstance(value.node, ast.Dict | ast.DictComp | ast.Call):
        return "dict"
    if isinstance(value.node, ast.Set | ast.SetComp):
        return "set"
    return "tuple" if isinstance(value.node, ast.Tuple) else "list"


def _decorators(scope: Scope) -> list[str]:
    node = scope.node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return []
    return [
        d.attr if isinstance(d, ast.Attribute) else d.id if isinstance(d, ast.Name) else ""
        for d in node.decorator_list
    ]


def _is_static(scope: Scope) -> bool:
    return "staticmethod" in _decorators(scope)


def _is_class_method(scope: Scope) -> bool:
    return "classmethod" in _decorators(scope)


def _is_property(scope: Scope) -> bool:
    return any(name in ("property", "cached_property") for name in _decorators(scope))


def _receiver_name(scope: Scope) -> str | None:
    """The name of a method's first parameter; None for what is no method."""
    while scope.owner is None and scope.parent is not None and scope.kind in ("function", "lambda"):
        outer = scope.parent.function
        if outer is None:
            return None
        scope = outer
    node = scope.node
    if (
        scope.owner is None
        or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or _is_static(scope)
    ):
        return None
    positional = [*node.args.posonlyargs, *node.args.args]
    return positional[0].arg if positional else None


def _is_receiver(node: ast.arg, scope: Scope) -> bool:
    return _receiver_name(scope) == node.arg


def _is_field(binding: Binding) -> bool:
    return isinstance(binding.node, ast.AnnAssign)
