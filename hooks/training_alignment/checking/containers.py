"""Runs of the rules over the images that a repository builds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flake8_training.checker import run
from flake8_training.finding import Finding
from flake8_training.rules.rule import Rule
from training_alignment.checking.guard import guarded
from training_alignment.launches.launch import Launch
from training_alignment.repository.repository import Repository
from training_alignment.rules.container_rule import ContainerRule
from training_alignment.scan.dockerfiles import dockerfiles


def container_findings(
    repository: Repository,
    files: Iterable[str] | None,
    rules: Iterable[Rule[Any]],
    launches: Sequence[Launch] | None,
) -> Iterator[Finding]:
    """Yield the findings in the images that ``files`` may concern, or in all of them without ``files``.

    ``launches`` are those of the repository that run an image of the project's own; None if they have not been read.
    """
    chosen = [rule for rule in rules if isinstance(rule, ContainerRule)]
    paths = list(dockerfiles(repository, files)) if chosen else []
    if paths:
        yield from guarded(paths[0], _findings(repository, paths, chosen, launches))


def _findings(
    repository: Repository,
    paths: list[str],
    rules: list[ContainerRule],
    launches: Sequence[Launch] | None,
) -> Iterator[Finding]:
    from training_alignment.launches.built_image import built_images

    for image in built_images(repository, paths, launches):
        for rule in rules:
            yield from run(rule, image, image.path)
