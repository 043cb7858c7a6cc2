"""Which files make up which step, in the layouts that repositories have."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.artefacts.model import StepKind
from training_alignment.steps.drafts import Drafts, nearest
from training_alignment.steps.step import Part, Role

from tests.steps.repositories import (
    BUILDER,
    CONFIGURATION,
    CONTRACT,
    SCRIPT,
    SPECIFICATION,
    discover,
    layered,
    only,
    parts,
    reason,
)

TABLE_CONTRACT = """
    TRAINING_CONTRACT = {
        "inputs": {"training": {"type": "TrainingInput", "destination": "/opt/ml/input/data/training"}},
        "outputs": {"model": {"type": "model_artifacts", "source": "/opt/ml/model"}},
        "hyperparameters": {"max_depth": 6},
    }
"""

TABLE_SPECIFICATION = """
    TRAINING_SPEC = {
        "step_name": "xgboost-training",
        "estimator_config": {"instance_type": "ml.m5.xlarge"},
        "inputs": ["TrainingInput"],
        "outputs": ["model_artifacts"],
    }
"""

TABLE_FLOW = """
    dependencies = {"upstream_steps": ["preprocessing"], "input_artifacts": ["data"]}
    required_methods = ["_create_estimator", "create_step"]
"""

TABLE_BUILDER = """
    from sagemaker.xgboost import XGBoost
    from sagemaker.workflow.steps import TrainingStep

    class XGBoostTrainingStepBuilder:
        def __init__(self):
            self.step_name = "xgboost-training"
            self.entry_point = "xgboost_training.py"

        def _create_estimator(self):
            return XGBoost(entry_point=self.entry_point)

        def create_step(self):
            return TrainingStep(name=self.step_name, estimator=self._create_estimator())
"""

STEP_FILE = """
    step_type: {name}
    registry: {{sagemaker_step_type: {kind}}}
    contract:
      entry_point: {script}
      inputs: {{data: {{path: /opt/ml/processing/input}}}}
      outputs: {{}}
    spec:
      dependencies: {{data: {{type: processing_output, compatible_sources: [Loading]}}}}
      outputs: {{}}
"""


def test_files_that_import_one_another(tmp_path: Path) -> None:
    discovery = discover(tmp_path, layered("Churn", "churn"))
    (step,) = discovery.steps
    assert parts(step) == {
        "script": "steps/scripts/churn.py",
        "contract": "steps/contracts/churn_contract.py:CHURN_CONTRACT",
        "specification": "steps/specs/churn_spec.py:CHURN_SPEC",
        "builder": "steps/builders/builder_churn_step.py:ChurnStepBuilder",
        "configuration": "steps/configs/config_churn_step.py:ChurnConfig",
    }
    assert (step.name, step.kind, step.kind_reason) == (
        "Churn",
        StepKind.TRAINING,
        "its contract is a TrainingScriptContract",
    )
    assert reason(step, Role.SCRIPT) == "the entry point churn.py of steps/contracts/churn_contract.py"
    assert reason(step, Role.CONTRACT) == "imported by steps/specs/churn_spec.py"
    assert reason(step, Role.BUILDER) == "it imports CHURN_SPEC"
    reading = discovery.read(step)
    assert reading.contract is not None
    assert reading.builder is not None
    assert reading.configuration is not None
    assert reading.configuration.lacks("volume")
    assert discovery.errors == ()


def test_names_say_nothing_where_files_do(tmp_path: Path) -> None:
    files = {
        "a/one.py": CONTRACT.format(constant="A", script="three.py"),
        "a/two.py": SPECIFICATION.format(
            package="", module="x", contract="A", constant="B", name="Churn", source="L"
        ).replace("contracts.x", "one"),
        "a/three.py": SCRIPT,
        "a/four.py": BUILDER.format(package="", config="x", name="Own", module="x", constant="B")
        .replace("configs.x", "five")
        .replace("specs.x", "two")
        .replace("self.spec = B", "self.spec = B_SPEC")
        .replace("import B", "import B as B_SPEC"),
        "a/five.py": CONFIGURATION.format(name="Own"),
    }
    assert only(discover(tmp_path, files)) == {
        "script": "a/three.py",
        "contract": "a/one.py:A",
        "specification": "a/two.py:B",
        "builder": "a/four.py:OwnStepBuilder",
        "configuration": "a/five.py:OwnConfig",
    }


def test_several_steps_are_kept_apart(tmp_path: Path) -> None:
    files = {
        **layered("XGBoostTraining", "xgboost_training"),
        **layered("PyTorchTraining", "pytorch_training"),
        **layered("XGBoostModelEval", "xgboost_model_eval"),
    }
    discovery = discover(tmp_path, files)
    assert [step.name for step in discovery.steps] == [
        "PyTorchTraining",
        "XGBoostModelEval",
        "XGBoostTraining",
    ]
    assert all(len(step.paths) == 5 for step in discovery.steps)
    assert {path for step in discovery.steps for path in step.paths} == set(files)


def test_specifications_for_job_types_are_one_step(tmp_path: Path) -> None:
    files = layered("Mapping", "mapping")
    text = files.pop("steps/specs/mapping_spec.py")
    for job in ("training", "validation"):
        files[f"steps/specs/mapping_{job}_spec.py"] = text.replace(
            '"Mapping"', f'get_type("Mapping", "{job}")'
        ).replace("MAPPING_SPEC", f"MAPPING_{job.upper()}_SPEC")
    files["steps/builders/builder_mapping_step.py"] = (
        files["steps/builders/builder_mapping_step.py"]
        .replace(
            "from steps.specs.mapping_spec import MAPPING_SPEC",
            "from steps.specs.mapping_training_spec import MAPPING_TRAINING_SPEC\n"
            "    from steps.specs.mapping_validation_spec import MAPPING_VALIDATION_SPEC",
        )
        .replace("self.spec = MAPPING_SPEC", "self.spec = MAPPING_TRAINING_SPEC or MAPPING_VALIDATION_SPEC")
    )
    discovery = discover(tmp_path, files)
    (step,) = discovery.steps
    assert parts(step)["specification"] == [
        "steps/specs/mapping_training_spec.py:MAPPING_TRAINING_SPEC",
        "steps/specs/mapping_validation_spec.py:MAPPING_VALIDATION_SPEC",
    ]
    assert [s.job_type for s in discovery.read(step).specifications] == ["training", "validation"]
    assert step.name == "Mapping"


@pytest.mark.parametrize(
    "layout",
    [
        {
            "contract": "contracts/xgboost_training_contract.py",
            "specification": "specs/xgboost_training_spec.py",
            "flow": "flows/xgboost_training_dependencies.py",
            "builder": "builders/builder_xgboost_training_step.py",
            "script": "scripts/xgboost_training.py",
        },
        {
            "contract": "xgboost_training_contract.py",
            "specification": "xgboost_training_spec.py",
            "flow": "xgboost_training_flow.py",
            "builder": "builder_xgboost_training_step.py",
            "script": "xgboost_training.py",
        },
        {
            "contract": "pipelines/xgboost/contract.py",
            "specification": "pipelines/xgboost/spec.py",
            "flow": "pipelines/xgboost/flow.py",
            "builder": "pipelines/xgboost/builder.py",
            "script": "pipelines/xgboost/xgboost_training.py",
        },
    ],
)
def test_tables_are_put_together_by_names_and_folders(tmp_path: Path, layout: dict[str, str]) -> None:
    files = {
        layout["contract"]: TABLE_CONTRACT,
        layout["specification"]: TABLE_SPECIFICATION,
        layout["flow"]: TABLE_FLOW,
        layout["builder"]: TABLE_BUILDER,
        layout["script"]: SCRIPT,
    }
    discovery = discover(tmp_path, files)
    (step,) = discovery.steps
    assert step.name == "xgboost-training"
    assert step.kind is StepKind.TRAINING
    assert {part.role.value: part.path for part in step.parts} == layout
    reading = discovery.read(step)
    assert [flow.subject for flow in reading.flows] == ["dependencies"]
    assert [requirement.subject for requirement in reading.requirements] == ["required_methods"]


def test_everything_in_one_file(tmp_path: Path) -> None:
    text = TABLE_CONTRACT + TABLE_SPECIFICATION + TABLE_FLOW
    found = only(discover(tmp_path, {"step.py": text, "train.py": SCRIPT}))
    assert found["contract"] == "step.py:TRAINING_CONTRACT"
    assert found["specification"] == "step.py:TRAINING_SPEC"
    assert found["flow"] == ["step.py:dependencies", "step.py:required_methods"]
    assert found["script"] == "train.py"


def test_two_steps_in_one_file(tmp_path: Path) -> None:
    def both(name: str) -> str:
        text = TABLE_CONTRACT + TABLE_SPECIFICATION
        return text.replace("TRAINING_", f"{name.upper()}_").replace("xgboost-training", name)

    first, second = discover(tmp_path, {"steps.py": both("churn") + both("fraud")}).steps
    assert (first.name, parts(first)) == (
        "churn",
        {"contract": "steps.py:CHURN_CONTRACT", "specification": "steps.py:CHURN_SPEC"},
    )
    assert parts(second)["contract"] == "steps.py:FRAUD_CONTRACT"


@pytest.mark.parametrize(
    ("path", "text", "role"),
    [
        ("churn_contract.yaml", "hyperparameters: {a: 1}\n", "contract"),
        ("churn_spec.yaml", "inputs: [TrainingInput]\nhyperparameters: {a: 1}\n", "specification"),
        ("churn-spec.json", '{"step_name": "churn", "inputs": ["TrainingInput"]}', "specification"),
        (
            "churn.yaml",
            "step_name: churn\ninputs: [TrainingInput]\ncode_location: s3://a/b\n",
            "specification",
        ),
        ("churn.yaml", "inputs: {d: {path: /opt/ml/input/data}}\nhyperparameters: {a: 1}\n", "contract"),
        ("MyContract.json", '{"contractName": "My", "abi": [], "bytecode": "0x"}', ""),
        ("openapi_spec.yaml", "openapi: 3.0.0\npaths: {}\n", ""),
        ("spec.json", '{"version": 1, "targets": []}', ""),
    ],
)
def test_one_table_in_a_file_of_data(tmp_path: Path, path: str, text: str, role: str) -> None:
    steps = discover(tmp_path, {path: text}).steps
    assert [set(parts(step)) for step in steps] == ([{role}] if role else [])


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_tables_as_yaml_and_json(tmp_path: Path, suffix: str) -> None:
    contract = '{"inputs": {"data": {"path": "/opt/ml/input/data"}}, "outputs": {"model": {"path": "/opt/ml/model"}}}'
    specification = (
        '{"step_name": "churn", "estimator_config": {"instance_count": 1}, "inputs": ["TrainingInput"]}'
    )
    files = {
        f"contracts/churn.{suffix}": contract,
        f"specs/churn.{suffix}": specification,
        "scripts/churn.py": SCRIPT,
        "package.json": '{"dependencies": {"left-pad": "1"}}',
        "action.yml": "inputs: {a: {description: model_artifacts}}\noutputs: {}\nruns: {using: node20}\n",
        "broken.yaml": "model_artifacts: {{ template }}\n",
    }
    discovery = discover(tmp_path, files)
    (step,) = discovery.steps
    assert parts(step) == {
        "script": "scripts/churn.py",
        "contract": f"contracts/churn.{suffix}",
        "specification": f"specs/churn.{suffix}",
    }
    assert discovery.errors == ()


def test_step_files(tmp_path: Path) -> None:
    files = {
        "steps/interfaces/churn_training.step.yaml": STEP_FILE.format(
            name="ChurnTraining", kind="Processing", script="churn_training.py"
        ),
        "steps/interfaces/odd.step.yaml": STEP_FILE.format(name="Odd", kind="Custom", script="null").replace(
            "{sagemaker_step_type: Custom}",
            "{sagemaker_step_type: Custom, config_class: QuiteDifferentConfig}",
        ),
        "steps/configs/config_churn_training_step.py": CONFIGURATION.format(name="ChurnTraining"),
        "steps/other/different.py": CONFIGURATION.format(name="QuiteDifferent"),
        "steps/scripts/churn_training.py": SCRIPT,
        "steps/builders/builder_churn_training_step.py": """
            from ..interfaces import load_step_interface
            _contract, SPEC = load_step_interface("ChurnTraining")
            class AnyStepBuilder:
                def create_step(self): return SPEC
        """,
    }
    churn, odd = discover(tmp_path, files).steps
    assert parts(churn) == {
        "script": "steps/scripts/churn_training.py",
        "contract": "steps/interfaces/churn_training.step.yaml",
        "specification": "steps/interfaces/churn_training.step.yaml",
        "builder": "steps/builders/builder_churn_training_step.py:AnyStepBuilder",
        "configuration": "steps/configs/config_churn_training_step.py:ChurnTrainingConfig",
    }
    assert (churn.kind, churn.kind_reason) == (StepKind.PROCESSING, "registered as Processing")
    assert reason(churn, Role.BUILDER) == "it loads the step ChurnTraining"
    assert odd.kind is StepKind.OTHER
    assert parts(odd)["configuration"] == "steps/other/different.py:QuiteDifferentConfig"
    assert odd.script.reason == "its contract says that it has none"


def test_the_registry_says_what_kind_a_step_is(tmp_path: Path) -> None:
    registry = 'STEP_NAMES = {"DummyTraining": {"sagemaker_step_type": "Processing", "spec_type": "DummyTraining"}}\n'
    files = {**layered("DummyTraining", "dummy_training"), "steps/registry.py": registry}
    (step,) = discover(tmp_path, files).steps
    assert (step.kind, step.kind_reason) == (StepKind.PROCESSING, "registered as Processing")
    assert step.registration is not None


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"TrainingScriptContract": "ScriptContract"}, StepKind.PROCESSING),
        ({"TrainingScriptContract": "OwnScriptContract"}, StepKind.TRAINING),
    ],
)
def test_the_contract_says_what_kind_a_step_is(
    tmp_path: Path, changes: dict[str, str], kind: StepKind
) -> None:
    files = layered("Churn", "churn")
    for old, new in changes.items():
        files = {path: text.replace(old, new) for path, text in files.items()}
    (step,) = discover(tmp_path, files).steps
    assert step.kind is kind


def test_a_builder_bound_to_another_step_stays_with_its_own(tmp_path: Path) -> None:
    files = {**layered("Churn", "churn"), **layered("Fraud", "fraud")}
    own = files["steps/builders/builder_churn_step.py"]
    files["steps/builders/builder_churn_step.py"] = own.replace("churn_spec", "fraud_spec").replace(
        "CHURN_SPEC", "FRAUD_SPEC"
    )
    discovery = discover(tmp_path, files)
    churn, fraud = discovery.steps
    assert parts(churn)["builder"] == "steps/builders/builder_churn_step.py:ChurnStepBuilder"
    assert parts(fraud)["builder"] == "steps/builders/builder_fraud_step.py:FraudStepBuilder"
    assert reason(churn, Role.BUILDER) == "named like the step, although it imports FRAUD_SPEC"
    builder = discovery.read(churn).builder
    assert builder is not None
    assert [b.path for b in builder.specifications] == ["steps/specs/fraud_spec.py"]


def test_a_specification_bound_to_another_contract_stays_with_its_own(tmp_path: Path) -> None:
    files = {**layered("Churn", "churn"), **layered("Fraud", "fraud")}
    own = files["steps/specs/churn_spec.py"]
    files["steps/specs/churn_spec.py"] = own.replace("churn_contract", "fraud_contract").replace(
        "CHURN_CONTRACT", "FRAUD_CONTRACT"
    )
    discovery = discover(tmp_path, files)
    churn, fraud = discovery.steps
    assert parts(churn)["contract"] == "steps/contracts/churn_contract.py:CHURN_CONTRACT"
    assert parts(fraud)["contract"] == "steps/contracts/fraud_contract.py:FRAUD_CONTRACT"
    assert "although" in reason(churn, Role.CONTRACT)
    specification = discovery.read(churn).specification
    assert specification is not None
    assert specification.contract is not None
    assert specification.contract.name == "FRAUD_CONTRACT"


def test_a_contract_that_two_steps_share(tmp_path: Path) -> None:
    files = {**layered("Churn", "churn"), **layered("Fraud", "fraud")}
    del files["steps/contracts/churn_contract.py"]
    files["steps/specs/churn_spec.py"] = (
        files["steps/specs/churn_spec.py"]
        .replace("churn_contract", "fraud_contract")
        .replace("CHURN_CONTRACT", "FRAUD_CONTRACT")
    )
    churn, fraud = discover(tmp_path, files).steps
    assert (
        parts(churn)["contract"]
        == parts(fraud)["contract"]
        == "steps/contracts/fraud_contract.py:FRAUD_CONTRACT"
    )
    assert parts(churn)["script"] == "steps/scripts/fraud.py"


def test_irregular_names(tmp_path: Path) -> None:
    files = {
        "steps/contracts/tabular_preprocess_contract.py": CONTRACT.format(
            constant="TABULAR_PREPROCESS_CONTRACT", script="tabular_preprocessing.py"
        ),
        "steps/specs/tabular_preprocessing_spec.py": """
            PREPROCESSING_SPEC = StepSpecification(step_type="TabularPreprocessing", dependencies=[], outputs=[])
        """,
        "steps/contracts/store_registration_contract.py": CONTRACT.format(
            constant="STORE_REGISTRATION_CONTRACT", script="script.py"
        ),
        "steps/specs/registration_spec.py": """
            REGISTRATION_SPEC = StepSpecification(step_type="Registration", dependencies=[], outputs=[])
        """,
        "steps/scripts/tabular_preprocessing.py": SCRIPT,
    }
    registration, tabular = discover(tmp_path, files).steps
    assert (
        parts(tabular)["contract"]
        == "steps/contracts/tabular_preprocess_contract.py:TABULAR_PREPROCESS_CONTRACT"
    )
    assert parts(tabular)["script"] == "steps/scripts/tabular_preprocessing.py"
    assert reason(registration, Role.CONTRACT) == "named nearly like the step"


def test_a_contract_alone_is_a_step(tmp_path: Path) -> None:
    (step,) = discover(tmp_path, {"contracts/churn_contract.py": TABLE_CONTRACT}).steps
    assert (step.name, parts(step)) == (
        "churn",
        {"contract": "contracts/churn_contract.py:TRAINING_CONTRACT"},
    )
    assert step.script.reason == "nothing names a script"


def test_a_builder_alone_is_a_step_if_it_builds_one(tmp_path: Path) -> None:
    files = {
        "builders/churn.py": TABLE_BUILDER.replace("xgboost-training", "churn").replace(
            "XGBoostTraining", "Churn"
        ),
        "builders/base.py": """
            from abc import ABC, abstractmethod
            class Base(ABC):
                @abstractmethod
                def create_step(self): ...
            class Template(Base):
                def create_step(self): return self.handler.build(self)
            class Handler:
                def _create_model(self): return None
        """,
    }
    (step,) = discover(tmp_path, files).steps
    assert (step.name, step.kind) == ("churn", StepKind.TRAINING)


def test_tests_and_archives_hold_no_steps(tmp_path: Path) -> None:
    files = {
        "tests/test_contract.py": CONTRACT.format(constant="A_CONTRACT", script="a.py"),
        "src/test_spec.py": TABLE_SPECIFICATION,
        "archive/old_contract.py": TABLE_CONTRACT,
        "src/build/lib/contract.py": TABLE_CONTRACT,
        "src/app.py": "class Order:\n    contract = 1\n",
    }
    assert discover(tmp_path, files).steps == ()


def test_two_steps_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    files = {**layered("Churn", "churn", root="north/"), **layered("Churn", "churn", root="south/")}
    north, south = discover(tmp_path, files).steps
    assert (north.name, south.name) == ("Churn (north)", "Churn (south)")
    assert all(path.startswith("north/") for path in north.paths)
    assert all(path.startswith("south/") for path in south.paths)
    assert len(north.paths) == len(south.paths) == 5


def test_a_repository_without_steps(tmp_path: Path) -> None:
    discovery = discover(tmp_path, {"a.py": "x = 1\n", "b.yaml": "a: 1\n", "c.json": "{}"})
    assert discovery.steps == ()
    assert discovery.errors == ()


def test_a_step_is_as_near_as_the_nearest_of_its_files() -> None:
    drafts = Drafts()
    first, second = drafts.new("First"), drafts.new("Second")
    first.add(Part(Role.CONTRACT, "a/b/first_contract.py", "FIRST", "named so"))
    second.add(Part(Role.CONTRACT, "a/c/second_contract.py", "SECOND", "named so"))
    assert nearest(drafts, "a/c/d/spec.py") is second
    first.add(Part(Role.SPECIFICATION, "a/c/d/first_spec.py", "FIRST_SPEC", "named so"))
    assert nearest(drafts, "a/c/d/spec.py") is first
    first.close()
    assert nearest(drafts, "a/c/d/spec.py") is first


def test_a_file_belongs_to_each_step_that_has_a_part_in_it() -> None:
    drafts = Drafts()
    steps = [drafts.new(name) for name in ("First", "Second", "Third")]
    for step in steps:
        step.add(Part(Role.CONTRACT, "contracts.py", step.name.upper(), "named so"))
        step.add(Part(Role.SPECIFICATION, "contracts.py", step.name, "named so"))
        assert drafts.with_file("contracts.py") == steps[: steps.index(step) + 1]
    assert drafts.with_file("other.py") == []
