"""Launchers of SDK v2."""

from __future__ import annotations

from slow.variants import Variant, script

ROLE = "arn:aws:iam::123456789012:role/Training"
HEAD = f"""
import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.huggingface import HuggingFace
from sagemaker.inputs import FileSystemInput, TrainingInput
from sagemaker.mxnet import MXNet
from sagemaker.processing import ProcessingInput, ProcessingOutput, ScriptProcessor
from sagemaker.pytorch import PyTorch
from sagemaker.sklearn import SKLearn
from sagemaker.tensorflow import TensorFlow
from sagemaker.tuner import CategoricalParameter, ContinuousParameter, HyperparameterTuner, IntegerParameter
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import LocalPipelineSession, PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep, TuningStep
from sagemaker.xgboost import XGBoost

ROLE = "{ROLE}"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/prepare:1"
session = PipelineSession()
"""
TORCH = """
    entry_point="train.py",
    source_dir="code",
    role=ROLE,
    instance_type="ml.m5.xlarge",
    instance_count=1,
    framework_version="2.1",
    py_version="py310",
    sagemaker_session=session,
"""
PREPARE = """
processor = ScriptProcessor(
    image_uri=IMAGE, command=["python3"], role=ROLE, instance_type="ml.m5.large", instance_count=1,
    sagemaker_session=session,
)
prepare = ProcessingStep(
    name="Prepare",
    step_args=processor.run(
        code="prepare.py",
        inputs=[ProcessingInput(source="s3://bucket/raw", destination="/opt/ml/processing/input")],
        outputs=[
            ProcessingOutput(output_name="train", source="/opt/ml/processing/train"),
            ProcessingOutput(output_name="validation", source="/opt/ml/processing/validation"),
        ],
    ),
)
"""
PREPARED = {"prepare.py": "print('prepared')\n"}
TRAIN = """
step = TrainingStep(name="Train", step_args=estimator.fit({"train": TrainingInput("s3://bucket/train")}))
pipeline = Pipeline(name="training", steps=[step], sagemaker_session=session)
"""
MOOR = """
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep

berth = LambdaOutput(output_name="berth", output_type=LambdaOutputTypeEnum.String)
function = Lambda(function_arn="arn:aws:lambda:eu-west-1:123456789012:function:moor", session=session)
moor = LambdaStep(name="Moor", lambda_func=function, outputs=[berth])
answer = moor.properties.Outputs["{name}"]
"""
TWO = {"code/train.py": script(channels=("train", "validation"))}


def torch(more: str = "", tail: str = TRAIN, before: str = "") -> str:
    """Return a launcher with a PyTorch estimator that has these additional arguments."""
    return f"{HEAD}{before}\nestimator = PyTorch({TORCH}    {more}\n)\n{tail}"


def changed(old: str, new: str, tail: str = TRAIN) -> str:
    """Return the plain launcher with one change."""
    text = torch(tail=tail)
    assert old in text, old
    return text.replace(old, new)


RIGHT: dict[str, Variant] = {
    "plain": Variant(torch('hyperparameters={"lr": 0.01, "epochs": 3},')),
    "bare string": Variant(
        torch(
            'base_job_name="plain-fit",',
            'estimator.fit("s3://bucket/train", wait=False)',
            "session = sagemaker.Session()",
        ),
        {"code/train.py": script(channels=("training",))},
    ),
    "waits": Variant(
        torch(
            tail='estimator.fit(TrainingInput("s3://bucket/x", content_type="text/csv"), logs=False)',
            before="session = None",
        ),
        {"code/train.py": script(channels=("training",))},
    ),
    "dicts merged": Variant(
        torch(
            "hyperparameters={**BASE, **OWN, 'layers': [64, 32]},",
            before="BASE = {'lr': 0.5, 'epochs': 1}\nOWN = {'lr': 0.01} | {'optimizer': 'adam'}",
        ),
        {"code/train.py": script("'--layers'", "'--optimizer'")},
    ),
    "dict filled": Variant(
        torch(
            "hyperparameters=settings,",
            before="""
settings = dict(lr=0.5)
settings["epochs"] = 4
settings.update({"lr": 0.2, "optimizer": "sgd"})
settings.update(layers=3)
settings.setdefault("patience", 7)
settings["gone"] = 1
del settings["gone"]
""",
        ),
        {"code/train.py": script("'--layers'", "'--optimizer'", "'--patience', type=int")},
    ),
    "keyword arguments": Variant(
        f"""{HEAD}
common = dict(
    role=ROLE, instance_count=1, instance_type="ml.c5.xlarge", framework_version="2.0.1", py_version="py310",
    sagemaker_session=session,
)
where = {{"entry_point": "train.py", "source_dir": "code"}}
common["max_run"] = 3600
estimator = PyTorch(volume_size=50, **where, **common)
{TRAIN}"""
    ),
    "pipeline parameters": Variant(
        f"""{HEAD}
kind = ParameterString(name="InstanceType", default_value="ml.m5.xlarge")
count = ParameterInteger(name="InstanceCount", default_value=1)
rate = ParameterFloat(name="Rate", default_value=0.1)
data = ParameterString(name="Data", default_value="s3://bucket/train")
estimator = PyTorch(
    entry_point="train.py", source_dir="code", role=ROLE, framework_version="2.1", py_version="py310",
    instance_type=kind, instance_count=count, hyperparameters={{"lr": rate, "epochs": 2}}, sagemaker_session=session,
)
step = TrainingStep(name="Train", step_args=estimator.fit({{"train": TrainingInput(s3_data=data)}}))
pipeline = Pipeline(name="training", parameters=[kind, count, rate, data], steps=[step], sagemaker_session=session)
"""
    ),
    "class attributes": Variant(
        f"""{HEAD}
class Settings:
    instance_type = "ml.g4dn.xlarge"
    volume = 100
    hyperparameters = {{"lr": 0.3}}


class Builder:
    name = "Train"

    def __init__(self, settings):
        self.settings = settings
        self.epochs = 5

    def hyperparameters(self):
        found = dict(self.settings.hyperparameters)
        found["epochs"] = self.epochs
        return found

    def estimator(self):
        return PyTorch(
            entry_point="train.py", source_dir="code", role=ROLE, framework_version="2.1", py_version="py310",
            instance_type=self.settings.instance_type, instance_count=1, volume_size=self.settings.volume,
            hyperparameters=self.hyperparameters(), sagemaker_session=session,
        )

    def step(self):
        inputs = {{"train": TrainingInput("s3://bucket/train")}}
        return TrainingStep(name=self.name, step_args=self.estimator().fit(inputs))


pipeline = Pipeline(name="training", steps=[Builder(Settings()).step()], sagemaker_session=session)
"""
    ),
    "helper functions": Variant(
        f"""{HEAD}
def inputs(*names):
    return {{name: TrainingInput(f"s3://bucket/{{name}}") for name in names}}


def make(entry, rate, kind="ml.m5.xlarge"):
    return PyTorch(
        entry_point=entry, source_dir="code", role=ROLE, framework_version="2.1", py_version="py310",
        instance_type=kind, instance_count=1, hyperparameters={{"lr": rate}}, sagemaker_session=session,
    )


first = TrainingStep(name="First", step_args=make("train.py", 0.1).fit({{"train": "s3://bucket/train"}}))
second = TrainingStep(
    name="Second", step_args=make("second.py", 0.2, kind="ml.m5.2xlarge").fit({{"train": "s3://bucket/second"}})
)
pipeline = Pipeline(name="training", steps=[first, second], sagemaker_session=session)
""",
        {"code/second.py": script()},
    ),
    "f-strings": Variant(
        f"""{HEAD}
import os

bucket, prefix = "bucket", "churn"
output = f"s3://{{bucket}}/{{prefix}}/output"
train = os.path.join("s3://", bucket, prefix, "train")
checks = "s3://{{}}/{{}}".format(bucket, "checkpoints")
estimator = PyTorch({TORCH}
    output_path=output, checkpoint_s3_uri=checks, code_location="s3://" + bucket + "/code",
)
step = TrainingStep(name="Train", step_args=estimator.fit({{"train": TrainingInput(train)}}))
pipeline = Pipeline(name=f"{{prefix}}-training", steps=[step], sagemaker_session=session)
"""
    ),
    "joins and properties": Variant(
        f"""{HEAD}{PREPARE}
bucket = ParameterString(name="Bucket", default_value="bucket")
estimator = PyTorch({TORCH}
    output_path=Join(on="/", values=["s3:/", bucket, "output"]),
)
outputs = prepare.properties.ProcessingOutputConfig.Outputs
step = TrainingStep(
    name="Train",
    step_args=estimator.fit({{
        "train": TrainingInput(outputs["train"].S3Output.S3Uri, content_type="text/csv"),
        "validation": TrainingInput(
            prepare.properties.ProcessingOutputConfig.Outputs["validation"].S3Output.S3Uri
        ),
    }}),
)
pipeline = Pipeline(name="training", parameters=[bucket], steps=[prepare, step], sagemaker_session=session)
""",
        {**PREPARED, **TWO},
    ),
    "one model into the next": Variant(
        f"""{HEAD}
first = PyTorch({TORCH}    hyperparameters={{"epochs": 1}},
)
one = TrainingStep(name="First", step_args=first.fit({{"train": TrainingInput("s3://bucket/train")}}))
second = PyTorch({TORCH}    hyperparameters={{"epochs": 2}},
)
two = TrainingStep(
    name="Second",
    step_args=second.fit({{
        "train": TrainingInput("s3://bucket/train"),
        "model": TrainingInput(one.properties.ModelArtifacts.S3ModelArtifacts),
    }}),
)
pipeline = Pipeline(name="training", steps=[one, two], sagemaker_session=session)
""",
        {
            "code/train.py": script().replace(
                "    channels = [", "    print(os.environ.get('SM_CHANNEL_MODEL'))\n    channels = ["
            )
        },
    ),
    "tuning": Variant(
        f"""{HEAD}
estimator = PyTorch({TORCH}    hyperparameters={{"epochs": 2}},
)
tuner = HyperparameterTuner(
    estimator,
    objective_metric_name="accuracy",
    hyperparameter_ranges={{
        "lr": ContinuousParameter(0.001, 0.1),
        "layers": IntegerParameter(1, 4),
        "optimizer": CategoricalParameter(["sgd", "adam"]),
    }},
    metric_definitions=[{{"Name": "accuracy", "Regex": "accuracy: ([0-9.]+)"}}],
    max_jobs=4, max_parallel_jobs=2,
)
step = TuningStep(name="Tune", step_args=tuner.fit({{"train": TrainingInput("s3://bucket/train")}}))
pipeline = Pipeline(name="training", steps=[step], sagemaker_session=session)
""",
        {"code/train.py": script("'--layers', type=int", "'--optimizer'")},
    ),
    "tuner that fits": Variant(
        f"""{HEAD}
session = sagemaker.Session()
ranges = {{}}
for name, low, high in (("lr", 0.001, 0.1), ("momentum", 0.1, 0.9)):
    ranges[name] = ContinuousParameter(low, high)
estimator = PyTorch({TORCH})
tuner = HyperparameterTuner(
    estimator=estimator, objective_metric_name="loss", objective_type="Minimize", hyperparameter_ranges=ranges,
    metric_definitions=[{{"Name": "loss", "Regex": "loss=([0-9.]+);"}}],
)
tuner.fit({{"train": "s3://bucket/train"}}, wait=False)
""",
        {"code/train.py": script("'--momentum', type=float")},
    ),
    "channels in a loop": Variant(
        f"""{HEAD}
estimator = PyTorch({TORCH})
channels = {{}}
for name in ["train", "validation"]:
    channels[name] = TrainingInput(s3_data="s3://bucket/" + name, input_mode="FastFile")
step = TrainingStep(name="Train", step_args=estimator.fit(inputs=channels))
pipeline = Pipeline(name="training", steps=[step], sagemaker_session=session)
""",
        TWO,
    ),
    "estimators in a loop": Variant(
        f"""{HEAD}
steps = []
for name, rate in {{"slow": 0.01, "fast": 0.5}}.items():
    estimator = PyTorch({TORCH}    hyperparameters={{"lr": rate}},
    )
    steps.append(TrainingStep(name=name, step_args=estimator.fit({{"train": f"s3://bucket/{{name}}"}})))
pipeline = Pipeline(name="training", steps=steps, sagemaker_session=session)
"""
    ),
    "image of one's own": Variant(
        f"""{HEAD}
estimator = Estimator(
    image_uri="123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1", role=ROLE, instance_type="ml.m5.xlarge",
    instance_count=2, hyperparameters={{"depth": 3, "exact": True, "names": ["a", "b"]}}, sagemaker_session=session,
)
estimator.set_hyperparameters(rounds=10, depth=4)
{TRAIN}"""
    ),
    "image and script": Variant(
        f"""{HEAD}
estimator = Estimator(
    image_uri="123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1", role=ROLE, instance_type="ml.m5.xlarge",
    instance_count=1, entry_point="train.py", source_dir="code", sagemaker_session=session,
    hyperparameters={{"lr": 0.1, "layers": [1, 2], "note": None}},
)
estimator.set_hyperparameters(epochs=10)
{TRAIN}""",
        {"code/train.py": script("'--layers'", "'--note'")},
    ),
    "image and bare script": Variant(
        f"""{HEAD}
estimator = Estimator(
    image_uri="123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1", role=ROLE, instance_type="ml.m5.xlarge",
    instance_count=1, entry_point="code/train.py", sagemaker_session=session,
    hyperparameters={{"lr": 0.1, "note": "text", "exact": True}},
)
{TRAIN}""",
        {"code/train.py": script("'--exact'", "'--note'")},
    ),
    "set twice": Variant(
        torch(
            'hyperparameters={"epochs": 1, "note": "a"},',
            'estimator.set_hyperparameters(epochs=3, note="text", lr=0.5)' + TRAIN,
        ),
        {"code/train.py": script("'--note'")},
    ),
    "Hugging Face": Variant(
        f"""{HEAD}
estimator = HuggingFace(
    entry_point="train.py", source_dir="code", role=ROLE, instance_type="ml.g5.xlarge", instance_count=1,
    transformers_version="4.36", pytorch_version="2.1", py_version="py310", sagemaker_session=session,
    hyperparameters={{"epochs": 3, "model_name": "distilbert-base-uncased"}},
    environment={{"HF_TOKEN_PATH": "/tmp/token", "TOKENIZERS_PARALLELISM": "false"}},
)
{TRAIN}""",
        {"code/train.py": script("'--model_name'")},
    ),
    "TensorFlow": Variant(
        f"""{HEAD}
estimator = TensorFlow(
    entry_point="train.py", source_dir="code", role=ROLE, instance_type="ml.m5.xlarge", instance_count=1,
    framework_version="2.13", py_version="py310", sagemaker_session=session, hyperparameters={{"epochs": 3}},
)
{TRAIN}""",
        {"code/train.py": script("'--model_dir'", kind="tensorflow")},
    ),
    "TensorFlow without model_dir": Variant(
        f"""{HEAD}
estimator = TensorFlow(
    entry_point="train.py", source_dir="code", role=ROLE, instance_type="ml.p3.2xlarge", instance_count=1,
    framework_version="2.13", py_version="py310", sagemaker_session=session, model_dir=False,
)
{TRAIN}""",
        {"code/train.py": script(kind="tensorflow")},
    ),
    "TensorFlow with Horovod": Variant(
        f"""{HEAD}
estimator = TensorFlow(
    entry_point="train.py", source_dir="code", role=ROLE, instance_type="ml.p3.2xlarge", instance_count=2,
    framework_version="2.11", py_version="py39", sagemaker_session=session,
    distribution={{"mpi": {{"enabled": True, "processes_per_host": 1}}}},
)
{TRAIN}""",
        {"code/train.py": script("'--model_dir'", kind="tensorflow")},
    ),
    "scikit-learn": Variant(
        f"""{HEAD}
estimator = SKLearn(
    entry_point="train.py", source_dir="code", role=ROLE, instance_type="ml.m5.xlarge", instance_count=1,
    framework_version="1.2-1", sagemaker_session=session, hyperparameters=dict(epochs=3),
)
{TRAIN}""",
        {"code/train.py": script(kind="sklearn")},
    ),
    "scikit-learn without a folder": Variant(
        f"""{HEAD}
estimator = SKLearn(
    "code/train.py", framework_version="1.2-1", py_version="py3", role=ROLE, instance_type="ml.m5.xlarge",
    instance_count=1, sagemaker_session=session, dependencies=["shared"],
)
{TRAIN}""",
        {"code/train.py": script(kind="sklearn"), "shared/__init__.py": ""},
    ),
    "MXNet": Variant(
        f"""{HEAD}
estimator = MXNet(
    entry_point="train.py", source_dir="code", role=ROLE, instance_type="ml.m5.xlarge", instance_count=1,
    framework_version="1.9.0", py_version="py38", sagemaker_session=session, hyperparameters={{"epochs": 3}},
)
{TRAIN}""",
    ),
    "XGBoost": Variant(
        f"""{HEAD}
estimator = XGBoost(
    entry_point="train.py", source_dir="code", role=ROLE, instance_type="ml.m5.2xlarge", instance_count=1,
    framework_version="1.7-1", sagemaker_session=session, hyperparameters={{"lr": 0.2}},
)
{TRAIN}""",
        {"code/train.py": script(kind="xgboost")},
    ),
    "built-in XGBoost": Variant(
        f"""{HEAD}
image = sagemaker.image_uris.retrieve("xgboost", "us-east-1", version="1.7-1")
estimator = Estimator(
    image, ROLE, instance_count=1, instance_type="ml.m5.xlarge", output_path="s3://bucket/out",
    sagemaker_session=session,
)
estimator.set_hyperparameters(max_depth=5, eta=0.2, objective="binary:logistic", num_round=100)
step = TrainingStep(
    name="Train",
    step_args=estimator.fit({{
        "train": TrainingInput("s3://bucket/train", content_type="text/csv"),
        "validation": TrainingInput("s3://bucket/validation", content_type="text/csv"),
    }}),
)
pipeline = Pipeline(name="training", steps=[step], sagemaker_session=session)
"""
    ),
    "everything": Variant(
        torch(
            """use_spot_instances=True, max_run=7200, max_wait=10800, checkpoint_s3_uri="s3://bucket/checkpoints",
    checkpoint_local_path="/opt/ml/checkpoints", volume_size=200, volume_kms_key="key", output_kms_key="other",
    output_path="s3://bucket/output", base_job_name="churn-training", enable_network_isolation=True,
    encrypt_inter_container_traffic=True, max_retry_attempts=3, input_mode="FastFile",
    environment={"LOG_LEVEL": "debug", "WANDB_MODE": "offline"}, tags=[{"Key": "team", "Value": "churn"}],
    metric_definitions=[
        {"Name": "loss", "Regex": "loss=(.*?);"},
        {"Name": "accuracy", "Regex": "accuracy: ([0-9.]+)"},
    ],
    subnets=["subnet-1"], security_group_ids=["sg-1"], disable_profiler=True,"""
        )
    ),
    "warm pool": Variant(torch("keep_alive_period_in_seconds=1800, debugger_hook_config=False,")),
    "estimator given to the step": Variant(
        torch(
            tail="""
step = TrainingStep(name="Train", estimator=estimator, inputs={"train": TrainingInput("s3://bucket/train")})
pipeline = Pipeline(name="training", steps=[step], sagemaker_session=session)
"""
        )
    ),
    "tuner given to the step": Variant(
        torch(
            tail="""
tuner = HyperparameterTuner(
    estimator, "loss", {"lr": ContinuousParameter(0.01, 0.1)}, [{"Name": "loss", "Regex": "loss=([0-9.]+);"}],
)
step = TuningStep(name="Tune", tuner=tuner, inputs={"train": TrainingInput("s3://bucket/train")})
pipeline = Pipeline(name="training", steps=[step], sagemaker_session=session)
"""
        )
    ),
    "configuration module": Variant(
        f"""{HEAD}
import settings
from settings import HYPERPARAMETERS, TrainingConfig

config = TrainingConfig(instance_type="ml.m5.4xlarge")
estimator = PyTorch(
    entry_point=settings.ENTRY, source_dir=settings.FOLDER, role=ROLE, framework_version="2.1", py_version="py310",
    instance_type=config.instance_type, instance_count=config.instance_count, volume_size=config.volume,
    hyperparameters=HYPERPARAMETERS, sagemaker_session=session,
)
{TRAIN}""",
        {
            "settings.py": """
            from dataclasses import dataclass

            ENTRY = "train.py"
            FOLDER = "code"
            HYPERPARAMETERS = {"lr": 0.7, "epochs": 9}


            @dataclass
            class TrainingConfig:
                instance_type: str
                instance_count: int = 1
                volume: int = 64
            """
        },
    ),
    "from the environment": Variant(
        f"""{HEAD}
import os

kind = "ml.g4dn.xlarge" if os.environ.get("GPU") else "ml.m5.xlarge"
estimator = PyTorch(
    entry_point="train.py", source_dir="code", role=os.environ.get("ROLE", ROLE), framework_version="2.1",
    py_version="py310", instance_type=kind, instance_count=int(os.environ.get("COUNT", "1")),
    hyperparameters={{"lr": float(os.environ.get("LR", "0.1"))}}, sagemaker_session=session,
)
{TRAIN}"""
    ),
    "from the command line": Variant(
        f"""{HEAD}
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--instance-type", default="ml.m5.xlarge")
parser.add_argument("--epochs", type=int, default=3)
options = parser.parse_args()
estimator = PyTorch(
    entry_point="train.py", source_dir="code", role=ROLE, framework_version="2.1", py_version="py310",
    instance_type=options.instance_type, instance_count=1, hyperparameters={{"epochs": options.epochs}},
    sagemaker_session=session,
)
{TRAIN}"""
    ),
    "names of v1": Variant(
        torch("train_max_run=60,").replace("instance_count=1,", "train_instance_count=1,"),
    ),
    "model to begin with": Variant(
        torch('model_uri="s3://bucket/model.tar.gz", model_channel_name="weights",'),
        {"code/train.py": script(channels=("train", "weights"))},
    ),
    "parameters as names": Variant(
        torch(
            'base_job_name="churn", model_uri=model, output_path=output, checkpoint_s3_uri=output, role=role,',
            before="""
model = ParameterString(name="Model", default_value="s3://bucket/model.tar.gz")
output = ParameterString(name="Output", default_value="s3://bucket/output")
role = ParameterString(name="Role", default_value=ROLE)
""",
            tail=TRAIN.replace("steps=", "parameters=[model, output, role], steps="),
        ).replace("    role=ROLE,\n", ""),
        {"code/train.py": script(channels=("train", "model"))},
    ),
    "local pipeline": Variant(
        torch(before="session = LocalPipelineSession()").replace('"ml.m5.xlarge"', '"local"')
    ),
    "file system": Variant(
        torch(
            'subnets=["subnet-1"], security_group_ids=["sg-1"],',
            """
data = FileSystemInput(file_system_id="fs-0123456789abcdef0", file_system_type="EFS", directory_path="/train")
step = TrainingStep(name="Train", step_args=estimator.fit({"train": data}))
pipeline = Pipeline(name="training", steps=[step], sagemaker_session=session)
""",
        )
    ),
    "entry point in a folder": Variant(
        changed('"train.py"', '"jobs/train.py"'), {"code/jobs/train.py": script()}
    ),
    "torchrun": Variant(
        torch('distribution={"torch_distributed": {"enabled": True}},')
        .replace('"2.1"', '"2.1.0"')
        .replace("ml.m5.xlarge", "ml.p3.8xlarge")
    ),
    "any value": Variant(
        torch("""hyperparameters={
        "flag": True, "off": False, "nothing": None, "names": ["a", "b"], "sizes": (1, 2), "table": {"x": 1},
        "text": "it's \\"so\\"", "small": 1e-05, "negative": -0.5,
    },"""),
        {
            "code/train.py": script(
                *(
                    f"'--{name}'"
                    for name in ("flag", "off", "nothing", "names", "sizes", "table", "text", "small")
                ),
                "'--negative', type=float",
            )
        },
    ),
    "session of one's own": Variant(
        torch(
            before="""
import boto3

session = PipelineSession(
    boto_session=boto3.Session(region_name="eu-west-1"), default_bucket="mine", default_bucket_prefix="prefix"
)
role = sagemaker.get_execution_role()
"""
        ).replace("role=ROLE", "role=role")
    ),
    "attributes afterwards": Variant(
        torch(
            "hyperparameters={'lr': 0.1},",
            "estimator.max_run = 600\nestimator.instance_type = 'ml.c5.4xlarge'\n" + TRAIN,
        )
    ),
}

WRONG: dict[str, Variant] = {
    "no such argument": Variant(torch("instnce_count=2,"), codes=("TRN403",)),
    "no such argument, dropped": Variant(torch('hyperparamters={"lr": 1},'), codes=("TRN403",)),
    "no framework version": Variant(changed('    framework_version="2.1",\n', ""), codes=("TRN402",)),
    "no Python version": Variant(changed('    py_version="py310",\n', ""), codes=("TRN402",)),
    "no instance type": Variant(
        changed('    instance_type="ml.m5.xlarge",\n', ""), codes=("TRN402", "TRN210")
    ),
    "no instance count": Variant(changed("    instance_count=1,\n", ""), codes=("TRN402", "TRN210")),
    "no role": Variant(changed("    role=ROLE,\n", ""), codes=("TRN416", "TRN402")),
    "no pair of versions": Variant(changed("py310", "py37"), codes=("TRN405",)),
    "no such version": Variant(changed('"2.1"', '"1.9.5"'), codes=("TRN405",)),
    "scikit-learn without its suffix": Variant(
        f"""{HEAD}
estimator = SKLearn(
    entry_point="train.py", source_dir="code", role=ROLE, instance_type="ml.m5.xlarge", instance_count=1,
    framework_version="1.2", sagemaker_session=session,
)
{TRAIN}""",
        {"code/train.py": script(kind="sklearn")},
        codes=("TRN405",),
    ),
    "scikit-learn on a GPU": Variant(
        f"""{HEAD}
estimator = SKLearn(
    entry_point="train.py", source_dir="code", role=ROLE, instance_type="ml.p3.2xlarge", instance_count=1,
    framework_version="1.2-1", sagemaker_session=session,
)
{TRAIN}""",
        {"code/train.py": script(kind="sklearn")},
        codes=("TRN211", "TRN405"),
    ),
    "a tuner without ranges": Variant(
        torch(
            tail="""
tuner = HyperparameterTuner(estimator, "loss", {}, [{"Name": "loss", "Regex": "loss=([0-9.]+)"}])
step = TuningStep(name="Tune", step_args=tuner.fit({"train": "s3://bucket/train"}))
pipeline = Pipeline(name="tuning", steps=[step], sagemaker_session=session)
"""
        ),
        codes=("TRN436",),
    ),
    "local mode and a session of SageMaker": Variant(
        changed('instance_type="ml.m5.xlarge"', 'instance_type="local"'), codes=("TRN437",)
    ),
    "a local folder for the output of instances": Variant(
        torch('output_path="file:///tmp/model",'), codes=("TRN437",)
    ),
    "an image in the wrong order": Variant(
        torch(before='image = sagemaker.image_uris.retrieve("us-east-1", "xgboost", "1.7-1")'),
        codes=("TRN435",),
    ),
    "an image of no version": Variant(
        torch(before='image = sagemaker.image_uris.retrieve("xgboost", "us-east-1", "1.0")'),
        codes=("TRN435",),
    ),
    "an image without an instance": Variant(
        torch(
            before='image = sagemaker.image_uris.retrieve(\n    "pytorch", "us-east-1", version="2.1", '
            'py_version="py310", image_scope="training"\n)'
        ),
        codes=("TRN435",),
    ),
    "a name of SDK v1": Variant(torch(before="from sagemaker.inputs import s3_input"), codes=("TRN440",)),
    "a method of SDK v3": Variant(
        torch(tail='estimator.train({"train": "s3://bucket/train"})'), codes=("TRN440",)
    ),
    "a step that the pipeline does not have": Variant(
        torch(tail=TRAIN.replace("\npipeline", '\nstep.add_depends_on(["Prepare"])\npipeline')),
        codes=("TRN313",),
    ),
    "an output that a Lambda step lacks": Variant(
        torch(tail=MOOR.format(name="birth") + TRAIN), codes=("TRN307",)
    ),
    "a step instead of a list": Variant(
        torch(tail=TRAIN.replace("steps=[step]", "steps=step")), codes=("TRN313",)
    ),
    "half of a VPC": Variant(torch('subnets=["subnet-0a1b2c3d"],'), codes=("TRN402",)),
    "a string for a list": Variant(
        torch('subnets="subnet-0a1b2c3d", security_group_ids=["sg-0a1b2c3d"],'), codes=("TRN404",)
    ),
    "a tag with other keys": Variant(torch('tags=[{"key": "team", "value": "churn"}],'), codes=("TRN404",)),
    "a variable in a list": Variant(
        torch(
            'hyperparameters={"layers": [64, width]},',
            before='width = ParameterInteger(name="Width", default_value=8)',
        ),
        {"code/train.py": script("'--layers'")},
        codes=("TRN422",),
    ),
    "a variable as inputs": Variant(
        torch(
            tail="step = TrainingStep(name='Train', step_args=estimator.fit(data))\n"
            "pipeline = Pipeline(name='training', steps=[step], sagemaker_session=session)\n",
            before='data = ParameterString(name="Data", default_value="s3://bucket/train")',
        ),
        {"code/train.py": script(channels=("training",))},
        codes=("TRN422",),
    ),
    "Hugging Face on a CPU": Variant(
        f"""{HEAD}
estimator = HuggingFace(
    entry_point="train.py", source_dir="code", role=ROLE, instance_type="ml.m5.xlarge", instance_count=1,
    transformers_version="4.26.0", pytorch_version="1.13.1", py_version="py39", sagemaker_session=session,
)
{TRAIN}""",
        codes=("TRN211",),
    ),
    "two frameworks below Hugging Face": Variant(
        f"""{HEAD}
estimator = HuggingFace(
    entry_point="train.py", source_dir="code", role=ROLE, instance_type="ml.g5.xlarge", instance_count=1,
    transformers_version="4.26.0", pytorch_version="1.13.1", tensorflow_version="2.11.0", py_version="py39",
    sagemaker_session=session,
)
{TRAIN}""",
        codes=("TRN405",),
    ),
    "no such script": Variant(changed('"train.py"', '"tarin.py"'), codes=("TRN406",)),
    "no such folder": Variant(changed('"code"', '"source"'), codes=("TRN406",)),
    "property of a training": Variant(
        torch(
            tail=TRAIN.replace(
                "pipeline =", "print(step.properties.ModelArtifact.S3ModelArtifacts)\npipeline ="
            )
        ),
        codes=("TRN306",),
    ),
    "property of a model": Variant(
        torch(
            tail=TRAIN.replace(
                "pipeline =", "print(step.properties.ModelArtifacts.S3ModelArtifact)\npipeline ="
            )
        ),
        codes=("TRN306",),
    ),
    "property of a processing": Variant(
        f"""{HEAD}{PREPARE}
estimator = PyTorch({TORCH})
data = prepare.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3URI
step = TrainingStep(name="Train", step_args=estimator.fit({{"train": TrainingInput(data)}}))
pipeline = Pipeline(name="training", steps=[prepare, step], sagemaker_session=session)
""",
        PREPARED,
        codes=("TRN306",),
    ),
    "no S3 location": Variant(
        torch(tail=TRAIN.replace('TrainingInput("s3://bucket/train")', '"bucket/train"')), codes=("TRN412",)
    ),
    "no S3 location in an input": Variant(
        torch(tail=TRAIN.replace("s3://bucket/train", "bucket/train")), codes=("TRN412",)
    ),
    "a file for SageMaker": Variant(
        torch(tail="estimator.fit('file://data')", before="session = sagemaker.Session()"), codes=("TRN412",)
    ),
    "input mode": Variant(
        torch(tail=TRAIN.replace('train")}', 'train", input_mode="Fastfile")}')), codes=("TRN412",)
    ),
    "distribution": Variant(
        torch(tail=TRAIN.replace('train")}', 'train", distribution="Sharded")}')), codes=("TRN412",)
    ),
    "compression": Variant(
        torch(tail=TRAIN.replace('train")}', 'train", compression="gzip")}')), codes=("TRN412",)
    ),
    "argument of an input": Variant(
        torch(tail=TRAIN.replace('train")}', 'train", contenttype="text/csv")}')), codes=("TRN412", "TRN403")
    ),
    "parameter as text": Variant(
        torch(
            'output_path=f"s3://{bucket}/output",',
            before='bucket = ParameterString(name="Bucket", default_value="bucket")',
        ),
        codes=("TRN422",),
    ),
    "parameter added to text": Variant(
        torch(
            'output_path="s3://" + bucket,',
            before='bucket = ParameterString(name="Bucket", default_value="bucket")',
        ),
        codes=("TRN422",),
    ),
    "parameter as number": Variant(
        torch(
            'hyperparameters={"epochs": int(epochs)},',
            before='epochs = ParameterInteger(name="E", default_value=3)',
        ),
        codes=("TRN422",),
    ),
    "property as text": Variant(
        f"""{HEAD}{PREPARE}
estimator = PyTorch({TORCH})
uri = prepare.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri
step = TrainingStep(name="Train", step_args=estimator.fit({{"train": TrainingInput(f"{{uri}}/part")}}))
pipeline = Pipeline(name="training", steps=[prepare, step], sagemaker_session=session)
""",
        PREPARED,
        codes=("TRN422",),
    ),
    "property as a model": Variant(
        f"""{HEAD}
first = PyTorch({TORCH})
one = TrainingStep(name="First", step_args=first.fit({{"train": TrainingInput("s3://bucket/train")}}))
second = PyTorch({TORCH}    model_uri=one.properties.ModelArtifacts.S3ModelArtifacts,
)
two = TrainingStep(name="Second", step_args=second.fit({{"train": TrainingInput("s3://bucket/train")}}))
pipeline = Pipeline(name="training", steps=[one, two], sagemaker_session=session)
""",
        {"code/train.py": script(channels=("train",))},
        codes=("TRN422",),
    ),
    "parameter as a version": Variant(
        changed('"2.1"', 'ParameterString(name="Version", default_value="2.1")'), codes=("TRN422",)
    ),
    "parameter as a name": Variant(
        torch('base_job_name=ParameterString(name="Name", default_value="churn"),'), codes=("TRN422",)
    ),
    "parameter as the place of the code": Variant(
        torch(
            "code_location=place,",
            before='place = ParameterString(name="Place", default_value="s3://bucket/code")',
        ),
        codes=("TRN422",),
    ),
    "property through a name": Variant(
        f"""{HEAD}{PREPARE}
estimator = PyTorch({TORCH})
outputs = prepare.properties.ProcessingOutputConfig.Outputs
data = TrainingInput(outputs["train"].S3Outputs.S3Uri)
step = TrainingStep(name="Train", step_args=estimator.fit({{"train": data}}))
pipeline = Pipeline(name="training", steps=[prepare, step], sagemaker_session=session)
""",
        PREPARED,
        codes=("TRN306",),
    ),
    "instance type": Variant(changed("ml.m5.xlarge", "ml.m5.xlagre"), codes=("TRN211",)),
    "no instance": Variant(changed("instance_count=1", "instance_count=-1"), codes=("TRN211",)),
    "no time": Variant(torch("max_run=0,"), codes=("TRN211", "TRN404")),
    "job name": Variant(
        torch('base_job_name="churn_training",', TRAIN, "")
        .replace(TRAIN, "estimator.fit('s3://bucket/x')")
        .replace("session = PipelineSession()", "session = sagemaker.Session()"),
        {"code/train.py": script(channels=("training",))},
        codes=("TRN404",),
    ),
    "channel name": Variant(torch(tail=TRAIN.replace('"train":', '"train data":')), codes=("TRN404",)),
    "variable name": Variant(torch('environment={"LOG-LEVEL": "debug"},'), codes=("TRN404",)),
    "variable value": Variant(torch(f'environment={{"LONG": "{"x" * 600}"}},'), codes=("TRN404",)),
    "variable that is no text": Variant(
        torch(
            'environment={"LOG_LEVEL": 3},',
            "estimator.fit('s3://bucket/x')",
            before="session = sagemaker.Session()",
        ),
        {"code/train.py": script(channels=("training",))},
        codes=("TRN404",),
    ),
    "warm pool": Variant(torch("keep_alive_period_in_seconds=90000,"), codes=("TRN404",)),
    "metric name": Variant(
        torch(f'metric_definitions=[{{"Name": "{"m" * 300}", "Regex": "loss=(.*?);"}}],'), codes=("TRN404",)
    ),
    "value that is no JSON": Variant(
        torch('hyperparameters={"names": {"a", "b"}},'),
        {"code/train.py": script("'--names'")},
        codes=("TRN404", "TRN411"),
    ),
    "long value": Variant(
        torch(f'hyperparameters={{"text": "{"x" * 2600}"}},'),
        {"code/train.py": script("'--text'")},
        codes=("TRN404",),
    ),
    "step without its job": Variant(
        torch(tail='step = TrainingStep(name="Train")\npipeline = Pipeline(name="p", steps=[step])'),
        codes=("TRN402",),
    ),
    "step with two jobs": Variant(
        torch(tail=TRAIN.replace('name="Train",', 'name="Train", estimator=estimator,')),
        codes=("TRN403", "TRN402"),
    ),
    "argument of a step": Variant(
        torch(tail=TRAIN.replace('name="Train",', 'name="Train", dependson=["x"],')), codes=("TRN403",)
    ),
    "torchrun on a CPU": Variant(
        torch('distribution={"torch_distributed": {"enabled": True}},'), codes=("TRN211", "TRN404", "TRN405")
    ),
    "script on S3": Variant(changed('"train.py"', '"s3://bucket/train.py"'), codes=("TRN406", "TRN212")),
    "no image": Variant(
        f"""{HEAD}
estimator = Estimator(role=ROLE, instance_type="ml.m5.xlarge", instance_count=1, sagemaker_session=session)
{TRAIN}""",
        codes=("TRN402",),
    ),
    "no entry point": Variant(changed('    entry_point="train.py",\n', ""), codes=("TRN402", "TRN212")),
    "no objective": Variant(
        torch(
            tail="""
tuner = HyperparameterTuner(estimator, hyperparameter_ranges={"lr": ContinuousParameter(0.01, 0.1)})
step = TuningStep(name="Tune", step_args=tuner.fit({"train": TrainingInput("s3://bucket/train")}))
pipeline = Pipeline(name="training", steps=[step], sagemaker_session=session)
"""
        ),
        codes=("TRN402",),
    ),
    "argument of fit": Variant(
        torch(tail=TRAIN.replace("estimator.fit({", "estimator.fit(input={")), codes=("TRN403",)
    ),
    "channel read under another name": Variant(
        torch(), {"code/train.py": script(channels=("training",))}, codes=("TRN408",)
    ),
    "hyperparameter of another name": Variant(
        torch('hyperparameters={"learning_rate": 1},'), codes=("TRN410",)
    ),
    "hyperparameter of another type": Variant(torch('hyperparameters={"epochs": 1.5},'), codes=("TRN411",)),
    "TensorFlow's model_dir": Variant(
        f"""{HEAD}
estimator = TensorFlow(
    entry_point="train.py", source_dir="code", role=ROLE, instance_type="ml.m5.xlarge", instance_count=1,
    framework_version="2.13", py_version="py310", sagemaker_session=session,
)
{TRAIN}""",
        {
            "code/train.py": script(kind="tensorflow")
            .replace("--model-folder", "--folder")
            .replace("model_folder", "folder")
        },
        codes=("TRN414",),
    ),
}
