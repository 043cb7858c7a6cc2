"""TRN419: required environment variables never reach the estimator."""

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
    """Reports environment variables that the contract requires and the builder does not give to its job."""

    code = "TRN419"
    severity = Severity.ERROR
    summary = "required environment variables never reach the estimator"
    why = """
        The script reads what the contract requires of the builder. A variable that neither the builder nor the
        configuration sets, or that is set in a dict which the estimator or processor is not given, is a `KeyError`
        after the instance has been started, or a default that nobody chose.

        The methods of the builder, of its bases and of the configuration are followed, and so is a base class that
        looks every variable of the contract up among the configuration's fields. It is a warning where the
        configuration may be given a field that its class does not name, where a variable is set only if the
        configuration has a field that no class of it has, and where nothing can turn a switch of the script that the
        contract has a default for.
    """
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
        """Yield one finding for each variable."""
        for problem in unset_variables(subject):
            required = problem.required
            related = [other_side(required, f"{required.value} is required")] if required is not None else []
            finding = self.at(subject, problem.place, problem.detail, related)
            yield finding if problem.certain else replace(finding, severity=Severity.WARNING)
