"""TRN413 against what the script prints: said where every line is known and none can match."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import findings, launcher

SCRIPT = """
import argparse
import logging
import math
import sys

{imports}

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--name", default="churn")
args = parser.parse_args()
logger = logging.getLogger(__name__)
loss = math.exp(-args.epochs)
{body}
"""


def said(folder: Path, expression: str, body: str, imports: str = "") -> list[str]:
    """What TRN413 says of a metric with this expression, and a script that prints this."""
    metrics = f'metric_definitions=[{{"Name": "loss", "Regex": {expression!r}}}],'
    files = {"launch.py": launcher(more=metrics), "code/train.py": SCRIPT.format(body=body, imports=imports)}
    return [found.message.partition(": ")[2] for found in findings(folder, files, "TRN413")]


WITH_LOSS = "validation_loss: ([0-9.]+)"
MATCHING = [
    'print(f"validation_loss: {loss}")',
    'print("validation_loss:", loss)',
    'print("validation_loss: %.4f" % loss)',
    'print("epoch %d, validation_loss: %s" % (args.epochs, loss))',
    'print("validation_loss: {:.4f}".format(loss))',
    'print("{}: {}".format("validation_loss", loss))',
    'print("validation_loss: " + str(loss))',
    'print("validation", "loss", "", sep="_", end="\\n")\nprint("validation", f"loss: {loss}", sep="_")',
    'print(("epoch" if loss else "validation_loss") + ":", loss)',
    'name = "validation_loss"\nprint(f"{name}: {loss:.3f}")',
    'for name in ["validation_loss"]:\n    print(f"{name}: {loss:.3f}")',
    'logging.info("validation_loss: %f", loss)',
    'logger.warning(f"validation_loss: {loss}")',
    'def show(text, value):\n    print(text + ":", value)\n\nshow("validation_loss", loss)',
    'def text():\n    return f"validation_loss: {loss}"\n\nprint(text())',
]
OTHER = [
    ('print(f"Validation loss: {loss}")', "Validation loss: ..."),
    ('print("Validation loss:", loss)', "Validation loss: ..."),
    ('print("Validation loss: %.4f" % loss)', "Validation loss: ..."),
    ('print("Validation loss: {:.4f}".format(loss))', "Validation loss: ..."),
    ('print("Validation", "loss:", loss)', "Validation loss: ..."),
    ('print("validation_loss= " + str(loss))', "validation_loss= ..."),
    ('logging.info("Validation loss: %f", loss)', "Validation loss: ..."),
    ('logger.warning(f"Validation loss: {loss}")', "Validation loss: ..."),
    (
        'def show(text, value):\n    print(text + ":", value)\n\nshow("Validation loss", loss)',
        "Validation loss: ...",
    ),
]
RETURNED = """
def train():
    table = pandas.read_csv("x.csv")
    size = len(table) + {size}
    return {first}, size

one, size = train()
print("size", {shown})
"""
UNKNOWN = [
    ("print(f'Validation loss: {loss}')\nlightning.Trainer().fit(1)", "import lightning"),
    ("print(f'Validation loss: {loss}')\nkeras.Sequential().fit()", "import keras"),
    ("print(f'Validation loss: {loss}')\nsubprocess.run(['python', 'other.py'])", "import subprocess"),
    ("print(f'Validation loss: {loss}')\nfor name in load():\n    print(name)", "from lib import load"),
    ("print(f'Validation loss: {loss}')\nprint(json.load(open('x'))['report'])", "import json"),
    ("print(f'{phase()}_loss: {loss}')\nNAMES = ['training', 'validation']", ""),
    (
        "def show(name):\n    print(f'{name}: {loss}')\n\nfor one in pick(['validation_loss']):\n    show(one)",
        "",
    ),
    ("print(f'Validation loss: {loss}')\nprint(pandas.read_csv('x.csv') - 1.0)", "import pandas"),
    ("print(f'Validation loss: {loss}')", "from math import *"),
    ("print(f'Validation loss: {loss}')\nprint(open('log.txt').read())", ""),
    ("print(f'Validation loss: {loss}', end=args.name)", ""),
    ("print(*['Validation loss', loss])", ""),
    ("print('Validation loss {\u00b2}'.format(loss))", ""),
    ("sys.stdout.write(f'Validation loss: {loss}')", ""),
    ("report = print\nreport('Validation loss', loss)\nlist(map(print, [loss]))", ""),
    (
        "print(f'Validation loss: {loss}')\nxgboost.train({}, xgboost.DMatrix('x'), callbacks=[shown()])",
        "import xgboost\nfrom lib import shown",
    ),
    ("print(f'Validation loss: {loss}')\nsvm.SVC(verbose=True).fit([[1]], [1])", "from sklearn import svm"),
    ("print(f'Validation loss: {loss}')\npandas.read_csv('x.csv').info()", "import pandas"),
    ("print(f'Validation loss: {loss}')\ntf.keras.Sequential().fit([1], [1])", "import tensorflow as tf"),
    (
        "print(f'Validation loss: {loss}')\nbuild().fit([1], [1])",
        "import tensorflow as tf\nfrom x import build",
    ),
    (
        f"print(f'Validation loss: {{loss}}')\n{RETURNED.format(size=2, first='table', shown='one')}",
        "import pandas",
    ),
    (
        f"print(f'Validation loss: {{loss}}')\n{RETURNED.format(size=2, first='*table', shown='size')}",
        "import pandas",
    ),
    ("print(f'Validation loss: {loss}')\ntf.print('validation_loss', loss)", "import tensorflow as tf"),
    ("print(f'Validation loss: {loss}')\ntf.keras.utils.get_file('a', 'b')", "import tensorflow as tf"),
    ("print(f'Validation loss: {loss}')\ntf.estimator.Estimator(open)", "import tensorflow as tf"),
    ("print(f'Validation loss: {loss}')\ntf.keras.applications.ResNet50()", "import tensorflow as tf"),
]


LOOP = """
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
optimizer = tf.keras.optimizers.Adam()
mean = tf.keras.metrics.Mean()
for rows, labels in tf.data.Dataset.from_tensor_slices(([[1.0]], [1.0])).batch(1):
    with tf.GradientTape() as tape:
        value = tf.reduce_mean(tf.square(model(rows) - tf.cast(labels, tf.float32)))
    optimizer.apply_gradients(zip(tape.gradient(value, model.weights), model.weights))
    mean(value)
print("value", mean.result())
model.save_weights("weights")
"""
FOREIGN = [
    ("try:\n    import psutil\nexcept ImportError as error:\n    print(f'no psutil: {error}')", ""),
    ("for one in os.listdir('x'):\n    print('file', one)", "import os"),
    ("print(type(loss).__name__, __file__)", ""),
    ("print('started at', datetime.datetime.now())", "import datetime"),
    ("print(args.name, sys.version)", ""),
    ("def show(given):\n    print(given)", ""),
    ("for name, value in vars(args).items():\n    print(f'{name}: {value}')", ""),
    ("print(1)", "import tqdm, keras, lightning"),
    ("subprocess.run([sys.executable, '-m', 'pip', 'install', 'x'])", "import subprocess"),
    ("texts = ['verbose', 'silent']", ""),
    ("import pandas\nrate = args.epochs / unknown\nprint(rate)", ""),
    ("xgboost.train({'silent': 1, 'verbosity': 0}, xgboost.DMatrix('x'))", "import xgboost"),
    ("subprocess.run([sys.executable, '-q', '-m', 'pip', 'install', unknown()])", "import subprocess"),
    (LOOP, "import tensorflow as tf"),
    (RETURNED.format(size=2, first="table", shown="size"), "import pandas"),
    (RETURNED.format(size=2, first="0.5", shown="one"), "import pandas"),
    (f"{LOOP}\nmodel.fit([1], [1], verbose=0)", "import tensorflow as tf"),
    (f"{LOOP}\nclf.fit([1], [1])", "import tensorflow as tf\nfrom sklearn import svm\nclf = svm.SVC()"),
]


@pytest.mark.parametrize(("body", "imports"), FOREIGN)
def test_a_label_comes_from_the_script(body: str, imports: str, tmp_path: Path) -> None:
    (one,) = said(tmp_path, WITH_LOSS, f"print(f'Validation loss: {{loss}}')\n{body}", imports)
    assert one.endswith("the script prints 'Validation loss: ...'")
    assert (
        said(tmp_path / "matching", WITH_LOSS, f"print(f'validation_loss: {{loss}}')\n{body}", imports) == []
    )


@pytest.mark.parametrize(
    ("sent", "expression", "expected"),
    [
        ("{'rate': 0.01}", "snow_error=([0-9.]+)", 1),
        ("{'rate': 0.01}", "rate ([0-9.]+)", 0),
        ("{'rate': 0.01}", "rate=([0-9.]+)", 1),
        ("{'rate': 0.01}", "SM_HP_RATE=([0-9.]+)", 0),
        ("{'note': 'snow_error=3'}", "snow_error=([0-9.]+)", 0),
        ("{'note': unknown}", "snow_error=([0-9.]+)", 1),
        ("{'note': unknown}", 'note": "?([0-9.]+)', 0),
    ],
)
def test_the_values_that_are_sent_are_shown(
    tmp_path: Path, sent: str, expression: str, expected: int
) -> None:
    more = f'hyperparameters={sent}, metric_definitions=[{{"Name": "e", "Regex": {expression!r}}}],'
    files = {"launch.py": launcher(more=more), "code/train.py": SCRIPT.format(body="print(1)", imports="")}
    assert len(findings(tmp_path, files, "TRN413")) == expected


@pytest.mark.parametrize("body", MATCHING)
def test_a_line_that_can_match(body: str, tmp_path: Path) -> None:
    assert said(tmp_path, WITH_LOSS, body) == []


@pytest.mark.parametrize(("body", "shown"), OTHER)
def test_no_line_can_match(body: str, shown: str, tmp_path: Path) -> None:
    said_of_it = f"loss: {WITH_LOSS!r}; the script prints {shown!r}"
    assert said(tmp_path, WITH_LOSS, body) == [said_of_it]


@pytest.mark.parametrize(("body", "imports"), UNKNOWN)
def test_what_may_be_printed_is_not_known(body: str, imports: str, tmp_path: Path) -> None:
    assert said(tmp_path, WITH_LOSS, body, imports) == []


def test_the_finding_names_the_line_of_the_script(tmp_path: Path) -> None:
    metrics = 'metric_definitions=[\n        {"Name": "loss", "Regex": "validation_loss: ([0-9.]+)"},\n    ],'
    text = launcher(more=metrics)
    script = SCRIPT.format(body='print("Epoch", 3)\nprint("Validation loss:", loss)', imports="")
    (found,) = findings(tmp_path, {"launch.py": text, "code/train.py": script}, "TRN413")
    assert "Regex" in text.splitlines()[found.line - 1]
    (other,) = found.related
    assert "Validation loss" in script.splitlines()[other.line - 1]
    assert other.path == "code/train.py"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("mean ([0-9.]+)", 0),
        ("mean tf.Tensor\\(([0-9.]+)", 0),
        ("means ([0-9.]+)", 1),
    ],
)
def test_a_tensor_is_shown_as_such(expression: str, expected: int, tmp_path: Path) -> None:
    body = "mean = tf.keras.metrics.Mean()\nmean(loss)\nprint('mean', mean.result())"
    assert len(said(tmp_path, expression, body, "import tensorflow as tf")) == expected


def test_quiet_libraries_print_nothing(tmp_path: Path) -> None:
    body = (
        "rows = pandas.read_csv('x.csv')\nmodel = LogisticRegression(verbose=0).fit(rows, rows)\n"
        "score = model.score(rows, rows)\nprint('Validation loss', score, rows.shape, args, sep=' ')"
    )
    imports = "import pandas\nfrom sklearn.linear_model import LogisticRegression"
    (one,) = said(tmp_path, WITH_LOSS, body, imports)
    assert one.endswith("the script prints 'Validation loss ... ... ...'")


def test_the_toolkit_shows_the_hyperparameters(tmp_path: Path) -> None:
    more = 'hyperparameters={"epochs": 3}, metric_definitions=[{"Name": "e", "Regex": "\\"epochs\\": ([0-9]+)"}],'
    files = {"launch.py": launcher(more=more), "code/train.py": SCRIPT.format(body="print(1)", imports="")}
    assert findings(tmp_path, files, "TRN413") == []


def test_the_prefix_of_a_formatter_may_be_a_part_of_the_match(tmp_path: Path) -> None:
    body = "logging.basicConfig(format='metric %(levelname)s: %(message)s')\nlogger.info('%s', loss)"
    assert said(tmp_path, "metric INFO: ([0-9.]+)", body) == []
    (one,) = said(tmp_path / "other", "measure INFO: ([0-9.]+)", body)
    assert "measure INFO" in one


def test_functions_that_return_what_others_return_are_described_in_bounded_steps(tmp_path: Path) -> None:
    """Eight ways to the next function in each of nine: more lines than anybody can go through."""
    functions = ["def f0():\n    return 'loss'"]
    for number in range(1, 10):
        returns = "\n".join(f"    if loss > {n}:\n        return f{number - 1}()" for n in range(8))
        functions.append(f"def f{number}():\n{returns}")
    body = "\n".join([*functions, "print(f9())"])
    assert said(tmp_path, WITH_LOSS, body) == []


def test_a_long_text_is_not_compared_letter_by_letter(tmp_path: Path) -> None:
    assert said(tmp_path, WITH_LOSS, f"print({'x' * 200_000!r})") == []


PARTS = [
    ("print('validation_loss', end=': ')\nprint(loss)", []),
    ("for part in range(3):\n    print('.', end='')\nprint(f'validation_loss: {loss}')", []),
    ("print('loss', end=': ')\nprint(loss)", [f"loss: {WITH_LOSS!r}"]),
]


@pytest.mark.parametrize(("body", "expected"), PARTS)
def test_parts_of_a_line_stand_before_any_line(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert said(tmp_path, WITH_LOSS, body) == expected


CHILD = "import subprocess\n\nsubprocess.run(['python', 'fit.py'])\n"
MATCHED = 'print("validation_loss:", 0.5)\n'
UNMATCHED = 'print("loss:", 0.5)\n'


@pytest.mark.parametrize(
    ("files", "reports"),
    [
        ({"code/fit.py": UNMATCHED}, True),
        ({"code/fit.py": MATCHED}, False),
        ({"code/fit.py": CHILD.replace("fit", "more"), "code/more.py": UNMATCHED}, True),
        ({"code/fit.py": CHILD.replace("fit", "more"), "code/more.py": MATCHED}, False),
        ({"code/fit.py": CHILD.replace("fit", "train")}, False),
        (
            {"code/fit.py": UNMATCHED, "code/train.py": CHILD.replace("'fit.py']", "'fit.py'], cwd='/tmp'")},
            False,
        ),
        ({"code/other.py": UNMATCHED}, False),
        ({"code/fit.py": "import ourtrainer\n\nourtrainer.run()\n"}, False),
    ],
)
def test_lines_of_a_script_that_the_script_starts(
    tmp_path: Path, files: dict[str, str], reports: bool
) -> None:
    metrics = f'metric_definitions=[{{"Name": "loss", "Regex": {WITH_LOSS!r}}}],'
    pair = {"launch.py": launcher(more=metrics), "code/train.py": CHILD}
    assert bool(findings(tmp_path, {**pair, **files}, "TRN413")) is reports


KERAS = (
    "model = keras.Sequential()\nmodel.compile(metrics=['accuracy'])\nmodel.fit([1], callbacks=[], verbose=2)"
)
TRAINER = "transformers.Trainer(callbacks=[transformers.EarlyStoppingCallback()]).train()"
BOOSTER = "xgboost.train({'verbosity': 2}, xgboost.DMatrix('x'), evals=[(1, 'validation')])"
WANDB = "wandb.init()\nwandb.log({'loss': loss})"
BAR = "for one in (bar := tqdm.tqdm([1], desc='Epoch')):\n    bar.set_postfix(loss=loss)"
DESCRIBED = "bar = tqdm.trange(3)\nbar.set_description(f'Loss: {loss}')"
LOADED = "torchvision.models.resnet18(pretrained=True)\ndatasets.load_from_disk('x')\nmlflow.log_metric('loss', loss)"
BY_LIBRARIES = [
    (KERAS, "keras", "val_loss: ([0-9.]+)", False),
    (KERAS, "keras", "accuracy: ([0-9.]+)", False),
    (KERAS, "keras", "validation loss: ([0-9.]+)", True),
    (KERAS, "keras", "val_loss=([0-9.]+)", True),
    (f"{KERAS}\nmodel.summary()", "keras", "validation:loss ([0-9.]+)", True),
    (f"{KERAS}\nprint('score', model.evaluate([1])[0])", "keras", "score ([0-9.]+)", False),
    (f"{KERAS}\nprint('score', model.evaluate([1])[0])", "keras", "score: ([0-9.]+)", False),
    (f"{KERAS}\nprint('Test score', model.evaluate([1])[0])", "keras", "Test score: ([0-9.]+)", True),
    (TRAINER, "transformers", "'eval_loss': ([0-9.]+)", False),
    (TRAINER, "transformers", "eval_loss: ([0-9.]+)", True),
    (TRAINER, "transformers", "eval_loss.*?([0-9.]+)", False),
    (TRAINER, "transformers", "eval_loss = ([0-9.]+)", False),
    (TRAINER, "transformers", "eval_loss +=? +([0-9.]+)", False),
    (f"print(json.dumps({TRAINER[:-7]}evaluate()))", "json, transformers", '"eval_loss": ([0-9.]+)', False),
    (f"print(json.dumps({TRAINER[:-7]}evaluate()))", "json, transformers", 'loss": ([0-9.]+);', True),
    (BOOSTER, "xgboost", "validation-auc:([0-9.]+)", False),
    (BOOSTER, "xgboost", "validation:auc ([0-9.]+)", True),
    (BOOSTER, "xgboost", "validation-auc: ([0-9.]+)", True),
    (WANDB, "wandb", "loss ([0-9.]+)", False),
    (WANDB, "wandb", "loss: ([0-9.]+)", True),
    (BAR, "tqdm", "loss=([0-9.]+)", False),
    (BAR, "tqdm", "Epoch: ([0-9]+)%", False),
    (BAR, "tqdm", "loss: ([0-9.]+)", True),
    (DESCRIBED, "tqdm", "Loss: ([0-9.]+)", False),
    ("tqdm.tqdm.write(f'loss: {loss}')", "tqdm", "loss: ([0-9.]+)", False),
    ("bar = tqdm.tqdm([1], desc=open('x').read())", "tqdm", "loss: ([0-9.]+)", False),
    (LOADED, "datasets, mlflow, torchvision", "loss: ([0-9.]+)", True),
    (f"{LOADED}\nprint(f'loss: {{loss}}')", "datasets, mlflow, torchvision", "loss: ([0-9.]+)", False),
    ("mlflow.run('x')", "mlflow", "loss: ([0-9.]+)", False),
    ("tensorflow.print('loss', loss)", "tensorflow", "Loss: ([0-9.]+)", False),
]


@pytest.mark.parametrize(("body", "imports", "expression", "reports"), BY_LIBRARIES)
def test_lines_of_a_library_have_its_form(
    body: str, imports: str, expression: str, reports: bool, tmp_path: Path
) -> None:
    assert bool(said(tmp_path, expression, body, f"import {imports}")) is reports


VALUES = [
    (
        "print(classification_report([1], [2]))",
        "from sklearn.metrics import classification_report",
        "f1: ([0-9.]+)",
    ),
    (
        "n = 0\nn += rows.size(0)\nprint('Total:', n, rows.shape[0], (rows == 1).sum())",
        "import torch\nrows = torch.load('x')",
        "",
    ),
    ("print('measures', {'auc': loss, 'kind': 'svm'})", "", "auc: ([0-9.]+)"),
    (
        "parser.add_argument('--model-dir', default=os.environ['SM_MODEL_DIR'])\nargs = parser.parse_args()\n"
        "print('measures', {'auc': loss})\nprint(f'saved in {args.model_dir}')",
        "import os",
        "auc: ([0-9.]+)",
    ),
]


@pytest.mark.parametrize(("body", "imports", "expression"), VALUES)
def test_values_that_are_no_label(body: str, imports: str, expression: str, tmp_path: Path) -> None:
    expression = expression or "Loss: ([0-9.]+)"
    assert len(said(tmp_path, expression, body, imports)) == 1
    label = expression.partition(":")[0]
    assert said(tmp_path / "matching", expression, f"{body}\nprint('{label}:', loss)", imports) == []
