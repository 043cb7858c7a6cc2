"""TRN126: S3 addresses in calls that take local paths only."""

from __future__ import annotations

import pytest

from flake8_training.finding import Severity
from tests.rules.marked import assert_marked, findings

HEAD = """
import os, shutil
import joblib, h5py, torch
from tensorflow import keras
from torchvision.datasets import ImageFolder
from transformers import AutoModel

BUCKET = "s3://bucket"

"""
WRONG = {
    "open": "open('s3://bucket/x.txt')  # TRN126",
    "a constant": "print(os.listdir(BUCKET))  # TRN126",
    "an unknown part": "joblib.dump(1, f's3://{os.environ[\"NAME\"]}/x')  # TRN126",
    "joined": "torch.save({}, os.path.join(BUCKET, 'model.pth'))  # TRN126",
    "an HDF5 file": "keras.Sequential().save(BUCKET + '/model.h5')  # TRN126",
    "images": "ImageFolder(root=BUCKET)  # TRN126",
    "a flow": "keras.preprocessing.image.ImageDataGenerator().flow_from_directory(BUCKET)  # TRN126",
    "a folder of a model": "AutoModel.from_pretrained('x').save_pretrained(BUCKET)  # TRN126",
    "a copy": "shutil.copy('model.pth', BUCKET)  # TRN126",
    "a parameter": "def save(path):\n    open(path, 'w').close()  # TRN126\n\nsave(BUCKET)",
    "another address in a test": "if BUCKET:\n    pass\nopen('s3://bucket/y')  # TRN126",
    "a branch of another value": "if os.environ.get('s3://'):\n    open('s3://bucket/y')  # TRN126",
}
RIGHT = {
    "a local path": "open('/opt/ml/model/x')",
    "another function of the name": "from smart_open import open\nopen('s3://bucket/x')",
    "an opener": "open('s3://bucket/x', opener=print)",
    "a driver": "h5py.File('s3://bucket/x', driver='ros3')",
    "a folder of TensorFlow": "keras.Sequential().save('s3://bucket/model')",
    "pandas": "import pandas\npandas.read_csv('s3://bucket/x')",
    "caught": "try:\n    open('s3://bucket/x')\nexcept OSError:\n    pass",
    "a branch on the address": "if BUCKET.startswith('s3://'):\n    pass\nelse:\n    open(BUCKET)",
    "a branch in a function": "def read(path):\n    if path.startswith('s3://'):\n        return None\n"
    "    return open(path)\n\nread(BUCKET)",
    "one of two": "open(BUCKET if os.environ.get('A') else 'x')",
    "unknown": "open(os.environ['ADDRESS'])",
    "a method of the project": "class Store:\n    def open(self, path): ...\n\nStore().open('s3://bucket/x')",
    "in a function in another": "def run():\n    def save():\n        open(BUCKET)\n    return 1\n\nrun()",
    "another scheme": "open('s3.txt')",
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    assert_marked("TRN126", HEAD + WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert_marked("TRN126", HEAD + RIGHT[name])


def test_a_folder_alone_is_a_warning() -> None:
    """Another call may write to the address itself."""
    (found,) = findings("TRN126", HEAD + "os.makedirs(BUCKET, exist_ok=True)")
    assert found.severity is Severity.WARNING
