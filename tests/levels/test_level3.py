"""Level 3: in two aligned steps, or three with flow tables, one thing is changed and one finding appears."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from training_alignment import check
from training_alignment.rules.example_pipeline import flow, pipeline

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Example
from tests.harness import write
from tests.margin import assert_findings

Change = tuple[str, str]

ARTIFACTS = '"input_artifacts": ["training_data", "validation_data"],'
PERMISSIONS = '"required_permissions": ["s3:GetObject", "s3:PutObject"],'
DATA_SOURCE = (
    '"data_source": "upstream_step.properties.'
    "ProcessingOutputConfig.Outputs['training_data'].S3Output.S3Uri\","
)

# The checks of level 3, each with what breaks it: in the flow tables of the training step.
FLOW: dict[str, tuple[str, str]] = {
    "an upstream step that there is not": (
        '"upstream_steps": ["data-preprocessing"],',
        '"upstream_steps": ["data-preprocessing", "feature-engineering"],  # TRN301',
    ),
    "an upstream step misspelt": (
        '"upstream_steps": ["data-preprocessing"],',
        '"upstream_steps": ["data-preprocesing"],  # TRN301',
    ),
    "an artifact that no upstream step gives": (
        ARTIFACTS,
        ARTIFACTS.replace("validation", "test") + "  # TRN302",
    ),
    "an artifact misspelt": (ARTIFACTS, ARTIFACTS.replace("validation", "validaton") + "  # TRN302"),
    "no source of data": (
        "training_pipeline_flow = {\n        " + DATA_SOURCE,
        "training_pipeline_flow = {  # TRN303",
    ),
    "an empty source of data": (
        "training_pipeline_flow = {\n        " + DATA_SOURCE,
        'training_pipeline_flow = {\n        "data_source": None,  # TRN303',
    ),
    "a source of data by a path that there is not": (
        DATA_SOURCE,
        DATA_SOURCE.replace("S3Output.S3Uri", "S3Output.Uri") + "  # TRN306",
    ),
    "a source of data of another kind of step": (
        DATA_SOURCE,
        '"data_source": "data-preprocessing.properties.ModelArtifacts.S3ModelArtifacts",  # TRN306',
    ),
    "a source of data that is no output": (
        DATA_SOURCE,
        DATA_SOURCE.replace("['training_data']", "['training']") + "  # TRN307",
    ),
    "no destination of the model": (
        "training_pipeline_flow = {\n        "
        + DATA_SOURCE
        + '\n        "model_destination": "s3://bucket/models/",',
        "training_pipeline_flow = {  # TRN308\n        " + DATA_SOURCE,
    ),
    "a destination of the model on the disk": (
        '"model_destination": "s3://bucket/models/",',
        '"model_destination": "/opt/ml/model",  # TRN308',
    ),
    "a destination of the artifact that is none": (
        '"destination": "s3://bucket/models/",\n',
        '"destination": "bucket/models/",  # TRN308\n',
    ),
    "a downstream consumer that there is not": (
        '"downstream_consumers": ["model-evaluation"],',
        '"downstream_consumers": ["model-evaluation", "model-registration"],  # TRN305',
    ),
    "an evaluation consumer that there is not": (
        '"evaluation_consumers": ["model-evaluation-step"],',
        '"evaluation_consumers": ["model-validation-step"],  # TRN305',
    ),
    "a consumer of the artifact that there is not": (
        '"consumers": ["model-evaluation-step"],',
        '"consumers": ["model-evaluation-step", "batch-transform-step"],  # TRN305',
    ),
    "a file of hyperparameters that there is not": (
        '"hyperparameter_source": "churn_hyperparameters.json",',
        '"hyperparameter_source": "hyperparameters.json",  # TRN309',
    ),
    "a step of hyperparameters that there is not": (
        '"hyperparameter_source": "churn_hyperparameters.json",',
        '"hyperparameter_source": "hyperparameter-tuning-step",  # TRN309',
    ),
    "reading is not permitted": (PERMISSIONS, '"required_permissions": ["s3:PutObject"],  # TRN310'),
    "storing is not permitted": (PERMISSIONS, '"required_permissions": ["s3:Get*"],  # TRN310'),
    "a permission misspelt": (
        PERMISSIONS,
        '"required_permissions": ["s3:GetObjects", "s3:PutObject"],  # TRN310',
    ),
    "a model from a folder that the contract does not name": (
        '"source": "/opt/ml/model",',
        '"source": "/opt/ml/models",  # TRN304',
    ),
    "a model in the format of another framework": (
        '"format": "framework_specific",',
        '"format": "pytorch",  # TRN304',
    ),
}

# The same in the specification of the training step, as DependencySpec and OutputSpec have it.
SPECIFICATION: dict[str, tuple[str, str]] = {
    "a source that there is not": ('["Cleaning"],', '["Cleaning", "Sorting"],  # TRN301'),
    "a source in another case": ('["Cleaning"],', '["cleaning"],  # TRN301'),
    "a job type that there is not": ('["Cleaning"],', '["Cleaning_Training"],  # TRN301'),
    "no sources": (
        'logical_name="training_data",',
        'logical_name="training_data",  # TRN303',
    ),
    "another type": ("DependencyType.TRAINING_DATA,", "DependencyType.CUSTOM_PROPERTY,  # TRN304"),
    "a path that there is not": (
        '"properties.ModelArtifacts.S3ModelArtifacts",',
        '"properties.ModelArtifact.S3ModelArtifacts",  # TRN306',
    ),
    "a path of another kind of step": (
        '"properties.ModelArtifacts.S3ModelArtifacts",',
        '"properties.TransformOutput.S3OutputPath",  # TRN306',
    ),
    "a path that cannot be read": (
        '"properties.ModelArtifacts.S3ModelArtifacts",',
        '"properties.ModelArtifacts[S3ModelArtifacts",  # TRN306',
    ),
    "a path without its start": (
        '"properties.ModelArtifacts.S3ModelArtifacts",',
        '"ModelArtifacts.S3ModelArtifacts",  # TRN306',
    ),
}


def found_in(folder: Path, files: Mapping[str, str]) -> list[Finding]:
    """Write the files and return the findings of level 3."""
    write(folder, Example(files).files)
    return check(root=folder, select=["TRN3"])


def places(findings: list[Finding]) -> list[tuple[str, int, str]]:
    """File, line and code of each finding."""
    return [(Path(f.path).as_posix(), f.line, f.code) for f in findings]


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are told as seen from the repository."""
    monkeypatch.chdir(tmp_path)


def test_aligned_steps_have_no_findings(tmp_path: Path) -> None:
    assert found_in(tmp_path / "flow", flow()) == []
    assert found_in(tmp_path / "specification", pipeline()) == []


@pytest.mark.parametrize("name", FLOW)
def test_one_change_in_a_flow(name: str, tmp_path: Path) -> None:
    files = flow([FLOW[name]])
    assert_findings(found_in(tmp_path, files), files)


@pytest.mark.parametrize("name", SPECIFICATION)
def test_one_change_in_a_specification(name: str, tmp_path: Path) -> None:
    more = [('compatible_sources=["Cleaning"],', "compatible_sources=[],")] if name == "no sources" else []
    training = (
        [("property_path=", "data_type='S3Uri',\n                property_path=")] if "kind" in name else []
    )
    files = pipeline([SPECIFICATION[name], *more, *training])
    kind = {"contracts/churn_training_contract.py": TRAINING_CONTRACT}
    assert_findings(found_in(tmp_path, {**files, **kind}), files)


TRAINING_CONTRACT = """
    CHURN_TRAINING_CONTRACT = TrainingScriptContract(
        entry_point="churn_training.py",
        expected_input_paths={"training_data": "/opt/ml/input/data/training"},
        expected_output_paths={"model_output": "/opt/ml/model"},
    )
"""


@pytest.mark.parametrize(
    ("producer", "consumer"),
    [
        (("DependencyType.PROCESSING_OUTPUT", "DependencyType.MODEL_ARTIFACTS"), "dependency_type="),
        (('data_type="S3Uri"', 'data_type="Integer"'), "dependency_type="),
    ],
)
def test_a_change_of_the_producer_is_told_at_the_consumer(
    producer: Change, consumer: str, tmp_path: Path
) -> None:
    (finding,) = found_in(tmp_path, pipeline(producer=[producer]))
    lines = (tmp_path / "specs/churn_training_spec.py").read_text().splitlines()
    assert (finding.path, finding.code) == ("specs/churn_training_spec.py", "TRN304")
    assert consumer in lines[finding.line - 1]
    assert [related.path for related in finding.related] == ["specs/cleaning_spec.py"]


def test_an_optional_input_of_another_type_is_a_warning(tmp_path: Path) -> None:
    change = [SPECIFICATION["another type"], ("required=True", "required=False")]
    (finding,) = found_in(tmp_path, pipeline(change))
    assert (finding.code, finding.severity) == ("TRN304", Severity.WARNING)


def test_inputs_that_are_not_connected_are_not_judged(tmp_path: Path) -> None:
    file = STEP_FILE % ("Mapping", "Nothing")
    skipping = file.replace("contract:", "contract:\n      skip_inputs: [data]")
    assert [f.code for f in found_in(tmp_path / "taken", {"a.step.yaml": file, "b.step.yaml": LOADING})] == [
        "TRN301"
    ]
    assert found_in(tmp_path / "skipped", {"a.step.yaml": skipping, "b.step.yaml": LOADING}) == []


def test_a_source_without_outputs(tmp_path: Path) -> None:
    text = pipeline()["specs/cleaning_spec.py"]
    start, end = text.index("outputs=["), text.rindex("]")
    files = {**pipeline(), "specs/cleaning_spec.py": text[:start] + "outputs=[" + text[end:]}
    (finding,) = found_in(tmp_path, files)
    assert (finding.code, finding.path) == ("TRN302", "specs/churn_training_spec.py")


def test_inputs_that_nothing_supplies(tmp_path: Path) -> None:
    files = flow(
        [
            ('"upstream_steps": ["data-preprocessing"],', '"upstream_steps": [],'),
            (ARTIFACTS, '"input_artifacts": [],'),
        ]
    )
    del files["specs/data_preprocessing_spec.py"]
    flows = files["specs/churn_training_flow.py"]
    begin, end = flows.index("training_pipeline_flow"), flows.index("model_artifact_flow")
    files["specs/churn_training_flow.py"] = flows[:begin] + flows[end:]
    contract = files["contracts/churn_training_contract.py"]
    assert found_in(tmp_path / "stated", files) == []
    files["contracts/churn_training_contract.py"] = contract.replace('"source": "s3://bucket/training/",', "")
    (finding,) = found_in(tmp_path / "unstated", files)
    assert (finding.code, finding.path.rpartition("/")[2]) == ("TRN303", "churn_training_contract.py")
    assert "training_data" in finding.message


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ('"inputs": {},', "takes no inputs"),
        ('"inputs": {"report": "processing_output"},', "takes no model artifact"),
    ],
)
def test_a_consumer_that_takes_no_model(inputs: str, why: str, tmp_path: Path) -> None:
    files = flow(evaluation=[('"inputs": {\n            "model": "model_artifacts",\n        },', inputs)])
    findings = found_in(tmp_path, files)
    assert {(f.code, f.path) for f in findings} == {("TRN305", "specs/churn_training_flow.py")}
    assert all(why in f.message for f in findings)
    assert all(related.path == "specs/model_evaluation_spec.py" for f in findings for related in f.related)


def test_a_consumer_that_takes_from_others_only(tmp_path: Path) -> None:
    files = flow(
        evaluation=[
            (
                '"inputs": {\n            "model": "model_artifacts",\n        },',
                '"dependencies": {\n'
                '            "model": {"type": "model_artifacts", "compatible_sources": ["data-preprocessing"]},\n'
                "        },",
            )
        ]
    )
    findings = found_in(tmp_path, files)
    assert {f.code for f in findings} == {"TRN304", "TRN305"}
    assert all("takes nothing from churn-training" in f.message for f in findings if f.code == "TRN305")
    assert all("produces ProcessingOutput" in f.message for f in findings if f.code == "TRN304")


@pytest.mark.parametrize(
    "word", ["ProcessingStep", "DataLoad", "TrainingStep", "ModelStep", "S3Source", "ModelEvaluation"]
)
def test_words_for_kinds_of_steps_are_warnings(word: str, tmp_path: Path) -> None:
    files = pipeline([('["Cleaning"]', f'["Cleaning", "{word}"]')])
    (finding,) = found_in(tmp_path, files)
    assert (finding.code, finding.severity) == ("TRN301", Severity.WARNING)
    assert word in finding.message


def test_a_near_miss_is_an_error_with_the_right_name(tmp_path: Path) -> None:
    renamed = [('step_type="Cleaning"', 'step_type="PyTorchTraining"')]
    (finding,) = found_in(tmp_path, pipeline([('["Cleaning"]', '["PytorchTraining"]')], renamed))
    assert (finding.code, finding.severity) == ("TRN301", Severity.ERROR)
    assert finding.message.endswith("PytorchTraining, did you mean PyTorchTraining?")


def test_a_near_miss_beside_the_right_name_is_a_warning(tmp_path: Path) -> None:
    (finding,) = found_in(tmp_path, pipeline([('["Cleaning"]', '["Cleaning", "Cleanning"]')]))
    assert (finding.code, finding.severity) == ("TRN301", Severity.WARNING)


def test_one_step_alone_says_nothing_of_other_steps(tmp_path: Path) -> None:
    files = pipeline([('["Cleaning"]', '["Sorting"]')])
    del files["specs/cleaning_spec.py"]
    assert found_in(tmp_path / "specification", files) == []
    files = flow([FLOW["an upstream step that there is not"]])
    alone = {name: text for name, text in files.items() if "churn" in name}
    assert found_in(tmp_path / "flow", alone) == []


def test_a_registry_names_all_steps(tmp_path: Path) -> None:
    registry = (
        'STEP_NAMES = {"ChurnTraining": {"sagemaker_step_type": "Training", "spec_type": "ChurnTraining"}}\n'
    )
    files = {**pipeline([('["Cleaning"]', '["Sorting"]')]), "registry/step_names.py": registry}
    del files["specs/cleaning_spec.py"]
    assert [f.code for f in found_in(tmp_path / "closed", files)] == ["TRN301"]
    registered = registry.replace("}}\n", '}, "Sorting": {"sagemaker_step_type": "Processing"}}\n')
    assert found_in(tmp_path / "registered", {**files, "registry/step_names.py": registered}) == []


def test_a_misspelt_type_of_job(tmp_path: Path) -> None:
    registry = """
        STEP_NAMES = {
            "ChurnTraining": {"sagemaker_step_type": "Trainning"},
            "Cleaning": {"sagemaker_step_type": "Custom"},
        }
    """
    (finding,) = found_in(tmp_path, {**pipeline(), "registry/step_names.py": registry})
    assert (finding.path, finding.line, finding.code) == ("registry/step_names.py", 2, "TRN312")


def test_what_is_computed_is_not_judged(tmp_path: Path) -> None:
    files = flow(
        [
            ('"upstream_steps": ["data-preprocessing"],', '"upstream_steps": UPSTREAM,'),
            (ARTIFACTS, '"input_artifacts": artifacts(),'),
            (PERMISSIONS, '"required_permissions": [*COMMON],'),
            ('"model_destination": "s3://bucket/models/",', '"model_destination": f"{BUCKET}/models",'),
            (
                '"destination": "s3://bucket/models/",\n        "consumers"',
                '"destination": DESTINATION,\n        "consumers"',
            ),
            ('"churn_hyperparameters.json"', "SOURCE"),
            (DATA_SOURCE, '"data_source": STEP.properties,'),
        ]
    )
    assert found_in(tmp_path, files) == []


@pytest.mark.parametrize(
    "source", ["s3://bucket/parameters.json", "/opt/ml/input/config/x.json", "config", "${X}"]
)
def test_sources_of_hyperparameters_elsewhere(source: str, tmp_path: Path) -> None:
    assert found_in(tmp_path, flow([('"churn_hyperparameters.json"', json.dumps(source))])) == []


@pytest.mark.parametrize("destination", ["s3://bucket", "s3://{bucket}/models", "file:///tmp/models"])
def test_destinations_that_pass(destination: str, tmp_path: Path) -> None:
    change = '"model_destination": "s3://bucket/models/"', f'"model_destination": "{destination}"'
    assert found_in(tmp_path, flow([change])) == []


STEP_FILE = """
    step_type: %s
    node_type: internal
    registry: {sagemaker_step_type: Processing}
    contract:
      inputs: {data: {path: /opt/ml/processing/input/data}, tables: {path: /opt/ml/processing/input/tables}}
      outputs: {result: {path: /opt/ml/processing/output}}
    spec:
      dependencies:
        data: {type: processing_output, required: true, compatible_sources: [%s]}
        tables: {type: processing_output, required: false, compatible_sources: [Mapping_Training]}
      outputs:
        result:
          type: processing_output
          property_path: properties.ProcessingOutputConfig.Outputs['result'].S3Output.S3Uri
    variants:
      training: {step_type: Mapping_Training}
      validation:
        step_type: Mapping_Validation
        spec: {dependencies: {tables: {required: true}}}
"""
LOADING = """
    step_type: Loading
    registry: {sagemaker_step_type: Processing}
    contract: {inputs: {}, outputs: {data: {path: /opt/ml/processing/output}}}
    spec:
      dependencies: {}
      outputs:
        data:
          type: processing_output
          property_path: properties.ProcessingOutputConfig.Outputs['data'].S3Output.S3Uri
"""


def test_job_types_of_a_step_are_steps_of_their_own(tmp_path: Path) -> None:
    files = {"mapping.step.yaml": STEP_FILE % ("Mapping", "Loading"), "loading.step.yaml": LOADING}
    assert found_in(tmp_path / "aligned", files) == []
    files["mapping.step.yaml"] = files["mapping.step.yaml"].replace("[Mapping_Training]", "[Mapping_Testing]")
    findings = found_in(tmp_path / "no job type", files)
    assert {(f.code, f.line) for f in findings} == {("TRN301", 10)}


def test_a_cycle_is_told_once(tmp_path: Path) -> None:
    files = {
        "mapping.step.yaml": STEP_FILE % ("Mapping", "Sorting"),
        "sorting.step.yaml": (STEP_FILE % ("Sorting", "Mapping")).split("    variants:")[0],
    }
    (finding,) = [f for f in found_in(tmp_path, files) if f.code == "TRN311"]
    assert "needs Sorting needs Mapping" in finding.message
    assert {finding.path, *(related.path for related in finding.related)} == set(files)


@pytest.mark.parametrize("closed", [True, False])
def test_a_long_cycle_is_told_at_the_changed_step(closed: bool, tmp_path: Path) -> None:
    names = ["Cleaning", "Sorting", "Joining", "Masking", "Scoring", "Grouping", "Folding", "Clipping"]
    befores = [names[-1] if closed else names[0], *names[:-1]]
    files = {
        f"{name.lower()}/{name.lower()}.step.yaml": (STEP_FILE % (name, before)).split("    variants:")[0]
        for name, before in zip(names, befores, strict=True)
        if closed or name != names[0]
    }
    whole = [f for f in found_in(tmp_path, files) if f.code == "TRN311"]
    changed = check([tmp_path / "scoring/scoring.step.yaml"], root=tmp_path, select=["TRN311"])
    assert {f.path for f in changed} == ({"scoring/scoring.step.yaml"} if closed else set())
    assert bool(whole) == closed


def test_alternatives_are_no_cycle(tmp_path: Path) -> None:
    files = {
        "mapping.step.yaml": STEP_FILE % ("Mapping", "Sorting, Loading"),
        "sorting.step.yaml": (STEP_FILE % ("Sorting", "Mapping")).split("    variants:")[0],
        "loading.step.yaml": LOADING,
    }
    assert found_in(tmp_path, files) == []


@pytest.mark.parametrize("make", [flow, pipeline])
def test_one_changed_step_is_told_as_in_the_whole(
    make: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    change = FLOW["an upstream step misspelt"] if make is flow else SPECIFICATION["another type"]
    files = make([change])
    whole = found_in(tmp_path, files)
    assert places(whole)
    assert check([whole[0].path], root=tmp_path, select=["TRN3"]) == whole


def test_what_a_change_breaks_in_a_dependent_step_is_told(tmp_path: Path) -> None:
    files = pipeline(producer=[("DependencyType.PROCESSING_OUTPUT", "DependencyType.MODEL_ARTIFACTS")])
    whole = found_in(tmp_path, files)
    assert places(whole) == [("specs/churn_training_spec.py", 9, "TRN304")]
    assert check(["specs/cleaning_spec.py"], root=tmp_path, select=["TRN3"]) == whole


def test_what_was_wrong_in_a_dependent_step_before_is_not(tmp_path: Path) -> None:
    assert places(found_in(tmp_path, pipeline([('["Cleaning"]', '["Cleaning", "Nothing"]')])))
    assert check(["specs/cleaning_spec.py"], root=tmp_path, select=["TRN3"]) == []


def test_one_changed_step_of_many_is_told_as_in_the_whole(tmp_path: Path) -> None:
    producers = {
        f"{name.lower()}/{name.lower()}_spec.py": pipeline(producer=[('"Cleaning"', f'"{name}"')])[
            "specs/cleaning_spec.py"
        ]
        for name in ("Cleaning", "Sorting", "Joining", "Masking")
    }
    for source in ("Cleanning", "Nothing", "Loading", "DataLoad", "Joining"):
        consumer = pipeline([('["Cleaning"]', f'["{source}"]')])["specs/churn_training_spec.py"]
        folder = tmp_path / source
        # A step whose file is not named like it.
        other = pipeline(producer=[('"Cleaning"', '"Loading"')])["specs/cleaning_spec.py"]
        files = {**producers, "odd/unlike_spec.py": other, "train/churn_training_spec.py": consumer}
        whole = found_in(folder, files)
        lines = Example(files).files["train/churn_training_spec.py"].splitlines()
        assert {(Path(f.path).name, source in lines[f.line - 1]) for f in whole} == (
            {("churn_training_spec.py", True)} if source in ("Cleanning", "Nothing", "DataLoad") else set()
        )
        assert check([folder / "train/churn_training_spec.py"], root=folder, select=["TRN3"]) == whole


def test_an_input_whose_registered_sources_have_no_files(tmp_path: Path) -> None:
    registry = """
        STEP_NAMES = {
            "ChurnTraining": {"sagemaker_step_type": "Training"},
            "Cleaning": {"sagemaker_step_type": "Processing"},
            "Sorting": {"sagemaker_step_type": "Processing"},
        }
    """
    files = {**pipeline([('["Cleaning"]', '["Sorting"]')]), "registry/step_names.py": registry}
    (finding,) = found_in(tmp_path, files)
    assert (finding.code, finding.severity) == ("TRN303", Severity.WARNING)
    files = {**pipeline([('["Cleaning"]', '["Sorting", "Cleaning"]')]), "registry/step_names.py": registry}
    assert found_in(tmp_path, files) == []


NO_UPSTREAM = ('"upstream_steps": ["data-preprocessing"],', '"upstream_steps": [],')
LEFT_OUT = ('"upstream_steps": ["data-preprocessing"],', "")
FROM_S3 = (DATA_SOURCE, '"data_source": "s3://bucket/training/",')
NO_DATA_SOURCE = ("training_pipeline_flow = {", "other = {")


@pytest.mark.parametrize("change", [NO_UPSTREAM, LEFT_OUT])
def test_artifacts_without_an_upstream_step(change: Change, tmp_path: Path) -> None:
    found = [f for f in found_in(tmp_path / "none", flow([change, NO_DATA_SOURCE])) if f.code == "TRN302"]
    assert [f.message.partition(": ")[2] for f in found] == [
        "training_data, upstream_steps is empty; data-preprocessing produces it",
        "validation_data, upstream_steps is empty; data-preprocessing produces it",
    ]
    # A source of the data beside it is enough.
    other = found_in(tmp_path / "source", flow([change, FROM_S3]))
    assert [f.code for f in other if f.code == "TRN302"] == []


def test_an_empty_list_of_upstream_steps_contradicts_a_source_that_is_a_step(tmp_path: Path) -> None:
    found = found_in(tmp_path / "listed", flow([NO_UPSTREAM]))
    assert [f.code for f in found] == ["TRN302", "TRN302"]
    unknown = ('["training_data", "validation_data"]', '["training_data", "weather_table"]')
    found = found_in(tmp_path / "unknown", flow([NO_UPSTREAM, unknown]))
    assert [f.message.partition(": ")[2].partition(",")[0] for f in found] == ["training_data"]
    assert found_in(tmp_path / "left out", flow([LEFT_OUT])) == []
