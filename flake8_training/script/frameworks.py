"""Which frameworks a script trains with, and which it imports.

What trains decides, not what is imported: ``sklearn.metrics`` in an XGBoost script says nothing. A wrapper such as
a pipeline or a grid search trains with what is in it. Only a script whose training is out of sight is judged by
its imports.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.dataflow import Result, arguments
from flake8_training.libraries.rows import Library, Saves, Trains
from flake8_training.libraries.table import table

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

ORDER = ("xgboost", "pytorch", "tensorflow", "sklearn", "huggingface", "lightgbm", "mxnet", "other")
"""The names of frameworks, in the order in which they are listed."""

# Estimators of scikit-learn that train what they are given.
_WRAPPERS = tuple(
    f"{library}.{module}."
    for library in ("sklearn", "imblearn", "dask_ml", "skopt", "tune_sklearn")
    for module in ("pipeline", "model_selection", "multioutput", "multiclass", "calibration", "compose")
)
_VOTING = ("sklearn.ensemble.Voting", "sklearn.ensemble.Stacking", "skopt.BayesSearchCV")
# Those that most often prepare the data of another model.
_REDUCTIONS = (
    "sklearn.decomposition.",
    "sklearn.cluster.",
    "sklearn.manifold.",
    "sklearn.cross_decomposition.",
)
# Modules of scikit-learn that are used beside any framework.
_AUXILIARY = tuple(
    f"sklearn.{module}"
    for module in (
        "metrics",
        "model_selection",
        "preprocessing",
        "utils",
        "datasets",
        "impute",
        "compose",
        "feature_extraction",
        "feature_selection",
        "decomposition",
        "externals",
        "exceptions",
        "base",
        "pipeline",
    )
)
# Libraries of Hugging Face that train the models of others.
_CARRIERS = ("accelerate",)
_PARTS = ("Tokenizer", "TokenizerFast", "Config", "Processor", "Extractor", "Scheduler")
# What a library for several frameworks is imported for.
_BINDINGS = {
    "horovod.tensorflow": "tensorflow",
    "horovod.keras": "tensorflow",
    "horovod.torch": "pytorch",
    "horovod.mxnet": "mxnet",
    "smdistributed.dataparallel.tensorflow": "tensorflow",
    "smdistributed.dataparallel.torch": "pytorch",
    "smdistributed.modelparallel.tensorflow": "tensorflow",
    "smdistributed.modelparallel.torch": "pytorch",
}

_STARTS = frozenset(
    f"{module}.{name}"
    for module, names in (
        (
            "subprocess",
            ("run", "call", "check_call", "check_output", "Popen", "getoutput", "getstatusoutput"),
        ),
        ("os", ("system", "popen", "execv", "execvp", "execl", "execlp", "spawnv")),
    )
    for name in names
)
_COMMANDS = {"torchrun": "pytorch", "deepspeed": "pytorch"}
_SEPARATORS = re.compile(r"[\s/]+")


def frameworks(analysis: Analysis) -> tuple[str, ...]:
    """Return the frameworks that the script trains with; ``("other",)`` where nothing speaks for a known one."""
    found = trained(analysis)
    if found == {"other"}:
        found |= _saved(analysis)
    if not found:
        found = _with_pytorch(_likely(analysis)) or _started(analysis) or {"other"}
    return tuple(name for name in ORDER if name in found)


def trained(analysis: Analysis) -> set[str]:
    """Return the frameworks of the calls that train, as far as their library is known."""
    found: set[str] = set()
    reduced = vague = False
    for call, row in analysis.calls.having(Trains):
        if row.name.startswith("?"):
            vague = True
        elif any(name.startswith(_REDUCTIONS) for name in call.names):
            reduced = True
        else:
            found |= _of_training(analysis, call, row)
    if not found and vague:
        found = set(_likely(analysis))
    if not found and reduced:
        found.add("sklearn")
    if "pytorch" in found and _uses_pretrained(analysis):
        found.add("huggingface")
    return _with_pytorch(found)


def imported_frameworks(analysis: Analysis) -> dict[str, tuple[ast.stmt, str]]:
    """Return the frameworks that the program imports, each with the first import of it and the dotted name."""
    found: dict[str, tuple[ast.stmt, str]] = {}
    for dotted, node in analysis.program.imports:
        if dotted.startswith(".") or analysis.program.local(dotted) is not None:
            continue
        framework = _framework(dotted)
        if framework:
            found.setdefault(framework, (node, dotted))
    return found


def _of_training(analysis: Analysis, call: Call, row: Trains) -> set[str]:
    """Return the frameworks of one training: that of its row, and those of the libraries its object comes from."""
    matching = [name for name in call.names if row in table().match(name)]
    found = {row.framework}
    for name in matching:
        if name.startswith(_CARRIERS):
            continue
        library = table().library(name)
        if library is not None and library.framework:
            found.add(library.framework)
    if row.framework == "sklearn" and any(n.startswith(_WRAPPERS + _VOTING) for n in matching):
        found = _wrapped(analysis, call) or found
    return found


def _wrapped(analysis: Analysis, call: Call) -> set[str]:
    """Return the frameworks of the models in a wrapper that is fitted."""
    receiver = analysis.calls.receiver(call)
    if receiver is None:
        return set()
    found: set[str] = set()
    for origin in analysis.calls.origins(call, receiver):
        if not isinstance(origin, Result) or origin.name.startswith(_WRAPPERS + _VOTING + _REDUCTIONS):
            continue
        found.update(
            row.framework
            for row in table().match(f"{origin.name}.fit")
            if isinstance(row, Trains) and not row.name.startswith("?")
        )
    return found


def _uses_pretrained(analysis: Analysis) -> bool:
    """Return whether a model of Hugging Face's is made, whatever runs the loop."""
    for call in analysis.calls.all:
        for name in call.names:
            owner, _, method = name.rpartition(".")
            if method in ("from_pretrained", "from_config") and not owner.removesuffix("()").endswith(_PARTS):
                library = table().library(name)
                if library is not None and library.framework == "huggingface":
                    return True
    return False


def _likely(analysis: Analysis) -> set[str]:
    """Return the frameworks that the imports speak for, where the training is not in sight."""
    found = set(imported_frameworks(analysis))
    if len(found) > 1 and "sklearn" in found and _is_auxiliary(analysis):
        found.discard("sklearn")
    return found


def _is_auxiliary(analysis: Analysis) -> bool:
    """Return whether scikit-learn is imported only for what goes with any framework."""
    return all(
        dotted.startswith(_AUXILIARY)
        for dotted, _ in analysis.program.imports
        if _framework(dotted) == "sklearn"
    )


def _with_pytorch(found: set[str]) -> set[str]:
    """Hugging Face trains PyTorch's models, unless they are said to be TensorFlow's."""
    return found | {"pytorch"} if "huggingface" in found and "tensorflow" not in found else found


def _saved(analysis: Analysis) -> set[str]:
    """Return the frameworks in whose form the model is saved: a model of JAX may be saved as one of TensorFlow."""
    return {row.framework for _, row in analysis.calls.having(Saves) if row.what == "model" and row.framework}


def _started(analysis: Analysis) -> set[str]:
    """Return the frameworks that the command lines of started programs name: ``torchrun``, ``/tensorpack/train.py``."""
    found: set[str] = set()
    for call in analysis.calls.all:
        if not any(name in _STARTS for name in call.names):
            continue
        for argument in arguments(call.node):
            for place in analysis.roots(call, argument):
                for word in _SEPARATORS.split(place.path):
                    found.add(_COMMANDS.get(word) or _framework(word))
    return _with_pytorch(found - {""})


def _framework(dotted: str) -> str:
    """Return the framework that importing a dotted name speaks for, or ""."""
    for prefix, framework in _BINDINGS.items():
        if dotted == prefix or dotted.startswith(f"{prefix}."):
            return framework
    library: Library | None = table().library(dotted)
    return library.framework if library is not None else ""
