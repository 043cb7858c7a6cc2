"""The S3 addresses that a launcher passes to the options and variables of its script."""

from __future__ import annotations

import ast

from flake8_training.launcher.located_expressions import Argument
from flake8_training.script.remote_addresses import PassedAddresses
from training_alignment.launches.accepted_options import Match, acceptance
from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import sent

_S3 = "s3://"
_REST = "..."


def passed_addresses(launch: Launch) -> tuple[PassedAddresses, dict[str, ast.AST]] | None:
    """Return the addresses that certainly reach the script, and the places of each in the launcher; None for none."""
    script = launch.script
    if script is None or launch.alternatives or launch.started.by_command:
        return None
    options: dict[str, str] = {}
    variables: dict[str, str] = {}
    places: dict[str, ast.AST] = {}
    accepted = None
    for one in sent(launch):
        address = _address(one.argument) if one.certain and not one.tuned else None
        if address is None:
            continue
        accepted = accepted or acceptance(script.analysis)
        match, found = accepted.match(one.flag) if accepted is not None else (Match.NONE, ())
        if match is Match.ONE:
            options.update((option.dest, address) for option in found)
            places[address] = one.at
    for variable in launch.estimator.environment:
        address = _address(variable) if variable.certain else None
        if address is not None:
            variables[variable.name] = address
            places[address] = launch.report_node(variable.at)
    return (PassedAddresses(options, variables), places) if places else None


def _address(argument: Argument) -> str | None:
    """Return the S3 address that an argument is in every case, an unknown end as dots; None for another value."""
    if argument.encoding or argument.replaceable or argument.taken_out:
        return None
    beginnings = argument.expression.beginnings
    if len(beginnings) < len(argument.values) or not beginnings:
        return None
    if not all(one.startswith(_S3) for one in beginnings):
        return None
    return argument.text or f"{beginnings[0]}{_REST}"
