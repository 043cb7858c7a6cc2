"""What the plugin costs those whose files are no training scripts: next to nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.alignment import git

PROGRAM = """
import sys
import flake8.main.cli
before = set(sys.modules)
from flake8.main.application import Application
application = Application()
application.initialize(["--isolated", *sys.argv[1:]])
from flake8_training.plugin import AdvicePlugin, TrainingPlugin
import ast

def run(text):
    lines = text.splitlines(keepends=True)
    for plugin in (TrainingPlugin, AdvicePlugin):
        list(plugin(ast.parse(text), "file.py", lines).run())
    return sorted(name for name in set(sys.modules) - before if name.startswith(("flake8_training", "yaml")))

print(*run("import os\\nprint(os.name)\\n"))
print(*run("import os\\nprint(os.environ['SM_MODEL_DIR'])\\n"))
print(*sorted(set(sys.modules) & {"dataclasses", "sagemaker", "boto3", "jsonschema", "tomllib"}))
"""


PLUGIN = {
    "flake8_training",
    "flake8_training.named_tuple",
    "flake8_training.plugin",
    "flake8_training.settings",
    "flake8_training.source_file",
}


def lines_of(program: str, folder: Path) -> list[str]:
    """Return the lines that a process prints that runs a program in a folder."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=True)
    return done.stdout.splitlines()


def test_nothing_of_the_engine_is_imported_before_it_is_needed(tmp_path: Path) -> None:
    unmarked, marked, _ = lines_of(PROGRAM, tmp_path)
    assert set(unmarked.split()) == PLUGIN
    assert "flake8_training.checker" in marked.split()
    assert {"flake8_training.script", "flake8_training.engine"} <= set(marked.split())
    assert not [name for name in marked.split() if name.startswith("yaml")]


def test_start_imports_little() -> None:
    program = "import sys; before = set(sys.modules); import {}; print(*sorted(set(sys.modules) - before))"
    flake8, plugin = (
        set(
            subprocess.run(
                [sys.executable, "-c", program.format(names)],
                capture_output=True,
                encoding="utf-8",
                check=True,
            ).stdout.split()
        )
        for names in ("flake8.main.cli", "flake8.main.cli, flake8_training.plugin")
    )
    assert plugin - flake8 == PLUGIN


def test_a_step_without_launcher_imports_no_rule_over_launches(tmp_path: Path) -> None:
    (tmp_path / "train_contract.py").write_text("TRAIN_CONTRACT = {'entry_point': 'train.py'}\n")
    (tmp_path / "train.py").write_text("print('train')\n")
    program = (
        "import sys; from training_alignment.cli import main; main(['check', 'train.py']);"
        "print(*sorted(name for name in sys.modules if '.launcher' in name and '.rules.' in name))"
    )
    git(tmp_path, "init", "--quiet")
    assert lines_of(program, tmp_path)[-1].split() == [
        "flake8_training.rules.launcher",
        "flake8_training.rules.launcher.needed_facts",
    ]


def test_a_builder_without_the_sdk_imports_the_rules_over_classes_only(tmp_path: Path) -> None:
    (tmp_path / "clean_contract.py").write_text("CLEAN_CONTRACT = {'entry_point': 'clean.py'}\n")
    (tmp_path / "clean.py").write_text("print('clean')\n")
    (tmp_path / "clean_builder.py").write_text(
        "class CleanStepBuilder(Base):\n    def _create_estimator(self):\n        return self.job_of('clean.py')\n\n"
        "    def create_step(self):\n        return self.step_of(self._create_estimator())\n"
    )
    program = (
        "import sys; from training_alignment.cli import main; main(['check', 'clean_builder.py']);"
        "print(*sorted(name.rpartition('.')[2] for name in sys.modules"
        " if name.startswith(('flake8_training.rules.launcher.trn', 'flake8_training.launcher.'))))"
    )
    git(tmp_path, "init", "--quiet")
    imported = lines_of(program, tmp_path)[-1].split()
    assert [name for name in imported if name.startswith("trn")] == ["trn401_missing_method"]
    assert not {"boto3_requests", "constructions", "jobs", "pipelines"} & set(imported)


def test_flake8_imports_no_rule_over_launchers_for_a_script(tmp_path: Path) -> None:
    _, marked, _ = lines_of(PROGRAM, tmp_path)
    assert not [name for name in marked.split() if ".rules.launcher.trn" in name]


def test_a_builder_that_starts_nothing_imports_nothing_that_follows_a_launch(tmp_path: Path) -> None:
    (tmp_path / "clean_contract.py").write_text("CLEAN_CONTRACT = {'entry_point': 'clean.py'}\n")
    (tmp_path / "clean.py").write_text("import argparse\n\nif __name__ == '__main__':\n    print(argparse)\n")
    (tmp_path / "clean_builder.py").write_text(
        "import sagemaker.processing\n\n\nclass CleanStepBuilder(Base):\n    def _create_processor(self):\n"
        "        return self.processor_of(entry_point='clean.py')\n\n    def create_step(self):\n"
        "        return self.step_of(self._create_processor())\n"
    )
    program = (
        "import sys; from training_alignment.cli import main; main(['check', '--show-unknown', 'clean.py']);"
        "names = {'argparse', 'copy', 'pathlib', 'shlex', 'signal', 'string', 'textwrap', 'urllib.parse'};"
        "print(*sorted(names & sys.modules.keys()),"
        "*sorted(name for name in sys.modules if name.startswith('training_alignment.launches.')))"
    )
    git(tmp_path, "init", "--quiet")
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    assert "clean_builder.py" in done.stdout
    assert done.stdout.splitlines()[-1].split() == [
        "training_alignment.launches.command_line",
        "training_alignment.launches.launcher_candidates",
        "training_alignment.launches.launcher_file",
        "training_alignment.launches.search",
    ]


def test_a_commit_of_no_step_imports_no_parser(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("x = 1\n")
    (tmp_path / "train_contract.py").write_text("TRAIN_CONTRACT = {'entry_point': 'train.py'}\n")
    program = (
        "import sys; from training_alignment.cli import main; main(['check', 'other.py']);"
        "print(*sorted({'argparse', 'ast', 'flake8', 'pathlib', 're', 'tokenize', 'yaml'} & sys.modules.keys()))"
    )
    git(tmp_path, "init", "--quiet")
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == []


PROCESS = """
import os, sys
end = os._exit
os._exit = lambda code: print("ends at once", flush=True) or end(code)
from training_alignment.cli import command
sys.argv = ["training-alignment", "check", "launch.py"]
"""


def test_the_process_ends_at_once_unless_something_waits_for_its_end(tmp_path: Path) -> None:
    (tmp_path / "launch.py").write_text(
        "from sagemaker.pytorch import PyTorch\nPyTorch(entry_point='train.py').fit()\n"
    )
    git(tmp_path, "init", "--quiet")
    for waiting, end in (
        ("", "ends at once"),
        ("import atexit; atexit.register(print, 'waited')\n", "waited"),
        ("import threading; threading.Timer(0.01, print, ['waited']).start()\n", "waited"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", f"{PROCESS}{waiting}command()"],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 1
        assert {line for line in done.stdout.splitlines() if not line.startswith("launch.py:2:")} == {end}


def test_no_module_compiles_a_pattern_when_it_is_imported() -> None:
    compiled: list[str] = []
    for package in ("flake8_training", "hooks/training_alignment"):
        for path in (Path(__file__).parents[1] / package).rglob("*.py"):
            todo: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
            while todo:
                node = todo.pop()
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
                    compiled.append(f"{path.name}:{node.lineno}")
                if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                    todo.extend(ast.iter_child_nodes(node))
    assert compiled == []


def test_the_modules_of_rules_are_listed_once(tmp_path: Path) -> None:
    (tmp_path / "train_contract.py").write_text("TRAIN_CONTRACT = {'entry_point': 'train.py'}\n")
    (tmp_path / "train.py").write_text("print('train')\n")
    program = (
        "import os; listed = []; scandir = os.scandir\n"
        "os.scandir = lambda path: listed.append(os.path.basename(path)) or scandir(path)\n"
        "from training_alignment.cli import main; main(['check', 'train.py']); print(*listed)\n"
    )
    git(tmp_path, "init", "--quiet")
    assert lines_of(program, tmp_path)[-1].split() == ["rules", "rules"]
