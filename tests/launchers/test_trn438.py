"""TRN438: the processes that a launcher starts, and those for which its script is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.rules.launcher_script.trn438_distribution import OtherDistribution

from tests.launchers.pairs import notebook, said

FILES = OtherDistribution.bad.files
MPI = 'distribution={"mpi": {"enabled": True, "processes_per_host": 4}},'
TORCH = 'distribution={"torch_distributed": {"enabled": True}},'
RANK = """
import json
import os

import horovod.torch as hvd

hvd.init()
hosts = json.loads(os.environ["SM_HOSTS"])
is_first = %s
"""
ARGUMENT = """
import argparse
import os
parser = argparse.ArgumentParser()
parser.add_argument("--current-host", default=os.environ["SM_CURRENT_HOST"])
args = parser.parse_args()
if args.current_host == "algo-1":
    print("first")
"""
V3 = """
from sagemaker.core.training.configs import Compute, SourceCode
from sagemaker.train import ModelTrainer
from sagemaker.train.distributed import MPI

trainer = ModelTrainer(
    training_image="763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.8.0-gpu-py312",
    source_code=SourceCode(source_dir="code", entry_script="train.py"),
    compute=Compute(instance_type="ml.g5.12xlarge", instance_count=2),
    {more}
)
trainer.train()
"""
PLAIN = "import {0}\n{1}\n"


def launch(more: str = "", *, count: int = 2, kind: str = "ml.g5.12xlarge") -> str:
    """The text of the example's launcher with changes."""
    text = FILES["launch.py"].replace("instance_count=2,", f"instance_count={count},\n    {more}")
    return text.replace("ml.g5.12xlarge", kind)


WRONG = {
    "not started": (launch(), FILES["code/train.py"]),
    "several GPUs": (launch(count=1), FILES["code/train.py"]),
    "several instances with one GPU": (launch(kind="ml.g5.xlarge"), FILES["code/train.py"]),
    "started otherwise": (launch(TORCH), FILES["code/train.py"]),
    "switched off": (launch('distribution={"mpi": {"enabled": False}},'), FILES["code/train.py"]),
    "in a function": (
        launch(),
        "import horovod.tensorflow.keras as hvd\ndef main():\n    hvd.init()\nmain()\n",
    ),
    "in a guard": (launch(), "import horovod.keras as hvd\nif __name__ == '__main__':\n    hvd.init()\n"),
    "smdistributed": (
        launch(),
        PLAIN.format("smdistributed.dataparallel.torch.distributed as d", "d.init()"),
    ),
    "model parallelism": (
        launch(TORCH),
        PLAIN.format("smdistributed.modelparallel.torch as smp", "smp.init()"),
    ),
    "TensorFlow": (launch(), PLAIN.format("tensorflow as tf", "tf.distribute.MultiWorkerMirroredStrategy()")),
    "v3": (V3.format(more=""), FILES["code/train.py"]),
    "the first host's rank": (launch(MPI), RANK % "hosts.index(os.environ['SM_CURRENT_HOST']) == 0"),
    "the first host's name": (launch(MPI), RANK % "os.environ['SM_CURRENT_HOST'] == hosts[0]"),
    "the first host's name in an option": (launch(MPI), ARGUMENT),
    "one process on each of two hosts": (
        launch('distribution={"mpi": {"enabled": True}},'),
        RANK % "os.getenv('SM_CURRENT_HOST') == 'algo-1'",
    ),
}
RIGHT = {
    "started": (launch(MPI), FILES["code/train.py"]),
    "not known": (launch("distribution=read(),"), FILES["code/train.py"]),
    "from elsewhere": (launch("**read(),"), FILES["code/train.py"]),
    "by a hyperparameter": (
        launch('hyperparameters={"sagemaker_mpi_enabled": True},'),
        FILES["code/train.py"],
    ),
    "one instance with one GPU": (launch(count=1, kind="ml.g5.xlarge"), FILES["code/train.py"]),
    "a GPU instance of a size that is not known": (launch(count=1, kind="read()"), FILES["code/train.py"]),
    "in a branch": (
        launch(),
        "import horovod.torch as hvd\nimport sys\nif len(sys.argv) > 1:\n    hvd.init()\n",
    ),
    "in a try": (
        launch(),
        "import horovod.torch as hvd\ntry:\n    hvd.init()\nexcept ValueError:\n    pass\n",
    ),
    "never called": (launch(), "import horovod.torch as hvd\ndef main():\n    hvd.init()\n"),
    "another library's init": (launch(), PLAIN.format("wandb", "wandb.init()")),
    "an import only": (launch(), PLAIN.format("horovod.torch as hvd", "print(hvd.__version__)")),
    "smdistributed": (
        launch('distribution={"smdistributed": {"dataparallel": {"enabled": True}}},'),
        PLAIN.format("smdistributed.dataparallel.torch.distributed as d", "d.init()"),
    ),
    "TensorFlow": (
        launch('distribution={"multi_worker_mirrored_strategy": {"enabled": True}},'),
        PLAIN.format("tensorflow as tf", "tf.distribute.MultiWorkerMirroredStrategy()"),
    ),
    "TensorFlow configured by the script": (
        launch(),
        "import os\n"
        + PLAIN.format(
            "tensorflow as tf", "os.environ['TF_CONFIG'] = '{}'\ntf.distribute.MultiWorkerMirroredStrategy()"
        ),
    ),
    "TensorFlow on one instance": (
        launch(count=1),
        PLAIN.format("tensorflow as tf", "tf.distribute.MultiWorkerMirroredStrategy()"),
    ),
    "v3": (V3.format(more="distributed=MPI(process_count_per_node=4),"), FILES["code/train.py"]),
    "Horovod's rank": (launch(MPI), RANK % "hvd.rank() == 0"),
    "the host is printed": (launch(MPI), RANK % "print(os.environ['SM_CURRENT_HOST'])"),
    "another variable": (launch(MPI), RANK % "os.environ['SM_NUM_GPUS'] == '4'"),
    "one process": (
        launch('distribution={"mpi": {"enabled": True, "processes_per_host": 1}},', count=1),
        RANK % "os.environ['SM_CURRENT_HOST'] == hosts[0]",
    ),
    "without MPI": (
        launch(TORCH),
        RANK.replace("hvd.init()", "") % "os.environ['SM_CURRENT_HOST'] == hosts[0]",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(tmp_path: Path, name: str) -> None:
    text, script = WRONG[name]
    assert len(said(tmp_path, {"launch.py": text, "code/train.py": script}, "TRN438")) == 1


@pytest.mark.parametrize("name", RIGHT)
def test_right(tmp_path: Path, name: str) -> None:
    text, script = RIGHT[name]
    assert said(tmp_path, {"launch.py": text, "code/train.py": script}, "TRN438") == []


def test_in_a_notebook(tmp_path: Path) -> None:
    files = {"launch.ipynb": notebook(FILES["launch.py"]), "code/train.py": FILES["code/train.py"]}
    assert len(said(tmp_path, files, "TRN438")) == 1
