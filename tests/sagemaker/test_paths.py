"""Paths under /opt/ml: what they are, what is kept, what is a slip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training.sagemaker.paths import FOLDERS, Kind, judge_path, normal_path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/opt/ml", "root"),
        ("/opt/ml/", "root"),
        ("/opt/ml/model", "model"),
        ("/opt/ml/model/", "model"),
        ("/opt/ml//model/./sub/x.pth", "model"),
        ("file:///opt/ml/model", "model"),
        ("/opt/ml/output", "lost"),
        ("/opt/ml/output/data/x", "output"),
        ("/opt/ml/output/failure", "failure"),
        ("/opt/ml/output/tensors/a", "debugger"),
        ("/opt/ml/output/metrics.json", "lost"),
        ("/opt/ml/input", "input"),
        ("/opt/ml/input/data", "input"),
        ("/opt/ml/input/data/train", "channel"),
        ("/opt/ml/input/data/trian/x.csv", "channel"),
        ("/opt/ml/input/data/code/train.py", "code"),
        ("/opt/ml/input/config/hyperparameters.json", "config"),
        ("/opt/ml/input/config/resourceConfig.json", "config"),
        ("/opt/ml/input/config/something-new.json", "config"),
        ("/opt/ml/checkpoints/1", "checkpoints"),
        ("/opt/ml/code/data.csv", "code"),
        ("/opt/ml/processing/inputs/model", "processing"),
        ("/opt/ml/models/resnet/model/weights", "serving"),
        ("/opt/ml/sagemaker/warmpoolcache", "platform"),
        ("/opt/ml/my_stuff/x", "lost"),
        ("/opt/ml/checkpoint", "lost"),
        ("/opt/ml/model_", "lost"),
        ("/opt/ml/model_v2", "lost"),
        ("/opt/ml/model_a", "lost"),
        ("/opt/ml/output-b", "lost"),
        ("/opt/ml/output_data", "lost"),
        ("/opt/mlx", "foreign"),
        ("/opt/ml/../x", "foreign"),
        ("opt/ml/model", "foreign"),
        ("./opt/ml/model", "foreign"),
        ("/tmp/model", "foreign"),
        ("s3://bucket/opt/ml/model", "foreign"),
        ("", "foreign"),
    ],
)
def test_kinds(path: str, kind: str) -> None:
    judgement = judge_path(path)
    assert (judgement.kind, judgement.nearest) == (kind, None)


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/opt/ml/models", "/opt/ml/model"),
        ("/opt/ml/models/x.pth", "/opt/ml/model/x.pth"),
        ("/opt/ml/modle", "/opt/ml/model"),
        ("/opt/ml/Model", "/opt/ml/model"),
        ("/opt/ML/model", "/opt/ml/model"),
        ("/opt/ml/inputs/data", "/opt/ml/input/data"),
        ("/opt/ml/inputs/data/train", "/opt/ml/input/data/train"),
        ("/opt/ml/input/datas/train", "/opt/ml/input/data/train"),
        ("/opt/ml/input/train", "/opt/ml/input/data/train"),
        ("/opt/ml/outputs/data", "/opt/ml/output/data"),
        ("/opt/ml/ouput/data", "/opt/ml/output/data"),
        ("/opt/ml/output/failures", "/opt/ml/output/failure"),
        ("/opt/ml/chekpoints", "/opt/ml/checkpoints"),
        ("/opt/ml/input/config/hyperparameter.json", "/opt/ml/input/config/hyperparameters.json"),
        ("/opt/ml/config/hyperparameters.json", "/opt/ml/input/config/hyperparameters.json"),
    ],
)
def test_misspelt(path: str, meant: str) -> None:
    judgement = judge_path(path)
    assert (judgement.kind, judgement.nearest) == ("misspelt", meant)


def test_every_known_folder_is_judged_as_itself() -> None:
    paths = [folder.path for folder in FOLDERS]
    assert len(paths) == len(set(paths))
    for folder in FOLDERS:
        assert judge_path(folder.path).kind == folder.kind
        assert folder.fate
        assert folder.source


SEGMENTS = st.sampled_from(
    [
        "opt",
        "ml",
        "model",
        "models",
        "input",
        "inputs",
        "data",
        "output",
        "code",
        "config",
        "..",
        ".",
        "",
        "x",
        "trian",
    ]
)


@given(
    st.one_of(
        st.text(max_size=30), st.lists(SEGMENTS, max_size=8).map(lambda parts: "/opt/ml/" + "/".join(parts))
    )
)
def test_any_path_is_judged(path: str) -> None:
    judgement = judge_path(path)
    assert judgement.kind in set(Kind)
    assert (judgement.kind == Kind.MISSPELT) == (judgement.nearest is not None)
    assert judge_path(normal_path(path)) == judgement
    if judgement.nearest is not None:
        assert judge_path(judgement.nearest).kind != Kind.MISSPELT
