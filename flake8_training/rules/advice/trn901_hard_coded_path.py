"""TRN901: a SageMaker path is hard-coded instead of read from its environment variable.

Variables and values: sagemaker-training 5.1.4, environment.py; sagemaker-train 1.27.0, container_drivers. What may be
overridden is not hard-coded: the default of an option, a parameter or a variable.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY, PathKind, place_of_path
from flake8_training.engine.syntax.parents import enclosing, parent
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.finding import Finding, Severity
from flake8_training.record import Record
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.sagemaker import paths
from flake8_training.sagemaker.variables import channel_variable
from flake8_training.script import Script

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import ModuleIndex


class HardCodedPath(Rule[Script]):
    """Reports the first literal of each path that a variable of SageMaker holds."""

    code = "TRN901"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "a SageMaker path is hard-coded instead of read from its environment variable"
    why = """
        `SM_MODEL_DIR`, `SM_OUTPUT_DATA_DIR` and `SM_CHANNEL_<NAME>` hold the folders of the job. A script that reads
        them also runs on a laptop and in a test, with other folders. A script that contains `/opt/ml/model` runs only
        in the container.
    """
    fix = """
        Read the variable that the message names, directly or as the default of an option.
    """
    reported_when = (
        "code that runs uses a literal path in the model directory, the output data directory or a channel; "
        "the first literal for each variable",
    )
    not_reported_when = (
        Condition(
            "the literal is the default of an option, a parameter or `os.environ.get`: it can be overridden",
            suppressed={
                '    path = "/opt/ml/model/model.joblib"  # TRN901': (
                    '    path = os.path.join(os.environ.get("MODEL_FOLDER", "/opt/ml/model"), "model.joblib")'
                ),
            },
            reported={
                '    path = "/opt/ml/model/model.joblib"  # TRN901': (
                    '    print(os.environ.get("MODEL_FOLDER", "none"))\n'
                    '    path = "/opt/ml/model/model.joblib"  # TRN901'
                ),
            },
        ),
        Condition(
            (
                "the literal is only compared, printed, logged, or never used, or is in a branch that tests for the "
                "variable"
            ),
            suppressed={
                '    path = "/opt/ml/model/model.joblib"  # TRN901': (
                    '    path = os.path.join(args.model_dir, "model.joblib")\n'
                    '    print(path == "/opt/ml/model/model.joblib")'
                ),
            },
            reported={
                '    path = "/opt/ml/model/model.joblib"  # TRN901': (
                    '    path = "/opt/ml/model/model.joblib"  # TRN901\n    print(path == args.model_dir)'
                ),
            },
        ),
        Condition(
            "the script has no options and reads no `SM_` variable: its container may set none",
            suppressed=Example(
                {
                    "train.py": (
                        "import joblib\n"
                        "import pandas as pd\n"
                        "from sklearn.linear_model import LinearRegression\n"
                        "\n"
                        'data = pd.read_csv("/opt/ml/input/data/a/data.csv")\n'
                        'model = LinearRegression().fit(data[["a"]], data["y"])\n'
                        'print(model.score(data[["a"]], data["y"]))\n'
                        'joblib.dump(model, "/opt/ml/model/model.joblib")\n'
                    ),
                }
            ),
            reported=Example(
                {
                    "train.py": (
                        "import joblib\n"
                        "import pandas as pd\n"
                        "from sklearn.linear_model import LinearRegression\n"
                        "\n"
                        "import os\n"
                        "\n"
                        'print(os.environ["SM_CURRENT_HOST"])\n'
                        'data = pd.read_csv("/opt/ml/input/data/a/data.csv") '
                        " # TRN901\n"
                        'model = LinearRegression().fit(data[["a"]], data["y"])\n'
                        'print(model.score(data[["a"]], data["y"]))\n'
                        'joblib.dump(model, "/opt/ml/model/model.joblib")  # TRN901\n'
                    ),
                }
            ),
        ),
    )
    missed = ("another module than the entry point contains the literal",)
    bad = careless(
        (
            'path = os.path.join(args.model_dir, "model.joblib")',
            'path = "/opt/ml/model/model.joblib"  # TRN901',
        )
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding for each variable whose path is a literal."""
        for found in hard_coded_paths(subject.analysis):
            yield self.finding(subject, found.node, f"{found.variable} holds {found.value}")


_PREFIX = "SM_"

_ASKING = (
    "startswith",
    "endswith",
    "replace",
    "removeprefix",
    "split",
    "info",
    "debug",
    "warning",
    "error",
    "print",
)

# Their second argument is what is taken when there is nothing else.
_FALLING_BACK = ("get", "getattr", "pop", "setdefault")


class HardCoded(Record):
    """A literal path, the variable that holds it or its beginning, and what that variable holds."""

    node: ast.Constant
    variable: str
    value: str


def hard_coded_paths(analysis: Analysis) -> list[HardCoded]:
    """Return the first literal for each variable in the script's own file, in the order of their lines."""
    if not _has_variables(analysis):
        return []
    entry = analysis.program.entry
    overridable = _overridable(analysis)
    first: dict[str, HardCoded] = {}
    literals = [
        node
        for node, _ in analysis.reach.nodes(entry)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith(paths.ROOT)
    ]
    for node in sorted(literals, key=lambda one: (one.lineno, one.col_offset)):
        variable, value = _variable(str(node.value))
        if variable and variable not in first and id(node) not in overridable and _is_used(entry, node):
            first[variable] = HardCoded(node, variable, value)
    return list(first.values())


def _has_variables(analysis: Analysis) -> bool:
    """Return whether the job has SageMaker's variables: the user's own image without the toolkit has none."""
    return bool(analysis.live_options) or any(r.name.startswith(_PREFIX) for r in analysis.environment.reads)


def _variable(path: str) -> tuple[str, str]:
    """Return the variable that holds a path or the beginning of it, with its value; ("", "") for none."""
    if not any(character.isspace() for character in path):
        place = place_of_path(path)
        if place.root is PathKind.MODEL:
            return "SM_MODEL_DIR", paths.MODEL_DIR
        if place.root is PathKind.CHANNEL:
            name = place.channel
            if not name or ANY in name:
                return "SM_CHANNEL_<NAME>", "the folder of a channel"
            return channel_variable(name), f"{paths.INPUT_DATA_DIR}/{name}"
        if place.root is PathKind.OUTPUT and paths.normal_path(path).startswith(paths.OUTPUT_DATA_DIR):
            return "SM_OUTPUT_DATA_DIR", paths.OUTPUT_DATA_DIR
    return "", ""


def _overridable(analysis: Analysis) -> set[int]:
    """Return the nodes of defaults: of options, of variables, of parameters."""
    defaults: list[ast.expr] = [o.default for o in analysis.options.all if o.default is not None]
    defaults += [read.default for read in analysis.environment.reads if read.default is not None]
    for scope in analysis.program.entry.scopes:
        arguments = getattr(scope.node, "args", None)
        if isinstance(arguments, ast.arguments):
            defaults += [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]
    return {id(node) for default in defaults for node in ast.walk(default)}


def _is_used(module: ModuleIndex, node: ast.Constant) -> bool:
    """Return whether the script uses a literal as a path: no prose, no fallback, no dead constant."""
    inner = True
    for around in enclosing(module.tree, node):
        if isinstance(around, ast.Compare | ast.ExceptHandler):
            return False
        if isinstance(around, ast.Call) and inner:
            inner = False
            name = last_name(around.func)
            if name in _ASKING or (name in _FALLING_BACK and node in around.args[1:]):
                return False
        if isinstance(around, ast.If | ast.IfExp) and _names_a_variable(around.test):
            return False
        if isinstance(around, ast.stmt):
            if isinstance(around, ast.Expr) and around.value is node:
                return False
            if isinstance(around, ast.AnnAssign) and isinstance(parent(module.tree, around), ast.ClassDef):
                return False  # the default of a field
            simple = not hasattr(around, "body")
            if simple and (_names_a_variable(around) or _is_dead(module, around)):
                return False
    return not _is_key(module, node)


def _names_a_variable(node: ast.AST) -> bool:
    """Return whether one of SageMaker's variables is named, or the environment asked."""
    return any(
        (isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value.startswith(_PREFIX))
        or (isinstance(n, ast.Attribute) and n.attr in ("environ", "getenv"))
        for n in ast.walk(node)
    )


def _is_dead(module: ModuleIndex, statement: ast.stmt) -> bool:
    """Return whether a statement assigns only to names that nothing loads."""
    if not isinstance(statement, ast.Assign):
        return False
    names = {n.id for t in statement.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    attributes = {n.attr for t in statement.targets for n in ast.walk(t) if isinstance(n, ast.Attribute)}
    return not any(
        names & (scope.loads | scope.guarded_loads)
        or any(load.attr in attributes | names for load, _ in scope.attribute_loads)
        for scope in module.scopes
    )


def _is_key(module: ModuleIndex, node: ast.Constant) -> bool:
    around = parent(module.tree, node)
    return isinstance(around, ast.Subscript) or (isinstance(around, ast.Dict) and node in around.keys)
