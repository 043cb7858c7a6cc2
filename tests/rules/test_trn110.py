"""TRN110 at its edges: what is a slip, what a launcher may set, and what the script expects to be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.marked import assert_marked, findings

UNKNOWN = {
    "a misspelt prefix": """
import os
os.environ["SM_CHANEL_TRAIN"]  # TRN110
""",
    "a misspelt name with a default is never anything else": """
import os
a = os.environ.get("SM_MODELDIR", "/opt/ml/model")  # TRN110
b = os.getenv("SM_OUPUT_DATA_DIR")  # TRN110
c = os.environ.setdefault("SM_NUM_GPU", "0")
""",
    "letters of the wrong case": """
import os
a = os.environ.get("SM_HP_num_round")  # TRN110
b = os.environ["SM_CHANNEL_train"]  # TRN110
c = os.environ["sm_model_dir"]  # TRN110
""",
    "an alias of the environment": """
from os import environ as env, getenv
a = env["SM_CHECKPOINT_DIR"]  # TRN110
b = getenv("SM_CHANEL_TRAIN")  # TRN110
""",
    "the default of an option": """
import argparse, os
parser = argparse.ArgumentParser()
parser.add_argument(
    "--train",
    default=os.environ[
        "SM_CHANEL_TRAIN"  # TRN110
    ],
)
""",
    "a name that is only handed on": """
import os

def variable(name):
    return os.environ[name]

variable("SM_MODLE_DIR")  # TRN110
variable("SM_MODEL_DIR")
variable("SM_CHECKPOINT_DIR")  # TRN110
""",
    "the beginning of a name": """
import os
for name in ("train", "test"):
    a = os.environ[f"SM_CHANEL_{name.upper()}"]  # TRN110
    b = os.environ[f"SM_CHANNEL_{name.upper()}"]
""",
    "the key of a hyperparameter as it is": """
import os
for key in ("alpha", "beta"):
    os.environ[f"SM_HP_{key}"]  # TRN110
""",
    "a constant": """
import os
NAME = "SM_CHANEL_TRAIN"
os.environ[NAME]  # TRN110
""",
    "a function that runs": """
import os

def main():
    return os.environ["SM_CHECKPOINT_DIR"]  # TRN110

if __name__ == "__main__":
    main()
""",
    "caught as something else": """
import os
try:
    os.environ["SM_CHECKPOINT_DIR"]  # TRN110
except FileNotFoundError:
    pass
""",
    "the handler ends the job all the same": """
import os, sys
try:
    os.environ["SM_CHECKPOINT_DIR"]  # TRN110
except KeyError:
    raise RuntimeError("no folder")
try:
    os.environ["SM_STAGE"]  # TRN110
except KeyError:
    print("no stage")
    sys.exit(1)
try:
    os.environ["SM_KIND"]
except KeyError:
    sys.exit(0)
""",
    "read again in the handler": """
import os
try:
    open("x")
except KeyError:
    os.environ["SM_CHECKPOINT_DIR"]  # TRN110
""",
    "a right name elsewhere": """
import os
a = os.environ["SM_MODEL_DIR"]
b = os.environ.get("SM_MODELDIR")  # TRN110
""",
}

FINE = {
    "any channel and any hyperparameter": """
import os
a = os.environ["SM_CHANNEL_MOVIELENS"]
b = os.environ["SM_HP_K"]
c = os.environ["SM_CHANNEL_TRAIN-DATA"]
""",
    "set by the toolkit, by the driver, by a launcher of processes": """
import os
os.environ["SM_USER_ARGS"], os.environ["SM_SOURCE_DIR"], os.environ["OMPI_COMM_WORLD_RANK"], os.environ["TF_CONFIG"]
""",
    "not SageMaker's": """
import os
os.environ["MY_BUCKET"], os.environ["SMTP_HOST"], os.environ["SAGEMAKER_ENDPOINT"]
""",
    "one of the user's own, with a default": """
import os
a = os.environ.get("SM_CHECKPOINT_DIR", "/opt/ml/checkpoints")
b = os.getenv("SM_CHECKPOINT_DIR")
""",
    "one of the user's own, asked for first": """
import os
if "SM_CHECKPOINT_DIR" in os.environ:
    a = os.environ["SM_CHECKPOINT_DIR"]
b = os.environ["SM_STAGE"] if "SM_STAGE" in os.environ.keys() else "dev"
c = os.getenv("SM_PART")
if c:
    d = os.environ["SM_PART"]
""",
    "asked for the other way round": """
import os
if "SM_CHECKPOINT_DIR" not in os.environ:
    raise SystemExit(1)
os.environ["SM_CHECKPOINT_DIR"]
""",
    "caught": """
import contextlib, os
try:
    os.environ["SM_CHECKPOINT_DIR"]
except KeyError:
    pass
try:
    os.environ["SM_MODELDIR"]
except (KeyError, ValueError):
    pass
with contextlib.suppress(KeyError):
    os.environ["SM_STAGE"]
""",
    "caught where it is read for others": """
import os

def variable(name):
    try:
        return os.environ[name]
    except KeyError:
        return None

variable("SM_CHECKPOINT_DIR")
""",
    "set before by the script": """
import os
os.environ["SM_CHECKPOINT_DIR"] = "/opt/ml/checkpoints"
os.environ.setdefault("SM_STAGE", "dev")
os.environ.update({"SM_PART": "1"}, SM_SIDE="left")
os.environ["SM_CHECKPOINT_DIR"], os.environ["SM_STAGE"], os.environ["SM_PART"], os.environ["SM_SIDE"]
""",
    "set by something that cannot be seen": """
import os
from dotenv import load_dotenv
load_dotenv()
os.environ["SM_CHECKPOINT_DIR"]
""",
    "set from a dict": """
import json, os
os.environ.update(json.load(open("x.json")))
os.environ["SM_CHECKPOINT_DIR"]
""",
    "tried beside the right one": """
import os
a = os.environ.get("SM_CHANNEL_TRAIN") or os.environ.get("SM_CHANNEL_train")
b = os.environ.get("SM_MODEL_DIR", os.environ.get("SM_MODELDIR"))
""",
    "no reading at all": """
import os
os.environ["SM_MODELDIR"] = "x"
print("SM_CHANEL_TRAIN", {"SM_CHANEL_TRAIN": 1}["SM_CHANEL_TRAIN"])
del os.environ["SM_MODELDIR"]
""",
    "half a name": """
import os, sys
for key in sys.argv[1:]:
    os.environ[f"SM_HP_{key}"], os.environ["SM_" + key], os.environ[f"SM_{key}_DIR"]
""",
    "a function that never runs": """
import os

def model_fn(model_dir):
    return os.environ["SM_CHECKPOINT_DIR"]

if __name__ == "__main__":
    print("trains")
""",
}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_unknown(text: str) -> None:
    assert_marked("TRN110", text)


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_fine(text: str) -> None:
    assert_marked("TRN110", text)


def test_another_module_is_not_reported_here(tmp_path: Path) -> None:
    module = 'import os\nTRAIN = os.environ["SM_CHANEL_TRAIN"]\n'
    assert_marked("TRN110", "import settings\nprint(settings.TRAIN)\n", tmp_path, settings=module)
    calling = 'from settings import variable\nvariable("SM_CHANEL_TRAIN")  # TRN110\n'
    reading = "import os\n\ndef variable(name):\n    return os.environ[name]\n"
    assert_marked("TRN110", calling, tmp_path, settings=reading)


def test_messages() -> None:
    (slip,) = findings("TRN110", 'import os\nos.environ.get("SM_MODELDIR", "x")\n')
    assert ": SM_MODELDIR (always the default), did you mean SM_MODEL_DIR?" in slip.message
    (unset,) = findings("TRN110", 'import os\nos.environ["SM_CHECKPOINT_DIR"]\n')
    assert ": SM_CHECKPOINT_DIR (" in unset.message
    assert unset.column == len('os.environ["')
