"""Arguments that need each other, lists, inputs of jobs, and pipeline variables inside them."""

from __future__ import annotations

import pytest

from tests.rules.marked import assert_marked

HEAD = """
import sagemaker
from sagemaker import image_uris
from sagemaker.estimator import Estimator
from sagemaker.huggingface import HuggingFace
from sagemaker.inputs import TrainingInput
from sagemaker.instance_group import InstanceGroup
from sagemaker.network import NetworkConfig
from sagemaker.pytorch import PyTorch
from sagemaker.train.configs import Networking
from sagemaker.tuner import CategoricalParameter, HyperparameterTuner
from sagemaker.workflow.parameters import ParameterInteger, ParameterString
role = sagemaker.get_execution_role()
torch = dict(entry_point="t.py", framework_version="2.1", py_version="py310", role=role, instance_count=1)
def make(**more):
    return PyTorch(instance_type="ml.g5.xlarge", **torch, **more)
"""
TORCH = "PyTorch(instance_type='ml.g5.xlarge', **torch, {})"
ALGORITHM = "e = Estimator(image_uris.retrieve('{}', 'eu-west-1', '1'), role, 1, 'ml.m5.xlarge'{})\n"

HALF = {
    "groups alone": TORCH.format("security_group_ids=['sg-1']") + "  # TRN402",
    "subnets alone": TORCH.format("subnets=['subnet-1']") + "  # TRN402",
    "the other one is None": TORCH.format("subnets=['subnet-1'], security_group_ids=None") + "  # TRN402",
    "a list by name": "ids = ['sg-1']\n" + TORCH.format("security_group_ids=ids") + "  # TRN402",
    "Networking of v3": "Networking(subnets=['subnet-1'])  # TRN402",
    "of a processor": "NetworkConfig(security_group_ids=['sg-1'])  # TRN402",
}
WHOLE = {
    "both": TORCH.format("subnets=['subnet-1'], security_group_ids=['sg-1']"),
    "none": TORCH.format("max_run=60"),
    "both None": TORCH.format("subnets=None, security_group_ids=None"),
    "not known whether one": TORCH.format("subnets=read('subnets')"),
    "the other may come from elsewhere": TORCH.format("subnets=['subnet-1'], **read()"),
    "assigned later": "e = " + TORCH.format("subnets=['s']") + "\ne.security_group_ids = ['sg-1']",
    "Networking of v3": "Networking(subnets=['s'], security_group_ids=['sg-1'], enable_network_isolation=True)",
    "isolation only": "NetworkConfig(enable_network_isolation=True)",
}


@pytest.mark.parametrize("name", HALF)
def test_half_of_a_vpc(name: str) -> None:
    assert_marked("TRN402", HEAD + HALF[name])


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_vpc(name: str) -> None:
    assert_marked("TRN402", HEAD + WHOLE[name])


NO_LISTS = {
    "subnets": TORCH.format("subnets='s', security_group_ids=['sg-1']") + "  # TRN404",
    "groups by name": "ids = 'sg-1'  # TRN404\n" + TORCH.format("security_group_ids=ids, subnets=['s']"),
    "tags": TORCH.format("tags='cost'") + "  # TRN404",
    "the command of a container": TORCH.format("container_entry_point='python3'") + "  # TRN404",
    "Networking of v3": "Networking(subnets='s', security_group_ids=['sg-1'])  # TRN404",
    "of a processor": "NetworkConfig(security_group_ids='sg-1', subnets=['s'])  # TRN404",
    "lower-case tags": TORCH.format("tags=[{'key': 'a', 'value': 'b'}]") + "  # TRN404",
    "a tag's value missing": TORCH.format("tags=[{'Key': 'a'}]") + "  # TRN404",
    "the short form of a tag": TORCH.format("tags=[{'team': read()}]") + "  # TRN404",
    "code in a local folder": TORCH.format("code_location='file:///tmp/code'") + "  # TRN404",
    "local code of another session": """
from sagemaker.local import LocalSession
one, other = LocalSession(), LocalSession()
one.config = {"local": {"local_code": True}}
PyTorch(instance_type='local', **torch, code_location='file:///tmp/code', sagemaker_session=other)  # TRN404
""",
}
LISTS = {
    "lists": TORCH.format("subnets=['s'], security_group_ids=['sg-1'], tags=[{'Key': 'a', 'Value': 'b'}]"),
    "tags as a dict": TORCH.format("tags={'team': 'churn'}"),
    "tags of unknown keys": TORCH.format("tags=[{read(): 'a'}]"),
    "tags of unknown parts": TORCH.format("tags=[{'Key': 'a', **read()}]"),
    "not known": TORCH.format("tags=read(), subnets=read(), security_group_ids=read()"),
    "code on S3": TORCH.format("code_location='s3://b/code'"),
    "output in local mode": "PyTorch(instance_type='local', **torch, output_path='file:///tmp/model')",
    "local code": """
from sagemaker.local import LocalSession
session = LocalSession()
session.config = {"local": {"local_code": True}}
PyTorch(instance_type='local', **torch, code_location='file:///tmp/code', sagemaker_session=session)
""",
}


@pytest.mark.parametrize("name", NO_LISTS)
def test_no_lists(name: str) -> None:
    assert_marked("TRN404", HEAD + NO_LISTS[name])


@pytest.mark.parametrize("name", LISTS)
def test_lists(name: str) -> None:
    assert_marked("TRN404", HEAD + LISTS[name])


AUGMENTED = "TrainingInput('s3://b/x.manifest', s3_data_type='AugmentedManifestFile'{})"
NAMES = ", attribute_names=['source-ref', 'class']"
WRONG_INPUTS = {
    "no attribute names": "make().fit(" + AUGMENTED.format(", input_mode='Pipe'") + ")  # TRN412",
    "attribute names as a string": AUGMENTED.format(", attribute_names='source-ref'") + "  # TRN412",
    "a manifest in File mode": "make().fit(" + AUGMENTED.format(NAMES) + ")  # TRN412",
    "a manifest in FastFile mode": (
        "make(input_mode='Pipe').fit(" + AUGMENTED.format(NAMES + ", input_mode='FastFile'") + ")  # TRN412"
    ),
    "records that are not wrapped": (
        ALGORITHM.format("object-detection", ", input_mode='Pipe'")
        + "e.fit({'train': "
        + AUGMENTED.format(NAMES)
        + "})  # TRN412"
    ),
    "groups of one channel only": """
make().fit({
    "train": TrainingInput("s3://b/train", instance_groups=["gpu"]),
    "test": TrainingInput("s3://b/test"),  # TRN412
})
""",
    "groups, and a plain string": """
make().fit({
    "train": TrainingInput("s3://b/train", instance_groups=["gpu"]),
    "test": "s3://b/test",  # TRN412
})
""",
    "a content type that XGBoost does not read": (
        ALGORITHM.format("xgboost", "")
        + "e.fit({'train': TrainingInput('s3://b/x', content_type='application/json')})  # TRN412"
    ),
    "a content type that k-means does not read": (
        ALGORITHM.format("kmeans", "")
        + "e.fit({'train': TrainingInput('s3://b/x', content_type='text/libsvm')})  # TRN412"
    ),
    "CSV for libsvm": (
        ALGORITHM.format("xgboost", "") + "e.fit({'train': TrainingInput('s3://b/train.csv')})  # TRN412"
    ),
    "an empty folder": "LAKE = 's3://lake/daily/'\nmake().fit({'train': f'{LAKE}/levels/'})  # TRN412",
    "an empty folder in an input": (
        "LAKE = 's3://lake/daily/'\nmake().fit({'train': TrainingInput(LAKE + '/levels')})  # TRN412"
    ),
    "an empty folder after the bucket": "make().fit({'train': TrainingInput('s3://lake//levels')})  # TRN412",
    "an output of the same name, but elsewhere": (
        "upload('s3://lake/other//x')\nmake().fit({'train': TrainingInput('s3://lake//levels')})  # TRN412"
    ),
}
RIGHT_INPUTS = {
    "a manifest in Pipe mode": "make(input_mode='Pipe').fit(" + AUGMENTED.format(NAMES) + ")",
    "a manifest with a mode of its own": "make().fit("
    + AUGMENTED.format(NAMES + ", input_mode='Pipe'")
    + ")",
    "a mode that is not known": "make(input_mode=read()).fit(" + AUGMENTED.format(NAMES) + ")",
    "names that are not known": "make(input_mode='Pipe').fit(" + AUGMENTED.format(", **read()") + ")",
    "wrapped records": (
        ALGORITHM.format("object-detection", ", input_mode='Pipe'")
        + "e.fit({'train': "
        + AUGMENTED.format(NAMES + ", record_wrapping='RecordIO'")
        + "})"
    ),
    "a script may read records without wrapping": (
        "make(input_mode='Pipe').fit({'train': " + AUGMENTED.format(NAMES) + "})"
    ),
    "groups of all channels": """
make().fit({
    "train": TrainingInput("s3://b/train", instance_groups=["gpu"]),
    "test": TrainingInput("s3://b/test", instance_groups=["cpu"]),
})
""",
    "groups that are not known": """
make().fit({
    "train": TrainingInput("s3://b/train", instance_groups=["gpu"]),
    "test": TrainingInput("s3://b/test", **read()),
})
""",
    "content types with a parameter": (
        ALGORITHM.format("kmeans", "")
        + "e.fit({'train': TrainingInput('s3://b/x', content_type='text/csv;label_size=0')})"
    ),
    "a script reads any content": "make().fit({'train': TrainingInput('s3://b/x', content_type='application/zip')})",
    "a folder of files for libsvm": ALGORITHM.format("xgboost", "")
    + "e.fit({'train': TrainingInput('s3://b/x')})",
    "an algorithm that is not known": (
        "Estimator(read(), role, 1, 'ml.m5.xlarge').fit({'train': TrainingInput('s3://b/x.csv')})"
    ),
    "no empty folder": "LAKE = 's3://lake/daily'\nmake().fit({'train': f'{LAKE}/levels/'})",
    "an output with an empty folder": "make(output_path='s3://lake//models').fit({'train': 's3://lake/x'})",
    "keys with an empty folder that the file writes": (
        "upload('s3://lake//levels')\nmake().fit({'train': TrainingInput('s3://lake//levels')})"
    ),
}


@pytest.mark.parametrize("name", WRONG_INPUTS)
def test_wrong_inputs(name: str) -> None:
    assert_marked("TRN412", HEAD + WRONG_INPUTS[name])


@pytest.mark.parametrize("name", RIGHT_INPUTS)
def test_right_inputs(name: str) -> None:
    assert_marked("TRN412", HEAD + RIGHT_INPUTS[name])


VARIABLES = """
p, n = ParameterString("P", "x"), ParameterInteger("N", 3)
def tune(values, **more):
    return HyperparameterTuner(make(), "loss", {"x": CategoricalParameter(values)})
"""
TUNE = "HyperparameterTuner({}, 'loss', {{'x': CategoricalParameter({})}})"
ENCODED = {
    "in a list": "make(hyperparameters={'layers': [64, n]})  # TRN422",
    "in a dict": "make(hyperparameters={'optimizer': {'rate': n}})  # TRN422",
    "among categories": TUNE.format("make()", "[p, 'b']") + "  # TRN422",
    "as categories": TUNE.format("make()", "p") + "  # TRN422",
    "as inputs": "make().fit(p)  # TRN422",
    "as inputs by name": "make().fit(inputs=p)  # TRN422",
    "as inputs of a step": """
from sagemaker.workflow.steps import TrainingStep
TrainingStep("Train", estimator=make(), inputs=p)  # TRN422
""",
    "a property as inputs": """
from sagemaker.workflow.steps import ProcessingStep
step = ProcessingStep("Prepare", step_args=read())
prepared = step.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri
make().fit(prepared)  # TRN422
""",
}
NOT_ENCODED = {
    "by itself": "make(hyperparameters={'layers': n})",
    "a list of numbers": "make(hyperparameters={'layers': [64, 32]})",
    "a generic estimator": TUNE.format("Estimator('i', role, 1, 'ml.m5.xlarge')", "[p, 'b']"),
    "categories": TUNE.format("make()", "['a', 'b']"),
    "in a dict of inputs": "make().fit({'train': p})",
    "in an input": "make().fit(TrainingInput(p))",
    "another value": "make().fit(read())",
}


@pytest.mark.parametrize("name", ENCODED)
def test_variables_that_have_no_value_yet(name: str) -> None:
    assert_marked("TRN422", HEAD + VARIABLES + ENCODED[name])


@pytest.mark.parametrize("name", NOT_ENCODED)
def test_variables_that_the_pipeline_resolves(name: str) -> None:
    assert_marked("TRN422", HEAD + VARIABLES + NOT_ENCODED[name])


FACE = "HuggingFace(entry_point='t.py', role=role, instance_count=1, transformers_version='4.26.0', {})"


@pytest.mark.parametrize(
    ("code", "source"),
    [
        (
            "TRN211",
            FACE.format(
                "pytorch_version='1.13.1', py_version='py39', instance_type='ml.m5.xlarge'  # TRN211\n"
            ),
        ),
        ("TRN211", FACE.format("pytorch_version='1.13.1', py_version='py39', instance_type='ml.g5.xlarge'")),
        ("TRN211", FACE.format("image_uri='i', py_version='py39', instance_type='ml.m5.xlarge'")),
        ("TRN211", "InstanceGroup('gpu', 'ml.g5.xlagre', 1)  # TRN211"),
        ("TRN211", "InstanceGroup('gpu', 'ml.g5.xlarge', 0)  # TRN211"),
        ("TRN211", "InstanceGroup('gpu', 'ml.g5.xlarge', 1)"),
        (
            "TRN405",
            FACE.format(
                "pytorch_version='1.13.1', py_version='py39', tensorflow_version='2.11.0', "
                "instance_type='ml.g5.xlarge')  # TRN405\n("
            ),
        ),
        ("TRN405", FACE.format("pytorch_version='1.13.1', py_version='py39', tensorflow_version=None")),
        ("TRN403", "tune(['a']).fit(input='s3://b/x')  # TRN403"),
        ("TRN403", "tune(['a']).fit({'train': 's3://b/x'}, logs='All')"),
    ],
)
def test_other_arguments(code: str, source: str) -> None:
    assert_marked(code, HEAD + VARIABLES + source)
