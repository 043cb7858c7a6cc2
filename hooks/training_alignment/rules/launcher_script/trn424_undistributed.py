"""TRN424: several instances for a training that nothing distributes.

It is said only where nothing of the script, of what it imports or of what it receives may bring the instances
together. Source: sagemaker-training 5.1.4 ``entry_point.py`` (without a distribution, every host runs the script
once), sagemaker 2.257.7 ``fw_utils.py`` (``distribution``), sagemaker-train 1.27.0 (``distributed``).
"""

from __future__ import annotations

import ast
import posixpath
import sys
from collections.abc import Iterable, Iterator
from textwrap import dedent

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.flow.calls import Call
from flake8_training.engine.values.values import Constant
from flake8_training.finding import Severity
from flake8_training.launcher.located_expressions import Argument
from flake8_training.launcher.sdk_objects import Estimator, SdkObject
from flake8_training.pattern import pattern
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.paths import HYPERPARAMETERS_FILE
from flake8_training.script.accesses import accesses
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule

_LAUNCHER = """
    from sagemaker.pytorch import PyTorch

    estimator = PyTorch(
        entry_point="train.py",
        source_dir="code",
        role="arn:aws:iam::123456789012:role/Training",
        instance_type="ml.g5.xlarge",
        instance_count={count}
        framework_version="2.1",
        py_version="py310",
        hyperparameters={{"epochs": 4}},
    )
    estimator.fit({{"train": "s3://bucket/train/"}})
"""

_SCRIPT = """
    import argparse
    import os

    import torch

    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int)
    arguments = parser.parse_args()
    model = torch.nn.Linear(8, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    rows = torch.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "rows.pt"))
    for _ in range(arguments.epochs):
        optimizer.zero_grad()
        model(rows[:, :8]).square().mean().backward()
        optimizer.step()
    torch.save(model.state_dict(), os.path.join(os.environ["SM_MODEL_DIR"], "model.pt"))
"""


def _apart(code: str, mark: str = "") -> Example:
    """Return a training on two instances, with other code before the script's model."""
    launcher = _LAUNCHER.format(count=f"2,{mark}")
    script = dedent(_SCRIPT).replace("model = ", f"{code}\nmodel = ", 1)
    return Example({"launch.py": launcher, "code/train.py": script}, options=("--select=TRN424",))


class InstancesApart(LaunchRule):
    """Reports several instances for a training that nothing distributes over them."""

    code = "TRN424"
    severity = Severity.WARNING
    summary = "several instances train apart"
    why = """
        Without a distribution, every instance runs the script once and trains its own model, without knowing of the
        others. All instances cost money, and only one of the models is kept.
    """
    fix = """
        Set `instance_count=1`, or pass a `distribution` (SDK v3: `distributed`) that the script supports.
    """
    reported_when = (
        "`instance_count` is a constant above 1, the estimator has no `distribution`, and the script and "
        "its modules use one instance only",
    )
    not_reported_when = (
        Condition(
            "the estimator has an `image_uri` or a container entry point, is no framework estimator, or is the "
            "project's own subclass",
            suppressed={
                '    framework_version="2.1",\n': (
                    '    image_uri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/ours:1",\n'
                ),
                '    py_version="py310",\n': "",
            },
            reported={
                '    py_version="py310",\n': (
                    '    py_version="py310",\n    tags=[{"Key": "image_uri", "Value": "ours"}],\n'
                )
            },
        ),
        Condition(
            "the script calls a library outside a list of those for one instance, or derives a class from it",
            suppressed={
                "import torch\n": "import ray\nimport torch\n",
                "model = ": "ray.init()\nmodel = ",
            },
            reported={
                "import torch\n": "import tqdm\nimport torch\n",
                "in range(arguments.epochs)": "in tqdm.tqdm(range(arguments.epochs))",
            },
        ),
        Condition(
            "the script calls `torch.distributed`, `tf.distribute`, `xgboost.collective` or the like, opens a socket, "
            "or starts another program",
            suppressed=_apart("import torch.distributed as dist\n\ndist.init_process_group('nccl')"),
            reported=_apart("import torch.distributed as dist", "  # TRN424"),
        ),
        Condition(
            "the script reads a variable such as `SM_HOSTS`, `WORLD_SIZE` or `TF_CONFIG`, one whose name is unknown, "
            "or a file of `/opt/ml/input/config` other than the hyperparameters",
            suppressed=_apart("print(os.environ['WORLD_SIZE'])"),
            reported=_apart("world_size = 1\nprint(world_size)", "  # TRN424"),
        ),
        Condition(
            "a call gets an argument such as `machines` or `tree_learner`",
            suppressed=_apart("parameters = {'machines': 'a,b'}\nprint(parameters)"),
            reported=_apart("machines = 'a,b'\nprint(machines)", "  # TRN424"),
        ),
        Condition(
            "a hyperparameter begins with `sagemaker_`, a variable of the job is one of those above, or the "
            "hyperparameters are not all known",
            suppressed={'{"epochs": 4}': '{"epochs": 4, "sagemaker_mpi_enabled": "true"}'},
            reported={'{"epochs": 4}': '{"epochs": 4, "mpi": "sagemaker_mpi_enabled"}'},
        ),
        Condition(
            "a command starts the script, a module cannot be read, or the script calls `eval` or `exec`",
            suppressed={"model = ": 'exec(open("more.py").read())\nmodel = '},
            reported={"model = ": 'print("exec(more)")\nmodel = '},
        ),
        Condition(
            "the script does not show that it trains",
            suppressed={
                (
                    "    optimizer.zero_grad()\n"
                    "    model(rows[:, :8]).square().mean().backward()\n"
                    "    optimizer.step()\n"
                ): "    print(model(rows[:, :8]).square().mean())\n"
            },
            reported={
                "    optimizer.step()\n": (
                    "    optimizer.step()\n    print(model(rows[:, :8]).square().mean())\n"
                )
            },
        ),
        Condition(
            "the launcher may start one of several scripts",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import sys\n\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                'entry_point="train.py"': 'entry_point="train.py" if sys.argv[1:] else "other.py"',
                "+ code/other.py": 'print("other")\n',
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import sys\n\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                "estimator = PyTorch(": (
                    'print("train.py" if sys.argv[1:] else "other.py")\nestimator = PyTorch('
                ),
                "+ code/other.py": 'print("other")\n',
            },
        ),
        NOT_IN_TESTS,
    )
    missed = ("a script that only logs the names of the hosts",)
    bad = Example(
        {"launch.py": _LAUNCHER.format(count="2,  # TRN424"), "code/train.py": _SCRIPT},
        options=("--select=TRN424",),
    )
    good = Example(
        {"launch.py": _LAUNCHER.format(count="1,"), "code/train.py": _SCRIPT}, options=("--select=TRN424",)
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the argument that asks for several instances."""
        return instances_apart(launch)


_ALONE = frozenset(
    "numpy pandas scipy sklearn joblib xgboost lightgbm catboost torch torchvision torchaudio tensorflow keras "
    "matplotlib seaborn PIL cv2 yaml boto3 botocore tqdm pyarrow statsmodels nltk gensim imblearn skimage requests "
    "psutil click rich loguru dotenv tensorboard tensorboardX torchmetrics timm albumentations plotly shap s3fs fsspec "
    "omegaconf sentencepiece tokenizers onnx onnxruntime skl2onnx wandb mlflow awswrangler pydantic".split()
)

"""Libraries that do not connect instances without an explicit configuration. A call of any other library may distribute
the training."""

_CONNECTING = pattern(
    r"\.(?:distributed|distribute|distribution|parallel|data_parallel|rabit|collective|tracker|dask|spark|ray|"
    r"elastic|rpc)\."
    r"|^(?:socket\.(?:socket|create_connection|create_server)|asyncio\.(?:open_connection|start_server)"
    r"|multiprocessing\.(?:managers|connection)|xmlrpc\.|http\.server|socketserver\.)"
)

"""Canonical names of calls that connect instances."""

_SETTINGS = frozenset(
    {"machines", "num_machines", "machine_list_file", "machine_list_filename", "tree_learner", "kvstore"}
)

"""Arguments of libraries in ``_ALONE`` that connect instances."""

_VARIABLES = pattern(
    r"SM_(?:HOSTS|CURRENT_HOST|TRAINING_ENV|RESOURCE_CONFIG|MASTER_\w+|CURRENT_INSTANCE_\w+|INSTANCE_GROUPS\w*|"
    r"DISTRIBUTION\w*|NETWORK_INTERFACE_NAME)|WORLD_SIZE|(?:NODE|LOCAL|GROUP)_RANK|"
    r"LOCAL_WORLD_SIZE|RANK|MASTER_\w+|TF_CONFIG|NCCL_\w+|"
    r"(?:OMPI|PET|HOROVOD|DMLC|ACCELERATE|RAY|DASK|KUBERNETES|SLURM)_\w+|SMDATAPARALLEL\w*|S?M?_?\*"
)

"""Variables through which instances know of each other, and names of which only a beginning is known."""


def instances_apart(launch: Launch) -> Iterator[Problem]:
    """Yield the number of instances of an estimator that neither distributes nor starts what does."""
    estimator, script = launch.estimator, launch.script
    if script is None or launch.alternatives or not launch.jobs or not script.is_training_script:
        return
    found = _several(estimator)
    if found is None or _may_distribute(launch) or not _is_alone(script.analysis):
        return
    argument, count = found
    detail = (
        f"each of the {count} instances trains its own model (neither script nor launcher distributes it)"
    )
    yield Problem(
        launch.report_node(argument.at), detail, launch.in_script(None, "nothing here is distributed")
    )


def _several(estimator: Estimator) -> tuple[Argument, int] | None:
    """Return the argument with the number of instances, and the number, if it is certainly above 1; else None."""
    compute: SdkObject | None = estimator.part("compute") if estimator.is_trainer else estimator
    argument = compute.get("instance_count") if compute is not None else None
    if argument is None or compute is None or "instance_count" in compute.overridden:
        return None
    values = argument.expression.values
    if len(values) != 1 or not isinstance(values[0], Constant):
        return None
    count = values[0].value
    return (argument, count) if type(count) is int and count > 1 else None


def _may_distribute(launch: Launch) -> bool:
    """Return whether the launcher may start the script other than once on every instance."""
    estimator = launch.estimator
    if launch.started.by_command or estimator.local is not None:
        return True
    if not estimator.lacks(
        "distribution", "distributed", "image_uri", "training_image", "container_entry_point"
    ):
        return True
    if not (estimator.is_framework or estimator.is_trainer):
        return True
    if any(_VARIABLES.fullmatch(one.name) for one in estimator.environment):
        return True
    # The toolkit reads such a name, even if the script does not.
    return estimator.hyperparameters.open_ended or any(
        one.name.startswith("sagemaker_") for one in estimator.hyperparameters
    )


def _is_alone(analysis: Analysis) -> bool:
    """Return whether nothing in a program may connect it to other instances."""
    if analysis.program.unreadable or analysis.hands_over:
        return False
    if any(_VARIABLES.fullmatch(read.name) or not read.name for read in analysis.environment.reads):
        return False
    if any(_reads_configuration(access.place.path) for access in accesses(analysis)):
        return False
    if any(node.value in _SETTINGS for node in analysis.live_strings):
        return False
    return not any(_may_connect(call) for call in analysis.calls.all) and not any(
        _is_foreign(name)
        for scope in analysis.live_scopes
        if isinstance(scope.node, ast.ClassDef)
        for name in analysis.evaluator.ancestry(scope)[1]
    )


def _reads_configuration(path: str) -> bool:
    """Return whether a path is that of a file that may name the other hosts."""
    return path.startswith(posixpath.dirname(HYPERPARAMETERS_FILE)) and path != HYPERPARAMETERS_FILE


def _may_connect(call: Call) -> bool:
    if any(_is_foreign(name) or _CONNECTING.search(name) for name in call.names):
        return True
    if any(keyword.arg in _SETTINGS for keyword in call.node.keywords):
        return True
    if "builtins.eval" in call.names or "builtins.exec" in call.names:
        return not (call.node.args and isinstance(call.node.args[0], ast.Constant))
    return False


def _is_foreign(name: str) -> bool:
    """Return whether a canonical name is that of a library that may distribute the training."""
    top = name.partition(".")[0].removesuffix("()")
    return top not in ("?", "builtins", "open") and top not in _ALONE and top not in sys.stdlib_module_names
