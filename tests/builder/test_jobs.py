"""What is read of the jobs that a launcher starts: channels, tuners, steps, requests, properties."""

from __future__ import annotations

import pytest

from tests.builder.reading import launcher

HEAD = """
from sagemaker.inputs import TrainingInput
from sagemaker.pytorch import PyTorch
import sagemaker
session = sagemaker.Session()
e = PyTorch(entry_point='t.py')
"""

CHANNELS: dict[str, tuple[str, list[str]]] = {
    "none": ("e.fit()", []),
    "None": ("e.fit(None)", []),
    "a text": ("e.fit('s3://bucket/x')", ["training"]),
    "an f-string": ("e.fit(f's3://{bucket()}/x')", ["training"]),
    "an input": ("e.fit(TrainingInput('s3://bucket/x'))", ["training"]),
    "by keyword": ("e.fit(inputs=TrainingInput('s3://bucket/x'))", ["training"]),
    "an upload": ("e.fit(session.upload_data('data'))", ["training"]),
    "a dict": ("e.fit({'train': a(), 'test': b()})", ["train", "test"]),
    "a dict that is filled": ("d = {}\nd['train'] = a()\nd['test'] = b()\ne.fit(d)", ["train", "test"]),
    "a loop": ("d = {}\nfor n in ('train', 'test'):\n    d[n] = a(n)\ne.fit(d)", ["train", "test"]),
    "a comprehension": ("e.fit({n: a(n) for n in ['train', 'test']})", ["train", "test"]),
}


@pytest.mark.parametrize("name", CHANNELS)
def test_channels(name: str) -> None:
    text, expected = CHANNELS[name]
    (job,) = launcher(HEAD + text).jobs
    assert [channel.name for channel in job.channels.entries] == expected
    assert not job.channels.open_ended
    assert all(channel.certain for channel in job.channels.entries)


@pytest.mark.parametrize(
    "given", ["load()", "{**load()}", "{name(): 1}", "[TrainingInput('s3://b/x')]", "unknown"]
)
def test_channels_that_cannot_be_told(given: str) -> None:
    (job,) = launcher(HEAD + f"e.fit({given})").jobs
    assert job.channels.open_ended


def test_model_uri_makes_a_channel() -> None:
    (job,) = launcher("""
        from sagemaker.pytorch import PyTorch
        PyTorch(entry_point="t.py", model_uri="s3://bucket/model.tar.gz").fit({"train": "s3://bucket/x"})
    """).jobs
    assert [(c.name, c.origin) for c in job.channels.entries] == [("train", "inputs"), ("model", "model")]


def test_tuner() -> None:
    found = launcher("""
        from sagemaker.pytorch import PyTorch
        from sagemaker.tuner import ContinuousParameter, HyperparameterTuner
        e = PyTorch(entry_point="t.py", hyperparameters={"epochs": 3})
        tuner = HyperparameterTuner(e, "loss", {"lr": ContinuousParameter(0.1, 0.2)}, [{"Name": "loss", "Regex": "x"}])
        tuner.fit({"train": "s3://bucket/x"})
    """)
    (job,) = found.jobs
    assert job.tuner is found.tuners[0]
    assert job.tuner.ranges.names == ("lr",)
    assert job.channels.names == ("train",)
    assert [m.name.text for m in job.tuner.metric_definitions.entries if m.name] == ["loss"]


STEPS = {
    "an estimator": "TrainingStep(name='Train', estimator=e, inputs={'train': 's3://bucket/x'})",
    "arguments of a step": "TrainingStep(name='Train', step_args=e.fit({'train': 's3://bucket/x'}))",
}


@pytest.mark.parametrize("name", STEPS)
def test_steps(name: str) -> None:
    found = launcher(HEAD + "from sagemaker.workflow.steps import TrainingStep\n" + STEPS[name])
    (job,) = found.jobs
    assert job.channels.names == ("train",)
    assert [(step.name, step.kind) for step in found.steps] == [("TrainingStep", "Training")]


def test_properties_of_steps() -> None:
    found = launcher(
        HEAD
        + """
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
one = ProcessingStep(name='Prepare', step_args=prepare())
two = TrainingStep(name='Train', step_args=e.fit({
    'train': one.properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri,
}))
use(two.properties.ModelArtifacts.S3ModelArtifacts, other.properties.X)
"""
    )
    assert sorted((use.steps[0].kind, len(use.path)) for use in found.properties) == [
        ("Processing", 5),
        ("Training", 2),
    ]


def test_requests() -> None:
    found = launcher("""
        import boto3
        request = {
            "TrainingJobName": "churn",
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        }
        request["RoleArn"] = role()
        boto3.client("sagemaker").create_training_job(**request)
    """)
    (request,) = found.requests
    assert request.members.names == ("TrainingJobName", "ResourceConfig", "RoleArn")
    (given,) = request.at("ResourceConfig.InstanceType")
    assert given.text == "ml.m5.large"
    assert request.at("ResourceConfig.Nothing") == ()


def test_tuning_requests() -> None:
    found = launcher("""
        import boto3
        ranges = {"IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "9"}]}
        job = {
            "StaticHyperParameters": {"rounds": "9"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
            "AlgorithmSpecification": {"TrainingInputMode": "File"},
            "InputDataConfig": [{"ChannelName": "train"}],
        }
        boto3.client("sagemaker").create_hyper_parameter_tuning_job(
            HyperParameterTuningJobName="churn",
            HyperParameterTuningJobConfig={"ParameterRanges": ranges},
            TrainingJobDefinition=job,
        )
    """)
    (request,) = found.requests
    (given,) = request.at("ResourceConfig.InstanceType")
    assert given.text == "ml.m5.large"
    (estimator,) = found.requested
    assert estimator.hyperparameters.names == ("rounds", "depth")
    assert not estimator.hyperparameters.open_ended
    (job,) = estimator.jobs
    assert job.channels.names == ("train",)


def test_several_definitions_of_a_tuning_request() -> None:
    found = launcher("""
        import boto3
        boto3.client("sagemaker").create_hyper_parameter_tuning_job(
            HyperParameterTuningJobName="churn",
            HyperParameterTuningJobConfig={},
            TrainingJobDefinitions=[
                {"StaticHyperParameters": {"a": "1"}, "HyperParameterRanges": {}},
                {"StaticHyperParameters": {"b": "1"}, "HyperParameterRanges": ranges()},
            ],
        )
    """)
    one, other = found.requested
    assert one.hyperparameters.names == ("a",)
    assert not one.hyperparameters.open_ended
    assert other.hyperparameters.open_ended


def test_trainers_channels_are_put_together() -> None:
    (job,) = launcher("""
        from sagemaker.train import ModelTrainer
        from sagemaker.train.configs import InputData
        given = [InputData(channel_name="a", data_source="s3://b/a")]
        trainer = ModelTrainer(training_image="i", input_data_config=given)
        more = [InputData(channel_name="b", data_source="s3://b/b")]
        trainer.train(input_data_config=more)
    """).jobs
    assert job.method == "train"
    assert job.channels.names == ("a", "b")
