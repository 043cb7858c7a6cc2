"""TRN906: missing or damaged input data is not handled."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.container_paths import ContainerPath, PathKind
from flake8_training.engine.flow.dataflow import arguments
from flake8_training.engine.syntax.parents import enclosing
from flake8_training.engine.values.values import Constant, OptionValue
from flake8_training.finding import Finding, Severity
from flake8_training.libraries.rows import Reads
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.advice.live_nodes import is_tried
from flake8_training.rules.rule import Condition, Rule
from flake8_training.script import Script
from flake8_training.script.data import is_writing, read_path

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope


class MissingDataNotHandled(Rule[Script]):
    """Reports the first read of a channel in a script that never handles missing or damaged data."""

    code = "TRN906"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "missing or damaged input data is not handled"
    why = """
        A channel with the wrong S3 prefix is an empty folder, and a file that an earlier step wrote badly is still
        read. Without a test or a handler, the job ends with the library's traceback, or trains on less data than
        intended.
    """
    fix = """
        Test that the file exists and raise an error that names it, or handle the errors of the read.
    """
    reported_when = (
        "the script reads a channel, and no code tests for, handles or cleans missing or damaged data",
    )
    not_reported_when = (
        Condition(
            "the read of a channel, or a call that leads to it, is in a `try` with a handler",
            suppressed={
                "    train, validation = load(args.train), load(args.validation)\n": (
                    "    try:\n"
                    "        train, validation = load(args.train), load(args.validation)\n"
                    "    except OSError:\n"
                    '        print("no data")\n'
                    "        raise\n"
                )
            },
            reported={
                "def main(args):\n": (
                    "def main(args):\n"
                    "    try:\n"
                    "        print(args.trees)\n"
                    "    except OSError:\n"
                    '        print("no data")\n'
                )
            },
        ),
        Condition(
            "`exists`, `isfile`, `dropna`, `fillna`, `isna` or the like gets the data or its path, or a call that gets "
            "them has `errors=` or `on_bad_lines=`",
            suppressed={"def load(folder):\n": ("def load(folder):\n    print(os.path.exists(folder))\n")},
            reported={
                "def load(folder):\n": ('def load(folder):\n    print(os.path.exists("/opt/ml/model"))\n')
            },
        ),
        Condition(
            "the script has an `assert` or raises an exception, and its condition is not on the options alone",
            suppressed={
                "return pd.read_csv(path)  # TRN906": "data = pd.read_csv(path)\n    assert len(data)\n    return data"
            },
            reported={
                "    train, validation = load(": "    assert args.trees > 0\n    train, validation = load(",
            },
        ),
        Condition(
            "a condition depends on what was read from a channel",
            suppressed={
                "    model = Ran": ('    if len(train) == 0:\n        print("no rows")\n    model = Ran')
            },
            reported={
                "    model = Ran": ('    if args.trees == 0:\n        print("no trees")\n    model = Ran')
            },
        ),
        Condition(
            "the readers of SageMaker's XGBoost container read the data: they check it",
            suppressed={
                "import pandas as pd\n": ("from sagemaker_xgboost_container.data_utils import get_dmatrix\n"),
                "    return pd.read_csv(path)  # TRN906": '    return get_dmatrix(path, "csv")',
            },
            reported={
                "import pandas as pd\n": (
                    "import pandas as pd\nfrom sagemaker_xgboost_container.data_utils import get_dmatrix\n"
                ),
                "def main(args):\n": ("def main(args):\n    print(get_dmatrix)\n"),
            },
        ),
    )
    bad = careless(
        ("    if not os.path.exists(path):", ""),
        ('        raise FileNotFoundError(f"no data.csv in {folder}")', ""),
        ("return pd.read_csv(path)", "return pd.read_csv(path)  # TRN906"),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the first read of a channel."""
        call = unprepared_read(subject.analysis)
        if call is not None and subject.owns(call.node):
            yield self.finding(subject, call.node)


# Calls that test for a file, or for damaged data in it, by their last names.
_CARE = frozenset(
    "exists isfile isdir is_file is_dir lexists access check_file ensure_exists dropna fillna isna isnull notna "
    "notnull interpolate nan_to_num isnan skip_corrupted".split()
)
_ENDING = frozenset("warn exit _exit abort".split())
"""Functions that report a failure or end the program, as ``raise`` does."""

_CAREFUL_ARGUMENTS = frozenset({"on_bad_lines", "error_bad_lines", "errors", "ignore_errors"})

# They look at the files and say what is wrong with them.
_CAREFUL_READERS = ("sagemaker_xgboost_container.data_utils.",)


def unprepared_read(analysis: Analysis) -> Call | None:
    """Return the first read of a channel in a program that never handles missing or damaged data, or None."""
    reads = [call for call in analysis.calls.all if _reads_channel(analysis, call)]
    if not reads or any(is_tried(analysis, call.site) for call in reads):
        return None
    for call in analysis.calls.all:
        if any(_last(name) in _ENDING or name.startswith(_CAREFUL_READERS) for name in call.names):
            return None
        careful = any(keyword.arg in _CAREFUL_ARGUMENTS for keyword in call.node.keywords)
        if careful or any(_last(name) in _CARE for name in call.names):
            if _may_concern_data(analysis, call):
                return None
    for node, scope in analysis.live_nodes:
        if isinstance(node, ast.Assert) and not _is_of_settings(analysis, node.test, scope):
            return None
        if (
            isinstance(node, ast.Raise)
            and node.exc is not None
            and not _is_on_settings(analysis, node, scope)
        ):
            return None
        if isinstance(node, ast.If | ast.While | ast.IfExp) and any(
            isinstance(origin, ContainerPath) and origin.root is PathKind.CHANNEL
            for origin in analysis.flow.origins(node.test, scope)
        ):
            return None
    return reads[0]


def _may_concern_data(analysis: Analysis, call: Call) -> bool:
    """Return whether a call receives data of a channel, or the path of one, or anything unknown."""
    receiver = analysis.calls.receiver(call)
    found = [
        origin
        for node in (*arguments(call.node), *([receiver] if receiver is not None else []))
        for origin in analysis.calls.origins(call, node)
    ]
    places = [origin for origin in found if isinstance(origin, ContainerPath)]
    return not places or any(
        place.root in (PathKind.CHANNEL, PathKind.UNKNOWN) or place.open for place in places
    )


def _is_on_settings(analysis: Analysis, node: ast.Raise, scope: Scope) -> bool:
    """Return whether an exception is raised by a condition on the script's options alone."""
    for around in enclosing(scope.module.tree, node):
        if isinstance(around, ast.If):
            return _is_of_settings(analysis, around.test, scope)
        if isinstance(
            around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Try | ast.For | ast.While | ast.With
        ):
            return False
    return False


def _is_of_settings(analysis: Analysis, test: ast.expr, scope: Scope) -> bool:
    """Return whether a condition depends on options and constants alone."""
    operands = list(_operands(test))
    values = [analysis.evaluator.values(one, scope) for one in operands]
    return bool(values) and all(
        found and all(isinstance(value, OptionValue | Constant) for value in found) for found in values
    )


def _operands(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the outermost names, attributes, items and calls in a condition."""
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        yield node
        return
    for inner in ast.iter_child_nodes(node):
        yield from _operands(inner)


def _reads_channel(analysis: Analysis, call: Call) -> bool:
    for row in call.having(Reads):
        if is_writing(analysis, call, row):
            continue
        node = read_path(analysis, call, row)
        if node is not None and any(place.root is PathKind.CHANNEL for place in analysis.roots(call, node)):
            return True
    return False


def _last(name: str) -> str:
    return name.rpartition(".")[2]
