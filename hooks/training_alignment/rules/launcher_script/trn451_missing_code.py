"""TRN451: the code of a processing job does not exist."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.processing_code import missing_code
from training_alignment.launches.processing import ProcessingLaunch
from training_alignment.rules.example_processing import processing
from training_alignment.rules.processing_rule import ProcessingRule

_CODE = "TRN451"


class ProcessingCodeMissing(ProcessingRule):
    """Reports the code of a processing job that no file of the repository is."""

    code = _CODE
    severity = Severity.ERROR
    summary = "the code of a processing job does not exist"
    why = """
        The SDK uploads the file that `code` names, from the folder in which the launcher runs, or from the `source_dir`
        of a `FrameworkProcessor`. If there is none, it raises `ValueError: code prepare.py wasn't found. Please make
        sure that the file exists.` In a pipeline that happens when the definition is written, often in CI only.
    """
    fix = """
        Write the path of the script as seen from the folder in which the launcher runs, or relative to `source_dir`.
    """
    reported_when = (
        "no file of the repository has the path of `code`, below any folder",
        "the path is made from the launcher's own `__file__`, lies in the repository, and no file is there",
        "`source_dir` is a folder of the repository, and the script is not in it",
        "`code` is a folder, and the processor is no `FrameworkProcessor`",
    )
    not_reported_when = (
        Condition(
            "the launcher, or a shell script or Dockerfile of the repository, may bring the file",
            suppressed=processing(
                _CODE, name='"steps/clean.py"', files={"build.sh": "cp prepare.py steps/clean.py\n"}
            ),
            reported=processing(
                _CODE, 0, name='"steps/clean.py"', files={"build.sh": "echo look at prepare.py\n"}
            ),
        ),
        Condition(
            "the path is an S3 URI, unknown, or one of several",
            suppressed=processing(_CODE, name="CODE", start="from settings import CODE"),
            reported=processing(_CODE, 0, name="CODE", start='CODE = "steps/clean.py"'),
        ),
        Condition(
            "another folder of the repository has a file of that path, so the launcher may run there",
            suppressed=processing(_CODE, name='"steps/clean.py"', files={"churn/steps/clean.py": ""}),
            reported=processing(_CODE, 0, name='"steps/clean.py"', files={"churn/clean.py": ""}),
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "a script without a folder in its path, if any file of the repository has the same name",
        "the code of a Spark job, of a request of boto3, or of a repository that `git_config` names",
    )
    bad = processing(_CODE, 0, name='"steps/prepare.py"', script="jobs/prepare.py")
    good = processing(_CODE, name='"jobs/prepare.py"', script="jobs/prepare.py")
    references = ("https://sagemaker.readthedocs.io/en/v2.257.1/api/training/processing.html",)

    def problems(self, launch: ProcessingLaunch, /) -> Iterable[Problem]:
        """Return the code that does not exist."""
        return missing_code(launch)
