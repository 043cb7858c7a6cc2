"""Which names mean the same step."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training_alignment.scan.name_forms import Named, are_near, edges, key, role, same, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("XGBoostTraining", "xgboost_training_contract"),
        ("XGBoostTraining", "XGBOOST_TRAIN_CONTRACT"),
        ("XGBoostTraining", "builder_training_step_xgboost"),
        ("XGBoostTraining", "config_xgboost_training_step"),
        ("XGBoostTraining", "XGBoostTrainingStepBuilder"),
        ("XGBoostTraining", "xgboost-training"),
        ("XGBoostModelEval", "xgboost_model_evaluation"),
        ("XGBoostModelEval", "model_evaluation_xgb"),
        ("PyTorchTraining", "pytorch_train_contract"),
        ("TabularPreprocessing", "tabular_preprocess_contract"),
        ("LightGBMXLTraining", "lightgbmxl_training"),
        ("XgboostMtTraining", "xgboost_mt_training"),
        ("GraphStormGNNTuning", "graphstorm_gnn_tuning"),
        ("SOPAInstructionTuning", "sopa_instruction_tuning"),
        ("ModelCalibration", "model_calibration_spec"),
        ("Package", "packaging_spec"),
        ("churn", "ChurnStepConfig"),
        ("data_load_bucket", "BucketDataLoading"),
    ],
)
def test_same(one: str, other: str) -> None:
    assert same(key(one), key(other))
    assert same(key(other), key(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("XGBoostTraining", "PyTorchTraining"),
        ("XGBoostTraining", "xgboost_model"),
        ("XGBoostModel", "xgboost_model_eval"),
        ("LightGBMTraining", "LightGBMXLTraining"),
        ("train_1", "train_2"),
        ("contract", "spec"),
        ("ModelCalibration", "PercentileModelCalibration"),
        ("a_b_c_d_e_f_g_h", "h_g_f_e_d_c_b_a"),
    ],
)
def test_not_same(one: str, other: str) -> None:
    assert not same(key(one), key(other))
    assert not same(key(other), key(one))


def test_words_in_front_or_behind() -> None:
    assert key("Registration").text in edges(key("store_registration_contract"))
    assert key("XGBoostModel").text in edges(key("xgboost_model_eval"))
    assert key("store_registration").text not in edges(key("Registration"))
    assert key("train").text not in edges(key("training"))


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("xgboost_training_contract", "contract"),
        ("builder_xgboost_step", "builder"),
        ("config_xgboost_step", "configuration"),
        ("xgboost_spec", "specification"),
        ("xgboost_training", ""),
        ("spec_builder", ""),
        ("churn_dependencies", "flow"),
    ],
)
def test_roles(name: str, part: str) -> None:
    assert role(name) == part


def test_stems() -> None:
    assert stem("a/b.step.yaml") == "b"
    assert stem("c.py") == "c"


PARTS = st.sampled_from(
    "train training xgb xgboost model eval evaluation contract step a b1 v2 clean cleaning data Load TF".split()
)
NAMES = st.lists(PARTS, max_size=5).flatmap(
    lambda parts: st.sampled_from(["_".join(parts), "-".join(parts), "".join(map(str.title, parts))])
)


@given(NAMES, NAMES)
def test_near_names_are_those_that_a_search_finds(one: str, other: str) -> None:
    named: Named[str] = Named()
    named.add(key(one), one)
    found = {*named.find(key(other)), *named.nearly(key(other))}
    assert are_near(key(one), key(other)) == are_near(key(other), key(one)) == bool(found)


def test_names_of_small_letters_have_the_words_of_all_names() -> None:
    names = ["".join(letters) for letters in itertools.product("a_-B1é", repeat=4)]
    assert all(key(name) == key(name + ".") for name in names)
