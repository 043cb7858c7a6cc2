"""The worker process: reads requests from standard input, runs inputs, and writes answers as lines of JSON.

It names each run before it begins: if the run takes too long, the system ends the process.
"""

from __future__ import annotations

import json
import os
import resource
from typing import Any

from fuzzing.cases import Case
from fuzzing.drawing import draw
from fuzzing.execution import Problem, allowed_seconds, bound_memory, execute

PATIENCE = 3.0
"""So many times the allowed time is waited for, to know how long a slow run takes."""


def main() -> None:
    """Answer requests until standard input ends."""
    bound_memory()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # what is checked may print and read; neither may come between the two sides
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)

    def answer(data: dict[str, Any]) -> None:
        answers.write(json.dumps(data) + "\n")
        answers.flush()

    for line in requests:
        request = json.loads(line)
        case = (
            Case.from_json(request["case"]) if "case" in request else draw(request["seed"], request["number"])
        )
        if request.get("show"):
            answer({"case": case.to_json()})
            continue
        allowed = allowed_seconds(case)

        def began(command: tuple[str, ...], allowed: float = allowed) -> None:
            used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
            resource.setrlimit(
                resource.RLIMIT_CPU, (int(used + allowed * PATIENCE) + 1, resource.RLIM_INFINITY)
            )
            answer({"began": command})

        outcome = execute(case, began)
        again = execute(case, began) if request.get("again") else outcome
        if again.digest != outcome.digest and not (again.problems and outcome.problems):
            outcome.problems.append(Problem("unsteady", "says something else the second time"))
        answer(
            {
                "problems": outcome.problems,
                "slowest": outcome.slowest,
                "digest": outcome.digest,
                "size": case.size,
                "origin": case.origin,
            }
        )


if __name__ == "__main__":
    main()
