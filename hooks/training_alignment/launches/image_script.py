"""The script of an image that the repository builds, for the jobs that run such an image without naming a script.

The repository does not say which Dockerfile an image is built from, so nothing is certain of the script: the image is
the repository's only one for training, or the one whose folder the image is named after, or the nearest one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from itertools import islice

from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.record import Record
from training_alignment.launches.container import Container, read_container
from training_alignment.launches.own_image import may_run_own_image, repository_of
from training_alignment.repository.repository import Repository
from training_alignment.scan.dockerfiles import dockerfiles

_MOST_IMAGES = 50


class ImageScript(Record):
    """The script that an image starts, whether it gets the hyperparameters, and the path of the Dockerfile."""

    path: str
    gets_arguments: bool
    dockerfile: str


def script_of_image(repository: Repository, launcher: str, estimator: Estimator) -> ImageScript | None:
    """Return the script that a job's image starts; None if it is unknown. ``launcher`` is the launcher's path."""
    if not may_run_own_image(estimator):
        return None
    images = repository.once(_images)
    near = [one for one in images if _is_near(posixpath.dirname(launcher), one.folder)]
    image = near[0] if len(near) == 1 else _named(near or images, repository_of(estimator))
    image = image or _nearest(near, launcher)
    if image is None or image.training_script is None:
        return None
    return ImageScript(*image.training_script, image.path)


def _images(repository: Repository) -> list[Container]:
    return images_for_training(repository, dockerfiles(repository, None))


def images_for_training(repository: Repository, paths: Iterable[str]) -> list[Container]:
    """Return the images of the first Dockerfiles that start a script of the repository."""
    found = (read_container(repository, path) for path in islice(paths, _MOST_IMAGES))
    return [one for one in found if one is not None and one.training_script is not None]


def _is_near(launcher: str, image: str) -> bool:
    """Return whether one of two folders contains the other, or both are in one folder."""
    if (
        not launcher
        or not image
        or f"{launcher}/".startswith(f"{image}/")
        or image.startswith(f"{launcher}/")
    ):
        return True
    return posixpath.dirname(launcher) == posixpath.dirname(image)


def _named(images: list[Container], name: str) -> Container | None:
    """Return the only image whose Dockerfile is in a folder of the image's name."""
    words = set(re.split(r"\W+|_", posixpath.basename(name).lower()))
    named = [
        one
        for one in images
        if words & set(re.split(r"\W+|_", posixpath.basename(one.folder).lower())) - {""}
    ]
    return named[0] if len(named) == 1 else None


def _nearest(images: list[Container], launcher: str) -> Container | None:
    """Return the only image whose Dockerfile shares the most folders with the launcher; they share at least one."""
    folders = posixpath.dirname(launcher).split("/")
    shared = [len(posixpath.commonprefix([folders, one.folder.split("/")])) for one in images]
    best = max(shared, default=0)
    found = [one for one, count in zip(images, shared, strict=True) if count == best]
    return found[0] if best and folders[0] and len(found) == 1 else None
