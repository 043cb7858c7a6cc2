"""TRN908: nothing but the bare model is saved."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.artifact import bare_save


class BareModel(Rule[Script]):
    """Reports a script whose only output is one file with the model in it."""

    code = "TRN908"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "nothing but the bare model is saved"
    why = """
        A model alone does not say which columns it takes, how they were prepared, which classes its numbers stand
        for, or which data, settings and versions it was made with. Whoever loads it later has to guess. A small
        JSON file beside it in the model directory is enough.

        A dict with the model in it, a pipeline with its preparation, or any second file that the script writes
        count as more.
    """
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
        """Yield one finding, at the save."""
        call = bare_save(subject.analysis)
        if call is not None and subject.owns(call.node):
            yield self.finding(subject, call.node)
