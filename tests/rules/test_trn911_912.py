"""TRN911 and TRN912 at their edges: what handles errors, what splits held-out data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.advice import IMPORTS
from tests.rules.marked import assert_marked, findings

UNHANDLED = {
    "at module level": "SVC().fit(X, y)  # TRN911",
    "in a function": "def train():\n    SVC().fit(X, y)  # TRN911\ntrain()",
    "the first of two": "SVC().fit(X, y)  # TRN911\nSVC().fit(X, y)",
    "a try around something else": "try:\n    print(1)\nexcept ValueError:\n    pass\nSVC().fit(X, y)  # TRN911",
    "finally handles nothing": "try:\n    SVC().fit(X, y)  # TRN911\nfinally:\n    print('end')",
    "in the handler": "try:\n    print(1)\nexcept ValueError:\n    SVC().fit(X, y)  # TRN911",
    "decorators that only wrap": """
import functools
@functools.lru_cache
def train():
    SVC().fit(X, y)  # TRN911
train()
""",
}
HANDLED = {
    "a try": "try:\n    SVC().fit(X, y)\nexcept Exception:\n    raise",
    "around the function": """
def train():
    SVC().fit(X, y)
try:
    train()
except Exception:
    log.exception("failed")
""",
    "the failure file": 'SVC().fit(X, y)\nopen("/opt/ml/output/failure", "w").write("why")',
    "the failure file by its variable": 'print(os.environ["SM_OUTPUT_FAILURE"])\nSVC().fit(X, y)',
    "a hook": "import sys\nsys.excepthook = handle\nSVC().fit(X, y)",
    "a decorator that may": "@guarded\ndef train():\n    SVC().fit(X, y)\ntrain()",
    "torch records": """
from torch.distributed.elastic.multiprocessing.errors import record
@record
def train():
    SVC().fit(X, y)
train()
""",
    "no training": "print(1)",
}

CHANNEL = 'frame = pd.read_csv(os.environ["SM_CHANNEL_TRAIN"] + "/a.csv")\n'
SPLIT = {
    "scikit-learn": """
from sklearn.model_selection import train_test_split
a, b = train_test_split(frame)  # TRN912
""",
    "PyTorch": "from torch.utils.data import random_split\na, b = random_split(frame, [80, 20])  # TRN912",
    "Keras": """
import tensorflow as tf
tf.keras.Sequential([]).fit(frame, frame, validation_split=0.1)  # TRN912
""",
    "a channel for the base model": """
from sklearn.model_selection import train_test_split
print(os.environ["SM_CHANNEL_MODEL"])
a, b = train_test_split(frame)  # TRN912
""",
}
SPLIT |= {
    "two slices": "a, b = frame[:100], frame[100:]  # TRN912",
    "two slices by position": "n = int(len(frame) * 0.8)\na = frame.iloc[:n]\nb = frame.iloc[n:]  # TRN912",
}
OWN_CHANNEL = {
    "slices at two places": "a, b = frame[:-1], frame[1:]",
    "one slice": "a = frame[:100]\nprint(frame[100:])",
    "parts of a path": 'path = os.environ["SM_CHANNEL_TRAIN"]\na, b = path[:3], path[3:]',
    "slices of something else": "rows = [1, 2, 3]\na, b = rows[:1], rows[1:]",
    "slices in a branch": "if len(frame) > 100:\n    a, b = frame[:100], frame[100:]",
    "a second channel": """
from sklearn.model_selection import train_test_split
test = pd.read_csv(os.environ["SM_CHANNEL_TEST"] + "/a.csv")
a, b = train_test_split(frame)
""",
    "a second file": """
from sklearn.model_selection import train_test_split
test = pd.read_csv(os.environ["SM_CHANNEL_TRAIN"] + "/test.csv")
a, b = train_test_split(frame)
""",
    "no split": "print(frame)",
    "no part is held out": """
import tensorflow as tf
tf.keras.Sequential([]).fit(frame, frame, validation_split=0.0)
""",
    "only where there is none": """
from sklearn.model_selection import train_test_split
if "validation" not in frame:
    a, b = train_test_split(frame)
""",
    "reads out of sight": """
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC
from ours import load
test = load()
a, b = train_test_split(frame)
print(SVC().fit(a.x, a.y).score(test.x, test.y))
""",
}


@pytest.mark.parametrize("name", UNHANDLED)
def test_unhandled(name: str) -> None:
    assert_marked("TRN911", IMPORTS + UNHANDLED[name])


@pytest.mark.parametrize("name", HANDLED)
def test_handled_or_unclear(name: str) -> None:
    assert_marked("TRN911", IMPORTS + HANDLED[name])


def test_a_training_in_a_local_module_is_told_at_the_script(tmp_path: Path) -> None:
    fitting = "from sklearn.svm import SVC\n\ndef run(X, y):\n    return SVC().fit(X, y)\n"
    text = 'from fitting import run\n\nif __name__ == "__main__":  # TRN911\n    run([[1]], [1])\n'
    assert_marked("TRN911", text, tmp_path, fitting=fitting)
    assert (
        findings(
            "TRN911",
            text.replace("    run", "    try:\n        run") + "    except ValueError:\n        pass\n",
        )
        == []
    )


@pytest.mark.parametrize("name", SPLIT)
def test_split_from_the_training_channel(name: str) -> None:
    assert_marked("TRN912", IMPORTS + CHANNEL + SPLIT[name])


@pytest.mark.parametrize("name", OWN_CHANNEL)
def test_a_channel_of_its_own_or_unclear(name: str) -> None:
    assert_marked("TRN912", IMPORTS + CHANNEL + OWN_CHANNEL[name])


def test_the_message_names_the_channel() -> None:
    (found,) = findings("TRN912", IMPORTS + CHANNEL + SPLIT["scikit-learn"])
    assert found.message.endswith(": it is split from the channel train")
