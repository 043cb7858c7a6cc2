"""Standard output and standard error of the command.

Reports go to standard output, error messages to standard error. Either may be closed or may refuse a write; the command
still does its work and returns its exit code.
"""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


class Unwritable(Exception):
    """Standard output or a file refuses a write, and the reader of standard output has not just closed a pipe.

    ``place`` is the path of the file.
    """

    def __init__(self, reason: str | None, place: str = "standard output") -> None:
        super().__init__(reason)
        self.place = place


def prepare() -> None:
    """Replace closed streams, and escape characters that the streams' encodings lack."""
    # If standard error is closed, Python would print errors to standard output.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


_record: list[tuple[str, str]] | None = None


def record_in(printed: list[tuple[str, str]] | None) -> None:
    """Record from now on what is printed, each with ``out`` or ``err``; None ends the recording."""
    global _record
    _record = printed


def write(string: str, end: str = "\n") -> None:
    """Write to standard output. Raises `Unwritable`."""
    if _record is not None:
        _record.append(("out", string + end))
    try:
        sys.stdout.write(string + end)
    except BrokenPipeError:
        _close(sys.stdout)
    except OSError as error:
        _close(sys.stdout)
        raise Unwritable(error.strerror) from None


def write_file(path: str, string: str) -> None:
    """Write a file that the user names. Raises `Unwritable`."""
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.write(string)
    except (OSError, ValueError) as error:
        raise Unwritable(error.strerror if isinstance(error, OSError) else str(error), path) from None


def finish() -> None:
    """Flush standard output. Raises `Unwritable`."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _close(sys.stdout)
    except OSError as error:
        _close(sys.stdout)
        raise Unwritable(error.strerror) from None


def complain(message: str) -> None:
    """Write an error message as one line to standard error; a failure to write is ignored."""
    say(f"training-alignment: {message}")


def say(message: str) -> None:
    """Write one line to standard error; a failure to write is ignored."""
    from flake8_training.printable import printable

    if _record is not None:
        _record.append(("err", message))
    try:
        print(printable(message), file=sys.stderr, flush=True)
    except OSError:
        _close(sys.stderr)


def is_terminal(stream: TextIO) -> bool:
    """Return whether a person reads the stream on a terminal."""
    try:
        return stream.isatty()
    except ValueError:  # the stream is closed
        return False


def is_coloured(stream: TextIO) -> bool:
    """Return whether a report on the stream may use colours.

    ``NO_COLOR`` and ``FORCE_COLOR`` decide if they are set (https://no-color.org, https://force-color.org), else
    whether the stream is a terminal.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def _close(stream: TextIO) -> None:
    """Redirect a stream to the null device, so that buffered data raises no error at exit."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except OSError:
        pass


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")
