"""Compares the channels of a launcher's jobs with those that the script reads.

Sources: sagemaker 2.257.7 ``job.py`` (an input without a name is the channel ``training``), sagemaker-training 5.1.4
``environment.py`` (``SM_CHANNEL_`` and the name in upper case), sagemaker-train 1.27.0 (``-`` becomes no ``_``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.every_path import runs_always
from flake8_training.engine.flow.container_paths import ANY, PathKind
from flake8_training.engine.inputs.environment import VariableRead
from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.option import Option
from flake8_training.engine.values.values import Constant, StringTemplate, Unknown, Variable
from flake8_training.finding import Severity
from flake8_training.fix import Fix, renamed
from flake8_training.launcher.located_expressions import Arguments
from flake8_training.launcher.sdk_objects import Channel, Channels, Job
from flake8_training.ledger import Reason, note_question, note_unknown, unknown_if
from flake8_training.libraries.rows import Reads
from flake8_training.pattern import pattern
from flake8_training.record import Record
from flake8_training.sagemaker import paths
from flake8_training.sagemaker.variables import CHANNEL_PREFIX
from flake8_training.script import Script
from flake8_training.script.accesses import accesses
from flake8_training.script.channels import channels
from flake8_training.script.data import downloads_first, is_writing
from flake8_training.script.path_uses import (
    CREATING,
    TESTING,
    has_unknown_access,
    is_no_use,
    path_uses,
    used_by,
)
from flake8_training.script.variable_reads import VariablesRead
from flake8_training.spelling import closest, did_you_mean, distance, only_closest, same_name
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.missing_files import lacks_folder
from training_alignment.comparisons.launch.renaming import is_odd_in_script, string_renamed
from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import sent
from training_alignment.launches.started_script import is_idle

_ADDED = frozenset({"code", "sm_drivers"})
"""Channels that ``ModelTrainer`` adds by itself."""
_MISSING = frozenset(
    {"KeyError", "LookupError", "Exception", "BaseException", "OSError", "FileNotFoundError"}
)
_NEVER_FAILING = frozenset(
    {"glob.glob", "glob.iglob", "os.walk", "pathlib.Path().glob", "pathlib.Path().rglob", "shutil.rmtree"}
)
"""Calls that read a folder and do not fail if it does not exist."""
_TESTS = frozenset({*TESTING, "os.access", "os.path.islink"})
_ROOT = "/opt/ml"
_FOLDER = pattern(r"input/data/([A-Za-z0-9._-]+)")
_INPUTS = (f"{_ROOT}/input", "file:///opt/ml/input", "opt/ml/input")
_ABOVE = frozenset(
    {_ROOT, f"{_ROOT}/input", paths.INPUT_DATA_DIR, "opt/ml", "opt/ml/input", "opt/ml/input/data"}
)
_ABOVE_NAMES = ("input", "input/data")
_ALL = frozenset({"SM_CHANNELS", "SM_INPUT_DATA_CONFIG", "SM_TRAINING_ENV"})


class Need(Record, slots=False):
    """A channel without which the script fails.

    ``name`` is the name as the script spells it; ``node`` is the read; ``by_variable`` is whether the script reads it
    from ``SM_CHANNEL_<name>``, not from the channel's folder; ``default`` is the folder that the script reads without
    the channel, and that the job does not have.
    """

    name: str
    node: ast.AST
    by_variable: bool
    default: str = ""

    def is_met(self, name: str) -> bool:
        """Return whether a channel of this name meets the need."""
        if self.by_variable:
            return name.upper() == self.name
        return name.lower() == self.name.lower()

    def __str__(self) -> str:
        return f"{CHANNEL_PREFIX}{self.name}" if self.by_variable else f"{paths.INPUT_DATA_DIR}/{self.name}"


def missing_channels(launch: Launch, with_default: Severity) -> Iterator[Problem]:
    """Yield the channels that the script requires and that a job does not have.

    ``with_default`` is the severity for a channel whose variable defaults to a folder that the job lacks as well.
    """
    script = launch.script
    if script is None or not launch.jobs or launch.is_namesake:
        return
    passed = frozenset(one.name for one in sent(launch))
    needed = list(needs(script.analysis))
    if not launch.estimator.hyperparameters.open_ended and _names_others(script.analysis, launch.jobs):
        absent = _absent_defaults(launch, script.analysis)
        needed.extend(needs_of_readings(script.analysis, passed, absent))
    if not needed:
        return
    own = {variable.name for variable in launch.estimator.environment}
    if launch.estimator.environment.open_ended:
        needed = [need for need in needed if not need.by_variable]
    seen: set[tuple[int, str]] = set()
    for job in launch.jobs:
        if unknown_if(job.channels.open_ended, Reason.MAPPING, job.node, what="channels"):
            continue
        if launch.alternatives and not _is_certain(job.channels):
            note_unknown(Reason.BRANCH, job.node, what="channels")
            continue
        names = [*job.channels.names, *(_ADDED if launch.estimator.is_trainer else ())]
        for need in needed:
            note_question()
            if any(need.is_met(name) for name in names) or str(need) in own:
                continue
            if need.default and not job.channels.names:
                continue  # the data may come another way
            key = id(job.node), need.name.lower()
            if key not in seen:
                seen.add(key)
                yield Problem(
                    launch.report_node(launch.inputs_of(job)),
                    _detail(need, job),
                    launch.in_script(need.node, f"{need} is read here"),
                    cause=_cause(job),
                    fix=_renamed(launch, job, need, [one for one in needed if not _has(job, one)]),
                    severity=with_default if need.default else None,
                )


def _absent_defaults(launch: Launch, analysis: Analysis) -> dict[str, str]:
    """Return the defaults of the channels' variables that are folders of another machine, by channel.

    The folder is relative, and the repository has nothing of that name where the code of the job comes from.
    """
    found: dict[str, str] = {}
    for read in analysis.environment.reads:
        channel = read.name.removeprefix(CHANNEL_PREFIX).lower()
        if not read.name.startswith(CHANNEL_PREFIX) or read.default is None:
            continue
        values = analysis.evaluator.values(read.default, read.scope)
        if len(values) == 1 and isinstance(values[0], Constant) and isinstance(values[0].value, str):
            folder = values[0].value
            if lacks_folder(launch, folder) and not _may_be_filled(analysis, channel):
                found[channel] = folder
    return found


def _may_be_filled(analysis: Analysis, channel: str) -> bool:
    """Return whether a call other than a read gets the channel's folder, and may write into it."""
    for call in analysis.calls.all:
        if is_no_use(call) and not any(name in CREATING for name in call.names):
            continue
        if call.names and all(name.startswith("builtins.") for name in call.names):
            continue
        is_reading = any(isinstance(row, Reads) and not is_writing(analysis, call, row) for row in call.rows)
        if is_reading and not any(keyword.arg in (None, "download") for keyword in call.node.keywords):
            continue
        if any(place.channel == channel for place in used_by(analysis, call)):
            return True
    return False


def _has(job: Job, need: Need) -> bool:
    return any(need.is_met(name) for name in job.channels.names)


def _renamed(launch: Launch, job: Job, need: Need, missing: list[Need]) -> Fix | None:
    """Return the fix of the one spelling that is wrong: one channel is missing, and one is never read."""
    script = launch.script
    assert script is not None
    unread = _Unread(launch, script)
    left = [one for one in job.channels.entries if one.origin != "model" and unread.is_unnamed(one.name)]
    name = need.name.lower() if need.by_variable else need.name
    names = {one.name.lower() for one in left}
    near = only_closest(name.lower(), names)
    if near is None and len(names) == 1 and len({one.name.lower() for one in missing}) == 1:
        near = next(iter(names)) if not unread.is_open else None
    written = [one for one in left if one.name.lower() == near and one.certain]
    if len(written) != 1 or written[0].origin == "default":
        return None
    channel = written[0]
    if is_odd_in_script(launch, name, channel.name):
        return _renamed_in_script(launch, script, name, channel.name)
    return renamed(launch.report_node(channel.at), channel.name, name)


def _renamed_in_script(launch: Launch, script: Script, old: str, new: str) -> Fix | None:
    """Return the fix of the only literal in a script that names a channel, by its variable or its folder."""
    words = (
        (f"{CHANNEL_PREFIX}{old.upper()}", f"{CHANNEL_PREFIX}{new.upper()}"),
        (f"{paths.INPUT_DATA_DIR}/{old}", f"{paths.INPUT_DATA_DIR}/{new}"),
    )
    fixes = [string_renamed(launch, script.tree, *pair) for pair in words]
    return next((fix for fix in fixes if fix is not None), None)


def _cause(job: Job) -> str:
    """Return the key that all findings about the channels of a job share."""
    return f"channels of the job at {job.node.lineno}:{job.node.col_offset}"


def _names_others(analysis: Analysis, jobs: Iterable[Job]) -> bool:
    """Return whether a script names channels that a job lacks: a fast check before the slow analysis of its reads."""
    named = _named_channels(analysis)
    named.update(
        read.name.removeprefix(CHANNEL_PREFIX).lower()
        for read in analysis.environment.reads
        if read.name.startswith(CHANNEL_PREFIX)
    )
    return any(not named.issubset(name.lower() for name in job.channels.names) for job in jobs)


def _is_certain(found: Channels) -> bool:
    return all(channel.certain for channel in found.entries)


def _detail(need: Need, job: Job) -> str:
    passed = job.channels.names
    if not passed:
        return f"{need}; the job has no channels"
    if any(channel.origin == "default" for channel in job.channels.entries):
        return f"{need}; an input without a name is the channel 'training'"
    near = closest(need.name.lower(), passed)
    hint = did_you_mean(near)
    without = f", and no folder {need.default} (the default)" if need.default else ""
    return f"{need}; the job has {', '.join(passed)}{without}{hint}"


def needs(analysis: Analysis) -> list[Need]:
    """Return the channels whose variables a script reads on every path, without a default and without a test."""
    found: dict[str, Need] = {}
    reads = [read for read in analysis.environment.reads if read.name.startswith(CHANNEL_PREFIX)]
    tested = {read.name for read in reads if read.test} | analysis.environment.written
    for read in reads:
        name = read.name.removeprefix(CHANNEL_PREFIX)
        if not read.required or not name or ANY in name or read.name in tested:
            continue
        if runs_always(analysis, read.node, read.scope, _MISSING):
            found.setdefault(name.lower(), Need(name, read.node, by_variable=True))
    return list(found.values())


def needs_of_readings(analysis: Analysis, passed: frozenset[str], absent: Mapping[str, str]) -> list[Need]:
    """Return the channels whose folders a script reads on every path, if no other value can replace the folder.

    ``passed`` are the names of the job's hyperparameters: one of them may set an option to another folder. ``absent``
    are the defaults of channels that the job does not have.
    """
    places: dict[ast.Call, set[tuple[PathKind, str | None]]] = {}
    for access in accesses(analysis):
        if not access.writing:
            places.setdefault(access.node, set()).add((access.place.root, access.place.channel))
    found: dict[str, Need] = {}
    for node, alternatives in places.items():
        call = analysis.by_node.get(node)
        if call is None or not runs_always(analysis, node, call.site.scope, _MISSING):
            continue
        if len(alternatives) > 1 and not _has_a_caller_each(analysis, call.site.scope, len(alternatives)):
            continue
        if _NEVER_FAILING.issuperset(call.names) or downloads_first(analysis, call):
            continue
        if any(
            root is not PathKind.CHANNEL or not channel or ANY in channel for root, channel in alternatives
        ):
            continue
        for channel in sorted(str(channel) for _, channel in alternatives):
            if channel in found:
                continue
            default = absent.get(channel, "")
            if name := _by_variable_alone(analysis, channel, passed, default):
                found[channel] = Need(name, node, by_variable=True, default=default)
            elif _by_path_alone(analysis, channel, passed):
                found[channel] = Need(channel, node, by_variable=False)
    tested = _tested_channels(analysis) if found else set()
    return [need for channel, need in found.items() if channel not in tested]


def _tested_channels(analysis: Analysis) -> set[str]:
    """Return the channels whose folder, or a file in it, the program tests for."""
    return {
        place.channel
        for call in analysis.calls.all
        if not _TESTS.isdisjoint(call.names)
        for place in used_by(analysis, call)
        if place.channel
    }


def _has_a_caller_each(analysis: Analysis, scope: Scope, count: int) -> bool:
    """Return whether a function has ``count`` callers or more, and each runs on every path through the script."""
    function = scope.function
    callers = analysis.evaluator.callers(function) if function is not None else ()
    return len(callers) >= count and all(runs_always(analysis, c.node, c.scope, _MISSING) for c in callers)


def _by_variable_alone(analysis: Analysis, channel: str, passed: frozenset[str], absent: str) -> str:
    """Return the channel's name as its variable spells it; empty if another value can replace the folder.

    ``absent`` is the default of the variable that the job does not have.
    """
    variable = CHANNEL_PREFIX + channel.upper()
    reads = [read for read in analysis.environment.reads if read.name.upper() == variable]
    if not reads or variable in analysis.environment.written:
        return ""
    if any(read.test or read.required for read in reads):
        return ""
    if not absent and not all(
        _is_none(read.default) or _is_own_folder(analysis, read, channel) for read in reads
    ):
        return ""
    if any(_defaults_to(analysis, option, variable, passed) for option in analysis.options.all):
        return ""
    return reads[0].name.removeprefix(CHANNEL_PREFIX)


def _is_own_folder(analysis: Analysis, read: VariableRead, channel: str) -> bool:
    """Return whether the default for a channel's variable is the channel's own folder, and so no alternative."""
    values = analysis.evaluator.values(read.default, read.scope) if read.default is not None else ()
    folder = f"{paths.INPUT_DATA_DIR}/{channel}"
    return bool(values) and all(
        isinstance(value, Constant)
        and isinstance(value.value, str)
        and paths.normal_path(value.value).lower() == folder
        for value in values
    )


def _by_path_alone(analysis: Analysis, channel: str, passed: frozenset[str]) -> bool:
    """Return whether the channel's folder is a constant of the program that no variable or option replaces."""
    variable = CHANNEL_PREFIX + channel.upper()
    if any(read.name.upper() == variable or ANY in read.name for read in analysis.environment.reads):
        return False
    folder = f"{paths.INPUT_DATA_DIR}/{channel}"
    for option in analysis.options.all:
        values = analysis.evaluator.values(option.default, option.scope) if option.default else ()
        if any(isinstance(v, Constant) and str(v.value).rstrip("/").lower() == folder for v in values):
            if len(values) > 1 or not option.flags or _is_passed(option, passed):
                return False
    return any(
        isinstance(node.value, str) and node.value.rstrip("/").lower().startswith(folder)
        for node in analysis.program.strings
    )


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _defaults_to(analysis: Analysis, option: Option, variable: str, passed: frozenset[str]) -> bool:
    """Return whether an option's default is the folder, and another value may replace it."""
    if option.default is None:
        return False
    values = analysis.evaluator.values(option.default, option.scope)
    if not any(isinstance(v, Variable) and v.name.upper() == variable for v in values):
        return False
    return len(values) > 1 or _is_passed(option, passed)


def _is_passed(option: Option, passed: frozenset[str]) -> bool:
    return any(same_name(name, flag) for name in passed for flag in option.flags)


def unread_channels(launch: Launch) -> Iterator[Problem]:
    """Yield the channels of a job that the script certainly never reads."""
    script = launch.script
    if script is None or not launch.jobs or is_idle(script):
        return  # TRN103 reports a script that does nothing
    seen: set[int] = set()
    unread: _Unread | None = None
    for job in launch.jobs:
        for channel in job.channels.entries:
            if channel.origin == "model" or (launch.alternatives and not channel.certain):
                continue
            note_question()
            unread = unread or _Unread(launch, script)
            at = launch.report_node(channel.at)
            if id(at) in seen or not unread.is_unnamed(channel.name):
                continue
            if unread.is_open and not unread.is_misspelt(channel.name, job.channels.names):
                note_unknown(Reason.CODE, unread.opening.line, unread.opening.path, channel.name)
                continue
            seen.add(id(at))
            yield Problem(
                at,
                _unread_detail(channel.name, unread.names),
                launch.in_script(None, "the script"),
                cause=_cause(job),
                fix=_renamed_unread(launch, channel, unread.names, job),
            )


def _renamed_unread(launch: Launch, channel: Channel, read: list[str], job: Job) -> Fix | None:
    """Return the fix of the wrong spelling of a channel that the script reads only if the job has it."""
    script = launch.script
    passed = {name.lower() for name in job.channels.names}
    left = [name for name in read if name not in passed]
    near = only_closest(channel.name.lower(), read)
    if near is None:
        # One error in a short name makes another word, unless nothing else in the files has it.
        swapped = [name for name in left if distance(channel.name.lower(), name, 1) == 1]
        odd = [name for name in swapped if script and is_odd_in_script(launch, name, channel.name)]
        near = odd[0] if len(odd) == 1 else None
    if script is None or near not in left:
        return None
    if is_odd_in_script(launch, near, channel.name):
        return _renamed_in_script(launch, script, near, channel.name)
    return renamed(launch.report_node(channel.at), channel.name, near)


def _unread_detail(name: str, read: list[str]) -> str:
    if not read:
        return f"{name}; the script reads no channel"
    near = closest(name.lower(), read)
    return f"{name}{did_you_mean(near)}" if near else f"{name}; the script reads {', '.join(read)}"


class _Unread:
    """Decides which channels a script certainly never reads."""

    def __init__(self, launch: Launch, script: Script) -> None:
        self._launch = launch
        self._analysis = script.analysis
        self._variables = {read.name for read in self._analysis.environment.reads}
        self._named = _used_channels(self._analysis)
        self._named.update(
            name.removeprefix(CHANNEL_PREFIX).lower()
            for name in self._variables
            if name.startswith(CHANNEL_PREFIX)
        )

    @cached_property
    def names(self) -> list[str]:
        """Return the channels that the script reads."""
        return channels(self._analysis)

    @cached_property
    def is_open(self) -> bool:
        """Return whether the script may read further channels."""
        analysis, variables = self._analysis, self._variables
        return (
            _is_called_by_others(analysis)
            or bool(variables & _ALL)
            or CHANNEL_PREFIX + ANY in variables
            or any(v.endswith(ANY) and (CHANNEL_PREFIX).startswith(v.rstrip(ANY)) for v in variables)
            or VariablesRead(analysis, None).open
            or analysis.calls.first_opaque_call("reads") is not None
            or bool(analysis.program.unreadable)
            or analysis.is_dynamic
            or _may_use_all(analysis)
            or _sends_paths(self._launch)
        )

    @cached_property
    def opening(self) -> Unknown:
        """Return the place that may read further channels: an opaque call, else the beginning of the script."""
        call = self._analysis.calls.first_opaque_call("reads", noted=False)
        if call is None:
            return Unknown(Reason.CODE, self._analysis.program.entry.path, 1)
        return Unknown(Reason.CODE, call.site.scope.module.path, call.line)

    def is_misspelt(self, name: str, passed: Iterable[str]) -> bool:
        """Return whether a channel is a misspelling of one that the script reads and the job lacks."""
        present = {other.lower() for other in passed}
        return closest(name.lower(), [read for read in self.names if read not in present]) is not None

    def is_unnamed(self, name: str) -> bool:
        """Return whether no string and no read of the script names a channel."""
        return name.lower() not in self._named and name.lower() not in self.names


def _named_channels(analysis: Analysis) -> set[str]:
    """Return the channels whose folders a string of the program names, used or not."""
    return {found.lower() for node in analysis.program.strings for found in _FOLDER.findall(str(node.value))}


def _used_channels(analysis: Analysis) -> set[str]:
    """Return the channels whose folders reach a use; those that any string names if a path that is used is unknown."""
    if has_unknown_access(analysis):
        return _named_channels(analysis)
    used = {place.path for place in path_uses(analysis)}
    return {found.lower() for path in used for found in _FOLDER.findall(path)}


def _is_called_by_others(analysis: Analysis) -> bool:
    """Return whether the script only defines functions and classes: a caller may pass them the channels' folders."""
    body = analysis.program.entry.tree.body
    return not analysis.reach.has_work and any(
        isinstance(s, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for s in body
    )


def _may_use_all(analysis: Analysis) -> bool:
    """Return whether the program may use the folder of all channels, or one above it: a listing, an unknown name.

    If a read has an unknown path, a string that names such a folder suffices.
    """
    if any(_is_above(place.path) for place in path_uses(analysis)):
        return True
    return _names_input(analysis) and has_unknown_access(analysis)


def _is_above(path: str) -> bool:
    """Return whether a path is above the channels' folders, or may be the folder of any channel."""
    known, unknown, rest = path.partition(ANY)
    if not unknown:
        return paths.normal_path(path) in _ABOVE
    if not known:
        return any(f"{name}/" in f"{rest}/" for name in _ABOVE_NAMES)
    folder = known.rpartition("/")[0]
    return paths.normal_path(folder) in _ABOVE if folder else False


def _names_input(analysis: Analysis) -> bool:
    """Return whether a string of the program names the folder of all channels, or a folder above it."""
    for node in analysis.program.strings:
        text = str(node.value)
        if len(text) < 400:
            text = text.rstrip("/")
            if text in ("/opt/ml", "opt/ml", "/opt/ml/input", "input", "input/data") or (
                "input/data" in text and text.rpartition("input/data")[2] in ("", "/")
            ):
                return True
    return False


def _sends_paths(launch: Launch) -> bool:
    """Return whether the launcher may pass a channel's folder in a hyperparameter, variable or argument."""
    if launch.estimator.hyperparameters.open_ended or launch.estimator.environment.open_ended:
        return True
    if launch.estimator.get("container_arguments") is not None:
        return True
    return any(
        _may_be_path(arguments)
        for arguments in (
            Arguments(tuple(one.argument for one in sent(launch) if not one.tuned)),
            launch.estimator.environment,
        )
    )


def _may_be_path(arguments: Arguments) -> bool:
    for one in arguments:
        for value in one.expression.values:
            if isinstance(value, Constant):
                if isinstance(value.value, str) and (
                    value.value.startswith(_INPUTS) or value.value.rstrip("/") == _ROOT
                ):
                    return True
            elif isinstance(value, StringTemplate):
                first = value.parts[0]
                if not isinstance(first, str) or first.startswith(_INPUTS) or _ROOT.startswith(first):
                    return True
            elif isinstance(value, Unknown | Variable):
                return True
    return False
