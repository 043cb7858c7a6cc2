"""The facts of a script as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.script.summary import ArgumentFacts, Facts, UnknownFacts
from training_alignment.reports.screen import columns, screen, table

_QUESTIONS = {
    "hyperparameters": "which hyperparameters it takes",
    "training_data": "whether it reads its data from a channel",
    "training": "whether it trains a model",
    "evaluation": "whether it evaluates the model",
    "model_saving": "whether it saves the model in the model directory",
}


def facts_text(facts: Facts) -> str:
    """Return the facts for people: first what a launcher has to pass, then what the script does with it."""
    return screen(_lines(facts))


def _lines(facts: Facts) -> Iterator[str]:
    kind = "a training script" if facts["is_training_script"] else "not seen to be a training script"
    frameworks = ", ".join(facts["frameworks"]) or "none seen"
    yield f"{facts['path']}: {kind}, framework: {frameworks}"
    yield ""
    yield "It needs from a launcher"
    yield f"  channels: {', '.join(facts['channels']) or 'none'}"
    yield from table("options", (_argument(a) for a in facts["arguments"]))
    variables = (
        (v["name"], "" if v["default"] is None else f"default {v['default']!r}", f"line {v['line']}")
        for v in facts["environment_variables"]
    )
    yield from table("environment variables", variables)
    yield f"  hyperparameters: {', '.join(facts['hyperparameters']) or 'none'}"
    yield ""
    yield "It"
    yield from table("reads", ((r["path"], f"line {r['line']}") for r in facts["reads"]))
    yield from table("writes", ((w["path"], f"line {w['line']}") for w in facts["writes"]))
    yield f"  trains: {_numbers(facts['trains'])}"
    yield f"  evaluates: {_numbers(facts['evaluates'])}"
    yield f"  saves the model: {_numbers(facts['saves_model'])}"
    if facts["unknown"]:
        yield ""
        yield "Unknown"
        yield from (f"  {line}" for line in columns(_unknown(facts, one) for one in facts["unknown"]))


def _unknown(facts: Facts, one: UnknownFacts) -> tuple[str, ...]:
    place = f"line {one['line']}" if one["path"] == facts["path"] else f"{one['path']} line {one['line']}"
    return _QUESTIONS[one["question"]], place, one["reason"]


def _argument(argument: ArgumentFacts) -> tuple[str, ...]:
    if argument["required"]:
        default = "required"
    else:
        default = "no default" if argument["default"] is None else f"default {argument['default']!r}"
    return f"--{argument['name']}", argument["type"], default, f"line {argument['line']}"


def _numbers(lines: list[int]) -> str:
    if not lines:
        return "nowhere in this file"
    return f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"
