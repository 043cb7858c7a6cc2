"""Processes that share the work of a check.

The process that has found the steps is forked, so the children know all that it knows; a started interpreter would
have to find the steps anew, which takes a fifth of the check. Where there is no fork, such as on Windows, one process
does the work. macOS has it: this process has no other thread, and uses no framework of the system.

Each child takes one block of the units of work after the other, and sends the result of each unit as it is done. What a
child does not send, because it has failed or was ended, the caller computes itself: the output does not depend on the
number of processes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any, BinaryIO, NoReturn

from flake8_training.named_tuple import NamedTuple
from flake8_training.source_file import Trace, note_unrepeatable, open_trace, record_in

_LEAST = 20
"""The fewest units of one process: below, a second process costs more than it saves."""
_BLOCK = 5
"""The most neighbouring units that a process takes at a time, because they share files."""
_SHARES = 10
"""The fewest blocks for each process, so that all end at nearly the same time."""
MOST_BLOCKS = 2_000
"""The blocks whose numbers certainly fit into a pipe, which holds 16 kB."""
_NUMBER = 4
"""The bytes of the number of a block."""
_SIZE = 8
"""The bytes of the length before each result."""
_CHUNK = 1 << 20
_PACKAGES = ("flake8_training", "training_alignment")
_END = -1
"""The number in place of a unit's with which a child sends what it has read, and its last word."""


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_share() -> bool:
    """Return whether this process may fork: the system has it, and no other thread runs."""
    threads = sys.modules.get("threading")
    return hasattr(os, "fork") and (threads is None or threads.active_count() == 1)


def processes_for(units: int, jobs: int | None) -> int:
    """Return the number of processes for a number of units; ``jobs`` is the most that may be used, None for all cores.

    A process with other threads, or on a system without fork, does the work alone.
    """
    if not can_share():
        return 1
    return max(min(usable_cores() if jobs is None else jobs, units // _LEAST), 1)


class Share(NamedTuple):
    """The work of one child: the units that it has sent, what it has read for them, its last word, and its imports."""

    numbers: list[int]
    trace: Trace | None
    last: Any
    imported: list[str]


def results_of(
    blocks: Sequence[range],
    compute: Callable[[int], Any],
    close: Callable[[], Any],
    processes: int,
    done: Callable[[int], None],
    *,
    apart: bool = False,
) -> tuple[dict[int, Any], list[Share]]:
    """Return the results of units of work by their numbers, and the shares of the children that have come to an end.

    Results that no child has sent are missing. ``compute`` returns the result of a unit, None if it cannot be sent.
    ``close`` returns a child's last word. ``done`` is called with 1 for each result. What the children have read is
    added to the open trace.

    A child takes one block after the other. With ``apart`` it takes one block only, so it knows nothing of the others:
    what it has read is all that its results depend on, besides what this process has read before.
    """
    import signal

    left = len(blocks) if apart else processes
    children: dict[int, int] = {}
    """The processes of the children by the pipes that they write to."""
    found: dict[int, Any] = {}
    shares: list[Share] = []
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    waiting, filling = os.pipe()

    def start() -> int:
        """Fork a child, and return the pipe that it writes to."""
        # An interrupt between a fork and its record would leave the child behind.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        reading, writing = os.pipe()
        process = os.fork()
        if not process:
            os.close(reading)
            taken = _taken(blocks, waiting, 1 if apart else len(blocks))
            _work(taken, compute, close, writing)
        os.close(writing)
        children[reading] = process
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        return reading

    try:
        os.write(filling, b"".join(number.to_bytes(_NUMBER, "big") for number in range(len(blocks))))
        os.close(filling)  # a child that finds the pipe empty has nothing left to do
        buffers = {start(): bytearray() for _ in range(min(processes, left))}
        left -= len(buffers)
        while buffers:
            for pipe in _ready(buffers):
                data = os.read(pipe, _CHUNK)
                buffers[pipe] += data
                for number, result in _complete(buffers[pipe]):
                    if number == _END:
                        shares.append(result)
                        if left:
                            _import(result.imported)
                    else:
                        found[number] = result
                        done(1)
                if not data:
                    del buffers[pipe]
                    _ended(pipe, children)
                    if left:
                        left -= 1
                        buffers[start()] = bytearray()
    except BaseException:
        for process in children.values():
            os.kill(process, signal.SIGKILL)
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(waiting)
        for pipe in list(children):
            _ended(pipe, children)
    trace = open_trace()
    if len(shares) < (len(blocks) if apart else processes):
        note_unrepeatable()
    for share in shares:
        if trace is not None and share.trace is not None:
            trace.merge(share.trace)
    return found, shares


def _import(names: Iterable[str]) -> None:
    """Import the modules of the check that a child has needed: the next ones need them too."""
    for name in names:
        if name.partition(".")[0] in _PACKAGES:
            import_module(name)


def _ended(pipe: int, children: dict[int, int]) -> None:
    """Wait for the child that writes to a pipe."""
    os.close(pipe)
    os.waitpid(children[pipe], 0)
    del children[pipe]


def _ready(pipes: Iterable[int]) -> list[int]:
    import select

    return select.select(list(pipes), [], [])[0]


def blocks_of(units: int, processes: int) -> list[range]:
    """Return the numbers of units of work in blocks for processes that take one after the other."""
    size = max(min(_BLOCK, units // (processes * _SHARES)), -(-units // MOST_BLOCKS), 1)
    return blocks_of_size(units, size)


def blocks_of_size(units: int, size: int) -> list[range]:
    """Return the numbers of units of work in blocks of a size."""
    return [range(start, min(start + size, units)) for start in range(0, units, size)]


def _taken(blocks: Sequence[range], waiting: int, most: int) -> Iterator[int]:
    """Yield the units of the blocks that this process takes: each process reads the number of its next block."""
    for _ in range(most):
        number = os.read(waiting, _NUMBER)
        if len(number) < _NUMBER:
            return
        yield from blocks[int.from_bytes(number, "big")]


def _work(
    units: Iterator[int], compute: Callable[[int], Any], close: Callable[[], Any], writing: int
) -> NoReturn:
    """Compute units in a child, and send the results; never return."""
    import signal

    code, known = 1, set(sys.modules)
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interrupt ends it without a traceback
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        parent = os.getppid()
        trace = Trace() if open_trace() is not None else None
        record_in(trace)
        with open(writing, "wb") as stream:
            sent: list[int] = []
            for unit in units:
                if os.getppid() != parent:
                    break
                result = compute(unit)
                if result is not None:
                    _send(stream, unit, result)
                    sent.append(unit)
            _send(stream, _END, Share(sent, trace, close(), list(sys.modules.keys() - known)))
        code = 0
    finally:
        # neither the buffers nor the handlers of the parent's exit are the child's
        os._exit(code)


def _send(stream: BinaryIO, number: int, result: object) -> None:
    import pickle

    data = pickle.dumps((number, result), pickle.HIGHEST_PROTOCOL)
    stream.write(len(data).to_bytes(_SIZE, "big") + data)
    stream.flush()


def _complete(buffer: bytearray) -> Iterator[tuple[int, Any]]:
    """Yield the complete messages of a buffer, and remove them. The sender is a child of this process."""
    import pickle

    start = 0
    while len(buffer) - start >= _SIZE:
        end = start + _SIZE + int.from_bytes(buffer[start : start + _SIZE], "big")
        if len(buffer) < end:
            break
        yield pickle.loads(bytes(buffer[start + _SIZE : end]))
        start = end
    del buffer[:start]
