"""Fast search for files that may be launchers, in a whole repository or around some of its files.

The module imports almost nothing, because most commits touch no launcher and no launched script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from training_alignment.artefacts.tree import ReadError

if TYPE_CHECKING:
    from training_alignment.repository.repository import Repository

NOTEBOOK = ".ipynb"
MAX_NOTEBOOK_BYTES = 30_000_000
_CHECKPOINTS = ".ipynb_checkpoints/"
_MARKERS = (
    b"entry_point",
    b"framework_version",
    b"image_uri",
    b"ModelTrainer",
    b"Estimator",
    b"HyperparameterTuner",
    b"create_training_job",
    b"create_hyper_parameter_tuning_job",
    b"SageMakerTrainingOperator",
    b"SageMakerTuningOperator",
    b"TrainingStep",
    b"Processor",
    b"ProcessingStep",
    b"create_processing_job",
)
_MOST_NAMES = 200
"""The greatest number of scripts whose names are searched for; if there are more, every launcher may start one."""

_IMPORTS_SDK = re.compile(
    rb"(?:import|from)\s+(?:[\w.]+\s*,\s*)*sagemaker|import_module\(|__import__\("
    rb"|create_(?:processing|training|hyper_parameter_tuning)_job|SageMaker(?:Training|Tuning)Operator"
)
"""Imports of the SDK, and requests without it. Many files that only mention SageMaker contain none of these."""


def may_launch(data: bytes) -> bool:
    """Return whether a file may be a launcher: a fast test of its bytes, also true for some other files."""
    if b"sagemaker" not in data or not any(marker in data for marker in _MARKERS):
        return False
    return _IMPORTS_SDK.search(data) is not None


def candidates(repository: Repository, files: Iterable[str] | None) -> Iterator[str]:
    """Yield the files that may be launchers, by their paths: all of them, or ``files`` and those that name them."""
    requested = None if files is None else frozenset(files)
    # A launcher names its script, with or without a folder. The name of a package's own file identifies no script.
    names = {
        path.rpartition("/")[2].encode(errors="surrogatepass")
        for path in requested or ()
        if path.endswith(".py")
    }
    names.discard(b"__init__.py")
    every = len(names) > _MOST_NAMES
    for path in sorted(repository.files):
        if not path.endswith((".py", NOTEBOOK)) or _CHECKPOINTS in path:
            continue
        if requested is not None and path not in requested and not names:
            continue
        try:
            data = repository.data(path, MAX_NOTEBOOK_BYTES)
            chosen = may_launch(data) and (
                requested is None or path in requested or every or any(name in data for name in names)
            )
        except ReadError:
            continue
        except Exception as error:
            repository.failures.setdefault(path, error)
            continue
        if chosen:
            yield path
