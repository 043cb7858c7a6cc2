"""TRN201: a contract input is missing from the specification."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.named_ports import missing_from_specifications
from training_alignment.levels.subject import StepSubject

_CONTRACT = """
    from contracts.base import TrainingScriptContract

    CHURN_CONTRACT = TrainingScriptContract(
        entry_point="churn.py",
        expected_input_paths={
            "training_data": "/opt/ml/input/data/train",
            "pretrained_model": "/opt/ml/input/data/model",%s
        },
        expected_output_paths={"model_artifacts": "/opt/ml/model"},
    )
"""
_SPECIFICATION = """
    from contracts.churn_contract import CHURN_CONTRACT
    from pipeline.specification import DependencySpec, OutputSpec, StepSpecification

    CHURN_SPEC = StepSpecification(
        step_type="ChurnTraining",
        script_contract=CHURN_CONTRACT,
        dependencies=[
            DependencySpec(logical_name="training_data", dependency_type="training_data"),%s
        ],
        outputs=[OutputSpec(logical_name="model_artifacts", output_type="model_artifacts")],
    )
"""
_MORE = """
            DependencySpec(logical_name="pretrained_model", dependency_type="model_artifacts", required=False),"""


class ContractInputMissingFromSpecification(StepRule):
    """Reports an input that no specification of the step takes."""

    code = "TRN201"
    severity = Severity.ERROR
    summary = "a contract input is missing from the specification"
    why = """
        The specification says what a pipeline connects to a step. An input that only the contract knows is connected
        to nothing: no upstream step delivers it, and the script finds an empty folder, or none at all.

        Where a step has a specification for each job type, one that takes the input is enough.
    """
    bad = Example(
        {
            "contracts/churn_contract.py": _CONTRACT % "  # TRN201",
            "specs/churn_spec.py": _SPECIFICATION % "",
        },
        options=("--select=TRN201",),
    )
    good = Example(
        {
            "contracts/churn_contract.py": _CONTRACT % "",
            "specs/churn_spec.py": _SPECIFICATION % _MORE,
        },
        options=("--select=TRN201",),
    )

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding at each contract input that no specification names."""
        for missing in missing_from_specifications(subject, "input"):
            yield self.at(subject, missing.entry, missing.detail, missing.related)
