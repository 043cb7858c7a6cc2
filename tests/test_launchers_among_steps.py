"""``steps`` and ``graph`` show what launchers start, and the steps of SageMaker pipelines."""

from __future__ import annotations

from pathlib import Path

from tests.alignment import training_alignment
from tests.harness import write
from tests.launchers.formats import SCRIPT

PIPELINE = """from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingOutput
from sagemaker.sklearn import SKLearn
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

ROLE = "arn:aws:iam::123456789012:role/Training"
processor = SKLearnProcessor("1.2-1", ROLE, "ml.m5.xlarge", 1)
prepare = ProcessingStep(
    name="Prepare",
    processor=processor,
    outputs=[ProcessingOutput(output_name="train", source="/opt/ml/processing/train")],
    code="prepare.py",
)
estimator = SKLearn(
    entry_point="train.py",
    source_dir="code",
    role=ROLE,
    instance_type="{instance}",
    instance_count=1,
    framework_version="1.2-1",
    py_version="py3",
)
train = TrainingStep(
    name="Train",
    estimator=estimator,
    inputs={{
        "train": TrainingInput(prepare.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri)
    }},
)
after = ProcessingStep(name="Report", processor=processor, code="report.py", depends_on=[train])
pipeline = Pipeline(name="churn", steps=[prepare, train, after])
"""
BY_CALLS = """from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingOutput
from sagemaker.sklearn import SKLearn
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

ROLE = "arn:aws:iam::123456789012:role/Training"
session = PipelineSession()
processor = SKLearnProcessor("1.2-1", ROLE, "ml.m5.xlarge", 1, sagemaker_session=session)
started = processor.run(
    code="prepare.py",
    outputs=[ProcessingOutput(output_name="train", source="/opt/ml/processing/train")],
)
prepare = ProcessingStep(name="Prepare", step_args=started)
estimator = SKLearn(
    entry_point="train.py",
    source_dir="code",
    role=ROLE,
    instance_type="ml.m5.xlarge",
    instance_count=1,
    framework_version="1.2-1",
    py_version="py3",
    sagemaker_session=session,
)
started = estimator.fit(
    {"train": TrainingInput(prepare.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri)}
)
train = TrainingStep(name="Train", step_args=started)
pipeline = Pipeline(name="churn", steps=[prepare, train])
"""
LAUNCHER = """from sagemaker.sklearn import SKLearn

SKLearn(
    entry_point="missing.py",
    source_dir="code",
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    framework_version="1.2-1",
    py_version="py3",
).fit({"train": "s3://churn/train/"})
"""


def files(instance: str = "ml.m5.xlarge") -> dict[str, str]:
    """The files of a repository with a pipeline and another launcher."""
    return {"pipeline.py": PIPELINE.format(instance=instance), "launch.py": LAUNCHER, "code/train.py": SCRIPT}


def test_steps_as_data(tmp_path: Path) -> None:
    write(tmp_path, files())
    found = {
        one["name"]: one for one in training_alignment("steps", "--format", "json", folder=tmp_path).data
    }
    assert set(found) == {"launch.py:3", "Prepare", "Train", "Report"}
    assert [part["path"] for part in found["Train"]["parts"]] == ["pipeline.py", "code/train.py"]
    assert found["Train"]["kind_reason"] == "a step of the pipeline churn"
    assert (found["Train"]["after"], found["Report"]["after"], found["Prepare"]["after"]) == (
        ["Prepare"],
        ["Train"],
        [],
    )
    assert found["launch.py:3"]["script_reason"].startswith("no file missing.py")


def test_steps_of_calls_are_the_jobs_of_these_calls(tmp_path: Path) -> None:
    write(tmp_path, {"pipeline.py": BY_CALLS, "code/train.py": SCRIPT, "prepare.py": "print(1)\n"})
    found = {
        one["name"]: one for one in training_alignment("steps", "--format", "json", folder=tmp_path).data
    }
    assert set(found) == {"Prepare", "Train"}, "a job of a listed step is listed once"
    paths = {name: [part["path"] for part in one["parts"]] for name, one in found.items()}
    assert paths == {"Prepare": ["pipeline.py", "prepare.py"], "Train": ["pipeline.py", "code/train.py"]}
    assert found["Prepare"]["script_reason"] == "the code of the processing job"
    assert found["Train"]["after"] == ["Prepare"]


def test_a_job_of_another_call_is_no_job_of_the_step(tmp_path: Path) -> None:
    own = BY_CALLS.replace(
        "step_args=started)\npipeline", "step_args=estimator.latest_training_job)\npipeline"
    )
    write(tmp_path, {"pipeline.py": own, "code/train.py": SCRIPT, "prepare.py": "print(1)\n"})
    found = {
        one["name"]: one for one in training_alignment("steps", "--format", "json", folder=tmp_path).data
    }
    assert set(found) == {"Prepare", "Train", "pipeline.py:17"}
    assert found["Train"]["script_reason"] == "no script of the repository is named"


REMOTE = """from {module} import remote

@remote(instance_type="ml.m5.xlarge")
def train(rate):
    print(rate)

train(0.1)
"""
STEP = """from sagemaker.workflow.function_step import step

@step(name="Train", instance_type="ml.m5.xlarge")
def train(rate):
    print(rate)
"""


def test_functions_that_run_as_jobs(tmp_path: Path) -> None:
    write(tmp_path, {"run.py": REMOTE.format(module="sagemaker.remote_function"), "steps/train.py": STEP})
    write(tmp_path, {"other.py": REMOTE.format(module="ray")})
    found = {
        one["name"]: one for one in training_alignment("steps", "--format", "json", folder=tmp_path).data
    }
    assert {name: one["kind"] for name, one in found.items()} == {"run.py:3": "remote", "Train": "step"}
    assert [part["path"] for part in found["Train"]["parts"]] == ["steps/train.py", "steps/train.py"]
    assert "Train" in training_alignment("graph", folder=tmp_path).output


def test_steps_as_text(tmp_path: Path) -> None:
    write(tmp_path, files())
    output = training_alignment("steps", folder=tmp_path).output
    assert "Train: TrainingStep (a step of the pipeline churn)" in output
    assert "pipeline.py:25" in output
    assert "code/train.py" in output


def test_the_graph(tmp_path: Path) -> None:
    write(tmp_path, files("ml.m5.xlagre"))
    lines = [line.strip() for line in training_alignment("graph", folder=tmp_path).output.splitlines()]
    numbers = {
        line.partition('"')[2].partition("<")[0]: line.partition("[")[0] for line in lines if '["' in line
    }
    assert {"Prepare", "Train", "Report"} <= set(numbers)
    assert f"{numbers['Prepare']} --> {numbers['Train']}" in lines
    assert f"{numbers['Train']} --> {numbers['Report']}" in lines
    assert any(line.startswith(numbers["Train"]) and " error" in line for line in lines)


def test_a_repository_without_launchers_has_none(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": SCRIPT})
    assert training_alignment("steps", folder=tmp_path).output.strip() == "no steps found"
