"""An image that the repository builds, with the launches that run it.

A launch runs an image of the project's own if its address is none of AWS's. The repository does not say which
Dockerfile such an image is built from: it is the repository's only one for training, or one in a folder of the
launcher's project.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property

from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.record import Record
from training_alignment.launches.container import Container, read_container
from training_alignment.launches.launch import Launch
from training_alignment.launches.own_image import may_run_own_image
from training_alignment.launches.search import Search
from training_alignment.repository.repository import Repository
from training_alignment.scan.dockerfiles import dockerfiles
from training_alignment.scan.launchers import names_image

_COMMANDS = ("container_entry_point", "container_arguments")


class BuiltImage(Record, slots=False):
    """An image, by the path of its Dockerfile.

    ``launching`` returns the launches of the repository that run an image of the project's own; it may read every
    launcher. The image ``is_only`` if the repository has no other one.
    """

    container: Container
    launching: Callable[[], Sequence[Launch]]
    is_only: bool = True

    @cached_property
    def launches(self) -> tuple[Launch, ...]:
        """The launches that run an image of the project's own, certainly this one if it ``is_only``."""
        launches = self.launching()
        folder = self.container.folder
        return tuple(one for one in launches if self.is_only or _is_near(one.path, folder, launches))

    @property
    def path(self) -> str:
        """Return the path of the Dockerfile."""
        return self.container.path

    @cached_property
    def started(self) -> tuple[Launch, ...]:
        """The launches that start the image with its own command."""
        return tuple(launch for launch in self.launches if not has_command(launch.estimator))

    @property
    def is_replaced(self) -> bool:
        """Return whether every launch replaces the command of the image."""
        return bool(self.launches) and not self.started

    def is_started_by_another(self, program: str) -> bool:
        """Return whether another Dockerfile of the folder copies a file of the repository to a folder of ``PATH``."""
        repository, folder = self.container.repository, posixpath.dirname(self.path)
        for path in dockerfiles(repository, None):
            if path == self.path or posixpath.dirname(path) != folder:
                continue
            other = read_container(repository, path)
            for place, (here, _) in other.files.items() if other is not None else ():
                if (
                    other is not None
                    and here == program
                    and posixpath.dirname(place) in (other.folders or ())
                ):
                    return True
        return False


def built_images(
    repository: Repository, paths: Iterable[str], launches: Sequence[Launch] | None = None
) -> Iterator[BuiltImage]:
    """Yield the images of these Dockerfiles, with the launches that may run them.

    ``launches`` are those of the repository that run an image of the project's own; without them, they are read when
    the first image needs them.
    """

    @cache
    def launching() -> Sequence[Launch]:
        return launches if launches is not None else tuple(_own_launches(repository))

    is_only = sum(1 for _ in dockerfiles(repository, None)) == 1
    for path in paths:
        container = read_container(repository, path)
        if container is not None:
            yield BuiltImage(container, launching, is_only)


def _own_launches(repository: Repository) -> Iterator[Launch]:
    search = Search(repository)
    for path in search.candidates():
        read = search.read(path) if names_image(repository, path) else None
        for launch in read[1] if read is not None else ():
            if launch.estimator.jobs and may_run_own_image(launch.estimator):
                yield launch


def _is_near(launcher: str, folder: str, launches: Sequence[Launch]) -> bool:
    """Return whether no other launcher shares more folders with a Dockerfile."""
    own = _shared(launcher, folder)
    return own == max(_shared(one.path, folder) for one in launches) and (own > 0 or "/" not in launcher)


def _shared(path: str, folder: str) -> int:
    ours, theirs = posixpath.dirname(path).split("/"), folder.split("/")
    count = 0
    for one, other in zip(ours, theirs, strict=False):
        if one != other or not one:
            break
        count += 1
    return count


def has_command(estimator: Estimator) -> bool:
    """Return whether a job may replace the command of its image."""
    if isinstance(estimator, RequestedEstimator):
        return estimator.has_command
    if estimator.is_trainer:
        return not estimator.lacks("source_code")
    return not estimator.lacks(*_COMMANDS) or bool(estimator.overridden & set(_COMMANDS))
