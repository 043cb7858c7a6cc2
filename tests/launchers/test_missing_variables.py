"""TRN428: the variables that the script requires, and those that the job sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import launcher, notebook, said

READ = "import os\nprint(os.environ['BUCKET'])\n"
DETAIL = "TRN428 BUCKET (reading it ends the job with a KeyError)"
IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310-ubuntu20.04-sagemaker"
TRAINER = """
from sagemaker.core.training.configs import Compute, SourceCode
from sagemaker.train import ModelTrainer

trainer = ModelTrainer(
    training_image="{image}",
    source_code=SourceCode(source_dir="code", entry_script="train.py"),
    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
    role="arn:aws:iam::123456789012:role/Training",
    environment={environment},
)
trainer.train()
"""


def pair(script: str = READ, more: str = "", name: str = "PyTorch", **files: str) -> dict[str, str]:
    """A launcher with these arguments, and its script."""
    return {"launch.py": launcher(name, more), "code/train.py": script, **files}


@pytest.mark.parametrize(
    ("files", "details"),
    [
        (pair(), [DETAIL]),
        (pair(more="environment={'OTHER': 'x'},", name="SKLearn"), [DETAIL]),
        (
            pair(more="environment={'BUCKETS': 'x'},", name="TensorFlow"),
            ["TRN428 BUCKET, did you mean BUCKETS? (reading it ends the job with a KeyError)"],
        ),
        (pair(more="distribution={'torch_distributed': {'enabled': True}},"), [DETAIL]),
        (pair(more="distribution={'smdistributed': {'dataparallel': {'enabled': True}}},"), [DETAIL]),
        (pair(more="distribution={'smdistributed': {'modelparallel': {'enabled': True}}},"), []),
        (pair(more="distribution=given,"), []),
        (pair("import os\n\ndef main():\n    print(os.environ['BUCKET'])\n\nmain()\n"), [DETAIL]),
        (pair("from os import environ\nBUCKET = environ['BUCKET']\nprint(BUCKET)\n"), [DETAIL]),
        (
            pair("import os\nos.environ['WANDB_API_KEY']\n"),
            ["TRN428 WANDB_API_KEY (reading it ends the job with a KeyError)"],
        ),
        (pair("import os\nprint(os.environ['BUCKET'])\nprint('BUCKET' in {'BUCKET': 1})\n"), [DETAIL]),
        ({"launch.py": TRAINER.format(image=IMAGE, environment={"A": "b"}), "code/train.py": READ}, [DETAIL]),
        (
            {"start.ipynb": notebook(launcher(more="environment={'A': 'b'},")), "code/train.py": READ},
            ["TRN428 cell 2 line 12: BUCKET (reading it ends the job with a KeyError)"],
        ),
    ],
)
def test_a_variable_that_the_job_does_not_set(
    tmp_path: Path, files: dict[str, str], details: list[str]
) -> None:
    assert said(tmp_path, files, "TRN428") == details


@pytest.mark.parametrize(
    "files",
    [
        pair(more="environment={'BUCKET': 'x'},"),
        pair(more="environment=settings,"),
        pair("import os\nprint(os.environ.get('BUCKET'))\n"),
        pair("import os\nprint(os.getenv('BUCKET', 'x'))\n"),
        pair("import os\nprint(os.environ['BUCKET'] if 'BUCKET' in os.environ else 1)\n"),
        pair("import os\nos.environ.setdefault('BUCKET', 'x')\nprint(os.environ['BUCKET'])\n"),
        pair("import os\ntry:\n    os.environ['BUCKET']\nexcept KeyError:\n    pass\n"),
        pair("import os\nif os.environ.get('SYNC'):\n    print(os.environ['BUCKET'])\n"),
        pair(
            "import os\ndef sync():\n    print(os.environ['BUCKET'])\nif __name__ == '__main__':\n    print(1)\n"
        ),
        pair(
            "import os\ndef main():\n    if not os.environ.get('SYNC'):\n        return\n"
            "    print(os.environ['BUCKET'])\nmain()\n"
        ),
        pair("from dotenv import load_dotenv\nload_dotenv()\n" + READ),
        pair("import os\nprint(os.environ['RANK'], os.environ['PATH'], os.environ['CUDA_HOME'])\n"),
        pair("import os\nprint(os.environ['TRAINING_JOB_NAME'], os.environ['AWS_REGION'])\n"),
        pair("import os\nprint(os.environ['SM_MODEL_DIR'], os.environ['HF_HOME'])\n"),
        pair(more=f"image_uri='{IMAGE.replace('pytorch-training', 'own')}',"),
        {"launch.py": TRAINER.format(image=IMAGE, environment={"BUCKET": "b"}), "code/train.py": READ},
        {"start.ipynb": notebook(launcher(more="environment={'BUCKET': 'b'},")), "code/train.py": READ},
    ],
)
def test_variables_that_are_set_or_may_be(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files, "TRN428") == []


@pytest.mark.parametrize(
    ("more", "number"),
    [
        ("training_steps=100,", 1),
        ("enviroment={'OWNER': 'us'},", 0),
        ("enviroment={'TEAM': 'us'},", 1),
        ("enviroment=OTHERS,", 1),
    ],
)
def test_an_argument_that_the_sdk_ignores(tmp_path: Path, more: str, number: int) -> None:
    files = {"launch.py": launcher(more=more), "code/train.py": "import os\nprint(os.environ['OWNER'])\n"}
    assert len(said(tmp_path, files, "TRN428")) == number


NEEDED = {
    "joined": ("print(os.path.join(os.getenv('PLACE'), 'x'))", "os.path.join"),
    "in a function": ("def main(place):\n    open(place)\nmain(os.environ.get('PLACE'))", "open"),
    "a default of None": ("open(os.environ.get('PLACE', None))", "open"),
    "a number": ("print(int(os.getenv('PLACE')))", "int"),
}
NOT_NEEDED = {
    "a default": "open(os.getenv('PLACE', '/tmp/x'))",
    "another default": "open(os.getenv('PLACE') or '/tmp/x')",
    "a test": "place = os.getenv('PLACE')\nif place:\n    open(place)",
    "a variable of the container": "print(os.path.join(os.getenv('HOME'), 'x'))",
    "read again with a default": "print(os.getenv('PLACE', '/tmp'))\nopen(os.getenv('PLACE'))",
    "set by the script": "os.environ['PLACE'] = '/tmp'\nopen(os.getenv('PLACE'))",
    "caught": "try:\n    open(os.getenv('PLACE'))\nexcept TypeError:\n    pass",
    "no failure": "print(os.getenv('PLACE'))",
}


@pytest.mark.parametrize("name", NEEDED)
def test_a_variable_that_is_none(name: str, tmp_path: Path) -> None:
    text, function = NEEDED[name]
    detail = f"TRN428 PLACE (without a default, and {function}(None) fails)"
    assert said(tmp_path, pair(f"import os\n{text}\n"), "TRN428") == [detail]
    assert said(tmp_path, pair(f"import os\n{text}\n", "environment={'PLACE': '/tmp/x'},"), "TRN428") == []


@pytest.mark.parametrize("name", NOT_NEEDED)
def test_a_variable_that_is_not_none_or_not_needed(name: str, tmp_path: Path) -> None:
    assert said(tmp_path, pair(f"import os\n{NOT_NEEDED[name]}\n"), "TRN428") == []
