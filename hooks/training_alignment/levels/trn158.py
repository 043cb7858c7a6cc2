"""TRN158: the script reads a hyperparameter that nothing declares."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import contract_and_script
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
        if declared is None:
            return
        for read in undeclared_reads(subject, declared):
            yield self.in_script(subject, read.node, read.detail)
