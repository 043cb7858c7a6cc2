"""TRN430: programs that a script starts with arguments that they do not accept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import findings, launcher, said

START = "import os\nimport subprocess\nimport sys\n"
PROGRAM = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=1)
parser.add_argument("--mode", choices=["a", "b"])
args = parser.{parse}()
print(args.epochs, args.mode)
"""
WRONG = {
    "an option": "subprocess.run([sys.executable, 'learn.py', '--epoch-count', '3'], check=True)",
    "a module": "subprocess.check_call(['python3', '-m', 'package.learn', '--rate', '3'])",
    "a line": "os.system('python learn.py --rate 3')",
    "a line with an unknown value": "os.system(f'python learn.py --rate {sys.argv[1]}')",
    "a value": "subprocess.run(['python', 'learn.py', '--epochs', '1.5'])",
    "a choice": "subprocess.run(['python', '/opt/ml/code/learn.py', '--mode=c'])",
    "torchrun": "subprocess.run(['torchrun', '--nproc_per_node', str(4), 'learn.py', '--rate', '3'])",
    "accelerate": "subprocess.run(['accelerate', 'launch', '--num_processes=2', 'learn.py', '--rate', '3'])",
    "the module of torch": "command = [sys.executable, '-m', 'torch.distributed.run', 'learn.py', '--rate']\n"
    "subprocess.Popen(command)",
    "in a function": "def main():\n    subprocess.run(['python', 'learn.py', '--rate=3'])\n\nmain()",
    "beside unknown words": "subprocess.run(['python', 'learn.py', *sys.argv[1:], '--rate', '3'])",
}
RIGHT = {
    "its options": "subprocess.run(['python', 'learn.py', '--epochs', '3', '--mode', 'a'])",
    "a beginning of an option": "subprocess.run(['python', 'learn.py', '--epo', '3'])",
    "another program": "subprocess.run(['shop', 'learn.py', '--rate', '3'])",
    "another file": "subprocess.run(['python', 'other.py', '--rate', '3'])",
    "an option of torchrun": "subprocess.run(['torchrun', '--rdzv_id', '5', 'learn.py', '--epochs', '3'])",
    "an unknown program": "subprocess.run(['python', sys.argv[1], 'learn.py', '--rate', '3'])",
    "an unknown value": "subprocess.run(['python', 'learn.py', '--epochs', sys.argv[1]])",
    "a quoted value": "os.system(\"python learn.py --mode 'a'\")",
    "another folder": "subprocess.run(['python', 'learn.py', '--rate', '3'], cwd='/opt/program')",
    "a folder that changes": "os.chdir('/opt')\nsubprocess.run(['python', 'learn.py', '--rate', '3'])",
    "caught": "try:\n    subprocess.run(['python', 'learn.py', '--rate'], check=True)\nexcept Exception:\n    pass",
    "a function of the project": "def run(words): ...\n\nrun(['python', 'learn.py', '--rate', '3'])",
    "an unknown option": "subprocess.run(['python', 'learn.py', f'--{sys.argv[1]}', '3'])",
    "after the options": "subprocess.run(['python', 'learn.py', '--', '--rate'])",
}


def files(start: str, parse: str = "parse_args") -> dict[str, str]:
    """A launcher, the script that it starts, and the programs that the script starts."""
    program = PROGRAM.format(parse=parse)
    return {
        "launch.py": launcher(),
        "code/train.py": START + start + "\n",
        "code/learn.py": program,
        "code/package/learn.py": program,
    }


@pytest.mark.parametrize("name", WRONG)
def test_wrong(tmp_path: Path, name: str) -> None:
    (found,) = said(tmp_path, files(WRONG[name]), "TRN430")
    assert "(exit code 2)" in found


@pytest.mark.parametrize("name", RIGHT)
def test_right(tmp_path: Path, name: str) -> None:
    assert said(tmp_path, files(RIGHT[name]), "TRN430") == []


def test_a_lenient_parser(tmp_path: Path) -> None:
    start = "subprocess.run(['python', 'learn.py', '--rate', '3'])"
    assert said(tmp_path, files(start, "parse_known_args"), "TRN430") == []


def test_the_other_side_is_the_option_of_the_program(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, files(WRONG["an option"]), "TRN430")
    assert [(one.path, one.line) for one in found.related] == [("code/learn.py", 4), ("launch.py", 4)]
