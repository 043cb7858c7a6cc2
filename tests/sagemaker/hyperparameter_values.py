"""Hyperparameters made up by hypothesis: whatever JSON can carry, and what looks like JSON and is text."""

from __future__ import annotations

from hypothesis import strategies as st

from flake8_training.sagemaker.hyperparameter_arguments import Route

VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=12),
        st.sampled_from(["true", "null", "1e5", "[1]", '{"a": 1}', '"q"', "NaN", "-0.0", "007"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.text(max_size=4), inner, max_size=3),
    ),
    max_leaves=6,
)
KEYS = st.one_of(
    st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True),
    st.sampled_from(["sagemaker_x", "_tuning_objective_metric", "x", "", "model_dir"]),
)
HYPERPARAMETERS = st.dictionaries(KEYS, VALUES, max_size=5)
ROUTES = st.sampled_from(Route)
