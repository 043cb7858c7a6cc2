"""The command ``training-alignment``: facts, explain, rules, files that nobody can read, and pipes that close."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from training_alignment.reports.rule_text import rule_text
from training_alignment.rules.step_rule import PACKAGE

from flake8_training import __version__
from flake8_training.rules import registry
from flake8_training.rules.catalogue import CATALOGUE
from flake8_training.rules.pages import changes
from flake8_training.sagemaker.table_files import versions
from tests.alignment import COMMAND, ENVIRONMENT, Run, training_alignment, training_alignment_process
from tests.harness import write

TABLES = (
    "framework_pairs",
    "instance_types",
    "property_trees",
    "signatures_v2",
    "signatures_v3",
    "train_constraints",
)
TRAIN = """\
import argparse
import os

import joblib
import pandas as pd
from sklearn.svm import SVC

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--C", type=float, default=1.0)
    parser.add_argument("--kernel", required=True)
    args = parser.parse_args()
    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "x.csv"))
    model = SVC(C=args.C, kernel=args.kernel).fit(data, data.pop("y"))
    joblib.dump(model, os.path.join(os.environ.get("SM_MODEL_DIR", "/tmp"), "model.joblib"))
"""
TRAIN_TEXT = """\
train.py: a training script, framework: sklearn

It needs from a launcher
  channels: train
  options:
    --C       float  default 1.0  line 10
    --kernel  str    required     line 11
  environment variables:
    SM_CHANNEL_TRAIN                  line 13
    SM_MODEL_DIR      default '/tmp'  line 15
  hyperparameters: C, kernel

It
  reads:
    /opt/ml/input/data/train/x.csv  line 13
  writes:
    /opt/ml/model/model.joblib  line 15
  trains: line 14
  evaluates: nowhere in this file
  saves the model: line 15
"""
TRAIN_FACTS = {
    "path": "train.py",
    "is_training_script": True,
    "frameworks": ["sklearn"],
    "channels": ["train"],
    "environment_variables": [
        {"name": "SM_CHANNEL_TRAIN", "default": None, "line": 13},
        {"name": "SM_MODEL_DIR", "default": "/tmp", "line": 15},
    ],
    "arguments": [
        {"name": "C", "type": "float", "default": 1.0, "required": False, "line": 10},
        {"name": "kernel", "type": "str", "default": None, "required": True, "line": 11},
    ],
    "hyperparameters": ["C", "kernel"],
    "reads": [{"path": "/opt/ml/input/data/train/x.csv", "line": 13}],
    "writes": [{"path": "/opt/ml/model/model.joblib", "line": 15}],
    "trains": [14],
    "evaluates": [],
    "saves_model": [15],
    "cannot_tell": [],
    "unknown": [],
}


def test_facts_as_text(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": TRAIN})
    assert training_alignment("facts", "train.py", folder=tmp_path) == Run(0, TRAIN_TEXT, "")


def test_facts_as_json(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": TRAIN})
    done = training_alignment("facts", "--format", "json", "train.py", folder=tmp_path)
    assert (done.exit_code, done.data, done.errors) == (0, TRAIN_FACTS, "")


def test_facts_of_local_modules(tmp_path: Path) -> None:
    work = "import os\n\ndef go():\n    return os.environ['SM_CHANNEL_TEST']\n"
    write(tmp_path, {"code/train.py": "import work\nwork.go()\n", "code/work.py": work})
    done = training_alignment("facts", "--format", "json", str(Path("code", "train.py")), folder=tmp_path)
    assert (done.exit_code, done.data["channels"]) == (0, ["test"])


def test_what_the_source_does_not_tell_is_said(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": "import os\nos.system('python other.py')\n"})
    done = training_alignment("facts", "train.py", folder=tmp_path)
    assert done.output.startswith("train.py: not seen to be a training script, framework: ")
    assert done.output.endswith(
        "\nUnknown\n"
        "  which hyperparameters it takes                     line 2  code not available\n"
        "  whether it reads its data from a channel           line 2  code not available\n"
        "  whether it trains a model                          line 2  code not available\n"
        "  whether it evaluates the model                     line 2  code not available\n"
        "  whether it saves the model in the model directory  line 2  code not available\n"
    )


@pytest.mark.parametrize("name", ["settings.yaml", "settings.json", "notes.ipynb"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_data_file_that_starts_no_job_has_no_facts(name: str, form: str, tmp_path: Path) -> None:
    write(tmp_path, {name: '{"cells": [], "name": "train"}\n'})
    done = training_alignment("facts", "--format", form, name, folder=tmp_path)
    expected = f"training-alignment: {name}: starts no training job that can be read\n"
    assert (done.exit_code, done.output, done.errors) == (2, "", expected)


def test_facts_of_standard_input(tmp_path: Path) -> None:
    if not os.path.exists("/dev/stdin"):
        pytest.skip("no file stands for standard input here")
    done = training_alignment_process("facts", "--format", "json", "/dev/stdin", folder=tmp_path, stdin=TRAIN)
    assert (done.exit_code, done.data) == (0, TRAIN_FACTS | {"path": "/dev/stdin"})


def test_the_script_is_not_training_alignment(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": "import work\nopen('ran', 'w')\n", "work.py": "open('imported', 'w')\n"})
    assert training_alignment("facts", "train.py", folder=tmp_path).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["train.py", "work.py"]


UNREADABLE = {
    "syntax error": (b"x = 1\ndef f(:\n", "train.py line 2: invalid syntax"),
    "tabs and blanks": (b"if x:\n\ty\n        z\n", "train.py line 3: "),
    "null byte": (b"x = '\0'\n", "train.py"),
    "binary": (bytes(range(128, 256)) * 10, "train.py line 1: invalid or missing encoding declaration"),
    "undeclared encoding": (b"# \n#\n#\nx = '\xff'\n", "train.py: not text in utf-8"),
    "unknown encoding": (b"# coding: nonsense\n", "train.py line 1: unknown encoding"),
    "UTF-16": ("x = 1\n".encode("utf-16"), "train.py"),
    "huge": (b"x = 1\n" * 2_000_000, "train.py: larger than 10000000 bytes"),
    "too deep": (b"x = " + b"(" * 3000 + b")" * 3000, "train.py line 1: too many nested parentheses"),
    "far too deep": (b"x = " + b"-" * 200_000 + b"1", "train.py"),
}


@pytest.mark.parametrize(("content", "says"), UNREADABLE.values(), ids=UNREADABLE.keys())
@pytest.mark.parametrize("form", ["text", "json"])
def test_unreadable_files(tmp_path: Path, content: bytes, says: str, form: str) -> None:
    (tmp_path / "train.py").write_bytes(content)
    done = training_alignment("facts", "--format", form, "train.py", folder=tmp_path)
    assert (done.exit_code, done.output, done.errors.count("\n")) == (2, "", 1), done
    assert done.errors.startswith(f"training-alignment: {says}")


READABLE = {
    "empty": b"",
    "byte order mark": b"\xef\xbb\xbf" + TRAIN.encode(),
    "CRLF": TRAIN.replace("\n", "\r\n").encode(),
    "declared encoding": b"# coding: latin-1\nx = '\xff'\n",
    "no end of line": b"x = 1",
    "a warning of the parser": b"x = '\\d'\nif x is 1: pass\n",
}


@pytest.mark.parametrize("content", READABLE.values(), ids=READABLE.keys())
def test_readable_files(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "train.py").write_bytes(content)
    done = training_alignment("facts", "--format", "json", "train.py", folder=tmp_path)
    assert (done.exit_code, done.errors) == (0, "")
    assert done.data["trains"] == ([14] if b"SVC" in content else [])


def test_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    missing = training_alignment("facts", "missing.py", folder=tmp_path)
    folder = training_alignment("facts", "folder.py", folder=tmp_path)
    assert missing == Run(2, "", "training-alignment: missing.py: No such file or directory\n")
    assert (folder.exit_code, folder.output, folder.errors.count("\n")) == (2, "", 1)
    assert folder.errors.startswith("training-alignment: folder.py: ")


def test_a_file_without_an_end(tmp_path: Path) -> None:
    if not os.path.exists("/dev/zero"):
        pytest.skip("no file without an end here")
    done = training_alignment("facts", "/dev/zero", folder=tmp_path)
    assert done == Run(2, "", "training-alignment: /dev/zero: larger than 10000000 bytes\n")


def test_a_message_is_one_line_whatever_the_name(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("no such names here")
    write(tmp_path, {"a\nb.py": "def f(:\n"})
    done = training_alignment("facts", "a\nb.py", folder=tmp_path)
    assert done == Run(2, "", "training-alignment: a\\nb.py line 1: invalid syntax\n")


def test_explain(tmp_path: Path) -> None:
    done = training_alignment("explain", "TRN104", folder=tmp_path)
    assert (done.exit_code, done.errors) == (0, "")
    lines = done.output.splitlines()
    assert lines[0] == "TRN104 the trained model is never saved to the model directory"
    assert {"What happens", "How to fix it", "Example"} <= set(lines)
    assert max(map(len, lines)) <= 110
    assert lines[-1].endswith("/rules/TRN104/")
    assert training_alignment("explain", "trn104", folder=tmp_path) == done
    page = training_alignment("explain", "TRN104", "--format", "markdown", folder=tmp_path)
    assert page.output.startswith("# TRN104")
    assert len(lines) < len(page.output.splitlines())


def test_every_explanation_is_short_and_shows_changed_lines_only() -> None:
    for rule in registry.rules(PACKAGE):
        text = rule_text(rule)
        assert len(text.splitlines()) <= 75, rule.code
        assert "\x1b" not in text
        coloured = rule_text(rule, coloured=True)
        assert re.sub("\x1b\\[[0-9;]+m", "", coloured) == text
        if changes(rule.bad, rule.good):
            assert re.search(r"^  [-+]", text, re.MULTILINE), rule.code


def test_explain_as_json(tmp_path: Path) -> None:
    done = training_alignment("explain", "--format", "json", "TRN104", folder=tmp_path)
    assert (done.exit_code, done.data["code"], done.errors) == (0, "TRN104", "")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("TRN10", "TRN10 is no code"),
        ("E501", "E501 is no code"),
        ("nonsense", "NONSENSE is no code"),
    ],
)
def test_explain_what_is_no_code(tmp_path: Path, code: str, says: str) -> None:
    done = training_alignment("explain", code, folder=tmp_path)
    assert (done.exit_code, done.output, done.errors.count("\n")) == (2, "", 1)
    assert done.errors.startswith(f"training-alignment: {says}")


def test_rules(tmp_path: Path) -> None:
    text, data = (
        training_alignment("rules", folder=tmp_path),
        training_alignment("rules", "--format", "json", folder=tmp_path),
    )
    assert (text.exit_code, text.errors, data.exit_code, data.errors) == (0, "", 0, "")
    codes = [rule["code"] for rule in data.data]
    assert codes == sorted(set(codes))
    assert set(codes) <= set(CATALOGUE)
    assert {"TRN101", "TRN102", "TRN103", "TRN104", "TRN105"} <= set(codes)
    assert [line.split()[0] for line in text.output.splitlines()] == codes
    assert [line.split()[1] for line in text.output.splitlines()] == [r["severity"] for r in data.data]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "required: VERB"),
        (("nonsense",), "invalid choice: 'nonsense'"),
        (("facts",), "required: SCRIPT"),
        (("facts", "a.py", "b.py"), "unrecognized arguments: b.py"),
        (("facts", "--format", "xml", "a.py"), "invalid choice: 'xml'"),
        (("explain",), "required: CODE"),
        (("rules", "--format", "sarif"), "invalid choice: 'sarif'"),
        (("rules", "TRN104"), "unrecognized arguments: TRN104"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    done = training_alignment(*arguments, folder=tmp_path)
    assert (done.exit_code, done.output) == (2, "")
    usage, _, message = done.errors.rstrip("\n").rpartition("\n")
    assert usage.startswith("usage: training-alignment")
    assert says in message


def test_version_and_help(tmp_path: Path) -> None:
    done = training_alignment("--version", folder=tmp_path)
    assert (done.exit_code, done.errors) == (0, "")
    version, tables = done.output.split(" (tables of SageMaker from ")
    assert version == f"training-alignment {__version__}"
    named = dict(package.split(" ") for package in tables.removesuffix(")\n").split(", "))
    for name in TABLES:
        assert versions(name).items() <= named.items(), "one version of each package"
    for arguments in (("--help",), ("facts", "--help")):
        done = training_alignment(*arguments, folder=tmp_path)
        assert (done.exit_code, done.output[:25], done.errors) == (0, "usage: training-alignment", "")


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (("rules",), 1),
        (("rules", "--format", "json"), 0),
        (("explain", "TRN104"), 1),
        (("facts", "train.py"), 0),
        (("--help",), 0),
    ],
)
def test_a_reader_that_has_seen_enough(tmp_path: Path, arguments: tuple[str, ...], lines: int) -> None:
    write(tmp_path, {"train.py": TRAIN})
    process = subprocess.Popen(
        [COMMAND, *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        read = [process.stdout.readline() for _ in range(lines)]
        process.stdout.close()
        errors = process.stderr.read().decode()
        assert (process.wait(timeout=120), errors) == (0, "")
    assert all(line.endswith(b"\n") for line in read)
