"""Launchers of SDK v3."""

from __future__ import annotations

from slow.variants import Variant, script

ROLE = "arn:aws:iam::123456789012:role/Training"
IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1-cpu-py310"
HEAD = f"""
from sagemaker.core.shapes import FileSystemDataSource, S3DataSource
from sagemaker.core.training.configs import (
    CheckpointConfig, Compute, InputData, MetricDefinition, Networking, OutputDataConfig, RetryStrategy, SourceCode,
    StoppingCondition,
)
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import TrainingStep
from sagemaker.train import ModelTrainer
from sagemaker.train.distributed import Torchrun

ROLE = "{ROLE}"
IMAGE = "{IMAGE}"
session = PipelineSession()
"""
COMMON = """
    training_image=IMAGE,
    role=ROLE,
    sagemaker_session=session,
"""
CODE = 'source_code=SourceCode(source_dir="code", entry_script="train.py"),'
COMPUTE = 'compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),'
DATA = 'input_data_config=[InputData(channel_name="train", data_source="s3://bucket/train")],'
TRAIN = """
step = TrainingStep(name="Train", step_args=trainer.train())
pipeline = Pipeline(name="training", steps=[step], sagemaker_session=session)
"""


def trainer(
    *more: str,
    code: str = CODE,
    compute: str = COMPUTE,
    data: str = DATA,
    tail: str = TRAIN,
    before: str = "",
) -> str:
    """Return a launcher with a trainer that has these additional arguments."""
    lines = "\n    ".join(one for one in (code, compute, data, *more) if one)
    return f"{HEAD}{before}\ntrainer = ModelTrainer({COMMON}    {lines}\n)\n{tail}"


def changed(old: str, new: str) -> str:
    """Return the plain launcher with one change."""
    text = trainer()
    assert old in text, old
    return text.replace(old, new)


PLAIN_SESSION = "session = None\n"
START = "trainer.train(wait=False)\n"

RIGHT: dict[str, Variant] = {
    "plain": Variant(trainer('hyperparameters={"lr": 0.01, "epochs": 3},')),
    "started": Variant(trainer('hyperparameters={"lr": 0.01},', tail=START, before=PLAIN_SESSION)),
    "channels given to the start": Variant(
        trainer(
            data="",
            tail="""
data = InputData(channel_name="train", data_source="s3://bucket/train", content_type="text/csv")
trainer.train(input_data_config=[data], wait=False)
""",
            before=PLAIN_SESSION,
        )
    ),
    "channels of both": Variant(
        trainer(
            tail="""
more = [InputData(channel_name="validation", data_source="s3://bucket/validation")]
step = TrainingStep(name="Train", step_args=trainer.train(input_data_config=more))
pipeline = Pipeline(name="training", steps=[step], sagemaker_session=session)
"""
        ),
        {"code/train.py": script(channels=("train", "validation"))},
    ),
    "channels in a loop": Variant(
        trainer(
            data="input_data_config=channels,",
            before="""
channels = []
for name in ("train", "validation"):
    channels.append(InputData(channel_name=name, data_source=f"s3://bucket/{name}"))
""",
        ),
        {"code/train.py": script(channels=("train", "validation"))},
    ),
    "channels in a comprehension": Variant(
        trainer(
            data='input_data_config=[InputData(channel_name=n, data_source="s3://bucket/" + n) for n in NAMES],',
            before='NAMES = ["train", "validation"]',
        ),
        {"code/train.py": script(channels=("train", "validation"))},
    ),
    "everything": Variant(
        trainer(
            """compute=Compute(
        instance_type="ml.m5.2xlarge", instance_count=2, volume_size_in_gb=100, keep_alive_period_in_seconds=600,
        volume_kms_key_id="key",
    ),
    stopping_condition=StoppingCondition(max_runtime_in_seconds=7200),
    checkpoint_config=CheckpointConfig(s3_uri="s3://bucket/checkpoints"),
    output_data_config=OutputDataConfig(s3_output_path="s3://bucket/output", kms_key_id="other"),
    networking=Networking(
        subnets=["subnet-1"], security_group_ids=["sg-1"], enable_network_isolation=False,
        enable_inter_container_traffic_encryption=True,
    ),
    environment={"LOG_LEVEL": "debug", "OMP_NUM_THREADS": "2"},
    training_input_mode="FastFile",
    base_job_name="churn",
    hyperparameters={"lr": 0.5},""",
            compute="",
        )
    ),
    "spot instances": Variant(
        trainer(
            """stopping_condition=StoppingCondition(max_runtime_in_seconds=600, max_wait_time_in_seconds=900),
    checkpoint_config=CheckpointConfig(s3_uri="s3://bucket/c", local_path="/opt/ml/checkpoints"),""",
            compute="""compute=Compute(
        instance_type="ml.m5.xlarge", instance_count=1, enable_managed_spot_training=True
    ),""",
        )
    ),
    "chained": Variant(
        trainer(
            tail="""
trainer = trainer.with_metric_definitions(
    [MetricDefinition(name="loss", regex="loss=(.*?);"), MetricDefinition(name="acc", regex="accuracy: ([0-9.]+)")]
).with_retry_strategy(RetryStrategy(maximum_retry_attempts=2))
"""
            + TRAIN
        )
    ),
    "dicts merged": Variant(
        trainer(
            "hyperparameters={**BASE, **dict(lr=0.02), 'layers': [64, 32]},",
            before="BASE = {'lr': 0.5, 'epochs': 1}\nBASE.update(epochs=4)\nBASE['note'] = 'text'",
        ),
        {"code/train.py": script("'--layers'", "'--note'")},
    ),
    "keyword arguments": Variant(
        f"""{HEAD}
where = dict(instance_type="ml.c5.xlarge", instance_count=1)
where["volume_size_in_gb"] = 40
arguments = {{"training_image": IMAGE, "role": ROLE, "hyperparameters": {{"lr": 1.5}}}}
trainer = ModelTrainer(
    source_code=SourceCode(**{{"source_dir": "code", "entry_script": "train.py"}}), compute=Compute(**where),
    input_data_config=[InputData(channel_name="train", data_source="s3://bucket/train")], sagemaker_session=session,
    **arguments,
)
{TRAIN}"""
    ),
    "any value": Variant(
        trainer(
            """hyperparameters={
        "flag": True, "off": False, "nothing": None, "names": ["a", "b"], "table": {"x": 1}, "text": "a b",
        "small": 1e-05, "quoted": '"so"', "number": "3",
    },"""
        ),
        {
            "code/train.py": script(
                *(
                    f"'--{name}'"
                    for name in (
                        "flag",
                        "off",
                        "nothing",
                        "names",
                        "table",
                        "text",
                        "small",
                        "quoted",
                        "number",
                    )
                )
            )
        },
    ),
    "pipeline parameters": Variant(
        trainer(
            'hyperparameters={"lr": rate, "epochs": 2},',
            compute="compute=Compute(instance_type=kind, instance_count=1),",
            data='input_data_config=[InputData(channel_name="train", data_source=data)],',
            before="""
kind = ParameterString(name="InstanceType", default_value="ml.m5.xlarge")
rate = ParameterFloat(name="Rate", default_value=0.1)
data = ParameterString(name="Data", default_value="s3://bucket/train")
""",
            tail=TRAIN.replace("steps=", "parameters=[kind, rate, data], steps="),
        )
    ),
    "class attributes": Variant(
        f"""{HEAD}
class Builder:
    kind = "ml.g5.xlarge"
    rates = {{"lr": 0.3}}

    def __init__(self, epochs):
        self.epochs = epochs

    def compute(self):
        return Compute(instance_type=self.kind, instance_count=1)

    def trainer(self):
        return ModelTrainer(
            training_image=IMAGE, role=ROLE, sagemaker_session=session, compute=self.compute(),
            source_code=SourceCode(source_dir="code", entry_script="train.py"),
            hyperparameters={{**self.rates, "epochs": self.epochs}},
            input_data_config=[InputData(channel_name="train", data_source="s3://bucket/train")],
        )


step = TrainingStep(name="Train", step_args=Builder(7).trainer().train())
pipeline = Pipeline(name="training", steps=[step], sagemaker_session=session)
"""
    ),
    "helper function": Variant(
        f"""{HEAD}
def channel(name, place="s3://bucket"):
    return InputData(channel_name=name, data_source=f"{{place}}/{{name}}")


def make(rate, kind="ml.m5.xlarge"):
    return ModelTrainer(
        training_image=IMAGE, role=ROLE, sagemaker_session=session,
        compute=Compute(instance_type=kind, instance_count=1),
        source_code=SourceCode(source_dir="code", entry_script="train.py"), hyperparameters={{"lr": rate}},
        input_data_config=[channel("train")],
    )


one = TrainingStep(name="One", step_args=make(0.1).train())
two = TrainingStep(name="Two", step_args=make(0.2, kind="ml.m5.4xlarge").train())
pipeline = Pipeline(name="training", steps=[one, two], sagemaker_session=session)
"""
    ),
    "one model into the next": Variant(
        f"""{HEAD}
first = ModelTrainer({COMMON}    {CODE}
    {COMPUTE}
    {DATA}
)
one = TrainingStep(name="First", step_args=first.train())
weights = one.properties.ModelArtifacts.S3ModelArtifacts
second = ModelTrainer({COMMON}    {CODE}
    {COMPUTE}
    input_data_config=[
        InputData(channel_name="train", data_source="s3://bucket/train"),
        InputData(channel_name="weights", data_source=weights),
    ],
)
two = TrainingStep(name="Second", step_args=second.train())
pipeline = Pipeline(name="training", steps=[one, two], sagemaker_session=session)
""",
        {
            "code/train.py": script().replace(
                "    channels = [", "    print(os.environ.get('SM_CHANNEL_WEIGHTS'))\n    channels = ["
            )
        },
    ),
    "data sources": Variant(
        trainer(
            data="""input_data_config=[
        InputData(
            channel_name="train",
            data_source=S3DataSource(
                s3_data_type="S3Prefix", s3_uri="s3://bucket/train", s3_data_distribution_type="ShardedByS3Key"
            ),
        ),
        InputData(
            channel_name="validation",
            data_source=FileSystemDataSource(
                file_system_id="fs-0123456789abcdef0", file_system_access_mode="ro", file_system_type="EFS",
                directory_path="/data",
            ),
        ),
    ],"""
        ),
        {"code/train.py": script(channels=("train", "validation"))},
    ),
    "torchrun": Variant(
        trainer(
            "distributed=Torchrun(),",
            compute='compute=Compute(instance_type="ml.g5.12xlarge", instance_count=2),',
        )
    ),
    "defaults": Variant(trainer(compute="", tail=START, before=PLAIN_SESSION)),
    "hyperparameters of a file": Variant(
        trainer('hyperparameters="settings.json",', tail=START, before=PLAIN_SESSION),
        {"settings.json": '{"lr": 0.1}\n'},
    ),
    "a command": Variant(
        trainer(code='source_code=SourceCode(source_dir="code", command="python train.py --epochs 3"),'),
    ),
    "imported from the trainer's package": Variant(
        trainer()
        .replace("sagemaker.core.training.configs", "sagemaker.train.configs")
        .replace("    CheckpointConfig,", "    CheckpointConfig,")
    ),
}

WRONG: dict[str, Variant] = {
    "no such argument": Variant(trainer('hyperparamters={"lr": 1},'), codes=("TRN403",)),
    "argument of v2": Variant(trainer('entry_point="train.py",'), codes=("TRN403",)),
    "argument of the machines": Variant(changed("instance_count=1)", "instnce_count=1)"), codes=("TRN403",)),
    "argument of the code": Variant(changed("entry_script", "entry_point"), codes=("TRN403",)),
    "argument of an input": Variant(changed("data_source=", "s3_data="), codes=("TRN403",)),
    "argument of the time": Variant(
        trainer("stopping_condition=StoppingCondition(max_run=60),"), codes=("TRN403",)
    ),
    "argument of the start": Variant(
        trainer(tail=TRAIN.replace("train()", "train(inputs=[])")), codes=("TRN403",)
    ),
    "no image": Variant(changed("    training_image=IMAGE,\n", ""), codes=("TRN402",)),
    "two images": Variant(trainer('algorithm_name="mine",'), codes=("TRN402", "TRN403", "TRN425")),
    "no such script": Variant(changed('"train.py"', '"tarin.py"'), codes=("TRN406",)),
    "no such folder": Variant(changed('"code"', '"source"'), codes=("TRN406",)),
    "script without a folder": Variant(
        changed('source_dir="code", ', ""), codes=("TRN406", "TRN212", "TRN402")
    ),
    "script that is no program": Variant(
        changed('"train.py"', '"train.txt"'), {"code/train.txt": "x"}, codes=("TRN406", "TRN425")
    ),
    "instance type": Variant(changed("ml.m5.xlarge", "ml.m5.xlagre"), codes=("TRN211",)),
    "no instance": Variant(changed("instance_count=1", "instance_count=-1"), codes=("TRN211",)),
    "no time": Variant(
        trainer("stopping_condition=StoppingCondition(max_runtime_in_seconds=0),"), codes=("TRN211", "TRN404")
    ),
    "no S3 location": Variant(changed("s3://bucket/train", "s3:/bucket/train"), codes=("TRN412",)),
    "channel name": Variant(changed('channel_name="train"', 'channel_name="train data"'), codes=("TRN404",)),
    "channel of the SDK": Variant(
        changed('channel_name="train"', 'channel_name="code"'), codes=("TRN425", "TRN412")
    ),
    "variable name": Variant(trainer('environment={"LOG-LEVEL": "debug"},'), codes=("TRN404",)),
    "variable that is no text": Variant(trainer('environment={"LEVEL": 3},'), codes=("TRN404",)),
    "input mode": Variant(trainer('training_input_mode="Fastfile",'), codes=("TRN404", "TRN412")),
    "property": Variant(
        trainer(
            tail=TRAIN.replace(
                "pipeline =", "print(step.properties.ModelArtifact.S3ModelArtifacts)\npipeline ="
            )
        ),
        codes=("TRN306",),
    ),
    "parameter as text": Variant(
        trainer(
            data='input_data_config=[InputData(channel_name="train", data_source=f"s3://{bucket}/train")],',
            before='bucket = ParameterString(name="Bucket", default_value="bucket")',
        ),
        codes=("TRN422",),
    ),
    "step without its job": Variant(
        trainer(tail='step = TrainingStep(name="Train")\npipeline = Pipeline(name="p", steps=[step])'),
        codes=("TRN402",),
    ),
    "step of v2": Variant(
        trainer(tail=TRAIN.replace("step_args=trainer.train()", "estimator=trainer")),
        codes=("TRN403", "TRN402"),
    ),
    "warm pool": Variant(
        changed("instance_count=1)", "instance_count=1, keep_alive_period_in_seconds=90000)"),
        codes=("TRN404",),
    ),
    "hyperparameter of another name": Variant(trainer('hyperparameters={"rate": 1},'), codes=("TRN410",)),
    "hyperparameter of another type": Variant(trainer('hyperparameters={"epochs": 1.5},'), codes=("TRN411",)),
    "channel read under another name": Variant(
        trainer(), {"code/train.py": script(channels=("training",))}, codes=("TRN408",)
    ),
    "hyperparameters and a command": Variant(
        trainer(
            'hyperparameters={"lr": 1},',
            code='source_code=SourceCode(source_dir="code", command="python train.py"),',
        ),
        codes=("TRN425", "TRN410"),
    ),
}
