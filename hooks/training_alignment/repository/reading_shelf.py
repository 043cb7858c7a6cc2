"""The contents of a repository's artefact files: as they are, or in a large repository packed but for the last few.

A check of a large repository needs the contents of a file a few times only: to link the files into steps, to check the
step, and to check those that depend on it.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from training_alignment.artefacts.model import FileReading
    from training_alignment.repository.packed_readings import Packed, Packing

KEPT_READINGS = 2_048
"""The contents that are kept as they are: those of most repositories."""

KEPT_OF_MANY = 64
"""The contents that are kept as they are if there are more: enough for a few steps."""


class ReadingShelf:
    """The contents of files, by path; None for a file that cannot be read.

    ``files`` is the repository, to which the contents refer for facts that are read late.
    """

    def __init__(self, files: object) -> None:
        self._files = files
        self._most = KEPT_READINGS
        self._last: OrderedDict[str, FileReading | None] = OrderedDict()
        self._packed: dict[str, Packed] = {}
        self._whole: dict[str, FileReading | None] = {}
        """Contents that are nested too deeply to be packed."""

    def __contains__(self, path: str) -> bool:
        return path in self._last or path in self._packed or path in self._whole

    def __getitem__(self, path: str) -> FileReading | None:
        if path in self._last:
            self._last.move_to_end(path)
            return self._last[path]
        if path in self._whole:
            return self._whole[path]
        found = self._packing.unpacked(self._packed[path])
        self._keep(path, found)
        return found

    def __setitem__(self, path: str, reading: FileReading | None) -> None:
        self._packed.pop(path, None)
        self._keep(path, reading)

    def _keep(self, path: str, reading: FileReading | None) -> None:
        self._last[path] = reading
        if len(self._last) > self._most:
            self._most = min(KEPT_OF_MANY, self._most)
            while len(self._last) > self._most:
                self._pack(*self._last.popitem(last=False))

    def _pack(self, path: str, reading: FileReading | None) -> None:
        if path not in self._packed and path not in self._whole:
            packed = self._packing.packed(reading)
            if packed is None:
                self._whole[path] = reading
            else:
                self._packed[path] = packed

    @cached_property
    def _packing(self) -> Packing:
        from training_alignment.repository.packed_readings import Packing

        return Packing(self._files)
