"""What a script needs and provides, as the lines of a draft.

Each need has its value and a comment: a value that the source does not decide is marked ``unknown``.
"""

from __future__ import annotations

import ast
import math
import posixpath
from collections.abc import Iterator

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.flow.container_paths import ANY, ContainerPath, PathKind
from flake8_training.engine.syntax.parents import parent
from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.option import Option
from flake8_training.engine.values.values import Constant
from flake8_training.libraries.distributions import distribution_of, is_known
from flake8_training.record import Record, replace
from flake8_training.sagemaker import paths
from flake8_training.script import Script
from flake8_training.script.accesses import accesses
from flake8_training.script.channels import channels
from flake8_training.script.frameworks import frameworks
from flake8_training.script.hyperparameter_reads import KeyRead, hyperparameter_reads
from flake8_training.script.hyperparameters import is_place
from flake8_training.script.imported_packages import needed_packages
from flake8_training.script.logical_names import Logical, Names, logical
from flake8_training.script.path_uses import path_uses
from flake8_training.script.recognition import is_other_program, touches_training_job, uses_launchers
from flake8_training.script.summary import QUESTIONS
from flake8_training.script.verdict import State
from training_alignment.comparisons.launch.channels import needs, needs_of_readings
from training_alignment.comparisons.launch.missing_variables import is_users
from training_alignment.drafting.written_tree import Plain
from training_alignment.launches.accepted_options import AcceptedOptions, Match, acceptance

PROCESSING_DIR = "/opt/ml/processing"
OPTIONAL = "optional: the script runs without it"
_MODEL = "model_artifacts"
_BY_FOLDER = {PathKind.MODEL: _MODEL, PathKind.CHECKPOINTS: "checkpoints"}
_NUMBERS: dict[str, Plain] = {"int": 1, "float": 0.1}
_REJECTED = "the script reads it by key, and its parser ends the job at the option"


class Port(Record):
    """An input or output: its name, its folder in the container, and whether the script fails without it."""

    name: str
    path: str
    required: bool = True


class Setting(Record):
    """A hyperparameter, argument or variable: its value, and a comment.

    ``passed`` is False for what a launcher cannot pass as it is, or need not: a draft shows it as a comment.
    ``rejected`` is why the parser of the script ends the job if a launcher passes a key that the script reads.
    """

    name: str
    value: Plain
    comment: str = ""
    required: bool = False
    passed: bool = True
    rejected: str = ""


class Needs(Record):
    """What a script needs and provides.

    ``open`` holds a sentence for each part whose list may be incomplete, by the names of the questions in the facts.
    """

    script: Script
    is_training: bool
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    hyperparameters: tuple[Setting, ...]
    variables: tuple[Setting, ...]
    frameworks: tuple[str, ...]
    packages: tuple[str, ...]
    open: dict[str, str]


def needs_of(script: Script) -> Needs | None:
    """Return what a script needs; None for a file that is neither a training nor a processing script."""
    analysis = script.analysis
    names = logical(analysis)
    is_processing = _is_processing(script, names)
    if uses_launchers(analysis) or not (is_processing or _is_training(script)):
        return None
    settings = tuple(_hyperparameters(analysis, every=is_processing))
    if is_processing:
        outputs = _folders(analysis, writing=True)
        inputs = tuple(_not_inside(_folders(analysis, writing=False), outputs))
    else:
        passed = frozenset(one.name for one in settings if one.passed)
        inputs, outputs = _channels(analysis, passed), _outputs(analysis)
    if names is not None:
        inputs = tuple(_named(analysis, names, names.inputs)) or inputs
        outputs = tuple(_named(analysis, names, names.outputs)) or outputs
    return Needs(
        script,
        not is_processing,
        inputs,
        outputs,
        settings,
        tuple(_variables(analysis)),
        frameworks(analysis),
        tuple(dict.fromkeys(distribution_of(one) for one in needed_packages(analysis) if is_known(one))),
        dict(_open(script, is_processing)),
    )


def _is_training(script: Script) -> bool:
    if script.is_training_script:
        return True
    analysis = script.analysis
    if is_other_program(analysis) or not analysis.reach.has_work:
        return False
    # The training may be in code that is not available: then the script must use something of a training job.
    state = script.training.state
    return state is State.PRESENT or (state is State.UNKNOWN and touches_training_job(analysis))


def _is_processing(script: Script, names: Logical | None) -> bool:
    """Return whether a script reads or writes folders of a processing job, and none of a training job."""
    analysis = script.analysis
    used = [access.place for access in accesses(analysis)]
    used.extend(_supplied_paths(analysis, names) if names is not None else ())
    roots = {place.root for place in (*used, *path_uses(analysis))}
    return any(place.root is PathKind.PROCESSING for place in used) and not roots & _TRAINING


_TRAINING = frozenset({PathKind.CHANNEL, PathKind.MODEL, PathKind.OUTPUT, PathKind.CHECKPOINTS})


def _supplied_paths(analysis: Analysis, names: Logical) -> Iterator[ContainerPath]:
    for group in (names.inputs, names.outputs):
        for supply in group.supplies.items if group.supplies is not None else ():
            yield from names.paths(analysis, supply)


def _open(script: Script, is_processing: bool) -> Iterator[tuple[str, str]]:
    """Yield the questions that the source leaves open, each with the place and the reason."""
    for question in QUESTIONS if not is_processing else ():
        verdict = getattr(script, question)
        if verdict.state is State.UNKNOWN:
            stop = script.stop_of(verdict)
            where = f"{posixpath.basename(stop.path.replace(chr(92), '/'))} line {stop.line}"
            yield question, f"unknown: the script may have more ({where}: {stop.reason})"


# -- inputs and outputs


def _channels(analysis: Analysis, passed: frozenset[str]) -> tuple[Port, ...]:
    """Return the channels that a script reads, with the case of their folders if the script names them."""
    wanted = [*needs(analysis), *needs_of_readings(analysis, passed, {})]
    required = {one.name.lower() for one in wanted}
    written: dict[str, str] = {}
    for place in path_uses(analysis):
        if place.root is PathKind.CHANNEL and ANY not in place.path:
            name = place.path.removeprefix(f"{paths.INPUT_DATA_DIR}/").partition("/")[0]
            written.setdefault(name.lower(), name)
    return tuple(
        Port(name, f"{paths.INPUT_DATA_DIR}/{written.get(name, name)}", name in required)
        for name in dict.fromkeys((*channels(analysis), *required))
    )


def _outputs(analysis: Analysis) -> tuple[Port, ...]:
    """Return the folders of a training job that a script writes to; the model's is always among them."""
    found = {_MODEL: Port(_MODEL, paths.MODEL_DIR)}
    for access in accesses(analysis):
        place = access.place
        if not access.writing or place.root not in _TRAINING:
            continue
        if place.root in _BY_FOLDER:
            name = _BY_FOLDER[place.root]
            folder = paths.MODEL_DIR if name == _MODEL else paths.CHECKPOINT_DIR
        elif place.root is PathKind.OUTPUT and f"{place.path}/".startswith(f"{paths.OUTPUT_DATA_DIR}/"):
            name, folder = "output_data", paths.OUTPUT_DATA_DIR
        else:
            continue
        found.setdefault(name, Port(name, folder))
    return tuple(found.values())


def _folders(analysis: Analysis, *, writing: bool) -> tuple[Port, ...]:
    """Return the folders below ``/opt/ml/processing`` that a script reads or writes, without those inside others."""
    found = {
        folder
        for access in accesses(analysis)
        if access.writing == writing and access.place.root is PathKind.PROCESSING
        if (folder := _folder(access.place.path)) is not None
    }
    outermost = sorted(one for one in found if not any(one.startswith(f"{other}/") for other in found))
    names: dict[str, str] = {}
    for folder in outermost:
        words = folder.removeprefix(f"{PROCESSING_DIR}/").split("/")
        name = words[-1] if words[-1] not in names else "_".join(words)
        names[name] = folder
    return tuple(Port(name, folder) for name, folder in names.items())


def _not_inside(inputs: tuple[Port, ...], outputs: tuple[Port, ...]) -> Iterator[Port]:
    """Yield the inputs that are not in an output's folder: the script reads there what it has written."""
    for one in inputs:
        if not any(f"{one.path}/".startswith(f"{output.path}/") for output in outputs):
            yield one


def _folder(path: str) -> str | None:
    """Return the folder of a path up to its first unknown part: the path itself if its last word has no ending."""
    known = path.partition(ANY)[0]
    if known != path:
        known = known.rpartition("/")[0]
    elif "." in posixpath.basename(known):
        known = posixpath.dirname(known)
    known = paths.normal_path(known)
    return known if known.startswith(f"{PROCESSING_DIR}/") else None


def _named(analysis: Analysis, names: Logical, group: Names) -> Iterator[Port]:
    """Yield the inputs or outputs that a script knows by logical names."""
    for name in group.used:
        supply = group.supply(name)
        known = [place.path for place in names.paths(analysis, supply)] if supply is not None else []
        certain = [path for path in known if path.startswith("/") and ANY not in path]
        if certain:
            mine = [use for use in group.uses if use.name == name]
            is_tested = any(use.test and not use.required for use in mine)
            is_required = not is_tested and any(use.required for use in mine)
            yield Port(name, paths.normal_path(certain[0]), is_required)


# -- hyperparameters and variables


def _hyperparameters(analysis: Analysis, *, every: bool) -> Iterator[Setting]:
    """Yield the options and keys that a script takes; ``every`` includes options that hold a path of the job."""
    accepted = acceptance(analysis)
    seen: set[str] = set()
    for option in analysis.live_options:
        name = option.name.lstrip("-")
        if not option.flags or not name or name in seen or option.suppressed:
            continue
        if not every and not option.required and is_place(analysis, option):
            continue
        seen.add(name)
        yield _of_option(analysis, accepted, option, name)
    for read in hyperparameter_reads(analysis).reads:
        if ANY not in read.name and read.name not in seen and not read.name.startswith("sagemaker_"):
            seen.add(read.name)
            found = _of_key(analysis, read)
            is_unknown = (
                accepted is not None and accepted.strict and accepted.match(f"--{read.name}")[0] is Match.NONE
            )
            yield replace(found, rejected=_REJECTED) if is_unknown else found


def _of_option(analysis: Analysis, accepted: AcceptedOptions | None, option: Option, name: str) -> Setting:
    if option.is_flag:
        return Setting(name, None, "takes no value, so no hyperparameter can set it", passed=False)
    if option.nargs is not None:
        return Setting(name, None, "takes several values", option.required, passed=False)
    default = _constant(analysis, option.default, option.scope)
    if option.required:
        value, comment = _placeholder(analysis, option, name), "unknown: the script requires a value"
    elif default is None:
        is_written = option.default is not None and not _is_none(option.default)
        comment = "unknown: the default is computed" if is_written else "optional: it has no default"
        return Setting(name, None, comment, passed=False)
    else:
        value, comment = default, ""
    refusal = _refusal(accepted, option, value)
    if refusal and not option.required:
        return Setting(name, None, f"default {value}: {refusal}", passed=False)
    return Setting(name, value, comment, option.required)


def _refusal(accepted: AcceptedOptions | None, option: Option, value: Plain) -> str:
    """Return why the value cannot be passed as a hyperparameter, which arrives as a string; empty if it can."""
    if accepted is None:
        return ""
    tokens = (option.flags[0], str(value))
    refused = accepted.refusal(tokens, (option,))
    if refused:
        return refused.rpartition(": ")[2]
    found = accepted.result(tokens, (option,))
    if found is not None and isinstance(value, bool) and found[0] != value and found[0] != str(value):
        return f"the parser reads {value} as {found[0]}"
    return ""


def _placeholder(analysis: Analysis, option: Option, name: str) -> Plain:
    """Return a value that the parser accepts: the first choice, a number of the type, else the name in brackets."""
    if isinstance(option.choices, ast.List | ast.Tuple) and option.choices.elts:
        first = _constant(analysis, option.choices.elts[0], option.scope)
        if first is not None:
            return first
    return _NUMBERS.get(option.type_name, f"<{name}>")


def _of_key(analysis: Analysis, read: KeyRead) -> Setting:
    default = _default_of(analysis, read)
    if default is not None and not read.required:
        return Setting(read.name, default)
    if not read.required:
        return Setting(read.name, None, "optional: it has no default that is a literal", passed=False)
    around = parent(read.scope.module.tree, read.node)
    cast = around.func.id if isinstance(around, ast.Call) and isinstance(around.func, ast.Name) else ""
    value = _NUMBERS.get(cast, f"<{read.name}>")
    return Setting(read.name, value, "unknown: the script requires a value", required=True)


def _default_of(analysis: Analysis, read: KeyRead) -> Plain:
    """Return the literal default of ``d.get(key, default)``."""
    node = read.node
    if not isinstance(node, ast.Call):
        return None
    received = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "default")]
    return _constant(analysis, received[0] if received else None, read.scope)


def _variables(analysis: Analysis) -> Iterator[Setting]:
    """Yield the environment variables that only a user sets: neither SageMaker, nor an image, nor a library does."""
    found: dict[str, Setting] = {}
    written = analysis.environment.written
    for read in sorted(analysis.environment.reads, key=lambda one: one.line):
        name = read.name
        if ANY in name or not name or name in written or not is_users(name):
            continue
        default = _constant(analysis, read.default, read.scope)
        known = found.get(name)
        if read.required and not read.test:
            found[name] = Setting(name, f"<{name}>", "unknown: the script requires it", required=True)
        elif known is None or (known.value is None and not known.required and default is not None):
            comment = "" if default is not None else "optional: it has no default that is a literal"
            found[name] = Setting(name, default, comment, passed=default is not None)
    yield from found.values()


def _constant(analysis: Analysis, node: ast.expr | None, scope: Scope) -> Plain:
    """Return the only value of an expression if it is a literal that every format can hold, else None."""
    values = analysis.evaluator.values(node, scope) if node is not None else ()
    value = values[0].value if len(values) == 1 and isinstance(values[0], Constant) else None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool) else None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
