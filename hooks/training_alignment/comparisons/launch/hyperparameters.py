"""Compares the hyperparameters that a launcher passes with the options and reads of the script.

Sources: argparse of Python 3.11, sagemaker 2.257.7 ``tensorflow/estimator.py`` (``model_dir``), and
`flake8_training.sagemaker.hyperparameter_arguments` for the arguments that SageMaker builds from them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache

from flake8_training.engine.values.option import Option
from flake8_training.engine.values.unknown_values import note_values
from flake8_training.engine.values.values import Constant, StringTemplate
from flake8_training.finding import Severity
from flake8_training.fix import Fix, renamed
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.ledger import Reason, note_question, note_unknown, unknown_if
from flake8_training.sagemaker.hyperparameter_arguments import (
    Route,
    certainly_keeps_empty_words,
)
from flake8_training.script import Script
from flake8_training.script.hyperparameter_reads import HyperparameterReads, hyperparameter_reads
from flake8_training.script.verdict import State
from flake8_training.spelling import closest, did_you_mean, only_closest, only_unused, same_name
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.own_values import OwnValue, default_of, keyword_of, variable_of
from training_alignment.comparisons.launch.renaming import is_odd_in_script, option_renamed, string_renamed
from training_alignment.launches.accepted_options import AcceptedOptions, Library, Match, acceptance
from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import PassedHyperparameter, sent

_MAX_SHOWN = 60

REPLACED = "the estimator replaces the hyperparameter"


def unaccepted(launch: Launch, *, own_value: Severity | None = None) -> Iterator[Problem]:
    """Yield the hyperparameters that the script neither accepts as an option nor reads by key.

    ``own_value``: the severity if the script uses the same value without the hyperparameter.
    """
    yield from _replaced(launch)
    script = launch.script
    if script is None:
        return
    passed = [one for one in sent(launch) if one.certain or not launch.alternatives]
    if not passed:
        return
    note_question(len(passed))
    accepted = acceptance(script.analysis) if not launch.started.by_command else None
    if accepted is None and script.analysis.options.all and not launch.started.by_command:
        option = script.analysis.options.all[0]
        note_unknown(Reason.MAPPING, option.line, option.module.path, "options", weak=True)
    if accepted is not None:
        passed = [one for one in passed if accepted.match(one.flag)[0] is not Match.ONE]
    if not passed:
        return  # the usual case, which saves the search for reads by key
    reads = hyperparameter_reads(script.analysis)
    seen: set[str] = set()
    tuned = {one.name for one in passed if one.tuned}
    unpassed = cache(lambda: _unpassed(launch, accepted) if accepted is not None else [])
    for one in passed:
        detail = None
        # The script's own value is the one that is passed in one job at most of those that a tuner starts.
        kept = own_value if one.name not in tuned else None
        if accepted is not None:
            detail = _not_accepted(launch, one, accepted, reads, unpassed, kept)
        elif not script.analysis.options.all or launch.started.by_command:
            detail = _not_read(launch, one, reads, script, kept)
        if detail is not None and one.name not in seen:
            seen.add(one.name)
            yield detail


def _replaced(launch: Launch) -> Iterator[Problem]:
    """Yield the hyperparameter ``model_dir`` of a TensorFlow estimator, which replaces it with its argument."""
    estimator = launch.estimator
    if estimator.name != "TensorFlow" or estimator.sdk != "v2" or "model_dir" in estimator.overridden:
        return
    argument = estimator.get("model_dir")
    if estimator.arguments.open_ended or (argument is not None and not _is_string(argument.expression)):
        return
    for one in sent(launch):
        if one.name != "model_dir" or not one.certain or one.tuned:
            continue
        if argument is None or argument.expression.is_none:
            detail = "TensorFlow() sets model_dir to an S3 address; pass it as TensorFlow(model_dir=...)"
        elif argument.expression.values != one.argument.expression.values:
            detail = "the argument model_dir of TensorFlow() replaces the one in hyperparameters"
        else:
            continue
        yield Problem(one.at, detail, summary=REPLACED)


def _is_string(argument: LocatedExpression) -> bool:
    """Return whether an argument is certainly None or a string."""
    return bool(argument.values) and all(
        isinstance(value, StringTemplate)
        or (isinstance(value, Constant) and isinstance(value.value, str | None))
        for value in argument.values
    )


def _not_accepted(
    launch: Launch,
    one: PassedHyperparameter,
    accepted: AcceptedOptions,
    reads: HyperparameterReads,
    unpassed: Callable[[], list[str]],
    own_value: Severity | None,
) -> Problem | None:
    match, options = accepted.match(one.flag)
    if match is Match.SEVERAL:
        names = ", ".join(sorted({o.flags[0] for o in options if o.flags}))
        return Problem(
            one.at,
            f"{one.flag} is short for {names} ({accepted.library.value} exits with code 2)",
            launch.in_script(options[0].node, "one of the options"),
        )
    if accepted.strict is not True and (reads.open or _is_read(one.name, reads)):
        if reads.open and not _is_read(one.name, reads):
            note_unknown(Reason.MAPPING, 1, launch.script_path or "", one.name)
        return None
    # A short name may misspell the only option alike that the launch does not pass.
    near = nearest_flag(one.flag, accepted.flags) or only_unused(one.flag, unpassed())
    hint = did_you_mean(near)
    if near == f"-{one.flag}":
        hint = f" (a key of one letter is passed with one dash; the script has {near})"
    other = next((o for o in accepted.options if near in o.flags), None)
    parsing = other.node if other is not None else (accepted.options[0].node if accepted.options else None)
    note = f"the script has the option {near}" if near else "the script has other options"
    fix = _renamed(launch, one, accepted, near, other) if near is not None else None
    related, severity = launch.in_script(parsing, note), None
    if accepted.strict is False:
        own = _used_instead(launch, one, other if near is not None and same_name(near, one.flag) else None)
        severity = own_value if own is not None and own.equals(one) else None
        related = (
            launch.in_script(own.node, own.shown) if severity is not None and own is not None else related
        )
    return Problem(one.at, f"{one.flag}{hint} {_outcome(accepted)}", related, severity=severity, fix=fix)


def _used_instead(launch: Launch, one: PassedHyperparameter, option: Option | None) -> OwnValue | None:
    """Return the value that the script uses for a hyperparameter that it drops, or None if that is unknown.

    ``option``: the option of the script that the name misspells.
    """
    script = launch.script
    assert script is not None
    if option is not None:
        return default_of(script, option)
    return keyword_of(script, one.name) or variable_of(script, one.name)


def _renamed(
    launch: Launch, one: PassedHyperparameter, accepted: AcceptedOptions, near: str, option: Option | None
) -> Fix | None:
    """Return the fix of the wrong spelling; None if several options may be meant, or if the launch passes both."""
    long = [flag for flag in accepted.flags if flag.startswith("--")]
    if not same_name(near, one.flag) and only_closest(one.flag, long) != closest(one.flag, long):
        return None
    name = near.removeprefix("--")
    # A tuner may vary what the estimator passes as well.
    passed = (other for other in sent(launch) if other.tuned == one.tuned)
    if any(option in accepted.match(other.flag)[1] for other in passed):
        return None
    if option is not None and is_odd_in_script(launch, name, one.name):
        return option_renamed(launch, option, name, one.name)
    return renamed(one.at, one.name, name)


def _unpassed(launch: Launch, accepted: AcceptedOptions) -> list[str]:
    """Return the long spellings, of more than one letter, of the options that the launch does not pass."""
    passed = {id(option) for other in sent(launch) for option in accepted.match(other.flag)[1]}
    unpassed = [flag for option in accepted.options if id(option) not in passed for flag in option.flags]
    return [flag for flag in unpassed if flag.startswith("--") and len(flag) > len("--x")]


def _outcome(accepted: AcceptedOptions) -> str:
    """Return the consequence of passing an option that the script does not have."""
    if accepted.library is Library.DATACLASSES:
        return "(HfArgumentParser raises ValueError)"
    if accepted.library is not Library.ARGPARSE:
        return f"({accepted.library.value} exits with code 2)"
    if accepted.strict:
        return "(argparse exits with code 2)"
    return "(parse_known_args drops it)" if accepted.strict is False else "(no option of the script)"


def nearest_flag(flag: str, flags: tuple[str, ...]) -> str | None:
    """Return the long option that a spelling most likely means, or None."""
    long = [known for known in flags if known.startswith("--")]
    same = next((known for known in long if same_name(known, flag)), None)
    return same or closest(flag, long)


def _not_read(
    launch: Launch,
    one: PassedHyperparameter,
    reads: HyperparameterReads,
    script: Script,
    own_value: Severity | None,
) -> Problem | None:
    """Return the problem of a hyperparameter that a script without options never reads, or None."""
    if unknown_if(reads.open, Reason.MAPPING, 1, launch.script_path or "", one.name):
        return None
    if reads.names:
        if _is_read(one.name, reads) or script.analysis.calls.first_opaque_call("reads") is not None:
            return None
        if one.route is Route.V3 and _is_read(one.name.replace("-", "_"), reads):
            return None  # the driver of SDK v3 sets SM_HP_BATCH_SIZE for batch-size
        if not any(read.required or read.own for read in reads.reads) or _may_read_any_variable(script):
            return None
        near = closest(one.name, reads.names)
        hint = did_you_mean(near)
        own = keyword_of(script, one.name)
        side, at = "hyperparameters are read by key", reads.reads[0].node
        if own is not None:
            side, at = own.shown, own.node
        return Problem(
            one.at,
            f"{one.name!r}{hint} (the script reads other keys, and never this one)",
            launch.in_script(at, side),
            fix=_renamed_key(launch, one, reads),
            severity=own_value if own is not None and own.equals(one) else None,
        )
    if launch.started.by_command:
        return _behind_command(launch, one, script)
    if script.hyperparameters.state is not State.ABSENT:
        return None
    place, side = script.place_for(script.hyperparameters), "reads no hyperparameters"
    own, detail = _used_instead(launch, one, None), f"{one.name!r} (the script reads no hyperparameters)"
    if own is not None and own.variable:
        detail = f"{one.name!r} (it is read as an environment variable: use environment=)"
    return Problem(
        one.at,
        detail,
        (*(launch.in_script(own.node, own.shown) if own is not None else ()), *launch.in_script(place, side)),
        severity=own_value if own is not None and own.equals(one) else None,
    )


def _renamed_key(launch: Launch, one: PassedHyperparameter, reads: HyperparameterReads) -> Fix | None:
    """Return the fix of a misspelled hyperparameter that the script reads by key and the launch does not pass."""
    passed = {other.name for other in sent(launch)}
    near = only_closest(one.name, reads.names)
    if near is None or near in passed:
        return None
    if is_odd_in_script(launch, near, one.name):
        nodes = [read.node for read in reads.reads if read.name == near]
        return string_renamed(launch, nodes[0], near, one.name) if len(nodes) == 1 else None
    return renamed(one.at, one.name, near)


def _behind_command(launch: Launch, one: PassedHyperparameter, script: Script) -> Problem | None:
    """Return the problem of a hyperparameter that never becomes an argument, because a command starts the image.

    Return None if the script may read it otherwise: only the training toolkit passes hyperparameters as arguments.
    """
    words = launch.started.command
    if words is None or any(one.name in word for word in words) or _may_read_any_variable(script):
        return None  # the command is unknown, or a trainer's, which another rule reports
    analysis = script.analysis
    accepted = acceptance(analysis)
    if (
        accepted is None
        or accepted.library is not Library.ARGPARSE
        or analysis.calls.first_opaque_call("reads") is not None
    ):
        return None
    match, options = accepted.match(one.flag)
    if match is not Match.ONE:
        return None
    return Problem(
        one.at,
        f"{one.name!r} (a command starts the image, and no hyperparameter is an argument of it)",
        launch.in_script(options[0].node, f"the option {one.flag}"),
    )


def _may_read_any_variable(script: Script) -> bool:
    """Return whether the script may read environment variables of unknown names."""
    from flake8_training.script.variable_reads import VariablesRead

    return VariablesRead(script.analysis, None).open


def _is_read(name: str, reads: HyperparameterReads) -> bool:
    return name in reads.names or name.lower() in reads.names


def unparsable(launch: Launch) -> Iterator[Problem]:
    """Yield the values that the script's options cannot parse, or that parsing changes."""
    script = launch.script
    if script is None or launch.started.by_command:
        return
    accepted = acceptance(script.analysis)
    if accepted is None or accepted.library is not Library.ARGPARSE:
        if script.analysis.options.all and any(True for _ in sent(launch)):
            note_unknown(Reason.CODE, 1, launch.script_path or "", "options", weak=True)
        return
    for one in sent(launch):
        if unknown_if(launch.alternatives and not one.certain, Reason.SEVERAL, one.at, what=one.name):
            continue
        match, options = accepted.match(one.flag)
        if match is not Match.ONE:
            continue
        note_question()
        detail = _of_range(one, accepted, options) if one.tuned else _of_values(one, accepted, options)
        if detail:
            yield Problem(one.at, detail, launch.in_script(options[0].node, f"the option {one.flag}"))


def _of_values(one: PassedHyperparameter, accepted: AcceptedOptions, options: tuple[Option, ...]) -> str:
    values = one.values()
    if not values:
        note_values(
            one.argument.expression.values,
            one.argument.expression.node,
            one.argument.expression.scope,
            one.name,
        )
        return ""
    reasons = [_wrong(one, value, accepted, options) for value in values]
    return reasons[0] if all(reasons) else ""


def _of_range(one: PassedHyperparameter, accepted: AcceptedOptions, options: tuple[Option, ...]) -> str:
    """Return why the script refuses the values of a tuner's range; empty if it does not, or may not."""
    tuner_range = one.range
    if tuner_range is None:
        note_unknown(Reason.COMPUTED, one.at, what=one.name)
        return ""
    if tuner_range.name == "ContinuousParameter":
        tokens = one.tokens(0.1234567)
        refused = accepted.refusal(tokens, options) if tokens else None
        return f"{one.flag} gets fractions from the tuner ({_reason(refused)})" if refused else ""
    if tuner_range.name == "IntegerParameter":
        tokens = one.tokens(3)
        refused = accepted.refusal(tokens, options) if tokens else None
        return f"{one.flag} ({_reason(refused)})" if refused and "invalid choice" not in refused else ""
    return ""


def _wrong(
    one: PassedHyperparameter, value: object, accepted: AcceptedOptions, options: tuple[Option, ...]
) -> str:
    """Return what is wrong with one value; empty if nothing is, or if it is unknown."""
    tokens = one.tokens(value)
    if tokens is None:
        note_unknown(Reason.COMPUTED, one.at, what=one.name)
        return ""
    if tokens[-1] == "" and not certainly_keeps_empty_words(one.launch.estimator.framework, one.route):
        if not accepted.refusal(tokens[:-1], options):
            return ""  # the usual way to set a flag: the toolkits of most images drop the empty word
    shown = _shown(tokens)
    refused = accepted.refusal(tokens, options)
    if refused is None:
        note_unknown(Reason.CODE, options[0].line, options[0].module.path, one.name)
        return ""
    if refused:
        if tokens[-1] == "" and "unrecognized" in refused:
            return f"{one.flag} is a flag (argparse exits with code 2 for the empty value)"
        return f"{shown} ({_reason(refused)})"
    found = accepted.result(tokens, options)
    if found is None:
        return ""
    result, declared = found
    if declared.is_switch:
        # parse_known_args drops the value, and the option is on for every value.
        return f"{shown} switches the option on, like every value" if value is False else ""
    if declared.type_name == "builtins.bool" and value is False:
        return f"{shown} sets True, because type=bool is true for every string"
    if (
        isinstance(value, list)
        and declared.nargs in ("*", "+", 1)
        and declared.type_name in ("", "builtins.str")
    ):
        return f"{shown} arrives as one string, not as {len(value)} values"
    if isinstance(value, list | dict) and declared.type_name.removeprefix("builtins.") in (
        "list",
        "tuple",
        "set",
    ):
        return (
            f"{shown} is split into {len(result) if isinstance(result, list | tuple | set) else 0} characters"
        )
    return ""


def _reason(refused: str) -> str:
    """Return argparse's message without the option, which the finding already names."""
    return refused.partition(": ")[2] if refused.startswith("argument ") else refused


def _shown(tokens: tuple[str, ...]) -> str:
    text = " ".join(token if token and " " not in token else repr(token) for token in tokens)
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "..."


def adds_model_directory(estimator: Estimator) -> bool:
    """Return whether an estimator certainly adds ``--model_dir`` with an S3 address to the script's arguments."""
    if estimator.name != "TensorFlow" or estimator.sdk != "v2":
        return False
    if estimator.arguments.open_ended or "model_dir" in estimator.overridden:
        return False
    argument = estimator.get("model_dir")
    if argument is None:
        distribution = estimator.get("distribution")
        # With MPI it is the model directory of the container.
        return distribution is None or "mpi" not in estimator.launcher.reader.entries(distribution.expression)
    return argument.expression.is_none


def model_directory(launch: Launch) -> Iterator[Problem]:
    """Yield the TensorFlow estimator whose ``--model_dir`` makes argparse exit."""
    script, estimator = launch.script, launch.estimator
    if script is None or estimator.name != "TensorFlow" or estimator.sdk != "v2":
        return
    argument = estimator.get("model_dir")
    if estimator.arguments.open_ended or "model_dir" in estimator.overridden:
        return
    if argument is not None and (not argument.expression.is_known or False in argument.expression.constants):
        return
    accepted = acceptance(script.analysis)
    if accepted is None or accepted.library is not Library.ARGPARSE or accepted.strict is not True:
        return
    match, _ = accepted.match("--model_dir")
    if match is Match.ONE:
        return
    near = "--model-dir" if "--model-dir" in accepted.flags else None
    outcome = f"it has {near}, and argparse exits with code 2" if near else "argparse exits with code 2"
    node: ast.AST = launch.report_node(argument.at) if argument is not None else estimator.node
    option = next((o for o in accepted.options if near in o.flags), None)
    place = option.node if option is not None else (accepted.options[0].node if accepted.options else None)
    yield Problem(
        node,
        f"{outcome}; pass model_dir=False",
        launch.in_script(place, "the options of the script"),
    )
