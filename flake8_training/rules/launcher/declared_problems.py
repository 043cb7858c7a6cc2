"""Problems of the specifications and contracts that a file declares."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.launcher.declared_tables import Port
from flake8_training.launcher.signs import SETTINGS
from flake8_training.ledger import Reason, note_question, note_unknown, unknown_if
from flake8_training.rules.launcher.problem import Problem
from flake8_training.sagemaker.contract_paths import judge_input, judge_output
from flake8_training.sagemaker.estimator_settings import CODE_LOCATIONS, missing_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from flake8_training.launcher.launcher import Launcher


def incomplete_settings(launcher: Launcher) -> Iterator[Problem]:
    """Yield the specifications whose estimator settings are missing or incomplete."""
    for table in launcher.specifications:
        note_question()
        if table.settings is None:
            if unknown_if(table.entries.open_ended, Reason.MAPPING, table.node, what=SETTINGS):
                continue
            if SETTINGS in table.entries:
                note_unknown(Reason.COMPUTED, table.node, what=SETTINGS)
            else:
                yield Problem(table.node, f"{SETTINGS} is missing", table.node)
        elif not unknown_if(table.settings.open_ended, Reason.MAPPING, table.node, what=SETTINGS):
            missing = missing_settings(table.settings.names)
            if missing:
                at = launcher.own(table.settings_at, table.node)
                yield Problem(at, f"{', '.join(missing)} missing", table.node)


def missing_code_locations(launcher: Launcher) -> Iterator[Problem]:
    """Yield the specifications that define no code location."""
    for table in launcher.specifications:
        within = [table.entries, *([table.settings] if table.settings is not None else [])]
        note_question()
        if unknown_if(any(entries.open_ended for entries in within), Reason.MAPPING, table.node):
            continue
        locations = [entry for entries in within for entry in entries if entry.name in CODE_LOCATIONS]
        if not locations:
            yield Problem(table.node, "add code_location", table.node)
        elif all(not entry.expression.constant and entry.expression.is_known for entry in locations):
            at = launcher.own(locations[0].at, table.node)
            yield Problem(at, f"{locations[0].name} is empty", table.node)


def wrong_container_paths(launcher: Launcher) -> Iterator[Problem]:
    """Yield the paths in contracts that are outside the folders of a training job's container."""
    for contract in launcher.contracts:
        for port in contract.inputs:
            yield from _judged(launcher, contract.node, port, judge_input)
        for port in contract.outputs:
            yield from _judged(launcher, contract.node, port, judge_output)


def _judged(
    launcher: Launcher, contract: ast.AST, port: Port, judge: Callable[[str], str | None]
) -> Iterator[Problem]:
    note_question()
    for value in port.path.constants:
        reason = judge(value) if isinstance(value, str) and value else None
        if reason is not None:
            yield Problem(launcher.literal(port.path, value, contract), f"{port.name}: {reason}", contract)
