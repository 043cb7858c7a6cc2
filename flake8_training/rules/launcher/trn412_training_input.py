"""TRN412: an input that the job cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.launcher.training_inputs import NO_LOCATION, wrong_inputs
from flake8_training.rules.rule import Condition, Example


class WrongInput(LauncherRule):
    """Reports inputs whose location, mode, distribution or content type is wrong."""

    code = "TRN412"
    severity = Severity.ERROR
    summary = "the input is wrong"
    other_summaries = (NO_LOCATION,)
    why = """
        `TrainingInput` checks nothing. The service refuses a location that is no S3 URI, `input_mode="Fastfile"` and
        `distribution="Sharded"` when the job is created. It accepts a misspelled `content_type`, and the algorithm then
        reads the files as another format, or fails after the start. A string that is passed to `fit` raises
        `ValueError: URI input ... must be a valid S3 or FILE URI`.
    """
    fix = """
        Write a location that begins with `s3://`, and the value that the message suggests.
    """
    fixable = "corrects a misspelled value or argument"
    reported_when = (
        "the location of a `TrainingInput` or a string passed to `fit` is no S3 URI, such as a bare bucket "
        "or a local folder, or begins with `s3://` twice",
        "a `TrainingInput` has an unknown `input_mode`, `distribution`, `compression`, `record_wrapping` or "
        "`s3_data_type`",
        "the default of an option or an environment variable is a misspelt S3 location, such as `s3:/bucket`",
        "its `content_type` is a misspelling of a common content type",
        "it has a misspelled argument, or no `s3_data`, or a string for `attribute_names` or `instance_groups`",
        "an `AugmentedManifestFile` has no `attribute_names`, is not read in Pipe mode, or feeds a built-in vision "
        "algorithm without `record_wrapping`",
        "some inputs of a job have `instance_groups`, and this one has none",
        "a built-in algorithm does not read the `content_type`; or its XGBoost gets a `.csv` file without one",
        "the location of an input has `//` after the bucket: S3 takes it as a folder with an empty name",
        "the inputs of `fit` or of a step are a list of `TrainingInput`, which the SDK refuses",
        "a `file://` location is passed to an estimator that runs on instances of SageMaker",
        "the `source` of a contract's input, or a location in `required_config`, is a misspelt S3 location, a "
        "local path or empty (commit hook)",
        "an input of a training step's contract has no `source`, and another input of it has one (commit hook)",
        "the builder's location of a channel is neither the contract's nor below it (commit hook)",
        "the `data_source` of an `InputData` has a misspelled S3 scheme, such as `S3://` or `s3:/`",
    )
    not_reported_when = (
        Condition(
            "the beginning of the location is unknown",
            suppressed={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                (
                    '    "churn-data/train",  # TRN412\n    distribution="Sharded",  # TRN412\n'
                ): '    options.BUCKET + "churn-data/train",\n',
            },
            reported={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                '    distribution="Sharded",  # TRN412\n': "",
                "estimator = PyTorch(": "print(options.BUCKET)\nestimator = PyTorch(",
            },
        ),
        Condition(
            "the location is a placeholder, such as `<your bucket>` or `{{ bucket }}`",
            suppressed={
                (
                    '    "churn-data/train",  # TRN412\n    distribution="Sharded",  # TRN412\n'
                ): '    "<your bucket>/train",\n'
            },
            reported={
                (
                    '    "churn-data/train",  # TRN412\n    distribution="Sharded",  # TRN412\n'
                ): '    "bucket/train",  # TRN412\n'
            },
        ),
        Condition(
            "the location of a `TrainingInput` is the web address of an S3 object",
            suppressed={
                (
                    '    "churn-data/train",  # TRN412\n    distribution="Sharded",  # TRN412\n'
                ): '    "https://s3.amazonaws.com/churn-data/train",\n'
            },
            reported={
                '    "churn-data/train",  # TRN412\n    distribution="Sharded",  # TRN412\n': (
                    '    "https://example.com/churn-data/train",  # TRN412\n'
                )
            },
        ),
        Condition(
            "the estimator may run in local mode (`file://` only)",
            suppressed={
                '"ml.g5.xlarge"': '"local"',
                (
                    '    "churn-data/train",  # TRN412\n    distribution="Sharded",  # TRN412\n'
                ): '    "s3://churn-data/train",\n',
                'fit({"train": train})': 'fit({"train": "file:///data/train"})',
            },
            reported={
                (
                    '    "churn-data/train",  # TRN412\n    distribution="Sharded",  # TRN412\n'
                ): '    "s3://churn-data/train",\n',
                "estimator = PyTorch(": 'print("local")\nestimator = PyTorch(',
                'estimator.fit({"train": train})': 'estimator.fit({"train": "file:///data/train"})  # TRN412',
            },
        ),
        Condition(
            "the input mode of a job, or its algorithm, is unknown (augmented manifests, content types)",
            suppressed={
                ('    "churn-data/train",  # TRN412\n    distribution="Sharded",  # TRN412\n'): (
                    '    "s3://churn-data/train",\n'
                    '    s3_data_type="AugmentedManifestFile",\n'
                    '    attribute_names=["a"],\n'
                    '    record_wrapping="RecordIO",\n'
                ),
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "    instance_count=1,\n": ("    instance_count=1,\n    input_mode=options.MODE,\n"),
            },
            reported={
                "train = TrainingInput(": ("print(options.MODE)\ntrain = TrainingInput(  # TRN412"),
                ('    "churn-data/train",  # TRN412\n    distribution="Sharded",  # TRN412\n'): (
                    '    "s3://churn-data/train",\n'
                    '    s3_data_type="AugmentedManifestFile",\n'
                    '    attribute_names=["a"],\n'
                    '    record_wrapping="RecordIO",\n'
                ),
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "    instance_count=1,\n": '    instance_count=1,\n    input_mode="File",\n',
            },
        ),
        Condition(
            "another call of the file gets a location with the same `//`, and may write there",
            suppressed={
                (
                    '    "churn-data/train",  # TRN412\n    distribution="Sharded",  # TRN412\n'
                ): '    "s3://churn-data//train",\n',
                "estimator = PyTorch(": (
                    'sagemaker.s3.S3Uploader.upload("train.csv", "s3://churn-data//train")\n'
                    "estimator = PyTorch("
                ),
                "import sagemaker\n": "import sagemaker.s3\n",
            },
            reported={
                (
                    '    "churn-data/train",  # TRN412\n    distribution="Sharded",  # TRN412\n'
                ): '    "s3://churn-data//train",  # TRN412\n',
                "estimator = PyTorch(": (
                    'sagemaker.s3.S3Uploader.upload("train.csv", "s3://churn-data/train")\n'
                    "estimator = PyTorch("
                ),
                "import sagemaker\n": "import sagemaker.s3\n",
            },
        ),
        Condition(
            "the program assigns the attribute afterwards",
            suppressed={
                '    "churn-data/train",  # TRN412\n    distribution="Sharded",  # TRN412\n': (
                    '    "churn-data/train",\n'
                ),
                "estimator.fit": 'train.s3_data = "s3://churn-data/train"\nestimator.fit',
            },
            reported={
                '    distribution="Sharded",  # TRN412\n': "",
                "estimator.fit": 'estimator.s3_data = "s3://churn-data/train"\nestimator.fit',
            },
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "a placeholder in a location of a job that the launcher does start: most are examples for the reader",
    )
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch
                from sagemaker.inputs import TrainingInput

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                )
                train = TrainingInput(
                    "churn-data/train",  # TRN412
                    distribution="Sharded",  # TRN412
                )
                estimator.fit({"train": train})
            """,
        }
    )
    good = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch
                from sagemaker.inputs import TrainingInput

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                )
                train = TrainingInput(
                    "s3://churn-data/train",
                    distribution="ShardedByS3Key",
                )
                estimator.fit({"train": train})
            """,
        }
    )
    references = (
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/augmented-manifest-stream.html",
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each input that is wrong."""
        yield from wrong_inputs(launcher)
