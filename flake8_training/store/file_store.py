"""The results of single files that flake8 keeps."""

from __future__ import annotations

from flake8_training.store.buffered_store import BufferedStore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flake8_training.store.trace_columns import Columns


class FileStore(BufferedStore):
    """The results of single files. They are written when the process ends."""

    file = "flake8.sqlite"
    packages = ("flake8_training",)
    most_rows = 20_000
    most_bytes = 32_000_000

    def __init__(self, folder: str, key: bytes) -> None:
        super().__init__(folder, key)
        self._is_written_at_the_end = False

    def keep(self, request: list[str], trace: Columns, result: list[str]) -> None:
        """Keep a result with its trace, at the latest when the process ends."""
        super().keep(request, trace, result)
        if not self._is_written_at_the_end:
            # atexit knows nothing of the end of a worker process, and flake8 has loaded multiprocessing
            from multiprocessing.util import Finalize

            Finalize(None, self.write, exitpriority=0)
            self._is_written_at_the_end = True
