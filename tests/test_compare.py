"""The comparison of two checkouts: over made-up checkouts, whose whole check is one word on a line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks.compare import Reported, difference, main, of_alignment, of_flake8, side
from tests.harness import write

PLUGIN = """
class TrainingPlugin:
    name, version = "made-up", "1"

    def __init__(self, tree, lines):
        self.lines = lines

    def run(self):
        for number, line in enumerate(self.lines, 1):
            if WORD in line:
                yield number, 0, CODE + " " + MESSAGE, type(self)


class AdvicePlugin(TrainingPlugin):
    def run(self):
        return iter(())
"""
COMMAND = """
import json


def main():
    print(json.dumps(FOUND))
    return int(bool(FOUND))
"""
FOUND = {"code": "TRN401", "severity": "error", "path": "step.yaml", "line": 3, "message": "no role"}


def checkout(
    folder: Path,
    word: str = "wrong",
    code: str = "TRN101",
    message: str = "it is wrong",
    found: list[dict[str, object]] | None = None,
    command: str = COMMAND,
) -> str:
    """Write a checkout whose flake8 rule reports ``code`` where a line contains ``word``; return its path."""
    found = [FOUND] if found is None else found
    constants = f"WORD, CODE, MESSAGE = {word!r}, {code!r}, {message!r}\n"
    write(
        folder,
        {
            "flake8_training/__init__.py": "",
            "flake8_training/plugin.py": constants + PLUGIN,
            "hooks/training_alignment/__init__.py": "",
            "hooks/training_alignment/cli.py": f"FOUND = {found!r}\n{command}",
        },
    )
    return str(folder)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    write(tmp_path / "sources", {"train.py": "fine = 1\nwrong = 2\n", "pipeline/launch.py": "other = 3\n"})
    return tmp_path / "sources"


def test_each_finding_of_one_checkout_alone_is_a_difference(
    tmp_path: Path, sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a = checkout(tmp_path / "a")
    b = checkout(tmp_path / "b", word="other", found=[{**FOUND, "severity": "warning"}])
    assert main([a, a, str(sources)]) == 0
    assert "A 2, B 2, only A 0, only B 0; CPU A " in capsys.readouterr().out
    assert main([a, b, str(sources)]) == 1
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")] == [
        "  - error TRN401 step.yaml:3 no role",
        "  - flake8 TRN101 train.py:2 it is wrong",
        "  + flake8 TRN101 pipeline/launch.py:1 it is wrong",
        "  + warning TRN401 step.yaml:3 no role",
    ]


def test_kept_findings_stand_in_the_place_of_their_checkout(
    tmp_path: Path, sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = checkout(tmp_path / "a"), checkout(tmp_path / "b", message="it is not right")
    kept = str(tmp_path / "kept.jsonl")
    assert main(["--keep", kept, a, str(sources)]) == 0
    (sources / "train.py").write_text("fine = 1\n")
    assert side(Path(kept)).outcome(sources).reported[0] == Reported(
        "TRN401", "step.yaml", 3, "error", "no role"
    )
    (sources / "train.py").write_text("fine = 1\nwrong = 2\n")
    capsys.readouterr()
    assert main([kept, b]) == 0
    assert str(sources) in capsys.readouterr().out
    assert main([kept, b, "--messages"]) == 1
    assert "  + flake8 TRN101 train.py:2 it is not right\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [
        "def main():\n    raise KeyError('step')\n",
        "def main():\n    print('no JSON')\n    return 0\n",
        "def main():\n    print('[1]')\n    return 0\n",
        "def main():\n    print('{}')\n    return 0\n",
    ],
)
def test_a_check_that_fails_is_a_difference(
    tmp_path: Path, sources: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    a, b = checkout(tmp_path / "a", found=[]), checkout(tmp_path / "b", command=command)
    assert main([a, b, str(sources)]) == 1
    assert "  + failed alignment .:0 " in capsys.readouterr().out


@pytest.mark.parametrize(
    "failure", ["raise SystemExit(1)", "raise KeyError('step')", "raise KeyboardInterrupt"]
)
def test_a_flake8_that_fails_is_a_difference(
    tmp_path: Path, sources: Path, capsys: pytest.CaptureFixture[str], failure: str
) -> None:
    a, b = checkout(tmp_path / "a", word="nowhere"), checkout(tmp_path / "b")
    plugin = Path(b, "flake8_training", "plugin.py")
    plugin.write_text(plugin.read_text().replace("self.lines = lines", failure))
    assert main([a, b, str(sources)]) == 1
    assert "  + failed flake8 .:0 exit code 1" in capsys.readouterr().out


def test_no_module_of_a_compared_folder_is_run(tmp_path: Path, sources: Path) -> None:
    ran = tmp_path / "ran"
    names = ("flake8", "ast", "argparse", "training_alignment", "sitecustomize")
    write(sources, {f"{name}.py": f"open({str(ran)!r}, 'w').close()\n" for name in names})
    a = checkout(tmp_path / "a")
    assert main([a, a, str(sources)]) == 0
    assert not ran.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the interpreter is a shell script")
def test_a_checkout_runs_with_the_interpreter_of_its_own_environment(tmp_path: Path, sources: Path) -> None:
    a = checkout(tmp_path / "a")
    python = Path(a, ".venv", "bin", "python")
    write(
        Path(a),
        {".venv/bin/python": f'#!/bin/sh\nPYTHONPATH={a}:{a}/hooks exec {sys.executable} "$@"\n'},
    )
    python.chmod(0o755)
    assert len(side(Path(a)).outcome(sources).reported) == 2
    python.write_text("#!/bin/sh\nexit 3\n")
    assert main([a, a, str(sources)]) == 2


def test_what_cannot_be_compared_is_a_usage_error(
    tmp_path: Path, sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, kept, gone = checkout(tmp_path / "a"), tmp_path / "kept.jsonl", str(tmp_path / "gone")
    other = tmp_path / "other"
    other.mkdir()
    kept.write_text("")
    for names, why in (
        ([gone, a, str(sources)], "neither a checkout nor a file"),
        ([a, a, gone], "is no folder"),
        ([str(kept), a], "no folder is named"),
        ([str(kept), str(kept), str(sources)], "none of"),
        # The interpreter has the project under test: it would be compared in place of the empty folder.
        ([a, str(other), str(sources)], "is not a checkout that can run: it imports"),
    ):
        assert main(names) == 2
        assert why in capsys.readouterr().err
    for text in ("{", "[]", '{"code": 1}', '{"folder": 1, "seconds": 1}', "[" * 100_000):
        kept.write_text('{"folder": "/x", "seconds": 1.0}\n' + text)
        assert main([str(kept), a]) == 2
        assert ":2 is no line that --keep writes" in capsys.readouterr().err


def test_paths_and_messages_are_read_whatever_they_contain() -> None:
    odd = Reported("TRN101", "a\t'b\":1:2: TRN102 c.py", 7, "flake8", "'\"\t\\ (TRN103)")
    assert list(of_flake8(f"({odd.code!r}, {'./' + odd.path!r}, {odd.line!r}, {odd.message!r})\n")) == [odd]
    whole = {**odd._asdict(), "severity": "error", "column": 1, "related": []}
    assert list(of_alignment(json.dumps([whole]))) == [odd._replace(severity="error")]
    for output in ("print(1)", "('TRN101', 'a.py', '7', 'x')", "('TRN101', 'a.py', 7)", "7"):
        with pytest.raises(ValueError, match="no finding"):
            list(of_flake8(output))


def test_what_comes_from_a_folder_is_made_safe_for_the_terminal() -> None:
    assert str(Reported("TRN101", "a\x1b[2J.py", 1, "error", "x\n- error")) == (
        "error TRN101 a\\x1b[2J.py:1 x\\n- error"
    )


def test_a_finding_that_is_reported_more_often_is_a_difference() -> None:
    one = Reported("TRN101", "a.py", 1, "error", "first")
    two = one._replace(message="second")
    assert difference([one, two], [two], messages=False) == ([two], [])
    assert difference([one, two], [two], messages=True) == ([one], [])
    assert difference([two], [one, two, one], messages=True) == ([], [one, one])
