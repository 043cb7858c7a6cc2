"""The library calls that open, create or list local paths only: an S3 address is the name of a local file for them.

Sources: CPython 3.12 (``open``, ``os``, ``shutil``), joblib 1.4, torch 2.4, torchvision 0.19, numpy 1.26, h5py 3.11,
keras 2.15 and 3.5 (``flow_from_directory`` and HDF5 files), transformers 4.56 (``os.makedirs`` of the folder). Not
listed: pandas, datasets, pyarrow, TensorFlow's ``gfile`` and dmlc's streams, which may open S3 addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from flake8_training.libraries.name_pattern import Pattern
from flake8_training.libraries.rows import Arguments
from flake8_training.record import Record


class Outcome(Enum):
    """The result of an S3 address in a call."""

    FAILS = "no such file"
    LOSES = "a local folder named s3:, which the job loses"
    CREATES = "a local folder named s3:"
    """The folder alone: another call may write to the address itself."""


class LocalPath(Record):
    """A call with a local path.

    ``endings``: only files with these endings are local. ``unless`` names the arguments that change this.
    """

    name: str
    path: Arguments = (0,)
    outcome: Outcome = Outcome.FAILS
    endings: tuple[str, ...] = ()
    unless: Arguments = ()


_HDF5 = (".h5", ".hdf5", ".keras.h5")
LOCAL_PATHS = (
    LocalPath("builtins.open", (0, "file"), unless=("opener",)),
    LocalPath("os.listdir", (0, "path")),
    LocalPath("os.scandir", (0, "path")),
    LocalPath("os.chdir", (0, "path")),
    LocalPath("os.mkdir", (0, "path")),
    LocalPath("os.makedirs", (0, "name"), Outcome.CREATES),
    *(
        LocalPath(f"shutil.{name}", place)
        for name in ("copy", "copy2", "copyfile", "copytree", "move")
        for place in ((0, "src"), (1, "dst"))
    ),
    LocalPath("tarfile.open", (0, "name"), unless=(2, "fileobj")),
    LocalPath("zipfile.ZipFile", (0, "file")),
    LocalPath("joblib.dump", (1, "filename")),
    LocalPath("joblib.load", (0, "filename")),
    LocalPath("torch.save", (1, "f")),
    LocalPath("torch.load", (0, "f")),
    LocalPath("torchvision.datasets.ImageFolder", (0, "root")),
    LocalPath("torchvision.datasets.DatasetFolder", (0, "root")),
    LocalPath("numpy.load", (0, "file")),
    LocalPath("numpy.save", (0, "file")),
    LocalPath("h5py.File", (0, "name"), unless=("driver",)),
    LocalPath("PIL.Image.open", (0, "fp")),
    LocalPath("keras.**.flow_from_directory", (0, "directory")),
    LocalPath("keras.**.save", (0, "filepath"), endings=_HDF5),
    LocalPath("keras.**.save_weights", (0, "filepath"), endings=_HDF5),
    LocalPath("transformers.**.save_pretrained", (0, "save_directory"), Outcome.LOSES),
    LocalPath("transformers.TrainingArguments", (0, "output_dir"), Outcome.LOSES),
)


def _by_method() -> dict[str, list[tuple[Pattern, LocalPath]]]:
    found: dict[str, list[tuple[Pattern, LocalPath]]] = {}
    for row in LOCAL_PATHS:
        found.setdefault(row.name.rpartition(".")[2], []).append((Pattern(row.name), row))
    return found


# No last segment of a name is a wildcard.
_BY_METHOD = _by_method()


def local_paths(names: Sequence[str]) -> Iterator[LocalPath]:
    """Yield the rows that match every canonical name of a call."""
    methods = {name.rpartition(".")[2] for name in names}
    rows = _BY_METHOD.get(methods.pop(), ()) if len(methods) == 1 else ()
    split = [name.split(".") for name in names] if rows else []
    for pattern, row in rows:
        if all(map(pattern.matches, split)):
            yield row
