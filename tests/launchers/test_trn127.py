"""TRN127: names and keywords that the version of a library in the job does not have."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.rules.launcher_script.trn127_library_version import OtherLibraryVersion

from flake8_training.sagemaker.library_names import keyword_changes, name_change
from tests.launchers.pairs import findings, notebook, said

FACE = OtherLibraryVersion.bad.files["launch.py"]
TORCH = """
from sagemaker.pytorch import PyTorch
PyTorch(
    entry_point="train.py", source_dir="code", framework_version="2.5.1", py_version="py311", role="r",
    instance_type="ml.g5.xlarge", instance_count=1,
).fit("s3://b/x")
"""
TRAINER = """
from sagemaker.core.training.configs import SourceCode
from sagemaker.train import ModelTrainer
SOURCE = SourceCode(source_dir="code", entry_script="train.py", requirements="requirements.txt")
ModelTrainer(training_image="i", source_code=SOURCE).train()
"""


def learn(version: str) -> str:
    """The text of a launcher of scikit-learn."""
    return f"""
from sagemaker.sklearn import SKLearn
SKLearn(
    entry_point="train.py", source_dir="code", framework_version="{version}", role="r", instance_type="ml.m5.xlarge",
).fit("s3://b/x")
"""


ARGUMENTS = (
    "from transformers import TrainingArguments\nTrainingArguments('x', evaluation_strategy='epoch')\n"
)
NEW = "from transformers import TrainingArguments\nTrainingArguments('x', eval_strategy='epoch')\n"
JOBLIB = "from sklearn.externals import joblib\n"
SFT = "import trl\ntrl.SFTTrainer(model='m', tokenizer=None)\n"
FLOW = """
from sagemaker.tensorflow import TensorFlow
TensorFlow(
    entry_point="train.py", source_dir="code", framework_version="{}", py_version="{}", role="r",
    instance_type="ml.m5.xlarge", instance_count=1, model_dir=False,
).fit("s3://b/x")
"""
FLOW_212, FLOW_213 = FLOW.format("2.12", "py310"), FLOW.format("2.13", "py310")
FIT = "import {0} as k\nmodel = k.Sequential()\nmodel.fit(1, 2, workers=4)\n"
NP_UTILS = "from keras.utils.np_utils import to_categorical\n"
KERAS_WRONG = {
    "a keyword of keras": (TORCH, FIT.format("keras"), "keras==3.5.0\n"),
    "a keyword of tf.keras": (TORCH, FIT.format("tensorflow.keras"), "tensorflow==2.16.1\n"),
    "a callback": (
        TORCH,
        "from keras.callbacks import ModelCheckpoint\nModelCheckpoint('x', period=2)\n",
        "keras==3.0.5\n",
    ),
    "a method": (
        TORCH,
        "from tensorflow import keras\nmodel = keras.models.Sequential()\nmodel.fit_generator(1)\n",
        "tensorflow==2.17.0\n",
    ),
    "a method of old": (
        TORCH,
        "from keras.models import Sequential\nmodel = Sequential([])\nmodel.predict_classes(1)\n",
        "keras==2.8.0\n",
    ),
    "a module of keras": (TORCH, NP_UTILS, "keras==2.15.0\n"),
    "a module of the image's keras": (FLOW_213, NP_UTILS, ""),
    "a class of keras": (
        TORCH,
        "from keras.preprocessing.image import ImageDataGenerator\n",
        "keras==3.3.3\n",
    ),
    "a name of tensorflow": (FLOW_212, "import tensorflow as tf\ntf.Session()\n", ""),
    "a package of tensorflow": (FLOW_212, "from tensorflow.contrib.layers import flatten\n", ""),
    "an attribute of tensorflow": (
        TORCH,
        "import tensorflow as tf\nprint(tf.estimator.Estimator)\n",
        "tensorflow==2.16.2\n",
    ),
}
KERAS_RIGHT = {
    "a keyword of keras 2": (FLOW_212, FIT.format("keras"), ""),
    "legacy keras": (
        TORCH,
        "import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\n" + FIT.format("tensorflow.keras"),
        "tensorflow==2.16.1\n",
    ),
    "another package of keras": (TORCH, FIT.format("tf_keras"), "tensorflow==2.16.1\ntf_keras==2.16.0\n"),
    "an unknown pin of keras": (TORCH, FIT.format("keras"), "tensorflow==2.16.1\nkeras<3\n"),
    "keras 3 of an image": (FLOW.format("2.16", "py310"), FIT.format("keras"), ""),
    "a module that is there": (FLOW_212, NP_UTILS, ""),
    "a function that assigns": (
        FLOW.format("2.8", "py39"),
        "from keras.preprocessing.text import Tokenizer\n",
        "",
    ),
    "a name of compat": (FLOW_212, "import tensorflow.compat.v1 as tf\ntf.Session()\n", ""),
    "a name of compat by its path": (FLOW_212, "import tensorflow as tf\ntf.compat.v1.Session()\n", ""),
    "a name of another module": (
        FLOW_212,
        "import tensorflow as tf\nif read():\n    import tensorflow.compat.v1 as tf\ntf.Session()\n",
        "",
    ),
    "an old version": (FLOW.format("1.15.5", "py37"), "import tensorflow as tf\ntf.Session()\n", ""),
    "a method of another class": (
        TORCH,
        "import keras\nclass Model:\n    def fit_generator(self, x): ...\nModel().fit_generator(1)\n",
        "keras==3.5.0\n",
    ),
    "a method that is caught": (
        TORCH,
        "import keras\nmodel = keras.Sequential()\ntry:\n    model.fit_generator(1)\n"
        "except AttributeError:\n    model.fit(1)\n",
        "keras==3.5.0\n",
    ),
}
WRONG = {
    **KERAS_WRONG,
    "gone": (FACE, ARGUMENTS, ""),
    "not yet there": (FACE.replace("4.56.2", "4.36.0"), NEW, ""),
    "an alias of a version": (FACE.replace("4.56.2", "4.56"), ARGUMENTS, ""),
    "pinned": (TORCH, ARGUMENTS, "torch\ntransformers==4.56.2\n"),
    "pinned above the newest": (TORCH, ARGUMENTS, "transformers[torch]==5.9.0  # newest\n"),
    "v3": (TRAINER, ARGUMENTS, "transformers==4.56.2\n"),
    "a module": (learn("1.2-1"), JOBLIB, ""),
    "a module by its name": (learn("0.23-1"), "import sklearn.externals.joblib as joblib\n", ""),
    "a function": (learn("1.2-1"), "from sklearn.datasets import load_boston\n", ""),
    "a plot": (learn("1.4-2"), "from sklearn.metrics import plot_confusion_matrix\n", ""),
    "an encoder": (
        learn("1.4-2"),
        "from sklearn.preprocessing import OneHotEncoder as O\nO(sparse=False)\n",
        "",
    ),
    "an encoder of old": (
        learn("1.0-1"),
        "from sklearn.preprocessing import OneHotEncoder as O\nO(sparse_output=False)\n",
        "",
    ),
    "a tokenizer": (FACE, SFT, "trl==0.20.0\n"),
    "a configuration": (FACE, "from trl import SFTConfig\nSFTConfig(max_seq_length=5)\n", "trl == 0.20.0\n"),
    "a method": (
        TORCH,
        "from lightgbm import LGBMClassifier\nLGBMClassifier().fit(1, 2, verbose=1)\n",
        "lightgbm==4.6.0\n",
    ),
    "a function of LightGBM": (
        TORCH,
        "import lightgbm as lgb\nlgb.train({}, 1, verbose_eval=1)\n",
        "lightgbm==4.0.0\n",
    ),
    "in a function": (
        FACE,
        "from transformers import TrainingArguments\ndef main():\n"
        "    return TrainingArguments('x', evaluation_strategy='epoch')\nmain()\n",
        "",
    ),
}
BOOST = learn("1.7-1").replace("sklearn", "xgboost").replace("SKLearn", "XGBoost")
WRONG |= {
    "a keyword of XGBoost": (
        BOOST.replace("1.7-1", "3.0-5"),
        "from xgboost import XGBClassifier\nXGBClassifier().fit(1, 2, early_stopping_rounds=5)\n",
        "",
    ),
    "a keyword of XGBoost, pinned": (
        TORCH,
        "import xgboost as x\nx.train({}, 1, feval=len)\n",
        "xgboost==3.0.5\n",
    ),
    "a keyword of torch": (
        TORCH.replace("2.5.1", "1.13.1"),
        "from torch.optim import AdamW\nAdamW([], fused=True)\n",
        "",
    ),
    "a keyword of torch, gone": (
        TORCH,
        "from torch.optim.lr_scheduler import StepLR\nStepLR(1, 2, verbose=True)\n",
        "torch==2.8.0\n",
    ),
}
WRONG |= {
    "an attribute": (TORCH, "import numpy as np\nprint(np.float_(1))\n", "numpy==2.0.2\n"),
    "an attribute of pandas": (TORCH, "import pandas as pd\nprint(pd.Int64Index)\n", "pandas==2.0.3\n"),
    "a keyword of pandas": (
        TORCH,
        "import pandas as pd\npd.read_csv('x', squeeze=True)\n",
        "pandas==2.0.3\n",
    ),
}
WRONG |= {
    "a program that installs nothing": (
        FACE,
        "import logging, subprocess\nlogging.info('install')\nsubprocess.run(['nvidia-smi', '-L'])\n"
        + ARGUMENTS,
        "",
    ),
    "a list of what is installed": (
        FACE,
        "import os\nos.system('pip list | grep install')\n" + ARGUMENTS,
        "",
    ),
    "an index": (TORCH, ARGUMENTS, "--extra-index-url https://shop.example/simple\ntransformers==4.56.2\n"),
    "a program of the training": (
        FACE,
        "import subprocess, sys\nsubprocess.run([sys.executable, 'test.py', 'install'])\n" + ARGUMENTS,
        "",
    ),
}
RIGHT = {
    **KERAS_RIGHT,
    "a keyword of XGBoost": (
        BOOST,
        "from xgboost import XGBClassifier\nXGBClassifier().fit(1, 2, early_stopping_rounds=5)\n",
        "",
    ),
    "a keyword of torch": (TORCH, "from torch.optim import AdamW\nAdamW([], fused=True)\n", ""),
    "a version of torch between two": (
        TORCH,
        "from torch.optim.lr_scheduler import StepLR\nStepLR(1, 2, verbose=True)\n",
        "torch==2.7.0\n",
    ),
    "a marker": (TORCH, ARGUMENTS, "transformers==4.56.2; python_version < '3.9'\n"),
    "a source of another version": (
        FACE,
        ARGUMENTS,
        "git+https://github.com/huggingface/transformers.git\n",
    ),
    "requirements that v3 does not install": (
        TRAINER.replace(', requirements="requirements.txt"', ""),
        ARGUMENTS,
        "transformers==4.56.2\n",
    ),
    "installed by a module": (
        FACE,
        "import os, sys\nos.system(f'{sys.executable} -m pip install transformers==4.36.0')\n" + ARGUMENTS,
        "",
    ),
    "installed by a shell script": (FACE, "import os\nos.system('./prepare.sh')\n" + ARGUMENTS, ""),
    "installed by pip's own function": (
        FACE,
        "import pip\npip.main(['install', 'transformers==4.36.0'])\n" + ARGUMENTS,
        "",
    ),
    "an attribute": (TORCH, "import numpy as np\nprint(np.float64(1), np.float32)\n", "numpy==1.24.4\n"),
    "an attribute of old": (TORCH, "import numpy as np\nprint(np.float_(1))\n", "numpy==1.22.4\n"),
    "an attribute of another library": (
        TORCH,
        "import numpy\nimport shop\nprint(shop.float_(1))\n",
        "numpy==1.24.4\n",
    ),
    "a keyword of pandas": (
        TORCH,
        "import pandas as pd\npd.read_csv('x', keep_default_na=True)\n",
        "pandas==2.0.3\n",
    ),
    "present": (FACE, NEW, ""),
    "then": (FACE.replace("4.56.2", "4.36.0"), ARGUMENTS, ""),
    "both": (FACE.replace("4.56.2", "4.46.1"), NEW + ARGUMENTS, ""),
    "a pin that is older than the image": (FACE, ARGUMENTS, "transformers==4.36.0\n"),
    "no pin": (TORCH, ARGUMENTS, "transformers\n"),
    "a range": (TORCH, ARGUMENTS, "transformers>=4.56\n"),
    "a range over the image": (FACE, ARGUMENTS, "transformers<5\n"),
    "requirements elsewhere": (FACE, ARGUMENTS, "-r other.txt\n"),
    "no version": (TORCH, ARGUMENTS, ""),
    "an image of one's own": (
        FACE.replace("transformers_version", 'image_uri="i", transformers_version'),
        ARGUMENTS,
        "",
    ),
    "a version that is not known": (FACE.replace('"4.56.2"', "read()"), ARGUMENTS, ""),
    "between two versions of the table": (
        TORCH,
        "import trl\ntrl.SFTTrainer(tokenizer=1)\n",
        "trl==0.15.9\n",
    ),
    "another class of the name": (FACE, ARGUMENTS.replace("from transformers", "from shop"), ""),
    "another argument": (
        FACE,
        "from transformers import TrainingArguments\nTrainingArguments('x', seed=1)\n",
        "",
    ),
    "caught": (
        learn("1.2-1"),
        "try:\n    from sklearn.externals import joblib\nexcept ImportError:\n    import joblib\n",
        "",
    ),
    "a keyword that is caught": (
        FACE,
        "from transformers import TrainingArguments as T\ntry:\n    T('x', evaluation_strategy='no')\n"
        "except TypeError:\n    T('x', eval_strategy='no')\n",
        "",
    ),
    "by the version": (
        FACE,
        "import transformers as t\nif t.__version__ < '5':\n    t.TrainingArguments('x', evaluation_strategy='no')\n",
        "",
    ),
    "installed by the script": (
        FACE,
        "import subprocess\nsubprocess.run(['pip', 'install', 'transformers==4.36.0'])\n" + ARGUMENTS,
        "",
    ),
    "old joblib": (learn("0.20.0"), JOBLIB, ""),
    "present name": (
        learn("1.2-1"),
        "import joblib\nfrom sklearn.metrics import ConfusionMatrixDisplay\n",
        "",
    ),
    "not called": (FACE, "from transformers import TrainingArguments\nprint('evaluation_strategy')\n", ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(tmp_path: Path, name: str) -> None:
    text, script, requirements = WRONG[name]
    files = {"launch.py": text, "code/train.py": script, "code/requirements.txt": requirements}
    (found,) = findings(tmp_path, files, "TRN127")
    assert found.path.endswith("train.py")


@pytest.mark.parametrize("name", RIGHT)
def test_right(tmp_path: Path, name: str) -> None:
    text, script, requirements = RIGHT[name]
    files = {"launch.py": text, "code/train.py": script, "code/requirements.txt": requirements}
    assert said(tmp_path, files, "TRN127") == []


def test_in_a_notebook(tmp_path: Path) -> None:
    """The finding is in the cell that writes the script."""
    files = {"launch.ipynb": notebook(f"%%writefile code/train.py\n{ARGUMENTS}", FACE)}
    (found,) = findings(tmp_path, files, "TRN127")
    assert "cell 2 line 3" in found.message


SEQ = "from transformers import Seq2SeqTrainingArguments as Arguments\n"
CALL = "    Arguments('x', evaluation_strategy='epoch')\n"


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("True", 1),
        ("args.model_version == '2'", 1),
        ("conversion", 1),
        ("'version' in name", 1),
        ("transformers.__version__ < '4.40'", 0),
        ("Version(transformers.__version__) < Version('4.40')", 0),
        ("is_old", 0),
        ("is_new", 1),
    ],
)
def test_a_branch_for_a_version(condition: str, count: int, tmp_path: Path) -> None:
    """The keyword is one of the base class; a condition counts if it reads the version of something."""
    script = (
        f"{SEQ}import argparse\nimport transformers\nfrom packaging.version import Version\n"
        "parser = argparse.ArgumentParser()\nparser.add_argument('--model_version')\nargs = parser.parse_args()\n"
        "name, conversion = input(), input()\nis_old = transformers.__version__ < '4.40'\nis_new = name == 'new'\n"
        f"if {condition}:\n{CALL}"
    )
    assert len(said(tmp_path, {"launch.py": FACE, "code/train.py": script}, "TRN127")) == count


@pytest.mark.parametrize("requirements", ["transformers>=4.40\n", "-r other.txt\n", "torch\n"])
def test_requirements_above_the_source_folder_are_not_installed(requirements: str, tmp_path: Path) -> None:
    """The job gets the source folder alone; with an unknown folder, any folder around the script may be sent."""
    files = {"launch.py": FACE, "code/train.py": ARGUMENTS, "requirements.txt": requirements}
    assert len(said(tmp_path / "known", files, "TRN127")) == 1
    unknown = FACE.replace('source_dir="code"', 'source_dir="s3://bucket/code.tar.gz"')
    assert unknown != FACE
    assert said(tmp_path / "unknown", {**files, "launch.py": unknown}, "TRN127") == []


def test_the_table() -> None:
    sparse = keyword_changes("sklearn.preprocessing.OneHotEncoder")["sparse"]
    assert [sparse.state(one) for one in ("1.2", "1.3.2", "1.4", "1.5.0", "9.0")] == [
        "has",
        "has",
        "lacks",
        "lacks",
        "lacks",
    ]
    change = name_change("sklearn.externals.joblib")
    assert change is not None
    assert [change.state(one) for one in ("0.20.4", "0.22", "0.23-1", "1.2", "x")] == [
        "has",
        "has",
        "lacks",
        "lacks",
        "unknown",
    ]


MISSPELT = (
    "from transformers import Seq2SeqTrainingArguments, TrainingArguments\n"
    "TrainingArguments('x', num_train_epoch=3)\n"
)


@pytest.mark.parametrize(
    ("script", "launcher", "number"),
    [
        (MISSPELT, FACE, 1),
        (MISSPELT, FACE.replace('"4.56.2"', "VERSION"), 1),
        (MISSPELT.replace("num_train_epoch=", "num_train_epochs="), FACE, 0),
        (
            MISSPELT.replace("\nTrain", "\nSeq2SeqTrain").replace(
                "num_train_epoch", "predict_with_generates"
            ),
            FACE,
            1,
        ),
        (
            MISSPELT.replace("\nTrain", "\nSeq2SeqTrain").replace("num_train_epoch", "predict_with_generate"),
            FACE,
            0,
        ),
        # A newer version may have a keyword that is like no other one.
        (MISSPELT.replace("num_train_epoch", "quantum_annealing"), FACE, 0),
        (MISSPELT.replace("num_train_epoch=3", "**{'num_train_epoch': 3}"), FACE, 0),
        ("from ourlib import TrainingArguments\nTrainingArguments('x', num_train_epoch=3)\n", FACE, 0),
        (
            "from transformers import TrainingArguments\ntry:\n    TrainingArguments('x', num_train_epoch=3)\n"
            "except TypeError:\n    pass\n",
            FACE,
            0,
        ),
    ],
)
def test_a_misspelt_keyword(tmp_path: Path, script: str, launcher: str, number: int) -> None:
    found = said(tmp_path, {"launch.py": launcher, "code/train.py": script}, "TRN127")
    assert len(found) == number, found
    assert all("=...), did you mean" in one for one in found)
