"""TRN115: the entry point uses a relative import."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.relative_imports import absolute_form, failing_imports


class RelativeImport(Rule[Script]):
    """Reports a relative import, which fails because SageMaker starts the script as a file."""

    code = "TRN115"
    severity = Severity.ERROR
    summary = "the entry point uses a relative import"
    why = """
        SageMaker starts the entry point as a file, `python train.py`, and such a file belongs to no package. The job
        ends at its start with "ImportError: attempted relative import with no known parent package". On a developer's
        machine `python -m src.train` hides the mistake.
    """
    fix = """
        Import a module beside the entry point by its name: `from model import build`.
    """
    reported_when = ("the entry point runs a relative import: at module level, or in a function that runs",)
    not_reported_when = (
        "a `try` around the import catches `ImportError`, or the import is in the handler of such a `try`",
        "the import depends on `__package__`, `__name__`, `__spec__` or `TYPE_CHECKING`; the body of the "
        "main guard does run",
        "the script is in a package, and a file beside it or beside its package imports it as a module",
        "the file does nothing when it starts, or is an `__init__.py`",
    )
    bad = Example(
        {
            "train.py": """
                import argparse
                import os

                import joblib
                import pandas as pd

                from .model import build  # TRN115

                if __name__ == "__main__":
                    parser = argparse.ArgumentParser()
                    parser.add_argument("--C", type=float, default=1.0)
                    args = parser.parse_args()

                    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
                    model = build(args.C)
                    model.fit(data[:800].drop(columns="y"), data[:800]["y"])
                    print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
                    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
            """,
            "model.py": """
                from sklearn.svm import SVC


                def build(C):
                    return SVC(C=C)
            """,
        }
    )
    good = Example(
        {
            "train.py": """
                import argparse
                import os

                import joblib
                import pandas as pd
                from model import build

                if __name__ == "__main__":
                    parser = argparse.ArgumentParser()
                    parser.add_argument("--C", type=float, default=1.0)
                    args = parser.parse_args()

                    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
                    model = build(args.C)
                    model.fit(data[:800].drop(columns="y"), data[:800]["y"])
                    print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
                    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
            """,
            "model.py": """
                from sklearn.svm import SVC


                def build(C):
                    return SVC(C=C)
            """,
        }
    )

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each relative import that runs."""
        for node in failing_imports(subject.analysis):
            better = absolute_form(node)
            yield self.finding(
                subject,
                node,
                "the file that SageMaker starts has no parent package, and the job ends with an ImportError; "
                + (
                    f'write "{better}"'
                    if better
                    else "put the module beside the script and import it by its name"
                ),
            )
