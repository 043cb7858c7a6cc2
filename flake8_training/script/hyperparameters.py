"""The verdict on whether a script loads its hyperparameters from SageMaker.

Sources are hyperparameters.json, ``SM_HPS`` and ``SM_HP_*``, the environment object of the training toolkit, and
command-line options. An option that only holds a path or a property of the cluster does not count.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY, ContainerPath, PathKind, places
from flake8_training.engine.flow.dataflow import Option as Given
from flake8_training.engine.inputs.options import Option
from flake8_training.engine.values.library_calls import HYPERPARAMETERS
from flake8_training.engine.values.values import LibraryObject, Variable
from flake8_training.libraries.rows import Reads
from flake8_training.pattern import pattern
from flake8_training.script.hyperparameter_file import FILE, names_file
from flake8_training.script.verdict import Verdict, verdict_from

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

_VARIABLES = ("SM_HPS", "SM_TRAINING_ENV", "SM_USER_ARGS")

# Last words of the names of options that hold a path or a fact of the cluster. Other names count as hyperparameters.
_PLACE_WORDS = frozenset(
    "dir directory path paths file files filename folder root host hosts uri url bucket prefix s3 key region "
    "gpus cpus archive script dirs job output input port interface rank name_or_path dependencies".split()
)
_PLACE_NAMES = frozenset(
    "train training test testing validation valid val eval data dataset model checkpoint checkpoints "
    "current-host num-gpus local-rank network-interface".split()
)
# Numbers that describe the cluster: the rank of a process, not the rank of a matrix.
_CLUSTER_NAMES = frozenset(
    "rank local-rank node-rank global-rank machine-rank gpus num-gpus n-gpus ngpus cpus num-cpus n-cpus ncpus port "
    "master-port".split()
)
_NUMERIC = ("int", "float")
# SageMaker's variables that hold a number, or to which a user may set one.
_NUMBERS = ("SM_NUM_", "SM_LOG_LEVEL", "SM_HP_", "SM_CURRENT_INSTANCE")


def hyperparameters(analysis: Analysis) -> Verdict:
    """Return the verdict on loading hyperparameters."""
    present: list[ast.AST] = []
    possible: list[ast.AST] = []
    decoy: ast.AST | None = None
    for read in analysis.environment.reads:
        if read.name in _VARIABLES or read.name.startswith("SM_HP_"):
            if analysis.reach.scope_runs(read.scope):
                present.append(read.node)
    for option in analysis.live_options:
        if is_place(analysis, option):
            decoy = decoy or option.node
        else:
            present.append(option.node)
    present.extend(_environment_objects(analysis))
    _from_files(analysis, present, possible)
    if present:
        return verdict_from(present, [])
    if analysis.options.open_ended:
        possible.append(analysis.program.entry.tree)
    possible.extend(_argv_uses(analysis))
    opaque = analysis.calls.first_opaque_call("hyperparameters", noted=False)
    if opaque is not None:
        possible.append(opaque.node)
    return verdict_from(present, possible, decoy)


def _may_be_code(path: str) -> bool:
    """Return whether a path may be in the script's own code: a relative path, or one below /opt/ml."""
    return not path.startswith("/") or path.startswith("/opt/ml/")


def _from_files(analysis: Analysis, present: list[ast.AST], possible: list[ast.AST]) -> None:
    """Find the calls that read hyperparameters.json, and those that may read it or another file of settings."""
    named = names_file(analysis)
    for call in analysis.calls.all:
        if call.inert or (call.local and not call.unknown):
            continue
        reads = call.has(Reads)
        settings = _loads_settings(call.names)
        if not (named or reads or settings):
            continue
        arguments = [*call.node.args, *(k.value for k in call.node.keywords)]
        receiver = analysis.calls.receiver(call)
        if reads and receiver is not None:
            arguments.append(receiver)
        for argument in arguments if named else ():
            found = places(analysis.evaluator, analysis.calls.values(call, argument))
            if any(p.root is PathKind.HYPERPARAMETERS for p in found):
                (present if reads or not call.rows else possible).append(call.node)
            elif reads and any(p.path.rpartition("/")[2] == FILE and _may_be_code(p.path) for p in found):
                possible.append(call.node)  # a file sent with the code, of unknown origin
        if present:
            continue
        origins = [o for a in arguments for o in analysis.calls.origins(call, a)] if reads or settings else []
        roots = {o.root for o in origins if isinstance(o, ContainerPath)}
        passed = any(
            isinstance(o, Given) for o in origins
        )  # a file whose path the launcher passes: ``--config``
        unnamed = any(
            isinstance(o, ContainerPath) and o.root is PathKind.CONFIG and ANY in o.path for o in origins
        )
        if (
            PathKind.INPUT in roots
            or unnamed
            or (
                settings
                and (PathKind.CHANNEL in roots or (passed and roots & {PathKind.LOCAL, PathKind.UNKNOWN}))
            )
        ):
            possible.append(call.node)


# "owner/name" of the Hugging Face Hub. A folder "data/train" looks alike: then the option's name decides.
_HUB_NAME = pattern(r"[\w-][\w.-]*/[\w-][\w.-]*")


def is_place(analysis: Analysis, option: Option) -> bool:
    """Return whether an option holds a directory, a host or another fact of the job, not a hyperparameter."""
    if option.default is not None:
        values = analysis.evaluator.values(option.default, option.scope)
        for value in values:
            if isinstance(value, Variable) and value.name.startswith("SM_"):
                if option.type_name in _NUMERIC and not value.name.startswith(_NUMBERS):
                    continue  # a default copied from another option and never read
                return not (value.name.startswith("SM_HP_") or value.name in _VARIABLES)
        if any(
            p.root
            in (
                PathKind.CHANNEL,
                PathKind.MODEL,
                PathKind.OUTPUT,
                PathKind.CHECKPOINTS,
                PathKind.INPUT,
                PathKind.REMOTE,
                PathKind.CODE,
            )
            or (p.root is PathKind.LOCAL and "/" in p.path and not _HUB_NAME.fullmatch(p.path))
            for p in places(analysis.evaluator, values)
        ):
            return True
    if option.type_name in _NUMERIC and option.name.replace("_", "-").lower() not in _PLACE_NAMES:
        return option.name.replace("_", "-").lower() in _CLUSTER_NAMES
    name = option.name.replace("_", "-").lower()
    return name in _PLACE_NAMES or name.split("-")[-1] in _PLACE_WORDS


def _environment_objects(analysis: Analysis) -> list[ast.AST]:
    return [
        node
        for node, scope in analysis.live_attribute_loads("hyperparameters")
        if any(
            isinstance(v, LibraryObject) and v.name == HYPERPARAMETERS
            for v in analysis.evaluator.values(node, scope)
        )
    ]


def _argv_uses(analysis: Analysis) -> list[ast.AST]:
    """Return the direct uses of ``sys.argv``, which a script may parse by itself."""
    return [node for node, _ in analysis.live_attribute_loads("argv")]


_SETTINGS = (
    "yaml.",
    "toml.",
    "tomllib.",
    "tomli.",
    "json.load",
    "configparser.",
    "omegaconf.",
    "ruamel.",
    "configobj.",
    "pyhocon.",
)


def _loads_settings(names: tuple[str, ...]) -> bool:
    return any(name.startswith(_SETTINGS) for name in names)
