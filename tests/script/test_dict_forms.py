"""The forms of dicts, as the questions about a script read them."""

from __future__ import annotations

import pytest

from flake8_training.rules.script.trn119_string_hyperparameter import raw_uses
from flake8_training.script.logical_names import logical
from tests.dict_forms import CLOSED, OPEN, REMOVED
from tests.script.reading import argument_of, script

FUNCTION = """
def main(input_paths, output_paths):
    return input_paths['a'], output_paths['x']
main(D, {'x': '/x'})
"""
READ = "import json\nhp = json.load(open('/opt/ml/input/config/hyperparameters.json'))\n"
USE = "\nfor step in range(hp['b']):\n    pass\n"


@pytest.mark.parametrize("form", CLOSED)
def test_the_keys_that_a_call_supplies(form: str) -> None:
    program, keys = CLOSED[form]
    found = logical(script(program + FUNCTION).analysis)
    assert found is not None
    assert found.inputs.supplies is not None
    assert not found.inputs.supplies.open
    assert {supply.name for supply in found.inputs.supplies.items} == keys


@pytest.mark.parametrize("form", REMOVED)
def test_a_key_that_is_taken_out_may_be_supplied(form: str) -> None:
    found = logical(script(REMOVED[form] + FUNCTION).analysis)
    assert found is not None
    assert not found.inputs.never_supplied("b")


@pytest.mark.parametrize("form", OPEN)
def test_an_open_dict_may_supply_anything(form: str) -> None:
    found = logical(script(OPEN[form] + FUNCTION).analysis)
    assert found is not None
    assert not found.inputs.never_supplied("z")


@pytest.mark.parametrize(
    "copied", ["{**input_paths}", "input_paths | {}", "dict(input_paths)", "input_paths.copy()"]
)
def test_a_copy_of_the_supplied_dict_is_followed(copied: str) -> None:
    text = f"def main(input_paths, output_paths):\n    paths = {copied}\n    return paths['a']\n"
    found = logical(script(text).analysis)
    assert found is not None
    assert found.inputs.used == ("a",)
    assert not found.inputs.uses_open


CONVERTING = {
    "store": "hp['b'] = int(hp['b'])",
    "store under a name": "key = 'b'\nhp[key] = int(hp[key])",
    "update": "hp.update({'b': int(hp['b'])})",
    "update of keywords": "hp.update(b=int(hp['b']))",
    "augmented union": "hp |= {'b': int(hp['b'])}",
    "__setitem__": "hp.__setitem__('b', int(hp['b']))",
    "store under an unknown key": "for key in keys():\n    hp[key] = int(hp[key])",
    "update by something unknown": "hp.update(converted())",
    "augmented union with something unknown": "hp |= converted()",
}
ELSEWHERE = {
    "nothing": "pass",
    "store": "hp['c'] = 1",
    "update": "hp.update(c=1)",
    "augmented union": "hp |= {'c': 1}",
    "pop": "hp.pop('c')",
    "setdefault": "hp.setdefault('c', 1)",
}


@pytest.mark.parametrize("form", CONVERTING)
def test_a_hyperparameter_that_the_script_converts_is_no_raw_one(form: str) -> None:
    assert raw_uses(script(READ + CONVERTING[form] + USE).analysis) == []


@pytest.mark.parametrize("form", ELSEWHERE)
def test_a_change_of_another_key_converts_nothing(form: str) -> None:
    assert [use.key for use in raw_uses(script(READ + ELSEWHERE[form] + USE).analysis)] == ["b"]


@pytest.mark.parametrize("form", CLOSED)
def test_the_variables_that_a_script_sets(form: str) -> None:
    program, keys = CLOSED[form]
    text = f"import os\n{program}\nos.environ.update(D)\n"
    assert script(text).analysis.environment.written == keys
    assert script(text.replace("environ.update(D)", "environ |= D")).analysis.environment.written == keys


@pytest.mark.parametrize("form", CLOSED)
def test_the_value_under_a_key(form: str) -> None:
    program, _ = CLOSED[form]
    assert "2" in argument_of(script(f"{program}\nuse(D['b'])\n"), "use")
