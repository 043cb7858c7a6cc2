"""The command-line options of a script, whichever library declares them.

argparse and what derives from it, ``HfArgumentParser`` and its relatives over dataclasses, click, typer, fire,
absl and tf.app flags. A parser that cannot be read (hydra, jsonargparse over library classes) makes the list
``open_ended``: there may be options beside the known ones.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flake8_training.script.values import (
    UNKNOWN,
    Class,
    Collection,
    Constant,
    Elements,
    Function,
    Instance,
    Made,
    OptionValue,
    Reference,
    Value,
    Values,
)

if TYPE_CHECKING:
    from flake8_training.script.evaluator import Evaluator
    from flake8_training.script.names import CallSite, ModuleNames, Scope

NAMESPACES = frozenset(
    {
        "argparse.ArgumentParser().parse_args()",
        "argparse.ArgumentParser().parse_known_args()",
        "argparse.ArgumentParser().parse_known_args()[]()",
        "argparse.ArgumentParser().parse_intermixed_args()",
        "absl.flags.FLAGS",
        "tensorflow.app.flags.FLAGS",
        "tensorflow.flags.FLAGS",
        "tensorflow.platform.flags.FLAGS",
    }
)
_ARGPARSE = ("argparse.ArgumentParser()", "argparse._ArgumentGroup()")
_DATACLASS_PARSERS = (
    "transformers.HfArgumentParser",
    "trl.TrlParser",
    "trl.H4ArgumentParser",
    "trl.commands.cli_utils.TrlParser",
)
_DATACLASS_RESULTS = (
    "parse_args_into_dataclasses",
    "parse_args_and_config",
    "parse_args",
    "parse_json_file",
    "parse_yaml_file",
    "parse_dict",
    "parse",
)
# Libraries whose options come from somewhere this module does not read.
_OPEN_ENDED = (
    "jsonargparse.",
    "lightning.pytorch.cli.",
    "hydra.",
    "omegaconf.OmegaConf.from_cli",
    "simple_parsing.",
    "tap.",
    "docopt.",
    "configargparse.",
    "pydantic_settings.",
    "sagemaker_rl.",
)
_FLAG_ACTIONS = ("store_true", "store_false", "store_const", "append_const", "count", "help", "version")


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One option as it is declared.

    ``name`` is the long form without dashes as written, ``dest`` the name of its value, ``flags`` the spellings
    (none for a positional one). Expressions are left as they stand, to be evaluated in ``scope``.
    """

    name: str
    dest: str
    flags: tuple[str, ...]
    node: ast.AST
    scope: Scope
    source: str
    default: ast.expr | None = None
    type: ast.expr | None = None
    action: ast.expr | None = None
    choices: ast.expr | None = None
    nargs: ast.expr | None = None
    required: bool = False
    suppressed: bool = False

    @property
    def line(self) -> int:
        return getattr(self.node, "lineno", 1)

    @property
    def module(self) -> ModuleNames:
        return self.scope.module

    @property
    def action_name(self) -> str:
        """The action as written: ``store_true``, ``BooleanOptionalAction``, ``""`` for none."""
        if isinstance(self.action, ast.Constant):
            return str(self.action.value)
        if isinstance(self.action, ast.Attribute):
            return self.action.attr
        return self.action.id if isinstance(self.action, ast.Name) else ""

    @property
    def is_flag(self) -> bool:
        """Whether it takes no value at all on the command line."""
        return self.action_name in (*_FLAG_ACTIONS, "BooleanOptionalAction")

    @property
    def type_name(self) -> str:
        """The type as written, ``str`` where none is given, ``flag`` for one without a value."""
        if self.is_flag:
            return "flag"
        return ast.unparse(self.type) if self.type is not None else "str"


class Options:
    """All options of a program."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self.all: list[Option] = []
        self.by_dest: dict[str, list[Option]] = {}
        self.open_ended = False
        """Whether there may be options that are not in ``all``."""
        self.strict = False
        """Whether some parser refuses what it does not know (``parse_args``)."""
        self._classes: dict[Scope, dict[str, Option]] = {}
        self._parameters: dict[tuple[Scope, str], Option] = {}
        evaluator.options = self
        for module in evaluator.program.modules.values():
            self._read(module)

    # -- what the evaluator asks

    def is_namespace(self, value: Reference | Made) -> bool:
        """Whether a value holds the parsed options as attributes."""
        return value.name in NAMESPACES

    def value(self, dest: str) -> Values:
        """The value of the option stored as ``dest``."""
        found = self.by_dest.get(dest)
        return tuple(OptionValue(o) for o in found) if found else (UNKNOWN,)

    def looks_like_option(self, name: str) -> bool:
        """Whether an attribute of an object nobody knows is likely an option's value."""
        return name in self.by_dest

    def field_value(self, classes: Iterable[Scope], name: str) -> Values:
        """The option behind a field of a dataclass that a parser fills."""
        for scope in classes:
            option = self._classes.get(scope, {}).get(name)
            if option is not None:
                return (OptionValue(option),)
        return ()

    def parameter_value(self, scope: Scope, name: str) -> Values:
        """The option behind a parameter of a click, typer or fire command."""
        option = self._parameters.get((scope, name))
        return (OptionValue(option),) if option is not None else ()

    # -- reading them

    def _add(self, option: Option) -> None:
        self.all.append(option)
        self.by_dest.setdefault(option.dest, []).append(option)

    def _read(self, module: ModuleNames) -> None:
        for name in ("add_argument", *_aliases(module, "add_argument")):
            for site in module.calls_by_name.get(name, ()):
                self._argparse(site)
        for name in ("HfArgumentParser", "TrlParser", "H4ArgumentParser"):
            for site in module.calls_by_name.get(name, ()):
                self._dataclasses(site)
        for name, sites in module.calls_by_name.items():
            if name.startswith("DEFINE_"):
                for site in sites:
                    self._absl(site)
        for name in ("Fire", "run"):
            for site in module.calls_by_name.get(name, ()):
                self._command(site)
        if module.calls_by_name.get("parse_args") or module.calls_by_name.get("parse_args_into_dataclasses"):
            self.strict = True
        self._decorated(module)
        for dotted, _ in module.imports:
            if dotted.startswith(_OPEN_ENDED):
                self.open_ended = True

    def _argparse(self, site: CallSite) -> None:
        call, scope = site.node, site.scope
        receivers = self._evaluator.names(call, scope)
        if receivers and not any(
            n.startswith(("argparse.", "?", "optparse.", "configargparse.", "jsonargparse."))
            or "add_argument" in n
            for n in receivers
        ):
            return
        if any(isinstance(a, ast.Starred) for a in call.args):
            self.open_ended = True
            return
        spellings: list[list[str]] = []
        for argument in call.args:
            texts = [
                v.value
                for v in self._evaluator.values(argument, scope)
                if isinstance(v, Constant) and isinstance(v.value, str)
            ]
            if not texts:
                self.open_ended = True
                return
            spellings.append(texts)
        if not spellings:
            return
        keywords = {k.arg: k.value for k in call.keywords if k.arg}
        if len(spellings) == 1:
            for one in spellings[0]:
                self._declare([one], keywords, call, scope)
        else:
            self._declare([texts[0] for texts in spellings], keywords, call, scope)

    def _declare(self, flags: list[str], keywords: dict[str, ast.expr], call: ast.Call, scope: Scope) -> None:
        long = next((f for f in flags if f.startswith("--")), flags[0])
        name = long.lstrip("-")
        positional = not long.startswith("-")
        dest = _constant(keywords.get("dest")) or (name if positional else name.replace("-", "_"))
        nargs = _constant(keywords.get("nargs"))
        self._add(
            Option(
                name=name,
                dest=str(dest),
                flags=() if positional else tuple(flags),
                node=call,
                scope=scope,
                source="argparse",
                default=keywords.get("default"),
                type=keywords.get("type"),
                action=keywords.get("action"),
                choices=keywords.get("choices"),
                nargs=keywords.get("nargs"),
                required=_constant(keywords.get("required")) is True
                or (positional and nargs not in ("?", "*")),
                suppressed=_is_suppressed(keywords.get("help")),
            )
        )

    def _dataclasses(self, site: CallSite) -> None:
        if not any(
            n.rpartition(".")[2] in ("HfArgumentParser", "TrlParser", "H4ArgumentParser")
            for n in self._evaluator.names(site.node, site.scope)
        ):
            return
        for value in self.parsed_classes(site):
            if isinstance(value, Class):
                self._fields(value.scope)
            else:
                self.open_ended = True

    def parsed_classes(self, site: CallSite) -> list[Value]:
        """The dataclasses that a dataclass parser is given, in order."""
        given = [*site.node.args[:1], *(k.value for k in site.node.keywords if k.arg == "dataclass_types")]
        found: list[Value] = []
        for argument in given[:1]:
            for value in self._evaluator.values(argument, site.scope):
                if isinstance(value, Collection) and isinstance(value.node, ast.Tuple | ast.List):
                    for element in value.node.elts:
                        found.extend(
                            self._evaluator.values(element, value.scope, value.frame)[:1] or (UNKNOWN,)
                        )
                else:
                    found.append(value)
        return found

    def _fields(self, scope: Scope) -> None:
        local, foreign = self._evaluator.ancestry(scope)
        if [f for f in foreign if f not in ("builtins.object", "abc.ABC", "typing.Generic")]:
            self.open_ended = True
        fields: dict[str, Option] = {}
        for owner in reversed(local):
            assert isinstance(owner.node, ast.ClassDef)
            for statement in owner.node.body:
                if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                    fields[statement.target.id] = _field_option(statement, owner)
        self._classes[scope] = fields
        for option in fields.values():
            self._add(option)

    def _absl(self, site: CallSite) -> None:
        if not site.node.args:
            return
        names = self._evaluator.values(site.node.args[0], site.scope)
        default = next((k.value for k in site.node.keywords if k.arg == "default"), None)
        if default is None and len(site.node.args) > 1:
            default = site.node.args[1]
        for value in names:
            if isinstance(value, Constant) and isinstance(value.value, str):
                kind = site.node.func.attr if isinstance(site.node.func, ast.Attribute) else ""
                self._add(
                    Option(
                        name=value.value,
                        dest=value.value,
                        flags=(f"--{value.value}",),
                        node=site.node,
                        scope=site.scope,
                        source="absl",
                        default=default,
                        type=_TYPES.get(kind),
                    )
                )

    def _command(self, site: CallSite) -> None:
        names = self._evaluator.names(site.node, site.scope)
        if not any(n in ("fire.Fire", "typer.run") for n in names):
            return
        if not site.node.args:
            self.open_ended = True
            return
        for value in self._evaluator.values(site.node.args[0], site.scope):
            if isinstance(value, Function):
                self._parameters_of(value.scope, "fire")
            else:
                self.open_ended = True

    def _decorated(self, module: ModuleNames) -> None:
        for scope in module.scopes:
            node = scope.node
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.decorator_list:
                continue
            for decorator in node.decorator_list:
                if not isinstance(decorator, ast.Call):
                    continue
                names = self._evaluator.names(decorator, scope.parent or scope)
                if any(n in ("click.option", "click.argument") for n in names):
                    self._click(decorator, scope)
                elif any(n.startswith("typer.Typer().command") for n in names):
                    self._parameters_of(scope, "typer")

    def _click(self, decorator: ast.Call, scope: Scope) -> None:
        flags = [a.value for a in decorator.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if not flags:
            self.open_ended = True
            return
        keywords = {k.arg: k.value for k in decorator.keywords if k.arg}
        long = next((f for f in flags if f.startswith("--")), flags[0]).partition("/")[0]
        name = long.lstrip("-")
        dest = next((f for f in flags if not f.startswith("-")), name.replace("-", "_")).lower()
        option = Option(
            name=name,
            dest=dest,
            flags=tuple(f for f in flags if f.startswith("-")),
            node=decorator,
            scope=scope.parent or scope,
            source="click",
            default=keywords.get("default"),
            type=keywords.get("type"),
            action=ast.Constant("store_true") if _constant(keywords.get("is_flag")) is True else None,
            required=_constant(keywords.get("required")) is True,
        )
        self._add(option)
        self._parameters[scope, dest] = option

    def _parameters_of(self, scope: Scope, source: str) -> None:
        node = scope.node
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        positional = [*node.args.posonlyargs, *node.args.args]
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(node.args.defaults))
        defaults += node.args.defaults
        for argument, default in [
            *zip(positional, defaults, strict=True),
            *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
        ]:
            option = Option(
                name=argument.arg,
                dest=argument.arg,
                flags=(f"--{argument.arg}",),
                node=argument,
                scope=scope.parent or scope,
                source=source,
                default=default,
                type=argument.annotation,
                required=default is None,
            )
            self._add(option)
            self._parameters[scope, argument.arg] = option
        if node.args.kwarg is not None:
            self.open_ended = True


_TYPES: dict[str, ast.expr] = {
    "DEFINE_integer": ast.Name("int"),
    "DEFINE_float": ast.Name("float"),
    "DEFINE_bool": ast.Name("bool"),
    "DEFINE_boolean": ast.Name("bool"),
    "DEFINE_list": ast.Name("list"),
}


def parse_results(options: Options, function: Reference) -> Values | None:
    """What parsing into dataclasses gives: an instance of each class; None where ``function`` is no such call."""
    owner, _, method = function.name.rpartition(".")
    if method not in _DATACLASS_RESULTS or not owner.removesuffix("()").endswith(
        ("HfArgumentParser", "TrlParser", "H4ArgumentParser")
    ):
        return None
    made = function.receiver
    if not isinstance(made, Made) or made.site is None:
        return None
    found: list[Value] = []
    for value in options.parsed_classes(made.site):
        if isinstance(value, Class):
            found.append(Instance(value.scope))
        elif isinstance(value, Reference):
            found.append(Made(f"{value.name}()"))
        else:
            found.append(UNKNOWN)
    return (Elements(tuple(found)),)


def _aliases(module: ModuleNames, method: str) -> Iterator[str]:
    """Names that stand for a bound method: ``add = parser.add_argument``."""
    for scope in module.scopes:
        for name, bindings in scope.bindings.items():
            if any(
                isinstance(b.value, ast.Attribute) and b.value.attr == method and not b.steps
                for b in bindings
            ):
                yield name


def _constant(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _is_suppressed(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "SUPPRESS"


def _field_option(statement: ast.AnnAssign, scope: Scope) -> Option:
    assert isinstance(statement.target, ast.Name)
    name = statement.target.id
    default = statement.value
    required = default is None
    if (
        isinstance(default, ast.Call)
        and getattr(default.func, "id", getattr(default.func, "attr", "")) == "field"
    ):
        keywords = {k.arg: k.value for k in default.keywords}
        required = "default" not in keywords and "default_factory" not in keywords
        default = keywords.get("default")
    return Option(
        name=name,
        dest=name,
        flags=(f"--{name}",),
        node=statement,
        scope=scope,
        source="dataclass",
        default=default,
        type=statement.annotation,
        required=required,
    )
