"""TRN158: the script reads a hyperparameter that nothing declares."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule, other_side
from training_alignment.levels.example_files import contract_and_script
from training_alignment.levels.hyperparameter_classes import unknown_fields
from training_alignment.levels.hyperparameters import declared_hyperparameters, undeclared_reads
from training_alignment.levels.subject import StepSubject


class ReadsUndeclaredHyperparameter(StepRule):
    """Reports a hyperparameter that the script reads and neither contract nor specification declares."""

    code = "TRN158"
    severity = Severity.ERROR
    summary = "the script reads a hyperparameter that nothing declares"
    why = """
        `hyperparameters["max_dept"]` ends the job with a KeyError, `hyperparameters.get("max_dept", 6)` trains every
        model with 6, whatever the launcher says.

        A key that has to be there is always reported; one with a default, and an option, only where its name is
        evidently a slip of a declared hyperparameter that the script reads nowhere.

        Where the project has classes of hyperparameters and the script a class that takes them in
        (`Settings(**loaded)`), a field of the script's is a warning if it is evidently one of theirs under another
        name: what the user sets never arrives.
    """
    bad = Example(
        contract_and_script(
            script=[('int(given["num_round"]),', 'int(given.get("num_rounds", 100)),  # TRN158')]
        )
    )
    good = Example(contract_and_script())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        declared = declared_hyperparameters(subject)
        if declared is not None:
            for read in undeclared_reads(subject, declared):
                yield self.in_script(subject, read.node, read.detail)
        for name, near in unknown_fields(subject):
            related = other_side(near, f"{near.value} of the hyperparameters")
            found = self.at(subject, name, f"{name.value}, did you mean {near.value}?", [related])
            yield replace(found, severity=Severity.WARNING)
