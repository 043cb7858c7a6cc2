"""The benchmark's arithmetic. What it measures is never asserted."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import coverage
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


def test_coverage_sums_up_the_verdicts_of_repositories(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"a/launch.py": UNKNOWN_INSTANCE, "b/README.md": "# Nothing\n"})
    assert coverage.main([str(tmp_path / "a"), str(tmp_path / "b"), "--rules", "--places", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    number, questions, reported, fine, unknown, share = (
        cell.strip() for cell in lines[2].strip("|").split("|")
    )
    assert number == "2"
    assert int(questions) == int(reported) + int(fine) + int(unknown)
    assert float(share) == round(1 - int(unknown) / int(questions), 3)
    assert any(line.startswith("| value from outside | ") for line in lines)
    assert any(line.startswith("| TRN211 | 1 | ") for line in lines)
    assert any(line.endswith("launch.py line 5") for line in lines)


UNKNOWN_INSTANCE = """\
import sys
from sagemaker.estimator import Estimator

estimator = Estimator(
    instance_type=sys.argv[1], instance_count=1, image_uri="i", role="arn:aws:iam::123456789012:role/training"
)
estimator.fit({"train": "s3://bucket/train"})
"""
