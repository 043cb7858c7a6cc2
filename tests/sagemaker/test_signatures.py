"""Signatures of both SDKs."""

from __future__ import annotations

import pytest

from flake8_training.sagemaker.signatures import Signature, home, is_subclass, signature
from flake8_training.sagemaker.table_files import load
from flake8_training.spelling import closest

ESTIMATORS = (
    "sagemaker.pytorch.PyTorch",
    "sagemaker.pytorch.estimator.PyTorch",
    "sagemaker.tensorflow.TensorFlow",
    "sagemaker.sklearn.SKLearn",
    "sagemaker.xgboost.XGBoost",
    "sagemaker.huggingface.HuggingFace",
    "sagemaker.mxnet.MXNet",
    "sagemaker.estimator.Estimator",
)


def known(dotted: str) -> Signature:
    found = signature(dotted)
    assert found is not None
    return found


@pytest.mark.parametrize("dotted", ESTIMATORS)
def test_estimators_of_v2(dotted: str) -> None:
    found = known(dotted)
    assert found.sdk == "v2"
    assert found.accepts_any
    assert {
        "instance_count",
        "instance_type",
        "role",
        "max_run",
        "hyperparameters",
        "entry_point",
    } <= found.known
    assert "instnce_count" not in found.known
    assert closest("instnce_count", found.known) == "instance_count"
    assert found.renamed["train_instance_count"] == "instance_count"
    assert found.defaults["max_run"] == 86400
    assert is_subclass(dotted, "sagemaker.estimator.EstimatorBase")


def test_required_and_positional() -> None:
    assert known("sagemaker.xgboost.XGBoost").required == {"entry_point", "framework_version"}
    assert known("sagemaker.tensorflow.TensorFlow").required == {"entry_point"}
    assert known("sagemaker.pytorch.PyTorch").required == frozenset()
    assert known("sagemaker.estimator.Estimator").positional[:3] == ("image_uri", "role", "instance_count")
    assert known("sagemaker.inputs.TrainingInput").required == {"s3_data"}
    assert known("sagemaker.parameter.IntegerParameter").positional[:2] == ("min_value", "max_value")
    assert known("sagemaker.workflow.properties.PropertyFile").required == {"name", "output_name", "path"}


def test_steps_take_nothing_unknown() -> None:
    step = known("sagemaker.workflow.steps.TrainingStep")
    assert not step.accepts_any
    assert step.known == {
        *("name", "step_args", "estimator", "display_name", "description"),
        *("inputs", "cache_config", "depends_on", "retry_policies"),
    }
    assert "estimator" not in known("sagemaker.mlops.workflow.steps.TrainingStep").known
    assert not is_subclass("sagemaker.workflow.steps.TrainingStep", "sagemaker.estimator.EstimatorBase")


@pytest.mark.parametrize(
    "dotted",
    [
        "sagemaker.train.ModelTrainer",
        "sagemaker.train.model_trainer.ModelTrainer",
        "sagemaker.modules.train.ModelTrainer",
    ],
)
def test_model_trainer(dotted: str) -> None:
    found = known(dotted)
    assert (found.sdk, found.positional, found.accepts_any) == ("v3", (), False)
    assert {"training_image", "source_code", "compute", "hyperparameters"} <= found.known
    assert not any(name.startswith("_") for name in found.known)


def test_configurations_of_v3_take_their_bases_fields() -> None:
    for module in ("sagemaker.core.training.configs", "sagemaker.train.configs", "sagemaker.modules.configs"):
        compute = known(f"{module}.Compute")
        assert {
            "instance_type",
            "instance_count",
            "volume_size_in_gb",
            "enable_managed_spot_training",
        } <= compute.known
        assert compute.required == frozenset()
        assert known(f"{module}.StoppingCondition").known == {
            *("max_runtime_in_seconds", "max_wait_time_in_seconds", "max_pending_time_in_seconds"),
        }
        assert known(f"{module}.CheckpointConfig").required == frozenset()
    assert known("sagemaker.core.shapes.CheckpointConfig").required == {"s3_uri"}


def test_methods() -> None:
    fit = known("sagemaker.pytorch.PyTorch().fit")
    assert fit.name == "sagemaker.estimator.EstimatorBase.fit"
    assert fit.positional == ("inputs", "wait", "logs", "job_name", "experiment_config")
    assert known("sagemaker.jumpstart.estimator.JumpStartEstimator.fit").positional[-1] == "accept_eula"
    assert known("sagemaker.sklearn.processing.SKLearnProcessor().run").required == {"code"}
    assert "input_data_config" in known("sagemaker.train.ModelTrainer().train").known


def test_unknown_names() -> None:
    for dotted in (
        "",
        "sagemaker",
        "sagemaker.Session",
        "torch.nn.Module",
        "sagemaker.pytorch.PyTorch.nothing",
    ):
        assert signature(dotted) is None
    assert home("sagemaker.pytorch.PyTorch") == "sagemaker.pytorch.estimator.PyTorch"
    assert not is_subclass("torch.nn.Module", "sagemaker.estimator.EstimatorBase")


@pytest.mark.parametrize("table", ["signatures_v2", "signatures_v3"])
def test_every_name_of_the_tables_is_found(table: str) -> None:
    content = load(table)
    for dotted in content["classes"]:
        found = known(dotted)
        assert found.sdk == table[-2:]
        assert found.required <= found.known
        assert set(found.positional) <= found.known
        assert set(found.renamed.values()) <= found.known
    for module, origins in content["aliases"].items():
        for origin, names in origins.items():
            for name in names:
                assert known(f"{module}.{name}").name == f"{origin}.{name}"
