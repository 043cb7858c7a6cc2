"""A repository of three services with their own configurations, a submodule and a src layout; copies are left out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.alignment import check, git, repository, training_alignment
from tests.harness import flake8, write
from tests.launchers.formats import SCRIPT
from tests.test_commit_hook import CANNOT_INSTALL, commit, source

__all__ = ["source"]

LAUNCHER = """from sagemaker.sklearn import SKLearn

estimator = SKLearn(
    entry_point="train.py",
    source_dir="{source}",
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="{instance}",
    instance_count=1,
    framework_version="1.2-1",
    py_version="py3",
    hyperparameters={{"epochs": {epochs}}},
)
estimator.fit({{"train": "s3://churn/train/"}})
"""


def launcher(source: str = "src/training", instance: str = "ml.m5.xlarge", epochs: str = "3") -> str:
    """A launcher of a service."""
    return LAUNCHER.format(source=source, instance=instance, epochs=epochs)


WRONG = launcher(instance="ml.m5.xlagre", epochs='"three"')
# A script that SageMaker starts and that never evaluates: a warning.
UNEVALUATED = "\n".join(line for line in SCRIPT.splitlines() if "held_out" not in line) + "\n"


def service(section: str, text: str = WRONG, script: str = SCRIPT) -> dict[str, str]:
    """The files of a service in a src layout, with its configuration."""
    return {
        "pyproject.toml": f"[project]\nname = 'x'\n\n[tool.flake8-training]\n{section}\n",
        "launch.py": text,
        "src/training/train.py": script,
    }


def below(folder: str, files: dict[str, str]) -> dict[str, str]:
    """The files in a folder."""
    return {f"{folder}/{name}": text for name, text in files.items()}


MONOREPO = {
    **below("services/churn", service('select = ["TRN211"]')),
    **below("services/fraud", service('ignore = ["TRN211"]')),
    **below("services/price", service('exclude = ["launch.py"]')),
    "README.md": "Three services.\n",
}
EXPECTED = [("services/churn/launch.py", 7, "TRN211"), ("services/fraud/launch.py", 11, "TRN411")]


def test_each_service_has_its_own_configuration(tmp_path: Path) -> None:
    write(tmp_path, MONOREPO)
    assert check(folder=tmp_path).places == EXPECTED
    # From the folder of one service, it is the root.
    assert check(folder=tmp_path / "services/churn").places == [("launch.py", 7, "TRN211")]


def test_the_nearest_configuration_decides_alone(tmp_path: Path) -> None:
    root = '[tool.flake8-training]\nignore = ["TRN4"]\nexclude = ["services/**"]\n'
    write(
        tmp_path,
        {
            **MONOREPO,
            "pyproject.toml": root,
            "launch.py": launcher("services/churn/src/training", epochs="x"),
        },
    )
    write(tmp_path, {"launch.py": WRONG.replace("src/training", "services/churn/src/training")})
    assert check(folder=tmp_path).places == [("launch.py", 7, "TRN211"), *EXPECTED]


def test_the_command_line_decides_for_every_service(tmp_path: Path) -> None:
    write(tmp_path, MONOREPO)
    # The files of the services are copies of each other.
    run = check("--select=TRN411", folder=tmp_path)
    assert run.places == [("services/churn/launch.py", 11, "TRN411")]
    assert [one["path"] for one in run.findings[0]["related"]][1:] == ["services/fraud/launch.py"]


def test_a_strict_service_fails_for_warnings_of_its_own(tmp_path: Path) -> None:
    aligned = service('select = ["TRN105"]', launcher(), UNEVALUATED)
    write(tmp_path, {**below("a", aligned), "b/x.py": "x = 1\n"})
    run = check(folder=tmp_path)
    assert ([code for _, _, code in run.places], run.exit_code) == (["TRN105"], 0)
    strict = service('select = ["TRN105"]\nstrict = true', launcher(), UNEVALUATED)
    write(tmp_path, below("a", strict))
    assert check(folder=tmp_path).exit_code == 1


BASELINE = 'baseline = "known.json"'


def test_each_service_has_its_own_baseline(tmp_path: Path) -> None:
    # A message that names a file: from the root it does so with the folder of the service.
    missing = WRONG.replace('"train.py"', '"trane.py"')
    write(
        tmp_path,
        {
            **below("services/churn", service(BASELINE, missing)),
            **below("services/fraud", service("", missing)),
            "pyproject.toml": f"[tool.flake8-training]\n{BASELINE}\n",
        },
    )
    churn = tmp_path / "services/churn"
    everything = [("launch.py", 4, "TRN406"), ("launch.py", 7, "TRN211")]
    assert check("--baseline=", folder=churn).places == everything
    training_alignment("check", "--write-baseline", "known.json", folder=churn)
    assert check(folder=churn).places == []
    # The root's baseline, which would hide everything, does not count in a service with a configuration of its own.
    training_alignment("check", "--write-baseline", "known.json", folder=tmp_path)
    of_fraud = [(f"services/fraud/{path}", line, code) for path, line, code in everything]
    assert check(folder=tmp_path).places == of_fraud
    assert check("services/churn/launch.py", folder=tmp_path).places == []
    assert check("--baseline=known.json", folder=tmp_path).places == []
    found = flake8("--select=TRN211", ".", folder=tmp_path).places
    assert {path for path, _, _ in found} == {"services/fraud/launch.py"}
    # Entries without a finding are named as seen from the root.
    write(tmp_path, {"services/churn/launch.py": launcher(), "pyproject.toml": "[tool.flake8-training]\n"})
    errors = check(folder=tmp_path).errors
    assert (
        "2 entries of the baseline are no longer found, such as TRN211 in services/churn/launch.py" in errors
    )
    write(tmp_path, {"services/churn/known.json": "{"})
    run = training_alignment("check", folder=tmp_path)
    assert (run.exit_code, run.errors.count("services/churn/known.json: no JSON")) == (2, 1)


def test_a_mistake_in_the_configuration_of_a_service_is_reported_there(tmp_path: Path) -> None:
    write(tmp_path, {**MONOREPO, **below("services/churn", service('selekt = ["TRN211"]'))})
    run = check(folder=tmp_path)
    assert ("services/churn/pyproject.toml", 5, "TRN003") in run.places
    assert run.exit_code == 2


def test_the_steps_of_a_service_count(tmp_path: Path) -> None:
    listed = (
        "[tool.flake8-training.steps.churn]\n"
        'script = "src/training/train.py"\n'
        'contract = "contract.yaml:CHURN"\n'
    )
    files = {"pyproject.toml": listed, "contract.yaml": "x: 1\n", "src/training/train.py": SCRIPT}
    write(tmp_path, below("services/churn", files))
    run = check("--select=TRN003", folder=tmp_path)
    assert [(path, code) for path, _, code in run.places] == [("services/churn/pyproject.toml", "TRN003")]


def test_flake8_uses_the_nearest_configuration(tmp_path: Path) -> None:
    write(tmp_path, MONOREPO)
    found = flake8("--select=TRN", ".", folder=tmp_path).places
    by_service = {path: code for path, _, code in found if path.endswith("launch.py")}
    assert by_service == {"services/churn/launch.py": "TRN211", "services/price/launch.py": "TRN211"}


COPIES = (
    ".ipynb_checkpoints/train.py",
    "lib/site-packages/job/train.py",
    "node_modules/x/train.py",
    "vendor/job/train.py",
    "third_party/job/train.py",
    "build/lib/job/train.py",
    "build/lib.linux-x86_64-3.11/job/train.py",
)
LOST = SCRIPT.replace('"--epochs", type=int', '"--epochs", type=bool')


def test_copies_are_left_out_by_flake8_and_by_the_command(tmp_path: Path) -> None:
    own = ("train.py", "build/train.py", "env/train.py", "vendors.py", "src/builds/train.py")
    write(tmp_path, dict.fromkeys((*COPIES, *own), LOST))
    found = {path for path, _, _ in flake8("--select=TRN113", *COPIES, *own, folder=tmp_path).places}
    assert found == set(own)
    named = flake8("--select=TRN113", "--training-scripts=vendor/**", "vendor/job/train.py", folder=tmp_path)
    assert [path for path, _, _ in named.places] == ["vendor/job/train.py"]


@pytest.mark.parametrize("path", COPIES)
def test_launchers_in_copies_are_left_out_by_the_command(tmp_path: Path, path: str) -> None:
    folder = repository(tmp_path, {path: WRONG, "launch.py": WRONG, "src/training/train.py": SCRIPT})
    assert {one for one, _, _ in check("--select=TRN211", folder=folder).places} == {"launch.py"}


IMPORTING = "from training import helper\n\nhelper.prepare()\n" + SCRIPT


def test_a_deleted_module_counts_for_whoever_imports_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "launch.py": launcher("src"),
        "src/train.py": IMPORTING,
        "src/training/helper.py": "def prepare():\n    pass\n",
        "src/training/__init__.py": "",
        "other.py": "x = 1\n",
    }
    folder = repository(tmp_path / "work", files)
    monkeypatch.setenv("PRE_COMMIT", "1")
    for name in ("PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"):
        monkeypatch.delenv(name, raising=False)
    assert check("other.py", folder=folder).places == []
    git(folder, "rm", "-r", "--quiet", "src/training")
    git(folder, "add", "--all")
    assert check("other.py", folder=folder).places == [("src/train.py", 1, "TRN407")]
    # Another file of the name, and an import that may fail, are no mistakes.
    write(folder, {"src/train.py": IMPORTING.replace("from training", "from other")})
    assert check("other.py", folder=folder).places == []
    caught = "try:\n    from training import helper\nexcept ImportError:\n    helper = None\n"
    write(folder, {"src/train.py": caught + SCRIPT})
    assert check("other.py", folder=folder).places == []


def test_a_submodule_is_read(tmp_path: Path) -> None:
    shared = repository(tmp_path / "shared", {"training/train.py": SCRIPT})
    outer = repository(tmp_path / "outer", {"launch.py": launcher("shared/training", epochs='"three"')})
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(shared), "shared")
    assert check("--select=TRN411,TRN406", folder=outer).places == [("launch.py", 11, "TRN411")]


def test_commits_to_a_monorepo(source: Path, tmp_path: Path) -> None:
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=source, capture_output=True, check=True, encoding="utf-8"
    ).stdout.strip()
    hooks = {"repos": [{"repo": source.as_uri(), "rev": head, "hooks": [{"id": "training-alignment"}]}]}
    aligned = {name: launcher() if name.endswith("launch.py") else text for name, text in MONOREPO.items()}
    shared = repository(tmp_path / "shared", {"training/train.py": SCRIPT})
    files = {
        **aligned,
        "services/shared_job.py": launcher("../shared/training"),
        ".pre-commit-config.yaml": yaml.safe_dump(hooks),
    }
    folder, home = repository(tmp_path / "work", files), tmp_path / "home"
    git(folder, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(shared), "shared")
    git(folder, "commit", "--quiet", "--message", "a submodule")
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"], cwd=folder, check=True, capture_output=True
    )
    for name in ("churn", "fraud", "price"):
        (folder / f"services/{name}/launch.py").write_text(WRONG)
    (folder / "services/shared_job.py").write_text(launcher("../shared/training", epochs='"three"'))
    broken = commit(folder, home, "break all three")
    output = broken.stdout + broken.stderr
    if CANNOT_INSTALL.search(output):
        pytest.skip("pip cannot install the project here: no package index")
    assert broken.returncode == 1
    found = re.findall(r"^(\S+?):(\d+):\d+: (?:\w+ )?(TRN\d+)", output, re.MULTILINE)
    assert sorted(found) == [
        ("services/churn/launch.py", "7", "TRN211"),
        ("services/fraud/launch.py", "11", "TRN411"),
        ("services/shared_job.py", "11", "TRN411"),
    ], output
