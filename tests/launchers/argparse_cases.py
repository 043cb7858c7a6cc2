"""Made-up scripts with argparse, and the hyperparameters that a launcher sends them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from flake8_training.sagemaker.hyperparameter_arguments import Route, is_reserved
from tests.launchers.pairs import findings, launcher, options

CODES = ("TRN410", "TRN411", "TRN414")
"""What is said of a launcher that sends what its script does not take."""

SCRIPT_CODES = ("TRN113", "TRN114", "TRN118")
"""What is said of a script's option that loses what it is sent, whoever sends it."""

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
    "type=bool",
    "type=list",
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
    "größer ≥ 1",
    """it's "so" \\ '""",
    '"quoted"',
    "$HOME `x` ; #",
    [1, 2],
    [],
    {"x": 1},
    {"y": [1, "a"], "x": {"z": None}},
    ["a"],
)
ROUTES = (Route.V2_FRAMEWORK, Route.V2_FRAMEWORK_SET, Route.V2_GENERIC)
_GENERIC = """
from sagemaker.estimator import Estimator

estimator = Estimator(
    image_uri="123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1",
    entry_point="code/train.py",
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    hyperparameters={given!r},
)
estimator.fit()
"""


class Case(NamedTuple):
    """A script's options, how it parses, the hyperparameters that it is given, and the way that they take."""

    declared: tuple[str, ...]
    parse: str
    given: dict[str, object]
    route: Route = Route.V2_FRAMEWORK

    @property
    def script(self) -> str:
        """The script: it prints what it got."""
        more = "import json\n\nprint(json.dumps(vars(args)))\n"
        return options(*self.declared, parse=self.parse, more=more)

    @property
    def launcher(self) -> str:
        """The launcher."""
        if self.route is Route.V2_GENERIC:
            return _GENERIC.format(given=self.given)
        if self.route is Route.V2_FRAMEWORK:
            return launcher(more=f"hyperparameters={self.given!r},")
        made, start, rest = launcher().partition("estimator.fit")
        return f"{made}estimator.set_hyperparameters(**{self.given!r})\n{start}{rest}"

    @property
    def files(self) -> dict[str, str]:
        """Both, by their paths."""
        return {"launch.py": self.launcher, "code/train.py": self.script}


Run = Callable[[Mapping[str, object]], dict[str, object] | None]
"""What a case's script makes of hyperparameters; None where it ends with an error."""


def cases(seed: int, number: int, most: int = 1) -> Iterator[Case]:
    """Yield made-up cases, of up to ``most`` hyperparameters each, none of which begins like another."""
    chance = random.Random(seed)
    for _ in range(number):
        names = chance.sample(NAMES, chance.randint(1, 5))
        declared = tuple(", ".join(filter(None, (repr(n), chance.choice(FORMS)))) for n in names)
        parse = chance.choice(("parser.parse_args()", "parser.parse_known_args()[0]"))
        given: dict[str, object] = {}
        for key in chance.sample(KEYS, chance.randint(1, most)):
            if not any(key.startswith(other) or other.startswith(key) for other in given):
                given[key] = chance.choice(VALUES)
        yield Case(declared, parse, given, chance.choice(ROUTES))


def compare(case: Case, folder: Path, run: Run) -> None:
    """Fail unless what is said of a case is what becomes of it."""
    found = findings(folder, case.files, *CODES, *SCRIPT_CODES)
    said = [f"{f.code} {f.message}" for f in found if f.code in CODES]
    received = run(case.given)
    if received is None:
        if any(value is None or value == "" for value in case.given.values()):
            return  # the toolkits of earlier images drop an empty argument
        assert said, (case, "argparse ends the script")
        return
    fates = {_fate(case, key, received, run) for key in case.given}
    if "lost" in fates:
        assert found, (case, received, "a value is lost")
    elif fates == {"arrives"}:
        assert not said, (case, received, said)


def _fate(case: Case, key: str, received: Mapping[str, object], run: Run) -> str:
    """Return what becomes of a hyperparameter: ``arrives``, ``lost``, or nothing where that cannot be told."""
    value = case.given[key]
    without = run({name: one for name, one in case.given.items() if name != key})
    if is_reserved(key) or without is None:
        return ""
    if without == received:
        # A value that is an option's default cannot be told from none.
        is_default = value is None or (value is True and "store_false" in str(case.declared))
        return "" if is_default else "lost"
    if isinstance(value, list | dict):
        # It arrives as one text, which some scripts read as JSON.
        return ""
    turned_on = any(received[name] is True and without[name] is not True for name in received)
    return "lost" if value is False and turned_on else "arrives"
