"""Slips in launchers that leave the script unfound, or the launcher itself unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import findings, launcher, said

SCRIPT = "import os\n\nprint(os.listdir(os.environ['SM_CHANNEL_TRAIN']))\n"


@pytest.mark.parametrize(
    ("folder", "entry", "detail"),
    [
        ("jobs/sources", "train.py", []),
        ("jobs/sorces", "train.py", ["TRN406 train.py in jobs/sorces, did you mean jobs/sources?"]),
        ("jobs/sorces", "settings.entry", ["TRN406 no file in jobs/sorces, did you mean jobs/sources?"]),
    ],
)
def test_a_source_folder(tmp_path: Path, folder: str, entry: str, detail: list[str]) -> None:
    text = launcher(inputs="{'train': 's3://bucket/x'}").replace('"code"', f'"{folder}"')
    text = text.replace('"train.py"', entry) if "." in entry and entry != "train.py" else text
    files = {"launch.py": "import settings\n" + text, "jobs/sources/train.py": SCRIPT}
    assert said(tmp_path, files, "TRN406") == detail


def test_a_file_of_data_that_the_launcher_writes_is_no_script(tmp_path: Path) -> None:
    text = launcher().replace('"train.py"', '"trian.py"')
    writes = (
        "import os\n\nwith open(os.path.join(folder, '{name}'), 'w') as stream:\n    stream.write(text)\n"
    )
    for name, detail in (("settings.json", ["TRN406 trian.py in code"]), ("trian.py", [])):
        files = {"launch.py": writes.format(name=name) + text, "code/train.py": SCRIPT}
        assert said(tmp_path / name, files, "TRN406") == detail


def test_a_launcher_whose_entry_point_is_misspelt(tmp_path: Path) -> None:
    text = launcher().replace("entry_point=", "entry_poitn=")
    assert [f.code for f in findings(tmp_path, {"launch.py": text}, "TRN403")] == ["TRN403"]


def test_a_script_that_cannot_be_parsed(tmp_path: Path) -> None:
    files = {"launch.py": launcher(), "code/train.py": SCRIPT + "print((1)\n"}
    (found,) = findings(tmp_path, files, "TRN002")
    assert (Path(found.path).name, found.line) == ("train.py", 4)
