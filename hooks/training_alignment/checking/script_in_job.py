"""Checks of a script in the job of one launcher, with the paths that the launcher passes to its options.

In the job, a hyperparameter replaces the option's default. The script then saves a model or checkpoints to the
launcher's path, for example with ``args.model_dir``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from flake8_training.checker import findings_in
from flake8_training.engine.flow.container_paths import ContainerPath, PathKind, places
from flake8_training.engine.values.values import OptionValue, StringTemplate, Variable
from flake8_training.finding import Finding
from flake8_training.libraries.rows import Carries, Saves, Trains
from flake8_training.record import replace
from flake8_training.rules.registry import Rules
from flake8_training.rules.rule import Rule
from flake8_training.rules.script.trn126_remote_address import RemoteAddressAsPath
from flake8_training.script import Script
from flake8_training.script.accesses import referenced_paths
from flake8_training.script.frameworks import trains_instead
from flake8_training.script.remote_addresses import remote_addresses
from flake8_training.script.resolved_paths import is_moved
from flake8_training.script.trainer_arguments import saves_nothing
from flake8_training.script.verdict import State
from training_alignment.comparisons.launch.checkpoints import kept_checkpoints
from training_alignment.comparisons.launch.launched_paths import launched_paths
from training_alignment.comparisons.launch.missing_variables import unset_variables
from training_alignment.comparisons.launch.passed_addresses import passed_addresses
from training_alignment.comparisons.launch.quoted_strings import quoted_strings
from training_alignment.launches.launch import Launch

_SAVED, _LOST, _STRINGS, _UNTRAINED, _REMOTE = "TRN104", "TRN112", "TRN119", "TRN121", "TRN126"


def as_launched(launch: Launch, rules: Rules) -> Iterator[Finding]:
    """Yield the findings of the rules about a script that only the launcher's arguments cause."""
    yield from _quoted(launch, rules)
    yield from _other_framework(launch, rules)
    yield from _saved(launch, rules)
    yield from _remote(launch, rules)


def _remote(launch: Launch, rules: Rules) -> Iterator[Finding]:
    """Yield the calls of local files to which the launcher passes an S3 address."""
    rule = rules.coded(_REMOTE)
    passed = passed_addresses(launch) if rule is not None else None
    script, path = launch.script, launch.script_path
    if not isinstance(rule, RemoteAddressAsPath) or passed is None or script is None or path is None:
        return
    addresses, places = passed
    for one in remote_addresses(script.analysis, addresses):
        if script.owns(one.call.node):
            node = next((at for address, at in places.items() if one.address.startswith(address)), None)
            line = getattr(node, "lineno", launch.estimator.node.lineno)
            related = (launch.file.related(line, "the launcher passes the address"),)
            yield replace(rule.of_call(script, one), path=path, related=related)


def _quoted(launch: Launch, rules: Rules) -> Iterator[Finding]:
    """Yield the strings of hyperparameters.json that carry the quotes of JSON in this job."""
    script, path = launch.script, launch.script_path
    rule = rules.coded(_STRINGS)
    if rule is None or script is None or path is None or launch.started.by_command:
        return
    for problem in quoted_strings(launch):
        yield replace(rule.finding(script, problem.node, problem.detail), path=path, related=problem.related)


def _other_framework(launch: Launch, rules: Rules) -> Iterator[Finding]:
    """Yield a finding if the script imports the framework of the estimator, and trains with scikit-learn alone."""
    rule = rules.coded(_UNTRAINED)
    script, path, framework = launch.script, launch.script_path, launch.estimator.framework
    if (
        rule is None
        or script is None
        or path is None
        or framework is None
        or launch.alternatives
        or launch.started.by_command
    ):
        return
    instead = trains_instead(script.analysis, framework)
    if instead is not None and script.owns(instead.node):
        name = launch.estimator.name
        detail = f"the launcher's {name} is for {framework}, and only scikit-learn is fitted"
        related = launch.from_launcher(f"the estimator {name}")
        yield replace(rule.finding(script, instead.node, detail), path=path, related=related)


def _saved(launch: Launch, rules: Rules) -> Iterator[Finding]:
    """Yield the findings of the rules about saving."""
    saving, losing = rules.coded(_SAVED), rules.coded(_LOST)
    script, path = launch.script, launch.script_path
    if (
        (saving is None and losing is None)
        or script is None
        or path is None
        or launch.alternatives
        or launch.started.by_command
    ):
        return
    if script.training.state is not State.PRESENT:
        return
    saves = saving is not None and script.model_saving.state is not State.ABSENT
    folder = kept_checkpoints(launch.estimator) if losing is not None else None
    kept = folder.path if folder is not None else None
    if not saves and kept is None:
        return
    unset = unset_variables(launch) if saves else frozenset()
    passed = launched_paths(launch, script, unset)
    is_other = bool(passed or unset) and are_saved_to(script, passed, unset)
    in_job = launch.read_again(passed, unset) if is_other else script
    if in_job is None:
        return
    found: list[Finding] = []
    if is_other and saves and saving is not None:
        wanted = [rule for rule in (saving, losing) if rule is not None]
        found = [f for f in findings_in(in_job, wanted) if f.code == _SAVED]
    if kept is not None and losing is not None:
        found += _lost_checkpoints(in_job, kept, losing)
    for one in found:
        yield replace(one, path=path, related=launch.from_launcher(one.message))


def are_saved_to(script: Script, passed: dict[str, str], unset: frozenset[str] = frozenset()) -> bool:
    """Return whether the script saves a model or checkpoints to the path in one of these options or variables.

    ``passed`` maps the options' destinations to paths; ``unset`` are variables that have their defaults.
    """
    analysis = script.analysis
    for call in analysis.calls.all:
        for row in call.rows:
            if isinstance(row, Saves | Carries):
                node = analysis.calls.argument(call, row.path)
            elif isinstance(row, Trains) and row.saves_to:
                node = analysis.calls.argument(call, row.saves_to)
            else:
                continue
            for value in analysis.calls.values(call, node) if node is not None else ():
                parts = value.parts if isinstance(value, StringTemplate) else (value,)
                if any(isinstance(part, OptionValue) and part.option.dest in passed for part in parts):
                    return True
                if any(isinstance(part, Variable) and part.name in unset for part in parts):
                    return True
    return False


def _lost_checkpoints(script: Script, kept: str, rule: Rule[Any]) -> Iterator[Finding]:
    """Yield the writes of checkpoints to a local path outside the folder ``kept`` that SageMaker copies to S3."""
    analysis = script.analysis
    known = referenced_paths(analysis)
    if known.writes_others or any(is_below(path, kept) or is_below(kept, path) for path in known.paths):
        return
    for call in analysis.calls.all:
        if not script.owns(call.node):
            continue
        for row in call.having(Carries):
            node = analysis.calls.argument(call, row.path)
            found = places(analysis.evaluator, analysis.calls.values(call, node)) if node is not None else []
            if saves_nothing(analysis, call) or is_moved(analysis, found):
                continue
            if found and all(_is_lost(place) for place in found):
                detail = f"checkpoints are written to {found[0].path}, and checkpoint_s3_uri keeps {kept}"
                yield rule.finding(script, call.node, detail)


def _is_lost(place: ContainerPath) -> bool:
    """Return whether a place is on the disk of the container: a relative path is below the code's folder."""
    return place.root is PathKind.LOCAL and not place.path.startswith("~") and not place.open


def is_below(path: str, folder: str) -> bool:
    path, folder = os.path.normpath(path), os.path.normpath(folder)
    return path == folder or path.startswith(folder + "/")
