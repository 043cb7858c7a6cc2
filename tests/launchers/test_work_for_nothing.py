"""What a check of a launcher does not read, because nothing could come of it."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from flake8_training.engine.syntax.program import Program
from flake8_training.launcher import Launcher
from tests.harness import write
from tests.in_process import run_command

CLASS = (
    "import far\n\n\nclass Config:\n    @classmethod\n    def derived(cls, **values):\n        return cls()\n"
)


def test_the_search_for_launchers_reads_no_module_for_a_method(tmp_path: Path) -> None:
    call = "from near import Config\n\nConfig.derived(instance_type='ml.m5.xlarge', entry_point='a.py')\n"
    write(tmp_path, {"job.py": call, "near.py": CLASS, "far.py": "x = 1\n"})
    read = Program.read
    found: list[str] = []

    def counted(self: Program, path: str, package: str) -> object:
        found.append(Path(path).name)
        return read(self, path, package)

    with mock.patch.object(Program, "read", counted):
        run_command(["check", "--no-cache", "job.py"], tmp_path)
    assert found == ["near.py"]


@pytest.mark.parametrize(("call", "readings"), [("", 2), ("start('ml.m5.2xlarge')\n", 1)])
def test_a_launcher_is_read_again_if_an_authors_default_decides(
    tmp_path: Path, call: str, readings: int
) -> None:
    text = (
        "from sagemaker.pytorch import PyTorch\n\n\ndef start(size='ml.m5.xlarge'):\n"
        "    PyTorch(entry_point='fit.py', role='r', instance_type=size, instance_count=1,\n"
        "        framework_version='2.1', py_version='py310').fit()\n"
    )
    files = {"job.py": text, "fit.py": "print(1)\n", "other.py": f"from job import start\n\n{call}"}
    write(tmp_path, files)
    with mock.patch.object(Launcher, "__init__", autospec=True, side_effect=Launcher.__init__) as made:
        run_command(["check", "--no-cache", "job.py"], tmp_path)
    assert sum(Path(one.args[2]).name == "job.py" for one in made.mock_calls) == readings
