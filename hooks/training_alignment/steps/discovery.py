"""The steps of a repository: how they are found, and what their artefacts hold."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import cached_property

from flake8_training.collection import collection_paused
from flake8_training.configuration import ConfigurationError, ProjectConfiguration
from training_alignment.artefacts.builder_model import Configuration
from training_alignment.artefacts.class_hierarchy import Classes
from training_alignment.artefacts.model import Registration, StepFile
from training_alignment.artefacts.read_error import ReadError
from training_alignment.repository.repository import Repository
from training_alignment.scan.index import Index
from training_alignment.steps.artefact_items import collect, models
from training_alignment.steps.completion import Finisher
from training_alignment.steps.configured_steps import Lister
from training_alignment.steps.drafts import Artefacts
from training_alignment.steps.linking import Linker
from training_alignment.steps.step import Role, Step, StepReading, head_of

KEPT_STEPS = 64
"""Steps whose contents are kept: a check needs those of the step at hand, and those that it names."""


class Discovery:
    """Finds the steps of a repository.

    ``only`` are the artefact files to read; None means all. See `changes` for a choice that does not affect the result
    for the selected steps. ``partly`` are files read in addition for the other steps that they name; a step with no
    other files gets neither script nor configuration. ``naming`` returns the files that name every step.
    """

    def __init__(
        self,
        repository: Repository,
        configuration: ProjectConfiguration | None = None,
        *,
        index: Index | None = None,
        only: Iterable[str] | None = None,
        partly: Iterable[str] = (),
        naming: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self.repository = repository
        self.configuration = configuration or ProjectConfiguration()
        self.listed = self.configuration.listed
        self.index = index or Index(repository, self.listed)
        self.classes = Classes(repository)
        self._only = None if only is None else frozenset(only)
        self._partly = frozenset(partly)
        self._naming = naming
        self._artefacts: dict[str, Artefacts] = {}
        self._entry_errors: list[ReadError] = []
        self._listing_errors: list[ConfigurationError] = []
        self.registrations: dict[str, Registration] = {}
        self.step_files: list[StepFile] = []
        self._last: OrderedDict[int, StepReading] = OrderedDict()
        with collection_paused():
            self.steps: tuple[Step, ...] = self._find()

    def _find(self) -> tuple[Step, ...]:
        if self._only is None:
            paths = list(self.index.glances)
        else:
            paths = [path for path in self._only | self._partly if self.index.glance(path) is not None]
        for path, part in self.listed.items():
            if part in ("contract", "specification", "flow") or self.index.glance(path) is not None:
                self.repository.expect(path, part, certain=True)
                paths.append(path)
        items = collect(self.index, self.classes, set(paths))
        self.registrations, self.step_files = items.registrations, items.step_files
        lister = Lister(self.configuration, items, self.classes)
        drafts = lister.drafts()
        Linker(items, drafts, self.repository.guarded).link()
        for draft in drafts:
            draft.partial = all(part.path in self._partly for part in draft.parts)
        self._listing_errors = lister.errors
        finisher = Finisher(self.index, self.classes, self.registrations, self._entry_errors)
        steps = tuple(finisher.finish(drafts))
        self._artefacts = {draft.name: draft.close() for draft in drafts}
        return steps

    @property
    def complete(self) -> bool:
        """Return whether the discovery holds every step of the repository."""
        return self._only is None

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Return the parts that the files of any step play."""
        return frozenset(part.role for step in self.steps for part in step.parts)

    @cached_property
    def has_scripts(self) -> bool:
        """Return whether any step has a script."""
        return any(step.script.path is not None for step in self.steps)

    @cached_property
    def whole(self) -> Discovery:
        """Return a discovery of every step by its name, with little more than its specifications and flows."""
        if self.complete:
            return self
        return Discovery(
            self.repository, self.configuration, index=self.index, only=(), partly=self._naming()
        )

    @cached_property
    def errors(self) -> tuple[ReadError, ...]:
        """Return the errors in artefact files, each once, in the order of their paths."""
        found = {(e.path, e.line, e.column, e.message): e for e in self.repository.errors.values()}
        found.update({(e.path, e.line, e.column, e.message): e for e in self._entry_errors})
        return tuple(found[place] for place in sorted(found))

    @property
    def configuration_errors(self) -> tuple[ConfigurationError, ...]:
        """Return the errors in the project's configuration."""
        return (*self.configuration.errors, *self._listing_errors)

    def step(self, name: str) -> Step | None:
        """Return the step with this name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Step]:
        return {step.name: step for step in reversed(self.steps)}

    def read(self, step: Step) -> StepReading:
        """Return the contents of a step's artefacts. Those of the last steps are kept."""
        known = self._last.get(id(step))
        if known is None:
            known = self._last[id(step)] = self._read(step)
            if len(self._last) > KEPT_STEPS:
                self._last.popitem(last=False)
            if "errors" not in self.__dict__:
                _ = known.configuration, self.errors  # what a rule reads later is no artefact of the steps
        else:
            self._last.move_to_end(id(step))
        return known

    def _read(self, step: Step) -> StepReading:
        own = self._artefacts[step.name]
        step_file = own.step_file

        def configuration() -> Configuration | None:
            path, name = own.configuration or ("", "")
            if name:
                with self.repository.guarded(path):
                    return self.classes.configuration(path, name)
            return None

        return StepReading(
            step,
            contracts=lambda: (*models(own.contracts), *(step_file.contracts if step_file else ())),
            specifications=lambda: (
                *models(own.specifications),
                *(step_file.specifications if step_file else ()),
            ),
            heads=lambda: (
                *(item.head for item in own.specifications if item.head is not None),
                *(map(head_of, step_file.specifications) if step_file else ()),
            ),
            builder=lambda: own.builder.model if own.builder is not None else None,
            configuration=configuration,
            flows=own.flows,
            requirements=own.requirements,
            step_file=step_file,
        )
