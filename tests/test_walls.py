"""The walls between the folders: which folder may import which, and no circle of imports anywhere.

Imports under ``TYPE_CHECKING`` and inside functions count like any other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"flake8_training": ROOT, "training_alignment": ROOT / "hooks"}

BASE = (
    "record named_tuple columns fix finding ledger left_out parsing pattern newer_syntax json_tokens yaml_scalars "
    "yaml_events printable resolver source_file"
)
ENGINE = "engine engine.flow engine.inputs engine.values engine.syntax"
FACTS = f"{ENGINE} libraries sagemaker spelling"

# Unit (a folder, or a module at the top of a package) -> the units of the same package that it may import.
# What stands in BASE may be imported by all.
PLUGIN = {
    "record": "",
    "named_tuple": "",
    "columns": "",
    "fix": "",
    "parsing": "",
    "collection": "",
    "pattern": "",
    "newer_syntax": "",
    "left_out": "",
    "json_tokens": "",
    "yaml_scalars": "",
    "yaml_events": "",
    "printable": "",
    "source_file": "",
    "resolver": "",
    "finding": "",
    "ledger": "",
    "settings": "",
    "spelling": "",
    "configuration": "project_folder spelling settings",
    "baseline": "",
    "project_links": "",
    "project_folder": "",
    "libraries": "",
    "sagemaker": "spelling",
    "engine.syntax": "libraries sagemaker project_folder",
    "engine.values": "engine.syntax libraries sagemaker",
    "engine.inputs": "engine.values engine.syntax libraries sagemaker",
    "engine.flow": "engine.values engine.syntax libraries sagemaker",
    "engine": FACTS,
    "script": FACTS,
    "launcher": FACTS,
    "rules": f"script launcher {FACTS}",
    "rules.script": f"rules script {FACTS}",
    "rules.advice": f"rules script {FACTS}",
    "rules.launcher": f"rules launcher {FACTS}",
    "checker": "rules rules.launcher script launcher settings engine.syntax",
    "store": "",
    "kept_findings": "store",
    "plugin": "baseline checker collection kept_findings rules settings configuration project_folder",
}

# The same for the commands, with what they may import of the plugin's package under "plugin:".
LOW = "repository artefacts"
READ = f"steps launches scan {LOW}"
PAIRS = "script_contract contract_specification dependencies launcher_script builder_configuration repository"
COMMANDS = {
    "artefacts": "",
    "repository": "artefacts output",
    "scan": LOW,
    "steps": f"scan {LOW}",
    "launches": f"scan {LOW}",
    "requirements": "",
    "exit_codes": "",
    "output": "",
    "issue_merging": "requirements",
    "reports": "steps launches",
    "comparisons": f"requirements {READ}",
    "comparisons.launch": READ,
    "rules": f"comparisons comparisons.launch {READ}",
    **{
        f"rules.{pair}": f"rules comparisons comparisons.launch requirements {READ}" for pair in PAIRS.split()
    },
    "checking": f"exit_codes output rules comparisons comparisons.launch {READ}",
    "fixes": f"checking exit_codes output scan {LOW}",
    "server": f"checking fixes exit_codes output {READ}",
    "script_api": f"checking requirements reports rules {READ}",
    "file_findings": "checking scan",
    "enhancer": f"checking rules requirements issue_merging script_api {READ}",
    "progress": "",
    "schemas": "",
    "setup_files": "",
    "init_command": f"exit_codes output setup_files checking reports {READ}",
    "drafting": f"comparisons.launch requirements {READ}",
    "draft_command": f"drafting exit_codes output checking script_api {READ}",
    "page": "reports steps launches",
    "report_command": f"exit_codes output page progress checking reports {READ}",
    "check_options": "fixes",
    "check_command": f"check_options exit_codes output progress checking fixes reports {READ}",
    "configuration_commands": f"exit_codes output reports {READ}",
    "commands": f"exit_codes output checking server reports rules schemas script_api {READ}",
    "command_parser": "check_options output",
    "cli": "check_options command_parser exit_codes output commands check_command configuration_commands "
    "draft_command init_command report_command checking",
    "__main__": "cli",
}

Graph = dict[str, set[str]]


def modules() -> dict[str, Path]:
    """Return the product's modules by their dotted names."""
    found: dict[str, Path] = {}
    for package, above in PACKAGES.items():
        for path in sorted((above / package).rglob("*.py")):
            parts = path.relative_to(above).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(name: str, text: str, folder: bool) -> Iterator[str]:
    """Yield the modules that a module imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                above = name.split(".")[: len(name.split(".")) - node.level + folder]
                source = ".".join([*above, source]) if source else ".".join(above)
            for alias in node.names:
                full = f"{source}.{alias.name}"
                if full in MODULES or source in MODULES:
                    yield full if full in MODULES else source


def unit(module: str) -> str:
    """Return the folder of a module, below its package; the module itself at the top of the package."""
    package, _, below = module.partition(".")
    if MODULES[module].name == "__init__.py" or below in (
        PLUGIN if package == "flake8_training" else COMMANDS
    ):
        return below
    return below.rpartition(".")[0] or below


def trespasses(name: str, text: str) -> list[str]:
    """Return the imports of a module that its folder may not make."""
    package = name.partition(".")[0]
    own = unit(name)
    table = PLUGIN if package == "flake8_training" else COMMANDS
    may = {own, *table[own].split()} if own else set()
    wrong = []
    for target in imports(name, text, MODULES[name].name == "__init__.py"):
        other, home = unit(target), target.partition(".")[0]
        if home == package:
            allowed = (
                not own or not other or other in may or (home == "flake8_training" and other in BASE.split())
            )
        else:
            # The commands stand on the plugin's package, which knows nothing of them.
            allowed = package == "training_alignment" and not (
                own in ("artefacts", "scan", "steps") and other.startswith(("rules", "checker", "plugin"))
            )
        if not allowed:
            wrong.append(f"{name} imports {target}")
    return wrong


def circles(graph: Graph) -> list[set[str]]:
    """Return the groups of modules that import each other, directly or not."""
    left = {name: set(targets) for name, targets in graph.items()}
    # What imports nothing of the rest, and what nothing of the rest imports, is in no circle.
    while True:
        imported = {target for targets in left.values() for target in targets}
        outside = {name for name, targets in left.items() if not targets or name not in imported}
        if not outside:
            break
        left = {name: targets - outside for name, targets in left.items() if name not in outside}
    return [set(left)] if left else []


def graph() -> Graph:
    """Return what each module imports."""
    return {
        name: {
            target
            for target in imports(name, path.read_text(encoding="utf-8"), path.name == "__init__.py")
            if target != name
        }
        for name, path in MODULES.items()
    }


def test_every_folder_has_a_wall() -> None:
    units = {package: {unit(m) for m in MODULES if m.partition(".")[0] == package} for package in PACKAGES}
    assert units["flake8_training"] - {""} == set(PLUGIN)
    assert units["training_alignment"] - {""} == set(COMMANDS)


def test_folders_import_what_they_may() -> None:
    wrong = [
        one for name, path in MODULES.items() for one in trespasses(name, path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert circles(graph()) == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("flake8_training.engine.values.values", "from flake8_training.engine.flow.dataflow import Flow"),
        ("flake8_training.launcher.jobs", "if TYPE_CHECKING:\n    from flake8_training.script import Script"),
        ("flake8_training.rules.script", "from flake8_training.launcher import Launcher"),
        ("flake8_training.finding", "def late():\n    from flake8_training.script import Script"),
        ("flake8_training.checker", "from training_alignment.cli import main"),
        ("training_alignment.steps.graph", "from training_alignment.rules.step_rule import StepRule"),
        ("training_alignment.scan.index", "from training_alignment.steps.step import Step"),
        ("training_alignment.artefacts.tree", "from flake8_training.rules.registry import rules"),
    ],
)
def test_an_import_through_a_wall_is_seen(name: str, line: str) -> None:
    assert len(trespasses(name, line)) == 1


def test_a_circle_is_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [{"b", "c"}]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
