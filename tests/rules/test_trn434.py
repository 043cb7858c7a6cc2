"""TRN434: arguments of steps, processors, transformers, models and pipelines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import notebook, said
from tests.rules.marked import assert_marked

HEAD = """
import sagemaker
from pathlib import Path
from sagemaker.inputs import CreateModelInput, TransformInput
from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.processing import FrameworkProcessor, ProcessingInput, ProcessingOutput, Processor, ScriptProcessor
from sagemaker.pytorch import PyTorch
from sagemaker.pytorch.processing import PyTorchProcessor
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.spark.processing import PySparkProcessor
from sagemaker.transformer import Transformer
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThan
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.step_collections import RegisterModel
from sagemaker.workflow.steps import CreateModelStep, ProcessingStep, TransformStep
session = PipelineSession()
on = dict(role="r", instance_type="ml.m5.xlarge", instance_count=1, sagemaker_session=session)
sk = SKLearnProcessor(framework_version="1.2-1", **on)
transformer = Transformer("m", 1, "ml.m5.xlarge", sagemaker_session=session)
model = Model(image_uri="i", model_data="s3://b/m.tar.gz", role="r", sagemaker_session=session)
"""
V3 = """
from sagemaker.core.processing import FrameworkProcessor, ScriptProcessor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output
from sagemaker.core.transformer import Transformer
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import ProcessingStep, TransformStep
session = PipelineSession()
on = dict(image_uri="i", role="r", instance_type="ml.m5.xlarge", instance_count=1, sagemaker_session=session)
processor = ScriptProcessor(command=["python3"], **on)
"""
UNKNOWN = {
    "of a step": "TransformStep(name='T', transformer=transformer, inputs=TransformInput('s3://b/x'), "
    "transform_inputs=[])  # TRN434",
    "misspelt": "ProcessingStep(name='P', processor=sk, job_argument=['--a'])  # TRN434",
    "of a processor": "SKLearnProcessor('1.2-1', volume_size=30, **on)  # TRN434",
    "of a framework's processor": "PyTorchProcessor(framework_version='2.1', source_dir='code', **on)  # TRN434",
    "of a model": "Model(image_uri='i', model_data='s3://b/m', role='r', instance_type='ml.m5.large')  # TRN434",
    "of a pipeline": "Pipeline(name='p', step=[])  # TRN434",
    "of run": "sk.run(code='p.py', source_dir='src')  # TRN434",
    "of transform": "transformer.transform('s3://b/x', split='Line')  # TRN434",
    "of upsert": "pipeline = Pipeline(name='p', steps=[])\npipeline.upsert(role='r')  # TRN434",
    "of an input": "ProcessingInput(source='s3://b/x', dest='/opt/ml/processing/input')  # TRN434",
    "of a step of a function": "LambdaStep(name='L', lambda_func=make(), arguments={})  # TRN434",
    "of a collection": "RegisterModel(name='R', model_data='s3://b/m', content_type=['text/csv'],  # TRN434\n"
    "    response_types=['text/csv'], inference_instances=['ml.m5.large'], transform_instances=['ml.m5.large'],\n"
    "    model_package_group_name='g')",
}
MISSING = {
    "name of a step": "ProcessingStep(processor=sk)  # TRN434",
    "name of a property file": "PropertyFile(output_name='o', path='p.json')  # TRN434",
    "a version": "SKLearnProcessor(**on)  # TRN434",
    "a type": "p = ScriptProcessor('r', 'i', ['python3'], 1)  # TRN434\np.run('p.py')",
    "a count": "p = Processor(role='r', image_uri='i', instance_type='ml.m5.large')  # TRN434\np.run()",
    "a command": "p = ScriptProcessor(image_uri='i', **on)  # TRN434\nProcessingStep('P', processor=p, code='p.py')",
    "code": "sk.run(inputs=[])  # TRN434",
    "data": "transformer.transform()  # TRN434",
    "what a step runs": "ProcessingStep(name='P')  # TRN434",
    "inputs": "TransformStep(name='T', transformer=transformer)  # TRN434",
    "both": "ProcessingStep('P', step_args=sk.run('p.py'), processor=sk)  # TRN434",
    "steps of a condition": "ConditionStep()  # TRN434",
}
TYPES = {
    "command": "ScriptProcessor(image_uri='i', command='python3', **on)  # TRN434",
    "arguments": "sk.run('p.py', arguments='--rows 5')  # TRN434",
    "a number": "sk.run('p.py', arguments=['--rows', 5])  # TRN434",
    "a number by name": "rows = 5\nsk.run('p.py', arguments=['--rows', rows])  # TRN434",
    "of a step": "ProcessingStep('P', processor=sk, code='p.py', job_arguments=['--rows', 0.5])  # TRN434",
    "a dict": "sk.run('p.py', inputs={'a': ProcessingInput('s3://b/x', '/opt/ml/processing/a')})  # TRN434",
    "one output": "sk.run('p.py', outputs=ProcessingOutput('/opt/ml/processing/a'))  # TRN434",
    "a property file": "ProcessingStep('P', processor=sk, code='p.py',\n"
    "    property_files=PropertyFile('a', 'b', 'c'))  # TRN434",
    "a condition": "ConditionStep('C', conditions=ConditionGreaterThan(1, 2), if_steps=[], else_steps=[])  # TRN434",
    "a variable": "sk.run(code=ParameterString('Code', 's3://b/p.py'))  # TRN434",
    "a count": "SKLearnProcessor('1.2-1', role='r', instance_type='ml.m5.large', instance_count='1')  # TRN434",
    "a variable of the job": "SKLearnProcessor('1.2-1', env={'DEPTH': 5}, **on)  # TRN434",
    "the processor": "ProcessingStep('P', step_args=sk)  # TRN434",
    "another method": "TransformStep('T', step_args=sk.run('p.py'))  # TRN434",
    "a dict for an input": "sk.run('p.py', inputs=[{'source': 's3://b/x'}])  # TRN434",
    "a string for an output": "ProcessingStep('P', processor=sk, code='p.py', outputs=['s3://b/x'])  # TRN434",
    "a dict of metrics": "ModelMetrics(model_statistics={})  # TRN434",
    "a processing step's arguments": "ModelStep('M', step_args=sk.run('p.py'))  # TRN434",
    "a dict of arguments": "ProcessingStep('P', step_args={'code': 'p.py'})  # TRN434",
}
SESSION = {
    "none": "p = SKLearnProcessor('1.2-1', 'r', 1, 'ml.m5.large')  # TRN434\nProcessingStep('P', p.run('p.py'))",
    "a plain one": "p = SKLearnProcessor('1.2-1', 'r', 1, 'ml.m5.large',\n"
    "    sagemaker_session=sagemaker.Session())  # TRN434\nProcessingStep('P', p.run('p.py'))",
    "of a model": "m = Model(image_uri='i', model_data='s3://b/m', role='r',\n"
    "    sagemaker_session=sagemaker.Session())  # TRN434\nModelStep('M', m.register(content_types=['text/csv'],\n"
    "    response_types=['text/csv']))",
    "of a transformer": "t = Transformer('m', 1, 'ml.m5.large')  # TRN434\nTransformStep('T', t.transform('s3://b/x'))",
}
IN = "ProcessingInput('s3://b/{}', '/opt/ml/processing/{}')"
OUT = "ProcessingOutput('/opt/ml/processing/{}')"
FRAMEWORK = "pt = PyTorchProcessor(framework_version='2.1', **on)\n"
PORTS = {
    "two inputs": f"sk.run('p.py', inputs=[{IN.format(1, 'a')},\n    {IN.format(2, 'a/')}])  # TRN434",
    "an output": f"sk.run('p.py', inputs=[{IN.format(1, 'a')}], outputs=[{OUT.format('a')}])  # TRN434",
    "by a name": "FOLDER = '/opt/ml/processing/a'\n"
    f"sk.run('p.py', inputs=[{IN.format(1, 'a')}], outputs=[ProcessingOutput(source=FOLDER)])  # TRN434",
    "of a step": f"ProcessingStep('P', processor=sk, code='p.py', inputs=[{IN.format(1, 'a')}],\n"
    f"    outputs=[{OUT.format('a')}])  # TRN434",
    "outside": "sk.run('p.py', inputs=[ProcessingInput('s3://b/x', '/opt/ml/input/a')])  # TRN434",
    "eleven": f"sk.run('p.py', inputs=[{', '.join(IN.format(n, n) for n in range(10))}])  # TRN434",
    "of a request": "import boto3\nboto3.client('sagemaker').create_processing_job(\n"
    "    ProcessingJobName='p', AppSpecification={'ImageUri': 'i'}, RoleArn='r', ProcessingResources={\n"
    "    'ClusterConfig': {'InstanceCount': 1, 'InstanceType': 'ml.m5.large', 'VolumeSizeInGB': 30}}, "
    "ProcessingInputs=[\n"
    "    {'InputName': 'a', 'S3Input': "
    "{'S3Uri': 's3://b/1', 'S3DataType': 'S3Prefix', 'LocalPath': '/opt/ml/processing/a'}},\n"
    "    {'InputName': 'b', 'S3Input': "
    "{'S3Uri': 's3://b/2', 'S3DataType': 'S3Prefix', 'LocalPath': '/opt/ml/processing/a'}}])  # TRN434",
    "no code": "ProcessingStep('P', processor=sk, inputs=[])  # TRN434",
    "a framework": FRAMEWORK + "ProcessingStep('P', processor=pt, code='p.py')  # TRN434",
    "an archive": FRAMEWORK + "pt.run('p.py', source_dir='s3://b/code.tar.gz')  # TRN434",
}
RIGHT_PORTS = {
    "an object built of a dict": "settings = {'source': 's3://b/1', 'destination': '/opt/ml/processing/a'}\n"
    "sk.run('p.py', inputs=[ProcessingInput(**settings)])",
    "an element that may be an object": "from ports import one\none = one or {}\nsk.run('p.py', inputs=[one])",
    "appended by one of two branches": "ports = []\nif read():\n"
    f"    ports.append({IN.format(1, 'a')})\nelse:\n    ports.append({IN.format(2, 'a')})\n"
    "sk.run('p.py', inputs=ports)",
    "two lists of one name": f"ports = []\nport = {IN.format(1, 'a')}\nports.append(port)\n"
    "sk.run('p.py', inputs=ports)\n"
    f"ports = []\nport = {IN.format(2, 'a')}\nports.append(port)\nsk.run('q.py', inputs=ports)",
    "an input below another": f"sk.run('p.py', inputs=[{IN.format(1, 'a')}, {IN.format(2, 'a/b')}])",
    "two outputs": f"sk.run('p.py', inputs=[{IN.format(1, 'a')}], outputs=[{OUT.format('b')}, {OUT.format('c')}])",
    "ten": f"sk.run('p.py', inputs=[{', '.join(IN.format(n, n) for n in range(9))}])",
    "unknown paths": "sk.run('p.py', inputs=[ProcessingInput('s3://b/x', read()),\n"
    "    ProcessingInput('s3://b/y', read())])",
    "an image": "ProcessingStep('P', processor=Processor(image_uri='i', **on))",
    "unknown code": "ProcessingStep('P', processor=sk, **read())",
    "a shell script": FRAMEWORK + "ProcessingStep('P', processor=pt, code='run.sh')",
    "another command": FRAMEWORK
    + "pt.framework_entrypoint_command = ['python3']\nProcessingStep('P', processor=pt, code='p.py')",
    "the right archive": FRAMEWORK + "pt.run('p.py', source_dir='s3://b/x/sourcedir.tar.gz')",
    "a folder": FRAMEWORK + "pt.run('p.py', source_dir='src')",
}
WRONG_V3 = {
    "a processor": "ProcessingStep(name='P', processor=processor)  # TRN434",
    "nothing": "ProcessingStep(name='P')  # TRN434",
    "names of v2": "ProcessingInput(source='s3://b/x', input_name='x')  # TRN434",
    "no name": "ProcessingOutput(s3_output=make())  # TRN434",
    "no mode": "ProcessingS3Output(s3_uri='s3://b/x', local_path='/opt/ml/processing/a')  # TRN434",
    "misspelt": "ScriptProcessor(command=['python3'], volume_size_gb=5, **on)  # TRN434",
    "command": "ScriptProcessor(command='python3', **on)  # TRN434",
    "a number": "processor.run(code='p.py', arguments=['--rows', 5])  # TRN434",
    "no code": "processor.run(inputs=[])  # TRN434",
    "no session": "p = ScriptProcessor('r', 'i', ['python3'], 1, 'ml.m5.large')  # TRN434\n"
    "ProcessingStep('P', p.run('p.py'))",
}
RIGHT = {
    "a step": "ProcessingStep('P', sk.run(code='p.py', arguments=['--rows', '5'], wait=False))",
    "a step with its processor": "ProcessingStep(name='P', processor=sk, code='p.py', inputs=[], outputs=[], "
    "job_arguments=['--rows', str(5)], kms_key=None)",
    "None": "ProcessingStep(name='P', step_args=None, processor=sk, code='p.py')",
    "a transform": "TransformStep('T', step_args=transformer.transform('s3://b/x', split_type='Line'))",
    "an input": "ProcessingInput(source='s3://b/x', destination='/opt/ml/processing/a', s3_data_type='S3Prefix')",
    "a model": "Model(image_uri='i', model_data='s3://b/m', role='r', entry_point='e.py', source_dir='code')",
    "a model's step": "ModelStep(name='M', step_args=model.create(instance_type='ml.m5.large'))",
    "old step of a model": "CreateModelStep('M', model=model, inputs=CreateModelInput('ml.m5.large'))",
    "registered": "ModelStep('R', model.register(content_types=['text/csv'], response_types=['text/csv'],\n"
    "    model_metrics=ModelMetrics(model_statistics=MetricsSource('application/json', 's3://b/x'))))",
    "spark": "PySparkProcessor(framework_version='3.1', **on).run(submit_app='p.py', arguments=['--a', 'b'])",
    "a framework": "FrameworkProcessor(PyTorch, '2.1', **on).run('p.py', source_dir='src', dependencies=['lib'])",
    "an own entry point": "Processor(image_uri='i', entrypoint=['python3', 'p.py'], **on).run(arguments=['--a'])",
    "unknown keywords": "SKLearnProcessor(**read())",
    "a subclass": "class Own(ScriptProcessor):\n"
    "    def __init__(self, rows): super().__init__(image_uri='i', command=['python3'], **on)\nOwn(rows=5)",
    "a value that is not known": "sk.run('p.py', arguments=['--rows', read()], inputs=read())",
    "one of two": "sk.run('p.py', arguments=['--rows', 5 if read() else '5'])",
    "a count of the pipeline": "SKLearnProcessor('1.2-1', role='r', instance_type='ml.m5.large', "
    "instance_count=ParameterString('Count'))",
    "another run": "read().run(arguments=['--rows', 5], source='x')",
    "a session that is not known": "p = SKLearnProcessor('1.2-1', 'r', 1, 'ml.m5.large', "
    "sagemaker_session=read())\nProcessingStep('P', p.run('p.py'))",
    "a model's session that is not known": "m = Model(image_uri='i', model_data='s3://b/m', role='r', "
    "sagemaker_session=read())\nModelStep('M', m.create(instance_type='ml.m5.large'))",
    "metrics that are not known": "ModelMetrics(model_statistics=read() or {})",
    "no step": "SKLearnProcessor('1.2-1', 'r', 1, 'ml.m5.large').run('p.py')",
    "not started here": "def make(): return ScriptProcessor(role='r', image_uri='i', command=['python3'])",
    "as in v1": "Model(model_data='s3://b/m', image='i', role='r')",
    "passed on": "RegisterModel(name='R', content_types=['text/csv'], response_types=['text/csv'],\n"
    "    entry_point='e.py', source_dir='code')",
    "a condition": "ConditionStep(name='C', conditions=[ConditionGreaterThan(1, 2)], if_steps=[], else_steps=[])",
    "several classes": "kind = ScriptProcessor if read() else SKLearnProcessor\nkind(framework_version='1.2-1', **on)",
}
RIGHT_V3 = {
    "a step": "ProcessingStep(name='P', step_args=processor.run(code='p.py', arguments=['--rows', '5']))",
    "an input": "ProcessingInput(input_name='x', s3_input=ProcessingS3Input(s3_uri='s3://b/x', "
    "s3_data_type='S3Prefix', local_path='/opt/ml/processing/x'))",
    "a framework": "FrameworkProcessor(command=['python3'], **on).run(code='p.py', source_dir='src')",
    "a new argument": "ScriptProcessor(command=['python3'], queue='fast', **on)",
    "candidates": "ScriptProcessor('r', 'i', ['python3'], instance_preferences=[{'InstanceType': 'ml.m5.large'}])",
    "an image of scikit-learn": "ScriptProcessor(role='r', image_uri='1.dkr.ecr/sagemaker-scikit-learn:1.2', "
    "instance_type='ml.m5.large', instance_count=1)",
    "a pipeline": "Pipeline(name='p', parameters=[], steps=[]).upsert(role_arn='r')",
}
WRONG = {
    f"{kind}: {name}": text
    for kind, part in (
        ("unknown", UNKNOWN),
        ("missing", MISSING),
        ("type", TYPES),
        ("session", SESSION),
        ("ports", PORTS),
    )
    for name, text in part.items()
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    assert_marked("TRN434", HEAD + WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert_marked("TRN434", HEAD + RIGHT[name])


@pytest.mark.parametrize("name", RIGHT_PORTS)
def test_right_ports(name: str) -> None:
    assert_marked("TRN434", HEAD + RIGHT_PORTS[name])


@pytest.mark.parametrize("name", WRONG_V3)
def test_wrong_with_v3(name: str) -> None:
    assert_marked("TRN434", V3 + WRONG_V3[name])


@pytest.mark.parametrize("name", RIGHT_V3)
def test_right_with_v3(name: str) -> None:
    assert_marked("TRN434", V3 + RIGHT_V3[name])


def test_in_a_notebook(tmp_path: Path) -> None:
    text = notebook(HEAD, "sk.run(code='p.py', arguments=['--rows', 5])")
    assert said(tmp_path, {"pipeline.ipynb": text}, "TRN434") == [
        "TRN434 cell 3 line 1: an element of arguments is 5, not a string"
    ]
