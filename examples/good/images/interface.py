"""What contracts, specifications and builders of this pipeline are."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field


@dataclass
class ScriptContract:
    """What a script needs and gives."""

    entry_point: str
    expected_input_paths: dict
    expected_output_paths: dict
    expected_arguments: dict = field(default_factory=dict)
    required_env_vars: list = field(default_factory=list)
    optional_env_vars: dict = field(default_factory=dict)
    framework_requirements: dict = field(default_factory=dict)


class TrainingScriptContract(ScriptContract):
    """The same of a script that a training job runs."""


@dataclass
class DependencySpec:
    """What a step takes, and who may give it."""

    logical_name: str
    dependency_type: str
    required: bool = True
    compatible_sources: list = field(default_factory=list)
    data_type: str = "S3Uri"


@dataclass
class OutputSpec:
    """What a step gives."""

    logical_name: str
    output_type: str
    property_path: str
    aliases: list = field(default_factory=list)
    data_type: str = "S3Uri"


@dataclass
class StepSpecification:
    """What a step is in its pipeline."""

    step_type: str
    dependencies: list
    outputs: list
    script_contract: object = None


class StepBuilder(ABC):
    """Builds a step from a configuration."""

    def __init__(self, config, spec):
        self.config = config
        self.spec = spec
        self.validate_configuration()

    @abstractmethod
    def validate_configuration(self):
        """Refuse a configuration that lacks something."""

    @abstractmethod
    def create_step(self, images, output_path):
        """Return the step."""
