"""TRN210, TRN212, TRN214, TRN306, TRN401, TRN422, TRN423: declarations, pipelines and builder classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.marked import assert_marked, findings

SPECIFICATION = {
    "complete": (
        "TRN210",
        """
SPEC = {"step_name": "a", "inputs": [], "outputs": [], "code_location": "s3://b/c",
        "estimator_config": {"instance_type": "ml.m5.large", "instance_count": 1, "volume_size_in_gb": 1, "max_run": 1}}
""",
    ),
    "other names": (
        "TRN210",
        """
SPEC = {"step_name": "a", "inputs": [],
        "estimator_config": {"instance_groups": [], "volume_size": 1, "max_runtime_in_seconds": 1}}
""",
    ),
    "one is missing": (
        "TRN210",
        """
SPEC = {"step_name": "a", "inputs": [],
        "estimator_config": {"instance_type": "a", "volume_size_in_gb": 1, "max_run": 1}}  # TRN210
""",
    ),
    "filled afterwards": (
        "TRN210",
        """
SPEC = {"step_name": "a", "inputs": [], "estimator_config": {"instance_type": "a", "volume_size_in_gb": 1}}
SPEC["estimator_config"]["instance_count"] = 1
SPEC["estimator_config"].update(max_run=5)
""",
    ),
    "from elsewhere": ("TRN210", "SPEC = {'step_name': 'a', 'inputs': [], 'estimator_config': {**DEFAULTS}}"),
    "no configuration": (
        "TRN210",
        """
SPEC = {"step_name": "a", "inputs": [], "outputs": [], "hyperparameters": {}, "code_location": "s3://b/c"}  # TRN210
""",
    ),
    "something else": ("TRN210", "config = {'estimator_config': {'n_estimators': 100}, 'inputs': []}"),
    "no code": ("TRN212", "SPEC = {'step_name': 'a', 'inputs': [], 'estimator_config': {}}  # TRN212"),
    "code that is empty": (
        "TRN212",
        "SPEC = {'step_name': 'a', 'inputs': [], 'estimator_config': {}, 'code_location': ''}  # TRN212",
    ),
    "code": (
        "TRN212",
        "SPEC = {'step_name': 'a', 'inputs': [], 'estimator_config': {}, 'code_location': 's3://b/c'}",
    ),
    "code of the estimator": (
        "TRN212",
        "SPEC = {'step_name': 'a', 'inputs': [], 'estimator_config': {'source_dir': 'src', 'entry_point': 't.py'}}",
    ),
    "code that is not known": (
        "TRN212",
        "SPEC = {'step_name': 'a', 'inputs': [], 'estimator_config': {}, 'code_location': get()}",
    ),
    "instances": (
        "TRN211",
        "SPEC = {'step_name': 'a', 'inputs': [], 'estimator_config': {'instance_type': 'ml.m5.xlagre'}}  # TRN211",
    ),
}

CONTRACT = """
# estimator_config
CONTRACT = {
    "inputs": {"data": {"type": "TrainingInput", "destination": %r}},%s
    "outputs": {"model": {"type": "model_artifacts", "source": %r}},%s
}
"""

PATHS = {
    "right": ("/opt/ml/input/data/train", "/opt/ml/model", False, False),
    "right as well": ("/opt/ml/code/settings", "/opt/ml/output/data/metrics", False, False),
    "checkpoints": ("/opt/ml/input/config", "/opt/ml/checkpoints", False, False),
    "of a processing job": ("/opt/ml/processing/input", "/opt/ml/processing/output", True, True),
    "misspelt": ("/opt/ml/inputs/data/train", "/opt/ml/models", True, True),
    "lost": ("/opt/ml/input/data", "/opt/ml/output", False, True),
    "the other way round": ("/opt/ml/model", "/opt/ml/input/data", True, True),
}

PIPELINE = """
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterInteger, ParameterString
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
name = ParameterString("Name", default_value="x")
count = ParameterInteger("Count", default_value=1)
train = TrainingStep("Train", step_args=run())
prepare = ProcessingStep("Prepare", step_args=run())
key = get()
"""

PROPERTIES = {
    "right": "use(train.properties.ModelArtifacts.S3ModelArtifacts)",
    "an output": "use(prepare.properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri)",
    "an output that is not known": "use(prepare.properties.ProcessingOutputConfig.Outputs[key].S3Output.S3Uri)",
    "a metric": "use(train.properties.FinalMetricDataList['loss'].Value)",
    "all": "use(train.properties)",
    "of Python": "use(train.properties.ModelArtifacts.S3ModelArtifacts.expr)",
    "a method of Python": "use(train.properties.TrainingJobName.to_string())",
    "of something else": "use(other.properties.Whatever)",
    "right through a name": """
outputs = prepare.properties.ProcessingOutputConfig.Outputs
use(outputs["train"].S3Output.S3Uri)
""",
    "misspelt through a name": """
outputs = prepare.properties.ProcessingOutputConfig.Outputs
use(outputs["train"].S3Outputs.S3Uri)  # TRN306
""",
    "through a name of several": """
outputs = prepare.properties.ProcessingOutputConfig.Outputs if test() else other()
use(outputs["train"].S3Outputs.S3Uri)
""",
    "misspelt": "use(train.properties.ModelArtifact.S3ModelArtifacts)  # TRN306",
    "of another step": "use(train.properties.ProcessingOutputConfig.Outputs['a'].S3Output.S3Uri)  # TRN306",
    "an attribute for a key": "use(prepare.properties.ProcessingOutputConfig.Outputs.train.S3Output.S3Uri)  # TRN306",
    "through a function": """
def location(step):
    return step.properties.ModelArtifacts.S3Model  # TRN306
use(location(train))
""",
}

TEXTS = {
    "an f-string": "use(f's3://{name}/x')  # TRN422",
    "plus": "use('s3://' + name)  # TRN422",
    "plus a number": "use(count + 1)  # TRN422",
    "percent": "use('s3://%s/x' % name)  # TRN422",
    "percent of several": "use('s3://%s/%s' % ('a', name))  # TRN422",
    "format": "use('s3://{}/x'.format(name))  # TRN422",
    "str()": "use(str(count))  # TRN422",
    "int()": "use(int(count))  # TRN422",
    "a path": "import os\nuse(os.path.join('s3://bucket', name))  # TRN422",
    "a path by its own name": "from os.path import join\nuse(join('s3://bucket', 'x', name))  # TRN422",
    "a folder of a property": "import os\nuse(os.path.dirname(train.properties.TrainingJobName))  # TRN422",
    "pathlib": "from pathlib import PurePosixPath\nuse(PurePosixPath(name))  # TRN422",
    "join": "use('/'.join(['s3:/', 'bucket', name]))  # TRN422",
    "a property": "use(f'{train.properties.TrainingJobName}')  # TRN422",
    "a property by a name": "uri = train.properties.TrainingJobName\nuse(f'{uri}/x')  # TRN422",
    "a name of Python": "uri = train.properties.TrainingJobName.expr\nuse(f'{uri}/x')",
    "Join": "use(f'{Join(on=str(), values=[])}')  # TRN422",
    "the execution": "use(f'{ExecutionVariables.PIPELINE_EXECUTION_ID}')  # TRN422",
    "joined": "use(Join(on='/', values=['s3:/', name, 'x']))",
    "to_string": "use(count.to_string())",
    "the default": "use(f'{name.default_value} {name.name}')",
    "a path of the default": "import os\nuse(os.path.join('s3://bucket', name.default_value))",
    "another join": "use(queue.join([name]), threads.join(name))",
    "a path of one's own": "class Path:\n    def __init__(self, text): ...\nuse(Path(name))",
    "the step's name": "use(f'{train.name}')",
    "the expression": "use(f'{train.properties.TrainingJobName.expr}')",
    "not certain": "use(f'{name if test() else str()}')",
    "a number of one's own": "use(f'{1 + 2}')",
    "a parameter": "def f(name='x'):\n    return f'{name}'",
}

GIVEN = """
from sagemaker.estimator import Estimator
from sagemaker.pytorch import PyTorch
def make(version="2.1", **more):
    return PyTorch(entry_point="t.py", framework_version=version, py_version="py310", role="r", **more)
"""

LOOKED_INTO = {
    "a version": """
PyTorch("t.py", role="r", py_version="py310",
        framework_version=name)  # TRN422
""",
    "the name of the job": "make(\n    base_job_name=name)  # TRN422",
    "where the code goes": "make(\n    code_location=name)  # TRN422",
    "a model": "make(\n    model_uri=train.properties.ModelArtifacts.S3ModelArtifacts)  # TRN422",
    "the folder": "make(\n    source_dir=name)  # TRN422",
    "a model of a job with a name": "make(base_job_name='a', model_uri=name, source_dir=name)",
    "a version that no image is looked up for": "PyTorch('t.py', image_uri='i', framework_version=name, role='r')",
    "what is only passed on": "make(output_path=name, role=name, checkpoint_s3_uri=name, instance_type=name)",
    "not certain": "make(code_location=name if test() else 's3://b/x')",
}

ESTIMATOR = """
from sagemaker.pytorch import PyTorch
from sagemaker.workflow.functions import Join
from sagemaker.workflow.steps import TrainingStep
def make(output_path=None):
    return PyTorch(entry_point="t.py", framework_version="2.1", py_version="py310", role="r", output_path=output_path)
def bare():
    return PyTorch(entry_point="t.py", framework_version="2.1", py_version="py310", role="r", output_path=None)
"""

OUTPUTS = {
    "never given": "output_path = f's3://{bucket()}/x'  # TRN423\nbare().fit()",
    "in a method": """
class Builder:
    def _create_estimator(self):
        return bare()
    def _get_outputs(self, outputs):
        return f"s3://{self.bucket}/x"
    def create_step(self):
        output_path = self._get_outputs({})  # TRN423
        estimator = self._create_estimator()
        return TrainingStep("Train", estimator=estimator)
""",
    "joined": "model_output_uri = Join(on='/', values=[])  # TRN423\nbare()",
    "another name": "destination = f's3://{bucket()}/x'  # TRN423\nbare().fit()",
    "another name, by its folder": "churn = f's3://{bucket()}/churn/models/'  # TRN423\nbare().fit()",
    "an input's, by its folder": "churn = f's3://{bucket()}/models/churn'\nbare().fit()",
    "a file": "churn = f's3://{bucket()}/models/model.tar.gz'\nbare().fit()",
    "a function with output in its name": "output_path = get_output_path()\nbare().fit()",
    "a method of the job's configuration": """
def place(bucket):
    return f"s3://{bucket}/x"
def start(bucket):
    output_path = place(bucket)  # TRN423
    bare().fit()
""",
    "given": "output_path = f's3://{bucket()}/x'\nmake(output_path=output_path)",
    "used otherwise": "output_path = f's3://{bucket()}/x'\nprint(output_path)\nbare()",
    "used in a function": "output_path = f's3://{bucket()}/x'\ndef f():\n    return output_path\nbare()",
    "another one has one": "output_path = f's3://{bucket()}/x'\nmake('s3://b/x')",
    "no location": "output_path = load()\nbare()",
    "of this machine": "output_path = '/tmp/x'\nbare()",
    "no estimator": "output_path = f's3://{bucket()}/x'",
    "not known": "output_path = f's3://{bucket()}/x'\nPyTorch(entry_point='t.py', **unknown)",
}

BUILDERS = {
    "complete": """
class Builder:
    def _create_estimator(self): ...
    def _prepare_hyperparameters_file(self): ...
    def _prepare_training_inputs(self): ...
    def create_step(self): ...
""",
    "one is missing": """
class Builder:  # TRN401
    def _create_estimator(self): ...
    def _prepare_hyperparameters_file(self): ...
    def create_step(self): ...
""",
    "two are missing": """
class Builder:  # TRN401
    def _prepare_training_inputs(self): ...
    def create_step(self): ...
""",
    "names of its own": """
class Builder:
    def _create_estimator(self): ...
    def _get_inputs(self): ...
    def create_step(self): ...
""",
    "inherited": """
class Base:
    def _prepare_hyperparameters_file(self): ...
    def create_step(self): ...
    def _prepare_training_inputs(self): ...
    def _create_estimator(self): ...
class Builder(Base):
    def _create_estimator(self): ...
    def create_step(self): ...
""",
    "a base that is not at hand": """
from elsewhere import Base
class Builder(Base):
    def _create_estimator(self): ...
    def _prepare_hyperparameters_file(self): ...
    def create_step(self): ...
""",
    "an abstract method": """
from abc import ABC, abstractmethod
class Base(ABC):
    @abstractmethod
    def validate_configuration(self): ...
    @abstractmethod
    def create_step(self): ...
class Builder(Base):  # TRN401
    def _create_estimator(self): ...
    def create_step(self): ...
""",
    "two bases declare it": """
from abc import ABC, abstractmethod
class Base(ABC):
    @abstractmethod
    def validate_configuration(self): ...
    @abstractmethod
    def create_step(self): ...
class Training(Base):
    @abstractmethod
    def validate_configuration(self): ...
class Builder(Training):  # TRN401
    def _create_estimator(self): ...
    def create_step(self): ...
""",
    "a base in between": """
from abc import ABC, abstractmethod
class Base(ABC):
    @abstractmethod
    def validate_configuration(self): ...
    @abstractmethod
    def create_step(self): ...
class Training(Base):
    def _create_estimator(self): ...
    def create_step(self): ...
class Builder(Training):
    def validate_configuration(self): ...
""",
    "abstract itself": """
from abc import ABC, abstractmethod
class Base(ABC):
    @abstractmethod
    def validate_configuration(self): ...
    def create_step(self): ...
class Builder(Base, ABC):
    def _create_estimator(self): ...
""",
    "no builder": """
from abc import ABC, abstractmethod
class Base(ABC):
    @abstractmethod
    def walk(self): ...
class Animal(Base):
    def _create_estimator(self): ...
    def _prepare(self): ...
""",
}


@pytest.mark.parametrize("name", SPECIFICATION)
def test_specification(name: str) -> None:
    code, text = SPECIFICATION[name]
    assert_marked(code, text)


@pytest.mark.parametrize("name", PATHS)
def test_container_paths(name: str) -> None:
    destination, source, wrong_input, wrong_output = PATHS[name]
    marks = ["  # TRN214" if wrong else "" for wrong in (wrong_input, wrong_output)]
    assert_marked("TRN214", CONTRACT % (destination, marks[0], source, marks[1]))


def test_container_paths_of_a_call() -> None:
    assert_marked(
        "TRN214",
        """
from contracts import ScriptContract, TrainingScriptContract
TrainingScriptContract(
    entry_point="t.py",
    expected_input_paths={"data": "/opt/ml/processing/input"},  # TRN214
    expected_output_paths={"model": "/opt/ml/model"},
)
ScriptContract(expected_input_paths={"data": "/opt/ml/processing/input"})
""",
    )


@pytest.mark.parametrize("name", PROPERTIES)
def test_property_paths(name: str) -> None:
    assert_marked("TRN306", PIPELINE + PROPERTIES[name])


@pytest.mark.parametrize("name", TEXTS)
def test_variables_as_text(name: str) -> None:
    assert_marked("TRN422", PIPELINE + TEXTS[name])


@pytest.mark.parametrize("name", LOOKED_INTO)
def test_variables_that_the_sdk_looks_into(name: str) -> None:
    assert_marked("TRN422", PIPELINE + GIVEN + LOOKED_INTO[name])


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_paths(name: str) -> None:
    assert_marked("TRN423", ESTIMATOR + OUTPUTS[name])


@pytest.mark.parametrize("name", BUILDERS)
def test_builder_methods(name: str) -> None:
    assert_marked("TRN401", BUILDERS[name])


def test_base_class_beside(tmp_path: Path) -> None:
    base = """
        from abc import ABC, abstractmethod
        class StepBuilderBase(ABC):
            @abstractmethod
            def create_step(self): ...
            @abstractmethod
            def _get_inputs(self): ...
    """
    text = """
        from base import StepBuilderBase
        class Builder(StepBuilderBase):  # TRN401
            def _create_estimator(self): ...
            def create_step(self): ...
    """
    assert_marked("TRN401", text, tmp_path, base=base)


def test_messages_name_what_is_meant() -> None:
    (found,) = findings("TRN306", PIPELINE + "use(train.properties.ModelArtifact.S3ModelArtifacts)")
    assert found.message.endswith("did you mean ModelArtifacts.S3ModelArtifacts?")
    (found,) = findings("TRN401", BUILDERS["one is missing"])
    assert found.message.endswith(": Builder has no _prepare_training_inputs")
    (found,) = findings("TRN401", BUILDERS["two bases declare it"])
    assert found.message.endswith(": Builder has no validate_configuration")
