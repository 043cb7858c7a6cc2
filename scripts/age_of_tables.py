"""Warns if the tables of SageMaker are old: it prints their age by the history of git, and ends with 1 past a limit.

``python scripts/age_of_tables.py [--days 120]``
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLES = "flake8_training/sagemaker/tables"
SECONDS_A_DAY = 86_400


def main() -> int:
    """Print the age of each table; return 1 if one is older than the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=120, help="the age that is too old")
    limit = parser.parse_args().days
    ages = {path.name: days_since(changed(path)) for path in sorted((ROOT / TABLES).glob("*.json"))}
    for name, age in ages.items():
        print(f"{name}: {age} days")
    old = [name for name, age in ages.items() if age > limit]
    if old:
        print(
            f"Older than {limit} days: {', '.join(old)}. Run: python scripts/sagemaker_tables.py",
            file=sys.stderr,
        )
    return 1 if old else 0


def changed(path: Path) -> int:
    """Return when a file was last committed, in seconds of the epoch."""
    command = ["git", "log", "-1", "--format=%ct", "--", str(path.relative_to(ROOT))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return int(done.stdout or 0)


def days_since(moment: int) -> int:
    """Return the whole days since a moment."""
    return int((time.time() - moment) // SECONDS_A_DAY)


if __name__ == "__main__":
    sys.exit(main())
