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
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NoReturn

from flake8_training.source_file import Trace, note_unrepeatable, open_trace, record_in

_LEAST = 20
"""The fewest units of one process: below, a second process costs more than it saves."""
_BLOCK = 5
"""The most neighbouring units that a process takes at a time, because they share files."""
_SHARES = 10
"""The fewest blocks for each process, so that all end at nearly the same time."""
_MOST_BLOCKS = 2_000
"""The blocks whose numbers certainly fit into a pipe, which holds 16 kB."""
_NUMBER = 4
"""The bytes of the number of a block."""
_SIZE = 8
"""The bytes of the length before each result."""
_CHUNK = 1 << 20
_END = -1
"""The number in place of a unit's with which a child sends what it has read, and its last word."""


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processes_for(units: int, jobs: int | None) -> int:
    """Return the number of processes for a number of units; ``jobs`` is the most that may be used, None for all cores.

    A process with other threads, or on a system without fork, does the work alone.
    """
    threads = sys.modules.get("threading")
    if not hasattr(os, "fork") or (threads is not None and threads.active_count() > 1):
        return 1
    return max(min(usable_cores() if jobs is None else jobs, units // _LEAST), 1)


def results_of(
    units: range,
    compute: Callable[[int], Any],
    close: Callable[[], Any],
    processes: int,
    done: Callable[[int], None],
) -> tuple[dict[int, Any], list[Any]]:
    """Return the results of units of work by their numbers, and what each child returns at its end.

    Results that no child has sent are missing. ``compute`` returns the result of a unit, None if it cannot be sent.
    ``close`` returns a child's last word. ``done`` is called with 1 for each result. What the children have read is
    added to the open trace.
    """
    import signal

    blocks = _blocks(units, processes)
    children: dict[int, int] = {}
    """The processes of the children by the pipes that they write to."""
    # An interrupt between a fork and its record would leave the child behind.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    waiting, filling = os.pipe()
    try:
        os.write(filling, b"".join(number.to_bytes(_NUMBER, "big") for number in range(len(blocks))))
        os.close(filling)  # a child that finds the pipe empty has nothing left to do
        for _ in range(processes):
            reading, writing = os.pipe()
            process = os.fork()
            if not process:
                os.close(reading)
                _work(_taken(blocks, waiting), compute, close, writing)
            os.close(writing)
            children[reading] = process
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        found, ends = _received(list(children), done)
    except BaseException:
        for process in children.values():
            os.kill(process, signal.SIGKILL)
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(waiting)
        for reading, process in children.items():
            os.close(reading)
            os.waitpid(process, 0)
    trace = open_trace()
    if len(ends) < processes:
        note_unrepeatable()
    for read, _ in ends:
        if trace is not None and read is not None:
            trace.merge(read)
    return found, [last for _, last in ends]


def _blocks(units: range, processes: int) -> list[range]:
    """Return the units in blocks."""
    size = max(min(_BLOCK, len(units) // (processes * _SHARES)), -(-len(units) // _MOST_BLOCKS), 1)
    return [units[start : start + size] for start in range(0, len(units), size)]


def _taken(blocks: list[range], waiting: int) -> Iterator[int]:
    """Yield the units of the blocks that this process takes: each process reads the number of its next block."""
    while len(number := os.read(waiting, _NUMBER)) == _NUMBER:
        yield from blocks[int.from_bytes(number, "big")]


def _work(
    units: Iterator[int], compute: Callable[[int], Any], close: Callable[[], Any], writing: int
) -> NoReturn:
    """Compute units in a child, and send the results; never return."""
    import signal

    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interrupt ends it without a traceback
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        parent = os.getppid()
        trace = Trace() if open_trace() is not None else None
        record_in(trace)
        with open(writing, "wb") as stream:
            for unit in units:
                if os.getppid() != parent:
                    break
                result = compute(unit)
                if result is not None:
                    _send(stream, unit, result)
            _send(stream, _END, (trace, close()))
        code = 0
    finally:
        # neither the buffers nor the handlers of the parent's exit are the child's
        os._exit(code)


def _send(stream: BinaryIO, number: int, result: object) -> None:
    import pickle

    data = pickle.dumps((number, result), pickle.HIGHEST_PROTOCOL)
    stream.write(len(data).to_bytes(_SIZE, "big") + data)
    stream.flush()


def _received(
    pipes: list[int], done: Callable[[int], None]
) -> tuple[dict[int, Any], list[tuple[Trace | None, Any]]]:
    """Return what comes out of the pipes until all are closed: results by number, and the ends."""
    import select

    found: dict[int, Any] = {}
    ends: list[tuple[Trace | None, Any]] = []
    buffers = {pipe: bytearray() for pipe in pipes}
    while buffers:
        for pipe in select.select(list(buffers), [], [])[0]:
            data = os.read(pipe, _CHUNK)
            buffers[pipe] += data
            for number, result in _complete(buffers[pipe]):
                if number == _END:
                    ends.append(result)
                else:
                    found[number] = result
                    done(1)
            if not data:
                del buffers[pipe]
    return found, ends


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
