"""TRN431 and TRN433: files that the job does not have, and shell scripts that drop the hyperparameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import findings, launcher, notebook, said

OPEN = "print(open('{path}').read())\n"
YAML = "import yaml\nwith open('{path}') as file:\n    print(yaml.safe_load(file))\n"
OPTION = (
    "import argparse\nparser = argparse.ArgumentParser()\n"
    "parser.add_argument('--config', default='../configs/train.yaml')\nargs = parser.parse_args()\n"
    "print(open(args.config).read())\n"
)
CONFIG = {"configs/train.yaml": "epochs: 3\n"}
TRAINER = """
from sagemaker.core.training.configs import Compute, SourceCode
from sagemaker.train import ModelTrainer

trainer = ModelTrainer(
    training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:1",
    source_code=SourceCode(source_dir="code", entry_script="train.py"),
    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
    role="arn:aws:iam::123456789012:role/Training",
)
trainer.train()
"""


def pair(script: str, more: str = "", **files: str) -> dict[str, str]:
    """A launcher with these arguments, its script and other files."""
    return {"launch.py": launcher(more=more), "code/train.py": script, **files}


def without_folder(script: str, **files: str) -> dict[str, str]:
    """A launcher that sends the entry point alone."""
    text = launcher().replace('    source_dir="code",\n', "").replace("train.py", "code/train.py")
    return {"launch.py": text, "code/train.py": script, **files}


FOLDER = "only the folder code is sent (FileNotFoundError)"


@pytest.mark.parametrize(
    ("files", "details"),
    [
        (pair(YAML.format(path="../configs/train.yaml"), **CONFIG), [f"../configs/train.yaml; {FOLDER}"]),
        (pair(OPEN.format(path="../data/rows.csv")), [f"../data/rows.csv; {FOLDER}"]),
        (pair(YAML.format(path="configs/train.yaml"), **CONFIG), [f"configs/train.yaml; {FOLDER}"]),
        (pair(OPTION, **CONFIG), [f"../configs/train.yaml; {FOLDER}"]),
        (
            pair("import pandas as pd\nprint(pd.read_csv('data/rows.csv'))\n", **{"data/rows.csv": "a\n"}),
            [f"data/rows.csv; {FOLDER}"],
        ),
        (
            pair(OPEN.format(path="/opt/ml/code/code/a.txt"), **{"code/a.txt": "x"}),
            [f"/opt/ml/code/code/a.txt; {FOLDER}"],
        ),
        (
            without_folder(YAML.format(path="settings.yaml"), **{"code/settings.yaml": "a: 1\n"}),
            ["settings.yaml; only the entry point is sent (FileNotFoundError)"],
        ),
        (
            {
                "launch.py": TRAINER,
                "code/train.py": OPEN.format(path="configs/train.yaml"),
                **CONFIG,
            },
            [f"configs/train.yaml; {FOLDER}"],
        ),
        (
            {
                "start.ipynb": notebook(launcher()),
                "code/train.py": OPEN.format(path="../configs/train.yaml"),
                **CONFIG,
            },
            [f"cell 2 line 6: ../configs/train.yaml; {FOLDER}"],
        ),
        (
            pair(
                "import os\nprint(os.path.exists('other.yaml'))\n" + OPEN.format(path="../configs/train.yaml")
            ),
            [f"../configs/train.yaml; {FOLDER}"],
        ),
    ],
)
def test_a_file_that_the_job_does_not_have(tmp_path: Path, files: dict[str, str], details: list[str]) -> None:
    assert said(tmp_path, files, "TRN431") == [f"TRN431 {one}" for one in details]


@pytest.mark.parametrize(
    "files",
    [
        pair(YAML.format(path="configs/train.yaml"), **{"code/configs/train.yaml": "a: 1\n"}, **CONFIG),
        pair(OPEN.format(path="../input/data/train/rows.csv")),
        pair(OPEN.format(path="/tmp/rows.csv")),
        pair(OPEN.format(path="rows.csv")),
        pair("open('rows.csv', 'w').write('a')\n" + OPEN.format(path="rows.csv"), **{"rows.csv": "a"}),
        pair(
            "import os\nos.makedirs('data')\n" + OPEN.format(path="data/rows.csv"), **{"data/rows.csv": "a"}
        ),
        pair(
            "import os\nos.chdir('/opt/ml/input')\n" + OPEN.format(path="data/rows.csv"),
            **{"data/rows.csv": "a"},
        ),
        pair(
            "import os\nif os.path.exists('../configs/train.yaml'):\n    "
            + OPEN.format(path="../configs/train.yaml"),
            **CONFIG,
        ),
        pair(
            "try:\n    " + OPEN.format(path="../configs/train.yaml") + "except OSError:\n    pass\n", **CONFIG
        ),
        pair(YAML.format(path="configs/train.yaml"), "dependencies=['configs'],", **CONFIG),
        pair(OPTION, "hyperparameters={'config': 'settings.yaml'},", **CONFIG),
        pair(OPTION, "hyperparameters=settings,", **CONFIG),
        pair("import os\nprint(open(os.environ['SETTINGS']).read())\n", **CONFIG),
        pair(
            "def local():\n    " + OPEN.format(path="../a.txt") + "if __name__ == '__main__':\n    print(1)\n"
        ),
    ],
)
def test_files_that_the_job_has_or_may_have(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files, "TRN431") == []


PROGRAM = (
    "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--epochs', type=int)\n"
    "print(parser.parse_args())\n"
)
GIVEN = "hyperparameters={'epochs': 3},"


def shell(script: str, more: str = GIVEN, program: str = PROGRAM, **files: str) -> dict[str, str]:
    """A launcher that starts a shell script, and the program that the script starts."""
    text = launcher(more=more).replace("train.py", "run.sh")
    return {"launch.py": text, "code/run.sh": script, "code/train.py": program, **files}


@pytest.mark.parametrize(
    "files",
    [
        shell("torchrun train.py --epochs 1\n"),
        shell("#!/bin/bash\nset -e\npython train.py\n"),
        shell('python train.py  # not "$@"\n'),
        shell("pip install -r requirements.txt\npython -m train\n"),
        shell("accelerate launch --num_processes 2 /opt/ml/code/train.py\n"),
        shell("python train.py\n", "hyperparameters=dict(epochs=3, lr=1),"),
        shell("python -m torch.distributed.run train.py\n"),
    ],
)
def test_a_shell_script_that_drops_the_hyperparameters(tmp_path: Path, files: dict[str, str]) -> None:
    found = said(tmp_path, files, "TRN433")
    assert [one[:55] for one in found] == [
        'TRN433 code/run.sh does not pass "$@" on; epochs' + found[0][48:55]
    ]


@pytest.mark.parametrize(
    "files",
    [
        shell('python train.py "$@"\n'),
        shell("python train.py $*\n"),
        shell("python train.py --epochs $2\n"),
        shell('while getopts "e:" o; do echo $OPTARG; done\npython train.py\n'),
        shell("python train.py --epochs $SM_HP_EPOCHS\n"),
        shell("python train.py\n", program="import os\nprint(os.environ['SM_HP_EPOCHS'])\n"),
        shell(
            "python train.py\n",
            program="import json\nprint(json.load(open('/opt/ml/input/config/hyperparameters.json')))\n",
        ),
        shell("python elsewhere.py\n"),
        shell("python train.py\n", ""),
        shell("python train.py\n", "hyperparameters=settings,"),
        shell("./other.sh\n", **{"code/other.sh": "python train.py\n"}),
    ],
)
def test_shell_scripts_that_pass_them_on_or_may(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files, "TRN433") == []


REPORT = "/opt/ml/processing/evaluation/report.json"
FOLDER = "import os\nos.makedirs('/opt/ml/processing/evaluation')\n"
WRITE = f"import json\nwith open('{REPORT}', 'w') as file:\n    json.dump({{}}, file)\n"
LOST = [f"TRN112 {REPORT} (lost when the job ends); use SM_OUTPUT_DATA_DIR"]
OF_PROCESSING = {
    "read": (
        OPEN.format(path=REPORT),
        [f"TRN431 {REPORT}; only a processing job has such a folder, read a channel (FileNotFoundError)"],
    ),
    "read if it is there": (f"import os\nif os.path.exists('{REPORT}'):\n    {OPEN.format(path=REPORT)}", []),
    "read, and a failure is handled": (
        f"try:\n    {OPEN.format(path=REPORT)}except OSError:\n    pass\n",
        [],
    ),
    "written": (FOLDER + WRITE, LOST),
    "written in one mode of two": (
        FOLDER + "if os.environ.get('MODE'):\n    open(REPORT, 'w')\n".replace("REPORT", repr(REPORT)),
        [],
    ),
    "written and read": (FOLDER + WRITE + OPEN.format(path=REPORT), LOST),
    "written and copied": (
        FOLDER + WRITE + f"import shutil\nshutil.copy('{REPORT}', os.environ['SM_MODEL_DIR'])\n",
        [],
    ),
    "another file is copied": (
        FOLDER + WRITE + "import shutil\nshutil.copy('/opt/ml/code/x', os.environ['SM_MODEL_DIR'])\n",
        LOST,
    ),
}


@pytest.mark.parametrize("name", OF_PROCESSING)
def test_the_folder_of_processing_jobs_in_a_training_job(name: str, tmp_path: Path) -> None:
    text, details = OF_PROCESSING[name]
    assert said(tmp_path, pair(text), "TRN112", "TRN431") == details


@pytest.mark.parametrize("text", [OPEN.format(path=REPORT), FOLDER + WRITE])
def test_an_image_of_its_own_or_a_processing_job_may_have_the_folder(text: str, tmp_path: Path) -> None:
    own = pair(text, more="image_uri='123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:1',")
    assert said(tmp_path, own, "TRN112", "TRN431") == []
    job = (
        "from sagemaker.sklearn.processing import SKLearnProcessor\n"
        "SKLearnProcessor('1.2-1', 'r', 'ml.m5.xlarge', 1).run(code='code/train.py')\n"
    )
    assert said(tmp_path, {"launch.py": job, "code/train.py": text}, "TRN112", "TRN431") == []


def test_a_file_of_a_processing_job_is_found_where_the_script_opens_it(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, pair(f"import os\n{OPEN.format(path=REPORT)}"), "TRN431")
    assert (found.path, found.line) == ("code/train.py", 2)
    assert [one.path for one in found.related] == ["launch.py"]


@pytest.mark.parametrize(("folder", "count"), [("other-repository", 0), ("jobs", 1), ("coode", 1)])
def test_a_namesake_in_a_folder_that_is_not_here_is_no_certain_script(
    folder: str, count: int, tmp_path: Path
) -> None:
    text = "import os\nprint(os.listdir(os.environ['SM_CHANNEL_TRAIN']))\nopen(os.environ['BUCKET'])\n"
    launching = launcher(inputs="{'test': 's3://b/t'}").replace('"code"', repr(folder))
    files = {"launch.py": launching, "code/train.py": text, "jobs/readme.md": "The jobs."}
    found = sorted(one[:6] for one in said(tmp_path, files, "TRN406", "TRN408", "TRN428"))
    assert found == ["TRN406", *["TRN408"] * count, *["TRN428"] * count]


def test_a_folder_that_the_launcher_computes_is_one_of_this_repository(tmp_path: Path) -> None:
    text = "import os\nopen(os.environ['BUCKET'])\n"
    launching = "from pathlib import Path\n" + launcher().replace(
        '"code"', 'str(Path(__file__).parent / "elsewhere")'
    )
    files = {"launch.py": launching, "code/train.py": text}
    assert sorted(one[:6] for one in said(tmp_path, files, "TRN406", "TRN428")) == ["TRN406", "TRN428"]
