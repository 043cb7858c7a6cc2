"""The SDK classes that a launcher constructs, by canonical name.

Cheap search for the calls of a file that may construct an SDK class.

No value is evaluated here. Local modules are read only if the file itself calls for it: reading them is most of the
cost of a file.
"""

from __future__ import annotations

import ast
import functools
from typing import Final

from flake8_training.engine.syntax.program import Program
from flake8_training.engine.syntax.scopes import CallSite, ModuleIndex
from flake8_training.sagemaker.framework_versions import ESTIMATOR_FRAMEWORKS
from flake8_training.sagemaker.properties import STEP_CLASSES
from flake8_training.sagemaker.signatures import class_names, home, is_subclass

ESTIMATOR_BASE: Final = "sagemaker.estimator.EstimatorBase"

FRAMEWORK_BASE: Final = "sagemaker.estimator.Framework"

MODEL_TRAINER: Final = "sagemaker.train.model_trainer.ModelTrainer"

TUNERS: Final = frozenset(
    {"sagemaker.tuner.HyperparameterTuner", "sagemaker.train.tuner.HyperparameterTuner"}
)

TRAINING_INPUT: Final = "sagemaker.inputs.TrainingInput"

CHANNEL: Final = "sagemaker.core.shapes.shapes.Channel"

_STEP_MODULES = ("sagemaker.workflow.", "sagemaker.mlops.workflow.")

_VARIABLE_MODULES = ("sagemaker.workflow.", "sagemaker.core.workflow.", "sagemaker.core.helper.")

_HOLDING_VARIABLES = frozenset(
    "sagemaker workflow core helper parameters functions execution_variables pipeline_variable entities".split()
)

"""Modules whose attributes include a class of pipeline variables."""

_VARIABLES = frozenset(
    "ParameterString ParameterInteger ParameterFloat ParameterBoolean Join JsonGet ExecutionVariable".split()
)

# Plain modules (not packages) that import classes of another module: a class is found under both names.
_PASSED_ON = {"sagemaker.tuner": "sagemaker.parameter", "sagemaker.train.tuner": "sagemaker.core.parameter"}

_INPUTS = frozenset(
    {
        TRAINING_INPUT,
        "sagemaker.inputs.FileSystemInput",
        "sagemaker.s3_input",
        "sagemaker.session.s3_input",
        "sagemaker.inputs.s3_input",
        "sagemaker.session.FileSystemInput",
    }
)


@functools.lru_cache(maxsize=1024)
def known_class(name: str) -> str | None:
    """Return the name under which an SDK class is defined; None for any other name.

    A step class is known by its module and name, even if no table has its signature.
    """
    if not name.startswith("sagemaker.") or "()" in name:
        return None
    module, _, short = name.rpartition(".")
    found = home(name) or home(f"{_PASSED_ON[module]}.{short}" if module in _PASSED_ON else name)
    if found is not None:
        return found
    if name in _INPUTS or (name.startswith(_STEP_MODULES) and short in STEP_CLASSES):
        return name
    return None


@functools.cache
def short_names() -> set[str]:
    """Return the names of all known classes, without their modules."""
    return {*class_names(), *STEP_CLASSES, "s3_input"}


@functools.lru_cache(maxsize=1024)
def is_estimator(name: str) -> bool:
    """Return whether a class is an estimator of SDK v2, which trains by ``fit``."""
    return is_subclass(name, ESTIMATOR_BASE)


def is_framework(name: str) -> bool:
    """Return whether a class is an estimator that needs an entry point (``PyTorch``, not ``Estimator``)."""
    return is_subclass(name, FRAMEWORK_BASE)


def is_trainer(name: str) -> bool:
    """Return whether a class is SDK v3's ``ModelTrainer``."""
    return name == MODEL_TRAINER


def is_input(name: str) -> bool:
    """Return whether a class is the input of one channel in SDK v2."""
    return name in _INPUTS


def is_variable(name: str) -> bool:
    """Return whether a canonical name is a class of pipeline variables: a parameter, ``Join``, ``JsonGet``."""
    return name.startswith(_VARIABLE_MODULES) and name.rpartition(".")[2] in _VARIABLES


def may_bring_variables(imported: str) -> bool:
    """Return whether an import, by its dotted name, binds a class of pipeline variables or a module that has one."""
    if not imported.startswith("sagemaker"):
        return False
    last = imported.rpartition(".")[2]
    return last in _VARIABLES or last == "ExecutionVariables" or last in _HOLDING_VARIABLES


def step_kind(name: str) -> str | None:
    """Return the kind of a step class ("Training"), or None if the class is not a step."""
    return STEP_CLASSES.get(name.rpartition(".")[2]) if name.startswith(_STEP_MODULES) else None


def framework_of(name: str) -> str | None:
    """Return the framework of an estimator class ("pytorch"), or None."""
    return ESTIMATOR_FRAMEWORKS.get(name.rpartition(".")[2])


# Keywords that show a call of a local class derived from an estimator. SDK v2's and v3's own arguments are
# listed; any other name is no evidence.
_ESTIMATOR_KEYWORDS = frozenset(
    {"entry_point", "instance_type", "instance_count", "framework_version", "source_code", "compute"}
)


def candidates(program: Program) -> tuple[CallSite, ...]:
    """Return the calls of the entry file that may construct an SDK class, in no order."""
    module = program.entry
    imports_sdk = any(_is_sdk(name) for name, _ in module.imports)
    with_keywords = [
        site for site in module.calls if any(k.arg in _ESTIMATOR_KEYWORDS for k in site.node.keywords)
    ]
    if not (imports_sdk or module.stars or with_keywords):
        return ()
    names: set[str] = set()
    if imports_sdk or module.stars:
        names |= short_names() | _imported_names(module, of_sdk=True)
    found = {
        id(site): site
        for name, sites in module.calls_by_name.items()
        for site in sites
        if name in names or (imports_sdk and _is_bound_to_value(site))
    }
    if with_keywords:
        own, imported = _own_classes(module), _imported_names(module, of_sdk=False)
        for site in with_keywords:
            # A module of the project may pass on an SDK class; an import of * may bind any name.
            if module.stars or _called(site) in own or _root(site) in imported:
                found[id(site)] = site
    local_classes = {scope.name for scope in module.scopes if scope.kind == "class"} if imports_sdk else set()
    for site in module.calls if local_classes else ():
        if _called(site) in local_classes:
            found[id(site)] = site
    return tuple(found.values())


def _is_sdk(dotted: str) -> bool:
    return dotted.partition(".")[0] == "sagemaker"


def _called(site: CallSite) -> str:
    func = site.node.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _root(site: CallSite) -> str:
    """Return the name at the beginning of a dotted callee; empty for any other expression."""
    func: ast.expr = site.node.func
    while isinstance(func, ast.Attribute):
        func = func.value
    return func.id if isinstance(func, ast.Name) else ""


def _imported_names(module: ModuleIndex, of_sdk: bool) -> set[str]:
    """Return the names that imports bind: those from an SDK, or those from other modules."""
    return {
        name
        for scope in module.scopes
        for name, bindings in scope.bindings.items()
        if any(b.kind == "import" and _is_sdk(b.dotted) is of_sdk for b in bindings)
    }


def _own_classes(module: ModuleIndex) -> set[str]:
    """Return the names of the classes with bases that a module defines: they may derive from an SDK class."""
    return {
        scope.name
        for scope in module.scopes
        if isinstance(scope.node, ast.ClassDef) and scope.node.bases and scope.name is not None
    }


def _is_bound_to_value(site: CallSite) -> bool:
    """Return whether the call's function is a variable or a parameter, which may hold a class."""
    if not isinstance(site.node.func, ast.Name):
        return False
    found = site.scope.lookup(site.node.func.id)
    return found is not None and any(b.kind in ("value", "parameter") for b in found[1])
