"""TRN427: the script imports a package that the job does not have."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.installed_packages import packages_not_installed
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


class PackageNotInstalled(LaunchRule):
    """Reports imports of packages that neither the image has nor anything installs."""

    code = "TRN427"
    severity = Severity.ERROR
    summary = "nothing installs a package that the script imports"
    why = """
        The job runs in an image of SageMaker, with the image's packages and those of `requirements.txt` at the top of
        `source_dir`. The packages of the developer's machine are not there. The script ends with
        `ModuleNotFoundError: No module named 'mlflow'`.
    """
    fix = """
        List the package in `requirements.txt` at the top of `source_dir`. SDK v3 installs the file only if
        `SourceCode(requirements="requirements.txt")` names it.
    """
    reported_when = (
        "the script imports, at its top level, a package that no image of the job's framework has, and no "
        "requirement installs it",
        "a module of the source folder, which the script imports at its top level, imports such a package",
    )
    not_reported_when = (
        Condition(
            "the tool does not know whether an image has the package",
            suppressed={"import mlflow\n\nmlflow.autolog()": "import cloudpickle\n\ncloudpickle.dumps(4)"},
            reported={"mlflow.autolog()": 'mlflow.autolog()\nprint("cloudpickle")'},
        ),
        Condition(
            "the job has an image of the project's own, or may have one for AWS Trainium, a compiler or "
            "model parallelism",
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
            "the requirements include other files, addresses or packages of which it is unknown what they install",
            suppressed={"+ code/requirements.txt": "-r other.txt\n"},
            reported={"+ code/requirements.txt": "tqdm  # -r other.txt\n"},
        ),
        Condition(
            "the script runs pip or another installer, or adds folders to `sys.path` that are not those of the code",
            suppressed={
                "import os\n": "import os\nimport subprocess\n",
                "import mlflow\n": (
                    'subprocess.run(["pip", "install", "mlflow"], check=True)\nimport mlflow\n'
                ),
            },
            reported={
                "import os\n": "import os\nimport subprocess\n",
                "import mlflow\n": ('subprocess.run(["ls", "mlflow"], check=True)\nimport mlflow\n'),
            },
        ),
        Condition(
            "the import is inside `try`, `if` or a function",
            suppressed={
                "import mlflow\n\nmlflow.autolog()": (
                    "try:\n    import mlflow\nexcept ImportError:\n    mlflow = None"
                )
            },
            reported={
                "import mlflow\n\n": (
                    "try:\n    import json\nexcept ImportError:\n    json = None\nimport mlflow\n\n"
                )
            },
        ),
        Condition(
            "`dependencies` has a path that is unknown or no file of the repository, or the folder is itself a package",
            suppressed={'source_dir="code",  # TRN427': 'source_dir="code",\n    dependencies=["shared"],'},
            reported={
                'source_dir="code",  # TRN427': (
                    'source_dir="code",  # TRN427\n    dependencies=["shared"],'
                ),
                "+ shared/notes.txt": "none\n",
            },
        ),
        Condition(
            "the launcher, or a shell line of it, may write the file",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "from pathlib import Path\n\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                "estimator = PyTorch(": (
                    'Path("code/requirements.txt").write_text("mlflow")\nestimator = PyTorch('
                ),
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "from pathlib import Path\n\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                "estimator = PyTorch(": (
                    'Path("data/requirements.txt").write_text("mlflow")\nestimator = PyTorch('
                ),
            },
        ),
        Condition(
            "a local module has the name",
            suppressed={"+ code/mlflow.py": "def autolog(): ...\n"},
            reported={"+ other/mlflow.py": "def autolog(): ...\n"},
        ),
        NOT_IN_TESTS,
    )
    missed = ("a package that some images of the framework have and others do not",)
    bad = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    source_dir="code",  # TRN427
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

                import mlflow

                mlflow.autolog()
                print(os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN427",),
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
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import os

                import mlflow

                mlflow.autolog()
                print(os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
            "code/requirements.txt": """
                mlflow==2.14.1
            """,
        },
        options=("--select=TRN427",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the problems of a launch."""
        return packages_not_installed(launch)
