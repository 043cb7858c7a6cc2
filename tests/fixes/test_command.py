"""``check --fix``, ``--diff`` and ``--unsafe-fixes``."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from training_alignment.fixes.writing import Changed, write_file

from flake8_training.source_file import Refused
from tests.fixes.repositories import FILES, LAUNCHER, SCRIPT, repository
from tests.harness import write
from tests.in_process import run_command

MISSPELT = {
    "launcher": ('"max-depth": 3', '"max-dpeth": 3'),
    "script": ("SM_MODEL_DIR", "SM_MODEL_DRI"),
}


def contents(root: Path) -> dict[str, bytes]:
    """Return the bytes of all files by their paths."""
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_the_repository_has_no_finding(tmp_path: Path) -> None:
    ended = run_command(["check", "--strict"], repository(tmp_path))
    assert ended == (0, "", "")


def test_fix_restores_the_files(tmp_path: Path) -> None:
    root = repository(tmp_path, **MISSPELT)
    ended = run_command(["check", "--fix"], root)
    assert (ended.exit_code, ended.output) == (0, "")
    assert ended.errors == "training-alignment: 2 findings fixed in 2 files\n"
    assert contents(root) == {path: text.encode() for path, text in FILES.items()}


def test_diff_changes_no_file(tmp_path: Path) -> None:
    root = repository(tmp_path, **MISSPELT)
    before = contents(root)
    ended = run_command(["check", "--diff"], root)
    assert ended.exit_code == 1
    lines = [
        line for line in ended.output.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert [line.strip() for line in lines] == [
        '-    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DRI"], "model.joblib"))',
        '+    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))',
        '-    hyperparameters={"max-dpeth": 3, \'learning-rate\': 0.1,  "estimators": 10},',
        '+    hyperparameters={"max-depth": 3, \'learning-rate\': 0.1,  "estimators": 10},',
    ]
    assert contents(root) == before


def test_diff_of_a_clean_repository_ends_with_0(tmp_path: Path) -> None:
    assert run_command(["check", "--diff"], repository(tmp_path)) == (0, "", "")


def test_what_has_no_fix_is_reported_after_the_fixes(tmp_path: Path) -> None:
    root = repository(tmp_path, launcher=('"estimators": 10', '"max-dpth": 3, "nothing": 10'))
    ended = run_command(["check", "--fix"], root)
    assert ended.exit_code == 1
    assert "--nothing" in ended.output
    assert '"max-depth": 3' in (root / "launch.py").read_text()


def test_only_the_named_files_are_fixed(tmp_path: Path) -> None:
    root = repository(tmp_path, **MISSPELT)
    write(root, {"other/fit.py": SCRIPT.replace("SM_MODEL_DIR", "SM_MODEL_DRI")})
    run_command(["check", "--fix", "launch.py"], root)
    assert "SM_MODEL_DRI" in (root / "other/fit.py").read_text()
    assert (root / "launch.py").read_text() == LAUNCHER


def test_a_script_of_no_launcher_is_fixed_too(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.flake8-training]\n"})
    write(tmp_path, {"fit.py": SCRIPT.replace("SM_MODEL_DIR", "SM_MODEL_DRI")})
    run_command(["check", "--fix", "fit.py"], tmp_path)
    assert (tmp_path / "fit.py").read_text() == SCRIPT


@pytest.mark.parametrize("comment", ["  # noqa: TRN410", "  # noqa"])
def test_a_silenced_finding_is_not_fixed(tmp_path: Path, comment: str) -> None:
    line = 'hyperparameters={"max-depth": 3, \'learning-rate\': 0.1,  "estimators": 10},'
    root = repository(tmp_path, launcher=(line, line.replace("max-depth", "max-dpeth") + comment))
    before = contents(root)
    run_command(["check", "--fix"], root)
    assert contents(root) == before


def test_line_ends_and_the_byte_order_mark_are_kept(tmp_path: Path) -> None:
    root = repository(tmp_path)
    right = b"\xef\xbb\xbf" + LAUNCHER.replace("\n", "\r\n").encode()
    wrong = right.replace(b'"ml.m5.xlarge"', b'"ml.m5.xlagre"').replace(b'"train":', b'"trian":')
    (root / "launch.py").write_bytes(wrong)
    run_command(["check", "--fix"], root)
    assert (root / "launch.py").read_bytes() == right


def test_the_mode_of_a_file_is_kept_and_no_other_file_is_left(tmp_path: Path) -> None:
    root = repository(tmp_path, **MISSPELT)
    (root / "launch.py").chmod(0o751)
    run_command(["check", "--fix"], root)
    assert stat.S_IMODE((root / "launch.py").stat().st_mode) == 0o751
    assert set(contents(root)) == set(FILES)


def test_an_unsafe_fix_is_applied_only_on_request(tmp_path: Path) -> None:
    # The script writes either spelling once: any of them may be meant.
    script = SCRIPT.replace('"--estimators"', '"--rounds_of_it"').replace(
        "args.estimators", "args.ruonds_of_it"
    )
    launcher = LAUNCHER.replace('"estimators": 10', "")
    root = repository(tmp_path)
    write(root, {"code/train_model.py": script, "launch.py": launcher})
    run_command(["check", "--fix"], root)
    assert (root / "code/train_model.py").read_text() == script
    run_command(["check", "--fix", "--unsafe-fixes"], root)
    assert (root / "code/train_model.py").read_text() == script.replace("ruonds_of_it", "rounds_of_it")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--unsafe-fixes"], "--unsafe-fixes needs --fix or --diff"),
        (["--fix", "--show-unknown"], "--show-unknown does not go with --fix or --diff"),
    ],
)
def test_options_that_do_not_go_together(tmp_path: Path, arguments: list[str], message: str) -> None:
    ended = run_command(["check", *arguments], repository(tmp_path))
    assert ended.exit_code == 2
    assert message in ended.errors


def test_sarif_carries_the_fix(tmp_path: Path) -> None:
    root = repository(tmp_path, launcher=MISSPELT["launcher"])
    results = json.loads(run_command(["check", "--format=sarif"], root).output)["runs"][0]["results"]
    (change,) = results[0]["fixes"][0]["artifactChanges"]
    line = LAUNCHER.splitlines().index(next(one for one in LAUNCHER.splitlines() if "hyperparameters" in one))
    assert change["artifactLocation"] == {"uri": "launch.py", "uriBaseId": "SRCROOT"}
    assert change["replacements"] == [
        {
            "deletedRegion": {
                "startLine": line + 1,
                "startColumn": 23,
                "endLine": line + 1,
                "endColumn": 32,
            },
            "insertedContent": {"text": "max-depth"},
        }
    ]


def test_a_file_behind_a_link_is_not_written(tmp_path: Path) -> None:
    root = repository(tmp_path, launcher=MISSPELT["launcher"])
    (root / "real").mkdir()
    os.rename(root / "launch.py", root / "real" / "launch.txt")
    (root / "launch.py").symlink_to(root / "real" / "launch.txt")
    before = contents(root)
    ended = run_command(["check", "--fix"], root)
    assert contents(root) == before
    assert "launch.py: not fixed: a link" in ended.errors
    assert ended.exit_code == 1


def test_a_file_that_changed_since_is_not_written(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x = 2\n"})
    with pytest.raises(Changed):
        write_file(tmp_path, "a.py", b"x = 1\n", b"x = 3\n")
    with pytest.raises(Changed):
        write_file(tmp_path, "a.py", b"x = 2", b"x = 3\n")
    assert contents(tmp_path) == {"a.py": b"x = 2\n"}


def test_a_path_out_of_the_repository_is_not_written(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x = 1\n", "inside/b.py": ""})
    (tmp_path / "inside" / "above").symlink_to(tmp_path)
    for path in ("../a.py", "above/a.py"):
        with pytest.raises(Refused):
            write_file(tmp_path / "inside", path, b"x = 1\n", b"x = 2\n")
    assert (tmp_path / "a.py").read_text() == "x = 1\n"


def _notebook(source: object, *, escaped: bool) -> str:
    cells = [
        {"cell_type": "markdown", "source": ["# max-dpeth\n"], "metadata": {}},
        {"cell_type": "code", "source": "import os", "metadata": {}, "outputs": [], "execution_count": 3},
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": []},
    ]
    data = {"cells": cells, "metadata": {"name": "東京"}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(data, indent=1, ensure_ascii=escaped) + "\n"


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("whole", [True, False])
def test_a_notebook_is_fixed_and_no_other_byte_changes(tmp_path: Path, escaped: bool, whole: bool) -> None:
    right = LAUNCHER.replace('{"max-depth"', '{"\U0001f680é\\t": 1, "max-depth"')
    wrong = right.replace('"max-depth"', '"max-dpeth"').replace("xlarge", "xlagre")
    root = repository(tmp_path)
    (root / "launch.py").unlink()
    sources = [text if whole else text.splitlines(keepends=True) for text in (wrong, right)]
    write(root, {"notebook.ipynb": _notebook(sources[0], escaped=escaped)})
    ended = run_command(["check", "--fix"], root)
    assert "2 findings fixed in 1 file" in ended.errors
    assert (root / "notebook.ipynb").read_text(encoding="utf-8") == _notebook(sources[1], escaped=escaped)


def test_copies_of_a_file_are_fixed_alike(tmp_path: Path) -> None:
    root = repository(tmp_path, **MISSPELT)
    for path in ("launch.py", "code/train_model.py"):
        write(root, {f"copy/{path}": (root / path).read_text()})
    ended = run_command(["check", "--fix"], root)
    assert (ended.exit_code, ended.output) == (0, "")
    assert (root / "copy/launch.py").read_text() == LAUNCHER
    assert (root / "copy/code/train_model.py").read_text() == SCRIPT
