"""The benchmark's arithmetic. What it measures is never asserted."""

from __future__ import annotations

from pathlib import Path

from benchmarks.alignment import write_pipeline
from benchmarks.plugin import Pair, sample, table
from tests.alignment import check
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


def test_the_made_pipeline_is_aligned_and_every_script_is_compared(tmp_path: Path) -> None:
    files = write_pipeline(tmp_path)
    assert check("--all", folder=tmp_path).places == []
    for path in files[1:]:
        script = tmp_path / path
        script.write_text(script.read_text().replace('"--lr"', '"--rate"').replace("args.lr", "args.rate"))
    found = check("--all", folder=tmp_path).findings
    assert {f["related"][0]["path"] for f in found if f["code"] == "TRN410"} == set(files[1:])
