"""TRN453: the processing script reads a path that no input mounts."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.processing_paths import unmounted_reads
from training_alignment.launches.processing import ProcessingLaunch
from training_alignment.rules.example_processing import processing
from training_alignment.rules.processing_rule import ProcessingRule

_CODE = "TRN453"
_ELSEWHERE = '"/opt/ml/processing/raw"'
_FETCH = 'import boto3\n\nboto3.client("s3").download_file("churn-data", "raw.csv", {path})'


class UnmountedPath(ProcessingRule):
    """Reports paths that a processing script reads and that its job does not have."""

    code = _CODE
    severity = Severity.ERROR
    summary = "no input mounts the path that the script reads"
    why = """
        SageMaker copies each input to the `destination` of its `ProcessingInput`. Any other folder below
        `/opt/ml/processing` does not exist in the container: the script ends with `FileNotFoundError: [Errno 2] No such
        file or directory`, after the instances have started and the inputs are copied.
    """
    fix = """
        Use one path in the script and in the input, or add the missing input.
    """
    reported_when = (
        "the script reads a path below `/opt/ml/processing` on every path through the program, and no input of the job "
        "has a destination at, above or below it",
        "an option of the script holds the path, and the job's argument or the option's default sets it",
    )
    not_reported_when = (
        Condition(
            "the inputs of the job, or the destination of one of them, are unknown",
            suppressed=processing(_CODE, destination="FOLDER", start="from settings import FOLDER"),
            reported=processing(_CODE, 1, destination="FOLDER", start=f"FOLDER = {_ELSEWHERE}"),
        ),
        Condition(
            "the script itself may create the file: a call writes there, or unknown code gets the path",
            suppressed=processing(
                _CODE,
                destination=_ELSEWHERE,
                script_start=_FETCH.format(path='"/opt/ml/processing/input/churn.csv"'),
            ),
            reported=processing(
                _CODE, 1, destination=_ELSEWHERE, script_start=_FETCH.format(path='"/tmp/churn.csv"')
            ),
        ),
        Condition(
            "the script reads the path on some paths only, or catches the failure",
            suppressed=processing(_CODE, destination=_ELSEWHERE, read_start="if os.path.exists('rows'): "),
            reported=processing(_CODE, 1, destination=_ELSEWHERE, read_start="os.path.exists('rows'); "),
        ),
        Condition(
            "an output of the job has the path",
            suppressed=processing(_CODE, destination=_ELSEWHERE, source='"/opt/ml/processing/input"'),
            reported=processing(_CODE, 1, destination=_ELSEWHERE, source='"/opt/ml/processing/output"'),
        ),
        Condition(
            "the script changes its working directory, creates links or starts another program",
            suppressed=processing(
                _CODE,
                destination=_ELSEWHERE,
                script_start="import subprocess\n\nsubprocess.run(['./fetch.sh'])",
            ),
            reported=processing(
                _CODE, 1, destination=_ELSEWHERE, script_start="import subprocess\n\nprint(['./fetch.sh'])"
            ),
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "a path in an environment variable of the job",
        "a path that is read in a loop over unknown names",
        "a read in a local module",
    )
    bad = processing(_CODE, 1, destination='"/opt/ml/processing/inputs"')
    good = processing(_CODE)
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html",)

    def problems(self, launch: ProcessingLaunch, /) -> Iterable[Problem]:
        """Return the paths that the job does not have."""
        return unmounted_reads(launch)
