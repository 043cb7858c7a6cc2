"""A training step whose builder constructs its estimator from a configuration, for the rules' examples."""

from __future__ import annotations

from training_alignment.rules.example_step import Changes, changed

CONTRACT = """
    from pipeline.contract import TrainingScriptContract

    CHURN_TRAINING_CONTRACT = TrainingScriptContract(
        entry_point="churn_training.py",
        expected_input_paths={"training_data": "/opt/ml/input/data/training"},
        expected_output_paths={"model_output": "/opt/ml/model"},
        expected_arguments={},
        required_env_vars=["LABEL_FIELD"],
        optional_env_vars={"MIN_ROWS": "100"},
        framework_requirements={"xgboost": "==1.7.6", "pandas": ">=2"},
    )
"""

SPECIFICATION = """
    from contracts.churn_training_contract import CHURN_TRAINING_CONTRACT
    from pipeline.specification import DependencySpec, DependencyType, OutputSpec, StepSpecification

    CHURN_TRAINING_SPEC = StepSpecification(
        step_type="ChurnTraining",
        node_type="internal",
        script_contract=CHURN_TRAINING_CONTRACT,
        dependencies=[
            DependencySpec(
                logical_name="training_data",
                dependency_type=DependencyType.TRAINING_DATA,
                required=True,
                compatible_sources=["Cleaning"],
                data_type="S3Uri",
            ),
        ],
        outputs=[
            OutputSpec(
                logical_name="model_output",
                output_type=DependencyType.MODEL_ARTIFACTS,
                property_path="properties.ModelArtifacts.S3ModelArtifacts",
                data_type="S3Uri",
            ),
        ],
    )
"""

SCRIPT = """
    import json
    import os

    import pandas as pd
    import xgboost as xgb

    if __name__ == "__main__":
        with open("/opt/ml/input/config/hyperparameters.json") as stream:
            given = json.load(stream)
        table = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAINING"], "data.csv"))
        if len(table) < int(os.environ.get("MIN_ROWS", "100")):
            raise ValueError("too few rows")
        label = table.pop(os.environ["LABEL_FIELD"])
        held_out = xgb.DMatrix(table[-50:], label=label[-50:])
        parameters = {"max_depth": int(given["max_depth"])}
        model = xgb.train(parameters, xgb.DMatrix(table[:-50], label=label[:-50]))
        print(model.eval(held_out))
        model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
"""

CONFIGURATION = """
    from pydantic import BaseModel


    class BaseStepConfig(BaseModel):
        role: str
        framework_version: str = "1.7-1"


    class ChurnTrainingConfig(BaseStepConfig):
        label_field: str
        min_rows: int = 100
        training_entry_point: str = "churn_training.py"
        training_instance_type: str = "ml.m5.xlarge"
        training_volume_size: int = 30
"""

BUILDER = """
    from sagemaker.inputs import TrainingInput
    from sagemaker.workflow.steps import TrainingStep
    from sagemaker.xgboost import XGBoost

    from builders.base import StepBuilder
    from configs.churn_training_config import ChurnTrainingConfig
    from specs.churn_training_spec import CHURN_TRAINING_SPEC


    class ChurnTrainingStepBuilder(StepBuilder):
        def __init__(self, config: ChurnTrainingConfig):
            super().__init__(config, spec=CHURN_TRAINING_SPEC)

        def validate_configuration(self):
            required_attrs = ["label_field", "training_entry_point"]
            for name in required_attrs:
                if getattr(self.config, name) in (None, ""):
                    raise ValueError(name)

        def _get_environment_variables(self):
            variables = {"LABEL_FIELD": self.config.label_field}
            variables["MIN_ROWS"] = str(self.config.min_rows)
            return variables

        def _create_estimator(self, output_path):
            return XGBoost(
                entry_point=self.config.training_entry_point,
                source_dir="scripts",
                framework_version=self.config.framework_version,
                role=self.config.role,
                instance_type=self.config.training_instance_type,
                instance_count=1,
                volume_size=self.config.training_volume_size,
                output_path=output_path,
                hyperparameters={"max_depth": 6},
                environment=self._get_environment_variables(),
            )

        def create_step(self, training_data, output_path):
            return TrainingStep(
                name="ChurnTraining",
                estimator=self._create_estimator(output_path),
                inputs={"training": TrainingInput(training_data)},
            )
"""

BASE = """
    from abc import ABC, abstractmethod


    class StepBuilder(ABC):
        def __init__(self, config, spec):
            self.config = config
            self.spec = spec
            self.validate_configuration()

        @abstractmethod
        def validate_configuration(self):
            ...

        @abstractmethod
        def create_step(self, training_data, output_path):
            ...
"""

BUILDER_PATH = "builders/builder_churn_training_step.py"


def built(
    builder: Changes = (),
    configuration: Changes = (),
    contract: Changes = (),
    specification: Changes = (),
    script: Changes = (),
    base: Changes = (),
) -> dict[str, str]:
    """Return all files of the step, each with its replacements."""
    return {
        "scripts/churn_training.py": changed(SCRIPT, script),
        "contracts/churn_training_contract.py": changed(CONTRACT, contract),
        "specs/churn_training_spec.py": changed(SPECIFICATION, specification),
        "configs/churn_training_config.py": changed(CONFIGURATION, configuration),
        "builders/base.py": changed(BASE, base),
        BUILDER_PATH: changed(BUILDER, builder),
    }
