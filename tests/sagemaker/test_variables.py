"""Every variable that SageMaker sets is known; only evident slips are called slips."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training.sagemaker.variables import (
    PREFIXES,
    VARIABLES,
    Setter,
    channel_variable,
    fixed_value,
    judge_variable,
    nearest_variable,
    who_sets,
)

BOTH = Setter.TOOLKIT | Setter.DRIVER


@pytest.mark.parametrize(
    ("name", "setters"),
    [
        ("SM_MODEL_DIR", BOTH),
        ("SM_CHANNEL_TRAIN", BOTH),
        ("SM_CHANNEL_TRAIN-DATA", BOTH),
        ("SM_CHANNEL_42", BOTH),
        ("SM_HP_NUM_ROUND", BOTH),
        ("SM_HPS", BOTH),
        ("SM_USER_ARGS", Setter.TOOLKIT),
        ("SM_OUTPUT_INTERMEDIATE_DIR", Setter.TOOLKIT),
        ("SM_INPUT_DATA_DIR", Setter.DRIVER),
        ("SM_ENTRY_SCRIPT", Setter.DRIVER),
        ("TRAINING_JOB_NAME", Setter.PLATFORM),
        ("LOCAL_RANK", Setter.LAUNCHER),
        ("SM_CHECKPOINT_DIR", None),
        ("SM_CHANNEL_", None),
        ("PATH", None),
        ("", None),
    ],
)
def test_who_sets(name: str, setters: Setter | None) -> None:
    assert who_sets(name) == setters


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("SM_CHANEL_TRAIN", "SM_CHANNEL_TRAIN"),
        ("SM_CHANNLE_TRAIN", "SM_CHANNEL_TRAIN"),
        ("SM_CHANNELS_TRAIN", "SM_CHANNEL_TRAIN"),
        ("SM_CHANNELTRAIN", "SM_CHANNEL_TRAIN"),
        ("SMCHANNEL_TRAIN", "SM_CHANNEL_TRAIN"),
        ("SM-CHANNEL-TRAIN", "SM_CHANNEL_TRAIN"),
        ("SM_CHANNEL_train", "SM_CHANNEL_TRAIN"),
        ("sm_channel_train", "SM_CHANNEL_TRAIN"),
        ("SM_HP_num_round", "SM_HP_NUM_ROUND"),
        ("sm_hp_epochs", "SM_HP_EPOCHS"),
        ("SM_MODELDIR", "SM_MODEL_DIR"),
        ("SM_MODLE_DIR", "SM_MODEL_DIR"),
        ("sm_model_dir", "SM_MODEL_DIR"),
        ("SM_OUTPUT_DATADIR", "SM_OUTPUT_DATA_DIR"),
        ("SM_OUPUT_DATA_DIR", "SM_OUTPUT_DATA_DIR"),
        ("SM_NUM_GPU", "SM_NUM_GPUS"),
        ("SM_CURRENT_HOSTS", "SM_CURRENT_HOST"),
        ("sm_hosts", "SM_HOSTS"),
        ("SAGEMAKER_PROGARM", "SAGEMAKER_PROGRAM"),
    ],
)
def test_misspelt(name: str, meant: str) -> None:
    judgement = judge_variable(name)
    assert (judgement.kind, judgement.nearest) == ("misspelt", meant)


@pytest.mark.parametrize(
    "name",
    [
        "SM_MY_FLAG",
        "SM_CHECKPOINT_DIR",
        "SM_TRAIN_DIR",
        "SM_DATA_DIR",
        "SM_DATA_ROOT",
        "SM_MODEL_PATH",
        "SM_MODEL",
        "SM_NUM_TPUS",
        "SM_NUM_HOSTS",
        "SM_HOST",
        "SM_HP",
        "SM_CHANNEL",
        "SM_CHAIN_ID",
        "SM_CHANGE_ID",
        "SM_SESSION",
        "SM_HPS_FILE",
        "SM_TRAINING_JOB_NAME",
        "SM_OUTPUT_DATA",
    ],
)
def test_unset_is_no_slip(name: str) -> None:
    judgement = judge_variable(name)
    assert (judgement.kind, judgement.nearest) == ("unset", None)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "PATH",
        "MODEL_DIR",
        "CHANNEL_TRAIN",
        "SMTP_HOST",
        "SAGEMAKER_ENDPOINT",
        "SM_CHANNEL_",
        "SM_HP_",
        "SM_",
        "SM_FRAMEWORK",
    ],
)
def test_foreign(name: str) -> None:
    judgement = judge_variable(name)
    assert (judgement.kind, judgement.nearest) == ("foreign", None)


def test_fixed_values() -> None:
    assert fixed_value("SM_MODEL_DIR") == "/opt/ml/model"
    assert fixed_value("SM_OUTPUT_DATA_DIR") == "/opt/ml/output/data"
    assert fixed_value("SM_HPS") is None
    assert fixed_value("SM_CHANNEL_TRAIN") is None


def test_the_table_is_well_formed() -> None:
    for name, variable in VARIABLES.items():
        assert name == variable.name
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", name)
        assert variable.setters
        assert variable.meaning
        assert variable.source
        assert not name.startswith(PREFIXES)
        assert judge_variable(name).kind == "set"


@given(st.text(max_size=24))
def test_any_text_is_judged(name: str) -> None:
    judgement = judge_variable(name)
    assert judgement.kind in {"set", "misspelt", "unset", "foreign"}
    assert (judgement.kind == "misspelt") == (judgement.nearest is not None)


@given(st.from_regex(r"(SM|sm|Sm)[_-]?[A-Za-z]{1,9}[_-]{0,2}[A-Za-z-]{0,9}", fullmatch=True))
def test_what_is_meant_exists(name: str) -> None:
    meant = nearest_variable(name)
    if meant is not None:
        assert judge_variable(meant).kind == "set"
        assert judge_variable(name).kind == "misspelt"


@given(st.text(alphabet=string.ascii_letters + string.digits + "._-", min_size=1, max_size=64))
def test_the_variable_of_any_channel_is_set(channel: str) -> None:
    assert judge_variable(channel_variable(channel)).kind == "set"
