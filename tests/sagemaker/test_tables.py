"""The tables: small, dated, sorted, as the script writes them; and the script on wheels made for the purpose."""

from __future__ import annotations

import gzip
import importlib.util
import json
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import flake8_training.sagemaker.table_files as table_files

TABLES = Path(table_files.__file__).parent / "tables"
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
NAMES = (
    "framework_pairs",
    "image_registries",
    "instance_types",
    "property_trees",
    "signatures_v2",
    "signatures_v3",
    "train_constraints",
)
OTHERS = ("library_names", "sdk_names")
"""The tables that other scripts write."""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Return scripts/sagemaker_tables.py as a module."""
    sys.path.insert(0, str(SCRIPTS))
    try:
        spec = importlib.util.spec_from_file_location("sagemaker_tables", SCRIPTS / "sagemaker_tables.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(SCRIPTS))
    return module


def test_the_folder_holds_these_tables() -> None:
    assert {path.name for path in TABLES.iterdir()} == {f"{name}.json" for name in (*NAMES, *OTHERS)}


def test_the_tables_are_small() -> None:
    assert sum(path.stat().st_size for path in TABLES.iterdir()) < 240_000


@pytest.mark.parametrize("name", [*NAMES, *OTHERS])
def test_a_table_is_dated_and_written_as_the_script_writes(name: str, script: ModuleType) -> None:
    assert table_files.versions(name)
    assert all(version[0].isdigit() for version in table_files.versions(name).values())
    text = (TABLES / f"{name}.json").read_text(encoding="utf-8")
    assert text == script.text_of(json.loads(text))


def test_a_table_is_read_once() -> None:
    assert table_files.load("instance_types") is table_files.load("instance_types")


def _wheel(folder: Path, name: str, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)


def test_shapes_are_read_from_a_wheel(tmp_path: Path, script: ModuleType) -> None:
    model: dict[str, Any] = {
        "shapes": {
            "Root": {"type": "structure", "members": {"B": {"shape": "Text"}, "A": {"shape": "Many"}}},
            "Many": {"type": "list", "member": {"shape": "Root"}},
            "Text": {"type": "string", "max": 3},
        }
    }
    content = gzip.compress(json.dumps(model).encode())
    _wheel(tmp_path, "botocore-9.1", {"botocore/data/sagemaker/2017-07-24/service-2.json.gz": content})
    shapes = script.from_botocore.read_shapes(script.Wheel(tmp_path, "botocore"))
    script.from_botocore.STEPS, kept = {"Only": ["Root"]}, script.from_botocore.STEPS
    try:
        tree = script.from_botocore.property_trees(shapes)
    finally:
        script.from_botocore.STEPS = kept
    assert tree == {"steps": {"Only": ["Root"]}, "shapes": {"Root": {"A": ["Root"], "B": "s"}}}


def test_the_newest_wheel_below_a_version_is_taken(tmp_path: Path, script: ModuleType) -> None:
    for version in ("2.9.0", "2.10.0", "3.0.0"):
        _wheel(tmp_path, f"sagemaker-{version}", {})
    assert script.Wheel(tmp_path, "sagemaker").version == "3.0.0"
    assert script.Wheel(tmp_path, "sagemaker", below=3).version == "2.10.0"
    with pytest.raises(FileNotFoundError):
        script.Wheel(tmp_path, "botocore")


def test_what_is_installed_is_read_as_a_wheel_is(tmp_path: Path, script: ModuleType) -> None:
    _wheel(tmp_path, "sagemaker-2.9.0", {"pack/mod.py": b"old = 1"})
    installed = tmp_path / "site-packages"
    (installed / "pack").mkdir(parents=True)
    (installed / "pack" / "mod.py").write_bytes(b"new = 1")
    (installed / "sagemaker-2.10.0.dist-info").mkdir()
    record = "pack/mod.py,sha256=x,7\nsagemaker-2.10.0.dist-info/RECORD,,\n"
    (installed / "sagemaker-2.10.0.dist-info" / "RECORD").write_text(record, encoding="utf-8")
    found = script.Wheel([tmp_path, installed], "sagemaker")
    assert found.version == "2.10.0"
    assert found.read("pack/mod.py") == b"new = 1"
    assert "pack/mod.py" in found
    assert "pack/other.py" not in found


SOURCE = b"""
import attr
from pack.base import Base as Parent
class Child(Parent):
    def __init__(self, one, two=2 * 3, *, three=None, **kwargs):
        two = renamed_kwargs("old_two", "two", two, kwargs)
    def fit(self, inputs=None): ...
@attr.s
class Fields:
    name: str = attr.ib()
    size = attr.ib(default=4)
    hidden = attr.ib(init=False)
class Model(Parent):
    must: int
    may: str = "x"
    _private: int = 0
"""


def test_signatures_are_read_by_syntax(tmp_path: Path, script: ModuleType) -> None:
    files = {
        "pack/__init__.py": b"from .mod import *\nfrom pack.mod import Child\n",
        "pack/mod.py": SOURCE,
        "pack/base.py": b"class Base:\n    def __init__(self, zero=None): ...\n",
    }
    _wheel(tmp_path, "pack-1.0", files)
    signatures = script.Signatures(script.Sources(script.Wheel(tmp_path, "pack")))
    classes = ["pack.Child", "pack.mod.Fields", "pack.mod.Model"]
    assert [signatures.add(name) for name in classes] == [
        "pack.mod.Child",
        "pack.mod.Fields",
        "pack.mod.Model",
    ]
    signatures.add_method("pack.Child.fit")
    assert signatures.add("pack.Missing") is None
    assert signatures.classes == {
        "pack.base.Base": {"args": ["zero"]},
        "pack.mod.Child": {
            "args": ["one", "two"],
            "keywords": ["three"],
            "required": ["one"],
            "defaults": {"two": 6},
            "any": True,
            "renamed": {"old_two": "two"},
            "bases": ["pack.base.Base"],
        },
        "pack.mod.Fields": {
            "args": ["name", "size"],
            "required": ["name"],
            "fields": True,
            "defaults": {"size": 4},
        },
        "pack.mod.Model": {
            "keywords": ["must", "may"],
            "required": ["must"],
            "fields": True,
            "defaults": {"may": "x"},
            "bases": ["pack.base.Base"],
        },
        "pack.mod.Child.fit": {"args": ["inputs"]},
    }
    assert signatures.aliases(classes) == {
        f"pack.{name}": f"pack.mod.{name}" for name in ("Child", "Fields", "Model")
    }
