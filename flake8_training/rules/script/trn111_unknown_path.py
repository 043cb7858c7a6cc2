"""TRN111: an unknown path below /opt/ml.

Only a path that reaches a use counts: a call that does something with it, the default of an option, or what is used
when a variable is not set. What only builds a path, tells it to people, or is never used, is none.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY, ContainerPath, places
from flake8_training.engine.flow.dataflow import arguments
from flake8_training.engine.syntax.parents import enclosing, parent
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.finding import Finding, Severity
from flake8_training.fix import Fix, renamed
from flake8_training.ledger import (
    Reason,
    Suppression,
    note_question,
    note_suppressed,
    note_unknown,
    open_ledger,
)
from flake8_training.libraries.table import table
from flake8_training.record import Record
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.sagemaker import paths
from flake8_training.sagemaker.variables import judge_variable
from flake8_training.script import Script
from flake8_training.script.path_uses import only_builds
from flake8_training.spelling import did_you_mean

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call
    from flake8_training.engine.syntax.scopes import ModuleIndex


class UnknownPath(Rule[Script]):
    """Reports a misspelling of a path that SageMaker knows."""

    code = "TRN111"
    severity = Severity.ERROR
    summary = "the path does not exist in a training job"
    why = """
        The folders below `/opt/ml` have fixed names: `input/data/<channel>`, `input/config`, `model`, `output/data`,
        `checkpoints`, `code`. SageMaker mounts, fills and keeps no others. Reading from `/opt/ml/inputs/data` fails
        after the job has started. Writing to `/opt/ml/models` raises no error, and the files are gone when the job
        ends.
    """
    fix = """
        Use the path that the message suggests, or read it from `SM_CHANNEL_<NAME>`, `SM_MODEL_DIR` or
        `SM_OUTPUT_DATA_DIR`.
    """
    fixable = "corrects the misspelled folder"
    reported_when = (
        "a call, the default of an option or the default of a variable uses a path below `/opt/ml` with a "
        "misspelled folder or file name",
        "a channel is expected beside `data` instead of below it: `/opt/ml/input/train`",
        "a path lacks its leading slash, `opt/ml/model`, in a script that reads `SM_` variables and never "
        "calls `os.chdir`",
    )
    not_reported_when = (
        Condition(
            "the folder has a name of the project that is no misspelling, such as `/opt/ml/artifacts` or "
            "`/opt/ml/checkpoint`; TRN112 reports files lost there",
            suppressed={
                'MODEL_DIR = "/opt/ml/models"  # TRN111': 'MODEL_DIR = "/opt/ml/artifacts"',
                'os.path.join(PREFIX, "inputs/data/train"))  # TRN111': 'os.environ["SM_CHANNEL_TRAIN"])',
            },
            reported={
                'MODEL_DIR = "/opt/ml/models"  # TRN111': 'MODEL_DIR = "/opt/ml/modell"  # TRN111',
                'os.path.join(PREFIX, "inputs/data/train"))  # TRN111': 'os.environ["SM_CHANNEL_TRAIN"])',
            },
        ),
        Condition(
            "the literal is the default of an option, and the program sets the option to a variable of SageMaker",
            suppressed={
                'MODEL_DIR = "/opt/ml/models"  # TRN111': 'MODEL_DIR = os.environ["SM_MODEL_DIR"]',
                'os.path.join(PREFIX, "inputs/data/train"))  # TRN111': '"opt/ml/input/data/train")',
                "args = parser.parse_args()\n": (
                    'args = parser.parse_args()\n    args.train = os.environ["SM_CHANNEL_TRAIN"]\n'
                ),
            },
            reported={
                'MODEL_DIR = "/opt/ml/models"  # TRN111': 'MODEL_DIR = os.environ["SM_MODEL_DIR"]',
                'os.path.join(PREFIX, "inputs/data/train"))  # TRN111': '"opt/ml/input/data/train")  # TRN111',
                "args = parser.parse_args()\n": (
                    'args = parser.parse_args()\n    args.other = os.environ["SM_CHANNEL_TRAIN"]\n'
                ),
            },
        ),
        Condition(
            "the path is only joined, printed, logged, or never used",
            suppressed={
                'MODEL_DIR = "/opt/ml/models"  # TRN111': (
                    'MODEL_DIR = os.environ["SM_MODEL_DIR"]\n'
                    'print(os.path.join("/opt/ml/models", "model.json"))'
                ),
                'os.path.join(PREFIX, "inputs/data/train"))  # TRN111': 'os.environ["SM_CHANNEL_TRAIN"])',
            },
            reported={
                'MODEL_DIR = "/opt/ml/models"  # TRN111': (
                    'MODEL_DIR = "/opt/ml/models"  # TRN111\nprint(os.path.join(MODEL_DIR, "model.json"))'
                ),
                'os.path.join(PREFIX, "inputs/data/train"))  # TRN111': 'os.environ["SM_CHANNEL_TRAIN"])',
            },
        ),
    )
    missed = ("another module than the entry point contains the literal",)
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        PREFIX = "/opt/ml"
        MODEL_DIR = "/opt/ml/models"  # TRN111

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--train", default=os.path.join(PREFIX, "inputs/data/train"))  # TRN111
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(args.train, "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth, n_jobs=int(os.environ["SM_NUM_CPUS"]))
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(MODEL_DIR, "model.json"))
    """)
    good = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        PREFIX = "/opt/ml"
        MODEL_DIR = "/opt/ml/model"

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--train", default=os.path.join(PREFIX, "input/data/train"))
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(args.train, "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth, n_jobs=int(os.environ["SM_NUM_CPUS"]))
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(MODEL_DIR, "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each literal that misspells a path which the script uses."""
        for unknown in unknown_paths(subject.analysis):
            detail = f"{unknown.path}{did_you_mean(unknown.meant)}"
            yield self.finding(subject, unknown.node, detail, fix=_fix(unknown))


def _fix(unknown: PathProblem) -> Fix | None:
    """Return the fix of the first wrong segment, which the literal may hold without those before it."""
    if f"/{unknown.path}" == unknown.meant:
        return renamed(unknown.node, unknown.path, unknown.meant)
    wrong, right = unknown.path.split("/"), unknown.meant.split("/")
    differing = [pair for pair in zip(wrong, right, strict=False) if pair[0] != pair[1]]
    if len(wrong) != len(right) or len(differing) != 1:
        return None
    return renamed(unknown.node, *differing[0])


_RELATIVE_ROOT = paths.ROOT.removeprefix("/")

_LONGEST = 200

# The folders whose subfolders and files have fixed names.
_PARENTS = (paths.ROOT, f"{paths.ROOT}/input", f"{paths.ROOT}/output", f"{paths.ROOT}/input/config")

_PARENT_VARIABLES = frozenset({"SM_INPUT_DIR", "SM_OUTPUT_DIR", "SM_INPUT_CONFIG_DIR"})


class PathProblem(Record):
    """A literal that leads to a path SageMaker does not know; ``path`` is that path, ``meant`` the right one."""

    node: ast.Constant
    path: str
    meant: str


def unknown_paths(analysis: Analysis) -> Iterator[PathProblem]:
    """Yield the literals of the script's own file that misspell a used path, in the order of their lines."""
    every = list(_literals(analysis.program.entry))
    joins = _has_a_folder_to_join(analysis, every)
    literals = [(text, node) for text, node in every if _may_mislead(text, joins)]
    if not literals:
        return  # the paths that the script uses are expensive to follow
    wrong = [(path, meant) for path in sorted(_used(analysis)) if (meant := _meant(path)) is not None]
    for text, node in sorted(literals, key=lambda pair: (pair[1].lineno, pair[1].col_offset)):
        note_question()
        for path, meant in wrong:
            if _brings_in(text, path, meant) and not (
                _is_dead(analysis, node) or _is_reported(analysis, node) or _is_replaced(analysis, node)
            ):
                if _is_relative(path):
                    yield PathProblem(node, text, f"/{text}")
                else:
                    yield PathProblem(node, *_up_to_the_slip(path, meant))
                break
        else:
            _note_silence(analysis, node, text)


def _note_silence(analysis: Analysis, node: ast.Constant, text: str) -> None:
    """Note why a misspelt path is not reported: the program replaces it, or no known call gets it."""
    if open_ledger() is None or _is_dead(analysis, node) or _is_reported(analysis, node):
        return
    if _is_replaced(analysis, node):
        note_suppressed(Suppression.SET_BY_PROGRAM, node, what=text)
    elif _meant(text) is not None:
        note_unknown(Reason.COMPUTED, node, what=text)


def _literals(module: ModuleIndex) -> Iterator[tuple[str, ast.Constant]]:
    for node, _ in module.texts:
        text = str(node.value)
        if 0 < len(text) <= _LONGEST and not set(text) & set(" \n\t"):
            yield text, node


def _has_a_folder_to_join(analysis: Analysis, literals: list[tuple[str, ast.Constant]]) -> bool:
    """Return whether the script names a folder whose subfolders have fixed names, to which a literal may be joined.

    A script that leads upwards from another folder names its parent too.
    """
    if any(read.name in _PARENT_VARIABLES for read in analysis.environment.reads):
        return True
    named = {posixpath.normpath(text) for text, _ in literals if text.startswith(paths.ROOT)}
    return not named.isdisjoint(_PARENTS) or (bool(named) and _leads_upwards(analysis, literals))


def _leads_upwards(analysis: Analysis, literals: list[tuple[str, ast.Constant]]) -> bool:
    """Return whether the program may go from a folder to its parent, in the ways that the evaluator follows."""
    program = analysis.program
    return (
        any(".." in text for text, _ in literals)
        or any(program.all_calls("dirname"))
        or any(program.attribute_loads("parent", "parents"))
    )


def _may_mislead(text: str, joins: bool) -> bool:
    """Return whether a literal may be a misspelled path, or, if joined, a misspelled subfolder."""
    if "opt/ml" in text.lower():
        return _meant(text) is not None
    return joins and not text.startswith("/") and any(_is_slip(segment) for segment in text.split("/"))


@lru_cache(maxsize=4096)
def _is_slip(segment: str) -> bool:
    """Return whether a name misspells the name of a folder that SageMaker knows."""
    return any(_meant(f"{folder}/{segment}") is not None for folder in _PARENTS)


def _is_relative(path: str) -> bool:
    """Return whether a path lacks only its leading slash."""
    return path == _RELATIVE_ROOT or path.startswith(f"{_RELATIVE_ROOT}/")


def _meant(path: str) -> str | None:
    """Return the path that ``path`` misspells, if any."""
    if _is_relative(path):
        whole = paths.judge_path(f"/{path}")
        return whole.nearest or f"/{path}"
    judgement = paths.judge_path(path)
    return judgement.nearest if judgement.kind == paths.Kind.MISSPELT else None


def _used(analysis: Analysis) -> set[str]:
    """Return the paths that reach a use, each up to the first unknown segment."""
    found: set[ContainerPath] = set()
    for call in analysis.calls.all:
        if not _uses(call):
            continue
        for argument in arguments(call.node):
            found.update(analysis.roots(call, argument))
        receiver = analysis.calls.receiver(call)
        if receiver is not None and any(name.startswith("pathlib.Path().") for name in call.names):
            found.update(analysis.roots(call, receiver))
    defaults = [(o.default, o.scope) for o in analysis.live_options if o.default is not None]
    defaults += [(r.default, r.scope) for r in analysis.environment.reads if r.default is not None]
    for default, scope in defaults:
        found.update(places(analysis.evaluator, analysis.evaluator.values(default, scope)))
    texts = {_known_part(place.path) for place in found}
    if not _starts_in_the_code_folder(analysis):
        return {text for text in texts if text.startswith("/")}
    return {text for text in texts if text.startswith("/") or f"/{text}" not in texts}


def _starts_in_the_code_folder(analysis: Analysis) -> bool:
    """Return whether a relative path is certainly in the code folder: the user's own image may start in /."""
    if any("os.chdir" in call.names for call in analysis.calls.all):
        return False
    return any(read.name.startswith("SM_") for read in analysis.environment.reads)


def _uses(call: Call) -> bool:
    if call.local and not call.unknown:
        return False  # the function of the program uses it, or does not
    return not call.names or not all(only_builds(name) for name in call.names)


def _known_part(path: str) -> str:
    segments = path.split("/")
    unknown = next((n for n, segment in enumerate(segments) if ANY in segment), len(segments))
    return "/".join(segments[:unknown])


def _brings_in(text: str, path: str, meant: str) -> bool:
    """Return whether a literal is the source of the misspelling in ``path``."""
    plain = posixpath.normpath(text)
    if _is_relative(path):
        return _is_relative(plain) and (path == plain or path.startswith(f"{plain}/"))
    wrong, right = _up_to_the_slip(path, meant)
    if plain.startswith("/"):
        return plain == wrong or plain.startswith(f"{wrong}/")
    slip = posixpath.basename(wrong)
    return slip in plain.split("/") and slip not in right.split("/") and f"/{plain}" in path


def _up_to_the_slip(path: str, meant: str) -> tuple[str, str]:
    """Return the wrong path up to its first wrong segment, and the right one as far."""
    wrong, right = paths.normal_path(path).split("/"), meant.split("/")
    end = (
        next((n for n, pair in enumerate(zip(wrong, right, strict=False)) if pair[0] != pair[1]), len(wrong))
        + 1
    )
    missing = len(right) - len(wrong)
    return "/".join(wrong[:end]), "/".join(right[: end + max(missing, 0)])


def _is_dead(analysis: Analysis, node: ast.AST) -> bool:
    """Return whether a literal is only assigned to names that the script never uses."""
    entry = analysis.program.entry
    around = parent(entry.tree, node)
    if isinstance(around, ast.Expr):
        return True
    if not isinstance(around, ast.Assign | ast.AnnAssign) or around.value is not node:
        return False
    targets = around.targets if isinstance(around, ast.Assign) else [around.target]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    if len(names) < len(targets):
        return False
    if any(names & (scope.loads | scope.guarded_loads) for scope in entry.scopes):
        return False
    return not analysis.program.imports_from_entry(names)


def _is_replaced(analysis: Analysis, node: ast.AST) -> bool:
    """Return whether a literal is the default of an option that the program sets to a variable of SageMaker."""
    inside = {id(around) for around in enclosing(analysis.program.entry.tree, node)} | {id(node)}
    options = [o for o in analysis.live_options if o.default is not None and id(o.default) in inside]
    read = {id(one.node) for one in analysis.environment.reads if judge_variable(one.name).kind == "set"}
    return bool(options) and all(
        any(
            not read.isdisjoint(id(part) for part in ast.walk(store.value))
            for store in analysis.program.attribute_stores(option.dest)
        )
        for option in options
    )


def _is_reported(analysis: Analysis, node: ast.AST) -> bool:
    """Return whether a literal is part of a string that is only shown."""
    for around in enclosing(analysis.program.entry.tree, node):
        if isinstance(around, ast.stmt):
            return False
        if isinstance(around, ast.Call):
            call = analysis.by_node.get(around)
            names = call.names if call is not None and call.names else (f"?.{last_name(around.func)}",)
            row = table().logs(*names)
            if row is not None and not row.tracker and not row.file:
                return True
    return False
