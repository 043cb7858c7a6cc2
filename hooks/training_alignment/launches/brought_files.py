"""Files that a launcher brings: those that it writes, copies, downloads or checks out before a job starts.

A call counts by its canonical name and by the path that it writes to; a shell line by its program and its destination.
An unknown destination may be any path. A call of unknown code counts if the file or its folder is passed to it.
"""

from __future__ import annotations

import ast
import itertools
import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator
from functools import cached_property

from flake8_training.engine.flow.shell_lines import SEPARATORS, simple_commands, without_prefixes
from flake8_training.engine.flow.subprocesses import STARTERS
from flake8_training.engine.syntax.scopes import CallSite
from flake8_training.engine.values.values import (
    UNKNOWN,
    Collection,
    Constant,
    Reference,
    StringTemplate,
    Unknown,
    Value,
    Values,
)
from flake8_training.launcher import Launcher
from flake8_training.libraries.rows import RECEIVER, Saves
from flake8_training.libraries.table import table
from flake8_training.pattern import pattern
from flake8_training.record import Record
from training_alignment.launches.notebook import Command

_Arguments = tuple[int | str, ...]

# Calls that download or check out files, with the arguments that hold the destination; an empty tuple for a call
# that writes to no known argument. Sources: boto3 1.42, sagemaker 2.257.7 (s3.py, session.py), huggingface_hub 0.36,
# GitPython 3.1, wget 3.2, gdown 5.2, s3fs 2025.
_DOWNLOADS: dict[str, _Arguments] = {
    "urllib.request.urlretrieve": (1, "filename"),
    "wget.download": (1, "out"),
    "gdown.download": (1, "output"),
    "git.Repo.clone_from": (1, "to_path"),
    "git.Repo().clone": (0, "path"),
    "git.Git().clone": (1,),
    "pygit2.clone_repository": (1, "path"),
    "huggingface_hub.snapshot_download": ("local_dir",),
    "huggingface_hub.hf_hub_download": ("local_dir",),
    "sagemaker.s3.S3Downloader.download": (1, "local_path"),
    "sagemaker.core.s3.S3Downloader.download": (1, "local_path"),
    "sagemaker.session.Session().download_data": (0, "path"),
    "sagemaker.Session().download_data": (0, "path"),
    "s3fs.S3FileSystem().get": (1, "lpath"),
    "s3fs.S3FileSystem().download": (1, "lpath"),
    "runpy.run_path": (),
    "runpy.run_module": (),
    "os.chdir": (),
}
# The same for methods of objects that boto3 constructs: the end of the canonical name, the most specific first.
_BOTO3_DOWNLOADS: tuple[tuple[str, _Arguments], ...] = (
    (".Object().download_file", (0, "Filename")),
    (".Bucket().download_file", (1, "Filename")),
    (".download_file", (2, "Filename")),
)
_OF_BOTO3 = ("boto3.", "aioboto3.", "sagemaker.")
_NOTEBOOK = "builtins.get_ipython()"
_SHELLS = frozenset({f"{_NOTEBOOK}.system", f"{_NOTEBOOK}.getoutput", f"{_NOTEBOOK}.run_line_magic"})

# Programs that bring no source file. Any other program may write anything.
_IDLE = frozenset(
    "pip pip3 conda mamba uv poetry apt apt-get yum dnf brew npm ls ll cat echo printf pwd which whoami hostname uname "
    "df du free ps env printenv export set unset source head tail wc grep egrep find tree date sleep kill pkill "
    "killall chmod chown rm rmdir mkdir test true false nvidia-smi nvcc lscpu docker docker-compose podman "
    "terraform kubectl pygmentize tree less more id history clear file stat diff sort uniq jq service systemctl "
    "lsof sed exit command".split()
)
_ENVIRONMENTS = frozenset({"conda", "mamba", "uv", "poetry", "npm"})
"""Idle programs whose command ``run`` or ``exec`` starts another program."""
# Magics of IPython that bring no source file; ``%cd`` changes the folder of all paths.
_IDLE_MAGICS = frozenset(
    "pip conda matplotlib load_ext reload_ext autoreload config env set_env time timeit pylab who whos who_ls "
    "reset store precision pwd pinfo pdoc psource history html javascript js latex markdown svg sql xmode "
    "memit mprun lprun prun tensorboard watermark capture local spark configure pylab aimport help".split()
)
_WRITING_CELL = pattern(r"\s*%%(?:writefile|file)\b([^\n]*)")
_SHELL_CELL = pattern(r"\s*%%(?:bash|sh|!|script\s+(?:ba)?sh)[^\n]*\n?")
_INTO_FILE = pattern(r"(?<![0-9&-])[1&]?>>?\s*([^\s&;|)]+)")
_INTERPOLATED = pattern(r"(?<!\{)\{([A-Za-z_][\w.]*+)\}|(?<!\$)\$([A-Za-z_]\w*+)")
_UNKNOWN_WORD = pattern(r"[${`*?]")
# Commands of git that change no file of the working tree.
_IDLE_GIT = frozenset(
    "status log diff show rev-parse config describe remote branch tag add commit push fetch ls-files "
    "blame rev-list ls-remote init version --version".split()
)
_COPYING = frozenset({"cp", "mv", "ln", "rsync", "scp", "install"})
_BRINGING_LINE = pattern(
    r"(?:^|[\s;&|(\"'=:!])(?:cp|mv|ln|rsync|scp|curl|wget|unzip|tar|aws|gsutil|git|sed|tee|envsubst|mkdir|make|"
    r"python3?|bash|sh|zip|jinja2?|cookiecutter)\s|>|\b(?:COPY|ADD)\s"
)
_RUNNERS = frozenset({"python", "python3", "bash", "sh"})
_MOST_COMMANDS = 2_000


class Destination(Record):
    """A path that something writes to. ``parts`` are its literal parts in order, None for unknown ones."""

    parts: tuple[str | None, ...] = (None,)

    def may_be(self, path: str) -> bool:
        """Return whether the destination may be a path, or a folder around it."""
        if None not in self.parts:
            whole = posixpath.normpath("".join(part for part in self.parts if part is not None) or ".")
            while whole.startswith("../"):
                whole = whole[3:]
            return whole in (".", "..") or path == whole or path.startswith(f"{whole}/")
        first, last = self.parts[0], self.parts[-1]
        head = posixpath.normpath(first) if first else ""
        if first and not (f"{path}/".startswith(head) or head.startswith(path)):
            return False
        # The unknown end of a folder may be anything; a literal end with a suffix is that of a file.
        return last is None or "." not in last or path.endswith(last)


ANYWHERE = Destination()


class BroughtFiles:
    """The destinations of one launcher's writes. ``commands`` are the shell lines and other cells of a notebook.

    What runs after the last start of a job brings nothing for it.
    """

    def __init__(self, launcher: Launcher, commands: Iterable[Command]) -> None:
        self._launcher = launcher
        self._commands = tuple(commands)

    @cached_property
    def _last_start(self) -> int | None:
        """The line of the last start of a job at the top level of the file; None if another function may start one."""
        starts = [
            *(job.node for job in self._launcher.jobs),
            *(job.node for job in self._launcher.processing_jobs),
            *(request.node for request in self._launcher.requests),
        ]
        if not starts or any(self._launcher.scope_of(node).kind != "module" for node in starts):
            return None
        return max(node.lineno for node in starts)

    def _is_after_start(self, site: CallSite) -> bool:
        last, module = self._last_start, self._launcher.module
        return last is not None and site.scope is module.top and site.line > last

    def _is_never_called(self, site: CallSite) -> bool:
        """Return whether a call is in a function of the program that nothing calls or passes on."""
        function, evaluator = site.scope.function, self._launcher.evaluator
        return (
            function is not None
            and function.kind == "function"
            and function.owner is None
            and function.parent is function.module.top
            and not evaluator.callers(function)
            and not evaluator.parameters.escapes(function)
        )

    def may_bring(self, paths: Iterable[str]) -> bool:
        """Return whether the launcher may bring a file to one of these paths: spellings of one place."""
        wanted = [posixpath.normpath(path) for path in paths]
        return any(found.may_be(path) for found in self._destinations for path in wanted) or any(
            self._is_passed_on(path) for path in wanted
        )

    @cached_property
    def _destinations(self) -> tuple[Destination, ...]:
        found = list(self._of_notebook())
        for module in self._launcher.program.modules.values():
            for name, sites in module.calls_by_name.items():
                if name in _LAST_NAMES:
                    for site in sites:
                        if not self._is_after_start(site) and not self._is_never_called(site):
                            found.extend(self._of_call(site, name))
        return tuple(dict.fromkeys(found))

    # -- calls

    def _of_call(self, site: CallSite, last: str) -> Iterator[Destination]:
        evaluator = self._launcher.evaluator
        for name in evaluator.names(site.node, site.scope):
            if name in STARTERS or name in _SHELLS:
                yield from self._of_command_call(site)
            elif name in _DOWNLOADS:
                yield from self._of_argument(site, _DOWNLOADS[name])
            elif name in _OPENING:
                if self._may_write(site):
                    yield from self._of_argument(site, _OPENING[name])
            elif name.startswith(_OF_BOTO3) and last == "download_file":
                yield from self._of_argument(
                    site, next(places for end, places in _BOTO3_DOWNLOADS if name.endswith(end))
                )
            else:
                for row in table().match(name):
                    # A method of an unknown object counts by the paths that are passed to it: `_is_passed_on`.
                    if row.name.startswith("?."):
                        continue
                    if isinstance(row, Saves) and row.what in ("copy", "data") and row.path:
                        yield from self._of_argument(site, row.path)

    def _may_write(self, site: CallSite) -> bool:
        """Return whether an opening may be one for writing, by its mode."""
        name = self._launcher.evaluator.names(site.node, site.scope)
        index = 0 if any(one.startswith("pathlib.") for one in name) else 1
        mode = self._argument(site, (index, "mode"))
        if mode is None:
            return False
        values = self._launcher.evaluator.values(mode, site.scope)
        return not values or any(
            not isinstance(v, Constant) or bool(set("wax+") & set(str(v.value))) for v in values
        )

    def _of_argument(self, site: CallSite, places: _Arguments) -> Iterator[Destination]:
        """Yield the destinations that a call's argument can be; the current folder if the call lacks it."""
        if not places:
            yield ANYWHERE
            return
        node = self._argument(site, places)
        if node is None:
            source = self._argument(site, (0, "url"))
            literal = source.value if isinstance(source, ast.Constant) else None
            name = _name_of_download(literal) if isinstance(literal, str) else ""
            is_open = any(k.arg is None for k in site.node.keywords)
            yield ANYWHERE if is_open else Destination((name or ".",))
            return
        for value in self._launcher.evaluator.values(node, site.scope) or (UNKNOWN,):
            yield self._destination(value)

    @staticmethod
    def _argument(site: CallSite, places: _Arguments) -> ast.expr | None:
        for place in places:
            if place == RECEIVER:
                func = site.node.func
                return func.value if isinstance(func, ast.Attribute) else None
            if isinstance(place, int) and place < len(site.node.args):
                return site.node.args[place]
            for keyword in site.node.keywords:
                if keyword.arg == place:
                    return keyword.value
        return None

    @staticmethod
    def _destination(value: Value) -> Destination:
        if isinstance(value, Constant) and isinstance(value.value, str):
            return Destination((value.value,))
        if isinstance(value, StringTemplate):
            return Destination(tuple(part if isinstance(part, str) else None for part in value.parts))
        return ANYWHERE

    def _is_passed_on(self, path: str) -> bool:
        """Return whether unknown code gets the path or its folder, and may write there.

        It gets its arguments, and the receiver of a method.
        """
        for module in self._launcher.program.modules.values():
            for site in module.calls:
                if not self._is_after_start(site) and any(
                    self._may_name(one, site, path) for one in _passed(site.node)
                ):
                    if self._is_unknown_code(site) and not self._is_never_called(site):
                        return True
        return False

    def _may_name(self, node: ast.expr, site: CallSite, path: str) -> bool:
        """Return whether an argument may be the path or its folder, by what is known of its value."""
        spellings = (path, posixpath.dirname(path) or path)
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str) and posixpath.normpath(node.value) in spellings
        for value in self._launcher.evaluator.values(node, site.scope):
            if isinstance(value, Constant) and isinstance(value.value, str):
                if posixpath.normpath(value.value) in spellings:
                    return True
            elif isinstance(value, StringTemplate):
                first, last = (
                    part if isinstance(part, str) else "" for part in (value.parts[0], value.parts[-1])
                )
                first, last = first.removeprefix("./"), last.rstrip("/")
                if (first or last) and any(one.startswith(first) and one.endswith(last) for one in spellings):
                    return True
        return False

    def _is_unknown_code(self, site: CallSite) -> bool:
        """Return whether a call goes to code that is neither in the program nor that of a known library."""
        values = self._launcher.evaluator.values(site.node.func, site.scope)
        return not values or any(
            isinstance(value, Unknown)
            or (
                isinstance(value, Reference)
                and not value.name.startswith(("builtins.", "sagemaker.", "boto3.", "os.", "pathlib."))
                and table().library(value.name) is None
            )
            for value in values
        )

    # -- commands

    def _of_command_call(self, site: CallSite) -> Iterator[Destination]:
        node = self._argument(site, (0, "args", "cmd", "command"))
        values: Values = self._launcher.evaluator.values(node, site.scope) if node is not None else ()
        for value in values or (UNKNOWN,):
            if isinstance(value, Collection):
                yield from _of_words(self._words(value))
            elif isinstance(value, Constant) and isinstance(value.value, str):
                yield from _of_line(value.value)
            elif isinstance(value, StringTemplate):
                yield from _of_line("".join(p if isinstance(p, str) else "$UNKNOWN" for p in value.parts))
            else:
                yield ANYWHERE

    def _words(self, value: Collection) -> list[str]:
        """Return the words of a command passed as a list, ``$UNKNOWN`` for unknown ones."""
        elements = self._launcher.elements(value)
        if elements is None:
            first = value.node.elts[:1] if isinstance(value.node, ast.List | ast.Tuple) else []
            elements = [self._launcher.reader.expression(one, value.scope, value.frame) for one in first]
        found: list[str] = []
        for element in elements[:50]:
            values = element.values
            if values == (Reference("sys.executable"),) or any(
                isinstance(v, Reference) and v.name == "sys.executable" for v in values
            ):
                found.append("python")
            else:
                found.append(element.text if element.text is not None else "$UNKNOWN")
        return found or ["$UNKNOWN"]

    def _filled_in(self, line: str) -> str:
        """Return a shell line with the values that IPython inserts for ``{name}`` and ``$name``, if they are known."""
        return _INTERPOLATED.sub(self._value_in_shell, line)

    def _value_in_shell(self, match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name == "sys.executable":
            return "python"
        top = self._launcher.module.top
        if top.lookup(name) is None:
            return match[0]
        values = self._launcher.evaluator.values(ast.Name(name, ast.Load(), lineno=10**6, col_offset=0), top)
        value = values[0] if len(values) == 1 else UNKNOWN
        if isinstance(value, Constant) and isinstance(value.value, str | int):
            return str(value.value)
        parts = value.parts if isinstance(value, StringTemplate) else ()
        # The unknown rest of a remote address does not make it a local path.
        return "s3://unknown" if parts and str(parts[0]).startswith("s3://") else match[0]

    def _of_notebook(self) -> Iterator[Destination]:
        for number, command in enumerate(self._commands):
            if number >= _MOST_COMMANDS:
                yield ANYWHERE
                return
            text = self._filled_in(command.text.strip())
            if not text or (self._last_start is not None and command.line > self._last_start):
                continue
            writing = _WRITING_CELL.match(text)
            if writing:
                words = writing[1].split()
                if {"-a", "--append"}.intersection(words):
                    # A part of a file, which `LauncherFile.written` does not have.
                    yield _word(words[-1])
                continue
            cell = _SHELL_CELL.match(text)
            if cell:
                yield from _of_line(text[cell.end() :])
            elif text.startswith("!"):
                yield from _of_line(text.lstrip("!"))
            elif text.startswith("%"):
                magic = re.split(r"[\s(]", text.lstrip("%"), maxsplit=1)[0]
                if magic in ("sx", "system"):
                    yield from _of_line(text.lstrip("%")[len(magic) :])
                elif magic not in _IDLE_MAGICS:
                    yield ANYWHERE
            elif re.fullmatch(r"[\w.]+\s*=\s*[!%].*", text, re.DOTALL):
                yield from _of_line(text.partition("=")[2].strip().lstrip("!"))
            elif not text.startswith("?") and not text.endswith("?"):
                # A cell that is no Python, or one in another language.
                yield ANYWHERE


def _of_line(line: str) -> Iterator[Destination]:
    """Yield the destinations of a shell line, or of several."""
    line = line.replace("\\\n", " ")
    for target in _INTO_FILE.findall(line):
        if not target.startswith("/dev/"):
            yield ANYWHERE if _UNKNOWN_WORD.search(target) else Destination((target.strip("'\""),))
    for command in simple_commands(_INTO_FILE.sub(" ", line)):
        part = command.strip(" ()\t!")
        if not part or part.startswith("#"):
            continue
        try:
            words = shlex.split(part, comments=True)
        except ValueError:
            words = part.split()
        yield from _of_words(words)


def _of_words(words: list[str]) -> Iterator[Destination]:
    """Yield the destinations of one command."""
    words = without_prefixes(words)
    if not words:
        return
    program, rest = posixpath.basename(words[0].replace("\\", "/")), words[1:]
    plain = [word for word in rest if not word.startswith("-")]
    if program.startswith("python") and rest[:2] in (["-m", "pip"], ["-m", "ensurepip"]):
        return
    if program.startswith("python") and rest[:1] in (["--version"], ["-V"]):
        return
    if program in _ENVIRONMENTS and plain[:1] in (["run"], ["exec"]):
        yield ANYWHERE
    elif program == "source" and plain and plain[0].endswith(".sh"):
        yield ANYWHERE
    elif program == "docker" and plain[:1] == ["cp"]:
        yield _word(plain[-1])
    elif program == "touch":
        yield from (_word(word) for word in plain)
    elif program in _IDLE:
        return
    elif program == "git":
        yield from _of_git(plain)
    elif program in _COPYING and len(plain) > 1:
        yield _word(plain[-1])
    elif program == "aws" and plain[:1] == ["s3"] and plain[1:2] in (["cp"], ["sync"], ["mv"]):
        if len(plain) > 3 and not plain[3].startswith("s3://"):
            yield _word(plain[3])
    elif program == "aws":
        return
    elif program in ("wget", "curl", "unzip", "tar"):
        # Files are written to the current folder, or to the folder or file of one option.
        options = {"wget": ("-O", "-P"), "curl": ("-o",), "unzip": ("-d",), "tar": ("-C",)}[program]
        places = [following for option, following in itertools.pairwise(rest) if option in options]
        yield from (_word(place) for place in places)
        names = [_name_of_download(word) for word in plain] if program in ("wget", "curl") else []
        if not places and names and all(names):
            yield from (_word(name) for name in names)
        elif not places:
            yield ANYWHERE
    else:
        yield ANYWHERE


def _name_of_download(address: str) -> str:
    """Return the name of the file that an address is downloaded to; empty if it is unknown."""
    path = address.partition("://")[2].partition("?")[0].partition("#")[0]
    name = posixpath.basename(path)
    return name if "/" in path and "." in name and not _UNKNOWN_WORD.search(name) else ""


def _of_git(words: list[str]) -> Iterator[Destination]:
    if words[:1] == ["clone"]:
        if len(words) > 2:
            yield _word(words[-1])
        else:
            name = posixpath.basename(words[1].rstrip("/")).removesuffix(".git") if len(words) > 1 else "$"
            yield _word(name)
    elif words and words[0] not in _IDLE_GIT:
        yield ANYWHERE


def _word(word: str) -> Destination:
    return ANYWHERE if _UNKNOWN_WORD.search(word) else Destination((word,))


def line_brings(line: str, name: str) -> bool:
    """Return whether a line of a Dockerfile, shell script or pipeline file may bring a file or folder of this name."""
    line = _without_what_it_runs(line, name)
    return bool(
        re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", line)
        and _BRINGING_LINE.search(line)
        and not line.lstrip().startswith(("#", "//"))
    )


_PLACING = frozenset({"COPY", "ADD", "cp", "mv", "ln", "scp"})
"""Commands whose last word is the place that they write to."""
_FOLDER_CHANGES = pattern(r"(?m)^\s*(?:WORKDIR|cd|pushd)\s")


def brings_into(source: str, name: str, folder: str) -> bool:
    """Return whether a Dockerfile, shell script or pipeline file may bring a file into a folder of this name.

    An empty folder is any.
    """
    moves = [line for line in source.splitlines() if _FOLDER_CHANGES.match(line)]
    moves_there = not folder or any(folder in line for line in moves)
    return any(
        line_brings(line, name) and (moves_there or _may_lead_into(line, folder))
        for line in source.splitlines()
    )


def _may_lead_into(line: str, folder: str) -> bool:
    """Return whether the place that a line writes to may be in a folder: its path names the folder, or is unknown."""
    words = line.split()
    if len(words) < 3 or words[0] not in _PLACING or any(SEPARATORS.search(word) for word in words):
        return True
    place = words[-1].strip("\"'")
    return bool(_UNKNOWN_WORD.search(place)) or folder in place.split("/")


def _without_what_it_runs(line: str, name: str) -> str:
    """Return a line without the file of this name that it runs, in whatever folder: that does not bring the file."""
    kept: list[str] = []
    runs = False
    for word in line.split():
        if runs and word.endswith(name):
            runs = False
            continue
        runs = word in _RUNNERS or (runs and word.startswith("-"))
        kept.append(word)
    return " ".join(kept)


def _passed(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a call passes: its arguments, and the receiver of a method."""
    yield from call.args
    yield from (keyword.value for keyword in call.keywords)
    if isinstance(call.func, ast.Attribute):
        yield call.func.value


_OPENING: dict[str, _Arguments] = {
    "open": (0, "file"),
    "builtins.open": (0, "file"),
    "io.open": (0, "file"),
    "codecs.open": (0, "filename"),
    "pathlib.Path().open": (RECEIVER,),
}
_LAST_NAMES = frozenset(
    {name.rpartition(".")[2] for name in (*_DOWNLOADS, *STARTERS, *_SHELLS, *_OPENING)}
    | set(
        "copy copy2 copyfile copytree move rename replace renames link symlink unpack_archive extractall extract "
        "copy_tree copy_file move_file copy_into move_into write_text write_bytes copyfileobj symlink_to "
        "hardlink_to download_file".split()
    )
)
"""The last names of calls that may bring a file: a cheap test before a callee is resolved."""
