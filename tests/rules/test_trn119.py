"""TRN119 at its edges: what comes out of the file as text, what converts it, and what is a number's place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.marked import assert_marked, findings

HEAD = """
import ast, json, os, sys, math
from pathlib import Path
with open("/opt/ml/input/config/hyperparameters.json") as file:
    hp = json.load(file)
"""

RAW = {
    "counting": """
for epoch in range(hp["epochs"]):  # TRN119
    print(epoch)
""",
    "a name": """
epochs = hp["epochs"]
range(1, epochs)  # TRN119
""",
    "with a default": """
range(hp.get("epochs", 10))  # TRN119
range(hp.pop("rounds", 10))  # TRN119
range(hp["steps"] if "steps" in hp else 10)  # TRN119
range(hp.get("turns") or 10)  # TRN119
""",
    "arithmetic": """
a = hp["a"] * 2  # TRN119
b = 1 - hp["b"]  # TRN119
c = hp["c"] / 2  # TRN119
d = -hp["d"]  # TRN119
e = hp["e"] ** 2  # TRN119
f = 100
f -= hp["f"]  # TRN119
g = hp["g"] + 1  # TRN119
h = 7 // hp["h"]  # TRN119
i = len("abc") * hp["i"]  # TRN119
""",
    "comparison": """
print(hp["a"] > 0.5)  # TRN119
print(0 < hp["b"])  # TRN119
print(hp["c"] == 1)  # TRN119
print(hp["d"] == True)  # TRN119
for epoch in range(10):
    print(epoch % hp["e"] == 0)  # TRN119
""",
    "truth": """
if hp["a"]:  # TRN119
    pass
while not hp["b"]:  # TRN119
    break
x = 1 if hp["c"] else 2  # TRN119
if hp["d"] and len(x) > 1:  # TRN119
    pass
if hp.get("e", False):  # TRN119
    pass
flag = hp.get("f", True)
if flag:  # TRN119
    pass
""",
    "parameters that are numbers": """
import lightgbm as lgb, numpy as np, torch, xgboost as xgb
from sklearn.ensemble import RandomForestClassifier
from tensorflow import keras
RandomForestClassifier(n_estimators=hp["n_estimators"])  # TRN119
torch.optim.Adam([], lr=hp["lr"])  # TRN119
torch.utils.data.DataLoader([], batch_size=hp["batch_size"])  # TRN119
xgb.train({}, None, num_boost_round=hp["rounds"])  # TRN119
xgb.train({}, None, hp["more_rounds"])  # TRN119
lgb.LGBMClassifier(n_estimators=hp["trees"])  # TRN119
np.random.seed(hp["seed"])  # TRN119
keras.Sequential().fit(None, None, epochs=hp["epochs"])  # TRN119
math.sqrt(hp["x"])  # TRN119
""",
    "a function of the script": """
def train(epochs, ready):
    for epoch in range(epochs):  # TRN119
        range(ready)

train(hp["epochs"], int(hp["ready"]))
""",
    "an object of the script": """
class Trainer:
    def __init__(self, hp):
        self.epochs = hp["epochs"]
        self.ready = int(hp["ready"])

    def run(self):
        range(self.epochs)  # TRN119
        range(self.ready)

Trainer(hp).run()
""",
    "said once for each": """
range(hp["epochs"])  # TRN119
range(hp["epochs"])
""",
    "a copy with another value converted": """
hp = {**hp, "a": int(hp["a"])}
range(hp["b"])  # TRN119
""",
    "a copy of the values": """
copied = {key: value for key, value in hp.items()}
range(copied["a"])  # TRN119
params = {"b": hp["b"]}
range(params["b"])  # TRN119
merged = {"c": 1, **hp}
range(merged["c"])  # TRN119
""",
    "training arguments": """
from transformers import TrainingArguments
TrainingArguments("/tmp", num_train_epochs=hp["epochs"])  # TRN119
TrainingArguments("/tmp", learning_rate=hp["lr"])  # TRN119
TrainingArguments("/tmp", per_device_train_batch_size=int(hp["batch"]), optim=hp["optim"])
""",
    "a literal for other occasions": """
if not os.path.exists("/opt/ml"):
    hp = {"epochs": 3}
range(hp["epochs"])  # TRN119
""",
}

FILES = {
    "joined": """
with open(os.path.join("/opt/ml", "input/config", "hyperparameters.json")) as file:
    hp = json.load(file)
""",
    "a variable": """
hp = json.load(open(os.environ["SM_INPUT_CONFIG_DIR"] + "/hyperparameters.json"))
""",
    "its text": """
hp = json.loads(Path("/opt/ml/input/config/hyperparameters.json").read_text())
""",
    "the text of an open file": """
with open("/opt/ml/input/config/hyperparameters.json") as file:
    hp = json.loads(file.read())
""",
    "a path that opens": """
with Path("/opt/ml/input/config/hyperparameters.json").open() as file:
    hp = json.load(file)
""",
    "a function that loads any file": """
def load(path):
    with open(path) as file:
        return json.load(file)

cluster = load("/opt/ml/input/config/resourceconfig.json")
range(cluster["epochs"])
hp = load("/opt/ml/input/config/hyperparameters.json")
""",
}

CONVERTED = {
    "a converted copy": """
hp = {"a": int(hp["a"])}
range(hp["a"])
""",
    "a converted copy by dict()": """
hp = dict(a=int(hp["a"]))
range(hp["a"])
""",
    "a copy with one value converted": """
hp = {**hp, "a": int(hp["a"])}
range(hp["a"])
""",
    "a union with converted values": """
hp = hp | {"a": int(hp["a"])}
range(hp["a"])
""",
    "a converted copy that a function gets": """
def train(settings):
    return range(settings["a"])

hp = {**hp, "a": int(hp["a"])}
train(hp)
""",
    "a comprehension that converts": """
hp = {key: int(value) for key, value in hp.items()}
range(hp["a"])
""",
    "int, float, json, ast": """
range(int(hp["a"]))
x = float(hp.get("b", 1)) * 2
range(json.loads(hp["c"]))
range(ast.literal_eval(hp["d"]))
""",
    "by name": """
epochs = hp["epochs"]
epochs = int(epochs)
range(epochs)
rounds = hp.get("rounds")
if rounds is not None:
    rounds = int(rounds)
range(rounds)
""",
    "in place": """
hp["epochs"] = int(hp["epochs"])
range(hp["epochs"])
""",
    "all in place": """
for key in hp:
    hp[key] = json.loads(hp[key])
range(hp["epochs"])
""",
    "all into another dict": """
numbers = {key: float(value) for key, value in hp.items()}
range(numbers["epochs"])
hp = {key: int(value) for key, value in hp.items()}
range(hp["rounds"])
""",
    "by update": """
hp.update({key: int(value) for key, value in hp.items()})
range(hp["epochs"])
""",
    "a text's place": """
print(hp["name"] + "/x", "%s" % hp["name"], f"{hp['name']}", Path("/x") / hp["name"], hp["a"] == "1", hp["b"] in "ab")
print(hp["optimizer"] == "adam", hp["name"] + hp["other"], hp["c"] is None, hp["d"] == None)
""",
    "whether it was given": """
if hp.get("resume"):
    print("again")
if "epochs" in hp:
    pass
if hp.get("pretrained", ""):
    pass
if hp["folder"]:
    os.listdir(hp["folder"])
if hp:
    pass
""",
    "parameters that take texts": """
import torch, xgboost as xgb
from sklearn.svm import SVC
xgb.train(hp, None, int(hp["rounds"]))
xgb.train({"max_depth": hp["max_depth"]}, None)
xgb.XGBClassifier(max_depth=hp["depth"])
SVC(kernel=hp["kernel"], gamma=hp["gamma"])
torch.manual_seed(hp["seed"])
""",
    "another file": """
hp = json.load(open(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "hyperparameters.json")))
range(hp["epochs"])
hp2 = json.load(open("hyperparameters.json"))
range(hp2["epochs"])
""",
    "the variables and options": """
hps = json.loads(os.environ["SM_HPS"])
range(hps["epochs"])
""",
    "a file that cannot be told": """
hp3 = json.load(open(sys.argv[1]))
range(hp3["epochs"])
""",
}


@pytest.mark.parametrize("text", [*RAW.values(), *CONVERTED.values()], ids=[*RAW, *CONVERTED])
def test_uses(text: str) -> None:
    assert_marked("TRN119", HEAD + text)


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_ways_to_the_file(text: str) -> None:
    head = "import json, os\nfrom pathlib import Path\n"
    assert_marked("TRN119", f'{head}{text}\nrange(hp["epochs"])  # TRN119\n')


def test_other_modules(tmp_path: Path) -> None:
    loading = HEAD + "\ndef load():\n    return hp\n"
    text = 'from settings import load\nhp = load()\nrange(hp["epochs"])  # TRN119\n'
    assert_marked("TRN119", text, tmp_path, settings=loading)
    assert_marked("TRN119", "import settings\nprint(1)\n", tmp_path, settings=HEAD + 'range(hp["epochs"])\n')


def test_messages() -> None:
    (number,) = findings("TRN119", HEAD + 'range(hp["epochs"])\n')
    assert number.message == (
        "hyperparameters.json values are strings in a training job: epochs is used as a number; "
        "use int() or float()"
    )
    (truth,) = findings("TRN119", HEAD + 'if hp["shuffle"]:\n    pass\n')
    assert "shuffle is used as a truth value; use ==" in truth.message
