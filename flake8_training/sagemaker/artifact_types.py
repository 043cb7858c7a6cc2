"""Words for types of inputs and outputs, and what each stands for.

Artefacts name a class of the SDK (``TrainingInput``, ``ProcessingOutput``), which shows the job, or a kind of artifact
(``model_artifacts``, ``training_data``), which shows the content. Source of the classes: ``sagemaker.inputs`` and
``sagemaker.processing`` (sagemaker 2.257); of the kinds: the common enumerations of dependency types. A word that is
not here is compared by its spelling only.
"""

from __future__ import annotations

from flake8_training.pattern import pattern

MODEL = "model_artifacts"
PROPERTY = "custom_property"
HYPERPARAMETERS = "hyperparameters"
_DATA_KINDS = ("processing_output", "training_data", "payload_samples", "evaluation_output")

_MODEL, _DATA = "model", "data"

_CONTENT = {
    MODEL: _MODEL,
    "model_artifact": _MODEL,
    "modelartifacts": _MODEL,
    **dict.fromkeys(_DATA_KINDS, _DATA),
    HYPERPARAMETERS: HYPERPARAMETERS,
    PROPERTY: PROPERTY,
    "processingoutput": _DATA,
    "transformoutput": _DATA,
    "transforminput": _DATA,
}
"""The content that each word stands for, in lower case. ``TrainingInput`` and ``ProcessingInput`` take any content."""

_JOB = pattern(r"(Training|Processing|Transform|Tuning|CreateModel)(?:Input|Output)")


def plain_type(word: str) -> str:
    """Return a word for comparison: lower case, with ``_`` for ``-``."""
    return word.replace("-", "_").lower()


def job_of_type(word: str) -> str | None:
    """Return the job whose class a type is (``Processing`` for ``ProcessingInput``); None for another word."""
    match = _JOB.fullmatch(word)
    return match[1] if match is not None else None


def content_of_type(word: str) -> str | None:
    """Return what a type stands for: "model", "data" or another content; None if it is open or unknown."""
    return _CONTENT.get(plain_type(word))


def is_class(word: str) -> bool:
    """Return whether a type is written like a class of the SDK rather than a kind of artifact."""
    return word[:1].isupper()


def same_type(one: str, other: str, job: str | None = None) -> bool | None:
    """Return whether two types of one port agree; None if they cannot be compared.

    Two classes, or two kinds, are compared as written. A class and a kind are compared by content, except in the
    class's own job: a processing ``job`` may write a model as ``ProcessingOutput``.
    """
    if plain_type(one) == plain_type(other):
        return True
    if is_class(one) == is_class(other):
        return False
    contents = content_of_type(one), content_of_type(other)
    if None in contents:
        return None
    if contents[0] == contents[1]:
        return True
    cls = one if is_class(one) else other
    return None if job is not None and job_of_type(cls) == job else False


def type_fits(wanted: str, offered: str) -> bool | None:
    """Return whether an output of one type can be an input of another; None if a type is open or unknown.

    All types of data files fit each other. A model and a plain property fit only their own type.
    """
    if plain_type(wanted) == plain_type(offered):
        return True
    one, other = content_of_type(wanted), content_of_type(offered)
    if one is None or other is None:
        return None
    if one == HYPERPARAMETERS:
        one = other if other in (PROPERTY, HYPERPARAMETERS) else _DATA
    if other == HYPERPARAMETERS:
        other = _DATA
    return one == other
