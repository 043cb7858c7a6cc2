"""The fixes of the rules that say they have one, in the rules' own examples and in others."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest
from training_alignment.checking.run import Choice
from training_alignment.fixes.rounds import Fixed, Rounds
from training_alignment.repository.repository import Repository

from flake8_training.configuration import read_configuration
from flake8_training.rules.registry import rules
from flake8_training.rules.rule import without_markers
from tests.harness import write

FIXABLE = {rule.code: rule for rule in rules("training_alignment.rules") if rule.fixable}
BY_HAND = {
    "TRN160": "the example has no script with a near name",
    "TRN406": "the example has no file with a near name",
    "TRN408": "the example's names are unlike, and others may be read",
    "TRN409": "the example's names are unlike",
    "TRN412": "the example lacks an input",
    "TRN120": "the example writes both spellings once",
}
"""The rules whose example needs a decision."""
TRUTH = 'lambda text: text.lower() in ("true", "1", "yes")'
SCRIPT = """
import argparse
import os

import joblib
from sklearn.svm import SVC
{imports}

parser = argparse.ArgumentParser()
parser.add_argument("--rounds", type=int, default=3)
{option}
args = parser.parse_args()
model = SVC(C=args.rounds, probability=args.flag).fit([[0], [1]], [0, 1])
with open(os.path.join({folder}, "train.csv")) as stream:
    print(model.score([[0], [1]], [0, 1]), stream.read())
joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""
FLAG = 'parser.add_argument("--flag", type=int)'
FOLDER = 'os.environ["SM_CHANNEL_TRAIN"]'


def fixed(folder: Path, code: str) -> Fixed:
    """Return the safe fixes of one rule's findings."""
    root = folder.resolve()
    configuration = read_configuration(root)
    files = Repository.open(root).files
    choice = Choice(select=(code,)).or_else(configuration)
    return Rounds(root, files, configuration, None, choice, unsafe=False).run()


@pytest.mark.parametrize("code", FIXABLE)
def test_the_example_is_fixed(tmp_path: Path, code: str) -> None:
    rule = FIXABLE[code]
    files = {name: without_markers(source) for name, source in rule.bad.files.items()}
    write(tmp_path, {"pyproject.toml": "[tool.flake8-training]\n", **files})
    found = fixed(tmp_path, code)
    if code in BY_HAND:
        assert found.after == {}, "take the rule out of BY_HAND"
        return
    assert found.after
    assert all(one.fix is None for one in found.outcome.findings)
    for path, data in found.after.items():
        ast.parse(data)
        (tmp_path / path).write_bytes(data)
    assert fixed(tmp_path, code).after == {}


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        (
            "TRN113",
            'parser.add_argument("--flag", type=bool)',
            f'parser.add_argument("--flag", type={TRUTH})',
        ),
        (
            "TRN114",
            'parser.add_argument("--flag", action="store_true")  # a comment',
            f'parser.add_argument("--flag", type={TRUTH}, nargs="?", const=True, default=False)  # a comment',
        ),
        (
            "TRN114",
            'parser.add_argument("--flag", action="store_true", default=True)',
            f'parser.add_argument("--flag", type={TRUTH}, nargs="?", const=True, default=True)',
        ),
        ("TRN114", 'parser.add_argument("--flag", action="store_false")', None),
        ("TRN113", 'b = bool\nparser.add_argument("--flag", type=b)', None),
    ],
)
def test_an_option_takes_a_truth_value(tmp_path: Path, code: str, before: str, after: str | None) -> None:
    _assert_fixed(tmp_path, code, SCRIPT.format(imports="", option=before, folder=FOLDER), before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from .features import read", "from features import read"),
        ("from . import features", "import features"),
        ("from . import features as f, other", "import features as f, other"),
        (
            "from .features import (\n    read,  # a comment\n)",
            "from features import (\n    read,  # a comment\n)",
        ),
        ("from . import (\n    features,\n)", None),
        ("from ..features import read", None),
    ],
)
def test_a_relative_import_becomes_absolute(tmp_path: Path, before: str, after: str | None) -> None:
    write(tmp_path, {"features.py": "def read():\n    pass\n", "other.py": ""})
    _assert_fixed(
        tmp_path, "TRN115", SCRIPT.format(imports=before, option=FLAG, folder=FOLDER), before, after
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"/opt/ml/inptu/data/train"', '"/opt/ml/input/data/train"'),
        ("'opt/ml/input/data/train'", "'/opt/ml/input/data/train'"),
        ('os.path.join("/opt/ml", "inptu", "data")', 'os.path.join("/opt/ml", "input", "data")'),
    ],
)
def test_a_path_is_corrected(tmp_path: Path, before: str, after: str) -> None:
    script = SCRIPT.format(imports="", option=FLAG, folder=before)
    _assert_fixed(tmp_path, "TRN111", script, before, after)


CONTRACT = """
from contracts.base import TrainingScriptContract

CHURN_TRAINING_CONTRACT = TrainingScriptContract(
    entry_point="{}",  # a comment
    expected_input_paths={{"data": "/opt/ml/input/data"}},
    expected_output_paths={{"model": "/opt/ml/model"}},
)
"""


@pytest.mark.parametrize(
    ("written", "more", "after"),
    [
        ("churn_trianing.py", (), "churn_training.py"),
        ("scripts/churn_trianing.py", (), "scripts/churn_training.py"),
        ("churn_trianing.py", ("scripts/churn_trianings.py",), None),
        ("churn_trianing.py", ("scripts/b/churn_training.py",), None),
        ("fit.py", (), None),
    ],
)
def test_the_entry_point_of_a_contract_is_corrected(
    tmp_path: Path, written: str, more: tuple[str, ...], after: str | None
) -> None:
    path = "contracts/churn_training_contract.py"
    scripts = dict.fromkeys(
        ("scripts/churn_training.py", *more), 'import os\n\nprint(os.environ["SM_MODEL_DIR"])\n'
    )
    write(tmp_path, {"pyproject.toml": "[tool.flake8-training]\n", path: CONTRACT.format(written), **scripts})
    found = fixed(tmp_path, "TRN160")
    expected = {} if after is None else {path: CONTRACT.format(after).encode()}
    assert found.after == expected


def _assert_fixed(folder: Path, code: str, script: str, before: str, after: str | None) -> None:
    """Assert that the only change of a script is ``after`` for ``before``; None for no change."""
    source = textwrap.dedent(script)
    write(folder, {"pyproject.toml": "[tool.flake8-training]\n", "train.py": source})
    found = fixed(folder, code)
    expected = {} if after is None else {"train.py": source.replace(before, after).encode()}
    assert found.after == expected
