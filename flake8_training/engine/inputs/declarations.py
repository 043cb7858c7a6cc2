"""Declarations of options in click, typer, fire, absl and dataclasses.

Sources: click 8.1 (``core.py``, ``decorators.py``), typer 0.12 (``main.py``), fire 0.6 (``core.py``), absl-py 2.1
(``flags/_defines.py``), transformers 4.44 (``hf_argparser.py``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.method_kinds import is_receiver
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.engine.values.option import Option
from flake8_training.engine.values.values import Constant

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import CallSite, Scope
    from flake8_training.engine.values.interface import EvaluatorInterface

_TYPES: dict[str, ast.expr] = {
    "DEFINE_integer": ast.Name("int"),
    "DEFINE_float": ast.Name("float"),
    "DEFINE_bool": ast.Name("bool"),
    "DEFINE_boolean": ast.Name("bool"),
    "DEFINE_list": ast.Name("list"),
}
_FLAG: ast.expr = ast.Constant("store_true")
_CONTEXTS = ("typer.Context", "click.Context", "click.core.Context")
_MARKERS = ("typer.Option", "typer.Argument")


def single_strings(
    evaluator: EvaluatorInterface, nodes: Iterable[ast.expr], scope: Scope
) -> list[str] | None:
    """Return the string that each expression is; None if one of them is unknown, no string, or several."""
    found: list[str] = []
    for node in nodes:
        values = evaluator.values(node, scope)
        if len(values) != 1 or not isinstance(values[0], Constant) or not isinstance(values[0].value, str):
            return None
        found.append(values[0].value)
    return found


def keywords_of(call: ast.Call) -> dict[str, ast.expr]:
    """Return the keyword arguments of a call, without those of ``**``."""
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def constant(node: ast.expr | None) -> object:
    """Return the value of a constant expression, or None."""
    return node.value if isinstance(node, ast.Constant) else None


def click_option(
    evaluator: EvaluatorInterface, call: ast.Call, scope: Scope, argument: bool
) -> Option | None:
    """Return the option that ``click.option(...)`` or ``click.argument(...)`` declares; None if a name is unknown."""
    declared = single_strings(evaluator, call.args, scope)
    if not declared:
        return None
    keywords = keywords_of(call)
    spellings = [
        part.strip()
        for declaration in declared
        if declaration.startswith("-")
        for part in declaration.split("/")
    ]
    long = next((f for f in spellings if f.startswith("--")), spellings[0] if spellings else declared[0])
    name = long.lstrip("-")
    own = next((declaration for declaration in declared if not declaration.startswith("-")), None)
    switched = constant(keywords.get("is_flag")) is True or any(
        "/" in declaration for declaration in declared
    )
    required = constant(keywords.get("required"))
    if argument and required is None:
        number = keywords.get("nargs")
        any_number = number is not None and Constant(-1) in evaluator.values(number, scope)
        required = not any_number and not _is_set(keywords.get("default"))
    return Option(
        name=name,
        dest=own if own and own.isidentifier() else name.replace("-", "_").lower(),
        flags=tuple(spellings),
        node=call,
        scope=scope,
        source="click",
        default=keywords.get("default"),
        type=keywords.get("type"),
        action=_FLAG if switched else None,
        nargs=keywords.get("nargs"),
        required=required is True,
        suppressed=constant(keywords.get("hidden")) is True,
    )


def _is_set(default: ast.expr | None) -> bool:
    return default is not None and constant(default) is not None


def parameters(scope: Scope) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    """Yield the parameters of a function with their defaults, without a method's receiver."""
    node = scope.node
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    positional = [*node.args.posonlyargs, *node.args.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(node.args.defaults))
    defaults += node.args.defaults
    for argument, default in [
        *zip(positional, defaults, strict=True),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]:
        if scope.owner is None or not is_receiver(argument, scope):
            yield argument, default


def fire_options(scope: Scope) -> Iterator[Option]:
    """Yield the options of a function passed to ``fire.Fire``: one for each parameter, spelled with ``_`` or ``-``."""
    for argument, default in parameters(scope):
        yield Option(
            name=argument.arg,
            dest=argument.arg,
            flags=_both_spellings(argument.arg),
            node=argument,
            scope=scope.parent or scope,
            source="fire",
            default=default,
            type=argument.annotation,
            required=default is None,
        )


def typer_options(evaluator: EvaluatorInterface, scope: Scope) -> Iterator[Option]:
    """Yield the options of a typer command: a parameter without default is positional, others have ``-`` for ``_``."""
    outside = scope.parent or scope
    for argument, passed in parameters(scope):
        kind, marker, default = argument.annotation, _marker(evaluator, passed, outside), passed
        if isinstance(kind, ast.Subscript) and last_name(kind.value) == "Annotated":
            parts = kind.slice.elts if isinstance(kind.slice, ast.Tuple) else [kind.slice]
            kind = parts[0]
            inside = [m for part in parts[1:] if (m := _marker(evaluator, part, outside)) is not None]
            marker = inside[0] if inside else None
            declarations = marker.args if marker is not None else []
        elif marker is not None:
            default = marker.args[0] if marker.args else keywords_of(marker).get("default")
            declarations = marker.args[1:]
        else:
            declarations = []
        if kind is not None and any(
            getattr(value, "name", "") in _CONTEXTS for value in evaluator.values(kind, outside)
        ):
            continue
        required = default is None or constant(default) is ...
        positional = marker is None and required
        if marker is not None:
            positional = "Argument" in last_name(marker.func)
        spellings = [p for t in single_strings(evaluator, declarations, outside) or () for p in t.split("/")]
        flags = tuple(f for f in spellings if f.startswith("-")) or (f"--{argument.arg.replace('_', '-')}",)
        yield Option(
            name=argument.arg
            if positional
            else next((f for f in flags if f[:2] == "--"), flags[0]).lstrip("-"),
            dest=argument.arg,
            flags=() if positional else flags,
            node=argument,
            scope=outside,
            source="typer",
            default=None if required else default,
            type=kind,
            required=required,
        )


def _marker(evaluator: EvaluatorInterface, node: ast.expr | None, scope: Scope) -> ast.Call | None:
    """Return ``node`` if it is a call of ``typer.Option`` or ``typer.Argument``, else None."""
    if isinstance(node, ast.Call) and any(name in _MARKERS for name in evaluator.names(node, scope)):
        return node
    return None


def absl_options(evaluator: EvaluatorInterface, site: CallSite) -> Iterator[Option]:
    """Yield the flags that ``flags.DEFINE_integer("name", default, help)`` and similar calls define."""
    passed = keywords_of(site.node) | dict(zip(("name", "default"), site.node.args, strict=False))
    if "name" not in passed:
        return
    for value in evaluator.values(passed["name"], site.scope):
        if isinstance(value, Constant) and isinstance(value.value, str):
            yield Option(
                name=value.value,
                dest=value.value,
                flags=(f"--{value.value}",),
                node=site.node,
                scope=site.scope,
                source="absl",
                default=passed.get("default"),
                type=_TYPES.get(last_name(site.node.func)),
                required=constant(passed.get("required")) is True,
            )


def field_option(statement: ast.AnnAssign, scope: Scope) -> Option | None:
    """Return the option of a dataclass field that a parser fills; None if the constructor does not take the field."""
    assert isinstance(statement.target, ast.Name)
    name, default, kind = statement.target.id, statement.value, statement.annotation
    if last_name(kind.value if isinstance(kind, ast.Subscript) else kind) == "ClassVar":
        return None
    required = default is None
    if isinstance(default, ast.Call) and last_name(default.func) in ("field", "HfArg"):
        keywords = keywords_of(default)
        if constant(keywords.get("init")) is False:
            return None
        required = "default" not in keywords and "default_factory" not in keywords
        default = keywords.get("default")
    return Option(
        name=name,
        dest=name,
        flags=_both_spellings(name),
        node=statement,
        scope=scope,
        source="dataclass",
        default=default,
        type=kind,
        required=required,
    )


def _both_spellings(name: str) -> tuple[str, ...]:
    """Return ``--batch_size`` and ``--batch-size``."""
    return tuple(dict.fromkeys((f"--{name}", f"--{name.replace('_', '-')}")))
