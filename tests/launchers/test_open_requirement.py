"""A requirement of the SDK without an upper bound, beside launchers of an older generation."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import findings, launcher, notebook, said

MESSAGE = "TRN440 a new environment gets SDK v3 for {!r}, write 'sagemaker<3'"
PROJECT = '[project]\nname = "churn"\nversion = "1"\n'
OPEN = {
    "a name alone": ("sagemaker", {"requirements.txt": "boto3==1.34.0\nsagemaker  # the SDK\n"}),
    "a lower bound": ("sagemaker>=2.200", {"requirements.txt": "sagemaker>=2.200\n"}),
    "an extra": ("sagemaker", {"requirements.txt": "sagemaker[local]\n"}),
    "a project": ("sagemaker", {"pyproject.toml": f'{PROJECT}dependencies = [\n  "sagemaker",\n]\n'}),
    "a group": ("sagemaker", {"pyproject.toml": f'{PROJECT}[dependency-groups]\ndev = ["sagemaker"]\n'}),
    "a new Python": (
        "sagemaker",
        {"requirements.txt": "sagemaker\n", "pyproject.toml": f'{PROJECT}requires-python = ">=3.9,<4"\n'},
    ),
    "the version of Python": (
        "sagemaker",
        {"requirements.txt": "sagemaker\n", ".python-version": "3.11.7\n"},
    ),
    "another file": (
        "sagemaker",
        {"requirements.txt": "sagemaker\n", "Dockerfile": "RUN pip install sagemaker-training==4.7.0\n"},
    ),
    "the requirements of a job": (
        "sagemaker",
        {"requirements.txt": "sagemaker\n", "code/requirements.txt": "sagemaker==2.200.0\n"},
    ),
}
BOUND = {
    "a version": {"requirements.txt": "sagemaker==2.200.0\n"},
    "an upper bound": {"requirements.txt": "sagemaker>=2.200,<3\n"},
    "another package": {"requirements.txt": "other-sagemaker\n"},
    "two requirements": {"requirements.txt": "sagemaker\n", "requirements-dev.txt": "sagemaker<3\n"},
    "a lock": {"requirements.txt": "sagemaker\n", "uv.lock": 'name = "sagemaker"\nversion = "2.257.1"\n'},
    "a file of constraints": {"requirements.txt": "-c constraints.txt\nsagemaker\n"},
    "an old Python": {"requirements.txt": "sagemaker\n", ".python-version": "3.9\n"},
    "an old Python of the project": {
        "requirements.txt": "sagemaker\n",
        "pyproject.toml": f'{PROJECT}requires-python = ">=3.8,<3.10"\n',
    },
    "a tool's own table": {
        "requirements.txt": "sagemaker\n",
        "pyproject.toml": '[tool.poetry.dependencies]\nsagemaker = "^2.200"\n',
    },
    "another file that installs it": {
        "requirements.txt": "sagemaker\n",
        "Dockerfile": "RUN pip install sagemaker==2.200.0\n",
    },
    "a keyword": {"pyproject.toml": f'{PROJECT}keywords = ["sagemaker"]\n'},
    "a job's own requirements": {"code/requirements.txt": "sagemaker\n"},
}


def _repository(folder: Path, files: dict[str, str]) -> dict[str, str]:
    (folder / ".git").mkdir()
    script = "import os\nos.environ['SM_MODEL_DIR']\n"
    return {"launch.py": launcher(inputs="'s3://b/train'"), "code/train.py": script, **files}


@pytest.mark.parametrize("name", OPEN)
def test_without_an_upper_bound(name: str, tmp_path: Path) -> None:
    written, files = OPEN[name]
    assert said(tmp_path, _repository(tmp_path, files), "TRN440") == [MESSAGE.format(written)]


@pytest.mark.parametrize("name", BOUND)
def test_with_a_bound(name: str, tmp_path: Path) -> None:
    assert said(tmp_path, _repository(tmp_path, BOUND[name]), "TRN440") == []


def test_one_requirement_is_one_warning_of_all_launchers(tmp_path: Path) -> None:
    files = _repository(tmp_path, {"requirements.txt": "# the launchers'\nsagemaker\n"})
    files["again.py"] = files["launch.py"]
    (found,) = findings(tmp_path, files, "TRN440")
    assert (found.path, found.line, found.severity) == ("requirements.txt", 2, "warning")
    assert [(one.path, one.line) for one in found.related] == [("again.py", 2), ("launch.py", 2)]
    assert found.related[0].message == "sagemaker.pytorch.PyTorch is of SDK v1 and v2"


@pytest.mark.parametrize(("folder", "count"), [("../code", 0), ("../other", 1)])
def test_the_requirements_beside_a_launcher_may_be_those_of_the_job(
    folder: str, count: int, tmp_path: Path
) -> None:
    files = _repository(tmp_path, {"code/requirements.txt": "sagemaker\n", "other/train.py": "print(1)\n"})
    files["code/launch.py"] = files.pop("launch.py").replace('"code"', repr(folder))
    assert len(said(tmp_path, files, "TRN440")) == count


def test_a_launcher_of_the_newest_generation(tmp_path: Path) -> None:
    files = _repository(tmp_path, {"requirements.txt": "sagemaker\n"})
    files["launch.py"] = (
        "from sagemaker.train import ModelTrainer\nModelTrainer(training_image='i').train()\n"
    )
    assert said(tmp_path, files, "TRN440") == []


def test_a_notebook_has_an_environment_of_its_own(tmp_path: Path) -> None:
    files = _repository(tmp_path, {"requirements.txt": "sagemaker\n"})
    files["launch.ipynb"] = notebook(files.pop("launch.py"))
    assert said(tmp_path, files, "TRN440") == []


def test_a_comment_silences_the_requirement(tmp_path: Path) -> None:
    files = _repository(tmp_path, {"requirements.txt": "sagemaker  # noqa: TRN440\n"})
    assert said(tmp_path, files, "TRN440") == []
