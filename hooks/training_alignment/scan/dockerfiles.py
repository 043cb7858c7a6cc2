"""Fast search for Dockerfiles, in a whole repository or around some of its files.

The module imports almost nothing, because most repositories have no image of their own.
"""

from __future__ import annotations

from flake8_training.source_file import searched
from training_alignment.artefacts.read_error import ReadError
from training_alignment.repository.file_questions import FileQuestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from training_alignment.repository.repository import Repository

MOST_BYTES = 200_000


def _is_readable(_: str, __: bytes) -> bool:
    return True


_IS_READABLE = FileQuestion(_is_readable, MOST_BYTES)


def is_dockerfile(path: str) -> bool:
    """Return whether a file is a Dockerfile, by its name."""
    name = path.rpartition("/")[2].lower()
    return name == "dockerfile" or name.startswith("dockerfile.") or name.endswith(".dockerfile")


def dockerfiles(repository: Repository, files: Iterable[str] | None) -> Iterator[str]:
    """Return the Dockerfiles by their paths: all, or those among ``files`` and those whose folder is around one."""
    requested = None if files is None else frozenset(files)
    around = "all" if requested is None else "around"
    return iter(
        searched(
            ("Dockerfiles", around, *sorted(requested or ())), lambda: _dockerfiles(repository, requested)
        )
    )


def _dockerfiles(repository: Repository, requested: frozenset[str] | None) -> Iterator[str]:
    for path in sorted(filter(is_dockerfile, repository.files)):
        folder = path.rpartition("/")[0]
        if requested is not None and path not in requested and not _is_near(folder, requested):
            continue
        try:
            repository.answer(_IS_READABLE, path)
        except ReadError:
            continue
        yield path


def _is_near(folder: str, files: frozenset[str]) -> bool:
    """Return whether one of the files may be in the image: it is in the folder, or in one that shares its parent."""
    above = folder.rpartition("/")[0]
    return any(not above or path.startswith(f"{above}/") for path in files)
