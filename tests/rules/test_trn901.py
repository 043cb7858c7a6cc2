"""TRN901 at its edges: what is hard-coded, and what can be overridden."""

from __future__ import annotations

import pytest

from tests.rules.advice import IMPORTS, OPTIONS
from tests.rules.marked import assert_marked, findings

HARD_CODED = {
    "in a call": 'joblib.dump(model, "/opt/ml/model/model.joblib")  # TRN901',
    "joined": 'pd.read_csv(os.path.join("/opt/ml/input/data/train", "a.csv"))  # TRN901',
    "a constant": 'MODEL_DIR = "/opt/ml/model"  # TRN901\njoblib.dump(model, MODEL_DIR + "/m")',
    "in an f-string": 'print(open(f"/opt/ml/output/data/{name()}.txt"))  # TRN901',
    "each variable once": """
pd.read_csv("/opt/ml/input/data/train/a.csv")  # TRN901
pd.read_csv("/opt/ml/input/data/train/b.csv")
pd.read_csv("/opt/ml/input/data/test/b.csv")  # TRN901
""",
    "in a function that runs": """
def save(model):
    joblib.dump(model, "/opt/ml/model/m")  # TRN901
save(model)
""",
}

OVERRIDABLE = {
    "the default of a variable": 'os.environ.get("SM_MODEL_DIR", "/opt/ml/model")',
    "the default of an option": 'parser.add_argument("--out", default="/opt/ml/model")',
    "the default of a parameter": 'def save(path="/opt/ml/model"):\n    print(path)\nsave()',
    "the default of a lookup": 'path = settings.get("model", "/opt/ml/model")\nprint(path)',
    "the default of a field": """
from dataclasses import dataclass
@dataclass
class Settings:
    path: str = "/opt/ml/model"
print(Settings().path)
""",
    "or": 'path = os.environ.get("SM_MODEL_DIR") or "/opt/ml/model"\nprint(path)',
    "a wrapper": 'path = read_variable("SM_MODEL_DIR", "/opt/ml/model")\nprint(path)',
    "the environment is set": 'os.environ["SM_MODEL_DIR"] = "/opt/ml/model"',
    "a fallback": """
try:
    path = os.environ["SM_MODEL_DIR"]
except KeyError:
    path = "/opt/ml/model"
print(path)
""",
    "a test": """
if "SM_MODEL_DIR" in os.environ:
    path = os.environ["SM_MODEL_DIR"]
else:
    path = "/opt/ml/model"
print(path)
""",
    "a comparison": 'print(args.model_dir == "/opt/ml/model")',
    "a dead constant": 'UNUSED = "/opt/ml/model"',
    "a text": '"""Saves to the folder\n/opt/ml/model"""\nlog.info("/opt/ml/model")',
    "no variable holds it": 'json.load(open("/opt/ml/input/config/hyperparameters.json"))\nprint("/opt/ml/code")',
    "a checkpoint": 'torch.save({}, "/opt/ml/checkpoints/a.pt")',
    "never run": 'def unused():\n    joblib.dump(model, "/opt/ml/model/m")',
}


@pytest.mark.parametrize("name", HARD_CODED)
def test_hard_coded(name: str) -> None:
    assert_marked("TRN901", IMPORTS + OPTIONS + HARD_CODED[name])


@pytest.mark.parametrize("name", OVERRIDABLE)
def test_overridable_or_none(name: str) -> None:
    assert_marked("TRN901", IMPORTS + OPTIONS + OVERRIDABLE[name])


@pytest.mark.parametrize("name", HARD_CODED)
def test_an_image_of_ones_own_may_have_no_variables(name: str) -> None:
    assert findings("TRN901", IMPORTS + HARD_CODED[name]) == []


def test_the_message_names_the_variable() -> None:
    messages = [f.message for f in findings("TRN901", IMPORTS + OPTIONS + HARD_CODED["each variable once"])]
    assert messages[0].endswith(": SM_CHANNEL_TRAIN holds /opt/ml/input/data/train")
    (found,) = findings("TRN901", IMPORTS + OPTIONS + 'print(os.listdir("/opt/ml/input/data"))')
    assert found.message.endswith(": SM_CHANNEL_<NAME> holds the folder of a channel")
