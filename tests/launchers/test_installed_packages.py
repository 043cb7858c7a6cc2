"""TRN427 and TRN432: the packages that the script imports, and those that the job has."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_training.libraries.requirements_file import read_requirements
from tests.launchers.pairs import findings, launcher, notebook, said

MLFLOW = "import mlflow\n\nmlflow.autolog()\n"
IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310-ubuntu20.04-sagemaker"
TRAINER = """
from sagemaker.core.training.configs import Compute, SourceCode
from sagemaker.train import ModelTrainer

trainer = ModelTrainer(
    training_image="{image}",
    source_code=SourceCode(source_dir="code", entry_script="train.py"{more}),
    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
    role="arn:aws:iam::123456789012:role/Training",
)
trainer.train()
"""


def pair(
    script: str = MLFLOW, more: str = "", name: str = "PyTorch", requirements: str | None = None
) -> dict[str, str]:
    """A launcher with these arguments, its script and its requirements."""
    files = {"launch.py": launcher(name, more), "code/train.py": script}
    return files if requirements is None else {**files, "code/requirements.txt": requirements}


def trainer(more: str = "", image: str = IMAGE, **files: str) -> dict[str, str]:
    """A launcher of SDK v3 and its script."""
    return {"launch.py": TRAINER.format(image=image, more=more), "code/train.py": MLFLOW, **files}


def without_folder(**files: str) -> dict[str, str]:
    """A launcher that sends the entry point alone."""
    text = launcher().replace('    source_dir="code",\n', "").replace("train.py", "code/train.py")
    return {"launch.py": text, "code/train.py": MLFLOW, **files}


@pytest.mark.parametrize(
    ("files", "details"),
    [
        (pair(), ["TRN427 mlflow, which PyTorch images before 2.11 lack (ModuleNotFoundError)"]),
        (pair(name="SKLearn"), ["TRN427 mlflow, which no SKLearn image has (ModuleNotFoundError)"]),
        (
            pair("import xgboost\n", name="SKLearn"),
            ["TRN427 xgboost, which no SKLearn image has (ModuleNotFoundError)"],
        ),
        (
            pair("from transformers import Trainer\n", requirements="pandas==2.0\nscikit-learn\n"),
            ["TRN427 transformers, which no PyTorch image has (ModuleNotFoundError)"],
        ),
        (
            pair("import pytorch_lightning as pl\nimport torch\n"),
            ["TRN427 pytorch_lightning, which no PyTorch image has (ModuleNotFoundError)"],
        ),
        (
            pair(more=f"image_uri='{IMAGE}',"),
            ["TRN427 mlflow, which PyTorch images before 2.11 lack (ModuleNotFoundError)"],
        ),
        (trainer(), ["TRN427 mlflow, which PyTorch images before 2.11 lack (ModuleNotFoundError)"]),
        (without_folder(), ["TRN427 mlflow, which PyTorch images before 2.11 lack (ModuleNotFoundError)"]),
        (
            {"start.ipynb": notebook(launcher()), "code/train.py": MLFLOW},
            ["TRN427 cell 2 line 6: mlflow, which PyTorch images before 2.11 lack (ModuleNotFoundError)"],
        ),
        (
            {
                "start.ipynb": notebook("!pip install -r requirements.txt", launcher()),
                "code/train.py": MLFLOW,
            },
            ["TRN427 cell 3 line 6: mlflow, which PyTorch images before 2.11 lack (ModuleNotFoundError)"],
        ),
        (
            {
                "start.ipynb": notebook("%%writefile code/requirements.txt\npandas\n", launcher()),
                "code/train.py": MLFLOW,
            },
            ["TRN427 cell 3 line 6: mlflow, which PyTorch images before 2.11 lack (ModuleNotFoundError)"],
        ),
        (
            pair("import mlflow\nimport subprocess\nsubprocess.run(['nvidia-smi'])\n"),
            ["TRN427 mlflow, which PyTorch images before 2.11 lack (ModuleNotFoundError)"],
        ),
        *(
            (files, ["TRN427 mlflow, which PyTorch images before 2.11 lack (ModuleNotFoundError)"])
            for files in (
                pair("import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\n" + MLFLOW),
                pair("import sys\nsys.path.append('/opt/ml/code')\n" + MLFLOW),
                pair("import os\nos.system('pip install pandas')\n" + MLFLOW),
                pair(
                    "import subprocess, sys\n\ndef install(name):\n"
                    "    subprocess.check_call([sys.executable, '-m', 'pip', 'install', '-q', name])\n\n"
                    "install('pandas')\n" + MLFLOW
                ),
                pair(requirements="python-dotenv\n"),
                {**without_folder(), "Dockerfile": "FROM python:3.11\nCOPY requirements.txt .\n"},
                {**pair(), "Dockerfile": "FROM python:3.11\nCOPY requirements.txt .\n"},
                {**pair(), "Dockerfile": "FROM python:3.11\nCOPY requirements.txt /app/other/\n"},
                pair(
                    "import sys\nfrom pathlib import Path\n\n"
                    "sys.path.insert(0, str(Path(__file__).parent.parent))\n" + MLFLOW
                ),
                {
                    **pair("import sys\nsys.path.append('/opt/ml/code/parts')\n" + MLFLOW),
                    "code/parts/data.py": "ROWS = 4\n",
                },
                {**pair("import tracking\n"), "code/tracking.py": MLFLOW},
                {
                    **pair("from tracking import runs\n"),
                    "code/tracking/__init__.py": "",
                    "code/tracking/runs.py": "from .store import keep\n",
                    "code/tracking/store.py": MLFLOW + "def keep(): ...\n",
                },
                {**pair(more="dependencies=['shared'],"), "shared/notes.txt": "none\n"},
                {
                    **pair(more="dependencies=['setup/requirements.txt'],"),
                    "setup/requirements.txt": "pandas\n",
                },
            )
        ),
    ],
)
def test_a_package_that_the_job_does_not_have(
    tmp_path: Path, files: dict[str, str], details: list[str]
) -> None:
    assert said(tmp_path, files, "TRN427", "TRN432") == details


@pytest.mark.parametrize(
    "files",
    [
        pair(requirements="mlflow\n"),
        pair(requirements="MLflow[extras] >= 2.1, <3 ; python_version > '3.8'  # tracking\n"),
        pair(requirements="-r more.txt\n"),
        pair(requirements="git+https://github.com/owner/repository\n"),
        pair(requirements="company-platform==1\n"),
        pair("import lightning\n", requirements="pytorch-lightning\n"),
        pair(
            "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'pip', 'install', 'mlflow'])\n"
            "import mlflow\n"
        ),
        pair("import os\nos.system('pip install mlflow')\nimport mlflow\n"),
        pair("try:\n    import mlflow\nexcept ImportError:\n    mlflow = None\n"),
        pair("import os\nif os.environ.get('TRACK'):\n    import mlflow\n"),
        pair("def track():\n    import mlflow\n    mlflow.autolog()\n"),
        pair("import sys\nsys.path.append('/opt/ml/code/vendored')\nimport mlflow\n"),
        pair("import torch, numpy, pandas, sagemaker, boto3, sklearn, unheard_of\n"),
        pair("import transformers, datasets, peft\n", name="HuggingFace"),
        pair(more="image_uri='123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:1',"),
        pair(more="dependencies=['vendored'],"),
        {**pair(more="dependencies=['requirements.txt'],"), "requirements.txt": "mlflow\n"},
        {
            **without_folder(**{"setup/requirements.txt": "mlflow\n"}),
            "launch.py": without_folder()["launch.py"].replace(
                'py_version="py310",', "py_version='py310', dependencies=['setup/requirements.txt'],"
            ),
        },
        {
            **pair(more="dependencies=['vendored/mlflow'],"),
            "vendored/mlflow/__init__.py": "def autolog(): ...\n",
        },
        {
            **pair("import sys\nsys.path.append('/opt/ml/code/parts')\n" + MLFLOW),
            "code/parts/mlflow.py": "def autolog(): ...\n",
        },
        {**pair("try:\n    import tracking\nexcept ImportError:\n    pass\n"), "code/tracking.py": MLFLOW},
        {**pair("def track():\n    import tracking\n"), "code/tracking.py": MLFLOW},
        {
            **pair("import tracking\n"),
            "code/tracking.py": "try:\n    import mlflow\nexcept ImportError:\n    mlflow = None\n",
        },
        pair("import os\nos.system('pip install pandas mlflow')\nimport mlflow\n"),
        pair("import os\nos.system('pip install company-platform')\nimport mlflow\n"),
        pair("import os\nos.system('pip install -r more.txt')\nimport mlflow\n"),
        pair("import os\nos.system('pip install ./vendored')\nimport mlflow\n"),
        pair("import os\nos.system('pip install ' + os.environ['MORE'])\nimport mlflow\n"),
        {**pair(), "Dockerfile": "FROM python:3.11\nCOPY requirements.txt code/\n"},
        {**pair(), "Dockerfile": "FROM python:3.11\nCOPY requirements.txt $TARGET\n"},
        {**pair(), "Dockerfile": "FROM python:3.11\nWORKDIR /app/code\nCOPY requirements.txt .\n"},
        {**pair(), "prepare.sh": "cp requirements.txt code\n"},
        pair(more="distribution={'smdistributed': {'modelparallel': {'enabled': True}}},"),
        {**pair(), "code/setup.py": "from setuptools import setup\nsetup()\n"},
        {**pair(), "code/mlflow/__init__.py": "def autolog(): pass\n"},
        {**pair(), "launch.py": "open('code/requirements.txt', 'w').write('mlflow')\n" + launcher()},
        trainer(", requirements='requirements.txt'", **{"code/requirements.txt": "mlflow\n"}),
        trainer(image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:1"),
        {"start.ipynb": notebook(launcher()), "code/train.py": MLFLOW, "code/requirements.txt": "mlflow\n"},
        {
            "start.ipynb": notebook("%%writefile code/requirements.txt\nmlflow\n", launcher()),
            "code/train.py": MLFLOW,
        },
        {
            "start.ipynb": notebook(
                f"%%writefile code/train.py\n{MLFLOW}", "!echo mlflow > code/requirements.txt", launcher()
            )
        },
        {
            "start.ipynb": notebook("%%writefile -a code/requirements.txt\nmlflow\n", launcher()),
            "code/train.py": MLFLOW,
        },
    ],
)
def test_packages_that_the_job_has_or_may_have(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files, "TRN427", "TRN432") == []


@pytest.mark.parametrize(
    ("files", "detail"),
    [
        (
            {**pair(), "code/requirement.txt": "mlflow\n"},
            "code/requirement.txt lists mlflow, and only code/requirements.txt is installed "
            "(ModuleNotFoundError: mlflow)",
        ),
        (
            {**pair(), "requirements.txt": "mlflow==2\n"},
            "requirements.txt lists mlflow, and only code/requirements.txt is installed "
            "(ModuleNotFoundError: mlflow)",
        ),
        (
            without_folder(**{"code/requirements.txt": "mlflow\n"}),
            "code/requirements.txt lists mlflow, and only the entry point is sent (ModuleNotFoundError: mlflow)",
        ),
        (
            trainer(**{"code/requirements.txt": "mlflow\n"}),
            "code/requirements.txt lists mlflow, and SourceCode(requirements=...) does not name it "
            "(ModuleNotFoundError: mlflow)",
        ),
        (
            {**trainer(", requirements='requirement.txt'"), "code/train.py": "print(1)\n"},
            "requirement.txt is no file in code (ValueError)",
        ),
    ],
)
def test_a_file_that_is_not_installed(tmp_path: Path, files: dict[str, str], detail: str) -> None:
    assert said(tmp_path, files, "TRN427", "TRN432") == [f"TRN432 {detail}"]


@pytest.mark.parametrize(
    "line",
    [
        "tensorboard==2.18.0t",
        "no such line",
        "numpy=1.26",
        "numpy==",
        "numpy>1.26<2",
        "numpy 1.26",
        "numpy==latest",
        "pandas=>2.0",
    ],
)
def test_a_line_that_pip_rejects(tmp_path: Path, line: str) -> None:
    found = findings(tmp_path, pair("print(1)\n", requirements=f"# Packages\ntorch\n{line}\n"), "TRN432")
    assert [(one.path, one.line) for one in found] == [("code/requirements.txt", 3)]
    assert repr(line) in found[0].message


@pytest.mark.parametrize(
    "line",
    [
        "numpy",
        "numpy>=9.0t",
        "numpy==1.26.4",
        "numpy ~= 1.26, != 1.26.1",
        "numpy==1.*",
        "numpy (>=1.26)",
        "numpy>=1.26rc1; sys_platform == 'linux'",
        "torch==2.1.0+cpu",
        "scikit_learn[alldeps]>=1.0",
        "package===any thing".replace(" ", ""),
        "a==1.0.post1.dev2",
        "a==2004d",
        "a @ https://example.com/a.whl",
        "git+https://example.com/a.git@main#egg=a",
        "./wheels/a-1.0.whl",
        "--extra-index-url https://example.com",
        "-r more.txt",
        "numpy==1.26.4 --hash=sha256:0123",
        "numpy \\\n  ==1.26",
        "${PACKAGE}",
        "# no line",
    ],
)
def test_lines_that_pip_accepts(tmp_path: Path, line: str) -> None:
    if line == "a==2004d":
        assert read_requirements(line.encode()).wrong  # no version of PEP 440
        return
    assert read_requirements(f"{line}\n".encode()).wrong == ()
    assert said(tmp_path, pair("print(1)\n", requirements=f"{line}\n"), "TRN432") == []


NOT_THERE = {
    "os": "PyPI has no os, which is a module of Python itself; remove the line",
    "json >= 1": "PyPI has no json, which is a module of Python itself; remove the line",
    "cv2": "PyPI has no cv2, did you mean opencv-python?",
    "PIL==9.1": "PyPI has no PIL, did you mean pillow?",
    "sklearn": "sklearn refuses to be installed, did you mean scikit-learn?",
    "pytorch": "pytorch refuses to be installed, did you mean torch?",
}


@pytest.mark.parametrize("line", NOT_THERE)
def test_names_that_no_index_has(tmp_path: Path, line: str) -> None:
    (found,) = findings(tmp_path, pair("print(1)\n", requirements=f"pandas\n{line}\n"), "TRN432")
    assert (found.path, found.line) == ("code/requirements.txt", 2)
    assert found.message.endswith(f": {NOT_THERE[line]}")


@pytest.mark.parametrize(
    "text",
    [
        "argparse",
        "dataclasses",
        "sklearn==0.0",
        "opencv-python",
        "os-client-config",
        "typing; python_version < '3'",
        "os; python_version < '3'",
        "--extra-index-url https://example.com\nos",
        "# os",
    ],
)
def test_names_that_pip_finds_or_need_not_find(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, pair("print(1)\n", requirements=f"{text}\n"), "TRN432") == []


def test_a_wrong_line_in_a_file_that_no_job_installs(tmp_path: Path) -> None:
    files = {
        **pair("print(1)\n"),
        "requirements.txt": "no such line\n",
        "code/dev/requirements.txt": "a b c\n",
    }
    assert said(tmp_path, files, "TRN432") == []


def test_two_launchers_of_one_folder_report_a_line_once(tmp_path: Path) -> None:
    files = {**pair("print(1)\n", requirements="numpy=1\n"), "again.py": launcher()}
    assert len(findings(tmp_path, files, "TRN432")) == 1


def versioned(name: str, version: str, script: str) -> dict[str, str]:
    """A launcher whose estimator names this version of its framework."""
    files = pair(script, name=name)
    return {
        **files,
        "launch.py": files["launch.py"].replace('framework_version="2.1"', f"framework_version={version}"),
    }


@pytest.mark.parametrize(
    ("files", "details"),
    [
        (
            versioned("PyTorch", "'2.10.0'", MLFLOW),
            ["TRN427 mlflow, which PyTorch images before 2.11 lack (ModuleNotFoundError)"],
        ),
        (versioned("PyTorch", "'2.11.0'", MLFLOW), []),
        (versioned("PyTorch", "VERSION", MLFLOW), []),
        (
            versioned("PyTorch", "'2.12'", "import lightning\n"),
            ["TRN427 lightning, which no PyTorch image has (ModuleNotFoundError)"],
        ),
        (
            versioned("TensorFlow", "'2.19'", "import torch\n"),
            ["TRN427 torch, which TensorFlow images before 2.20 lack (ModuleNotFoundError)"],
        ),
        (versioned("TensorFlow", "'2.21'", "import torch\n"), []),
        (trainer(image=IMAGE.replace("2.1.0", "2.12.1")), []),
    ],
)
def test_what_an_image_brings_from_a_version_on(
    tmp_path: Path, files: dict[str, str], details: list[str]
) -> None:
    assert said(tmp_path, files, "TRN427", "TRN432") == details
