"""TRN407: a local module that the script imports and the job does not have."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.source_code import DELETED, modules_left_behind, modules_taken_away
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


def _processing(destination: str, mark: str = "") -> Example:
    """Return a processing job with an input whose script imports a module beside it."""
    launcher = f"""
        from sagemaker.processing import ProcessingInput
        from sagemaker.sklearn.processing import SKLearnProcessor

        processor = SKLearnProcessor(
            framework_version="1.2-1",
            role="arn:aws:iam::123456789012:role/Training",
            instance_type="ml.m5.xlarge",
            instance_count=1,
        )
        processor.run(
            code="steps/prepare.py",{mark}
            inputs=[ProcessingInput(source="s3://bucket/parts/", destination="{destination}")],
        )
    """
    script = """
        import os
        import sys

        sys.path.append("/opt/ml/processing")
        import parts

        print(parts.SIZE, os.listdir("/opt/ml/processing"))
    """
    files = {"process.py": launcher, "steps/prepare.py": script, "steps/parts.py": "SIZE = 4\n"}
    return Example(files, options=("--select=TRN407",))


class ModuleLeftBehind(LaunchRule):
    """Reports local modules that the script imports and that the SDK does not upload with it."""

    code = "TRN407"
    severity = Severity.ERROR
    summary = "the script imports a local module that the job does not receive"
    other_summaries = (DELETED,)
    why = """
        Without `source_dir`, the SDK uploads only the file that `entry_point` names; with it, only that folder. A
        module beside the script, or above the folder, exists in a local run and is missing in the container:
        `ModuleNotFoundError: No module named ...`.
    """
    fix = """
        Pass `source_dir`, or add the module to `dependencies`.
    """
    reported_when = (
        "the entry point imports a module of the repository, and the estimator has no `source_dir`",
        "the entry point imports a module of the repository that is outside `source_dir`",
        "the entry point imports a module that the import does not find, the repository has a file of this name in "
        "another folder, and neither the image nor a requirement brings it",
        "the script of a processing job in an image of SageMaker's imports a module of the repository: the job gets "
        "the file of `code` alone, or the folder `source_dir` of a `FrameworkProcessor`",
        "the entry point imports a module that the commit deletes or renames, and no other file has its name "
        "(commit hook)",
    )
    not_reported_when = (
        Condition(
            "`dependencies` sends the module, has an unknown path, or may come from `**kwargs`, an assignment or code "
            "that gets the estimator",
            suppressed={
                'entry_point="code/train.py",  # TRN407': (
                    'entry_point="code/train.py",\n    dependencies=["code/network.py"],'
                )
            },
            reported={
                'entry_point="code/train.py",  # TRN407': (
                    'entry_point="code/train.py",  # TRN407\n'
                    '    tags=[{"Key": "dependencies", "Value": "code/network.py"}],'
                )
            },
        ),
        Condition(
            "the import is in a `try` that catches its failure, or under a condition",
            suppressed={
                "import network\n": ("try:\n    import network\nexcept ImportError:\n    network = None\n")
            },
            reported={
                "import network\n": ("try:\n    import network\nexcept KeyError:\n    network = None\n")
            },
        ),
        Condition(
            "the module belongs to a package that the repository builds, and `requirements.txt` or `image_uri` "
            "may install it",
            suppressed=Example(
                {
                    "launch.py": (
                        "from sagemaker.pytorch import PyTorch\n"
                        "\n"
                        "estimator = PyTorch(\n"
                        '    entry_point="train.py",\n'
                        '    source_dir="code",\n'
                        '    role="arn:aws:iam::123456789012:role/Training",\n'
                        '    instance_type="ml.m5.xlarge",\n'
                        "    instance_count=1,\n"
                        '    framework_version="2.1",\n'
                        '    py_version="py310",\n'
                        ")\n"
                        'estimator.fit(inputs={"train": "s3://bucket/train/"})\n'
                    ),
                    "code/train.py": "import churn\n\nprint(churn.SIZE)\n",
                    "code/requirements.txt": "./churn\n",
                    "setup.py": ('from setuptools import setup\n\nsetup(name="churn", packages=["churn"])\n'),
                    "churn/__init__.py": "SIZE = 4\n",
                },
                options=("--select=TRN407",),
            ),
            reported=Example(
                {
                    "launch.py": (
                        "from sagemaker.pytorch import PyTorch\n"
                        "\n"
                        "estimator = PyTorch(\n"
                        '    entry_point="train.py",  # TRN407\n'
                        '    source_dir="code",\n'
                        '    role="arn:aws:iam::123456789012:role/Training",\n'
                        '    instance_type="ml.m5.xlarge",\n'
                        "    instance_count=1,\n"
                        '    framework_version="2.1",\n'
                        '    py_version="py310",\n'
                        ")\n"
                        'estimator.fit(inputs={"train": "s3://bucket/train/"})\n'
                    ),
                    "code/train.py": "import churn\n\nprint(churn.SIZE)\n",
                    "setup.py": ('from setuptools import setup\n\nsetup(name="churn", packages=["churn"])\n'),
                    "churn/__init__.py": "SIZE = 4\n",
                },
                options=("--select=TRN407",),
            ),
        ),
        Condition(
            "a command starts the script, or the project's own subclass is the estimator",
            suppressed={
                "estimator = PyTorch(": (
                    "class Ours(PyTorch):\n"
                    "    def fit(self, inputs=None):\n"
                    '        self.source_dir = "code"\n'
                    "        super().fit(inputs)\n"
                    "\n"
                    "\n"
                    "estimator = Ours("
                )
            },
            reported={
                "estimator = PyTorch(": (
                    "class Ours(PyTorch):\n"
                    "    def fit(self, inputs=None):\n"
                    '        self.source_dir = "code"\n'
                    "        super().fit(inputs)\n"
                    "\n"
                    "\n"
                    "estimator = PyTorch("
                )
            },
        ),
        Condition(
            "the launcher may start one of several scripts",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import sys\n\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                'entry_point="code/train.py",  # TRN407': (
                    'entry_point="code/train.py" if sys.argv[1:] else "code/other.py",'
                ),
                "+ code/other.py": 'print("other")\n',
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import sys\n\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                "estimator = PyTorch(": (
                    'print("code/train.py" if sys.argv[1:] else "code/other.py")\nestimator = PyTorch('
                ),
                "+ code/other.py": 'print("other")\n',
            },
        ),
        Condition(
            "an input of the processing job may hold the module, the script installs packages, or the image is the "
            "project's own",
            suppressed=_processing("/opt/ml/processing/parts"),
            reported=_processing("/opt/ml/processing/rows", "  # TRN407"),
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "a module that another module of the script imports",
        "a relative import",
    )
    bad = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="code/train.py",  # TRN407
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
                    hyperparameters={"batch-size": 32, "epochs": 4},
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import network
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--batch-size", type=int)
                parser.add_argument("--epochs", type=int)
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
                print(network.SIZE)
            """,
            "code/network.py": """
                SIZE = 4
            """,
        },
        options=("--select=TRN407",),
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
                    hyperparameters={"batch-size": 32, "epochs": 4},
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import network
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--batch-size", type=int)
                parser.add_argument("--epochs", type=int)
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
                print(network.SIZE)
            """,
            "code/network.py": """
                SIZE = 4
            """,
        },
        options=("--select=TRN407",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the modules that the job does not have."""
        yield from modules_left_behind(launch)
        yield from modules_taken_away(launch)
