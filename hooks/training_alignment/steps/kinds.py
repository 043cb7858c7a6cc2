"""The kind of a step, and the reason for it.

The registry decides first, then the contract's class, the builder, the contract's paths and the specification.
"""

from __future__ import annotations

from collections.abc import Iterator

from training_alignment.artefacts.builder_model import Builder
from training_alignment.artefacts.contracts import shows_training
from training_alignment.artefacts.model import Contract, Specification, StepKind
from training_alignment.artefacts.step_types import KIND_OF_CLASS, job_of_type, kind_of_type
from training_alignment.artefacts.tree import Scalar
from training_alignment.scan.name_forms import stem, words
from training_alignment.steps.artefact_items import SpecificationItem, models
from training_alignment.steps.drafts import Draft
from training_alignment.steps.step import Role

_METHODS = {
    "_create_estimator": StepKind.TRAINING,
    "_create_processor": StepKind.PROCESSING,
    "_create_transformer": StepKind.TRANSFORM,
    "_create_tuner": StepKind.TUNING,
    "_create_model": StepKind.CREATE_MODEL,
}
_PROPERTIES = {
    "properties.ModelArtifacts": StepKind.TRAINING,
    "properties.OutputDataConfig": StepKind.TRAINING,
    "properties.ProcessingOutputConfig": StepKind.PROCESSING,
    "properties.TransformOutput": StepKind.TRANSFORM,
    "properties.BestTrainingJob": StepKind.TUNING,
    "properties.ModelName": StepKind.CREATE_MODEL,
}


def kind(draft: Draft) -> tuple[StepKind, str]:
    """Return the kind of a step, and the reason in words."""
    if draft.listed is not None and draft.listed.kind:
        return kind_of_type(draft.listed.kind), "listed in pyproject.toml"
    registered = draft.registration
    if registered is not None and registered.kind is not StepKind.UNKNOWN:
        step_type = registered.sagemaker_type.value if registered.sagemaker_type else registered.kind.value
        return registered.kind, f"registered as {step_type}"
    for item in draft.contracts:
        model = item.model
        if model is not None and model.class_name and model.kind is not StepKind.UNKNOWN:
            return model.kind, f"its contract is a {model.class_name}"
    builder = draft.builder.model if draft.builder is not None else None
    found = (
        (kind_of_builder(builder) if builder is not None else None)
        or _by_declared_type(draft)
        or _by_contract(draft)
        or _by_specification(draft)
    )
    return found or (StepKind.UNKNOWN, "nothing says")


def kind_of_builder(builder: Builder) -> tuple[StepKind, str] | None:
    """Return the kind of the step that a builder builds, by the SDK objects or the methods in it; None if unknown."""
    kinds = {
        KIND_OF_CLASS[last]
        for m in builder.constructions()
        if (last := m.name.rpartition(".")[2]) in KIND_OF_CLASS
    }
    if len(kinds) == 1:
        only = kinds.pop()
        return only, f"its builder makes a {next(n for n, k in KIND_OF_CLASS.items() if k is only)}"
    for body in builder.family.bodies[:1]:
        defined = {_METHODS[m.name.value] for m in body.methods if m.name.value in _METHODS}
        if len(defined) == 1:
            only = defined.pop()
            return only, f"its builder defines {next(n for n, k in _METHODS.items() if k is only)}"
    return None


def _by_declared_type(draft: Draft) -> tuple[StepKind, str] | None:
    """Return the kind that ``step_type`` declares beside the step's name; None if none does, or if two differ."""
    stated = {
        kind_of_type(text.value): text.value
        for model in _tables(draft)
        if (text := model.step_type) is not None
    }
    return (
        next(((kind, f"its step_type is {word}") for kind, word in stated.items()), None)
        if len(stated) == 1
        else None
    )


def _tables(draft: Draft) -> Iterator[Contract | Specification]:
    yield from models(draft.specifications)
    yield from models(draft.contracts)


def _by_contract(draft: Draft) -> tuple[StepKind, str] | None:
    contracts = models(draft.contracts)
    contracts.extend(draft.step_file.contracts[:1] if draft.step_file is not None else ())
    for model in contracts:
        if model.kind is StepKind.UNKNOWN:
            continue
        if (
            model.kind is StepKind.TRAINING
            and not shows_training(model)
            and not any(map(_estimator, draft.specifications))
        ):
            word = _other_job(draft)
            if word:
                # Paths alone are no proof: a container that serves or applies a model has some of them too.
                return StepKind.UNKNOWN, f"its paths are those of a training, its name says {word}"
        return model.kind, "its contract has the paths of such a job"
    return None


def _estimator(item: SpecificationItem) -> bool:
    model = item.model
    return model is not None and model.estimator is not None


_TRAINING_WORDS = frozenset({"train", "training", "trainer", "finetune", "finetuning"})
_OTHER_JOBS = frozenset(
    """
    create deploy deployment endpoint evaluate evaluation inference package packaging predict prediction preprocess
    preprocessing register registration serve serving transform
    """.split()
)
"""Words for what is no training. They never show a kind; they refute one that paths alone suggest."""
_TUNING_WORDS = frozenset({"hpo", "hyperparametertuning", "tune", "tuner", "tuning"})


def _words(draft: Draft) -> set[str]:
    """Return the words of the step's name, and of the names of its contracts and specifications."""
    names = [draft.name, *(item.name for item in draft.contracts)]
    names.extend(item.name for item in draft.specifications)
    names.extend(stem(part.path) for part in draft.parts if part.role in (Role.CONTRACT, Role.SPECIFICATION))
    return {word.lower() for name in names for word in words(name)}


def _other_job(draft: Draft) -> str:
    """Return a word of the step's name for something other than a training; empty if a word means training."""
    found = _words(draft)
    return "" if found & _TRAINING_WORDS else next(iter(sorted(found & _OTHER_JOBS)), "")


def _by_specification(draft: Draft) -> tuple[StepKind, str] | None:
    for model in models(draft.specifications):
        for output in model.outputs or ():
            path = output.value.property_path
            if isinstance(path, Scalar) and isinstance(path.value, str):
                for start, found in _PROPERTIES.items():
                    if path.value.startswith(start):
                        return found, f"its outputs are {start}"
        if model.estimator is not None:
            return StepKind.TRAINING, "its specification configures an estimator"
        types: set[object] = {t.value for t in model.listed_inputs or ()}
        types.update(d.value.type.value for d in model.dependencies or () if d.value.type is not None)
        jobs = {job for t in types if isinstance(t, str) and (job := job_of_type(t)) is not None}
        if jobs == {StepKind.TRAINING}:
            # A tuner takes the same inputs as the trainings that it starts.
            is_tuner = not (found_words := _words(draft)) & _TRAINING_WORDS and found_words & _TUNING_WORDS
            return StepKind.TUNING if is_tuner else StepKind.TRAINING, "its specification takes TrainingInput"
        if len(jobs) == 1:
            job = jobs.pop()
            return job, f"its specification takes {job}Input"
    return None
