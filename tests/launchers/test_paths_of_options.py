"""Where a script saves its model in the job of a launcher: its options have the launcher's values or their defaults."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.checking.run import check

from tests.alignment import training_alignment
from tests.harness import write

LAUNCHER = """
from sagemaker.sklearn import SKLearn

estimator = SKLearn(
    entry_point="train.py",
    source_dir="src",
    role="arn:aws:iam::123456789012:role/Reef",
    framework_version="1.2-1",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    hyperparameters={given},
)
estimator.fit({{"train": "s3://reef/corals/"}})
"""
SCRIPT = """
import argparse, os, joblib
import pandas as pd
from sklearn.svm import SVC

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--cost", type=float, default=1.0)
    parser.add_argument("--name", default="model.joblib")
    parser.add_argument("--folder", default={default})
    args = parser.parse_args()
    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "corals.csv"))
    model = SVC(C=args.cost).fit(data[:800][["x"]], data[:800]["y"])
    print(model.score(data[800:][["x"]], data[800:]["y"]))
    joblib.dump(model, os.path.join(args.folder, args.name))
"""
LOST = [
    ("{'cost': 2}", "'model'"),
    ("{'cost': 2}", "'/tmp/model'"),
    ("{'cost': 2}", "'/opt/ml/output'"),
    ("{'folder': 'out'}", "'/opt/ml/model'"),
    ("{'folder': '/opt/ml/output'}", "'/opt/ml/model'"),
]
KEPT = [
    ("{'cost': 2}", "'/opt/ml/model'"),
    ("{'cost': 2}", "os.environ['SM_MODEL_DIR']"),
    ("{'folder': '/opt/ml/model'}", "'model'"),
    ("{'folder': os.environ['FOLDER']}", "'model'"),
    ("{**more}", "'model'"),
]


@pytest.mark.parametrize(("given", "default"), LOST + KEPT)
def test_a_model_is_lost_where_the_job_s_options_lose_it(given: str, default: str, tmp_path: Path) -> None:
    launcher = LAUNCHER.format(given=given)
    write(tmp_path, {"launch.py": launcher, "src/train.py": SCRIPT.replace("{default}", default)})
    run = training_alignment("check", "--all", "--format", "json", "--select", "TRN104", folder=tmp_path)
    assert [found["code"] for found in run.findings] == (["TRN104"] if (given, default) in LOST else [])


def test_the_script_alone_does_not_settle_its_options(tmp_path: Path) -> None:
    write(tmp_path, {"src/train.py": SCRIPT.replace("{default}", "'model'")})
    run = training_alignment("check", "--all", "--format", "json", "--select", "TRN104", folder=tmp_path)
    assert run.findings == []


VARIABLES = """
import os, joblib
import pandas as pd
from sklearn.svm import SVC

{before}
FOLDER = os.environ.get("{name}", "{default}")
data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "corals.csv"))
model = SVC().fit(data[:800][["x"]], data[:800]["y"])
print(model.score(data[800:][["x"]], data[800:]["y"]))
joblib.dump(model, os.path.join(FOLDER, "model.joblib"))
"""


@pytest.mark.parametrize(
    ("name", "default", "environment", "before", "lost"),
    [
        ("CORAL_DIR", "/tmp/model", "{}", "", True),
        ("CORAL_DIR", "/opt/ml/model", "{}", "", False),
        ("SM_MODEL_DIR", "/tmp/model", "{}", "", False),
        ("CORAL_DIR", "/tmp/model", "{'CORAL_DIR': '/opt/ml/model'}", "", False),
        ("CORAL_DIR", "/tmp/model", "{'CORAL': '/opt/ml/model'}", "", True),
        ("CORAL_DIR", "/tmp/model", "{**more}", "", False),
        ("CORAL_DIR", "/tmp/model", "{}", "os.environ['CORAL_DIR'] = '/opt/ml/model'", False),
        ("CORAL_DIR", "/tmp/model", "{}", "from dotenv import load_dotenv; load_dotenv()", False),
    ],
)
def test_a_variable_that_the_job_does_not_set_has_its_default(
    tmp_path: Path, name: str, default: str, environment: str, before: str, lost: bool
) -> None:
    launcher = LAUNCHER.format(given="{'cost': 2},\n    environment=" + environment)
    script = VARIABLES.format(before=before, name=name, default=default)
    write(tmp_path, {"launch.py": launcher, "src/train.py": script})
    done = training_alignment("check", "--all", "--select=TRN104", "--format", "json", folder=tmp_path)
    assert [code for _, _, code in done.places] == (["TRN104"] if lost else [])


@pytest.mark.parametrize(
    ("first", "second", "lost"),
    [
        ("'./'", "os.environ['SM_MODEL_DIR']", False),
        ("os.environ['SM_MODEL_DIR']", "'./'", False),
        ("'./'", "'/tmp'", False),
        ("'./'", "'./'", True),
    ],
)
def test_an_option_that_two_branches_declare(first: str, second: str, lost: bool, tmp_path: Path) -> None:
    declared = 'parser.add_argument("--folder", default={})\n'
    branches = f"if DEBUG:\n        {declared.format(first)}    else:\n        {declared.format(second)}"
    script = f"DEBUG = False\n{SCRIPT}".replace(declared.format("{default}"), branches)
    write(tmp_path, {"launch.py": LAUNCHER.format(given="{'cost': 2}"), "src/train.py": script})
    run = training_alignment("check", "--all", "--format", "json", "--select", "TRN104", folder=tmp_path)
    assert [found["code"] for found in run.findings] == (["TRN104"] if lost else [])


TENSORFLOW = """
from sagemaker.tensorflow import TensorFlow, TensorFlowModel
from sagemaker.workflow.steps import TrainingStep

def estimator_of(name, **more):
    return TensorFlow(
        entry_point=name,
        source_dir="src",
        role="arn:aws:iam::123456789012:role/Reef",
        framework_version="2.12",
        py_version="py310",
        instance_type="ml.m5.xlarge",
        instance_count=1,
        {more}
    )

estimator = estimator_of("train.py")
estimator.fit({{"train": "s3://reef/corals/"}})
other = TensorFlow(entry_point="other.py", source_dir="src", framework_version="2.12", py_version="py310")
{after}
"""
KERAS = """
import argparse, os
import numpy as np
import tensorflow as tf

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=1)
    parser.add_argument("--model_dir"{default})
    args = parser.parse_args()
    rows = np.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "x.npy"))
    model = tf.keras.Sequential([tf.keras.layers.Dense(args.units)])
    model.compile(loss="mse")
    model.fit(rows, rows, validation_split=0.1)
    model.save({path})
"""
IN_S3 = "os.path.join(args.model_dir, '1')"


@pytest.mark.parametrize(
    ("after", "default", "path", "more", "is_lost"),
    [
        ("estimator.deploy(1, 'ml.m5.xlarge')", "", IN_S3, "", True),
        ("estimator.deploy(1, 'ml.m5.xlarge')", ", default=None", "args.model_dir", "", True),
        ("estimator.deploy(1, 'ml.m5.xlarge')", ", required=True", IN_S3, "", True),
        ("TensorFlowModel(estimator.model_data, role='r')", "", IN_S3, "", True),
        ("estimator.register(['a'], ['b'])", "", IN_S3, "", True),
        (
            "step = TrainingStep('T', estimator=estimator)\nprint(step.properties.ModelArtifacts.S3ModelArtifacts)",
            "",
            IN_S3,
            "",
            True,
        ),
        ("", "", IN_S3, "", False),
        ("print('deploy', estimator.image_uri)", "", IN_S3, "", False),
        ("other.deploy(1, 'ml.m5.xlarge')", "", IN_S3, "", False),
        (
            "estimator.deploy(1, 'ml.m5.xlarge')",
            "",
            "os.path.join(os.environ['SM_MODEL_DIR'], '1')",
            "",
            False,
        ),
        ("estimator.deploy(1, 'ml.m5.xlarge')", "", IN_S3, "model_dir='/opt/ml/model',", False),
        ("estimator.deploy(1, 'ml.m5.xlarge')", "", IN_S3, "distribution={'mpi': {'enabled': True}},", False),
    ],
)
def test_a_model_in_the_address_that_tensorflow_passes_is_not_deployed(
    after: str, default: str, path: str, more: str, is_lost: bool, tmp_path: Path
) -> None:
    files = {
        "launch.py": TENSORFLOW.format(after=after, more=more),
        "src/train.py": KERAS.format(default=default, path=path),
        "src/other.py": "print(1)\n",
    }
    write(tmp_path, files)
    found = training_alignment("check", "--all", "--select=TRN104", folder=tmp_path)
    assert ("TRN104" in found.output) is is_lost


SAVES = "joblib.dump(model, os.path.join(args.folder, args.name))"
WITHOUT_SEPARATOR = (
    'joblib.dump(model, f"{args.folder}model.joblib")',
    'joblib.dump(model, args.folder + "model.joblib")',
)


def errors_of_saving(folder: Path, given: str, default: str, saves: str) -> list[str]:
    script = SCRIPT.format(default=default).replace(SAVES, saves)
    write(folder, {"launch.py": LAUNCHER.format(given=given), "src/train.py": script})
    return [one.message for one in check(root=folder, select=("TRN104",))]


@pytest.mark.parametrize("saves", WITHOUT_SEPARATOR)
@pytest.mark.parametrize("default", ["os.environ['SM_MODEL_DIR']", "os.environ.get('SM_MODEL_DIR')"])
def test_a_name_without_a_separator_after_the_model_directory(
    saves: str, default: str, tmp_path: Path
) -> None:
    assert len(errors_of_saving(tmp_path, "{'cost': 2}", default, saves)) == 1


@pytest.mark.parametrize(
    ("given", "default", "saves"),
    [
        ("{'cost': 2}", "os.environ['SM_MODEL_DIR']", 'joblib.dump(model, args.folder + "/model.joblib")'),
        ("{'folder': '/opt/ml/model/'}", "os.environ['SM_MODEL_DIR']", WITHOUT_SEPARATOR[0]),
        ("{**more}", "os.environ['SM_MODEL_DIR']", WITHOUT_SEPARATOR[0]),
        ("{'cost': 2}", "os.environ['MODEL_FOLDER']", WITHOUT_SEPARATOR[0]),
        ("{'cost': 2}", "os.environ['SM_MODEL_DIR'] + '/'", WITHOUT_SEPARATOR[0]),
    ],
)
def test_a_separator_may_be_in_the_value(given: str, default: str, saves: str, tmp_path: Path) -> None:
    assert errors_of_saving(tmp_path, given, default, saves) == []
