"""What shows the kind of a step, what does not, and which findings depend on it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from training_alignment import check
from training_alignment.artefacts.model import StepKind

from tests.harness import write
from tests.steps.repositories import discover

ESTIMATOR = """
        "estimator_config": {
            "instance_type": "ml.m5.xlarge", "instance_count": 1, "volume_size_in_gb": 30, "max_run": 3600,
        },"""

TRAINING = f"""
    CRUST_TRAINING_SPEC = {{
        "step_name": "crust-training",{ESTIMATOR}
        "inputs": ["TrainingInput"],
        "outputs": ["model_artifacts"],
        "hyperparameters": {{"max_depth": 4}},
        "code_location": "s3://bakery/code",
    }}

    dependencies = {{"upstream_steps": ["oven-log"], "input_artifacts": ["baked_table"]}}
"""


def processing(name: str, output: str, step_type: str = '"step_type": "ProcessingStep",') -> str:
    return f"""
        {name.upper().replace("-", "_")}_SPEC = {{
            "step_name": "{name}",
            {step_type}
            "inputs": {{"orders": {{"type": "ProcessingInput", "source": "s3://bakery/orders/"}}}},
            "outputs": {{"{output}": {{"type": "ProcessingOutput"}}}},
        }}
    """


def codes(folder: Path, files: dict[str, str], *only: str) -> list[tuple[str, str, int]]:
    write(folder, {path: dedent(text) for path, text in files.items()})
    found = check(root=folder)
    return [(f.code, f.path.rpartition("/")[2], f.line) for f in found if not only or f.code in only]


# -- the name and the class of a step


def test_two_steps_of_one_class_are_two_steps(tmp_path: Path) -> None:
    files = {
        "specs/dough_mixing_spec.py": processing("dough-mixing", "recipes"),
        "specs/oven_log_spec.py": processing("oven-log", "baked_table"),
        "specs/crust_training_spec.py": TRAINING,
    }
    write(tmp_path, {path: dedent(text) for path, text in files.items()})
    steps = {step.name: step.kind for step in discover(tmp_path).steps}
    assert steps == {
        "dough-mixing": StepKind.PROCESSING,
        "oven-log": StepKind.PROCESSING,
        "crust-training": StepKind.TRAINING,
    }
    assert codes(tmp_path, {}, "TRN301", "TRN302", "TRN305") == []


@pytest.mark.parametrize("step_type", ["ProcessingStep", "Processing", "ConditionStep"])
def test_the_class_of_a_step_is_not_its_name(step_type: str, tmp_path: Path) -> None:
    files = {
        "specs/oven_log_spec.py": processing("oven-log", "baked", f'"step_type": "{step_type}",'),
        "specs/crust_training_spec.py": TRAINING,
    }
    assert codes(tmp_path, files, "TRN301", "TRN302") == [("TRN302", "crust_training_spec.py", 13)]


def test_a_step_type_that_is_no_class_is_the_name(tmp_path: Path) -> None:
    files = {
        "specs/oven_log_spec.py": processing("oven-log", "baked_table", '"step_type": "OvenLogging",'),
        "specs/crust_training_spec.py": TRAINING.replace('"oven-log"', '"oven-logging"'),
    }
    assert codes(tmp_path, files, "TRN301", "TRN302") == []


# -- what only a training step must declare

YAML = """\
step_name: {name}
step_type: {type}
inputs:
  - {input}
outputs:
  - {output}
"""


@pytest.mark.parametrize(
    ("step_type", "input_type", "expected"),
    [
        ("TrainingStep", "TrainingInput", ["TRN210", "TRN212"]),
        ("ProcessingStep", "ProcessingInput", []),
        ("TransformStep", "TransformInput", []),
        ("CreateModelStep", "model_artifacts", []),
    ],
)
def test_a_yaml_specification_is_judged_by_its_kind(
    step_type: str, input_type: str, expected: list[str], tmp_path: Path
) -> None:
    text = YAML.format(name="oven-log", type=step_type, input=input_type, output="report")
    found = codes(tmp_path, {"specs/oven_log_spec.yaml": text}, "TRN210", "TRN212")
    assert [code for code, *_ in found] == expected


@pytest.mark.parametrize("suffix", ["yaml", "json", "py"])
@pytest.mark.parametrize(("value", "said"), [('""', True), ('"s3://bakery/code"', False)])
def test_an_empty_code_location_in_every_format(suffix: str, value: str, said: bool, tmp_path: Path) -> None:
    body = (
        '"step_name": "crust-training", "inputs": ["TrainingInput"], "outputs": ["model_artifacts"], '
        '"hyperparameters": {"eta": 0.2}, "code_location": ' + value + ', "estimator_config": '
        '{"instance_type": "ml.m5.xlarge", "instance_count": 1, "volume_size_in_gb": 30, "max_run": 60}'
    )
    text = f"CRUST_TRAINING_SPEC = {{{body}}}" if suffix == "py" else f"{{{body}}}"
    found = codes(tmp_path, {f"specs/crust_training_spec.{suffix}": text}, "TRN212")
    assert [code for code, *_ in found] == ["TRN212"] * said


def test_flake8_and_the_hook_report_a_specification_once(tmp_path: Path) -> None:
    text = TRAINING.replace('"max_run": 3600,', "").replace('"code_location": "s3://bakery/code",', "")
    found = codes(tmp_path, {"specs/crust_training_spec.py": text}, "TRN210", "TRN212")
    assert sorted(code for code, *_ in found) == ["TRN210", "TRN212"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("crust-tuning", StepKind.TUNING), ("crust-training", StepKind.TRAINING), ("crust", StepKind.TRAINING)],
)
def test_training_input_makes_no_training_of_a_tuning(name: str, kind: StepKind, tmp_path: Path) -> None:
    text = f"step_name: {name}\ninputs:\n  - TrainingInput\noutputs:\n  - model_artifacts\n"
    write(tmp_path, {"specs/crust_spec.yaml": text})
    (step,) = discover(tmp_path).steps
    assert (step.kind, step.kind_reason) == (kind, "its specification takes TrainingInput")


# -- contracts of the steps behind a training

MODEL_IN = (
    '"inputs": {{"model": {{"type": "model_artifacts", "source": "s3://b/m/", "destination": "{0}"}}}},'
)

NO_TRAININGS = {
    "evaluation": "MODEL_EVALUATION_CONTRACT = {"
    + MODEL_IN.format("/opt/ml/processing/input/model")
    + '"outputs": {"report": {"type": "ProcessingOutput", "source": "/opt/ml/processing/output"}}}',
    "create model": "CREATE_MODEL_CONTRACT = {" + MODEL_IN.format("/opt/ml/model") + '"outputs": {}}',
    "create model, with the model as an output": "CREATE_MODEL_CONTRACT = {"
    + MODEL_IN.format("/opt/ml/model")
    + '"outputs": {"model": {"type": "model_artifacts", "source": "/opt/ml/model"}}}',
    "transform": "TRANSFORM_CONTRACT = {"
    + MODEL_IN.format("/opt/ml/model")
    + '"outputs": {"scores": {"type": "TransformOutput", "source": "/opt/ml/output"}}}',
    "transform by its name": 'BATCH_TRANSFORM_CONTRACT = {"inputs": {"rows": {"source": "s3://b/rows/", '
    '"destination": "/opt/ml/input/data/rows"}}, "outputs": {}}',
    "register": "REGISTER_MODEL_CONTRACT = {" + MODEL_IN.format("/opt/ml/model") + '"outputs": {}}',
}


@pytest.mark.parametrize("name", NO_TRAININGS)
def test_contracts_of_other_steps_are_no_training_contracts(name: str, tmp_path: Path) -> None:
    text = NO_TRAININGS[name]
    stem = text.partition(" ")[0].lower()
    assert codes(tmp_path, {f"contracts/{stem}.py": text}, "TRN213", "TRN214") == []


TRAINING_CONTRACT = """
    CRUST_{name}CONTRACT = {{
        "inputs": {{"rows": {{{type}"source": "s3://b/rows/", "destination": "/opt/ml/input/data/rows"}}}},
        "outputs": {{"model": {{"type": "model_artifacts", "source": "/opt/ml/models"}}}},
    }}
"""


@pytest.mark.parametrize(
    ("name", "of_type", "expected"),
    [
        ("", "", ["TRN213", "TRN213", "TRN214"]),
        ("TRANSFORM_", '"type": "TrainingInput", ', ["TRN213", "TRN213", "TRN214"]),
        ("TRANSFORM_TRAINING_", "", ["TRN213", "TRN213", "TRN214"]),
    ],
)
def test_a_word_of_the_name_refutes_paths_alone(
    name: str, of_type: str, expected: list[str], tmp_path: Path
) -> None:
    text = TRAINING_CONTRACT.format(name=name, type=of_type)
    found = codes(tmp_path, {f"contracts/crust_{name.lower()}contract.py": text}, "TRN213", "TRN214")
    assert [code for code, *_ in found] == expected


def test_a_finding_is_withdrawn_for_a_step_that_is_no_training(tmp_path: Path) -> None:
    contract = """
        EVALUATION_CONTRACT = {
            "inputs": {"model": {"destination": "/opt/ml/processing/model"}},
            "outputs": {"report": {"type": "model_artifacts", "source": "/opt/ml/processing/report"}},
        }
        TRAINING_CONTRACT = {
            "inputs": {"rows": {"type": "TrainingInput", "destination": "/opt/ml/processing/rows"}},
            "outputs": {"model": {"type": "model_artifacts", "source": "/opt/ml/model"}},
            "environment_variables": {"FRAMEWORK": "xgboost", "MODEL_TYPE": "regression"},
        }
    """
    found = codes(tmp_path, {"contracts.py": contract}, "TRN214")
    assert found == [("TRN214", "contracts.py", 7)]


# -- a step that lacks its contract

BUILDER = """
    from sagemaker.workflow.steps import TrainingStep
    from sagemaker.xgboost import XGBoost

    class CrustTrainingStepBuilder:
        def __init__(self):
            self.step_name = "crust-training"

        def _create_estimator(self):
            return XGBoost(entry_point="crust_training.py", framework_version="1.7-1", role="r")

        def create_step(self):
            return TrainingStep(name=self.step_name, estimator=self._create_estimator())
"""
SCRIPT = "import os\nprint(os.environ['SM_MODEL_DIR'])\n"


@pytest.mark.parametrize("without", ["", "builder", "script"])
def test_a_step_that_lacks_only_its_contract(without: str, tmp_path: Path) -> None:
    files = {
        "specs/crust_training_spec.py": TRAINING,
        "builders/builder_crust_training_step.py": BUILDER,
        "scripts/crust_training.py": SCRIPT,
    }
    files = {path: text for path, text in files.items() if not without or without not in path}
    found = codes(tmp_path, files, "TRN004")
    assert [code for code, *_ in found] == ["TRN004"] * (not without)
