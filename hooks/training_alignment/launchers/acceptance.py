"""Which options a script's command line accepts, and what its parser makes of a value.

argparse is asked itself: a parser with the options that the script declares, as far as they are told, is given the
tokens that SageMaker gives. The other libraries are compared by their names of options only.
"""

from __future__ import annotations

import argparse
import ast
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, NoReturn

from flake8_training.script.analysis import Analysis
from flake8_training.script.enclosing import parent
from flake8_training.script.names import CallSite, last_name
from flake8_training.script.option import Option
from flake8_training.script.values import Collection, Constant, Made, Reference

PARSER = "argparse.ArgumentParser"
_PARSINGS = ("parse_args", "parse_known_args", "parse_intermixed_args", "parse_known_intermixed_args")
_INTO_DATACLASSES = "parse_args_into_dataclasses"
_TYPES: dict[str, Callable[[str], Any]] = {
    "builtins.int": int,
    "builtins.float": float,
    "builtins.str": str,
    "builtins.bool": bool,
    "builtins.list": list,
    "builtins.tuple": tuple,
    "builtins.dict": lambda text: dict(text),  # type: ignore[arg-type]
    "builtins.set": set,
    "builtins.complex": complex,
    "json.loads": json.loads,
    "ast.literal_eval": ast.literal_eval,
    "pathlib.Path": Path,
}
_ACTIONS = frozenset(
    {"store", "store_true", "store_false", "store_const", "append", "append_const", "count", "extend"}
)
_SWITCHES = frozenset({"store_true", "store_false", "store_const", "append_const", "count"})
_TELLING = frozenset({"prefix_chars", "fromfile_prefix_chars", "exit_on_error", "argument_default"})


class Library(Enum):
    """What parses the command line."""

    ARGPARSE = "argparse"
    DATACLASSES = "HfArgumentParser"
    CLICK = "click"
    TYPER = "typer"
    FIRE = "fire"


class Match(Enum):
    """How a spelling meets the options."""

    ONE = "one"
    NONE = "none"
    SEVERAL = "several"


@dataclass(frozen=True)
class Acceptance:
    """The options of a script that are certainly all that it has. ``strict``: a leftover ends it; None: not told."""

    library: Library
    options: tuple[Option, ...]
    strict: bool | None
    abbreviations: bool = True
    analysis: Analysis | None = field(default=None, repr=False, compare=False)

    @property
    def flags(self) -> tuple[str, ...]:
        """Every spelling of every option."""
        found = [flag for option in self.options for flag in option.flags]
        if self.library is Library.DATACLASSES:
            # Releases of transformers from 4.42 on take both spellings.
            found += [flag.replace("_", "-").replace("---", "--") for flag in found]
        return tuple(dict.fromkeys(found))

    def match(self, flag: str) -> tuple[Match, tuple[Option, ...]]:
        """Which options a spelling means, beginnings of spellings as argparse takes them."""
        exact = self._with(lambda known: known == flag)
        if exact:
            return Match.ONE, exact
        if self.library in (Library.ARGPARSE, Library.DATACLASSES) and self.abbreviations:
            begun = self._with(lambda known: known.startswith(flag))
            if begun:
                meant = {option.flags for option in begun}
                return (Match.ONE if len(meant) == 1 else Match.SEVERAL), begun
        if self.library is Library.FIRE and flag.startswith("-"):
            bare = flag.lstrip("-").replace("-", "_")
            found = tuple(o for o in self.options if o.dest == bare or (len(bare) == 1 and o.dest[0] == bare))
            if found:
                return Match.ONE, found
        return Match.NONE, ()

    def _with(self, test: Callable[[str], bool]) -> tuple[Option, ...]:
        found: list[Option] = []
        for option in self.options:
            spellings = list(option.flags)
            if self.library is Library.DATACLASSES:
                spellings += ["--" + flag[2:].replace("_", "-") for flag in option.flags]
            if any(test(flag) for flag in spellings):
                found.append(option)
        return tuple(found)

    def refusal(self, tokens: tuple[str, ...], options: tuple[Option, ...]) -> str | None:
        """Why argparse ends the script at an option and its value; "" where it does not, None where not told."""
        if self.library is not Library.ARGPARSE or self.analysis is None:
            return None
        declared = [_declared(self.analysis, option) for option in options]
        if not declared or any(one is None or one != declared[0] for one in declared):
            return None
        one = declared[0]
        assert one is not None
        parser = _Parser(add_help=False, allow_abbrev=self.abbreviations)
        try:
            one.add_to(parser)
            _, left = parser.parse_known_args(list(tokens))
        except _Refused as refused:
            return str(refused)
        except Exception:
            return None  # a type or a combination that argparse itself does not take
        if left and self.strict:
            return f"unrecognized arguments: {' '.join(left)}"
        return ""

    def result(self, tokens: tuple[str, ...], options: tuple[Option, ...]) -> tuple[object, Declared] | None:
        """What the parser makes of an accepted value; None where that is not told."""
        if self.library is not Library.ARGPARSE or self.analysis is None:
            return None
        one = _declared(self.analysis, options[0])
        if one is None:
            return None
        parser = _Parser(add_help=False, allow_abbrev=self.abbreviations)
        try:
            one.add_to(parser)
            found, _ = parser.parse_known_args(list(tokens))
        except Exception:
            return None
        return getattr(found, one.dest, None), one


@dataclass(frozen=True)
class Declared:
    """An option of argparse with everything that decides on a value told."""

    flags: tuple[str, ...]
    dest: str
    action: str
    type_name: str
    nargs: int | str | None
    choices: tuple[object, ...] | None

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Declare it."""
        given: dict[str, Any] = {"dest": self.dest, "action": self.action}
        if self.action == "BooleanOptionalAction":
            given["action"] = argparse.BooleanOptionalAction
        elif self.action.endswith("_const"):
            given["const"] = True
        elif self.action not in _SWITCHES:
            given["type"] = _TYPES[self.type_name] if self.type_name else None
            given |= {"nargs": self.nargs, "choices": self.choices}
        parser.add_argument(*self.flags, **given)

    @property
    def is_switch(self) -> bool:
        """Whether it takes no value."""
        return self.action in _SWITCHES or self.action == "BooleanOptionalAction"


class _Refused(Exception):
    pass


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Refused(message)


def acceptance(analysis: Analysis) -> Acceptance | None:
    """The options of a script; None where there may be others, or where nothing parses them."""
    if analysis.options.open_ended or _looks_at_argv(analysis):
        return None
    options = tuple(analysis.options.all)
    sources = {option.source for option in options}
    sites = _parsings(analysis, *_PARSINGS)
    if sources <= {"argparse"} and sites:
        return _of_argparse(analysis, options, sites)
    if sources == {"dataclass"}:
        return _of_dataclasses(analysis, options)
    library = {"click": Library.CLICK, "typer": Library.TYPER, "fire": Library.FIRE}.get(
        next(iter(sources), "") if len(sources) == 1 else ""
    )
    if library is None or sites or any(not option.flags for option in options):
        return None
    if any(
        keyword.arg in ("context_settings", "cls", "token_normalize_func")
        for module in analysis.program.modules.values()
        for site in module.calls
        for keyword in site.node.keywords
    ) or any(
        name in module.calls_by_name
        for module in analysis.program.modules.values()
        for name in ("group", "add_command", "Typer")
    ):
        return None
    return Acceptance(library, options, True, abbreviations=False, analysis=analysis)


def _of_argparse(analysis: Analysis, options: tuple[Option, ...], sites: list[CallSite]) -> Acceptance | None:
    abbreviations = True
    for module in analysis.program.modules.values():
        if any(name in module.calls_by_name for name in ("add_subparsers", "register", "add_argument_to")):
            return None
        for site in module.calls_by_name.get("ArgumentParser", ()):
            for keyword in site.node.keywords:
                if keyword.arg is None or keyword.arg in _TELLING:
                    return None
                if keyword.arg == "allow_abbrev":
                    abbreviations = not (
                        isinstance(keyword.value, ast.Constant) and keyword.value.value is False
                    )
        for scope in module.scopes:
            if scope.kind == "class" and any(
                base.startswith("argparse.") for base in analysis.evaluator.ancestry(scope)[1]
            ):
                return None
    for site in sites:
        names = analysis.evaluator.names(site.node, site.scope)
        if any(name.rpartition(".")[0] != f"{PARSER}()" for name in names):
            return None
        if site.node.args or any(keyword.arg in (None, "args") for keyword in site.node.keywords):
            if not all(_is_argv(argument) for argument in site.node.args) or site.node.keywords:
                return None
    if any(not option.flags for option in options) or _is_passed_on(analysis):
        return None
    lenient = {"known" in last_name(site.node.func) for site in sites}
    strict = None if len(lenient) != 1 else not lenient.pop()
    return Acceptance(Library.ARGPARSE, options, strict, abbreviations, analysis)


def _of_dataclasses(analysis: Analysis, options: tuple[Option, ...]) -> Acceptance | None:
    sites = _parsings(analysis, _INTO_DATACLASSES)
    if not sites or any(site.node.args or site.node.keywords for site in sites):
        return None
    return Acceptance(Library.DATACLASSES, options, True, analysis=analysis)


def _parsings(analysis: Analysis, *methods: str) -> list[CallSite]:
    """The calls that parse; a function of the script that is called ``parse_args`` is none."""
    return [
        site
        for module in analysis.program.modules.values()
        for name in methods
        for site in module.calls_by_name.get(name, ())
        if analysis.reach.runs(site) and analysis.evaluator.names(site.node, site.scope)
    ]


def _is_argv(node: ast.expr) -> bool:
    """``sys.argv[1:]``, or None."""
    if isinstance(node, ast.Subscript):
        node = node.value
    return (isinstance(node, ast.Attribute) and node.attr == "argv") or (
        isinstance(node, ast.Constant) and node.value is None
    )


def _looks_at_argv(analysis: Analysis) -> bool:
    """Whether the program looks at ``sys.argv`` otherwise than by giving it to a parser."""
    for module in analysis.program.modules.values():
        if any(dotted == "sys.argv" for dotted, _ in module.imports):
            return True
        for scope in module.scopes:
            for node, _ in scope.attribute_loads:
                if node.attr == "argv" and not _is_parsed(module.tree, node):
                    return True
    return False


def _is_parsed(tree: ast.Module, node: ast.AST) -> bool:
    around = parent(tree, node)
    if isinstance(around, ast.Subscript):
        around = parent(tree, around)
    return isinstance(around, ast.Call) and last_name(around.func) in _PARSINGS


def _is_passed_on(analysis: Analysis) -> bool:
    """Whether a parser is given to code that is not at hand, which may add options."""
    evaluator = analysis.evaluator
    for module in analysis.program.modules.values():
        for site in module.calls:
            given = [*site.node.args, *(k.value for k in site.node.keywords if k.arg != "parents")]
            for argument in given:
                if not isinstance(argument, ast.Name | ast.Attribute | ast.Call):
                    continue
                values = evaluator.values(argument, site.scope)
                if not any(isinstance(v, Made) and v.name.startswith(PARSER) for v in values):
                    continue
                if any(
                    isinstance(v, Made) and v.name in (f"{PARSER}()", f"{PARSER}().add_argument_group()")
                    for v in values
                ) and evaluator.names(site.node, site.scope):
                    return True
                called = evaluator.values(site.node.func, site.scope)
                if not called:
                    return True
    return False


def _declared(analysis: Analysis, option: Option) -> Declared | None:
    """An option with its type, number and choices told; None where one of them is not."""
    evaluator = analysis.evaluator
    action = "store"
    if option.action is not None:
        values = evaluator.values(option.action, option.scope)
        if len(values) != 1:
            return None
        value = values[0]
        if isinstance(value, Constant) and value.value in _ACTIONS:
            action = str(value.value)
        elif isinstance(value, Reference) and value.name == "argparse.BooleanOptionalAction":
            action = "BooleanOptionalAction"
        else:
            return None
    type_name = ""
    if option.type is not None and action not in _SWITCHES:
        values = evaluator.values(option.type, option.scope)
        if len(values) != 1 or not isinstance(values[0], Reference) or values[0].name not in _TYPES:
            return None
        type_name = values[0].name
    nargs: int | str | None = None
    if option.nargs is not None:
        values = evaluator.values(option.nargs, option.scope)
        if len(values) != 1 or not isinstance(values[0], Constant):
            return None
        found = values[0].value
        if found is not None and (isinstance(found, bool) or not isinstance(found, int | str)):
            return None
        nargs = found
    choices: tuple[object, ...] | None = None
    if option.choices is not None:
        choices = _choices(analysis, option, option.choices)
        if choices is None:
            return None
    return Declared(option.flags, option.dest, action, type_name, nargs, choices)


def _choices(analysis: Analysis, option: Option, node: ast.expr) -> tuple[object, ...] | None:
    values = analysis.evaluator.values(node, option.scope)
    if len(values) != 1 or not isinstance(values[0], Collection):
        return None
    display = values[0]
    if not isinstance(display.node, ast.List | ast.Tuple | ast.Set):
        return None
    found: list[object] = []
    for element in display.node.elts:
        inner = analysis.evaluator.values(element, display.scope, display.frame)
        if len(inner) != 1 or not isinstance(inner[0], Constant):
            return None
        found.append(inner[0].value)
    return tuple(found)
