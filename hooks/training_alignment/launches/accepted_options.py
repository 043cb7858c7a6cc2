"""The options that a script's command line accepts, and the result of parsing a value.

For argparse, a parser with the script's known options parses the tokens that SageMaker passes. For the other
libraries only the names of options are compared.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable, Iterable
from enum import Enum
from functools import cached_property
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.syntax.scopes import CallSite, Scope, last_name
from flake8_training.engine.values.option import Option
from flake8_training.engine.values.values import Constant, LibraryObject
from flake8_training.record import Record
from training_alignment.launches.argparse_option import Declared, OptionParser, Refused, declared
from training_alignment.launches.command_line import PARSINGS, is_command_line, reads_command_line

PARSER = "argparse.ArgumentParser"
_INTO_DATACLASSES = "parse_args_into_dataclasses"
_PARSER_SETTINGS = frozenset({"prefix_chars", "fromfile_prefix_chars", "exit_on_error", "argument_default"})
_OWN_PARSERS = frozenset({"argparse.ArgumentParser", "argparse._ActionsContainer", "argparse._ArgumentGroup"})
"""The classes of argparse that parse or hold options: a class of the program that derives from one may add some."""
_REGISTERED = 3
"""The arguments of ``ArgumentParser.register``: a registry, a name and an object."""
_COMMAND_SETTINGS = ("context_settings", "cls", "token_normalize_func")
"""Arguments of click and typer that change how a command reads its options (click 8.1, core.py)."""
_SEVERAL_COMMANDS = frozenset({"click.group", "click.Group", "click.CommandCollection", "typer.Typer"})


if TYPE_CHECKING:
    from flake8_training.script.script import Script


class Library(Enum):
    """The library that parses the command line."""

    ARGPARSE = "argparse"
    DATACLASSES = "HfArgumentParser"
    CLICK = "click"
    TYPER = "typer"
    FIRE = "fire"


class Match(Enum):
    """The number of options that a spelling matches."""

    ONE = "one"
    NONE = "none"
    SEVERAL = "several"


class AcceptedOptions(Record, slots=False, apart=("analysis",)):
    """The options of a script, certainly all that it has.

    ``strict`` is whether an unknown argument ends the script, None if that is unknown; ``abbreviations`` is whether a
    beginning of an option matches it.
    """

    library: Library
    options: tuple[Option, ...]
    strict: bool | None
    abbreviations: bool = True
    analysis: Analysis | None = None

    @property
    def flags(self) -> tuple[str, ...]:
        """Return every spelling of every option."""
        found = [flag for option in self.options for flag in option.flags]
        if self.library is Library.DATACLASSES:
            # Releases of transformers from 4.42 on take both spellings.
            found += [flag.replace("_", "-").replace("---", "--") for flag in found]
        return tuple(dict.fromkeys(found))

    def first_line(self, script: Script) -> int:
        """Return the line of the first option that the script's own file defines; 1 if it defines none."""
        lines = (getattr(option.node, "lineno", 1) for option in self.options if script.owns(option.node))
        return next(lines, 1)

    def match(self, flag: str) -> tuple[Match, tuple[Option, ...]]:
        """Return the options that a spelling matches; as in argparse, a beginning of a spelling may match."""
        exact = self._spelt_like(flag, lambda known: known == flag)
        if exact:
            return Match.ONE, exact
        if self.library in (Library.ARGPARSE, Library.DATACLASSES) and self.abbreviations:
            begun = self._spelt_like(flag, lambda known: known.startswith(flag))
            if begun:
                meant = {option.flags for option in begun}
                return (Match.ONE if len(meant) == 1 else Match.SEVERAL), begun
        if self.library is Library.FIRE and flag.startswith("-"):
            bare = flag.lstrip("-").replace("-", "_")
            found = tuple(o for o in self.options if o.dest == bare or (len(bare) == 1 and o.dest[0] == bare))
            if found:
                return Match.ONE, found
        return Match.NONE, ()

    @cached_property
    def _spellings(self) -> list[tuple[str, int]]:
        """Return each spelling with the position of its option, sorted."""
        found = [(flag, n) for n, option in enumerate(self.options) for flag in option.flags]
        if self.library is Library.DATACLASSES:
            found += [("--" + flag[2:].replace("_", "-"), n) for flag, n in found]
        return sorted(found)

    def _spelt_like(self, flag: str, test: Callable[[str], bool]) -> tuple[Option, ...]:
        """Return the options with a spelling that passes ``test``, which all begin with ``flag``."""
        first = bisect_left(self._spellings, (flag,))
        alike = takewhile(lambda known: test(known[0]), islice(self._spellings, first, None))
        return tuple(self.options[n] for n in sorted({n for _, n in alike}))

    def refusal(self, tokens: tuple[str, ...], options: tuple[Option, ...]) -> str | None:
        """Return why argparse exits at an option and its value; "" if it does not, None if that is unknown."""
        if self.library is not Library.ARGPARSE or self.analysis is None:
            return None
        known = [declared(self.analysis, option) for option in options]
        if not known or any(one is None or one != known[0] for one in known):
            return None
        one = known[0]
        assert one is not None
        parser = OptionParser(add_help=False, allow_abbrev=self.abbreviations)
        try:
            one.add_to(parser)
            _, left = parser.parse_known_args(list(tokens))
        except Refused as refused:
            return str(refused)
        except Exception:
            return None  # a type or a combination of settings that argparse itself rejects
        if left and self.strict:
            return f"unrecognized arguments: {' '.join(left)}"
        return ""

    def result(self, tokens: tuple[str, ...], options: tuple[Option, ...]) -> tuple[object, Declared] | None:
        """Return the parser's result for an accepted value, with the option; None if it is unknown."""
        if self.library is not Library.ARGPARSE or self.analysis is None:
            return None
        one = declared(self.analysis, options[0])
        if one is None:
            return None
        parser = OptionParser(add_help=False, allow_abbrev=self.abbreviations)
        try:
            one.add_to(parser)
            found, _ = parser.parse_known_args(list(tokens))
        except Exception:
            return None
        return getattr(found, one.dest, None), one


def acceptance(analysis: Analysis) -> AcceptedOptions | None:
    """Return the options of a script, or None if it may have others, or if nothing parses them."""
    return analysis.fact(_acceptance)


def _acceptance(analysis: Analysis) -> AcceptedOptions | None:
    if analysis.options.open_ended or reads_command_line(analysis):
        return None
    options = tuple(analysis.options.all)
    sources = {option.source for option in options}
    sites = _parsings(analysis, *PARSINGS)
    if sources <= {"argparse"} and sites:
        return _of_argparse(analysis, options, sites)
    if sources == {"dataclass"}:
        return _of_dataclasses(analysis, options)
    library = {"click": Library.CLICK, "typer": Library.TYPER, "fire": Library.FIRE}.get(
        next(iter(sources), "") if len(sources) == 1 else ""
    )
    if library is None or sites or any(not option.flags for option in options):
        return None
    if _has_several_commands(analysis):
        return None
    return AcceptedOptions(library, options, True, abbreviations=False, analysis=analysis)


def default_strings(analysis: Analysis, options: Iterable[Option]) -> dict[str, str]:
    """Return the defaults of options that are one known string, by the options' destinations."""
    return agreed(options, lambda option: _default_string(analysis, option))


def _default_string(analysis: Analysis, option: Option) -> str | None:
    values = analysis.evaluator.values(option.default, option.scope) if option.default is not None else ()
    known = values[0].value if len(values) == 1 and isinstance(values[0], Constant) else None
    return known if isinstance(known, str) else None


def agreed(options: Iterable[Option], default_of: Callable[[Option], str | None]) -> dict[str, str]:
    """Return the defaults of options by their destinations, where all options of one destination have the same.

    The branches of an ``if`` may each declare the option with another default.
    """
    found: dict[str, set[str | None]] = {}
    for option in options:
        found.setdefault(option.dest, set()).add(default_of(option))
    known = ((name, next(iter(defaults))) for name, defaults in found.items() if len(defaults) == 1)
    return {name: default for name, default in known if default is not None}


def _of_argparse(
    analysis: Analysis, options: tuple[Option, ...], sites: list[CallSite]
) -> AcceptedOptions | None:
    abbreviations = True
    if any(_changes_parser(analysis, site) for site in analysis.live_calls("add_subparsers", "register")):
        return None
    for site in analysis.live_calls():
        names = analysis.evaluator.names(site.node, site.scope)
        if "argparse.ArgumentParser" not in names:
            continue
        for keyword in site.node.keywords:
            if keyword.arg is None or keyword.arg in _PARSER_SETTINGS:
                return None
            if keyword.arg == "allow_abbrev":
                abbreviations = not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
    if any(call.local and not _OWN_PARSERS.isdisjoint(call.names) for call in analysis.calls.all):
        return None
    for site in sites:
        names = analysis.evaluator.names(site.node, site.scope)
        if any(name.rpartition(".")[0] != f"{PARSER}()" for name in names):
            return None
        arguments = [*site.node.args, *(k.value for k in site.node.keywords if k.arg == "args")]
        if len(arguments) > 1 or any(keyword.arg != "args" for keyword in site.node.keywords):
            return None
        if not all(is_command_line(analysis, argument, site.scope) for argument in arguments):
            return None
    if any(not option.flags for option in options) or _is_passed_on(analysis):
        return None
    lenient = {"known" in last_name(site.node.func) for site in sites}
    strict = None if len(lenient) != 1 else not lenient.pop()
    return AcceptedOptions(Library.ARGPARSE, options, strict, abbreviations, analysis)


def _of_dataclasses(analysis: Analysis, options: tuple[Option, ...]) -> AcceptedOptions | None:
    sites = _parsings(analysis, _INTO_DATACLASSES)
    if not sites or any(site.node.args or site.node.keywords for site in sites):
        return None
    return AcceptedOptions(Library.DATACLASSES, options, True, analysis=analysis)


def _parsings(analysis: Analysis, *methods: str) -> list[CallSite]:
    """Return the calls of a library's parsing methods, without calls of a script's own ``parse_args``."""
    return [site for site in analysis.live_calls(*methods) if analysis.evaluator.names(site.node, site.scope)]


def _has_several_commands(analysis: Analysis) -> bool:
    """Return whether a click or typer program may have several commands, or a command with settings of its own."""
    for site in analysis.live_calls():
        names = analysis.evaluator.names(site.node, site.scope)
        if not any(name.startswith(("click.", "typer.")) for name in names):
            continue
        if any(keyword.arg in (None, *_COMMAND_SETTINGS) for keyword in site.node.keywords):
            return True
        if any(name in _SEVERAL_COMMANDS or name.endswith((".group", ".add_command")) for name in names):
            return True
    return any(_is_foreign_command(analysis, scope) for scope in analysis.live_scopes)


def _is_foreign_command(analysis: Analysis, scope: Scope) -> bool:
    """Return whether a function is a command of a group that no module of the program builds."""
    for decorator in getattr(scope.node, "decorator_list", ()):
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(function, ast.Attribute) and function.attr == "command":
            values = analysis.evaluator.values(function, scope.parent or scope)
            if not all(getattr(value, "name", "").startswith(("click.", "typer.")) for value in values):
                return True
    return False


def _changes_parser(analysis: Analysis, site: CallSite) -> bool:
    """Return whether a call adds commands or types to a parser, or may do so to an unknown object."""
    names = analysis.evaluator.names(site.node, site.scope)
    if any(name.startswith("argparse.") for name in names):
        return True
    is_subparser = last_name(site.node.func) == "add_subparsers"
    passed = len(site.node.args) + len(site.node.keywords)
    return any(name.startswith("?") for name in names) and (is_subparser or passed == _REGISTERED)


def _is_passed_on(analysis: Analysis) -> bool:
    """Return whether the program passes a parser to code that is not in the repository, which may add options."""
    evaluator = analysis.evaluator
    for site in analysis.live_calls():
        arguments = [*site.node.args, *(k.value for k in site.node.keywords if k.arg != "parents")]
        for argument in arguments:
            if not isinstance(argument, ast.Name | ast.Attribute | ast.Call):
                continue
            values = evaluator.values(argument, site.scope)
            if not any(isinstance(v, LibraryObject) and v.name.startswith(PARSER) for v in values):
                continue
            if any(
                isinstance(v, LibraryObject) and v.name in (f"{PARSER}()", f"{PARSER}().add_argument_group()")
                for v in values
            ) and evaluator.names(site.node, site.scope):
                return True
            called = evaluator.values(site.node.func, site.scope)
            if not called:
                return True
    return False
