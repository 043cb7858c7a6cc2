"""TRN112 at its edges: what is lost for certain, and what is scratch, kept, used again or somebody else's to tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.marked import assert_marked, findings

MODEL = """
import os, sys
import joblib
import pandas as pd
from sklearn.svm import SVC
data = pd.read_csv(os.environ["SM_CHANNEL_TRAIN"])
model = SVC().fit(data, data)
"""

IN_S3 = """
import tensorflow as tf
train = tf.data.Dataset.load(os.environ["SM_CHANNEL_TRAIN"])
net = tf.keras.Sequential([tf.keras.layers.Dense(1)])
net.compile("adam", "mse")
net.fit(train)
"""
SAVED_IN_S3 = [
    ("net.save('s3://bucket/{}/net.h5'.format('out'))  # TRN104", True),
    ("net.save('s3://bucket/net.hdf5')  # TRN104", True),
    ("net.save('s3://bucket/net')", False),  # TensorFlow writes its own format to S3
    ("net.save('s3://bucket/net.keras')", False),
    ("net.save(sys.argv[1] + '/net.h5')", False),
    ("net.save('s3://bucket/net.keras')\njoblib.dump(net, 's3://bucket/net.joblib')", False),
    ("joblib.dump(net, 's3://bucket/net.joblib')  # TRN104", True),
    ("net.save('gs://bucket/net.h5')", False),
    ("net.save('s3://bucket/net.h5')\nnet.save('/opt/ml/model/net.h5')", False),
]


@pytest.mark.parametrize(("code", "lost"), SAVED_IN_S3)
def test_models_that_h5py_cannot_write_to_s3(code: str, lost: bool) -> None:
    text = MODEL.replace("model = SVC().fit(data, data)\n", "") + IN_S3 + code
    found = findings("TRN104", text)
    assert bool(found) is lost


LOST = {
    "the working directory": """
joblib.dump(model, "model.joblib")  # TRN112
""",
    "the temporary directory": """
joblib.dump(model, os.path.join("/tmp", "model.joblib"))  # TRN112
""",
    "a temporary directory of its own": """
import tempfile
joblib.dump(model, os.path.join(tempfile.mkdtemp(), "model.joblib"))  # TRN112
""",
    "another folder of the image": """
joblib.dump(model, "/root/model.joblib")  # TRN112
""",
    "the folder of the code": """
joblib.dump(model, "/opt/ml/code/model.joblib")  # TRN112
""",
    "an open file": """
import pickle
with open("model.pkl", "wb") as file:
    pickle.dump(model, file)  # TRN112
""",
    "a function of the script": """
def save(thing, folder):
    joblib.dump(thing, os.path.join(folder, "model.joblib"))  # TRN112

save(model, "/tmp")
""",
    "trained in place": """
other = SVC()
other.fit(data, data)
joblib.dump(other, "/tmp/other.joblib")  # TRN112
""",
    "torch": """
import torch
torch.save({}, "./checkpoints/last.pt")  # TRN112
""",
    "a folder for the trainer": """
import lightning.pytorch as pl
from lightning.pytorch.callbacks import ModelCheckpoint
keep = ModelCheckpoint(dirpath="./checkpoints")  # TRN112
pl.Trainer(callbacks=[keep]).fit(None)
""",
}

KEPT = {
    "the model directory": """
joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
""",
    "a copy in the model directory": """
joblib.dump(model, "/tmp/model.joblib")
joblib.dump(model, "/opt/ml/model/model.joblib")
""",
    "copied afterwards": """
import shutil
joblib.dump(model, "/tmp/model.joblib")
shutil.copy("/tmp/model.joblib", "/opt/ml/model")
""",
    "the folder above is used again": """
import shutil
data.to_csv("/opt/ml/report/table.csv")
shutil.make_archive("/opt/ml/output/data/report", "zip", os.path.join("/opt/ml", "report"))
""",
    "uploaded from a list": """
import boto3
data.to_csv("/opt/ml/report/table.csv")
for name in ["/opt/ml/report/table.csv"]:
    boto3.client("s3").upload_file(name, "bucket", "key")
""",
    "uploaded": """
import boto3
joblib.dump(model, "/tmp/model.joblib")
boto3.client("s3").upload_file("/tmp/model.joblib", "bucket", "key")
""",
    "what the launcher says": """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--folder", default="/tmp")
joblib.dump(model, os.path.join(parser.parse_args().folder, "model.joblib"))
""",
    "the checkpoints, which a launcher may keep": """
joblib.dump(model, "/opt/ml/checkpoints/model.joblib")
""",
    "the output data": """
joblib.dump(model, "/opt/ml/output/data/model.joblib")
""",
    "a place that cannot be told": """
joblib.dump(model, sys.argv[1])
""",
    "a mounted file system": """
joblib.dump(model, "/fsx/model.joblib")
""",
    "in a folder that the script goes to": """
os.chdir("/opt/ml/model")
joblib.dump(model, "model.joblib")
""",
    "no model": """
joblib.dump(["a", "list", "of", "words"], "/tmp/words.joblib")
data.to_csv("/tmp/data.csv")
""",
    "a slip is TRN111's": """
joblib.dump(model, "/opt/ml/models/model.joblib")
""",
}

FILES = {
    "the parent of what is kept": """
import json
with open("/opt/ml/output/metrics.json", "w") as file:
    json.dump({}, file)  # TRN112
""",
    "a table in a folder of one's own": """
os.makedirs("/opt/ml/report", exist_ok=True)
data.to_csv("/opt/ml/report/table.csv")  # TRN112
""",
    "below a variable of SageMaker's": """
folder = os.environ["SM_OUTPUT_DIR"]
with open(os.path.join(folder, "report.txt"), "w") as file:  # TRN112
    file.write("done")
""",
    "the folder above is joined and read from, and no more": """
root = os.environ.get("ROOT", "/opt/ml")
pd.read_csv(os.path.join(root, "input/data/train/x.csv"))
data.to_csv(os.path.join("/opt/ml", "report/table.csv"))  # TRN112
os.environ.get("PLACE", "/opt/ml")
print("/opt/ml")
""",
    "once a path": """
for step in range(3):
    data.to_csv("/opt/ml/output/table.csv")  # TRN112
data.to_csv("/opt/ml/output/table.csv")
""",
}

SCRATCH = {
    "files outside /opt/ml": """
import json
with open("/tmp/metrics.json", "w") as file:
    json.dump({}, file)
data.to_csv("table.csv")
""",
    "read again": """
data.to_csv("/opt/ml/scratch/table.csv")
pd.read_csv("/opt/ml/scratch/table.csv")
""",
    "its folder is used again": """
import shutil
data.to_csv("/opt/ml/report/table.csv")
shutil.make_archive("/opt/ml/output/data/report", "zip", "/opt/ml/report")
""",
    "uploaded": """
import boto3
data.to_csv("/opt/ml/report/table.csv")
boto3.client("s3").upload_file("/opt/ml/report/table.csv", "bucket", "key")
""",
    "read and not written": """
with open("/opt/ml/own/settings.json") as file:
    file.read()
""",
    "the file of a failure": """
with open("/opt/ml/output/failure", "w") as file:
    file.write("reason")
""",
    "what an option may change": """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--out", default=os.environ["SM_OUTPUT_DIR"])
data.to_csv(os.path.join(parser.parse_args().out, "table.csv"))
""",
}

SAVED = 'joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))\n'


@pytest.mark.parametrize("text", [*LOST.values(), *KEPT.values()], ids=[*LOST, *KEPT])
def test_model(text: str) -> None:
    assert_marked("TRN112", MODEL + text)


@pytest.mark.parametrize("text", [*FILES.values(), *SCRATCH.values()], ids=[*FILES, *SCRATCH])
def test_other_files(text: str) -> None:
    assert_marked("TRN112", MODEL + SAVED + text)


@pytest.mark.parametrize("text", LOST.values(), ids=LOST)
def test_the_model_is_missed_at_the_training(text: str) -> None:
    lines = {found.line for found in findings("TRN104", MODEL + text)}
    assert lines
    assert not lines & {found.line for found in findings("TRN112", MODEL + text)}


def test_a_save_in_another_module_is_not_reported_here(tmp_path: Path) -> None:
    text = MODEL + "import saving\nsaving.save(model)\n"
    module = 'import joblib\n\ndef save(model):\n    joblib.dump(model, "/tmp/model.joblib")\n'
    assert_marked("TRN112", text, tmp_path, saving=module)


def test_messages() -> None:
    (model,) = findings("TRN112", MODEL + 'joblib.dump(model, "/tmp/model.joblib")\n')
    assert "the model in /tmp/model.joblib" in model.message
    assert "SM_MODEL_DIR" in model.message
    (table,) = findings("TRN112", MODEL + SAVED + 'data.to_csv("/opt/ml/output/table.csv")\n')
    assert ": /opt/ml/output/table.csv (lost" in table.message
    assert "SM_OUTPUT_DATA_DIR" in table.message
