"""TRN425: values that SDK v3 cannot pass into the container.

Its driver writes channels and hyperparameters into a shell file, which is sourced before the script runs. The variables
are named after them, and the values are in single quotes. The driver passes hyperparameters as options to an entry
script only, never to a command. Source: sagemaker-train 1.27.0 (``model_trainer.py``,
``container_drivers/scripts/environment.py``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.literals import Untold, plain
from flake8_training.launcher.sdk_objects import Channel, Estimator, LauncherInterface, SdkObject
from flake8_training.pattern import pattern
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem, at_argument, at_value, current, is_left_out
from flake8_training.rules.rule import Condition, Example
from flake8_training.source_file import files_below, is_file, is_folder
from flake8_training.spelling import did_you_mean

if TYPE_CHECKING:
    from flake8_training.source_file import Root

_LOST = "the hyperparameters never reach the script"
_NO_SCRIPT = "the entry script cannot be started"
_CHANNEL = "the channel name is not possible"


def _by_command(source_dir: str, marker: str = "") -> Example:
    """Return a trainer whose command passes no hyperparameter to the script of a folder."""
    return Example(
        {
            "launch.py": f"""
                from sagemaker.core.training.configs import Compute, SourceCode
                from sagemaker.train import ModelTrainer

                trainer = ModelTrainer(
                    training_image="763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.8.0-cpu-py312",
                    source_code=SourceCode(source_dir="{source_dir}", command="python train.py"),
                    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
                    hyperparameters={{"epochs": 3}},{marker}
                )
                trainer.train()
            """,
            "src/train.py": "print()\n",
        }
    )


class UnpassableToContainer(LauncherRule):
    """Reports channels, hyperparameters and scripts of a ``ModelTrainer`` that its driver cannot pass on."""

    code = "TRN425"
    severity = Severity.ERROR
    summary = "the start script of SDK v3 cannot pass the value"
    other_summaries = (_LOST, _NO_SCRIPT, _CHANNEL)
    why = """
        `ModelTrainer` starts the script through its own driver. The driver writes every channel and hyperparameter into
        a shell file, as `export SM_CHANNEL_TRAIN='...'`. A channel `train-data` yields no name of a variable, and a
        single quote in a value ends the string. Either way the job ends before the script starts. The trainer itself
        uses the channels `code` and `sm_drivers`.

        Hyperparameters become options of an `entry_script`, but not of a `SourceCode(command=...)`. There the script
        has to read `SM_HPS`, or the command has to name the options.
    """
    fix = """
        Rename the channel or hyperparameter, avoid the quote, or read `SM_HPS` in the script.
    """
    reported_when = (
        "the name of a channel is no name of a shell variable, or is `code` or `sm_drivers`",
        "the name of a hyperparameter, with `_` for `-`, is no name of a shell variable",
        "the value of a hyperparameter contains a single quote",
        "`entry_script` ends with neither `.py` nor `.sh`",
        "`command` passes no hyperparameter, its script is in the repository, and no file of `source_dir` "
        "names `SM_HPS` or another source of them",
    )
    not_reported_when = (
        Condition(
            "the trainer has no `source_code`, because then no driver runs",
            suppressed={
                '    source_code=SourceCode(source_dir="src", entry_script="train.py"),\n': "",
                '"train-data",  # TRN425': '"train",',
                '"customer\'s choice"},  # TRN425': '"customer\'s choice"},',
            },
            reported={
                '    source_code=SourceCode(source_dir="src", entry_script="train.py"),\n': (
                    '    source_code=SourceCode(entry_script="train.py"),\n'
                )
            },
        ),
        Condition(
            "the name or value is unknown",
            suppressed={
                "from sagemaker.core": "import options\nfrom sagemaker.core",
                '"customer\'s choice"},  # TRN425': "options.LABEL},",
                '"train-data",  # TRN425': "options.CHANNEL,",
            },
            reported={
                "from sagemaker.core": "import options\nfrom sagemaker.core",
                "trainer = ": "print(options.LABEL)\ntrainer = ",
            },
        ),
        Condition(
            "`source_dir` is an S3 location, is outside the project, or has more than 400 files (lost "
            "hyperparameters only)",
            suppressed=_by_command("s3://churn-code/src"),
            reported=_by_command("src", "  # TRN425"),
        ),
        NOT_IN_TESTS,
    )
    bad = Example(
        {
            "launch.py": """
                from sagemaker.core.training.configs import Compute, InputData, SourceCode
                from sagemaker.train import ModelTrainer

                trainer = ModelTrainer(
                    training_image="763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.8.0-cpu-py312",
                    source_code=SourceCode(source_dir="src", entry_script="train.py"),
                    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
                    hyperparameters={"epochs": 3, "label": "customer's choice"},  # TRN425
                )
                trainer.train(
                    input_data_config=[
                        InputData(
                            channel_name="train-data",  # TRN425
                            data_source="s3://churn-data/train",
                        ),
                    ],
                )
            """,
        }
    )
    good = Example(
        {
            "launch.py": """
                from sagemaker.core.training.configs import Compute, InputData, SourceCode
                from sagemaker.train import ModelTrainer

                trainer = ModelTrainer(
                    training_image="763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.8.0-cpu-py312",
                    source_code=SourceCode(source_dir="src", entry_script="train.py"),
                    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
                    hyperparameters={"epochs": 3, "label": "choice of customer"},
                )
                trainer.train(
                    input_data_config=[
                        InputData(
                            channel_name="train_data",
                            data_source="s3://churn-data/train",
                        ),
                    ],
                )
            """,
        }
    )
    references = ("https://sagemaker.readthedocs.io/en/stable/",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each value that the driver cannot pass on."""
        yield from unpassable(launcher)


RESERVED_CHANNELS = frozenset({"code", "sm_drivers"})

_SHELL_NAME = pattern(r"[A-Za-z_][A-Za-z0-9_]*")

# A key with blanks becomes several names, each of which the shell exports.
_KEY = pattern(r"(?a)\w*( +[A-Za-z_]\w*)*")

_SCRIPT = pattern(r"(?<![\w./-])[\w./-]+\.(?:py|sh)\b")

_OTHER_WAYS = (
    "SM_HP",
    "hyperparameters.json",
    "SM_TRAINING_ENV",
    "sagemaker_training",
    "sagemaker_containers",
)

_MAX_FILES = 400

_MAX_BYTES = 1_000_000


def unpassable(launcher: Launcher) -> Iterator[Problem]:
    """Yield the settings that trainers cannot pass into the container."""
    for trainer in current(launcher):
        # Without source code the SDK adds no driver.
        if trainer.is_trainer and not is_left_out(trainer, "source_code"):
            yield from _channels(trainer)
            yield from _hyperparameters(trainer)
            yield from _lost(trainer)
            yield from _no_script(trainer)


def _no_script(trainer: Estimator) -> Iterator[Problem]:
    """Yield an entry script of a type that the driver cannot start."""
    source = trainer.part("source_code")
    argument = source.get("entry_script") if source is not None and is_left_out(source, "command") else None
    name = argument.text if argument is not None else None
    if source is not None and argument is not None and name and not name.endswith((".py", ".sh")):
        yield at_value(source, argument.expression, name, f"{name!r} is neither .py nor .sh", _NO_SCRIPT)


def _channels(trainer: Estimator) -> Iterator[Problem]:
    launcher = trainer.launcher
    for channel in launcher.channels_of(trainer).entries:
        reason = judge_channel(channel)
        if reason is not None:
            at = launcher.own(channel.at, trainer.node)
            yield Problem(at, f"{channel.name!r} {reason}", trainer.node, summary=_CHANNEL)


def judge_channel(channel: Channel) -> str | None:
    """Return the problem of the name of a trainer's channel as a short phrase, or None."""
    if channel.name in RESERVED_CHANNELS:
        return "is a channel that ModelTrainer adds itself"
    if not _SHELL_NAME.fullmatch(channel.name):
        intended = re.sub(r"\W", "_", channel.name)
        shown = did_you_mean(intended) if _SHELL_NAME.fullmatch(intended) else ""
        return f"is no name of a shell variable{shown}"
    return None


def _hyperparameters(trainer: Estimator) -> Iterator[Problem]:
    for entry in trainer.hyperparameters:
        if not _KEY.fullmatch(entry.name.replace("-", "_")):
            detail = f"hyperparameter {entry.name!r} is no name of a shell variable"
            yield at_argument(trainer, entry, detail)
        value = plain(trainer.launcher, entry.expression)
        if not isinstance(value, Untold) and _has_quote(value):
            detail = f"hyperparameter {entry.name!r} has a single quote (it ends the shell's string)"
            yield at_argument(trainer, entry, detail)


def _has_quote(value: object) -> bool:
    if isinstance(value, str):
        return "'" in value
    if isinstance(value, list):
        return any(_has_quote(item) for item in value)
    if isinstance(value, dict):
        return any(_has_quote(key) or _has_quote(item) for key, item in value.items())
    return False


def _lost(trainer: Estimator) -> Iterator[Problem]:
    """Yield hyperparameters that the script of a command never reads, if that script is in the repository."""
    source = trainer.part("source_code")
    argument = source.get("command") if source else None
    command = argument.text if argument else None
    names = [entry.name for entry in trainer.hyperparameters if entry.certain]
    hyperparameters = trainer.get("hyperparameters")
    if (
        source is None
        or command is None
        or hyperparameters is None
        or not names
        or source.arguments.open_ended
    ):
        return
    if any(way in command for way in _OTHER_WAYS) or any(f"--{name}" in command for name in names):
        return
    folder = _folder(trainer.launcher, source)
    root = trainer.launcher.program.root
    if folder is None or not any(
        is_file(file)
        for name in _SCRIPT.findall(command)
        if root.contains(file := os.path.join(folder, name))
    ):
        return
    if _reads_them_otherwise(folder, root) is False:
        shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
        detail = f"{shown} (the command passes none, and no file in {os.path.basename(folder)} reads SM_HPS)"
        yield at_argument(trainer, hyperparameters, detail, _LOST)


def _folder(launcher: LauncherInterface, source: SdkObject) -> str | None:
    """Return the source folder in the project, beside the launcher or in the working directory, else None."""
    argument = source.get("source_dir")
    path = argument.text if argument else None
    if path is None or "://" in path or launcher.program.folder is None:
        return None
    for base in (launcher.program.folder, os.path.abspath(os.curdir)):
        folder = os.path.normpath(os.path.join(base, path))
        if launcher.program.root.contains(folder) and is_folder(folder):
            return folder
    return None


def _reads_them_otherwise(folder: str, root: Root) -> bool | None:
    """Return whether a file of the folder reads hyperparameters another way; None if the folder is too large."""
    seen = 0
    for path in files_below(folder):
        seen += 1
        if seen > _MAX_FILES:
            return None
        try:
            content = root.read(path, _MAX_BYTES)
        except OSError:
            return None
        if any(way.encode() in content for way in _OTHER_WAYS):
            return True
    return False
