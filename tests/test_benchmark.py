"""The benchmark's arithmetic. What it measures is never asserted."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from unittest import mock

import pytest

from benchmarks import coverage, scale, speed
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


def test_table_shows_medians_and_ranges_cold_and_warm() -> None:
    pairs = [Pair(10.0, 10.1, 10.0), Pair(10.0, 10.4, 10.2), Pair(20.0, 20.4, 20.2)]
    text = table("library", 7, pairs, ["flake8==7.0.0"])
    row = [cell.strip() for cell in text.splitlines()[2].strip("|").split("|")]
    assert row == [
        "7 of the library",
        "10.00 s (10.00 to 20.00)",
        "10.40 s (10.10 to 20.40)",
        "1.020 (1.010 to 1.040)",
        "10.20 s (10.00 to 20.20)",
        "1.010 (1.000 to 1.020)",
    ]
    assert "3 pairs" in text
    assert "flake8 7.0.0" in text
    assert "1.100" in table("library", 7, [Pair(10.0, 11.0, 10.0)], [])


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


def _figures(name: str, *pairs: tuple[float, float]) -> speed.Figures:
    def cost(seconds: float) -> speed.Cost:
        return speed.Cost(seconds, seconds / 2, 30.0)

    costs = tuple((cost(ours), cost(other)) for ours, other in pairs)
    return speed.Figures(speed.Case(name, (), "a parse", ()), costs)


def test_a_row_of_the_speed_holds_medians_and_ranges() -> None:
    shown = speed.table([_figures("one step", (0.2, 0.1), (0.4, 0.1), (0.3, 0.1))])
    assert shown.splitlines()[2:] == [
        "| one step | 0.300 (0.200 to 0.400) | a parse | 0.100 (0.100 to 0.100) | 3.00 (2.00 to 4.00) "
        "| 0.150 | 3.00 | 30 |"
    ]


def test_only_a_tenth_slower_is_slower() -> None:
    assert speed.slower({"a": 1.2, "b": 1.05, "c": 0.4}) == ["a: 1.20 times"]


def test_the_tables_are_written_in_place_of_those_before() -> None:
    page = f"before\n{speed._START}\nold\n{speed._END}\nafter\n"
    once = speed.written(page, "new")
    assert "old" not in once
    assert speed.written(once, "new") == once
    assert once.startswith("before\n")
    assert once.endswith("after\n")
    with pytest.raises(ValueError, match="has no lines"):
        speed.written("no place", "new")


def test_the_page_has_a_place_for_the_tables() -> None:
    speed.written((speed.ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8"), "new")


def test_the_measured_repositories_have_a_name_for_each_step(tmp_path: Path) -> None:
    assert len(set(islice(scale.names(), 10_000))) == 10_000
    with mock.patch.object(scale, "_REGISTERED", 2):
        tree = speed.write_tree(tmp_path / "tree", 5)
    registries = sorted(path.name for path in (tree / "src" / "pipeline" / "registry").glob("step_names*.py"))
    assert registries == ["step_names.py", "step_names_1.py", "step_names_2.py"]
    for case in speed.cases_of(speed.Tree(tree, tmp_path / "home"), 5):
        assert all((tree / word).is_file() for word in case.words if not word.startswith("-")), case
    with (
        mock.patch.object(scale, "names", return_value=iter(["OneCleaning"])),
        pytest.raises(ValueError, match="1 steps"),
    ):
        scale.repository(tmp_path / "more", 2)


def test_a_tree_is_compared_with_the_parse_of_what_its_check_covers(tmp_path: Path) -> None:
    tree = speed.Tree(speed.write_tree(tmp_path / "tree", 2), tmp_path / "home")
    packages = speed.installed(speed.ROOT, tmp_path)
    cases = {case.name: case for case in speed.cases_of_tree(tree, "launch/launch.py", packages)}
    parsed = [cases[name].bare[2] for name in ("one file, cold", "whole repository, cold, one process")]
    of_file, of_all = (Path(names).read_text(encoding="utf-8").split("\n") for names in parsed)
    assert of_file == ["launch/fit.py", "launch/launch.py"]
    contracts = (str(path.relative_to(tree.folder)) for path in tree.folder.rglob("*_contract.py"))
    assert set(of_all) > {*of_file, *contracts}
    bare = cases["one file, cold"].bare
    (tree.folder / "launch" / "fit.py").write_text("(", encoding="utf-8")
    assert tree.cost(bare, packages).seconds > 0
    (tree.folder / "launch" / "fit.py").unlink()
    with pytest.raises(RuntimeError, match="ends with 3"):
        tree.cost(bare, packages)


def test_a_case_is_measured_in_pairs(tmp_path: Path) -> None:
    tree = speed.Tree(speed.write_tree(tmp_path / "tree", 2), tmp_path / "home")
    case = speed.Case("edited", ("launch/fit.py",), "nothing", ("-c", "pass"), "launch/fit.py")
    packages = speed.installed(speed.ROOT, tmp_path)
    assert {path.name for path in packages.iterdir()} == {"flake8_training", "training_alignment"}
    figures = speed.measure(tree, case, 2, packages)
    assert len(figures.pairs) == 2
    assert (tree.folder / "launch" / "fit.py").read_text().count("# edit") == 4
    other = tree.copied()
    against = speed.measure(tree, case, 1, packages, (packages, other))
    assert len(against.pairs) == 1
    edits = [(one.folder / "launch" / "fit.py").read_text().count("# edit") for one in (tree, other)]
    assert edits == [4 + 3, 4 + 3]
    with pytest.raises(RuntimeError, match="ends with 3"):
        tree.cost(("-c", "raise SystemExit(3)"), packages)
