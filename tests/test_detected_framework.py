"""The framework of a script's source: right in each form, and not misled by words."""

from __future__ import annotations

import pytest
from training_alignment import detect_training_framework

INPUTS = {
    # -- by training calls
    "XGBoost, train": ("import xgboost as xgb\nm = xgb.train({}, xgb.DMatrix('a'))\n", "xgboost"),
    "XGBoost, classifier": ("from xgboost import XGBClassifier\nXGBClassifier().fit(x, y)\n", "xgboost"),
    "XGBoost with scikit-learn's metrics": (
        "import xgboost\nfrom sklearn.metrics import f1_score\nxgboost.XGBRegressor().fit(x, y)\n",
        "xgboost",
    ),
    "XGBoost in a pipeline": (
        "from sklearn.pipeline import Pipeline\nfrom xgboost import XGBClassifier\n"
        "Pipeline([('m', XGBClassifier())]).fit(x, y)\n",
        "xgboost",
    ),
    "XGBoost in a grid search": (
        "from sklearn.model_selection import GridSearchCV\nfrom xgboost import XGBClassifier\n"
        "GridSearchCV(XGBClassifier(), {}).fit(x, y)\n",
        "xgboost",
    ),
    "PyTorch, loop": (
        "import torch\nmodel = torch.nn.Linear(1, 1)\no = torch.optim.SGD(model.parameters(), lr=1)\n"
        "for x in d:\n    loss = model(x).sum()\n    loss.backward()\n    o.step()\n",
        "pytorch",
    ),
    "PyTorch under another name": ("import torch.nn as layers\nlayers.Linear(1, 1)\n", "pytorch"),
    "PyTorch, Lightning": ("import pytorch_lightning as pl\npl.Trainer().fit(model, data)\n", "pytorch"),
    "PyTorch with scikit-learn's split": (
        "import torch\nfrom sklearn.model_selection import train_test_split\nloss = f()\nloss.backward()\n",
        "pytorch",
    ),
    "torchvision alone": ("import torchvision\nm = torchvision.models.resnet18()\n", "pytorch"),
    "scikit-learn": ("from sklearn.svm import SVC\nSVC().fit(x, y)\n", "sklearn"),
    "scikit-learn, pipeline": (
        "from sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import Ridge\n"
        "make_pipeline(Ridge()).fit(x, y)\n",
        "sklearn",
    ),
    "scikit-learn, imported only": ("import sklearn\n", "sklearn"),
    "TensorFlow, Keras": (
        "import tensorflow as tf\nm = tf.keras.Sequential()\nm.compile()\nm.fit(x, y)\n",
        "tensorflow",
    ),
    "TensorFlow, tape": (
        "import tensorflow as tf\nwith tf.GradientTape() as tape:\n    loss = f()\n"
        "g = tape.gradient(loss, v)\no = tf.keras.optimizers.Adam()\no.apply_gradients(zip(g, v))\n",
        "tensorflow",
    ),
    "Keras by itself": (
        "from keras.models import Sequential\nm = Sequential()\nm.compile()\nm.fit(x, y)\n",
        "tensorflow",
    ),
    "TensorFlow with scikit-learn's scaler": (
        "import tensorflow as tf\nfrom sklearn.preprocessing import StandardScaler\n"
        "x = StandardScaler().fit_transform(x)\nm = tf.keras.Sequential()\nm.compile()\nm.fit(x, y)\n",
        "tensorflow",
    ),
    "Hugging Face, trainer": (
        "from transformers import Trainer, TrainingArguments\n"
        "Trainer(model=m, args=TrainingArguments('/tmp')).train()\n",
        "huggingface",
    ),
    "Hugging Face, trainer with torch": (
        "import torch\nfrom transformers import Trainer\nTrainer(model=m, train_dataset=d).train()\n",
        "huggingface",
    ),
    "Hugging Face, TRL": ("from trl import SFTTrainer\nSFTTrainer(model=m).train()\n", "huggingface"),
    "Hugging Face, imported only": ("import transformers\n", "huggingface"),
    "Hugging Face model in a loop of PyTorch": (
        "import torch\nfrom transformers import AutoModel\nm = AutoModel.from_pretrained('a')\n"
        "o = torch.optim.SGD(m.parameters(), lr=1)\nloss = m(x).loss\nloss.backward()\no.step()\n",
        "pytorch",
    ),
    "Hugging Face model in Keras": (
        "import tensorflow as tf\nfrom transformers import TFAutoModel\nm = TFAutoModel.from_pretrained('a')\n"
        "m.compile()\nm.fit(x, y)\n",
        "tensorflow",
    ),
    "LightGBM": ("import lightgbm as lgb\nlgb.train({}, lgb.Dataset('a'))\n", "lightgbm"),
    "LightGBM, classifier": ("from lightgbm import LGBMClassifier\nLGBMClassifier().fit(x, y)\n", "lightgbm"),
    "MXNet": ("import mxnet as mx\nm = mx.mod.Module(s)\nm.fit(d)\n", "mxnet"),
    "Gluon": ("from mxnet import gluon\nt = gluon.Trainer(p, 'sgd')\nt.step(1)\n", "mxnet"),
    # -- words that are no evidence
    "a comment": ("# trains with xgboost\nfrom sklearn.svm import SVC\nSVC().fit(x, y)\n", "sklearn"),
    "a docstring": ('"""Not torch, but sklearn."""\nimport lightgbm\nlightgbm.train({}, d)\n', "lightgbm"),
    "prose with tf.": ("print('half of tf. is idle')\n", None),
    "a path": ("open('/opt/ml/model/xgboost.bin')\n", None),
    "a variable": ("torch_home = 1\nprint(torch_home)\n", None),
    "a module of the project": ("from xgb_settings import eta\nprint(eta)\n", None),
    "words in comments only": ("# xgboost and torch are only words here\n", None),
    "an import that nothing uses beside a training": (
        "import torch\nfrom sklearn.svm import SVC\nSVC().fit(x, y)\n",
        "sklearn",
    ),
    # -- nothing of a known framework
    "another framework": ("import prophet\nprophet.Prophet().fit(x)\n", None),
    "nothing": ("", None),
    "no framework": ("import json\nprint(json.dumps({}))\n", None),
    "no Python": ("def (", None),
    "binary": ("\x00\x01", None),
    # -- other forms of source
    "an import by name": (
        "import importlib\nx = importlib.import_module('xgboost')\nx.train({}, d)\n",
        "xgboost",
    ),
    "an import by __import__": ("t = __import__('torch')\nt.save(1, 'a')\n", "pytorch"),
    "Python 2": (
        "from sklearn.ensemble import RandomForestClassifier\n"
        "m = RandomForestClassifier()\nm.fit(x, y)\nprint 'done'\n",
        "sklearn",
    ),
    "an indented part of a file": ("    import torch\n    loss = f()\n    loss.backward()\n", "pytorch"),
    "a launcher": (
        "from sagemaker.tensorflow import TensorFlow\nTensorFlow(entry_point='train.py').fit()\n",
        "tensorflow",
    ),
    "a launcher under another name": (
        "import sagemaker.xgboost as sx\ne = sx.XGBoost(entry_point='train.py')\n",
        "xgboost",
    ),
}


@pytest.mark.parametrize("name", INPUTS)
def test_the_framework_is_the_one_that_trains(name: str) -> None:
    source, framework = INPUTS[name]
    assert detect_training_framework(source) == framework


def test_an_import_in_a_string_of_a_broken_source_is_no_import() -> None:
    assert detect_training_framework('a = """\nimport torch\n"""\nprint "x"\n') is None


def test_there_are_as_many_inputs_as_were_judged() -> None:
    assert len(INPUTS) == 46
