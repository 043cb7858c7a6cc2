"""Completion of drafts: configuration class, script, name and kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from training_alignment.artefacts.class_hierarchy import Classes
from training_alignment.artefacts.model import Registration
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.tree import Located, Scalar, text_of
from training_alignment.repository.folders import folder_of, parts_of
from training_alignment.scan.index import Index
from training_alignment.scan.name_forms import ROLE_WORDS, Named, key, stem
from training_alignment.steps.drafts import Draft, Drafts
from training_alignment.steps.entry_points import Scripts
from training_alignment.steps.kinds import kind
from training_alignment.steps.step import Part, Role, ScriptSearch, Step

NO_SCRIPT = ScriptSearch(None, "nothing names a script")


class Finisher:
    """Completes the drafts of a repository; ``errors`` collects the mistakes in their entry points."""

    def __init__(
        self,
        index: Index,
        classes: Classes,
        registrations: Mapping[str, Registration],
        errors: list[ReadError],
    ) -> None:
        self.index = index
        self.classes = classes
        self.registrations = registrations
        self.errors = errors

    @cached_property
    def _registered(self) -> Named[Registration]:
        found: Named[Registration] = Named()
        for registration in self.registrations.values():
            found.add(key(registration.name), registration)
        return found

    def finish(self, drafts: Drafts) -> list[Step]:
        """Return the steps, sorted by name."""
        for draft in drafts:
            with self.index.repository.guarded(_path(draft)):
                self._registration(draft)
                if not draft.partial:
                    self._configuration(draft)
        scripts = Scripts(self.index)
        taken = frozenset(part.path for draft in drafts for part in draft.parts)
        for draft in drafts:
            draft.script = NO_SCRIPT
            if not draft.partial:
                with self.index.repository.guarded(_path(draft)):
                    draft.script = self._script(draft, scripts, taken, drafts)
            if draft.script.path is not None and not draft.has(Role.SCRIPT):
                draft.add(Part(Role.SCRIPT, draft.script.path, "", draft.script.reason))
        self._names(drafts)
        return sorted((_step(draft) for draft in drafts), key=lambda step: (step.name.lower(), step.paths))

    def _registration(self, draft: Draft) -> None:
        if draft.registration is not None and draft.registration.sagemaker_type is not None:
            return
        found = self.registrations.get(draft.name)
        if found is None:
            alike = [r for name in draft.keys for r in self._registered.find(name)]
            found = alike[0] if len(alike) == 1 else None
        draft.registration = found or draft.registration

    # -- the configuration class

    def _configuration(self, draft: Draft) -> None:
        if draft.has(Role.CONFIGURATION):
            return
        if draft.given is not None:
            self._take_configuration(draft, *draft.given, "the builder is given one")
            return
        registered = draft.registration.configuration_class if draft.registration is not None else None
        if registered is not None:
            path = self._file_of_class(registered) or self.index.defining(registered)
            if path is not None:
                self._take_configuration(
                    draft, path, registered, "registered as the configuration of the step"
                )
                return
        found = self._configuration_by_name(draft)
        if found is not None:
            self._take_configuration(draft, *found, "named like the step")

    def _take_configuration(self, draft: Draft, path: str, name: str, reason: str) -> None:
        draft.configuration = (path, name)
        readable = self.classes.files.reading(path) is not None
        draft.add(Part(Role.CONFIGURATION, path, name, reason, readable=readable))

    def _file_of_class(self, name: str) -> str | None:
        """Return a configuration file that defines a class and is named like it, or nearly so; else None."""
        near = self.index.called("configuration", key(name), nearly=True)
        return next((path for path in near if self.classes.body(path, name) is not None), None)

    def _configuration_by_name(self, draft: Draft) -> tuple[str, str] | None:
        """Return the class of a configuration file named like the step: the class of that name, or the only class."""
        files = {path for name in draft.keys for path in self.index.called("configuration", name)}
        for path in sorted(files, key=lambda p: (draft.distance(parts_of(folder_of(p))), p))[:1]:
            reading = self.classes.files.reading(path)
            if reading is None:
                return path, ""
            named = [body.name for body in reading.classes if draft.is_called(key(body.name))]
            if named:
                return path, named[-1]
            if len(reading.classes) == 1:
                return path, reading.classes[0].name
        return None

    # -- the script

    def _script(self, draft: Draft, scripts: Scripts, taken: frozenset[str], drafts: Drafts) -> ScriptSearch:
        listed = next((part for part in draft.parts if part.role is Role.SCRIPT), None)
        entry = _entry_point(draft)
        if listed is not None:
            return ScriptSearch(listed.path, listed.reason, entry)
        if entry is not None:
            try:
                named = scripts.named(entry, next(iter(draft.keys), key("")))
            except ReadError as error:
                self.errors.append(error)
                return ScriptSearch(None, error.message, entry)
            like = scripts.like(draft.keys, draft.home, taken) if named.missing else None
            if like is None:
                return named
            reason = f"{named.reason}; perhaps {like.path}"
            return ScriptSearch(like.path, reason, entry, named.candidates, missing=True)
        if _states_no_script(draft):
            return ScriptSearch(None, "its contract says that it has none")
        found = scripts.like(draft.keys, draft.home, taken)
        if found is None:
            alone = drafts.with_folder(draft.home) == [draft] and len(draft.folders) == 1
            found = scripts.beside(draft.home, taken) if alone else None
        return found or NO_SCRIPT

    # -- names

    def _names(self, drafts: Drafts) -> None:
        for draft in drafts:
            draft.name = draft.name or _name(draft)
        named: dict[str, list[Draft]] = {}
        for draft in drafts:
            named.setdefault(draft.name, []).append(draft)
        for name, alike in named.items():
            if len(alike) > 1:
                counts = Counter(part for draft in alike for part in enumerate(draft.home.split("/")))
                for draft in alike:
                    draft.name = f"{name} ({_distinguishing_folder(draft.home, counts)})"


def _distinguishing_folder(home: str, counts: Mapping[tuple[int, str], int]) -> str:
    """Return the folder by which a step differs from the others with its name.

    ``counts`` are the numbers of these steps, itself included, below a folder at a depth.
    """
    alone = (part for part in enumerate(home.split("/")) if counts[part] == 1)
    return next(alone, (0, home))[1] or "."


def _name(draft: Draft) -> str:
    """Return a name for an unnamed step: from its builder's ``step_name``, its file, its folder or its constant.

    Words for the part of a step, such as "contract", are removed.
    """
    builder = draft.builder.model if draft.builder is not None else None
    if builder is not None:
        for node in builder.attribute("step_name"):
            if isinstance(node, Scalar) and isinstance(node.value, str) and node.value:
                return node.value
    first = draft.parts[0]
    folder = folder_of(first.path).rpartition("/")[2]
    for candidate in (stem(first.path), folder, first.name.lower()):
        words = [w for w in candidate.replace("-", "_").split("_") if w and w.lower() not in ROLE_WORDS]
        if words and key("_".join(words)):
            return "_".join(words)
    return stem(first.path) or "step"


def _entry_point(draft: Draft) -> Located[str] | None:
    """Return the entry point that the contract declares, else the builder or its SDK object; None if unknown."""
    entry_points = [item.entry_point for item in draft.contracts]
    if draft.step_file is not None:
        entry_points += [contract.entry_point for contract in draft.step_file.contracts[:1]]
    for declared in entry_points:
        if declared is not None:
            return Located(declared.value, declared.place) if isinstance(declared.value, str) else None
    builder = draft.builder.model if draft.builder is not None else None
    if builder is None:
        return None
    found: list[Located[str]] = []
    for construction in builder.constructions():
        script = text_of(construction.arguments.get("entry_point"))
        if script is not None:
            folder = text_of(construction.arguments.get("source_dir"))
            inside = folder.value.rstrip("/") if folder is not None and "://" not in folder.value else ""
            found.append(Located(f"{inside}/{script.value}" if inside else script.value, script.place))
    for node in builder.attribute("entry_point"):
        if isinstance(node, Scalar) and isinstance(node.value, str):
            found.append(Located(node.value, node.place))
    names = {one.value for one in found}
    return found[0] if len(names) == 1 else None


def _states_no_script(draft: Draft) -> bool:
    """Return whether the contract of a step file declares that it has no script (``entry_point: null``)."""
    raws = [c.raw for c in (draft.step_file.contracts[:1] if draft.step_file is not None else ())]
    return any("entry_point" in raw and _is_none(raw.get("entry_point")) for raw in raws)


def _is_none(node: object) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _step(draft: Draft) -> Step:
    found, reason = kind(draft)
    order = list(Role)
    return Step(
        name=draft.name,
        kind=found,
        kind_reason=reason,
        parts=tuple(sorted(draft.parts, key=lambda part: order.index(part.role))),
        script=draft.script or NO_SCRIPT,
        registration=draft.registration,
        explicit=draft.listed is not None,
        partial=draft.partial,
    )


def _path(draft: Draft) -> str:
    """Return the file to report a failure on that concerns the whole step."""
    return next((part.path for part in draft.parts), ".")
