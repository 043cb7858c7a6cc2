"""TRN912: validation data is not read from a channel."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY, ContainerPath, PathKind, places
from flake8_training.engine.syntax.parents import enclosing
from flake8_training.engine.syntax.scopes import is_main_guard
from flake8_training.finding import Finding, Severity
from flake8_training.libraries.rows import Reads
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.rule import Condition, Rule
from flake8_training.script import Script
from flake8_training.script.channels import channels
from flake8_training.script.data import is_writing, read_path

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope


class ValidationWithoutChannel(Rule[Script]):
    """Reports a script that splits its held-out data from the only channel of data."""

    code = "TRN912"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "validation data is not read from a channel"
    why = """
        A split inside the job changes with the data, the seed and the library. Two jobs are then measured on different
        data, and the measure cannot be repeated outside the job.
    """
    fix = """
        Split once in an earlier step, and pass each part as a channel: `train`, `validation`.
    """
    reported_when = (
        "the script names only one channel of data, and `train_test_split`, `random_split` or "
        "`validation_split` of Keras splits the data, or two slices part it: `data[:n]` and `data[n:]`",
    )
    not_reported_when = (
        Condition(
            "the script names a second channel; channels such as `model`, `code` or `config` do not count",
            suppressed={
                '    parser.add_argument("--model-dir"': (
                    '    parser.add_argument("--test", '
                    'default=os.environ.get("SM_CHANNEL_TEST"))\n'
                    '    parser.add_argument("--model-dir"'
                ),
                "  # TRN912": "",
            },
            reported={
                '    parser.add_argument("--model-dir"': (
                    '    parser.add_argument("--start", '
                    'default=os.environ.get("SM_CHANNEL_MODEL"))\n'
                    '    parser.add_argument("--model-dir"'
                ),
            },
        ),
        Condition(
            "the script reads two files of the channel, which may be two sets of data",
            suppressed={
                ('def load(folder):\n    path = os.path.join(folder, "data.csv")'): (
                    'def load(folder, name="data.csv"):\n    path = os.path.join(folder, name)'
                ),
                "def main(args):\n": ('def main(args):\n    print(len(load(args.train, "more.csv")))\n'),
                "  # TRN912": "",
            },
            reported={
                "def main(args):\n": ('def main(args):\n    print("more.csv")\n'),
            },
        ),
        Condition(
            "the split is in an `if`: it may run only if there is no validation data",
            suppressed={
                ("    train, validation = train_test_split(load(args.train))  # TRN912\n"): (
                    "    train = validation = load(args.train)\n"
                    "    if args.trees > 10:\n"
                    "        train, validation = train_test_split(train)\n"
                ),
            },
            reported={
                "def main(args):\n": ('def main(args):\n    if args.trees > 10:\n        print("many")\n'),
            },
        ),
        Condition(
            "a library or program that the script calls may read data out of sight",
            suppressed={
                "import pandas as pd\n": ("import pandas as pd\nfrom company import toolbox\n"),
                "def main(args):\n": ("def main(args):\n    toolbox.read(args)\n"),
                "  # TRN912": "",
            },
            reported={
                "import pandas as pd\n": ("import pandas as pd\nfrom company import toolbox\n"),
                "def main(args):\n": ('def main(args):\n    toolbox.greet("hello")\n'),
            },
        ),
    )
    bad = careless(
        (
            "from sklearn.ensemble import RandomForestClassifier",
            "from sklearn.ensemble import RandomForestClassifier\nfrom sklearn.model_selection import train_test_split",
        ),
        (
            "train, validation = load(args.train), load(args.validation)",
            "train, validation = train_test_split(load(args.train))  # TRN912",
        ),
        (
            '    parser.add_argument("--validation", default=os.environ.get("SM_CHANNEL_VALIDATION"))',
            "",
        ),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the split."""
        found = split_from_training(subject.analysis)
        if found is not None and subject.owns(found[0]):
            yield self.finding(subject, found[0], f"it is split from the channel {found[1]}")


_SPLITS = (
    "sklearn.model_selection.train_test_split",
    "torch.utils.data.random_split",
    "torch.utils.data.dataset.random_split",
)

_METHODS = ("datasets.", ".train_test_split")

_SPLITTING = ("keras.Model().fit", "keras.preprocessing.image.ImageDataGenerator")

# Channels that hold no data to train or validate on.
_OTHER_CHANNELS = frozenset(
    {"model", "code", "config", "pretrained", "checkpoint", "vocab", "log", "serving"}
)

_FILES = (".csv", ".parquet", ".npy", ".npz", ".json", ".pt", ".pkl", ".txt")

_MAX_PATHS = 1


def split_from_training(analysis: Analysis) -> tuple[ast.AST, str] | None:
    """Return the node that splits the held-out data from the only channel, and the channel's name; or None."""
    named = [name for name in channels(analysis) if name not in _OTHER_CHANNELS]
    if (
        len(named) != 1
        or len(_paths_read(analysis)) > _MAX_PATHS
        or analysis.calls.first_opaque_call("reads") is not None
    ):
        return None
    for call in analysis.calls.all:
        if _is_conditional(call.site.scope, call.node):
            continue  # only where there is no held-out data, it may be
        if any(name in _SPLITS or _is_method(name) for name in call.names):
            return call.node, named[0]
        if any(name in _SPLITTING for name in call.names):
            node = analysis.calls.argument(call, ("validation_split",))
            if node is not None and analysis.calls.is_passed(call, ("validation_split",)):
                return call.node, named[0]
    sliced = _sliced(analysis)
    return (sliced, named[0]) if sliced is not None else None


def _is_conditional(scope: Scope, node: ast.AST) -> bool:
    return any(
        isinstance(around, ast.If | ast.IfExp) and not is_main_guard(around)
        for around in enclosing(scope.module.tree, node)
    )


def _sliced(analysis: Analysis) -> ast.AST | None:
    """Return the second of two slices that part the data of a channel at one place, or None.

    Both are bound to a name of their own: ``train, test = data[:n], data[n:]``.
    """
    seen: dict[tuple[int, str, str], set[str]] = {}
    for node, scope in analysis.live_nodes:
        if not isinstance(node, ast.Assign):
            continue
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        for value in values:
            parts = _part(value)
            if parts is None or not isinstance(value, ast.Subscript) or _is_conditional(scope, value):
                continue
            owner, at, side = parts
            sides = seen.setdefault((id(scope), owner, at), set())
            sides.add(side)
            if len(sides) > 1 and _is_of_channel(analysis, value.value, scope):
                return value
    return None


def _part(node: ast.expr) -> tuple[str, str, str] | None:
    """Return what a slice with one bound is of, its bound, and on which side of the bound it is; or None."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Slice) or node.slice.step:
        return None
    lower, upper = node.slice.lower, node.slice.upper
    bound = lower or upper
    if bound is None or (lower is not None and upper is not None):
        return None
    return ast.dump(node.value), ast.dump(bound), "after" if lower is not None else "before"


def _is_of_channel(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    """Return whether an expression is data that a channel's file holds, and no path."""
    while isinstance(node, ast.Attribute) and node.attr in ("iloc", "loc", "values"):
        node = node.value
    if places(analysis.evaluator, analysis.evaluator.values(node, scope)):
        return False
    origins = analysis.flow.origins(node, scope)
    return any(isinstance(one, ContainerPath) and one.root is PathKind.CHANNEL for one in origins)


def _is_method(name: str) -> bool:
    return name.startswith(_METHODS[0]) and name.endswith(_METHODS[1])


def _paths_read(analysis: Analysis) -> set[str]:
    """Return the different paths that are read from channels: two may well be two sets of data."""
    found: set[str] = set()
    for call in analysis.calls.all:
        for row in call.having(Reads):
            node = read_path(analysis, call, row)
            if node is None or is_writing(analysis, call, row):
                continue
            for place in places(analysis.evaluator, analysis.calls.values(call, node)):
                if place.root is PathKind.CHANNEL and place.path.endswith(_FILES) and ANY not in place.path:
                    found.add(place.path)
    return found
