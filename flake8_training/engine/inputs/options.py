"""The command-line options of a script, for all libraries that declare options.

In scope: argparse and its derivatives, ``HfArgumentParser`` and similar parsers of dataclasses, click, typer, fire,
absl and tf.app flags. A parser that is out of scope (hydra, jsonargparse over library classes) makes the list
``open_ended``: there may be options besides the known ones.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_training.engine.inputs.declarations import (
    absl_options,
    click_option,
    constant,
    field_option,
    fire_options,
    keywords_of,
    typer_options,
)
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.engine.values.option import Option
from flake8_training.engine.values.values import (
    UNKNOWN,
    Class,
    Collection,
    Constant,
    Function,
    Instance,
    LibraryObject,
    OptionValue,
    Reference,
    Value,
    Values,
    elements,
)
from flake8_training.libraries.table import table

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import CallSite, ModuleIndex, Scope
    from flake8_training.engine.values.evaluator import Evaluator

__all__ = ["NAMESPACES", "Option", "Options"]

_DATACLASS_PARSERS = ("HfArgumentParser", "TrlParser", "H4ArgumentParser")
_DATACLASS_LIBRARIES = ("transformers", "trl", "trl.commands.cli_utils", "alignment")
NAMESPACES = frozenset(
    {
        *(f"{m}.{name}().parse_args()" for m in _DATACLASS_LIBRARIES for name in _DATACLASS_PARSERS),
        "argparse.ArgumentParser().parse_args()",
        "argparse.ArgumentParser().parse_known_args()",
        "argparse.ArgumentParser().parse_known_args()[]()",
        "argparse.ArgumentParser().parse_intermixed_args()",
        "optparse.OptionParser().parse_args()",
        "absl.flags.FLAGS",
        "tensorflow.app.flags.FLAGS",
        "tensorflow.flags.FLAGS",
        "tensorflow.platform.flags.FLAGS",
    }
)
# Methods that identify a parser by its name.
_PARSING = ("parse_args", "parse_known_args")
# Callees that add no options to a parser passed to them. Any other function of a library may add some.
_NO_ADDING = ("argparse.", "builtins.", "argcomplete.", "logging.", "?")
_CLICK = ("click.option", "click.argument")
_DATACLASS_RESULTS = (
    "parse_args_into_dataclasses",
    "parse_args_and_config",
    "parse_json_file",
    "parse_yaml_file",
    "parse_dict",
    "parse",
)
# Libraries whose options this module does not read.
_OPEN_ENDED = (
    "jsonargparse.",
    "lightning.pytorch.cli.",
    "lightning.pytorch.utilities.cli.",
    "hydra.",
    "simple_parsing.",
    "tap.",
    "docopt.",
    "configargparse.",
    "pydantic_settings.",
    "sagemaker_rl.",
)


class Options:
    """All options of a program."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self.all: list[Option] = []
        self.by_dest: dict[str, list[Option]] = {}
        self.open_ended = False
        """Whether there may be options that are not in ``all``."""
        self.strict = False
        """Whether some parser rejects unknown options (``parse_args``)."""
        self._classes: dict[Scope, dict[str, Option]] = {}
        self._filled: set[str] = set()
        """The instances of library classes that a dataclass parser fills, by canonical name."""
        self._parameters: dict[tuple[Scope, str], Option] = {}
        self._set: dict[str, list[tuple[ast.expr, Scope]]] = {}
        evaluator.options = self
        for module in evaluator.program.modules.values():
            self._read(module)

    @property
    def set_names(self) -> frozenset[str]:
        """The names that ``parser.set_defaults`` defines."""
        return frozenset(self._set)

    # -- the evaluator's interface

    def is_namespace(self, value: Reference | LibraryObject) -> bool:
        """Return whether a value holds the parsed options as attributes."""
        return value.name in NAMESPACES

    def fills(self, value: Value) -> bool:
        """Return whether a parser fills an object, so that its unknown attributes are options too."""
        if isinstance(value, Instance):
            return value.site is None and value.scope in self._classes
        return isinstance(value, LibraryObject) and value.site is None and value.name in self._filled

    def value(self, dest: str) -> Values:
        """Return the values of the option stored as ``dest``."""
        found = self.by_dest.get(dest)
        if found:
            return tuple(OptionValue(o) for o in found)
        return tuple(v for e, scope in self._set.get(dest, ()) for v in self._evaluator.values(e, scope)) or (
            UNKNOWN,
        )

    def attribute(self, value: Reference | LibraryObject, name: str) -> Values | None:
        """Return the values of an attribute of the parsed options, or of one flag; None for any other object."""
        if self.is_namespace(value):
            if name == "__dict__":
                return (value,)
            # The name may be a method of the dict that ``vars`` returns for the parsed options.
            reads = name not in self.by_dest and name in table().key_readers
            return None if reads else self.value(name)
        if (
            name == "value"
            and isinstance(value, LibraryObject)
            and "flags.DEFINE_" in value.name
            and value.site
        ):
            return tuple(OptionValue(o) for o in self.all if o.node is value.site.node) or None
        return None

    def parse_results(self, function: Reference) -> Values | None:
        """Return an instance of each class for a call that parses into dataclasses; None for any other function."""
        owner, _, method = function.name.rpartition(".")
        if method not in _DATACLASS_RESULTS or not owner.removesuffix("()").endswith(_DATACLASS_PARSERS):
            return None
        parser = function.receiver
        if not isinstance(parser, LibraryObject | Instance) or parser.site is None:
            return None
        found: list[Value] = []
        for value in self.parsed_classes(parser.site):
            if isinstance(value, Class):
                found.append(Instance(value.scope))
            elif isinstance(value, Reference):
                found.append(LibraryObject(f"{value.name}()"))
            else:
                found.append(UNKNOWN)
        return (elements(tuple(found)),)

    def looks_like_option(self, name: str) -> bool:
        """Return whether an attribute of an unknown object is likely an option's value."""
        return name in self.by_dest

    def field_value(self, classes: Iterable[Scope], name: str) -> Values:
        """Return the option behind a field of a dataclass that a parser fills."""
        for scope in classes:
            option = self._classes.get(scope, {}).get(name)
            if option is not None:
                return (OptionValue(option),)
        return ()

    def parameter_value(self, scope: Scope, name: str) -> Values:
        """Return the option behind a parameter of a click, typer or fire command."""
        option = self._parameters.get((scope, name))
        return (OptionValue(option),) if option is not None else ()

    # -- reading the declarations

    def _add(self, option: Option) -> None:
        self.all.append(option)
        self.by_dest.setdefault(option.dest, []).append(option)

    def _read(self, module: ModuleIndex) -> None:
        for site in _calls_of(module, "set_defaults"):
            self._record_defaults(site)
        for site in _calls_of(module, "add_argument", "add_option"):
            self._argparse(site)
        for site in _calls_of(module, *_DATACLASS_PARSERS, *self._own_parsers):
            self._dataclasses(site)
        for name, sites in module.calls_by_name.items():
            if name.startswith("DEFINE_"):
                for site in sites:
                    self._absl(site)
        for site in _calls_of(module, "Fire", "run"):
            self._command(site)
        self._decorated(module)
        if any(
            self._evaluator.names(site.node, site.scope)
            for site in _calls_of(
                module, "parse_args", "parse_intermixed_args", "parse_args_into_dataclasses"
            )
        ):
            self.strict = True
        if self._parses_with_unread_library(module):
            self.open_ended = True
        if self._may_gain_options(module):
            self.open_ended = True
        if any(
            "omegaconf.OmegaConf.from_cli" in self._evaluator.names(site.node, site.scope)
            for site in _calls_of(module, "from_cli")
        ):
            self.open_ended = True

    def _parses_with_unread_library(self, module: ModuleIndex) -> bool:
        """Return whether a module calls, derives from or decorates with a library whose options are not read."""
        if not any(f"{table().normalise(dotted)}.".startswith(_OPEN_ENDED) for dotted, _ in module.imports):
            return False
        uses = [(site.node.func, site.scope) for site in module.calls]
        for scope in module.scopes:
            outside = scope.parent or scope
            uses += [(one, outside) for one in getattr(scope.node, "decorator_list", ())]
            uses += [(one, outside) for one in getattr(scope.node, "bases", ())]
        return any(
            isinstance(value, Reference | LibraryObject) and value.name.startswith(_OPEN_ENDED)
            for node, scope in uses
            for value in self._evaluator.values(node, scope)
        )

    def _may_gain_options(self, module: ModuleIndex) -> bool:
        """Return whether a parser is passed to a library that may add options: ``Trainer.add_argparse_args(p)``."""
        receivers = {
            last_name(site.node.func.value)
            for method in ("add_argument", *_PARSING)
            for site in module.calls_by_name.get(method, ())
            if isinstance(site.node.func, ast.Attribute)
        }
        for site in module.calls if receivers else ():
            for argument in (*site.node.args, *(k.value for k in site.node.keywords)):
                if last_name(argument) not in receivers or not isinstance(argument, ast.Name | ast.Attribute):
                    continue
                names = self._evaluator.names(site.node, site.scope)
                if any(not n.startswith(_NO_ADDING) for n in names) and any(
                    isinstance(v, LibraryObject) and v.name == "argparse.ArgumentParser()"
                    for v in self._evaluator.values(argument, site.scope)
                ):
                    return True
        return False

    def _argparse(self, site: CallSite) -> None:
        call, scope = site.node, site.scope
        receivers = self._evaluator.names(call, scope)
        method = last_name(call.func)
        if receivers and not any(
            n.startswith(("argparse.", "?", "optparse.", "configargparse.", "jsonargparse."))
            or "add_argument" in n
            for n in receivers
        ):
            return
        source = "argparse"
        if method == "add_option":
            source = "optparse"
            if not any(n.startswith(("optparse.", "?")) for n in receivers):
                return
        if any(isinstance(a, ast.Starred) for a in call.args):
            self.open_ended = True
            return
        spellings: list[list[str]] = []
        for argument in call.args:
            values = self._evaluator.values(argument, scope)
            strings = [v.value for v in values if isinstance(v, Constant) and isinstance(v.value, str)]
            if len(strings) < len(values) or not strings:
                self.open_ended = True
            if not strings:
                return
            spellings.append(strings)
        if not spellings:
            return
        keywords = self._keywords(site)
        number = max(map(len, spellings))
        if any(len(strings) not in (1, number) for strings in spellings):
            self.open_ended = True
        for index in range(number):
            flags = [strings[min(index, len(strings) - 1)] for strings in spellings]
            self._declare(flags, keywords, site, source)

    def _keywords(self, site: CallSite) -> dict[str, ast.expr]:
        """Return the keyword arguments of a call, those of ``**`` included if it unpacks a dict of the same module."""
        found: dict[str, ast.expr] = {}
        for keyword in site.node.keywords:
            if keyword.arg is not None:
                continue
            values = self._evaluator.values(keyword.value, site.scope)
            if len(values) != 1 or not isinstance(values[0], Collection):
                continue
            node, scope = values[0].node, values[0].scope
            if scope.module is not site.scope.module:
                continue
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                found |= {
                    k.value: v for k, v in pairs if isinstance(k, ast.Constant) and isinstance(k.value, str)
                }
            elif isinstance(node, ast.Call):
                found |= keywords_of(node)
        return found | keywords_of(site.node)

    def _record_defaults(self, site: CallSite) -> None:
        """Record ``parser.set_defaults(name=value)``: an option's default, or a value without an option."""
        names = self._evaluator.names(site.node, site.scope)
        if any(n.startswith(("argparse.", "?.", "optparse.")) for n in names):
            for dest, value in self._keywords(site).items():
                self._set.setdefault(dest, []).append((value, site.scope))

    def _declare(self, flags: list[str], keywords: dict[str, ast.expr], site: CallSite, source: str) -> None:
        long = next((f for f in flags if f.startswith("--")), flags[0])
        name = long.lstrip("-")
        positional = not long.startswith("-")
        dest = str(constant(keywords.get("dest")) or (name if positional else name.replace("-", "_")))
        nargs = constant(keywords.get("nargs"))
        kind = keywords.get("type")
        if source == "optparse" and isinstance(kind, ast.Constant):
            kind = ast.Name(str(kind.value))
        default = keywords.get("default")
        for value, scope in self._set.get(dest, ()):
            if isinstance(value, ast.Constant) or scope is site.scope:
                default = value
        self._add(
            Option(
                name=name,
                dest=dest,
                flags=() if positional else tuple(flags),
                node=site.node,
                scope=site.scope,
                source=source,
                default=default,
                type=kind,
                action=keywords.get("action"),
                choices=keywords.get("choices"),
                nargs=keywords.get("nargs"),
                required=constant(keywords.get("required")) is True
                or (positional and nargs not in ("?", "*")),
                suppressed=_is_suppressed(keywords.get("help")),
            )
        )

    def _dataclasses(self, site: CallSite) -> None:
        bases = [
            base
            for value in self._evaluator.values(site.node.func, site.scope)
            if isinstance(value, Class)
            for base in self._evaluator.ancestry(value.scope)[1]
        ]
        names = (*self._evaluator.names(site.node, site.scope), *bases)
        if not any(n.rpartition(".")[2] in _DATACLASS_PARSERS for n in names):
            return
        for value in self.parsed_classes(site):
            if isinstance(value, Class):
                self._fields(value.scope)
            else:
                self.open_ended = True
            if isinstance(value, Reference):
                self._filled.add(f"{value.name}()")

    @cached_property
    def _own_parsers(self) -> list[str]:
        """The names of the program's classes that derive from a parser of dataclasses."""
        return [
            scope.name
            for scope in self._evaluator.program.scopes
            if isinstance(scope.node, ast.ClassDef)
            and any(last_name(base) in _DATACLASS_PARSERS for base in scope.node.bases)
        ]

    def parsed_classes(self, site: CallSite) -> list[Value]:
        """Return the dataclasses that a call passes to a dataclass parser, in order."""
        passed = [*site.node.args[:1], *(k.value for k in site.node.keywords if k.arg == "dataclass_types")]
        found: list[Value] = []
        for argument in passed[:1]:
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
        if scope in self._classes:
            return
        local, foreign = self._evaluator.ancestry(scope)
        if [f for f in foreign if f not in ("builtins.object", "abc.ABC", "typing.Generic")]:
            self.open_ended = True
        fields: dict[str, Option] = {}
        for owner in reversed(local):
            assert isinstance(owner.node, ast.ClassDef)
            for statement in owner.node.body:
                if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                    option = field_option(statement, owner)
                    if option is not None:
                        fields[statement.target.id] = option
        self._classes[scope] = fields
        for option in fields.values():
            self._add(option)

    def _absl(self, site: CallSite) -> None:
        names = self._evaluator.names(site.node, site.scope)
        if any(n.startswith("?") or "flags" in n.split(".") for n in names):
            for option in absl_options(self._evaluator, site):
                self._add(option)

    def _command(self, site: CallSite) -> None:
        names = self._evaluator.names(site.node, site.scope)
        if not any(n in ("fire.Fire", "typer.run") for n in names):
            return
        if not site.node.args:
            self.open_ended = True
            return
        for value in self._evaluator.values(site.node.args[0], site.scope):
            if isinstance(value, Function):
                self._parameters_of(value.scope, "typer" if "typer.run" in names else "fire")
            else:
                self.open_ended = True

    def _decorated(self, module: ModuleIndex) -> None:
        seen: set[ast.Call] = set()
        for scope in module.scopes:
            node = scope.node
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.decorator_list:
                continue
            outside = scope.parent or scope
            for decorator in node.decorator_list:
                call, where = decorator, outside
                if not isinstance(decorator, ast.Call):
                    # A named option: ``rate = click.option("--rate")``, then ``@rate``.
                    for value in self._evaluator.values(decorator, outside):
                        if isinstance(value, LibraryObject) and value.site is not None:
                            call, where = value.site.node, value.site.scope
                if not isinstance(call, ast.Call):
                    continue
                names = self._evaluator.names(call, where)
                if any(n in _CLICK for n in names):
                    seen.add(call)
                    self._click(call, where, scope, "click.argument" in names)
                elif any(n in ("typer.Typer().command", "typer.Typer().callback") for n in names):
                    self._parameters_of(scope, "typer")
        for site in _calls_of(module, "option", "argument"):
            if site.node not in seen and any(
                n in _CLICK for n in self._evaluator.names(site.node, site.scope)
            ):
                self.open_ended = True

    def _click(self, call: ast.Call, where: Scope, function: Scope, argument: bool) -> None:
        option = click_option(self._evaluator, call, where, argument)
        if option is None:
            self.open_ended = True
            return
        self._add(option)
        self._parameters[function, option.dest] = option

    def _parameters_of(self, scope: Scope, source: str) -> None:
        for option in typer_options(self._evaluator, scope) if source == "typer" else fire_options(scope):
            self._add(option)
            self._parameters[scope, option.dest] = option
        assert isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if scope.node.args.kwarg is not None:
            self.open_ended = True


def _calls_of(module: ModuleIndex, *functions: str) -> Iterator[CallSite]:
    """Yield the calls of these functions and methods, by aliases too: ``add = parser.add_argument``."""
    names = dict.fromkeys(functions)
    for name, meant in module.aliases:
        if not meant.isdisjoint(functions):
            names[name] = None
    for name in names:
        yield from module.calls_by_name.get(name, ())


def _is_suppressed(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "SUPPRESS"
