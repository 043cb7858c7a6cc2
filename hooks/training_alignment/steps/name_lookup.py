"""The meaning of step names among the steps of a repository.

Specifications name steps exactly: ``PytorchTraining`` is not ``PyTorchTraining``. Flow tables are spelled loosely:
``model-evaluation-step`` is the step ``model_evaluation``.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Generic, TypeVar

from flake8_training.pattern import pattern
from flake8_training.spelling import closest
from training_alignment.artefacts.model import Text
from training_alignment.artefacts.step_types import SDK_STEPS, split_job_type
from training_alignment.scan.name_forms import key

T = TypeVar("T")

_WORD = pattern(r"S3|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_CATEGORIES = frozenset(
    """
    artifact artifacts config configuration cross data engineering evaluation external feature generation
    hyperparameter hyperparameters input load loading local manual model monitoring output packaging payload prep
    preparation preprocessing process processing provided quality registration s3 script source sources step test
    testing training transform tuning upload user validation
    """.split()
)
"""The words in names of categories: ``DataLoad``, ``ModelEvaluation``, ``S3Source``, ``PayloadTestStep``."""

KINDS = frozenset(
    {
        *SDK_STEPS,
        *(
            "RegisterModelStep",
            "DataLoad",
            "ModelArtifactsStep",
            "PackagingStep",
            "PayloadStep",
            "ScriptStep",
        ),
    }
)
"""The step classes of the SDK, and other words for any step of a kind; none is a misspelling of a step's name."""


class Meaning(StrEnum):
    """The meaning of a name."""

    STEP = "step"
    """A step, or a registered name without files."""
    CATEGORY = "category"
    """A word for a kind of step; no step has this name."""
    NO_JOB_TYPE = "no job type"
    """A step that exists, with a job type that no specification declares."""
    MISSING = "missing"
    """No step of the repository; ``near`` is the nearest name, if there is one."""
    UNKNOWN = "unknown"
    """The meaning is unknown."""


class Reference(Generic[T]):
    """A name of a step with its place, and its meaning. ``nodes`` are the job types of the step, or the step.

    ``resolve`` returns the meaning if only all steps of the repository together decide it; it is called once.
    """

    __slots__ = ("_meaning", "_near", "_resolve", "nodes", "text")

    def __init__(
        self,
        text: Text,
        meaning: Meaning,
        nodes: tuple[T, ...] = (),
        near: str | None = None,
        resolve: Callable[[], Reference[T]] | None = None,
    ) -> None:
        self.text = text
        self.nodes = nodes
        self._meaning = meaning
        self._near = near
        self._resolve = resolve

    @property
    def meaning(self) -> Meaning:
        """Return the meaning of the name."""
        self._load()
        return self._meaning

    @property
    def near(self) -> str | None:
        """Return the nearest right name, or None."""
        self._load()
        return self._near

    def _load(self) -> None:
        if self._resolve is not None:
            resolved, self._resolve = self._resolve(), None
            self._meaning, self._near = resolved.meaning, resolved.near


class StepNames(Generic[T]):
    """The names of the steps of a repository; each maps to one or several objects of type ``T``."""

    def __init__(self) -> None:
        self._stated: dict[str, list[T]] = {}
        self._waiting: list[tuple[str, T | None]] = []
        """The names whose spellings are not yet in the next one: few repositories need these."""
        self._loose: dict[str, list[T]] = {}
        self._stated_things: set[int] = set()
        self._variants: set[str] = set()
        self._near: dict[str, str | None] = {}

    def add(self, name: str, thing: T, *, stated: bool) -> None:
        """Add a name. ``stated`` if an artefact declares it; otherwise it is derived from a file's name.

        All names of one thing are added in succession.
        """
        if stated:
            if not _add(self._stated.setdefault(name, []), thing):
                return
            self._stated_things.add(id(thing))
        self._waiting.append((name, thing))

    def add_variant(self, base: str, job_type: str, thing: T) -> None:
        """Add the specification of a step for a job type."""
        self._variants.add(base)
        self.add(f"{base}_{job_type.capitalize()}", thing, stated=True)

    def know(self, name: str) -> None:
        """Add a name of a step about which nothing else is known."""
        self._stated.setdefault(name, [])
        self._waiting.append((name, None))

    def _complete(self) -> None:
        for name, thing in self._waiting:
            for text in _spellings(name):
                things = self._loose.setdefault(text, [])
                if thing is not None:
                    _add(things, thing)
        self._waiting.clear()

    def resolve(self, text: Text, *, loose: bool, closed: bool) -> Reference[T]:
        """Return the meaning of a name. ``loose`` allows other spellings;

        if ``closed``, an unknown name is no step's.
        """
        name = text.value
        known = self.known(text, loose=loose)
        if known is not None:
            return known
        if not closed:
            return Reference(text, Meaning.UNKNOWN)
        if name in KINDS:
            return Reference(text, Meaning.CATEGORY)
        near = self._nearest(name)
        if near is not None:
            return Reference(text, Meaning.MISSING, near=near)
        base, job_type = split_job_type(name.replace("-", "_"))
        if job_type and base in self._stated:
            meaning = Meaning.MISSING if base in self._variants else Meaning.NO_JOB_TYPE
            return Reference(text, meaning, near=base if meaning is Meaning.NO_JOB_TYPE else None)
        if is_category(name):
            return Reference(text, Meaning.CATEGORY)
        return Reference(text, Meaning.MISSING)

    def known(self, text: Text, *, loose: bool) -> Reference[T] | None:
        """Return the step that a name refers to; None if no known step has the name."""
        name = text.value
        if name in self._stated:
            return Reference(text, Meaning.STEP, tuple(self._stated[name]))
        self._complete()
        found = next((self._loose[s] for s in _spellings(name) if s in self._loose), None)
        if found is not None and (loose or not self._is_stated(found)):
            return Reference(text, Meaning.STEP if loose else Meaning.UNKNOWN, tuple(found))
        return None

    def _is_stated(self, things: list[T]) -> bool:
        """Return whether an artefact declares the step's name; a specification must then use exactly that name."""
        return not things or not self._stated_things.isdisjoint(map(id, things))

    def _nearest(self, name: str) -> str | None:
        if name not in self._near:
            self._near[name] = closest(name, self._stated)
        return self._near[name]


def _add(things: list[T], thing: T) -> bool:
    """Add a thing to the things of a name unless it is the last one. Return whether it was added."""
    if things and things[-1] is thing:
        return False
    things.append(thing)
    return True


def is_category(name: str) -> bool:
    """Return whether a capitalised name consists only of words for kinds of steps."""
    words = _WORD.findall(name)
    return name[:1].isupper() and bool(words) and all(word.lower() in _CATEGORIES for word in words)


def _spellings(name: str) -> tuple[str, ...]:
    """Return the forms under which any spelling of a name is found: its words in order, and sorted."""
    own = key(name)
    return (own.text, "\0".join(sorted(own.words))) if own else ()
