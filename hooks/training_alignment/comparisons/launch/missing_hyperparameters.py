"""Compares the hyperparameters that a script requires with those that its job sets.

Sources: argparse of Python 3.11 and click 8.1 (exit code 2), fire 0.7 (exit code 2), transformers 4.57
``hf_argparser.py`` (``parse_args_into_dataclasses``), sagemaker-training 5.1.4 ``environment.py`` (``SM_HPS`` and
``SM_HP_*``), sagemaker 2.257.7 ``tensorflow/estimator.py`` (``model_dir``) and ``pytorch/estimator.py``
(``mp_parameters``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.every_path import runs_always
from flake8_training.engine.flow.container_paths import ANY
from flake8_training.engine.values.option import Option
from flake8_training.finding import Related
from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.ledger import Reason, Suppression, note_suppressed, note_unknown
from flake8_training.sagemaker.hyperparameter_arguments import Route
from flake8_training.sagemaker.variables import channel_variable
from flake8_training.script.hyperparameter_reads import KeyRead, hyperparameter_reads
from flake8_training.spelling import closest, same_name
from training_alignment.comparisons.launch.hyperparameters import nearest_flag, unaccepted
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.missing_variables import ignored_entries
from training_alignment.comparisons.launch.needed_values import outcome_of_none
from training_alignment.comparisons.launch.unset_options import call_without, may_be_needed
from training_alignment.launches.accepted_options import AcceptedOptions, Library, Match, acceptance
from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import PassedHyperparameter, sent

_LOOKUP_FAILURES = frozenset({"KeyError", "LookupError", "Exception", "BaseException", "SystemExit"})
OF_PROCESSES = frozenset({"local_rank", "node_rank", "mp_parameters"})
"""Options that a launcher of processes passes: torch.distributed.launch, smdistributed."""
_FILLED_ELSEWHERE = frozenset({"envvar", "prompt", "default_map"})
"""Settings with which click takes a required option from elsewhere."""


def missing_hyperparameters(launch: Launch) -> Iterator[Problem]:
    """Yield the hyperparameters that the script requires and the job does not set."""
    script = launch.script
    if script is None or launch.alternatives or not launch.jobs or not _are_all_known(launch):
        return
    passed = list(sent(launch))
    if any(not one.name for one in passed):
        return
    reported = {id(problem.node) for problem in unaccepted(launch)}
    misspelt = [one for one in passed if id(one.at) in reported]
    if not launch.started.by_command:
        accepted = acceptance(script.analysis)
        if accepted is not None:
            yield from _missing_options(launch, accepted, passed, misspelt)
    if not launch.started.by_command or launch.estimator.is_trainer:
        yield from _missing_keys(launch, passed, misspelt)


def _are_all_known(launch: Launch) -> bool:
    """Return whether every hyperparameter of every job is known."""
    estimator = launch.estimator
    if estimator.hyperparameters.open_ended:
        note_unknown(Reason.MAPPING, estimator.node, what="hyperparameters", weak=True)
        return False
    if estimator.local is not None:
        return False
    if any(tuner.ranges.open_ended or "hyperparameter_ranges" in tuner.overridden for tuner in launch.tuners):
        return False
    if isinstance(estimator, RequestedEstimator):
        return True
    if estimator.arguments.open_ended or estimator.overridden & {"hyperparameters", "_hyperparameters"}:
        note_unknown(Reason.MAPPING, estimator.node, what="hyperparameters", weak=True)
        return False
    launcher = estimator.launcher
    return not launcher.is_handed_on(estimator) and not any(map(launcher.is_handed_on, launch.tuners))


def _missing_options(
    launch: Launch,
    accepted: AcceptedOptions,
    passed: list[PassedHyperparameter],
    misspelt: list[PassedHyperparameter],
) -> Iterator[Problem]:
    """Yield the options of the script's parser that get no value, and that it requires or fails without."""
    assert accepted.analysis is not None
    required = [option for option in accepted.options if option.flags and may_be_needed(option)]
    if not required:
        return
    flags = [one.flag for one in passed]
    if launch.estimator.name == "TensorFlow" and not launch.estimator.is_trainer:
        flags.append("--model_dir")
    filled: set[int] = set()
    ignored = ignored_entries(launch.estimator)
    for flag in flags:
        match, options = accepted.match(flag)
        if match is Match.SEVERAL:
            return  # another finding reports it, and the parser exits there
        filled.update(id(option) for option in options)
    meant = {nearest_flag(one.flag, accepted.flags) for one in misspelt}
    for option in required:
        if id(option) in filled or meant & set(option.flags) or option.dest in OF_PROCESSES:
            continue
        if any(flag.lstrip("-") in ignored for flag in option.flags):
            note_suppressed(Suppression.OTHER_RULE, launch.estimator.node, what=option.flags[0])
            continue
        found = outcome_without(accepted, option)
        if found is not None:
            node, outcome, why = found
            detail = f"{option.flags[0]} {outcome}"
            related = launch.in_script(node, f"{option.flags[0]} {why}")
            variable, channel = _meant_variable(launch, option) if not option.required else ("", ())
            if variable and launch.script is not None and launch.script.owns(option.node):
                detail = f"{detail}; use default=os.environ[{variable!r}]"
                related = (*related, *launch.from_launcher("the job does not pass it"), *channel)
                yield Problem(option.node, detail, related, in_script=True)
            else:
                yield Problem(_place(launch), detail, related)


def _meant_variable(launch: Launch, option: Option) -> tuple[str, tuple[Related, ...]]:
    """Return the variable of SageMaker that has the value that an option is to have, and the place of its channel."""
    if option.dest in _VARIABLES:
        return _VARIABLES[option.dest], ()
    for job in launch.jobs:
        for channel in job.channels.entries:
            rest = option.dest.removeprefix(channel.name.replace("-", "_"))
            if channel.origin != "model" and rest != option.dest and rest in _ENDS:
                line = getattr(launch.report_node(channel.at), "lineno", 1)
                place = launch.file.related(line, f"the channel {channel.name} of the job")
                return channel_variable(channel.name), (place,)
    return "", ()


_VARIABLES = {"model_dir": "SM_MODEL_DIR", "output_data_dir": "SM_OUTPUT_DATA_DIR"}
_ENDS = ("", "_dir", "_path", "_data", "_folder", "_data_dir", "_data_path")
"""The ends of the name of an option after that of its channel."""


def outcome_without(accepted: AcceptedOptions, option: Option) -> tuple[ast.AST, str, str] | None:
    """Return what happens in a job that passes no value for an option: where, the outcome, and why; None if nothing.

    The value of an option without a default is None.
    """
    if option.required:
        is_required = is_certainly_required(accepted, option)
        return (option.node, outcome_of(accepted.library), "is required") if is_required else None
    call = call_without(accepted, option)
    if call is None:
        return None
    return call.node, f"has no default, and {outcome_of_none(call)}", "is None here"


def is_certainly_required(accepted: AcceptedOptions, option: Option) -> bool:
    """Return whether the parser always has the option and takes its value from the command line alone."""
    analysis = accepted.analysis
    assert analysis is not None
    if sum(other.dest == option.dest for other in accepted.options) > 1:
        return False  # a second declaration, perhaps of another parser
    if accepted.library is Library.ARGPARSE:
        if len(list(analysis.live_calls("ArgumentParser"))) > 1 or not isinstance(option.node, ast.Call):
            return False
        return runs_always(analysis, option.node, option.scope)
    if accepted.library is Library.CLICK:
        keywords = {k.arg for k in getattr(option.node, "keywords", ())}
        return not keywords & _FILLED_ELSEWHERE and None not in keywords
    if accepted.library is Library.DATACLASSES:
        return "bool" not in option.type_name  # HfArgumentParser sets False for it
    return True


def outcome_of(library: Library) -> str:
    if library is Library.DATACLASSES:
        return "(HfArgumentParser exits with code 2)"
    return f"({library.value} exits with code 2)"


def _missing_keys(
    launch: Launch, passed: list[PassedHyperparameter], misspelt: list[PassedHyperparameter]
) -> Iterator[Problem]:
    """Yield the keys that the script reads without a default and that the job does not set."""
    assert launch.script is not None
    analysis = launch.script.analysis
    reads = hyperparameter_reads(analysis)
    if not any(read.required for read in reads.reads):
        return
    if ANY in reads.supplied:
        return
    optional = reads.supplied.union(read.name for read in reads.reads if not read.required)
    ignored = ignored_entries(launch.estimator)
    seen: set[str] = set()
    for read in reads.reads:
        name = read.name
        if not read.required or name in seen or name in optional or name.startswith("sagemaker_"):
            continue
        if any(_sets(one, read) for one in passed) or (
            name == "model_dir" and launch.estimator.name == "TensorFlow"
        ):
            continue
        if any(same_name(one.name, name) or closest(one.name, [name]) for one in misspelt):
            continue
        if name in ignored:
            note_suppressed(Suppression.OTHER_RULE, launch.estimator.node, what=name)
            continue
        if not runs_always(analysis, read.node, read.scope, _LOOKUP_FAILURES | {read.failure}):
            note_unknown(Reason.BRANCH, read.node, launch.script_path or "", name)
            continue
        seen.add(name)
        yield Problem(
            _place(launch),
            f"{name} (reading it ends the job with {_ARTICLES[read.failure]} {read.failure})",
            launch.in_script(read.node, f"{name} is read here without a default"),
        )


_ARTICLES = {"KeyError": "a", "TypeError": "a", "AttributeError": "an"}


def _sets(one: PassedHyperparameter, read: KeyRead) -> bool:
    """Return whether a hyperparameter sets the key or the variable that a script reads."""
    if not read.by_variable:
        return one.name == read.name
    name = one.name.replace("-", "_") if one.route is Route.V3 else one.name
    return name.lower() == read.name


def _place(launch: Launch) -> ast.AST:
    """Return the node of the hyperparameters in the launcher, or of the estimator if it sets none."""
    estimator = launch.estimator
    if isinstance(estimator, RequestedEstimator):
        found = estimator.members.only("HyperParameters")
    else:
        found = estimator.get("hyperparameters")
    return launch.report_node(found.at) if found is not None else estimator.node
