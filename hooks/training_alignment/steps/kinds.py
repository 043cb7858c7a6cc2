"""The kind of a step, and the reason for it.

The registry decides first, then the contract's class, the builder, the contract's paths and the specification.
"""

from __future__ import annotations

from training_alignment.artefacts.builder_model import Builder
from training_alignment.artefacts.model import StepKind
from training_alignment.artefacts.step_types import kind_of_type
from training_alignment.artefacts.tree import Scalar
from training_alignment.steps.drafts import Draft

_METHODS = {
    "_create_estimator": StepKind.TRAINING,
    "_create_processor": StepKind.PROCESSING,
    "_create_transformer": StepKind.TRANSFORM,
    "_create_tuner": StepKind.TUNING,
    "_create_model": StepKind.CREATE_MODEL,
}
_STEPS = {
    "TrainingStep": StepKind.TRAINING,
    "ProcessingStep": StepKind.PROCESSING,
    "TransformStep": StepKind.TRANSFORM,
    "TuningStep": StepKind.TUNING,
    "CreateModelStep": StepKind.CREATE_MODEL,
    "ModelStep": StepKind.CREATE_MODEL,
    "LambdaStep": StepKind.LAMBDA,
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
        if item.model is not None and item.model.class_name and item.model.kind is not StepKind.UNKNOWN:
            return item.model.kind, f"its contract is a {item.model.class_name}"
    builder = draft.builder.model if draft.builder is not None else None
    found = (
        (kind_of_builder(builder) if builder is not None else None)
        or _by_contract(draft)
        or _by_specification(draft)
    )
    return found or (StepKind.UNKNOWN, "nothing says")


def kind_of_builder(builder: Builder) -> tuple[StepKind, str] | None:
    """Return the kind of the step that a builder builds, by the SDK objects or the methods in it; None if unknown."""
    kinds = {_STEPS[last] for m in builder.made() if (last := m.name.rpartition(".")[2]) in _STEPS}
    if len(kinds) == 1:
        only = kinds.pop()
        return only, f"its builder makes a {next(n for n, k in _STEPS.items() if k is only)}"
    for body in builder.family.bodies[:1]:
        defined = {_METHODS[m.name.value] for m in body.methods if m.name.value in _METHODS}
        if len(defined) == 1:
            only = defined.pop()
            return only, f"its builder defines {next(n for n, k in _METHODS.items() if k is only)}"
    return None


def _by_contract(draft: Draft) -> tuple[StepKind, str] | None:
    models = [item.model for item in draft.contracts if item.model is not None]
    models.extend(draft.step_file.contracts[:1] if draft.step_file is not None else ())
    for model in models:
        if model.kind is not StepKind.UNKNOWN:
            return model.kind, "its contract has the paths of such a job"
    return None


def _by_specification(draft: Draft) -> tuple[StepKind, str] | None:
    models = [item.model for item in draft.specifications if item.model is not None]
    for model in models:
        for output in model.outputs or ():
            path = output.value.property_path
            if isinstance(path, Scalar) and isinstance(path.value, str):
                for start, found in _PROPERTIES.items():
                    if path.value.startswith(start):
                        return found, f"its outputs are {start}"
        types: set[object] = {t.value for t in model.listed_inputs or ()}
        types.update(d.value.type.value for d in model.dependencies or () if d.value.type is not None)
        if model.estimator is not None or "TrainingInput" in types:
            return StepKind.TRAINING, "its specification configures an estimator"
        if "ProcessingInput" in types:
            return StepKind.PROCESSING, "its specification has processing inputs"
    return None
