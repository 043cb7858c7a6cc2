"""Files that no checker likes: flake8 ends normally, and what can still be said is said."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_training.plugin import AdvicePlugin, TrainingPlugin
from tests.harness import flake8, flake8_process, write
from tests.test_plugin import UNSAVED

# Names that make the plugin look closer than its first look.
MARKED = 'import os\n\nFOLDER = os.environ["SM_MODEL_DIR"]\n'


def codes(folder: Path, *arguments: str, stdin: str | None = None) -> set[str]:
    """Return the codes that flake8 prints, the plugin's and flake8's own errors."""
    options = ("--enable-extensions=TRN9", "--select=TRN,E9")
    return {code for _, _, code in flake8(*options, *arguments, folder=folder, stdin=stdin).places}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", set()),
        (b"\n\n", set()),
        (b"# SM_MODEL_DIR", set()),
        (b"\xef\xbb\xbf" + MARKED.encode(), set()),
        (MARKED.replace("\n", "\r\n").encode(), set()),
        (MARKED.encode() + b"def train(:\n", {"E999"}),
        (MARKED.encode() + b"x = '\0'\n", {"E999"}),
        (b"# -*- coding: latin-1 -*-\n" + MARKED.encode() + "x = 'Größe'\n".encode("latin-1"), set()),
        (MARKED.encode() + "x = 'Größe'\n".encode("latin-1"), set()),
        (b"# -*- coding: nonsense -*-\n" + MARKED.encode(), set()),
        (MARKED.encode("utf-16"), {"E902", "E999"}),
        (b"SM_" * 200_000, set()),
    ],
    ids=[
        "empty", "blank", "comment", "byte order mark", "CRLF", "syntax error", "null byte", "latin-1", "undeclared",
        "unknown encoding", "UTF-16", "one long line",
    ],
)  # fmt: skip
@pytest.mark.parametrize("option", ["--training-scripts=nothing.py", "--training-scripts=*"])
def test_content(tmp_path: Path, content: bytes, expected: set[str], option: str) -> None:
    (tmp_path / "train.py").write_bytes(content)
    write(tmp_path, {"unsaved.py": UNSAVED})
    found = flake8("--select=TRN,E9", option, "train.py", "unsaved.py", folder=tmp_path).places
    assert {code for path, _, code in found if path == "train.py" and code.startswith("E9")} <= expected
    assert ("unsaved.py", "TRN104") in {(path, code) for path, _, code in found}
    assert "TRN001" not in {code for _, _, code in found}


def test_missing_file(tmp_path: Path) -> None:
    assert codes(tmp_path, "nowhere.py") == {"E902"}


def test_unreadable_entry_is_no_module(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": "import helper\n" + UNSAVED, "helper.py/keep.txt": "a folder of that name"})
    assert "TRN001" not in codes(tmp_path, "train.py")


def test_two_thousand_lines(tmp_path: Path) -> None:
    lines = [f"value_{number} = os.path.join(FOLDER, 'part-{number}')" for number in range(2_000)]
    write(tmp_path, {"train.py": MARKED + "\n".join(lines) + "\n" + UNSAVED.partition("import argparse")[2]})
    tree, text = parse(tmp_path / "train.py")
    assert "TRN001" not in plugin_codes(tree, tmp_path / "train.py", text)


DEEP = {
    "sum": "deep = " + " + ".join(["FOLDER"] * 1000),
    "attributes": "deep = FOLDER" + ".parent" * 1000,
    "calls": "deep = FOLDER" + ".joinpath('x')" * 1000,
    "elif": "if FOLDER == '':\n    pass\n"
    + "".join(f"elif FOLDER == '{n}':\n    pass\n" for n in range(1000)),
    "path": "import pathlib\ndeep = pathlib.Path(FOLDER)" + " / 'a'" * 1000,
    "lists": "deep = " + "[" * 90 + "FOLDER" + "]" * 90,
    "chain": "deep_0 = FOLDER\n" + "".join(f"deep_{n + 1} = deep_{n}\n" for n in range(1000)),
    "functions": "def deep_0(x):\n    return x\n"
    + "".join(f"def deep_{n + 1}(x):\n    return deep_{n}(x)\n" for n in range(1000)),
}


def deep_script(name: str) -> str:
    """Return a script that saves what is a thousand deep."""
    last = "deep_1000(FOLDER)" if name == "functions" else "deep_1000" if name == "chain" else "deep"
    saves = f"import joblib\njoblib.dump({{}}, {last})\n" if name != "elif" else ""
    return MARKED + DEEP[name] + "\n" + saves + UNSAVED.partition("import argparse")[2]


@pytest.mark.parametrize("name", DEEP)
def test_a_thousand_deep(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"train.py": deep_script(name)})
    tree, text = parse(tmp_path / "train.py")
    assert "TRN001" not in plugin_codes(tree, tmp_path / "train.py", text)


@pytest.mark.parametrize("name", ["attributes", "calls"])
def test_a_thousand_deep_through_flake8(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"train.py": deep_script(name)})
    tree, text = parse(tmp_path / "train.py")
    found = plugin_codes(tree, tmp_path / "train.py", text)
    # flake8's own pyflakes stops at Python's recursion limit, so flake8 as a whole only gets by with a higher one.
    launcher = "import sys\nfrom flake8.main.cli import main\nsys.setrecursionlimit(9000)\nsys.exit(main())\n"
    options = ("--enable-extensions=TRN9", "--select=TRN")
    result = flake8_process(*options, "train.py", folder=tmp_path, program=("-c", launcher))
    assert {code for _, _, code in result.places} == found


def parse(path: Path) -> tuple[ast.Module, list[str]]:
    """Return what flake8 would give to a plugin."""
    text = path.read_text()
    return ast.parse(text), text.splitlines(keepends=True)


def plugin_codes(tree: ast.Module, path: Path, lines: list[str]) -> set[str]:
    """Return the codes of both plugins, run as flake8 runs them."""
    plugins = (TrainingPlugin(tree, str(path), lines), AdvicePlugin(tree, str(path), lines))
    return {text.split()[0] for plugin in plugins for _, _, text, _ in plugin.run()}


MODULES = {
    "imports itself": {"helper.py": "import helper\nimport train\nfrom helper import *\n"},
    "cycle": {"helper.py": "from second import keep\n", "second.py": "from helper import keep\n"},
    "cycle of packages": {
        "helper/__init__.py": "from .inner import keep\n",
        "helper/inner.py": "from . import keep\nfrom .. import helper\nfrom ... import nothing\n",
    },
    "does not parse": {"helper.py": "def keep(:\n"},
    "null byte": {"helper.py": "keep = '\0'\n"},
    "empty": {"helper.py": ""},
    "is no Python": {"helper.py": '{"cells": []}'},
    "deep": {"helper.py": "def keep(x):\n    return x" + ".y" * 1000 + "\n"},
    "recursive function": {"helper.py": "def keep(x):\n    return keep(keep(x))\n"},
    "recursive class": {
        "helper.py": "class keep(keep):\n    def __init__(self, x):\n        self.x = keep(self)\n"
    },
}


@pytest.mark.parametrize("name", MODULES)
def test_local_modules(tmp_path: Path, name: str) -> None:
    script = UNSAVED.replace("import os\n", "import os\nimport helper\nfrom helper import keep\n")
    write(tmp_path, {"train.py": script + "    keep(model)\n    helper.keep(model)\n", **MODULES[name]})
    tree, text = parse(tmp_path / "train.py")
    found = plugin_codes(tree, tmp_path / "train.py", text)
    assert "TRN001" not in found
    for stdin, arguments in ((None, ("train.py",)), (script, ("--stdin-display-name=train.py", "-"))):
        codes(tmp_path, *arguments, stdin=stdin)


def test_local_module_in_another_encoding(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": UNSAVED.replace("import os\n", "import os\nimport helper\n")})
    for content in (
        "# coding: latin-1\nx = 'ä'\n".encode("latin-1"),
        b"x = '\xff'\n",
        MARKED.encode("utf-16"),
    ):
        (tmp_path / "helper.py").write_bytes(content)
        found = codes(tmp_path, "train.py")
        assert "TRN001" not in found
        assert "TRN104" in found
