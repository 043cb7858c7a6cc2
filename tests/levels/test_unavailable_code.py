"""Code that is not available and reads may lead to an input; to no output, unless it may write too."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment import check

from tests.harness import write

CONTRACT = """
from contracts.base import TrainingScriptContract

CHURN_CONTRACT = TrainingScriptContract(
    entry_point="churn.py",
    expected_input_paths={"train": "/opt/ml/input/data/train", "prices": "/opt/ml/input/data/prices"},
    expected_output_paths={"model": "/opt/ml/model", "report": "/opt/ml/output/data/report"},
    required_env_vars=[],
)
"""
SCRIPT = """
import joblib
import quotes
from sklearn.linear_model import Ridge

data = joblib.load("/opt/ml/input/data/train/x")
{line}
joblib.dump(Ridge().fit(data, prices), "/opt/ml/model/model.joblib")
"""


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("prices = [1]", {"TRN151", "TRN152"}),
        ('prices = quotes.fetch("gold")', {"TRN152"}),
        ("prices = quotes.fetch(data)", set()),
    ],
)
def test_reads_open_the_inputs_only(tmp_path: Path, line: str, codes: set[str]) -> None:
    files = {"contracts/churn_contract.py": CONTRACT, "scripts/churn.py": SCRIPT.format(line=line)}
    write(tmp_path, files)
    found = {one.code for one in check(root=str(tmp_path))}
    assert found & {"TRN151", "TRN152"} == codes
