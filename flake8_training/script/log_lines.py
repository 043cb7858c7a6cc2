"""The lines that a script writes to the log of its job, each as a regular expression.

The expression holds the literal text, and a pattern for each value. If unavailable code may print (a library with a
progress bar, another process), the lines are unknown.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from flake8_training.engine.flow.dataflow import arguments
from flake8_training.engine.flow.subprocesses import STARTERS, is_inert_command
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.engine.values.values import DICTS, Collection, Constant, Unknown
from flake8_training.libraries.table import table
from flake8_training.named_tuple import NamedTuple
from flake8_training.script.library_lines import BAR, PROGRESS, Said, bar_line, lines_of, package_of
from flake8_training.script.string_patterns import ANY, Lines

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call

# Packages that print nothing, or only if an argument turns it on. A call into any other makes the lines unknown.
_SILENT = frozenset(
    """
    __future__ abc argparse ast base64 bisect boto3 botocore bz2 calendar cloudpickle codecs collections concurrent
    configparser contextlib copy csv cv2 dataclasses dateutil dill email fsspec h5py html http locale lzma
    multiprocessing packaging pyarrow pytz requests s3fs select shlex ssl unicodedata xml zlib
    datetime decimal enum errno fractions functools gc glob gzip hashlib heapq importlib inspect io itertools joblib
    json logging math matplotlib numbers numpy operator os pandas pathlib pickle PIL platform queue random re scipy
    secrets seaborn shutil signal six sklearn socket statistics string struct sys tarfile tempfile textwrap threading
    time torch traceback types typing typing_extensions urllib uuid warnings weakref yaml zipfile
    """.split()
)
_LOUD = (
    "torch.hub.",
    "torch.onnx.",
    "torch.profiler",
    "torch.utils.bottleneck",
    "torch.distributed.launch",
    "torch.multiprocessing",
    "sklearn.datasets.fetch_",
    "pandas.io",
    "os.system",
    "os.popen",
    "os.exec",
    "os.spawn",
    "os.fork",
    "os.write",
    "logging.config.",
    "logging.Formatter().format",
    "sys.stdout.",
    "sys.stderr.",
    "sys.__stdout__.",
    "sys.__stderr__.",
    "numpy.show_config",
    "importlib.",
    "runpy.",
)
_REPORTING = frozenset(
    {"fit", "fit_generator", "evaluate", "evaluate_generator", "predict", "predict_generator"}
)
"""Methods of a Keras model that print their progress, unless ``verbose=0`` is passed."""
_WARNING = (".warn", ".warning", ".warn_once", ".warning_once", "_warning", "_warn")
"""The ends of names of functions that show a warning: it holds no measure."""
_SILENT_CALLS = (
    ".flush",
    ".isatty",
    ".fileno",
    ".reconfigure",
    "importlib.util.find_spec",
    "importlib.metadata.version",
)
# Arguments that make a library print, if the lines that it prints are not known.
_ASKING = frozenset(
    "verbose verbose_eval verbosity evals eval_set watchlist disp download pretrained weights progress "
    "callbacks".split()
)
_OF_BOOSTERS = frozenset({"eval_set", "evals", "watchlist"})
"""Those that mean nothing to a library whose lines are not in the table."""
_LOUD_SETTINGS = frozenset({"verbosity", "silent", "verbose"})
"""The keys in a dict of parameters that make a library print."""
_ASKED = ("sklearn.", "joblib.", "scipy.")
_QUIET = (False, 0, None, -1)
_CALLED_BACK = frozenset({"keras", "tensorflow", "transformers"})
"""Libraries that receive callbacks: what these print, their own calls say."""
_SHOWING = frozenset({"info", "summary", "print", "display", "show_versions"})
"""Methods that print their receiver. A logger's ``info`` writes a message instead and is not among these calls."""


_PRINTS = frozenset({"builtins.print", "tqdm.tqdm.write", "tqdm.write", "accelerate.Accelerator().print"})
_BAR_TEXTS = frozenset({"set_description", "set_description_str", "set_postfix_str"})


class PrintedLine(NamedTuple):
    """One line: its regular expression, its form in a message, and the call that writes it.

    ``ends``: the call ends the line; ``print(..., end="")`` does not.
    """

    pattern: str
    shown: str
    node: ast.Call
    ends: bool = True


class Printed(NamedTuple):
    """The lines that a script writes. ``open``: it may write others."""

    lines: tuple[PrintedLine, ...]
    open: bool


_OPEN = Printed((), open=True)
Children = Callable[["Analysis", "Call"], "Sequence[Analysis] | None"]
"""Returns the programs that a program's call starts; None if one is unknown. It returns no program twice."""


def printed(analysis: Analysis, children: Children | None = None) -> Printed:
    """Return the lines that a program writes to the log; open and empty if any of them is unknown.

    The lines of the programs that it starts are among them if ``children`` returns these programs.
    """
    if _may_print_unseen(analysis):
        return _OPEN
    lines = Lines(analysis)
    found = _of_libraries(analysis, lines)
    parts: list[PrintedLine] = []
    prefix = _prefix(analysis)
    for call in analysis.calls.all:
        message = _message(call)
        if not _PRINTS.isdisjoint(call.names):
            line = _of_print(lines, call)
            if line is not None and not line.ends:
                parts.append(line)
                continue
        elif message is not None:
            line = _of_logging(lines, call, message, prefix)
        elif any(one.startswith("warnings.") or one.endswith(_WARNING) for one in call.names):
            continue
        elif (started := _started(analysis, call, children)) is not None:
            for one in started:
                inner = printed(one, children)
                if inner.open:
                    return _OPEN
                found.extend(inner.lines)
            continue
        elif _is_loud(analysis, call):
            return _OPEN
        else:
            continue
        if line is None:
            return _OPEN
        found.append(line)
    return Printed(tuple(_completed(found, parts)), open=False)


def _started(analysis: Analysis, call: Call, children: Children | None) -> Sequence[Analysis] | None:
    """Return the programs that a call starts; None for any other call, and if a program is unknown."""
    if children is None or not call.names or not STARTERS.issuperset(call.names):
        return None
    return children(analysis, call)


def _completed(found: list[PrintedLine], parts: list[PrintedLine]) -> Iterator[PrintedLine]:
    """Yield the lines: before each one, the program may have written any of the parts, and as often as it likes."""
    if not parts:
        yield from found
        return
    before = f"(?:{'|'.join(dict.fromkeys(part.pattern for part in parts))})*"
    for line in (*found, *(part._replace(pattern="") for part in parts)):
        yield line._replace(pattern=before + line.pattern)


# -- code that may print other lines


def _may_print_unseen(analysis: Analysis) -> bool:
    program = analysis.program
    if program.unreadable or analysis.is_dynamic:
        return True
    if any(module.stars for module in program.modules.values()) or any(program.attribute_stores("stdout")):
        return True
    called = {id(site.node.func) for site in program.all_calls("print")}
    return any(id(node) not in called for node, _ in program.name_loads("print"))


def _of_libraries(analysis: Analysis, lines: Lines) -> list[PrintedLine]:
    """Return the lines that the libraries of a program write by themselves."""
    said: dict[Said, ast.Call] = {}
    bar: ast.Call | None = None
    texts: list[str] = []
    for call in analysis.calls.all:
        packages = {package_of(name) for name in call.names if not name.startswith("?")}
        if BAR in packages:
            bar = call.node
        if not call.local and (BAR in packages or not packages):
            texts += [lines.pattern(one, call.site.scope) for one in _bar_texts(call.node)]
        for name in call.names:
            said.update(dict.fromkeys(lines_of(name) or (), call.node))
        if _may_report_progress(analysis, call):
            said.update(dict.fromkeys(PROGRESS, call.node))
    if bar is not None:
        said[bar_line(texts)] = bar
    return [PrintedLine(one.pattern, one.shown, node) for one, node in said.items()]


def _bar_texts(call: ast.Call) -> list[ast.expr]:
    """Return the texts that a call puts into a progress bar, if it is one of a progress bar."""
    called = last_name(call.func)
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    texts = [named[key] for key in ("desc", "s", "postfix", "bar_format") if key in named]
    if called in _BAR_TEXTS:
        return [*call.args[:1], *texts]
    return [*call.args[1:2], *texts] if called in ("tqdm", "trange", "tqdm_notebook") else []


def _is_loud(analysis: Analysis, call: Call) -> bool:
    """Return whether a library call may print lines that are not known."""
    if call.names and all(lines_of(name) is not None for name in call.names):
        keywords = _ASKING & {keyword.arg for keyword in call.node.keywords if keyword.arg is not None}
        called_back = all(package_of(name) in _CALLED_BACK for name in call.names)
        return "callbacks" in keywords and not called_back
    for name in call.names:
        is_loud = name.startswith(_LOUD) and not name.endswith(_SILENT_CALLS)
        if is_loud or (not name.startswith("?") and _is_of_unknown_library(name)):
            if not is_inert_command(analysis.evaluator, call.names, call.site, "saves"):
                return True
    shows = last_name(call.node.func) if isinstance(call.node.func, ast.Attribute) else None
    if not call.local and shows in _SHOWING and not (shows == "summary" and _uses_keras(analysis)):
        return True
    if any(name.startswith(_ASKED) for name in call.names) and _sets_loud(analysis, call):
        return True
    for keyword in call.node.keywords:
        if keyword.arg is None and not call.local:
            if any(name.startswith(_ASKED) for name in call.names):
                return True
            continue
        if keyword.arg in _ASKING and not call.local and not (call.names and keyword.arg in _OF_BOOSTERS):
            values = analysis.calls.values(call, keyword.value)
            if not values or not all(isinstance(v, Constant) and v.value in _QUIET for v in values):
                return True
    return False


def _is_of_unknown_library(name: str) -> bool:
    """Return whether a canonical name is of a library whose lines are not known."""
    top = package_of(name)
    is_silent = top in _SILENT or top in ("builtins", BAR) or hasattr(builtins, top)
    return not is_silent and lines_of(name) is None


def _may_report_progress(analysis: Analysis, call: Call) -> bool:
    """Return whether a call may be a method of a Keras model that prints its progress: the receiver may be unknown."""
    if (
        call.local
        or last_name(call.node.func) not in _REPORTING
        or not isinstance(call.node.func, ast.Attribute)
    ):
        return False
    if call.names and not any(name.startswith(("?", "keras.", "tensorflow.")) for name in call.names):
        return False
    return _uses_keras(analysis) and not _is_quiet_by_argument(analysis, call)


def _uses_keras(analysis: Analysis) -> bool:
    return any(
        name.partition(".")[0] in ("tensorflow", "keras")
        for module in analysis.program.modules.values()
        for name, _ in module.imports
    )


def _is_quiet_by_argument(analysis: Analysis, call: Call) -> bool:
    """Return whether a call passes ``verbose=0``."""
    passed = [keyword.value for keyword in call.node.keywords if keyword.arg == "verbose"]
    values = analysis.calls.values(call, passed[0]) if passed else ()
    return bool(values) and all(isinstance(v, Constant) and v.value in _QUIET for v in values)


def _sets_loud(analysis: Analysis, call: Call) -> bool:
    """Return whether a dict of parameters that a call receives makes the library print, or may do so."""
    for argument in arguments(call.node):
        for value in analysis.calls.values(call, argument):
            if not isinstance(value, Collection) or not isinstance(value.node, DICTS):
                continue
            for key in _LOUD_SETTINGS:
                found = [v for v in analysis.evaluator.item(value, key) if not isinstance(v, Unknown)]
                if any(not (isinstance(v, Constant) and _is_quiet(key, v.value)) for v in found):
                    return True
    return False


def _is_quiet(key: str, value: object) -> bool:
    return bool(value) if key == "silent" else value in _QUIET


# -- lines


def _of_print(lines: Lines, call: Call) -> PrintedLine | None:
    """Return the line, or the part of one, that ``print`` writes; None if it is unknown."""
    separator, end = " ", "\n"
    for keyword in call.node.keywords:
        if keyword.arg == "sep":
            value = lines.constant(keyword.value, call.site.scope)
            if not isinstance(value, str):
                return None
            separator = value
        elif keyword.arg == "end":
            value = lines.constant(keyword.value, call.site.scope)
            if not isinstance(value, str):
                return None
            end = value
        elif keyword.arg not in ("flush", "file"):
            return None
    if any(isinstance(argument, ast.Starred) for argument in call.node.args):
        return None
    parts = [lines.pattern(argument, call.site.scope) for argument in call.node.args]
    shown = separator.join(lines.shown(argument, call.site.scope) for argument in call.node.args)
    pattern = re.escape(separator).join(parts)
    if end.endswith("\n"):
        return PrintedLine(pattern, shown, call.node)
    return PrintedLine(pattern + re.escape(end), shown + end, call.node, ends=False)


def _of_logging(lines: Lines, call: Call, at: int, prefix: str) -> PrintedLine | None:
    arguments = call.node.args
    if len(arguments) <= at or any(isinstance(argument, ast.Starred) for argument in arguments):
        return None
    message, received = arguments[at], arguments[at + 1 :]
    scope = call.site.scope
    text = lines.constant(message, scope)
    if received and not isinstance(text, str):
        return None
    pattern = lines.percent(str(text), received, scope) if received else lines.pattern(message, scope)
    return PrintedLine(prefix + pattern, lines.shown(message, scope), call.node)


def _message(call: Call) -> int | None:
    """Return the position of the message of a logging method, None for any other call (a tensor's ``log()``)."""
    if call.local or not isinstance(call.node.func, ast.Attribute):
        return None
    if call.names:
        row = table().logs(*(name for name in call.names if name.startswith("logging.")))
        return row.message if row is not None else None
    row = table().logs(f"?.{call.node.func.attr}")
    if row is None or row.message is None:
        return None
    return row.message if len(call.node.args) > row.message else None


def _prefix(analysis: Analysis) -> str:
    """Return a pattern for the prefix of a formatter: times, levels, names, and the literal text of the formats."""
    words = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "root", "__main__", "MainThread", "MainProcess"}
    for dotted, module in analysis.program.modules.items():
        words |= {dotted, module.path.rpartition("/")[2], module.path.rpartition("/")[2].removesuffix(".py")}
        words |= {scope.name for scope in module.scopes if scope.name} | {"<module>"}
    for call in analysis.calls.all:
        if "logging.getLogger" in call.names and call.node.args:
            value = analysis.calls.constant(call, (0, "name"))
            if value is None and not _is_name(call.node.args[0]):
                return ANY
            words.add(str(value or "__main__"))
        elif any(name in ("logging.Formatter", "logging.basicConfig") for name in call.names):
            places: tuple[int | str, ...] = (0, "fmt") if "logging.Formatter" in call.names else ("format",)
            node = analysis.calls.argument(call, places)
            if node is None:
                continue
            value = analysis.calls.constant(call, places)
            if not isinstance(value, str):
                return ANY
            words |= set(_literal_parts(value))
        elif any(
            name.startswith("logging.") and name.endswith((".setFormatter", "Adapter")) for name in call.names
        ):
            continue
    alternatives = "|".join(sorted(re.escape(word) for word in words if word))
    return rf"(?:[-0-9:,./\s|\[\]()<>=*#'\"]|{alternatives})*"


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "__name__"


def _literal_parts(text: str) -> Iterator[str]:
    """Yield the literal parts of a logging format, in any of its three styles."""
    yield from re.split(r"%\(\w+\)[-+ #0-9.]*[a-zA-Z]|\{[^}]{0,100}\}|\$\{?\w+\}?", text)
