"""The hyperparameters that a program reads by key: through copies that keep the keys, and where they are lost."""

from __future__ import annotations

import pytest

from flake8_training.script.hyperparameter_reads import hyperparameter_reads
from tests.script.reading import script

FILE = "import json, os, copy\nhp = json.load(open('/opt/ml/input/config/hyperparameters.json'))\n"
VARIABLE = "import json, os, copy\nhp = json.loads(os.environ['SM_HPS'])\n"

FOLLOWED = {
    "itself": "print(hp['rate'])",
    "by name": "KEY = 'rate'\nprint(hp[KEY])",
    "one of several names": "for name in ('rate',):\n    print(hp[name])",
    "decoded": "d = {k: json.loads(v) for k, v in hp.items()}\nprint(d['rate'])",
    "decoded with str": "d = {str(k): float(v) for k, v in hp.items()}\nprint(d['rate'])",
    "filtered by prefix": "d = {k: v for k, v in hp.items() if not k.startswith('sagemaker')}\nprint(d['rate'])",
    "a dict of it": "d = dict(hp)\nprint(d['rate'])",
    "a copy": "d = hp.copy()\nprint(d.get('rate'))",
    "a deep copy": "d = copy.deepcopy(hp)\nprint(d['rate'])",
    "spread": "d = {**hp}\nprint(d['rate'])",
    "merged": "d = {'epochs': 3}\nd.update(hp)\nprint(d['rate'])",
    "merged with |": "d = {'epochs': 3} | hp\nprint(d['rate'])",
    "stored by a loop": "d = {}\nfor k, v in hp.items():\n    d[k] = json.loads(v)\nprint(d['rate'])",
    "changed by a loop": "for k in hp:\n    hp[k] = float(hp[k])\nprint(hp['rate'])",
    "returned": "def f():\n    return {k: v for k, v in hp.items()}\n\nprint(f()['rate'])",
    "shown as well": "print(hp)\nfor k, v in hp.items():\n    print(k, v)\nprint(hp['rate'])",
}
OPEN = {
    "to other code": "import lib\nprint(hp['rate'])\nlib.train(hp)",
    "a copy to other code": "import lib\nd = {k: v for k, v in hp.items()}\nprint(d['rate'])\nlib.train(d)",
    "spread into a call": "import lib\nprint(hp['rate'])\nlib.train(**hp)",
    "a loop that uses the keys": "import lib\nprint(hp['rate'])\nfor k, v in hp.items():\n    lib.put(k, v)",
    "changed keys": "d = {k.replace('-', '_'): v for k, v in hp.items()}\nprint(hp['rate'], d['x'])",
    "another filter": "d = {k: v for k, v in hp.items() if k in KNOWN}\nprint(hp['rate'], d['x'])",
    "attributes of an object": "print(hp['rate'])\nfor k, v in hp.items():\n    setattr(args, k, v)",
    "an unknown key": "print(hp['rate'], hp[name()])",
}


@pytest.mark.parametrize("text", FOLLOWED.values(), ids=FOLLOWED)
@pytest.mark.parametrize("head", [FILE, VARIABLE], ids=["file", "variable"])
def test_copies_keep_the_keys(head: str, text: str) -> None:
    reads = hyperparameter_reads(script(head + text).analysis)
    assert not reads.open
    assert reads.names == {"rate"}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
@pytest.mark.parametrize("head", [FILE, VARIABLE], ids=["file", "variable"])
def test_there_may_be_other_reads(head: str, text: str) -> None:
    reads = hyperparameter_reads(script(head + text).analysis)
    assert reads.open
    assert reads.names == {"rate"}


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("print(hp['rate'])", True),
        ("print({k: v for k, v in hp.items()}['rate'])", True),
        ("print(dict(hp)['rate'])", True),
        ("print({'rate': 1, **hp}['rate'])", False),
        ("d = {'rate': 1}\nd.update(hp)\nprint(d['rate'])", False),
        ("for name in ('rate', 'eta'):\n    print(hp[name])", False),
    ],
)
def test_a_key_that_may_come_from_elsewhere_is_not_required(text: str, required: bool) -> None:
    reads = hyperparameter_reads(script(FILE + text).analysis)
    assert {read.required for read in reads.reads} == {required}


def test_a_file_of_that_name_in_a_channel() -> None:
    text = (
        "import json, os\nd = json.load(open(os.path.join(os.environ['SM_CHANNEL_CONFIG'], '{name}')))\n"
        "print(d['rate'])\n"
    )
    assert hyperparameter_reads(script(text.format(name="hyperparameters.json")).analysis).names == {"rate"}
    assert hyperparameter_reads(script(text.format(name="labels.json")).analysis).names == frozenset()


def test_a_dict_that_is_none_of_the_hyperparameters() -> None:
    text = (
        FILE + "print(hp['rate'])\nd = {k: v for k, v in load().items()}\nprint(d['other'], {**d}['more'])\n"
    )
    assert hyperparameter_reads(script(text).analysis).names == {"rate"}
