"""TRN454: an output of a processing job that its script never writes."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.processing_paths import unwritten_outputs
from training_alignment.launches.processing import ProcessingLaunch
from training_alignment.rules.example_processing import processing
from training_alignment.rules.processing_rule import ProcessingRule

_CODE = "TRN454"
_ELSEWHERE = '"/opt/ml/processing/validation"'


class UnwrittenOutput(ProcessingRule):
    """Reports outputs of a processing job whose path its script never uses."""

    code = _CODE
    severity = Severity.WARNING
    summary = "the processing script never writes the output"
    why = """
        SageMaker uploads the `source` folder of each `ProcessingOutput` when the script has ended. A folder in which
        the script writes nothing is uploaded empty, and the job is `Completed`. The next step reads a location without
        objects and fails, or trains on nothing.
    """
    fix = """
        Write to the `source` of the output, or remove the output.
    """
    reported_when = (
        "the script uses no path at, above or below the `source` of an output of its job",
        "no code runs when the script starts: the file is empty, or only defines functions",
    )
    not_reported_when = (
        Condition(
            "the script writes to a path that is unknown, or runs code that is not available",
            suppressed=processing(
                _CODE,
                source=_ELSEWHERE,
                script_start="from settings import FOLDER",
                write="rows.to_csv(FOLDER)",
            ),
            reported=processing(
                _CODE,
                2,
                source=_ELSEWHERE,
                script_start='FOLDER = "/opt/ml/processing/train"',
                write="rows.to_csv(FOLDER)",
            ),
        ),
        Condition(
            "an argument of the job names the path",
            suppressed=processing(
                _CODE,
                source=_ELSEWHERE,
                arguments='["--test-share", "0.2", "--out=/opt/ml/processing/validation"]',
            ),
            reported=processing(
                _CODE,
                2,
                source=_ELSEWHERE,
                arguments='["--test-share", "0.2", "--out=/opt/ml/processing/test"]',
            ),
        ),
        Condition(
            "the list of outputs or the path of an output is unknown",
            suppressed=processing(_CODE, source="FOLDER", start="from settings import FOLDER"),
            reported=processing(_CODE, source="FOLDER", start=f"FOLDER = {_ELSEWHERE}  # TRN454"),
        ),
        Condition(
            "the script starts another program or changes its working directory",
            suppressed=processing(
                _CODE, source=_ELSEWHERE, script_start="import subprocess\n\nsubprocess.run(['./split.sh'])"
            ),
            reported=processing(
                _CODE, 2, source=_ELSEWHERE, script_start="import subprocess\n\nprint(['./split.sh'])"
            ),
        ),
        NOT_IN_TESTS,
    )
    missed = ("the script uses the path, and writes nothing there", "outputs of Spark jobs")
    bad = processing(_CODE, 2, source=_ELSEWHERE)
    good = processing(_CODE)
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html",)

    def problems(self, launch: ProcessingLaunch, /) -> Iterable[Problem]:
        """Return the outputs that the script never writes."""
        return unwritten_outputs(launch)
