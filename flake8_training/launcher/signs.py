"""Signs in a file that it starts jobs, or that it declares parts of steps: calls by name, imports, words.

No value is evaluated. A sign is no proof; without its sign a fact of the launcher is absent, and the module that reads
the fact is not imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import ModuleIndex, Scope

# -- requests

TRAINING, TUNING = "create_training_job", "create_hyper_parameter_tuning_job"
PROCESSING: Final = "create_processing_job"
"""The methods of boto3 that start jobs."""
OPERATORS: Final = {"SageMakerTrainingOperator": TRAINING, "SageMakerTuningOperator": TUNING}
"""The operators of Airflow that take a request."""
TASK_OF_CDK: Final = "SageMakerCreateTrainingJob"
RESOURCES: Final = {
    "sagemaker:createTrainingJob": TRAINING,
    "sagemaker:createHyperParameterTuningJob": TUNING,
}
"""The ends of the resources of tasks in a state machine of Step Functions, without ``.sync``."""
PROCESSING_RESOURCES: Final = {"sagemaker:createProcessingJob": PROCESSING}
"""The same for tasks of processing jobs."""
CORE: Final = ("sagemaker_core", "sagemaker.core")
"""The packages of sagemaker-core: its own, and the one in SDK v3."""


def may_request(module: ModuleIndex) -> bool:
    """Return whether a file calls a function of a name that passes a raw request."""
    names = module.calls_by_name
    if any(name in names for name in (TRAINING, TUNING, *OPERATORS, TASK_OF_CDK)):
        return True
    return "create" in names and any(name.startswith(CORE) for name, _ in module.imports)


# -- jobs of the SDK

CONFIGURING: Final = {
    "sagemaker.workflow.airflow.training_config": "estimator",
    "sagemaker.workflow.airflow.tuning_config": "tuner",
}
"""The functions that build the configuration of Airflow's operators, with the parameter of what the job runs."""
_STARTING = ("fit", "train", "TrainingStep", *(name.rpartition(".")[2] for name in CONFIGURING))


def may_start_training(module: ModuleIndex) -> bool:
    """Return whether a file may start a training job by a call that constructs no step of a pipeline."""
    return any(name in module.calls_by_name for name in _STARTING)


def may_process(module: ModuleIndex) -> bool:
    """Return whether a file may start a processing job."""
    return any(name in module.calls_by_name for name in (PROCESSING, "run", "ProcessingStep"))


def may_call_remotely(module: ModuleIndex) -> bool:
    """Return whether a file may make functions run as jobs."""
    return any("remote_function" in name or "function_step" in name for name, _ in module.imports)


def reads_properties(module: ModuleIndex) -> bool:
    """Return whether a file reads an attribute of the name of a step's properties."""
    return any(node.attr == "properties" for scope in module.scopes for node, _ in scope.attribute_loads)


# -- parts of steps

SETTINGS: Final = "estimator_config"
SPECIFICATION_KEYS: Final = (SETTINGS, "code_location")
"""Keys of the dict of a specification, one of which it has."""
CONTRACT_KEY: Final = "destination"
"""A key of the inputs in the dict of a contract."""
CONTRACT_CLASS: Final = "TrainingScriptContract"
OUTPUT_CLASS: Final = "OutputSpec"
"""The class of an output of a specification: ``OutputSpec(logical_name=..., aliases=[...])``."""

REQUIRED_METHODS: Final = (
    "_create_estimator",
    "_prepare_hyperparameters_file",
    "_prepare_training_inputs",
    "create_step",
)
"""The methods of a builder of training steps."""


def looks_like_builder(scope: Scope) -> bool:
    """Return whether a class has at least two of the builder methods."""
    return scope.kind == "class" and len(scope.bindings.keys() & set(REQUIRED_METHODS)) >= 2
