"""TRN452: an argument that the processing script does not accept, or requires and does not get."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.record import replace
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.processing_code import UNREAD, UNSET, refused_arguments
from training_alignment.launches.processing import ProcessingLaunch
from training_alignment.rules.example_processing import processing
from training_alignment.rules.processing_rule import ProcessingRule

_CODE = "TRN452"
_KEY = 'parser.add_argument("--key", required=True)'


def _without_parser(first: str, last: str, *places: int) -> Example:
    """Return a job with arguments for a script without a parser of argparse."""
    return processing(
        _CODE,
        *places,
        files={
            "prepare.py": f"""
                {first}
                import pandas as pd

                rows = pd.read_csv("/opt/ml/processing/input/churn.csv")
                rows.to_csv("/opt/ml/processing/train/churn.csv")
                {last}
            """
        },
    )


class ProcessingArgument(ProcessingRule):
    """Reports arguments of a processing job that its script refuses, and options that it misses."""

    code = _CODE
    severity = Severity.ERROR
    summary = "the processing script rejects the job's arguments"
    other_summaries = (UNREAD, UNSET)
    why = """
        SageMaker starts the script with the words in `arguments`. argparse ends with `error: unrecognized arguments:
        --test_share 0.2`, or with `error: the following arguments are required: --test-share`, and exit code 2. The job
        fails after its instances have started and its data is copied.
    """
    fix = """
        Pass the options that the script defines, with values that they can parse.
    """
    reported_when = (
        "an argument is no option of the script's parser, or a value that the option refuses",
        "`parse_known_args` drops the argument",
        "the script requires an option, and no argument sets it",
        "no argument sets an option without a default, and its value, None, certainly reaches a call that needs a path "
        "or a number: `pandas.read_csv(args.input)`, `os.path.join(args.output, ...)`",
        "the script has no parser and does not read `sys.argv`: the arguments change nothing",
    )
    warning_when = ("the script reads no arguments at all",)
    not_reported_when = (
        Condition(
            "the list of arguments is unknown, or a part of it that may be an option",
            suppressed=processing(_CODE, arguments="WORDS", start="from settings import WORDS"),
            reported=processing(_CODE, 3, arguments="WORDS", start="WORDS = []"),
        ),
        Condition(
            "the script has no parser, and reads `sys.argv` or lets a library do it",
            suppressed=_without_parser("import fire", "fire.Fire(print)"),
            reported=_without_parser("import pprint", "pprint.pprint(1)", 3),
        ),
        Condition(
            "the script may have other options: it reads `sys.argv`, has several parsers, or passes its parser on",
            suppressed=processing(
                _CODE, arguments='["--share", "0.2"]', script_start="import sys\n\nprint(sys.argv[1])"
            ),
            reported=processing(
                _CODE, 3, arguments='["--share", "0.2"]', script_start="import sys\n\nprint(sys.argv[0])"
            ),
        ),
        Condition(
            "the value is a pipeline variable, or unknown",
            suppressed=processing(
                _CODE, arguments='["--test-share", SHARE]', start="from settings import SHARE"
            ),
            reported=processing(_CODE, 3, arguments='["--test-share", SHARE]', start='SHARE = "a fifth"'),
        ),
        Condition(
            "the script declares the required option on some paths only",
            suppressed=processing(_CODE, script_options=f"if os.getenv('KEYED'):\n    {_KEY}"),
            reported=processing(_CODE, 3, script_options=f"print(os.getenv('KEYED'))\n{_KEY}"),
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "arguments for a script with another parser than argparse's",
        "positional arguments",
        "arguments of Spark jobs",
    )
    bad = processing(_CODE, 3, arguments='["--test_share", "0.2"]')
    good = processing(_CODE)
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/processing-container-run-scripts.html",)

    def problems(self, launch: ProcessingLaunch, /) -> Iterator[Problem]:
        """Yield the arguments that do not fit the script."""
        for problem in refused_arguments(launch):
            yield replace(problem, severity=Severity.WARNING) if problem.summary == UNREAD else problem
