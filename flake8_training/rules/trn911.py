"""TRN911: the training loop handles no errors, so a failed job gives no reason."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.failures import unhandled_training


class TrainingErrorsNotHandled(Rule[Script]):
    """Reports a script whose training, and every call that leads to it, stands outside of any `try`."""

    code = "TRN911"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "the training loop handles no errors, so a failed job gives no reason"
    why = """
        SageMaker shows the content of `/opt/ml/output/failure` as the reason of a failed job. An error that nobody
        handles leaves the writing of it to the image: one with SageMaker's training toolkit writes the end of what
        the script printed, one of your own writes nothing, and the job says no more than "AlgorithmError, exit code
        1". A `try` around the training that writes the traceback there (and raises again, so that the job fails)
        gives the reason with any image, and the place to say what was being trained.
    """
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
        """Yield one finding, at the training."""
        call = unhandled_training(subject.analysis)
        if call is not None:
            yield self.finding(subject, call.node if subject.owns(call.node) else subject.entry)
