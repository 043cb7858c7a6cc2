"""Programs that a script starts, and whether they can do a part of the job."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flake8_training.engine.flow.shell_lines import SHELLS, SUBSTITUTIONS, simple_commands, without_prefixes
from flake8_training.engine.values.values import Collection, Constant, Reference, StringTemplate, Value
from flake8_training.pattern import pattern

if TYPE_CHECKING:
    from flake8_training.engine.syntax.program import Program
    from flake8_training.engine.syntax.scopes import CallSite, Scope
    from flake8_training.engine.values.evaluator import Evaluator

STARTERS = frozenset(
    "subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen "
    "subprocess.getoutput subprocess.getstatusoutput os.system os.popen".split()
)

# Functions that run another program or script, with no command that this module reads.
_UNREAD_STARTERS = pattern(
    r"os\.(?:exec|spawn|posix_spawn)|asyncio\.(?:subprocess\.)?create_subprocess|pty\.spawn|runpy\.run_"
)

_STARTING_MODULES = frozenset({"subprocess", "asyncio", "pty", "runpy"})
_STARTING = pattern(r"(?:system|popen|exec[lv]\w*|spawn\w*|posix_spawn\w*)$")
"""The names of functions in ``os`` that start a program."""

# Programs that neither train, nor read or save anything of a model. Any other program may do all of it.
_HARMLESS = frozenset(
    "pip pip3 pip2 conda mamba uv poetry apt apt-get apt-key yum dpkg ls ll cat echo printf df du free "
    "top ps env printenv which whoami hostname hostnamectl uname nvidia-smi nvcc lscpu lsblk lspci "
    "ifconfig ip mkdir chmod chown sleep kill pkill killall date id ulimit sysctl nproc rm touch find "
    "grep head tail wc git neuron-ls neuron-top ldconfig gcc cmake npm sed service mount umount ssh-keygen "
    "sshd ping nslookup dig ethtool export cd set pwd true".split()
)
# Programs that only move files.
_COPYING = frozenset(
    "cp mv ln tar zip unzip gzip gunzip rsync aws s5cmd gsutil wget curl gunicorn nginx".split()
)
_PIP = pattern(
    r"\S*python[0-9.]*(?:\s+-[a-zA-Z]+)?\s+-m\s+(pip|ensurepip|spacy\s+download|nltk\.downloader|zipfile|venv)\b"
)
# "&" ends a command, except in "2>&1" and "&>log". A command substitution is a command too.
_INTO_FILE = pattern(r"\s[1&]?>>?(?!&|\s*/dev/)")
# Arguments with which these programs start another program, or a command from one of their files.
_STARTING_WORDS = {
    **dict.fromkeys(("conda", "mamba", "uv", "poetry", "npm"), frozenset({"run", "exec"})),
    "find": frozenset({"-exec", "-execdir", "-ok"}),
}
UNKNOWN_WORD = "?"
"""A word, or a part of one, that is unknown."""
_MOST_WORDS = 100
_INSTALLERS = frozenset("pip pip2 pip3 conda mamba micromamba uv poetry pipenv easy_install".split())
_SYSTEM_INSTALLERS = frozenset({"apt", "apt-get", "yum", "dnf"})
_SHOWING = frozenset(
    "list show freeze check config cache info search index inspect help --version -V".split()
)
"""Commands of installers that install nothing."""
_SHELLS = SHELLS | {"make"}
"""Programs that run commands of a file, or of a text that this module does not read."""
_PYTHON = pattern(r"python[0-9.]*$")


def is_inert_command(evaluator: Evaluator, names: Sequence[str], site: CallSite, what: str) -> bool:
    """Return whether a call starts only programs that are known not to do ``what`` ("reads", "saves", ...).

    ``names`` are the canonical names of the callee.
    """
    if not names or not all(name in STARTERS for name in names):
        return False
    passed = _command_arguments(site)
    values = evaluator.values(passed[0], site.scope) if passed else ()
    files = what in ("reads", "saves")
    return bool(values) and all(_is_harmless(evaluator, value, files) for value in values)


def inherits_environment(evaluator: Evaluator, names: Sequence[str], site: CallSite) -> bool:
    """Return whether a call starts a program that inherits the script's environment and may read any variable."""
    if any(name in STARTERS for name in names):
        return not is_inert_command(evaluator, names, site, "variables")
    return any(_UNREAD_STARTERS.match(name) for name in names)


def may_install(evaluator: Evaluator, names: Sequence[str], site: CallSite) -> bool:
    """Return whether a call may install Python packages: with an installer, a shell script or an unknown command."""
    if any(name.startswith(("pip.", "ensurepip.")) or _UNREAD_STARTERS.match(name) for name in names):
        return not any(name.startswith("runpy.") for name in names)
    if not any(name in STARTERS for name in names):
        return False
    passed = _command_arguments(site)
    values = evaluator.values(passed[0], site.scope) if passed else ()
    commands = [_commands(evaluator, value) for value in values]
    return not commands or any(
        one is None or any(_command_may_install(words) for words in one) for one in commands
    )


def started_commands(evaluator: Evaluator, names: Sequence[str], site: CallSite) -> list[list[str]]:
    """Return the words of the commands that a call certainly starts, ``?`` for unknown parts; none if unknown.

    A list may lack words that the program adds later, and a word may hold several.
    """
    if not names or not all(name in STARTERS for name in names):
        return []
    passed = _command_arguments(site)
    values = evaluator.values(passed[0], site.scope) if passed else ()
    return (_commands(evaluator, values[0]) or []) if len(values) == 1 else []


def has_all_words(evaluator: Evaluator, site: CallSite) -> bool:
    """Return whether the command of a call has no more words than :func:`started_commands` returns.

    An unknown element of a list is one word; an unknown part of a string, or a list that the program changes, may hold
    any number.
    """
    passed = _command_arguments(site)
    values = evaluator.values(passed[0], site.scope) if passed else ()
    value = values[0] if len(values) == 1 else None
    if not isinstance(value, Collection):
        return isinstance(value, Constant)
    return (
        isinstance(value.node, ast.List | ast.Tuple)
        and len(value.node.elts) <= _MOST_WORDS
        and not any(isinstance(element, ast.Starred) for element in value.node.elts)
        and not evaluator.containers.in_place_calls(value)
        and _is_bound_once(passed[0], value, site.scope)
    )


def _is_bound_once(node: ast.expr, value: Collection, scope: Scope) -> bool:
    """Return whether an argument is a display, or a name whose only binding is one: no ``+=`` adds to it."""
    if node is value.node:
        return True
    binding = scope.only_binding(node.id) if isinstance(node, ast.Name) else None
    return binding is not None and binding.value is value.node


def may_start(program: Program) -> bool:
    """Return whether a program may start another one: a cheap check that most programs fail."""
    return any(dotted.partition(".")[0] in _STARTING_MODULES for dotted, _ in program.imports) or any(
        _STARTING.match(node.attr) for node, _ in program.attribute_loads()
    )


def _command_arguments(site: CallSite) -> list[ast.expr]:
    """Return the argument of a starter that is its command."""
    keywords = (k.value for k in site.node.keywords if k.arg in ("args", "cmd", "command"))
    return [*site.node.args[:1], *keywords]


def _is_harmless(evaluator: Evaluator, value: Value, files: bool) -> bool:
    line = line_of(value)
    if files and line is not None and _INTO_FILE.search(line):
        return False
    commands = _commands(evaluator, value)
    return commands is not None and all(_command_is_harmless(words, files) for words in commands)


def _commands(evaluator: Evaluator, value: Value) -> list[list[str]] | None:
    """Return the first words of each command of a value, with ``UNKNOWN_WORD`` for unknown ones; None if unknown."""
    if isinstance(value, Collection):
        words = _words(evaluator, value)
        return None if words is None else [words]
    line = line_of(value)
    if line is None:
        return None
    parts = (part for command in simple_commands(line) for part in SUBSTITUTIONS.split(command))
    return [words for part in parts if (words := part.strip(" )").split())]


def line_of(value: Value) -> str | None:
    """Return a command line, with ``UNKNOWN_WORD`` for its unknown parts; None if the value is no string."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, StringTemplate):
        return "".join(part if isinstance(part, str) else UNKNOWN_WORD for part in value.parts)
    return None


def _words(evaluator: Evaluator, value: Collection) -> list[str] | None:
    """Return the first words of a command passed as a list, with ``UNKNOWN_WORD`` for unknown ones."""
    if not isinstance(value.node, ast.List | ast.Tuple):
        return None
    words: list[str] = []
    for element in value.node.elts[:_MOST_WORDS]:
        known: list[object] = []
        for one in evaluator.values(element, value.scope, value.frame):
            if isinstance(one, Constant):
                known.append(one.value)
            elif isinstance(one, Reference) and one.name == "sys.executable":
                known.append("python")
            else:
                known.append(line_of(one))
        if len(known) != 1 or not isinstance(known[0], str):
            words.append(UNKNOWN_WORD)
        else:
            words.append(known[0])
    return words or None


def _command_is_harmless(words: list[str], files: bool) -> bool:
    """Return whether one command is harmless; ``files``: copying files is not harmless here."""
    if words != ["env"]:
        words = without_prefixes(words)
    if _PIP.match(" ".join(words)):
        return True
    first = words[0].rpartition("/")[2] if words else ""
    if _STARTING_WORDS.get(first, frozenset()) & set(words[1:]):
        return False
    return first in _HARMLESS or (not files and first in _COPYING)


def _command_may_install(words: list[str]) -> bool:
    """Return whether one command may install Python packages."""
    words = without_prefixes(words)
    first = words[0].rpartition("/")[2] if words else ""
    rest = words[1:]
    if _PYTHON.match(first):
        if "-m" in rest[:-1]:
            first, rest = rest[rest.index("-m") + 1], rest[rest.index("-m") + 2 :]
            if first not in _INSTALLERS:
                return first in ("ensurepip", UNKNOWN_WORD)
        else:
            return rest[:1] in ([], [UNKNOWN_WORD], ["-c"]) or "setup.py" in rest
    if first in _INSTALLERS:
        return (
            not rest or next((one for one in rest if one in _SHOWING or one[:1] != "-"), "") not in _SHOWING
        )
    if first in _SYSTEM_INSTALLERS:
        return any(one.startswith(("python", UNKNOWN_WORD)) for one in rest)
    return first in _SHELLS or UNKNOWN_WORD in first or first.endswith(".sh")
