"""TRN430: programs that a script starts with arguments that they do not accept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import findings, launcher, notebook, said

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

LEARNS = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, required=True)
parser.add_argument("--rate", type=float)
parser.add_argument("--fast", action="store_true")
args{rest} = parser.parse_{known}args()
print(args.epochs, args.rate, args.fast)
"""
CLICK = """
import click
@click.command()
@click.option("--epochs", required=True, type=int)
@click.option("--rate", type=float)
def main(epochs, rate):
    print(epochs, rate)
main()
"""
MISSING = {
    "nothing is passed": "subprocess.run([sys.executable, 'learn.py'], check=True)",
    "another option": "subprocess.run([sys.executable, 'learn.py', '--rate', '0.1'], check=True)",
    "an unknown value": "subprocess.run(['python', 'learn.py', '--rate', sys.argv[1]])",
    "a value after =": "subprocess.run(['python', 'learn.py', f'--rate={sys.argv[1]}', '--fast'])",
    "a module": "subprocess.check_call(['python3', '-m', 'package.learn', '--fast'])",
    "a line": "os.system('python learn.py --rate 3')",
    "torchrun": "subprocess.run(['torchrun', '--nproc_per_node', str(4), 'learn.py', '--rate', '3'])",
    "accelerate": "subprocess.run(['accelerate', 'launch', '--num_processes=2', 'learn.py'])",
    "in a function": "def main():\n    subprocess.run(['python', 'learn.py'])\n\nmain()",
}
NOT_MISSING = {
    "passed": "subprocess.run(['python', 'learn.py', '--epochs', sys.argv[1]])",
    "passed after =": "subprocess.run(['python', 'learn.py', '--epochs=3'])",
    "its beginning": "subprocess.run(['python', 'learn.py', '--epo', '3'])",
    "unpacked": "subprocess.run(['python', 'learn.py', *sys.argv[1:]])",
    "an unknown word": "subprocess.run(['python', 'learn.py', sys.argv[1], sys.argv[2]])",
    "an unknown word after a flag": "subprocess.run(['python', 'learn.py', '--fast', sys.argv[1]])",
    "an unknown option": "subprocess.run(['python', 'learn.py', f'--{sys.argv[1]}', '3'])",
    "added": "command = ['python', 'learn.py']\ncommand += ['--epochs', '3']\nsubprocess.run(command)",
    "appended": "command = ['python', 'learn.py']\ncommand.extend(read())\nsubprocess.run(command)",
    "joined": "subprocess.run(['python', 'learn.py'] + read())",
    "a line with an unknown part": "os.system(f'python learn.py --rate {sys.argv[1]}')",
    "a variable of the shell": "os.system('python learn.py --rate 3 $MORE')",
    "another folder": "subprocess.run(['python', 'learn.py'], cwd='/opt/program')",
    "caught": "try:\n    subprocess.run(['python', 'learn.py'], check=True)\nexcept Exception:\n    pass",
}


def learning(start: str, program: str = LEARNS.format(rest="", known="")) -> dict[str, str]:
    """A launcher, the script that it starts, and a program that requires an option."""
    return {**files(start), "code/learn.py": program, "code/package/learn.py": program}


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


@pytest.mark.parametrize("name", MISSING)
def test_a_required_option_that_the_command_lacks(tmp_path: Path, name: str) -> None:
    (found,) = said(tmp_path, learning(MISSING[name]), "TRN430")
    assert "gets no --epochs" in found


@pytest.mark.parametrize("name", NOT_MISSING)
def test_required_options_that_the_command_has_or_may_have(tmp_path: Path, name: str) -> None:
    assert said(tmp_path, learning(NOT_MISSING[name]), "TRN430") == []


@pytest.mark.parametrize(
    "program", [LEARNS.format(rest=", _", known="known_"), CLICK], ids=["known", "click"]
)
def test_other_parsers_require_too(tmp_path: Path, program: str) -> None:
    (found,) = said(tmp_path, learning(MISSING["another option"], program), "TRN430")
    assert "gets no --epochs" in found


def test_an_option_that_only_a_branch_requires(tmp_path: Path) -> None:
    program = LEARNS.format(rest="", known="").replace(
        'parser.add_argument("--epochs", type=int, required=True)',
        'if read():\n    parser.add_argument("--epochs", type=int, required=True)',
    )
    assert said(tmp_path, learning(MISSING["another option"], program), "TRN430") == []


V3 = """
from sagemaker.core.training.configs import SourceCode
from sagemaker.train import ModelTrainer
ModelTrainer(training_image="i", source_code=SourceCode(source_dir="code", entry_script="train.py")).train()
"""


@pytest.mark.parametrize("start", [WRONG["an option"], MISSING["another option"]])
def test_with_v3(tmp_path: Path, start: str) -> None:
    assert len(said(tmp_path, {**learning(start), "launch.py": V3}, "TRN430")) == 1


def test_in_a_notebook(tmp_path: Path) -> None:
    files = learning("")
    script = f"%%writefile code/train.py\n{START}{MISSING['another option']}\n"
    del files["code/train.py"], files["launch.py"]
    assert len(said(tmp_path, {**files, "launch.ipynb": notebook(script, launcher())}, "TRN430")) == 1
