"""The values that can reach an expression.

Values are evaluated on demand, backwards from the expression. No code of the program runs. Each answer is kept. A
value that depends on itself contributes its other sources. A budget of steps bounds the work; past it, every answer is
"unknown".
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.dict_forms import PlacedChange
from flake8_training.engine.syntax.excluded_values import EMPTY, NOTHING, excluded, replaced
from flake8_training.engine.syntax.program import Program
from flake8_training.engine.syntax.scopes import (
    ADDED,
    ELEMENT,
    ENTERED,
    REST,
    Binding,
    CallSite,
    ModuleIndex,
    Scope,
    Store,
)
from flake8_training.engine.values import library_calls, strings
from flake8_training.engine.values.attributes import Objects
from flake8_training.engine.values.budget import Budget
from flake8_training.engine.values.containers import Containers, builtin_kind
from flake8_training.engine.values.located_dicts import LocatedDicts
from flake8_training.engine.values.parameters import Parameters
from flake8_training.engine.values.unknown_values import placed_at
from flake8_training.engine.values.values import (
    DISPLAYS,
    MAX_BINDINGS,
    MAX_FRAMES,
    MAX_VALUES,
    OF_UNKNOWN_CODE,
    OVER_BUDGET,
    UNKNOWN,
    Class,
    Collection,
    Constant,
    Elements,
    Frame,
    Function,
    Generator,
    Instance,
    LibraryObject,
    Module,
    OptionValue,
    Reference,
    StringTemplate,
    Unknown,
    Value,
    Values,
    Variable,
    distinct,
    elements,
    is_empty,
    joined,
    library_object,
    path_joined,
    reference,
    text,
    without,
)
from flake8_training.ledger import open_ledger
from flake8_training.libraries.rows import Carries
from flake8_training.libraries.table import table
from flake8_training.resolver import absolute_name

if TYPE_CHECKING:
    from flake8_training.engine.values.interface import OptionsInterface

MAX_DEPTH = 40


_Key = tuple[object, Frame | None]


class Evaluator:
    """Evaluates the expressions of one program. ``options`` is set once the program's options are known."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.options: OptionsInterface | None = None
        self.launched: dict[str, str] = {}
        """The paths that one launcher passes to options, by ``dest``: they hold for that launcher's job only."""
        self.unset: frozenset[str] = frozenset()
        """The variables that this job certainly does not set: they have their defaults."""
        self.parameters = Parameters(self)
        self.objects = Objects(self)
        self.containers = Containers(self)
        self.dicts = LocatedDicts(self)
        self.budget = Budget()
        self._table = table()
        self._memo: dict[_Key, Values] = {}
        self._active: dict[_Key, int] = {}
        self._provisional: dict[_Key, tuple[Values, int]] = {}
        """Answers cut short by a cycle, kept until the cycle is complete, with the depth at which it closes."""
        self._order: list[_Key] = []
        self._cut = MAX_DEPTH + 1
        self._names: dict[tuple[int, Frame | None], tuple[str, ...]] = {}
        self._is_traced = open_ledger() is not None

    def close(self) -> None:
        """Release what the evaluator holds: its parts refer back to it, and would wait for the garbage collector."""
        self.__dict__.clear()

    @property
    def is_exhausted(self) -> bool:
        """Whether the budget is spent, so that an answer may be "unknown" for lack of steps."""
        return self.budget.is_exhausted

    # -- expressions

    def values(self, node: ast.expr, scope: Scope, frame: Frame | None = None) -> Values:
        """Return every value that can reach ``node`` in ``scope``, under the call ``frame`` if there is one."""
        if isinstance(node, ast.Constant):
            return (Constant(node.value) if node.value is not ... else UNKNOWN,)
        key = id(node), frame
        known = self._memo.get(key)
        if known is not None:
            self.budget.asked += 1
            return known
        if self._is_traced:
            return self.remembered(key, lambda: self._traced(node, scope, frame))
        return self.remembered(key, lambda: self._evaluate(node, scope, frame))

    def remembered(self, key: _Key, compute: Callable[[], Iterable[Value]]) -> Values:
        """Return ``compute()``, called once for each key, with cycles cut.

        An answer that an outer cycle cuts short is dropped when that cycle is complete.
        """
        self.budget.asked += 1
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
        if depth >= MAX_DEPTH or self.budget.is_exhausted:
            self._cut = 0
            return (OVER_BUDGET,)
        self.budget.steps += 1
        self._active[key] = depth
        mark = len(self._order)
        outer_cut, self._cut = self._cut, MAX_DEPTH + 1
        try:
            found = distinct(compute())
        except RecursionError:
            if depth:
                raise
            self._cut = MAX_DEPTH + 1
            found = (OVER_BUDGET,)
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

    def _traced(self, node: ast.expr, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        """Return the values of ``node``; an unknown one without a place is of this expression."""
        found = self._evaluate(node, scope, frame)
        return [placed_at(value, node, scope.module.path) for value in found]

    def _evaluate(self, node: ast.expr, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        if isinstance(node, ast.Name):
            return self._name(node.id, scope, frame)
        if isinstance(node, ast.Attribute):
            return self._each(node.value, scope, frame, lambda v: self.attribute(v, node.attr))
        if isinstance(node, ast.Call):
            return self._call(node, scope, frame)
        if isinstance(node, ast.Subscript):
            return self.containers.subscript(node, scope, frame)
        if isinstance(node, ast.JoinedStr | ast.BinOp | ast.UnaryOp):
            return self._string(node, scope, frame)
        if isinstance(node, ast.BoolOp):
            passed_by = EMPTY if isinstance(node.op, ast.Or) else NOTHING
            return [
                *(
                    v
                    for part in node.values[:-1]
                    for v in without(self.values(part, scope, frame), passed_by)
                ),
                *self.values(node.values[-1], scope, frame),
            ]
        if isinstance(node, ast.IfExp):
            return (
                *without(self.values(node.body, scope, frame), excluded(node.test, True, node.body)),
                *without(self.values(node.orelse, scope, frame), excluded(node.test, False, node.orelse)),
            )
        if isinstance(node, DISPLAYS):
            inner = scope.module.scope_of.get(node, scope)
            return (Collection(node, inner, frame),)
        if isinstance(node, ast.Lambda):
            inner_of_lambda = scope.module.scope_of.get(node)  # an annotation has no scopes: it never runs
            return (UNKNOWN,) if inner_of_lambda is None else (Function(inner_of_lambda),)
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
            return (Constant(f"/opt/ml/code/{self._place_in_code(scope.module)}"),)
        if name == "__name__":
            return (UNKNOWN,)
        found = scope.lookup(name)
        if found is None:
            return self._unbound(name, scope)
        owner, bindings = found
        return self.bound(bindings, owner, frame)

    def _place_in_code(self, module: ModuleIndex) -> str:
        """Return the path of a module below the folder of the entry point, which is the folder of the job's code."""
        path = module.path.replace("\\", "/")
        folder = self.program.entry.path.replace("\\", "/").rpartition("/")[0]
        if folder and path.startswith(f"{folder}/"):
            return path[len(folder) + 1 :]
        return path.rpartition("/")[2] or "script.py"

    def _unbound(self, name: str, scope: Scope) -> Iterable[Value]:
        if not scope.module.stars:
            return (Reference(f"builtins.{name}"),) if library_calls.is_builtin(name) else (UNKNOWN,)
        # Two modules may import all names from each other.
        return self.remembered(
            ((id(scope.module), name), None), lambda: self._star_imported(name, scope.module)
        )

    def _star_imported(self, name: str, into: ModuleIndex) -> Iterable[Value]:
        """Return the values of a name that ``import *`` binds in a module."""
        libraries: list[str] = []
        for module in self._starred(into):
            if isinstance(module, str):
                libraries.append(module)
                continue
            bindings = module.top.bindings
            if name in bindings and (not name.startswith("_") or "__all__" in bindings):
                return self.bound(bindings[name], module.top, None)
        if library_calls.is_builtin(name):
            return (Reference(f"builtins.{name}"),)
        if libraries:
            return [Reference(self._table.normalise(f"{library}.{name}")) for library in libraries]
        return (UNKNOWN,)

    def _starred(self, module: ModuleIndex) -> Iterator[ModuleIndex | str]:
        """Yield the sources of a module's ``import *``, direct and indirect: local modules, and names of libraries."""
        seen = {module}
        todo = [(star, module) for star in module.stars]
        while todo:
            star, importer = todo.pop(0)
            absolute = absolute_name(star, importer.package)
            local = self.program.local(absolute) if absolute else None
            if absolute and local is None:
                yield absolute
            elif local and not local[1] and local[0] not in seen:
                seen.add(local[0])
                yield local[0]
                todo.extend((further, local[0]) for further in local[0].stars)

    def bound(self, bindings: list[Binding], owner: Scope, frame: Frame | None) -> Iterable[Value]:
        """Return the values of a name with these bindings; augmented assignments add to the others."""
        function = owner.function
        inner = frame if frame and function and self._within(owner, frame.function) else None
        found: list[Value] = []
        added: list[Values] = []
        for binding in bindings[:MAX_BINDINGS]:
            if binding.kind == "value" and binding.steps == (ADDED,):
                assert binding.value is not None
                added.append(self.values(binding.value, binding.scope, inner))
            else:
                found.extend(self._binding(binding, owner, inner))
                if len(found) > MAX_VALUES:
                    found = list(distinct(found))
                    if len(found) > MAX_VALUES:  # the values of the other bindings would be cut off
                        break
        if len(bindings) > 1 and any(is_empty(value) for value in found):
            found = self._without_replaced(found, bindings, owner)
        for more in added:
            found.extend(self._added(found, more))
        if len(bindings) > MAX_BINDINGS:
            found.append(OVER_BUDGET)
        return found

    @staticmethod
    def _without_replaced(found: list[Value], bindings: list[Binding], owner: Scope) -> list[Value]:
        """Return the values of a name without the empty ones that one of its bindings replaces."""
        for binding in bindings[:MAX_BINDINGS]:
            if binding.value is not None and not binding.steps:
                found = without(found, replaced(owner.module.tree, binding.value))
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
        known = [v for v in before if isinstance(v, Constant | StringTemplate | Variable | OptionValue)]
        if not known:
            return []
        return [
            joined(text(a) or StringTemplate(()), text(b) or StringTemplate(()))
            for a in known[:4]
            for b in more[:4]
        ]

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
            return self.remembered(
                (id(binding.node), frame),
                lambda: self.parameters.values(binding.node, binding.scope, frame),  # type: ignore[arg-type]
            )
        return (UNKNOWN,)

    def imported(self, dotted: str, module: ModuleIndex) -> Values:
        """Return the values of a dotted name imported inside a module: local ones, or a library's reference."""
        absolute = absolute_name(dotted, module.package)
        if absolute is None:
            return (UNKNOWN,)
        local = self.program.local(absolute)
        if local is not None:
            return self._member(local[0], local[1], absolute)
        return (Reference(self._table.normalise(absolute)),)

    def _member(self, module: ModuleIndex, rest: str, absolute: str) -> Values:
        """Return the values of the dotted name ``rest`` in a local module; the module itself if ``rest`` is empty."""
        if not rest:
            return (Module(absolute),)
        first, _, more = rest.partition(".")
        bindings = module.top.bindings.get(first)
        if bindings is None:
            values = tuple(self._unbound(first, module.top)) if module.stars else (UNKNOWN,)
        else:
            values = self.bound_once(bindings, module.top)
        for name in more.split(".") if more else ():
            values = tuple(v for value in values for v in self.attribute(value, name))
        return values

    # -- attributes, items, elements

    def callers(self, scope: Scope) -> list[CallSite]:
        """Return the calls of a function of the program."""
        return self.parameters.callers(scope)

    def leading(self, site: CallSite, calls: int) -> Iterator[CallSite]:
        """Yield a call and the calls that reach it through at most ``calls`` others; ends with the budget."""
        sites = [site]
        seen: set[Scope] = set()
        for _ in range(calls + 1):
            if not sites or not self.budget.follow(len(sites)):
                return
            yield from sites
            functions = dict.fromkeys(one.scope.function for one in sites)
            found = [function for function in functions if function is not None and function not in seen]
            seen.update(found)
            sites = [caller for function in found for caller in self.callers(function)]

    def argument_node(self, node: ast.arg, scope: Scope, site: CallSite) -> ast.expr | None:
        """Return the expression that a call passes for a parameter; None for a default, ``*args`` or ``**kwargs``."""
        return self.parameters.argument_node(node, scope, site)

    def heirs(self, owner: Scope) -> list[Scope]:
        """Return a class and the local classes that derive from it."""
        return self.parameters.heirs(owner)

    def item_stores(self, value: Collection) -> list[Store]:
        """Return the statements ``target[key] = value`` whose target can be this dict."""
        return self.containers.item_stores(value)

    def dict_changes(self, value: Collection) -> list[PlacedChange]:
        """Return the statements and calls that can change a dict, in the order of the source."""
        return self.containers.changes(value)

    def ancestry(self, owner: Scope) -> tuple[list[Scope], list[str]]:
        """Return a class with its local bases, itself first, and the names of its library bases ("" if unknown)."""
        return self.objects.ancestry(owner)

    def method(self, owner: Scope, name: str) -> Scope | None:
        """Return the function that a method name resolves to in a class or its local bases, or None."""
        return self.objects.method(owner, name)

    def item(self, value: Value, key: str | int) -> Values:
        """Return the values of ``value[key]``."""
        return self.containers.item(value, key)

    def element(self, value: Value) -> Values:
        """Return the values that iterating over a value yields."""
        return self.containers.element(value)

    def attribute(self, value: Value, name: str) -> Values:
        """Return the values of ``value.name``."""
        if isinstance(value, Reference | LibraryObject):
            if self.options is not None:
                known = self.options.attribute(value, name)
                if known is not None:
                    return known
            if (
                isinstance(value, LibraryObject)
                and value.name == "builtins.super()"
                and value.site is not None
            ):
                return self.objects.inherited(value.site.scope, name)
            found = library_calls.attribute(value.name, name) or self._folder_of(value, name)
            return found or (reference(self._table.normalise(f"{value.name}.{name}"), value),)
        if isinstance(value, Module):
            local = self.program.module(value.name)
            assert local is not None
            member = f"{value.name}.{name}"
            if name not in local.top.bindings and self.program.has_module(member):
                return (Module(member),)
            stored = tuple(self.objects.stored_from_outside([value.name], name))
            if stored and name not in local.top.bindings:
                return stored
            return (*self._member(local, name, member), *stored)
        if isinstance(value, Instance):
            return self.objects.instance_attribute(value, name)
        if isinstance(value, Class):
            return self.objects.class_attribute(value, name)
        if isinstance(value, Constant | StringTemplate | Variable | OptionValue):
            return strings.text_attribute(value, name)
        if isinstance(value, Collection):
            if name == "__dict__":
                return (UNKNOWN,)
            return (Reference(f"builtins.{builtin_kind(value)}().{name}", value),)
        if isinstance(value, Function | Generator | Elements):
            return (UNKNOWN,)
        if self.options is not None and self.options.looks_like_option(name):
            return (*self.options.value(name), value)
        return (value,)

    def _folder_of(self, value: Reference | LibraryObject, name: str) -> Values:
        """Return the folder that an object was constructed with: ``TrainingArguments(output_dir=...).output_dir``."""
        site = value.site if isinstance(value, LibraryObject) else None
        passed = [one.value for one in site.node.keywords if one.arg == name] if site is not None else []
        if site is None or not passed or any(self.program.attribute_stores(name)):
            return ()
        rows = self._table.match(value.name.removesuffix("()"))
        if not any(isinstance(row, Carries) and name in row.path for row in rows):
            return ()
        return self.values(passed[0], site.scope, value.frame if isinstance(value, LibraryObject) else None)

    def bound_once(self, bindings: list[Binding], owner: Scope) -> Values:
        """Return the values of a name with these bindings, outside of any call."""
        return self.remembered((id(bindings), None), lambda: self.bound(bindings, owner, None))

    def stepped(self, values: Values, steps: tuple[int | str, ...]) -> Values:
        """Return ``values`` after the steps of a binding: indexes, elements, results of context managers."""
        for step in steps:
            if isinstance(step, int):
                values = tuple(r for v in values for r in self.item(v, step))
            elif step == ELEMENT:
                values = tuple(r for v in values for r in self.element(v))
            elif step == ENTERED:
                values = tuple(r for v in values for r in self._entered(v))
            elif step == REST:
                values = tuple(elements(self.element(v)) for v in values)
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

    # -- strings

    def _string(self, node: ast.expr, scope: Scope, frame: Frame | None) -> Iterable[Value]:
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
            return strings.unary(node.op, self.values(node.operand, scope, frame))
        assert isinstance(node, ast.BinOp)
        left, right = self.values(node.left, scope, frame), self.values(node.right, scope, frame)
        return strings.binary(self, node, left, right, scope, frame)

    def combined(self, pieces: list[Values], combine: Callable[..., Value]) -> list[Value]:
        """Return ``combine`` over the combinations of the pieces' values, as string templates, within bounds."""
        narrow = [p[:6] for p in pieces]
        found: list[Value] = []
        for combination in product(*narrow):
            found.append(combine(*(text(v) or StringTemplate((UNKNOWN,)) for v in combination)))
            if len(found) >= MAX_VALUES:
                break
        return found

    def joined_paths(self, pieces: list[Values]) -> list[Value]:
        """Return every join of the pieces as paths, by the rules of ``os.path.join``."""

        def join(*parts: StringTemplate) -> Value:
            whole = StringTemplate(())
            for part in parts:
                whole = path_joined(whole, part)
            return joined(whole)

        return self.combined(pieces, join)

    # -- calls

    def names(self, node: ast.Call, scope: Scope, frame: Frame | None = None) -> tuple[str, ...]:
        """Return the canonical names of a callee; ``?.method`` for a method of an unknown object."""
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

    def names_or_method(self, node: ast.Call, scope: Scope) -> tuple[str, ...]:
        """Return the canonical names of a callee; ``?.method`` for a method that has none."""
        method = (f"?.{node.func.attr}",) if isinstance(node.func, ast.Attribute) else ()
        return self.names(node, scope) or method

    def _call(self, node: ast.Call, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        site = CallSite(node, scope, guarded=False)
        found: list[Value] = []
        for value in self.values(node.func, scope, frame):
            found.extend(self.result(value, site, frame))
        return found

    def result(self, value: Value, site: CallSite | None, frame: Frame | None) -> Values:
        """Return the values of calling ``value`` at ``site``."""
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
                LibraryObject(f"{base}()()", site, frame) if base else OF_UNKNOWN_CODE
                for base in self.ancestry(value.scope)[1]
            ) or (UNKNOWN,)
        if isinstance(value, Reference):
            return self._library_result(value, site, frame)
        if isinstance(value, LibraryObject):
            return (library_object(f"{value.name}()", site, frame),)
        return (value,) if isinstance(value, Unknown) else (UNKNOWN,)

    def returned(self, scope: Scope, frame: Frame | None) -> Values:
        """Return the values that a function returns or yields."""

        def compute() -> Iterator[Value]:
            for expression in scope.returns:
                yield from self.values(expression, scope, frame)

        return self.remembered((id(scope), frame), compute) or (Constant(None),)

    def _library_result(self, value: Reference, site: CallSite | None, frame: Frame | None) -> Values:
        if site is not None:
            special = library_calls.call(self, value, site, frame)
            if special is not None:
                return special
        result = self._table.returns(value.name) or f"{value.name}()"
        if isinstance(value.receiver, LibraryObject) and result == value.receiver.name:
            return (value.receiver,)
        return (library_object(result, site, frame),)


def _recursive(scope: Scope, frame: Frame | None) -> bool:
    while frame is not None:
        if frame.function is scope:
            return True
        frame = frame.caller
    return False
