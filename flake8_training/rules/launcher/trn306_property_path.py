"""TRN306: a path into a step's properties that does not exist.

Source: sagemaker 2.257.7 ``workflow/pipeline.py: _validate_json_get_property_file_reference`` and ``workflow/steps.py``
(only a ``ProcessingStep`` has property files).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.fix import Fix, renamed
from flake8_training.launcher import Launcher
from flake8_training.launcher.processing_outputs import outputs_of, segments_of
from flake8_training.launcher.property_files import PropertyFile, files_of, property_reads
from flake8_training.launcher.sdk_objects import PropertyUse, Step
from flake8_training.ledger import Reason, note_question, note_unknown, unknown_if
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.paths import Judgement
from flake8_training.sagemaker.properties import path_text, property_path
from flake8_training.spelling import did_you_mean


def _evaluated(change: str, mark: str = "") -> Example:
    """Return a pipeline that reads a value of an evaluation, and the script that writes the evaluation."""
    return Example(
        {
            "pipeline.py": f"""
                from sagemaker.processing import ProcessingOutput, ScriptProcessor
                from sagemaker.workflow.functions import JsonGet
                from sagemaker.workflow.pipeline_context import PipelineSession
                from sagemaker.workflow.properties import PropertyFile
                from sagemaker.workflow.steps import ProcessingStep

                processor = ScriptProcessor(
                    image_uri="123456789012.dkr.ecr.us-east-1.amazonaws.com/evaluate:1",
                    command=["python3"],
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    sagemaker_session=PipelineSession(),
                )
                report = PropertyFile(name="Report", output_name="report", path="report.json")
                arguments = processor.run(
                    code="evaluate.py",
                    outputs=[ProcessingOutput(output_name="report", source="/opt/ml/processing/report")],
                )
                step = ProcessingStep(name="Evaluate", step_args=arguments, property_files=[report])
                error = JsonGet(
                    step_name=step.name,
                    property_file=report,
                    json_path="error",{mark}
                )
            """,
            "evaluate.py": (
                'import json\n\nreport = {"loss": 0.1}\n'
                f"{change}"
                'with open("/opt/ml/processing/report/report.json", "w") as file:\n    json.dump(report, file)\n'
            ),
        },
        options=("--all", "--select=TRN306"),
    )


def _flow(source: str, mark: str = "") -> Example:
    """Return a specification whose flow table has a source of data."""
    text = f"""
SERVING_SPEC = {{
    "step_name": "serving",
    "step_type": "TrainingStep",
    "training_pipeline_flow": {{
        "data_source": "{source}",{mark}
        "model_destination": "s3://bucket/models/",
    }},
    "estimator_config": {{
        "instance_type": "ml.m5.xlarge", "instance_count": 1, "volume_size_in_gb": 30, "max_run": 60
    }},
    "inputs": {{"data": "TrainingInput"}},
    "outputs": {{"model": "model_artifacts"}},
    "hyperparameters": {{"a": 1}},
    "code_location": "s3://bucket/code/",
}}
"""
    return Example({"specs/serving_spec.py": text}, options=("--all", "--select=TRN306"))


class WrongPropertyPath(LauncherRule):
    """Reports property paths and property files that the step does not have."""

    code = "TRN306"
    severity = Severity.ERROR
    summary = "the step has no such property"
    other_summaries = ("the processing script never writes the property",)
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
        "the JSON document that the processing script writes to the property file lacks a key of `json_path`, "
        "or the script writes another file there (commit hook)",
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
        Condition(
            "the document that the script writes may have the key",
            suppressed=_evaluated("report.update(json.load(open('more.json')))\n"),
            reported=_evaluated("print(json.load(open('more.json')))\n", "  # TRN306"),
        ),
        Condition(
            "a path in a specification or flow table contains a placeholder, such as `{name}` or `${name}`",
            suppressed=_flow("{step}.properties.ModelArtifact"),
            reported=_flow("step.properties.ModelArtifact", "  # TRN306"),
        ),
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


def missing_property_files(launcher: Launcher) -> Iterator[Problem]:
    """Yield the property files of ``JsonGet`` that the named step does not have."""
    for read in property_reads(launcher):
        reason = _judged(launcher, read.step, read.file)
        if reason:
            yield Problem(launcher.own(read.wanted.node, read.node), reason, read.node)


def _judged(launcher: Launcher, step: Step, wanted: PropertyFile) -> str:
    if step.kind != "Processing":
        return f"a {step.name} has no property files"
    files = files_of(launcher, step)
    if files is None:
        note_unknown(Reason.COMPUTED, step.node, what="property_files")
        return ""
    mine = [one for one in files if wanted.is_same(one)]
    if not mine:
        if any(one.name is None for one in files) or (wanted.name is None and files):
            note_unknown(Reason.COMPUTED, step.node, what="property_files")
            return ""
        return f"the step has no property file {wanted.name or ''}".rstrip() + ", list it in property_files"
    outputs = outputs_of(launcher, step)
    name = wanted.output or mine[0].output
    if outputs is None or name is None:
        note_unknown(Reason.COMPUTED, step.node, what="outputs")
        return ""
    if name in outputs:
        return ""
    return f"the step has no output {name}, it has {', '.join(outputs) or 'none'}"


def wrong_property_paths(launcher: Launcher) -> Iterator[Problem]:
    """Yield the property paths that none of the possible steps has."""
    for use in launcher.properties:
        segments = segments_of(launcher, use)
        note_question()
        if not segments:
            continue
        if unknown_if(any(step.local is not None for step in use.steps), Reason.DYNAMIC, use.node):
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
