"""TRN908 to TRN910 at their edges: what is beside the model, what reads it back, what is left behind."""

from __future__ import annotations

import pytest

from tests.rules.advice import IMPORTS, OPTIONS
from tests.rules.marked import assert_marked

FIT = 'model = SVC().fit(X, y)\npath = os.path.join(args.model_dir, "model")\n'

BARE = {
    "joblib": "joblib.dump(model, path)  # TRN908",
    "an open file": 'import pickle\nwith open(path, "wb") as stream:\n    pickle.dump(model, stream)  # TRN908',
    "weights": "net = nn.Linear(2, 1)\ntorch.save(net.state_dict(), path)  # TRN908",
    "xgboost": "import xgboost\nxgboost.train({}, xgboost.DMatrix(X)).save_model(path)  # TRN908",
    "the log is no file": 'joblib.dump(model, path)  # TRN908\nprint("C:", 1)',
}
BARE |= {
    "a scaler that is lost": """
from sklearn.preprocessing import StandardScaler
scaler = StandardScaler()
x = scaler.fit_transform(X)  # TRN908
joblib.dump(model, path)
json.dump({}, open(args.model_dir + "/a.json", "w"))
""",
    "an encoder that is lost": """
from sklearn.preprocessing import OneHotEncoder
def prepared(rows):
    encoder = OneHotEncoder()
    encoder.fit(rows)  # TRN908
    return encoder.transform(rows)
prepared(X)
joblib.dump(model, path)
json.dump({}, open(args.model_dir + "/a.json", "w"))
""",
}
MORE = {
    "a scaler that is saved": """
from sklearn.preprocessing import StandardScaler
scaler = StandardScaler()
x = scaler.fit_transform(X)
joblib.dump(model, path)
joblib.dump(scaler, args.model_dir + "/scaler")
""",
    "a scaler in a dict": """
from sklearn.preprocessing import StandardScaler
scaler = StandardScaler()
x = scaler.fit_transform(X)
joblib.dump({"model": model, "scaler": scaler}, path)
""",
    "a scaler that a function returns": """
from sklearn.preprocessing import StandardScaler
def scaled(rows):
    scaler = StandardScaler()
    return scaler.fit_transform(rows), scaler
joblib.dump((model, scaled(X)[1]), path)
json.dump({}, open(args.model_dir + "/a.json", "w"))
""",
    "the numbers of a scaler": """
from sklearn.preprocessing import StandardScaler
scaler = StandardScaler()
x = scaler.fit_transform(X)
joblib.dump(model, path)
json.dump({"mean": list(scaler.mean_)}, open(args.model_dir + "/a.json", "w"))
""",
    "a scaler without a model": """
from sklearn.preprocessing import StandardScaler
scaler = StandardScaler()
x = scaler.fit_transform(X)
pd.DataFrame(x).to_csv("/opt/ml/output/data/x.csv")
""",
    "a file beside it": 'joblib.dump(model, path)\njson.dump({}, open(args.model_dir + "/a.json", "w"))',
    "a second object": "joblib.dump(model, path)\njoblib.dump(scaler, path + '2')",
    "a dict": 'torch.save({"model": model, "classes": [1, 2]}, path)',
    "a pipeline": """
from sklearn.pipeline import make_pipeline
joblib.dump(make_pipeline(model).fit(X, y), path)
""",
    "a folder of its own": """
from transformers import AutoModel
AutoModel.from_pretrained("b").save_pretrained(path)
""",
    "a SavedModel": "import tensorflow as tf\ntf.keras.Sequential([]).save(path)",
    "out of sight": "joblib.dump(model, path)\nfrom ours import describe\ndescribe(args.model_dir)",
    "a table": 'joblib.dump(model, path)\npd.DataFrame(X).to_csv("/opt/ml/output/data/x.csv")',
    "a plot": 'joblib.dump(model, path)\nimport matplotlib.pyplot as plt\nplt.savefig(args.model_dir + "/a.png")',
    "not in the model directory": 'joblib.dump(model, "/tmp/model")',
    "nothing": "print(model)",
}

UNREAD = {
    "never": "joblib.dump(model, path)  # TRN909",
    "other reads": 'joblib.dump(model, path)  # TRN909\npd.read_csv("/opt/ml/input/data/train/a.csv")',
    "a pretrained model": """
from transformers import AutoModel
AutoModel.from_pretrained("bert-base-uncased")
joblib.dump(model, path)  # TRN909
""",
    "the endpoint does": """
joblib.dump(model, path)  # TRN909
def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model"))
""",
    "several saves": "joblib.dump(model, path)  # TRN909\ntorch.save(model, path)",
}
READ_BACK = {
    "joblib": "joblib.dump(model, path)\njoblib.load(path).predict(X)",
    "the file is opened": 'import pickle\njoblib.dump(model, path)\npickle.load(open(path, "rb"))',
    "state": "net = nn.Linear(2, 1)\ntorch.save(net.state_dict(), path)\nnet.load_state_dict(torch.load(path))",
    "out of sight": "joblib.dump(model, path)\nfrom ours import check\ncheck(path)",
    "by the function that serves": """
def model_fn(model_dir):
    return joblib.load(model_dir + "/model")
joblib.dump(model, path)
model_fn(args.model_dir)
""",
    "nothing is saved": "print(model)",
}

LEFT = {
    "mkdtemp": "import tempfile\nfolder = tempfile.mkdtemp()  # TRN910",
    "mkstemp": "from tempfile import mkstemp\nhandle, name = mkstemp()  # TRN910",
    "kept on purpose": "import tempfile\nstream = tempfile.NamedTemporaryFile(delete=False)  # TRN910",
    "below /tmp": 'pd.DataFrame(X).to_csv("/tmp/x.csv")  # TRN910',
    "a method of an unknown object with the word": "import tempfile\nimport shop\n"
    "folder = tempfile.mkdtemp()  # TRN910\nshop.basket().delete('apple')",
    "a command without files": "import subprocess, tempfile\nfolder = tempfile.mkdtemp()  # TRN910\n"
    "subprocess.run(['nvidia-smi'])",
    "the first": "import tempfile\ntempfile.mkdtemp()  # TRN910\ntempfile.mkdtemp()",
}
REMOVED = {
    "rmtree": "import shutil, tempfile\nfolder = tempfile.mkdtemp()\nshutil.rmtree(folder)",
    "unlink": "import tempfile\nhandle, name = tempfile.mkstemp()\nos.unlink(name)",
    "moved": 'import shutil\npd.DataFrame(X).to_csv("/tmp/x.csv")\nshutil.move("/tmp/x.csv", "/opt/ml/model")',
    "by itself": "import tempfile\nwith tempfile.TemporaryDirectory() as folder:\n    print(folder)",
    "a file by itself": "import tempfile\ntempfile.NamedTemporaryFile()",
    "by a method of an unknown object": "import tempfile\nimport shop\nfolder = tempfile.mkdtemp()\n"
    "shop.basket().empty(folder)",
    "by a script": "import subprocess, tempfile\nfolder = tempfile.mkdtemp()\n"
    "subprocess.run(['bash', 'clean.sh'])",
    "by a command": 'import subprocess, tempfile\nfolder = tempfile.mkdtemp()\nsubprocess.run(["rm", folder])',
    "where the launcher says": 'parser.add_argument("--o", default="/tmp/o")\npd.DataFrame(X).to_csv(args.o)',
    "never run": "import tempfile\ndef unused():\n    tempfile.mkdtemp()",
    "a read": 'pd.read_csv("/tmp/a.csv")',
}


@pytest.mark.parametrize("name", BARE)
def test_bare(name: str) -> None:
    assert_marked("TRN908", IMPORTS + OPTIONS + FIT + BARE[name])


@pytest.mark.parametrize("name", MORE)
def test_more_or_unclear(name: str) -> None:
    assert_marked("TRN908", IMPORTS + OPTIONS + FIT + MORE[name])


@pytest.mark.parametrize("name", UNREAD)
def test_never_read_back(name: str) -> None:
    assert_marked("TRN909", IMPORTS + OPTIONS + FIT + UNREAD[name])


@pytest.mark.parametrize("name", READ_BACK)
def test_read_back_or_unclear(name: str) -> None:
    assert_marked("TRN909", IMPORTS + OPTIONS + FIT + READ_BACK[name])


@pytest.mark.parametrize("name", LEFT)
def test_left_behind(name: str) -> None:
    assert_marked("TRN910", IMPORTS + OPTIONS + LEFT[name])


@pytest.mark.parametrize("name", REMOVED)
def test_removed_or_none(name: str) -> None:
    assert_marked("TRN910", IMPORTS + OPTIONS + REMOVED[name])
