"""Cost of flake8's option ``--training-alignment`` for one file.

``python -m benchmarks.option [FILE...] [--pairs 15]``

The files of `examples/good` are a repository of their own. flake8 checks one of them in whole processes with compiled
code, in pairs with alternating order, without the option and with it. The figures are user plus system time. The
target: at most 0.15 s more for a file of a step.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.alignment import cost

GOOD = Path(__file__).resolve().parents[1] / "examples" / "good"
FILES = ["xgboost_churn.py", "xgboost_training.py"]
"""The script of a launcher, and the script of a complete step."""


def main() -> int:
    """Measure, and print a line for each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", default=FILES)
    parser.add_argument("--pairs", type=int, default=15)
    arguments = parser.parse_args()
    plain = [sys.executable, "-m", "flake8", "--isolated", "--select=TRN", "-j1"]
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder).resolve() / "tree"
        shutil.copytree(GOOD, tree, ignore=shutil.ignore_patterns("__pycache__"))
        for command in (["init", "-q"], ["add", "."]):
            subprocess.run(["git", *command], cwd=tree, check=True)
        for file in arguments.files:
            commands = [*plain, file], [*plain, "--training-alignment", file]
            pairs = []
            for number in range(-1, arguments.pairs):
                seconds = [0.0, 0.0]
                for side in (0, 1) if number % 2 else (1, 0):
                    seconds[side] = cost(commands[side], tree).seconds
                if number >= 0:  # the first pair warms caches
                    pairs.append(seconds)
            without, with_option = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
            more = statistics.median(after - before for before, after in pairs)
            print(
                f"{file}: {without:.3f} s, with the option {with_option:.3f} s, {more:.3f} s more", flush=True
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
