"""Signatures of the SDKs' classes and methods, from their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from wheels import Sources

_LITERALS = (str, int, float, bool)


class Signatures:
    """A collection of signatures; inherited parameters are recorded as base classes, not copied."""

    def __init__(self, sources: Sources) -> None:
        """Read from these modules."""
        self._sources = sources
        self._packages = frozenset(sources.packages())
        self.classes: dict[str, dict[str, Any]] = {}

    def add(self, dotted: str) -> str | None:
        """Add a class and the bases that its signature needs; return the name under which it is defined, or None."""
        found = self._find(dotted)
        if found is None:
            return None
        home, module, node = found
        if home in self.classes:
            return home
        row = self.classes[home] = {}
        bases = [
            base for base in (self.add(self._absolute(module, base)) for base in _names(node.bases)) if base
        ]
        init = _method(node, "__init__")
        fields = _fields(node)
        if init is not None:
            row.update(_of_function(init))
            if row.get("any") and not _passes_to_base(init):
                row["open"] = True
        elif fields is not None:
            row.update(fields)
        if bases:
            row["bases"] = bases
        if init is None and fields is None and not bases:
            row["args"] = []
        return home

    def add_method(self, dotted: str) -> None:
        """Add a method, by the name under which its class is defined. Raises ``LookupError`` if it does not exist."""
        owner, _, name = dotted.rpartition(".")
        found = self._find(owner)
        if found is None:
            raise LookupError(dotted)
        home, module, node = found
        method = _method(node, name)
        if method is None:
            for base in _names(node.bases):
                if self._find(self._absolute(module, base)) is not None:
                    self.add_method(f"{self._absolute(module, base)}.{name}")
                    return
            raise LookupError(dotted)
        self.classes[f"{home}.{name}"] = _of_function(method)

    def aliases(self, wanted: Iterable[str], modules: Iterable[str] = ()) -> dict[str, str]:
        """Return the other names under which packages, and these modules, export the wanted classes.

        The result maps an alias to the name under which the class is defined.
        """
        names = {dotted.rpartition(".")[2] for dotted in wanted}
        found: dict[str, str] = {}
        for module in (*self._sources.packages(), *modules):
            tree = self._sources.tree(module)
            offered = (
                {name for name, _ in _exports(tree, module, self._is_package(module))} if tree else set()
            )
            for name in names if "*" in offered else names & offered:
                located = self._find(f"{module}.{name}")
                if located is not None and located[0] in self.classes and f"{module}.{name}" != located[0]:
                    found[f"{module}.{name}"] = located[0]
        return found

    def _is_package(self, module: str) -> bool:
        return module in self._packages

    def _find(self, dotted: str, depth: int = 0) -> tuple[str, str, ast.ClassDef] | None:
        """Return the definition of a class (dotted name, module, node) through re-exports, or None."""
        module, _, name = dotted.rpartition(".")
        tree = self._sources.tree(module) if module else None
        if tree is None or depth > 6:
            return None
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name == name:
                return dotted, module, node
        for offered, origin in _exports(tree, module, self._is_package(module)):
            if offered == name and origin != dotted:
                return self._find(origin, depth + 1)
            if offered == "*":
                found = self._find(f"{origin}.{name}", depth + 1)
                if found is not None:
                    return found
        return None

    def _absolute(self, module: str, name: str) -> str:
        """Return the dotted name of ``name`` in a module."""
        head, _, rest = name.partition(".")
        tree = self._sources.tree(module)
        assert tree is not None
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname == head:
                        return f"{alias.name}.{rest}"
        for offered, origin in _exports(tree, module, self._is_package(module)):
            if offered == head:
                return f"{origin}.{rest}" if rest else origin
        return f"{module}.{name}"


def _exports(tree: ast.Module, module: str, package: bool) -> Iterator[tuple[str, str]]:
    """Yield the names that a module imports, each with its origin; ``*`` for all."""
    here = module if package else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        origin = node.module or ""
        if node.level:
            parent = here.rsplit(".", node.level - 1)[0] if node.level > 1 else here
            origin = f"{parent}.{origin}".rstrip(".")
        for alias in node.names:
            if alias.name == "*":
                yield "*", origin
            else:
                yield alias.asname or alias.name, f"{origin}.{alias.name}"


def _names(expressions: list[ast.expr]) -> list[str]:
    return [
        ast.unparse(expression)
        for expression in expressions
        if isinstance(expression, ast.Name | ast.Attribute)
    ]


def _method(node: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == name:
            return item
    return None


def _of_function(function: ast.FunctionDef) -> dict[str, Any]:
    spec = function.args
    args = [arg.arg for arg in (*spec.posonlyargs, *spec.args)]
    static = any(ast.unparse(decorator) == "staticmethod" for decorator in function.decorator_list)
    if args and not static:
        args = args[1:]
    defaults = dict(zip(reversed(args), reversed(spec.defaults), strict=False))
    keywords = [arg.arg for arg in spec.kwonlyargs]
    defaults.update(
        {name: value for name, value in zip(keywords, spec.kw_defaults, strict=True) if value is not None}
    )
    row: dict[str, Any] = {"args": args}
    if keywords:
        row["keywords"] = keywords
    required = [name for name in (*args, *keywords) if name not in defaults]
    if required:
        row["required"] = required
    _put_defaults(row, defaults)
    if spec.vararg is not None:
        row["rest"] = True
    if spec.kwarg is not None:
        row["any"] = True
        renamed = _renamed(function)
        if renamed:
            row["renamed"] = renamed
    return row


def _passes_to_base(init: ast.FunctionDef) -> bool:
    """Return whether a constructor passes its unknown keywords to that of a base class, or drops them."""
    name = init.args.kwarg.arg if init.args.kwarg is not None else ""
    taking = [
        node
        for node in ast.walk(init)
        if isinstance(node, ast.Call)
        and any(isinstance(k.value, ast.Name) and k.value.id == name for k in node.keywords if k.arg is None)
    ]
    stored = any(
        isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == name
        for node in ast.walk(init)
    )
    return not stored and all(ast.unparse(node.func).endswith(".__init__") for node in taking)


def _put_defaults(row: dict[str, Any], defaults: dict[str, ast.expr]) -> None:
    literals = {name: value for name, node in defaults.items() if (value := _literal(node)) is not None}
    if literals:
        row["defaults"] = dict(sorted(literals.items()))


def _literal(node: ast.expr) -> str | int | float | bool | None:
    """Return the value of a literal, or of a product of integers (24 * 60 * 60), else None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, _LITERALS):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = _literal(node.left), _literal(node.right)
        if isinstance(left, int) and isinstance(right, int):
            return left * right
    return None


def _renamed(function: ast.FunctionDef) -> dict[str, str]:
    """Return the old names that the function still accepts in its ``**kwargs``, with their new names."""
    found = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("renamed_kwargs"):
            old, new = node.args[0], node.args[1]
            if isinstance(old, ast.Constant) and isinstance(new, ast.Constant):
                found[str(old.value)] = str(new.value)
    return dict(sorted(found.items()))


def _fields(node: ast.ClassDef) -> dict[str, Any] | None:
    """Return the signature that attrs or pydantic generates from a class's fields; None for any other class."""
    attrs = any("attr." in ast.unparse(decorator) for decorator in node.decorator_list)
    names: list[str] = []
    required: list[str] = []
    defaults: dict[str, ast.expr] = {}
    annotated = False
    for item in node.body:
        target, value = None, None
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            target, value = item.target.id, item.value
            annotated = annotated or not ast.unparse(item.annotation).startswith("ClassVar")
            if ast.unparse(item.annotation).startswith("ClassVar"):
                continue
        elif attrs and isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
            target, value = item.targets[0].id, item.value
        if target is None or target == "model_config" or target.startswith("_"):
            continue
        default = value
        if attrs:
            if not isinstance(value, ast.Call):
                continue
            options = {keyword.arg: keyword.value for keyword in value.keywords}
            if ast.unparse(options.get("init", ast.Constant(True))) == "False":
                continue
            default = options.get("default") or options.get("factory")
        names.append(target)
        if default is None:
            required.append(target)
        else:
            defaults[target] = default
    if not attrs and not annotated:
        return None
    row: dict[str, Any] = {"args" if attrs else "keywords": names}
    if required:
        row["required"] = required
    row["fields"] = True  # the fields of the bases are parameters too
    _put_defaults(row, defaults)
    return row
