"""TRN210: a specification without a full estimator configuration."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.rules.launcher.declared_problems import incomplete_settings
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.rule import Condition, Example


class IncompleteEstimatorConfiguration(LauncherRule):
    """Reports a specification that lacks ``estimator_config`` or one of its settings."""

    code = "TRN210"
    severity = Severity.ERROR
    summary = "the estimator configuration is incomplete"
    why = """
        A builder constructs the estimator from the specification's `estimator_config`. For a missing setting the SDK
        uses its own default, such as 30 GB of disk or 24 hours of run time. If there is no default, the job is refused,
        in a pipeline only when the step starts.
    """
    fix = """
        Add the missing keys. Then the specification also shows what a run costs.
    """
    reported_when = (
        "the `estimator_config` of a specification lacks `instance_type`, `instance_count`, "
        "`volume_size_in_gb` or `max_run`",
        "a specification has no `estimator_config`, but `step_name`, `inputs`, `outputs`, `hyperparameters` "
        "and `code_location`",
        "the specification of a training step, in any format, has no `estimator_config`, or one that lacks "
        "such a setting (commit hook)",
    )
    not_reported_when = (
        Condition(
            "another common name sets the value, such as `volume_size`, `max_runtime_in_seconds` or "
            "`instance_groups`",
            suppressed={
                '        "volume_size_in_gb": 30,\n': (
                    '        "volume_size_in_gb": 30,\n        "max_runtime_in_seconds": 3600,\n'
                )
            },
            reported={
                '        "volume_size_in_gb": 30,\n': (
                    '        "volume_size_in_gb": 30,\n        "runtime_note": "max_runtime_in_seconds",\n'
                )
            },
        ),
        Condition(
            "the dict takes entries from a source that cannot be resolved, such as `**DEFAULTS` of an unknown "
            "module",
            suppressed={
                "TRAINING_SPEC = {\n": ("from pipeline.more import MORE\n\nTRAINING_SPEC = {\n"),
                '        "volume_size_in_gb": 30,\n': '        "volume_size_in_gb": 30,\n        **MORE,\n',
            },
            reported={"TRAINING_SPEC = {\n": ("from pipeline.more import MORE\n\nTRAINING_SPEC = {\n")},
        ),
        Condition(
            "a dict has fewer than two of the other keys of a specification: `step_name`, `inputs`, `outputs`, "
            "`hyperparameters`, `code_location`; or another artefact shows that the step is no training (commit hook)",
            suppressed={
                '    "step_name": "churn-training",\n': "",
                (
                    '    "inputs": ["TrainingInput"],\n'
                    '    "outputs": ["model_artifacts"],\n'
                    '    "hyperparameters": {"max_depth": 6, "eta": 0.3},\n'
                ): "",
                '    "code_location": "s3://churn-code/training/",\n': "",
            },
            reported={('    "code_location": "s3://churn-code/training/",\n'): ""},
        ),
        NOT_IN_TESTS,
    )
    bad = Example(
        {
            "training_spec.py": """
                TRAINING_SPEC = {
                    "step_name": "churn-training",
                    "estimator_config": {  # TRN210
                        "instance_type": "ml.m5.xlarge",
                        "instance_count": 1,
                        "volume_size_in_gb": 30,
                    },
                    "inputs": ["TrainingInput"],
                    "outputs": ["model_artifacts"],
                    "hyperparameters": {"max_depth": 6, "eta": 0.3},
                    "code_location": "s3://churn-code/training/",
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
    references = ("https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each configuration that lacks a setting."""
        yield from incomplete_settings(launcher)
