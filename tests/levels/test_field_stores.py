"""What counts as setting a field of a configuration: code about the builder's class, not a word elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment import check
from training_alignment.rules.example_builder import built

from flake8_training.rules.rule import Example
from tests.harness import write

BUILDER = [
    (
        "instance_type=self.config.training_instance_type,",
        "instance_type=self.config.instance_type,",
    )
]
IMPORT = "from configs.churn_training_config import ChurnTrainingConfig\n"

SETS = {
    "a keyword of the class": IMPORT + "config = ChurnTrainingConfig(instance_type='ml.m5.large')\n",
    "a keyword of the class, by an alias": IMPORT.replace("Config\n", "Config as C\n")
    + "config = C(instance_type='ml.m5.large')\n",
    "an attribute of a new object": IMPORT
    + "config = ChurnTrainingConfig()\nconfig.instance_type = 'ml.m5.large'\n",
    "an attribute of a loaded object": IMPORT
    + "config = ChurnTrainingConfig.parse_file('c.json')\nconfig.instance_type = 'ml.m5.large'\n",
    "an attribute of an annotated parameter": IMPORT
    + "def fill(one: ChurnTrainingConfig):\n    one.instance_type = 'ml.m5.large'\n",
    "setattr": IMPORT + "config = ChurnTrainingConfig()\nsetattr(config, 'instance_type', 'ml.m5.large')\n",
    "a subclass": IMPORT + "class Mine(ChurnTrainingConfig):\n    instance_type: str = 'ml.m5.large'\n",
}
DOES_NOT_SET = {
    "nothing": "",
    "a keyword of another class": IMPORT
    + "config = ChurnTrainingConfig()\nother = Estimator(instance_type='ml.m5.large')\n",
    "a class of that name of a library": "from harbour_lib import configs\n"
    "from harbour_lib.configs import Config as ChurnTrainingConfigs\n"
    "config = ChurnTrainingConfigs(instance_type='ml.m5.large')\n",
    "a class of that name in another file": "class ChurnTrainingConfig:\n    pass\n\n"
    "config = ChurnTrainingConfig(instance_type='ml.m5.large')\n",
    "an attribute of another object": IMPORT
    + "config = ChurnTrainingConfig()\nother.instance_type = 'ml.m5.large'\n",
    "an attribute of an object of another function": IMPORT
    + "def one():\n    config = ChurnTrainingConfig()\n    return config\n"
    "def two(config):\n    config.instance_type = 'ml.m5.large'\n",
    "a comment": IMPORT + "# ChurnTrainingConfig(instance_type='ml.m5.large')\n",
    "a text": IMPORT + "TEXT = '''ChurnTrainingConfig(instance_type='ml.m5.large')'''\n",
    "a keyword after the call": IMPORT
    + "def f(a, instance_type):\n    pass\nf(ChurnTrainingConfig(), instance_type='ml.m5.large')\n",
    "setattr of another field": IMPORT
    + "config = ChurnTrainingConfig()\nsetattr(config, 'region', 'eu-west-1')\n",
}


@pytest.mark.parametrize("name", [*SETS, *DOES_NOT_SET])
def test_who_sets_a_field(name: str, tmp_path: Path) -> None:
    text = {**SETS, **DOES_NOT_SET}[name]
    write(tmp_path, {**Example(built(builder=BUILDER)).files, "lib/launch.py": text})
    found = [f.code for f in check(root=tmp_path, select=["TRN417"])]
    assert found == ["TRN417"] * (name in DOES_NOT_SET)
