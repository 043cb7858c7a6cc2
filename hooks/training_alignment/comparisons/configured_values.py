"""What the defaults of a configuration class make of a training job: instances, versions, the entry point.

A builder that gives its estimator ``self.config.framework_version`` is judged by that field's default; a job that is
started with the defaults fails by them. What the builder writes down itself is told by the rules over launchers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flake8_training.sagemaker.estimator_settings import JUDGES
from flake8_training.sagemaker.framework_versions import ESTIMATOR_FRAMEWORKS, version_pair
from flake8_training.sagemaker.instances import accelerator
from flake8_training.spelling import closest
from training_alignment.artefacts.builder_model import Configuration
from training_alignment.artefacts.class_model import Field
from training_alignment.artefacts.tree import Name, Node, Place, Scalar, text_of
from training_alignment.comparisons.declared_checks import Declared
from training_alignment.comparisons.step_subject import StepUnderCheck

_OF_FIELDS = ("instance_type", "instance_count", "volume_size", "volume_size_in_gb", "max_run")
"""What a field configures whose name is one of these, or ends with one after an underscore."""
_IMAGES = ("image_uri", "compiler_config", "training_recipe", "distribution")


class Given(NamedTuple):
    """A value that an estimator gets, and whether it is the default of a field."""

    value: object
    place: Place
    is_default: bool


def configured_problems(subject: StepUnderCheck) -> Iterator[Declared]:
    """What rules TRN211, TRN405, TRN406 and TRN417 say of the configuration class and who names its fields."""
    configuration = subject.reading.configuration
    if configuration is None:
        return
    yield from _named_fields(subject, configuration)
    if not subject.is_training:
        return
    yield from _instances(configuration)
    for class_name, arguments in _estimators(subject, configuration):
        yield from _versions(class_name, arguments)
        if not _is_looked_for(subject, arguments):
            yield from _entry_point(subject, arguments.get("entry_point"))


def _named_fields(subject: StepUnderCheck, configuration: Configuration) -> Iterator[Declared]:
    """The fields that a step file names for its builder, and that are slips of the class's own."""
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
                detail = f"{text.value} of {configuration.name}, did you mean {near}?"
                yield Declared("TRN417", text.place, detail)


def _instances(configuration: Configuration) -> Iterator[Declared]:
    for field in configuration.family.own.fields:
        name = field.name.value
        setting = next((s for s in _OF_FIELDS if name == s or name.endswith(f"_{s}")), None)
        given = _default(field)
        if setting is not None and given is not None and not field.private:
            reason = JUDGES[setting](given.value)
            if reason is not None:
                yield Declared("TRN211", given.place, f"{name}: {reason}")


def _estimators(
    subject: StepUnderCheck, configuration: Configuration
) -> Iterator[tuple[str, Mapping[str, Given | None]]]:
    """The frameworks' estimators that the step is made with, by class, with the arguments that are given.

    An argument whose value is not known is None.
    """
    builder, step_file = subject.reading.builder, subject.reading.step_file
    if builder is not None:
        for made in builder.made():
            short = made.name.rpartition(".")[2]
            if short in ESTIMATOR_FRAMEWORKS and made.arguments.closed:
                yield short, {e.name.value: _given(e.value, configuration) for e in made.arguments}
    elif step_file is not None and step_file.compute is not None:
        compute = step_file.compute
        stated = text_of(compute.get("sdk_class"))
        if stated is None or stated.value not in ESTIMATOR_FRAMEWORKS or "image_uri_field" in compute:
            return
        found: dict[str, Given | None] = {}
        for argument in ("framework_version", "py_version"):
            field = text_of(compute.get(f"{argument}_field"))
            if field is not None:
                found[argument] = _default(configuration.field(field.value))
        yield stated.value, found


def _given(node: Node, configuration: Configuration) -> Given | None:
    """What an argument is; None where it is not known."""
    if not isinstance(node, Scalar):
        return None
    if isinstance(node.value, Name):
        holder, _, name = node.value.dotted.rpartition(".")
        is_configuration = holder in ("self.config", "config", "self.configuration", "configuration")
        return _default(configuration.field(name)) if is_configuration else None
    return Given(node.value, node.place, False) if node.known else None


def _default(field: Field | None) -> Given | None:
    node = field.default if field is not None else None
    if not isinstance(node, Scalar) or not node.known or node.value is None:
        return None
    return Given(node.value, node.place, True)


def _versions(class_name: str, arguments: Mapping[str, Given | None]) -> Iterator[Declared]:
    version = arguments.get("framework_version")
    if version is None or not isinstance(version.value, str) or any(name in arguments for name in _IMAGES):
        return
    python = arguments.get("py_version")
    given = python.value if python is not None and isinstance(python.value, str) else None
    framework = ESTIMATOR_FRAMEWORKS[class_name]
    if framework == "huggingface" or (framework == "pytorch" and _may_be_neuron(arguments)):
        return
    named = (version, python, arguments.get("instance_type"))
    if not any(one is not None and one.is_default for one in named):
        return  # the builder's own file tells
    judged = version_pair(framework, version.value, given)
    if judged.kind == "no_such_version":
        meant = f", did you mean {judged.nearest}?" if judged.nearest else ""
        yield Declared("TRN405", version.place, f"there is no image of {class_name} {version.value}{meant}")
    elif judged.kind == "wrong_python" and python is not None:
        detail = f"{class_name} {version.value} {judged.detail}, not {python.value}"
        yield Declared("TRN405", python.place, detail)


def _may_be_neuron(arguments: Mapping[str, Given | None]) -> bool:
    """Whether the job may run on Trainium or Inferentia, whose images are others."""
    given = arguments.get("instance_type")
    if given is None:
        return "instance_type" in arguments
    return not isinstance(given.value, str) or accelerator(given.value) == "neuron"


def _is_looked_for(subject: StepUnderCheck, arguments: Mapping[str, Given | None]) -> bool:
    """Whether the builder itself says where its entry point is, and it is not there: told of the launcher."""
    entry = arguments.get("entry_point")
    if entry is None or entry.is_default or ("source_dir" in arguments and arguments["source_dir"] is None):
        return False
    name = str(entry.value).rpartition("/")[2]
    files = subject.repository.discovery.repository.files
    return not any(path == name or path.endswith(f"/{name}") for path in files)


def _entry_point(subject: StepUnderCheck, given: Given | None) -> Iterator[Declared]:
    """An entry point that is another than the contract's, whose script is there."""
    contract = subject.contract
    stated = contract.entry_point if contract is not None else None
    if (
        given is None
        or stated is None
        or not isinstance(stated.value, str)
        or not isinstance(given.value, str)
    ):
        return
    mine, theirs = (text.rpartition("/")[2] for text in (given.value, stated.value))
    if mine and theirs and mine != theirs and mine.endswith(".py") and theirs.endswith(".py"):
        yield Declared("TRN406", given.place, f"{given.value}, and the contract's is {stated.value}")
