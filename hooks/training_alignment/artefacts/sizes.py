"""The limit on a file's size."""

from __future__ import annotations

from training_alignment.artefacts.errors import ReadError

MAX_BYTES = 1_000_000


def check_size(data: bytes, path: str) -> None:
    """Raise `ReadError` if a file is too large to be an artefact."""
    if len(data) > MAX_BYTES:
        raise too_large(path, len(data))


def too_large(path: str, size: int) -> ReadError:
    """Return the error for a file of ``size`` bytes."""
    return ReadError(path, 1, 1, f"the file has {size:,} bytes, and {MAX_BYTES:,} are read at most")
