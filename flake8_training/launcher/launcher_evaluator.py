"""The evaluator of launchers.

Unlike the evaluator of scripts it resolves names by statement order, computes numbers, and knows the paths of this
machine. A training script is evaluated for every way it may run; a launcher from top to bottom.
"""

from __future__ import annotations

import ast
import operator
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.dict_forms import COPIES, PlacedChange, copied
from flake8_training.engine.syntax.excluded_values import excluded
from flake8_training.engine.syntax.program import Program
from flake8_training.engine.syntax.scopes import Binding, CallSite, ModuleIndex, Scope, last_name
from flake8_training.engine.values.attributes import Objects
from flake8_training.engine.values.collection_changes import Changes
from flake8_training.engine.values.containers import Containers
from flake8_training.engine.values.evaluator import Evaluator
from flake8_training.engine.values.located_dicts import LocatedDicts
from flake8_training.engine.values.option import Option
from flake8_training.engine.values.parameters import Parameters
from flake8_training.engine.values.values import (
    DICTS,
    UNKNOWN,
    Collection,
    Constant,
    Frame,
    Function,
    Instance,
    LibraryObject,
    OptionValue,
    Reference,
    StringTemplate,
    Unknown,
    Value,
    Values,
    Variable,
    distinct,
    without,
)
from flake8_training.launcher.author_defaults import AuthorDefaults, default_of, is_empty, is_written
from flake8_training.parsing import is_vast

if TYPE_CHECKING:
    from flake8_training.engine.values.reaching_bindings import ReachingBindings

_Number = int | float
_OPERATORS: dict[type[ast.operator], Callable[[_Number, _Number], _Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_LARGEST = 10**15
_HERE = frozenset({"os.getcwd", "pathlib.Path.cwd"})
_BY_PATH = "omegaconf.OmegaConf.load"
_FILE_PARSERS = frozenset(
    {"json.load", "json.loads", "yaml.load", "yaml.safe_load", "yaml.full_load", "yaml.unsafe_load", _BY_PATH}
)
"""Calls that parse the content of a file."""
_PARSERS = frozenset({"json.loads", "ast.literal_eval", "yaml.safe_load"})
"""Calls whose result depends on the content of a string: the result is unknown."""
_DECLARING = ("Contract()", "Specification()", "Spec()")
"""The ends of the names of classes of contracts and specifications."""
_NUMBERS = frozenset({"builtins.int", "builtins.float"})
_TYPES: dict[str, Callable[[str], _Number]] = {"int": int, "float": float}
"""The types of options that convert a default that is a string (CPython ``argparse``)."""


class LauncherEvaluator(Evaluator):
    """Evaluates the expressions of a launcher.

    ``defaults`` answers which of the author's defaults decide; without it, a value that a default alone has is unknown.
    """

    def __init__(self, program: Program, defaults: AuthorDefaults | None = None) -> None:
        super().__init__(program)
        self.defaults = defaults
        self._met_defaults: dict[object, Callable[[AuthorDefaults], bool]] = {}
        """The questions whether a default decides that were asked without ``defaults``, by what has the default."""
        self.containers = _LauncherContainers(self)
        self.dicts = LocatedDicts(self, self._always_runs)
        self.objects = _LauncherObjects(self)
        self.parameters = _LauncherParameters(self)
        self._orders: dict[ModuleIndex, ReachingBindings] = {}
        self._files: dict[tuple[str, str], tuple[ast.expr, Scope] | None] = {}
        self.readers: dict[ModuleIndex, CallSite] = {}
        """The modules of data files, each with the call that reads it; its module may change what it reads."""
        self._attributed: set[ModuleIndex] = set()
        """The modules of data files whose entries are attributes too."""

    def is_decided_by(self, defaults: AuthorDefaults) -> bool:
        """Return whether a value that was asked for is another one by the author's defaults."""
        return any(decides(defaults) for decides in self._met_defaults.values())

    def decides(self, of: object, decides: Callable[[AuthorDefaults], bool]) -> bool:
        """Return whether the author's defaults decide a value; ``of`` is what has the default."""
        if self.defaults is None:
            self._met_defaults.setdefault(of, decides)
            return False
        return decides(self.defaults)

    def order(self, module: ModuleIndex) -> ReachingBindings:
        """Return the statement order of a module."""
        known = self._orders.get(module)
        if known is None:
            from flake8_training.engine.values.reaching_bindings import ReachingBindings

            known = self._orders[module] = ReachingBindings(module)
        return known

    def _always_runs(self, target: ast.Name, value: Collection) -> bool:
        """Return whether a change of a dict is in a block around that of the dict, or of the call that returns it."""
        order = self.order(value.scope.module)
        if order.same_block(target, value.node):
            return True
        site = value.frame.site if value.frame is not None else None
        return site is not None and order.same_block(target, site.node)

    def _evaluate(self, node: ast.expr, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        found = tuple(self.undecided(node, scope, frame))
        if not any(isinstance(value, OptionValue | Variable) for value in found):
            return found
        return [decided for value in found for decided in self._by_default(value)]

    def _by_default(self, value: Value) -> Values:
        """Return the default of an option of the launcher, or of a variable, if the author's default decides."""
        if isinstance(value, OptionValue):
            option, found = value.option, self._default_of_option(value.option)
            if is_written(found) and self.decides(option, lambda defaults: defaults.decides_option(option)):
                return found
        elif isinstance(value, Variable) and is_written(value.defaults):
            name = value.name
            if self.decides(name, lambda defaults: defaults.decides_variable(name)):
                return value.defaults
        return (value,)

    def _default_of_option(self, option: Option) -> Values:
        """Return the values of an option's default, as its type converts them; empty without one."""
        if option.default is None or option.required:
            return ()
        if self.options is not None and option.dest in self.options.set_names:
            return ()
        values = self.values(option.default, option.scope)
        name = last_name(option.type) if option.type is not None else ""
        convert = _TYPES.get(name)
        if convert is None:
            return values
        try:
            return tuple(
                Constant(convert(v.value)) if isinstance(v, Constant) and isinstance(v.value, str) else v
                for v in values
            )
        except ValueError:
            return ()

    def undecided(self, node: ast.expr, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        """Return the values of an expression, with an option or variable for its default."""
        if isinstance(node, ast.Name):
            if node.id == "__file__" and scope.module.path:
                return (Constant(os.path.abspath(scope.module.path)),)
            found = scope.lookup(node.id)
            if found is not None and len(found[1]) > 1:
                owner, bindings = found
                reaching = self.order(scope.module).reaching(bindings, owner, node, scope)
                passed = [one for one in reaching if not self._is_never_passed(one, frame)]
                return self.bound(passed or reaching, owner, frame)
        elif isinstance(node, ast.BoolOp):
            return self._first_true(node, scope, frame)
        elif isinstance(node, ast.IfExp):
            branches = ((node.body, True), (node.orelse, False))
            passed_on = [one for one in branches if not self._holds_no_argument(one[0], scope, frame)]
            return [
                value
                for branch, is_true in passed_on or branches
                for value in without(self.values(branch, scope, frame), excluded(node.test, is_true, branch))
            ]
        elif isinstance(node, ast.BinOp):
            computed = self._computed(node, scope, frame)
            if computed:
                return computed
        return super()._evaluate(node, scope, frame)

    def attribute(self, value: Value, name: str) -> Values:
        """Return the values of ``value.name``; a contract's or specification's field is the argument of its call."""
        site = value.site if isinstance(value, LibraryObject) else None
        if isinstance(value, LibraryObject) and site is not None and value.name.endswith(_DECLARING):
            for keyword in site.node.keywords:
                if keyword.arg == name:
                    return self.values(keyword.value, site.scope, value.frame)
        if isinstance(value, Collection) and value.scope.module in self._attributed:
            return self.item(value, name)
        return super().attribute(value, name)

    def _first_true(self, node: ast.BoolOp, scope: Scope, frame: Frame | None) -> Values:
        """Return the values of ``a or b`` and ``a and b``; ``or`` skips a value that is certainly false."""
        parts = node.values
        if isinstance(node.op, ast.Or):
            parts = [one for one in parts[:-1] if not self._holds_no_argument(one, scope, frame)] + parts[-1:]
        found: list[Value] = []
        for part in parts:
            values = self.values(part, scope, frame)
            if isinstance(node.op, ast.Or) and part is not parts[-1]:
                if values and all(isinstance(v, Constant) and v.value for v in values):
                    return distinct((*found, *values))  # ``or`` never reaches the rest
                values = tuple(v for v in values if not (isinstance(v, Constant) and not v.value))
            found.extend(values)
        return distinct(found)

    def _holds_no_argument(self, node: ast.expr, scope: Scope, frame: Frame | None) -> bool:
        """Return whether an expression is a parameter that is None or empty, because no call passes it."""
        found = scope.lookup(node.id) if isinstance(node, ast.Name) else None
        if found is None or not isinstance(node, ast.Name):
            return False
        owner, bindings = found
        reaching = self.order(scope.module).reaching(bindings, owner, node, scope)
        return bool(reaching) and all(self._is_never_passed(one, frame) for one in reaching)

    def _is_never_passed(self, binding: Binding, frame: Frame | None) -> bool:
        """Return whether a binding is a parameter with a default of None or an empty value that no call passes."""
        parameter, function = binding.node, binding.scope
        if binding.kind != "parameter" or not isinstance(parameter, ast.arg):
            return False
        if frame is not None and self._within(function, frame.function):
            return False
        default = default_of(parameter, function)
        values = self.values(default, function.parent or function) if default is not None else ()
        if not values or not all(is_empty(value) for value in values):
            return False
        return self.is_by_default(parameter, function)

    def is_by_default(self, parameter: ast.arg, function: Scope) -> bool:
        """Return whether a parameter has its default because no call of the repository passes it."""
        if self.callers(function) or self.parameters.escapes(function):
            return False
        return self.decides(parameter, lambda defaults: defaults.decides_parameter(function, parameter))

    def _computed(self, node: ast.BinOp, scope: Scope, frame: Frame | None) -> Values:
        """Return the results of arithmetic such as ``24 * 60 * 60``; empty if an operand is not a number."""
        compute = _OPERATORS.get(type(node.op))
        if compute is None:
            return ()
        left, right = self.values(node.left, scope, frame), self.values(node.right, scope, frame)
        if not (_are_numbers(left) and _are_numbers(right)):
            return ()
        found: list[Value] = []
        for one in left[:4]:
            for other in right[:4]:
                assert isinstance(one, Constant)
                assert isinstance(other, Constant)
                try:
                    result = compute(one.value, other.value)  # type: ignore[arg-type]
                except (ArithmeticError, ValueError):
                    return ()
                if abs(result) > _LARGEST:
                    return ()
                found.append(Constant(result))
        return tuple(found)

    @staticmethod
    def _added(before: list[Value], more: Values) -> list[Value]:
        if any(isinstance(v, Constant) and not isinstance(v.value, str) for v in (*before, *more)):
            return [UNKNOWN]
        return Evaluator._added(before, more)

    def _library_result(self, value: Reference, site: CallSite | None, frame: Frame | None) -> Values:
        if value.name in _FILE_PARSERS and site is not None and site.node.args:
            content = self._file_content(value.name, site, frame)
            if content is not None:
                return content
        if value.name in _PARSERS and site is not None:
            return (UNKNOWN,)
        if value.name == "builtins.str" and site is not None and len(site.node.args) == 1:
            return tuple(_as_string(v) for v in self.values(site.node.args[0], site.scope, frame))
        if value.name in _NUMBERS and site is not None:
            # An environment variable or an option holds a string; the number is another value.
            found = super()._library_result(value, site, frame)
            is_int = value.name == "builtins.int"
            return tuple(_as_number(v, is_int) if isinstance(v, Variable | OptionValue) else v for v in found)
        if value.name in _HERE:
            return (Constant("."),)
        if value.name in COPIES and site is not None:
            copied = value.receiver
            sources = [copied] if isinstance(copied, Collection) else []
            if not sources and site.node.args:
                sources = [
                    v for v in self.values(site.node.args[0], site.scope, frame) if isinstance(v, Collection)
                ]
            if any(isinstance(v.node, DICTS) for v in sources):
                return (Collection(site.node, site.scope, frame),)
        return super()._library_result(value, site, frame)

    def _file_content(self, parser: str, site: CallSite, frame: Frame | None) -> Values | None:
        """Return what parsing a file at a literal path results in, or None."""
        values = self.values(site.node.args[0], site.scope, frame)
        value = values[0] if len(values) == 1 else UNKNOWN
        path = value if parser == _BY_PATH else self._opened(value)
        folder = os.path.dirname(os.path.abspath(site.scope.module.path)) if site.scope.module.path else ""
        if (
            not (isinstance(path, Constant) and isinstance(path.value, str) and folder)
            or self.program.folder is None
        ):
            return None
        key = folder, path.value
        if key not in self._files:
            from flake8_training.launcher.data_files import read_data_file

            self._files[key] = read_data_file(self.program.root, folder, path.value)
        found = self._files[key]
        if found is None:
            return None
        literal, scope = found
        self.readers.setdefault(scope.module, site)
        if parser == _BY_PATH:
            self._attributed.add(scope.module)
        return self.values(literal, scope)

    def _opened(self, value: Value, depth: int = 0) -> Value:
        """Return the path of the file that a value is opened from, or read from as text."""
        if not isinstance(value, LibraryObject) or value.site is None or depth > 2:
            return UNKNOWN
        node, scope = value.site.node, value.site.scope
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        if value.name in ("open()", "builtins.open()", "io.open()", "codecs.open()") and node.args:
            source: ast.expr | None = node.args[0]
        elif value.name in (
            "pathlib.Path().open()",
            "pathlib.Path().read_text()",
            "builtins.str().read_text()",
        ):
            source = receiver
        elif value.name.endswith("open().read()") and receiver is not None:
            found = self.values(receiver, scope, value.frame)
            return self._opened(found[0], depth + 1) if len(found) == 1 else UNKNOWN
        else:
            return UNKNOWN
        paths = self.values(source, scope, value.frame) if source is not None else ()
        return paths[0] if len(paths) == 1 else UNKNOWN


class _LauncherParameters(Parameters):
    """Parameters; one that no visible call passes is unknown, unless the author's default decides."""

    def __init__(self, launcher: LauncherEvaluator) -> None:
        super().__init__(launcher)
        self._launcher = launcher

    def _annotated(self, node: ast.arg, scope: Scope) -> Values:
        if is_written(self._default(node, scope)) and self._launcher.is_by_default(node, scope):
            return ()
        return super()._annotated(node, scope)


class _LauncherObjects(Objects):
    """Attributes of objects; a field of an object that other code constructs is unknown, despite its default.

    The author's default of such a field may decide.
    """

    def __init__(self, launcher: LauncherEvaluator) -> None:
        super().__init__(launcher)
        self._launcher = launcher

    def instance_attribute(self, value: Instance, name: str) -> Values:
        """Return the values of an attribute; ``self.contract`` may be what the class passes to an unknown base."""
        found = super().instance_attribute(value, name)
        if name not in ("contract", "spec") or any(not isinstance(v, Unknown | Reference) for v in found):
            return found
        site = self._call_of_base(value.scope)
        passed = [*site.node.args, *(k.value for k in site.node.keywords)] if site is not None else []
        declared = [
            v
            for argument in passed
            for v in self._evaluator.values(argument, site.scope)  # type: ignore[union-attr]
            if isinstance(v, LibraryObject) and v.name.endswith(_DECLARING)
        ]
        kind = "Contract()" if name == "contract" else ("Specification()", "Spec()")
        return tuple(v for v in declared if v.name.endswith(kind)) or found

    def _constructed(self, value: Instance, function: Scope, frame: Frame | None) -> Frame | None:
        """Return the frame of ``__init__`` in an instance; that of a base in the call by the class's own."""
        found = super()._constructed(value, function, frame)
        if found is not None or value.site is not None or function.name != "__init__":
            return found
        site = self._call_of_base(value.scope) if function.owner is not value.scope else None
        if site is None or not any(
            isinstance(v, Function) and v.scope is function
            for v in self._evaluator.values(site.node.func, site.scope)
        ):
            return None
        return Frame(function, site, None, None, 0)

    def _call_of_base(self, owner: Scope) -> CallSite | None:
        """Return the call of the base's ``__init__`` in the class's own; None if there is not exactly one."""
        constructor = next(
            (b.target for b in owner.bindings.get("__init__", ()) if b.target is not None), None
        )
        if constructor is None:
            return None
        sites = [
            site
            for site in owner.module.calls_by_name.get("__init__", ())
            if site.scope.function is constructor
        ]
        return sites[0] if len(sites) == 1 else None

    def _field(self, value: Instance, scope: Scope, binding: Binding, name: str) -> Iterable[Value]:
        if value.site is not None:
            return super()._field(value, scope, binding, name)
        if binding.value is None:
            return (UNKNOWN,)
        if not self._launcher.decides((scope, name), lambda defaults: defaults.decides_field(scope, name)):
            return (UNKNOWN,)
        found = tuple(super()._field(value, scope, binding, name))
        return found if is_written(found) else (UNKNOWN,)


class ObjectsAsDefined(_LauncherObjects):
    """Objects whose methods are those of their classes, for a search for constructions of SDK classes.

    A search for a store that replaces a method would read every local module, and a class of the SDK replaces none.
    """

    def stored_from_outside(self, owners: Sequence[Scope | str], name: str) -> Iterator[Value]:
        """Yield the values of ``X.name = ...``, where X is one of these classes or modules; none for a method."""
        bindings = (
            one for owner in owners if isinstance(owner, Scope) for one in owner.bindings.get(name, ())
        )
        if not any(one.target is not None and one.target.kind == "function" for one in bindings):
            yield from super().stored_from_outside(owners, name)


class _LauncherContainers(Containers):
    """Containers in which a copy of a dict is a dict of its own entries, and None has no items."""

    def subscript(self, node: ast.Subscript, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        values = self._evaluator.values(node.value, scope, frame)
        if Constant(None) in values and len(values) > 1 and not isinstance(node.slice, ast.Slice):
            keys = self._evaluator.values(node.slice, scope, frame)
            if all(isinstance(key, Constant) and isinstance(key.value, str | int) for key in keys[:8]):
                return [
                    found
                    for value in values
                    if value != Constant(None)
                    for key in keys[:8]
                    if isinstance(key, Constant) and isinstance(key.value, str | int)
                    for found in self.item(value, key.value)
                ]
        return super().subscript(node, scope, frame)

    def __init__(self, launcher: LauncherEvaluator) -> None:
        super().__init__(launcher)
        self._launcher = launcher

    def in_place_calls(self, value: Collection) -> list[CallSite]:
        """Return the calls that change a collection in place; those of a data file are in the module that reads it."""
        reader = self._launcher.readers.get(value.scope.module)
        return super().in_place_calls(
            Collection(value.node, reader.scope.module.top, value.frame) if reader is not None else value
        )

    def _changes_in(self, module: ModuleIndex) -> Changes[PlacedChange]:
        reader = self._launcher.readers.get(module)
        return super()._changes_in(reader.scope.module if reader is not None else module)

    def _collection_item(self, value: Collection, key: str | int) -> Values:
        node = value.node
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.keywords:
            source = copied(node)
            if source is not None and isinstance(key, str):
                inner = self._evaluator.values(source, value.scope, value.frame)
                stored = tuple(self._stored_items(value, key))
                return (*stored, *(r for v in inner for r in self.item(v, key)))
        return super()._collection_item(value, key)


def _as_number(value: Variable | OptionValue, is_int: bool) -> Value:
    """Return the value of ``int()`` or ``float()`` of a variable: one with the numbers of its defaults."""
    numbers: list[Value] = []
    for default in value.defaults if isinstance(value, Variable) else ():
        try:
            if not isinstance(default, Constant) or not isinstance(default.value, str | int | float):
                return UNKNOWN
            number = int(default.value) if is_int else float(default.value)
        except (ValueError, OverflowError):
            return UNKNOWN
        if is_vast(number):
            return UNKNOWN
        numbers.append(Constant(number))
    return Variable(value.name, tuple(numbers)) if numbers and isinstance(value, Variable) else UNKNOWN


def _as_string(value: Value) -> Value:
    """Return the value of ``str()`` of a value."""
    if isinstance(value, Constant):
        return Constant(str(value.value))
    return value if isinstance(value, StringTemplate | Variable | OptionValue) else StringTemplate((UNKNOWN,))


def _are_numbers(values: Values) -> bool:
    return bool(values) and all(
        isinstance(v, Constant) and isinstance(v.value, int | float) and not isinstance(v.value, bool)
        for v in values
    )
