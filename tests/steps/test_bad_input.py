"""Files that cannot be read: one clear error each, the other steps as ever, and no traceback."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from training_alignment import check
from training_alignment.artefacts.read_error import MAX_BYTES
from training_alignment.repository.repository import Repository
from training_alignment.steps.discovery import Discovery
from training_alignment.steps.step import Role

from tests.steps.repositories import CONTRACT, discover, layered, parts, write

CONTRACT_PATH = "steps/contracts/churn_contract.py"
STEP_FILE = "steps/interfaces/risk.step.yaml"

EXPLODING = "\n".join(
    ["step_type: Risk", "contract:", "  a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
)


@pytest.mark.parametrize(
    ("path", "content", "line", "column", "said"),
    [
        (
            CONTRACT_PATH,
            "CHURN_CONTRACT = TrainingScriptContract(\n  entry_point=(",
            2,
            15,
            "not Python: '(' was never closed",
        ),
        (CONTRACT_PATH, b"CHURN_CONTRACT = {\x00}", 1, 1, "not Python"),
        (CONTRACT_PATH, b"# coding: nonsense\nCHURN_CONTRACT = {}", 1, 1, "not Python"),
        (CONTRACT_PATH, b"CHURN_CONTRACT = {'inputs': '\xff'}", 1, 1, "not Python"),
        (
            CONTRACT_PATH,
            "CHURN_CONTRACT = ['inputs']",
            1,
            18,
            "the contract CHURN_CONTRACT is a list, not a table",
        ),
        (CONTRACT_PATH, "CHURN_CONTRACT = 5", 1, 18, "the contract CHURN_CONTRACT is a number, not a table"),
        (
            CONTRACT_PATH,
            "CHURN_CONTRACT = {'inputs': 5, 'outputs': {}}",
            1,
            29,
            "inputs is a number, not a table",
        ),
        (
            CONTRACT_PATH,
            "CHURN_CONTRACT = {'inputs': {'a': 1, 'a': 2}}",
            1,
            38,
            "duplicate key 'a', first on line 1",
        ),
        (CONTRACT_PATH, "CHURN_CONTRACT = " + "(" * 300 + ")" * 300, 1, 1, "not Python"),
        (
            CONTRACT_PATH,
            b"#" * (MAX_BYTES + 1),
            1,
            1,
            "the file has 1,000,001 bytes, and 1,000,000 are read at most",
        ),
        ("steps/specs/churn_spec.py", "CHURN_SPEC = {'inputs': [}", 1, 26, "not Python"),
        ("steps/builders/builder_churn_step.py", "class A:\n  def create_step(self:\n", 2, 18, "not Python"),
        (STEP_FILE, "step_type: Risk\ncontract: {\n", 3, 1, "not YAML"),
        (STEP_FILE, "step_type: Risk\nstep_type: Risk\n", 2, 1, "duplicate key 'step_type', first on line 1"),
        (
            STEP_FILE,
            "step_type: Risk\ncontract:\n\tentry_point: a.py\n",
            3,
            1,
            "not YAML: a tab where YAML wants spaces",
        ),
        (STEP_FILE, "step_type: Risk\ncontract: &a [*a]\n", 2, 15, "the anchor 'a' contains itself"),
        (STEP_FILE, "step_type: Risk\ncontract: [1]\n", 2, 11, "the contract is a list, not a table"),
        (STEP_FILE, "step_type: !!python/object/apply:os.system [x]\n", 1, 12, "unsupported tag"),
        (STEP_FILE, "- a\n- b\n", 1, 1, "the whole file is a list, not a table"),
        (STEP_FILE, "a: 1\n---\nb: 1\n", 2, 1, "more than one document in the file"),
        (STEP_FILE, EXPLODING, 7, 7, "aliases and values expand to more than 60,000 values"),
        (STEP_FILE, b"\x89PNG\r\n\x1a\n\x00\x00", 1, 1, "not YAML"),
        (STEP_FILE, b"x: " + b"y" * (MAX_BYTES * 10), 1, 1, "the file has 10,000,003 bytes"),
        ("steps/contracts/risk_contract.yaml", "inputs: {data: {path: /opt/ml/input\n", 2, 1, "not YAML"),
        ("steps/contracts/risk_contract.json", '{"inputs": {"data": "/opt/ml/input",}}', 1, 37, "not JSON"),
    ],
)
def test_one_error_and_the_other_steps_as_ever(
    tmp_path: Path, path: str, content: str | bytes, line: int, column: int, said: str
) -> None:
    files: dict[str, str | bytes] = {**layered("Churn", "churn"), **layered("Fraud", "fraud")}
    write(tmp_path, files)
    write(tmp_path, {path: content})
    discovery = discover(tmp_path)
    (error,) = discovery.errors
    assert (error.path, error.message[: len(said)]) == (path, said)
    assert error.line == line
    assert error.column == column or said in ("not Python", "not YAML")
    assert "\n" not in error.message
    fraud = discovery.step("Fraud")
    assert fraud is not None
    assert len(fraud.paths) == 5


@pytest.mark.parametrize(
    ("role", "path", "rest"),
    [
        (Role.CONTRACT, CONTRACT_PATH, {"specification", "builder", "configuration"}),
        (Role.SPECIFICATION, "steps/specs/churn_spec.py", {"script", "contract", "builder", "configuration"}),
        (
            Role.BUILDER,
            "steps/builders/builder_churn_step.py",
            {"script", "contract", "specification", "configuration"},
        ),
        (
            Role.CONFIGURATION,
            "steps/configs/config_churn_step.py",
            {"script", "contract", "specification", "builder"},
        ),
    ],
)
def test_a_file_that_cannot_be_read_keeps_its_part(
    tmp_path: Path, role: Role, path: str, rest: set[str]
) -> None:
    files = layered("Churn", "churn")
    write(tmp_path, files)
    with open(tmp_path / path, "a", encoding="utf-8") as stream:
        stream.write("\n\n(\n")
    discovery = discover(tmp_path)
    (step,) = discovery.steps
    part = step.part(role)
    assert part is not None
    assert (part.path, part.readable) == (path, False)
    assert rest <= set(parts(step))
    assert [error.path for error in discovery.errors] == [path]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("broken.py", "def f(:\n"),
        ("data.yaml", "a: [1\n"),
        ("chart/values.yaml", "path: {{ .Values.path }}/opt/ml/model\n"),
        ("k8s.yaml", "a: /opt/ml/\n---\nb: 1\n"),
        ("data.json", '{"path": "/opt/ml/model", }'),
        ("big.json", b'{"a": "/opt/ml/' + b"x" * 2_000_000 + b'"}'),
        ("openapi_spec.yaml", "a: [\n"),
    ],
)
def test_files_of_others_are_left_alone(tmp_path: Path, path: str, content: str | bytes) -> None:
    write(tmp_path, {**layered("Churn", "churn"), path: content})
    discovery = discover(tmp_path)
    assert discovery.errors == ()
    assert [step.name for step in discovery.steps] == ["Churn"]


def test_a_link_that_leaves_the_repository(tmp_path: Path) -> None:
    write(tmp_path / "outside", {"secret_contract.py": CONTRACT.format(constant="A_CONTRACT", script="a.py")})
    write(tmp_path / "root", layered("Churn", "churn"))
    (tmp_path / "root/steps/contracts/secret_contract.py").symlink_to(tmp_path / "outside/secret_contract.py")
    discovery = discover(tmp_path / "root")
    (error,) = discovery.errors
    assert (error.path, error.message) == (
        "steps/contracts/secret_contract.py",
        "a link that leaves the repository",
    )


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, layered("Churn", "churn"))
    opened = os.open

    def refusing(path: str, flags: int, *arguments: int) -> int:
        if str(path).endswith("churn_contract.py"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, flags, *arguments)

    monkeypatch.setattr(os, "open", refusing)
    discovery = discover(tmp_path)
    (error,) = discovery.errors
    assert (error.path, error.message) == (CONTRACT_PATH, "cannot be read: Permission denied")


def test_nothing_is_written(tmp_path: Path) -> None:
    write(tmp_path, {**layered("Churn", "churn"), STEP_FILE: "a: ["})
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    discovery = discover(tmp_path)
    for step in discovery.steps:
        discovery.read(step)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=120)
    | st.text(st.sampled_from("CONTRACT_SPEC={}[]()'\":,\n *=inputs/opt/ml"), max_size=80).map(str.encode),
    path=st.sampled_from([CONTRACT_PATH, STEP_FILE, "a_contract.json", "steps/specs/churn_spec.py"]),
)
def test_any_content_gives_steps_and_errors(tmp_path: Path, content: bytes, path: str) -> None:
    write(tmp_path, {**layered("Fraud", "fraud"), path: b"CONTRACT = {'inputs': {}}\n" + content})
    discovery = Discovery(Repository.open(tmp_path))
    assert discovery.step("Fraud") is not None
    assert all(error.line >= 1 and error.column >= 1 for error in discovery.errors)


def _registry(entries: int) -> str:
    return (
        "STEP_NAMES = {\n"
        + "".join(f'    "Churn{n}": {{"sagemaker_step_type": "Training"}},\n' for n in range(entries))
        + "}\n"
    )


def test_a_registry_that_is_too_large_is_reported_and_other_large_files_are_not(tmp_path: Path) -> None:
    (tmp_path / "step_names.py").write_text(_registry(25_000))
    (tmp_path / "table.py").write_text("TABLE = {\n" + '    "Churn": "Training",\n' * 60_000 + "}\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "step_names.py").write_text(_registry(25_000))
    for files in (None, ["step_names.py"]):
        found = check(files and [tmp_path / file for file in files], root=tmp_path)
        assert [(f.code, f.path.rpartition("/")[2], f.line) for f in found] == [
            ("TRN002", "step_names.py", 1)
        ]
        assert "1,000,000 are read at most" in found[0].message
    (tmp_path / "step_names.py").write_text(_registry(15_000))
    assert check(root=tmp_path) == []
