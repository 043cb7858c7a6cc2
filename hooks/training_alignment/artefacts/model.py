"""The common model of all formats: contract, specification, flow, builder, configuration.

A field that is None was not declared. A value that is unknown is `UNKNOWN`. A table or list that may have unseen
entries is not ``closed``; no rule may report an entry as missing from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flake8_training.named_tuple import NamedTuple
from training_alignment.artefacts.class_model import ClassBody
from training_alignment.artefacts.tree import Listing, Located, Node, Place, Scalar, Table

Text = Located[str]


class StepKind(StrEnum):
    """The job that SageMaker runs for a step.

    ``OTHER`` is a kind that SageMaker does not have, ``UNKNOWN`` is undeclared.
    """

    TRAINING = "Training"
    PROCESSING = "Processing"
    TUNING = "Tuning"
    TRANSFORM = "Transform"
    CREATE_MODEL = "CreateModel"
    REGISTER_MODEL = "RegisterModel"
    LAMBDA = "Lambda"
    OTHER = "other"
    UNKNOWN = "unknown"


class Format(StrEnum):
    """The form in which an artefact is written."""

    TABLE = "table"
    """A dict literal, or the same as YAML or JSON."""
    CALL = "call"
    """A call of a contract or specification class."""
    STEP_FILE = "step file"
    """A section of a ``*.step.yaml``."""


class Port(NamedTuple):
    """An input or output of a contract. ``path`` is its path in the container, ``location`` the place outside."""

    name: Text
    place: Place
    path: Scalar | None = None
    location: Scalar | None = None
    type: Scalar | None = None
    required: Scalar | None = None
    channels: Listing[Node] | None = None
    node: Node | None = None


class JobArgument(NamedTuple):
    """A command-line argument whose value comes from a configuration field (``source``)."""

    flag: Text
    source: Text | None


class Contract(NamedTuple):
    """The inputs and outputs that a script declares.

    - ``name``: the constant it is bound to; empty in YAML and JSON.
    - ``required_variables``: environment variables that the script must read.
    - ``optional_variables``: environment variables with defaults.
    - ``variables``: environment variables with values (``environment_variables``).
    - ``raw``: everything as written, including keys that the model does not have.
    """

    name: str
    place: Place
    format: Format
    raw: Table[Node]
    class_name: str = ""
    kind: StepKind = StepKind.UNKNOWN
    step_name: Text | None = None
    step_type: Text | None = None
    entry_point: Scalar | None = None
    source_dir: Scalar | None = None
    inputs: Table[Port] | None = None
    outputs: Table[Port] | None = None
    arguments: Table[Node] | None = None
    job_arguments: tuple[JobArgument, ...] = ()
    required_variables: Listing[Text] | None = None
    optional_variables: Table[Node] | None = None
    variables: Table[Node] | None = None
    hyperparameters: Table[Node] | None = None
    requirements: Table[Node] | None = None
    framework: Scalar | None = None
    skipped_inputs: Listing[Text] | None = None

    @property
    def path(self) -> str:
        return self.place.path


class Dependency(NamedTuple):
    """An input of a specification, and the steps that may produce it."""

    name: Text
    place: Place
    type: Scalar | None = None
    required: Scalar | None = None
    compatible_sources: Listing[Text] | None = None
    semantic_keywords: Listing[Text] | None = None
    data_type: Scalar | None = None
    node: Node | None = None


class Output(NamedTuple):
    """An output of a specification."""

    name: Text
    place: Place
    type: Scalar | None = None
    property_path: Scalar | None = None
    aliases: Listing[Text] | None = None
    data_type: Scalar | None = None
    node: Node | None = None


class Bound(NamedTuple):
    """A name of another file: a specification's contract, a builder's specification, contract or configuration.

    ``name`` is its name in that file. ``path`` is the file; it is None outside the repository.
    """

    name: str
    module: str
    path: str | None
    place: Place


class Flow(NamedTuple):
    """The inputs that a step takes from other steps, and its consumers.

    ``subject`` is ``dependencies``, ``training_pipeline_flow`` or ``model_artifact_flow``. ``consumers`` holds the keys
    ``evaluation_consumers`` and ``consumers``; ``destination`` holds ``model_destination`` and ``destination``.
    """

    subject: str
    place: Place
    raw: Table[Node]
    upstream_steps: Listing[Text] | None = None
    input_artifacts: Listing[Text] | None = None
    required_permissions: Listing[Text] | None = None
    downstream_consumers: Listing[Text] | None = None
    data_source: Scalar | None = None
    source: Scalar | None = None
    destination: Scalar | None = None
    consumers: Listing[Text] | None = None
    hyperparameter_source: Scalar | None = None
    format: Scalar | None = None


class Specification(NamedTuple):
    """The declaration of a step in its pipeline.

    - ``step_name``: the name with its job type (``RiskTableMapping_Training``).
    - ``base_name``: the name without the job type; empty if unknown.
    - ``job_type``: the job type in lower case; empty if there is none or it is unknown.
    - ``step_type``: the class or kind of SageMaker's step, if the artefact declares one beside the name.
    - ``dependencies``, ``outputs``: ports with names.
    - ``listed_inputs``, ``listed_outputs``: bare words, types or names, as written.
    - ``flows``: the flow tables in its sections.
    """

    name: str
    place: Place
    format: Format
    raw: Table[Node]
    step_name: Text | None = None
    base_name: str = ""
    job_type: str = ""
    step_type: Text | None = None
    node_type: Scalar | None = None
    contract: Bound | None = None
    dependencies: Table[Dependency] | None = None
    outputs: Table[Output] | None = None
    listed_inputs: Listing[Text] | None = None
    listed_outputs: Listing[Text] | None = None
    hyperparameters: Table[Node] | None = None
    estimator: Table[Node] | None = None
    code_location: Scalar | None = None
    flows: tuple[Flow, ...] = ()

    @property
    def path(self) -> str:
        return self.place.path


class Requirement(NamedTuple):
    """``required_config`` (a table of parameters) or ``required_methods`` (a list of names)."""

    subject: str
    place: Place
    parameters: Table[Node] | None = None
    names: Listing[Text] | None = None


class Registration(NamedTuple):
    """One step of a registry, or the registry block of a step file; ``path`` is the file that names it.

    A registry may have thousands of them: only the string that a finding may be about has a place.
    """

    name: str
    path: str
    kind: StepKind
    sagemaker_type: Text | None = None
    specification_type: str | None = None
    builder_class: str | None = None
    configuration_class: str | None = None


class StepFile(NamedTuple):
    """A ``*.step.yaml``. ``contracts`` and ``specifications`` hold the base first, then one for each variant."""

    path: str
    raw: Table[Node]
    registration: Registration
    contracts: tuple[Contract, ...]
    specifications: tuple[Specification, ...]
    patterns: Table[Node] | None = None
    compute: Table[Node] | None = None
    variants: tuple[str, ...] = ()


class FileReading(NamedTuple):
    """The contents of one artefact file."""

    path: str
    contracts: tuple[Contract, ...] = ()
    specifications: tuple[Specification, ...] = ()
    flows: tuple[Flow, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    registrations: tuple[Registration, ...] = ()
    classes: tuple[ClassBody, ...] = ()
    step_file: StepFile | None = None
    imported: Mapping[str, tuple[str, str]] = MappingProxyType({})
    """Local name -> module as written and name there."""
    named_steps: tuple[Text, ...] = ()
    """Names that top-level statements pass to a function that loads a step's interface."""
    exhausted: bool = False
    """Whether the file expands to more values than are read: then some of them are unknown for this reason alone."""
