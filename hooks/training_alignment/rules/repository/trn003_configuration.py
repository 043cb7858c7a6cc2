"""TRN003: the project configuration is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.artefacts.tree import Place
from training_alignment.comparisons.step_subject import RepositorySubject
from training_alignment.rules.step_rule import RepositoryRule


class WrongConfiguration(RepositoryRule):
    """Reports a mistake in `[tool.flake8-training]` of `pyproject.toml`."""

    code = "TRN003"
    severity = Severity.ERROR
    summary = "the project configuration is wrong"
    why = """
        The command cannot follow a setting that it does not understand. If it ignored a misspelled key, that key would
        silently switch off what it was meant to switch on. The command ends with exit code 2, as for a mistake on the
        command line.
    """
    fix = """
        Correct the key, value or path. The message names the nearest right key or file.
    """
    reported_when = (
        "`pyproject.toml` mentions `flake8-training` and is no valid TOML, or the file cannot be read",
        "a key of `[tool.flake8-training]` or of a listed step is unknown",
        "a value has the wrong kind, such as a string for `levels`, or the kind of a step is unknown",
        "a listed file does not exist, leads out of the repository, or does not hold the named artefact",
        "a listed file holds several contracts or specifications, and the entry does not name one",
        "two listed steps have the same name, or names that differ in case, `-` or `_` only",
    )
    not_reported_when = (
        Condition(
            "`pyproject.toml` has no section `[tool.flake8-training]`, or the repository has no such file",
            suppressed={"[tool.flake8-training]": "[project]"},
            reported=Example(
                {
                    "pyproject.toml": (
                        "[tool.other]\n"
                        'name = "tool.flake8-training"\n'
                        "[tool.flake8-training]\n"
                        "levls = [1, 2]  # TRN003\n"
                    )
                }
            ),
        ),
        Condition(
            "the mistake is in the section of another tool",
            suppressed=Example(
                {
                    "pyproject.toml": (
                        "[tool.other]\nlevls = [1, 2]\n[tool.flake8-training]\nlevels = [1, 2]\n"
                    )
                }
            ),
            reported={
                "levels = [1, 2]": "levls = [1, 2]  # TRN003",
            },
        ),
    )
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
