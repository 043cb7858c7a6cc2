"""The regular expressions that find metrics in a job's log, and the metric that a tuner is to improve.

SageMaker searches each line of the log and takes the first group. Sources: CreateTrainingJob ``MetricDefinitions``,
sagemaker 2.257.7 ``tuner.py``.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from flake8_training.launcher.sdk_objects import Estimator, MetricDefinition, Tuner
from flake8_training.script.log_lines import PrintedLine, printed
from flake8_training.script.string_patterns import ANY
from flake8_training.spelling import closest
from training_alignment.artefacts.limits import Budget
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.metric_patterns import TooLargeError, common_text, may_find
from training_alignment.launches.launch import Launch
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.launches.passed_hyperparameters import sent

_ALIKE = 0.6
_LONGEST = 1000
"""Letters of an expression: SageMaker takes half as many."""
_MOST_STEPS = 600_000
"""Pairs of states for all expressions of one job: past them, an expression may match."""
_SHOWN = 300
"""Letters of a line, and lines, that are compared with an expression for the nearest one."""
_OWN_METRICS = frozenset({"xgboost", "rl", "sklearn_builtin"})
"""Frameworks whose images have metrics of their own, or whose estimators define some."""


def useless_expressions(file: LauncherFile) -> Iterator[Problem]:
    """Yield the regular expressions of a launcher's metrics that capture nothing."""
    launcher = file.launcher
    if launcher.starts_nothing:
        return
    seen: set[int] = set()
    makers: list[Estimator | Tuner] = [*launcher.estimators, *launcher.requested, *launcher.tuners]
    for made in makers:
        for entry in made.metric_definitions.entries:
            text = entry.regex.text if entry.regex is not None else None
            if text is None or entry.regex is None or id(entry.node) in seen or "{{" in text:
                continue
            seen.add(id(entry.node))
            said = captures_nothing(text)
            if said:
                node = launcher.own(entry.regex.node, launcher.own(entry.node, made.node))
                yield Problem(node, f"{_name(entry)}{text!r} {said}")


def _name(entry: MetricDefinition) -> str:
    name = entry.name.text if entry.name is not None else None
    return f"{name}, " if name else ""


def captures_nothing(text: str) -> str:
    """Why an expression finds no value in any line, or nothing."""
    if len(text) > _LONGEST:
        return ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = re.compile(text)
            parsed: Any = _parser.parse(text)
    except (re.error, OverflowError, RecursionError):
        return ""  # SageMaker's expressions are not all Python's
    if compiled.groups == 0:
        # "<><><>" and the like are put where a definition is asked for and none is wanted.
        is_placeholder = not any(letter.isalnum() for letter in text)
        return "" if is_placeholder else "has no group, which would hold the value"
    items = list(parsed)
    if items and str(items[-1][0]) == "SUBPATTERN" and items[-1][1][0] == 1:
        inner = list(items[-1][1][-1])
        if inner and all(str(op) == "MIN_REPEAT" and detail[0] == 0 for op, detail in inner):
            return "ends in a lazy group, which captures an empty text"
    return ""


def unmatched_expressions(launch: Launch) -> Iterator[Problem]:
    """Yield the expressions of a job's metrics that find nothing in any line that its script can print."""
    script = launch.script
    makers: list[Estimator | Tuner] = [launch.estimator, *launch.tuners]
    if script is None or launch.alternatives or launch.started.by_command:
        return
    entries = [(made, entry) for made in makers for entry in made.metric_definitions.entries]
    if not entries:
        return
    known = printed(script.analysis)
    if known.open or any(one.pattern == ANY for one in known.lines):
        return
    patterns = [*(one.pattern for one in known.lines), *_echoed(launch)]
    samples = [one.shown.replace("...", "0.5")[:_LONGEST] for one in known.lines]
    budget = Budget(_MOST_STEPS)
    seen: set[int] = set()
    for made, entry in entries:
        text = entry.regex.text if entry.regex is not None else None
        if text is None or entry.regex is None or id(entry.node) in seen or "{{" in text:
            continue
        seen.add(id(entry.node))
        if (
            captures_nothing(text)
            or not any(letter.isalnum() for letter in text)
            or _may_match(text, samples, patterns, budget)
        ):
            continue
        near = _nearest_line(text, known.lines)
        hint = f", it prints {near.shown!r}" if near is not None else ""
        yield Problem(
            launch.estimator.launcher.own(
                entry.regex.node, launch.estimator.launcher.own(entry.node, made.node)
            ),
            f"{_name(entry)}{text!r} matches no line of the script{hint}",
            launch.in_script(near.node if near is not None else None, "what the script prints"),
        )


def _may_match(text: str, samples: list[str], patterns: list[str], budget: Budget) -> bool:
    if len(text) > _LONGEST:
        return True
    try:
        # Nearly always one of the lines suits, and that is seen at once.
        if any(may_find(text, sample, budget) for sample in samples):
            return True
        return any(common_text(text, pattern, budget) is not None for pattern in dict.fromkeys(patterns))
    except (re.error, TooLargeError, RecursionError, OverflowError):
        return True


def _echoed(launch: Launch) -> Iterator[str]:
    """The lines in which the toolkit in the image shows the job's hyperparameters."""
    for one in sent(launch):
        name = re.escape(one.name)
        yield rf'\s*"{name}": "?\S*'
        yield rf"SM_HP_{re.escape(one.name.upper())}=\S*"
        yield rf"\S* \S* -?-{name} \S*"


def _nearest_line(text: str, lines: tuple[PrintedLine, ...]) -> PrintedLine | None:
    """The line that an expression was most likely written for; None where none is like it."""
    wanted = _letters(re.sub(r"\\.|\[[^\]]*\]|\(.*?\)", " ", text))
    best = max(lines[:_SHOWN], key=lambda one: _likeness(wanted, one.shown), default=None)
    return best if best is not None and _likeness(wanted, best.shown) > _ALIKE else None


def _likeness(wanted: str, shown: str) -> float:
    """How much of an expression's letters a line has, in their order."""
    from difflib import SequenceMatcher

    if not wanted:
        return 0
    blocks = SequenceMatcher(None, wanted, _letters(shown[:_SHOWN]), autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 1) / len(wanted)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def undefined_objectives(file: LauncherFile) -> Iterator[Problem]:
    """Yield the tuners whose objective no metric definition names."""
    launcher = file.launcher
    if launcher.starts_nothing:
        return
    for tuner in launcher.tuners:
        objective = tuner.get("objective_metric_name")
        if objective is None or objective.text is None or launcher.is_expected_to_fail(tuner.node):
            continue
        if tuner.overridden or tuner.arguments.open_ended or not tuner.estimators:
            continue
        names = _names(tuner)
        if names is None or objective.text in names:
            continue
        near = closest(objective.text, names)
        hint = f", did you mean {near}?" if near else (f", there are {', '.join(names)}" if names else "")
        why = "" if names else ", the tuner has no metric_definitions"
        yield Problem(launcher.own(objective.at, tuner.node), f"{objective.text}{hint}{why}")


def _names(tuner: Tuner) -> list[str] | None:
    """The metrics that are defined for a tuner's jobs; None where there may be others."""
    given = tuner.get("metric_definitions")
    if given is None or given.given.is_none:
        return [] if all(_brings_no_metrics(one) for one in tuner.estimators) else None
    found = tuner.metric_definitions
    if found.open_ended or not given.given.values:
        return None
    names = [entry.name.text if entry.name is not None else None for entry in found.entries]
    return [name for name in names if name is not None] if None not in names else None


def _brings_no_metrics(estimator: Estimator) -> bool:
    """Whether an estimator's image certainly emits no metrics of its own."""
    if estimator.local is not None or estimator.is_trainer or not estimator.is_framework:
        return False
    return estimator.framework not in (None, *_OWN_METRICS) and estimator.entry_point is not None
