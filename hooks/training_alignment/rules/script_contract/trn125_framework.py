"""TRN125: the framework declared by the contract or builder is not the one the script imports."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from flake8_training.script.frameworks import imported_frameworks, trains_instead
from flake8_training.spelling import did_you_mean
from training_alignment.comparisons.declared_frameworks import (
    compatible,
    declared_frameworks,
    misspelt_framework,
)
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_step import contract_and_script
from training_alignment.rules.step_rule import StepRule, script_place

_SCRIPT = """
    import os

    import pandas as pd
    import xgboost as xgb

    table = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "data.csv"))
    model = xgb.train({"eta": 0.3}, xgb.DMatrix(table.drop(columns="y"), table["y"]))
    print(model.eval(xgb.DMatrix(table)))
    model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
"""


def _built(
    module: str, estimator: str, more: str = "volume_size=30", *, requirements: str = "", marker: str = ""
) -> Example:
    """Return a step whose builder constructs an estimator, and whose contract has these requirements."""
    required = f"framework_requirements={requirements}" if requirements else "expected_arguments={}"
    return Example(
        {
            "scripts/churn_training.py": _SCRIPT,
            "contracts/churn_training_contract.py": f"""
                from pipeline.contract import TrainingScriptContract

                CHURN_TRAINING_CONTRACT = TrainingScriptContract(
                    entry_point="churn_training.py",
                    expected_input_paths={{"train": "/opt/ml/input/data/train"}},
                    expected_output_paths={{"model": "/opt/ml/model"}},
                    required_env_vars=[],
                    {required},
                )
            """,
            "builders/builder_churn_training_step.py": f"""
                from sagemaker.{module} import {estimator}
                from sagemaker.workflow.steps import TrainingStep


                class ChurnTrainingStepBuilder:
                    def validate_configuration(self):
                        print("valid")

                    def _create_estimator(self):
                        return {estimator}({marker}
                            entry_point="churn_training.py",
                            source_dir="scripts",
                            framework_version="2.1",
                            py_version="py310",
                            role="arn:aws:iam::123456789012:role/Training",
                            instance_type="ml.m5.xlarge",
                            instance_count=1,
                            {more},
                        )

                    def create_step(self):
                        estimator = self._create_estimator()
                        return TrainingStep(name="ChurnTraining", estimator=estimator, inputs={{"train": "s3://b/t"}})
            """,
        },
        options=("--select=TRN125",),
    )


class OtherFramework(StepRule):
    """Reports a script that does not import the framework that its contract or builder declares."""

    code = "TRN125"
    severity = Severity.ERROR
    summary = "the declared framework is not the one that the script imports"
    why = """
        The declared framework decides which image the job runs in. In the image of another framework the import fails
        with `ModuleNotFoundError`. In a general image the job runs, and the model is recorded, registered and served as
        a model of the wrong framework.
    """
    fix = """
        Declare the framework that the script trains with, in `framework` or `FRAMEWORK` of the contract and in the
        builder's estimator.
    """
    reported_when = (
        "the contract of a training step declares a framework, and the script imports other frameworks only",
        "the framework of the contract is a misspelling of a known one",
        "the builder constructs the estimator `XGBoost`, `TensorFlow`, `HuggingFace` or `MXNet`, and the "
        "script imports other frameworks only",
        "the script imports the declared framework, calls nothing of it, and trains with scikit-learn alone",
    )
    not_reported_when = (
        Condition(
            "the script imports the declared framework as well as others, and uses it",
            suppressed={
                "import pandas as pd\n": "import lightgbm\nimport pandas as pd\n",
                "    print(model.eval(validation))\n": (
                    "    print(model.eval(validation), lightgbm.train({}, lightgbm.Dataset([[1]])))\n"
                ),
            },
            reported={"import pandas as pd\n": "import lightgbm_tools\nimport pandas as pd\n"},
        ),
        Condition(
            "the script imports no framework that the tool knows",
            suppressed={"import xgboost as xgb\n": "import ourboost as xgb\n"},
            reported={"import xgboost as xgb\n": "import ourboost\nimport xgboost as xgb\n"},
        ),
        Condition(
            "the declared framework is `huggingface` and the script imports PyTorch or TensorFlow, or the "
            "other way round",
            suppressed=Example(
                {
                    "scripts/churn_training.py": (
                        "import os\n"
                        "\n"
                        "import torch\n"
                        "\n"
                        "model = torch.nn.Linear(2, 1)\n"
                        "torch.optim.SGD(model.parameters(), lr=0.1).step()\n"
                        'torch.save(model, os.path.join(os.environ["SM_MODEL_DIR"], "m.pt"))\n'
                    ),
                    "contracts/churn_training_contract.py": (
                        "CHURN_TRAINING_CONTRACT = {\n"
                        '    "inputs": {"d": {"type": "TrainingInput", "destination": '
                        '"/opt/ml/input/data/training"}},\n'
                        '    "outputs": {"m": {"type": "model_artifacts", "source": "/opt/ml/model"}},\n'
                        '    "hyperparameters": {},\n'
                        '    "environment_variables": {"FRAMEWORK": "huggingface", "MODEL_TYPE": '
                        '"classification"},\n'
                        "}\n"
                    ),
                },
                options=("--select=TRN125",),
            ),
            reported={
                '    "environment_variables": {"FRAMEWORK": "huggingface", "MODEL_TYPE": "classification"},\n': (
                    '    "environment_variables": {\n'
                    '        "FRAMEWORK": "xgboost",  # TRN125\n'
                    '        "MODEL_TYPE": "huggingface",\n'
                    "    },\n"
                ),
            },
        ),
        Condition(
            (
                "the builder constructs a `PyTorch` or `SKLearn` estimator: these images also run "
                "scripts of other frameworks"
            ),
            suppressed=_built("sklearn", "SKLearn"),
            reported=_built("tensorflow", "TensorFlow", marker="  # TRN125"),
        ),
        Condition(
            "the estimator has an `image_uri`, or some of its arguments are unknown",
            suppressed=_built("tensorflow", "TensorFlow", 'image_uri="ours"'),
            reported=_built(
                "tensorflow",
                "TensorFlow",
                'tags=[{"Key": "image_uri", "Value": "ours"}]',
                marker="  # TRN125",
            ),
        ),
        Condition(
            "the estimator contradicts the contract, which TRN420 reports",
            suppressed=_built("tensorflow", "TensorFlow", requirements='{"xgboost": "==1.7.6"}'),
            reported=_built("tensorflow", "TensorFlow", requirements="{}", marker="  # TRN125"),
        ),
    )
    missed = ("the script uses the declared framework, and trains with another one than scikit-learn",)
    bad = Example(
        contract_and_script(contract=[('"FRAMEWORK": "xgboost",', '"FRAMEWORK": "lightgbm",  # TRN125')])
    )
    good = Example(contract_and_script())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each declared framework that the script does not import, or that does not exist."""
        for contract in subject.contracts if subject.is_training else ():
            misspelt = misspelt_framework(contract)
            if misspelt is not None:
                named, near = misspelt
                yield self.at(subject, named, f"{named.value}{did_you_mean(near)}")
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
                continue
            instead = trains_instead(subject.script.analysis, claim.framework)
            if instead is not None:
                related = other_side(script_place(subject, instead.node), "trains with scikit-learn")
                yield self.at(
                    subject, claim.place, f"{claim.framework}, the script trains with scikit-learn", [related]
                )
