"""Launchers with their scripts for the comparison: right ones, and ones with one mistake."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

_MODELS = {
    "torch": (
        "import torch",
        """
        model = torch.nn.Linear(2, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=float(arguments.lr))
        for epoch in range(int(arguments.epochs)):
            for rows in read(channels):
                optimizer.zero_grad()
                loss = model(torch.tensor(rows)).sum()
                loss.backward()
                optimizer.step()
                print(f"loss={loss.item()};")
        model.eval()
        with torch.no_grad():
            print("accuracy: %.3f" % model(torch.tensor(read(channels)[0])).mean())
        torch.save(model.state_dict(), os.path.join(arguments.model_folder, "model.pth"))
        """,
    ),
    "sklearn": (
        "import joblib\nfrom sklearn.linear_model import SGDClassifier",
        """
        model = SGDClassifier(eta0=float(arguments.lr), max_iter=int(arguments.epochs))
        rows = read(channels)
        model.fit(rows[0], rows[1])
        print("accuracy:", model.score(rows[2], rows[3]))
        joblib.dump(model, os.path.join(arguments.model_folder, "model.joblib"))
        """,
    ),
    "xgboost": (
        "import xgboost",
        """
        rows = read(channels)
        data = xgboost.DMatrix(rows[0], label=rows[1])
        held = xgboost.DMatrix(rows[2], label=rows[3])
        settings = {"eta": float(arguments.lr)}
        model = xgboost.train(settings, data, int(arguments.epochs), evals=[(held, "validation")])
        model.save_model(os.path.join(arguments.model_folder, "xgboost-model"))
        """,
    ),
    "tensorflow": (
        "import tensorflow",
        """
        model = tensorflow.keras.Sequential([tensorflow.keras.layers.Dense(1)])
        model.compile(optimizer="sgd", loss="mse")
        rows = read(channels)
        model.fit(rows[0], rows[1], epochs=int(arguments.epochs), validation_data=(rows[2], rows[3]))
        model.save(os.path.join(arguments.model_folder, "1"))
        """,
    ),
}
_SCRIPT = '''
"""Train a model."""

import argparse
import json
import os

{imports}


def read(folders):
    """Return the rows of every channel."""
    found = []
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name)) as stream:
                found.append(json.load(stream))
    return found


def main():
    """Train, look how good it is, save."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model-folder", default=os.environ["SM_MODEL_DIR"])
{options}
    arguments = parser.parse_args()
    print(vars(arguments))
    channels = [{channels}]
{training}

if __name__ == "__main__":
    main()
'''


def script(*options: str, kind: str = "torch", channels: tuple[str, ...] = ("train",)) -> str:
    """Return a script that reads these channels, with these options besides ``--lr`` and ``--epochs``."""
    imports, training = _MODELS[kind]
    declared = ["'--lr', type=float, default=0.1", "'--epochs', type=int, default=1", *options]
    return _SCRIPT.format(
        imports=imports,
        options="\n".join(f"    parser.add_argument({one})" for one in declared),
        channels=", ".join(f'os.environ["SM_CHANNEL_{name.upper()}"]' for name in channels),
        training=textwrap.indent(textwrap.dedent(training).strip("\n"), "    "),
    ).lstrip()


class Variant(NamedTuple):
    """A launcher and the files around it, by path; ``code/train.py`` is added unless it is among the files.

    ``more`` is code that runs after the launcher, with its names. ``codes`` are the expected codes, of which one is
    enough; a right launcher has none.
    """

    launcher: str
    files: Mapping[str, str] = MappingProxyType({})
    more: str = ""
    codes: tuple[str, ...] = ()

    def written(self, name: str) -> dict[str, str]:
        """Return the files of a variant, in a folder of this name."""
        files = {
            "launch.py": textwrap.dedent(self.launcher).lstrip(),
            "code/train.py": script(),
            **{path: textwrap.dedent(text).lstrip() for path, text in self.files.items()},
        }
        return {f"{name}/{path}": text for path, text in files.items()}
