"""The framework that a contract declares, against what the script imports and which estimator the builder makes."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.record import Record
from flake8_training.sagemaker.framework_versions import ESTIMATOR_FRAMEWORKS
from training_alignment.artefacts.model import Contract
from training_alignment.artefacts.tree import Place
from training_alignment.comparisons.requirements_packages import normal
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
"""Estimators whose image is for one framework only."""

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
"""Distributions that are a framework."""

_GENERAL = frozenset({"pytorch", "sklearn"})
"""Frameworks whose images are taken for others that have no estimator of their own."""

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
    """What contract and builder declare, as far as it is a framework that is known.

    An estimator that is not of the contract's framework is told of as such, whatever the script imports.
    """
    contract, builder = subject.contract, subject.reading.builder
    given = contract.framework if contract is not None else None
    if given is not None and isinstance(given.value, str):
        known = known_framework(given.value)
        if known is not None:
            yield Claim(known, given.place)
    strange = {place for place, _, _ in strange_estimators(subject)}
    for made in builder.made() if builder is not None else ():
        if made.place in strange:
            continue
        framework = _ESTIMATORS.get(made.name)
        if framework is not None and made.arguments.get("image_uri") is None and made.arguments.closed:
            yield Claim(framework, made.place)


def strange_estimators(subject: StepUnderCheck) -> Iterator[tuple[Place, str, bool]]:
    """Yield the estimators of the builder whose class is for another framework than the contract's.

    The last says whether it is certain: PyTorch's and scikit-learn's images are taken for other frameworks too, where
    the contract does not name its own but only requires it.
    """
    contract, builder = subject.contract, subject.reading.builder
    if contract is None or builder is None:
        return
    declared = frameworks_of(contract)
    # Scripts of every framework use scikit-learn besides: that it is required says little.
    beside = {"sklearn"} if contract.framework is None else set()
    if not declared - beside:
        return
    for made in builder.made():
        own = ESTIMATOR_FRAMEWORKS.get(made.name.rpartition(".")[2])
        if own is None or not made.arguments.closed or "image_uri" in made.arguments:
            continue
        if own in declared or any(own in _FITTING.get(one, ()) for one in declared):
            continue
        if own in _GENERAL and not (declared - beside) & set(ESTIMATOR_FRAMEWORKS.values()):
            continue
        yield (
            made.place,
            f"{made.name.rpartition('.')[2]}, the contract is of {' and '.join(sorted(declared - beside))}",
            own not in _GENERAL or contract.framework is not None,
        )


def frameworks_of(contract: Contract) -> frozenset[str]:
    """The framework that a contract names, or those among the packages that it requires."""
    given = contract.framework
    if given is not None:
        known = known_framework(given.value) if isinstance(given.value, str) else None
        return frozenset({known} if known is not None else ())
    required = contract.requirements
    if required is None or not required.closed:
        return frozenset()
    return frozenset(_PACKAGES[name] for name in map(normal, required.names) if name in _PACKAGES)


def known_framework(name: str) -> str | None:
    """The framework that a name means, however it is written (``Scikit-Learn``); None for another."""
    return _NAMES.get("".join(c for c in name.lower() if c.isalpha()))


def compatible(declared: str, imported: set[str]) -> bool:
    """Whether a script with these imports may be of the declared framework."""
    return bool(_FITTING.get(declared, frozenset({declared})) & imported)
