"""The commands of a checkout.

``python3 dev.py examples`` shows the command and the plugin at work, ``python3 dev.py test`` runs every check,
``python3 dev.py fuzz`` checks generated programs, ``python3 dev.py slow`` compares with the real SDKs. Requires Python
3.11 or newer and nothing else. Each command creates the environment ``.venv`` if it does not exist, and installs the
project in it again whenever ``pyproject.toml`` has changed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shlex
import subprocess
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")

FINDING = re.compile(r"(?P<path>.+?):(?P<line>\d+):\d+: (?P<code>TRN\d{3}) ")


def main() -> int:
    """Run the command named on the command line and return its exit code."""
    parser = argparse.ArgumentParser(description="Sets the project up and runs it.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("examples", help="run the command and flake8 with the plugin over examples/")
    test = commands.add_parser("test", help="run the linters, the type checker and the tests")
    test.add_argument("pytest", nargs="*", metavar="ARGUMENT", help="given to pytest; after --")
    slow = commands.add_parser(
        "slow", help="compare with the real SDKs and the real toolkit, which it installs"
    )
    slow.add_argument("pytest", nargs="*", metavar="ARGUMENT", help="given to pytest; after --")
    commands.add_parser("docs", help="build the documentation's site, with strict links")
    browser = commands.add_parser("browser", help="open the page of `report` in a real browser")
    browser.add_argument("pytest", nargs="*", metavar="ARGUMENT", help="given to pytest; after --")
    commands.add_parser(
        "fuzz",
        help="check generated programs and repositories; options: --seconds N, --seed S, --python PATH, --help",
        add_help=False,
    )
    arguments, fuzzing = parser.parse_known_args()
    if fuzzing and arguments.command != "fuzz":
        parser.error(f"unrecognized arguments: {' '.join(fuzzing)}")
    if sys.version_info < (3, 11):  # noqa: UP036 (whatever Python the machine has runs this file)
        version = ".".join(map(str, sys.version_info[:3]))
        parser.error(f"flake8-training needs Python 3.11 or newer, and this is {version}")
    os.chdir(ROOT)
    if arguments.command == "examples":
        install("")
        return examples()
    if arguments.command == "docs":
        return in_environment("docs", ["mkdocs", "build", "--strict", "--quiet"])
    if arguments.command == "browser":
        return in_environment("browser", ["pytest", "-p", "no:cacheprovider", "browser", *arguments.pytest])
    install("test")
    if arguments.command == "fuzz":
        return 0 if passes(["fuzzing", *fuzzing]) else 1
    return compare(arguments.pytest) if arguments.command == "slow" else test_everything(arguments.pytest)


def install(extra: str) -> None:
    """Create the environment and install the project, unless that has been done for this pyproject.toml."""
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    # The requirements of the tests include those of the examples.
    stamps = [ENVIRONMENT / f"installed-{name}" for name in {extra or "plain", "test"}]
    if any(stamp.is_file() and stamp.read_text() == digest for stamp in stamps):
        return
    if not PYTHON.exists():
        print(f"Making the environment {ENVIRONMENT.name}", flush=True)
        venv.create(ENVIRONMENT, with_pip=True)
    print("Installing the project and what it needs", flush=True)
    target = f".[{extra}]" if extra else "."
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--editable", target], check=True)
    (ENVIRONMENT / f"installed-{extra or 'plain'}").write_text(digest)


def in_environment(extra: str, command: list[str]) -> int:
    """Run a module in an environment of its own, which holds the project with an extra; return its exit code."""
    folder = ROOT / f".venv-{extra}"
    python = folder / SCRIPTS.name / PYTHON.name
    stamp = folder / "installed"
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if not (stamp.is_file() and stamp.read_text() == digest):
        print(f"Making the environment {folder.name}", flush=True)
        venv.create(folder, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--editable", f".[{extra}]"], check=True)
        stamp.write_text(digest)
    print(f"$ {shlex.join(command)}", flush=True)
    return subprocess.run([str(python), "-m", *command], env=environment()).returncode


def examples() -> int:
    """Print the findings in ``examples/``; return 0 if they are those that README and comments announce."""
    return max(checked_example(), linted_examples())


def checked_example() -> int:
    """Print the check of a launcher with its script; return 0 if it prints what the README shows."""
    shown = re.search(
        r"^\$ training-alignment (check .*)\n((?:(?!```).*\n)*)```",
        Path("README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert shown is not None
    print(f"$ training-alignment {shown[1]}", flush=True)
    command = [str(PYTHON), "-m", "training_alignment", *shlex.split(shown[1])]
    result = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", env=environment())
    print(result.stdout, end="")
    is_shown = (result.returncode, result.stdout) == (1, shown[2])
    print(f"{'As' if is_shown else 'Other than'} the README shows.\n")
    return 0 if is_shown else 1


def linted_examples() -> int:
    """Print the findings of flake8 in ``examples/``; return 0 if the comments there announce exactly these."""
    command = [str(PYTHON), "-m", "flake8", "--isolated", "--select=TRN", "examples"]
    print(f"$ {shlex.join(['flake8', *command[3:]])}", flush=True)
    result = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8")
    print(result.stdout, end="")
    found = {
        (Path(match["path"]).as_posix(), int(match["line"]), match["code"])
        for match in map(FINDING.match, result.stdout.splitlines())
        if match
    }
    announced = announced_findings()
    print(f"flake8 ended with exit code {result.returncode}.")
    for path, line, code in sorted(found - announced):
        print(f"Unexpected: {code} in {path} line {line}")
    for path, line, code in sorted(announced - found):
        print(f"Missing: {code} in {path} line {line}")
    if found != announced or result.returncode not in (0, 1):
        return 1
    clean = len(list(Path("examples").rglob("*.py"))) - len({path for path, _, _ in found})
    print(f"As the comments announce: findings {len(found)}, files without any {clean}.")
    return 0


def announced_findings() -> set[tuple[str, int, str]]:
    """Return path, line and code of each comment ``# TRNnnn`` in ``examples/``."""
    # Only the Python of the environment can import the project.
    program = (
        "import pathlib\n"
        "from flake8_training.rules.rule import expected_findings\n"
        "for path in pathlib.Path('examples').rglob('*.py'):\n"
        "    for line, code in expected_findings(path.read_text(encoding='utf-8')):\n"
        "        print(path.as_posix(), line, code, sep='\\t')\n"
    )
    output = subprocess.run(
        [PYTHON, "-c", program], stdout=subprocess.PIPE, check=True, encoding="utf-8"
    ).stdout
    rows = (line.split("\t") for line in output.splitlines())
    return {(path, int(line), code) for path, line, code in rows}


def test_everything(pytest_arguments: list[str]) -> int:
    """Run every check, even after one has failed; return 0 if all of them passed.

    The linters and the type checker run in turn beside pytest, which has a worker for each core.
    """
    checks = [
        ["ruff", "check", "--quiet", "."],
        ["ruff", "format", "--check", "--quiet", "."],
        ["python", "docs/generate.py", "--check"],
        ["flake8"],
        ["mypy"],
    ]
    # After a change by hand, a longer run of the lane is worth more than this minute.
    fuzzed = os.environ.get("CI") != "true" or passes(["fuzzing", "--seconds", "60"])
    tests = ["pytest", "--numprocesses=auto", "--dist=worksteal", *pytest_arguments]
    for command in checks:
        print(f"$ {shlex.join(command)}", flush=True)
    with ThreadPoolExecutor(max_workers=1) as beside:
        outcomes = beside.map(captured, checks)
        passed = passes(tests)
        failed = [
            (shlex.join(command), output)
            for command, output in zip(checks, outcomes, strict=True)
            if output is not None
        ]
    # Not on standard output: its last line must be pytest's.
    for name, output in failed:
        print(f"$ {name}\n{output}", file=sys.stderr)
    names = [*(name for name, _ in failed), *([] if fuzzed else ["fuzzing"]), *([] if passed else ["pytest"])]
    if names:
        print(f"Failed: {'; '.join(names)}", file=sys.stderr, flush=True)
    return 1 if names else 0


def compare(pytest_arguments: list[str]) -> int:
    """Run the slow lane; return 0 if no comparison that could run has failed."""
    environments_ready = passes(["slow.environments"])
    return 0 if passes(["pytest", "slow", *pytest_arguments]) and environments_ready else 1


def passes(command: list[str]) -> bool:
    """Run one check of the environment and return whether it passed."""
    print(f"$ {shlex.join(command)}", flush=True)
    return subprocess.run(program(command), env=environment()).returncode == 0


def captured(command: list[str]) -> str | None:
    """Run one check of the environment and return its output if it failed; None if it passed."""
    done = subprocess.run(
        program(command),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.stdout if done.returncode else None


def program(command: list[str]) -> list[str]:
    """Return the command line of a check: a module of the environment, or its Python with a file."""
    return [str(PYTHON), *command[1:]] if command[0] == "python" else [str(PYTHON), "-m", *command]


def environment() -> dict[str, str]:
    """Return the environment variables of a check, in which Python may cache its compiled files."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


if __name__ == "__main__":
    sys.exit(main())
