"""Options of ``check`` for every day: several reports, files, settings, statistics, progress, watching."""

from __future__ import annotations

import functools
import io
import json
import os
import signal
import subprocess
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import pytest
from training_alignment.checking.watching import changes
from training_alignment.progress import Progress

from tests.alignment import COMMAND, ENVIRONMENT, git, training_alignment
from tests.harness import flake8, flake8_process, write
from tests.test_baseline import FILES, LAUNCHER, SCRIPT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A launcher and a script with a mistake each, in a folder of a git repository."""
    git(tmp_path, "init", "--quiet")
    write(tmp_path / "project", {**FILES, "pyproject.toml": "[tool.flake8-training]\n"})
    return tmp_path / "project"


def test_several_reports_at_once(folder: Path) -> None:
    run = training_alignment(
        "check",
        "--format=text",
        *(
            f"--format={style}:out.{style}"
            for style in ("json", "sarif", "gitlab", "rdjson", "junit", "github")
        ),
        folder=folder,
    )
    assert run.exit_code == 1
    assert [line.split()[1] for line in run.output.splitlines() if line[0] != " "] == ["TRN211", "TRN104"]
    written = {path.suffix[1:]: path.read_text() for path in folder.glob("out.*")}
    assert [f["path"] for f in json.loads(written["json"])] == ["launch.py", "train.py"]
    # A host of code shows paths from the top of the repository.
    at_the_top = ["project/launch.py", "project/train.py"]
    (sarif,) = json.loads(written["sarif"])["runs"]
    places = [result["locations"][0]["physicalLocation"] for result in sarif["results"]]
    assert [place["artifactLocation"]["uri"] for place in places] == at_the_top
    assert [place["artifactLocation"]["uriBaseId"] for place in places] == ["SRCROOT"] * 2
    assert sarif["originalUriBaseIds"]["SRCROOT"]["uri"] == f"{folder.parent.as_uri()}/"
    assert places[0]["region"] == {"startLine": 6, "startColumn": 19, "endLine": 6, "endColumn": 32}
    fixes = [
        change
        for one in sarif["results"]
        for fix in one.get("fixes", ())
        for change in fix["artifactChanges"]
    ]
    assert {change["artifactLocation"]["uri"] for change in fixes} == {"project/launch.py"}
    rules = sarif["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["TRN104", "TRN211"]
    assert all(
        rule["helpUri"].endswith(f"/rules/{rule['id']}/") and rule["help"]["markdown"] for rule in rules
    )
    assert [issue["location"]["path"] for issue in json.loads(written["gitlab"])] == at_the_top
    diagnostics = json.loads(written["rdjson"])["diagnostics"]
    assert [one["location"]["path"] for one in diagnostics] == at_the_top
    assert diagnostics[0]["location"]["range"]["end"] == {"line": 6, "column": 32}
    suites = ElementTree.fromstring(written["junit"])
    assert [suite.get("name") for suite in suites] == at_the_top
    assert [
        line.partition("file=")[2].partition(",")[0] for line in written["github"].splitlines()
    ] == at_the_top


@pytest.mark.parametrize("at", [".", "..", "project/jobs"])
def test_paths_from_the_top_wherever_the_check_starts(at: str, folder: Path) -> None:
    write(folder, {"jobs/keep.txt": ""})
    start = folder.parent / at
    run = training_alignment("check", "--format=gitlab", "--root", str(folder), folder=start.resolve())
    assert [issue["location"]["path"] for issue in run.data] == ["project/launch.py", "project/train.py"]


def test_the_report_in_a_file(folder: Path) -> None:
    run = training_alignment("check", "--output-file", "report.txt", folder=folder)
    assert (run.exit_code, run.output) == (1, "")
    report = (folder / "report.txt").read_text()
    assert report == training_alignment("check", folder=folder).output
    # A file is written even if no file of the commit concerns the tool: it may hold an older report.
    write(folder, {"README.md": "Nothing.\n"})
    assert training_alignment("check", "README.md", "--output-file", "report.txt", folder=folder) == (
        0,
        "",
        "",
    )
    assert (folder / "report.txt").read_text() == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--format=text", "--format=json"), "two reports on standard output: name a file for one"),
        (("--format=text:a", "--format=json:a"), "two reports on a: "),
        (("--format=text:a", "--output-file=b"), "--output-file: each report has a file of its own"),
        (("--format=sarif:",), "sarif: names no file"),
        (("--format=sarf",), "invalid choice: 'sarf' (did you mean sarif?)"),
        (("--output-file=nowhere/report.txt",), "nowhere/report.txt: No such file or directory"),
        (("--write-baseline=nowhere/b.json",), "nowhere/b.json: No such file or directory"),
    ],
)
def test_reports_that_cannot_be(arguments: tuple[str, ...], says: str, folder: Path) -> None:
    run = training_alignment("check", *arguments, folder=folder)
    assert (run.exit_code, run.output) == (2, "")
    assert says in run.errors


def test_standard_input_replaces_a_file(folder: Path) -> None:
    def codes(name: str, source: str, *more: str, start: Path = folder) -> list[tuple[str, str]]:
        run = training_alignment(
            "check", "-", *more, f"--stdin-display-name={name}", "--format=json", folder=start, stdin=source
        )
        return [(finding["path"], finding["code"]) for finding in run.findings]

    right = LAUNCHER.replace("lagre", "large")
    assert codes("launch.py", right) == [("train.py", "TRN104")]
    assert codes("launch.py", right.replace("train.py", "trian.py")) == [("launch.py", "TRN406")]
    # The script has changed, and the launcher on disk starts it.
    renamed = SCRIPT.replace("SM_CHANNEL_TEST", "SM_CHANNEL_VALID")
    assert ("launch.py", "TRN408") in codes("train.py", renamed)
    # A file that does not exist yet, from a folder below.
    (folder / "jobs").mkdir()
    assert ("new.py", "TRN211") in codes("new.py", LAUNCHER, start=folder / "jobs")
    assert codes("launch.py", right, "train.py") == [("train.py", "TRN104")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("-",), "-: --stdin-display-name has to name the file"),
        (("-", "--stdin-display-name=../../x.py"), "../../x.py is not in the repository"),
        (("-", "--stdin-display-name=x.py", "--watch"), "--watch has nothing to watch"),
    ],
)
def test_standard_input_that_cannot_be_checked(arguments: tuple[str, ...], says: str, folder: Path) -> None:
    run = training_alignment("check", *arguments, folder=folder, stdin=LAUNCHER)
    assert (run.exit_code, run.output) == (2, "")
    assert says in run.errors


def test_exit_zero(folder: Path) -> None:
    run = training_alignment("check", "--exit-zero", "--strict", folder=folder)
    assert run.exit_code == 0
    assert run.output == training_alignment("check", folder=folder).output
    write(folder, {"pyproject.toml": "[tool.flake8-training]\nselct = []\n"})
    assert training_alignment("check", "--exit-zero", folder=folder).exit_code == 2


def test_statistics(folder: Path) -> None:
    second = LAUNCHER.replace("estimator", "second")
    write(folder, {"more.py": second})
    run = training_alignment("check", "--statistics", folder=folder)
    counts = [line.split()[:2] for line in run.output.splitlines()[-2:]]
    assert counts == [["2", "TRN211"], ["1", "TRN104"]]
    run = training_alignment("check", "--statistics", "--format=json", folder=folder)
    assert len(run.data) == 3
    assert run.errors.splitlines()[0].startswith("2  TRN211  the instance setting")
    write(folder, {"launch.py": "", "more.py": "", "train.py": ""})
    assert training_alignment("check", "--statistics", folder=folder) == (0, "", "")


def test_show_files(folder: Path) -> None:
    write(folder, {"notes.md": "", "other.py": "x = 1\n"})
    assert training_alignment("check", "--show-files", folder=folder) == (0, "launch.py\ntrain.py\n", "")
    run = training_alignment("check", "--show-files", "launch.py", folder=folder)
    assert run == (0, "launch.py\ntrain.py\n", "")
    assert training_alignment("check", "--show-files", "other.py", folder=folder) == (0, "", "")


def test_show_settings(folder: Path) -> None:
    section = (
        '[tool.flake8-training]\nignore = ["TRN105"]\nlevels = [1]\nbaseline = "known.json"\n'
        '[tool.flake8-training.per-file-ignores]\n"*.json" = ["TRN2"]\n'
        '[tool.flake8-training.steps.churn]\nscript = "train.py"\n'
    )
    write(folder, {"pyproject.toml": section})
    run = training_alignment("check", "--show-settings", "--levels=2,3", folder=folder)
    rows = {line.split("  ")[0]: line.split("  ", 1)[1].split() for line in run.output.splitlines()[1:]}
    assert run.exit_code == 0
    assert rows["repository"] == [str(folder)]
    assert rows["ignore"] == ["TRN105", "pyproject.toml"]
    assert rows["levels"] == ["2,", "3", "command", "line"]
    assert rows["baseline"] == ["known.json", "pyproject.toml"]
    assert rows["per-file-ignores"] == ["*.json", "(TRN2)", "pyproject.toml"]
    assert rows["steps"] == ["churn", "pyproject.toml"]
    assert rows["strict"] == ["false", "default"]
    write(folder, {"pyproject.toml": "[tool.flake8-training]\nselct = []\n"})
    run = training_alignment("check", "--show-settings", folder=folder)
    assert run.exit_code == 2
    assert "did you mean select?" in run.errors


def test_validate_config(folder: Path) -> None:
    def validated(section: str) -> tuple[int, str]:
        write(folder, {"pyproject.toml": section})
        run = training_alignment("validate-config", folder=folder)
        return run.exit_code, run.output + run.errors

    valid = "pyproject.toml: [tool.flake8-training] is valid\n"
    assert validated('[tool.flake8-training]\nignore = ["TRN105"]\nexclude = ["train.py"]\n') == (0, valid)
    code, output = validated("[tool.flake8-training]\nselct = []\nstrict = 1\n")
    assert code == 2
    assert output.splitlines() == [
        "pyproject.toml:2:1: TRN003 error: unknown key selct, did you mean select?",
        "pyproject.toml:3:1: TRN003 error: strict is a number, not true or false",
    ]
    code, output = validated(
        '[tool.flake8-training]\nselect = ["TRM1"]\nexclude = ["old/**"]\nbaseline = "b.json"\n'
        'training-scripts = ["jobs/*.py"]\n[tool.flake8-training.per-file-ignores]\n"x.json" = ["TRN8"]\n'
    )
    assert code == 0
    assert [line.split(": ", 2)[2] for line in output.splitlines()[:-1]] == [
        "select: TRM1 begins no code",
        "per-file-ignores of x.json: TRN8 begins no code",
        "training-scripts: jobs/*.py matches no file",
        "exclude: old/** matches no file",
        "per-file-ignores: x.json matches no file",
        "baseline: there is no file b.json; check --write-baseline writes it",
    ]
    code, output = validated("[tool.other]\n")
    assert code == 0
    assert "no section [tool.flake8-training]" in output


def test_validate_config_names_misspelt_keys_of_flake8(folder: Path) -> None:
    keys = "training_script = a.py\ntraining-alignment = true\ntraining-alignments = true\nmax-line-length = 90\n"
    write(folder, {".flake8": f"[flake8]\n{keys}", "setup.cfg": "[other]\ntraining-script = a.py\n"})
    run = training_alignment("validate-config", folder=folder)
    assert run.exit_code == 0
    assert run.output.splitlines()[:2] == [
        ".flake8: warning: [flake8] has the key training_script, did you mean training-scripts? "
        "(flake8 ignores unknown keys)",
        ".flake8: warning: [flake8] has the key training-alignments, did you mean training-alignment? "
        "(flake8 ignores unknown keys)",
    ]
    assert run.output.count("warning") == 2


@pytest.mark.parametrize("option", ["--select=TRN9", "--extend-select=TRN904", "--select=E,TRN9"])
def test_the_advice_family_says_how_to_turn_it_on(option: str, tmp_path: Path) -> None:
    write(tmp_path, {"train.py": SCRIPT, "other.py": SCRIPT})
    command = [COMMAND.replace("training-alignment", "flake8"), "--isolated", option, "-j2", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.stderr == "flake8-training: TRN9 is off; --enable-extensions=TRN9 turns it on\n"
    assert flake8("--select=TRN9", "--enable-extensions=TRN9", folder=tmp_path).found
    assert flake8_process("--select=TRN1", folder=tmp_path).errors == ""


def test_progress_is_shown_after_two_seconds_and_erased() -> None:
    now = 0.0
    stream = io.StringIO()
    progress = Progress(stream, lambda: now)
    progress(1, 9)
    progress.clear()
    assert stream.getvalue() == ""
    now = 2.5
    progress(3, 9)
    progress(4, 9)
    now = 3.0
    progress(5, 9)
    progress.clear()
    shown = stream.getvalue().split("\r\x1b[2K")
    assert shown == [
        "",
        "Checking 3 of 9 steps and launchers",
        "Checking 5 of 9 steps and launchers",
        "",
    ]


def test_every_step_and_launcher_counts(folder: Path) -> None:
    from training_alignment.checking.run import check_repository

    seen: list[tuple[int, int]] = []
    write(folder, {"more.py": LAUNCHER})
    check_repository(folder, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_changes_are_seen(folder: Path) -> None:
    steps = iter(
        (
            lambda: None,
            lambda: write(folder, {"launch.py": LAUNCHER + "\n"}),
            lambda: write(folder, {"notes.md": "not a file of a step"}),
            lambda: write(folder, {"new.yaml": "a: 1\n"}),
            lambda: (folder / "train.py").unlink(),
        )
    )
    found = islice(changes(folder, lambda _: next(steps)()), 4)
    assert list(found) == [(), ("launch.py",), ("new.yaml",), ("train.py",)]


def test_watch_checks_again_until_it_is_interrupted(folder: Path) -> None:
    process = subprocess.Popen(
        [COMMAND, "check", "--watch", "--select=TRN211"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**ENVIRONMENT, "PYTHONUNBUFFERED": "1"},
        # A shell that starts the tests in the background has the signal ignored.
        preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        assert "TRN211" in process.stdout.readline()
        assert "exit code 1" in process.stderr.readline()
        os.utime(folder / "launch.py", ns=(1, 1))
        write(folder, {"launch.py": LAUNCHER.replace("ml.m5.lagre", "ml.m5.large")})
        assert "exit code 0" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
    finally:
        process.kill()
        process.communicate()
