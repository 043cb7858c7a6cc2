"""Near match: what is a slip, what is another name, and properties that hold for any names."""

from __future__ import annotations

import itertools
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training.spelling import closest, distance, same_name, slips, with_a_word_more

NAMES = st.text(alphabet=string.ascii_letters + string.digits + "_-.", max_size=20)
ANY_TEXT = st.text(max_size=20)


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("", "", 0),
        ("train", "train", 0),
        ("train", "trian", 1),
        ("train", "trai", 1),
        ("train", "traain", 1),
        ("train", "drain", 1),
        ("train", "", 5),
        ("ca", "abc", 3),
        ("validation", "vaildtion", 2),
    ],
)
def test_distance(one: str, other: str, count: int) -> None:
    assert distance(one, other) == count


@pytest.mark.parametrize(
    ("word", "candidates", "expected"),
    [
        ("batch-size", ("batch_size",), "batch_size"),
        ("batchsize", ("batch_size",), "batch_size"),
        ("BatchSize", ("batch_size",), "batch_size"),
        ("epoch", ("epochs",), "epochs"),
        ("learning_rat", ("learning_rate",), "learning_rate"),
        ("leraning_rate", ("learning_rate",), "learning_rate"),
        ("max_dept", ("max_depth", "min_depth"), "max_depth"),
        ("instnce_count", ("instance_count", "instance_type"), "instance_count"),
        ("S3ModelArtifact", ("S3ModelArtifacts",), "S3ModelArtifacts"),
        ("ModelArtifact", ("ModelArtifacts",), "ModelArtifacts"),
        ("ml.m5.xlagre", ("ml.m5.xlarge", "ml.m5.large"), "ml.m5.xlarge"),
        ("num_gpu", ("num_gpus", "num_cpus"), "num_gpus"),
        ("exact", ("exacts", "exact"), "exact"),
        ("SM_MODEL_DRI", ("SM_MODEL_DIR",), "SM_MODEL_DIR"),
        ("mxa_depth", ("max_depth", "min_depth"), "max_depth"),
    ],
)
def test_slips_are_seen(word: str, candidates: tuple[str, ...], expected: str) -> None:
    assert closest(word, candidates) == expected


@pytest.mark.parametrize(
    ("word", "candidate"),
    [
        ("min_depth", "max_depth"),
        ("minDepth", "maxDepth"),
        ("train_1", "train_2"),
        ("ml.m5.2xlarge", "ml.m5.4xlarge"),
        ("train", "test"),
        ("training", "train"),
        ("rest", "test"),
        ("num_tpus", "num_gpus"),
        ("lr", "lm"),
        ("val", "eval"),
        ("train_dir", "test_dir"),
        ("input_path", "output_path"),
        ("", "train"),
        ("train", ""),
        ("___", "train"),
    ],
)
def test_other_names_are_left_alone(word: str, candidate: str) -> None:
    assert closest(word, (candidate,)) is None


def test_no_candidates() -> None:
    assert closest("train", ()) is None


def test_max_distance_replaces_the_bounds() -> None:
    assert closest("val", ("eval",), max_distance=1) == "eval"
    assert closest("epochz", ("epochs",), max_distance=0) is None


def test_same_name() -> None:
    assert same_name("SM_MODEL_DIR", "sm-model.dir")
    assert not same_name("SM_MODEL_DIR", "SM_MODEL_DIRS")
    assert not same_name("_", "-")


@given(NAMES, NAMES)
def test_distance_is_symmetric_and_bounded(one: str, other: str) -> None:
    count = distance(one, other)
    assert count == distance(other, one)
    assert abs(len(one) - len(other)) <= count <= max(len(one), len(other))
    assert (count == 0) == (one == other)


@given(NAMES, NAMES, st.integers(0, 6))
def test_a_limit_changes_nothing_below_it(one: str, other: str, limit: int) -> None:
    count, limited = distance(one, other), distance(one, other, limit)
    assert limited == count if count <= limit else limited > limit


@given(ANY_TEXT, ANY_TEXT)
def test_slips_are_symmetric(one: str, other: str) -> None:
    assert slips(one, other) == slips(other, one)


@given(ANY_TEXT, st.lists(ANY_TEXT, max_size=6))
def test_order_does_not_matter(word: str, candidates: list[str]) -> None:
    expected = closest(word, candidates)
    assert expected is None or expected in candidates
    assert closest(word, sorted(candidates)) == expected
    assert closest(word, reversed(candidates)) == expected
    if word in candidates:
        assert expected == word


@given(st.text(alphabet=string.ascii_lowercase, min_size=8, max_size=16), st.data())
def test_one_swap_in_a_long_word_is_a_slip(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(word) - 2))
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    assert closest(swapped, (word,)) == word


@given(st.from_regex(r"[a-z]{2,8}(_[a-z]{2,8}){0,3}", fullmatch=True))
def test_separators_and_case_carry_nothing(name: str) -> None:
    for variant in (name.upper(), name.replace("_", "-"), name.replace("_", "."), name.title()):
        assert closest(variant, (name,)) == name


@pytest.mark.parametrize(
    ("word", "candidates", "expected"),
    [
        ("primary_ids_key", ["primary_text_ids_key", "other"], "primary_text_ids_key"),
        ("primaryIdsKey", ["primary_text_ids_key"], "primary_text_ids_key"),
        ("primary_ids_key", ["primary_text_ids_key", "primary_new_ids_key"], None),
        ("primary_ids_key", ["text_primary_ids_key", "primary_ids_key_text", "primary_ids_key"], None),
        ("batch_size", ["batch_eval_size"], None),
        ("", ["a"], None),
    ],
)
def test_a_name_with_a_word_more(word: str, candidates: list[str], expected: str | None) -> None:
    assert with_a_word_more(word, candidates) == expected


def test_the_work_for_one_word_is_bounded() -> None:
    """Names of the same letters cannot be told apart at a glance: each of them would be compared letter by letter."""
    alike = ["".join(order) for order in itertools.islice(itertools.permutations("trainingjob"), 1_900)]
    assert closest("trainingjbo_x", alike) is None
    assert closest("training_job", alike) == "trainingjob"
    assert closest(alike[7], alike) == alike[7]
    many = [*(f"other{n}" for n in range(100_000)), "epochs"]
    assert closest("epoch", many) is None
    assert closest("epochs", many) == "epochs"


def test_what_is_longer_than_any_name_is_no_slip_of_another() -> None:
    assert closest("a" * 100_000, ["a" * 100_001]) is None
    assert closest("a-" * 5_000, ["a_" * 5_000]) == "a_" * 5_000


@given(ANY_TEXT, ANY_TEXT, st.integers(0, 4))
def test_a_limit_changes_no_smaller_distance(one: str, other: str, limit: int) -> None:
    whole = distance(one, other)
    found = distance(one, other, limit)
    assert found == whole if whole <= limit else found > limit


@given(NAMES, NAMES)
def test_a_glance_at_the_letters_rules_out_no_slip(word: str, candidate: str) -> None:
    assert (closest(word, [candidate]) is not None) == (
        word == candidate or slips(word, candidate) is not None
    )
