"""TRN429: checkpoints in the model archive, in no folder that is kept, never loaded, or missing in the first run.

Sources: transformers 4.56.2 ``trainer.py`` (``save_strategy`` is "steps" by default; ``resume_from_checkpoint=True``
raises ``ValueError: No valid checkpoint found in output directory``). How large an archive may be, and that a spot
training starts again with its checkpoints, is documented only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.container_paths import PathKind, places
from flake8_training.engine.values.unknown_values import note_values
from flake8_training.engine.values.values import Constant, OptionValue, Values
from flake8_training.finding import Severity
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.libraries.rows import Carries
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from flake8_training.script.certain_calls import is_certain
from training_alignment.comparisons.launch.checkpoints import NEVER_LOADED, NEVER_USED, unkept_checkpoints
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule

_LAUNCH = """
    from sagemaker.huggingface import HuggingFace

    estimator = HuggingFace(
        entry_point="train.py",
        source_dir="code",
        transformers_version="4.56.2",
        pytorch_version="2.8.0",
        py_version="py312",
        role="arn:aws:iam::123456789012:role/Training",
        instance_type="ml.g5.2xlarge",
        instance_count=1,{more}
    )
    estimator.fit({{"train": "s3://bucket/train/"}})
"""
_KEPT = """
        checkpoint_s3_uri="s3://bucket/checkpoints/","""
_SPOT = """
        use_spot_instances=True,
        max_wait=172800,"""
_LAUNCHER = _LAUNCH.format(more="")
_SCRIPT = """
    import os

    from datasets import load_from_disk
    from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments

    train = load_from_disk(os.environ["SM_CHANNEL_TRAIN"])
    arguments = TrainingArguments(
        output_dir={folder}
        num_train_epochs=3,
    )
    model = AutoModelForSequenceClassification.from_pretrained("distilbert-base-uncased")
    trainer = Trainer(model=model, args=arguments, train_dataset=train)
    trainer.train()
    trainer.save_model(os.environ["SM_MODEL_DIR"])
"""
_OTHER_FOLDER = "\n        checkpoint_local_path='/opt/ml/states',"
_STRATEGY = """os.environ["SM_MODEL_DIR"],  # TRN429
        save_strategy="{}","""

_NOTHING = "the first run has no checkpoint to resume from"


def _of_launcher(more: str, folder: str, resume: str = "") -> Example:
    """Return the example of a launcher with more arguments and the script's folder of checkpoints."""
    script = _SCRIPT.format(folder=f'"{folder}",').replace("trainer.train()", f"trainer.train({resume})")
    files = {"launch.py": _LAUNCH.format(more=more), "code/train.py": script}
    return Example(files, options=("--select=TRN429",))


class LostCheckpoints(LaunchRule):
    """Reports checkpoints that no folder keeps, that nothing loads, and a resume that no first run can do."""

    code = "TRN429"
    severity = Severity.WARNING
    summary = "the checkpoints are not kept apart from the model"
    other_summaries = (_NOTHING, NEVER_USED, NEVER_LOADED)
    why = """
        A Trainer writes a checkpoint of the model, the optimizer and the scheduler every 500 steps. If its folder is
        the model directory, all of them are in `model.tar.gz`: the archive grows until its upload fails, and an
        interrupted spot training finds none of them. `train(resume_from_checkpoint=True)` without a checkpoint raises
        `ValueError: No valid checkpoint found in output directory`.

        With `checkpoint_s3_uri`, SageMaker copies one folder to S3 while the job runs, `/opt/ml/checkpoints` or
        `checkpoint_local_path`, and back when a spot training starts again. If the script uses another folder, nothing
        is copied; if it loads no checkpoint, the training begins with its first step.
    """
    fix = """
        Write checkpoints to `/opt/ml/checkpoints`, with `checkpoint_s3_uri` in the launcher, and the model with
        `save_model`. Resume if `get_last_checkpoint` finds one. Without checkpoints, leave `checkpoint_s3_uri` out.
    """
    reported_when = (
        "the `output_dir` of `TrainingArguments`, or of a configuration of trl, is the model directory, "
        "`save_strategy` is left out, `steps` or `epoch`, and no `save_total_limit` is passed",
        "the program always calls `train(resume_from_checkpoint=True)` of a Trainer",
        "`checkpoint_s3_uri` is set, or `CheckpointConfig` of SDK v3 or of a request, and the script neither reads nor "
        "writes in the folder that SageMaker copies",
        "spot training is on, the script writes checkpoints or models to that folder, and no call and no argument can "
        "load one",
    )
    not_reported_when = (
        Condition(
            "`save_strategy` is `no`, `best` or unknown",
            suppressed=Example(
                {"launch.py": _LAUNCHER, "code/train.py": _SCRIPT.format(folder=_STRATEGY.format("no"))},
                options=("--select=TRN429",),
            ),
            reported=Example(
                {"launch.py": _LAUNCHER, "code/train.py": _SCRIPT.format(folder=_STRATEGY.format("epoch"))},
                options=("--select=TRN429",),
            ),
        ),
        Condition(
            "`save_total_limit`, `save_steps` or `load_best_model_at_end` is passed, or an argument is unpacked; or "
            "`max_steps` is below 500, the default of `save_steps`, or unknown",
            suppressed={"    num_train_epochs=3,\n": "    num_train_epochs=3,\n    save_total_limit=2,\n"},
            reported={
                "    num_train_epochs=3,\n": ('    num_train_epochs=3,\n    run_name="save_total_limit",\n')
            },
        ),
        Condition(
            "the launcher passes another folder to the option, or the folder is unknown",
            suppressed={
                'os.environ["SM_MODEL_DIR"],  # TRN429': "options.output,",
                "import os\n": "import argparse\nimport os\n",
                "arguments = Tr": (
                    "parser = argparse.ArgumentParser()\n"
                    'parser.add_argument("--output", default=os.environ["SM_MODEL_DIR"])\n'
                    "options = parser.parse_args()\n"
                    "arguments = Tr"
                ),
                "    instance_count=1,": (
                    '    hyperparameters={"output": "/opt/ml/checkpoints"},\n    instance_count=1,'
                ),
            },
            reported={
                'os.environ["SM_MODEL_DIR"],  # TRN429': "options.output,  # TRN429",
                "import os\n": "import argparse\nimport os\n",
                "arguments = Tr": (
                    "parser = argparse.ArgumentParser()\n"
                    'parser.add_argument("--output", default=os.environ["SM_MODEL_DIR"])\n'
                    "options = parser.parse_args()\n"
                    "arguments = Tr"
                ),
                "    instance_count=1,": (
                    '    tags=[{"Key": "output", "Value": "/opt/ml/checkpoints"}],\n    instance_count=1,'
                ),
            },
        ),
        Condition(
            "a branch or a `try` decides whether the training resumes, or the value is not the constant `True`",
            suppressed={
                'os.environ["SM_MODEL_DIR"],  # TRN429': '"/opt/ml/checkpoints",',
                "trainer.train()": (
                    'if os.listdir("/opt/ml/checkpoints"):\n'
                    "    trainer.train(resume_from_checkpoint=True)\n"
                    "else:\n"
                    "    trainer.train()"
                ),
            },
            reported={
                'os.environ["SM_MODEL_DIR"],  # TRN429': '"/opt/ml/checkpoints",',
                "trainer.train()": (
                    'if os.listdir("/opt/ml/checkpoints"):\n'
                    '    print("resumes")\n'
                    "trainer.train(resume_from_checkpoint=True)  # TRN429"
                ),
            },
        ),
        Condition(
            "the launcher may start one of several scripts",
            suppressed={
                "from sagemaker.huggingface import HuggingFace\n": (
                    "import sys\n\nfrom sagemaker.huggingface import HuggingFace\n"
                ),
                'entry_point="train.py"': 'entry_point="train.py" if sys.argv[1:] else "other.py"',
                "+ code/other.py": 'print("other")\n',
            },
            reported={
                "from sagemaker.huggingface import HuggingFace\n": (
                    "import sys\n\nfrom sagemaker.huggingface import HuggingFace\n"
                ),
                "estimator = HuggingFace(": (
                    'print("train.py" if sys.argv[1:] else "other.py")\nestimator = HuggingFace('
                ),
                "+ code/other.py": 'print("other")\n',
            },
        ),
        Condition(
            "an option or a variable of the job is unknown, or names the folder",
            suppressed=_of_launcher(
                f'{_KEPT}\n        environment={{"TARGET": "/opt/ml/checkpoints/a"}},', "/tmp/states"
            ),
            reported=_of_launcher(
                f'{_KEPT}  # TRN429\n        environment={{"TARGET": "/opt/ml/checkpoint/a"}},', "/tmp/states"
            ),
        ),
        Condition(
            "`checkpoint_local_path` is the folder that the script uses",
            suppressed=_of_launcher(_KEPT + _OTHER_FOLDER, "/opt/ml/states"),
            reported=_of_launcher(f"{_KEPT}  # TRN429{_OTHER_FOLDER}", "/opt/ml/checkpoints"),
        ),
        Condition(
            "a call uses the folder for anything but writing, or a training takes an argument for a checkpoint",
            suppressed=_of_launcher(_KEPT + _SPOT, "/opt/ml/checkpoints", "resume_from_checkpoint=None"),
            reported=_of_launcher(
                _KEPT + _SPOT, '/opt/ml/checkpoints",  # TRN429\n        run_name="resume_from_checkpoint'
            ),
        ),
        Condition(
            "the job has no spot training (checkpoints that nothing loads)",
            suppressed=_of_launcher(_KEPT, "/opt/ml/checkpoints"),
            reported=_of_launcher(_KEPT + _SPOT, '/opt/ml/checkpoints",  # TRN429\n        run_name="spot'),
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "checkpoints that a loop of the project's own writes to the model directory",
        "checkpoints in `/opt/ml/checkpoints` without `checkpoint_s3_uri` and without spot training: the folder may be "
        "a scratch folder on purpose",
    )
    bad = Example(
        {
            "launch.py": _LAUNCHER,
            "code/train.py": _SCRIPT.format(folder='os.environ["SM_MODEL_DIR"],  # TRN429'),
        },
        options=("--select=TRN429",),
    )
    good = Example(
        {
            "launch.py": _LAUNCH.format(more=_KEPT),
            "code/train.py": _SCRIPT.format(folder='"/opt/ml/checkpoints",'),
        },
        options=("--select=TRN429",),
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/model-checkpoints.html",)

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Yield the arguments in the script's own file."""
        script = launch.script
        if script is None or launch.alternatives or not launch.jobs:
            return
        in_archive = False
        for call in script.analysis.calls.all:
            if script.owns(call.node):
                for node, detail, summary in (
                    *_in_archive(launch, script.analysis, call),
                    *_resumed(script.analysis, call),
                ):
                    in_archive = in_archive or not summary
                    related = launch.from_launcher("the job")
                    yield Problem(node, detail, related, in_script=True, summary=summary)
        if not in_archive:  # the folder that is kept stays empty because the archive has the checkpoints
            yield from unkept_checkpoints(launch)


_DECIDING = frozenset({"save_total_limit", "load_best_model_at_end", "save_steps"})
_SAVE_STEPS = 500
"""The default of ``save_steps``; a negative ``max_steps`` leaves the number to the epochs."""
_SAVING = frozenset({"steps", "epoch"})
"""The strategies of transformers that save again and again; "no" and "best" do not."""


def _in_archive(launch: Launch, analysis: Analysis, call: Call) -> Iterator[tuple[ast.AST, str, str]]:
    rows = [row for row in call.having(Carries) if row.name.startswith(("transformers.", "trl."))]
    node = analysis.calls.argument(call, rows[0].path) if len(rows) == 1 else None
    if node is None or any(keyword.arg is None or keyword.arg in _DECIDING for keyword in call.node.keywords):
        return
    path = call.site.scope.module.path
    note_question()
    steps = analysis.calls.argument(call, ("max_steps",))
    if steps is not None and not _reaches_a_checkpoint(analysis.calls.values(call, steps)):
        note_values(analysis.calls.values(call, steps), steps, call.site.scope, "max_steps")
        return
    strategy = analysis.calls.argument(call, ("save_strategy",))
    if strategy is not None and not _is_saving(analysis.calls.values(call, strategy)):
        note_values(analysis.calls.values(call, strategy), strategy, call.site.scope, "save_strategy")
        return
    values = analysis.calls.values(call, node)
    passed = {one.name.replace("-", "_") for one in launch.estimator.hyperparameters}
    options = [value.option for value in values if isinstance(value, OptionValue)]
    if options and (launch.estimator.hyperparameters.open_ended or passed & {one.dest for one in options}):
        note_unknown(Reason.OUTSIDE, options[0].line, options[0].module.path, options[0].dest)
        return
    found = places(analysis.evaluator, values)
    if not found or any(place.open or place.root is PathKind.UNKNOWN for place in found):
        note_unknown(Reason.COMPUTED, node, path, "output_dir")
    if found and all(place.root is PathKind.MODEL for place in found):
        at = next((one for one in call.node.keywords if one.value is node), node)
        yield (
            at,
            "the Trainer writes them there (model.tar.gz holds them all)",
            "",
        )


def _reaches_a_checkpoint(values: Values) -> bool:
    """Return whether a training certainly has as many steps as there are from one checkpoint to the next."""
    return bool(values) and all(
        isinstance(one, Constant)
        and isinstance(one.value, int)
        and (one.value < 0 or one.value >= _SAVE_STEPS)
        for one in values
    )


def _is_saving(values: Values) -> bool:
    """Return whether a strategy certainly writes a checkpoint each epoch, or every few steps."""
    return bool(values) and all(isinstance(one, Constant) and one.value in _SAVING for one in values)


def _resumed(analysis: Analysis, call: Call) -> Iterator[tuple[ast.AST, str, str]]:
    if not any(
        name.startswith(("transformers.", "trl.")) and name.endswith("Trainer().train") for name in call.names
    ):
        return
    for keyword in call.node.keywords:
        if keyword.arg != "resume_from_checkpoint":
            continue
        note_question()
        if not (isinstance(keyword.value, ast.Constant) and keyword.value.value is True):
            values = analysis.calls.values(call, keyword.value)
            note_values(values, keyword.value, call.site.scope, "resume_from_checkpoint")
        elif not is_certain(analysis, call.site):
            note_unknown(Reason.BRANCH, keyword, call.site.scope.module.path, "resume_from_checkpoint")
        else:
            yield keyword, "train() raises ValueError", _NOTHING
