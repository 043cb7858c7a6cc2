"""TRN435: the address of an image that no training job can pull.

Source: ``sagemaker/tables/image_registries.json``, which ``scripts/sagemaker_tables.py`` builds from the image tables
of sagemaker 2.257.7 and sagemaker-core 2.27.0; ``image_uris.py: retrieve`` of sagemaker 2.257.7.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.syntax.scopes import CallSite
from flake8_training.engine.values.values import Constant, StringTemplate, Value
from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.located_expressions import Arguments, LocatedExpression
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.framework_versions import processors, version_pair
from flake8_training.sagemaker.images import (
    UNKNOWN_PART,
    address,
    framework_problem,
    image_problem,
    is_framework,
    is_in_other_case,
    region_problem,
)
from flake8_training.spelling import did_you_mean

_LAUNCHER = """
    import sagemaker
    from sagemaker.estimator import Estimator

    {before}estimator = Estimator(
        image_uri={image},{mark}
        entry_point="train.py",
        role=sagemaker.get_execution_role(),
        instance_type="ml.m5.xlarge",
        instance_count=1,
    )
    estimator.fit({{"train": "s3://churn-data/train"}})
"""
_AWS = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"


def _example(image: str, mark: str = "", before: str = "") -> Example:
    return Example({"launch.py": _LAUNCHER.format(image=image, mark=mark, before=before)})


_MARK = "  # TRN435"
_IMAGES = ("image_uri", "training_image")
_PROCESSORS = ("Processor", "ScriptProcessor", "FrameworkProcessor")
_RETRIEVE = ("sagemaker.image_uris.retrieve", "sagemaker.core.image_uris.retrieve")
_NAMES = ("framework", "region", "version", "py_version", "instance_type", "accelerator_type", "image_scope")
_OF_TRAINING = frozenset({"sklearn", "xgboost"})
"""The frameworks whose images for training are those for inference."""
_SPECIAL = (
    "distribution",
    "training_compiler_config",
    "model_id",
    "container_version",
    "base_framework_version",
)


class ImpossibleImage(LauncherRule):
    """Reports addresses of images that contradict the SDKs' tables of images."""

    code = "TRN435"
    severity = Severity.ERROR
    summary = "the image URI cannot be right"
    why = """
        SageMaker pulls the image when the job starts: `ClientError: Cannot pull the algorithm container. The image may
        not exist or its permissions are wrong.` The account depends on the region and on the repository, and a
        repository of an older SDK ends with a version. `image_uris.retrieve` raises `ValueError: Unsupported pytorch
        version` when the launcher runs.
    """
    fix = """
        Let `sagemaker.image_uris.retrieve` build the address, or use the account, repository and version that the
        message names.
    """
    warning_when = (
        "a framework's name has other upper and lower case: it is found where names of files ignore case",
    )
    reported_when = (
        "the account, region, domain or repository of an address contradicts the SDKs' tables of training images",
        "the repository has no version as old as the tag's, or ends with an older one",
        "the tag combines a version with a Python version, a processor or a version of transformers that the "
        "repository does not have",
        "an image for inference runs a training job",
        "such an address is the default of an option or an environment variable",
        "`image_uris.retrieve` gets a framework or region that is a misspelling, the two in the wrong order, or a "
        "version that has no image",
        "`image_uris.retrieve` gets no `instance_type` for a training image of a framework with images for CPU and GPU",
        "an account has 10 to 14 digits, but not 12, or differs in one digit from the account of an AWS repository",
    )
    not_reported_when = (
        Condition(
            "the account is not one in which AWS keeps images: it may hold copies",
            suppressed=_example(
                '"111122223333.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-tensorflow:2.11.0-cpu-py39"'
            ),
            reported=_example(
                '"520713654638.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-tensorflow:2.11.0-cpu-py39"', _MARK
            ),
        ),
        Condition(
            "the tables have neither the region nor the repository, or the version is newer than theirs",
            suppressed=_example(f'"{_AWS}/pytorch-training:99.1-cpu-py312"'),
            reported=_example(f'"{_AWS}/pytorch-training:1.0-cpu-py3"', _MARK),
        ),
        Condition(
            "the tables know a single version of the repository",
            suppressed=_example(
                f'"{_AWS}/pytorch-training-neuronx:1.13.1-neuronx-py310-sdk2.18.0-ubuntu20.04"'
            ),
            reported=_example(f'"{_AWS}/pytorch-training:1.1.0-gpu-py3"', _MARK),
        ),
        Condition(
            "an image of Hugging Face has a version of transformers that the tables lack",
            suppressed=_example(
                f'"{_AWS}/huggingface-pytorch-training:2.6.0-transformers4.51.3-gpu-py312-cu126-ubuntu22.04"'
            ),
            reported=_example(
                f'"{_AWS}/huggingface-pytorch-training:2.6.0-transformers4.49.0-gpu-py312-cu126-ubuntu22.04"',
                _MARK,
            ),
        ),
        Condition(
            "the part that could be wrong is unknown",
            suppressed=_example(
                'f"246618743249.dkr.ecr.{region}.amazonaws.com/sagemaker-xgboost:1.7-1"',
                before="region = sagemaker.Session().boto_region_name\n    ",
            ),
            reported=_example(
                'f"246618743249.dkr.ecr.{region}.amazonaws.com/sagemaker-xgboost:1.7-1"',
                _MARK,
                before='region = "us-east-1"\n    ',
            ),
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "an image of another region than the session's",
        "a tag with a version between two that the repository has",
    )
    bad = _example(
        '"520713654638.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-tensorflow:2.11.0-cpu-py39"', _MARK
    )
    good = _example(f'"{_AWS}/tensorflow-training:2.11.0-cpu-py39"')
    references = (
        "https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html",
        "https://github.com/aws/deep-learning-containers/blob/master/available_images.md",
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each address and each ``retrieve`` that no image answers."""
        for estimator in launcher.estimators:
            for name in _IMAGES:
                argument = estimator.get(name)
                if argument is not None and argument.certain and name not in estimator.overridden:
                    yield from _addresses(launcher, argument.expression, estimator.node, for_training=True)
        for processor in launcher.of(*_PROCESSORS):
            argument = processor.get("image_uri")
            if argument is not None and argument.certain and "image_uri" not in processor.overridden:
                yield from _addresses(launcher, argument.expression, processor.node, for_training=False)
        for requested in launcher.requested:
            if requested.image is not None:
                yield from _addresses(launcher, requested.image, requested.node, for_training=True)
        for site in launcher.module.calls_by_name.get("retrieve", ()):
            if set(launcher.evaluator.names(site.node, site.scope)) & set(_RETRIEVE):
                yield from _retrieved(launcher, site)


def _addresses(
    launcher: Launcher, expression: LocatedExpression, node: ast.AST, for_training: bool
) -> Iterator[Problem]:
    seen: set[str] = set()
    values = (
        expression.values if expression.text_by_default is None else (Constant(expression.text_by_default),)
    )
    for value in values:
        text = _text(value)
        where = address(text) if text is not None else None
        detail = image_problem(where, for_training=for_training) if where is not None else ""
        if detail and detail not in seen:
            seen.add(detail)
            at = launcher.literal(expression, text, node)
            yield Problem(at, detail, node)


def _text(value: Value) -> str | None:
    """Return an address, with a mark for each unknown part; None if the value is no string."""
    if isinstance(value, Constant):
        return value.value if isinstance(value.value, str) else None
    if isinstance(value, StringTemplate):
        return "".join(part if isinstance(part, str) else UNKNOWN_PART for part in value.parts)
    return None


def _retrieved(launcher: Launcher, site: CallSite) -> Iterator[Problem]:
    arguments = launcher.reader.arguments(site.node, site.scope, None, _NAMES)
    found = {one.name: one for one in arguments if one.text is not None and one.certain}
    region = found.get("region")
    if region is not None and is_framework(region.text or ""):
        detail = f"the region is {region.text}, pass the framework first"
        yield Problem(launcher.own(region.at, site.node), detail, site.node)
        return
    for name, judge in (("framework", framework_problem), ("region", region_problem)):
        if name in found and (detail := judge(found[name].text or "")):
            trap = judge is framework_problem and is_in_other_case(found[name].text or "")
            at, severity = launcher.own(found[name].at, site.node), Severity.WARNING if trap else None
            yield Problem(at, detail, site.node, severity)
            return
    version, framework = found.get("version"), found.get("framework")
    if (
        framework is not None
        and _has_text(arguments, "image_scope", "training")
        and len(processors(framework.text or "")) > 1
        and arguments.lacks("instance_type", "serverless_inference_config", *_SPECIAL)
    ):
        detail = f"{framework.text} has images for CPU and GPU, and instance_type is missing"
        yield Problem(site.node, detail, site.node)
        return
    if version is None or framework is None or not arguments.lacks(*_SPECIAL):
        return
    name = framework.text or ""
    if not (name in _OF_TRAINING or _has_text(arguments, "image_scope", "training")) or name == "huggingface":
        return
    python = arguments.get("py_version")
    if python is not None and python.text is None and not python.expression.is_none:
        return
    judged = version_pair(name, version.text or "", python.text if python is not None else None)
    if judged.kind == "no_such_version":
        hint = did_you_mean(judged.nearest)
        yield Problem(
            launcher.own(version.at, site.node),
            f"there is no image of {name} {version.text}{hint}",
            site.node,
        )
    elif judged.kind == "wrong_python" and python is not None:
        detail = f"{name} {version.text} {judged.detail}, not {python.text}"
        yield Problem(launcher.own(python.at, site.node), detail, site.node)


def _has_text(arguments: Arguments, name: str, text: str) -> bool:
    found = arguments.get(name)
    return found is not None and found.text == text
