"""TRN306: a path into a step's properties that does not exist.

Source: sagemaker 2.257.7 ``workflow/pipeline.py: _validate_json_get_property_file_reference`` and ``workflow/steps.py``
(only a ``ProcessingStep`` has property files).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flake8_training.engine.values.values import Constant, LibraryObject, Value
from flake8_training.finding import Severity
from flake8_training.fix import Fix, renamed
from flake8_training.launcher import Launcher
from flake8_training.launcher.located_expressions import Arguments, LocatedExpression
from flake8_training.launcher.processing_outputs import elements_of, outputs_of, segments_of
from flake8_training.launcher.sdk_objects import PropertyUse, Step
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.paths import Judgement
from flake8_training.sagemaker.properties import path_text, property_path
from flake8_training.spelling import did_you_mean


class WrongPropertyPath(LauncherRule):
    """Reports property paths and property files that the step does not have."""

    code = "TRN306"
    severity = Severity.ERROR
    summary = "the step has no such property"
    why = """
        The properties of a step are those of the API's description of its job: `ModelArtifacts.S3ModelArtifacts` of a
        training job, `ProcessingOutputConfig.Outputs["name"].S3Output.S3Uri` of a processing job. A wrong attribute
        raises `AttributeError` when the pipeline is defined, which needs credentials and a session. Only the service
        refuses a wrong path in a string.

        `JsonGet` reads a property file. The SDK refuses the pipeline if the processing step does not list the file, or
        lacks the output that holds it.
    """
    fix = """
        Use the path that the message suggests. For `JsonGet`, list the file in `property_files` of the processing step,
        and define its output.
    """
    fixable = "renames a misspelled property"
    reported_when = (
        "`step.properties` is followed by a path that no kind of step that the name can be has",
        "`JsonGet` names a property file that the step does not list, or a step that is no `ProcessingStep`",
        "`JsonGet` names a property file whose output the processing step does not have",
        "a specification's `property_path` or a flow table has such a path, or no string that can be read "
        "as a path (commit hook)",
        "a `property_path` does not begin with `properties` (commit hook)",
    )
    not_reported_when = (
        Condition(
            "the step is an instance of a subclass that the project defines",
            suppressed={"train = TrainingStep(": ("class Ours(TrainingStep):\n    pass\n\n\ntrain = Ours(")},
            reported={
                "train = TrainingStep(": ("class Ours(TrainingStep):\n    pass\n\n\ntrain = TrainingStep(")
            },
        ),
        Condition(
            "one of the steps that the name can be has the path",
            suppressed={
                "model = Model(": (
                    "import sys\n"
                    "\n"
                    "if sys.argv[1:]:\n"
                    '    train = ProcessingStep(name="P", step_args=None)\n'
                    "model = Model("
                ),
                ("from sagemaker.workflow.steps import TrainingStep\n"): (
                    "from sagemaker.workflow.steps import ProcessingStep, TrainingStep\n"
                ),
                "train.properties.ModelArtifacts.S3ModelArtifact,  # TRN306": "train.properties.ProcessingJobName,",
            },
            reported={
                "model = Model(": (
                    "import sys\n"
                    "\n"
                    "if sys.argv[1:]:\n"
                    '    print(ProcessingStep(name="P", step_args=None))\n'
                    "model = Model("
                ),
                ("from sagemaker.workflow.steps import TrainingStep\n"): (
                    "from sagemaker.workflow.steps import ProcessingStep, TrainingStep\n"
                ),
                "train.properties.ModelArtifacts.S3ModelArtifact,  # TRN306": (
                    "train.properties.ProcessingJobName,  # TRN306"
                ),
            },
        ),
        Condition(
            "the step, the property file or the list of outputs is unknown",
            suppressed={
                "train.properties": "steps.TRAIN.properties",
                "import sagemaker\n": "import steps\nimport sagemaker\n",
            },
            reported={
                "import sagemaker\n": "import steps\nimport sagemaker\n",
                "train = Tr": "print(steps.TRAIN.properties)\ntrain = Tr",
            },
        ),
        "a path in a specification or flow table contains a placeholder, such as `{name}` or `${name}`",
        NOT_IN_TESTS,
    )
    bad = Example(
        {
            "pipeline.py": """
                import sagemaker
                from sagemaker.model import Model
                from sagemaker.pytorch import PyTorch
                from sagemaker.workflow.pipeline import Pipeline
                from sagemaker.workflow.pipeline_context import PipelineSession
                from sagemaker.workflow.steps import TrainingStep

                session = PipelineSession()
                role = sagemaker.get_execution_role()
                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=role,
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                    sagemaker_session=session,
                )
                train = TrainingStep(name="Train", step_args=estimator.fit({"train": "s3://churn-data/train"}))
                model = Model(
                    image_uri=estimator.training_image_uri(),
                    model_data=train.properties.ModelArtifacts.S3ModelArtifact,  # TRN306
                    role=role,
                    sagemaker_session=session,
                )
            """,
        }
    )
    good = Example(
        {
            "pipeline.py": """
                import sagemaker
                from sagemaker.model import Model
                from sagemaker.pytorch import PyTorch
                from sagemaker.workflow.pipeline import Pipeline
                from sagemaker.workflow.pipeline_context import PipelineSession
                from sagemaker.workflow.steps import TrainingStep

                session = PipelineSession()
                role = sagemaker.get_execution_role()
                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=role,
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                    sagemaker_session=session,
                )
                train = TrainingStep(name="Train", step_args=estimator.fit({"train": "s3://churn-data/train"}))
                model = Model(
                    image_uri=estimator.training_image_uri(),
                    model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
                    role=role,
                    sagemaker_session=session,
                )
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-properties.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each path or property file that does not exist."""
        yield from wrong_property_paths(launcher)
        yield from missing_property_files(launcher)


_FUNCTION = ("step_name", "property_file", "json_path")

_FILE = ("name", "output_name", "path")

_MODULES = ("sagemaker.workflow.", "sagemaker.mlops.workflow.", "sagemaker.core.workflow.")


class _File(NamedTuple):
    """A property file: the call that constructs it, its name and its output; each is None if unknown."""

    node: ast.Call | None
    name: str | None
    output: str | None


def missing_property_files(launcher: Launcher) -> Iterator[Problem]:
    """Yield the property files of ``JsonGet`` that the named step does not have."""
    for site in launcher.module.calls_by_name.get("JsonGet", ()):
        names = launcher.evaluator.names(site.node, site.scope)
        if not names or not all(name.startswith(_MODULES) for name in names):
            continue
        arguments = launcher.reader.arguments(site.node, site.scope, None, _FUNCTION)
        wanted = arguments.only("property_file")
        step = _step(launcher, arguments)
        if wanted is None or step is None or wanted.given.is_none or step.arguments.open_ended:
            continue
        found = [_file(launcher, value) for value in wanted.given.values]
        if len(found) == 1 and found[0] is not None:
            reason = _judged(launcher, step, found[0])
            if reason:
                yield Problem(launcher.own(wanted.node, site.node), reason, site.node)


def _step(launcher: Launcher, arguments: Arguments) -> Step | None:
    """Return the one step that ``JsonGet`` reads: by its object, its name, or ``step.name``; else None."""
    argument = arguments.only("step") or arguments.only("step_name")
    if argument is None:
        return None
    node = argument.node
    if isinstance(node, ast.Attribute) and node.attr == "name":
        held = launcher.constructions_in(launcher.reader.given(node.value, argument.given.scope))
    elif argument.text is not None:
        named = [(step, step.get("name")) for step in launcher.steps]
        if any(name is None or name.text is None for _, name in named):
            return None
        held = tuple(step for step, name in named if name is not None and name.text == argument.text)
    else:
        held = launcher.constructions_in(argument.given)
    steps = [one for one in held if isinstance(one, Step) and one.local is None]
    return steps[0] if len(steps) == len(held) == 1 else None


def _file(launcher: Launcher, value: Value) -> _File | None:
    if isinstance(value, Constant) and isinstance(value.value, str):
        return _File(None, value.value, None)
    if (
        not isinstance(value, LibraryObject)
        or value.site is None
        or not value.name.endswith(".PropertyFile()")
    ):
        return None
    arguments = launcher.reader.arguments(value.site.node, value.site.scope, value.frame, _FILE)
    name, output = arguments.only("name"), arguments.only("output_name")
    return _File(value.site.node, name.text if name else None, output.text if output else None)


def _judged(launcher: Launcher, step: Step, wanted: _File) -> str:
    if step.kind != "Processing":
        return f"a {step.name} has no property files"
    attached = step.get("property_files")
    files = _files(launcher, attached.given) if attached is not None else []
    if files is None:
        return ""
    mine = [one for one in files if wanted.node is one.node or (wanted.name and wanted.name == one.name)]
    if not mine:
        if any(one.name is None for one in files) or (wanted.name is None and files):
            return ""
        return f"the step has no property file {wanted.name or ''}".rstrip() + ", list it in property_files"
    outputs = outputs_of(launcher, step)
    name = wanted.output or mine[0].output
    if outputs is None or name is None or name in outputs:
        return ""
    return f"the step has no output {name}, it has {', '.join(outputs) or 'none'}"


def _files(launcher: Launcher, expression: LocatedExpression) -> list[_File] | None:
    found = elements_of(launcher, expression)
    if found is None:
        return None
    files = [_file(launcher, element.values[0]) if len(element.values) == 1 else None for element in found]
    known = [one for one in files if one is not None]
    return known if len(known) == len(files) else None


def wrong_property_paths(launcher: Launcher) -> Iterator[Problem]:
    """Yield the property paths that none of the possible steps has."""
    for use in launcher.properties:
        segments = segments_of(launcher, use)
        if not segments or any(step.local is not None for step in use.steps):
            continue
        judged = [property_path(step.kind, segments) for step in use.steps]
        if all(one.kind == "wrong" for one in judged):
            step = use.steps[0]
            written = judged[0].detail or path_text(segments)
            near = judged[0].nearest
            detail = f"{step.name} has no {written}{did_you_mean(near and _differing_end(written, near))}"
            yield Problem(use.node, detail, use.node, fix=_fix(use, judged, path_text(segments)))


def _fix(use: PropertyUse, judged: list[Judgement], written: str) -> Fix | None:
    """Return the fix of the one misspelled attribute of a path, if every possible step means the same."""
    meant = {one.nearest for one in judged}
    right = meant.pop() if len(meant) == 1 else None
    if right is None:
        return None
    differing = [
        pair for pair in zip(written.split("."), right.split("."), strict=False) if pair[0] != pair[1]
    ]
    if written.count(".") != right.count(".") or len(differing) != 1:
        return None
    wrong, intended = differing[0]
    links = [link for link in use.path if isinstance(link, ast.Attribute) and link.attr == wrong]
    return renamed(links[0], wrong, intended) if len(links) == 1 else None


def _differing_end(written: str, right: str) -> str:
    """Return the right path from its first attribute on that is another than the written one."""
    pairs = zip(written.split("."), right.split("."), strict=False)
    same = next((n for n, (one, other) in enumerate(pairs) if one != other), 0)
    return ".".join(right.split(".")[same:])
