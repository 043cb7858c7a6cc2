"""The SDK classes that a launcher constructs, by canonical name."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from flake8_training.sagemaker.framework_versions import ESTIMATOR_FRAMEWORKS
from flake8_training.sagemaker.properties import STEP_CLASSES
from flake8_training.sagemaker.signatures import class_names, home, is_subclass

if TYPE_CHECKING:
    from flake8_training.engine.syntax.program import Program

ESTIMATOR_BASE: Final = "sagemaker.estimator.EstimatorBase"

FRAMEWORK_BASE: Final = "sagemaker.estimator.Framework"

MODEL_TRAINER: Final = "sagemaker.train.model_trainer.ModelTrainer"

PROCESSORS: Final = ("sagemaker.processing.Processor", "sagemaker.core.processing.Processor")
"""The base classes of processors."""

TRANSFORMERS: Final = ("sagemaker.transformer.Transformer", "sagemaker.core.transformer.Transformer")
"""The base classes of transformers."""

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

_BRINGING = _VARIABLES | {"ExecutionVariables"}

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


def brings_variables(program: Program) -> bool:
    """Return whether a program imports a class of pipeline variables, or takes one from a module that has it."""
    imported = [name for name, _ in program.imports if name.startswith("sagemaker")]
    last = {name.rpartition(".")[2] for name in imported}
    if not last.isdisjoint(_BRINGING):
        return True
    if any(name.startswith("sagemaker") for module in program.modules.values() for name in module.stars):
        return True
    return not last.isdisjoint(_HOLDING_VARIABLES) and any(program.attribute_loads(*_BRINGING))


def step_kind(name: str) -> str | None:
    """Return the kind of a step class ("Training"), or None if the class is not a step."""
    return STEP_CLASSES.get(name.rpartition(".")[2]) if name.startswith(_STEP_MODULES) else None


def framework_of(name: str) -> str | None:
    """Return the framework of an estimator class ("pytorch"), or None."""
    return ESTIMATOR_FRAMEWORKS.get(name.rpartition(".")[2])
