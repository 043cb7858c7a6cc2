"""Cost of the plugin: user time of flake8 over many real files, with and without it.

``python benchmarks/plugin.py [FOLDER] [--files 1000] [--pairs 15]``

Two environments hold the same packages, but only one has the plugin. flake8 runs over the same files in both, in whole
processes, in pairs with alternating order (A B, B A, ...), so that neither profits from a warm disk or a cooler
machine. The figure is the user time of each process.
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
    """User seconds of two consecutive runs."""

    without: float
    with_plugin: float

    @property
    def ratio(self) -> float:
        """Return the time with the plugin divided by the time without it."""
        return self.with_plugin / self.without


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
        parser.error("the user time of a process cannot be told on this system")

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
    user_seconds(without, files[:20])
    user_seconds(with_plugin, files[:20])
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
    """Run flake8 once in each environment."""
    if plugin_first:
        second = user_seconds(with_plugin, files)
        pair = Pair(user_seconds(without, files), second)
    else:
        pair = Pair(user_seconds(without, files), user_seconds(with_plugin, files))
    print(f"{pair.without:.2f} s  {pair.with_plugin:.2f} s  {pair.ratio:.3f}", file=sys.stderr, flush=True)
    return pair


def user_seconds(python: Path, files: Sequence[str]) -> float:
    """Run flake8 over the files in one process and return the user time of that process."""
    command = [str(python), "-I", "-m", "flake8", "--isolated", "--exit-zero", "-j1", *files]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        complaint = errors.read().decode()
    if process.returncode or complaint:
        sys.exit(f"flake8 ended with {process.returncode}: {complaint}")
    return usage.ru_utime


def table(name: str, files: int, pairs: Sequence[Pair], versions: Sequence[str]) -> str:
    """Return the measurements as Markdown."""
    ratios = sorted(pair.ratio for pair in pairs)
    low, _, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    without = statistics.median(pair.without for pair in pairs)
    with_plugin = statistics.median(pair.with_plugin for pair in pairs)
    others = ", ".join(version.replace("==", " ") for version in versions)
    return (
        "| files | without | with | median ratio | middle half of the ratios | all ratios |\n"
        "|---|---|---|---|---|---|\n"
        f"| {files} of the {name} | {without:.2f} s | {with_plugin:.2f} s | {statistics.median(ratios):.3f} "
        f"| {low:.3f} to {high:.3f} | {ratios[0]:.3f} to {ratios[-1]:.3f} |\n\n"
        f"{datetime.date.today().isoformat()}, {len(pairs)} pairs, {machine()}, Python {platform.python_version()}, "
        f"{others}."
    )


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
