"""Names of steps, and steps that wait for each other."""

from __future__ import annotations

from itertools import pairwise

import pytest
from training_alignment.artefacts.model import Dependency, Format, Specification, StepKind
from training_alignment.artefacts.tree import Entry, Listing, Located, Place, Scalar, Table
from training_alignment.steps.cycles import cycles as cycles_of
from training_alignment.steps.graph import StepGraph
from training_alignment.steps.name_lookup import Meaning, StepNames, is_category
from training_alignment.steps.step import ScriptSearch, Step, StepReading

HERE = Place("specs.py", 1, 1)


def text(value: str) -> Located[str]:
    """A text somewhere."""
    return Located(value, HERE)


def step(name: str, *inputs: tuple[str, ...], required: bool = True) -> StepReading:
    """A step with an input for each tuple of sources."""
    entries = {
        f"in{number}": Entry(
            text(f"in{number}"),
            Dependency(
                text(f"in{number}"),
                HERE,
                required=Scalar(required, HERE),
                compatible_sources=Listing(tuple(text(source) for source in sources), HERE),
            ),
        )
        for number, sources in enumerate(inputs)
    }
    specification = Specification(
        name="SPEC",
        place=HERE,
        format=Format.CALL,
        raw=Table({}, HERE),
        step_name=text(name),
        base_name=name,
        dependencies=Table(entries, HERE),
        outputs=Table({}, HERE),
    )
    made = Step(name, StepKind.PROCESSING, "", (), ScriptSearch(None, ""))
    return StepReading(made, specifications=lambda: (specification,))


def cycles(*readings: StepReading) -> list[list[str]]:
    """The names along each cycle."""
    by_step = {id(one.step): one for one in readings}
    graph = StepGraph([one.step for one in readings], lambda step: by_step[id(step)])
    return [[link.node.name for link in cycle.links] for cycle in cycles_of(graph)]


def test_two_steps_that_need_each_other() -> None:
    assert cycles(step("A", ("B",)), step("B", ("A",))) == [["A", "B"]]


def test_a_step_that_needs_itself() -> None:
    assert cycles(step("A", ("A",))) == [["A"]]


def test_a_step_behind_a_cycle_is_no_part_of_it() -> None:
    assert cycles(step("A", ("B",)), step("B", ("A",)), step("C", ("A",))) == [["A", "B"]]


def test_cycles_apart_are_two() -> None:
    found = cycles(step("A", ("B",)), step("B", ("A",)), step("C", ("D",)), step("D", ("C",)))
    assert found == [["A", "B"], ["C", "D"]]


@pytest.mark.parametrize("other", ["C", "ProcessingStep", "Nowhere"])
def test_another_source_breaks_a_cycle(other: str) -> None:
    assert cycles(step("A", ("B", other)), step("B", ("A",)), step("C")) == []


def test_optional_inputs_are_no_cycle() -> None:
    assert cycles(step("A", ("B",), required=False), step("B", ("A",))) == []


def test_each_input_has_to_be_satisfied() -> None:
    assert cycles(step("A", ("C",), ("B",)), step("B", ("A",)), step("C")) == [["A", "B"]]


def test_alternatives_that_all_wait() -> None:
    found = cycles(step("A", ("B", "C")), step("B", ("A",)), step("C", ("A",)))
    assert len(found) == 1
    assert found[0][0] == "A"


def test_a_long_chain_closed_by_its_end() -> None:
    names = [f"S{number:05}" for number in range(4_000)]
    chain = [step(name, (before,)) for before, name in pairwise(names)]
    assert cycles(step(names[0]), *chain) == []
    (cycle,) = cycles(step(names[0], (names[-1],)), *chain)
    assert len(cycle) == len(names)


def names(*stated: str, derived: tuple[str, ...] = ()) -> StepNames[str]:
    """Names that artefacts give, and names made up from those of files."""
    found: StepNames[str] = StepNames()
    things = {name: name for name in (*stated, *derived)}
    for name in stated:
        found.add(name, things[name], stated=True)
    for name in derived:
        found.add(name, things[name], stated=False)
    return found


@pytest.mark.parametrize(
    ("name", "loose", "meaning", "near"),
    [
        ("XGBoostTraining", False, Meaning.STEP, None),
        ("XgboostTraining", False, Meaning.MISSING, "XGBoostTraining"),
        ("xgboost-training-step", True, Meaning.STEP, None),
        ("xgboost-trainning", True, Meaning.MISSING, "XGBoostTraining"),
        ("Packaging", False, Meaning.CATEGORY, None),
        ("ModelMonitoring", False, Meaning.CATEGORY, None),
        ("Nothing", False, Meaning.MISSING, None),
        ("tabular_preprocess", False, Meaning.STEP, None),
        ("TabularPreprocessing", False, Meaning.UNKNOWN, None),
        ("XGBoostTraining_Validation", False, Meaning.NO_JOB_TYPE, "XGBoostTraining"),
    ],
)
def test_what_a_name_means(name: str, loose: bool, meaning: Meaning, near: str | None) -> None:
    known = names("XGBoostTraining", "Package", derived=("tabular_preprocess",))
    if name == "tabular_preprocess":
        known.know(name)
    found = known.resolve(text(name), loose=loose, closed=True)
    assert (found.meaning, found.near) == (meaning, near)


def test_in_an_open_world_nothing_is_missing() -> None:
    known = names("XGBoostTraining")
    assert known.resolve(text("XgboostTraining"), loose=False, closed=False).meaning is Meaning.UNKNOWN
    assert known.resolve(text("XGBoostTraining"), loose=False, closed=False).meaning is Meaning.STEP


def test_categories() -> None:
    assert all(map(is_category, ["DataLoad", "ModelEvaluation", "S3Source", "PayloadTestStep", "Processing"]))
    assert not any(map(is_category, ["XGBoostModel", "NoSuchStep", "data-load", "", "LightGBMModel"]))
