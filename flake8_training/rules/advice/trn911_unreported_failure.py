"""TRN911: the training loop handles no errors, so a failed job gives no reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.values.values import Reference
from flake8_training.finding import Finding, Severity
from flake8_training.libraries.table import table
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.advice.live_nodes import is_tried
from flake8_training.rules.rule import Condition, Rule
from flake8_training.script import Script
from flake8_training.script.path_uses import path_uses
from flake8_training.script.training import trainings

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis


class TrainingErrorsNotHandled(Rule[Script]):
    """Reports a script in which no training, and no call that leads to one, is inside a ``try``."""

    code = "TRN911"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "the training loop handles no errors, so a failed job gives no reason"
    why = """
        SageMaker shows the content of `/opt/ml/output/failure` as the reason of a failed job. If no code handles an
        error, the image decides what is written there: SageMaker's training toolkit writes the end of the output, a
        custom image may write nothing. The job then reports only "AlgorithmError, exit code 1".
    """
    fix = """
        Put the training in a `try` that writes the traceback to `/opt/ml/output/failure` and raises again, so that the
        job fails.
    """
    reported_when = ("no training call, and no call that leads to one, is in a `try` with a handler",)
    not_reported_when = (
        Condition(
            "the script uses `/opt/ml/output/failure`, another file named `failure`, or `SM_OUTPUT_FAILURE`",
            suppressed={
                '    log.info("accuracy: %s", accuracy)\n': (
                    '    log.info("accuracy: %s", accuracy)\n'
                    '    open("/opt/ml/output/failure", "w").close()\n'
                )
            },
            reported={
                '    log.info("accuracy: %s", accuracy)\n': (
                    '    log.info("accuracy: %s", accuracy)\n    print("failure", "/opt/ml/output/failure")\n'
                )
            },
        ),
        Condition(
            "the script uses `sys.excepthook` or `atexit.register`",
            suppressed={
                "import os\n": "import atexit\nimport os\n",
                "def main(args):\n": ('def main(args):\n    atexit.register(print, "the end")\n'),
            },
            reported={
                "import os\n": "import atexit\nimport os\n",
                "def main(args):\n": "def main(args):\n    print(args.register, atexit)\n",
            },
        ),
        Condition(
            "a decorator of click, hydra, `torch.distributed.elastic` or unknown code may handle the error",
            suppressed={
                "import joblib\n": "import joblib\nimport recording\n",
                "def main(args):\n": "@recording.record\ndef main(args):\n",
            },
            reported={
                "import joblib\n": "import joblib\nimport recording\n",
                "def main(args):\n": "def main(args):\n    print(recording.record)\n",
            },
        ),
    )
    bad = careless(
        ("    try:\n        model.fit", "    model.fit"),
        (
            'model.fit(train.drop(columns="y"), train["y"])',
            'model.fit(train.drop(columns="y"), train["y"])  # TRN911',
        ),
        ("    except Exception:", ""),
        ('        with open("/opt/ml/output/failure", "w") as stream:', ""),
        ("            stream.write(traceback.format_exc())\n        raise", ""),
        ("import traceback", ""),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the first training."""
        call = unhandled_training(subject.analysis)
        if call is not None:
            yield self.finding(subject, call.node if subject.owns(call.node) else subject.entry)


FAILURE_FILE = "/opt/ml/output/failure"

_DECORATORS = ("torch.distributed.elastic.", "click.", "hydra.")


def unhandled_training(analysis: Analysis) -> Call | None:
    """Return the first training in a program that handles no error around any of them, or None."""
    found = [call for call, _ in trainings(analysis)]
    if not found or any(is_tried(analysis, call.site) for call in found):
        return None
    if any("atexit.register" in call.names for call in analysis.calls.all) or _names_failure_file(analysis):
        return None
    for node, scope in analysis.live_nodes:
        if isinstance(node, ast.Attribute) and node.attr == "excepthook":
            owners = analysis.evaluator.values(node.value, scope)
            if any(isinstance(owner, Reference) and owner.name == "sys" for owner in owners):
                return None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list:
            # A decorator may catch what its function raises.
            outside = scope.parent or scope
            for decorator in node.decorator_list:
                target = decorator.func if isinstance(decorator, ast.Call) else decorator
                values = analysis.evaluator.values(target, outside)
                names = [getattr(value, "name", "") for value in values]
                if not names or any(_may_catch(analysis, name) for name in names):
                    return None
    return found[0]


def _may_catch(analysis: Analysis, decorator: str) -> bool:
    """Return whether a decorator of this canonical name, empty if unknown, may handle what its function raises."""
    if not decorator or decorator.startswith(_DECORATORS):
        return True
    return analysis.calls.is_foreign_name(decorator) and table().library(decorator) is None


def _names_failure_file(analysis: Analysis) -> bool:
    """Return whether the program uses the file that SageMaker shows as the reason, or a file of its name."""
    if any(read.name == "SM_OUTPUT_FAILURE" for read in analysis.environment.reads):
        return True
    return any(place.path == "failure" or place.path.endswith("/failure") for place in path_uses(analysis))
