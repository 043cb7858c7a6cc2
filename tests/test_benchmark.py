"""The benchmark's arithmetic. What it measures is never asserted."""

from __future__ import annotations

from pathlib import Path

from benchmarks.plugin import Pair, sample, table
from tests.harness import write


def test_sample_is_the_same_at_every_call_and_leaves_installed_packages_out(tmp_path: Path) -> None:
    names = [f"package/module_{number}.py" for number in range(50)]
    write(tmp_path, dict.fromkeys([*names, "site-packages/other.py", "notes.txt"], "x = 1\n"))
    everything = sample(tmp_path, 1000)
    assert everything == sorted(str(tmp_path / name) for name in names)
    some = sample(tmp_path, 7)
    assert len(some) == 7
    assert some == sample(tmp_path, 7)
    assert set(some) < set(everything)


def test_table_shows_the_median_and_the_spread_of_the_ratios() -> None:
    pairs = [Pair(10.0, 10.1), Pair(10.0, 10.4), Pair(20.0, 20.4), Pair(10.0, 9.9), Pair(10.0, 10.3)]
    text = table("library", 7, pairs, ["flake8==7.0.0"])
    row = [cell.strip() for cell in text.splitlines()[2].strip("|").split("|")]
    assert row[:4] == ["7 of the library", "10.00 s", "10.30 s", "1.020"]
    assert row[5] == "0.990 to 1.040"
    assert "5 pairs" in text
    assert "flake8 7.0.0" in text
    assert "1.100" in table("library", 7, [Pair(10.0, 11.0)], [])
