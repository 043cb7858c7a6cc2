"""TRN212: a specification without the location of its code."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.rules.launcher.declared_problems import missing_code_locations
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.rule import Example


class NoCodeLocation(LauncherRule):
    """Reports a specification without a code location."""

    code = "TRN212"
    severity = Severity.ERROR
    summary = "no code location"
    why = """
        The training job downloads the script from `code_location`. If a specification names none, the SDK uses the
        session's default bucket. There the code of all projects shares one place, and the role of a production job
        often may not read it.
    """
    fix = """
        Add `code_location` with an S3 location. `source_dir`, `entry_point`, `image_uri` and `source_code` count as
        well.
    """
    reported_when = (
        "neither a specification nor its `estimator_config` has `code_location`, `source_dir`, "
        "`entry_point`, `image_uri` or `source_code`",
        "every one of these keys that is present is empty",
        "`code_location` is a misspelt S3 location, such as `s3:/bucket/code` (commit hook)",
        "the specification of a training step, in any format, has none of these keys, or only `null` and "
        "empty strings for them (commit hook)",
    )
    not_reported_when = (
        "one of these keys has an unknown value",
        "the dict takes entries from a source that cannot be resolved, such as `**DEFAULTS` of an unknown "
        "module",
        "a dict has fewer than two of the other keys of a specification: `step_name`, `inputs`, `outputs`, "
        "`hyperparameters`, `code_location`; or another artefact shows that the step is no training (commit hook)",
        NOT_IN_TESTS,
    )
    bad = Example(
        {
            "training_spec.py": """
                TRAINING_SPEC = {  # TRN212
                    "step_name": "churn-training",
                    "estimator_config": {
                        "instance_type": "ml.m5.xlarge",
                        "instance_count": 1,
                        "volume_size_in_gb": 30,
                        "max_run": 3600,
                    },
                    "inputs": ["TrainingInput"],
                    "outputs": ["model_artifacts"],
                    "hyperparameters": {"max_depth": 6, "eta": 0.3},
                    "job_type": "training",
                }
            """,
        }
    )
    good = Example(
        {
            "training_spec.py": """
                TRAINING_SPEC = {
                    "step_name": "churn-training",
                    "estimator_config": {
                        "instance_type": "ml.m5.xlarge",
                        "instance_count": 1,
                        "volume_size_in_gb": 30,
                        "max_run": 3600,
                    },
                    "inputs": ["TrainingInput"],
                    "outputs": ["model_artifacts"],
                    "hyperparameters": {"max_depth": 6, "eta": 0.3},
                    "code_location": "s3://churn-code/training/",
                }
            """,
        }
    )
    references = ("https://sagemaker.readthedocs.io/en/v2.257.1/api/training/estimators.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each specification without a code location."""
        yield from missing_code_locations(launcher)
