"""TRN440: a name of the SageMaker SDK that the available generation does not have.

Source: ``sagemaker/tables/sdk_names.json``, which ``scripts/sdk_names.py`` builds from the wheels of sagemaker 1.72.1,
sagemaker 2.257.7 and the packages of SDK v3.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.syntax.program import Disk, disk_path
from flake8_training.finding import Related, Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.required_sdk import required_sdk
from flake8_training.launcher.sdk_uses import sent_folders
from flake8_training.rules.launcher.launcher_rule import LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.sdk_names import ALL, bound, home_of, meant, shown
from flake8_training.sagemaker.signatures import is_subclass
from flake8_training.source_file import is_file
from flake8_training.spelling import did_you_mean

_MARK = "  # TRN440"
_ESTIMATOR = """
    import sagemaker
    {imports}
    from sagemaker.pytorch import PyTorch

    estimator = PyTorch(
        entry_point="train.py",
        framework_version="2.1",
        py_version="py310",
        role="arn:aws:iam::123456789012:role/Training",
        instance_type="ml.m5.xlarge",
        instance_count=1,
    )
    estimator.fit({{"train": "s3://churn-data/train"}})
"""


def _example(imports: str) -> Example:
    return Example({"launch.py": _ESTIMATOR.format(imports=imports)})


_TRAINER = "from sagemaker.train import ModelTrainer"
_CAUGHT = "try:\n        from sagemaker.train import ModelTrainer\n    except ImportError:\n        ModelTrainer = None"


class OtherGeneration(LauncherRule):
    """Reports names of the SDK that are of another generation than the launcher's, or of another module."""

    code = "TRN440"
    severity = Severity.ERROR
    summary = "the SDK's generation lacks the name"
    why = """
        SDK v2 removed names of v1, and SDK v3 has none of the modules of v2: `ModuleNotFoundError: No module named
        'sagemaker.estimator'`, `ImportError: cannot import name 's3_input' from 'sagemaker.inputs'` or `AttributeError:
        module 'sagemaker' has no attribute 's3_input'`. No generation has a class in a module other than its own:
        `cannot import name 'ModelStep' from 'sagemaker.workflow.steps'`. The launcher ends there, before it starts a
        job.
    """
    fix = """
        Use the name of the generation that is installed, or pin the other one (`sagemaker>=2,<3`). Import a class from
        the module that the message names.
    """
    reported_when = (
        "the launcher imports or calls a name of the SDK that the one generation does not have which "
        "`requirements.txt` or `pyproject.toml` allows, in the launcher's folder or above it",
        "these files set no upper bound (`sagemaker`, `sagemaker>=2.200`), and a Python launcher uses a name that the "
        "newest generation lacks: a new environment gets it; a warning in that file (commit hook)",
        "a notebook installs another generation than it uses: `pip install -U sagemaker` installs SDK v3, if the "
        "notebook was run with Python 3.10 or newer",
        "without such a pin: the launcher's imports and estimators are of two generations, and no generation has all",
        "the launcher imports a class of the SDK from a module that has it in no generation",
        "the launcher imports a module or class that no generation has, and that is like one of the SDK",
        "the program calls a method that the object's class has in the other generation: `fit()` of a `ModelTrainer`, "
        "`train()` of an estimator",
    )
    not_reported_when = (
        Condition(
            "a handler catches the failure of the import, or the import is in a branch or function",
            suppressed=_example(_CAUGHT),
            reported=_example(_TRAINER + _MARK),
        ),
        Condition(
            "every name may be of one generation",
            suppressed=_example("from sagemaker.inputs import TrainingInput"),
            reported=_example("from sagemaker.inputs import s3_input" + _MARK),
        ),
    )
    missed = (
        "names that a version within a generation does not have",
        "an installed version that neither a file nor a notebook's `pip install` names",
        "a requirement without an upper bound beside a lock file, a container file or another file that may set the "
        "version or an old Python",
        "names below `sagemaker.serve` and `sagemaker.lineage`, which v2 and v3 both have",
    )
    bad = _example(_TRAINER + _MARK)
    good = _example("from sagemaker.inputs import TrainingInput")
    references = (
        "https://sagemaker.readthedocs.io/en/v2.257.1/v2.html",
        "https://github.com/aws/sagemaker-python-sdk/blob/master/migration.md",
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for the first name that the launcher's generation does not have."""
        yield from _foreign_methods(launcher)
        yield from _misplaced(launcher)
        yield from _misspelt(launcher)
        uses = launcher.sdk_uses
        if all(one.generations == ALL for one in uses):
            return
        required = launcher.installed_sdk or required_sdk(
            launcher.program.entry.path, sent_folders(launcher.estimators)
        )
        if required is not None:
            wrong = next((one for one in uses if not one.generations & required.generations), None)
            if wrong is not None:
                detail = f"{wrong.name} is of {shown(wrong.generations)}, {required.text}"
                common = frozenset.intersection(*(one.generations for one in uses))
                related: tuple[Related, ...] = ()
                if required.line:
                    related = (Related(launcher.path, required.line, "the notebook installs the SDK here"),)
                    detail = f"{detail}; install {bound(common)!r}" if common else detail
                yield Problem(wrong.node, detail, wrong.node, related=related)
            return
        if frozenset.intersection(*(one.generations for one in uses)):
            return
        best = max(sorted(ALL), key=lambda number: (sum(number in one.generations for one in uses), number))
        wrong = next((one for one in uses if best not in one.generations and one.can_be_wrong), None)
        right = next((one for one in uses if wrong and not one.generations & wrong.generations), None)
        if wrong is not None and right is not None:
            at = f"line {getattr(right.node, 'lineno', 1)} needs"
            detail = f"{wrong.name} is of {shown(wrong.generations)}, {at} {shown(right.generations)}"
            yield Problem(wrong.node, detail, wrong.node)


_METHODS = {
    "sagemaker.train.model_trainer.ModelTrainer": {"fit": "train", "set_hyperparameters": "", "deploy": ""},
    "sagemaker.train.tuner.HyperparameterTuner": {"fit": "tune", "deploy": ""},
    "sagemaker.estimator.EstimatorBase": {"train": "fit", "tune": ""},
    "sagemaker.tuner.HyperparameterTuner": {"tune": "fit", "train": "fit"},
}
"""Classes of one generation, the methods of the other one that they lack, and the methods that replace these."""


def _foreign_methods(launcher: Launcher) -> Iterator[Problem]:
    """Yield the calls of methods that the class of the other generation has."""
    for class_name, methods in _METHODS.items():
        for method, own in methods.items():
            for site in launcher.module.calls_by_name.get(method, ()):
                if not isinstance(site.node.func, ast.Attribute):
                    continue
                held = launcher.reader.expression(site.node.func.value, site.scope)
                found = launcher.constructions_in(held)
                if len(found) != 1 or len(held.values) != 1 or found[0].local is not None:
                    continue
                if is_subclass(found[0].class_name, class_name):
                    hint = f", did you mean {own}()?" if own else ""
                    detail = f"{found[0].name} of SDK {found[0].sdk} has no method {method}{hint}"
                    yield Problem(site.node, detail, site.node)


def _misplaced(launcher: Launcher) -> Iterator[Problem]:
    """Yield the imports at the top of the module of classes that the named module has in no generation."""
    top = {id(node) for node in launcher.tree.body}
    for dotted, node in launcher.module.imports:
        home = home_of(dotted) if isinstance(node, ast.ImportFrom) and id(node) in top else ""
        if home:
            module, _, name = dotted.rpartition(".")
            yield Problem(node, f"{module} has no {name}, {home} has it", node)


def _misspelt(launcher: Launcher) -> Iterator[Problem]:
    """Yield the imports at the top of the module of names that no generation has, and that are like one of the SDK."""
    top = {id(node) for node in launcher.tree.body}
    for dotted, node in launcher.module.imports:
        intended = meant(dotted) if id(node) in top else ""
        if intended and not _has_own_sdk(launcher):
            written = ".".join(dotted.split(".")[: intended.count(".") + 1])
            at = _alias(node, dotted) if written == dotted else node
            yield Problem(at, f"no generation has {written}{did_you_mean(intended)}", node)


def _alias(node: ast.AST, dotted: str) -> ast.AST:
    """Return the name in an import statement that imports a dotted name: it may stand on a line of its own."""
    name = dotted if isinstance(node, ast.Import) else dotted.rpartition(".")[2]
    return next((one for one in getattr(node, "names", ()) if one.name == name), node)


def _has_own_sdk(launcher: Launcher) -> bool:
    """Return whether the project has a package named like the SDK, which Python imports instead of it."""
    program = launcher.program
    return program.folder is not None and any(
        is_file(f"{folder}sagemaker/__init__.py")
        for folder in Disk(program.root).roots(f"{disk_path(program.folder)}/", "")
    )
