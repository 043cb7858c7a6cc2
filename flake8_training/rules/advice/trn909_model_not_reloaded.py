"""TRN909: the saved model is never loaded back to check it."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.advice.artifact import unread_save
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.rule import Condition, Rule
from flake8_training.script import Script


class SavedModelNeverLoaded(Rule[Script]):
    """Reports the save of a model that the script never loads back."""

    code = "TRN909"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "the saved model is never loaded back to check it"
    why = """
        Some models are saved without an error and cannot be loaded: a lambda in a Keras layer, a class of the script in
        a pickle, a wrapped module whose keys have another prefix. Unless the job loads the model back, the endpoint is
        the first to fail.
    """
    fix = """
        Load the file after the save, and predict one row with the loaded model.
    """
    reported_when = (
        "the script saves a model to the model directory, and no call that runs reads from there",
    )
    not_reported_when = (
        Condition(
            (
                "a call reads a model from an unknown path, or has a name such as `load_model`, `restore` or "
                "`from_file`"
            ),
            suppressed={
                "import pandas as pd\n": ("import pandas as pd\nfrom company import load_model\n"),
                "def main(args):\n": ("def main(args):\n    load_model(args)\n"),
                "  # TRN909": "",
            },
            reported={
                "def main(args):\n": ('def main(args):\n    print("load_model")\n'),
            },
        ),
        Condition(
            "a library or program that the script calls may read out of sight, or receives the model directory",
            suppressed={
                "import pandas as pd\n": ("import pandas as pd\nfrom company import toolbox\n"),
                "def main(args):\n": ("def main(args):\n    toolbox.check(args.model_dir)\n"),
                "  # TRN909": "",
            },
            reported={
                "import pandas as pd\n": ("import pandas as pd\nfrom company import toolbox\n"),
                "def main(args):\n": ('def main(args):\n    toolbox.greet("hello")\n'),
            },
        ),
    )
    bad = careless(
        ("joblib.dump(model, path)", "joblib.dump(model, path)  # TRN909"),
        ('    joblib.load(path).predict(validation[:1].drop(columns="y"))', ""),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the first save."""
        call = unread_save(subject.analysis)
        if call is not None and subject.owns(call.node):
            yield self.finding(subject, call.node)
