"""TRN003: the project configuration is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.artefacts.tree import Place
from training_alignment.levels.base import RepositoryRule
from training_alignment.levels.subject import RepositorySubject


class WrongConfiguration(RepositoryRule):
    """Reports a mistake in ``[tool.flake8-training]``."""

    code = "TRN003"
    severity = Severity.ERROR
    summary = "the project configuration is wrong"
    why = """
        A key of `[tool.flake8-training]` in `pyproject.toml` that does not exist, a value of the wrong kind, a file
        that is not there, or two steps of one name. A misspelt key that were passed over would switch off what it was
        meant to switch on, without a word.

        The command ends with exit code 2, as for a mistake on the command line.
    """
    bad = Example(
        {
            "pyproject.toml": """
                [tool.flake8-training]
                levls = [1, 2]  # TRN003
            """
        }
    )
    good = Example(
        {
            "pyproject.toml": """
                [tool.flake8-training]
                levels = [1, 2]
            """
        }
    )

    def check(self, subject: RepositorySubject, /) -> Iterator[Finding]:
        """Yield one finding for each mistake."""
        for error in subject.discovery.configuration_errors:
            yield self.at(Place(error.path, error.line, error.column), error.message)
