"""TRN122: the model is saved in a form the framework's serving container does not load."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.model_loading import never_written
from flake8_training.script.serving import unservable


class UnservableModel(Rule[Script]):
    """Reports a TensorFlow model that TensorFlow's serving container does not find, and a file that never is there.

    Source: sagemaker-tensorflow-serving-container 1.8.5, tfs_utils.py and serve.py. The containers of the other
    frameworks load whatever the user's ``model_fn`` loads: that has to be what the training wrote.
    """

    code = "TRN122"
    severity = Severity.WARNING
    summary = "the model is saved in a form the framework's serving container does not load"
    why = """
        SageMaker serves a TensorFlow model with TensorFlow Serving, which takes a SavedModel in a folder whose name
        is a number: `/opt/ml/model/1/saved_model.pb`. The container looks for one below `/opt/ml/model` when it
        starts, and ends with "no SavedModel bundles found!" where there is none; an `inference.py` does not help.
        A `model.h5` or `model.keras`, weights, a checkpoint, or a SavedModel right in the model directory all make
        an artifact that looks fine until the endpoint fails.

        The containers of the other frameworks call the script's own `model_fn`. A file that it opens and the training
        never writes, under that name, ends the endpoint with `FileNotFoundError`.

        Not said where the script has no variable of SageMaker's: a container of one's own may load any form.
    """
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
        """Yield one finding at the first save of this file where none can be served."""
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
