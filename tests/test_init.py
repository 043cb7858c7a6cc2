"""``init``: what it adds to a repository, and what it leaves alone."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import yaml
from training_alignment.setup_files import with_hook

from tests.alignment import git, training_alignment
from tests.harness import write
from tests.test_baseline import FILES, LAUNCHER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with two findings."""
    git(tmp_path, "init", "--quiet")
    write(tmp_path, FILES)
    return tmp_path


def test_a_repository_is_set_up_and_then_clean(folder: Path) -> None:
    shown = training_alignment("init", folder=folder)
    assert shown.exit_code == 0
    assert "Found 1 launchers, 0 steps and 2 findings." in shown.errors
    assert "Nothing is written; --yes writes it." in shown.errors
    assert '+baseline = "training-baseline.json"' in shown.output.splitlines()
    assert sorted(path.name for path in folder.iterdir()) == [".git", "launch.py", "train.py"]
    done = training_alignment("init", "--yes", folder=folder)
    assert done.output == shown.output
    section = tomllib.loads((folder / "pyproject.toml").read_text())["tool"]["flake8-training"]
    assert section == {"baseline": "training-baseline.json"}
    hooks = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert hooks == [{"id": "training-alignment", "args": ["--strict"]}]
    workflow = yaml.safe_load((folder / ".github/workflows/training-alignment.yml").read_text())
    assert workflow["jobs"]["check"]["steps"][1]["with"] == {"sarif-file": "training-alignment.sarif"}
    assert len(json.loads((folder / "training-baseline.json").read_text())["findings"]) == 2
    assert training_alignment("check", "--strict", folder=folder) == (0, "", "")
    again = training_alignment("init", "--yes", folder=folder)
    assert (again.output, again.errors.splitlines()[-1]) == ("", "Everything is there already.")


def test_what_is_there_is_kept(folder: Path) -> None:
    write(
        folder,
        {
            "pyproject.toml": '[project]\nname = "x"  # kept',
            ".pre-commit-config.yaml": (
                "# ours\nrepos:\n- repo: local\n  hooks: [{id: a}]  # kept\n\nci:\n  skip: [a]\n"
            ),
            ".gitlab-ci.yml": "test:\n  script: [make]\n",
            "launch.py": LAUNCHER.replace("lagre", "large"),
            "train.py": "print('nothing')\n",
        },
    )
    assert training_alignment("init", "--yes", folder=folder).exit_code == 0
    assert (folder / "pyproject.toml").read_text().startswith('[project]\nname = "x"  # kept\n\n[tool.flake8')
    hooks = (folder / ".pre-commit-config.yaml").read_text()
    assert hooks.startswith("# ours\nrepos:\n- repo: local\n  hooks: [{id: a}]  # kept\n- repo: https://")
    assert hooks.endswith("\n\nci:\n  skip: [a]\n")
    assert [len(one["hooks"]) for one in yaml.safe_load(hooks)["repos"]] == [1, 1]
    jobs = yaml.safe_load((folder / ".gitlab-ci.yml").read_text())
    assert set(jobs) == {"test", "training-alignment"}
    assert not (folder / ".github").exists()


def test_a_link_out_of_the_repository_is_not_followed(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "file"
    outside.write_text("repos: []\n")
    (folder / ".pre-commit-config.yaml").symlink_to(outside)
    run = training_alignment("init", "--yes", folder=folder)
    assert (run.exit_code, outside.read_text()) == (2, "repos: []\n")
    assert "a link that leaves the repository" in run.errors
    assert not (folder / "pyproject.toml").exists()


def test_a_wrong_section_is_named(folder: Path) -> None:
    write(folder, {"pyproject.toml": "[tool.flake8-training]\nselct = []\n"})
    run = training_alignment("init", "--yes", folder=folder)
    assert (run.exit_code, run.output) == (2, "")
    assert "validate-config" in run.errors


@pytest.mark.parametrize(
    "source", ["a: [", "[]\n", "repos: {}\n", "repos: [{repo: local, hooks: [{id: a}]}]\n", "&a [*a]\n"]
)
def test_forms_that_are_not_extended(source: str) -> None:
    assert with_hook(source, "1") is None
