"""Records: small immutable types with named fields.

They are declared like dataclasses and known to type checkers as such. ``dataclasses`` compiles code for every class at
import, half a millisecond each. The analysis has over a hundred classes, and a check of one step must end in a tenth of
a second. A record compiles nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

R = TypeVar("R", bound="Record")


@dataclass_transform(frozen_default=True, eq_default=True)
class _RecordType(type):
    """Metaclass of records: the annotated names of a class body are the fields; a value is the default."""

    __match_args__: tuple[str, ...]
    _names: tuple[str, ...]
    _defaults: dict[str, Any]
    _puts: tuple[Any, ...]
    _rest: tuple[Any, ...]
    """The defaults of the last fields, after the last field without a default."""
    _shown: tuple[str, ...]
    _compared: Callable[[Any], object]

    def __new__(
        mcs,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        eq: bool = True,
        slots: bool = True,
        apart: tuple[str, ...] = (),
        **_: Any,
    ) -> _RecordType:
        above = next((base for base in bases if isinstance(base, _RecordType)), None)
        own = tuple(
            field
            for field, annotation in namespace.get("__annotations__", {}).items()
            if not str(annotation).startswith("ClassVar")
        )
        defaults = {field: namespace.pop(field) for field in own if field in namespace}
        if slots:
            # Only the base class has the slot of the hash.
            namespace["__slots__"] = own if above is not None else ("_hash",)
        if not eq:
            namespace.setdefault("__eq__", object.__eq__)
            namespace.setdefault("__hash__", object.__hash__)
        elif "__eq__" not in namespace and above is not None:
            # A class that defines its own comparison defines its own hash too.
            namespace.setdefault("__hash__", above.__hash__)
        record_type = super().__new__(mcs, name, bases, namespace)
        record_type._names = (*(above._names if above is not None else ()), *own)
        record_type.__match_args__ = record_type._names  # type: ignore[misc]
        record_type._defaults = {**(above._defaults if above is not None else {}), **defaults}
        record_type._rest = _defaults_at_the_end(record_type._names, record_type._defaults)
        record_type._puts = tuple(_put(record_type, field) for field in record_type._names)
        inherited = above._shown if above is not None else ()
        record_type._shown = (*inherited, *(field for field in own if field not in apart))
        record_type._compared = attrgetter(*record_type._shown) if record_type._shown else _nothing
        return record_type

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **_: Any) -> None:
        super().__init__(name, bases, namespace)


def _defaults_at_the_end(names: tuple[str, ...], defaults: dict[str, Any]) -> tuple[Any, ...]:
    rest: list[Any] = []
    for name in reversed(names):
        if name not in defaults:
            break
        rest.append(defaults[name])
    return tuple(reversed(rest))


def _nothing(record: object) -> tuple[()]:
    """Return the comparison key of a record without fields."""
    return ()


def _put(cls: type, field: str) -> Any:
    """Return the function that stores a field despite the guard against changes."""
    slot = getattr(cls, field, None)
    if slot is not None and hasattr(slot, "__set__"):
        return slot.__set__
    return lambda record, value: record.__dict__.__setitem__(field, value)


class Record(metaclass=_RecordType):
    """The base class of all records. They are immutable, and compare by their fields.

    Keywords of the class:

    * ``eq=False``: compare by identity.
    * ``slots=False``: cached properties are possible.
    * ``apart``: fields to leave out of comparison, hash and ``repr``.
    """

    if TYPE_CHECKING:

        @property
        def _hash(self) -> int: ...

    def __init__(self, *positional: Any, **named: Any) -> None:
        cls = self.__class__
        puts = cls._puts
        missing = len(puts) - len(positional)
        if named or missing < 0 or missing > len(cls._rest):
            positional = _completed(cls, positional, named)
        elif missing:
            positional += cls._rest[-missing:]
        for put, value in zip(puts, positional):  # noqa: B905 (they are as many, and this is done ten thousand times)
            put(self, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} does not change: {name}")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        compared = type(self)._compared
        return compared(self) == compared(other)

    def __hash__(self) -> int:
        # Cached: a record may hold many others, whose hashes are needed whenever its own is.
        try:
            return self._hash
        except AttributeError:
            found = hash(type(self)._compared(self))
            _keep_hash(self, found)
            return found

    def __reduce__(self) -> tuple[Any, ...]:
        cls = type(self)
        return _restored, (cls, tuple(getattr(self, field) for field in cls._names))

    def __repr__(self) -> str:
        shown = ", ".join(f"{field}={getattr(self, field)!r}" for field in type(self)._shown)
        return f"{type(self).__name__}({shown})"


_keep_hash: Callable[[Record, int], None] = vars(Record)["_hash"].__set__


def _restored(cls: type[R], values: tuple[Any, ...]) -> R:
    """Return the record that was sent by another process."""
    record = cls.__new__(cls)
    for put, value in zip(cls._puts, values, strict=True):
        put(record, value)
    return record


def replace(record: R, **changes: Any) -> R:
    """Return a copy of the record with other values in some of its fields."""
    cls = type(record)
    values = [changes.pop(field) if field in changes else getattr(record, field) for field in cls._names]
    return cls(*values, **changes)


def _completed(cls: _RecordType, positional: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """Return the values of all fields, in order; raise `TypeError` if the arguments do not fit the class."""
    left, defaults = cls._names[len(positional) :], cls._defaults
    if len(positional) <= len(cls._names) and named.keys() <= set(left):
        try:
            return (*positional, *[named[name] if name in named else defaults[name] for name in left])
        except KeyError:
            missing = [name for name in left if name not in named and name not in defaults]
            raise TypeError(f"{cls.__name__} needs {', '.join(missing)}") from None
    wrong = sorted(named.keys() - set(left))
    raise TypeError(f"{cls.__name__} does not take {', '.join(wrong) or f'{len(positional)} values'}")
