"""Jobs that name an image and no script: the script is the one that the repository's image starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.checking.run import check_repository
from training_alignment.launches import image_script
from training_alignment.launches.container import Container, read_container
from training_alignment.launches.launch import Launch
from training_alignment.launches.search import Search
from training_alignment.repository.repository import Repository

from tests.alignment import check
from tests.harness import write
from tests.launchers.pairs import options, said

LAUNCHER = """
from sagemaker.estimator import Estimator

estimator = Estimator(
    image_uri={image},
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    hyperparameters={{"epoch_s": 3}},
)
estimator.fit({{"train": "s3://churn/train/"}})
"""
OWN = '"123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn-trees:1"'
REQUEST = """
import boto3

boto3.client("sagemaker").create_training_job(
    TrainingJobName="churn",
    AlgorithmSpecification={{"TrainingInputMode": "File", "TrainingImage": {image}}},
    HyperParameters={{"epoch_s": "3"}},
)
"""
SCRIPT = options("'--epochs', type=int", more="print(os.listdir('/opt/ml/input/data/train'))\n")
TOOLKIT = "FROM python:3.11\nRUN pip install sagemaker-training\nCOPY {name} /opt/ml/code/\n"
PROGRAM = "ENV SAGEMAKER_PROGRAM main.py\n"
ENTRY = 'FROM python:3.11\nWORKDIR /app\nCOPY main.py .\nENTRYPOINT ["python", "main.py"]\n'
TRAIN = "#!/usr/bin/env python3\nprint(open('/opt/ml/input/config/hyperparameters.json').read())\n"


def launch(folder: Path, files: dict[str, str], image: str = OWN, text: str = LAUNCHER) -> Launch:
    """The only launch of a repository with these files."""
    write(folder, {"launch.py": text.format(image=image), **files})
    ((_, (found,)),) = Search(Repository.open(folder)).found()
    return found


@pytest.mark.parametrize("text", [LAUNCHER, REQUEST])
@pytest.mark.parametrize(
    "program", [PROGRAM, "ENV SAGEMAKER_PROGRAM='main.py'\n", "ENV SAGEMAKER_PROGRAM 'main.py'\n"]
)
def test_the_toolkit_starts_the_program_with_the_hyperparameters(
    tmp_path: Path, text: str, program: str
) -> None:
    files = {"image/Dockerfile": TOOLKIT.format(name="main.py") + program, "image/main.py": SCRIPT}
    found = launch(tmp_path, files, text=text)
    assert found.script_path == "image/main.py"
    assert not found.started.by_command
    assert found.alternatives
    assert said(tmp_path, {}, "TRN410") == [
        "TRN410 --epoch_s, did you mean --epochs? (argparse exits with code 2)"
    ]


def test_a_commit_of_the_script_checks_the_launcher_of_its_image(tmp_path: Path) -> None:
    files = {"image/Dockerfile": TOOLKIT.format(name="main.py") + PROGRAM, "image/main.py": SCRIPT}
    write(tmp_path, {"jobs/launch.py": LAUNCHER.format(image=OWN), "jobs/other.py": "x = 1\n", **files})
    for requested, codes in (("image/main.py", ["TRN410"]), ("jobs/other.py", [])):
        found = check("--select=TRN410", requested, folder=tmp_path)
        assert [code for _, _, code in found.places] == codes
    # Another script of the image's folder is not what the job starts.
    write(tmp_path, {"image/tool.py": SCRIPT})
    assert check("--select=TRN410", "image/tool.py", folder=tmp_path).places == []
    program = TOOLKIT.format(name="tool.py") + PROGRAM.replace("main.py", "tool.py")
    write(tmp_path, {"image/Dockerfile": program})
    for requested in ("image/tool.py", "image/Dockerfile"):
        assert len(check("--select=TRN410", requested, folder=tmp_path).places) == 1


def test_a_launcher_is_read_once_for_itself_and_for_its_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No folder on PATH has the program train, which fails the jobs that run the image.
    image = {"Dockerfile": "FROM python:3.11\nCOPY train /opt/program/train\n", "train": TRAIN}
    write(tmp_path, {"launch.py": LAUNCHER.format(image=OWN), **image})
    read: list[str] = []
    original = Search.read

    def counted(self: Search, path: str) -> object:
        read.append(path)
        return original(self, path)

    monkeypatch.setattr(Search, "read", counted)
    outcome = check_repository(tmp_path)
    assert [finding.path for finding in outcome.findings if finding.code == "TRN439"] == ["Dockerfile"]
    assert read == ["launch.py"]


def test_an_entry_point_gets_no_hyperparameters(tmp_path: Path) -> None:
    found = launch(tmp_path, {"image/Dockerfile": ENTRY, "image/main.py": SCRIPT})
    assert (found.script_path, found.started.by_command) == ("image/main.py", True)


def test_a_program_that_starts_a_model_server_is_no_training(tmp_path: Path) -> None:
    serving = f"from sagemaker_inference import model_server\n{SCRIPT}"
    found = launch(tmp_path, {"image/Dockerfile": ENTRY, "image/main.py": serving})
    assert found.script_path is None
    talking = f"import json  # not from sagemaker_inference import model_server\n{SCRIPT}"
    found = launch(tmp_path, {"image/Dockerfile": ENTRY, "image/main.py": talking})
    assert found.script_path == "image/main.py"


def test_the_program_train(tmp_path: Path) -> None:
    dockerfile = "FROM python:3.11\nENV PATH=/opt/program:$PATH\nCOPY program /opt/program\n"
    found = launch(tmp_path, {"image/Dockerfile": dockerfile, "image/program/train": TRAIN})
    assert found.script_path == "image/program/train"
    assert found.script is not None
    write(tmp_path, {"image/program/train": TRAIN.replace("#!/usr/bin/env python3", "#!/bin/sh")})
    ((_, (found,)),) = Search(Repository.open(tmp_path)).found()
    assert found.script_path == "image/program/train"
    assert found.script is None


def test_a_source_that_the_repository_lacks(tmp_path: Path) -> None:
    dockerfile = f"{TOOLKIT.format(name='main.py')}COPY vendored /opt/vendored\n{PROGRAM}"
    assert launch(tmp_path, {"Dockerfile": dockerfile, "main.py": SCRIPT}).script_path == "main.py"


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (OWN, "images/trees/main.py"),
        (OWN.replace("churn-trees", "churn-forest"), "images/forest/main.py"),
        (OWN.replace("churn-trees", "churn"), None),
        ("read_address()", None),
        ('"763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310"', None),
    ],
)
def test_of_several_images_the_one_whose_folder_has_the_name(
    tmp_path: Path, image: str, expected: str | None
) -> None:
    dockerfile = TOOLKIT.format(name="main.py") + PROGRAM
    files = {
        f"images/{name}/{path}": text
        for name in ("trees", "forest")
        for path, text in (("Dockerfile", dockerfile), ("main.py", SCRIPT))
    }
    assert launch(tmp_path, files, image).script_path == expected


@pytest.mark.parametrize(
    ("launcher", "expected"),
    [
        ("jobs/launch.py", "jobs/image/main.py"),
        ("jobs/image/launch.py", "jobs/image/main.py"),
        ("jobs/start/launch.py", "jobs/image/main.py"),
        ("fraud/start/launch.py", None),
    ],
)
def test_an_image_of_another_project(tmp_path: Path, launcher: str, expected: str | None) -> None:
    dockerfile = TOOLKIT.format(name="main.py") + PROGRAM
    image = OWN.replace("churn-trees", "churn")
    files = {"jobs/image/Dockerfile": dockerfile, "jobs/image/main.py": SCRIPT}
    write(tmp_path, {launcher: LAUNCHER.format(image=image), **files})
    ((_, (found,)),) = Search(Repository.open(tmp_path)).found()
    assert found.script_path == expected


def test_an_image_for_processing(tmp_path: Path) -> None:
    script = SCRIPT.replace("/opt/ml/input/data/train", "/opt/ml/processing/input")
    assert launch(tmp_path, {"Dockerfile": ENTRY, "main.py": script}).script_path is None


ON_PATH = "FROM python:3.11\nENV PATH=/opt/program:$PATH\nCOPY program /opt/program\nWORKDIR /opt\n"
ARGUMENTS = "FROM python:3.11\nRUN pip install sagemaker-training\nCOPY main.py start.sh /opt/ml/code/\n"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("main.py", "image/program/main.py"),
        ("/opt/program/main.py", "image/program/main.py"),
        ("program/main.py", "image/program/main.py"),
        ("./main.py", None),  # a name with a slash is looked for in WORKDIR alone
        ("other.py", None),
    ],
)
def test_the_program_of_an_entry_point_is_on_the_path(
    tmp_path: Path, entry: str, expected: str | None
) -> None:
    dockerfile = f'{ON_PATH}ENTRYPOINT ["{entry}"]\n'
    found = launch(tmp_path, {"image/Dockerfile": dockerfile, "image/program/main.py": SCRIPT})
    assert found.script_path == expected


def test_a_script_that_python_starts_is_in_the_working_directory(tmp_path: Path) -> None:
    dockerfile = f'{ON_PATH}ENTRYPOINT ["python", "main.py"]\n'
    assert (
        launch(tmp_path, {"image/Dockerfile": dockerfile, "image/program/main.py": SCRIPT}).script_path
        is None
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('if [ "$1" = train ]; then\n  exec python program/main.py\nelse\n  python serve.py\nfi', "main.py"),
        ("cd /tmp && torchrun --nproc_per_node 2 /opt/program/main.py", "main.py"),
        ("python program/main.py\npython program/second.py", None),
        ("python program/missing.py", None),
        ("echo /opt/ml/model", "start.sh"),
        ("echo main.py", None),
    ],
)
def test_a_shell_script_starts_the_script(tmp_path: Path, lines: str, expected: str | None) -> None:
    files = {
        "image/Dockerfile": f'{ON_PATH}ENTRYPOINT ["start.sh"]\n',
        "image/program/start.sh": f"#!/bin/bash\n{lines}\n",
        "image/program/main.py": SCRIPT,
        "image/program/second.py": SCRIPT,
    }
    found = launch(tmp_path, files)
    assert found.script_path == (f"image/program/{expected}" if expected else None)
    assert found.started.by_command or expected is None


@pytest.mark.parametrize("last", ['exec "$@"', "$@", '"$@"', 'echo "$@"'])
def test_a_shell_script_that_starts_its_arguments(tmp_path: Path, last: str) -> None:
    program = f'{PROGRAM}WORKDIR /opt/ml/code\nENTRYPOINT ["./start.sh"]\n'
    files = {"Dockerfile": ARGUMENTS + program, "main.py": SCRIPT, "start.sh": f"export A=1\n{last}\n"}
    found = launch(tmp_path, files)
    starts = not last.startswith("echo")
    assert found.script_path == ("main.py" if starts else None)
    assert not found.started.by_command


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        ('"churn-trees"', "main.py"),
        ('os.environ["ACCOUNT"] + ".dkr.ecr.eu-west-1.amazonaws.com/churn-trees"', "main.py"),
        ('"763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310"', None),
        ("None", None),
    ],
)
def test_the_image_at_the_default_of_an_option(tmp_path: Path, default: str, expected: str | None) -> None:
    more = f"""import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--image", default={default})
args = parser.parse_args()
"""
    files = {"Dockerfile": ENTRY, "main.py": SCRIPT}
    assert launch(tmp_path, files, "args.image", text=more + LAUNCHER).script_path == expected


def test_a_program_that_starts_the_arguments_that_it_does_not_get(tmp_path: Path) -> None:
    program = '#!/bin/sh\nexec "$@"\n'
    dockerfile = "FROM python:3.11\nENV PATH=/opt/program:$PATH\nCOPY train start.sh /opt/program/\n"
    files = {"train": program, "start.sh": program}
    assert launch(tmp_path, {"Dockerfile": dockerfile, **files}).script_path is None
    entry = f'{dockerfile}ENTRYPOINT ["start.sh"]\n'
    assert launch(tmp_path, {"Dockerfile": entry, **files}).script_path is None


def test_the_images_of_a_repository_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"image/Dockerfile": TOOLKIT.format(name="main.py") + PROGRAM, "image/main.py": SCRIPT}
    launchers = {f"launch_{number}.py": LAUNCHER.format(image=OWN) for number in range(3)}
    write(tmp_path, {**launchers, **files})
    read: list[str] = []

    def counted(repository: Repository, path: str) -> Container | None:
        read.append(path)
        return read_container(repository, path)

    monkeypatch.setattr(image_script, "read_container", counted)
    found = list(Search(Repository.open(tmp_path)).found())
    assert [launch.script_path for _, launches in found for launch in launches] == ["image/main.py"] * 3
    assert read == ["image/Dockerfile"]
