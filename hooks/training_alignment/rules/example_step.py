"""The aligned files of one small training step, for the rules' examples."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.rules.rule import Condition, Example

CONTRACT = """
    CHURN_TRAINING_CONTRACT = {
        "inputs": {
            "training_data": {
                "type": "TrainingInput",
                "source": "s3://bucket/training/",
                "destination": "/opt/ml/input/data/training",
            },
            "validation_data": {
                "type": "TrainingInput",
                "source": "s3://bucket/validation/",
                "destination": "/opt/ml/input/data/validation",
            },
        },
        "outputs": {
            "model_artifacts": {
                "type": "model_artifacts",
                "source": "/opt/ml/model",
                "destination": "s3://bucket/models/",
            },
        },
        "hyperparameters": {
            "max_depth": 6,
            "eta": 0.3,
            "objective": "binary:logistic",
            "num_round": 100,
        },
        "environment_variables": {
            "FRAMEWORK": "xgboost",
            "MODEL_TYPE": "classification",
        },
    }
"""

SPECIFICATION = """
    CHURN_TRAINING_SPEC = {
        "step_name": "churn-training",
        "estimator_config": {
            "instance_type": "ml.m5.xlarge",
            "instance_count": 1,
            "volume_size_in_gb": 30,
            "max_run": 3600,
        },
        "inputs": {
            "training_data": "TrainingInput",
            "validation_data": "TrainingInput",
        },
        "outputs": {
            "model_artifacts": "model_artifacts",
        },
        "hyperparameters": {
            "max_depth": 6,
            "eta": 0.3,
            "objective": "binary:logistic",
        },
        "code_location": "s3://bucket/code/",
    }
"""

SCRIPT = """
    import json
    import os

    import pandas as pd
    import xgboost as xgb


    def load_hyperparameters():
        with open("/opt/ml/input/config/hyperparameters.json") as stream:
            given = json.load(stream)
        return {
            "max_depth": int(given["max_depth"]),
            "eta": float(given["eta"]),
            "objective": json.loads(given["objective"]),
            "num_round": int(given["num_round"]),
        }


    def load_data(folder):
        table = pd.read_csv(os.path.join(folder, "data.csv"))
        return xgb.DMatrix(table.drop(columns="churn"), label=table["churn"])


    if __name__ == "__main__":
        parameters = load_hyperparameters()
        rounds = parameters.pop("num_round")
        train = load_data(os.environ["SM_CHANNEL_TRAINING"])
        validation = load_data(os.environ["SM_CHANNEL_VALIDATION"])
        model = xgb.train(parameters, train, rounds, evals=[(validation, "validation")])
        print(model.eval(validation))
        model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
"""

PROCESSING_CONTRACT = """
    from contracts.base import ScriptContract

    CLEANING_CONTRACT = ScriptContract(
        entry_point="cleaning.py",
        expected_input_paths={
            "raw_data": "/opt/ml/processing/input/data",
        },
        expected_output_paths={
            "clean_data": "/opt/ml/processing/output",
        },
        expected_arguments={
            "job-type": "training",
        },
        required_env_vars=["LABEL_FIELD"],
        optional_env_vars={"MIN_ROWS": "100"},
        framework_requirements={"pandas": ">=2"},
    )
"""

PROCESSING_SCRIPT = """
    import argparse
    import os

    import pandas as pd


    def main(input_paths, output_paths, environ_vars, job_args):
        table = pd.read_csv(os.path.join(input_paths["raw_data"], "raw.csv"))
        table = table.dropna(subset=[environ_vars["LABEL_FIELD"]])
        if len(table) < int(environ_vars["MIN_ROWS"]):
            raise ValueError("too few rows")
        name = job_args.job_type + ".csv"
        table.to_csv(os.path.join(output_paths["clean_data"], name), index=False)


    if __name__ == "__main__":
        parser = argparse.ArgumentParser()
        parser.add_argument("--job-type", required=True)
        main(
            input_paths={"raw_data": "/opt/ml/processing/input/data"},
            output_paths={"clean_data": "/opt/ml/processing/output"},
            environ_vars={
                "LABEL_FIELD": os.environ["LABEL_FIELD"],
                "MIN_ROWS": os.environ.get("MIN_ROWS", "100"),
            },
            job_args=parser.parse_args(),
        )
"""

Change = tuple[str, str]
Changes = Iterable[Change]


def contract_and_specification(contract: Changes = (), specification: Changes = ()) -> dict[str, str]:
    """Return a contract and a specification, each with its replacements."""
    return {
        "contracts/churn_training_contract.py": changed(CONTRACT, contract),
        "specs/churn_training_spec.py": changed(SPECIFICATION, specification),
    }


def contract_and_script(contract: Changes = (), script: Changes = ()) -> dict[str, str]:
    """Return a contract and its script, each with its replacements."""
    return {
        "scripts/churn_training.py": changed(SCRIPT, script),
        "contracts/churn_training_contract.py": changed(CONTRACT, contract),
    }


def processing(contract: Changes = (), script: Changes = ()) -> dict[str, str]:
    """Return a processing contract and its script, which uses logical names."""
    return {
        "scripts/cleaning.py": changed(PROCESSING_SCRIPT, script),
        "contracts/cleaning_contract.py": changed(PROCESSING_CONTRACT, contract),
    }


def changed(text: str, changes: Changes) -> str:
    """Return the source with the first occurrence of each string replaced; raise if one does not occur."""
    for old, new in changes:
        if old not in text:
            raise ValueError(f"the example lacks {old!r}")
        text = text.replace(old, new, 1)
    return text


def _bound(contract: str) -> Example:
    """Return a specification that agrees with one contract, and is bound to the contract of a step's name."""
    return Example(
        {
            "contracts/churn_training_contract.py": _CHURN,
            "contracts/price_training_contract.py": _PRICE,
            "specs/churn_training_spec.py": _BOUND_SPECIFICATION % contract,
        },
    )


_CHURN = """
    CHURN_TRAINING_CONTRACT = {
        "inputs": {
            "training_data": {"type": "TrainingInput", "destination": "/opt/ml/input/data/training", "required": True},
            "validation_data": {"destination": "/opt/ml/input/data/validation"},  # TRN201
            "test_data": {"type": "TrainingInput", "destination": "/opt/ml/input/data/test"},
        },
        "outputs": {
            "model_output": {"type": "model_artifacts", "source": "/opt/ml/model"},
            "checkpoints": {"source": "/opt/ml/checkpoints"},  # TRN204
        },
        "hyperparameters": {"max_depth": 6, "eta": 0.3},
        "environment_variables": {"FRAMEWORK": "xgboost", "MODEL_TYPE": "classification"},
    }
"""
_PRICE = """
    PRICE_TRAINING_CONTRACT = {
        "inputs": {
            "training_data": {"type": "TrainingInput", "destination": "/opt/ml/input/data/training", "required": False},
            "test_data": {"type": "ProcessingInput", "destination": "/opt/ml/input/data/test"},
            "labels": {"type": "TrainingInput", "destination": "/opt/ml/input/data/labels"},
        },
        "outputs": {
            "model_output": {"type": "processing_output", "source": "/opt/ml/model"},
            "metrics": {"type": "evaluation_output", "source": "/opt/ml/output/data"},
        },
        "hyperparameters": {"max_dept": 6, "eta": 0.1},
        "environment_variables": {"FRAMEWORK": "xgboost", "MODEL_TYPE": "regression"},
    }
"""
_BOUND_SPECIFICATION = """
    from contracts.churn_training_contract import CHURN_TRAINING_CONTRACT
    from contracts.price_training_contract import PRICE_TRAINING_CONTRACT
    from pipeline.specification import DependencySpec, OutputSpec, StepSpecification

    CHURN_TRAINING_SPEC = StepSpecification(
        step_type="ChurnTraining",
        script_contract=%s_TRAINING_CONTRACT,
        dependencies=[
            DependencySpec(
                logical_name="training_data",
                dependency_type="TrainingInput",
                required=False,  # TRN216
            ),
            DependencySpec(
                logical_name="test_data",
                dependency_type="ProcessingInput",  # TRN203
            ),
            DependencySpec(logical_name="labels", dependency_type="TrainingInput"),  # TRN202
        ],
        outputs=[
            OutputSpec(
                logical_name="model_output",
                output_type="processing_output",  # TRN206
            ),
            OutputSpec(logical_name="metrics", output_type="evaluation_output"),  # TRN205
        ],
        hyperparameters={
            "max_dept": 6,  # TRN207
            "eta": 0.1,  # TRN208
        },
    )
"""
BOUND_ELSEWHERE = Condition(
    "the specification is bound to another step's contract",
    suppressed=_bound("PRICE"),
    reported=_bound("CHURN"),
)
"""The condition of ``not_reported_when`` that holds for every rule over a contract and a specification."""
