"""TRN125: the framework declared by the contract or builder is not the one the script imports."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from flake8_training.script.frameworks import imported_frameworks
from training_alignment.levels.base import StepRule, other_side, script_place
from training_alignment.levels.example_files import contract_and_script
from training_alignment.levels.frameworks import compatible, declared_frameworks
from training_alignment.levels.subject import StepSubject


class OtherFramework(StepRule):
    """Reports a script that imports another framework than its contract or builder declares."""

    code = "TRN125"
    severity = Severity.ERROR
    summary = "the framework declared by the contract or builder is not the one the script imports"
    why = """
        The declared framework decides on the image: in one made for another framework the import fails, in a general
        one the model is recorded, registered and served as what it is not.

        What a script imports beside the declared framework does not matter. Builders of a PyTorch or scikit-learn
        image are not compared, since these images run other frameworks' scripts too.
    """
    bad = Example(
        contract_and_script(contract=[('"FRAMEWORK": "xgboost",', '"FRAMEWORK": "lightgbm",  # TRN125')])
    )
    good = Example(contract_and_script())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        if subject.script is None or not subject.is_training:
            return
        imported = imported_frameworks(subject.script.analysis)
        if not imported:
            return
        for claim in declared_frameworks(subject):
            if not compatible(claim.framework, set(imported)):
                node, name = next(iter(imported.values()))
                related = other_side(script_place(subject, node), f"imports {name}")
                yield self.at(
                    subject, claim.place, f"{claim.framework}, the script imports {name}", [related]
                )
