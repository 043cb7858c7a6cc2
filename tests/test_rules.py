"""The gate: a rule that lacks its page, its examples, its line in the changelog or contradicts the catalogue is red."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from training_alignment.rules.step_rule import PACKAGE

import docs.generate
from flake8_training.rules.catalogue import CATALOGUE
from flake8_training.rules.pages import page as page_of
from flake8_training.rules.pages import table_row
from flake8_training.rules.registry import Rules, _rule_in, rules, script_rules
from flake8_training.rules.rule import CODE, Example, Rule, expected_findings, level_of

ROOT = Path(__file__).parents[1]


@pytest.fixture(params=rules(PACKAGE), ids=lambda rule: rule.code)
def rule(request: pytest.FixtureRequest) -> Rule[Any]:
    """Each rule, the commit hook's own included."""
    found: Rule[Any] = request.param
    return found


def test_every_code_has_a_rule() -> None:
    codes = [rule.code for rule in rules(PACKAGE)]
    assert codes == sorted(set(codes))
    assert sorted(codes) == sorted(CATALOGUE)
    assert all(CODE.fullmatch(code) for code in CATALOGUE)


def test_rule_agrees_with_the_catalogue(rule: Rule[Any]) -> None:
    entry = CATALOGUE[rule.code]
    assert (rule.severity, rule.seen_by) == (entry.severity, entry.seen_by)
    assert entry.says.startswith(rule.summary)
    rest = entry.says.removeprefix(rule.summary)
    assert not rest[:1].isalnum(), "the summary ends within a word"
    assert rule.level == level_of(rule.code) == int(rule.code[3]) % 8


def test_rule_has_texts_and_examples(rule: Rule[Any]) -> None:
    assert inspect.getdoc(type(rule))
    assert inspect.getdoc(inspect.getmodule(type(rule)))
    assert len(inspect.cleandoc(rule.why)) > 80, "why is a paragraph, not a word"
    assert inspect.cleandoc(rule.fix).endswith((".", "`", ")")), "fix is a sentence"
    for clause in (*rule.reported_when, *map(str, rule.not_reported_when), *rule.missed):
        assert clause == clause.strip().rstrip("."), "a clause finishes a sentence and has no full stop"
    assert rule.reported_when
    assert rule.not_reported_when
    assert rule.summary == " ".join(rule.summary.split()).rstrip(".:")
    assert rule.bad.files
    assert rule.good.files
    assert rule.bad.files != rule.good.files


def test_rule_keeps_no_state(rule: Rule[Any]) -> None:
    assert vars(rule) == {}


def test_rule_is_documented(rule: Rule[Any]) -> None:
    page = ROOT / "docs" / "rules" / f"{rule.code}.md"
    assert page.read_text(encoding="utf-8") == page_of(rule)
    assert table_row(rule) in (page.parent / "README.md").read_text(encoding="utf-8")
    assert rule.code in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_generated_documentation_is_up_to_date() -> None:
    assert [path.name for path in docs.generate.stale_files()] == []


def test_no_message_is_longer_than_a_line_of_a_report() -> None:
    fences = docs.generate.MESSAGES.read_text(encoding="utf-8").split("```")[1::2]
    messages = [line for fence in fences for line in fence.splitlines()[1:] if not line.startswith("    ->")]
    assert len(messages) > 200
    assert [message for message in messages if len(message) > 120] == []


def test_families_share_no_rule() -> None:
    mistakes, advice = script_rules(advice=False), script_rules(advice=True)
    assert not set(mistakes) & set(advice)
    assert all(rule.code.startswith("TRN9") for rule in advice)
    assert not any(rule.code.startswith("TRN9") for rule in mistakes)


def test_the_folder_of_a_rule_is_one_of_its_kind(rule: Rule[Any]) -> None:
    """Rules of a kind are looked for in the folders that the kind names."""
    kinds = [k for k in type(rule).mro()[1:] if issubclass(k, Rule) and vars(k).get("folders")]
    folder = type(rule).__module__.split(".rules.")[1].rpartition(".")[0]
    assert all(folder in kind.folders for kind in kinds)
    assert kinds or folder in ("", "script", "advice")
    chosen = Rules(lambda code: code == rule.code, PACKAGE)
    assert {one.code for kind in kinds for one in chosen.of(kind)} == ({rule.code} if kinds else set())
    assert [one.code for one in chosen.over_scripts()] == ([] if kinds else [rule.code])


def test_a_module_of_another_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = type(
        "Wrong",
        (type(rules()[0]),),
        {"code": "TRN999", "__module__": "flake8_training.rules.trn001_internal_error"},
    )
    monkeypatch.setattr("flake8_training.rules.trn001_internal_error.Wrong", wrong, raising=False)
    with pytest.raises(TypeError, match="trn001_internal_error must define one rule"):
        _rule_in.__wrapped__("flake8_training.rules.trn001_internal_error")


def marked(text: str) -> Iterator[tuple[int, str]]:
    """Return the findings that a text asks for, in order."""
    yield from sorted(expected_findings(text))


def test_markers_of_an_example() -> None:
    text = "a  # TRN101\nb\nc  # TRN102, TRN103\nd  #TRN104\ne  # noqa: TRN105\nf  # see TRN106\ng = '# TRN107'\n"
    assert list(marked(text)) == [(1, "TRN101"), (3, "TRN102"), (3, "TRN103"), (4, "TRN104")]
    files = {"train.py": "\n    if x:\n        y  # TRN101\n", "contract.yaml": "a: 1  # TRN150\n"}
    assert Example(files).files["train.py"] == "if x:\n    y  # TRN101\n"
    assert Example(files).expected == {("train.py", 2, "TRN101"), ("contract.yaml", 1, "TRN150")}
