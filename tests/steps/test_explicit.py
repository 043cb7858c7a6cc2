"""Steps that the project's configuration lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.artefacts.model import StepKind
from training_alignment.steps.step import Role

from tests.steps.repositories import BUILDER, CONFIGURATION, SCRIPT, discover, layered, parts, reason

TABLE = "A_CONTRACT = {'inputs': {'d': {'path': '/opt/ml/input/data'}}, 'outputs': {}}\n"
ONE_OF_TWO = "{0}_SPEC = {{'step_name': '{1}', 'estimator_config': {{}}}}\n"
SPECIFICATION = ONE_OF_TWO.format("A", "a") + ONE_OF_TWO.format("B", "b")

FILES = {
    "x/one.py": TABLE,
    "x/two.py": SPECIFICATION,
    "x/three.py": BUILDER.format(package="", config="x", name="Own", module="x", constant="X"),
    "x/four.py": CONFIGURATION.format(name="Own") + CONFIGURATION.format(name="Other"),
    "x/five.py": "print(1)\n",
    "x/six.yaml": "dependencies: {upstream_steps: [load]}\n",
}

LISTED = """
    [tool.flake8-training.steps.churn]
    kind = "processing"
    script = "x/five.py"
    contract = "x/one.py"
    specification = "x/two.py:A_SPEC"
    builder = "x/three.py:OwnStepBuilder"
    configuration = "x/four.py:OwnConfig"
    flow = "x/six.yaml"
"""


def test_a_listed_step_has_the_files_that_are_listed(tmp_path: Path) -> None:
    discovery = discover(tmp_path, {**FILES, "pyproject.toml": LISTED})
    step = discovery.step("churn")
    assert step is not None
    assert parts(step) == {
        "script": "x/five.py",
        "contract": "x/one.py:A_CONTRACT",
        "specification": "x/two.py:A_SPEC",
        "builder": "x/three.py:OwnStepBuilder",
        "configuration": "x/four.py:OwnConfig",
        "flow": "x/six.yaml",
    }
    assert (step.kind, step.kind_reason, step.explicit) == (
        StepKind.PROCESSING,
        "listed in pyproject.toml",
        True,
    )
    assert all(part.reason == "listed in pyproject.toml" for part in step.parts)
    assert discovery.configuration_errors == ()
    reading = discovery.read(step)
    assert reading.contract is not None
    assert reading.builder is not None
    assert reading.configuration is not None
    assert reading.specification is not None
    assert [flow.subject for flow in reading.flows] == ["dependencies"]
    assert [other.name for other in discovery.steps] == ["b", "churn"]


def test_what_is_not_listed_is_found(tmp_path: Path) -> None:
    files = {**layered("Churn", "churn"), **layered("Fraud", "fraud")}
    files["steps/special.py"] = SCRIPT
    listed = """
        [tool.flake8-training.steps.Churn]
        specification = "steps/specs/churn_spec.py"
        script = "steps/special.py"
    """
    discovery = discover(tmp_path, {**files, "pyproject.toml": listed})
    churn, fraud = discovery.steps
    assert len(fraud.paths) == 5
    assert parts(churn)["script"] == "steps/special.py"
    assert parts(churn)["contract"] == "steps/contracts/churn_contract.py:CHURN_CONTRACT"
    assert parts(churn)["builder"] == "steps/builders/builder_churn_step.py:ChurnStepBuilder"
    assert reason(churn, Role.BUILDER) == "it imports CHURN_SPEC"


def test_a_listed_step_file(tmp_path: Path) -> None:
    files = {
        "a/odd.yaml": "step_type: Odd\ncontract: {entry_point: run.py}\nspec: {outputs: {}}\n",
        "a/run.py": SCRIPT,
        "pyproject.toml": '[tool.flake8-training.steps.odd]\ncontract = "a/odd.yaml"\nspecification = "a/odd.yaml"\n',
    }
    (step,) = discover(tmp_path, files).steps
    assert parts(step) == {"script": "a/run.py", "contract": "a/odd.yaml", "specification": "a/odd.yaml"}


@pytest.mark.parametrize(
    ("listed", "line", "said"),
    [
        ('contract = "x/five.py"', 2, "no contract in x/five.py"),
        ('contract = "x/one.py:B_CONTRACT"', 2, "no contract B_CONTRACT in x/one.py"),
        (
            'specification = "x/two.py"',
            2,
            "several specifications in x/two.py: A_SPEC, B_SPEC; say which, behind a colon",
        ),
        ('builder = "x/one.py"', 2, "no builder in x/one.py"),
        ('builder = "x/three.py:Nothing"', 2, "no builder Nothing in x/three.py"),
        ('configuration = "x/four.py:Nothing"', 2, "no class Nothing in x/four.py"),
    ],
)
def test_lists_that_name_what_is_not_there(tmp_path: Path, listed: str, line: int, said: str) -> None:
    discovery = discover(
        tmp_path, {**FILES, "pyproject.toml": f"[tool.flake8-training.steps.churn]\n{listed}\n"}
    )
    (error,) = discovery.configuration_errors
    assert (error.path, error.line, error.message) == ("pyproject.toml", line, said)


def test_a_listed_contract_that_is_no_table(tmp_path: Path) -> None:
    files = {
        "a.py": "C_CONTRACT = ['a']\n",
        "pyproject.toml": '[tool.flake8-training.steps.a]\ncontract = "a.py"\n',
    }
    discovery = discover(tmp_path, files)
    (error,) = discovery.errors
    assert error.message == "the contract C_CONTRACT is a list, not a table"


def test_a_listed_file_in_tests_counts(tmp_path: Path) -> None:
    files = {
        "tests/a.py": TABLE,
        "pyproject.toml": '[tool.flake8-training.steps.a]\ncontract = "tests/a.py"\n',
    }
    (step,) = discover(tmp_path, files).steps
    assert parts(step) == {"contract": "tests/a.py:A_CONTRACT"}
