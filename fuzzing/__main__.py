"""The fuzz lane: ``python3 dev.py fuzz --seconds N [--seed S] [--python PATH]``.

Runs inputs until the time is over, prints the totals, and minimises the failures. The exit code is 0 if there are none.
An input that takes too long runs a second time: it fails if that takes too long, too.
``--number N`` runs one input of a seed again, ``--case FILE`` a saved one.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from fuzzing.cases import Case, read_case
from fuzzing.execution import Problem
from fuzzing.minimising import Minimiser
from fuzzing.watching import Worker, place_of_cases

AGAIN = 25
"""Inputs between two that run twice in one process."""

TWIN = 40
"""Inputs between two that a second process runs too, in which sets have another order."""

MINIMISED = 10
"""Failures that one run minimises; of more, most have the same cause."""

KINDS = ("crash", "TRN001", "timeout", "slow", "report", "exit", "unsteady")
_OF_TIME = ("timeout", "slow")


class Failure(NamedTuple):
    """A failure and the input that showed it first."""

    number: int
    problem: Problem


def main() -> int:
    """Run the lane; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="fuzzing", description="Checks generated programs and repositories."
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="for so long, by the clock; default 60")
    parser.add_argument(
        "--seed", type=int, help="the same inputs again; a new one by default, which is printed"
    )
    parser.add_argument("--python", default=sys.executable, metavar="PATH", help="the Python that runs them")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="the folder for minimised failures")
    parser.add_argument("--trials", type=int, default=60, help="runs to minimise one failure; default 60")
    parser.add_argument("--number", type=int, help="run this input of the seed, and print it")
    parser.add_argument("--case", type=Path, metavar="FILE", help="run a saved input")
    arguments = parser.parse_args()
    worker = Worker(arguments.python)
    seed: int = random.SystemRandom().randrange(1_000_000) if arguments.seed is None else arguments.seed
    try:
        if arguments.case is not None:
            return _shown(worker, read_case(arguments.case))
        if arguments.number is not None:
            asked = {"seed": seed, "number": arguments.number, "show": True}
            return _shown(worker, Case.from_json(worker.run(asked)["case"]))
        kept = Kept(worker, seed, arguments.save or place_of_cases(), arguments.trials)
        return _campaign(kept, arguments.python, arguments.seconds)
    finally:
        worker.end()


def _shown(worker: Worker, case: Case) -> int:
    """Print an input and what is wrong with it."""
    for path, content in case.files.items():
        print(f"==> {path!a}\n{content.decode('utf-8', 'backslashreplace')}")
    for path, target in case.links.items():
        print(f"==> {path!a} -> {target!a}")
    problems = worker.problems(case)
    for problem in problems:
        print(f"{problem.kind}: {problem.what!a} ({' '.join(problem.command)!a})")
    return 1 if problems else 0


def _campaign(kept: Kept, python: str, seconds: float) -> int:
    """Run inputs until the time is over, print the totals, and minimise the failures."""
    asked = subprocess.run([python, "--version"], capture_output=True, text=True, check=True)
    worker, seed, version = kept.worker, kept.seed, asked.stdout.split()[-1]
    print(f"Python {version}, seed {seed}, {seconds:.0f} s", flush=True)
    twin = Worker(python, hash_seed=1)
    counts: Counter[str] = Counter()
    failures: dict[tuple[str, str], Failure] = {}
    slowest = (0.0, 0, 0)
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        answer = worker.run({"seed": seed, "number": number, "again": number % AGAIN == 0})
        problems = _repeated(answer["problems"], worker, {"seed": seed, "number": number})
        if number % TWIN == 0 and not problems:
            other = twin.run({"seed": seed, "number": number})
            if other["digest"] != answer["digest"] and not other["problems"]:
                problems.append(Problem("unsteady", "says something else where sets have another order"))
        slowest = max(slowest, (answer["slowest"], answer.get("size", 0), number))
        counts.update({problem.kind for problem in problems})
        for problem in problems:
            failures.setdefault(_signature(problem), Failure(number, problem))
        number += 1
    twin.end()
    worker.end()
    taken, size, which = slowest
    print(
        f"Python {version}, seed {seed}: {worker.seconds + twin.seconds:.0f} s of CPU, executions {number}, "
        f"crashes {counts['crash']}, TRN001 {counts['TRN001']}, timeouts {counts['timeout']}, "
        f"slow {counts['slow']}, broken reports {counts['report']}, wrong exit codes {counts['exit']}, "
        f"unsteady {counts['unsteady']}, slowest {taken:.2f} s ({size / 1000:.1f} kB, input {which})",
        flush=True,
    )
    for failure in sorted(failures.values(), key=lambda one: (KINDS.index(one.problem.kind), one.number)):
        kept.keep(failure)
    return 1 if failures else 0


def _repeated(problems: list[Problem], worker: Worker, request: dict[str, Any]) -> list[Problem]:
    """Return the problems; those of time only if the input takes too long again, and not the machine."""
    if not any(problem.kind in _OF_TIME for problem in problems):
        return problems
    again = worker.run(request)["problems"]
    is_slow = any(problem.kind in _OF_TIME for problem in again)
    return [problem for problem in problems if is_slow or problem.kind not in _OF_TIME]


def _signature(problem: Problem) -> tuple[str, str]:
    """Return what two failures of one cause share, as far as the message shows it."""
    kind, what, command = problem
    if kind == "timeout":
        return kind, f"{what} {command[:1]}"
    if kind == "TRN001":
        # of the rule, the file, the error and its place only the last two
        place = re.search(r"(\w+(?:Error|Exception|Exceeded)?)[^()]*\([^()]* line \d+\)$", what)
        what = f"{place[1]} {what[what.rindex('(') :]}" if place else what
    what = re.sub(r"^TRN\d+ |(?<=: )TRN\d+ |U\+[0-9A-F]+", "", what)
    return kind, re.sub(r"'.*'|\".*\"|\d{5,}", "", what, flags=re.DOTALL)


class Kept:
    """The folder of the minimised failures of a run."""

    def __init__(self, worker: Worker, seed: int, folder: Path, trials: int) -> None:
        self.worker = worker
        self.seed = seed
        self._folder = folder
        self._trials = trials
        self._names: Counter[str] = Counter()

    def keep(self, failure: Failure) -> None:
        """Minimise a failure, write it into the folder and print where."""
        number, problem = failure
        asked = {"seed": self.seed, "number": number, "show": True}
        case = Case.from_json(self.worker.run(asked)["case"])
        wanted = _signature(problem)
        dear = problem.kind in _OF_TIME

        def fails(smaller: Case) -> bool:
            found = {_signature(one) for one in self.worker.problems(smaller)}
            return wanted in found or (dear and any(kind in _OF_TIME for kind, _ in found))

        # a slow one takes seconds for each trial, and so do many in one run
        trials = self._trials // 3 if dear else self._trials
        smaller = Minimiser(fails, trials if len(self._names) < MINIMISED else 0).smaller(case)
        name = f"{problem.kind}-{self.seed}-{number}".lower()
        self._names[name] += 1
        path = self._folder / f"{name}-{self._names[name]}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        data = {"kind": problem.kind, "what": problem.what, **smaller.to_json()}
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        print(f"{problem.kind}, {smaller.size} bytes, {path}: {problem.what[:200]!a}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
