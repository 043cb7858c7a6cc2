"""TRN115: the entry point uses a relative import.

Python gives the file that it starts no package: there ``from .model import Net`` raises "attempted relative import
with no known parent package". The toolkit and the driver start the entry point as a file.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.parents import enclosing, is_import_caught
from flake8_training.engine.syntax.program import MAX_BYTES, disk_path
from flake8_training.engine.syntax.scopes import FUNCTIONS, is_main_guard
from flake8_training.finding import Finding, Severity
from flake8_training.fix import Fix, rewritten, words_replaced
from flake8_training.ledger import Reason, Suppression, note_suppressed, note_unknown
from flake8_training.resolver import prefixes
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.source_file import package_parent, python_names_in

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.program import Program


class RelativeImport(Rule[Script]):
    """Reports a relative import, which fails because SageMaker starts the script as a file."""

    code = "TRN115"
    severity = Severity.ERROR
    summary = "the entry point uses a relative import"
    why = """
        SageMaker starts the entry point as a file, `python train.py`, and such a file belongs to no package. The job
        ends at its start with "ImportError: attempted relative import with no known parent package". On a developer's
        machine `python -m src.train` hides the mistake.
    """
    fix = """
        Import a module beside the entry point by its name: `from model import build`.
    """
    fixable = "imports a module beside the script by its name"
    reported_when = ("the entry point runs a relative import: at module level, or in a function that runs",)
    not_reported_when = (
        Condition(
            "a `try` around the import catches `ImportError`, or the import is in the handler of such a `try`",
            suppressed={
                "from .model import build  # TRN115": (
                    "try:\n    from .model import build\nexcept ImportError:\n    from model import build"
                )
            },
            reported={
                "from .model import build  # TRN115": (
                    "try:\n"
                    "    from .model import build  # TRN115\n"
                    "except KeyError:\n"
                    "    from model import build"
                )
            },
        ),
        Condition(
            "the import depends on `__package__`, `__name__`, `__spec__` or `TYPE_CHECKING`; the body of the "
            "main guard does run",
            suppressed={
                "from .model import build  # TRN115": (
                    "if __package__:\n    from .model import build\nelse:\n    from model import build"
                )
            },
            reported={
                "from .model import build  # TRN115": (
                    'if "__package__":\n'
                    "    from .model import build  # TRN115\n"
                    "else:\n"
                    "    from model import build"
                )
            },
        ),
        Condition(
            "the script is in a package, and a file beside it or beside its package imports it as a module",
            suppressed=Example(
                {
                    "job/__init__.py": "",
                    "job/train.py": (
                        'import os\n\nfrom .model import build\n\nbuild(os.environ["SM_MODEL_DIR"])\n'
                    ),
                    "job/model.py": "def build(x): ...\n",
                    "start.py": "import job.train\n",
                },
                options=("--training-scripts=job/train.py",),
            ),
            reported={
                "import build": "import build  # TRN115",
                "import job.train": "import job.model",
            },
        ),
        Condition(
            "the file does nothing when it starts, or is an `__init__.py`",
            suppressed={'if __name__ == "__main__":': "def main():"},
            reported={
                'if __name__ == "__main__":': "def main():",
                'os.environ["SM_MODEL_DIR"], "model.joblib"))\n': (
                    'os.environ["SM_MODEL_DIR"], "model.joblib"))\n\n\nmain()\n'
                ),
            },
        ),
    )
    bad = Example(
        {
            "train.py": """
                import argparse
                import os

                import joblib
                import pandas as pd

                from .model import build  # TRN115

                if __name__ == "__main__":
                    parser = argparse.ArgumentParser()
                    parser.add_argument("--C", type=float, default=1.0)
                    args = parser.parse_args()

                    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
                    model = build(args.C)
                    model.fit(data[:800].drop(columns="y"), data[:800]["y"])
                    print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
                    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
            """,
            "model.py": """
                from sklearn.svm import SVC


                def build(C):
                    return SVC(C=C)
            """,
        }
    )
    good = Example(
        {
            "train.py": """
                import argparse
                import os

                import joblib
                import pandas as pd
                from model import build

                if __name__ == "__main__":
                    parser = argparse.ArgumentParser()
                    parser.add_argument("--C", type=float, default=1.0)
                    args = parser.parse_args()

                    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
                    model = build(args.C)
                    model.fit(data[:800].drop(columns="y"), data[:800]["y"])
                    print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
                    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
            """,
            "model.py": """
                from sklearn.svm import SVC


                def build(C):
                    return SVC(C=C)
            """,
        }
    )

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each relative import that runs."""
        for node in failing_imports(subject.analysis):
            better = absolute_form(node)
            yield self.finding(
                subject,
                node,
                "a script has no parent package (ImportError); "
                + (
                    f'write "{better}"'
                    if better
                    else "put the module beside the script and import it by its name"
                ),
                fix=_fix(node),
            )


def _fix(node: ast.ImportFrom) -> Fix | None:
    """Return the fix that imports a module beside the file by its name."""
    better = absolute_form(node)
    if not better:
        return None
    if node.module is None:
        return rewritten(node, better, f"Write {better}") if node.lineno == node.end_lineno else None
    return words_replaced(node, f".{node.module}", node.module, f"Import {node.module} by its name")


_IMPORT_FAILURES = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})

# What tells a program how it was started, or that a type checker reads it.
_TELLTALES = frozenset({"__package__", "__name__", "__spec__", "TYPE_CHECKING"})

_MAX_NEIGHBOURS = 60


def failing_imports(analysis: Analysis) -> list[ast.ImportFrom]:
    """Return the relative imports of the script's file that run, and fail, when the file is started.

    A file that does nothing when it is started is a module for other files, and Python never starts a package's
    ``__init__.py``.
    """
    if not analysis.reach.has_work or os.path.basename(analysis.program.path) == "__init__.py":
        return []
    found = [
        node for node in _relative(analysis) if _runs(analysis, node) and not _is_guarded(analysis, node)
    ]
    if found and _is_imported(analysis.program):
        note_unknown(Reason.SEVERAL, found[0])  # a module of its package imports the file
        return []
    return found


def absolute_form(node: ast.ImportFrom) -> str:
    """Return the source of the import for a started file; ``""`` if its module is not beside the file."""
    names = ", ".join(alias.name + (f" as {alias.asname}" if alias.asname else "") for alias in node.names)
    if node.level != 1 or names == "*":
        return ""
    return f"from {node.module} import {names}" if node.module else f"import {names}"


def _relative(analysis: Analysis) -> Iterator[ast.ImportFrom]:
    seen: set[ast.stmt] = set()
    for _, node in analysis.program.entry.imports:
        if isinstance(node, ast.ImportFrom) and node.level and node not in seen:
            seen.add(node)
            yield node


def _runs(analysis: Analysis, node: ast.AST) -> bool:
    entry = analysis.program.entry
    around = next((a for a in enclosing(entry.tree, node) if isinstance(a, FUNCTIONS)), None)
    return around is None or analysis.reach.scope_runs(entry.scope_of[around])


def _is_guarded(analysis: Analysis, node: ast.AST) -> bool:
    tree = analysis.program.entry.tree
    if is_import_caught(tree, node):
        note_suppressed(Suppression.CAUGHT, node)
        return True
    below = node
    for around in enclosing(tree, node):
        if isinstance(around, ast.If) and _TELLTALES & _names(around.test):
            started = is_main_guard(around) and any(below is one for one in around.body)
            if not started:
                note_suppressed(Suppression.TESTED, around)
                return True
        elif isinstance(around, ast.ExceptHandler) and _names(around.type) & _IMPORT_FAILURES:
            return True  # the other way to import it is tried first
        below = around
    return False


def _names(node: ast.AST | None) -> set[str]:
    if node is None:
        return set()
    return {
        child.id if isinstance(child, ast.Name) else child.attr
        for child in ast.walk(node)
        if isinstance(child, ast.Name | ast.Attribute)
    }


def _is_imported(program: Program) -> bool:
    """Return whether a file beside the script, or beside the package that it is in, imports it from its package."""
    if program.folder is None:
        return False
    top = package_parent(program.folder)
    script = disk_path(program.path)
    word = os.path.splitext(os.path.basename(program.path))[0].encode(errors="surrogatepass")
    return top != program.folder and any(
        _imports_from_package(program, neighbour, script)
        for folder in (top, program.folder)
        if program.root.contains(folder)
        for neighbour in _python_files(folder)
        if neighbour != script and _names_word(program, neighbour, word)
    )


def _python_files(folder: str) -> list[str]:
    try:
        names = python_names_in(folder)
    except OSError:
        return []
    return [disk_path(os.path.join(folder, name)) for name in names[:_MAX_NEIGHBOURS]]


def _names_word(program: Program, path: str, word: bytes) -> bool:
    try:
        return word in program.root.read(path, MAX_BYTES)
    except OSError:
        return False


def _imports_from_package(program: Program, path: str, script: str) -> bool:
    """Return whether a file imports the script by a name that gives it a package; False for an unreadable file."""
    try:
        imports = program.read(path, "").imports
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(
        "." in name and program.resolver.file(name, path) == script
        for dotted, _ in imports
        for name in prefixes(dotted)
    )
