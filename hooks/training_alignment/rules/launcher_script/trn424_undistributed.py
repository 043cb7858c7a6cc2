"""TRN424: several instances for a training that nothing distributes.

It is said only where nothing of the script, of what it imports or of what it is given may bring the instances
together. Source: sagemaker-training 5.1.4 ``entry_point.py`` (without a distribution, every host runs the script
once), sagemaker 2.257.7 ``fw_utils.py`` (``distribution``), sagemaker-train 1.27.0 (``distributed``).
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.values.values import Constant
from flake8_training.finding import Severity
from flake8_training.launcher.located_expressions import Argument
from flake8_training.launcher.sdk_objects import Estimator, SdkObject
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Example
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


class InstancesApart(LaunchRule):
    """Reports several instances for a training that nothing distributes over them."""

    code = "TRN424"
    severity = Severity.WARNING
    summary = "several instances, but neither script nor estimator is distributed"
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
        "the estimator has an `image_uri` or a container entry point, is no framework estimator, or is the "
        "project's own subclass",
        "the script imports a library outside a list of those for one instance, or starts another program",
        "a name or string of the script, or a hyperparameter's or variable's name, contains a word such as "
        "`rank`, `hosts` or `distribut`",
        "a hyperparameter begins with `sagemaker_`, or the hyperparameters are not all known",
        "a command starts the script, a module cannot be read, or the script calls `eval` or `exec`",
        "the script does not show that it trains",
        "the launcher may start one of several scripts",
        NOT_IN_TESTS,
    )
    missed = (
        "a script that uses such a word otherwise, such as `sklearn.cluster` or a docstring with "
        '"distribution"',
    )
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
    "matplotlib seaborn PIL cv2 yaml boto3 botocore tqdm pyarrow statsmodels nltk gensim imblearn".split()
)

"""Libraries that do not connect instances without an explicit configuration. An import of any other library counts as
one that may distribute the training."""

_STARTING = frozenset({"subprocess", "socket", "pty", "runpy", "asyncio"})

_STARTERS = ("system", "popen", "execv", "execvp", "execl", "execlp", "spawnv", "posix_spawn")

"""Functions that start other programs."""

_TOGETHER = re.compile(
    r"distribut|hosts?\b|host_|_host|world_size|\brank\b|local_rank|resourceconfig|torchrun|mpirun|horovod|dask|"
    r"\bray\b|kvstore|rabit|collective|tracker|num_machines|machines|cluster|multi_?worker|mirrored|tf_config|"
    r"parameter_?server|deepspeed|accelerate|all_?reduce|data_?parallel|\bddp\b|nccl|gloo",
    re.IGNORECASE,
)

"""Words in the names and strings of a program that connects instances."""


def instances_apart(launch: Launch) -> Iterator[Problem]:
    """Yield the number of instances of an estimator that neither distributes nor starts what does."""
    estimator, script = launch.estimator, launch.script
    if script is None or launch.alternatives or not launch.jobs or not script.is_training_script:
        return
    found = _several(estimator)
    if found is None or _may_distribute(launch) or not _is_alone(script.analysis):
        return
    argument, count = found
    detail = f"{count} instances, each of which trains by itself"
    yield Problem(
        launch.report_node(argument.at), detail, launch.in_script(None, "nothing here is distributed")
    )


def _several(estimator: Estimator) -> tuple[Argument, int] | None:
    """Return the argument with the number of instances, and the number, if it is certainly above 1; else None."""
    compute: SdkObject | None = estimator.part("compute") if estimator.is_trainer else estimator
    argument = compute.get("instance_count") if compute is not None else None
    if argument is None or compute is None or "instance_count" in compute.overridden:
        return None
    values = argument.given.values
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
    # The toolkit or a library may read such a name, even if the script does not.
    names = [one.name for one in (*estimator.hyperparameters, *estimator.environment)]
    return estimator.hyperparameters.open_ended or any(
        name.startswith("sagemaker_") or _TOGETHER.search(name) for name in names
    )


def _is_alone(analysis: Analysis) -> bool:
    """Return whether nothing in a program may connect it to other instances."""
    program = analysis.program
    if program.unreadable:
        return False
    if analysis.is_dynamic or any(analysis.live_calls(*_STARTERS)):
        return False
    for dotted, _ in program.imports:
        top = dotted.partition(".")[0]
        local = not top or program.local(dotted) is not None
        if not local and top not in _ALONE and top not in sys.stdlib_module_names - _STARTING:
            return False
    trees = (module.tree for module in program.modules.values())
    return not any(_speaks_of_others(node) for tree in trees for node in ast.walk(tree))


def _speaks_of_others(node: ast.AST) -> bool:
    for name in ("id", "attr", "arg", "name", "module"):
        text = getattr(node, name, None)
        if isinstance(text, str) and _TOGETHER.search(text):
            return True
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _TOGETHER.search(node.value) is not None
    return False
