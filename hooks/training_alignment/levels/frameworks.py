"""The framework that contract and builder declare, against those that the script imports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from training_alignment.artefacts.tree import Place
from training_alignment.levels.subject import StepSubject

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

_FITTING = {
    "huggingface": frozenset({"huggingface", "pytorch", "tensorflow"}),
    "pytorch": frozenset({"pytorch", "huggingface"}),
    "tensorflow": frozenset({"tensorflow", "huggingface"}),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A framework that an artefact declares."""

    framework: str
    place: Place


def declared_frameworks(subject: StepSubject) -> Iterator[Claim]:
    """What contract and builder declare, as far as it is a framework that is known."""
    contract, builder = subject.contract, subject.reading.builder
    given = contract.framework if contract is not None else None
    if given is not None and isinstance(given.value, str):
        known = _NAMES.get("".join(c for c in given.value.lower() if c.isalpha()))
        if known is not None:
            yield Claim(known, given.place)
    for made in builder.made() if builder is not None else ():
        framework = _ESTIMATORS.get(made.name)
        if framework is not None and made.arguments.get("image_uri") is None and made.arguments.closed:
            yield Claim(framework, made.place)


def compatible(declared: str, imported: set[str]) -> bool:
    """Whether a script with these imports may be of the declared framework."""
    return bool(_FITTING.get(declared, frozenset({declared})) & imported)
