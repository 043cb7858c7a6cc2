"""TRN440: names of the SDK that the generation does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_training.sagemaker.sdk_names import ALL, generations, home_of, meant, required_generations
from flake8_training.sagemaker.table_files import load
from tests.launchers.pairs import findings, notebook, said
from tests.rules.marked import assert_marked

V2 = """
from sagemaker.pytorch import PyTorch
estimator = PyTorch(entry_point="train.py", role="r", instance_count=1, instance_type="ml.m5.xlarge")
estimator.fit()
"""
V3 = """
from sagemaker.train import ModelTrainer
ModelTrainer(training_image="image").train()
"""
V1 = """
from sagemaker.pytorch import PyTorch
estimator = PyTorch(entry_point="train.py", role="r", train_instance_count=1, train_instance_type="ml.m5.xlarge")
estimator.fit()
"""
MARK = "  # TRN440"
WRONG = {
    "v2 beside v3": f"from sagemaker.pytorch import PyTorch{MARK}{V3}from sagemaker.core import image_uris\n",
    "v3 beside v2": f"from sagemaker.estimator import Estimator{V2}import sagemaker.train.configs{MARK}\n",
    "s3_input": f"import sagemaker\n{V2}x = sagemaker.s3_input('s3://b/x'){MARK}\n",
    "s3_input of inputs": f"from sagemaker.inputs import s3_input{MARK}\n{V2}",
    "the predictor of its module": f"from sagemaker.estimator import RealTimePredictor{MARK}\n{V2}",
    "the predictor of the package": f"from sagemaker import RealTimePredictor{MARK}\n{V2}",
    "fit of a trainer": V3.replace(".train()", f".fit(){MARK}"),
    "fit of a chained trainer": V3.replace(".train()", f".with_retry_strategy(1).fit(){MARK}"),
    "train of an estimator": V2.replace("estimator.fit()", f"estimator.train(){MARK}"),
    "fit of a tuner of v3": f"from sagemaker.train.tuner import HyperparameterTuner\n"
    f"HyperparameterTuner(model_trainer=1, objective_metric_name='a').fit(){MARK}\n",
    "a class of another module": f"from sagemaker.workflow.steps import ModelStep{MARK}\n{V2}",
    "a class of a package's module": f"from sagemaker.workflow import Pipeline{MARK}\n{V2}",
    "the session of v2": f"import sagemaker\n{V3}import sagemaker.core\ns = sagemaker.Session(){MARK}\n",
}  # fmt: skip
RIGHT = {
    "train of a trainer": V3,
    "fit of another object": f"{V3}read().fit()\n",
    "train of a subclass": "from sagemaker.pytorch import PyTorch\nclass Own(PyTorch):\n    def train(self): ...\n"
    "Own(entry_point='t.py', role='r', instance_count=1, instance_type='ml.m5.large').train()\n",
    "v2": f"import sagemaker\nfrom sagemaker.inputs import TrainingInput\n{V2}sagemaker.Session()\n",
    "a name that v2 had for years": f"from sagemaker.predictor import csv_serializer\n{V2}",
    "v1": f"import sagemaker\nfrom sagemaker.predictor import csv_serializer\n{V1}sagemaker.s3_input('s3://b/x')\n",
    "v3": f"from sagemaker.core.helper.session_helper import Session\n{V3}",
    "a class imported by another module": f"from sagemaker.workflow.steps import ProcessingInput\n{V2}",
    "a class of a package": f"from sagemaker.sklearn import SKLearnProcessor\n{V2}",
    "a class of another module, caught": "try:\n    from sagemaker.workflow.steps import ModelStep\n"
    f"except ImportError:\n    from sagemaker.workflow.model_step import ModelStep\n{V2}",
    "an own class": f"from steps import ModelStep\n{V2}",
    "of v2 and v3": f"from sagemaker.serve import ModelBuilder\n{V3}",
    "caught": f"try:\n    from sagemaker.train import ModelTrainer\nexcept ImportError:\n    pass\n{V2}",
    "a branch": f"if read():\n    from sagemaker.train import ModelTrainer\n{V2}",
    "a function": f"def new():\n    from sagemaker.train import ModelTrainer\n{V2}",
    "unknown": f"from sagemaker.future import Estimator\n{V2}",
    "another package": f"from sagemaker_core.resources import TrainingJob\n{V2}",
    "another object": f"{V2}sagemaker = read()\nsagemaker.s3_input('x')\n",
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    assert_marked("TRN440", WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert_marked("TRN440", RIGHT[name])


PINS = {
    "sagemaker>=3.0": 1,
    "sagemaker==3.1.0": 1,
    "sagemaker[local]==3.1.0": 1,
    "sagemaker >= 3.0 ; python_version > '3.8'  # the new one": 1,
    "sagemaker>=2.200,<3": 0,
    "sagemaker~=2.200": 0,
    "sagemaker": 0,
    "sagemaker>=2": 0,
    "sagemaker-training>=3": 0,
    "# sagemaker>=3": 0,
}


@pytest.mark.parametrize("pin", PINS)
def test_pins(tmp_path: Path, pin: str) -> None:
    (tmp_path / ".git").mkdir()
    files = {"jobs/launch.py": V2, "requirements.txt": f"boto3\n{pin}\n"}
    of_launcher = [one for one in findings(tmp_path, files, "TRN440") if one.path == "jobs/launch.py"]
    found = [f"{one.code} {one.message}" for one in of_launcher]
    assert len(found) == PINS[pin]
    if found:
        clauses = pin.partition(";")[0].replace("[local]", "").replace(" ", "")
        assert f"the project requires {clauses} in requirements.txt" in found[0]


def test_pins_of_the_project_and_of_the_job(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    listed = '["boto3", "sagemaker>=2.2,<3"]'
    for project, count in (
        (f"[project]\ndependencies = {listed}\n", 1),
        (f"[project.optional-dependencies]\naws = {listed}\n", 1),
        (f"[dependency-groups]\naws = {listed}\n", 1),
        (f"# dependencies = {listed}\n", 0),
        (f"[project\ndependencies = {listed}\n", 0),
    ):
        assert len(said(tmp_path, {"launch.py": V3, "pyproject.toml": project}, "TRN440")) == count
    launcher = V2.replace("PyTorch(", 'PyTorch(source_dir="code", ')
    assert (
        said(tmp_path, {"launch.py": launcher, "code/requirements.txt": "sagemaker==3.0\n"}, "TRN440") == []
    )
    assert said(tmp_path, {"code/launch.py": launcher}, "TRN440") == []


def test_notebook(tmp_path: Path) -> None:
    (found,) = said(
        tmp_path, {"launch.ipynb": notebook("from sagemaker.inputs import s3_input", V2)}, "TRN440"
    )
    assert found.startswith(
        "TRN440 cell 2 line 1: sagemaker.inputs.s3_input is of SDK v1, line 4 needs SDK v2"
    )


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        (">=2,<3", {2}),
        ("==1.72", {1}),
        ("~=3.1", {3}),
        ("<3.1", {1, 2, 3}),
        ("<=2.9", {1, 2}),
        ("!=2.1", ALL),
        ("==*", ALL),
    ],
)
def test_clauses(clauses: str, expected: set[int]) -> None:
    assert required_generations(clauses) == expected


def test_misplaced_classes(tmp_path: Path) -> None:
    text = f"from sagemaker.inputs import ProcessingInput, ProcessingOutput, TrainingInput\n{V2}"
    assert said(tmp_path, {"launch.py": text}, "TRN440") == [
        "TRN440 sagemaker.inputs has no ProcessingInput, sagemaker.processing has it",
        "TRN440 sagemaker.inputs has no ProcessingOutput, sagemaker.processing has it",
    ]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (
            "from sagemaker.pytorch import Pytorch",
            "sagemaker.pytorch.Pytorch, did you mean sagemaker.pytorch.PyTorch?",
        ),
        (
            "from sagemaker.tuner import HyperParameterTuner as Tuner",
            "sagemaker.tuner.HyperParameterTuner, did you mean sagemaker.tuner.HyperparameterTuner?",
        ),
        (
            "from sagemaker.lamdba_helper import Lambda",
            "sagemaker.lamdba_helper, did you mean sagemaker.lambda_helper?",
        ),
        ("import sagemaker.lamdba_helper", "sagemaker.lamdba_helper, did you mean sagemaker.lambda_helper?"),
        (
            "from sagemaker import get_excution_role",
            "sagemaker.get_excution_role, did you mean sagemaker.get_execution_role?",
        ),
    ],
)
def test_misspelt_names(tmp_path: Path, written: str, problem: str) -> None:
    assert said(tmp_path, {"launch.py": f"{written}\n{V2}"}, "TRN440") == [
        f"TRN440 no generation has {problem}"
    ]


def test_a_misspelt_name_is_reported_where_it_stands() -> None:
    text = f"from sagemaker.pytorch import (\n    PyTorchModel,\n    Pytorch,{MARK}\n)\n{V2}"
    assert_marked("TRN440", text)


@pytest.mark.parametrize(
    "written",
    [
        "from sagemaker.pytorch import Torch",
        "from sagemaker.pytorch import pytorch",
        "try:\n    from sagemaker.pytorch import Pytorch\nexcept ImportError:\n    pass",
        "from sagemaker.workflow.steps import TRANSFORM",
        "from sagemaker import session, estimator, Session",
        "from sagemaker_pytorch import Pytorch",
    ],
)
def test_other_names_are_no_slips(tmp_path: Path, written: str) -> None:
    assert said(tmp_path, {"launch.py": f"{written}\n{V2}"}, "TRN440") == []


@pytest.mark.parametrize(("beside", "count"), [("__init__", 0), ("notes", 1)])
def test_a_local_module_named_like_the_sdk(tmp_path: Path, beside: str, count: int) -> None:
    """Python prefers an installed package to a folder without ``__init__.py``."""
    files = {"launch.py": f"from sagemaker.pipelines import build\n{V2}", f"sagemaker/{beside}.py": ""}
    files["sagemaker/pipelines.py"] = "def build(): ...\n"
    assert len(said(tmp_path, files, "TRN440")) == count


def test_every_name_of_the_sdk_means_itself() -> None:
    table = load("sdk_names")
    classes = [(table["homes"][number], one) for one, homes in table["classes"].items() for number in homes]
    for name in (*(f"{home}.{one}" for home, one in classes), *table["names"], *table["homes"]):
        assert meant(name) == ""
    for module in table["modules"]:
        assert meant(f"sagemaker.{module}") == meant(f"sagemaker.{module}.Any") == ""
    assert meant("sagemaker") == meant("boto3.Session") == ""


def test_home_of() -> None:
    assert home_of("sagemaker.processing.SKLearnProcessor") == "sagemaker.sklearn.processing"
    assert home_of("sagemaker.sklearn.processing.SKLearnProcessor") == ""
    assert home_of("sagemaker.future.SKLearnProcessor") == ""
    assert home_of("sagemaker.processing.processing_input.ProcessingInput") == "sagemaker.processing"
    assert home_of("sagemaker.processing.processing_input.Unknown") == ""
    assert home_of("sagemaker.debugger.rules.DebuggerHookConfig") == ""
    assert home_of("sagemaker.processing.Unknown") == ""
    assert home_of("sagemaker") == ""


def test_generations() -> None:
    assert generations("sagemaker.estimator.Estimator") == {1, 2}
    assert generations("sagemaker.core.image_uris.retrieve") == {3}
    assert generations("boto3.client") == ALL
