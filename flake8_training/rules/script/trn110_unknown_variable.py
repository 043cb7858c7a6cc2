"""TRN110: unknown SageMaker environment variable."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY
from flake8_training.engine.inputs.environment import VariableRead
from flake8_training.engine.syntax.parents import enclosing, is_caught, stands_in
from flake8_training.finding import Finding, Severity
from flake8_training.fix import renamed
from flake8_training.ledger import Reason, Suppression, note_question, note_suppressed, note_unknown
from flake8_training.record import Record
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.sagemaker.variables import CHANNEL_PREFIX, HYPERPARAMETER_PREFIX, judge_variable
from flake8_training.script import Script
from flake8_training.script.variable_reads import may_set_unseen_variables
from flake8_training.spelling import did_you_mean

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope


def _script(*lines: str) -> Example:
    """Return an example of a few lines that flake8 checks as a training script."""
    return Example("\n".join(("import os", "", *lines, "")), options=("--training-scripts=train.py",))


_READ = 'stage = os.environ["SM_STAGE"]'


class UnknownSageMakerVariable(Rule[Script]):
    """Reports the read of an environment variable that looks like one of SageMaker and is never set."""

    code = "TRN110"
    severity = Severity.ERROR
    summary = "SageMaker never sets the environment variable"
    why = """
        SageMaker sets a fixed list of variables, besides `SM_CHANNEL_<NAME>` and `SM_HP_<KEY>`, which end in the
        channel's name and the hyperparameter's key in capitals. A misspelled name ends the job with `KeyError`, after
        it has started and loaded its data. With a default the misspelling stays hidden:
        `os.environ.get("SM_HP_num_round", 100)` is always 100.

        No variable holds the folder of the checkpoints, such as `SM_CHECKPOINT_DIR`: it is the launcher's
        `checkpoint_local_path`, by default `/opt/ml/checkpoints`.
    """
    fix = """
        Use the name that the message suggests. If the launcher sets the variable with `environment=`, read it with a
        default: `os.environ.get("SM_STAGE", "test")`.
    """
    fixable = "renames a misspelled variable"
    reported_when = (
        "the script reads a variable whose name, or prefix, is a misspelling of one that SageMaker sets",
        "the script reads a variable that begins with `SM_` without a default, and SageMaker never sets it",
    )
    not_reported_when = (
        Condition(
            "the script sets the variable itself",
            suppressed=_script('os.environ["SM_STAGE"] = "test"', _READ),
            reported=_script("settings = {}", 'settings["SM_STAGE"] = "test"', f"{_READ}  # TRN110"),
            name=Suppression.SET_BY_PROGRAM,
        ),
        Condition(
            'the script tests for the variable: `if "SM_STAGE" in os.environ`',
            suppressed=_script('if "SM_STAGE" in os.environ:', f"    {_READ}"),
            reported=_script('if "SM_STAGE" in os.listdir():', f"    {_READ}  # TRN110"),
            name=Suppression.TESTED,
        ),
        Condition(
            "an `SM_` name that is no misspelling has a default at one of its reads, or is read with "
            "`os.environ.get`",
            suppressed=Example(
                ('import os\n\nprint(os.environ.get("SM_STAGE", "test"))\nstage = os.environ["SM_STAGE"]\n'),
                options=("--training-scripts=train.py",),
            ),
            reported=Example(
                (
                    "import os\n"
                    "\n"
                    'print({}.get("SM_STAGE", "test"))\n'
                    'stage = os.environ["SM_STAGE"]  # TRN110\n'
                ),
                options=("--training-scripts=train.py",),
            ),
        ),
        Condition(
            "a `try` around the read catches the `KeyError`",
            suppressed=_script("try:", f"    {_READ}", "except KeyError:", '    stage = "test"'),
            reported=_script("try:", f"    {_READ}  # TRN110", "except ValueError:", '    stage = "test"'),
            name=Suppression.CAUGHT,
        ),
        Condition(
            "the same statement reads the right name, so that the misspelling is only a second try",
            suppressed=_script(
                'data = os.environ.get("SM_CHANNEL_TRAIN") or os.environ.get("SM_CHANEL_TRAIN")'
            ),
            reported=_script(
                'data = os.environ.get("SM_CHANNEL_TRAIN")',
                'more = os.environ.get("SM_CHANEL_TRAIN")  # TRN110',
            ),
            name=Suppression.ALTERNATIVE,
        ),
        Condition(
            "an `SM_` name is no misspelling, and `dotenv` or `os.environ.update(settings)` may set it",
            suppressed=_script("import json", "", 'os.environ.update(json.load(open("env.json")))', _READ),
            reported=_script(
                "import json",
                "",
                "settings = {}",
                'settings.update(json.load(open("env.json")))',
                f"{_READ}  # TRN110",
            ),
        ),
        Condition(
            "the name is no misspelling and does not begin with `SM_`",
            suppressed=Example(
                'import os\n\nstage = os.environ["STAGE_SM_"]\n', options=("--training-scripts=train.py",)
            ),
            reported={
                '"STAGE_SM_"]': '"SM_STAGE"]  # TRN110',
            },
        ),
    )
    missed = ("another module than the entry point names the variable",)
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--train", default=os.environ["SM_CHANEL_TRAIN"])  # TRN110
            args = parser.parse_args()

            rounds = int(os.environ.get("SM_HP_num_round", 100))  # TRN110
            checkpoints = os.environ["SM_CHECKPOINT_DIR"]  # TRN110
            data = pd.read_csv(os.path.join(args.train, "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            model = xgb.train(
                {"max_depth": args.max_depth},
                train,
                rounds,
                evals=[(test, "test")],
                callbacks=[xgb.callback.TrainingCheckPoint(checkpoints)],
            )
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)
    good = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
            args = parser.parse_args()

            rounds = int(os.environ.get("SM_HP_NUM_ROUND", 100))
            checkpoints = os.environ.get("SM_CHECKPOINT_DIR", "/opt/ml/checkpoints")
            data = pd.read_csv(os.path.join(args.train, "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            model = xgb.train(
                {"max_depth": args.max_depth},
                train,
                rounds,
                evals=[(test, "test")],
                callbacks=[xgb.callback.TrainingCheckPoint(checkpoints)],
            )
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each read of a variable that SageMaker never sets."""
        for unknown in unknown_variables(subject.analysis):
            fix = renamed(unknown.node, unknown.name, unknown.meant) if unknown.meant is not None else None
            yield self.finding(subject, unknown.node, _detail(unknown), fix=fix)


def _detail(unknown: UnknownVariable) -> str:
    if unknown.meant is not None:
        outcome = "KeyError" if unknown.required else "always the default"
        return f"{unknown.name} ({outcome}){did_you_mean(unknown.meant)}"
    return f"{unknown.name} (KeyError); read it with os.environ.get and a default"


_LOOKUP_FAILURES = frozenset({"KeyError", "LookupError", "Exception", "BaseException"})

# Possible endings of a partly known name that is judged.
_SOME_CHANNEL = "TRAIN"


class UnknownVariable(Record):
    """One read of a variable that SageMaker never sets.

    ``node`` is the literal name if the read contains it, else the read. ``meant`` is the right name, None if the name
    is no misspelling. ``required``: the read raises.
    """

    name: str
    node: ast.AST
    meant: str | None
    required: bool


def unknown_variables(analysis: Analysis) -> Iterator[UnknownVariable]:
    """Yield the reads in the script's own file, in the order of their lines.

    The launcher may set a name that is no misspelling (``environment=``), so only its read without a default counts.
    A variable that the program sets, tests first, or reads within ``try`` is no mistake.
    """
    environment, tree = analysis.environment, analysis.program.entry.tree
    expected = {read.name for read in environment.reads if read.test}
    optional = {read.name for read in environment.reads if not read.required}
    open_ended = may_set_unseen_variables(analysis)
    for read in sorted(environment.reads, key=lambda r: r.line):
        if read.test:
            continue
        kind, meant = _judged(read.name)
        note_question()
        if kind not in ("unset", "misspelt") or not stands_in(tree, read.node):
            continue
        if not analysis.reach.scope_runs(read.scope):
            continue
        if read.name in expected:
            note_suppressed(Suppression.TESTED, read.node, what=read.name)
            continue
        if kind == "unset" and (not read.required or read.name in optional):
            continue
        if kind == "unset" and open_ended:
            note_unknown(Reason.OUTSIDE, read.node, what=read.name)
            continue
        suppression = _suppression(analysis, read, meant)
        if suppression is not None:
            note_suppressed(suppression, read.node, what=read.name)
            continue
        yield UnknownVariable(read.name.removesuffix(ANY), _literal(read), meant, read.required)


def _suppression(analysis: Analysis, read: VariableRead, meant: str | None) -> Suppression | None:
    """Return why the read of a variable that SageMaker never sets is no mistake, or None."""
    if read.name in analysis.environment.written:
        return Suppression.SET_BY_PROGRAM
    if _is_caught(analysis, read):
        return Suppression.CAUGHT
    if meant is not None and not read.required and _is_alternative(analysis, read, meant):
        return Suppression.ALTERNATIVE
    return None


def _judged(name: str) -> tuple[str, str | None]:
    """Return the kind of a name, and the name that it misspells; a partly known name is judged by its prefix."""
    if not name.endswith(ANY):
        judgement = judge_variable(name)
        return judgement.kind, judgement.nearest
    half = name.removesuffix(ANY)
    if not half.upper().startswith("SM") or half == half.rstrip("_-"):
        return "foreign", None
    meant = judge_variable(half + _SOME_CHANNEL).nearest
    for prefix in (CHANNEL_PREFIX, HYPERPARAMETER_PREFIX):
        if meant == prefix + _SOME_CHANNEL:
            return "misspelt", prefix
    return "foreign", None


def _literal(read: VariableRead) -> ast.AST:
    """Return the literal name inside the read, or None."""
    for child in ast.walk(read.node):
        if isinstance(child, ast.Constant) and child.value == read.name:
            return child
    return read.node


def _is_caught(analysis: Analysis, read: VariableRead) -> bool:
    """Return whether the failure of a read is caught around it, or in the function that reads for its callers."""
    if not read.required:
        return False
    module = read.scope.module
    if is_caught(module.tree, read.node, _LOOKUP_FAILURES):
        return True
    return _reads_elsewhere(read) and any(
        is_caught(module.tree, node, _LOOKUP_FAILURES)
        for node, scope in module.subscript_loads
        if scope is read.scope
    )


def _reads_elsewhere(read: VariableRead) -> bool:
    """Return whether the name is only passed to the function that reads it."""
    function: Scope | None = read.scope.function
    if function is None:
        return False
    module = function.module
    return not (
        stands_in(module.tree, read.node)
        and any(a is function.node for a in enclosing(module.tree, read.node))
    )


def _is_alternative(analysis: Analysis, read: VariableRead, meant: str) -> bool:
    """Return whether the same expression reads the right name, so that the wrong one is an alternative."""
    tree = analysis.program.entry.tree
    statement = _statement(tree, read.node)
    return any(
        other.name == meant and _statement(tree, other.node) is statement
        for other in analysis.environment.reads
        if stands_in(tree, other.node)
    )


def _statement(tree: ast.Module, node: ast.AST) -> ast.AST | None:
    return next((around for around in enclosing(tree, node) if isinstance(around, ast.stmt)), None)
