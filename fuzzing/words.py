"""The names, strings and numbers of generated programs and artefacts, usual and hostile ones."""

from __future__ import annotations

from random import Random
from typing import Final

NAMES: Final = (
    "a",
    "b",
    "c",
    "x",
    "path",
    "args",
    "model",
    "data",
    "config",
    "params",
    "p",
    "loss",
    "opt",
    "d",
)
FUNCTIONS: Final = ("f", "g", "h", "load", "train", "save", "main", "step", "fit")
CLASSES: Final = ("Net", "Config", "Trainer", "Base", "Data")
MODULES: Final = ("core", "mod", "other", "data", "model", "common", "native")
CHANNELS: Final = ("train", "training", "validation", "test", "images")
VARIABLES: Final = (
    "SM_CHANNEL_TRAIN",
    "SM_CHANNEL_VALIDATION",
    "SM_CHANNEL_TRAINING",
    "SM_MODEL_DIR",
    "SM_MODELDIR",
    "SM_OUTPUT_DATA_DIR",
    "SM_HPS",
    "SM_HP_EPOCHS",
    "SM_NUM_GPUS",
    "SM_HOSTS",
    "SM_CURRENT_HOST",
    "SM_TRAINING_ENV",
    "LABEL_FIELD",
)
PATHS: Final = (
    "/opt/ml/model",
    "/opt/ml/model/model.json",
    "/opt/ml/modle",
    "/opt/ml/input/data/train",
    "/opt/ml/input/data/training/data.csv",
    "/opt/ml/input/config/hyperparameters.json",
    "/opt/ml/output/data",
    "/opt/ml/output/metrics",
    "/opt/ml/checkpoints",
    "/opt/ml/x",
    "/opt/ml/",
    "/opt/ml/processing/input/data",
    "/tmp/model",
    "s3://bucket/train",
    "model.pth",
    "..",
    "./",
    "",
)
OPTIONS: Final = (
    "epochs",
    "batch-size",
    "batch_size",
    "lr",
    "learning-rate",
    "max_depth",
    "model-dir",
    "train",
)
VALUES: Final = ("binary:logistic", "adam", "gini", "true", "1e-3", "10", "0", "-1", "nan", "None", "[1, 2]")
ODD: Final = (
    "\ud800",
    "\udcff",
    "\x1b[31m",
    "\x1b]0;t\x07",
    "\u202e",
    "\u2066",
    "\u2028",
    "\x85",
    "\x00",
    "\x0c",
    "\x7f",
    "\n",
    "\r\n",
    "\n::stop-commands::x",
    "\n##[error]x",
    "##vso[task.complete]",
    "::error file=a.py::x",
    "a:12:4: b",
    "%0A",
    "<script>",
    "&amp;",
    "]]>",
    '"',
    "'",
    "\\",
    "{",
    "{0}",
    "%s",
    "%%{init: {}}%%",
    "\ufffe",
    "\U0001f600",
    "e\u0301",
    "\u212a",
    "\u00df",
    "\u0130",
    "--",
    "a b",
    "*",
    "[",
    "?",
)


class Words:
    """Draws words; most of them are usual ones, so that programs go on making sense."""

    def __init__(self, random: Random) -> None:
        self.random = random
        # Oddity is a property of an input: most inputs should pass the cheap look.
        self.oddity = random.choice((0.0, 0.0, 0.02, 0.1, 0.3))

    def text(self) -> str:
        """Return a string of a program."""
        choose = self.random.choice
        if self.random.random() < self.oddity:
            return self.odd()
        pool = choose((VARIABLES, PATHS, PATHS, OPTIONS, VALUES, CHANNELS, NAMES))
        text = choose(pool)
        return text + "/" + choose(CHANNELS) if pool is PATHS and self.random.random() < 0.2 else text

    def odd(self) -> str:
        """Return a string with a character that is easily printed, cut or matched wrongly."""
        text = self.random.choice((*VARIABLES, *PATHS, *OPTIONS, ""))
        at = self.random.randint(0, len(text))
        text = text[:at] + self.random.choice(ODD) + text[at:]
        return text * self.random.choice((1, 1, 1, 1, 2, 100))

    def literal(self) -> str:
        """Return a string literal."""
        text = self.text()
        if self.random.random() < 0.05:
            return f"r{text!r}" if text.isascii() and "\\" not in repr(text) else ascii(text)
        return ascii(text) if self.random.random() < 0.5 or not _plain(text) else repr(text)

    def number(self) -> str:
        """Return a number literal, now and then one of more digits than Python prints."""
        if self.random.random() < self.oddity / 4:
            return self.random.choice(("0x" + "f" * 3700, "1" * 4300, "1e999", "-1e999", "0b" + "1" * 20_000))
        usual = ("0", "1", "2", "10", "0.1", "1e-3", "-1", "100", "True", "1_000", "3.0", "2j", "0o17")
        return self.random.choice(usual)

    def size(self, largest: int) -> int:
        """Return a number of repetitions, small ones more often."""
        return int(largest ** self.random.random())


def _plain(text: str) -> bool:
    return not any(0xD800 <= ord(c) <= 0xDFFF or c == "\0" for c in text)
