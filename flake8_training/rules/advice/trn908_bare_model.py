"""TRN908: nothing but the bare model is saved."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.advice.artifact import bare_save, lost_preparation
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.rule import Condition, Rule
from flake8_training.script import Script

_LOST = "what prepares the data is fitted and never saved"


class BareModel(Rule[Script]):
    """Reports a script whose only output is one file that holds a bare model."""

    code = "TRN908"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "nothing but the bare model is saved"
    other_summaries = (_LOST,)
    why = """
        A model alone does not show which columns it takes, how they were prepared, what its classes mean, or which
        data, settings and versions it was trained with. Whoever loads it later has to guess.
    """
    fix = """
        Write a small JSON file beside the model, with the columns, the settings and the metrics.
    """
    reported_when = (
        "the only file that the script writes is a bare model in the model directory: saved with pickle, "
        "joblib or numpy, as HDF5, or by the framework",
        "a scaler, encoder or the like of scikit-learn is fitted, the model is saved beside it, and the script uses "
        "the name of the scaler for nothing but its own methods",
    )
    not_reported_when = (
        Condition(
            "the script writes any second file",
            suppressed={
                "    joblib.load(path)": (
                    "    with open(os.path.join(args.model_dir, "
                    '"columns.txt"), "w") as stream:\n'
                    '        stream.write(",".join(train.columns))\n'
                    "    joblib.load(path)"
                ),
                "  # TRN908": "",
            },
            reported={
                "    joblib.load(path)": (
                    '    print("columns.txt", list(train.columns))\n    joblib.load(path)'
                ),
            },
        ),
        Condition(
            (
                "the saved object is a dict, a pipeline, a search or an object of unknown type: it may hold more "
                "than the model"
            ),
            suppressed={
                "joblib.dump(model, path)  # TRN908": (
                    'joblib.dump({"model": model, "columns": list(train.columns)}, path)'
                ),
                "joblib.load(path).predict": 'joblib.load(path)["model"].predict',
            },
            reported={
                "def main(args):\n": ('def main(args):\n    print({"model": args.trees})\n'),
            },
        ),
        Condition(
            "a callback or trainer saves the model",
            suppressed={
                "def main(args):\n": (
                    'def main(args):\n    ModelCheckpoint(os.path.join(args.model_dir, "best.keras"))\n'
                ),
                "import pandas as pd\n": (
                    "import pandas as pd\nfrom tensorflow.keras.callbacks import ModelCheckpoint\n"
                ),
                "  # TRN908": "",
            },
            reported={
                "def main(args):\n": ("def main(args):\n    print(ModelCheckpoint)\n"),
                "import pandas as pd\n": (
                    "import pandas as pd\nfrom tensorflow.keras.callbacks import ModelCheckpoint\n"
                ),
            },
        ),
        Condition(
            "a library or program that the script calls may save out of sight, or receives the model directory",
            suppressed={
                "import pandas as pd\n": ("import pandas as pd\nfrom company import toolbox\n"),
                "def main(args):\n": ("def main(args):\n    toolbox.run(args)\n"),
                "  # TRN908": "",
            },
            reported={
                "import pandas as pd\n": ("import pandas as pd\nfrom company import toolbox\n"),
                "def main(args):\n": ('def main(args):\n    toolbox.greet("hello")\n'),
            },
        ),
    )
    bad = careless(
        ("joblib.dump(model, path)", "joblib.dump(model, path)  # TRN908"),
        ('    with open(os.path.join(args.model_dir, "metadata.json"), "w") as stream:', ""),
        (
            '        json.dump({"columns": list(train.columns), "accuracy": accuracy}, stream)',
            "",
        ),
        ("import json", ""),
        ('        with open("/opt/ml/output/failure", "w") as stream:', ""),
        ("            stream.write(traceback.format_exc())", "        log.error(traceback.format_exc())"),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the save."""
        call = bare_save(subject.analysis)
        if call is not None and subject.owns(call.node):
            yield self.finding(subject, call.node)
            return
        fitted = lost_preparation(subject.analysis)
        if fitted is not None and subject.owns(fitted.node):
            yield self.finding(subject, fitted.node, summary=_LOST)
