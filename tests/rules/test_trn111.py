"""TRN111 at its edges: what reaches a use, where the slip stands, and what is a name of the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.marked import assert_marked, findings

UNKNOWN = {
    "given to a call": """
import joblib
joblib.dump(1, "/opt/ml/models/model.joblib")  # TRN111
""",
    "through a constant and a join": """
import os
import pandas as pd
TRAIN = "/opt/ml/inputs/data/train"  # TRN111
pd.read_csv(os.path.join(TRAIN, "train.csv"))
""",
    "put together from pieces": """
import os
import pandas as pd
PREFIX = "/opt/ml"
INPUT = os.path.join(PREFIX, "inputs")  # TRN111
pd.read_csv(os.path.join(INPUT, "data", "train", "train.csv"))
""",
    "a path object": """
from pathlib import Path
MODEL = Path("/opt/ml") / "modle"  # TRN111
(MODEL / "metrics.txt").write_text("1")
""",
    "beside a folder, by the name of its own": """
import os, joblib
joblib.dump(1, os.path.join(os.path.dirname("/opt/ml/model"), "modle", "model.joblib"))  # TRN111
""",
    "beside a folder, by its path": """
from pathlib import Path
(Path("/opt/ml/model").parent / "modle" / "metrics.txt").write_text("1")  # TRN111
""",
    "beside a folder, by two points": """
import os, joblib
joblib.dump(1, os.path.join("/opt/ml/model", "..", "modle", "model.joblib"))  # TRN111
""",
    "below a variable of SageMaker's": """
import os
import pandas as pd
folder = os.path.join(os.environ["SM_OUTPUT_DIR"], "datta")  # TRN111
pd.DataFrame().to_csv(folder + "/x.csv")
""",
    "the default of an option": """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--model-dir", default="/opt/ml/modle")  # TRN111
""",
    "the default of a variable": """
import os
a = os.environ.get("SM_MODEL_DIR", "/opt/ml/modle")  # TRN111
""",
    "a channel beside data": """
import pandas as pd
pd.read_csv("/opt/ml/input/train/train.csv")  # TRN111
""",
    "the file of the hyperparameters": """
import json
with open("/opt/ml/input/config/hyperparameter.json") as file:  # TRN111
    json.load(file)
""",
    "a folder that is made": """
import os
os.makedirs("/opt/ml/models", exist_ok=True)  # TRN111
""",
    "a text with a part that cannot be told": """
import sys, joblib
joblib.dump(1, f"/opt/ml/models/{sys.argv[1]}")  # TRN111
""",
    "through a function of the script": """
import joblib

def save(model, folder="/opt/ml/models"):  # TRN111
    joblib.dump(model, folder + "/model.joblib")

save(1)
""",
    "in a dict": """
import joblib
PATHS = {
    "data": "/opt/ml/input/data",
    "model": "/opt/ml/models",  # TRN111
}
joblib.dump(1, PATHS["model"])
""",
    "capitals": """
import joblib
joblib.dump(1, "/opt/ML/model/model.joblib")  # TRN111
""",
    "without the slash before it": """
import os, joblib
os.environ["SM_MODEL_DIR"]
joblib.dump(1, "opt/ml/model/model.joblib")  # TRN111
""",
    "each literal once": """
import joblib
joblib.dump(1, "/opt/ml/models/a")  # TRN111
joblib.dump(1, "/opt/ml/models/b")  # TRN111
""",
}

FINE = {
    "every folder that SageMaker knows": """
import joblib
for folder in ("/opt/ml/model", "/opt/ml/output/data", "/opt/ml/checkpoints", "/opt/ml/code", "/opt/ml/input/config"):
    joblib.dump(1, folder + "/x")
joblib.dump(1, "/opt/ml/output/failure")
""",
    "any channel": """
import pandas as pd
pd.read_csv("/opt/ml/input/data/modles/x.csv")
""",
    "folders of the user's own": """
import joblib
joblib.dump(1, "/opt/ml/scratch/x")
joblib.dump(1, "/opt/ml/checkpoint/x")
joblib.dump(1, "/opt/ml/model_a/x")
""",
    "a name below the model directory": """
import os, joblib
joblib.dump(1, os.path.join("/opt/ml/model", "models"))
joblib.dump(1, os.path.join(os.environ["SM_MODEL_DIR"], "modle"))
""",
    "never used": """
MODEL = "/opt/ml/models"
print("trains")
""",
    "only put together": """
import os
MODEL = os.path.join("/opt/ml", "models")
print("trains")
""",
    "only told": """
import logging
print("not in /opt/ml/models")
print("/opt/ml/models")
logging.getLogger(__name__).info("/opt/ml/models")
""",
    "text for people": '''
import argparse
parser = argparse.ArgumentParser(description="/opt/ml/models")
parser.add_argument("--x", help="/opt/ml/models")
"""/opt/ml/models"""
''',
    "in a function that never runs": """
import joblib

def old():
    joblib.dump(1, "/opt/ml/models")

if __name__ == "__main__":
    print("trains")
""",
    "many models of an endpoint": """
import joblib
joblib.load("/opt/ml/models/abc/model/model.joblib")
""",
    "relative in an image of one's own": """
import joblib
joblib.dump(1, "opt/ml/model/model.joblib")
""",
    "relative at home": """
import os, joblib
os.environ["SM_NUM_CPUS"]
root = "/opt/ml/model" if os.path.exists("/opt/ml") else "opt/ml/model"
joblib.dump(1, root)
""",
    "the beginning of a name that cannot be told": """
import sys, joblib
joblib.dump(1, f"/opt/ml/model_{sys.argv[1]}/x")
""",
}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_unknown(text: str) -> None:
    assert_marked("TRN111", text)


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_fine(text: str) -> None:
    assert_marked("TRN111", text)


def test_another_module_is_not_reported_here(tmp_path: Path) -> None:
    text = "import joblib\nfrom paths import MODEL\njoblib.dump(1, MODEL)\n"
    assert_marked("TRN111", text, tmp_path, paths='MODEL = "/opt/ml/models"\n')
    text = 'from saving import save\nsave("/opt/ml/models")  # TRN111\n'
    assert_marked("TRN111", text, tmp_path, saving="import joblib\n\ndef save(to):\n    joblib.dump(1, to)\n")


def test_messages() -> None:
    (found,) = findings("TRN111", 'import joblib\njoblib.dump(1, "/opt/ml/models/a/model.joblib")\n')
    assert (
        found.message
        == "the path does not exist in a training job: /opt/ml/models, did you mean /opt/ml/model?"
    )
    (found,) = findings("TRN111", 'import joblib\njoblib.load("/opt/ml/input/train/x")\n')
    assert (
        found.message
        == "the path does not exist in a training job: /opt/ml/input/train, did you mean /opt/ml/input/data/train?"
    )
