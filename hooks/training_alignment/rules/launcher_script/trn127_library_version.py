"""TRN127: a name or keyword that the version of a library in the job does not have.

Source: ``sagemaker/tables/library_names.json``, which ``scripts/library_names.py`` builds from the wheels of several
versions of each library. The version is the pin in the requirements that are sent with the code, or the image's.
"""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.ledger import open_ledger
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.library_names import distribution_of
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.library_versions import (
    library_versions,
    unknown_keywords,
    uses_lacked,
)
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule

_LAUNCHER = """
    from sagemaker.huggingface import HuggingFace

    estimator = HuggingFace(
        entry_point="train.py",
        source_dir="code",
        transformers_version="4.56.2",
        pytorch_version="2.8.0",
        py_version="py312",
        role="arn:aws:iam::123456789012:role/Training",
        instance_type="ml.g5.2xlarge",
        instance_count=1,
    )
    estimator.fit({"train": "s3://bucket/train/"})
"""
_SCRIPT = """
    import os

    from datasets import load_from_disk
    from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments

    train = load_from_disk(os.environ["SM_CHANNEL_TRAIN"])
    arguments = TrainingArguments(
        output_dir="/opt/ml/checkpoints",
        {keyword}
    )
    model = AutoModelForSequenceClassification.from_pretrained("distilbert-base-uncased")
    trainer = Trainer(model=model, args=arguments, train_dataset=train)
    trainer.train()
    trainer.save_model(os.environ["SM_MODEL_DIR"])
"""
_STARTS = """
    import os

    os.system({command})
"""
_OLD = _SCRIPT.format(keyword='evaluation_strategy="no",  # TRN127')


def _keras(before: str, marker: str = "", version: str = "2.16.1") -> Example:
    """Return the example of a script of Keras whose requirements pin TensorFlow."""
    files = {
        "launch.py": _LAUNCHER,
        "code/train.py": f"{before}from tensorflow import keras\n\nmodel = keras.Sequential()\n"
        f"model.fit(1, 2, workers=4){marker}\n",
        "code/requirements.txt": f"tensorflow=={version}\n",
    }
    return Example(files, options=("--select=TRN127",))


_NEVER = "no version has the argument"


class OtherLibraryVersion(LaunchRule):
    """Reports uses of a library that its version in the job does not have."""

    code = "TRN127"
    severity = Severity.ERROR
    summary = "the job's version lacks the name"
    other_summaries = (_NEVER,)
    why = """
        The image's versions, and those in `requirements.txt`, are others than those on the author's machine. The job
        ends with `TypeError: TrainingArguments.__init__() got an unexpected keyword argument 'evaluation_strategy'` or
        `ImportError: cannot import name 'joblib' from 'sklearn.externals'`, after the instance has started.
    """
    fix = """
        Use the present name, or pin a version that has the old one.
    """
    reported_when = (
        "the script passes a keyword to a class or function, or imports a name, and the version in the job lacks it "
        "although other versions have it",
        "the version is pinned with `==` in the `requirements.txt` of the source folder, or is the "
        "`transformers_version` of `HuggingFace` or the `framework_version` of `SKLearn`, `PyTorch`, `XGBoost` or "
        "`TensorFlow`, and there is no `image_uri`; TensorFlow determines the version of Keras",
        "the script calls a method of a Keras model that the version lacks (`fit_generator`), or reads a name of "
        "TensorFlow 1 (`tf.Session`) from TensorFlow 2",
        "the script passes `TrainingArguments` or `Seq2SeqTrainingArguments` a misspelling of a keyword, whatever "
        "version the job has",
    )
    not_reported_when = (
        Condition(
            "the version is unknown: no pin, a range, a marker, another requirements file, or an unknown source folder",
            suppressed={
                '"4.56.2"': "options.VERSION",
                "from sagemaker.huggingface import HuggingFace\n": (
                    "import options\nfrom sagemaker.huggingface import HuggingFace\n"
                ),
            },
            reported={
                "from sagemaker.huggingface import HuggingFace\n": (
                    "import options\nfrom sagemaker.huggingface import HuggingFace\n"
                ),
                "estimator = Hug": "print(options.VERSION)\nestimator = Hug",
            },
        ),
        Condition(
            "the script starts a program that may install packages",
            suppressed=Example(
                {
                    "launch.py": _LAUNCHER,
                    "code/train.py": _STARTS.format(command='"pip install -q transformers==4.36.0"') + _OLD,
                },
                options=("--select=TRN127",),
            ),
            reported=Example(
                {
                    "launch.py": _LAUNCHER,
                    "code/train.py": _STARTS.format(command='"pip list | grep install"') + _OLD,
                },
                options=("--select=TRN127",),
            ),
        ),
        Condition(
            (
                "the versions before and after the one in the job differ in the name, and the rule's "
                "table has not that one"
            ),
            suppressed={'"4.56.2"': '"4.45.0"'},
            reported={"estimator = Hug": 'print("4.45.0")\nestimator = Hug'},
        ),
        Condition(
            "an `except` catches the failure, or a branch decides whether the code runs",
            suppressed={
                (
                    "arguments = TrainingArguments(\n"
                    '    output_dir="/opt/ml/checkpoints",\n'
                    '    evaluation_strategy="no",  # TRN127\n'
                    ")\n"
                ): (
                    "try:\n"
                    '    arguments = TrainingArguments(output_dir="/opt/ml/checkpoints", evaluation_strategy="no")\n'
                    "except TypeError:\n"
                    '    arguments = TrainingArguments(output_dir="/opt/ml/checkpoints")\n'
                )
            },
            reported={
                (
                    "arguments = TrainingArguments(\n"
                    '    output_dir="/opt/ml/checkpoints",\n'
                    '    evaluation_strategy="no",  # TRN127\n'
                    ")\n"
                ): (
                    "try:\n"
                    "    arguments = TrainingArguments(\n"
                    '        output_dir="/opt/ml/checkpoints",\n'
                    '        evaluation_strategy="no",  # TRN127\n'
                    "    )\n"
                    "except OSError:\n"
                    '    arguments = TrainingArguments(output_dir="/opt/ml/checkpoints")\n'
                )
            },
        ),
        Condition(
            "the script imports `tf_keras`, or the job sets `TF_USE_LEGACY_KERAS` (Keras only)",
            suppressed=_keras('import os\nos.environ["TF_USE_LEGACY_KERAS"] = "1"\n'),
            reported=_keras('print("TF_USE_LEGACY_KERAS")\n', "  # TRN127"),
        ),
        Condition(
            "the name is one of `tensorflow.compat.v1`",
            suppressed=_keras("import tensorflow.compat.v1 as tf\ntf.Session()\n", version="2.15.0"),
            reported=_keras("import tensorflow as tf\ntf.Session()  # TRN127\n", version="2.15.0"),
        ),
        Condition(
            "the library is none of those in the rule's table",
            suppressed={
                'evaluation_strategy="no",  # TRN127': "",
                "trainer.train()": (
                    'import ourlib\n\nourlib.show(evaluation_strategy="no")\ntrainer.train()'
                ),
            },
            reported={
                "trainer.train()": ('import ourlib\n\nourlib.show(evaluation_strategy="no")\ntrainer.train()')
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
                "estimator = Hug": ('print("train.py" if sys.argv[1:] else "other.py")\nestimator = Hug'),
                "+ code/other.py": 'print("other")\n',
            },
        ),
        Condition(
            "the class is one that the project derives from the library's",
            suppressed={
                "arguments = TrainingArguments(": (
                    "class Ours(TrainingArguments):\n"
                    "    def __init__(self, evaluation_startegy, **others):\n"
                    "        super().__init__(eval_strategy=evaluation_startegy, **others)\n\n\n"
                    "arguments = Ours("
                ),
                'evaluation_strategy="no",  # TRN127': 'evaluation_startegy="no",',
            },
            reported={
                "arguments = TrainingArguments(": (
                    "class Ours(TrainingArguments):\n    pass\n\n\narguments = TrainingArguments("
                ),
                'evaluation_strategy="no",  # TRN127': 'evaluation_startegy="no",  # TRN127',
            },
        ),
        NOT_IN_TESTS,
    )
    documented_only = ("the signatures and names are those of the libraries' wheels, which no test imports",)
    missed = (
        "names of `tensorflow.keras`, keywords that a class takes as `**kwargs`, and most of TensorFlow's functions",
        "names of torch, which its packages collect with `import *`",
        "names that numpy computes, such as `np.float`",
        "a use in a module beside the script",
        "keywords that are unpacked from a dict",
    )
    bad = Example(
        {
            "launch.py": _LAUNCHER,
            "code/train.py": _SCRIPT.format(keyword='evaluation_strategy="no",  # TRN127'),
        },
        options=("--select=TRN127",),
    )
    good = Example(
        {"launch.py": _LAUNCHER, "code/train.py": _SCRIPT.format(keyword='eval_strategy="no",')},
        options=("--select=TRN127",),
    )
    references = ("https://github.com/huggingface/transformers/releases",)

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Yield the uses in the script's own file."""
        script = launch.script
        if script is None or launch.alternatives:
            return
        imported = {distribution_of(dotted) for dotted, _ in script.analysis.program.imports}
        versions = library_versions(launch) if imported - {None} else {}
        if versions or (imported - {None} and open_ledger() is not None):
            for node, detail, source in uses_lacked(script.analysis, versions):
                if script.owns(node):
                    yield Problem(node, detail, launch.from_launcher(source), in_script=True)
        for node, detail, source in unknown_keywords(script.analysis) if imported - {None} else ():
            if script.owns(node):
                yield Problem(node, detail, launch.from_launcher(source), in_script=True, summary=_NEVER)
