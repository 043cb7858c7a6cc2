"""What the command writes: to standard output what it was asked for, to standard error what went wrong.

Neither may be there, or take anything: then the command still does its work, and ends with its exit code.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO


class Unwritable(Exception):
    """Standard output takes nothing any more, and not because its reader has seen enough."""


def prepare() -> None:
    """Put up with closed streams, and with an encoding that lacks what names of files and texts hold."""
    # With a closed standard error, what is printed to it would go to standard output.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def write(text: str, end: str = "\n") -> None:
    """Write to standard output; raises `Unwritable`."""
    try:
        sys.stdout.write(text + end)
    except BrokenPipeError:
        _close(sys.stdout)
    except OSError as error:
        _close(sys.stdout)
        raise Unwritable(error.strerror) from None


def finish() -> None:
    """Write what is kept back; raises `Unwritable`."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _close(sys.stdout)
    except OSError as error:
        _close(sys.stdout)
        raise Unwritable(error.strerror) from None


def complain(text: str) -> None:
    """Write one line to standard error, if it takes it."""
    from flake8_training.printable import printable

    try:
        print(f"training-alignment: {printable(text)}", file=sys.stderr, flush=True)
    except OSError:
        _close(sys.stderr)


def _close(stream: TextIO) -> None:
    """Let what is still written to a stream go nowhere, also at exit; the pipe's reader has seen enough, or none is."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except OSError:
        pass


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")
