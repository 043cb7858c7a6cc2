"""The watch over a worker process: an input that the worker does not survive is an outcome like any other."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from fuzzing.cases import Case
from fuzzing.execution import Problem
from fuzzing.seeds import ROOT

WAIT = 120.0
"""Seconds for which nothing may be heard of a run. The processor's time is limited by the worker itself."""


class Worker:
    """A worker process, started when there is something to run, and anew after each end."""

    def __init__(self, python: str, hash_seed: int = 0) -> None:
        self._python = python
        self._hash_seed = hash_seed
        self._process: subprocess.Popen[bytes] | None = None
        self._heard = b""
        self._folder = tempfile.TemporaryDirectory(prefix="fuzzing-")
        self.seconds = 0.0
        """Of the processor, in workers that have ended."""

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a request; one that the worker did not survive has its end as the only problem."""
        process = self._process or self._start()
        assert process.stdin is not None
        process.stdin.write((json.dumps(request) + "\n").encode())
        process.stdin.flush()
        command: tuple[str, ...] = ()
        began = time.monotonic()
        while True:
            line = self._line(process, began + WAIT)
            if line is None:
                how = self.end()
                return {"problems": [Problem(*how, command)], "slowest": 0.0, "digest": "", "ended": True}
            answer: dict[str, Any] = json.loads(line)
            if "began" not in answer:
                if "problems" in answer:
                    answer["problems"] = [Problem(k, w, tuple(c)) for k, w, c in answer["problems"]]
                return answer
            command = tuple(answer["began"])
            began = time.monotonic()

    def problems(self, case: Case) -> list[Problem]:
        """Return what is wrong with a case."""
        found: list[Problem] = self.run({"case": case.to_json()})["problems"]
        return found

    def end(self) -> tuple[str, str]:
        """End the process; return the kind and the words of a problem, where it had to be ended or ended itself."""
        process, self._process, self._heard = self._process, None, b""
        if process is None:
            return "", ""
        hanging = process.poll() is None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        if hanging:
            # an idle one ends when its requests do
            try:
                process.wait(0.5)
            except subprocess.TimeoutExpired:
                process.kill()
        _, _, usage = self._waited(process)
        self.seconds += usage
        process.stdout.close()
        if process.returncode == -signal.SIGXCPU:
            return "timeout", "takes more than three times as long as it may"
        return (
            ("timeout", "waits without end")
            if hanging
            else ("crash", f"the process ends with {process.returncode}")
        )

    def _waited(self, process: subprocess.Popen[bytes]) -> tuple[int, int, float]:
        import resource

        process.wait()
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        total = usage.ru_utime + usage.ru_stime
        spent, Worker._counted = total - Worker._counted, total
        return process.pid, process.returncode, spent

    _counted = 0.0

    def _start(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join((str(ROOT), str(ROOT / "hooks")))
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPATH": path,
            "PYTHONHASHSEED": str(self._hash_seed),
            "TMPDIR": self._folder.name,
        }
        self._process = subprocess.Popen(
            [self._python, "-W", "ignore", "-m", "fuzzing.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=ROOT,
            start_new_session=True,
        )
        return self._process

    def _line(self, process: subprocess.Popen[bytes], until: float) -> bytes | None:
        """The next line that the process writes; None where it ends, or where none comes in time."""
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._heard:
                if not selector.select(max(until - time.monotonic(), 0)):
                    return None
                more = os.read(process.stdout.fileno(), 1_000_000)
                if not more:
                    process.wait()
                    return None
                self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        return line


def place_of_cases() -> Path:
    """Where failures are kept that nobody asked to be kept elsewhere."""
    return Path(tempfile.gettempdir()) / "flake8-training-fuzzing"
