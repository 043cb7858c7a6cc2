"""One run in this process leaves nothing to the next."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from flake8_training.plugin import AdvicePlugin, TrainingPlugin
from tests.alignment import training_alignment
from tests.harness import flake8, write
from tests.test_plugin import UNMARKED, UNSAVED


def test_a_module_that_changes_is_read_again(tmp_path: Path) -> None:
    channels = []
    for name in ("TEST", "BEST"):
        work = f"import os\n\ndef go():\n    return os.environ['SM_CHANNEL_{name}']\n"
        write(tmp_path, {"train.py": "import work\nwork.go()\n", "work.py": work})
        os.utime(tmp_path / "work.py", ns=(0, 0))  # the size is the same, too
        channels.append(
            training_alignment("facts", "--format=json", "train.py", folder=tmp_path).data["channels"]
        )
    assert channels == [["test"], ["best"]]


def test_standard_input_is_read_again(tmp_path: Path) -> None:
    found = [flake8("--select=TRN", "-", folder=tmp_path, stdin=text).places for text in (UNSAVED, "x = 1\n")]
    assert [{code for _, _, code in places} for places in found] == [{"TRN104"}, set()]


def test_options_hold_for_one_run(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": UNMARKED})
    before = [(plugin.settings, plugin.nameless_stdin) for plugin in (TrainingPlugin, AdvicePlugin)]
    assert flake8("--select=TRN104", "--training-scripts=*", "train.py", folder=tmp_path).places
    assert [(plugin.settings, plugin.nameless_stdin) for plugin in (TrainingPlugin, AdvicePlugin)] == before
    assert flake8("--select=TRN104", "train.py", folder=tmp_path).places == []


def test_the_process_is_as_before(tmp_path: Path) -> None:
    before = os.getcwd(), sys.stdin, sys.stdout, sys.stderr, gc.get_threshold()
    write(tmp_path, {"train.py": UNSAVED})
    assert training_alignment("check", "train.py", folder=tmp_path).exit_code == 0
    assert training_alignment("check", "--format=xml", folder=tmp_path).exit_code == 2
    assert flake8("--select=TRN", "train.py", folder=tmp_path).exit_code == 1
    assert (os.getcwd(), sys.stdin, sys.stdout, sys.stderr, gc.get_threshold()) == before
