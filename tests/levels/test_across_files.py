"""What rules of single files say where it takes several: one thing is changed in an aligned step with its builder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from training_alignment import check
from training_alignment.rules.example_builder import built

from flake8_training.rules.rule import Example
from tests.harness import write
from tests.margin import assert_places

Changes = list[tuple[str, str]]
Parts = Mapping[str, Changes]

IN_PACKAGE = ("from pipeline.contract import", "from ..pipeline.contract import")

CHANGED: dict[str, Parts] = {
    "an output out of what is kept, the contract's class in its package": {
        "contract": [
            IN_PACKAGE,
            ('{"model_output": "/opt/ml/model"},', '{"model_output": "/tmp/model"},  # TRN214'),
        ],
    },
    "an input out of the input folder": {
        "contract": [
            ("/opt/ml/input/data/training", "/opt/ml/processing/training"),
            ('training"},', 'training"},  # TRN214'),
        ],
    },
    "an abstract method of a base in another file": {
        "builder": [
            (
                "class ChurnTrainingStepBuilder(StepBuilder):",
                "class ChurnTrainingStepBuilder(StepBuilder):  # TRN401",
            ),
            ("def validate_configuration(", "def validate_configuratoin("),
        ],
    },
    "an instance type that there is not": {
        "configuration": [('"ml.m5.xlarge"', '"ml.m5.xlagre"  # TRN211')],
    },
    "a volume of nothing": {
        "configuration": [("training_volume_size: int = 30", "training_volume_size: int = 0  # TRN211")]
    },
    "a version that there is not": {"configuration": [('"1.7-1"', '"0.9.9"  # TRN405')]},
    "a version that there is not, in the builder": {
        "builder": [
            ("framework_version=self.config.framework_version,", 'framework_version="0.9.9",  # TRN405')
        ],
    },
    "another entry point than the contract's, by the configuration": {
        "configuration": [('= "churn_training.py"', '= "churn_trainnig.py"  # TRN406')],
    },
    "another entry point than the contract's, by the builder": {
        "builder": [
            ("entry_point=self.config.training_entry_point,", 'entry_point="churn.py",  # TRN406'),
            ('source_dir="scripts",', "source_dir=self.config.source_folder,"),
        ],
        "configuration": [("label_field: str", "label_field: str\n        source_folder: str")],
    },
    "the specification of this step with the contract of another": {
        "specification": [
            (
                "from contracts.churn_training_contract import CHURN_TRAINING_CONTRACT",
                "from contracts.cleaning_contract import CLEANING_CONTRACT",
            ),
            ("script_contract=CHURN_TRAINING_CONTRACT,", "script_contract=CLEANING_CONTRACT,  # TRN418"),
        ],
    },
    "a field misspelt by the configuration itself": {
        "configuration": [
            (
                "training_volume_size: int = 30",
                "training_volume_size: int = 30\n\n        def shown(self):\n"
                "            return self.min_row  # TRN417",
            )
        ],
    },
    "a step that waits for itself": {
        "specification": [
            ('logical_name="training_data",', 'logical_name="training_data",  # TRN311'),
            ('compatible_sources=["Cleaning"]', 'compatible_sources=["ChurnTraining"]'),
        ],
    },
    "the type of what is in the model directory": {
        "specification": [
            (
                "output_type=DependencyType.MODEL_ARTIFACTS,",
                "output_type=DependencyType.HYPERPARAMETERS,  # TRN206",
            )
        ],
    },
    "a key of the contract misspelt": {
        "contract": [
            ("expected_arguments={},", "expected_argumnets={},  # TRN002"),
        ],
    },
    "a key of an output misspelt": {
        "specification": [
            ("property_path=", "proprety_path="),
            ('S3ModelArtifacts",', 'S3ModelArtifacts",  # TRN002'),
        ],
    },
}

OTHERS = {
    "contracts/cleaning_contract.py": """
        from pipeline.contract import ScriptContract

        CLEANING_CONTRACT = ScriptContract(
            entry_point="cleaning.py",
            expected_input_paths={"raw": "/opt/ml/processing/input/raw"},
            expected_output_paths={"clean": "/opt/ml/processing/output"},
        )
    """,
    "specs/cleaning_spec.py": """
        from contracts.cleaning_contract import CLEANING_CONTRACT
        from pipeline.specification import OutputSpec, StepSpecification

        CLEANING_SPEC = StepSpecification(
            step_type="Cleaning",
            script_contract=CLEANING_CONTRACT,
            dependencies=[],
            outputs=[OutputSpec(logical_name="clean", output_type="processing_output")],
        )
    """,
    "scripts/cleaning.py": """
        print("/opt/ml/processing/input/raw", "/opt/ml/processing/output")
    """,
}
"""Another step."""

SILENT: dict[str, Parts] = {
    "a key of one's own": {"contract": [("expected_arguments={},", 'expected_arguments={}, owner="churn",')]},
    "a default that is not known": {"configuration": [('= "ml.m5.xlarge"', "= INSTANCE_TYPE")]},
    "the entry point in a folder": {
        "configuration": [('= "churn_training.py"', '= "jobs/churn_training.py"')]
    },
    "a method that the base only refuses": {
        "builder": [("def validate_configuration(", "def check(")],
        "base": [
            ("            self.validate_configuration()\n", ""),
            (
                "        @abstractmethod\n        def validate_configuration(self):\n            ...",
                "        def validate_configuration(self):\n            raise NotImplementedError",
            ),
        ],
    },
}


def found_in(folder: Path, parts: Parts) -> list[tuple[str, int, str]]:
    """Write the step with what is changed in its parts, and another; return file, line and code of what is found."""
    write(folder, Example({**OTHERS, **built(**parts)}).files)
    found = check(root=folder, ignore=["TRN301", "TRN004"])
    return [(Path(f.path).as_posix(), f.line, f.code) for f in found if "cleaning" not in f.path]


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are told as seen from the repository."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", CHANGED)
def test_one_change(name: str, tmp_path: Path) -> None:
    changed = Example(built(**CHANGED[name]))
    assert changed.expected
    found = changed.expected.intersection(found_in(tmp_path, CHANGED[name]))
    assert_places(found, changed.expected, changed.files)


@pytest.mark.parametrize("name", SILENT)
def test_nothing_is_said(name: str, tmp_path: Path) -> None:
    assert_places(found_in(tmp_path, SILENT[name]), (), Example(built(**SILENT[name])).files)
