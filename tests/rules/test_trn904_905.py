"""TRN904 and TRN905 at their edges: what counts as telling hyperparameters and measures."""

from __future__ import annotations

import pytest

from tests.rules.advice import IMPORTS
from tests.rules.marked import assert_marked

OPTIONS = """
parser = argparse.ArgumentParser()
parser.add_argument("--C", type=float, default=1.0){mark}
parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
args = parser.parse_args()
"""
FIT = "model = SVC(C=args.C).fit(X, y)\n"

SILENT = {
    "nothing": "",
    "other things": 'print("begin", args.model_dir)\nlog.info("done in %s", 3)',
    "the measure, made of them": 'print("accuracy:", model.score(X, y))',
    "a file in a folder": 'pd.DataFrame(X).to_csv(args.model_dir + "/x.csv")',
    "in a function that nobody calls": "def show():\n    print(args)",
}
TOLD = {
    "one": "print(args.C)",
    "in a text": 'print(f"C is {args.C}")',
    "formatted": 'log.info("C is {}".format(args.C))',
    "all": "print(args)",
    "as a dict": 'log.info("%s", vars(args))',
    "one by one": "for name, value in vars(args).items():\n    print(name, value)",
    "in a dict": 'settings = {"C": args.C}\nprint(json.dumps(settings))',
    "through a function": "def show(what):\n    print(what)\nshow(args)",
    "in a file": 'with open("a.json", "w") as stream:\n    json.dump(vars(args), stream)',
    "in a file as text": 'open("a.json", "w").write(json.dumps(vars(args)))',
    "a tracker": 'import mlflow\nmlflow.log_params({"C": args.C})',
    "a tracker by itself": "import wandb\nwandb.init()",
    "tensorboard": "from torch.utils.tensorboard import SummaryWriter\nSummaryWriter().add_hparams({}, {})",
    "out of sight": "from ours import run\nrun(args)",
    "by the trainer": "from transformers import Trainer\nTrainer(model=net).train()",
}

UNTOLD = {
    "dropped": "model.score(X, y)  # TRN905",
    "kept": "accuracy = model.score(X, y)  # TRN905",
    "other things": 'accuracy = model.score(X, y)  # TRN905\nprint("shape:", X.shape, args.C)',
}
MEASURED_AND_TOLD = {
    "printed": "print(model.score(X, y))",
    "printed later": 'accuracy = model.score(X, y)\nprint(f"accuracy {accuracy:.3f}")',
    "logged": 'log.info("accuracy: %s", model.score(X, y))',
    "written": 'json.dump({"a": model.score(X, y)}, open("metrics.json", "w"))',
    "through a function": "def show(what):\n    print(what)\nshow(model.score(X, y))",
    "given away": "report_to(model.score(X, y))",
    "tracked": 'import mlflow\nmlflow.log_metric("a", model.score(X, y))',
    "not measured": "model.predict(X)",
    "boosting prints": """
import xgboost as xgb
booster = xgb.train({}, xgb.DMatrix(X, y), evals=[(xgb.DMatrix(A, b), "v")])
""",
    "Keras prints": """
import tensorflow as tf
net = tf.keras.Sequential([])
net.fit(X, y, validation_data=(A, b))
""",
    "a search prints when asked": """
from sklearn.model_selection import GridSearchCV
GridSearchCV(SVC(), {}, verbose=3).fit(X, y)
""",
    "a loop": """
for epoch in range(3):
    loss = nn.functional.mse_loss(net(X), y)
    loss.backward()
    print(epoch, loss.item())
""",
}


@pytest.mark.parametrize("name", SILENT)
def test_hyperparameters_are_never_told(name: str) -> None:
    assert_marked("TRN904", IMPORTS + OPTIONS.format(mark="  # TRN904") + FIT + SILENT[name])


@pytest.mark.parametrize("name", TOLD)
def test_hyperparameters_are_told_or_may_be(name: str) -> None:
    assert_marked("TRN904", IMPORTS + OPTIONS.format(mark="") + FIT + TOLD[name])


@pytest.mark.parametrize(
    ("mark", "told"), [("  # TRN904", ""), ("", "print(settings)"), ("", 'print(settings["C"])')]
)
def test_hyperparameters_of_the_file(mark: str, told: str) -> None:
    text = f"""
with open("/opt/ml/input/config/hyperparameters.json") as stream:{mark}
    settings = json.load(stream)
SVC(C=float(settings["C"])).fit(X, y)
{told}
"""
    assert_marked("TRN904", IMPORTS + text)


def test_without_hyperparameters_there_is_nothing_to_tell() -> None:
    assert_marked("TRN904", IMPORTS + "SVC().fit(X, y)\n")


@pytest.mark.parametrize("name", UNTOLD)
def test_measures_are_never_told(name: str) -> None:
    assert_marked("TRN905", IMPORTS + OPTIONS.format(mark="") + FIT + UNTOLD[name])


def test_without_a_training_there_is_no_model_to_measure() -> None:
    assert_marked("TRN905", IMPORTS + "from sklearn.metrics import accuracy_score\naccuracy_score(a, b)\n")


@pytest.mark.parametrize("name", MEASURED_AND_TOLD)
def test_measures_are_told_or_may_be(name: str) -> None:
    assert_marked("TRN905", IMPORTS + OPTIONS.format(mark="") + FIT + MEASURED_AND_TOLD[name])
