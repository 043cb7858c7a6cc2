"""Objects that stand for the structures of a request: the shapes of sagemaker-core and the properties of the CDK.

Their arguments are the structure's members in snake case. Source: sagemaker-core 1.0.62 ``tools/method.py`` and
``main/shapes.py`` (``volume_size_in_gb``, ``hyper_parameters``), aws-cdk-lib 2.170 ``aws_stepfunctions_tasks``
(``hyperparameters``; it has defaults for members that the service requires).
"""

from __future__ import annotations

from typing import Final

from flake8_training.engine.values.values import LibraryObject
from flake8_training.launcher.located_expressions import Arguments, LocatedExpression
from flake8_training.launcher.signs import CORE
from flake8_training.record import replace

_CDK = ("aws_cdk.aws_stepfunctions_tasks.",)
_IMAGE = "aws_cdk.aws_stepfunctions_tasks.DockerImage.from_registry()"
_WORDS: Final = {
    "gb": "GB",
    "kms": "Kms",
    "hyperparameters": "HyperParameters",
    "metricdefinitions": "MetricDefinitions",
}


def is_shape(name: str) -> bool:
    """Return whether a canonical name is a class whose objects are structures of a request."""
    short = name.rpartition(".")[2]
    return short[:1].isupper() and (name.startswith(_CDK) or (name.startswith(CORE) and ".shapes." in name))


def is_core_job(name: str) -> bool:
    """Return whether a canonical name is the method of sagemaker-core that starts a training job."""
    return name.startswith(CORE) and name.endswith(".TrainingJob.create")


def is_cdk_task(name: str) -> bool:
    """Return whether a canonical name is the CDK's task that starts a training job."""
    return name.startswith(_CDK) and name.endswith(".SageMakerCreateTrainingJob")


def image_in(expression: LocatedExpression) -> LocatedExpression:
    """Return the address in ``DockerImage.from_registry(...)`` of the CDK; any other expression as it is."""
    value = expression.values[0] if len(expression.values) == 1 else None
    if not isinstance(value, LibraryObject) or value.name != _IMAGE or value.site is None:
        return expression
    call = value.site.node
    written = [*call.args[:1], *(one.value for one in call.keywords if one.arg == "image_uri")]
    if len(written) != 1:
        return expression
    return LocatedExpression(written[0], value.site.scope, value.frame, expression.evaluator)


def members(arguments: Arguments) -> Arguments:
    """Return arguments in snake case under the names of the members."""
    return replace(arguments, entries=tuple(replace(one, name=member_name(one.name)) for one in arguments))


def member_name(argument: str) -> str:
    """Return the name of the member that an argument stands for: ``VolumeSizeInGB`` for ``volume_size_in_gb``."""
    return "".join(_WORDS.get(word) or word[:1].upper() + word[1:] for word in argument.split("_"))
