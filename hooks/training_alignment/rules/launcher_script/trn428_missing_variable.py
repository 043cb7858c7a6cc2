"""TRN428: the script requires an environment variable that the job does not set."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.ledger import Suppression
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.missing_variables import missing_variables
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


def _trainer(command: str, marker: str = "") -> Example:
    """Return a launcher of SDK v3 whose command starts a script that requires a variable."""
    return Example(
        {
            "launch.py": f"""
                from sagemaker.core.training.configs import Compute, SourceCode
                from sagemaker.train import ModelTrainer

                image = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.8.0-cpu-py312"
                trainer = ModelTrainer({marker}
                    training_image=image,
                    source_code=SourceCode(source_dir="code", command="{command}"),
                    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
                )
                trainer.train()
            """,
            "code/train.py": """
                import os

                print(os.environ["RESULT_BUCKET"])
            """,
        },
        options=("--select=TRN428",),
    )


class VariableNotSet(LaunchRule):
    """Reports environment variables that the script requires and that nothing sets."""

    code = "TRN428"
    severity = Severity.ERROR
    summary = "the job does not set a required environment variable"
    why = """
        A job's container has the variables of SageMaker and of its image, and those of `environment=`. The variables of
        the machine that starts the job do not get there. `os.environ["RESULT_BUCKET"]` ends the script with
        `KeyError: 'RESULT_BUCKET'`.
    """
    fix = """
        Set the variable in the launcher with `environment=`, or read it with a default.
    """
    reported_when = (
        "the script reads a variable without a default on every path, the job runs in a framework image "
        "of SageMaker, and neither the launcher, nor SageMaker, nor the image sets it",
        "in such a job, the None of a variable that `os.environ.get` reads without a default certainly reaches a call "
        "that needs a path or a number: `os.path.join(os.getenv('DATA_FOLDER'), ...)`",
    )
    not_reported_when = (
        Condition(
            "the launcher may set other variables, or passes the estimator to unknown code",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                '    py_version="py310",\n': (
                    '    py_version="py310",\n    environment=options.VARIABLES,\n'
                ),
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                "estimator = PyTorch(  # TRN428": (
                    "print(options.VARIABLES)\nestimator = PyTorch(  # TRN428"
                ),
            },
        ),
        Condition(
            "the script sets the variable, tests for it, reads it with a default elsewhere, or catches the `KeyError`",
            suppressed={"print(os": ('os.environ.setdefault("RESULT_BUCKET", "b")\nprint(os')},
            reported={"print(os": ('settings = {}\nsettings.setdefault("RESULT_BUCKET", "b")\nprint(os')},
        ),
        Condition(
            "`dotenv` or `os.environ.update(settings)` may set it",
            suppressed={"import os\n": "import os\n\nimport dotenv\n\ndotenv.load_dotenv()\n"},
            reported={"import os\n": ("import os\n\nimport dotenv\n\nprint(dotenv.dotenv_values())\n")},
        ),
        Condition(
            "SageMaker, the image or a launcher of processes sets it, or a library reads it",
            suppressed={'os.environ["RESULT_BUCKET"]': 'os.environ["WORLD_SIZE"]'},
            reported={'os.environ["RESULT_BUCKET"]': 'os.environ["OUR_WORLD_SIZE"]'},
        ),
        Condition(
            "the command of a `ModelTrainer` sets it",
            suppressed=_trainer("RESULT_BUCKET=churn python train.py"),
            reported=_trainer("echo RESULT_BUCKET; python train.py", "  # TRN428"),
            name=Suppression.SET_BY_PROGRAM,
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
                "estimator = PyTorch(  # TRN428": (
                    'print("train.py" if sys.argv[1:] else "other.py")\nestimator = PyTorch(  # TRN428'
                ),
                "+ code/other.py": 'print("other")\n',
            },
        ),
        Condition(
            "a class constructs the job: TRN419 compares a builder with its contract",
            suppressed={
                (
                    "from sagemaker.pytorch import PyTorch\n"
                    "\n"
                    "estimator = PyTorch(  # TRN428\n"
                    '    entry_point="train.py",\n'
                    '    source_dir="code",\n'
                    '    role="arn:aws:iam::123456789012:role/Training",\n'
                    '    instance_type="ml.m5.xlarge",\n'
                    "    instance_count=1,\n"
                    '    framework_version="2.1",\n'
                    '    py_version="py310",\n'
                    ")\n"
                    'estimator.fit(inputs={"train": "s3://bucket/train/"})\n'
                ): (
                    "from sagemaker.pytorch import PyTorch\n"
                    "\n"
                    "\n"
                    "class Job:\n"
                    "    def start(self):\n"
                    "        estimator = PyTorch(\n"
                    '            entry_point="train.py",\n'
                    '            source_dir="code",\n'
                    '            role="arn:aws:iam::123456789012:role/Training",\n'
                    '            instance_type="ml.m5.xlarge",\n'
                    "            instance_count=1,\n"
                    '            framework_version="2.1",\n'
                    '            py_version="py310",\n'
                    "        )\n"
                    '        estimator.fit(inputs={"train": "s3://bucket/train/"})\n'
                )
            },
            reported={
                "estimator = PyTorch(  # TRN428": (
                    "class Job:\n"
                    "    def start(self):\n"
                    '        print("started")\n'
                    "\n"
                    "\n"
                    "estimator = PyTorch(  # TRN428"
                )
            },
        ),
        NOT_IN_TESTS,
    )
    missed = ("a job in an image of the project's own",)
    bad = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(  # TRN428
                    entry_point="train.py",
                    source_dir="code",
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import os

                print(os.environ["RESULT_BUCKET"], os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN428",),
    )
    good = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    source_dir="code",
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
                    environment={"RESULT_BUCKET": "results"},
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import os

                print(os.environ["RESULT_BUCKET"], os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN428",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the problems of a launch."""
        return missing_variables(launch)
