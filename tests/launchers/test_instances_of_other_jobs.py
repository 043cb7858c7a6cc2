"""Instances of processing and transform jobs, and types that exist for other uses only (TRN211)."""

from __future__ import annotations

import pytest

from tests.rules.marked import assert_marked

SETTINGS = """
import sagemaker
{module}

job = {called}(
    {more}
    role="arn:aws:iam::123456789012:role/Jobs",
    instance_type="{instance}",{type_mark}
    instance_count={count},{count_mark}
)
job.{start}
"""
CLASSES = {
    "processor": (
        "from sagemaker.processing import Processor",
        "Processor",
        'image_uri="123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1",',
        "run()",
    ),
    "processor of scikit-learn": (
        "from sagemaker.sklearn.processing import SKLearnProcessor",
        "SKLearnProcessor",
        'framework_version="1.2-1",',
        'run(code="a.py")',
    ),
    "processor of v3": (
        "from sagemaker.core.processing import ScriptProcessor",
        "ScriptProcessor",
        'image_uri="123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1", command=["python3"],',
        'run(code="a.py")',
    ),
    "estimator": (
        "from sagemaker.sklearn import SKLearn",
        "SKLearn",
        'framework_version="1.2-1", entry_point="a.py",',
        "fit()",
    ),
}


def launcher(
    kind: str, instance: str, count: object = 1, *, type_mark: str = "", count_mark: str = ""
) -> str:
    module, called, more, start = CLASSES[kind]
    return SETTINGS.format(
        module=module,
        called=called,
        more=more,
        start=start,
        instance=instance,
        count=count,
        type_mark=type_mark,
        count_mark=count_mark,
    )


MARK = "  # TRN211"


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize(
    "instance", ["ml.t2.medium", "ml.m5.xlagre", "ml.m5.3xlarge", "m5.xlarge", "ml.c6g.large"]
)
def test_no_job_runs_on_it(kind: str, instance: str) -> None:
    assert_marked("TRN211", launcher(kind, instance, type_mark=MARK))


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("instance", ["ml.m5.xlarge", "ml.t3.medium", "ml.z99.large", "local"])
def test_a_job_runs_on_it_or_may(kind: str, instance: str) -> None:
    assert_marked("TRN211", launcher(kind, instance))


@pytest.mark.parametrize("kind", CLASSES)
def test_no_instance(kind: str) -> None:
    assert_marked("TRN211", launcher(kind, "ml.m5.xlarge", 0, count_mark=MARK))


def test_each_kind_of_job_has_its_types() -> None:
    estimator = launcher("estimator", "ml.trn1.32xlarge")
    for old, new in (("sklearn", "pytorch"), ("SKLearn", "PyTorch"), ("1.2-1", "2.1")):
        estimator = estimator.replace(old, new)
    assert_marked("TRN211", estimator)
    assert_marked("TRN211", estimator.replace('ml.trn1.32xlarge",', 'ml.t2.large",  # TRN211'))
    assert_marked("TRN211", launcher("processor", "ml.trn1.32xlarge", type_mark=MARK))


@pytest.mark.parametrize(
    ("module", "call", "is_reported"),
    [
        (
            "sklearn.processing import SKLearnProcessor",
            'SKLearnProcessor("1.2-1", "Role", "ml.m5.large", 1)',
            False,
        ),
        (
            "sklearn.processing import SKLearnProcessor",
            'SKLearnProcessor("1.2-1", "Role", 1, "ml.t2.large")',
            False,
        ),
        (
            "sklearn.processing import SKLearnProcessor",
            'SKLearnProcessor("1.2-1", instance_type="ml.t2.large")',
            True,
        ),
        ("processing import Processor", 'Processor("Role", "image", 1, "ml.t2.large")', True),
        ("processing import Processor", 'Processor("Role", "image", 1, "ml.m5.large")', False),
        ("transformer import Transformer", 'Transformer("churn", 1, "ml.t2.large")', True),
    ],
)
def test_unnamed_arguments(module: str, call: str, is_reported: bool) -> None:
    """The order of the parameters of `SKLearnProcessor` differs between versions of the SDK."""
    assert_marked("TRN211", f"from sagemaker.{module}\n{call}{MARK if is_reported else ''}\n")


def test_a_processing_job_runs_nine_days_at_most() -> None:
    text = launcher("processor", "ml.m5.xlarge")
    for seconds, mark in ((9 * 86_400, ""), (9 * 86_400 + 1, MARK)):
        more = f"    max_runtime_in_seconds={seconds},{mark}\n)\njob.run"
        assert_marked("TRN211", text.replace(")\njob.run", more))


@pytest.mark.parametrize(
    ("instance", "mark"), [("ml.m5.xlarge", ""), ("ml.t2.medium", MARK), ("ml.t3.medium", MARK)]
)
def test_a_transformer(instance: str, mark: str) -> None:
    assert_marked(
        "TRN211",
        f"""
from sagemaker.transformer import Transformer

job = Transformer(
    model_name="churn",
    instance_count=1,
    instance_type="{instance}",{mark}
)
job.transform("s3://churn/data")
""",
    )


@pytest.mark.parametrize(
    ("member", "value", "wrong"),
    [
        ("InstanceType", '"ml.m5.large"', '"ml.t2.medium"'),
        ("InstanceCount", "1", "0"),
        ("VolumeSizeInGB", "30", "20_000"),
        ("MaxRuntimeInSeconds", "777_600", "777_601"),
    ],
)
def test_a_request(member: str, value: str, wrong: str) -> None:
    members = {"InstanceType": '"ml.m5.large"', "InstanceCount": "1", "VolumeSizeInGB": "30"}
    for put, mark in ((value, ""), (wrong, MARK), ("read()", "")):
        cluster = {**members, **({member: put} if member in members else {})}
        lines = "\n".join(
            f'            "{name}": {one},{mark if name == member else ""}' for name, one in cluster.items()
        )
        seconds = put if member not in members else "3600"
        assert_marked(
            "TRN211",
            f"""
import boto3

boto3.client("sagemaker").create_processing_job(
    ProcessingJobName="prepare",
    RoleArn="arn:aws:iam::123456789012:role/Processing",
    AppSpecification={{"ImageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/prepare:1"}},
    ProcessingResources={{
        "ClusterConfig": {{
{lines}
        }}
    }},
    StoppingCondition={{
        "MaxRuntimeInSeconds": {seconds},{mark if member not in members else ""}
    }},
)
""",
        )
