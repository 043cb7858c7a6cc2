"""What the README, the changelog and the examples say is so."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
import yaml

import flake8_training
from flake8_training.configuration import read_configuration
from flake8_training.rules.rule import expected_findings
from tests.alignment import training_alignment
from tests.harness import flake8

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_version_is_the_head_of_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    head = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert head
    assert head[1] == flake8_training.__version__
    for pinned in re.findall(r"flake8-training==([\w.]+)", README):
        assert pinned == flake8_training.__version__


def test_examples_give_the_findings_that_they_announce() -> None:
    announced = {
        (path.relative_to(ROOT).as_posix(), line, code)
        for path in (ROOT / "examples").rglob("*.py")
        for line, code in expected_findings(path.read_text(encoding="utf-8"))
    }
    found = flake8("--select=TRN", "examples", folder=ROOT).places
    assert set(found) == announced
    assert len(found) == len(announced)
    assert {path.split("/")[1] for path, _, _ in announced} == {"bad"}


def test_flake8_runs_in_the_readme_print_what_it_shows() -> None:
    shown = re.findall(r"```console\n\$ flake8 (.*)\n((?:(?!```).*\n)*)```", README)
    assert shown
    for arguments, output in shown:
        assert flake8(*shlex.split(arguments), folder=ROOT, isolated=False).output == output


def test_checks_in_the_readme_print_what_it_shows() -> None:
    shown = re.findall(r"```console\n\$ training-alignment (.*)\n((?:(?!```).*\n)*)```", README)
    assert shown
    for arguments, output in shown:
        code = 1 if arguments.startswith("check") else 0
        assert training_alignment(*shlex.split(arguments), folder=ROOT) == (code, output, "")


def test_python_in_the_readme_gives_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    (shown,) = re.findall(r"```pycon\n((?:(?!```).*\n)*)```", README)
    monkeypatch.chdir(ROOT)
    said: list[str] = []
    session = doctest.DocTestParser().get_doctest(shown, {}, "README.md", None, 0)
    result = doctest.DocTestRunner(verbose=False).run(session, out=said.append)
    assert (result.failed, said) == (0, [])
    assert result.attempted


def test_hooks_in_the_readme_exist() -> None:
    shown = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(repos:(?:(?!```).*\n)*)```", README)]
    ours = [repo for text in shown for repo in text["repos"] if repo["repo"].endswith("/flake8-training")]
    named = {hook["id"] for repo in ours for hook in repo["hooks"]}
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert named == {hook["id"] for hook in manifest}


def test_configuration_in_the_readme_is_right(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```toml\n(\[tool\.flake8-training\]\n(?:(?!```).*\n)*)```", README)
    (tmp_path / "pyproject.toml").write_text(shown, encoding="utf-8")
    messages = [error.message for error in read_configuration(tmp_path).errors]
    assert [message for message in messages if "does not exist" not in message] == []


def test_options_in_the_readme_exist() -> None:
    help_text = flake8("--help", folder=ROOT).output
    options = set(re.findall(r"(?<![\w-])--(?:training|enable|select|stdin)[\w-]*", README))
    assert "--training-scripts" in options
    assert all(option in help_text for option in options)
