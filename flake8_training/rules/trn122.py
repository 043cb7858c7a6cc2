"""TRN122: the framework's serving container does not load the saved model."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.model_loading import never_written
from flake8_training.script.serving import unservable


class UnservableModel(Rule[Script]):
    """Reports a TensorFlow model that its serving container does not load, and a file that the training never writes.

    Source: sagemaker-tensorflow-serving-container 1.8.5, tfs_utils.py and serve.py. The containers of the other
    frameworks call the user's ``model_fn``, which has to load a file that the training wrote.
    """

    code = "TRN122"
    severity = Severity.WARNING
    summary = "the model is saved in a form the framework's serving container does not load"
    why = """
        SageMaker serves a TensorFlow model with TensorFlow Serving, which loads a SavedModel from a folder whose name
        is a number: `/opt/ml/model/1/saved_model.pb`. If the container finds none, it ends with "no SavedModel bundles
        found!"; an `inference.py` changes nothing. The training job succeeds, and the endpoint fails.

        The containers of the other frameworks call the script's own `model_fn`. If it opens a file that the training
        never writes, the endpoint fails with `FileNotFoundError`.
    """
    fix = """
        Export a TensorFlow model as a SavedModel to a numbered folder: `model.export(os.path.join(model_dir, "1"))`.
        Load in `model_fn` the file name that the training writes.
    """
    reported_when = (
        "the script trains only with TensorFlow, and saves only `.h5` or `.keras` files, weights, "
        "checkpoints, `joblib` files or arrays",
        "the script trains only with TensorFlow, and saves its SavedModel to a folder whose name is no "
        "number",
        "`model_fn` of the entry point loads a file from the model folder, and the training writes only "
        "files of other names there",
    )
    not_reported_when = (
        "one save may write a SavedModel to a numbered folder, or its path or form is unknown",
        "a library or program that the script calls may save the model out of sight",
        "the TensorFlow script reads no `SM_` variable: a container of the project may load any form",
        "`model_fn` lists the folder, or opens the file in an `if`, a `try` or a loop",
    )
    bad = Example("""
        import argparse
        import os

        import numpy as np
        import tensorflow as tf

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--epochs", type=int, default=10)
            args = parser.parse_args()

            train = np.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.npz"))
            test = np.load(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.npz"))
            model = tf.keras.Sequential([tf.keras.layers.Dense(16, "relu"), tf.keras.layers.Dense(1)])
            model.compile(optimizer="adam", loss="mse")
            model.fit(train["x"], train["y"], epochs=args.epochs)
            print("test loss:", model.evaluate(test["x"], test["y"]))
            model.save(os.path.join(os.environ["SM_MODEL_DIR"], "model.h5"))  # TRN122
    """)
    good = Example("""
        import argparse
        import os

        import numpy as np
        import tensorflow as tf

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--epochs", type=int, default=10)
            args = parser.parse_args()

            train = np.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.npz"))
            test = np.load(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.npz"))
            model = tf.keras.Sequential([tf.keras.layers.Dense(16, "relu"), tf.keras.layers.Dense(1)])
            model.compile(optimizer="adam", loss="mse")
            model.fit(train["x"], train["y"], epochs=args.epochs)
            print("test loss:", model.evaluate(test["x"], test["y"]))
            model.export(os.path.join(os.environ["SM_MODEL_DIR"], "1"))
    """)
    references = (
        "https://sagemaker.readthedocs.io/en/stable/frameworks/tensorflow/deploying_tensorflow_serving.html",
        "https://github.com/aws/sagemaker-tensorflow-serving-container",
    )

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the first save if no save can be served, and one at each file that is never written."""
        for found in unservable(subject.analysis):
            if subject.owns(found.call.node):
                detail = f"{found.why}; TensorFlow Serving takes a SavedModel from /opt/ml/model/1"
                yield self.finding(subject, found.call.node, detail)
                return
        for missing in never_written(subject.analysis):
            detail = (
                f"model_fn loads {missing.name}, and the training writes {', '.join(missing.written[:3])}"
            )
            yield self.finding(subject, missing.node, detail)
