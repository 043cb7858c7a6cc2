"""TRN115 at its edges: which relative imports run when the file is started, and which file is started."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_training.checker import check_script
from flake8_training.finding import Finding
from tests.chosen_rules import Chosen
from tests.harness import write
from tests.rules.marked import NAMED, assert_marked, findings, rule_of

GUARD = '\nif __name__ == "__main__":\n    print("trains")\n'

FAILING = {
    "every form": """
from .model import build  # TRN115
from . import data  # TRN115
from ..common import log  # TRN115
from .tools import *  # TRN115
""",
    "in a function that runs": """
def main():
    from .model import build  # TRN115
    build()

if __name__ == "__main__":
    main()
""",
    "under the main guard": """
if __name__ == "__main__":
    from .model import build  # TRN115
""",
    "caught as something else": """
try:
    from .model import build  # TRN115
except KeyError:
    pass
""",
    "in the other parts of a try": """
try:
    pass
except KeyError:
    from .model import build  # TRN115
else:
    from .model import other  # TRN115
finally:
    from .model import last  # TRN115
""",
    "a module that is not found is another failure": """
try:
    from .model import build  # TRN115
except ModuleNotFoundError:
    build = None
""",
    "under an ordinary test": """
import sys
if sys.version_info > (3, 9):
    from .model import build  # TRN115
""",
}

FINE = {
    "absolute": """
from model import build
import data
""",
    "caught": """
try:
    from .model import build
except ImportError:
    from model import build
try:
    from .data import load
except (ImportError, ValueError):
    load = None
try:
    from .log import log
except Exception:
    log = print
try:
    from .tools import tool
except:
    tool = None
""",
    "the second of two ways": """
try:
    from model import build
except ImportError:
    from .model import build
""",
    "for the type checker": """
import typing
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from .model import Model
if typing.TYPE_CHECKING:
    from .model import Other
""",
    "only in a package": """
if __package__:
    from .model import build
else:
    from model import build
""",
    "only when imported": """
if __name__ != "__main__":
    from .model import build
if __name__ == "__main__":
    print("trains")
else:
    from .model import other
""",
    "in a function that never runs": """
def old():
    from .model import build

if __name__ == "__main__":
    print("trains")
""",
}


@pytest.mark.parametrize("text", FAILING.values(), ids=FAILING)
def test_failing(text: str) -> None:
    assert_marked("TRN115", text + GUARD)


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_fine(text: str) -> None:
    assert_marked("TRN115", text + GUARD)


def test_a_module_that_does_nothing_is_no_entry_point() -> None:
    assert_marked("TRN115", "from .model import build\nfrom . import data\n")
    assert_marked("TRN115", "from .model import build\n\ndef main():\n    build()\n")
    assert_marked("TRN115", "from .model import build  # TRN115\nbuild()\n")


def in_folder(folder: Path, name: str) -> list[Finding]:
    path = folder / name
    text = path.read_text()
    return check_script(
        ast.parse(text), str(path), text.splitlines(keepends=True), NAMED, Chosen(rule_of("TRN115"))
    )


def test_a_package_around_the_file(tmp_path: Path) -> None:
    script = "from .model import build\n" + GUARD
    write(tmp_path, {"src/__init__.py": "", "src/model.py": "build = print\n", "src/train.py": script})
    # `python -m src.train` works at home, and SageMaker starts src/train.py.
    assert [found.line for found in in_folder(tmp_path, "src/train.py")] == [1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main.py", "from src.train import main\n"),
        ("main.py", "import src.train as train\n"),
        ("main.py", "from src import train\n"),
        ("src/start.py", "from .train import main\n"),
        ("src/start.py", "from . import train\n"),
    ],
)
def test_a_module_that_another_file_starts(tmp_path: Path, name: str, text: str) -> None:
    script = "from .model import build\n" + GUARD
    write(
        tmp_path, {"src/__init__.py": "", "src/model.py": "", "src/train.py": script, "main.py": "print()\n"}
    )
    assert in_folder(tmp_path, "src/train.py")
    write(tmp_path, {name: text})
    assert not in_folder(tmp_path, "src/train.py")


def test_an_import_that_sets_no_package_starts_nothing(tmp_path: Path) -> None:
    # ``import train`` beside the file loads it without a package: its relative import fails there too.
    script = "from .model import build\n" + GUARD
    write(tmp_path, {"src/__init__.py": "", "src/train.py": script, "src/start.py": "import train\n"})
    assert in_folder(tmp_path, "src/train.py")


def test_a_package_is_no_entry_point(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"src/__init__.py": "from .model import build\nbuild()\n", "src/model.py": "build = print\n"},
    )
    assert not in_folder(tmp_path, "src/__init__.py")


def test_neighbours_that_cannot_be_read(tmp_path: Path) -> None:
    script = "from .model import build\n" + GUARD
    write(tmp_path, {"src/__init__.py": "", "src/train.py": script, "broken.py": "def\n", "src/odd.py": "\0"})
    (tmp_path / "latin.py").write_bytes(b"# \xff\n")
    assert in_folder(tmp_path, "src/train.py")


def test_messages() -> None:
    (found,) = findings("TRN115", "from .model import build as b, Net" + GUARD)
    assert found.message.endswith('write "from model import build as b, Net"')
    (found,) = findings("TRN115", "from . import model" + GUARD)
    assert found.message.endswith('write "import model"')
    (found,) = findings("TRN115", "from ..model import build" + GUARD)
    assert found.message.endswith("put the module beside the script and import it by its name")
