"""TRN158 in a launch: the keys that a script reads from a configuration file that is sent with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import launcher, said

FILE = "train:\n  lr: 0.1\n  batch_size: 32\nname: churn\n"
HEAD = "import yaml\n\nwith open('{path}') as file:\n    config = yaml.{load}\n"


def pair(body: str, path: str = "config.yaml", load: str = "safe_load(file)", **files: str) -> dict[str, str]:
    """A launcher, a script that reads the configuration, and the file."""
    script = HEAD.format(path=path, load=load) + body
    return {"launch.py": launcher(), "code/train.py": script, "code/config.yaml": FILE, **files}


LACKS = "TRN158 config.yaml has no {} (KeyError)"


@pytest.mark.parametrize(
    ("files", "details"),
    [
        (pair("print(config['epochs'])\n"), [LACKS.format("epochs")]),
        (pair("print(config['train']['batch_sizes'])\n"), ["batch_sizes, did you mean batch_size?"]),
        (pair("print(config['train']['lr'])\n"), []),
        (pair("settings = config['train']\nprint(settings['momentum'])\n"), ["train.momentum"]),
        (pair("print(config['epochs'])\n", path="/opt/ml/code/config.yaml"), [LACKS.format("epochs")]),
        (pair("print(config['epochs'])\n", load="load(file, yaml.SafeLoader)"), [LACKS.format("epochs")]),
        (
            {
                **pair(""),
                "code/train.py": "import json\nconfig = json.load(open('c.json'))\nprint(config['epochs'])\n",
                "code/c.json": '{"rounds": 3}',
            },
            ["c.json has no epochs"],
        ),
        (
            {
                **pair(""),
                "code/train.py": (
                    "import argparse, yaml\nparser = argparse.ArgumentParser()\n"
                    "parser.add_argument('--config', default='config.yaml')\nargs = parser.parse_args()\n"
                    "with open(args.config) as file:\n    config = yaml.safe_load(file)\n"
                    "print(config['epochs'])\n"
                ),
            },
            [LACKS.format("epochs")],
        ),
        # The program adds the key, or may add it.
        (pair("config['epochs'] = 3\nprint(config['epochs'])\n"), []),
        (pair("config.setdefault('epochs', 3)\nprint(config['epochs'])\n"), []),
        (pair("config.update(epochs=3)\nprint(config['epochs'])\n"), []),
        (pair("import ourlib\nourlib.fill(config)\nprint(config['epochs'])\n"), []),
        (pair("print(config)\nprint(len(config))\nprint(config['epochs'])\n"), [LACKS.format("epochs")]),
        # The read may not run, or its failure is caught.
        (pair("print(config.get('epochs'))\n"), []),
        (pair("import sys\nif sys.argv[1:]:\n    print(config['epochs'])\n"), []),
        (pair("try:\n    print(config['epochs'])\nexcept KeyError:\n    pass\n"), []),
        (pair("if 'epochs' in config:\n    print(config['epochs'])\n"), []),
        # Another file, or one that is unknown.
        (pair("print(config['epochs'])\n", path="/opt/ml/input/data/train/config.yaml"), []),
        (pair("print(config['epochs'])\n", path="other.yaml"), []),
        (pair("print(config['epochs'])\n", **{"code/config.yaml": "a: 1\na: 2\n<<: *b\n"}), []),
        ({**pair("print(config['epochs'])\n"), "launch.py": launcher(more="dependencies=['more'],")}, []),
    ],
)
def test_keys_of_a_configuration_file(tmp_path: Path, files: dict[str, str], details: list[str]) -> None:
    found = said(tmp_path, files, "TRN158")
    assert len(found) == len(details), found
    assert all(detail in one for detail, one in zip(details, found, strict=True))
