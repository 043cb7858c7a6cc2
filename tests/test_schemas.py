"""The JSON schemas: what the tool reads and writes fits them, and they accept what the tool accepts."""

from __future__ import annotations

import json
import os
import re
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from training_alignment.schemas import NAMES, schema

from flake8_training.configuration import PARTS, read_configuration
from tests.alignment import check, training_alignment
from tests.harness import write
from tests.test_baseline import FILES

ROOT = Path(__file__).parents[1]
OFFICIAL = os.environ.get("FLAKE8_TRAINING_SCHEMAS", "")
"""A folder with official schemas: sarif.json (OASIS 2.1.0), rdjson.json (reviewdog), codequality.json (GitLab)."""


def errors(name: str, data: object) -> list[str]:
    """Return what is wrong with data by a schema."""
    return [error.message for error in jsonschema.Draft7Validator(schema(name)).iter_errors(data)]


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_and_the_command_prints_it(name: str, tmp_path: Path) -> None:
    jsonschema.Draft7Validator.check_schema(schema(name))
    run = training_alignment("schema", name, folder=tmp_path)
    assert (run.exit_code, run.data, run.errors) == (0, schema(name), "")


def test_findings(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    found = check(folder=tmp_path).findings
    assert found
    assert errors("findings", found) == []
    assert errors("findings", [{**found[0], "more": 1}])


def test_step_files() -> None:
    files = list((ROOT / "examples").rglob("*.step.yaml"))
    assert len(files) >= 2
    for file in files:
        assert errors("step-file", yaml.safe_load(file.read_text())) == [], file
    assert errors("step-file", {"step_type": "X", "contract": {"inputs": ["a"]}})


SECTIONS = [
    ("", True),
    ('select = ["TRN1"]\nignore = "TRN105"\nexclude = []\ntraining-scripts = ["a.py"]', True),
    ("levels = [1, 4]\nstrict = true", True),
    ('baseline = "known.json"\nper-file-ignores = {"*.json" = ["TRN2"], "a.py" = "TRN1"}', True),
    (
        '[tool.flake8-training.steps.churn]\nkind = "training"\nscript = "a.py"\nspecification = ["a.py"]',
        True,
    ),
    ('[[tool.flake8-training.steps]]\nname = "churn"\nscript = ["a.py"]', True),
    ("selct = []", False),
    ("select = [1]", False),
    ("levels = [5]", False),
    ("levels = [true]", False),
    ('strict = "yes"', False),
    ("baseline = 1", False),
    ('baseline = ""', False),
    ('per-file-ignores = ["TRN1"]', False),
    ('per-file-ignores = {"a.py" = []}', False),
    ('[tool.flake8-training.steps.churn]\nkind = "trainning"', False),
    ("[tool.flake8-training.steps.churn]\nscript = 1", False),
    ('[tool.flake8-training.steps.churn]\nscript = ["a.py", "b.py"]', False),
    ('[tool.flake8-training.steps.churn]\nbiulder = "a.py"', False),
    ('[[tool.flake8-training.steps]]\nscript = "a.py"', False),
    ("steps = 3", False),
]


@pytest.mark.parametrize(("section", "is_valid"), SECTIONS)
def test_the_section_of_the_configuration(section: str, is_valid: bool, tmp_path: Path) -> None:
    source = f"[tool.flake8-training]\n{section}\n"
    if section.startswith("["):
        source = f"{section}\n"
    write(tmp_path, {"pyproject.toml": source, "a.py": "", "b.py": ""})
    data = tomllib.loads(source)["tool"]["flake8-training"]
    assert (errors("configuration", data) == []) is is_valid
    assert (read_configuration(tmp_path).errors == ()) is is_valid, "the reader agrees"


def test_every_key_is_described() -> None:
    section = schema("configuration")
    for key, value in section["properties"].items():
        assert value["description"], key
    step = section["definitions"]["step"]["properties"]
    assert set(step) == {"name", "kind", *PARTS}
    (point,) = entry_points(group="validate_pyproject.tool_schema").select(name="flake8-training")
    assert point.load()("flake8-training") == section


def test_the_readme_shows_a_valid_section() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```toml\n(\[tool\.flake8-training\].*?)```", readme, re.DOTALL)
    assert errors("configuration", tomllib.loads(block)["tool"]["flake8-training"]) == []


@pytest.mark.parametrize(
    ("style", "file"), [("sarif", "sarif.json"), ("rdjson", "rdjson.json"), ("gitlab", "codequality.json")]
)
def test_reports_fit_the_official_schemas(style: str, file: str, tmp_path: Path) -> None:
    path = Path(OFFICIAL) / file
    if not OFFICIAL or not path.is_file():
        pytest.skip(f"FLAKE8_TRAINING_SCHEMAS names no folder with {file}")
    official: dict[str, Any] = json.loads(path.read_text())
    write(tmp_path, FILES)
    run = training_alignment("check", f"--format={style}", folder=tmp_path)
    validator = jsonschema.validators.validator_for(official)
    assert [error.message for error in validator(official).iter_errors(run.data)] == []
