"""The hyperparameters that a launcher sends, against the options and readings of the script.

Sources: argparse of Python 3.11, sagemaker 2.257.7 ``tensorflow/estimator.py`` (``model_dir``), and
`flake8_training.sagemaker.hyperparameter_arguments` for what SageMaker makes of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.values.option import Option
from flake8_training.engine.values.values import Constant, StringTemplate
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.sagemaker.hyperparameter_arguments import Route
from flake8_training.script import Script
from flake8_training.script.hyperparameter_reads import HyperparameterReads, hyperparameter_reads
from flake8_training.script.verdict import State
from flake8_training.spelling import closest, same_name
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.accepted_options import AcceptedOptions, Library, Match, acceptance
from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import PassedHyperparameter, sent

_MAX_SHOWN = 60


def unaccepted(launch: Launch) -> Iterator[Problem]:
    """Yield the hyperparameters that the script neither takes as an option nor reads by key."""
    yield from _replaced(launch)
    script = launch.script
    if script is None:
        return
    asked = [one for one in sent(launch) if one.certain or not launch.alternatives]
    if not asked:
        return
    told = acceptance(script.analysis) if not launch.started.by_command else None
    if told is not None:
        asked = [one for one in asked if told.match(one.flag)[0] is not Match.ONE]
    if not asked:
        return  # nearly always: what is read by key need not be looked for
    reads = hyperparameter_reads(script.analysis)
    seen: set[str] = set()
    for one in asked:
        detail = None
        if told is not None:
            detail = _not_accepted(launch, one, told, reads)
        elif not script.analysis.options.all or launch.started.by_command:
            detail = _not_read(launch, one, reads, script)
        if detail is not None and one.name not in seen:
            seen.add(one.name)
            yield detail


def _replaced(launch: Launch) -> Iterator[Problem]:
    """Yield the hyperparameter ``model_dir`` of a TensorFlow estimator, which puts its own in its place."""
    estimator = launch.estimator
    if estimator.name != "TensorFlow" or estimator.sdk != "v2" or "model_dir" in estimator.overridden:
        return
    given = estimator.get("model_dir")
    if estimator.arguments.open_ended or (given is not None and not _is_text(given.given)):
        return
    for one in sent(launch):
        if one.name != "model_dir" or not one.certain or one.tuned:
            continue
        if given is None or given.given.is_none:
            detail = (
                "TensorFlow puts an S3 address of its own for model_dir, give it as the argument model_dir"
            )
        elif given.given.values != one.argument.given.values:
            detail = "the argument model_dir replaces the hyperparameter of that name"
        else:
            continue
        yield Problem(one.at, detail)


def _is_text(given: LocatedExpression) -> bool:
    """Whether an argument is certainly None or a text."""
    return bool(given.values) and all(
        isinstance(value, StringTemplate)
        or (isinstance(value, Constant) and isinstance(value.value, str | None))
        for value in given.values
    )


def _not_accepted(
    launch: Launch, one: PassedHyperparameter, told: AcceptedOptions, reads: HyperparameterReads
) -> Problem | None:
    match, options = told.match(one.flag)
    if match is Match.SEVERAL:
        names = ", ".join(sorted({o.flags[0] for o in options if o.flags}))
        return Problem(
            one.at,
            f"{one.flag} may be {names}, and {told.library.value} exits 2",
            launch.in_script(options[0].node, "one of the options"),
        )
    if told.strict is not True and (reads.open or _is_read(one.name, reads)):
        return None
    near = _nearest(one.flag, told.flags)
    hint = f", did you mean {near}?" if near else ""
    if near == f"-{one.flag}":
        hint = f", a key of one letter is sent with one dash, and the script has {near}"
    other = next((o for o in told.options if near in o.flags), None)
    parsing = other.node if other is not None else (told.options[0].node if told.options else None)
    said = f"the script has the option {near}" if near else "the script has other options"
    return Problem(one.at, f"{one.flag}{hint} {_outcome(told)}", launch.in_script(parsing, said))


def _outcome(told: AcceptedOptions) -> str:
    """What becomes of an option that the script does not have."""
    if told.library is Library.DATACLASSES:
        return "(HfArgumentParser raises ValueError)"
    if told.library is not Library.ARGPARSE:
        return f"({told.library.value} exits 2)"
    if told.strict:
        return "(argparse exits 2)"
    return "(parse_known_args drops it silently)" if told.strict is False else "(no option of the script)"


def _nearest(flag: str, flags: tuple[str, ...]) -> str | None:
    long = [known for known in flags if known.startswith("--")]
    same = next((known for known in long if same_name(known, flag)), None)
    return same or closest(flag, long)


def _not_read(
    launch: Launch, one: PassedHyperparameter, reads: HyperparameterReads, script: Script
) -> Problem | None:
    """A hyperparameter of a script that parses no command line, and reads others by key or none at all."""
    if reads.open:
        return None
    if reads.names:
        if _is_read(one.name, reads) or script.analysis.calls.first_opaque_call("reads") is not None:
            return None
        if one.route is Route.V3 and _is_read(one.name.replace("-", "_"), reads):
            return None  # its driver makes SM_HP_BATCH_SIZE of batch-size
        if not any(read.required or read.own for read in reads.reads) or _asks_environment(script):
            return None
        near = closest(one.name, reads.names)
        hint = f", did you mean {near}?" if near else ""
        first = reads.reads[0].node
        return Problem(
            one.at,
            f"{one.name}{hint} (the script reads others by key, and never this one)",
            launch.in_script(first, "hyperparameters are read by key"),
        )
    if launch.started.by_command:
        return _behind_command(launch, one, script)
    if script.hyperparameters.state is not State.ABSENT:
        return None
    return Problem(
        one.at,
        f"{one.name} (the script reads no hyperparameters)",
        launch.in_script(None, "reads no hyperparameters"),
    )


def _behind_command(launch: Launch, one: PassedHyperparameter, script: Script) -> Problem | None:
    """A hyperparameter that only the toolkit would make an argument of, where the image is given a command."""
    words = launch.started.command
    if words is None or any(one.name in word for word in words) or _asks_environment(script):
        return None  # of a trainer's command, another rule speaks
    analysis = script.analysis
    told = acceptance(analysis)
    if (
        told is None
        or told.library is not Library.ARGPARSE
        or analysis.calls.first_opaque_call("reads") is not None
    ):
        return None
    match, options = told.match(one.flag)
    if match is not Match.ONE:
        return None
    return Problem(
        one.at,
        f"{one.name} (the image is started by a command, and no hyperparameter is an argument of it)",
        launch.in_script(options[0].node, f"the option {one.flag}"),
    )


def _asks_environment(script: Script) -> bool:
    """Whether the script goes through the environment without naming what it reads."""
    from flake8_training.script.variable_reads import VariablesRead

    return VariablesRead(script.analysis, None).open


def _is_read(name: str, reads: HyperparameterReads) -> bool:
    return name in reads.names or name.lower() in reads.names


def unparsable(launch: Launch) -> Iterator[Problem]:
    """Yield the values that the script's options cannot parse, or that are lost on the way."""
    script = launch.script
    if script is None or launch.started.by_command:
        return
    told = acceptance(script.analysis)
    if told is None or told.library is not Library.ARGPARSE:
        return
    for one in sent(launch):
        if launch.alternatives and not one.certain:
            continue
        match, options = told.match(one.flag)
        if match is not Match.ONE:
            continue
        detail = _of_range(one, told, options) if one.tuned else _of_values(one, told, options)
        if detail:
            yield Problem(one.at, detail, launch.in_script(options[0].node, f"the option {one.flag}"))


def _of_values(one: PassedHyperparameter, told: AcceptedOptions, options: tuple[Option, ...]) -> str:
    values = one.values()
    if not values:
        return ""
    said = [_wrong(one, value, told, options) for value in values]
    return said[0] if all(said) else ""


def _of_range(one: PassedHyperparameter, told: AcceptedOptions, options: tuple[Option, ...]) -> str:
    """The values that a tuner gives: fractions, or those of a list."""
    made = one.range
    if made is None:
        return ""
    if made.name == "ContinuousParameter":
        tokens = one.tokens(0.1234567)
        refused = told.refusal(tokens, options) if tokens else None
        return f"{one.flag} gets fractions from the tuner, {_reason(refused)}" if refused else ""
    if made.name == "IntegerParameter":
        tokens = one.tokens(3)
        refused = told.refusal(tokens, options) if tokens else None
        return f"{one.flag}, {_reason(refused)}" if refused and "invalid choice" not in refused else ""
    return ""


def _wrong(
    one: PassedHyperparameter, value: object, told: AcceptedOptions, options: tuple[Option, ...]
) -> str:
    """What is wrong with one value, or nothing."""
    tokens = one.tokens(value)
    if tokens is None:
        return ""
    shown = _shown(tokens)
    refused = told.refusal(tokens, options)
    if refused is None:
        return ""
    if refused:
        return f"{shown}, {_reason(refused)}"
    found = told.result(tokens, options)
    if found is None:
        return ""
    result, declared = found
    if declared.is_switch:
        # With parse_known_args the value is dropped, and the option is on whatever it was.
        return f"{shown} turns the option on all the same" if value is False else ""
    if declared.type_name == "builtins.bool" and value is False:
        return f"{shown} is true, as every text is for type=bool"
    if (
        isinstance(value, list)
        and declared.nargs in ("*", "+", 1)
        and declared.type_name in ("", "builtins.str")
    ):
        return f"{shown} arrives as one text, not as {len(value)} values"
    if isinstance(value, list | dict) and declared.type_name.removeprefix("builtins.") in (
        "list",
        "tuple",
        "set",
    ):
        return f"{shown} is taken apart into {len(result) if isinstance(result, list | tuple | set) else 0} characters"
    return ""


def _reason(refused: str) -> str:
    """argparse's message without the option, which is named already."""
    return refused.partition(": ")[2] if refused.startswith("argument ") else refused


def _shown(tokens: tuple[str, ...]) -> str:
    text = " ".join(token if token and " " not in token else repr(token) for token in tokens)
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "..."


def adds_model_directory(estimator: Estimator) -> bool:
    """Whether an estimator certainly gives the script ``--model_dir``, an S3 address, by itself."""
    if estimator.name != "TensorFlow" or estimator.sdk != "v2":
        return False
    if estimator.arguments.open_ended or "model_dir" in estimator.overridden:
        return False
    given = estimator.get("model_dir")
    if given is None:
        distribution = estimator.get("distribution")
        # With MPI it is the model directory of the container.
        return distribution is None or "mpi" not in estimator.launcher.reader.entries(distribution.given)
    return given.given.is_none


def model_directory(launch: Launch) -> Iterator[Problem]:
    """Yield the TensorFlow estimator whose ``--model_dir`` ends the script."""
    script, estimator = launch.script, launch.estimator
    if script is None or estimator.name != "TensorFlow" or estimator.sdk != "v2":
        return
    given = estimator.get("model_dir")
    if estimator.arguments.open_ended or "model_dir" in estimator.overridden:
        return
    if given is not None and (not given.given.is_known or False in given.given.constants):
        return
    told = acceptance(script.analysis)
    if told is None or told.library is not Library.ARGPARSE or told.strict is not True:
        return
    match, _ = told.match("--model_dir")
    if match is Match.ONE:
        return
    near = "--model-dir" if "--model-dir" in told.flags else None
    hint = f"the script has {near}" if near else "the script has no such option"
    node: ast.AST = launch.report_node(given.at) if given is not None else estimator.node
    option = next((o for o in told.options if near in o.flags), None)
    place = option.node if option is not None else (told.options[0].node if told.options else None)
    yield Problem(
        node,
        f"{hint}, argparse exits 2; model_dir=False sends none",
        launch.in_script(place, "the options of the script"),
    )
