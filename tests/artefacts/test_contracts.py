"""Contracts in every format give one model."""

from __future__ import annotations

import json

import pytest
import yaml
from training_alignment.artefacts.data_file import read_data
from training_alignment.artefacts.model import Contract, Format, Port, StepKind
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.tree import Scalar, Table

from tests.artefacts.files import MadeUp, plain

TABLE = """
    TRAINING_CONTRACT = {
        "inputs": {
            "training_data": {
                "type": "TrainingInput",
                "source": "s3://bucket/training/",
                "destination": "/opt/ml/input/data/training",
            },
        },
        "outputs": {
            "model": {"type": "model_artifacts", "source": "/opt/ml/model", "destination": "s3://bucket/models/"},
        },
        "hyperparameters": {"max_depth": 6, "eta": 0.3},
        "environment_variables": {"FRAMEWORK": "xgboost", "MODEL_TYPE": "classification"},
    }
"""

CALL = """
    from .base import TrainingScriptContract

    CHURN_CONTRACT = TrainingScriptContract(
        entry_point="churn.py",
        expected_input_paths={"data": "/opt/ml/input/data"},
        expected_output_paths={"model": "/opt/ml/model"},
        expected_arguments={"max-depth": "6"},
        required_env_vars=["REGION"],
        optional_env_vars={"LEVEL": "1"},
        framework_requirements={"xgboost": "==1.7.6"},
    )
"""


def contract_of(text: str, path: str = "made/up.py") -> Contract:
    (contract,) = MadeUp({path: text}).reading(path).contracts
    return contract


def paths(table: Table[Port] | None) -> dict[str, object]:
    assert table is not None
    return {entry.name.value: entry.value.path.value if entry.value.path else None for entry in table}


def test_a_dict_literal() -> None:
    contract = contract_of(TABLE)
    assert (contract.name, contract.format, contract.kind) == (
        "TRAINING_CONTRACT",
        Format.TABLE,
        StepKind.TRAINING,
    )
    assert (contract.place.line, contract.place.column) == (1, 1)
    assert paths(contract.inputs) == {"training_data": "/opt/ml/input/data/training"}
    assert paths(contract.outputs) == {"model": "/opt/ml/model"}
    assert contract.inputs is not None
    port = contract.inputs.get("training_data")
    assert port is not None
    assert port.type == Scalar("TrainingInput", port.name.place._replace(line=4, column=21))
    assert port.location is not None
    assert port.location.value == "s3://bucket/training/"
    assert plain(contract.hyperparameters) == {"max_depth": 6, "eta": 0.3}
    assert plain(contract.variables) == {"FRAMEWORK": "xgboost", "MODEL_TYPE": "classification"}
    assert contract.framework is not None
    assert contract.framework.value == "xgboost"
    assert contract.required_variables is None
    assert contract.entry_point is None


def test_a_call() -> None:
    contract = contract_of(CALL)
    assert (contract.name, contract.format) == ("CHURN_CONTRACT", Format.CALL)
    assert (contract.class_name, contract.kind) == ("TrainingScriptContract", StepKind.TRAINING)
    assert contract.entry_point is not None
    assert (contract.entry_point.value, contract.entry_point.place.line) == ("churn.py", 4)
    assert paths(contract.inputs) == {"data": "/opt/ml/input/data"}
    assert paths(contract.outputs) == {"model": "/opt/ml/model"}
    assert plain(contract.arguments) == {"max-depth": "6"}
    assert contract.required_variables is not None
    assert [name.value for name in contract.required_variables] == ["REGION"]
    assert plain(contract.optional_variables) == {"LEVEL": "1"}
    assert plain(contract.requirements) == {"xgboost": "==1.7.6"}


@pytest.mark.parametrize("suffix", ["yaml", "yml", "json"])
@pytest.mark.parametrize("named", ["", "TRAINING_CONTRACT", "contract"])
def test_the_same_as_a_file(suffix: str, named: str) -> None:
    reading = MadeUp({"a.py": TABLE}).reading("a.py")
    value = plain(reading.contracts[0].raw)
    whole = {named: value} if named else value
    text = json.dumps(whole, indent="\t") if suffix == "json" else yaml.safe_dump(whole)
    (contract,) = read_data(text.encode(), f"a.{suffix}").contracts
    assert plain(contract.raw) == value
    assert paths(contract.inputs) == {"training_data": "/opt/ml/input/data/training"}
    assert (contract.name, contract.kind) == (named, StepKind.TRAINING)
    assert contract.path == f"a.{suffix}"


def test_a_processing_contract() -> None:
    contract = contract_of(CALL.replace("TrainingScriptContract", "ScriptContract"))
    assert contract.kind is StepKind.PROCESSING


@pytest.mark.parametrize(
    ("text", "class_name", "kind"),
    [
        (
            "from x import TrainingScriptContract as C\nA_CONTRACT = C(entry_point='a.py')",
            "TrainingScriptContract",
            "Training",
        ),
        ("import x\nA = x.y.ScriptContract(entry_point='a.py')", "ScriptContract", "Processing"),
        ("class C(ScriptContract): pass\nA = C(entry_point='a.py')", "ScriptContract", "Processing"),
        (
            "class MyScriptContract: pass\nA = MyScriptContract(entry_point='a.py')",
            "MyScriptContract",
            "unknown",
        ),
        ("def contract():\n    return ScriptContract(entry_point='a.py')", "ScriptContract", "Processing"),
        (
            "try:\n    A = ScriptContract(entry_point='a.py')\nexcept E:\n    A = None",
            "ScriptContract",
            "Processing",
        ),
    ],
)
def test_classes_behind_other_names(text: str, class_name: str, kind: str) -> None:
    contract = contract_of(text)
    assert (contract.class_name, contract.kind.value) == (class_name, kind)
    assert contract.entry_point is not None
    assert contract.entry_point.value == "a.py"


def test_values_that_are_computed_are_unknown_and_tables_open() -> None:
    contract = contract_of(
        """
        A_CONTRACT = ScriptContract(
            entry_point=name(),
            expected_input_paths=inputs(),
            expected_output_paths={"a": path(), **others()},
            required_env_vars=["A", other()],
        )
        """
    )
    assert contract.entry_point is not None
    assert not contract.entry_point.known
    assert contract.inputs is not None
    assert not contract.inputs.lacks("x")
    assert contract.outputs is not None
    assert not contract.outputs.closed
    port = contract.outputs.get("a")
    assert port is not None
    assert port.path is not None
    assert not port.path.known
    assert contract.required_variables is not None
    assert not contract.required_variables.closed


def test_constants_of_other_modules() -> None:
    files = MadeUp(
        {
            "steps/paths.py": "ROOT = '/opt/ml'\nMODEL = f'{ROOT}/model'\n",
            "steps/contracts/a.py": """
                from ..paths import MODEL, ROOT

                A_CONTRACT = ScriptContract(
                    entry_point="a.py",
                    expected_input_paths={"data": ROOT + "/input/data"},
                    expected_output_paths={"model": MODEL},
                )
            """,
        }
    )
    (contract,) = files.reading("steps/contracts/a.py").contracts
    assert paths(contract.inputs) == {"data": "/opt/ml/input/data"}
    assert paths(contract.outputs) == {"model": "/opt/ml/model"}


@pytest.mark.parametrize(
    "text",
    [
        "DATA_CONTRACT = {'a': int}",
        "CONTRACT = '0x52908400098527886E0F7030069857D2E4169EE7'",
        "CONTRACT_ADDRESS = {'inputs': {}}",
        "A_CONTRACT = other.load('a')",
        "A_CONTRACT = None",
        "OF_CONTRACT = {'required_env_vars': True, 'optional_env_vars': False}",
        "def f():\n    A_CONTRACT = {'inputs': {}}",
        "x = {'inputs': {}, 'outputs': {}}",
    ],
)
def test_what_is_no_contract(text: str) -> None:
    assert MadeUp({"a.py": text}).reading("a.py").contracts == ()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("A_CONTRACT = {\n  'inputs': 5,\n}", 2, "inputs is a number, not a table"),
        (
            "A_CONTRACT = {'outputs': {},\n 'hyperparameters': 'x'}",
            2,
            "hyperparameters is a text, not a table",
        ),
        ("A_CONTRACT = {'inputs': {},\n 'inputs': {}}", 2, "duplicate key 'inputs', first on line 1"),
        (
            "A = ScriptContract(\n required_env_vars=[1])",
            2,
            "an item of required_env_vars is a number, not a text",
        ),
    ],
)
def test_parts_of_the_wrong_kind_are_errors(text: str, line: int, said: str) -> None:
    with pytest.raises(ReadError) as caught:
        MadeUp({"a.py": text}).reading("a.py")
    assert (caught.value.line, caught.value.message) == (line, said)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("inputs:\n  name: {description: x}\noutputs: {}\nruns: {using: node}\n", 0),
        ("apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}]}\n", 0),
        ("dependencies: [numpy, pandas]\n", 0),
        ("contract: {address: x}\n", 0),
        ("inputs: {data: {path: /opt/ml/input/data}}\n", 1),
        ("entry_point: a.py\ninputs: {data: {type: other}}\n", 1),
        ("expected_input_paths: {data: x}\n", 1),
        ("inputs: [data]\nentry_point: a.py\n", 0),
        ("CHURN_CONTRACT: {inputs: {}}\nOTHER_CONTRACT: {outputs: {}}\n", 2),
    ],
)
def test_which_yaml_is_a_contract(data: str, found: int) -> None:
    assert len(read_data(data.encode(), "a.yaml").contracts) == found


def test_a_list_of_names_for_inputs() -> None:
    contract = contract_of(
        "A_CONTRACT = {'inputs': ['a', 'b'], 'outputs': [{'name': 'm', 'path': '/opt/ml/model'}]}"
    )
    assert paths(contract.inputs) == {"a": None, "b": None}
    assert paths(contract.outputs) == {"m": "/opt/ml/model"}


@pytest.mark.parametrize(
    "copy",
    [
        "BASE.copy()",
        "dict(BASE)",
        "{**BASE}",
        "BASE | {}",
        "{key: value for key, value in BASE.items()}",
        "dict(**BASE)",
    ],
)
def test_a_contract_that_is_a_copy_of_another_table(copy: str) -> None:
    base = "BASE = {'inputs': {'data': {'destination': '/opt/ml/input/data/train'}}, 'hyperparameters': {'eta': 1}}"
    text = f"{base}\nX_CONTRACT = {copy}\nX_CONTRACT['hyperparameters'].setdefault('depth', 6)\n"
    (contract,) = MadeUp({"x_contract.py": text}).reading("x_contract.py").contracts
    assert contract.hyperparameters is not None
    assert contract.hyperparameters.closed
    assert contract.hyperparameters.names == ("eta", "depth")
