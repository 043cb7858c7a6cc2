"""TRN001: the checker itself failed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.finding import Finding, Severity
from flake8_training.named_tuple import NamedTuple
from flake8_training.rules.rule import Condition, Example, Rule

if TYPE_CHECKING:
    from flake8_training.script import Script

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

_SCRIPT = '''\
"""Train a model."""
import argparse
import os

import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--C", type=float, default=1.0)
    args = parser.parse_args()
    train = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "data.csv"))
    test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "data.csv"))
    model = LogisticRegression(C=args.C).fit(train[["a", "b"]], train["label"])
    print("accuracy:", model.score(test[["a", "b"]], test["label"]))
    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
'''


class _File(NamedTuple):
    path: str


class InternalError(Rule["Script"]):
    """Reports an exception in a rule or in the reader of a file. The checker calls ``report``."""

    code = "TRN001"
    severity = Severity.ERROR
    summary = "internal error in a rule"
    why = """
        flake8-training itself raised an exception; the script may be right. The message names the rule, the file, the
        exception and the line of flake8-training. All other rules are still checked. If the reader of the file failed,
        no rule is checked on that file.
    """
    fix = """
        Report the message as a bug of flake8-training. Until a fixed version is installed, `# noqa: TRN001` on the
        first line or `per-file-ignores` silences the finding.
    """
    reported_when = (
        "a rule raises an exception while it checks a file; the rule's findings up to then are kept",
        "the reader of a script or launcher raises an exception",
    )
    not_reported_when = (
        Condition(
            "a file cannot be parsed: flake8 reports its own `E902` or `E999`, the commit hook TRN002",
            suppressed={"= parser.parse_args()": "= parser.parse_args("},
            reported={"= parser.parse_args()": '= parser.parse_args()\n    print("parser.parse_args(")'},
        ),
    )
    bad = Example(_SCRIPT.replace("\n", "  # TRN001\n", 1), failing="TRN104")
    good = Example(_SCRIPT)

    def check(self, script: Script, /) -> Iterator[Finding]:
        """Yield nothing: the checker reports the exception with ``report``."""
        yield from ()

    def report(self, path: str, culprit: str, error: Exception) -> Finding:
        """Return the finding for ``error``, raised on the file at ``path`` by ``culprit``, a rule or the reader."""
        import logging

        file = os.path.basename(path) or "standard input"
        logging.getLogger(__name__).debug("%s failed on %s", culprit, path, exc_info=error)
        text = str(error)[:200]
        what = f"{type(error).__name__} {text}" if text else type(error).__name__
        return self.finding(_File(path), 1, f"{culprit} on {file}, {what}{_place(error)}")


def _place(error: Exception) -> str:
    """Return the innermost line of this package in the traceback, or an empty string."""
    import traceback

    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        source = frame.f_code.co_filename
        if source.startswith(_PACKAGE + os.sep):
            inside = os.path.relpath(source, _PACKAGE).replace(os.sep, "/")
            return f" (flake8_training/{inside} line {line})"
    return ""
