"""Build the pipeline step that runs xgboost_training.py."""

import json
import os

from sagemaker.inputs import TrainingInput
from sagemaker.workflow.steps import TrainingStep
from sagemaker.xgboost import XGBoost

from config_xgboost_training_step import XGBoostTrainingConfig


class XGBoostTrainingStepBuilder:
    """Makes the estimator, its inputs and the step from a configuration."""

    def __init__(self, config: XGBoostTrainingConfig, session):
        self.step_name = "xgboost-training"
        self.config = config
        self.session = session
        self.hyperparameters = {
            "max_depth": 6,
            "eta": 0.3,
            "objective": "binary:logistic",
            "num_round": 100,
        }

    def _create_estimator(self):
        return XGBoost(
            entry_point="xgboost_training.py",
            source_dir="examples/good",
            framework_version="1.7-1",
            instance_type=self.config.instance_type,
            instance_count=1,
            role=self.config.role,
            hyperparameters=self._prepare_hyperparameters(),
            sagemaker_session=self.session,
        )

    def _prepare_hyperparameters(self):
        return {**self.hyperparameters, **self.config.hyperparameters}

    def _prepare_hyperparameters_file(self):
        path = os.path.join(self.config.build_dir, "hyperparameters.json")
        with open(path, "w") as stream:
            json.dump(self._prepare_hyperparameters(), stream)
        return path

    def _prepare_training_inputs(self):
        return {
            "training": TrainingInput(s3_data=self.config.training_data_uri, content_type="text/csv"),
            "validation": TrainingInput(s3_data=self.config.validation_data_uri, content_type="text/csv"),
        }

    def create_step(self):
        """Return the step: with a pipeline session, ``fit`` starts nothing and gives the step's arguments."""
        estimator = self._create_estimator()
        return TrainingStep(
            name=self.step_name, step_args=estimator.fit(inputs=self._prepare_training_inputs())
        )
