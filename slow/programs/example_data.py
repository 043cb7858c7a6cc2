"""Write the data of the examples' channels below the folder of the command line, as their scripts read it.

Runs in the environment of the examples. Tables: a target that follows from two features. Images: 28 by 28 pixels, whose
class is in the first pixels.
"""

import json
import random
import sys
from pathlib import Path

import torch  # type: ignore[import-not-found]

ROWS = 1200
IMAGES = 64


def main(folder: Path) -> None:
    """Write every channel."""
    random.seed(1)
    for name in ("train", "validation"):
        _table(folder / name / f"{name}.csv", "", label_first=True)
    for name in ("training", "validation"):
        _table(folder / f"{name}-of-names" / "data.csv", "one,two,target")
        _tensors(folder / f"{name}-of-images" / "data.pt")
    _table(folder / "sales" / "sales.csv", "product,week,sold")
    _lines(folder / "holidays" / "holidays.csv", ["product,holidays", *(f"{n},{n % 3}" for n in range(10))])
    for name in ("train", "held_out"):
        _tensors(folder / "images" / f"{name}.pt")
    _lines(folder / "classes" / "classes.json", [json.dumps([f"class {n}" for n in range(10)])])


def _table(path: Path, names: str, *, label_first: bool = False) -> None:
    rows = [names] if names else []
    for _ in range(ROWS):
        one, two = random.randrange(10), random.randrange(50)
        label = int(one * 5 > two)
        rows.append(f"{label},{one},{two}" if label_first else f"{one},{two},{label}")
    _lines(path, rows)


def _lines(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _tensors(path: Path) -> None:
    labels = torch.arange(IMAGES) % 10
    images = torch.rand(IMAGES, 784)
    images[:, :10] = torch.nn.functional.one_hot(labels, 10)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save((images, labels), path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
