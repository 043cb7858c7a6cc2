"""Compares a contract's framework with the script's imports and the builder's estimator."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.libraries.distributions import normal
from flake8_training.record import Record
from flake8_training.sagemaker.framework_versions import ESTIMATOR_FRAMEWORKS
from flake8_training.spelling import closest
from training_alignment.artefacts.model import Contract, Text
from training_alignment.artefacts.tree import Located, Place, all_closed
from training_alignment.comparisons.step_subject import StepUnderCheck

_NAMES = {
    "xgboost": "xgboost",
    "xgb": "xgboost",
    "pytorch": "pytorch",
    "torch": "pytorch",
    "sklearn": "sklearn",
    "scikitlearn": "sklearn",
    "tensorflow": "tensorflow",
    "keras": "tensorflow",
    "huggingface": "huggingface",
    "transformers": "huggingface",
    "lightgbm": "lightgbm",
    "mxnet": "mxnet",
}
_ESTIMATORS = {
    "sagemaker.xgboost.XGBoost": "xgboost",
    "sagemaker.xgboost.estimator.XGBoost": "xgboost",
    "sagemaker.tensorflow.TensorFlow": "tensorflow",
    "sagemaker.tensorflow.estimator.TensorFlow": "tensorflow",
    "sagemaker.huggingface.HuggingFace": "huggingface",
    "sagemaker.huggingface.estimator.HuggingFace": "huggingface",
    "sagemaker.mxnet.MXNet": "mxnet",
    "sagemaker.mxnet.estimator.MXNet": "mxnet",
}
"""Estimators whose image is for one framework only. Any other class makes no claim."""

_PACKAGES = {
    "xgboost": "xgboost",
    "torch": "pytorch",
    "pytorch-lightning": "pytorch",
    "lightning": "pytorch",
    "tensorflow": "tensorflow",
    "tensorflow-cpu": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "keras": "tensorflow",
    "mxnet": "mxnet",
    "transformers": "huggingface",
    "lightgbm": "lightgbm",
    "scikit-learn": "sklearn",
}
"""Distributions that are a framework. Any other package declares no framework."""

_GENERAL = frozenset({"pytorch", "sklearn"})
"""Frameworks whose images also run scripts of frameworks without an estimator of their own."""

_FITTING = {
    "huggingface": frozenset({"huggingface", "pytorch", "tensorflow"}),
    "pytorch": frozenset({"pytorch", "huggingface"}),
    "tensorflow": frozenset({"tensorflow", "huggingface"}),
}


class Claim(Record):
    """A framework that an artefact declares."""

    framework: str
    place: Place


def declared_frameworks(subject: StepUnderCheck) -> Iterator[Claim]:
    """Yield the known frameworks that the contract and the builder declare.

    An estimator of another framework than the contract's is left out: ``strange_estimators`` yields it.
    """
    contract, builder = subject.contract, subject.reading.builder
    named = contract.framework if contract is not None else None
    if named is not None and isinstance(named.value, str):
        known = known_framework(named.value)
        if known is not None:
            yield Claim(known, named.place)
    strange = {place for place, _, _ in strange_estimators(subject)}
    for built in builder.constructions() if builder is not None else ():
        if built.place in strange:
            continue
        framework = _ESTIMATORS.get(built.name)
        if framework is not None and built.arguments.get("image_uri") is None and built.arguments.closed:
            yield Claim(framework, built.place)


def strange_estimators(subject: StepUnderCheck) -> Iterator[tuple[Place, str, bool]]:
    """Yield the builder's estimators of another framework than the contract's: place, detail, whether it is certain.

    It is uncertain for PyTorch and scikit-learn, whose images also run other frameworks, if the contract names no
    framework and only requires its package.
    """
    contract, builder = subject.contract, subject.reading.builder
    if contract is None or builder is None:
        return
    declared = frameworks_of(contract)
    # Scripts of every framework also use scikit-learn: a requirement of it does not declare the framework.
    beside = {"sklearn"} if contract.framework is None else set()
    if not declared - beside:
        return
    for built in builder.constructions():
        own = ESTIMATOR_FRAMEWORKS.get(built.name.rpartition(".")[2])
        if own is None or "image_uri" in built.arguments or not all_closed(built.arguments):
            continue
        if own in declared or any(own in _FITTING.get(one, ()) for one in declared):
            continue
        if own in _GENERAL and not (declared - beside) & set(ESTIMATOR_FRAMEWORKS.values()):
            continue
        yield (
            built.place,
            f"{built.name.rpartition('.')[2]}, the contract is of {' and '.join(sorted(declared - beside))}",
            own not in _GENERAL or contract.framework is not None,
        )


def frameworks_of(contract: Contract) -> frozenset[str]:
    """Return the framework that a contract names, or the frameworks among its required packages."""
    named = contract.framework
    if named is not None:
        known = known_framework(named.value) if isinstance(named.value, str) else None
        return frozenset({known} if known is not None else ())
    required = contract.requirements
    if required is None or not required.closed:
        return frozenset()
    return frozenset(_PACKAGES[name] for name in map(normal, required.names) if name in _PACKAGES)


def known_framework(name: str) -> str | None:
    """Return the framework of a name in any spelling (``Scikit-Learn``), or None if the name is unknown."""
    return _NAMES.get("".join(c for c in name.lower() if c.isalpha()))


def misspelt_framework(contract: Contract) -> tuple[Text, str] | None:
    """Return the contract's framework and the name that it misspells; None if it is known, or is no misspelling."""
    named = contract.framework
    if named is None or not isinstance(named.value, str) or known_framework(named.value) is not None:
        return None
    near = closest("".join(c for c in named.value.lower() if c.isalpha()), [*_NAMES])
    return (Located(named.value, named.place), near) if near is not None else None


def compatible(declared: str, imported: set[str]) -> bool:
    """Return whether a script with these imports may be of the declared framework."""
    return bool(_FITTING.get(declared, frozenset({declared})) & imported)
