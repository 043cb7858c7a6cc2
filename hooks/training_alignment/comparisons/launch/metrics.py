"""Checks of a job's metric definitions and of a tuner's objective metric.

SageMaker searches each line of the log with the regular expression and takes the first group. Sources:
CreateTrainingJob ``MetricDefinitions``, sagemaker 2.257.7 ``tuner.py``.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from flake8_training.fix import renamed
from flake8_training.launcher.sdk_objects import Estimator, MetricDefinition, Tuner
from flake8_training.ledger import Reason, Suppression, note_suppressed, note_unknown, unknown_if
from flake8_training.pattern import pattern
from flake8_training.script import Script
from flake8_training.script.log_lines import PrintedLine, printed
from flake8_training.script.string_patterns import ANY, COMPOSED, FOREIGN
from flake8_training.spelling import closest, did_you_mean, only_closest
from training_alignment.artefacts.limits import Budget
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.metric_patterns import (
    TooLargeError,
    common_text,
    may_capture,
    may_find,
)
from training_alignment.comparisons.launch.started_programs import StartedScripts
from training_alignment.launches.launch import Launch
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.launches.passed_hyperparameters import sent
from training_alignment.launches.started_script import is_idle

_ALIKE = 0.6
_LETTERS = pattern(r"[^\W\d_]{2,}")
_LONGEST = 1000
"""Bound on the letters of an expression: SageMaker accepts half as many."""
_MOST_STEPS = 600_000
"""Bound on the pairs of states for all expressions of one job; beyond it, an expression may match."""
_SHOWN = 300
"""Bound on the lines, and on the letters of each, in the search for the line nearest to an expression."""
_NUMBER = r"\s*[-+]?(?:\d+\.?\d*|\.\d+|[iI]nf\w*|[nN]a[nN])(?:[eE][-+]?\d+)?\s*"
"""A number as SageMaker reads it from the log."""
_LONGEST_WORD = 60
_MOST_WORDS = 40
"""Bounds on a string that may be a part of a printed line, and on the number of such strings for one expression."""
_OWN_METRICS = frozenset({"xgboost", "rl", "sklearn_builtin"})
"""Frameworks whose images or estimators define metrics. An estimator of any other framework defines none."""

MATCHES_NOTHING = "the metric regex matches nothing that the script prints"


def useless_expressions(file: LauncherFile) -> Iterator[Problem]:
    """Yield the regular expressions in a launcher's metric definitions that capture nothing."""
    launcher = file.launcher
    seen: set[int] = set()
    definers: list[Estimator | Tuner] = [*launcher.estimators, *launcher.requested, *launcher.tuners]
    for definer in definers:
        in_test = launcher.is_expected_to_fail(definer.node)
        for entry in definer.metric_definitions.entries:
            text = entry.regex.text if entry.regex is not None else None
            if text is None or entry.regex is None or id(entry.node) in seen or "{{" in text:
                continue
            seen.add(id(entry.node))
            reason = captures_nothing(text)
            if reason:
                node = launcher.own(entry.regex.node, launcher.own(entry.node, definer.node))
                if in_test:
                    note_suppressed(Suppression.TEST, node)
                    continue
                yield Problem(node, f"{_name(entry)}{text!r} {reason}")


def _name(entry: MetricDefinition) -> str:
    name = entry.name.text if entry.name is not None else None
    return f"{name}: " if name else ""


def captures_nothing(text: str) -> str:
    """Return why an expression captures no value in any line; empty if it may capture one."""
    if len(text) > _LONGEST:
        return ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = re.compile(text)
            parsed: Any = _parser.parse(text)
    except (re.error, OverflowError, RecursionError):
        return ""  # SageMaker accepts expressions that Python rejects
    if compiled.groups == 0:
        # "<><><>" and the like are placeholders for a required definition that the author does not want.
        is_placeholder = not any(letter.isalnum() for letter in text)
        return "" if is_placeholder else "has no group, which would hold the value"
    items = list(parsed)
    if items and str(items[-1][0]) == "SUBPATTERN" and items[-1][1][0] == 1:
        inner = list(items[-1][1][-1])
        if inner and all(str(op) == "MIN_REPEAT" and detail[0] == 0 for op, detail in inner):
            return "ends in a lazy group, which captures an empty text"
    try:
        if not may_capture(text, _NUMBER):
            return "captures no number: its first group matches none"
    except (re.error, TooLargeError, RecursionError, OverflowError):
        pass
    return ""


def unmatched_expressions(launch: Launch) -> Iterator[Problem]:
    """Yield the expressions of a job's metrics that match no line that its script can print."""
    script = launch.script
    definers: list[Estimator | Tuner] = [launch.estimator, *launch.tuners]
    if script is None or launch.alternatives or launch.started.by_command:
        return
    entries = [(definer, entry) for definer in definers for entry in definer.metric_definitions.entries]
    if not entries or is_idle(script):
        return  # TRN103 reports a script that does nothing
    known = printed(script.analysis, StartedScripts(launch))
    any_line = next((one for one in known.lines if one.pattern == ANY), None)
    if any_line is not None or known.open:
        node = any_line.node if any_line is not None else 1
        note_unknown(Reason.COMPUTED, node, script.path, "printed lines")
        return
    patterns = [*(one.pattern for one in known.lines), *_echoed(launch)]
    words = _strings(script, launch)
    samples = [one.shown.replace("...", "0.5")[:_LONGEST] for one in known.lines]
    budget = Budget(_MOST_STEPS)
    seen: set[int] = set()
    for definer, entry in entries:
        text = entry.regex.text if entry.regex is not None else None
        if text is None or entry.regex is None or id(entry.node) in seen or "{{" in text:
            continue
        seen.add(id(entry.node))
        if (
            captures_nothing(text)
            or not any(letter.isalnum() for letter in text)
            or _may_match(text, samples, [_filled(one, text, words) for one in patterns], budget)
        ):
            continue
        near = _nearest_line(text, known.lines)
        hint = f"; the script prints {near.shown!r}" if near is not None else ""
        yield Problem(
            launch.estimator.launcher.own(
                entry.regex.node, launch.estimator.launcher.own(entry.node, definer.node)
            ),
            f"{_name(entry)}{text!r}{hint}",
            launch.in_script(near.node if near is not None else None, "what the script prints"),
            summary=MATCHES_NOTHING,
        )


def _may_match(text: str, samples: list[str], patterns: list[str], budget: Budget) -> bool:
    if len(text) > _LONGEST:
        return True
    try:
        # The fast test first: usually a sample line matches.
        if any(may_find(text, sample, budget) for sample in samples):
            return True
        return any(common_text(text, pattern, budget) is not None for pattern in dict.fromkeys(patterns))
    except (re.error, TooLargeError, RecursionError, OverflowError):
        return True


def _strings(script: Script, launch: Launch) -> tuple[str, ...]:
    """Return the short strings that a value may consist of: of the program, and of the launcher's settings."""
    found = {str(node.value) for node in script.analysis.program.strings if isinstance(node.value, str)}
    for site in script.analysis.program.all_calls("dict", "update"):
        found.update(keyword.arg for keyword in site.node.keywords if keyword.arg)
    found.update(option.dest for option in script.analysis.options.all)
    for one in sent(launch):
        found.update(value for value in one.values() or () if isinstance(value, str))
    for variable in launch.estimator.environment:
        found.update(value for value in variable.expression.constants if isinstance(value, str))
    return tuple(sorted(text for text in found if 0 < len(text) <= _LONGEST_WORD and "\n" not in text))


def _filled(pattern: str, expression: str, words: tuple[str, ...]) -> str:
    """Return a line's pattern for one expression: a value of unknown origin may consist of the program's strings."""
    if COMPOSED not in pattern:
        return pattern
    wanted = set(_LETTERS.findall(expression.casefold()))
    usable = [word for word in words if wanted & set(_LETTERS.findall(word.casefold()))]
    if len(usable) > _MOST_WORDS:
        return pattern.replace(COMPOSED, ANY)
    alternatives = "|".join([FOREIGN, *map(re.escape, usable)])
    return pattern.replace(COMPOSED, f"(?:{alternatives})*")


def _echoed(launch: Launch) -> Iterator[str]:
    """Yield patterns of the lines in which the training toolkit logs the job's hyperparameters.

    An unknown value holds no word of an expression: a label comes from the name, or from the script.
    """
    tokens: list[str] = []
    for one in sent(launch):
        known = one.values()
        texts = [one.tokens(value) for value in known] if known is not None and not one.tuned else [None]
        values = {re.escape(text[-1]) if text else f"{FOREIGN}*" for text in texts}
        value = f"(?:{'|'.join(sorted(values))})"
        name = re.escape(one.name)
        tokens.append(f"-?-{name} {value}")
        yield rf'\s*"{name}": ?"?{value}"?,?'
        yield rf"SM_HP_{re.escape(one.name.upper())}={value}"
    if tokens:
        # The command that the toolkit starts: "/miniconda3/bin/python train.py --epochs 3".
        yield rf"(?:{'|'.join(dict.fromkeys(['python', FOREIGN, *tokens]))})*"


def _nearest_line(text: str, lines: tuple[PrintedLine, ...]) -> PrintedLine | None:
    """Return the printed line most similar to an expression, or None if none is similar."""
    wanted = _letters(re.sub(r"\\.|\[[^\]]{0,200}\]|\(.{0,200}?\)", " ", text))
    best = max(lines[:_SHOWN], key=lambda one: _likeness(wanted, one.shown), default=None)
    return best if best is not None and _likeness(wanted, best.shown) > _ALIKE else None


def _likeness(wanted: str, shown: str) -> float:
    """Return the share of an expression's letters that a line has in the same order, from 0 to 1."""
    from difflib import SequenceMatcher

    if not wanted:
        return 0
    blocks = SequenceMatcher(None, wanted, _letters(shown[:_SHOWN]), autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 1) / len(wanted)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def undefined_objectives(file: LauncherFile) -> Iterator[Problem]:
    """Yield the tuners whose objective metric no metric definition names."""
    launcher = file.launcher
    for tuner in launcher.tuners:
        objective = tuner.get("objective_metric_name")
        if objective is None or objective.text is None:
            continue
        is_open = bool(tuner.overridden) or tuner.arguments.open_ended or not tuner.estimators
        if unknown_if(is_open, Reason.MAPPING, tuner.node):
            continue
        names = _names(tuner)
        if names is None:
            note_unknown(Reason.MAPPING, tuner.node, what="metrics", weak=True)
        if names is None or objective.text in names:
            continue
        if launcher.is_expected_to_fail(tuner.node):
            note_suppressed(Suppression.TEST, tuner.node)
            continue
        near = closest(objective.text, names)
        hint = did_you_mean(near) if near else (f", there are {', '.join(names)}" if names else "")
        why = "" if names else ", the tuner has no metric_definitions"
        meant, at = only_closest(objective.text, names), launcher.own(objective.expression.node, tuner.node)
        fix = renamed(at, objective.text, meant) if meant is not None else None
        yield Problem(launcher.own(objective.at, tuner.node), f"{objective.text}{hint}{why}", fix=fix)


def _names(tuner: Tuner) -> list[str] | None:
    """Return the metrics that are defined for a tuner's jobs, or None if there may be others."""
    definitions = tuner.get("metric_definitions")
    if definitions is None or definitions.expression.is_none:
        return [] if all(_brings_no_metrics(one) for one in tuner.estimators) else None
    found = tuner.metric_definitions
    if found.open_ended or not definitions.expression.values:
        return None
    names = [entry.name.text if entry.name is not None else None for entry in found.entries]
    return [name for name in names if name is not None] if None not in names else None


def _brings_no_metrics(estimator: Estimator) -> bool:
    """Return whether an estimator's image certainly defines no metrics."""
    if estimator.local is not None or estimator.is_trainer or not estimator.is_framework:
        return False
    return estimator.framework not in (None, *_OWN_METRICS) and estimator.entry_point is not None
