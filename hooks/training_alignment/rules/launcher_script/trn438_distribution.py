"""TRN438: a distribution of the launcher that is not the one that the script uses.

Source: sagemaker-training 5.1.4 ``entry_point.py`` and ``mpi.py`` (``mpirun`` starts the script only if the launcher
asks for it; it exports each ``SM_`` variable of the first host to every process), sagemaker 2.257.7
``estimator.py: _distribution_configuration`` and sagemaker-train 1.27.0 ``distributed.py``. Whether Horovod's size is 1
without ``mpirun`` is documented only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.syntax.scopes import CallSite
from flake8_training.engine.values.values import OptionValue, Value, Variable
from flake8_training.finding import Severity
from flake8_training.launcher.located_expressions import Argument, Arguments
from flake8_training.launcher.sdk_objects import Estimator, SdkObject
from flake8_training.ledger import Reason, unknown_if
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.launcher.problem import is_left_out, is_set
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.instances import has_several_gpus
from flake8_training.script.certain_calls import is_certain
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule

_UNSET = "the launcher starts no distribution"

_LAUNCHER = """
    from sagemaker.pytorch import PyTorch

    estimator = PyTorch(
        entry_point="train.py",
        source_dir="code",
        role="arn:aws:iam::123456789012:role/Training",
        instance_type="ml.g5.12xlarge",
        instance_count=2,{mark}
        framework_version="1.12",
        py_version="py38",{distribution}
    )
    estimator.fit({{"train": "s3://bucket/train/"}})
"""
_SCRIPT = """
    import os

    import horovod.torch as hvd
    import torch

    hvd.init()
    model = torch.nn.Linear(2, 1)
    optimizer = hvd.DistributedOptimizer(torch.optim.SGD(model.parameters(), lr=0.1 * hvd.size()))
    for x, y in torch.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "batches.pt")):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
    if hvd.rank() == 0:
        torch.save(model.state_dict(), os.path.join(os.environ["SM_MODEL_DIR"], "model.pt"))
"""


class OtherDistribution(LaunchRule):
    """Reports a launcher that does not start the processes for which the script is written."""

    code = "TRN438"
    severity = Severity.ERROR
    summary = "the distribution does not fit the script"
    other_summaries = (_UNSET,)
    why = """
        Horovod and SageMaker's libraries need one process for each GPU, and only a `distribution` of the estimator
        starts them. Without it, each instance runs the script once: `hvd.size()` is 1, each instance trains by itself
        on one of its GPUs, and all of them are paid for. The job ends as if all were well.

        Under MPI, every process gets the variables of the first host. A script that compares `SM_CURRENT_HOST` takes
        each process for the first, and all of them write the model.
    """
    fix = """
        Pass the `distribution` that the script needs, such as `{"mpi": {"enabled": True}}` for Horovod. Under MPI, ask
        the library for the rank (`hvd.rank()`).
    """
    reported_when = (
        "the script always calls `init()` of Horovod or of a library in `smdistributed`, or constructs "
        "`MultiWorkerMirroredStrategy`; the job has several instances or GPUs; and the estimator has no "
        "`distribution`, or another one",
        "the estimator asks for MPI with several processes, and the script compares `SM_CURRENT_HOST` or searches the "
        "hosts for it",
    )
    not_reported_when = (
        Condition(
            "the call is in a branch, a loop or a `try`, or in a method",
            suppressed={"hvd.init()\n": "if torch.cuda.is_available():\n    hvd.init()\n"},
            reported={
                "hvd.init()\n": ('if torch.cuda.is_available():\n    print("hvd.init()")\nhvd.init()\n')
            },
        ),
        Condition(
            "the number of instances and the GPUs are unknown, or the job has one instance with one GPU",
            suppressed={
                "instance_count=2,  # TRN438": "instance_count=1,",
                "ml.g5.12xlarge": "ml.g5.xlarge",
            },
            reported={"ml.g5.12xlarge": "ml.g5.xlarge"},
        ),
        Condition(
            "the distribution is unknown or may be enabled elsewhere, or a hyperparameter begins with `sagemaker_`",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                '    py_version="py38",\n': (
                    '    py_version="py38",\n    distribution=options.DISTRIBUTION,\n'
                ),
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                "estimator = PyTorch(": "print(options.DISTRIBUTION)\nestimator = PyTorch(",
            },
        ),
        Condition(
            "the project's own command or an entry point that is no Python file starts the script",
            suppressed={
                'entry_point="train.py"': 'entry_point="train.sh"',
                "+ code/train.sh": "python train.py\n",
            },
            reported={"+ code/train.sh": "python train.py\n"},
        ),
        Condition(
            "the script sets `TF_CONFIG` (`MultiWorkerMirroredStrategy` only)",
            suppressed=Example(
                {
                    "launch.py": (
                        "from sagemaker.tensorflow import TensorFlow\n"
                        "\n"
                        "TensorFlow(\n"
                        '    entry_point="train.py",\n'
                        '    source_dir="code",\n'
                        '    role="arn:aws:iam::123456789012:role/Training",\n'
                        '    instance_type="ml.g5.xlarge",\n'
                        "    instance_count=2,\n"
                        '    framework_version="2.11",\n'
                        '    py_version="py39",\n'
                        "    model_dir=False,\n"
                        ').fit({"train": "s3://bucket/train/"})\n'
                    ),
                    "code/train.py": (
                        "import os\n"
                        "\n"
                        "import tensorflow as tf\n"
                        "\n"
                        'os.environ["TF_CONFIG"] = "{}"\n'
                        "strategy = tf.distribute.MultiWorkerMirroredStrategy()\n"
                        'print(strategy, os.environ["SM_CHANNEL_TRAIN"])\n'
                    ),
                },
                options=("--select=TRN438",),
            ),
            reported={
                "instance_count=2,": "instance_count=2,  # TRN438",
                'os.environ["TF_CONFIG"] = "{}"': 'print("TF_CONFIG")',
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
    documented_only = (
        "several instances with a distribution cannot be run here: the source is the toolkit's code and the libraries' "
        "documentation",
    )
    bad = Example(
        {"launch.py": _LAUNCHER.format(mark="  # TRN438", distribution=""), "code/train.py": _SCRIPT},
        options=("--select=TRN438",),
    )
    good = Example(
        {
            "launch.py": _LAUNCHER.format(
                mark="",
                distribution='\n        distribution={"mpi": {"enabled": True, "processes_per_host": 4}},',
            ),
            "code/train.py": _SCRIPT,
        },
        options=("--select=TRN438",),
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/distributed-training.html",)

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Yield the problem of a launch, at the argument that starts too little."""
        if launch.script is None or launch.alternatives or launch.started.by_command or not launch.jobs:
            return
        if launch.estimator.local is not None:
            return
        yield from _not_started(launch, launch.script.analysis)
        yield from _rank_of_first_host(launch, launch.script.analysis)


_NEEDED = {
    "horovod": ("mpi",),
    "smdistributed.dataparallel": ("smdistributed",),
    "smdistributed.modelparallel": ("smdistributed",),
    "tensorflow": ("multi_worker_mirrored_strategy", "parameter_server"),
}
"""The first names of a library, and the keys of ``distribution`` that start its processes."""
_STRATEGIES = frozenset(
    f"tensorflow.distribute.{name}"
    for name in ("MultiWorkerMirroredStrategy", "experimental.MultiWorkerMirroredStrategy")
)


def _not_started(launch: Launch, analysis: Analysis) -> Iterator[Problem]:
    found = next(iter(_libraries(analysis)), None)
    if found is None:
        return
    library, site = found
    several = _several(launch.estimator, only_instances=library == "tensorflow")
    if several is None:
        return
    estimator, shown = launch.estimator, ast.unparse(site.node.func).rpartition(".")[2]
    name = "distributed" if estimator.is_trainer else "distribution"
    if any(one.name.startswith("sagemaker_") for one in estimator.hyperparameters) or unknown_if(
        estimator.hyperparameters.open_ended, Reason.MAPPING, estimator.node, what="hyperparameters"
    ):
        return
    if not is_left_out(estimator, "container_entry_point"):
        return
    related = launch.in_script(site.node, f"{shown}() needs the processes that the launcher starts")
    needed = repr(_NEEDED[library][0])
    if is_left_out(estimator, name):
        yield Problem(launch.report_node(several.at), f"{shown}() needs {needed}", related, summary=_UNSET)
        return
    argument = is_set(estimator, name)
    if argument is None or estimator.is_trainer:
        return
    entries = estimator.launcher.reader.entries(argument.expression)
    is_open = entries.open_ended or not all(entry.certain for entry in entries)
    if unknown_if(is_open, Reason.MAPPING, argument.node, what=name) or not entries.entries:
        return
    started = {entry.name for entry in entries if not _is_off(estimator, entry)}
    if not started.intersection((*_NEEDED[library], "smdistributed", "mpi", "instance_groups")):
        detail = f"{shown}() needs {needed}, and {name} has {', '.join(entries.names)}"
        yield Problem(launch.report_node(argument.at), detail, related)


def _is_off(estimator: Estimator, entry: Argument) -> bool:
    enabled = estimator.launcher.reader.entries(entry.expression).only("enabled")
    return enabled is not None and enabled.certain and enabled.constant is False


def _libraries(analysis: Analysis) -> Iterator[tuple[str, CallSite]]:
    """Yield the distributed libraries that the program always starts, with the call."""
    for call in analysis.calls.all:
        for name in call.names:
            is_init = name.endswith(".init")
            library = next(
                (one for one in _NEEDED if name.startswith(f"{one}.") and (is_init or name in _STRATEGIES)),
                None,
            )
            if library is None or (library == "tensorflow") != (name in _STRATEGIES):
                continue
            if library == "tensorflow" and "TF_CONFIG" in _keys_set(analysis):
                continue
            if is_certain(analysis, call.site):
                yield library, call.site


def _keys_set(analysis: Analysis) -> frozenset[str]:
    """Return the constant keys that the program sets in any table, such as ``os.environ``."""
    keys = (store.key for module in analysis.program.modules.values() for store in module.subscript_stores)
    return frozenset(
        key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
    )


def _several(estimator: Estimator, *, only_instances: bool) -> Argument | None:
    """Return the argument that certainly asks for several instances or GPUs, or None."""
    holder: SdkObject | None = estimator.part("compute") if estimator.is_trainer else estimator
    if holder is None:
        return None
    count, kind = is_set(holder, "instance_count"), is_set(holder, "instance_type")
    if count is not None and type(count.constant) is int and count.constant > 1:
        return count
    if not only_instances and kind is not None and kind.text is not None and has_several_gpus(kind.text):
        return kind
    return None


_HOST = "SM_CURRENT_HOST"


def _rank_of_first_host(launch: Launch, analysis: Analysis) -> Iterator[Problem]:
    argument = is_set(launch.estimator, "distribution")
    if argument is None or launch.estimator.is_trainer:
        return
    reader = launch.estimator.launcher.reader
    mpi = reader.entries(argument.expression).only("mpi")
    settings = reader.entries(mpi.expression) if mpi is not None and mpi.certain else Arguments()
    enabled, processes = settings.only("enabled"), settings.only("processes_per_host")
    if enabled is None or enabled.constant is not True:
        return
    is_several = processes is not None and type(processes.constant) is int and processes.constant > 1
    if not is_several and _several(launch.estimator, only_instances=True) is None:
        return
    for node in _compared_hosts(analysis):
        related = launch.in_script(node, f"{_HOST} is the first host's in every process")
        detail = (
            f"under MPI {_HOST} is the first host's in every process, and the script takes its rank from it"
        )
        yield Problem(launch.report_node(argument.at), detail, related)
        return


def _compared_hosts(analysis: Analysis) -> Iterator[ast.AST]:
    """Yield the comparisons of the current host, and the searches for it in a list of hosts."""
    for node, scope in analysis.live_nodes:
        if isinstance(node, ast.Compare):
            operands: list[ast.expr] = [node.left, *node.comparators]
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "index"
        ):
            operands = list(node.args)
        else:
            continue
        for operand in operands:
            if any(_is_host(analysis, value) for value in analysis.evaluator.values(operand, scope)):
                yield node
                break


def _is_host(analysis: Analysis, value: Value) -> bool:
    if isinstance(value, OptionValue):
        option = value.option
        if option.default is None:
            return False
        return any(
            isinstance(one, Variable) and one.name == _HOST
            for one in analysis.evaluator.values(option.default, option.scope)
        )
    return isinstance(value, Variable) and value.name == _HOST
