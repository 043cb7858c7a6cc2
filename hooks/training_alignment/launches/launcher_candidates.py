"""The files that may be launchers, before any is read.

The module imports almost nothing, because most changed files have no launcher.
"""

from __future__ import annotations

from training_alignment.scan.dockerfiles import dockerfiles
from training_alignment.scan.launchers import candidates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from training_alignment.repository.repository import Repository


def launcher_files(
    repository: Repository, files: Iterable[str] | None, builders: Iterable[str]
) -> Iterator[str]:
    """Yield the paths of the files that may be launchers of ``files``, or of all files if it is None.

    ``builders`` are the builders of the requested steps.
    """
    if files is None:
        return candidates(repository, None)
    around = frozenset((*files, *builders))
    return candidates(repository, around, of_images=_concern_image(repository, around))


def _concern_image(repository: Repository, files: frozenset[str]) -> bool:
    """Return whether the files are a Dockerfile, or the script that an image of the repository starts by itself."""
    near = list(dockerfiles(repository, files))
    if not near:
        return False
    from training_alignment.launches.image_script import images_for_training

    return not files.isdisjoint(near) or any(
        image.training_script is not None and image.training_script[0] in files
        for image in images_for_training(repository, near)
    )
