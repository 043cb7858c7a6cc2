"""How the time of a check grows with its input: 2, 4, 8 ... times as much of each kind.

``python benchmarks/growth.py [--kinds NAME,...] [--times 4] [--write docs/growth.md]``. Each input is checked in a
process of its own, with a limit. The factor is the time of the largest input over that of the next smaller one: 2 is
linear. Times are CPU time.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

LIMIT = 12
"""CPU seconds after which an input is given up."""

HEAD = 'import os\nimport argparse\nimport joblib\nimport pandas as pd\nimport torch\n\nX = os.environ["SM_CHANNEL_TRAIN"]\n'
TAIL = 'model = {}\njoblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "m"))\n'


def _lines(line: str, count: int, start: int = 1) -> str:
    """Return a line ``count`` times, with ``{n}`` its number and ``{p}`` the one before."""
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
    text = "parser = argparse.ArgumentParser()\nargs = parser.parse_args()\n"
    for n in range(6):
        defaults = f"args.o{n + 1} + '/' + args.o{n + 1} + '/' + args.o{n + 1}" if n < 5 else "'x'"
        for k in range(count):
            text += f"d{n} = {defaults} + '{k}'\n"
        text += f"parser.add_argument('--o{n}', default=d{n})\n"
    return text + "pd.read_csv(args.o0)\n"


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


KINDS: dict[str, tuple[Callable[[int], str], int]] = {
    "text doubled by +": (_script(lambda n: "a0 = 'ab'\n" + _lines("a{n} = a{p} + a{p}", n) + f"torch.save(1, a{n})\n"), 5),
    "variable doubled by +": (_script(lambda n: "a0 = X + 'b'\n" + _lines("a{n} = a{p} + a{p}", n) + f"torch.save(1, a{n})\n"), 5),
    "text doubled by f-string": (
        _script(lambda n: "a0 = 'ab/'\n" + _lines("a{n} = f'{{a{p}}}{{a{p}}}'", n) + f"torch.save(1, a{n})\n"), 5
    ),
    "text doubled by %": (_script(lambda n: "a0 = 'ab/'\n" + _lines("a{n} = '%s%s' % (a{p}, a{p})", n) + f"torch.save(1, a{n})\n"), 5),
    "text doubled by format": (
        _script(lambda n: "a0 = 'ab/'\n" + _lines("a{n} = '{{}}{{}}'.format(a{p}, a{p})", n) + f"torch.save(1, a{n})\n"), 5
    ),
    "path doubled by join": (
        _script(lambda n: "a0 = 'ab'\n" + _lines("a{n} = os.path.join(a{p}, a{p})", n) + f"torch.save(1, a{n})\n"), 5
    ),
    "text grown by replace": (
        _script(lambda n: "a0 = 'x'\n" + _lines("a{n} = a{p}.replace('x', 'xxxxxxxxxx')", n) + f"torch.save(1, a{n})\n"), 3
    ),
    "lists doubled": (_script(lambda n: "a0 = [X, 'b']\n" + _lines("a{n} = a{p} + a{p}", n) + f"torch.save(1, a{n}[0])\n"), 5),
    "function that calls itself, training": (_script(_repeated), 7),
    "function that calls itself, reading": (_script(_tried), 5),
    "defaults that name options": (_script(_option_defaults), 6),
    "chain of calls, line by line": (
        _script(lambda n: "v0 = pd.read_csv(X)\n" + _lines("v{n} = v{p}.merge(v{p}).fillna(0)", n) + f"torch.save(v{n}, 'x')\n"), 125
    ),
    "chain of calls, one expression": (_script(lambda n: "v = pd.read_csv(X)" + ".merge(X).fillna(0)" * n + "\ntorch.save(v, 'x')\n"), 60),
    "items of one dict": (
        _script(lambda n: "d = {'k0': X}\n" + _lines("d['k{n}'] = d['k{p}']", n) + f"torch.save(1, d['k{n}'])\n"), 400
    ),
    "the same two items": (_script(lambda n: "d = {'k3': X}\n" + "d['k1'] = d['k3']\n" * n + "torch.save(1, d['k1'])\n"), 400),
    "dicts with items": (
        _script(lambda n: _lines("d{n} = dict(a=X) if X else {{}}\nd{n}['k'] = X\nd{n}.update(z=d{n}['k'])\ntorch.save(1, d{n}['k'])", n)), 100
    ),
    "appends": (_script(lambda n: "d = []\n" + "d.append(X)\n" * n + "torch.save(1, d[0])\n"), 400),
    "branches": (_script(lambda n: "p = X\n" + "if X == '1':\n    p = p + '/1'\n" * n + "torch.save(1, p)\n"), 400),
    "branches by +=": (_script(lambda n: "p = X\n" + "if X == '1':\n    p += '/1'\n" * n + "torch.save(1, p)\n"), 400),
    "one long path": (_script(lambda n: f"torch.save(1, '/opt/ml/x{'/a' * n}')\n"), 12_500),
    "one long text": (_script(lambda n: f"torch.save(1, {'ab ' * n!r})\n"), 60_000),
    "calls": (_script(lambda n: _lines("pd.read_csv(os.path.join(X, 'part-{n}'))", n)), 1000),
    "long function": (_script(_long_function), 1250),
    "functions in a chain": (
        _script(lambda n: "def f0(x):\n    return x\n" + _lines("def f{n}(x):\n    return f{p}(x)", n) + f"torch.save(1, f{n}(X))\n"), 250
    ),
    "functions calling all": (_script(_functions_calling_all), 12),
    "classes": (_script(_classes), 100),
    "literals": (_script(lambda n: f"d = {[{'path': f'/opt/ml/model/{i}', 'n': i} for i in range(n)]!r}\ntorch.save(1, d[0]['path'])\n"), 1000),
    "loops": (_script(_loops), 250),
    "nested attribute stores": (
        _script(
            lambda n: "class C:\n    def __init__(self, x):\n        self.a0 = x\n"
            + _lines("        self.a{n} = self.a{p}", n)
            + f"    def run(self):\n        torch.save(1, self.a{n})\nC(X).run()\n"
        ),
        200,
    ),
    "one attribute stored often": (
        _script(
            lambda n: "class C:\n    def __init__(self, x):\n        self.a = x\n"
            + "        self.a = self.a + '/x'\n" * n
            + "    def run(self):\n        torch.save(1, self.a)\nC(X).run()\n"
        ),
        200,
    ),
    "options": (_script(_options), 400),
}  # fmt: skip
"""The kinds of input: how one of a size is made, and the smallest size."""


def check(source: str) -> float:
    """Return the CPU seconds that a check of a script with all rules takes in this process."""
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
            for _, _, text, _ in plugin(tree, str(path), lines).run():
                if text.startswith("TRN001"):
                    raise SystemExit(text)
        return time.process_time() - start


def measured(kind: str, size: int) -> float | None:
    """Return the seconds for one input, in a process of its own; None past the limit."""
    command = [sys.executable, __file__, "--one", json.dumps([kind, size])]
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
    print(check(KINDS[kind][0](size)))


def rows(kinds: list[str], times: int) -> list[str]:
    """Return the table's lines: for each kind its sizes, seconds and the growth of the last doubling."""
    table = ["| kind | smallest | " + " | ".join(f"x{2**n}" for n in range(times)) + " | last factor |"]
    table.append("|---" * (times + 3) + "|")
    print("\n".join(table))
    for kind in kinds:
        smallest = KINDS[kind][1]
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
    """Print the table, and write it where a file is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--one")
    arguments = parser.parse_args()
    if arguments.one:
        _one(*json.loads(arguments.one))
        return
    kinds = (
        [k for k in KINDS if any(one.strip() in k for one in arguments.kinds.split("|"))]
        if arguments.kinds != ",".join(KINDS)
        else list(KINDS)
    )
    table = rows(kinds, arguments.times)
    if arguments.write:
        arguments.write.write_text("\n".join(table))


if __name__ == "__main__":
    main()
