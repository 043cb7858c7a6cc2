"""Specifications, flows, requirements and registries in every format give one model."""

from __future__ import annotations

import pytest
from training_alignment.artefacts.data_file import read_data
from training_alignment.artefacts.kept_registry import packed, unpacked
from training_alignment.artefacts.model import FileReading, Format, Specification, StepKind
from training_alignment.artefacts.read_error import ReadError

from tests.artefacts.files import MadeUp, plain

CALL = """
    from core import DependencySpec, DependencyType, NodeType, OutputSpec, StepSpecification
    from registry import get_step_type, get_step_type_with_job_type

    def _contract():
        from ..contracts.churn import CHURN_CONTRACT
        return CHURN_CONTRACT

    CHURN_SPEC = StepSpecification(
        step_type=get_step_type("ChurnTraining"),
        node_type=NodeType.INTERNAL,
        script_contract=_contract(),
        dependencies=[
            DependencySpec(
                logical_name="data",
                dependency_type=DependencyType.TRAINING_DATA,
                required=False,
                compatible_sources=["Preprocessing", "DataLoad"],
                data_type="S3Uri",
            ),
        ],
        outputs=[
            OutputSpec(
                logical_name="model",
                aliases=["ModelArtifacts"],
                output_type=DependencyType.MODEL_ARTIFACTS,
                property_path="properties.ModelArtifacts.S3ModelArtifacts",
            ),
        ],
    )
"""

TABLE = """
    TRAINING_SPEC = {
        "step_name": "xgboost-training",
        "estimator_config": {"instance_type": "ml.m5.xlarge", "instance_count": 1},
        "inputs": ["TrainingInput"],
        "outputs": ["model_artifacts"],
        "hyperparameters": {"max_depth": 6},
        "code_location": "s3://bucket/code/",
    }

    dependencies = {
        "upstream_steps": ["data-preprocessing"],
        "input_artifacts": ["processed"],
        "required_permissions": ["s3:GetObject"],
        "downstream_consumers": ["model-evaluation"],
    }

    training_pipeline_flow = {
        "data_source": "upstream_step.properties.ProcessingOutputConfig.Outputs['a'].S3Output.S3Uri",
        "model_destination": "s3://bucket/models/",
        "evaluation_consumers": ["model-evaluation-step"],
        "hyperparameter_source": "tuning-step",
    }

    model_artifact_flow = {
        "source": "/opt/ml/model",
        "destination": "s3://bucket/models/",
        "consumers": ["create-model-step"],
        "format": "framework_specific",
    }

    required_methods = ["_create_estimator", "create_step"]
    required_config = {"instance_type": "ml.m5.xlarge", "role": "arn"}
"""


def read(text: str, path: str = "made/specs/up.py", **others: str) -> FileReading:
    return MadeUp({path: text, **others}).reading(path)


def one(text: str) -> Specification:
    (found,) = read(text).specifications
    return found


def test_a_call() -> None:
    files = MadeUp({"made/specs/churn.py": CALL, "made/contracts/churn.py": "CHURN_CONTRACT = C()"})
    (found,) = files.reading("made/specs/churn.py").specifications
    assert (found.name, found.format, found.base_name, found.job_type) == (
        "CHURN_SPEC",
        Format.CALL,
        "ChurnTraining",
        "",
    )
    assert found.contract is not None
    assert (found.contract.name, found.contract.path) == ("CHURN_CONTRACT", "made/contracts/churn.py")
    assert found.node_type is not None
    assert found.node_type.value == "internal"
    assert found.dependencies is not None
    data = found.dependencies.get("data")
    assert data is not None
    assert data.type is not None
    assert data.type.value == "training_data"
    assert data.required is not None
    assert data.required.value is False
    assert data.compatible_sources is not None
    assert [source.value for source in data.compatible_sources] == ["Preprocessing", "DataLoad"]
    assert [source.line for source in data.compatible_sources] == [17, 17]
    assert (data.place.line, data.name.line) == (13, 14)
    assert found.outputs is not None
    model = found.outputs.get("model")
    assert model is not None
    assert model.property_path is not None
    assert model.property_path.value == "properties.ModelArtifacts.S3ModelArtifacts"
    assert model.type is not None
    assert model.type.value == "model_artifacts"
    assert model.aliases is not None
    assert [alias.value for alias in model.aliases] == ["ModelArtifacts"]


@pytest.mark.parametrize(
    ("step_type", "name", "base", "job_type"),
    [
        ('"ChurnTraining"', "ChurnTraining", "ChurnTraining", ""),
        ('"Mapping_Training"', "Mapping_Training", "Mapping", "training"),
        ('"churn_training"', "churn_training", "churn_training", ""),
        ('"xgboost-training"', "xgboost-training", "xgboost-training", ""),
        ('get_step_type("Mapping", "calibration")', "Mapping_Calibration", "Mapping", "calibration"),
        ("get_step_type(NAME)", "Mapping", "Mapping", ""),
        ("get_step_type(other())", None, "", ""),
        ("NAME", "Mapping", "Mapping", ""),
    ],
)
def test_names_of_steps(step_type: str, name: str | None, base: str, job_type: str) -> None:
    found = one(f"NAME = 'Mapping'\nA_SPEC = StepSpecification(step_type={step_type}, dependencies=[])")
    assert (found.step_name.value if found.step_name else None, found.base_name, found.job_type) == (
        name,
        base,
        job_type,
    )


def test_a_dict_literal_and_what_stands_beside_it() -> None:
    reading = read(TABLE)
    (found,) = reading.specifications
    assert (found.base_name, found.format) == ("xgboost-training", Format.TABLE)
    assert plain(found.estimator) == {"instance_type": "ml.m5.xlarge", "instance_count": 1}
    assert plain(found.hyperparameters) == {"max_depth": 6}
    assert found.code_location is not None
    assert found.code_location.value == "s3://bucket/code/"
    assert found.dependencies is None
    assert found.listed_inputs is not None
    assert [item.value for item in found.listed_inputs] == ["TrainingInput"]
    assert found.listed_outputs is not None
    assert [item.value for item in found.listed_outputs] == ["model_artifacts"]
    flows = {flow.subject: flow for flow in reading.flows}
    assert list(flows) == ["dependencies", "training_pipeline_flow", "model_artifact_flow"]
    upstream = flows["dependencies"].upstream_steps
    assert upstream is not None
    assert [(step.value, step.line) for step in upstream] == [("data-preprocessing", 11)]
    assert flows["training_pipeline_flow"].hyperparameter_source is not None
    assert flows["training_pipeline_flow"].destination is not None
    assert flows["model_artifact_flow"].consumers is not None
    methods, config = reading.requirements
    assert methods.names is not None
    assert [name.value for name in methods.names] == ["_create_estimator", "create_step"]
    assert config.parameters is not None
    assert config.parameters.names == ("instance_type", "role")


def test_dict_literals_with_named_inputs() -> None:
    found = one(
        """
        CHURN_SPEC = {
            "step_name": "churn",
            "inputs": {"data": {"type": "TrainingInput", "required": True}, "config": "S3Uri"},
            "outputs": {"model": {"type": "model_artifacts"}},
            "dependencies": {"upstream_steps": ["load"]},
        }
        """
    )
    assert found.dependencies is not None
    assert found.dependencies.names == ("data", "config")
    config = found.dependencies.get("config")
    assert config is not None
    assert config.type is not None
    assert config.type.value == "S3Uri"
    (flow,) = found.flows
    assert flow.upstream_steps is not None


def test_tables_that_are_computed_are_open() -> None:
    found = one(
        "A_SPEC = StepSpecification(step_type='A', dependencies=[*more(), DependencySpec(**x)], outputs=outs())"
    )
    assert found.dependencies is not None
    assert not found.dependencies.lacks("a")
    assert found.outputs is not None
    assert not found.outputs.lacks("a")


@pytest.mark.parametrize(
    "text",
    [
        "A_SPEC = {'x': 1}",
        "A_SPEC = load('a')",
        "OPENAPI_SPEC = {'paths': {}}",
        "SPEC = None",
        "A_SPEC = ModuleSpec('a')",
    ],
)
def test_what_is_no_specification(text: str) -> None:
    assert read(text).specifications == ()


def test_parts_of_the_wrong_kind_are_errors() -> None:
    with pytest.raises(ReadError, match="dependencies is a number, not a table"):
        read("A_SPEC = StepSpecification(step_type='A', dependencies=3)")


def test_the_reading_of_a_registry_as_plain_data() -> None:
    text = """
    from elsewhere import base as known

    STEPS = {
        "Churn": {"sagemaker_step_type": "Training", "builder_step_name": "ChurnBuilder"},
        "Été": {"spec_type": "Custom", "config_class": 3},
    }
    """
    reading = read(text)
    packed_reading = packed(reading)
    assert packed_reading is not None
    assert unpacked(reading.path, packed_reading) == reading
    assert [one.name for one in reading.registrations] == ["Churn", "Été"]
    assert packed(read(text + "\n    class Other:\n        pass\n")) is None
    assert packed(read("    X = 1\n")) is None


def test_registries() -> None:
    text = """
        STEP_NAMES = {
            "Churn": {
                "config_class": "ChurnConfig",
                "builder_step_name": "ChurnStepBuilder",
                "spec_type": "Churn",
                "sagemaker_step_type": "Training",
            },
            "Custom": {"sagemaker_step_type": "StoreModelRegistrationProcessing"},
        }
        OTHERS = {"a": {"b": 1}}
    """
    churn, custom = read(text).registrations
    assert (churn.name, churn.kind) == ("Churn", StepKind.TRAINING)
    assert churn.builder_class == "ChurnStepBuilder"
    assert custom.kind is StepKind.OTHER
    yaml_text = "step_names:\n  Churn:\n    sagemaker_step_type: Processing\n    config_class: C\n"
    (registered,) = read_data(yaml_text.encode(), "names.yaml").registrations
    assert (registered.name, registered.kind) == ("Churn", StepKind.PROCESSING)


STEP_FILE = """\
step_type: Mapping
node_type: internal
registry:
  sagemaker_step_type: Processing
contract:
  entry_point: mapping.py
  inputs:
    data: {path: /opt/ml/processing/input/data, required: true}
  outputs:
    mapped: {path: /opt/ml/processing/output}
  arguments: {}
  job_arguments:
  - flag: --job_type
    source: job_type
  env_vars:
    required: [REGION]
    optional: {LEVEL: '1'}
spec:
  dependencies:
    data:
      type: processing_output
      required: true
      compatible_sources: [Loading]
  outputs:
    mapped: {type: processing_output, aliases: [a]}
variants:
  training:
    step_type: Mapping_Training
    spec:
      dependencies:
        data: {required: false}
        more: {type: processing_output}
      outputs:
        mapped: {aliases: [b, c]}
  validation:
    contract:
      entry_point: other.py
"""


def test_step_files() -> None:
    step_file = read_data(STEP_FILE.encode(), "mapping.step.yaml").step_file
    assert step_file is not None
    assert (step_file.registration.name, step_file.registration.kind) == (
        "Mapping",
        StepKind.PROCESSING,
    )
    base, other = step_file.contracts
    assert base.entry_point is not None
    assert base.entry_point.value == "mapping.py"
    assert base.required_variables is not None
    assert [name.value for name in base.required_variables] == ["REGION"]
    assert plain(base.optional_variables) == {"LEVEL": "1"}
    assert [(a.flag.value, a.source.value if a.source else None) for a in base.job_arguments] == [
        ("--job_type", "job_type")
    ]
    assert base.arguments is not None
    assert base.arguments.lacks("x")
    assert other.entry_point is not None
    assert (other.entry_point.value, other.entry_point.place.line) == ("other.py", 37)
    assert other.inputs is not None
    assert other.inputs.names == ("data",)
    first, training, validation = step_file.specifications
    assert [(s.base_name, s.job_type) for s in step_file.specifications] == [
        ("Mapping", ""),
        ("Mapping", "training"),
        ("Mapping", "validation"),
    ]
    assert first.dependencies is not None
    assert first.dependencies.names == ("data",)
    assert training.dependencies is not None
    assert training.dependencies.names == ("data", "more")
    data = training.dependencies.get("data")
    assert data is not None
    assert data.required is not None
    assert (data.required.value, data.required.place.line) == (False, 31)
    assert data.compatible_sources is not None
    assert [source.value for source in data.compatible_sources] == ["Loading"]
    assert training.outputs is not None
    mapped = training.outputs.get("mapped")
    assert mapped is not None
    assert mapped.aliases is not None
    assert [alias.value for alias in mapped.aliases] == ["b", "c"]
    assert validation.node_type is not None
    assert validation.node_type.value == "internal"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("step_type: A\ncontract: [1]\n", 2, "the contract is a list, not a table"),
        ("step_type: A\nspec: x\n", 2, "the specification is a text, not a table"),
        ("step_type: A\nspec:\n  outputs: 3\n", 3, "outputs is a number, not a table"),
        ("- a\n", 1, "the whole file is a list, not a table"),
    ],
)
def test_step_files_of_the_wrong_shape(text: str, line: int, said: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_data(text.encode(), "a.step.yaml", certain=True)
    assert (caught.value.line, caught.value.message) == (line, said)


def test_an_empty_step_file_is_one() -> None:
    assert read_data(b"", "a.step.yaml").step_file is None
