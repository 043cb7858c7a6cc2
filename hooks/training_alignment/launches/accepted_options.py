"""The options that a script's command line accepts, and the result of parsing a value.

For argparse, a parser with the script's known options parses the tokens that SageMaker passes. For the other
libraries only the names of options are compared.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from enum import Enum
from functools import lru_cache

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.syntax.parents import parent
from flake8_training.engine.syntax.scopes import CallSite, last_name
from flake8_training.engine.values.option import Option
from flake8_training.engine.values.values import LibraryObject
from flake8_training.record import Record
from training_alignment.launches.argparse_option import Declared, OptionParser, Refused, declared

PARSER = "argparse.ArgumentParser"
_PARSINGS = ("parse_args", "parse_known_args", "parse_intermixed_args", "parse_known_intermixed_args")
_INTO_DATACLASSES = "parse_args_into_dataclasses"
_PARSER_SETTINGS = frozenset({"prefix_chars", "fromfile_prefix_chars", "exit_on_error", "argument_default"})


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

    def match(self, flag: str) -> tuple[Match, tuple[Option, ...]]:
        """Return the options that a spelling matches; as in argparse, a beginning of a spelling may match."""
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


@lru_cache(maxsize=2)
def acceptance(analysis: Analysis) -> AcceptedOptions | None:
    """Return the options of a script, or None if it may have others, or if nothing parses them."""
    if analysis.options.open_ended or _reads_argv(analysis):
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
        for site in analysis.live_calls()
        for keyword in site.node.keywords
    ) or any(analysis.live_calls("group", "add_command", "Typer")):
        return None
    return AcceptedOptions(library, options, True, abbreviations=False, analysis=analysis)


def _of_argparse(
    analysis: Analysis, options: tuple[Option, ...], sites: list[CallSite]
) -> AcceptedOptions | None:
    abbreviations = True
    if any(analysis.live_calls("add_subparsers", "register", "add_argument_to")):
        return None
    for site in analysis.live_calls("ArgumentParser"):
        for keyword in site.node.keywords:
            if keyword.arg is None or keyword.arg in _PARSER_SETTINGS:
                return None
            if keyword.arg == "allow_abbrev":
                abbreviations = not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
    for scope in analysis.program.scopes:
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
    return AcceptedOptions(Library.ARGPARSE, options, strict, abbreviations, analysis)


def _of_dataclasses(analysis: Analysis, options: tuple[Option, ...]) -> AcceptedOptions | None:
    sites = _parsings(analysis, _INTO_DATACLASSES)
    if not sites or any(site.node.args or site.node.keywords for site in sites):
        return None
    return AcceptedOptions(Library.DATACLASSES, options, True, analysis=analysis)


def _parsings(analysis: Analysis, *methods: str) -> list[CallSite]:
    """Return the calls of a library's parsing methods, without calls of a script's own ``parse_args``."""
    return [site for site in analysis.live_calls(*methods) if analysis.evaluator.names(site.node, site.scope)]


def _is_argv(node: ast.expr) -> bool:
    """Return whether a node is ``sys.argv``, a slice of it, or None."""
    if isinstance(node, ast.Subscript):
        node = node.value
    return (isinstance(node, ast.Attribute) and node.attr == "argv") or (
        isinstance(node, ast.Constant) and node.value is None
    )


def _reads_argv(analysis: Analysis) -> bool:
    """Return whether the program reads ``sys.argv`` other than to pass it to a parser."""
    return any(dotted == "sys.argv" for dotted, _ in analysis.program.imports) or any(
        not _is_parsed(scope.module.tree, node) for node, scope in analysis.live_attribute_loads("argv")
    )


def _is_parsed(tree: ast.Module, node: ast.AST) -> bool:
    around = parent(tree, node)
    if isinstance(around, ast.Subscript):
        around = parent(tree, around)
    return isinstance(around, ast.Call) and last_name(around.func) in _PARSINGS


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
