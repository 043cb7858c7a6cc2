"""A contract and a specification that are aligned: each check of levels 1 and 2 by one change and one finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.levels.example_files import CONTRACT, SCRIPT, SPECIFICATION, changed

from tests.alignment import check
from tests.harness import write
from tests.test_command import dedented

PATHS = {
    "script": "churn_training.py",
    "contract": "churn_training_contract.py",
    "specification": "churn_training_spec.py",
}
TEXTS = {"script": SCRIPT, "contract": CONTRACT, "specification": SPECIFICATION}

ONE_CHANGE = {
    "input types": (
        "specification",
        '"validation_data": "TrainingInput"',
        '"validation_data": "ProcessingInput"',
        "TRN203",
        "specification",
    ),
    "input left out": (
        "specification",
        '        "validation_data": "TrainingInput",\n',
        "",
        "TRN201",
        "contract",
    ),
    "output types": (
        "specification",
        ': "model_artifacts"',
        ': "processing_output"',
        "TRN206",
        "specification",
    ),
    "hyperparameter unknown": (
        "specification",
        '"max_depth": 6',
        '"depth_of_trees": 6',
        "TRN207",
        "specification",
    ),
    "hyperparameter differs": ("specification", '"eta": 0.3', '"eta": 0.5', "TRN208", "specification"),
    "estimator configuration": ("specification", '        "max_run": 3600,\n', "", "TRN210", "specification"),
    "instance type": ("specification", "ml.m5.xlarge", "ml.m5.xlagre", "TRN211", "specification"),
    "instance count": (
        "specification",
        '"instance_count": 1',
        '"instance_count": 0',
        "TRN211",
        "specification",
    ),
    "code location": (
        "specification",
        '        "code_location": "s3://bucket/code/",\n',
        "",
        "TRN212",
        "specification",
    ),
    "contract variable": ("contract", '        "MODEL_TYPE": "classification",\n', "", "TRN213", "contract"),
    "container path": (
        "contract",
        "/opt/ml/input/data/validation",
        "/opt/ml/inputs/data/validation",
        "TRN214",
        "contract",
    ),
    "framework": ("contract", '"FRAMEWORK": "xgboost"', '"FRAMEWORK": "lightgbm"', "TRN125", "contract"),
    "hyperparameter misspelt": ("script", 'given["eta"]', 'given.get("etas", 0.3)', "TRN158", "script"),
    "data not read": (
        "script",
        'os.environ["SM_CHANNEL_VALIDATION"]',
        'os.environ["SM_CHANNEL_TRAINING"]',
        "TRN151",
        "contract",
    ),
    "model not saved": ("script", 'os.environ["SM_MODEL_DIR"]', '"/tmp"', "TRN104", "script"),
}


def texts(part: str = "", old: str = "", new: str = "") -> dict[str, str]:
    """The three files, with one text replaced in one of them."""
    return {
        PATHS[name]: dedented(changed(text, [(old, new)] if name == part else ()))
        for name, text in TEXTS.items()
    }


def test_aligned_as_given(tmp_path: Path) -> None:
    write(tmp_path, texts())
    assert check("--levels=1,2", folder=tmp_path).findings == []


@pytest.mark.parametrize("name", ONE_CHANGE)
def test_one_change_gives_one_finding(name: str, tmp_path: Path) -> None:
    part, old, new, code, told_in = ONE_CHANGE[name]
    write(tmp_path, texts(part, old, new))
    found = check("--levels=1,2", folder=tmp_path).findings
    codes = [(one["path"], one["code"]) for one in found]
    assert (PATHS[told_in], code) in codes, codes
    allowed = {"TRN112"} if name == "model not saved" else set()
    assert {c for _, c in codes} - allowed == {code}, codes
    assert len([c for _, c in codes if c == code]) == 1
