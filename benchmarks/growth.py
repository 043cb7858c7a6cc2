"""Growth of a check's time with its input: 2, 4, 8 ... times as much of each kind.

``python -m benchmarks.growth [--kinds WORD,...] [--times 4] [--write docs/growth.md]``

Each input is checked in a separate process with a limit. The factor is the time of the largest input divided by that of
the next smaller one: 2 is linear. Times are CPU time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks import growth_repository

LIMIT = 12
"""CPU seconds after which the check of an input is stopped."""

HEAD = "import os\nimport argparse\nimport joblib\nimport pandas as pd\nimport torch\n\n"
HEAD += 'X = os.environ["SM_CHANNEL_TRAIN"]\n'
TAIL = 'model = {}\njoblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "m"))\n'


def _lines(line: str, count: int, start: int = 1) -> str:
    """Return a line ``count`` times, with ``{n}`` its number and ``{p}`` the number before."""
    return "".join(line.format(n=n, p=n - 1) + "\n" for n in range(start, start + count))


def _script(body: Callable[[int], str]) -> Callable[[int], str]:
    return lambda count: HEAD + body(count) + TAIL


def _functions_calling_all(count: int) -> str:
    names = [f"f{n}" for n in range(count)]
    return (
        "".join(f"def {name}(x):\n" + "".join(f"    {other}(x)\n" for other in names) for name in names)
        + "f0(X)\n"
    )


def _long_function(count: int) -> str:
    return (
        "def main(x):\n" + _lines("    v{n} = pd.read_csv(os.path.join(x, 'part-{n}'))", count) + "main(X)\n"
    )


def _loops(count: int) -> str:
    return "".join(
        f"for i{n} in range(3):\n    total = X + str(i{n})\n    torch.save(total, total)\n"
        for n in range(count)
    )


def _classes(count: int) -> str:
    classes = "".join(
        f"class C{n}({f'C{n - 1}' if n % 10 else 'object'}):\n"
        f"    def __init__(self, x):\n        self.x{n} = x\n    def run(self):\n        return self.x{n}\n"
        for n in range(count)
    )
    return classes + _lines("C{n}(X).run()", count, 0)


def _options(count: int) -> str:
    return (
        "parser = argparse.ArgumentParser()\n"
        + _lines("parser.add_argument('--option-{n}', type=int, default={n})", count)
        + "args = parser.parse_args()\n"
        + _lines("print(args.option_{n})", count)
    )


def _option_defaults(count: int) -> str:
    source = "parser = argparse.ArgumentParser()\nargs = parser.parse_args()\n"
    for n in range(6):
        defaults = f"args.o{n + 1} + '/' + args.o{n + 1} + '/' + args.o{n + 1}" if n < 5 else "'x'"
        for k in range(count):
            source += f"d{n} = {defaults} + '{k}'\n"
        source += f"parser.add_argument('--o{n}', default=d{n})\n"
    return source + "pd.read_csv(args.o0)\n"


def _tried(count: int) -> str:
    calls = "    f()\n" * count
    return f"def f():\n{calls}    return pd.read_csv(X)\nf()\n"


def _repeated(count: int) -> str:
    calls = "    step(loss, opt)\n" * count
    return (
        "net = torch.nn.Linear(1, 1)\nopt = torch.optim.SGD(net.parameters())\n"
        f"def step(loss, opt):\n    loss.backward()\n    opt.step()\n{calls}"
        "step(torch.nn.functional.mse_loss(net(X), X), opt)\n"
    )


def _chained(start: str, line: str, end: str) -> Callable[[int], str]:
    """Return a function that builds a script of a repeated line, each depending on the one before."""
    return _script(lambda count: f"{start}\n{_lines(line, count)}{end.format(n=count)}\n")


def _repeated_lines(start: str, line: str, end: str) -> Callable[[int], str]:
    return _script(lambda count: f"{start}\n{line * count}{end}\n")


def _literals(count: int) -> str:
    items = [{"path": f"/opt/ml/model/{n}", "n": n} for n in range(count)]
    return f"d = {items!r}\ntorch.save(1, d[0]['path'])\n"


_SAVED = "torch.save(1, a{n})"
_DICTS = "d{n} = dict(a=X) if X else {{}}\nd{n}['k'] = X\nd{n}.update(z=d{n}['k'])\ntorch.save(1, d{n}['k'])"
_STORING = "class C:\n    def __init__(self, x):\n        self.a0 = self.a = x"
_RUNNING = "    def run(self):\n        torch.save(1, self.a{n})\nC(X).run()"

KINDS: dict[str, tuple[Callable[[int], str], int]] = {
    "text doubled by +": (_chained("a0 = 'ab'", "a{n} = a{p} + a{p}", _SAVED), 5),
    "variable doubled by +": (_chained("a0 = X + 'b'", "a{n} = a{p} + a{p}", _SAVED), 5),
    "variable grown in loops over itself": (
        _chained("a0 = X + 'b'", "a{n} = a{p}\nfor c in a{n}:\n    a{n} = a{n} + c", _SAVED),
        10,
    ),
    "text doubled by f-string": (_chained("a0 = 'ab/'", "a{n} = f'{{a{p}}}{{a{p}}}'", _SAVED), 5),
    "text doubled by %": (_chained("a0 = 'ab/'", "a{n} = '%s%s' % (a{p}, a{p})", _SAVED), 5),
    "text doubled by format": (_chained("a0 = 'ab/'", "a{n} = '{{}}{{}}'.format(a{p}, a{p})", _SAVED), 5),
    "path doubled by join": (_chained("a0 = 'ab'", "a{n} = os.path.join(a{p}, a{p})", _SAVED), 5),
    "text grown by replace": (_chained("a0 = 'x'", "a{n} = a{p}.replace('x', 'xxxxxxxxxx')", _SAVED), 3),
    "lists doubled": (_chained("a0 = [X, 'b']", "a{n} = a{p} + a{p}", "torch.save(1, a{n}[0])"), 5),
    "function that calls itself, training": (_script(_repeated), 7),
    "function that calls itself, reading": (_script(_tried), 5),
    "defaults that name options": (_script(_option_defaults), 6),
    "chain of calls, line by line": (
        _chained("a0 = pd.read_csv(X)", "a{n} = a{p}.merge(a{p}).fillna(0)", _SAVED),
        125,
    ),
    "chain of calls, one expression": (
        _script(lambda n: "v = pd.read_csv(X)" + ".merge(X).fillna(0)" * n + "\ntorch.save(v, 'x')\n"),
        60,
    ),
    "items of one dict": (
        _chained("d = {'k0': X}", "d['k{n}'] = d['k{p}']", "torch.save(1, d['k{n}'])"),
        400,
    ),
    "the same two items": (
        _repeated_lines("d = {'k3': X}", "d['k1'] = d['k3']\n", "torch.save(1, d['k1'])"),
        400,
    ),
    "dicts with items": (_chained("", _DICTS, ""), 100),
    "appends": (_repeated_lines("d = []", "d.append(X)\n", "torch.save(1, d[0])"), 400),
    "branches": (_repeated_lines("p = X", "if X == '1':\n    p = p + '/1'\n", "torch.save(1, p)"), 400),
    "branches by +=": (_repeated_lines("p = X", "if X == '1':\n    p += '/1'\n", "torch.save(1, p)"), 400),
    "one long path": (_script(lambda n: f"torch.save(1, '/opt/ml/x{'/a' * n}')\n"), 12_500),
    "one long text": (_script(lambda n: f"torch.save(1, {'ab ' * n!r})\n"), 60_000),
    "calls": (_chained("", "pd.read_csv(os.path.join(X, 'part-{n}'))", ""), 1000),
    "long function": (_script(_long_function), 1250),
    "functions in a chain": (
        _chained("def f0(x):\n    return x", "def f{n}(x):\n    return f{p}(x)", "torch.save(1, f{n}(X))"),
        250,
    ),
    "functions calling all": (_script(_functions_calling_all), 12),
    "classes": (_script(_classes), 100),
    "literals": (_script(_literals), 1000),
    "loops": (_script(_loops), 250),
    "attributes stored in a chain": (_chained(_STORING, "        self.a{n} = self.a{p}", _RUNNING), 200),
    "one attribute stored often": (
        _repeated_lines(_STORING, "        self.a = self.a + '/x'\n", _RUNNING.format(n="")),
        200,
    ),
    "options": (_script(_options), 400),
}
"""The kinds of scripts: a function that builds one of a given size, and the smallest size."""


def _steps(count: int, folder: Path) -> None:
    for number in range(count):
        step = folder / f"step_{number}"
        step.mkdir()
        (step / f"step_{number}_train.py").write_text(HEAD + TAIL)
        contract = (
            f'{{"entry_point": "step_{number}_train.py", "inputs": {{"train": "/opt/ml/input/data/train"}}}}'
        )
        (step / f"step_{number}_contract.py").write_text(f"STEP_{number}_CONTRACT = {contract}\n")


REPOSITORIES: dict[str, tuple[Callable[[int, Path], None], int]] = {
    "steps": (_steps, 50),
    **growth_repository.KINDS,
}
"""The kinds of repositories: a function that fills a folder with one of a given size, and the smallest size."""


def check_repository(kind: str, size: int) -> float:
    """Return the CPU seconds of the command for a repository of a kind, in this process."""
    import contextlib
    import io
    import tempfile

    from training_alignment.cli import main as command

    with tempfile.TemporaryDirectory() as folder:
        REPOSITORIES[kind][0](size, Path(folder))
        changed = growth_repository.CHANGED.get(kind)
        files = ["--all"] if changed is None else [os.path.join(folder, changed)]
        start = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()) as output, contextlib.suppress(SystemExit):
            command(["check", *files, "--root", folder, "--jobs", "1"])
        if "TRN001" in output.getvalue():
            raise SystemExit(output.getvalue())
        return time.process_time() - start


def check(source: str) -> float:
    """Return the CPU seconds of a check of a script with all rules, in this process."""
    import ast
    import tempfile

    from flake8_training.plugin import AdvicePlugin, TrainingPlugin
    from flake8_training.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "train.py")
        path.write_text(source)
        tree, lines = ast.parse(source), source.splitlines(keepends=True)
        TrainingPlugin.settings = AdvicePlugin.settings = Settings(training_scripts=(str(path),))
        start = time.process_time()
        for plugin in (TrainingPlugin, AdvicePlugin):
            for _, _, message, _ in plugin(tree, str(path), lines).run():
                if message.startswith("TRN001"):
                    raise SystemExit(message)
        return time.process_time() - start


def measured(kind: str, size: int) -> float | None:
    """Return the seconds for one input, in a separate process; None if it exceeds the limit."""
    command = [sys.executable, "-m", "benchmarks.growth", "--one", json.dumps([kind, size])]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT * 2, check=False)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode < 0 or "MemoryError" in done.stderr:
        return None
    if done.returncode:
        raise SystemExit(f"{kind}, {size}: {done.stderr}")
    return float(done.stdout)


def _one(kind: str, size: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
    resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000, 3_000_000_000))
    if kind in KINDS:
        print(check(KINDS[kind][0](size)))
    else:
        print(check_repository(kind, size))


def rows(kinds: list[str], times: int) -> list[str]:
    """Return the table's lines: for each kind its sizes, seconds and the growth of the last doubling."""
    table = ["| kind | smallest | " + " | ".join(f"x{2**n}" for n in range(times)) + " | last factor |"]
    table.append("|---" * (times + 3) + "|")
    print("\n".join(table))
    for kind in kinds:
        smallest = (KINDS[kind] if kind in KINDS else REPOSITORIES[kind])[1]
        found: list[float | None] = []
        for power in range(times):
            found.append(measured(kind, smallest * 2**power))
            if found[-1] is None:
                break
        shown = [f"{s:.2f}" if s is not None else f"> {LIMIT}" for s in found] + [""] * (times - len(found))
        last, before = (found[-1], found[-2]) if len(found) > 1 else (None, None)
        factor = f"{last / before:.1f}" if last is not None and before else "-"
        table.append(f"| {kind} | {smallest:,} | " + " | ".join(shown) + f" | {factor} |")
        print(table[-1], flush=True)
    return table


def main() -> None:
    """Print the table, and write it to the file of ``--write``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", default="", metavar="WORD,...", help="only kinds with one of these words")
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--one")
    arguments = parser.parse_args()
    if arguments.one:
        _one(*json.loads(arguments.one))
        return
    words = arguments.kinds.split(",")
    kinds = [kind for kind in (*KINDS, *REPOSITORIES) if any(word in kind for word in words)]
    table = "\n".join(rows(kinds, arguments.times))
    if arguments.write:
        arguments.write.write_text(_DOCUMENT.format(date=date.today(), machine=_machine(), table=table))


_DOCUMENT = """\
# How work grows with the input

CPU seconds of one check, with all rules, of inputs that are 2, 4, 8 ... times as large. The last factor is the time of
the largest over that of the one before: 2 is linear. Measured {date} on {machine} by
`python -m benchmarks.growth --write docs/growth.md`; the imports of the first check, about 0.2 s, are in it.

{table}
"""


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
