"""TRN128: a failure is caught and the job ends as completed."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.swallowed_failures import swallowed_failures

_READ = '    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))\n'
_OUTER = (
    "    try:\n        main()\n    except Exception as error:  # TRN128\n"
    '        print("training failed:", error)\n'
)
_CAUGHT = """
    try:
        data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
    except Exception as error:{mark}
        print("no data:", error)
        return
"""
_BEFORE = _CAUGHT.format(mark="  # TRN128").lstrip("\n")
_ELSEWHERE = (
    "    def show():\n"
    + _CAUGHT.format(mark="").lstrip("\n").replace("    ", "        ", 1).replace("\n    ", "\n        ")
    + "        print(data)\n\n    show()\n"
    + _READ
)


class FailureSwallowed(Rule[Script]):
    """Reports a handler that catches every failure of the training and lets the script end with exit code 0."""

    code = "TRN128"
    severity = Severity.WARNING
    summary = "a failure is caught and the job ends as completed"
    why = """
        SageMaker asks for the exit code of the script. If a handler prints the error and the script ends, the exit code
        is 0: the job is `Completed`, its `model.tar.gz` is empty, and a pipeline goes on with it. Writing
        `/opt/ml/output/failure` does not change that.
    """
    fix = """
        End the handler with `raise` or `sys.exit(1)`.
    """
    reported_when = (
        "a `try` around the training catches `Exception`, `BaseException` or everything, and neither the handler nor "
        "the code after it ends the script with a failure",
        "a `try` before the training catches everything, and its handler returns from the function that trains",
    )
    not_reported_when = (
        Condition(
            "the handler raises, exits, returns a value, or calls code that may",
            suppressed={
                'print("training failed:", error)': 'print("training failed:", error)\n        raise'
            },
            reported={'print("training failed:", error)': 'print("training failed, raise:", error)'},
        ),
        Condition(
            "the code after it raises, exits or uses a name that the `try` binds",
            suppressed={
                'print("training failed:", error)\n': (
                    'print("training failed:", error)\n    raise SystemExit(1)\n'
                )
            },
            reported={
                'print("training failed:", error)\n': (
                    'print("training failed:", error)\n    print(SystemExit(1))\n'
                )
            },
        ),
        Condition(
            "the handler returns from a function that does not train",
            suppressed={_READ: _ELSEWHERE, _OUTER: "    main()\n"},
            reported={_READ: _BEFORE, _OUTER: "    main()\n"},
        ),
        Condition(
            "the `try` is in a loop, which may go on with another fold or trial",
            suppressed={
                (
                    "    try:\n"
                    "        main()\n"
                    "    except Exception as error:  # TRN128\n"
                    '        print("training failed:", error)'
                ): (
                    "    for _ in range(3):\n"
                    "        try:\n"
                    "            main()\n"
                    "        except Exception as error:\n"
                    '            print("training failed:", error)'
                )
            },
            reported={"    try:\n": ('    for _ in range(3):\n        print("loop")\n    try:\n')},
        ),
        Condition(
            "the function returns a value, which its caller may test",
            suppressed={
                "def main():\n": (
                    "def main():\n"
                    "    try:\n"
                    "        return train()\n"
                    "    except Exception as error:\n"
                    '        print("training failed:", error)\n'
                    "\n"
                    "\n"
                    "def train():\n"
                ),
                '"model.joblib"))\n': '"model.joblib"))\n    return model\n',
                (
                    "    try:\n"
                    "        main()\n"
                    "    except Exception as error:  # TRN128\n"
                    '        print("training failed:", error)'
                ): "    print(main())",
            },
            reported={'"model.joblib"))\n': '"model.joblib"))\n    return model\n'},
        ),
    )
    missed = ("`contextlib.suppress` around the training", "a handler in another module")
    bad = Example(
        """
        import os

        import joblib
        import pandas as pd
        from sklearn.linear_model import SGDClassifier


        def main():
            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = SGDClassifier()
            model.fit(data.drop(columns="y"), data["y"])
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))


        if __name__ == "__main__":
            try:
                main()
            except Exception as error:  # TRN128
                print("training failed:", error)
        """,
        options=("--select=TRN128",),
    )
    good = Example(
        """
        import os

        import joblib
        import pandas as pd
        from sklearn.linear_model import SGDClassifier


        def main():
            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = SGDClassifier()
            model.fit(data.drop(columns="y"), data["y"])
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))


        if __name__ == "__main__":
            try:
                main()
            except Exception as error:
                print("training failed:", error)
                raise
        """,
        options=("--select=TRN128",),
    )

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each handler."""
        for handler in swallowed_failures(subject.analysis):
            yield self.finding(subject, handler, "the exit code is 0, and the model may be missing")
