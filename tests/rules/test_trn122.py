"""TRN122 at its edges: which saves TensorFlow's serving container surely does not find."""

from __future__ import annotations

import pytest

from tests.rules.marked import assert_marked, findings

HEAD = """
import argparse
import os
import tensorflow as tf

parser = argparse.ArgumentParser()
parser.add_argument("--model_dir", type=str)
parser.add_argument("--sm-model-dir", default=os.environ.get("SM_MODEL_DIR"))
args = parser.parse_args()
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile(loss="mse")
model.fit(x, y)
"""

UNSERVABLE = {
    "HDF5": 'model.save(os.path.join(args.sm_model_dir, "model.h5"))  # TRN122',
    "Keras 3": 'model.save(f"{args.sm_model_dir}/final.keras")  # TRN122',
    "a function": 'tf.keras.models.save_model(model, args.sm_model_dir + "/m.h5")  # TRN122',
    "the format by name": 'model.save(os.path.join(args.sm_model_dir, "1"), save_format="h5")  # TRN122',
    "HDF5 wherever the launcher says": 'model.save(os.path.join(args.model_dir, "model.h5"))  # TRN122',
    "an unknown name": 'model.save(os.path.join(args.sm_model_dir, f"{name()}.h5"))  # TRN122',
    "right in the directory": "tf.saved_model.save(model, args.sm_model_dir)  # TRN122",
    "a name that is no number": 'model.export("/opt/ml/model/saved_model")  # TRN122',
    "weights": 'model.save_weights("/opt/ml/model/weights")  # TRN122',
    "pickled": """
import joblib
joblib.dump(model, "/opt/ml/model/model.joblib")  # TRN122
""",
    "the first of several": """
model.save("/opt/ml/model/model.h5")  # TRN122
model.save_weights("/opt/ml/model/weights.h5")
""",
    "other files beside it": """
import json
model.save("/opt/ml/model/model.h5")  # TRN122
with open("/opt/ml/model/metrics.json", "w") as stream:
    json.dump({}, stream)
""",
    "checkpoints elsewhere": """
model.fit(x, y, callbacks=[tf.keras.callbacks.ModelCheckpoint("/opt/ml/checkpoints/{epoch}")])
model.save("/opt/ml/model/model.h5")  # TRN122
""",
    "an export without a number": 'tf.keras.experimental.export_saved_model(model, "/opt/ml/model/m")  # TRN122',
    "best weights": """
saver = tf.keras.callbacks.ModelCheckpoint(args.sm_model_dir + "/best.h5", save_best_only=True)  # TRN122
model.fit(x, y, callbacks=[saver])
""",
}

SERVABLE = {
    "numbered": 'model.save(os.path.join(args.sm_model_dir, "1"))',
    "numbered with a name before": 'model.save(os.path.join(args.sm_model_dir, "model/1"))',
    "leading zeros": 'tf.saved_model.save(model, args.sm_model_dir + "/000000001/")',
    "a number from the clock": """
import time
model.export(os.path.join(args.sm_model_dir, str(int(time.time()))))
""",
    "where the launcher says": "model.save(args.model_dir)",
    "one of two": 'model.save("/opt/ml/model/model.h5")\nmodel.export("/opt/ml/model/1")',
    "perhaps one of two": """
model.save("/opt/ml/model/model.h5")
os.system("python convert.py /opt/ml/model/model.h5")
""",
    "a format nobody knows": "model.save('/opt/ml/model/m', save_format=os.environ['FORMAT'])",
    "for another server": """
converter = tf.lite.TFLiteConverter.from_keras_model(model)
with open("/opt/ml/model/model.tflite", "wb") as stream:
    stream.write(converter.convert())
""",
    "an exporter of an estimator": """
estimator = tf.estimator.Estimator(model_fn, model_dir="/opt/ml/checkpoints")
estimator.export_saved_model("/opt/ml/model", serving)
""",
    "a folder of its own by the clock": """
saver = tf.keras.callbacks.ModelCheckpoint("/opt/ml/model/best.h5")
tf.contrib.saved_model.save_keras_model(model, "/opt/ml/model")
""",
    "nothing is saved": "print(model)",
    "not in the model directory": 'model.save("model.h5")',
}


@pytest.mark.parametrize("name", UNSERVABLE)
def test_unservable(name: str) -> None:
    assert_marked("TRN122", HEAD + UNSERVABLE[name])


@pytest.mark.parametrize("name", SERVABLE)
def test_servable_or_unclear(name: str) -> None:
    assert_marked("TRN122", HEAD + SERVABLE[name])


def test_a_container_of_ones_own_serves_as_it_likes() -> None:
    assert_marked(
        "TRN122",
        """
        import tensorflow as tf
        model = tf.keras.Sequential([])
        model.fit(x, y)
        model.save("/opt/ml/model/model.h5")
        """,
    )


@pytest.mark.parametrize(
    "text",
    [
        """
        import joblib
        import os
        from sklearn.svm import SVC
        joblib.dump(SVC().fit(X, y), os.path.join(os.environ["SM_MODEL_DIR"], "model.h5"))
        """,
        """
        import os
        from transformers import TFAutoModelForSequenceClassification
        model = TFAutoModelForSequenceClassification.from_pretrained("bert-base-uncased")
        model.fit(data)
        model.save_pretrained(os.environ["SM_MODEL_DIR"])
        """,
    ],
)
def test_other_frameworks(text: str) -> None:
    assert_marked("TRN122", text)


def test_the_message_names_what_is_saved() -> None:
    (found,) = findings("TRN122", HEAD + UNSERVABLE["HDF5"])
    assert found.message.endswith("model.h5 is no SavedModel; save a SavedModel to /opt/ml/model/1")
    (found,) = findings("TRN122", HEAD + UNSERVABLE["right in the directory"])
    assert ": /opt/ml/model is no numbered folder; " in found.message


TREES = """
import json
import os
import xgboost as xgb

with open("/opt/ml/input/config/hyperparameters.json") as stream:
    given = json.load(stream)
model = xgb.train({"eta": float(given["eta"])}, xgb.DMatrix("/opt/ml/input/data/train"))
{save}
"""


@pytest.mark.parametrize(
    "save",
    [
        'model.dump_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.txt"))  # TRN122',
        'model.dump_model("/opt/ml/model/a.txt")  # TRN122\nmodel.dump_model("/opt/ml/model/b.json")',
        'model.dump_model("/opt/ml/model/trees.txt")\nmodel.save_model("/opt/ml/model/model.json")',
        'model.dump_model("/opt/ml/output/data/trees.txt")',
    ],
)
def test_trees_as_a_text(save: str) -> None:
    assert_marked("TRN122", TREES.replace("{save}", save))


LOADING = """
import os

import joblib
from sklearn.svm import SVC


def model_fn(model_dir):
    {load}


def read(path):
    return joblib.load(path)


def read_if_there(path):
    return joblib.load(path) if os.path.exists(path) else None


if __name__ == "__main__":
    joblib.dump(SVC().fit(X, y), os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""
PATH = 'path = os.path.join(model_dir, "model.pkl")'
THERE = "os.path.exists(path)"
LOAD = "return joblib.load(path)"


@pytest.mark.parametrize(
    "lines",
    [
        ['return joblib.load(f"{model_dir}/model.pkl")  # TRN122'],
        [f"{PATH}  # TRN122", 'with open(path, "rb") as stream:', "    return joblib.load(stream)"],
        [f"{PATH}  # TRN122", f"if not {THERE}:", "    raise ValueError(path)", LOAD],
        [f"{PATH}  # TRN122", f"assert {THERE}", LOAD],
        [f"{PATH}  # TRN122", "return read(path)"],
        [PATH, "return read_if_there(path)"],
        [PATH, f"if {THERE}:", f"    {LOAD}", "return SVC()"],
        [PATH, f"if not {THERE}:", "    return SVC()", LOAD],
        [PATH, "try:", f"    {LOAD}", "except OSError:", "    return SVC()"],
        [PATH, "path = path.replace('pkl', 'joblib')", LOAD],
        [PATH, "print(path, os.stat)", "return SVC()"],
        [
            "path = os.path.join(model_dir, 'model.joblib')",
            f"if {THERE}:",
            f"    {LOAD}",
            "return joblib.load(os.path.join(model_dir, 'model.pkl'))",
        ],
    ],
)
def test_files_that_model_fn_surely_opens(lines: list[str]) -> None:
    assert_marked("TRN122", LOADING.replace("{load}", "\n    ".join(lines)))
