"""TRN212: a specification, or an image without a program, without the location of its code."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.engine.values.unknown_values import note_values
from flake8_training.engine.values.values import Constant, LibraryObject, StringTemplate, Value
from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.ledger import note_question
from flake8_training.pattern import pattern
from flake8_training.rules.launcher.code_archives import NO_ARCHIVE, code_without_archive
from flake8_training.rules.launcher.declared_problems import missing_code_locations
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem, at_argument, is_left_out, of_one_class
from flake8_training.rules.rule import Condition, Example


def _of_image(hyperparameter: str, mark: str = "") -> Example:
    """Return a launcher of a framework's image without an entry point."""
    return Example(
        {
            "launch.py": f"""
                from sagemaker.estimator import Estimator

                estimator = Estimator(
                    image_uri="763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1-cpu",{mark}
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    hyperparameters={{{hyperparameter}}},
                )
                estimator.fit({{"train": "s3://churn/train"}})
            """,
        }
    )


def _of_request(member: str, mark: str = "") -> Example:
    """Return a launcher whose request runs a framework's image."""
    return Example(
        {
            "launch.py": f"""
                import boto3

                IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310"
                JOB = {{
                    "AlgorithmSpecification": {{
                        "TrainingImage": IMAGE,{mark}
                        "TrainingInputMode": "File",
                    }},
                    "HyperParameters": {{"epochs": "3"}},
                    "RoleArn": "arn:aws:iam::123456789012:role/Training",
                    "ResourceConfig": {{
                        "InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30,
                    }},
                    "StoppingCondition": {{"MaxRuntimeInSeconds": 600}},
                    "OutputDataConfig": {{"S3OutputPath": "s3://churn/models/"}},
                    {member}
                }}
                boto3.client("sagemaker").create_training_job(TrainingJobName="churn", **JOB)
            """,
        }
    )


def _in_s3(location: str, mark: str = "") -> Example:
    """Return a launcher whose code is at a location of S3 with an unknown part."""
    return Example(
        {
            "launch.py": f"""
                from sagemaker.pytorch import PyTorch
                from settings import NAME

                estimator = PyTorch(
                    entry_point="train.py",
                    source_dir=f"{location}",{mark}
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
                )
                estimator.fit({{"train": "s3://churn/train"}})
            """,
        }
    )


class NoCodeLocation(LauncherRule):
    """Reports a specification without a code location."""

    code = "TRN212"
    severity = Severity.ERROR
    summary = "no code location is set"
    other_summaries = (NO_ARCHIVE,)
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
        "a started `Estimator` runs SageMaker's own image of a framework, and has no `entry_point`",
        "a request runs such an image, and neither its hyperparameters nor its environment name a program",
        "`source_dir` of an estimator of SDK v2, or `sagemaker_submit_directory`, is a folder in S3, or a file there "
        "that is no `.tar.gz`",
        "`code_location` is a misspelt S3 location, such as `s3:/bucket/code` (commit hook)",
        "the specification of a training step, in any format, has none of these keys, or only `null` and "
        "empty strings for them (commit hook)",
    )
    not_reported_when = (
        Condition(
            "one of these keys has an unknown value",
            suppressed={
                "TRAINING_SPEC = {  # TRN212\n": ("from pipeline.more import MORE\n\nTRAINING_SPEC = {\n"),
                '    "job_type": "training",\n': (
                    '    "job_type": "training",\n    "code_location": MORE,\n'
                ),
            },
            reported={"TRAINING_SPEC = {": "from pipeline.more import MORE\n\nTRAINING_SPEC = {"},
        ),
        Condition(
            "the dict takes entries from a source that cannot be resolved, such as `**DEFAULTS` of an unknown "
            "module",
            suppressed={
                "TRAINING_SPEC = {": "from pipeline.more import MORE\n\nTRAINING_SPEC = {",
                '    "job_type": "training",\n': '    "job_type": "training",\n    **MORE,\n',
            },
            reported={"TRAINING_SPEC = {": "from pipeline.more import MORE\n\nTRAINING_SPEC = {"},
        ),
        Condition(
            "a hyperparameter `sagemaker_program` or a container entry point names the program of an image",
            suppressed=_of_image('"sagemaker_program": "train.py"'),
            reported=_of_image('"program": "sagemaker_program"', "  # TRN212"),
        ),
        Condition(
            "the environment of a request has `SAGEMAKER_PROGRAM`, or its algorithm a `ContainerEntrypoint`",
            suppressed=_of_request('"Environment": {"SAGEMAKER_PROGRAM": "train.py"},'),
            reported=_of_request('"Environment": {"PROGRAM": "SAGEMAKER_PROGRAM"},', "  # TRN212"),
        ),
        Condition(
            "the end of the location in S3 is unknown",
            suppressed=_in_s3("s3://churn/{NAME}"),
            reported=_in_s3("s3://{NAME}/code", "  # TRN212"),
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
            },
            reported={'    "job_type": "training",\n': ""},
        ),
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
        yield from images_without_program(launcher)
        yield from code_without_archive(launcher)


# Accounts of AWS's Deep Learning Containers and of the framework images (sagemaker 2.257.7, image_uri_config).
_IMAGE = pattern(
    r"(?:763104351884|727897471807|626614931356|683313688378|257758044811|246618743249)\.dkr\.ecr\.[^/]*/"
    r"(?:(?:tensorflow|pytorch|mxnet|huggingface-[a-z-]*?)-training|sagemaker-scikit-learn)(?::|$)"
)
_FRAMEWORKS = frozenset({"tensorflow", "pytorch", "mxnet", "huggingface", "sklearn"})
_PROGRAMS = ("sagemaker_program", "sagemaker_submit_directory")


def images_without_program(launcher: Launcher) -> Iterator[Problem]:
    """Yield the jobs that run a framework's image without a script: the image contains no training program."""
    for estimator in of_one_class(launcher):
        if estimator.class_name != "sagemaker.estimator.Estimator" or estimator.local is not None:
            continue
        image = estimator.get("image_uri")
        if image is None or not estimator.jobs or "image_uri" in estimator.overridden:
            continue
        if not is_left_out(estimator, "entry_point", "container_entry_point", "container_arguments"):
            continue
        if _names_no_program(estimator) and _are_of_frameworks(launcher, image.expression, "image_uri"):
            yield at_argument(
                estimator, image, f"{estimator.name} with a framework's image needs entry_point"
            )
    for estimator in launcher.requested:
        passed = estimator.image
        if passed is None or estimator.has_command or not _names_no_program(estimator):
            continue
        if _are_of_frameworks(launcher, passed, "TrainingImage"):
            at = launcher.own(passed.node, estimator.node)
            yield Problem(at, f"a framework's image needs the hyperparameter {_PROGRAMS[0]}", estimator.node)


def _names_no_program(estimator: Estimator) -> bool:
    """Return whether neither hyperparameters nor variables can name a program for the training toolkit."""
    return estimator.hyperparameters.lacks(*_PROGRAMS) and estimator.environment.lacks("SAGEMAKER_PROGRAM")


def _are_of_frameworks(launcher: Launcher, image: LocatedExpression, name: str) -> bool:
    """Return whether an image is certainly one of SageMaker's that has no training program."""
    values = image.values
    note_question()
    note_values(values, image.node, image.scope, name, weak=True)
    return bool(values) and all(_is_framework_image(launcher, value) for value in values)


def _is_framework_image(launcher: Launcher, value: Value) -> bool:
    """Return whether a value is the URI of an image of SageMaker's that has no training program."""
    if isinstance(value, Constant):
        return isinstance(value.value, str) and _IMAGE.match(value.value) is not None
    if isinstance(value, StringTemplate):
        first = value.parts[0]
        whole = "".join(part if isinstance(part, str) else "x" for part in value.parts)
        return isinstance(first, str) and _IMAGE.match(whole) is not None
    if not isinstance(value, LibraryObject) or value.site is None:
        return False
    if value.name != "sagemaker.image_uris.retrieve()":
        return False
    arguments = launcher.reader.arguments(value.site.node, value.site.scope, value.frame, ("framework",))
    framework, use = arguments.get("framework"), arguments.get("image_scope")
    return (
        framework is not None
        and framework.text in _FRAMEWORKS
        and (framework.text == "sklearn" or (use is not None and use.text == "training"))
    )
