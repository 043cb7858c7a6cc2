"""TRN159: a declared hyperparameter is never read by the script."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import contract_and_script
from training_alignment.levels.hyperparameters import never_read
from training_alignment.levels.subject import StepSubject


class HyperparameterNeverRead(StepRule):
    """Reports a hyperparameter of the contract that the script certainly never reads."""

    code = "TRN159"
    severity = Severity.WARNING
    summary = "a declared hyperparameter is never read by the script"
    why = """
        It is passed to every job, recorded with every job, and tuned perhaps, without changing the model at all.

        A script that passes all hyperparameters on as they are (`xgb.train(params=hyperparameters)`) may use any of
        them.
    """
    bad = Example(
        contract_and_script(
            contract=[('"num_round": 100,', '"num_round": 100,\n            "gamma": 1.0,  # TRN159')]
        )
    )
    good = Example(contract_and_script())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for entry in never_read(subject):
            yield self.at(subject, entry, entry.name.value)
