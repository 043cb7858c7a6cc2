"""The facts of a launcher that each rule goes through: without any of them the rule has nothing to check.

Most files of steps construct nothing of the SDK. The rules about that are not even imported for such a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flake8_training.launcher import Launcher
    from flake8_training.rules.registry import Rules
    from flake8_training.rules.rule import Rule

FOLDER = "launcher"
"""The folder of the rules over launchers."""

_OF_JOBS = ("constructions", "jobs")
"""The facts without which a launcher has no estimator, tuner, step, pipeline or part of one."""

NEEDED_FACTS: dict[str, tuple[str, ...]] = {
    "TRN210": ("specifications",),
    "TRN211": ("specifications", *_OF_JOBS, "remote_calls", "requests", "processing_requests"),
    "TRN212": ("specifications", *_OF_JOBS, "requests"),
    "TRN214": ("contracts",),
    "TRN215": ("OutputSpec()",),
    "TRN306": ("properties", "JsonGet()"),
    "TRN307": ("properties",),
    "TRN313": ("pipelines",),
    "TRN314": ("pipelines",),
    "TRN401": ("classes", "constructions"),
    "TRN402": (*_OF_JOBS, "requests"),
    "TRN403": (*_OF_JOBS, "remote_calls", "requests"),
    "TRN404": (*_OF_JOBS, "requests"),
    "TRN405": ("estimators",),
    "TRN412": _OF_JOBS,
    "TRN415": ("estimators", "requests"),
    "TRN416": ("estimators", "requests"),
    "TRN422": ("properties", "imports_sdk"),
    "TRN423": ("imports_sdk",),
    "TRN425": ("estimators",),
    "TRN434": ("imports_sdk", "create_processing_job()", "processing_requests"),
    "TRN435": (*_OF_JOBS, "requests", "retrieve()"),
    "TRN436": ("constructions", "requests"),
    "TRN437": (*_OF_JOBS, "requests"),
    "TRN440": ("imports_sdk",),
}
"""The facts by the rule's code: attributes of `Launcher`, and calls by name. A rule that is not listed always runs."""


def rules_over(launcher: Launcher, rules: Rules) -> Iterator[Rule[Any]]:
    """Yield the rules over launchers, without those that have nothing to check in this one."""
    return rules.needed(rules.codes_in(FOLDER), lambda code: has_needed_facts(launcher, code))


def has_needed_facts(launcher: Launcher, code: str) -> bool:
    """Return whether a launcher has one of the facts that a rule goes through."""
    facts = NEEDED_FACTS.get(code)
    return facts is None or any(_has(launcher, fact) for fact in facts)


def _has(launcher: Launcher, fact: str) -> bool:
    name = fact.removesuffix("()")
    return bool(getattr(launcher, fact) if name == fact else launcher.module.calls_by_name.get(name))
