"""The graph of a repository's steps, built from a discovery."""

from __future__ import annotations

from functools import cache

from training_alignment.artefacts.file_names import is_step_file
from training_alignment.steps.discovery import Discovery
from training_alignment.steps.graph import StepGraph


def graph_of(discovery: Discovery, *, is_whole: bool = False) -> StepGraph:
    """Return the graph over all steps of a discovery.

    ``is_whole`` means that the discovery holds every step of the repository, though not every file of each. A registry
    counts as a list of all steps if it names at least half of the repository's specified steps.
    """
    registered = [r for r in discovery.registrations.values() if not is_step_file(r.path)]
    names = {r.name for r in registered}
    names.update(r.specification_type for r in registered if r.specification_type is not None)
    bases = [
        head.base_name for step in discovery.steps for head in discovery.read(step).heads if head.base_name
    ]
    inside = sum(base in names for base in bases)
    all_registered = bool(names) and 2 * inside >= len(bases)
    if is_whole or discovery.complete:
        return StepGraph(discovery.steps, discovery.read, names, registered=all_registered)

    @cache
    def whole() -> StepGraph:
        return graph_of(discovery.whole, is_whole=True)

    return StepGraph(discovery.steps, discovery.read, names, registered=all_registered, whole=whole)
