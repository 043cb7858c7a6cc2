"""The five verdicts on made-up scripts whose forms are those of real ones."""

from __future__ import annotations

import pytest

from flake8_training.rules.script.trn102_data_not_from_channel import DataNeverRead
from flake8_training.script.data import fetches_data
from flake8_training.script.verdict import State, Verdict
from tests.script.reading import script

PHASES = """
    import torch
    from torch import nn, optim
    def run(model, loaders, criterion, optimizer):
        for epoch in range(3):
            for phase in ["train", "val"]:
                {mode}
                total = 0
                for x, y in loaders[phase]:
                    optimizer.zero_grad()
                    outputs = model(x)
                    loss = criterion(outputs, y)
                    {step}
                    total += torch.sum(outputs.argmax(1) == y)
    if __name__ == "__main__":
        net = nn.Linear(2, 2)
        run(net, load(), nn.CrossEntropyLoss(), optim.SGD(net.parameters(), lr=0.1))
    """


@pytest.mark.parametrize(
    ("mode", "step", "state"),
    [
        ("model.train(phase == 'train')", "if phase == 'train': loss.backward()", State.PRESENT),
        (
            "model.eval() if phase == 'val' else model.train()",
            "if phase == 'train': loss.backward()",
            State.PRESENT,
        ),
        ("model.train()", "if phase == 'train': loss.backward()", State.ABSENT),
        ("model.train(phase == 'train')", "loss.backward()", State.ABSENT),
        (
            "model.train(phase == 'train')",
            "loss.backward() if torch.cuda.is_available() else loss.backward()",
            State.ABSENT,
        ),
    ],
)
def test_a_loop_over_phases_evaluates_in_the_one_that_does_not_train(
    mode: str, step: str, state: State
) -> None:
    source = PHASES.format(mode=mode, step=step).replace("load()", "{'train': [], 'val': []}")
    assert script(source).evaluation.state is state


def told(verdict: Verdict) -> tuple[str, list[int]]:
    """Return a verdict's state and the lines of its evidence."""
    return str(verdict.state), verdict.lines


APP = """
    import argparse
    import os
    import tensorflow.compat.v1 as tf
    def main(unused):
        estimator = tf.estimator.Estimator(model_fn=model, model_dir=os.environ["SM_MODEL_DIR"])
        estimator.train(input_fn=data)
    def data():
        return None
    def model(features, labels, mode):
        return None
    if __name__ == "__main__":
        {start}
    """


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("tf.app.run()", ("present", [7])),
        ("tf.app.run(main)", ("present", [7])),
        ("tf.logging.info('nothing is run')", ("absent", [])),
    ],
)
def test_an_app_runs_main(start: str, expected: tuple[str, list[int]]) -> None:
    assert told(script(APP.format(start=start)).training) == expected


TRL = """
    from dataclasses import dataclass
    from datasets import load_dataset
    from trl import ModelConfig, ScriptArguments, SFTConfig, SFTTrainer, TrlParser
    @dataclass
    class Mine(ScriptArguments):
        reward: str = ""
    def main(script_args, training_args, model_args):
        data = load_dataset({name})
        trainer = SFTTrainer(model=model_args.model_name_or_path, args=training_args, train_dataset=data)
        trainer.train()
    if __name__ == "__main__":
        parser = TrlParser(({arguments}, SFTConfig, ModelConfig))
        {call}
    """


@pytest.mark.parametrize(
    ("arguments", "name", "call", "expected"),
    [
        ("Mine", "script_args.dataset_name", "main(*parser.parse_args_and_config())", ("cannot tell", [9])),
        ("ScriptArguments", "script_args.dataset_name", "a, b, c = parser.parse_args_and_config()\\n"
         "    main(a, b, c)", ("cannot tell", [9])),
        ("Mine", "'imdb'", "main(*parser.parse_args_and_config())", ("absent", [])),
        ("Mine", "ScriptArguments.dataset_name", "main(*parser.parse_args_and_config())", ("absent", [])),
    ],
)  # fmt: skip
def test_a_data_set_that_a_library_s_option_names_may_be_a_channel(
    arguments: str, name: str, call: str, expected: tuple[str, list[int]]
) -> None:
    source = TRL.format(arguments=arguments, name=name, call=call.replace("\\n", "\n    "))
    assert told(script(source).training_data) == expected


SETTINGS = """
    import argparse
    import json
    import os
    import yaml
    from sklearn.linear_model import Ridge
    if __name__ == "__main__":
        parser = argparse.ArgumentParser()
        parser.add_argument("--config-file", type=str{default})
        args = parser.parse_args()
        settings = {load}
        Ridge(alpha=settings["alpha"]).fit([[1]], [1])
    """


@pytest.mark.parametrize(
    ("default", "load", "expected"),
    [
        (", default='conf/train.yaml'", "yaml.safe_load(open(args.config_file))", ("cannot tell", [11])),
        (", required=True", "yaml.safe_load(open(args.config_file))", ("cannot tell", [11])),
        (", required=True", "yaml.safe_load(open('conf/train.yaml'))", ("absent", [])),
        (
            ", required=True",
            "yaml.safe_load(open('/opt/ml/code/conf/hyperparameters.json'))",
            ("cannot tell", [11]),
        ),
        (", required=True", "json.loads(os.environ['TF_CONFIG'])", ("absent", [])),
    ],
)
def test_settings_out_of_a_file_that_the_launcher_names(
    default: str, load: str, expected: tuple[str, list[int]]
) -> None:
    read = script(SETTINGS.format(default=default.replace("conf/train.yaml", "/opt/conf/t.yaml"), load=load))
    assert told(read.hyperparameters) == expected


@pytest.mark.parametrize(
    ("option", "state"),
    [
        ("'--epochs', type=int, default=os.environ.get('SM_CURRENT_HOST')", State.PRESENT),
        ("'--epochs', type=int, default=os.environ.get('SM_HP_EPOCHS')", State.PRESENT),
        ("'--epochs', default=os.environ.get('SM_CURRENT_HOST')", State.ABSENT),
        ("'--workers', type=int, default=os.environ.get('SM_NUM_CPUS')", State.ABSENT),
        ("'--num-gpus', type=int, default=os.environ.get('SM_CURRENT_HOST')", State.ABSENT),
    ],
)
def test_a_number_is_no_name_of_a_host(option: str, state: State) -> None:
    source = f"""
        import argparse, os
        from sklearn.linear_model import Ridge
        parser = argparse.ArgumentParser()
        parser.add_argument({option})
        args = parser.parse_args()
        Ridge().fit([[1]], [1])
        """
    assert script(source).hyperparameters.state is state


@pytest.mark.parametrize(
    ("estimator", "state"),
    [
        ("neural_network.MLPRegressor(early_stopping=True)", State.PRESENT),
        ("neural_network.MLPRegressor(early_stopping=False)", State.ABSENT),
        ("neural_network.MLPClassifier()", State.ABSENT),
        ("linear_model.SGDClassifier(early_stopping=True)", State.PRESENT),
        ("ensemble.RandomForestClassifier(oob_score=True)", State.PRESENT),
        ("ensemble.RandomForestClassifier(100)", State.ABSENT),
        ("ensemble.GradientBoostingClassifier(n_iter_no_change=5)", State.PRESENT),
    ],
)
def test_estimators_that_hold_data_out_by_themselves(estimator: str, state: State) -> None:
    module, _, made = estimator.partition(".")
    source = f"""
        import os
        import pandas as pd
        from sklearn import {module}
        data = pd.read_csv(os.environ["SM_CHANNEL_TRAIN"])
        {module}.{made}.fit(data[["x"]], data["y"])
        """
    assert script(source).evaluation.state is state


@pytest.mark.parametrize(
    ("save", "state"),
    [
        ("mlflow.sklearn.log_model(model, 'model', registered_model_name='m')", State.UNKNOWN),
        ("mlflow.log_metric('loss', 1.0)", State.ABSENT),
        ("mlflow.sklearn.save_model(model, '/opt/ml/model')", State.PRESENT),
        ("mlflow.sklearn.save_model(model, 'model')", State.ABSENT),
    ],
)
def test_a_model_in_a_registry_is_kept_somewhere(save: str, state: State) -> None:
    source = f"""
        import mlflow
        import mlflow.sklearn
        from sklearn.linear_model import Ridge
        model = Ridge().fit([[1]], [1])
        {save}
        """
    assert script(source).model_saving.state is state


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ("'data.yaml'", State.UNKNOWN),
        ("'/opt/ml/input/data/train/data.yaml'", State.PRESENT),
    ],
)
def test_a_data_set_that_a_yaml_file_describes_may_lie_anywhere(data: str, state: State) -> None:
    source = f"""
        from ultralytics import YOLO
        YOLO("yolov8n.pt").train(data={data}, epochs=3)
        """
    assert script(source).training_data.state is state


RESUBSTITUTION = """
    import os
    import pandas as pd
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score
    from sklearn.model_selection import cross_val_predict
    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
    held = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.csv"))
    X, y = data[["a"]], data["y"]
    X_test, y_test = held[["a"]], held["y"]
    model = LogisticRegression().fit(X, y)
    {measure}
    """


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("print(accuracy_score(y, model.predict(X)))", "absent"),
        ("preds = model.predict_proba(X)[:, 1]\nprint(accuracy_score(y, preds > 0.5))", "present"),
        ("preds = model.predict(X)\nprint(accuracy_score(y_true=y, y_pred=preds))", "absent"),
        ("print(model.score(X, y))", "absent"),
        ("print(model.score(X_test, y_test))", "present"),
        ("print(model.score(X, y), model.score(X_test, y_test))", "present"),
        ("preds = model.predict(X_test)\nprint(accuracy_score(y_test, preds))", "present"),
        ("preds = cross_val_predict(model, X, y)\nprint(accuracy_score(y, preds))", "present"),
        (
            "preds = model.predict(X)\npreds = model.predict(X_test)\nprint(accuracy_score(y, preds))",
            "present",
        ),
        ("X, y = X_test, y_test\nprint(model.score(X, y))", "present"),
        ("def measure(X, y):\n    print(model.score(X, y))\nmeasure(X_test, y_test)", "present"),
    ],
)
def test_a_measure_on_the_training_data_is_no_evaluation(measure: str, expected: str) -> None:
    source = RESUBSTITUTION.format(measure=measure.replace("\n", "\n    "))
    assert str(script(source).evaluation.state) == expected


FULL_BATCH = """
    import torch
    from torch import nn
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.loss = nn.MSELoss()
            self.part = nn.Linear(3, 1)
        def forward(self, x, y):
            return self.loss(self.part(x), y) + self.loss(self.part(y), x)
    if __name__ == "__main__":
        model, measure = nn.Linear(3, 1), nn.MSELoss()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        x, y, other_x, other_y = load()
        for epoch in range(9):
            optimizer.zero_grad()
            loss = measure(model(x), y)
            loss.backward()
            optimizer.step()
            {inside}
        {after}
    """


@pytest.mark.parametrize(
    ("inside", "after", "state"),
    [
        ("pass", "print(measure(model(other_x), other_y).item())", State.UNKNOWN),
        ("print(measure(model(other_x), other_y).item())", "pass", State.UNKNOWN),
        ("pass", "error = ((model(other_x) - other_y) ** 2).mean()", State.UNKNOWN),
        ("pass", "error = ((model(x) - y) ** 2).mean()", State.ABSENT),
        ("pass", "print(model(other_x))", State.ABSENT),
        ("pass", "pass", State.ABSENT),
    ],
)
def test_a_measure_on_other_data_without_a_loop_over_it(inside: str, after: str, state: State) -> None:
    assert script(FULL_BATCH.format(inside=inside, after=after)).evaluation.state is state


DOWNLOADS = """
    import os
    import sys
    import urllib.request
    import requests
    from sklearn.datasets import load_iris
    from sklearn.svm import SVC
    if __name__ == "__main__":
        urllib.request.urlretrieve("https://wheels.example/fast.whl", "fast.whl")
        requests.get("https://hooks.example/started")
        X, y = {data}
        SVC().fit(X, y)
    """


@pytest.mark.parametrize(
    ("data", "line"), [("load_iris(return_X_y=True)", 11), ("parse(open('fast.whl').read())", 9)]
)
def test_a_download_of_anything_is_the_data_where_nothing_else_is(data: str, line: int) -> None:
    read = script(DOWNLOADS.format(data=data))
    assert read.training_data.state is State.ABSENT
    assert getattr(read.place_for(read.training_data), "lineno", None) == line


DOWNLOADED = """
    import boto3
    import pandas as pd
    from sagemaker.s3 import S3Downloader
    from sklearn.svm import SVC
    if __name__ == "__main__":
        {download}
        data = pd.read_csv("/tmp/data/churn.csv")
        SVC().fit(data[["x"]], data["y"])
    """


@pytest.mark.parametrize(
    ("download", "severity"),
    [
        ("S3Downloader.download('s3://b/k', '/tmp/data')", "warning"),
        ("S3Downloader.download('s3://b/k', '/tmp/other')", "error"),
        ("S3Downloader.download('s3://b/k', local_path=read())", "warning"),
        ("boto3.client('s3').download_file('b', 'k', '/tmp/data/churn.csv')", "warning"),
        ("boto3.client('s3').download_file('b', 'k', '/tmp/other')", "error"),
        ("boto3.client('s3').download_file('b', 'k', read())", "warning"),
        ("boto3.client('s3').download_fileobj('b', 'k', open('/tmp/other', 'wb'))", "error"),
        ("S3Downloader.read_file('s3://b/k')", "warning"),
        ("pass", "error"),
    ],
)
def test_a_download_is_the_data_if_it_may_write_what_is_read(download: str, severity: str) -> None:
    read = script(DOWNLOADED.format(download=download))
    assert read.training_data.state is State.ABSENT
    assert fetches_data(read.analysis) is (severity == "warning")
    (found,) = DataNeverRead().check(read)
    assert found.severity.value == severity


@pytest.mark.parametrize(
    ("held_out", "state"),
    [("(rows[2], rows[3])", State.PRESENT), ("(rows[0], rows[1])", State.ABSENT), ("(a, b)", State.PRESENT)],
)
def test_parts_of_one_list_are_not_the_same_data(held_out: str, state: State) -> None:
    source = f"""
        import json
        import tensorflow
        rows = json.load(open("/opt/ml/input/data/train/rows.json"))
        a, b = rows[2:]
        model = tensorflow.keras.Sequential([tensorflow.keras.layers.Dense(1)])
        model.compile(optimizer="sgd", loss="mse")
        model.fit(rows[0], rows[1], validation_data={held_out})
        model.save("/opt/ml/model/1")
    """
    assert script(source).evaluation.state is state


FITTED = """
    import os
    import tensorflow as tf
    import xgboost as xgb
    from sagemaker_tensorflow import PipeModeDataset
    def load(name, size=8):
        return tf.data.TFRecordDataset(os.path.join("/opt/ml/input/data", name)).batch(size)
    model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    {fit}
    """


@pytest.mark.parametrize(
    ("fit", "state"),
    [
        ("model.fit(load('train'), validation_data=load('eval'))", State.PRESENT),
        ("model.fit(load('train'), validation_data=load('train'))", State.ABSENT),
        (
            "model.fit(PipeModeDataset('a').batch(8), validation_data=PipeModeDataset('b').batch(8))",
            State.PRESENT,
        ),
        (
            "model.fit(PipeModeDataset('a').batch(8), validation_data=PipeModeDataset('a').batch(8))",
            State.ABSENT,
        ),
        ("xgb.train({}, xgb.DMatrix('a.csv'), 10, evals=[(xgb.DMatrix('b.csv'), 'val')])", State.PRESENT),
        ("xgb.train({}, xgb.DMatrix('a.csv'), 10, evals=[(xgb.DMatrix('a.csv'), 'val')])", State.ABSENT),
    ],
)
def test_data_that_the_same_call_loads_by_another_name(fit: str, state: State) -> None:
    assert script(FITTED.replace("{fit}", fit)).evaluation.state is state


BOOSTED = """
import xgboost as xgb
from sklearn.metrics import accuracy_score

x, y, x_test, y_test = [[1.0]], [1], [[2.0]], [0]
dtrain = xgb.DMatrix(x, label=y)
dtest = xgb.DMatrix(x_test, label=y_test)
model = xgb.train({}, dtrain=dtrain)
"""


@pytest.mark.parametrize(
    ("measure", "state"),
    [
        ("print(accuracy_score(y, model.predict(dtrain)))", State.ABSENT),
        ("print(accuracy_score(y_test, model.predict(dtest)))", State.PRESENT),
        ("dtrain = dtest\nprint(accuracy_score(y, model.predict(dtrain)))", State.PRESENT),
    ],
)
def test_a_metric_on_the_matrix_that_trained(measure: str, state: State) -> None:
    assert script(BOOSTED + measure).evaluation.state is state


STEPS = """
    import torch
    import torch.nn.functional as F
    from torch import nn
    model = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    data = torch.load("/opt/ml/input/data/train/data.pt")
    for x, y in data["train"]:
        optimizer.zero_grad()
        F.mse_loss(model(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        {measure}
    """


@pytest.mark.parametrize(
    ("measure", "state"),
    [
        ("for x, y in data['test']: print(F.mse_loss(model(x), y).item())", State.PRESENT),
        ("print([F.mse_loss(model(x), y).item() for x, y in data['test']])", State.PRESENT),
        ("print(sum(F.cross_entropy(model(x), y).item() for x, y in data['test']))", State.PRESENT),
        ("for x, y in data['test']: print(F.softmax(model(x)))", State.ABSENT),
        ("for x, y in data['test']: print(F.mse_loss(y, y))", State.ABSENT),
    ],
)
def test_a_loss_function_measures_where_nothing_is_trained(measure: str, state: State) -> None:
    assert script(STEPS.format(measure=measure)).evaluation.state is state


GRAPH = """
    import tensorflow.compat.v1 as tf
    x = tf.placeholder(tf.float32)
    weight = tf.Variable(0.0)
    loss = tf.reduce_mean((x * weight) ** 2)
    step = tf.train.AdamOptimizer(0.1).minimize(loss)
    train_x = open("/opt/ml/input/data/train/x").read()
    test_x = open("/opt/ml/input/data/test/x").read()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run([step, loss], feed_dict={x: train_x})
        {measure}
    """


@pytest.mark.parametrize(
    ("measure", "state"),
    [
        ("print(session.run(loss, feed_dict={x: test_x}))", State.PRESENT),
        ("print(loss.eval({x: test_x}))", State.PRESENT),
        ("print(session.run(loss, feed_dict={x: train_x}))", State.ABSENT),
        ("print(session.run(loss))", State.UNKNOWN),
        ("session.run(loss, feed_dict={x: test_x})", State.ABSENT),
        ("pass", State.ABSENT),
    ],
)
def test_a_run_of_a_graph_measures_on_the_data_that_it_feeds(measure: str, state: State) -> None:
    assert script(GRAPH.replace("{measure}", measure)).evaluation.state is state


UNKNOWN_LIBRARY = """
    import os
    import ours
    import pandas as pd
    import xgboost as xgb
    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "data.csv"))
    {before}
    model = xgb.train({"eta": {eta}}, xgb.DMatrix(data[["x"]], data["y"]), 10)
    model.save_model("out/model.json")
    {after}
    """


@pytest.mark.parametrize(
    ("before", "eta", "after", "expected"),
    [
        ("", "0.1", "", "absent absent absent"),
        # A call that receives literals only, and whose result reaches nothing, does no part of the job.
        ("ours.setup('blue')", "0.1", "", "absent absent absent"),
        ("ours.train()", "0.1", "", "absent absent absent"),
        ("print(ours.load_config('blue'))", "0.1", "", "absent absent absent"),
        # What reaches the training may be a hyperparameter.
        ("conf = ours.get('blue')", "conf.eta", "", "cannot tell absent absent"),
        ("conf = ours.Conf('blue')", "float(conf['eta'])", "", "cannot tell absent absent"),
        # What receives an object of the program may do anything with it, then or later.
        ("", "0.1", "ours.keep(model)", "cannot tell cannot tell cannot tell"),
        ("", "0.1", "ours.Keeper(model).close()", "cannot tell cannot tell cannot tell"),
        ("", "0.1", "ours.on_exit(lambda: model)", "cannot tell cannot tell cannot tell"),
        # So may what receives the name of a file that the program writes; another name is no use of it.
        ("", "0.1", "ours.ship('out')", "absent cannot tell cannot tell"),
        ("", "0.1", "ours.ship('logs')", "absent absent absent"),
    ],
)
def test_a_call_of_an_unknown_library_does_what_flows_through_it(
    before: str, eta: str, after: str, expected: str
) -> None:
    source = UNKNOWN_LIBRARY.replace("{before}", before).replace("{eta}", eta).replace("{after}", after)
    read = script(source)
    verdicts = (read.hyperparameters, read.evaluation, read.model_saving)
    assert " ".join(str(verdict.state) for verdict in verdicts) == expected


@pytest.mark.parametrize(
    ("work", "state"),
    [
        ("ours.main()", State.UNKNOWN),
        ("model = ours.train('conf.yaml'); joblib.dump(model, '/opt/ml/model/m')", State.UNKNOWN),
        ("json.dump(ours.question('why'), open('/opt/ml/model/m', 'w'))", State.ABSENT),
    ],
)
def test_an_unknown_library_may_train_where_the_program_does_not(work: str, state: State) -> None:
    assert script(f"import json, joblib, ours\nif 1: print(1)\nif True:\n  {work}\n").training.state is state


SAVED = """
    import json, joblib, os, pickle
    import pandas as pd
    from sklearn.linear_model import Ridge
    from sklearn.metrics import mean_absolute_error
    from sklearn.preprocessing import StandardScaler
    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "data.csv"))
    scaler = StandardScaler()
    model = Ridge()
    model.fit(scaler.fit_transform(data[["x"]]), data["y"])
    predicted = model.predict(data[["x"]])
    error = mean_absolute_error(data["y"], predicted)
    folder = os.environ["SM_MODEL_DIR"]
    {save}
    """


@pytest.mark.parametrize(
    ("save", "state"),
    [
        ("joblib.dump(model, folder + '/m')", State.PRESENT),
        ("joblib.dump({'model': model, 'scaler': scaler}, folder + '/m')", State.PRESENT),
        ("joblib.dump(scaler, folder + '/m')", State.ABSENT),
        ("pickle.dump(scaler, open(folder + '/m', 'wb'))", State.ABSENT),
        ("joblib.dump(predicted, folder + '/m')", State.ABSENT),
        ("json.dump({'error': error}, open(folder + '/m', 'w'))", State.ABSENT),
        ("json.dump({'weights': list(model.coef_)}, open(folder + '/m', 'w'))", State.UNKNOWN),
        (
            "json.dump({'error': error, 'weights': list(model.coef_)}, open(folder + '/m', 'w'))",
            State.UNKNOWN,
        ),
    ],
)
def test_a_measure_a_prediction_and_a_scaler_are_not_the_model(save: str, state: State) -> None:
    assert script(SAVED.replace("{save}", save)).model_saving.state is state


def test_a_scaler_may_be_what_the_job_is_for() -> None:
    source = SAVED.replace("model.fit(", "print(").replace("{save}", "joblib.dump(scaler, folder + '/m')")
    assert script(source).model_saving.state is State.PRESENT


TRAINER = """
    import os
    from dataclasses import dataclass
    from datasets import load_from_disk
    from transformers import AutoModel, HfArgumentParser, SFTTrainer, Trainer, TrainingArguments
    @dataclass
    class Own:
        epochs: int = 3
    train = load_from_disk(os.environ["SM_CHANNEL_TRAIN"])
    test = load_from_disk(os.environ["SM_CHANNEL_TEST"])
    {before}
    trainer = Trainer(AutoModel.from_pretrained("x"), {arguments}, train_dataset=train, eval_dataset=test)
    trainer.train()
    {after}
    """
MODEL = "TrainingArguments(os.environ['SM_MODEL_DIR']{more})"


@pytest.mark.parametrize(
    ("before", "arguments", "after", "evaluation", "saving"),
    [
        ("", MODEL.format(more=""), "", State.ABSENT, State.PRESENT),
        ("", MODEL.format(more=", eval_strategy='no'"), "", State.ABSENT, State.PRESENT),
        ("", MODEL.format(more=", eval_strategy='epoch'"), "", State.PRESENT, State.PRESENT),
        ("", MODEL.format(more=", evaluation_strategy='steps'"), "", State.PRESENT, State.PRESENT),
        ("", MODEL.format(more=""), "print(trainer.evaluate())", State.PRESENT, State.PRESENT),
        ("", MODEL.format(more=", save_strategy='no'"), "", State.ABSENT, State.ABSENT),
        ("", MODEL.format(more=", save_strategy='no'"), "trainer.save_model()", State.ABSENT, State.PRESENT),
        ("", "TrainingArguments('/tmp/out')", "trainer.save_model()", State.ABSENT, State.ABSENT),
        ("", "TrainingArguments('/tmp/out')", "trainer.push_to_hub()", State.ABSENT, State.UNKNOWN),
        ("", "TrainingArguments('/tmp/out', push_to_hub=True)", "", State.ABSENT, State.UNKNOWN),
        ("", "TrainingArguments('/tmp/out', push_to_hub=False)", "", State.ABSENT, State.ABSENT),
        ("", MODEL.format(more=", push_to_hub=True"), "", State.ABSENT, State.PRESENT),
        (
            "HfArgumentParser(Own).parse_args_into_dataclasses()",
            "TrainingArguments('/tmp/out')",
            "",
            State.ABSENT,
            State.ABSENT,
        ),
        (
            "own, args = HfArgumentParser((Own, TrainingArguments)).parse_args_into_dataclasses()",
            "args",
            "trainer.save_model()",
            State.PRESENT,
            State.UNKNOWN,
        ),
    ],
)
def test_the_arguments_of_a_trainer_decide(
    before: str, arguments: str, after: str, evaluation: State, saving: State
) -> None:
    read = script(TRAINER.format(before=before, arguments=arguments, after=after))
    assert (read.evaluation.state, read.model_saving.state) == (evaluation, saving)


@pytest.mark.parametrize(
    ("option", "state"), [("--lora-rank", State.PRESENT), ("--local-rank", State.ABSENT)]
)
def test_the_rank_of_a_process_is_no_hyperparameter(option: str, state: State) -> None:
    source = f"""
        import argparse
        parser = argparse.ArgumentParser()
        parser.add_argument("{option}", type=int, default=8)
        parser.parse_args()
        """
    assert script(source).hyperparameters.state is state


WHOLE = """
    import torch
    import torch.nn.functional as F
    from torch import nn

    {decorator}
    def score(model, x):
        predicted = model(x)
        {result}

    model = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    train, test = torch.load("/opt/ml/input/data/train/data.pt")
    for _ in range(3):
        loss = model(train).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        {call}
    """
_MEAN = "return (predicted.argmax(1) == x).float().mean()"


@pytest.mark.parametrize(
    ("decorator", "result", "call", "state"),
    [
        ("@torch.no_grad()", _MEAN, "print(score(model, test))", State.PRESENT),
        ("@torch.inference_mode()", _MEAN, "print(score(model, test))", State.PRESENT),
        ("@torch.no_grad()", "print(predicted)", "score(model, test)", State.ABSENT),
        ("@torch.no_grad()", _MEAN, "", State.ABSENT),
        ("", _MEAN, "a, b = score(model, train), score(model, test)\n        print(a - b)", State.UNKNOWN),
        ("", _MEAN, "print(score(model, train) + 1)", State.ABSENT),
    ],
)
def test_a_function_that_measures_all_data_at_once(
    decorator: str, result: str, call: str, state: State
) -> None:
    text = WHOLE.format(decorator=decorator, result=result, call=call)
    assert script(text).evaluation.state is state
