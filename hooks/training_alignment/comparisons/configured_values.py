"""Checks the training job that a configuration class's defaults define.

In scope are instances, versions and the entry point. If a builder passes ``self.config.framework_version`` to its
estimator, the field's default is checked. The launcher rules check the constants that the builder itself passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flake8_training.named_tuple import NamedTuple
from flake8_training.sagemaker.estimator_settings import JUDGES
from flake8_training.sagemaker.framework_versions import ESTIMATOR_FRAMEWORKS, version_pair
from flake8_training.sagemaker.instances import accelerator
from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.builder_model import Configuration
from training_alignment.artefacts.class_model import Field
from training_alignment.artefacts.tree import Name, Node, Place, Scalar, text_of
from training_alignment.comparisons.declared_checks import Declared
from training_alignment.comparisons.step_subject import StepUnderCheck

_SETTINGS = ("instance_type", "instance_count", "volume_size", "volume_size_in_gb", "max_run")
"""Settings of an estimator. A field configures one if its name is the setting's or ends with ``_`` and the setting's.

A field with another name is not checked.
"""
_IMAGES = ("image_uri", "compiler_config", "training_recipe", "distribution")


class EstimatorValue(NamedTuple):
    """A value that an estimator receives.

    ``place`` is the place of the value; ``is_default`` is whether it is the default of a field.
    """

    value: object
    place: Place
    is_default: bool


def configured_problems(subject: StepUnderCheck) -> Iterator[Declared]:
    """Yield the problems of rules TRN211, TRN405, TRN406 and TRN417 in the configuration class and the step file."""
    configuration = subject.reading.configuration
    if configuration is None:
        return
    yield from _named_fields(subject, configuration)
    if not subject.is_training:
        return
    yield from _instances(configuration)
    for class_name, arguments in _estimators(subject, configuration):
        yield from _versions(class_name, arguments)
        if not _is_missing_script(subject, arguments):
            yield from _entry_point(subject, arguments.get("entry_point"))


def _named_fields(subject: StepUnderCheck, configuration: Configuration) -> Iterator[Declared]:
    """Yield the fields that a step file names and that are misspellings of the class's fields."""
    step_file = subject.reading.step_file
    if step_file is None:
        return
    compute = step_file.compute or ()
    named = [text_of(entry.value) for entry in compute if entry.name.value.endswith("_field")]
    named.extend(argument.source for c in step_file.contracts for argument in c.job_arguments)
    for text in named:
        if text is not None and text.value.isidentifier() and configuration.declares_no(text.value):
            near = closest(text.value, sorted(configuration.names()))
            if near is not None:
                detail = f"{text.value} of {configuration.name}{did_you_mean(near)}"
                yield Declared("TRN417", text.place, detail)


def _instances(configuration: Configuration) -> Iterator[Declared]:
    for field in configuration.family.own.fields:
        name = field.name.value
        setting = next((s for s in _SETTINGS if name == s or name.endswith(f"_{s}")), None)
        value = _default(field)
        if setting is not None and value is not None and not field.private:
            reason = JUDGES[setting](value.value)
            if reason is not None:
                yield Declared("TRN211", value.place, f"{name}: {reason}")


def _estimators(
    subject: StepUnderCheck, configuration: Configuration
) -> Iterator[tuple[str, Mapping[str, EstimatorValue | None]]]:
    """Yield the class name and the arguments of each framework estimator of the step.

    An argument with an unknown value is None.
    """
    builder, step_file = subject.reading.builder, subject.reading.step_file
    if builder is not None:
        for built in builder.constructions():
            short = built.name.rpartition(".")[2]
            if short in ESTIMATOR_FRAMEWORKS and built.arguments.closed:
                yield short, {e.name.value: _argument_value(e.value, configuration) for e in built.arguments}
    elif step_file is not None and step_file.compute is not None:
        compute = step_file.compute
        declared = text_of(compute.get("sdk_class"))
        if declared is None or declared.value not in ESTIMATOR_FRAMEWORKS or "image_uri_field" in compute:
            return
        found: dict[str, EstimatorValue | None] = {}
        for argument in ("framework_version", "py_version"):
            field = text_of(compute.get(f"{argument}_field"))
            if field is not None:
                found[argument] = _default(configuration.field(field.value))
        yield declared.value, found


def _argument_value(node: Node, configuration: Configuration) -> EstimatorValue | None:
    """Return the value of an argument, or None if it is unknown."""
    if not isinstance(node, Scalar):
        return None
    if isinstance(node.value, Name):
        holder, _, name = node.value.dotted.rpartition(".")
        is_configuration = holder in ("self.config", "config", "self.configuration", "configuration")
        return _default(configuration.field(name)) if is_configuration else None
    return EstimatorValue(node.value, node.place, False) if node.known else None


def _default(field: Field | None) -> EstimatorValue | None:
    node = field.default if field is not None else None
    if not isinstance(node, Scalar) or not node.known or node.value is None:
        return None
    return EstimatorValue(node.value, node.place, True)


def _versions(class_name: str, arguments: Mapping[str, EstimatorValue | None]) -> Iterator[Declared]:
    version = arguments.get("framework_version")
    if version is None or not isinstance(version.value, str) or any(name in arguments for name in _IMAGES):
        return
    python = arguments.get("py_version")
    value = python.value if python is not None and isinstance(python.value, str) else None
    framework = ESTIMATOR_FRAMEWORKS[class_name]
    if framework == "huggingface" or (framework == "pytorch" and _may_be_neuron(arguments)):
        return
    named = (version, python, arguments.get("instance_type"))
    if not any(one is not None and one.is_default for one in named):
        return  # a launcher rule reports it in the builder's file
    judged = version_pair(framework, version.value, value)
    if judged.kind == "no_such_version":
        meant = did_you_mean(judged.nearest)
        yield Declared("TRN405", version.place, f"there is no image of {class_name} {version.value}{meant}")
    elif judged.kind == "wrong_python" and python is not None:
        detail = f"{class_name} {version.value} {judged.detail}, not {python.value}"
        yield Declared("TRN405", python.place, detail)


def _may_be_neuron(arguments: Mapping[str, EstimatorValue | None]) -> bool:
    """Return whether the job may run on Trainium or Inferentia, which have images of their own."""
    value = arguments.get("instance_type")
    if value is None:
        return "instance_type" in arguments
    return not isinstance(value.value, str) or accelerator(value.value) == "neuron"


def _is_missing_script(subject: StepUnderCheck, arguments: Mapping[str, EstimatorValue | None]) -> bool:
    """Return whether the builder names a constant entry point that is missing: a launcher rule reports that."""
    entry = arguments.get("entry_point")
    if entry is None or entry.is_default or ("source_dir" in arguments and arguments["source_dir"] is None):
        return False
    name = str(entry.value).rpartition("/")[2]
    files = subject.repository.discovery.repository.files
    return not any(path == name or path.endswith(f"/{name}") for path in files)


def _entry_point(subject: StepUnderCheck, value: EstimatorValue | None) -> Iterator[Declared]:
    """Yield the entry point if it is not the contract's."""
    contract = subject.contract
    declared = contract.entry_point if contract is not None else None
    if (
        value is None
        or declared is None
        or not isinstance(declared.value, str)
        or not isinstance(value.value, str)
    ):
        return
    configured, contracted = (text.rpartition("/")[2] for text in (value.value, declared.value))
    if (
        configured
        and contracted
        and configured != contracted
        and configured.endswith(".py")
        and contracted.endswith(".py")
    ):
        yield Declared("TRN406", value.place, f"{value.value}, and the contract's is {declared.value}")
