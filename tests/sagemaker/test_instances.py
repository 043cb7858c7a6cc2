"""Instance types: known, misspelt, of another job, of no family that is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training.sagemaker.instances import accelerator, instance_types, judge_instance_type


@pytest.mark.parametrize(
    ("name", "kind", "nearest"),
    [
        ("ml.m5.xlarge", "ok", None),
        ("ml.p4d.24xlarge", "ok", None),
        ("local", "ok", None),
        ("local_gpu", "ok", None),
        ("m5.xlarge", "misspelt", "ml.m5.xlarge"),
        ("ml.m5.xlagre", "misspelt", "ml.m5.xlarge"),
        ("ML.M5.XLARGE", "misspelt", "ml.m5.xlarge"),
        ("ml.m5.3xlarge", "no_such_size", None),
        ("ml.p3.xlarge", "no_such_size", None),
        ("ml.c6i.metal", "no_such_size", None),
        ("ml.t2.medium", "other_use", None),
        ("ml.t3.micro", "other_use", None),
        ("ml.c5.large", "other_use", None),
        ("ml.zz9.large", "unknown", None),
        ("large", "malformed", None),
        ("", "malformed", None),
    ],
)
def test_judgement(name: str, kind: str, nearest: str | None) -> None:
    judgement = judge_instance_type(name)
    assert (judgement.kind, judgement.nearest) == (kind, nearest)


def test_sizes_are_named() -> None:
    assert judge_instance_type("ml.p3.xlarge").detail == "ml.p3 has 2xlarge, 8xlarge, 16xlarge"


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("ml.t2.medium", "for endpoints and notebooks only (training jobs can use ml.t3.medium)"),
        ("ml.t3.micro", "for Studio only (ml.t3 has medium, large, xlarge, 2xlarge)"),
        ("ml.c5.large", "for endpoints and Studio only (ml.c5 has xlarge, 2xlarge, 4xlarge, 9xlarge, ...)"),
    ],
)
def test_other_uses_are_named_and_what_this_job_can_use(name: str, detail: str) -> None:
    assert judge_instance_type(name).detail == detail


def test_a_type_of_another_job() -> None:
    only = sorted(instance_types("training") - instance_types("processing"))
    assert only
    for name in only:
        judgement = judge_instance_type(name, "processing")
        assert judgement.kind == "other_use"
        assert judgement.detail.startswith("for training jobs")
        assert judge_instance_type(name).kind == "ok"


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("ml.m5.xlarge", "cpu"),
        ("ml.g5.xlarge", "gpu"),
        ("ml.p3.2xlarge", "gpu"),
        ("ml.trn1.32xlarge", "neuron"),
        ("local", "cpu"),
        ("local_gpu", "gpu"),
        ("m5", None),
    ],
)
def test_accelerator(name: str, has: str | None) -> None:
    assert accelerator(name) == has


@given(st.text(max_size=20))
def test_any_text_is_judged(name: str) -> None:
    judgement = judge_instance_type(name)
    assert judgement.nearest is None or judge_instance_type(judgement.nearest).kind == "ok"
    accelerator(name)
