"""The results of blocks of units that earlier runs have kept: an edit repeats the blocks that have read the file.

A block is computed by a process of its own, which is forked when all steps are found. So its results depend on nothing
but what had been read until then, which a digest holds, and on what the process has read, which its trace holds.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flake8_training.source_file import open_trace
from flake8_training.store.buffered_store import BufferedStore
from flake8_training.store.trace_columns import Columns, TraceCheck, digest_of
from training_alignment.checking.unit_texts import read_result, text_of
from training_alignment.checking.workers import MOST_BLOCKS, blocks_of_size
from training_alignment.repository.file_questions import answer_of
from training_alignment.repository.listing import LISTINGS, hash_of_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flake8_training.source_file import Trace
    from training_alignment.checking.unit_result import UnitResult
    from training_alignment.repository.programs import Work

_LARGEST = 25
"""The most units in a block: an edit repeats one block, and each block costs a process."""
_FEWEST = 10
"""The fewest blocks of a check that is large enough for several units in each."""


class UnitStore(BufferedStore):
    """The results of blocks of units."""

    file = "units.sqlite"
    packages = ("flake8_training", "training_alignment")
    most_rows = 4_000
    most_bytes = 64_000_000


class KeptUnits:
    """The blocks of one check, and the store with what earlier checks have found in them."""

    def __init__(self, store: UnitStore, request: str, digest: str) -> None:
        self._store = store
        self._request = request
        """The hash of what the check is asked for."""
        self._digest = digest
        """The hash of what all units share."""

    @classmethod
    def of(cls, root: str, rules: Iterable[str], files: Iterable[str] | None) -> KeptUnits | None:
        """Return the kept units of a check; None without a store for them, or if none are to be kept this time.

        ``rules`` are the codes of the rules, ``files`` the requested files, None for all. All that the units share has
        been read, into the open trace.

        To keep units takes up to a quarter of a check. It is done if what they share is as in the run before: then some
        of them have read what is edited.
        """
        trace = open_trace()
        assert trace is not None
        store = UnitStore.open(root, trace.parts_folder or None)
        if store is None:
            return None
        request = hash_of_names((root, *rules, "", *(["."] if files is None else sorted(files))))
        found = cls(store, request, digest_of(trace))
        return found if found._is_as_before() else None

    def _is_as_before(self) -> bool:
        """Return whether the last run has found the same digest; keep it for the next one if not."""
        known = self._store.recall([self._request])
        if known is not None and known[1] == [self._digest]:
            return True
        self._store.keep([self._request], Columns(), [self._digest])
        self.write()
        return False

    @staticmethod
    def blocks(units: int) -> list[range]:
        """Return the numbers of the units in blocks, the same ones in every check of as many units."""
        return blocks_of_size(units, max(min(_LARGEST, units // _FEWEST), -(-units // MOST_BLOCKS), 1))

    def recall(self, block: range) -> tuple[Mapping[int, UnitResult], Work] | None:
        """Return the results of a block and the work that they took, if all that was read for them is unchanged."""
        known = self._store.recall(self._key(block))
        if known is None or known[1][0] != self._digest:
            return None
        try:
            columns = Columns.from_pieces(known[0])
            check = TraceCheck(columns, LISTINGS, answer_of)
            if not check.holds():
                return None
            cut_short, unfollowed, steps, texts = json.loads(known[1][1])
            results = {number: read_result(text) for number, text in zip(block, texts, strict=True)}
            work = tuple(map(str, cut_short)), tuple(map(str, unfollowed)), int(steps)
        except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
            return None
        trace = open_trace()
        if trace is not None:
            trace.parts.append(columns)
        if check.is_renewed:
            self._store.keep(self._key(block), columns, known[1])
        return results, work

    def keep(self, block: range, results: Mapping[int, UnitResult], trace: Trace, work: Work) -> None:
        """Keep the results of a block, unless they may be others the next time."""
        texts = [text_of(results[number]) for number in block]
        if trace.is_consistent and None not in texts:
            kept = [self._digest, json.dumps([*work, texts])]
            self._store.keep(self._key(block), Columns.of(trace), kept)

    def write(self) -> None:
        """Write what is kept."""
        self._store.write()

    def _key(self, block: range) -> list[str]:
        return [self._request, str(block.start), str(block.stop)]
