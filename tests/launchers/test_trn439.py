"""TRN439: images that cannot start a training."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.launchers.pairs import findings, notebook

LAUNCHER = """
from sagemaker.estimator import Estimator

estimator = Estimator(
    image_uri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn:1",
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    {more}
)
estimator.fit("s3://churn-data/train/")
"""
TRAINER = """
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, SourceCode

trainer = ModelTrainer(
    training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn:1",
    role="arn:aws:iam::123456789012:role/Training",
    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
    {more}
)
trainer.train()
"""
REQUEST = """
import boto3

boto3.client("sagemaker").create_training_job(
    TrainingJobName="churn",
    AlgorithmSpecification={{
        "TrainingInputMode": "File",
        "TrainingImage": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn:1",
        {more}
    }},
)
"""
PROGRAM = "#!/usr/bin/env python\nprint(open('/opt/ml/input/config/hyperparameters.json').read())\n"
PARSER = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--depth", type=int, default=6)
parser.add_argument("--model-dir", default="/opt/ml/model")
{line}
print(parser.{parse}())
"""
BASE = "FROM python:3.11-slim\nRUN pip install pandas\n"
COPIES = "COPY trees /opt/program\n"
ON_PATH = 'ENV PATH="/opt/program:${PATH}"\n'
RUNS = "RUN chmod +x /opt/program/train\n"
SCRIPT = 'entry_point="main.py", source_dir="trees",'
TOOLKIT = "FROM python:3.11\nRUN pip install sagemaker-training\nCOPY trees/main.py /opt/ml/code/main.py\n"


def project(dockerfile: str, program: str = PROGRAM, more: str = "", **others: str) -> dict[str, str]:
    """A launcher, a Dockerfile, and the folder that it copies."""
    files = {
        "launch.py": LAUNCHER.format(more=more),
        "Dockerfile": dockerfile,
        "trees/train": program,
        "trees/main.py": PARSER.format(line="", parse="parse_args"),
    }
    return files | others


def entry(command: str, line: str = "", parse: str = "parse_args", **others: str) -> dict[str, str]:
    """An image that starts ``main.py`` by its entry point."""
    main = PARSER.format(line=line, parse=parse)
    dockerfile = f"{BASE}WORKDIR /app\nCOPY --chmod=755 trees .\n{command}\n"
    return project(dockerfile) | {"trees/main.py": main} | others


PYTHON = 'ENTRYPOINT ["python", "/app/main.py"]'
ON_PATH_ENTRY = 'ENV PATH="/app:${PATH}"\nWORKDIR /\nENTRYPOINT ["main.py"]'
WRONG = {
    "an entry point on the path": (
        entry(ON_PATH_ENTRY),
        ("Dockerfile", 7, "main.py rejects SageMaker's argument 'train'"),
    ),
    "no toolkit": (
        project(BASE, more=SCRIPT) | {"trees/train": ""},
        ("Dockerfile", 1, "the image has no toolkit"),
    ),
    "no toolkit in the last stage": (
        project(
            "FROM python:3.11 AS build\nRUN pip install sagemaker-training\nFROM python:3.11\n", more=SCRIPT
        )
        | {"trees/train": ""},
        ("Dockerfile", 3, "the image has no toolkit"),
    ),
    "files in the code folder": (
        project(TOOLKIT, more='entry_point="fit.py", source_dir="code",') | {"code/fit.py": ""},
        ("Dockerfile", 3, "does not fetch fit.py"),
    ),
    "not on the path": (project(BASE + COPIES + RUNS), ("Dockerfile", 3, "no folder on PATH")),
    "another variable": (
        project(BASE + "ENV PROGRAM=/opt/program:$PATH\n" + COPIES),
        ("Dockerfile", 4, "it is copied to /opt/program"),
    ),
    "a folder of its own": (
        project(BASE + "WORKDIR /srv/fit\nCOPY trees/train ./\n"),
        ("Dockerfile", 4, "it is copied to /srv/fit"),
    ),
    "the last stage": (
        project("FROM python:3 AS build\n" + ON_PATH + "FROM python:3.11-slim\n" + COPIES),
        ("Dockerfile", 4, "no folder on PATH"),
    ),
    "no shebang line": (
        project(BASE + ON_PATH + COPIES + RUNS, "import os\nprint(os.listdir('/opt/ml/input/data'))\n"),
        ("trees/train", 1, "has no shebang line"),
    ),
    "CRLF": (
        project(BASE + ON_PATH + COPIES + RUNS, PROGRAM.replace("\n", "\r\n")),
        ("trees/train", 1, "'python\\r'"),
    ),
    "not executable": (
        project(BASE + ON_PATH + COPIES, **{"test.sh": "#!/bin/sh\n"}),
        ("Dockerfile", 4, "is not executable"),
    ),
    "CMD": (
        entry('CMD ["python", "main.py"]') | {"trees/train": ""},
        ("Dockerfile", 5, "SageMaker replaces CMD by train"),
    ),
    "a strict parser": (entry(PYTHON), ("Dockerfile", 5, "main.py rejects SageMaker's argument 'train'")),
    "a strict parser below the folder": (
        entry('ENTRYPOINT ["python3", "-u", "main.py"]'),
        ("Dockerfile", 5, "main.py rejects SageMaker's argument 'train'"),
    ),
    "a required option": (
        entry(PYTHON, "parser.add_argument('--data', required=True)", "parse_known_args"),
        ("Dockerfile", 5, "requires --data"),
    ),
    "a missing script": (
        entry('ENTRYPOINT ["python", "/app/mian.py"]'),
        ("Dockerfile", 5, "did you mean main.py?"),
    ),
    "a missing folder": (
        entry('ENTRYPOINT ["python", "/opt/main.py"]'),
        ("Dockerfile", 5, "it is copied to /app"),
    ),
    "an interpreter without a script": (
        entry('ENTRYPOINT ["python3"]') | {"trees/train": ""},
        ("Dockerfile", 5, "the image has no /app/train"),
    ),
    "a shell script with CRLF": (
        entry('ENTRYPOINT ["/app/run.sh"]', **{"trees/run.sh": "#!/bin/sh\r\npython main.py\r\n"}),
        ("trees/run.sh", 1, "'sh\\r'"),
    ),
    "a program of the toolkit": (
        project(TOOLKIT + "ENV SAGEMAKER_PROGRAM train.py\n"),
        ("Dockerfile", 4, "SAGEMAKER_PROGRAM is train.py"),
    ),
    "a program of the toolkit elsewhere": (
        project(TOOLKIT.replace("/opt/ml/code/", "/app/") + "ENV SAGEMAKER_PROGRAM=main.py\n"),
        ("Dockerfile", 4, "it is copied to /app"),
    ),
    "no program of the toolkit": (project(TOOLKIT) | {"trees/train": ""}, ("Dockerfile", 2, "neither")),
    "v3": (entry(PYTHON) | {"launch.py": TRAINER.format(more="")}, ("Dockerfile", 5, "rejects SageMaker")),
    "a request": (
        entry(PYTHON) | {"launch.py": REQUEST.format(more="")},
        ("Dockerfile", 5, "rejects SageMaker"),
    ),
    "a notebook": (
        {name: text for name, text in entry(PYTHON).items() if name != "launch.py"}
        | {"launch.ipynb": notebook(LAUNCHER.format(more=""))},
        ("Dockerfile", 5, "rejects SageMaker"),
    ),
}
RIGHT = {
    "an entry point on the path": entry(ON_PATH_ENTRY, parse="parse_known_args"),
    "a toolkit for the script": project(BASE + "RUN pip install sagemaker-training\n", more=SCRIPT)
    | {"trees/train": ""},
    "a toolkit by the requirements": project(
        BASE + "COPY requirements.txt /tmp/\nRUN pip install -r /tmp/requirements.txt\n",
        more=SCRIPT,
        **{"requirements.txt": "sagemaker-training==5.1.4\n", "trees/train": ""},
    ),
    "requirements that are not known": project(BASE + "RUN pip install -r /tmp/more.txt\n", more=SCRIPT)
    | {"trees/train": ""},
    "an image of one's own below": project("FROM churn/base:1\n", more=SCRIPT) | {"trees/train": ""},
    "the script in the code folder": project(TOOLKIT, more='entry_point="main.py", source_dir="trees",'),
    "another file by a command": project(
        TOOLKIT + "RUN curl -o /opt/ml/code/fit.py https://churn.example/fit.py\n",
        more='entry_point="fit.py", source_dir="code",',
    )
    | {"code/fit.py": ""},
    "on the path": project(BASE + ON_PATH + COPIES + RUNS),
    "in a folder of the path": project(BASE + "COPY --chmod=755 trees/train /usr/local/bin/train\n"),
    "a link": project(BASE + COPIES + "RUN ln -s /opt/program/train /usr/bin/train && chmod +x /opt/program/train\n"),
    "a mode for all": project(BASE + ON_PATH + COPIES + "RUN chmod -R 755 /opt\n"),
    "a script that builds the image": project(
        BASE + ON_PATH + COPIES, **{"build.sh": "chmod +x trees/train\ndocker build .\n"}
    ),
    "line ends that a command mends": project(
        BASE + ON_PATH + COPIES + RUNS + "RUN sed -i 's/\\r$//' /opt/program/*\n", PROGRAM.replace("\n", "\r\n")
    ),
    "another base": project("FROM shop/base:1\n" + COPIES),
    "a base that is an argument": project("ARG BASE\nFROM $BASE\n" + COPIES),
    "another stage": project(BASE + "COPY --from=build /out /\n" + COPIES),
    "a package of the project": project(BASE + COPIES + "RUN pip install ./trees\n"),
    "a script that installs": project(BASE + COPIES + "RUN ./install.sh\n"),
    "no program of SageMaker": project(BASE + COPIES, "#!/bin/sh\necho run\n") | {"trees/main.py": "print(1)\n"},
    "an option of the parser": entry(PYTHON, "parser.add_argument('command')"),
    "a lenient parser": entry(PYTHON, parse="parse_known_args"),
    "an interpreter with the program": entry('ENTRYPOINT ["python3"]'),
    "the image of a processing job": entry(PYTHON, "open('/opt/ml/processing/input')"),
    "another image of several": entry(PYTHON, **{"serve/Dockerfile": BASE}),
    "the shell form": entry("ENTRYPOINT python /app/main.py"),
    "a command of the job": entry(PYTHON) | {
        "launch.py": LAUNCHER.format(more="container_entry_point=['python', '/app/main.py'],")
    },
    "a command of the request": entry(PYTHON) | {
        "launch.py": REQUEST.format(more="'ContainerEntrypoint': ['python', '/app/main.py'],")
    },
    "source code of v3": entry(PYTHON) | {
        "launch.py": TRAINER.format(more="source_code=SourceCode(source_dir='trees', entry_script='main.py'),")
    },
    "an image of AWS": entry(PYTHON) | {
        "launch.py": LAUNCHER.format(more="").replace("123456789012.dkr", "763104351884.dkr")
    },
    "a program of the toolkit": project(TOOLKIT + "ENV SAGEMAKER_PROGRAM main.py\n"),
    "a script of the job": project(TOOLKIT, more="entry_point='main.py',") | {"trees/train": ""},
    "an argument after the script": entry('ENTRYPOINT ["python", "/app/main.py", "--mode"]'),
}  # fmt: skip


def committed(folder: Path, files: dict[str, str]) -> list[tuple[str, int, str]]:
    """What is found in a repository with these files, whose modes git records."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        # git records modes at all: some file is executable
        path.chmod(0o755 if name.endswith(".sh") else 0o644)
    subprocess.run(["git", "init", "--quiet", "."], cwd=folder, check=True)
    subprocess.run(["git", "add", "--all"], cwd=folder, check=True)
    return [(one.path, one.line, one.message) for one in findings(folder, {}, "TRN439")]


@pytest.mark.parametrize("name", WRONG)
def test_wrong(tmp_path: Path, name: str) -> None:
    files, (path, line, words) = WRONG[name]
    found = committed(tmp_path, {one: text for one, text in files.items() if text})
    assert [(one, number) for one, number, _ in found] == [(path, line)], found
    assert words in found[0][2]


@pytest.mark.parametrize("name", RIGHT)
def test_right(tmp_path: Path, name: str) -> None:
    assert committed(tmp_path, {one: text for one, text in RIGHT[name].items() if text}) == []


def test_a_mode_that_git_records(tmp_path: Path) -> None:
    files = project(BASE + ON_PATH + COPIES)
    # without one executable file the modes are lost, as on Windows
    assert committed(tmp_path, files) == []
    assert len(committed(tmp_path, {"test.sh": "#!/bin/sh\n"})) == 1
    (tmp_path / "trees/train").chmod(0o755)
    assert committed(tmp_path, {}) == []


def test_without_a_job_it_is_a_warning(tmp_path: Path) -> None:
    files = project(BASE + COPIES + RUNS)
    (found,) = findings(
        tmp_path, {name: text for name, text in files.items() if name != "launch.py"}, "TRN439"
    )
    assert found.severity == "warning"
    (found,) = findings(tmp_path, files, "TRN439")
    assert found.severity == "error"


@pytest.mark.parametrize(("file", "count"), [("Dockerfile", 1), ("trees/train", 1), ("launch.py", 1)])
def test_a_commit_of_one_file(tmp_path: Path, file: str, count: int) -> None:
    assert len(findings(tmp_path, project(BASE + COPIES + RUNS), "TRN439", check_only=file)) == count


def test_hostile_dockerfiles(tmp_path: Path) -> None:
    """No Dockerfile ends the check, and none costs more than its length."""
    for text in (
        "",
        "FROM",
        "FROM a AS a\n",
        "FROM b AS a\nFROM a AS b\nFROM b\n",
        "FROM x\nRUN <<EOF\n",
        "\\\n" * 9,
    ):
        assert findings(tmp_path, project(text), "TRN439") == [], text
    long = "FROM python\n" + "RUN echo ${A:-${B:-c}} \\\n" * 4_000 + 'COPY ["a\n'
    assert findings(tmp_path, project(long), "TRN439") == []


@pytest.mark.parametrize(("more", "expected"), [(ON_PATH + RUNS, 0), (RUNS, 2)])
def test_a_dockerfile_for_another_purpose(tmp_path: Path, more: str, expected: int) -> None:
    """Beside an image that starts the program, one for development is none that should."""
    files = {
        "Dockerfile": BASE + more + COPIES,
        "Dockerfile.dev": BASE + "COPY trees /app/trees\nCMD python /app/trees/serve.py\n",
        "trees/train": PROGRAM,
    }
    assert len(findings(tmp_path, files, "TRN439")) == expected


OF_VARIABLES = """
import os

import boto3
from sagemaker.estimator import Estimator

repository = os.environ.get("ECR_REPO", "churn")
account = boto3.client("sts").get_caller_identity()["Account"]
Estimator(
    image_uri=f"{account}.dkr.ecr.eu-west-1.amazonaws.com/{repository}:1",
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    environment=ENVIRONMENT,
).fit("s3://churn-data/train/")
"""


@pytest.mark.parametrize(
    ("environment", "reports"),
    [
        ({"SAGEMAKER_PROGRAM": "train.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/app/code"}, False),
        ({"OTHER": "train.py"}, True),
    ],
)
def test_an_image_of_variables_with_defaults_is_of_the_job(
    environment: dict[str, str], reports: bool, tmp_path: Path
) -> None:
    files = {
        "launch.py": OF_VARIABLES.replace("ENVIRONMENT", repr(environment)),
        "Dockerfile": f"{BASE}RUN pip install sagemaker-training\nWORKDIR /app\nCOPY code /app/code\n"
        "ENV SAGEMAKER_PROGRAM=code/train.py\n",
        "code/train.py": PARSER.format(line="", parse="parse_args"),
    }
    assert bool(findings(tmp_path, files, "TRN439")) is reports
