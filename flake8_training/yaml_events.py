"""The events of a YAML document, one after another, for readers that build different results.

PyYAML's events construct no Python object, and arrive one by one: neither deep nesting nor recursive anchors exhaust
memory or stack. An alias refers to what was built for its anchor, once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from flake8_training.yaml_scalars import Scalars

Built = TypeVar("Built")
"""What a reader builds for a scalar, a mapping or a sequence."""


class EventReader(ABC, Generic[Built]):
    """Reads the only document of a YAML source. PyYAML is imported when the first object is constructed.

    An ``event`` is one of PyYAML, whose types do not say that every event has a place.
    """

    def __init__(self) -> None:
        self.scalars = Scalars()
        self._anchors: dict[str, Built] = {}
        self._open: list[str | None] = []
        """The anchors of the mappings and sequences that are not at their end."""
        self._documents = 0

    def read_events(self, source: str | bytes) -> None:
        """Read the document. Raises PyYAML's ``YAMLError`` for invalid YAML, and what `error` returns."""
        import yaml

        handlers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._sequence,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for event in yaml.parse(source, Loader=loader):
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)

    @abstractmethod
    def error(self, event: Any, message: str) -> Exception:
        """Return the exception for an event that is not allowed."""

    @abstractmethod
    def scalar(self, event: Any, tag: str) -> Built | None:
        """Add a scalar with its tag, and return it; None for a merge key."""

    @abstractmethod
    def start(self, event: Any, *, is_mapping: bool) -> None:
        """Begin a mapping or a sequence."""

    @abstractmethod
    def end(self) -> Built:
        """End the innermost mapping or sequence, add it, and return it."""

    @abstractmethod
    def again(self, event: Any, built: Built) -> None:
        """Add another occurrence of what was built for an anchor."""

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self.error(event, "more than one document in the file")

    def _scalar(self, event: Any) -> None:
        built = self.scalar(event, self.scalars.tag(event))
        if event.anchor and built is not None:
            self._anchors[event.anchor] = built

    def _mapping(self, event: Any) -> None:
        self._start(event, is_mapping=True)

    def _sequence(self, event: Any) -> None:
        self._start(event, is_mapping=False)

    def _start(self, event: Any, *, is_mapping: bool) -> None:
        self.start(event, is_mapping=is_mapping)
        self._open.append(event.anchor)
        # Inside, the anchor is that of the mapping or sequence itself.
        self._anchors.pop(event.anchor, None)

    def _end(self, _: Any) -> None:
        built, anchor = self.end(), self._open.pop()
        if anchor:
            self._anchors[anchor] = built

    def _alias(self, event: Any) -> None:
        built = self._anchors.get(event.anchor)
        if built is not None:
            self.again(event, built)
        elif event.anchor in self._open:
            raise self.error(event, f"the anchor {event.anchor!r} contains itself")
        else:
            raise self.error(event, f"undefined alias {event.anchor!r}")
