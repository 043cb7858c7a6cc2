"""Idioms of real training scripts that fool a reader of words, each as a small script, and what is said of it.

A line that is evidence ends with a comment that names the question: exactly these lines have to be found. Of the
questions without such a line, those named below the script cannot be told; the others are absent.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from flake8_training.script import Script
from tests.script.reading import script

QUESTIONS = {
    "hyperparameters": "hyperparameters",
    "data": "training_data",
    "trains": "training",
    "evaluates": "evaluation",
    "saves": "model_saving",
}
MARK = re.compile(r"# ((?:hyperparameters|data|trains|evaluates|saves)(?:, \w+)*)$")


def expected(source: str, open_questions: str) -> dict[str, object]:
    """Return what the marks say: the lines of a question, or its state."""
    found: dict[str, object] = dict.fromkeys(QUESTIONS, "absent")
    found |= dict.fromkeys(open_questions.split(), "cannot tell")
    for number, line in enumerate(textwrap.dedent(source).splitlines(), start=1):
        for question in match[1].split(", ") if (match := MARK.search(line)) else ():
            lines = found[question] if isinstance(found[question], list) else []
            assert isinstance(lines, list)
            found[question] = [*lines, number]
    return found


def told(read: Script) -> dict[str, object]:
    """Return what the verdicts say, in the form of ``expected``."""
    found: dict[str, object] = {}
    for question, name in QUESTIONS.items():
        verdict = getattr(read, name)
        found[question] = verdict.lines if verdict.state == "present" else str(verdict.state)
    return found


IDIOMS: dict[str, tuple[str, str]] = {
    "1 a data folder and a model folder that are declared and not used": (
        """
        import argparse
        import os
        import torch
        from torchvision import datasets

        def main():
            parser = argparse.ArgumentParser()
            parser.add_argument("--epochs", type=int, default=3)  # hyperparameters
            parser.add_argument("--data-dir", default=os.environ["SM_CHANNEL_TRAINING"])
            parser.add_argument("--model-dir", default="/opt/ml/model")
            args = parser.parse_args()
            loader = torch.utils.data.DataLoader(datasets.MNIST("/tmp/data", train=True, download=True))
            model = torch.nn.Linear(784, 10)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for _ in range(args.epochs):
                for x, y in loader:
                    optimizer.zero_grad()
                    torch.nn.functional.cross_entropy(model(x), y).backward()  # trains
                    optimizer.step()  # trains

        if __name__ == "__main__":
            main()
        """,
        "",
    ),
    "1 a download into a folder that the launcher may name": (
        """
        import argparse
        from torchvision import datasets

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--data-dir", default="/tmp/data")
            args = parser.parse_args()
            print(len(datasets.MNIST(args.data_dir, download=True)))
        """,
        "",
    ),
    "1 the same without a download": (
        """
        import argparse
        from torchvision import datasets

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--data-dir", default="/tmp/data")
            args = parser.parse_args()
            print(len(datasets.MNIST(args.data_dir)))
        """,
        "data",
    ),
    "1 mended": (
        """
        import argparse
        import os
        import torch
        from torchvision import datasets

        def test(model, loader):
            right = 0
            with torch.no_grad():  # evaluates
                for x, y in loader:  # evaluates
                    right += (model(x).argmax(1) == y).sum().item()
            return right

        def main():
            parser = argparse.ArgumentParser()
            parser.add_argument("--epochs", type=int, default=3)  # hyperparameters
            parser.add_argument("--data-dir", default=os.environ["SM_CHANNEL_TRAINING"])
            parser.add_argument("--model-dir", default="/opt/ml/model")
            args = parser.parse_args()
            loader = torch.utils.data.DataLoader(datasets.MNIST(args.data_dir, train=True))  # data
            model = torch.nn.Linear(784, 10)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for _ in range(args.epochs):
                for x, y in loader:
                    optimizer.zero_grad()
                    torch.nn.functional.cross_entropy(model(x), y).backward()  # trains
                    optimizer.step()  # trains
            print(test(model, torch.utils.data.DataLoader(datasets.MNIST(args.data_dir, train=False))))  # data
            torch.save(model.state_dict(), os.path.join(args.model_dir, "model.pt"))  # saves

        if __name__ == "__main__":
            main()
        """,
        "",
    ),
    "2 paths put together from a prefix": (
        """
        import json
        import os
        import pickle
        import pandas as pd
        import xgboost

        prefix = "/opt/ml/"
        input_path = prefix + "input/data"
        model_path = os.path.join(prefix, "model")
        param_path = os.path.join(prefix, "input/config/hyperparameters.json")
        training_path = os.path.join(input_path, "training")

        def train():
            with open(param_path) as stream:  # hyperparameters
                params = json.load(stream)
            files = [os.path.join(training_path, name) for name in os.listdir(training_path)]  # data
            data = pd.concat([pd.read_csv(name) for name in files])  # data
            model = xgboost.XGBClassifier(max_depth=int(params["max_depth"]))
            model.fit(data.iloc[:, 1:], data.iloc[:, 0])  # trains
            with open(os.path.join(model_path, "model.bin"), "wb") as out:
                pickle.dump(model, out)  # saves

        if __name__ == "__main__":
            train()
        """,
        "",
    ),
    "2 the same with a prefix of nobody's": (
        """
        import json
        import os
        import pickle
        import pandas as pd
        import xgboost

        prefix = "/opt/program/"
        model_path = os.path.join(prefix, "model")
        param_path = os.path.join(prefix, "input/config/hyperparameters.json")
        training_path = os.path.join(prefix, "input/data", "training")

        def train():
            with open(param_path) as stream:
                params = json.load(stream)
            data = pd.read_csv(os.path.join(training_path, "x.csv"))
            model = xgboost.XGBClassifier(max_depth=int(params["max_depth"]))
            model.fit(data.iloc[:, 1:], data.iloc[:, 0])  # trains
            with open(os.path.join(model_path, "model.bin"), "wb") as out:
                pickle.dump(model, out)

        if __name__ == "__main__":
            train()
        """,
        "",
    ),
    "3 constants that nothing uses": (
        """
        import json
        import joblib
        import pandas as pd
        from sklearn.svm import SVC

        param_path = "/opt/ml/input/config/hyperparameters.json"
        model_path = "/opt/ml/model"
        data_path = "/opt/ml/input/data/train"

        def load_params():
            return json.load(open(param_path))

        if __name__ == "__main__":
            data = pd.read_csv("train.csv")
            model = SVC().fit(data, data.pop("y"))  # trains
            joblib.dump(model, "model.joblib")
        """,
        "",
    ),
    "3 mended": (
        """
        import json
        import joblib
        import pandas as pd
        from sklearn.svm import SVC

        param_path = "/opt/ml/input/config/hyperparameters.json"
        model_path = "/opt/ml/model"
        data_path = "/opt/ml/input/data/train"

        def load_params():
            return json.load(open(param_path))  # hyperparameters

        if __name__ == "__main__":
            data = pd.read_csv(data_path + "/train.csv")  # data
            model = SVC(**load_params()).fit(data, data.pop("y"))  # trains
            joblib.dump(model, model_path + "/model.joblib")  # saves
        """,
        "",
    ),
    "4 a helper that saves, folder first": (
        """
        import os
        import mxnet as mx

        def save(folder, net):
            if int(os.environ["SM_NUM_GPUS"]) >= 0:
                net.export(f"{folder}/model")  # saves

        def train(folder):
            net = mx.gluon.nn.HybridSequential()
            trainer = mx.gluon.Trainer(net.collect_params(), "sgd")
            with mx.autograd.record():
                loss = net(mx.nd.load(os.environ["SM_CHANNEL_TRAIN"])[0])  # data
            loss.backward()  # trains
            trainer.step(1)  # trains
            return net

        if __name__ == "__main__":
            net = train(os.environ["SM_CHANNEL_TRAIN"])
            save(os.environ["SM_MODEL_DIR"], net)
        """,
        "",
    ),
    "4 the same, given another folder": (
        """
        import os
        import mxnet as mx

        def save(folder, net):
            net.export(f"{folder}/model")

        if __name__ == "__main__":
            net = mx.gluon.nn.HybridSequential()
            with mx.autograd.record():
                loss = net(mx.nd.load(os.environ["SM_CHANNEL_TRAIN"])[0])  # data
            loss.backward()  # trains
            save("/tmp", net)
        """,
        "",
    ),
    "5 a prediction from which nothing is computed": (
        """
        import os
        import joblib
        import pandas as pd
        from sklearn.metrics import accuracy_score
        from sklearn.svm import SVC

        if __name__ == "__main__":
            train = pd.read_csv(os.environ["SM_CHANNEL_TRAIN"] + "/train.csv")  # data
            test = pd.read_csv(os.environ["SM_CHANNEL_TEST"] + "/test.csv")  # data
            model = SVC().fit(train, train.pop("y"))  # trains
            predicted = model.predict(test)
            print(predicted)
            joblib.dump(model, os.environ["SM_MODEL_DIR"] + "/model.joblib")  # saves
        """,
        "",
    ),
    "5 mended": (
        """
        import os
        import joblib
        import pandas as pd
        from sklearn.metrics import accuracy_score
        from sklearn.svm import SVC

        if __name__ == "__main__":
            train = pd.read_csv(os.environ["SM_CHANNEL_TRAIN"] + "/train.csv")  # data
            test = pd.read_csv(os.environ["SM_CHANNEL_TEST"] + "/test.csv")  # data
            y = test.pop("y")
            model = SVC().fit(train, train.pop("y"))  # trains
            predicted = model.predict(test)
            print(accuracy_score(y, predicted))  # evaluates
            joblib.dump(model, os.environ["SM_MODEL_DIR"] + "/model.joblib")  # saves
        """,
        "",
    ),
    "5 a test set that nobody goes through": (
        """
        import os
        import torch

        def main():
            folder = os.environ["SM_CHANNEL_TRAIN"]
            train_loader = torch.utils.data.DataLoader(torch.load(f"{folder}/train.pt"))  # data
            test_loader = torch.utils.data.DataLoader(torch.load(f"{folder}/test.pt"))  # data
            model = torch.nn.Linear(3, 1)
            optimizer = torch.optim.Adam(model.parameters())
            for x, y in train_loader:
                optimizer.zero_grad()
                ((model(x) - y) ** 2).mean().backward()  # trains
                optimizer.step()  # trains
            print(len(test_loader))
            torch.save(model, "/opt/ml/model/model.pt")  # saves

        main()
        """,
        "",
    ),
    "5 mended: gone through": (
        """
        import os
        import torch

        def main():
            folder = os.environ["SM_CHANNEL_TRAIN"]
            train_loader = torch.utils.data.DataLoader(torch.load(f"{folder}/train.pt"))  # data
            test_loader = torch.utils.data.DataLoader(torch.load(f"{folder}/test.pt"))  # data
            model = torch.nn.Linear(3, 1)
            optimizer = torch.optim.Adam(model.parameters())
            for x, y in train_loader:
                optimizer.zero_grad()
                ((model(x) - y) ** 2).mean().backward()  # trains
                optimizer.step()  # trains
            total = 0.0
            for x, y in test_loader:  # evaluates
                total += ((model(x) - y) ** 2).mean().item()
            print(total)
            torch.save(model, "/opt/ml/model/model.pt")  # saves

        main()
        """,
        "",
    ),
    "5 held-out data that the training is not given": (
        """
        import os
        import tensorflow as tf

        train = tf.data.TFRecordDataset(os.environ["SM_CHANNEL_TRAIN"] + "/x")  # data
        held_out = tf.data.TFRecordDataset(os.environ["SM_CHANNEL_VALIDATION"] + "/x")  # data
        model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
        model.compile("adam", "mse")
        model.fit(train)  # trains
        model.save(os.environ["SM_MODEL_DIR"] + "/1")  # saves
        """,
        "",
    ),
    "5 mended: given": (
        """
        import os
        import tensorflow as tf

        train = tf.data.TFRecordDataset(os.environ["SM_CHANNEL_TRAIN"] + "/x")  # data
        held_out = tf.data.TFRecordDataset(os.environ["SM_CHANNEL_VALIDATION"] + "/x")  # data
        model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
        model.compile("adam", "mse")
        model.fit(train, validation_data=held_out)  # trains, evaluates
        model.save(os.environ["SM_MODEL_DIR"] + "/1")  # saves
        """,
        "",
    ),
    "6 a library that saves while it trains": (
        """
        import os
        from autogluon.tabular import TabularDataset, TabularPredictor

        if __name__ == "__main__":
            data = TabularDataset(os.environ["SM_CHANNEL_TRAIN"] + "/train.csv")  # data
            model_dir = os.environ["SM_MODEL_DIR"]
            predictor = TabularPredictor(label="y", path=model_dir).fit(data)  # trains, evaluates, saves
            print(predictor.evaluate(data))  # evaluates
        """,
        "",
    ),
    "6 the same into its own folder": (
        """
        import os
        from autogluon.tabular import TabularDataset, TabularPredictor

        if __name__ == "__main__":
            data = TabularDataset(os.environ["SM_CHANNEL_TRAIN"] + "/train.csv")  # data
            predictor = TabularPredictor(label="y", path="ag-models").fit(data)  # trains, evaluates
            print(predictor.evaluate(data))  # evaluates
        """,
        "",
    ),
    "6 a callback that saves": (
        """
        import os
        import lightning.pytorch as pl
        import torch
        from lightning.pytorch.callbacks import ModelCheckpoint

        class Net(pl.LightningModule):
            def training_step(self, batch, index):
                return self(batch).mean()
            def validation_step(self, batch, index):
                self.log("val_loss", self(batch).mean())

        if __name__ == "__main__":
            loader = torch.utils.data.DataLoader(torch.load(os.environ["SM_CHANNEL_TRAIN"]))  # data
            keep = ModelCheckpoint(dirpath=os.environ["SM_MODEL_DIR"])  # saves
            trainer = pl.Trainer(callbacks=[keep])
            trainer.fit(Net(), loader, loader)  # trains, evaluates
        """,
        "",
    ),
    "7 saves elsewhere before the real one": (
        """
        import os
        from transformers import AutoModel, Trainer, TrainingArguments

        if __name__ == "__main__":
            model = AutoModel.from_pretrained("x")
            training_args = TrainingArguments(output_dir="/tmp/checkpoints")
            trainer = Trainer(model, training_args)
            trainer.train()  # trains
            model.save_pretrained("/tmp/unmerged")
            merged = AutoModel.from_pretrained("/tmp/unmerged")
            merged.save_pretrained(os.environ["SM_MODEL_DIR"])  # saves
        """,
        "",
    ),
    "7 without the real one": (
        """
        import os
        from transformers import AutoModel, Trainer, TrainingArguments

        if __name__ == "__main__":
            model = AutoModel.from_pretrained("x")
            training_args = TrainingArguments(output_dir="/tmp/checkpoints")
            trainer = Trainer(model, training_args)
            trainer.train()  # trains
            model.save_pretrained("/tmp/unmerged")
        """,
        "",
    ),
    "7 a name that says checkpoints and holds the model's folder": (
        """
        import os
        import tensorflow as tf

        checkpoint_dir = os.environ["SM_MODEL_DIR"]
        model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
        optimizer = tf.optimizers.Adam()
        checkpoint = tf.train.Checkpoint(model=model)
        for x, y in tf.data.TFRecordDataset(os.environ["SM_CHANNEL_TRAIN"]):  # data
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((model(x) - y) ** 2)
            gradients = tape.gradient(loss, model.trainable_variables)  # trains
            optimizer.apply_gradients(zip(gradients, model.trainable_variables))  # trains
        checkpoint.save(checkpoint_dir)  # saves
        """,
        "",
    ),
    "7 the mirror image": (
        """
        import os
        import tensorflow as tf

        model_dir = "./checkpoints"
        model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
        optimizer = tf.optimizers.Adam()
        checkpoint = tf.train.Checkpoint(model=model)
        for x, y in tf.data.TFRecordDataset(os.environ["SM_CHANNEL_TRAIN"]):  # data
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((model(x) - y) ** 2)
            gradients = tape.gradient(loss, model.trainable_variables)  # trains
            optimizer.apply_gradients(zip(gradients, model.trainable_variables))  # trains
        checkpoint.save(model_dir)
        """,
        "",
    ),
    "8 what is saved is no model": (
        """
        import json
        import os
        import torch

        model = torch.nn.Linear(3, 1)
        optimizer = torch.optim.Adam(model.parameters())
        x, y = torch.load(os.environ["SM_CHANNEL_TRAIN"])  # data
        ((model(x) - y) ** 2).mean().backward()  # trains
        optimizer.step()  # trains
        with open("/opt/ml/model/ranks.json", "w") as stream:
            json.dump({"rank": 0, "size": 1}, stream)
        """,
        "",
    ),
    "8 mended": (
        """
        import json
        import os
        import torch

        model = torch.nn.Linear(3, 1)
        optimizer = torch.optim.Adam(model.parameters())
        x, y = torch.load(os.environ["SM_CHANNEL_TRAIN"])  # data
        ((model(x) - y) ** 2).mean().backward()  # trains
        optimizer.step()  # trains
        with open("/opt/ml/model/ranks.json", "w") as stream:
            json.dump({"rank": 0, "size": 1}, stream)
        with open("/opt/ml/model/model.pt", "wb") as stream:
            torch.save(model.state_dict(), stream)  # saves
        """,
        "",
    ),
    "9 options declared through an alias and on a group": (
        """
        import argparse
        from sklearn.svm import SVC

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            aa = parser.add_argument
            aa("--C", type=float, default=1.0)  # hyperparameters
            group = parser.add_argument_group("kernel")
            group.add_argument("--degree", type=int, default=3)  # hyperparameters
            group.add_argument("--model-dir")
            args, _ = parser.parse_known_args()
            SVC(C=args.C, degree=args.degree).fit(X, y)  # trains
        """,
        "",
    ),
    "9 options that are places only": (
        """
        import argparse
        import os
        from sklearn.svm import SVC

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            aa = parser.add_argument
            aa("--train", default=os.environ["SM_CHANNEL_TRAIN"])
            aa("--model-dir", default=os.environ["SM_MODEL_DIR"])
            aa("--hosts", type=list, default=os.environ["SM_HOSTS"])
            args, _ = parser.parse_known_args()
            SVC().fit(X, y)  # trains
        """,
        "",
    ),
    "10 names of variables that only a wrapper gets": (
        """
        import os
        import joblib
        import pandas as pd
        from sklearn.svm import SVC

        def env(name):
            result = None
            if name in os.environ:
                result = os.environ[name]
            return result

        def channel(name):
            return os.environ.get(f"SM_CHANNEL_{name.upper()}")

        if __name__ == "__main__":
            data = pd.read_csv(channel("train") + "/x.csv")  # data
            held_out = pd.read_csv(env("SM_CHANNEL_TEST") + "/x.csv")  # data
            model = SVC(C=float(env("SM_HP_C")))  # hyperparameters
            model.fit(data, data.pop("y"))  # trains
            print(model.score(held_out, held_out.pop("y")))  # evaluates
            joblib.dump(model, env("SM_MODEL_DIR") + "/model.joblib")  # saves
        """,
        "",
    ),
    "10 the same wrapper, other variables": (
        """
        import os
        import joblib
        import pandas as pd
        from sklearn.svm import SVC

        def env(name):
            return os.environ.get(name, "/tmp")

        if __name__ == "__main__":
            data = pd.read_csv(env("SM_OUTPUT_DATA_DIR") + "/x.csv")
            model = SVC(C=float(env("SM_NUM_GPUS")))
            model.fit(data, data.pop("y"))  # trains
            joblib.dump(model, env("SM_OUTPUT_DATA_DIR") + "/model.joblib")
        """,
        "",
    ),
    "11 the work is in a command": (
        """
        import os
        import subprocess
        import sys

        if __name__ == "__main__":
            os.makedirs("/opt/ml/model", exist_ok=True)
            command = [sys.executable, "-m", "torch.distributed.launch", "run.py"]
            command += ["--data", os.environ["SM_CHANNEL_TRAIN"]]
            sys.exit(subprocess.call(command))
        """,
        "hyperparameters data trains evaluates saves",
    ),
    "11 a command that only prepares": (
        """
        import os
        import subprocess
        import sys
        from sklearn.svm import SVC

        subprocess.check_call([sys.executable, "-m", "pip", "install", "scikit-learn"])
        os.system("nvidia-smi")

        if __name__ == "__main__":
            SVC().fit(X, y)  # trains
        """,
        "",
    ),
    "12 an environment object": (
        """
        import os
        import joblib
        import pandas as pd
        from sagemaker_training import environment
        from sklearn.svm import SVC

        env = environment.Environment()
        data = pd.read_csv(os.path.join(env.channel_input_dirs["train"], "x.csv"))  # data
        model = SVC(C=env.hyperparameters.get("C", 1.0))  # hyperparameters
        model.fit(data, data.pop("y"))  # trains
        joblib.dump(model, os.path.join(env.model_dir, "model.joblib"))  # saves
        """,
        "",
    ),
    "12 an environment object that says only where the output goes": (
        """
        import os
        import joblib
        from sagemaker_training import environment
        from sklearn.svm import SVC

        env = environment.Environment()
        model = SVC()
        model.fit(X, y)  # trains
        joblib.dump(model, os.path.join(env.output_data_dir, "model.joblib"))
        """,
        "",
    ),
    "13 a base class does everything": (
        """
        from sagemaker_rl.coach_launcher import SageMakerCoachPresetLauncher

        class Launcher(SageMakerCoachPresetLauncher):
            def default_preset_name(self):
                return "preset-cartpole"

        if __name__ == "__main__":
            Launcher.train_main()
        """,
        "hyperparameters trains evaluates saves",  # reinforcement learning makes its data itself
    ),
    "13 a base class of nobody knows where": (
        """
        from mine.launching import Launcher

        class Job(Launcher):
            epochs = 3

        if __name__ == "__main__":
            Job().run()
        """,
        "hyperparameters data trains evaluates saves",
    ),
    "13 functions that a container calls by name": (
        """
        import os
        import tensorflow as tf

        def estimator_fn(run_config, params):
            return tf.estimator.DNNClassifier([10], [], config=run_config)

        def train_input_fn(training_dir, params):
            return tf.data.TFRecordDataset(os.path.join(training_dir, "x"))
        """,
        "hyperparameters data trains evaluates saves",
    ),
    "13 hooks of a library's class": (
        """
        import os
        import torch
        from transformers import Trainer, TrainingArguments

        class Mine(Trainer):
            def compute_loss(self, model, inputs, return_outputs=False):
                return model(**inputs).loss
            def train(self):
                return super().train()  # trains

        if __name__ == "__main__":
            trainer = Mine(torch.load("x"), TrainingArguments(output_dir="out"))
            trainer.train()
            trainer.save_model(os.environ["SM_MODEL_DIR"])  # saves
        """,
        "",
    ),
    "14 only the launcher connects it": (
        """
        import argparse
        from dataclasses import dataclass
        from datasets import load_from_disk
        from transformers import AutoModel, HfArgumentParser, Trainer, TrainingArguments

        @dataclass
        class Options:
            dataset_path: str
            warmup: int = 10  # hyperparameters

        if __name__ == "__main__":
            options, training_args = HfArgumentParser((Options, TrainingArguments)).parse_args_into_dataclasses()
            data = load_from_disk(options.dataset_path)
            trainer = Trainer(AutoModel.from_pretrained("x"), training_args, train_dataset=data)
            trainer.train()  # trains
            trainer.save_model()
        """,
        "data saves",
    ),
    "14 the script says it itself": (
        """
        import argparse
        from dataclasses import dataclass
        from datasets import load_from_disk
        from transformers import AutoModel, HfArgumentParser, Trainer, TrainingArguments

        @dataclass
        class Options:
            dataset_path: str = "/opt/ml/input/data/train"
            warmup: int = 10  # hyperparameters

        if __name__ == "__main__":
            options = HfArgumentParser(Options).parse_args_into_dataclasses()[0]
            data = load_from_disk(options.dataset_path)  # data
            trainer = Trainer(
                AutoModel.from_pretrained("x"), TrainingArguments("out"), train_dataset=data
            )
            trainer.train()  # trains
            trainer.save_model("/opt/ml/model")  # saves
        """,
        "",
    ),
    "15 what is fitted is no model": (
        """
        import os
        import joblib
        import pandas as pd
        from sklearn.preprocessing import StandardScaler

        data = pd.read_csv(os.path.join("/opt/ml/processing/input", "x.csv"))
        scaler = StandardScaler()
        scaler.fit(data)
        joblib.dump(scaler, "/opt/ml/processing/output/scaler.joblib")
        """,
        "trains",
    ),
    "15 a preparation is fitted before the model": (
        """
        import os
        import tensorflow as tf

        images, labels = tf.io.read_file(os.environ["SM_CHANNEL_TRAIN"])  # data
        generator = tf.keras.preprocessing.image.ImageDataGenerator()
        generator.fit(images)
        model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
        model.fit(generator.flow(images, labels))  # trains
        model.save("/opt/ml/model/1")  # saves
        """,
        "",
    ),
    "15 a transformation that is the training": (
        """
        import os
        import pandas as pd
        from bertopic import BERTopic

        texts = pd.read_csv(os.environ["SM_CHANNEL_TRAIN"] + "/x.csv")["text"]  # data
        model = BERTopic()
        topics, _ = model.fit_transform(texts)  # trains
        model.save("/opt/ml/model/topics")  # saves
        """,
        "",
    ),
}


@pytest.mark.parametrize(("source", "open_questions"), IDIOMS.values(), ids=IDIOMS.keys())
def test_idioms(source: str, open_questions: str) -> None:
    assert told(script(source)) == expected(source, open_questions)


KINDS = {
    "2 paths put together from a prefix": True,
    "3 mended": True,
    "6 a callback that saves": True,
    "12 an environment object": True,
    "15 a preparation is fitted before the model": True,
    "11 the work is in a command": False,
    "13 functions that a container calls by name": False,
    "15 what is fitted is no model": False,
}


@pytest.mark.parametrize(("name", "is_training_script"), KINDS.items())
def test_which_show_themselves_to_be_training_scripts(name: str, is_training_script: bool) -> None:
    assert script(IDIOMS[name][0]).is_training_script is is_training_script


def test_a_parser_a_helper_and_a_base_class_in_local_modules(tmp_path: Path) -> None:
    read = script(
        """
        from options import parse
        from work import Job

        if __name__ == "__main__":
            Job(parse()).run()
        """,
        tmp_path,
        options="""
            import argparse

            def parse():
                parser = argparse.ArgumentParser()
                parser.add_argument("--C", type=float, default=1.0)
                parser.add_argument("--model-dir", default="/opt/ml/model")
                parser.add_argument("--train", default="/opt/ml/input/data/train")
                return parser.parse_args()
        """,
        work="""
            import joblib
            import pandas as pd
            from sklearn.svm import SVC

            class Base:
                def __init__(self, args):
                    self.args = args

                def run(self):
                    self.fit(pd.read_csv(self.args.train + "/x.csv"))
                    self.save()

                def save(self):
                    joblib.dump(self.model, self.args.model_dir + "/model.joblib")

            class Job(Base):
                def fit(self, data):
                    self.model = SVC(C=self.args.C).fit(data, data.pop("y"))
        """,
    )
    assert told(read) == {
        "hyperparameters": [6],
        "data": [11],
        "trains": [19],
        "evaluates": "absent",
        "saves": [15],
    }
