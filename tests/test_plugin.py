"""The plugin as a citizen of flake8: options, configuration, suppression, output, processes, standard input."""

from __future__ import annotations

import ast
import re
import textwrap
from importlib.metadata import entry_points
from pathlib import Path
from typing import NoReturn

import pytest

from flake8_training.plugin import AdvicePlugin, TrainingPlugin
from flake8_training.rules.registry import script_rules
from tests.harness import failing_plugin, flake8, flake8_process, write
from tests.in_process import run_flake8

# Only the model is not saved. The finding stands on some line of the script, the same in every test.
UNSAVED = '''\
"""Train a model and lose it."""
import argparse
import os

import pandas as pd
from sklearn.linear_model import LogisticRegression

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--C", type=float, default=1.0)
    args = parser.parse_args()
    train = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "data.csv"))
    test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "data.csv"))
    model = LogisticRegression(C=args.C).fit(train[["a", "b"]], train["label"])
    print("accuracy:", model.score(test[["a", "b"]], test["label"]))
'''
# A training script by what it does, with no word of SageMaker in it.
UNMARKED = '''\
"""Train a model where the launcher says."""
from sklearn.linear_model import LogisticRegression

if __name__ == "__main__":
    model = LogisticRegression().fit([[1], [2]], [0, 1])
'''
CLEAN = '''\
"""Not a training script."""

print("SM_MODEL_DIR")
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a script that has one finding, one that nobody takes for a training script, and a clean one."""
    write(tmp_path, {"unsaved.py": UNSAVED, "jobs/unmarked.py": UNMARKED, "clean.py": CLEAN})
    return tmp_path


def unsaved_line(folder: Path) -> int:
    """Return the line on which TRN104 stands in ``unsaved.py``."""
    ((_, line, code),) = flake8("--select=TRN", "unsaved.py", folder=folder).places
    assert code == "TRN104"
    return line


def test_finds_by_path_and_by_stdin(folder: Path) -> None:
    by_path = flake8("--select=TRN", "unsaved.py", "clean.py", folder=folder)
    assert by_path.exit_code == 1
    ((path, line, column, code, message),) = by_path.found
    assert (path, code) == ("unsaved.py", "TRN104")
    assert message.startswith("the trained model is never saved to the model directory")
    # flake8 adds 1 to a plugin's column: it stands at the first letter of a word, not one beside it.
    before, after = UNSAVED.splitlines()[line - 1][: column - 1], UNSAVED.splitlines()[line - 1][column - 1 :]
    assert re.match(r"\w", after)
    assert not re.search(r"\w$", before)
    by_stdin = flake8("--select=TRN", "--stdin-display-name=unsaved.py", "-", folder=folder, stdin=UNSAVED)
    assert by_stdin == by_path


@pytest.mark.parametrize(("module", "told"), [("logging", True), ("unheard_of", False)])
def test_what_cannot_be_told_is_not_said(folder: Path, module: str, told: bool) -> None:
    script = f"import {module}\n\nif __name__ == '__main__':\n    {module}.info('/opt/ml')\n"
    write(folder, {"opaque.py": script})
    found = flake8("--select=TRN1", "--training-scripts=opaque.py", "opaque.py", folder=folder).places
    five = {"TRN101", "TRN102", "TRN103", "TRN104", "TRN105"}
    assert {code for _, _, code in found} == (five if told else set())


def test_stdin_without_a_name_is_checked_and_has_no_folder(folder: Path) -> None:
    line = unsaved_line(folder)
    result = flake8("--select=TRN", "-", folder=folder, stdin=UNSAVED)
    assert result.places == [("stdin", line, "TRN104")]
    # With a folder, the module is followed: it saves in the working folder. Without one, nobody can tell.
    helper = "import joblib\n\ndef keep(model):\n    joblib.dump(model, 'model.joblib')\n"
    write(folder, {"helper.py": helper})
    text = UNSAVED.replace("import os\n", "import os\nimport helper\n") + "    helper.keep(model)\n"
    named = flake8("--select=TRN104", "--stdin-display-name=unsaved.py", "-", folder=folder, stdin=text)
    assert [code for _, _, code in named.places] == ["TRN104"]
    assert flake8("--select=TRN104", "-", folder=folder, stdin=text).places == []


def test_default_run_shows_the_mistakes_and_no_advice(folder: Path) -> None:
    codes = {code for _, _, code in flake8(".", folder=folder).places}
    assert "TRN104" in codes
    assert not {code for code in codes if code.startswith("TRN9")}


def test_advice_is_an_entry_point_of_its_own() -> None:
    points = entry_points(group="flake8.extension").select(module="flake8_training.plugin")
    assert {point.name: point.load() for point in points} == {"TRN": TrainingPlugin, "TRN9": AdvicePlugin}
    assert AdvicePlugin.off_by_default
    assert not hasattr(TrainingPlugin, "off_by_default")


@pytest.mark.parametrize("arguments", [("--select=TRN",), ("--ignore=E501",)])
def test_advice_is_never_shown_unasked(folder: Path, arguments: tuple[str, ...]) -> None:
    codes = {code for _, _, code in flake8(*arguments, "unsaved.py", folder=folder).places}
    assert not {code for code in codes if code.startswith("TRN9")}


def test_advice_that_is_selected_only_is_named(folder: Path) -> None:
    ended = run_flake8(["--isolated", "--extend-select=TRN9", "unsaved.py"], folder)
    assert "TRN9" not in ended.output
    assert ended.errors == "flake8-training: TRN9 is off; --enable-extensions=TRN9 turns it on\n"


def test_advice_entry_point_can_be_enabled(folder: Path) -> None:
    result = flake8("--enable-extensions=TRN9", "--select=TRN104,TRN9", "unsaved.py", folder=folder)
    codes = {code for _, _, code in result.places}
    assert "TRN104" in codes
    # Nothing in the script is logged, checked or handled.
    assert any(code.startswith("TRN9") for code in codes) == bool(script_rules(advice=True))


@pytest.mark.parametrize("start_method", ["spawn", "fork"])
def test_workers_find_the_same_as_one_process(folder: Path, start_method: str) -> None:
    arguments = ("--select=TRN", "--training-scripts=unmarked.py", ".")
    alone = flake8(*arguments, folder=folder)
    assert {path for path, _, _ in alone.places} == {"./unsaved.py".removeprefix("./"), "jobs/unmarked.py"}
    # flake8 starts its workers by the default method: on macOS and Windows that is "spawn".
    launcher = (
        "import multiprocessing, sys\n"
        "from flake8.main.cli import main\n"
        "if __name__ == '__main__':\n"
        f"    multiprocessing.set_start_method({start_method!r})\n"
        "    sys.exit(main())\n"
    )
    write(folder, {"launch/launcher.txt": launcher})
    program = (str(folder / "launch/launcher.txt"),)
    assert flake8_process("-j2", *arguments, folder=folder, program=program) == alone


@pytest.mark.parametrize(
    ("comment", "code", "shown"),
    [
        ("# noqa: TRN104", "TRN104", False),
        ("# noqa: TRN1", "TRN104", False),
        ("# noqa: E501,TRN104", "TRN104", False),
        ("# noqa", "TRN104", False),
        ("# noqa: TRN105", "TRN104", True),
    ],
)
def test_noqa_on_the_line_of_the_finding(folder: Path, comment: str, code: str, shown: bool) -> None:
    lines = UNSAVED.splitlines()
    lines[unsaved_line(folder) - 1] += f"  {comment}"
    write(folder, {"unsaved.py": "\n".join(lines) + "\n"})
    assert (
        code in {code for _, _, code in flake8("--select=TRN", "unsaved.py", folder=folder).places}
    ) == shown


def test_per_file_ignores(folder: Path) -> None:
    for stdin, arguments in ((None, ["unsaved.py"]), (UNSAVED, ["--stdin-display-name=unsaved.py", "-"])):
        ignores = "--per-file-ignores=unsaved.py:TRN104"
        assert flake8("--select=TRN", ignores, *arguments, folder=folder, stdin=stdin).places == []


def test_formats_and_statistics(folder: Path) -> None:
    line = unsaved_line(folder)
    summary = "the trained model is never saved to the model directory"
    pylint = flake8("--select=TRN", "--format=pylint", "unsaved.py", folder=folder)
    assert pylint.output.startswith(f"unsaved.py:{line}: [TRN104] {summary}")
    assert len(pylint.output.splitlines()) == 1
    own = flake8("--select=TRN", "--format=%(row)d,%(code).1s,%(code)s", "unsaved.py", folder=folder)
    assert own.output == f"{line},T,TRN104\n"
    statistics = flake8("--select=TRN", "--statistics", "-qq", "unsaved.py", folder=folder)
    (counted,) = statistics.output.splitlines()
    assert counted.startswith(f"1     TRN104 {summary}")
    source = flake8("--select=TRN", "--show-source", "unsaved.py", folder=folder)
    assert UNSAVED.splitlines()[line - 1] in source.output.splitlines()


def test_findings_are_sorted_and_never_twice(folder: Path) -> None:
    twice = UNSAVED + UNSAVED[UNSAVED.index("if __name__") :]
    write(folder, {"twice.py": twice})
    for advice in ((), ("--enable-extensions=TRN9",)):
        found = flake8("--select=TRN", *advice, ".", folder=folder).found
        assert found
        assert found == sorted(found, key=lambda one: one[:3])
        assert len(found) == len(set(found))


@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
@pytest.mark.parametrize("key", ["training-scripts", "training_scripts"])
def test_training_scripts_from_a_configuration_file(folder: Path, name: str, key: str) -> None:
    before = flake8("--select=TRN", "jobs", folder=folder, isolated=False)
    assert before.places == []
    globs = "other.py,\n    jobs/*.py"
    write(folder, {name: f"[flake8]\n{key} = {globs}\n"})
    named = flake8("--select=TRN104", "jobs", folder=folder, isolated=False)
    assert [(path, code) for path, _, code in named.places] == [("jobs/unmarked.py", "TRN104")]
    # From a folder below, flake8 finds the same file, and the glob is relative to that file.
    below = flake8("--select=TRN104", "unmarked.py", folder=folder / "jobs", isolated=False)
    assert [(path, code) for path, _, code in below.places] == [("unmarked.py", "TRN104")]


@pytest.mark.parametrize(
    "glob", ["*", "unmarked.py", "jobs/unmarked.py", "jobs/", "**/un*.py", "{folder}/jobs/*"]
)
def test_training_scripts_on_the_command_line(folder: Path, glob: str) -> None:
    option = f"--training-scripts=nothing.py,{glob.format(folder=folder.as_posix())}"
    by_path = flake8("--select=TRN104", option, "jobs/unmarked.py", folder=folder)
    assert [(path, code) for path, _, code in by_path.places] == [("jobs/unmarked.py", "TRN104")]
    name = "--stdin-display-name=jobs/unmarked.py"
    assert flake8("--select=TRN104", option, name, "-", folder=folder, stdin=UNMARKED) == by_path


def test_help_names_the_option(folder: Path) -> None:
    text = " ".join(flake8("--help", folder=folder).output.split())
    assert "--training-scripts GLOBS" in text
    assert "--training-alignment Also report" in text
    assert text.count("--training-") == 2


@pytest.mark.parametrize(
    ("failure", "exception"), [("an error", "ValueError"), ("recursion", "RecursionError")]
)
def test_a_rule_that_raises_is_a_finding_and_the_others_report(
    folder: Path, failure: str, exception: str
) -> None:
    environment = {"FAILING_RULE": "TRN101", "FAILING_WITH": failure}
    config = f"--config={failing_plugin(folder)}"
    result = flake8_process(
        "--select=TRN0,TRN1", config, "unsaved.py", folder=folder, environment=environment, isolated=False
    )
    codes = [code for _, _, code in result.places]
    # TRN104 comes from the plugin as it is installed, too.
    assert codes.count("TRN104") == 2
    assert codes.count("TRN001") == 1
    (internal,) = (found for found in result.found if found.code == "TRN001")
    assert internal.line == 1
    assert internal.message.startswith(f"internal error in a rule: TRN101 on unsaved.py, {exception} ")
    assert "::" not in internal.message
    assert "TRN101" in codes, "what the rule found before it failed"


def test_a_rule_that_raises_in_a_worker(folder: Path) -> None:
    write(folder, {"again.py": UNSAVED})
    result = flake8_process(
        "-j2",
        "--select=TRN001",
        f"--config={failing_plugin(folder)}",
        "again.py",
        "unsaved.py",
        folder=folder,
        environment={"FAILING_RULE": "TRN101"},
        isolated=False,
    )
    assert result.places == [("again.py", 1, "TRN001"), ("unsaved.py", 1, "TRN001")]


def test_a_failure_outside_the_rules_is_a_finding_too() -> None:
    class Broken(TrainingPlugin):
        def _rules(self) -> NoReturn:
            raise ImportError("no module named x:1:2: E999\nat all")

    (found,) = Broken(ast.parse(UNSAVED), "train.py", UNSAVED.splitlines(keepends=True)).run()
    line, column, text, _ = found
    assert (line, column) == (1, 0)
    assert text.startswith(
        "TRN001 internal error in a rule: the checker itself, ImportError no module named x"
    )
    assert ":1:2:" not in text
    assert "\n" not in text


def test_columns_count_characters(folder: Path) -> None:
    text = textwrap.dedent(UNSAVED).replace('"""Train a model and lose it."""', '"""Größe"""')
    lines = text.splitlines()
    at = unsaved_line(folder) - 1
    columns = []
    for prefix in ("x = 'ab'; ", "x = 'äß'; "):
        indentation = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        changed = [*lines[:at], indentation + prefix + lines[at].lstrip(), *lines[at + 1 :]]
        write(folder, {"unsaved.py": "\n".join(changed) + "\n"})
        ((_, _, column, _, _),) = flake8("--select=TRN104", "unsaved.py", folder=folder).found
        columns.append(column)
    assert columns[0] == columns[1]
