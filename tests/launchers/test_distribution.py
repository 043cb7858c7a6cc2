"""TRN424 through the command: several instances for a script that each of them runs by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.rules.launcher_script.trn424_undistributed import InstancesApart

from flake8_training.finding import Severity
from flake8_training.rules.rule import Example
from tests.launchers.pairs import findings

FILES = InstancesApart.bad.files
SCRIPT = FILES["code/train.py"]
LAUNCHER = FILES["launch.py"]

DISTRIBUTED = {
    "by the estimator": {
        "launch.py": (
            "py_version=",
            'distribution={"torch_distributed": {"enabled": True}},\n    py_version=',
        )
    },
    "perhaps by the estimator": {"launch.py": ("py_version=", "distribution=how,\n    py_version=")},
    "by arguments that are not told": {"launch.py": ("py_version=", "**more,\n    py_version=")},
    "by an image of one's own": {"launch.py": ("py_version=", "image_uri=image,\n    py_version=")},
    "by a hyperparameter": {"launch.py": ('"epochs": 4', '"epochs": 4, "sagemaker_mpi_enabled": True')},
    "by a number that is not told": {"launch.py": ("instance_count=2", "instance_count=count")},
    "by the script": {
        "code/train.py": (
            "import torch\n",
            "import torch\nimport torch.distributed as dist\n\ndist.init_process_group('nccl')\n",
        )
    },
    "by a strategy": {
        "code/train.py": (
            "model = ",
            "import tensorflow as tf\n\nstrategy = tf.distribute.MultiWorkerMirroredStrategy()\nmodel = ",
        )
    },
    "by a setting of a library": {
        "code/train.py": ("model = ", "import lightgbm\n\nparameters = {'machines': 'a'}\nmodel = ")
    },
    "by a variable of the job": {
        "launch.py": ("py_version=", 'environment={"WORLD_SIZE": "2"},\n    py_version=')
    },
    "by a file with the hosts": {
        "code/train.py": (
            "model = ",
            'print(open("/opt/ml/input/config/resourceconfig.json").read())\nmodel = ',
        )
    },
    "by a socket": {
        "code/train.py": ("model = ", "import socket\n\nsocket.create_connection(('a', 1))\nmodel = ")
    },
    "by code that is not read": {"code/train.py": ("model = ", "exec(open('more.py').read())\nmodel = ")},
    "by hosts that the script asks for": {
        "code/train.py": ("model = ", 'print(os.environ["SM_HOSTS"])\nmodel = ')
    },
    "by a program that the script starts": {
        "code/train.py": ("model = ", 'os.system("python inner.py")\nmodel = ')
    },
    "by a library that is not known": {
        "code/train.py": ("import torch\n", "import torch\nimport trainers\n\ntrainers.start()\n")
    },
    "by a module beside the script": {
        "code/train.py": ("import torch\n", "import torch\nimport shared\n\nshared.world_size()\n")
    },
}


def test_each_instance_trains_by_itself(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, FILES, "TRN424")
    ((path, line, code),) = InstancesApart.bad.expected
    assert (Path(found.path).name, found.line, found.code) == (path, line, code)
    assert found.severity is Severity.WARNING
    assert found.message.endswith(": 2 instances, each of which trains by itself")
    assert [Path(other.path).name for other in found.related] == ["train.py"]


@pytest.mark.parametrize("name", DISTRIBUTED)
def test_distributed_or_not_told(name: str, tmp_path: Path) -> None:
    files = {
        **FILES,
        "code/shared.py": "import os\n\n\ndef world_size():\n    return os.environ['WORLD_SIZE']\n",
    }
    for path, (old, new) in DISTRIBUTED[name].items():
        assert old in files[path]
        files[path] = files[path].replace(old, new, 1)
    assert findings(tmp_path, files, "TRN424") == []


def test_a_module_beside_that_knows_of_no_others(tmp_path: Path) -> None:
    script = SCRIPT.replace("import torch\n", "import torch\nimport shared\n", 1)
    files = Example({"launch.py": LAUNCHER, "code/train.py": script, "code/shared.py": "SIZE = 8\n"}).files
    assert [f.code for f in findings(tmp_path, files, "TRN424")] == ["TRN424"]


UNRELATED = [
    "import torch.distributed as dist",
    "from sklearn.cluster import KMeans\n\nprint(KMeans)",
    "'''Distribution of the labels, by rank of the host.'''",
    "import trainers",
    "import tracker_of_costs",
    "import socket\n\nprint(socket.gethostname())",
    "print(os.environ['SM_CHANNEL_TRAIN'], os.environ['SM_NUM_GPUS'])",
    "def unused():\n    import horovod.torch as hvd\n    hvd.init()",
    "print(eval('1 + 1'))",
    "os.system('nvidia-smi')",
    "cluster = 3\nworld_size = 1\nprint(cluster, world_size)",
]


@pytest.mark.parametrize("code", UNRELATED)
def test_a_word_connects_no_instances(tmp_path: Path, code: str) -> None:
    script = SCRIPT.replace("model = ", f"{code}\nmodel = ", 1)
    files = Example({"launch.py": LAUNCHER, "code/train.py": script}).files
    assert [f.code for f in findings(tmp_path, files, "TRN424")] == ["TRN424"]


def test_a_name_of_a_hyperparameter_connects_no_instances(tmp_path: Path) -> None:
    files = {**FILES, "launch.py": LAUNCHER.replace('"epochs": 4', '"epochs": 4, "lora_rank": 8')}
    assert [f.code for f in findings(tmp_path, files, "TRN424")] == ["TRN424"]
