"""Misspellings of names in a right repository are restored, whatever the name and the error."""

from __future__ import annotations

import ast
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixes.repositories import FILES, fixed, repository
from tests.harness import write

PLACES = [
    ("launcher", '"max-depth": 3', "max-depth"),
    ("launcher", "'learning-rate': 0.1", "learning-rate"),
    ("launcher", '"estimators": 10', "estimators"),
    ("launcher", '{"train": "s3', "train"),
    ("launcher", '"validation": "s3', "validation"),
    ("launcher", '"ml.m5.xlarge"', "xlarge"),
    ("launcher", "entry_point='train_model.py'", "train_model"),
    ("launcher", "    instance_type=", "instance_type"),
    ("launcher", "framework_version=", "framework_version"),
    ("launcher", "hyperparameters=", "hyperparameters"),
    ("script", '"--max-depth"', "max-depth"),
    ("script", "'--learning-rate'", "learning-rate"),
    ("script", '"--estimators"', "estimators"),
    ("script", "args.max_depth", "max_depth"),
    ("script", "args.learning_rate", "learning_rate"),
    ("script", '"SM_CHANNEL_TRAIN"', "TRAIN"),
    ("script", "'SM_CHANNEL_VALIDATION'", "VALIDATION"),
    ("script", '"SM_MODEL_DIR"', "MODEL"),
]


def swapped(word: str, at: int) -> str:
    """Return a word with two neighbours swapped."""
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


@st.composite
def misspellings(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """Draw a file, its words, and the misspelt words."""
    file, words, name = draw(st.sampled_from(PLACES))
    letters = [n for n in range(1, len(name) - 1) if name[n].isalpha() and name[n + 1].isalpha()]
    places = [n for n in letters if name[n] != name[n + 1]]
    wrong = swapped(name, draw(st.sampled_from(places)))
    return file, words, words.replace(name, wrong), name


@settings(max_examples=15)
@given(misspellings())
def test_a_misspelling_is_restored_and_nothing_else_changes(case: tuple[str, str, str, str]) -> None:
    file, words, wrong, _ = case
    with TemporaryDirectory() as folder:
        root = repository(Path(folder).resolve(), **{file: (words, wrong)})
        found = fixed(root)
        path = "launch.py" if file == "launcher" else "code/train_model.py"
        assert found.after == {path: FILES[path].encode()}
        assert found.outcome.findings == ()


@settings(max_examples=10)
@given(st.lists(misspellings(), min_size=2, max_size=4, unique_by=lambda case: case[3].casefold()[:5]))
def test_fixed_files_parse_and_have_no_fix_left(cases: list[tuple[str, str, str, str]]) -> None:
    """Several misspellings may hide the right name of each other; what is fixed stays fixed."""
    files = dict(FILES)
    for file, words, wrong, _ in cases:
        path = "launch.py" if file == "launcher" else "code/train_model.py"
        files[path] = files[path].replace(words, wrong)
    with TemporaryDirectory() as folder:
        root = repository(Path(folder).resolve())
        for path, text in files.items():
            (root / path).write_bytes(text.encode())
        first = fixed(root)
        for path, data in first.after.items():
            ast.parse(data)
            assert len(data.splitlines()) == len(FILES[path].encode().splitlines())
            (root / path).write_bytes(data)
        again = fixed(root)
        assert again.after == {}
        assert again.outcome.findings == first.outcome.findings


@pytest.mark.parametrize(("file", "words", "name"), PLACES)
def test_each_place_has_a_fix(tmp_path: Path, file: str, words: str, name: str) -> None:
    wrong = swapped(name, next(n for n in range(1, len(name) - 1) if name[n : n + 2].isalpha()))
    root = repository(tmp_path, **{file: (words, words.replace(name, wrong))})
    path = "launch.py" if file == "launcher" else "code/train_model.py"
    assert fixed(root).after == {path: FILES[path].encode()}


SHORT = {
    "pyproject.toml": FILES["pyproject.toml"],
    "launch.py": FILES["launch.py"].replace("learning-rate", "lr"),
    "code/train_model.py": FILES["code/train_model.py"]
    .replace("learning-rate", "lr")
    .replace("args.learning_rate", "args.lr"),
}


@pytest.mark.parametrize(
    ("file", "words", "wrong"),
    [
        ("launch.py", "'lr': 0.1", "'lrx': 0.1"),
        ("launch.py", "'lr': 0.1", "'l': 0.1"),
        ("code/train_model.py", "args.lr", "args.rl"),
        ("code/train_model.py", "args.lr", "args.lrr"),
    ],
)
def test_a_short_name_is_restored_if_nothing_else_uses_the_right_one(
    tmp_path: Path, file: str, words: str, wrong: str
) -> None:
    files = {**SHORT, file: SHORT[file].replace(words, wrong)}
    files["code/train_model.py"] = files["code/train_model.py"].replace('"score"', '"score for lr"')
    write(tmp_path, files)
    found = fixed(tmp_path)
    restored = {file: files[file].replace(wrong, words).encode()}
    is_alike = wrong[:6] != "args.r"  # another first letter: another word
    assert found.after == (restored if is_alike else {})


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("'lr': 0.1", "'lrx': 0.1, 'lr': 0.1"),
        ("'lr': 0.1", "'xr': 0.1"),
        ("'lr': 0.1", "'lr2': 0.1"),
    ],
)
def test_a_short_name_that_may_be_another_is_kept(tmp_path: Path, words: str, wrong: str) -> None:
    write(tmp_path, {**SHORT, "launch.py": SHORT["launch.py"].replace(words, wrong)})
    found = fixed(tmp_path)
    assert [one.code for one in found.outcome.findings] == ["TRN410"]
    assert found.after == {}


def test_a_finding_has_the_fix_of_its_consequence(tmp_path: Path) -> None:
    option = '    parser.add_argument("--warm", type={}, default=False)\n'
    script = SHORT["code/train_model.py"].replace("    args =", f"{option.format('bool')}    args =")
    script = script.replace("learning_rate=", "warm_start=args.warm, learning_rate=")
    launcher = SHORT["launch.py"].replace("'lr': 0.1", "'lr': 0.1, 'warm': False")
    write(tmp_path, {**SHORT, "launch.py": launcher, "code/train_model.py": script})
    found = fixed(tmp_path)
    truth = option.format('lambda text: text.lower() in ("true", "1", "yes")')
    assert found.after == {"code/train_model.py": script.replace(option.format("bool"), truth).encode()}
    assert found.outcome.findings == ()
