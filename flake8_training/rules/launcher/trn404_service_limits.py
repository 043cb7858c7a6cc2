"""TRN404: a value that CreateTrainingJob refuses."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.rules.launcher.boto3_members import broken_members
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.launcher.service_limits import broken_limits
from flake8_training.rules.rule import Condition, Example


class BrokenLimit(LauncherRule):
    """Reports values of estimators, tuners, jobs and requests that break a limit of the service."""

    code = "TRN404"
    severity = Severity.ERROR
    summary = "SageMaker refuses the value"
    why = """
        The service checks names, counts, lengths and enumerations, and the SDK does not. It refuses a hyperparameter of
        more than 2,500 characters, an environment variable `MY-VAR` or one whose value is a number,
        `input_mode="Fastfile"`, an underscore in `base_job_name` and an output path that is no S3 URI. The refusal
        comes when the job is created, in a pipeline only when the step starts.
    """
    fix = """
        Use a value within the limit that the message names.
    """
    fixable = "corrects a misspelled value of a fixed set"
    reported_when = (
        "a constant argument breaks a pattern, length, range or enumeration of the API (botocore's model)",
        "`output_path`, `checkpoint_s3_uri` or `code_location` is no S3 URI; only `output_path` may begin with "
        "`file://`",
        "`subnets`, `security_group_ids`, `tags`, `container_entry_point` or `container_arguments` is a string, or a "
        "tag has other keys than `Key` and `Value`",
        "the hyperparameters are no dict, are too many, or one has a name or value that the API refuses or "
        "JSON cannot hold",
        "an environment variable has an invalid name, a value that is no string, or there are too many",
        "a metric definition lacks `Name` or `Regex`, or there are more than 40",
        "a tuner has more `max_jobs` than its ranges have combinations",
        "the name of a job, pipeline step or channel is invalid, there are more than 20 channels, or `model_uri` "
        "repeats a channel",
        "a member of a `create_training_job` request breaks a limit of the API",
    )
    not_reported_when = (
        Condition(
            (
                "the value is unknown, or an empty string that the program replaces on some path; for "
                "a location, its known beginning is checked"
            ),
            suppressed={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                '"Fastfile",  # TRN404': "options.MODE,",
                '{"LOG-LEVEL": "debug"},  # TRN404': "options.VARIABLES,",
            },
            reported={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "estimator = PyTorch(": "print(options.MODE)\nestimator = PyTorch(",
            },
        ),
        Condition(
            "the value is a placeholder, such as `<your bucket>` or `${BUCKET}`",
            suppressed={
                '    input_mode="Fastfile",  # TRN404\n': '    base_job_name="<your name>",\n',
                '    environment={"LOG-LEVEL": "debug"},  # TRN404\n': "",
            },
            reported={
                '    input_mode="Fastfile",  # TRN404\n': '    base_job_name="job name",  # TRN404\n',
                '    environment={"LOG-LEVEL": "debug"},  # TRN404\n': "",
            },
        ),
        Condition(
            "`base_job_name` is invalid, and the estimator runs in a pipeline, which does not use the name",
            suppressed={
                '    input_mode="Fastfile",  # TRN404\n': (
                    '    base_job_name="churn_model",\n    sagemaker_session=PipelineSession(),\n'
                ),
                '    environment={"LOG-LEVEL": "debug"},  # TRN404\n': "",
                "import sagemaker\n": (
                    "import sagemaker\nfrom sagemaker.workflow.pipeline_context import PipelineSession\n"
                ),
            },
            reported={
                '    input_mode="Fastfile",  # TRN404\n': '    base_job_name="churn_model",  # TRN404\n',
                '    environment={"LOG-LEVEL": "debug"},  # TRN404\n': "",
                "import sagemaker\n": (
                    "import sagemaker\nfrom sagemaker.workflow.pipeline_context import PipelineSession\n"
                ),
                'estimator.fit({"train": "s3://churn-data/train"})': (
                    'print(PipelineSession)\nestimator.fit({"train": "s3://churn-data/train"})'
                ),
            },
        ),
        Condition(
            "the value is an instance setting, a role or an input, because TRN211, TRN416 and TRN412 check these",
            suppressed={
                '    input_mode="Fastfile",  # TRN404\n': "",
                '    environment={"LOG-LEVEL": "debug"},  # TRN404\n': "",
                "    instance_count=1,\n": "    instance_count=0,\n",
            },
            reported={
                "    instance_count=1,\n": ("    instance_count=1,\n    max_retry_attempts=99,  # TRN404\n")
            },
        ),
        Condition(
            (
                "`code_location` begins with `file://`, and the program sets the `config` of the "
                "estimator's session, which may keep the code local"
            ),
            suppressed={
                '    input_mode="Fastfile",  # TRN404\n': (
                    '    code_location="file:///tmp/code",\n    sagemaker_session=session,\n'
                ),
                '    environment={"LOG-LEVEL": "debug"},  # TRN404\n': "",
                "estimator = PyTorch(": (
                    "session = sagemaker.local.LocalSession()\n"
                    'session.config = {"local": {"local_code": True}}\n'
                    "estimator = PyTorch("
                ),
                "import sagemaker\n": "import sagemaker.local\n",
            },
            reported={
                '    input_mode="Fastfile",  # TRN404\n': '    code_location="file:///tmp/code",  # TRN404\n',
                '    environment={"LOG-LEVEL": "debug"},  # TRN404\n': "",
                "estimator = PyTorch(": (
                    "session = sagemaker.local.LocalSession()\n"
                    'session.config = {"local": {"local_code": True}}\n'
                    "estimator = PyTorch("
                ),
                "import sagemaker\n": "import sagemaker.local\n",
            },
        ),
        Condition(
            "the call passes argument names of SDK v1 that v2 does not translate",
            suppressed={
                (
                    '    instance_type="ml.g5.xlarge",\n'
                    "    instance_count=1,\n"
                    "\n"
                    '    input_mode="Fastfile",  # TRN404\n'
                    '    environment={"LOG-LEVEL": "debug"},  # TRN404\n'
                ): (
                    '    train_instance_type="ml.g5.xlarge",\n'
                    "    train_instance_count=1,\n"
                    "    train_max_runs=1,\n"
                    '    input_mode="Fastfile",\n'
                )
            },
            reported={
                ('    environment={"LOG-LEVEL": "debug"},  # TRN404\n'): (
                    '    environment={"LOG-LEVEL": "debug"},  # TRN404\n'
                    '    tags=[{"Key": "train_max_runs", "Value": "1"}],\n'
                )
            },
        ),
        NOT_IN_TESTS,
    )
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,

                    input_mode="Fastfile",  # TRN404
                    environment={"LOG-LEVEL": "debug"},  # TRN404
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    good = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,

                    input_mode="FastFile",
                    environment={"LOG_LEVEL": "debug"},
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each value that breaks a limit."""
        yield from broken_limits(launcher)
        yield from broken_members(launcher)
