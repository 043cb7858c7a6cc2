"""A path that code out of sight gives may lead anywhere: then neither reading nor saving is absent."""

from __future__ import annotations

import pytest

from tests.script.reading import script

HEAD = "import os, joblib\nimport pandas as pd\nfrom sklearn.svm import SVC\nm = SVC().fit(X, y)\nFOLDER = '/x'\n"

UNTOLD = {
    "an unknown library's function": "import x\np = x.path('m.pkl')",
    "an unknown library's constant": "import x\np = x.PATH",
    "a folder of an unknown library": "import x\np = os.path.join(x.FOLDER, 'm.pkl')",
    "an unknown function": "p = path('m.pkl')",
    "a method of nobody knows what": "p = config.path('m.pkl')",
    "a name from a star": "from x import *\np = PATH",
    "a file of settings": "import json\np = json.load(open('settings.json'))['path']",
    "a file of settings in YAML": "import yaml\np = yaml.safe_load(open('settings.yaml'))['path']",
    "settings as an object": "from omegaconf import OmegaConf\np = OmegaConf.load('settings.yaml').path",
    "settings of a section": "import configparser\nc = configparser.ConfigParser()\np = c.get('a', 'b')",
    "what is asked for": "p = input()",
    "the command line": "import sys\np = sys.argv[1]",
    "a file of the working directory, which is another": "os.chdir(FOLDER)\np = 'm.pkl'",
    "a file behind a link": "os.symlink(FOLDER, 'out')\np = 'out/m.pkl'",
    "a file behind a path's link": "from pathlib import Path\nPath('out').symlink_to(FOLDER)\np = 'out/m.pkl'",
    "text that is not followed": "parts = ['/opt/ml', 'model']\nparts.append('m.pkl')\np = '/'.join(parts)",
    "one of two": "p = '/tmp/m.pkl' if x else path('m.pkl')",
    "a library's own default": "from transformers import TrainingArguments\np = TrainingArguments('x').logging_dir",
}
TOLD = {
    "a path": "p = '/tmp/m.pkl'",
    "a path, in whatever folder": "os.chdir(FOLDER)\np = '/tmp/m.pkl'",
    "a path put together": "n = 3\np = os.path.join('/tmp', f'{n}.pkl')",
    "a temporary folder": "import tempfile\np = tempfile.mkdtemp() + '/m.pkl'",
    "an open file": "p = open('/tmp/m.pkl', 'rb')",
    "the time": "import time\np = time.strftime('%Y.pkl')",
}


CONFIGURATION = {
    "every file of the job's configuration": (
        "for n in os.listdir('/opt/ml/input/config'):\n"
        "    c = json.load(open(os.path.join('/opt/ml/input/config', n)))",
        "cannot tell",
    ),
    "a file that cannot be told": ("c = json.load(open(f'/opt/ml/input/config/{n()}.json'))", "cannot tell"),
    "another file": ("c = json.load(open('/opt/ml/input/config/resourceconfig.json'))", "absent"),
    "the file": ("c = json.load(open('/opt/ml/input/config/hyperparameters.json'))", "present"),
}


@pytest.mark.parametrize(("source", "state"), CONFIGURATION.values(), ids=CONFIGURATION.keys())
def test_files_of_the_configuration(source: str, state: str) -> None:
    assert script(f"{HEAD}import json\n{source}\n").hyperparameters.state == state


@pytest.mark.parametrize(
    ("source", "state"),
    [*((s, "cannot tell") for s in UNTOLD.values()), *((s, "absent") for s in TOLD.values())],
    ids=[*UNTOLD, *TOLD],
)
def test_paths(source: str, state: str) -> None:
    saving = script(f"{HEAD}{source}\njoblib.dump(m, p)\n").model_saving
    reading = script(f"{HEAD}{source}\npd.read_csv(p)\n").training_data
    assert (saving.state, reading.state) == (state, state)


@pytest.mark.parametrize(
    "data",
    [
        "load_iris().data",
        "pd.DataFrame(load_iris().data).iloc[:, 1:]",
        "train_test_split(pd.DataFrame(load_iris().data))[0]",
    ],
)
def test_data_is_no_path(data: str) -> None:
    source = (
        "import pandas as pd, xgboost\nfrom sklearn.datasets import load_iris\n"
        f"from sklearn.model_selection import train_test_split\ndata = xgboost.DMatrix({data})\n"
        "xgboost.train({}, data).save_model('/opt/ml/model/m.json')\n"
    )
    assert script(source).training_data.state == "absent"
