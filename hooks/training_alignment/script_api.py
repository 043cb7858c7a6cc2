"""Scripts by path and their facts, for the command line and for other programs.

The framework that a script trains with, from its source alone.
"""

from __future__ import annotations

import io
import tokenize

from flake8_training.libraries.rows import Trains
from flake8_training.parsing import lines_of, parsed
from flake8_training.script import Script, read
from flake8_training.script.frameworks import frameworks
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
    framework's model. The result is None for another framework, for none, and for a source that is not Python.
    """
    try:
        tree = parsed(script_content)
        analysis = read(tree, "", lines_of(script_content)).analysis
        found = frameworks(analysis)
        # A Hugging Face trainer trains models of other frameworks, which come first in the list.
        by_trainer = any(row.framework == "huggingface" for _, row in analysis.calls.having(Trains))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return "huggingface" if by_trainer else next((name for name in found if name != "other"), None)
