"""A project's classes of hyperparameters against the script's own class that takes them in."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.rules.example_step import Changes, changed

from flake8_training.rules.rule import Example
from tests.alignment import check
from tests.harness import write

CONTRACT = """
    from contracts.base import TrainingScriptContract

    PRICE_TRAINING_CONTRACT = TrainingScriptContract(
        entry_point="price_training.py",
        expected_input_paths={"data": "/opt/ml/input/data"},
        expected_output_paths={"model": "/opt/ml/model"},
    )
"""

CONFIGURATION = """
    from typing import Optional

    from pydantic import BaseModel

    from hyperparams.hyperparameters_base import BaseHyperparameters


    class PriceTrainingConfig(BaseModel):
        hyperparameters: Optional[BaseHyperparameters] = None
"""

BASE = """
    from pydantic import BaseModel, PrivateAttr


    class BaseHyperparameters(BaseModel):
        learning_rate: float = 0.1
        _classes: int = PrivateAttr(default=2)

        @property
        def classes(self):
            return self._classes
"""

OWN = """
    from hyperparams.hyperparameters_base import BaseHyperparameters


    class PriceHyperparameters(BaseHyperparameters):
        max_depth: int = 6
        price_text_input_key: str = "price"


    class OtherHyperparameters(BaseHyperparameters):
        num_layers: int = 2
        num_heads: int = 8
        head_width: int = 64
        warm_up: int = 100
"""

SCRIPT = """
    import json
    import os

    from pydantic import BaseModel


    class Settings(BaseModel):
        learning_rate: float = 0.1
        classes: int = 2
        max_depth: int = 6
        price_text_input_key: str = "price"


    if __name__ == "__main__":
        with open("/opt/ml/input/config/hyperparameters.json") as stream:
            settings = Settings(**json.load(stream))
        print(settings, os.environ["SM_MODEL_DIR"])
"""


def project(script: Changes = (), own: Changes = (), configuration: Changes = ()) -> dict[str, str]:
    """A step with classes of hyperparameters, each with texts replaced by others."""
    return {
        "contracts/price_training_contract.py": CONTRACT,
        "configs/config_price_training_step.py": changed(CONFIGURATION, configuration),
        "hyperparams/hyperparameters_base.py": BASE,
        "hyperparams/hyperparameters_price.py": changed(OWN, own),
        "scripts/price_training.py": changed(SCRIPT, script),
    }


@pytest.mark.parametrize(
    ("field", "near"),
    [
        ("max_dept", "max_depth"),
        ("price_input_key", "price_text_input_key"),
        ("learning_rat", "learning_rate"),
    ],
)
def test_a_field_that_is_called_otherwise(field: str, near: str, tmp_path: Path) -> None:
    write(tmp_path, Example(project([(f"{near}:", f"{field}:")])).files)
    (finding,) = check("--select=TRN158", folder=tmp_path).findings
    source = (tmp_path / "scripts/price_training.py").read_text().splitlines()
    assert finding["path"] == "scripts/price_training.py"
    assert source[finding["line"] - 1].strip().startswith(f"{field}:")
    assert finding["severity"] == "warning"
    assert finding["message"].endswith(f"{field}, did you mean {near}?")
    assert [other["path"].rpartition("/")[0] for other in finding["related"]] == ["hyperparams"]


PARTS = """
    from hyperparams.hyperparameters_price import PriceHyperparameters


    class HalfPrice(PriceHyperparameters):
        discount: float = 0.5
"""


@pytest.mark.parametrize(
    ("files", "near"),
    [
        # Neither the field's name nor the file's says what the class holds.
        (
            project(
                [("max_depth:", "max_dept:")],
                configuration=[("hyperparameters: Optional", "tree: Optional")],
            ),
            "max_depth",
        ),
        # A class of another file, and of a class between.
        (
            {
                **project([("max_depth: int = 6", "max_depth: int = 6\n        discoun: float = 0.5")]),
                "models/half.py": PARTS,
            },
            "discount",
        ),
        # The script's class comes from a class of its own.
        (
            {
                **project(
                    [
                        ("from pydantic import BaseModel", "from records import Record"),
                        ("(BaseModel)", "(Record)"),
                        ("max_depth:", "max_dept:"),
                    ]
                ),
                "scripts/records.py": """
                    class Record:
                        def __init__(self, **values):
                            for name in values:
                                setattr(self, name, values[name])
                """,
            },
            "max_depth",
        ),
    ],
)
def test_the_classes_are_found_by_what_they_hold(files: dict[str, str], near: str, tmp_path: Path) -> None:
    write(tmp_path, Example(files).files)
    (finding,) = check("--select=TRN158", folder=tmp_path).findings
    assert finding["message"].endswith(f", did you mean {near}?")


@pytest.mark.parametrize(
    "files",
    [
        project(),
        project([("max_depth:", "number_of_leaves:")]),
        # A name that another of the classes has is theirs.
        project([("max_depth:", "warm_up:")]),
        # A slip of what only a class of another script has.
        project([("max_depth:", "num_layer:")]),
        # The script has both: one is its own.
        project([("max_depth:", "max_dept: int = 1\n        max_depth:")]),
        # It is not filled from what is loaded.
        project(
            [("max_depth:", "max_dept:"), ("Settings(**json.load(stream))", "json.load(stream), Settings()")]
        ),
        # The configuration takes none of the classes.
        project(
            [("max_depth:", "max_dept:")],
            configuration=[
                ("hyperparameters: Optional[BaseHyperparameters]", "hyperparameters: Optional[dict]")
            ],
        ),
    ],
)
def test_silent(files: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, Example(files).files)
    assert check("--select=TRN158,TRN001", folder=tmp_path).findings == []
