"""Named tuples as ``typing.NamedTuple`` declares them, and known to type checkers as such.

``typing.NamedTuple`` compiles code for every class at import, and a check of one step imports seventy of them: that
takes as long as the interpreter takes to start. These compile nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from _collections import _tuplegetter

    class _NamedTupleType(type):
        """Metaclass: the annotated names of a class body are the fields; a value is the default."""

        def __new__(mcs, name, bases, namespace):
            fields = tuple(namespace.get("__annotations__", ()))
            if bases and fields:
                if any(getattr(base, "_fields", ()) for base in bases):
                    raise TypeError(f"{name} adds fields to a named tuple")
                defaults = {field: namespace[field] for field in fields if field in namespace}
                if tuple(defaults) != fields[len(fields) - len(defaults) :]:
                    raise TypeError(f"{name} has a field without a default after one with a default")
                namespace.update(_fields=fields, __match_args__=fields, _field_defaults=defaults)
                namespace.update((field, _tuplegetter(number, None)) for number, field in enumerate(fields))
            namespace.setdefault("__slots__", ())
            return super().__new__(mcs, name, bases, namespace)

    class NamedTuple(tuple, metaclass=_NamedTupleType):
        """The base class of all named tuples."""

        _fields = ()
        _field_defaults = {}  # noqa: RUF012

        def __new__(cls, *values, **named):
            fields = cls._fields
            if named or len(values) != len(fields):
                left = fields[len(values) :]
                known = {**cls._field_defaults, **named} if named else cls._field_defaults
                try:
                    values += tuple([known[field] for field in left])
                except KeyError as error:
                    raise TypeError(f"{cls.__name__} needs {error.args[0]}") from None
                if len(values) > len(fields) or (named and not named.keys() <= set(left)):
                    raise TypeError(f"{cls.__name__} does not take these arguments")
            return _new(cls, values)

        # a call of a class is a function of Python, which takes four times as long
        _make = classmethod(tuple.__new__)

        def _replace(self, /, **changes):
            """Return a copy with other values in some of the fields."""
            values = [changes.pop(field, value) for field, value in zip(self._fields, self, strict=True)]
            if changes:
                raise ValueError(f"{type(self).__name__} has no field {', '.join(changes)}")
            return _new(type(self), values)

        def _asdict(self):
            """Return the values by the names of the fields."""
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self):
            return tuple(self)

        def __repr__(self):
            shown = ", ".join(f"{field}={value!r}" for field, value in self._asdict().items())
            return f"{type(self).__name__}({shown})"

    _new = tuple.__new__
