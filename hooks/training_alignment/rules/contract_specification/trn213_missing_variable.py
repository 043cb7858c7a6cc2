"""TRN213: a required contract environment variable is missing."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import closest
from training_alignment.artefacts.model import Format, StepKind
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.requirements import TRAINING_VALIDATION_REQUIREMENTS
from training_alignment.rules.example_step import contract_and_specification
from training_alignment.rules.step_rule import StepRule

_CONTRACT = """
    %s_CONTRACT = {
        "inputs": {"rows": {"source": "s3://bucket/rows/", "destination": "/opt/ml/input/data/rows"}},
        "environment_variables": {"FRAMEWORK": "xgboost"},%s
    }
"""


def _with_step_type(step_type: str, marker: str = "") -> dict[str, str]:
    """Return a contract without a variable, and a specification that declares the kind of its step."""
    return contract_and_specification(
        contract=[
            ('"environment_variables": {', f'"environment_variables": {{{marker}'),
            ('        "MODEL_TYPE": "classification",\n', ""),
        ],
        specification=[('"step_name"', f'"step_type": "{step_type}",\n        "step_name"')],
    )


class ContractVariableMissing(StepRule):
    """Reports a training contract that lacks an environment variable which every training contract has."""

    code = "TRN213"
    severity = Severity.ERROR
    summary = "a required contract environment variable is missing"
    why = """
        `FRAMEWORK` and `MODEL_TYPE` in `environment_variables` of a contract declare what the step trains. Other checks
        use them, and so does the code that registers or serves the model. If one is missing, the model is registered
        without its framework or its type.
    """
    fix = """
        Add the variable to `environment_variables` of the contract.
    """
    reported_when = (
        "`environment_variables` of a training contract lacks `FRAMEWORK` or `MODEL_TYPE`",
        "a training contract has no `environment_variables`",
    )
    not_reported_when = (
        Condition(
            "the contract is a call of a class, or a section of a step file",
            suppressed=Example(
                {
                    "contracts/churn_training_contract.py": (
                        "from pipeline.contract import TrainingScriptContract\n"
                        "\n"
                        "CHURN_TRAINING_CONTRACT = TrainingScriptContract(\n"
                        '    entry_point="churn.py",\n'
                        '    expected_input_paths={"data": "/opt/ml/input/data/training"},\n'
                        '    expected_output_paths={"model": "/opt/ml/model"},\n'
                        '    environment_variables={"FRAMEWORK": "xgboost"},\n'
                        ")\n"
                    )
                },
                options=("--select=TRN213",),
            ),
            reported=lambda bad: bad.changed(
                {
                    "CHURN_TRAINING_CONTRACT = {\n": (
                        "from pipeline.contract import TrainingScriptContract\n"
                        "\n"
                        "print(TrainingScriptContract)\n"
                        "CHURN_TRAINING_CONTRACT = {\n"
                    )
                }
            ),
        ),
        Condition(
            "the contract lists required or optional variables, as in `required_env_vars`",
            suppressed={
                (
                    '    "environment_variables": {  # TRN213\n        "FRAMEWORK": "xgboost",\n        },\n'
                ): '    "required_env_vars": ["FRAMEWORK"],\n'
            },
            reported={
                '        "FRAMEWORK": "xgboost",\n': (
                    '        "FRAMEWORK": "xgboost",\n        "OTHER": "required_env_vars",\n'
                )
            },
        ),
        Condition(
            "the variables, or the keys of the contract, cannot be determined completely",
            suppressed={
                "CHURN_TRAINING_CONTRACT = {\n": (
                    "from pipeline.more import MORE\n\nCHURN_TRAINING_CONTRACT = {\n"
                ),
                '        "FRAMEWORK": "xgboost",\n': '        "FRAMEWORK": "xgboost",\n        **MORE,\n',
            },
            reported={
                "CHURN_TRAINING_CONTRACT = {\n": (
                    "from pipeline.more import MORE\n\nCHURN_TRAINING_CONTRACT = {\n"
                )
            },
        ),
        Condition(
            "the paths of the contract and their types do not show that it is a training step's",
            suppressed={
                "/opt/ml/input/data/": "/opt/ml/processing/",
                '"/opt/ml/model"': '"/opt/ml/processing/output"',
                '"TrainingInput"': '"ProcessingInput"',
                '"type": "model_artifacts"': '"type": "processing_output"',
                (
                    '    "hyperparameters": {\n'
                    '        "max_depth": 6,\n'
                    '        "eta": 0.3,\n'
                    '        "objective": "binary:logistic",\n'
                    '        "num_round": 100,\n'
                    "    },\n"
                ): "",
            },
            reported={"s3://bucket/training/": "s3://bucket/processing/"},
        ),
        Condition(
            "another artefact shows that the step is no training, such as its builder or `step_type`",
            suppressed=Example(_with_step_type("ProcessingStep")),
            reported=Example(_with_step_type("TrainingStep", "  # TRN213")),
        ),
        Condition(
            "paths alone suggest a training, and the step's name has a word for another job, such as `transform`",
            suppressed=Example(
                {"contracts/batch_transform_contract.py": _CONTRACT % ("BATCH_TRANSFORM", "")}
            ),
            reported=Example(
                {"contracts/transform_training_contract.py": _CONTRACT % ("TRANSFORM_TRAINING", "  # TRN213")}
            ),
        ),
    )
    bad = Example(
        contract_and_specification(
            contract=[
                ('"environment_variables": {', '"environment_variables": {  # TRN213'),
                ('        "MODEL_TYPE": "classification",\n', ""),
            ],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each missing variable."""
        contract = subject.contract
        if contract is None or contract.format is not Format.TABLE or contract.kind is not StepKind.TRAINING:
            return
        if not subject.is_training:
            return
        if contract.required_variables is not None or contract.optional_variables is not None:
            return
        passed = contract.variables
        key = contract.raw.entries.get("environment_variables")
        for name in TRAINING_VALIDATION_REQUIREMENTS["contract_requirements"]["environment_variables"]:
            if passed.lacks(name) if passed is not None else contract.raw.closed:
                near = closest(name, passed.names) if passed is not None else None
                hint = f", {near} is there" if near else ""
                yield self.at(subject, key if key is not None else contract.place, f"{name}{hint}")
