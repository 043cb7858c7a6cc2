"""The packed contents of artefact files.

The contents of a file take forty times as much as their packed form. Only the process that packs them unpacks them.
"""

from __future__ import annotations

import io
import pickle
import zlib
from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import Any
from weakref import WeakValueDictionary

from training_alignment.artefacts import class_model, model, tree
from training_alignment.artefacts.model import FileReading

Packed = tuple[bytes, bytes]
"""Contents, and the sample that they were compared with."""

_LIKE = 8
"""Contents that are packed to less than this part of their size are like the sample."""
_SAMPLES = 64
"""The most samples of as many contents, and of each further as many one more."""
_LEVEL = 6
_TUPLES = [
    one
    for module in (tree, model, class_model)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, tuple)
]
"""The named tuples of the contents: without a function of its own, each takes twice as long to pack."""
_NEW = tuple.__new__
"""A call of a class of named tuples is a function of Python, which takes four times as long."""

_files: WeakValueDictionary[int, object] = WeakValueDictionary()
"""The repositories to which packed contents refer, by their identities."""


class Packing:
    """Packs and unpacks contents, comparing each with a sample of those before: neighbouring files are alike.

    ``files`` is the repository, to which the contents refer for facts that are read late. It is not packed.
    """

    def __init__(self, files: object) -> None:
        _files[id(files)] = files
        self._sample = b""
        self._samples = 0
        self._contents = 0
        self._reductions: dict[type, Callable[[Any], tuple[Any, ...]]] = {
            type(files): lambda one: (_files_of, (id(one),)),
            MappingProxyType: lambda mapping: (_read_only, (dict(mapping),)),
            **{one: partial(_reduced, one) for one in _TUPLES},
        }

    def packed(self, reading: FileReading | None) -> Packed | None:
        """Return the packed contents of a file; None if they are nested too deeply."""
        stream = io.BytesIO()
        pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = self._reductions
        try:
            pickler.dump(reading)
        except (pickle.PicklingError, RecursionError, MemoryError):
            return None
        data = stream.getvalue()
        packed = _compressed(data, self._sample)
        self._contents += 1
        if _LIKE * len(packed) > len(data) and self._samples < _SAMPLES + self._contents // _SAMPLES:
            self._sample, self._samples = data, self._samples + 1
            packed = _compressed(data, self._sample)
        return packed, self._sample

    def unpacked(self, packed: Packed) -> FileReading | None:
        """Return the contents that `packed` has packed."""
        found: FileReading | None = pickle.loads(_expanded(*packed))
        return found


def _files_of(number: int) -> object:
    return _files[number]


def _read_only(mapping: dict[str, Any]) -> MappingProxyType[str, Any]:
    return MappingProxyType(mapping)  # the type itself cannot be named in packed contents


def _reduced(kind: type, value: tuple[Any, ...]) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    return _NEW, (kind, tuple(value))


def _compressed(data: bytes, sample: bytes) -> bytes:
    deflating = zlib.compressobj(_LEVEL, zdict=sample) if sample else zlib.compressobj(_LEVEL)
    return deflating.compress(data) + deflating.flush()


def _expanded(packed: bytes, sample: bytes) -> bytes:
    inflating = zlib.decompressobj(zdict=sample) if sample else zlib.decompressobj()
    return inflating.decompress(packed)
