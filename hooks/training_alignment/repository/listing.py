"""The lists of a repository's files as questions of a trace: the answer is a hash of the list."""

from __future__ import annotations

from flake8_training.source_file import hash_of
from training_alignment.repository.git import listing_hash, modes_hash, names_hash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def _of_walk(folder: str) -> str:
    from training_alignment.repository.walk import walk

    return hash_of_names(walk(folder))


def hash_of_names(names: Iterable[str]) -> str:
    """Return the hash of a list of files."""
    return hash_of("\0".join(names).encode(errors="surrogatepass")).hex()


LISTINGS: dict[str, Callable[[str], object]] = {
    "git": listing_hash,
    "git names": names_hash,
    "modes": modes_hash,
    "walk": _of_walk,
}
"""The functions that answer the questions for lists of files."""
