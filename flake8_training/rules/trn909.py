"""TRN909: the saved model is never loaded back to check it."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.artifact import unread_save


class SavedModelNeverLoaded(Rule[Script]):
    """Reports a save of a model that the script never reads."""

    code = "TRN909"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "the saved model is never loaded back to check it"
    why = """
        Some models are saved without an error and cannot be loaded: a lambda in a Keras layer, a class of the
        script itself in a pickle, a wrapped module whose keys have another prefix. Loading the file back, and one
        prediction with what was loaded, tell while the job still runs; otherwise the endpoint tells.
    """
    bad = careless(
        ("joblib.dump(model, path)", "joblib.dump(model, path)  # TRN909"),
        ('    joblib.load(path).predict(validation[:1].drop(columns="y"))', ""),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding, at the first save."""
        call = unread_save(subject.analysis)
        if call is not None and subject.owns(call.node):
            yield self.finding(subject, call.node)
