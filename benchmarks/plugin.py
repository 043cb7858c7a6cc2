"""Cost of the plugin: user and system time of flake8 over many real files, with and without it.

``python benchmarks/plugin.py [FOLDER] [--files 1000] [--pairs 15]``

Two environments hold the same packages, but only one has the plugin. flake8 runs over the same files in both, in whole
processes, with alternating order (A B, B A, ...), so that neither profits from a warm disk or a cooler machine. With
the plugin it runs twice: cold, as a user whose earlier runs have kept nothing, and warm, over unchanged files. Only
files in a git repository are kept. The figure is the user and system time of each process.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import random
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SEED = 20_261_122


class Pair(NamedTuple):
    """Seconds of consecutive runs: without the plugin, with it, and with what the run before has kept."""

    without: float
    cold: float
    warm: float


def main() -> int:
    """Measure, and print the result as a Markdown table."""
    parser = argparse.ArgumentParser(description="Measures what the plugin costs.")
    parser.add_argument(
        "folder", nargs="?", type=Path, help="a folder of Python files; by default the standard library"
    )
    parser.add_argument("--files", type=int, default=1000, help="the number of files, chosen by a fixed seed")
    parser.add_argument("--pairs", type=int, default=15, help="the number of pairs of runs")
    arguments = parser.parse_args()
    if not hasattr(os, "wait4"):
        parser.error("the time of a process cannot be told on this system")

    folder = arguments.folder or Path(sysconfig.get_path("stdlib"))
    files = sample(folder, arguments.files)
    if not files:
        parser.error(f"no Python files in {folder}")
    environments = tempfile.gettempdir() / Path(f"flake8-training-benchmark-{platform.python_version()}")
    without = environment(environments / "without", "flake8>=7", "pyyaml>=6", "typing-extensions>=4.12")
    with_plugin = environment(environments / "with", *packages(without))
    # Installed anew each time: the version does not identify the state of a checkout.
    pip(with_plugin, "--no-deps", "--force-reinstall", str(ROOT))

    # One run each fills the disk cache.
    seconds(without, files[:20])
    seconds(with_plugin, files[:20])
    pairs = [measure_pair(without, with_plugin, files, turn % 2 == 1) for turn in range(arguments.pairs)]
    name = (
        f"standard library of Python {platform.python_version()}" if arguments.folder is None else folder.name
    )
    print(table(name, len(files), pairs, packages(with_plugin)))
    return 0


def sample(folder: Path, count: int) -> list[str]:
    """Return up to ``count`` Python files below ``folder``, the same at every call, without installed packages."""
    everything = sorted(
        str(path)
        for path in folder.rglob("*.py")
        if path.is_file()
        and not {"site-packages", "__pycache__", ".git"} & set(path.parts[len(folder.parts) :])
    )
    return sorted(random.Random(SEED).sample(everything, min(count, len(everything))))


def environment(folder: Path, *requirements: str) -> Path:
    """Create an environment with these packages unless it exists, and return its Python."""
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        pip(python, *requirements)
        (folder / "complete").touch()
    return python


def pip(python: Path, *arguments: str) -> None:
    """Install packages."""
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def packages(python: Path) -> list[str]:
    """Return name and version of the installed packages, as pip accepts them."""
    command = [str(python), "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"]
    listed = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.split()
    return [package for package in listed if not package.startswith(("pip==", "setuptools=="))]


def measure_pair(without: Path, with_plugin: Path, files: Sequence[str], plugin_first: bool) -> Pair:
    """Run flake8 without the plugin, and twice with it."""
    before = 0.0 if plugin_first else seconds(without, files)
    with tempfile.TemporaryDirectory() as home:
        # Rows under another user's key count for nothing.
        cold, warm = seconds(with_plugin, files, home), seconds(with_plugin, files, home)
    pair = Pair(before or seconds(without, files), cold, warm)
    print("  ".join(f"{one:.2f} s" for one in pair), file=sys.stderr, flush=True)
    return pair


def seconds(python: Path, files: Sequence[str], home: str = "") -> float:
    """Run flake8 over the files in one process and return its user and system time.

    ``home`` is the folder of the key under which findings are kept; without it, none are.
    """
    command = [str(python), "-I", "-m", "flake8", "--isolated", "--exit-zero", "-j1", *files]
    with tempfile.TemporaryFile() as errors:
        # a relative path is no place for a key
        surroundings = {**os.environ, "XDG_CACHE_HOME": home or "none"}
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=surroundings)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        complaint = errors.read().decode()
    if process.returncode or complaint:
        sys.exit(f"flake8 ended with {process.returncode}: {complaint}")
    return usage.ru_utime + usage.ru_stime


def table(name: str, files: int, pairs: Sequence[Pair], versions: Sequence[str]) -> str:
    """Return the measurements as Markdown."""
    others = ", ".join(version.replace("==", " ") for version in versions)
    without = [pair.without for pair in pairs]
    row = [f"{files} of the {name}", spread(without, " s")]
    for which in (1, 2):
        row += [
            spread([pair[which] for pair in pairs], " s"),
            spread([pair[which] / pair[0] for pair in pairs]),
        ]
    return (
        "| files | without | with, cold | ratio | with, warm | ratio |\n"
        "|---|---|---|---|---|---|\n"
        f"| {' | '.join(row)} |\n\n"
        f"{datetime.date.today().isoformat()}, {len(pairs)} pairs, {machine()}, Python {platform.python_version()}, "
        f"{others}."
    )


def spread(figures: Sequence[float], mark: str = "") -> str:
    """Return the median and the range of figures."""
    digits = 2 if mark else 3
    low, middle, high = (
        f"{one:.{digits}f}" for one in (min(figures), statistics.median(figures), max(figures))
    )
    return f"{middle}{mark} ({low} to {high})"


def machine() -> str:
    """Return a description of the machine."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        processor = names[0] if names else processor
    return f"{os.cpu_count()} cores of {processor}, {platform.system()}"


if __name__ == "__main__":
    sys.exit(main())
