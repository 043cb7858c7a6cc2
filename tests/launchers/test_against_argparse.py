"""TRN410 and TRN411 against the real argparse: scripts and hyperparameters are made up, run, and checked."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from flake8_training.sagemaker.arguments import Route, arguments
from tests.harness import write
from tests.launchers.pairs import findings, launcher, options

ROUNDS = 12
CASES_A_ROUND = 14

NAMES = ("--epochs", "--batch-size", "--batch_size", "--lr", "--optimizer", "--momentum", "-k", "--model-dir")
KEYS = (
    "epochs",
    "epoch",
    "batch-size",
    "batch_size",
    "batch",
    "b",
    "k",
    "lr",
    "l",
    "optimizer",
    "momentum",
    "m",
    "mo",
    "model_dir",
    "sagemaker_program",
    "other",
)
FORMS = (
    "",
    "type=int",
    "type=float",
    "type=str",
    "type=int, choices=[1, 2, 3]",
    "choices=['sgd', 'adam']",
    "type=float, nargs='+'",
    "type=int, nargs=2",
    "type=int, nargs='?'",
    "action='store_true'",
    "action='store_false'",
    "action='count'",
    "action='append', type=int",
    "action=argparse.BooleanOptionalAction",
)
VALUES: tuple[object, ...] = (
    0,
    3,
    -1,
    2.5,
    1e-05,
    -1e-3,
    True,
    False,
    None,
    "sgd",
    "-x",
    "-1",
    "--lr",
    "",
    "3",
    "3.0",
    "a b",
    [1, 2],
    [],
    {"x": 1},
    ["a"],
)


class Case(NamedTuple):
    """A script's options, how it parses, and the hyperparameters that it is given."""

    declared: tuple[str, ...]
    parse: str
    given: dict[str, object]

    @property
    def script(self) -> str:
        """The script: it prints what it got."""
        more = "import json\n\nprint(json.dumps(vars(args)))\n"
        return options(*self.declared, parse=self.parse, more=more)


def cases(seed: int) -> list[Case]:
    """Made-up cases."""
    chance = random.Random(seed)
    found: list[Case] = []
    for _ in range(CASES_A_ROUND):
        names = chance.sample(NAMES, chance.randint(1, 5))
        declared = tuple(", ".join(filter(None, (repr(n), chance.choice(FORMS)))) for n in names)
        parse = chance.choice(("parser.parse_args()", "parser.parse_known_args()[0]"))
        given: dict[str, object] = {key: chance.choice(VALUES) for key in chance.sample(KEYS, 1)}
        found.append(Case(declared, parse, given))
    return found


def outcome(script: Path, given: dict[str, object]) -> tuple[bool, dict[str, object]]:
    """Whether the real script runs with these hyperparameters, and what it makes of them."""
    argv = arguments(given, Route.V2_FRAMEWORK)
    done = subprocess.run([sys.executable, str(script), *argv], capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 2), done.stderr
    return done.returncode == 0, json.loads(done.stdout) if done.returncode == 0 else {}


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_says_so_where_argparse_does(seed: int, tmp_path: Path) -> None:
    for number, case in enumerate(cases(seed)):
        folder = tmp_path / str(number)
        more = f"hyperparameters={case.given!r},"
        files = {"launch.py": launcher(more=more), "code/train.py": case.script}
        write(folder, files)
        said = [f.code for f in findings(folder, files, "TRN410", "TRN411")]
        runs, result = outcome(folder / "code/train.py", case.given)
        _, nothing = outcome(folder / "code/train.py", {})
        if not runs:
            assert said, (case, "argparse ends the script")
        elif result == nothing and "sagemaker_program" not in case.given and not _is_default(case):
            assert said, (case, "the value is lost")
        elif not said:
            continue
        else:
            assert result == nothing or _is_lost(case, result), (case, said, result, "the script runs")


def _is_default(case: Case) -> bool:
    """Whether the value cannot be told from none at all."""
    (value,) = case.given.values()
    return value is None or ("store_false" in str(case.declared) and value is True)


def _is_lost(case: Case, result: dict[str, object]) -> bool:
    """Whether the script runs, and yet with another value than it was given: a flag, or a list as one text."""
    (value,) = case.given.values()
    return value is False or isinstance(value, list | dict)
