"""One child process and its output, without the module ``subprocess``, whose import takes as long as git itself."""

from __future__ import annotations

import os
import time

_SIGKILL = 9
_CHUNK = 1 << 20


class TimedOut(Exception):
    """The child did not end in time; it has been killed."""


def run(command: list[str], environment: dict[str, str], seconds: float) -> tuple[int, bytes, bytes]:
    """Run a program of the search path without input; return its exit code, output and errors.

    Raises ``OSError``, ``ValueError`` and `TimedOut`.
    """
    if not hasattr(os, "posix_spawnp"):
        return _by_subprocess(command, environment, seconds)
    pipes = [os.pipe(), os.pipe()]
    ends = [end for pipe in pipes for end in pipe]
    if min(ends) < 3:  # a standard stream is closed, and the pipe has its number
        for end in ends:
            os.close(end)
        return _by_subprocess(command, environment, seconds)
    try:
        pid = os.posix_spawnp(
            command[0],
            command,
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, pipes[0][1], 1),
                (os.POSIX_SPAWN_DUP2, pipes[1][1], 2),
            ],
        )
    except BaseException:
        for end in ends:
            os.close(end)
        raise
    for _, writing in pipes:
        os.close(writing)
    try:
        output, errors = _read([reading for reading, _ in pipes], time.monotonic() + seconds)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), output, errors
    except BaseException:
        os.kill(pid, _SIGKILL)
        os.waitpid(pid, 0)
        raise
    finally:
        for reading, _ in pipes:
            os.close(reading)


def _read(pipes: list[int], end: float) -> list[bytes]:
    """Return what comes out of pipes until they are closed. Raises `TimedOut`."""
    import select

    found: dict[int, list[bytes]] = {pipe: [] for pipe in pipes}
    poll = select.poll()
    for pipe in pipes:
        poll.register(pipe, select.POLLIN | select.POLLHUP)
    left = set(pipes)
    while left:
        wait = end - time.monotonic()
        ready = poll.poll(wait * 1000) if wait > 0 else []
        if not ready:
            raise TimedOut
        for pipe, _ in ready:
            data = os.read(pipe, _CHUNK)
            if data:
                found[pipe].append(data)
            else:
                poll.unregister(pipe)
                left.discard(pipe)
    return [b"".join(found[pipe]) for pipe in pipes]


def _by_subprocess(
    command: list[str], environment: dict[str, str], seconds: float
) -> tuple[int, bytes, bytes]:
    import subprocess

    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=seconds, env=environment
        )
    except subprocess.TimeoutExpired:
        raise TimedOut from None
    return done.returncode, done.stdout, done.stderr
