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
        If the key is not among the job's hyperparameters, `hyperparameters["max_dept"]` ends the job with `KeyError`.
        `hyperparameters.get("max_dept", 6)` trains every model with 6, whatever value the launcher passes.
    """
    fix = """
        Read the declared name, or declare the hyperparameter in the contract.
    """
    reported_when = (
        "the script requires a key of the hyperparameters or a variable `SM_HP_*`, and neither contract "
        "nor specification declares it",
        "the script reads a key with a default, and the key is a misspelling of a declared hyperparameter "
        "that it reads nowhere",
        "an option of a training script is a misspelling of a declared hyperparameter that it reads nowhere",
        "a class that the script fills from a dict (`Settings(**loaded)`) has a field that is a "
        "misspelling of one of the project's hyperparameter class (a warning)",
    )
    not_reported_when = (
        "the contract declares no hyperparameters, or an unknown set of them (the comparison of classes "
        "needs no contract)",
        "the names differ in case, `-` or `_` only",
        "the name begins with `sagemaker_` or `_tuning_`, which SageMaker adds",
        "an imported module reads the key",
        "fewer than half of the fields of the project's class are fields of the script's class, which "
        "then belongs to another step",
    )
    missed = (
        "the hyperparameters pass through a comprehension that decodes them, or come from a file in a "
        "channel",
        "the step's configuration holds the project's class in a field without `hyperparameters` or "
        "`hparams` in its name",
    )
    bad = Example(
        contract_and_script(
            script=[('int(given["num_round"]),', 'int(given.get("num_rounds", 100)),  # TRN158')]
        )
    )
    good = Example(contract_and_script())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        declared = declared_hyperparameters(subject)
        if declared is not None:
            for read in undeclared_reads(subject, declared):
                yield self.in_script(subject, read.node, read.detail)
        for name, near in unknown_fields(subject):
            related = other_side(near, f"{near.value} of the hyperparameters")
            found = self.at(subject, name, f"{name.value}, did you mean {near.value}?", [related])
            yield replace(found, severity=Severity.WARNING)
