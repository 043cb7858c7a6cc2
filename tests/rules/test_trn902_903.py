"""TRN902 and TRN903 at their edges: options without a value of their own, options that nobody checks."""

from __future__ import annotations

import pytest

from tests.rules.advice import IMPORTS
from tests.rules.marked import assert_marked

PARSED = "args = parser.parse_args()\n"
MAKES = "parser = argparse.ArgumentParser()\n"

UNSET = {
    "used as it is": (
        'parser.add_argument("--lr", type=float)  # TRN902',
        "torch.optim.SGD(model.parameters(), lr=args.lr)",
    ),
    "text": ('parser.add_argument("--kernel")  # TRN902', "SVC(kernel=args.kernel).fit(X, y)"),
}
SET = {
    "a default": ('parser.add_argument("--lr", type=float, default=0.1)', "print(args.lr)"),
    "None is a decision": ('parser.add_argument("--lr", type=float, default=None)', "print(args.lr)"),
    "required": ('parser.add_argument("--lr", type=float, required=True)', "print(args.lr)"),
    "positional": ('parser.add_argument("lr", type=float)', "print(args.lr)"),
    "a flag": ('parser.add_argument("--fast", action="store_true")', "print(args.fast)"),
    "asked for": ('parser.add_argument("--lr", type=float)', "if args.lr is not None:\n    print(args.lr)"),
    "replaced": ('parser.add_argument("--lr", type=float)', "print(args.lr or 0.1)"),
    "assigned": ('parser.add_argument("--lr", type=float)', "args.lr = 0.1\nprint(args.lr)"),
    "given by the parser": ('parser.add_argument("--lr")\nparser.set_defaults(lr=0.1)', "print(args.lr)"),
    "a folder": ('parser.add_argument("--model-dir", type=str)', "print(args.model_dir)"),
    "hidden": ('parser.add_argument("--lr", help=argparse.SUPPRESS)', "print(args.lr)"),
    "passed on whole": ('parser.add_argument("--lr", type=float)', "run(**vars(args))"),
}

UNCHECKED = {
    "another has a type": (
        'parser.add_argument("--C", default=1.0)  # TRN903\nparser.add_argument("--d", type=int, default=3)',
        "SVC(C=args.C, degree=args.d)",
    ),
    "another is tested": (
        'parser.add_argument("--C", default=1.0)  # TRN903\nparser.add_argument("--d", default=3)',
        "assert args.d\nSVC(C=args.C, degree=int(args.d))",
    ),
    "in a dict that goes to a library": (
        'import xgboost\nparser.add_argument("--eta", default=0.3)  # TRN903',
        'xgboost.train({"eta": args.eta}, xgboost.DMatrix(X))',
    ),
    "numbers as text": (
        'parser.add_argument("--C", default=1.0)  # TRN903',
        "SVC(C=args.C).fit(X, y)",
    ),
    "the first that is meant to be a number": (
        'parser.add_argument("--kernel", default="rbf")\nparser.add_argument("--C", default=1)  # TRN903',
        "SVC(C=args.C, kernel=args.kernel).fit(X, y)",
    ),
}
CHECKED = {
    "in a dict of a name": (
        'parser.add_argument("--eta", default=0.3)',
        'parameters = {"eta": args.eta}\nprint(parameters)',
    ),
    "a type": ('parser.add_argument("--C", type=float, default=1.0)', "SVC(C=args.C)"),
    "choices": ('parser.add_argument("--C", default=1.0, choices=["1", "2"])', "SVC(C=args.C)"),
    "converted": ('parser.add_argument("--C", default=1.0)', "SVC(C=float(args.C))"),
    "converted later": ('parser.add_argument("--C", default=1.0)', "C = args.C\nSVC(C=float(C))"),
    "compared": ('parser.add_argument("--C", default=1.0)', "assert args.C > 0\nSVC(C=args.C)"),
    "texts": ('parser.add_argument("--kernel", default="rbf")', "SVC(kernel=args.kernel)"),
    "given to a function of its own": (
        'parser.add_argument("--C", default=1.0)\ndef run(C):\n    SVC(C=float(C))',
        "run(args.C)",
    ),
    "a folder": ('parser.add_argument("--model-dir", default="/opt/ml/model")', "print(args.model_dir)"),
    "another library": (
        'import click\n@click.command()\n@click.option("--C", default=1.0)\ndef run(C):\n    SVC(C=C)',
        "run()",
    ),
}


def script(parts: tuple[str, str]) -> str:
    return f"{IMPORTS}{MAKES}{parts[0]}\n{PARSED}{parts[1]}\n"


@pytest.mark.parametrize("name", UNSET)
def test_without_a_default(name: str) -> None:
    assert_marked("TRN902", script(UNSET[name]))


@pytest.mark.parametrize("name", SET)
def test_with_a_default_or_unclear(name: str) -> None:
    assert_marked("TRN902", script(SET[name]))


@pytest.mark.parametrize("name", UNCHECKED)
def test_never_checked(name: str) -> None:
    assert_marked("TRN903", script(UNCHECKED[name]))


@pytest.mark.parametrize("name", CHECKED)
def test_checked_or_unclear(name: str) -> None:
    assert_marked("TRN903", script(CHECKED[name]))
