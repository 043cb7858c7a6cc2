"""Runs of the rules over the images that a repository builds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from flake8_training.checker import run
from flake8_training.finding import Finding
from flake8_training.rules.registry import Rules
from training_alignment.checking.guard import guarded
from training_alignment.repository.repository import Repository
from training_alignment.scan.dockerfiles import dockerfiles

if TYPE_CHECKING:
    from training_alignment.launches.launch import Launch
    from training_alignment.rules.container_rule import ContainerRule


def container_findings(
    repository: Repository,
    files: Iterable[str] | None,
    rules: Rules,
    launches: Sequence[Launch] | None,
) -> Iterator[Finding]:
    """Yield the findings in the images that ``files`` may concern, or in all of them without ``files``.

    ``launches`` are those of the repository that run an image of the project's own; None if they have not been read.
    """
    paths = list(dockerfiles(repository, files))
    if not paths:
        return
    from training_alignment.rules.container_rule import ContainerRule

    chosen = rules.of(ContainerRule)
    if chosen:
        yield from guarded(paths[0], _findings(repository, paths, chosen, launches))


def _findings(
    repository: Repository,
    paths: list[str],
    rules: Sequence[ContainerRule],
    launches: Sequence[Launch] | None,
) -> Iterator[Finding]:
    from training_alignment.launches.built_image import built_images

    for image in built_images(repository, paths, launches):
        for rule in rules:
            yield from run(rule, image, image.path)
