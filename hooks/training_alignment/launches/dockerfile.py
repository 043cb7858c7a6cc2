"""Reads a Dockerfile into its instructions, and the last stage into the settings of the image.

Source: the Dockerfile reference of Docker 27 (continuations, comments, heredocs, ``ARG`` and ``ENV`` substitution, exec
and shell forms). A value with a variable that the file does not set is unknown, and is None.
"""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Iterator

from flake8_training.pattern import pattern
from flake8_training.record import Record

_MOST_LINES = 5_000
_INSTRUCTION = pattern(r"\s*([A-Za-z]+)(?:\s+|$)")
_HEREDOC = pattern(r"<<-?[\"']?(\w+)[\"']?")
_VARIABLE = pattern(r"\$(?:\{(\w{1,100})(?:(:?[-+])([^}]{0,200}))?\}|(\w{1,100}))")
_FLAG = pattern(r"--([a-z-]+)(?:=(\S*))?\s+")
_LONGEST = 10_000
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The folders in which a base image looks for programs."""


class Instruction(Record):
    """One instruction: its name in upper case, its flags, the text after them, and its first line."""

    name: str
    text: str
    line: int
    flags: tuple[tuple[str, str], ...] = ()

    def flag(self, name: str) -> str | None:
        """Return the value of a flag (``--from=build``), or None."""
        return next((value for key, value in self.flags if key == name), None)


class Command(Record):
    """The command of ``ENTRYPOINT`` or ``CMD``: ``words`` in the exec form, None in the shell form."""

    words: tuple[str, ...] | None
    line: int


class Copy(Record):
    """What ``COPY`` or ``ADD`` copies: the paths in the context, and the absolute path in the image.

    ``sources`` is None if they come from another stage, from an address or from the file itself; ``destination`` is
    None if it is unknown.
    """

    sources: tuple[str, ...] | None
    destination: str | None
    into_folder: bool
    mode: str | None
    line: int


class Run(Record):
    """The text of one ``RUN``, its folder in the image, and its line."""

    text: str
    line: int


class Image(Record):
    """The settings of an image: those of the last stage of its Dockerfile, and of the stages that it is built from.

    ``base`` is the image of the first of these stages, None if it is unknown. ``folders`` are the folders of ``PATH``,
    None if it is unknown.
    """

    base: str | None
    variables: dict[str, tuple[str | None, int]]
    workdir: str | None
    folders: tuple[str, ...] | None
    copies: tuple[Copy, ...]
    runs: tuple[Run, ...]
    entry_point: Command | None
    command: Command | None
    created: frozenset[str]
    """The folders that ``WORKDIR`` makes."""

    line: int = 1
    """The line of the last ``FROM``."""


def instructions(text: str) -> Iterator[Instruction]:
    """Yield the instructions of a Dockerfile."""
    lines = text.replace("\r\n", "\n").split("\n")[:_MOST_LINES]
    escape = "`" if re.match(r"#\s*escape\s*=\s*`", lines[0] if lines else "") else "\\"
    index = 0
    while index < len(lines):
        first = index
        parts: list[str] = []
        while index < len(lines):
            line = lines[index]
            index += 1
            if line.lstrip().startswith("#") or (parts and not line.strip()):
                continue
            stripped = line.rstrip()
            if not parts:
                first = index - 1
            if stripped.endswith(escape):
                parts.append(stripped[:-1])
                continue
            parts.append(stripped)
            break
        whole = " ".join(part.strip() for part in parts)
        found = _INSTRUCTION.match(whole)
        if found is None:
            continue
        name, rest = found[1].upper(), whole[found.end() :]
        if name in ("RUN", "COPY", "ADD"):
            for end in _HEREDOC.findall(rest)[:8]:
                body: list[str] = []
                while index < len(lines) and lines[index].strip() != end:
                    body.append(lines[index])
                    index += 1
                index += 1
                rest = "\n".join([rest, *body]) if name == "RUN" else rest
        flags: list[tuple[str, str]] = []
        while flag := _FLAG.match(rest):
            flags.append((flag[1], flag[2] or ""))
            rest = rest[flag.end() :]
        yield Instruction(name, rest, first + 1, tuple(flags))


def read_dockerfile(data: bytes) -> Image | None:
    """Return the image that a Dockerfile builds; None if it has no stage."""
    arguments: dict[str, str | None] = {}
    stages: list[tuple[str, str, list[Instruction]]] = []
    line = 1
    for one in instructions(data.decode("utf-8-sig", errors="replace")):
        if one.name == "FROM":
            words = one.text.split()
            shown = _substituted(words[0], arguments) if words else None
            name = words[2].lower() if len(words) == 3 and words[1].lower() == "as" else ""
            stages.append((shown or "", name, []))
            line = one.line
        elif stages:
            stages[-1][2].append(one)
        elif one.name == "ARG":
            _declare(one.text, arguments)
    if not stages:
        return None
    chain = [stages[-1]]
    while len(chain) <= len(stages):
        above = next((one for one in stages if one[1] and one[1] == chain[-1][0].lower()), None)
        if above is None or above in chain:
            break
        chain.append(above)
    reading = _Reading()
    for _, _, steps in reversed(chain):
        for step in steps:
            reading.add(step)
    return reading.image(chain[-1][0] or None, line)


class _Reading:
    """The settings of an image while its instructions are read in turn."""

    def __init__(self) -> None:
        self.variables: dict[str, tuple[str | None, int]] = {}
        self.known: dict[str, str | None] = {"PATH": PATH}
        self.workdir: str | None = "/"
        self.copies: list[Copy] = []
        self.runs: list[Run] = []
        self.entry_point: Command | None = None
        self.command: Command | None = None
        self.created: set[str] = set()

    def add(self, one: Instruction) -> None:
        if one.name == "ENV":
            for name, value in _pairs(one.text):
                shown = _substituted(value, self.known)
                self.known[name] = shown
                self.variables[name] = (shown, one.line)
        elif one.name == "ARG":
            _declare(one.text, self.known)
        elif one.name == "WORKDIR":
            self.workdir = self._absolute(one.text.strip().strip("\"'"))
            if self.workdir is not None:
                self.created.add(self.workdir)
        elif one.name in ("COPY", "ADD"):
            self._copy(one)
        elif one.name == "RUN":
            text = _substituted(one.text, self.known, keep=True) or one.text
            self.runs.append(Run(text, one.line))
        elif one.name == "ENTRYPOINT":
            self.entry_point = Command(_exec_form(one.text), one.line) if one.text.strip() != "[]" else None
        elif one.name == "CMD":
            self.command = Command(_exec_form(one.text) or tuple(one.text.split()), one.line)

    def _absolute(self, path: str) -> str | None:
        shown = _substituted(path, self.known)
        if shown is None or (self.workdir is None and not shown.startswith("/")):
            return None
        return posixpath.normpath(posixpath.join(self.workdir or "/", shown))

    def _copy(self, one: Instruction) -> None:
        words = _exec_form(one.text)
        if words is None:
            try:
                words = tuple(shlex.split(one.text))
            except ValueError:
                words = ()
        if len(words) < 2 or "<<" in one.text:
            self.copies.append(Copy(None, None, False, None, one.line))
            return
        *sources, last = words
        shown = [_substituted(source, self.known) for source in sources]
        local = [source for source in shown if source is not None and "://" not in source]
        elsewhere = one.flag("from") is not None or len(local) != len(shown)
        into = last.endswith("/") or last in (".", "..") or len(sources) > 1
        self.copies.append(
            Copy(
                None if elsewhere else tuple(local),
                self._absolute(last),
                into,
                one.flag("chmod"),
                one.line,
            )
        )

    def image(self, base: str | None, line: int) -> Image:
        path = self.known.get("PATH")
        folders = (
            None if path is None else tuple(posixpath.normpath(part) for part in path.split(":") if part)
        )
        return Image(
            base, self.variables, self.workdir, folders, tuple(self.copies), tuple(self.runs), self.entry_point,
            self.command, frozenset(self.created), line,
        )  # fmt: skip


def _declare(text: str, known: dict[str, str | None]) -> None:
    """Set a variable of ``ARG`` to its default; it is unknown without one."""
    name, equals, value = text.strip().partition("=")
    known[name.strip()] = value.strip().strip("\"'") if equals else None


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield the variables of ``ENV``, in its form with ``=`` or without."""
    text = text.strip()[:_LONGEST]
    if "=" not in text.partition(" ")[0]:
        name, *rest = text.split(None, 1)
        yield name, _unquoted("".join(rest))
        return
    try:
        words = shlex.split(text)
    except ValueError:
        return
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            yield name, value


def _unquoted(text: str) -> str:
    """Return a value without the quotes around it (BuildKit ``ProcessWord``)."""
    quote = text[:1]
    return text[1:-1] if len(text) > 1 and quote in "\"'" and text.endswith(quote) else text


def _substituted(text: str, known: dict[str, str | None], keep: bool = False) -> str | None:
    """Return a text with the values of its variables; None if one is unknown, unless ``keep`` leaves it as it is."""
    unknown = False

    def replacement(found: re.Match[str]) -> str:
        nonlocal unknown
        value = known.get(found[1] or found[4])
        if value is None and found[2] in ("-", ":-"):
            value = found[3]
        if value is None:
            unknown = True
            return found[0]
        return value

    shown = _VARIABLE.sub(replacement, text[:_LONGEST])
    return None if (unknown and not keep) or len(shown) > _LONGEST else shown


def _exec_form(text: str) -> tuple[str, ...] | None:
    """Return the words of the exec form (``["python", "train.py"]``); None for the shell form."""
    if not text.lstrip().startswith("["):
        return None
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return None
    return tuple(words)
