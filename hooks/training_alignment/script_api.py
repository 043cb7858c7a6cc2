"""Scripts by path and their facts, for the command line and for other programs.

The framework that a script trains with, from its source alone.
"""

from __future__ import annotations

import ast
import contextlib
import io
import textwrap
import tokenize
from collections.abc import Iterator

from flake8_training.engine.values.values import Constant
from flake8_training.launcher import read_launcher
from flake8_training.libraries.rows import Trains
from flake8_training.libraries.table import table
from flake8_training.parsing import lines_of, parsed
from flake8_training.script import Script, read
from flake8_training.script.frameworks import frameworks, imported_frameworks, trained
from flake8_training.script.summary import Facts, summary
from flake8_training.source_file import read_named

MAX_BYTES = 10_000_000


class UnreadableScript(Exception):
    """A file that cannot be read as Python; the message names the file, and the line if there is one."""


def read_script(path: str) -> Script:
    """Return the script at ``path``. It is parsed, never run. Raises ``UnreadableScript``."""
    try:
        content = read_named(path, MAX_BYTES)
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        source = io.TextIOWrapper(io.BytesIO(content), encoding).read()
        tree = parsed(source, path)
    except SyntaxError as error:
        raise UnreadableScript(f"{path} line {error.lineno or 1}: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise UnreadableScript(f"{path}: not text in {error.encoding}") from error
    except LookupError as error:  # a codec that decodes to no string, such as rot13
        raise UnreadableScript(f"{path}: {error}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnreadableScript(f"{path}: {str(error) or type(error).__name__}") from error
    except OSError as error:
        raise UnreadableScript(f"{path}: {error.strerror}") from error
    return read(tree, path, lines_of(source))


def facts(path: str) -> Facts:
    """Return what the script at ``path`` needs and does. Raises ``UnreadableScript``."""
    return summary(read_script(path))


def detect_training_framework(script_content: str) -> str | None:
    """Return the framework: xgboost, pytorch, tensorflow, sklearn, huggingface, lightgbm or mxnet.

    If there are several, the result is the first; it is Hugging Face if a Hugging Face trainer trains another
    framework's model. A launcher has the framework of its estimator. The result is None for another framework, and for
    none. Of a source that is not Python of this version, the import statements decide.
    """
    try:
        tree = _tree(script_content)
        script = read(tree, "", lines_of(script_content))
        return _trained(script) or _imported_by_name(script) or _started(script)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _tree(source: str) -> ast.Module:
    """Return the tree of a source, of the same source without its indentation, or of its import statements alone."""
    for one in (source, textwrap.dedent(source)):
        try:
            return parsed(one)
        except SyntaxError:
            continue
    return parsed("\n".join(_import_lines(source)))


def _import_lines(source: str) -> Iterator[str]:
    """Yield the import statements of one line in a source that may be of another Python."""
    is_start = True
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if is_start and token.type == tokenize.NAME and token.string in ("import", "from"):
                line = token.line.strip()
                with contextlib.suppress(SyntaxError):
                    parsed(line)
                    yield line
            is_start = token.type in _BEFORE_A_STATEMENT
    except (tokenize.TokenError, SyntaxError):
        return


def _trained(script: Script) -> str | None:
    analysis = script.analysis
    # A Hugging Face trainer trains models of other frameworks, which come first in the list.
    if any(row.framework == "huggingface" for _, row in analysis.calls.having(Trains)):
        return "huggingface"
    found = frameworks(analysis)
    # PyTorch is assumed beside Hugging Face: it comes first only if the script uses it itself.
    own = {*imported_frameworks(analysis), *trained(analysis)}
    if set(found) == {"pytorch", "huggingface"} and "pytorch" not in own:
        return "huggingface"
    return next((name for name in found if name != "other"), None)


def _imported_by_name(script: Script) -> str | None:
    """Return the framework of a module that the script imports by a constant name."""
    calls = script.analysis.calls
    for call in calls.all:
        if _IMPORTING.intersection(call.names) and call.node.args:
            for value in calls.values(call, call.node.args[0]):
                name = value.value if isinstance(value, Constant) else None
                library = table().library(name) if isinstance(name, str) else None
                if library is not None and library.framework:
                    return library.framework
    return None


def _started(script: Script) -> str | None:
    """Return the framework of the estimator that a launcher constructs."""
    launcher = read_launcher(script.tree, "", script.lines, script.program)
    return next((one.framework for one in launcher.estimators if one.framework), None)


_IMPORTING = frozenset({"importlib.import_module", "builtins.__import__"})
_BEFORE_A_STATEMENT = frozenset(
    {tokenize.NEWLINE, tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
)
