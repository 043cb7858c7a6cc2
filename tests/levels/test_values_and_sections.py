"""Values of artefacts that no other side decides, and sections that one side lacks."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment import check
from training_alignment.rules.example_pipeline import flow
from training_alignment.rules.example_step import CONTRACT, SCRIPT, SPECIFICATION, changed

from flake8_training.rules.rule import Example
from tests.harness import write

CONTRACT_PATH = "contracts/churn_training_contract.py"
SPECIFICATION_PATH = "specs/churn_training_spec.py"
REQUIRED = """

    required_config = {
        "instance_type": "ml.m5.xlarge",
        "instance_count": 1,
        "training_data_uri": "s3://bucket/training/",
        "entry_point": "churn_training.py",
        "hyperparameters": {"max_depth": 6, "eta": 0.3},
    }
"""


def codes(folder: Path, files: dict[str, str]) -> list[str]:
    write(folder, Example(files).files)
    return sorted(f.code for f in check(root=folder, ignore=["TRN004"]))


def step(contract: str = CONTRACT, specification: str = SPECIFICATION) -> dict[str, str]:
    return {
        "scripts/churn_training.py": SCRIPT,
        CONTRACT_PATH: contract,
        SPECIFICATION_PATH: specification,
    }


# -- required_config

VALUES = {
    "right": ("", "", []),
    "an instance type": ("ml.m5.xlarge", "ml.m5.xlagre", ["TRN211"]),
    "a count of nothing": ('"instance_count": 1', '"instance_count": 0', ["TRN211"]),
    "a count in words": ('"instance_count": 1', '"instance_count": "one"', ["TRN211"]),
    "a count by a parameter's name": ('"instance_count": 1', '"instance_count": "InstanceCount"', []),
    "a count in a template": ('"instance_count": 1', '"instance_count": "{count}"', []),
    "a local path of data": ("s3://bucket/training/", "/bucket/training/", ["TRN412"]),
    "a location misspelt": ("s3://bucket/training/", "s3:/bucket/training/", ["TRN412"]),
    "a location in a template": ("s3://bucket/training/", "{bucket}/training/", []),
    "a path of something else": ("training_data_uri", "cache_folder", []),
    "the entry point misspelt": ("churn_training.py", "churn_trainnig.py", ["TRN406"]),
    "an entry point of another name": ("churn_training.py", "train.py", []),
    "a hyperparameter misspelt": ('"max_depth": 6', '"max_dept": 6', ["TRN410"]),
    "another hyperparameter": ('"max_depth": 6', '"verbosity": 6', []),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_of_the_required_configuration(name: str, tmp_path: Path) -> None:
    old, new, expected = VALUES[name]
    required = changed(REQUIRED, [(old, new)] if old else [])
    assert codes(tmp_path, step(specification=SPECIFICATION.rstrip() + required)) == expected


# -- locations

LOCATIONS = {
    "of an input": (CONTRACT_PATH, "s3://bucket/training/", "s3:/bucket/training/", ["TRN412"]),
    "of an input, by a step's name": (CONTRACT_PATH, "s3://bucket/training/", "preprocessing", []),
    "of an output": (CONTRACT_PATH, "s3://bucket/models/", "s3:/bucket/models/", ["TRN308"]),
    "of an output, a local path": (CONTRACT_PATH, "s3://bucket/models/", "/bucket/models/", ["TRN308"]),
    "of an output, in a template": (CONTRACT_PATH, "s3://bucket/models/", "/{bucket}/models/", []),
    "of the code": (SPECIFICATION_PATH, "s3://bucket/code/", "s3:/bucket/code/", ["TRN212"]),
    "of the code, in a template": (SPECIFICATION_PATH, "s3://bucket/code/", "s3://{bucket}/code/", []),
}


@pytest.mark.parametrize("name", LOCATIONS)
def test_locations_outside_the_container(name: str, tmp_path: Path) -> None:
    path, old, new, expected = LOCATIONS[name]
    files = step()
    files[path] = changed(files[path], [(old, new)])
    assert codes(tmp_path, files) == expected


# -- frameworks and sources by name


@pytest.mark.parametrize(("framework", "expected"), [("xgbost", ["TRN125"]), ("spark", []), ("XGBoost", [])])
def test_the_framework_misspelt(framework: str, expected: list[str], tmp_path: Path) -> None:
    contract = changed(CONTRACT, [('"FRAMEWORK": "xgboost"', f'"FRAMEWORK": "{framework}"')])
    found = codes(tmp_path, step(contract=contract))
    assert [code for code in found if code == "TRN125"] == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("upstream_step", []), ("data-preprocessing", []), ("labelling", ["TRN301"])],
)
def test_the_step_of_a_data_source(word: str, expected: list[str], tmp_path: Path) -> None:
    files = flow([("upstream_step.properties", f"{word}.properties")])
    found = codes(tmp_path, files)
    assert [code for code in found if code == "TRN301"] == expected


# -- sections


def without(table: str, section: str) -> str:
    """Return a table without one of its top-level entries."""
    lines = table.splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.startswith(f'        "{section}":'))
    end = start + 1
    if lines[start].rstrip().endswith(("{", "[")):
        end = next(n for n in range(start, len(lines)) if lines[n].startswith(("        }", "        ]"))) + 1
    return "".join(lines[:start] + lines[end:])


SECTIONS = {
    "inputs of the contract": (CONTRACT_PATH, ["inputs"], "TRN202"),
    "outputs of the contract": (CONTRACT_PATH, ["outputs"], "TRN205"),
    "hyperparameters of the contract": (CONTRACT_PATH, ["hyperparameters"], "TRN207"),
    "inputs of the specification": (SPECIFICATION_PATH, ["inputs"], "TRN201"),
    "outputs of the specification": (SPECIFICATION_PATH, ["outputs"], "TRN204"),
}


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_that_only_one_side_has(name: str, tmp_path: Path) -> None:
    path, sections, code = SECTIONS[name]
    files = step()
    for section in sections:
        files[path] = without(files[path], section)
    assert codes(tmp_path, files).count(code) == 1


def test_an_artefact_that_declares_a_part_of_its_step(tmp_path: Path) -> None:
    files = step()
    files[CONTRACT_PATH] = without(without(CONTRACT, "outputs"), "hyperparameters")
    assert not set(codes(tmp_path, files)) & {"TRN205", "TRN207"}
