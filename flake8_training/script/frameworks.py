"""The frameworks that a script trains with, and those that it imports.

The training calls decide, not the imports: ``sklearn.metrics`` in an XGBoost script is no evidence. A wrapper such as
a pipeline or a grid search trains with the models inside it. The imports decide only if no training call is known.
"""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.dataflow import Result, arguments
from flake8_training.engine.values.values import Reference
from flake8_training.libraries.families import FAMILIES
from flake8_training.libraries.rows import Library, Saves, Trains
from flake8_training.libraries.table import table
from flake8_training.pattern import pattern

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

_WITHOUT_TRAINING = frozenset({"files", "arrays", "model_formats"})
"""The modules of rows for libraries that train nothing."""

ORDER = ("xgboost", "pytorch", "tensorflow", "sklearn", "huggingface", "lightgbm", "mxnet", "other")
"""The names of frameworks, in the order in which they are listed."""

# Estimators of scikit-learn that train the models passed to them.
_WRAPPERS = tuple(
    f"{library}.{module}."
    for library in ("sklearn", "imblearn", "dask_ml", "skopt", "tune_sklearn")
    for module in ("pipeline", "model_selection", "multioutput", "multiclass", "calibration", "compose")
)
_VOTING = ("sklearn.ensemble.Voting", "sklearn.ensemble.Stacking", "skopt.BayesSearchCV")
# Estimators of scikit-learn that usually prepare the data of another model.
_REDUCTIONS = (
    "sklearn.decomposition.",
    "sklearn.cluster.",
    "sklearn.manifold.",
    "sklearn.cross_decomposition.",
)
# Modules of scikit-learn that scripts of any framework use.
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
# Modules of libraries for several frameworks, and the framework that each is for.
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
_SEPARATORS = pattern(r"[\s/]+")


def frameworks(analysis: Analysis) -> tuple[str, ...]:
    """Return the frameworks that the script trains with; ``("other",)`` if there is no evidence of a known one."""
    found = trained(analysis)
    if found == {"other"}:
        found |= _saved(analysis)
    if not found:
        found = _with_pytorch(_likely(analysis)) or _started(analysis) or {"other"}
    return tuple(name for name in ORDER if name in found)


def trained(analysis: Analysis) -> set[str]:
    """Return the frameworks of the training calls whose library is known."""
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


def may_train(analysis: Analysis) -> bool:
    """Return whether the program imports a library that trains or that is unknown, or does nothing at all."""
    if not analysis.calls.all:
        return True
    for dotted, _ in analysis.program.imports:
        top = dotted.partition(".")[0]
        if not top or top in sys.stdlib_module_names or analysis.program.local(dotted) is not None:
            continue
        if FAMILIES.get(top, "") not in _WITHOUT_TRAINING:
            return True
    return False


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


def trains_instead(analysis: Analysis, framework: str) -> Call | None:
    """Return the training of what is saved, if the script imports ``framework`` and trains with scikit-learn alone.

    None if it calls anything of the framework, or uses anything of it but its ``__version__``: its models may be
    trained through another library, or compute features.
    """
    if framework == "sklearn" or framework not in imported_frameworks(analysis):
        return None
    trainings = list(analysis.calls.having(Trains))
    if not trainings or trained(analysis) != {"sklearn"}:
        return None
    if any(row.name.startswith("?") or call.unknown for call, row in trainings):
        return None
    if analysis.calls.first_opaque_call("trains") is not None or analysis.is_dynamic:
        return None
    if any(_framework(name) == framework for call in analysis.calls.all for name in call.names):
        return None
    for node, scope in analysis.live_attribute_loads():
        if node.attr.startswith("__"):
            continue
        for value in analysis.evaluator.values(node, scope):
            if isinstance(value, Reference) and _framework(value.name) == framework:
                return None
    return trainings[0][0]


def _of_training(analysis: Analysis, call: Call, row: Trains) -> set[str]:
    """Return the frameworks of one training: that of its row, and those of the libraries that define its object."""
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
    """Return the frameworks of the models inside a fitted wrapper."""
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
    """Return whether the program loads a Hugging Face model, with any training loop."""
    for call in analysis.calls.all:
        for name in call.names:
            owner, _, method = name.rpartition(".")
            if method in ("from_pretrained", "from_config") and not owner.removesuffix("()").endswith(_PARTS):
                library = table().library(name)
                if library is not None and library.framework == "huggingface":
                    return True
    return False


def _likely(analysis: Analysis) -> set[str]:
    """Return the frameworks that the imports suggest, for a script without a known training call."""
    found = set(imported_frameworks(analysis))
    if len(found) > 1 and "sklearn" in found and _is_auxiliary(analysis):
        found.discard("sklearn")
    return found


def _is_auxiliary(analysis: Analysis) -> bool:
    """Return whether the program imports only those parts of scikit-learn that scripts of any framework use."""
    return all(
        dotted.startswith(_AUXILIARY)
        for dotted, _ in analysis.program.imports
        if _framework(dotted) == "sklearn"
    )


def _with_pytorch(found: set[str]) -> set[str]:
    """Return the frameworks with PyTorch added to Hugging Face, unless TensorFlow is among them."""
    return found | {"pytorch"} if "huggingface" in found and "tensorflow" not in found else found


def _saved(analysis: Analysis) -> set[str]:
    """Return the frameworks of the formats in which the model is saved: JAX may save in TensorFlow's format."""
    return {row.framework for _, row in analysis.calls.having(Saves) if row.what == "model" and row.framework}


def _started(analysis: Analysis) -> set[str]:
    """Return the frameworks in the command lines of started processes: ``torchrun``, ``/tensorpack/train.py``."""
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
    """Return the framework that the import of a dotted name suggests, or ""."""
    for prefix, framework in _BINDINGS.items():
        if dotted == prefix or dotted.startswith(f"{prefix}."):
            return framework
    library: Library | None = table().library(dotted)
    return library.framework if library is not None else ""
