"""What a program that a script starts may do: nothing of the job, move files about, or anything."""

from __future__ import annotations

import pytest

from tests.script.reading import script

EVERYTHING = ["hyperparameters", "reads", "trains", "evaluates", "saves"]
FILES = ["reads", "saves"]


def may(statement: str) -> list[str]:
    """Return what may happen out of sight when the statement runs."""
    imports = "import os, subprocess, sys\nfrom subprocess import run as go\n"
    calls = script(f"{imports}if __name__ == '__main__':\n    {statement}\n").analysis.calls
    return [what for what in EVERYTHING if calls.first_opaque_call(what) is not None]


NOTHING = {
    "packages": "os.system('pip install x')",
    "packages at a version": "os.system('pip install x>=1.2')",
    "packages through Python": "os.system('python3.9 -m pip install x')",
    "packages through this Python": "subprocess.run([sys.executable, '-m', 'pip', 'install', 'x'])",
    "packages as another user": "os.system('sudo apt-get install -y x')",
    "packages with a variable": "os.system('PIP_INDEX_URL=x pip install y')",
    "packages that cannot be told": "subprocess.run(['pip', 'install', name()])",
    "packages in text put together": "os.system(f'pip install {name()}')",
    "a downloader of a library": "os.system('python -m spacy download en')",
    "a list by keyword": "subprocess.run(args=['nvidia-smi'], check=True)",
    "a path": "subprocess.Popen('/usr/sbin/sshd -D', shell=True)",
    "several": "os.system('cd x && git pull; ls | grep y || true')",
    "several lines": "os.system('ls\\nnvidia-smi')",
    "errors and output together": "os.system('ls 2>&1')",
    "no output": "os.system('ls > /dev/null')",
    "one inside another": "os.system('echo $(date) `hostname`')",
    "one after another": "os.system('sleep 1 & nvidia-smi')",
    "the environment": "subprocess.check_output(['env'])",
    "output that is read": "os.popen('nvidia-smi').read()",
    "output that is waited for": "subprocess.Popen(['nvidia-smi']).communicate()",
    "files that are looked for": "os.system('find . -name x')",
    "by another name": "go(['pip', 'install', 'x'])",
    "each of two": "os.system('ls' if os.name else 'df')",
    "no command": "os.system('')",
}
MOVES = {
    "a copy": "subprocess.check_call('cp a b', shell=True)",
    "a copy in the cloud": "subprocess.run(['aws', 's3', 'cp', 's3://x', '/tmp'])",
    "an archive": "os.system(f'tar xzf {name()} -C /tmp')",
    "a copy after harmless ones": "os.system('mkdir -p x && cp a x')",
    "output into a file": "os.system('cat a b > c')",
    "output after a file's": "os.system('echo x >> c')",
    "all output into a file": "os.system('ls &> c')",
}
ANYTHING = {
    "a script": "os.system('python train.py')",
    "a script of this Python": "subprocess.run([sys.executable, 'train.py'])",
    "a launcher": "os.system('python -m torch.distributed.launch train.py')",
    "what cannot be told": "subprocess.run(command)",
    "a name that cannot be told": "subprocess.run([name(), 'install', 'x'])",
    "text that begins with what cannot be told": "os.system(f'{name()} install x')",
    "text that goes on with what cannot be told": "os.system(f'ls{name()}')",
    "a shell's command": "subprocess.run(['bash', '-c', 'pip install x'])",
    "after a harmless one": "os.system('nvidia-smi; python train.py')",
    "after a harmless one that succeeds": "os.system('cd src && python train.py')",
    "after a harmless one that fails": "os.system('ls x || python train.py')",
    "on the next line": "os.system('ls\\npython train.py')",
    "beside a harmless one": "os.system('sleep 1 & python train.py')",
    "at the end of a pipe": "os.system('cat x | python train.py')",
    "inside a harmless one": "os.system('echo $(python train.py)')",
    "inside a harmless one, the old way": "os.system('echo `python train.py`')",
    "after a part that cannot be told": "os.system(f'pip install {name()} && python train.py')",
    "in an environment": "subprocess.run(['env', 'A=1', 'python', 'train.py'])",
    "in an environment that cannot be told": "subprocess.run(['env', name(), name()])",
    "as another user": "os.system('sudo python train.py')",
    "timed": "os.system('time python train.py')",
    "through a manager of packages": "os.system('conda run -n x python train.py')",
    "through a manager of packages, as a list": "subprocess.run(['uv', 'run', 'train.py'])",
    "for each file found": "subprocess.run(['find', '.', '-name', '*.py', '-exec', 'python', '{}', ';'])",
    "a makefile's": "os.system('make train')",
    "on another machine": "os.system('ssh algo-2 python train.py')",
    "one of two": "os.system('ls' if os.name else 'python train.py')",
    "a list that grows": "subprocess.run(['pip'] + command)",
    "no command at all": "subprocess.run(**options)",
}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        *((s, []) for s in NOTHING.values()),
        *((s, FILES) for s in MOVES.values()),
        *((s, EVERYTHING) for s in ANYTHING.values()),
    ],
    ids=[*NOTHING, *MOVES, *ANYTHING],
)
def test_commands(statement: str, expected: list[str]) -> None:
    assert may(statement) == expected


def test_a_command_that_cannot_be_told_leaves_the_verdicts_open() -> None:
    read = script("import os\nos.system('python train.py')\n")
    names = ("hyperparameters", "training_data", "training", "evaluation", "model_saving")
    assert [getattr(read, name).state for name in names] == ["cannot tell"] * 5
