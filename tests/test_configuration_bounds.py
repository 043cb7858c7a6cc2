"""``pyproject.toml`` of any size and spelling: found by every way to look for it, and read in time."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_training.configuration import ProjectConfiguration, read_configuration
from flake8_training.project_folder import configured_folder, has_section
from tests.harness import write

SPELLINGS = {
    "quoted": '[tool."flake8-training"]\nignore = ["TRN104"]\n',
    "spaced": '[ tool . flake8-training ]\nignore = ["TRN104"]\n',
    "dotted": 'tool.flake8-training.ignore = ["TRN104"]\n',
    "inline": '[tool]\nflake8-training = {ignore = ["TRN104"]}\n',
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_of_toml_is_found_from_below(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"pyproject.toml": text})
    assert has_section(tmp_path)
    assert configured_folder(tmp_path / "a" / "b") == tmp_path
    assert read_configuration(tmp_path).ignore == ("TRN104",)


def test_a_project_that_only_installs_the_tool_is_not_configured(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[project]\ndependencies = ["flake8-training"]\n'})
    assert not has_section(tmp_path)
    assert read_configuration(tmp_path) == ProjectConfiguration()


def test_a_section_behind_the_largest_size_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "# x\n" * 300_000 + "[tool.flake8-training]\n"})
    assert has_section(tmp_path)
    assert "larger than" in str(read_configuration(tmp_path).errors[0])


def test_a_file_that_would_be_read_for_hours_is_read(tmp_path: Path) -> None:
    steps = "".join(f"[tool.flake8-training.steps.s{n}]\nwrong = 1\n" for n in range(5_000))
    write(tmp_path, {"pyproject.toml": f'x = """\n[{" " * 300_000}\n"""\n{steps}'})
    errors = read_configuration(tmp_path).errors
    assert [error.line for error in errors] == [5 + 2 * n for n in range(5_000)]


def test_a_key_may_not_be_too_deep(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.flake8-training]\n" + "a." * 200_000 + "a = 1\n"})
    (error,) = read_configuration(tmp_path).errors
    assert (error.line, "dots" in error.message) == (2, True)


def test_a_name_that_is_too_long_for_a_file_does_not_exist(tmp_path: Path) -> None:
    section = f'[tool.flake8-training.steps.churn]\nscript = "{"a" * 5_000}.py"\n'
    write(tmp_path, {"pyproject.toml": section})
    (error,) = read_configuration(tmp_path).errors
    assert error.line == 2
    assert "does not exist" in error.message


@pytest.mark.parametrize("line", ['dependencies = ["flake8-training==1.0"]', 'name = "flake8-training"'])
def test_a_package_name_is_not_looked_into(
    tmp_path: Path, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading TOML costs a start-up more than it may."""
    write(tmp_path, {"pyproject.toml": f"[project]\n{line}\n"})
    monkeypatch.setattr("flake8_training.configuration.section_of", lambda data: pytest.fail("TOML was read"))
    assert not has_section(tmp_path)


def test_a_key_of_the_file_is_not_taken_for_the_place_of_the_mistake(tmp_path: Path) -> None:
    key = f"a (at line {'9' * 5000}, column 1)"
    write(tmp_path, {"pyproject.toml": f'[tool.flake8-training]\n["{key}"]\n["{key}"]\n'})
    (error,) = read_configuration(tmp_path).errors
    assert error.line == 3
    assert error.message.startswith("not TOML: ")
    assert "(at line 3" not in error.message
