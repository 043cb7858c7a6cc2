"""The enhancer merges what the four levels say of a script's step into the results of another validation."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from training_alignment import (
    FRAMEWORK_REQUIREMENTS,
    TRAINING_VALIDATION_REQUIREMENTS,
    TrainingStepEnhancer,
    detect_training_framework,
)

from tests.harness import write

SCRIPT = """\
import argparse
import os

import pandas as pd
import xgboost as xgb

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--max-depth", type=int, default=6)
    args = parser.parse_args()
    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAINING"], "train.csv"))
    model = xgb.XGBClassifier(max_depth=args.max_depth)
    model.fit(data[:8].drop(columns="y"), data[:8]["y"])
    print("accuracy:", model.score(data[8:].drop(columns="y"), data[8:]["y"]))
    model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
"""
CONTRACT = """\
CHURN_CONTRACT = {
    "entry_point": "churn_training.py",
    "inputs": {
        "training_data": {"type": "TrainingInput", "destination": "/opt/ml/input/data/training"},
    },
    "outputs": {"model_artifacts": {"type": "model_artifacts", "source": "/opt/ml/model"}},
    "hyperparameters": {"max_depth": 6, "eta": 0.3, "objective": "binary:logistic", "num_round": 100},
    "environment_variables": {"FRAMEWORK": "xgboost", "MODEL_TYPE": "classification"},
}
"""
LAUNCHER = """\
from sagemaker.xgboost import XGBoost

estimator = XGBoost(
    entry_point="train.py",
    framework_version="1.7-1",
    role="arn:aws:iam::123456789012:role/trainer",
    instance_type="ml.m5.large",
    instance_count=1,
    hyperparameters={"max_dept": 3},
)
estimator.fit({"training": "s3://churn-data/training"})
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(
        tmp_path,
        {
            "steps/scripts/churn_training.py": SCRIPT.replace('os.environ["SM_MODEL_DIR"]', '"/tmp"'),
            "steps/contracts/churn_training_contract.py": CONTRACT,
        },
    )
    return tmp_path


def codes(issues: list[dict[str, Any]]) -> list[str]:
    return [issue["details"]["code"] for issue in issues]


def test_the_issues_of_the_step_are_added_to_a_dict(folder: Path) -> None:
    results: dict[str, Any] = {"issues": [{"severity": "INFO"}], "summary": {"total_issues": 1}}
    merged = TrainingStepEnhancer(folder).enhance_validation(results, "churn_training")
    assert merged is results
    assert results["issues"][0] == {"severity": "INFO"}
    lost = next(issue for issue in results["issues"][1:] if issue["details"]["code"] == "TRN104")
    assert lost["severity"] == "ERROR"
    assert lost["category"] == "script_contract_alignment"
    assert lost["message"].startswith("TRN104 the trained model is never saved to the model directory")
    assert lost["details"]["path"].endswith("steps/scripts/churn_training.py")
    assert lost["details"]["line"] == 13
    assert "explain TRN104" in lost["recommendation"]
    added = len(results["issues"]) - 1
    assert len(results["enhanced_issues"]) == added
    assert results["summary"]["total_issues"] == added + 1
    assert results["summary"]["error_count"] == sum(i["severity"] == "ERROR" for i in results["issues"])


@pytest.mark.parametrize("name", ["churn_training.py", "steps/scripts/churn_training.py", "ChurnTraining"])
def test_a_script_is_known_by_its_names(folder: Path, name: str) -> None:
    assert "TRN104" in codes(TrainingStepEnhancer(folder).issues(name))  # type: ignore[arg-type]


def test_an_object_gets_them_in_its_list(folder: Path) -> None:
    results = SimpleNamespace(issues=[])
    assert TrainingStepEnhancer(folder).enhance_validation(results, "churn_training") is results
    assert "TRN104" in codes(results.issues)


class Level(Enum):
    LOW = "warning"
    ERROR = "error"


@dataclass
class Trouble:
    level: Level
    category: str
    message: str
    details: dict[str, Any]
    recommendation: str | None = None


@dataclass
class Troubles:
    issues: list[Trouble] = field(default_factory=list)


class Note(NamedTuple):
    message: str
    severity: str


class Ticket:
    """Asks for what no finding knows."""

    def __init__(self, message: str, number: int) -> None:
        self.message, self.number = message, number


def test_an_object_keeps_its_own_type_of_issue(folder: Path) -> None:
    results = Troubles()
    TrainingStepEnhancer(folder).enhance_validation(results, "churn_training")
    assert {type(issue) for issue in results.issues} == {Trouble}
    lost = next(issue for issue in results.issues if issue.details["code"] == "TRN104")
    assert lost.level is Level.ERROR
    assert lost.category == "script_contract_alignment"
    assert lost.recommendation is not None
    assert "explain TRN104" in lost.recommendation


def test_the_type_of_issue_is_that_of_the_issues_there(folder: Path) -> None:
    results = SimpleNamespace(issues=[Note("seen by eye", "warning")])
    TrainingStepEnhancer(folder).enhance_validation(results, "churn_training")
    assert {type(issue) for issue in results.issues} == {Note}
    assert [n.severity for n in results.issues if n.message.startswith("TRN104 ")] == ["ERROR"]


@pytest.mark.parametrize("there", [Ticket("seen by eye", 1), "seen by eye"])
def test_a_type_that_cannot_be_made_is_given_dicts(folder: Path, there: object) -> None:
    results = SimpleNamespace(issues=[there])
    TrainingStepEnhancer(folder).enhance_validation(results, "churn_training")
    assert results.issues[0] is there
    assert "TRN104" in codes(results.issues[1:])


def said(results: Any) -> list[tuple[str, int]]:
    issues: Iterable[Any] = results["issues"] if isinstance(results, dict) else results.issues
    details = [issue["details"] if isinstance(issue, dict) else issue.details for issue in issues]
    return [(one["code"], one["line"]) for one in details]


@pytest.mark.parametrize("make", [dict, Troubles])
def test_an_issue_already_there_is_not_repeated(folder: Path, make: type) -> None:
    enhancer = TrainingStepEnhancer(folder)
    results = enhancer.enhance_validation(make(), "churn_training")
    once = said(results)
    assert ("TRN104", 13) in once
    assert said(enhancer.enhance_validation(results, "churn_training")) == once


def test_a_summary_counts_what_is_new(folder: Path) -> None:
    enhancer = TrainingStepEnhancer(folder)
    results: dict[str, Any] = {"issues": None, "summary": {}}
    enhancer.enhance_validation(results, "churn_training")
    enhancer.enhance_validation(results, "churn_training")
    assert results["summary"]["total_issues"] == len(results["issues"]) == len(results["enhanced_issues"]) > 0


def test_a_script_that_only_a_launcher_starts(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "new/train.py": SCRIPT,
            "old/train.py": SCRIPT.replace('os.environ["SM_MODEL_DIR"]', '"/tmp"'),
            "old/pipeline.py": LAUNCHER,
        },
    )
    enhancer = TrainingStepEnhancer(tmp_path)
    found: Any = enhancer.issues("old/train.py")
    told = {
        (i["details"]["code"], i["details"]["path"].rpartition("old/")[2], i["details"]["line"])
        for i in found
    }
    assert {("TRN104", "train.py", 13), ("TRN410", "pipeline.py", 9)} <= told
    assert enhancer.issues(str(tmp_path / "old/train.py")) == found
    # Two scripts have the name, and nothing says which is meant.
    assert enhancer.issues("train.py") == enhancer.issues("train") == []


def test_nothing_becomes_a_dict(folder: Path) -> None:
    merged = TrainingStepEnhancer(folder).enhance_validation(None, "churn_training")
    assert "TRN104" in codes(merged["issues"])  # type: ignore[index]


def test_a_script_of_no_step_adds_nothing(folder: Path) -> None:
    assert TrainingStepEnhancer(folder).enhance_validation({"issues": []}, "other")["issues"] == []


def test_results_that_cannot_hold_issues_are_refused(folder: Path) -> None:
    with pytest.raises(TypeError, match="no list called issues"):
        TrainingStepEnhancer(folder).enhance_validation("passed", "churn_training")


def test_the_mended_script_has_no_such_issue(folder: Path) -> None:
    write(folder, {"steps/scripts/churn_training.py": SCRIPT})
    assert "TRN104" not in codes(TrainingStepEnhancer(folder).issues("churn_training"))  # type: ignore[arg-type]


def test_a_validator_speaks_only_of_its_framework(folder: Path) -> None:
    stopped = SCRIPT.replace("max_depth=args.max_depth", "max_depth=args.max_depth, early_stopping_rounds=5")
    write(folder, {"steps/scripts/churn_training.py": stopped})
    validators = TrainingStepEnhancer(folder).framework_validators
    assert set(validators) == {
        "xgboost", "pytorch", "tensorflow", "sklearn", "huggingface", "lightgbm", "mxnet",
    }  # fmt: skip
    assert codes(validators["xgboost"]("churn_training")) == ["TRN124"]  # type: ignore[arg-type]
    assert validators["pytorch"]("churn_training") == []


class ForeignEnhancer:
    """The base class of another validation system: it sets everything and calls no other ``__init__``."""

    def __init__(self, step_type: str) -> None:
        self.step_type = step_type
        self.reference_examples: list[str] = []
        self.framework_validators: dict[str, Any] = {}


class BareBase:
    """A base class whose ``__init__`` takes nothing."""

    def __init__(self) -> None:
        self.seen: list[str] = []


class First(TrainingStepEnhancer, ForeignEnhancer):
    pass


class Second(ForeignEnhancer, TrainingStepEnhancer):
    pass


class WithBare(TrainingStepEnhancer, BareBase):
    pass


class OfTheDesign(TrainingStepEnhancer):
    """Passes the type of the step, and uses the members by name."""

    def __init__(self) -> None:
        super().__init__("Training")
        self.reference_examples.append("own_training.py")
        self.framework_validators = {"xgboost": self._validate_xgboost_training}

    def enhance_validation(self, existing_results: Any, script_name: str) -> Any:
        issues = [
            *self._validate_training_script_patterns(script_name),
            *self._validate_training_specifications(script_name),
            *self._validate_training_dependencies(script_name),
            *self._validate_training_builder(script_name),
        ]
        return self._merge_results(existing_results, issues)


@pytest.mark.parametrize("kind", [First, Second, WithBare, OfTheDesign])
def test_the_enhancer_stands_beside_or_below_another_class(
    kind: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    enhancer = kind("Training") if kind is not OfTheDesign else kind()
    assert enhancer.step_type == "Training"
    assert "TRN104" in codes(enhancer.enhance_validation({"issues": []}, "churn_training")["issues"])
    assert enhancer._validate_xgboost_training("churn_training") == []
    if kind is First:
        assert set(enhancer.framework_validators) >= {"xgboost", "pytorch", "sklearn"}
        assert enhancer.reference_examples


def test_a_subclass_replaces_a_level(folder: Path) -> None:
    class Mine(TrainingStepEnhancer):
        def _validate_training_script_patterns(self, script_name: str) -> Any:
            return []

    found: Any = Mine(folder).enhance_validation({"issues": []}, "churn_training")
    assert "TRN104" not in codes(found["issues"])


def test_the_levels_together_are_all_issues(folder: Path) -> None:
    enhancer = TrainingStepEnhancer(folder)
    found: Any = enhancer.enhance_validation(None, "churn_training")
    assert sorted(codes(found["issues"])) == sorted(codes(enhancer.issues("churn_training")))  # type: ignore[arg-type]


def test_the_folder_may_be_called_as_the_type_of_the_step(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    (folder.parent / "Training").symlink_to(folder)
    assert "TRN104" in codes(TrainingStepEnhancer(Path("Training")).issues("churn_training"))  # type: ignore[arg-type]


def test_the_reference_examples_are_files() -> None:
    examples = [Path(path) for path in TrainingStepEnhancer().reference_examples]
    assert [path.name for path in examples] == [
        "xgboost_training.py",
        "pytorch_training.py",
        "builder_xgboost_training_step.py",
    ]
    assert all(path.is_file() for path in examples)


def test_the_reference_examples_are_installed() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {
        f"examples/good/{Path(path).name}": f"training_alignment/examples/{Path(path).name}"
        for path in TrainingStepEnhancer().reference_examples
    }


@dataclass
class Judged:
    passed: bool = True
    issues: list[Trouble] = field(default_factory=list)


def test_an_added_error_means_that_the_step_has_not_passed(folder: Path) -> None:
    enhancer = TrainingStepEnhancer(folder)
    results: dict[str, Any] = {"passed": True, "issues": []}
    assert enhancer.enhance_validation(results, "churn_training")["passed"] is False
    judged = Judged()
    enhancer.enhance_validation(judged, "churn_training")
    assert not judged.passed
    untouched = Judged()
    enhancer.enhance_validation(untouched, "another")
    assert untouched.passed
    warned = enhancer._merge_results(
        {"passed": True, "issues": []},
        [one for one in enhancer.issues("churn_training") if one["severity"] != "ERROR"],
    )
    assert isinstance(warned, dict)
    assert warned["passed"] is True


@pytest.mark.parametrize(
    ("source", "framework"),
    [
        (SCRIPT, "xgboost"),
        ("import torch\nloss = f()\nloss.backward()\n", "pytorch"),
        ("from sklearn.svm import SVC\nSVC().fit(x, y)\n", "sklearn"),
        ("# xgboost and torch are only words here\n", None),
        ("def (", None),
    ],
)
def test_the_framework_is_the_one_that_trains(source: str, framework: str | None) -> None:
    assert detect_training_framework(source) == framework


def test_the_requirements_are_data() -> None:
    assert TRAINING_VALIDATION_REQUIREMENTS["script_patterns"]["model_saving"]["paths"] == ["/opt/ml/model"]
    assert FRAMEWORK_REQUIREMENTS["xgboost"]["hyperparameters"] == [
        "max_depth",
        "eta",
        "objective",
        "num_round",
    ]
