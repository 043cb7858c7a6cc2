"""Launchers that do not parse: an error, and syntax of a newer Python is named as such."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flake8_training.newer_syntax import newer_syntax
from tests.alignment import check, git
from tests.harness import write

LAUNCHER = """from sagemaker.pytorch import PyTorch

estimator = PyTorch(entry_point="train.py", role="arn:aws:iam::123456789012:role/Training")
estimator.fit({"train": "s3://churn/train/"})
"""
BROKEN = LAUNCHER + "def later(:\n"
TRAIN = "print('no training')\n"


@pytest.mark.parametrize("arguments", [(), ("launch.py",)])
def test_a_launcher_that_does_not_parse_fails_the_check(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write(tmp_path, {"launch.py": BROKEN, "train.py": TRAIN})
    run = check(*arguments, folder=tmp_path)
    assert run.exit_code == 1
    assert run.places == [("launch.py", 5, "TRN002")]


def test_a_launcher_of_another_file_is_not_reported(tmp_path: Path) -> None:
    write(tmp_path, {"launch.py": BROKEN, "other.py": "x = 1\n"})
    assert check("other.py", folder=tmp_path).places == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("other.py", "import sagemaker\n\nprint('entry_point')\ndef later(:\n"),
        ("{{ cookiecutter.name }}/launch.py", BROKEN),
        ("launch.py", LAUNCHER + "{% if more %}\n"),
        ("launch.py", LAUNCHER.replace('"train.py"', "{{ the script }}")),
        ("launch.py", "ACCOUNT = # your account\n" + LAUNCHER),
        ("launch.py", "!pip install sagemaker\n" + LAUNCHER),
        ("launch.py", "%%time\n" + BROKEN),
    ],
)
def test_a_file_that_starts_no_job_and_a_template_are_not_reported(
    tmp_path: Path, path: str, text: str
) -> None:
    write(tmp_path, {path: text})
    assert check(folder=tmp_path).places == []


@pytest.mark.parametrize(
    "text",
    [
        "ACCOUNT = = 1  # your account\n" + LAUNCHER,
        BROKEN + "COUNT = 1 \\\n!= 2\n",
        BROKEN + "x = 7 \\\n  %y\n",
    ],
)
def test_a_mistake_beside_what_looks_like_it_is_reported(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"launch.py": text})
    assert [code for _, _, code in check(folder=tmp_path).places] == ["TRN002"]


def test_a_notebook_that_is_none(tmp_path: Path) -> None:
    cell = '"source": ["from sagemaker.pytorch import PyTorch\\n", "PyTorch(entry_point=\\"train.py\\")"]'
    whole = f'{{"cells": [{{"cell_type": "code", {cell}}}]}}'
    write(tmp_path, {"launch.ipynb": whole[:-2], "train.py": TRAIN})
    assert [code for _, _, code in check(folder=tmp_path).places] == ["TRN002"]


def test_a_conflict_of_a_merge_is_named_at_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"launch.py": LAUNCHER + "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n"})
    assert check(folder=tmp_path).places == [("launch.py", 5, "TRN002")]


def test_a_launcher_outside_of_git_and_one_that_git_ignores(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path, {"launch.py": BROKEN, ".gitignore": "launch.py\n"})
    assert check(folder=tmp_path).places == []


NEWER = [
    ("type Name = str", "a `type` statement", (3, 12)),
    ("def first[T](items: list[T]) -> T:\n    return items[0]", "type parameters", (3, 12)),
    ("class Box[T]:\n    pass", "type parameters", (3, 12)),
    ('x = f"{settings["name"]}"', "quotes of an f-string inside it", (3, 12)),
    ("try:\n    pass\nexcept ValueError, TypeError:\n    pass", "`except` with several types", (3, 14)),
    ('x = t"{name}"', "a template string", (3, 14)),
]


def line_of_error(source: str) -> int:
    """The line of the first error of a source, 0 if it parses."""
    try:
        compile(source, "launch.py", "exec")
    except SyntaxError as error:
        return error.lineno or 1
    return 0


@pytest.mark.parametrize(("source", "named", "version"), NEWER)
def test_newer_syntax_is_named(source: str, named: str, version: tuple[int, int]) -> None:
    line = line_of_error(source)
    if not line:
        pytest.skip("the Python that runs knows this syntax")
    found = newer_syntax(source, line)
    assert found.startswith(named)
    assert found.endswith(f"needs Python {version[0]}.{version[1]}")
    assert newer_syntax(source, line, running=version) == ""


@pytest.mark.parametrize(
    "source",
    ["type Name = = str", "def first[T](:\n    pass", 'x = f"{settings["name""', 'x = t"{name}" 1', "x = (1"],
)
def test_a_mistake_beside_newer_syntax_is_not_called_newer(source: str) -> None:
    line = line_of_error(source)
    assert line
    assert newer_syntax(source, line) == ""


NEWER_SYNTAX = "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n"


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="the Python that runs knows this syntax")
@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({"launch.py": LAUNCHER + NEWER_SYNTAX, "train.py": TRAIN}, "warning"),
        ({"launch.py": BROKEN, "train.py": TRAIN}, "error"),
        ({"launch.py": LAUNCHER, "train.py": NEWER_SYNTAX}, "error"),
    ],
)
def test_syntax_of_a_newer_python_may_be_right_where_no_job_runs_it(
    tmp_path: Path, files: dict[str, str], severity: str
) -> None:
    write(tmp_path, files)
    run = check("--select=TRN002", folder=tmp_path)
    assert [finding["severity"] for finding in run.findings] == [severity]


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="the Python that runs knows this syntax")
def test_the_finding_names_both_versions(tmp_path: Path) -> None:
    write(tmp_path, {"launch.py": LAUNCHER + "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n"})
    run = check(folder=tmp_path)
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    message = run.messages[("launch.py", 7, "TRN002")]
    assert f"not Python {running}: `except` with several types" in message
    assert message.endswith("needs Python 3.14")
