"""TRN405: versions that no image of SageMaker has.

Source: the image tables of sagemaker 2.257.7, read by ``sagemaker.frameworks.version_pair``.
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.located_expressions import Argument
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import (
    Problem,
    at_argument,
    at_value,
    is_left_out,
    is_set,
    of_one_class,
)
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.framework_versions import version_pair
from flake8_training.sagemaker.instances import accelerator
from flake8_training.sagemaker.paths import Judgement
from flake8_training.spelling import did_you_mean


class ImpossibleVersions(LauncherRule):
    """Reports framework versions, and their combinations with a Python version, that no image has."""

    code = "TRN405"
    severity = Severity.ERROR
    summary = "SageMaker has no image of the version"
    why = """
        SageMaker has images for certain versions of a framework, each with one or a few versions of Python. The
        versions of XGBoost and scikit-learn end with `-1`. The estimator accepts any string. The SDK looks up the image
        when the job starts or the pipeline is defined, and raises `ValueError: Unsupported Python version: py38.`
    """
    fix = """
        Use one of the versions that the message names.
    """
    fixable = "replaces a version by the only right one"
    reported_when = (
        "SageMaker has no image of `framework_version`, or of `transformers_version`",
        "the images of the framework's version have other versions of Python than `py_version`",
        "`SKLearn` has a `py_version` other than `py3`, which it refuses for every version",
        "`HuggingFace` has both `pytorch_version` and `tensorflow_version`",
        "the images of `transformers_version` have another `pytorch_version` or `tensorflow_version`",
        "such a version is the default of an option or an environment variable of the launcher, or of a field of the "
        "step's configuration class (commit hook)",
    )
    not_reported_when = (
        Condition(
            "the estimator has `image_uri`, `compiler_config` or `training_recipe`, or runs on Trainium or "
            "Inferentia",
            suppressed={
                '    py_version="py38",  # TRN405\n': (
                    '    py_version="py38",\n'
                    '    image_uri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/ours:1",\n'
                )
            },
            reported={
                '    py_version="py38",  # TRN405\n': (
                    '    py_version="py38",  # TRN405\n    tags=[{"Key": "image_uri", "Value": "ours"}],\n'
                )
            },
        ),
        Condition(
            "the version is newer than the image tables of sagemaker 2.257.7",
            suppressed={'"2.1"': '"9.1"'},
            reported={"estimator = PyTorch(": 'print("9.1")\nestimator = PyTorch('},
        ),
        Condition(
            "a version is unknown, or may be one of several values",
            suppressed={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                '"2.1"': "options.VERSION",
            },
            reported={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "estimator = PyTorch(": "print(options.VERSION)\nestimator = PyTorch(",
            },
        ),
        Condition(
            "the class may be one of several",
            suppressed={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "estimator = PyTorch(": (
                    "import sys\n\nkind = options.ESTIMATOR if sys.argv[1:] else PyTorch\nestimator = kind("
                ),
            },
            reported={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "estimator = PyTorch(": (
                    "import sys\n"
                    "\n"
                    "print(options.ESTIMATOR if sys.argv[1:] else PyTorch)\n"
                    "estimator = PyTorch("
                ),
            },
        ),
        Condition(
            "the call passes argument names of SDK v1, such as `train_instance_type`",
            suppressed={'    instance_type="ml.g5.xlarge",\n': '    train_instance_type="ml.g5.xlarge",\n'},
            reported={
                '    instance_type="ml.g5.xlarge",\n': (
                    '    instance_type="ml.g5.xlarge",\n'
                    '    tags=[{"Key": "train_instance_type", "Value": "ml.g5.xlarge"}],\n'
                )
            },
        ),
        NOT_IN_TESTS,
    )
    missed = ("a version with an `image_uri` that is `None` through a field or a default",)
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py38",  # TRN405
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
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
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = ("https://github.com/aws/deep-learning-containers/blob/master/available_images.md",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each version that no image has."""
        yield from impossible_versions(launcher)


_DEFAULT_PYTHON = {"XGBoost": "py3", "SKLearn": "py3"}


def impossible_versions(launcher: Launcher) -> Iterator[Problem]:
    """Yield the versions of estimators that no image has."""
    for estimator in of_one_class(launcher):
        if estimator.name == "SKLearn":
            python = _string_argument(estimator, "py_version")
            if python is not None and python.text_by_default not in ("", "py3"):
                detail = f"SKLearn takes no py_version but 'py3', not {python.text_by_default!r}"
                yield at_value(estimator, python.expression, python.text_by_default, detail, meant="py3")
                continue
        if estimator.framework is None or not _has_usual_image(estimator):
            continue
        yield from _hugging_face(estimator) if estimator.name == "HuggingFace" else _usual(estimator)


def _has_usual_image(estimator: Estimator) -> bool:
    """Return whether the image is one of the framework's usual ones, as far as is known."""
    if not is_left_out(estimator, "image_uri", "compiler_config", "training_recipe"):
        return False
    types = estimator.get("instance_type")
    return types is None or all(
        not isinstance(name, str) or accelerator(name) != "neuron" for name in types.expression.candidates
    )


def _other_tables(estimator: Estimator) -> Iterator[str]:
    """Yield the tables of special images that may apply: for Trainium, and for model parallelism."""
    if estimator.framework == "pytorch":
        types = estimator.get("instance_type")
        if types is not None and types.expression.by_default is None:
            yield "pytorch-neuron"
        if not is_left_out(estimator, "distribution"):
            yield "pytorch-smp"


def _usual(estimator: Estimator) -> Iterator[Problem]:
    version, python = (
        _string_argument(estimator, "framework_version"),
        _string_argument(estimator, "py_version"),
    )
    if version is None or version.text_by_default is None:
        return
    is_known = python is not None or is_left_out(estimator, "py_version")
    py_version = python.text_by_default if python else _DEFAULT_PYTHON.get(estimator.name)
    assert estimator.framework is not None
    written = version.text_by_default
    judged = version_pair(estimator.framework, written, py_version)
    if not is_known and judged.kind != "no_such_version":
        return
    if any(version_pair(other, written, py_version).kind == "ok" for other in _other_tables(estimator)):
        return
    yield from _no_image(estimator, estimator.name, judged, version, python)


def _hugging_face(estimator: Estimator) -> Iterator[Problem]:
    version, python = (
        _string_argument(estimator, "transformers_version"),
        _string_argument(estimator, "py_version"),
    )
    bases = {
        base: argument
        for base in ("pytorch", "tensorflow")
        if (argument := _string_argument(estimator, f"{base}_version")) is not None
    }
    if len(bases) == 2 and all(is_set(estimator, f"{base}_version") for base in bases):
        detail = "HuggingFace takes pytorch_version or tensorflow_version, not both"
        yield at_argument(estimator, bases["tensorflow"], detail)
    if version is None or version.text_by_default is None or len(bases) != 1:
        return
    ((name, base),) = bases.items()
    python_version = python.text_by_default if python else None
    judged = version_pair(
        "huggingface", version.text_by_default, python_version, f"{name}{base.text_by_default}"
    )
    if judged.kind == "wrong_base":
        nearest = did_you_mean(judged.nearest.removeprefix(name)) if judged.nearest else ""
        detail = f"transformers {version.text_by_default} {judged.detail}, not {name}{base.text_by_default}{nearest}"
        meant = judged.nearest.removeprefix(name) if judged.nearest else None
        yield at_value(estimator, base.expression, base.text_by_default, detail, meant=meant)
    else:
        yield from _no_image(estimator, "Hugging Face", judged, version, python)


def _no_image(
    estimator: Estimator, name: str, judged: Judgement, version: Argument, python: Argument | None
) -> Iterator[Problem]:
    if judged.kind == "no_such_version":
        hint = did_you_mean(judged.nearest)
        detail = f"there is no image of {name} {version.text_by_default}{hint}"
        yield at_value(estimator, version.expression, version.text_by_default, detail, meant=judged.nearest)
    elif judged.kind == "wrong_python" and python is not None:
        detail = f"{name} {version.text_by_default} {judged.detail}, not {python.text_by_default}"
        yield at_value(estimator, python.expression, python.text_by_default, detail, meant=judged.nearest)


def _string_argument(estimator: Estimator, name: str) -> Argument | None:
    """Return the argument if it has one literal string, written or by default, that nothing replaces; or None."""
    found = estimator.arguments.only(name)
    if found is None or found.text_by_default is None or name in estimator.overridden:
        return None
    return found
