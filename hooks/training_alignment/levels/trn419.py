"""TRN419: required environment variables that never reach the job."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule, other_side
from training_alignment.levels.builder_example import built
from training_alignment.levels.given_variables import unset_variables
from training_alignment.levels.subject import StepSubject


class VariablesNeverReachTheJob(StepRule):
    """Reports environment variables that the contract requires and the builder does not pass to its job."""

    code = "TRN419"
    severity = Severity.ERROR
    summary = "required environment variables never reach the estimator"
    why = """
        The contract declares the variables that the script reads. If neither the builder nor the configuration sets
        one, or if the dict that holds it does not reach the estimator or processor, the script ends with `KeyError`
        after the instance has started. With a default, it silently uses that default.
    """
    fix = """
        Set the variable in the builder's method, and pass the dict as `environment` (processor: `env`).
    """
    reported_when = (
        "the contract requires a variable (`required_env_vars`), and the builder, its bases and the "
        "configuration do not set it",
        "the builder looks the contract's variables up among the configuration's fields, and no class has "
        "the field",
        "the builder has a method for the variables, nothing calls it, and the job gets none",
        "as a warning: a variable is set only if the configuration has a field that its class does not have",
        "as a warning: the contract has a default for a switch that the script reads, and no configuration "
        "field can change it",
        "the configuration accepts further fields, which may hold the variable: then the finding is a "
        "warning",
    )
    not_reported_when = (
        "the builder constructs no estimator of SDK v2 and no processor, or several jobs",
        "a part of the job's variables is unknown",
        "the name begins with `SM_`, `SAGEMAKER_` or `AWS_`",
        "the lookup of the contract's variables has a default",
    )
    missed = ("a variable of the contract's table `environment_variables`, which counts as optional",)
    bad = Example(
        built(
            [
                ("def _get_environment_variables(self):", "def _get_environment_variables(self):  # TRN419"),
                ('variables = {"LABEL_FIELD": self.config.label_field}', "variables = {}"),
            ]
        )
    )
    good = Example(built())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield a finding for each variable."""
        for problem in unset_variables(subject):
            required = problem.required
            related = [other_side(required, f"{required.value} is required")] if required is not None else []
            finding = self.at(subject, problem.place, problem.detail, related)
            yield finding if problem.certain else replace(finding, severity=Severity.WARNING)
