"""The channels that a script opens as a file: a channel is a folder, also one of a single object.

Sources: "Amazon SageMaker Training Toolkit" (``SM_CHANNEL_*`` are folders), CPython's ``open``, which raises
``IsADirectoryError``; pandas 2.2, numpy 2.0, torch 2.4, joblib 1.4, pillow 10.4 and h5py 3.11, which pass a path on.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.every_path import runs_always
from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.container_paths import ANY, ContainerPath, places
from flake8_training.engine.values.values import OptionValue, Values
from flake8_training.ledger import Reason, unknown_if
from flake8_training.libraries.rows import Reads
from flake8_training.named_tuple import NamedTuple
from flake8_training.sagemaker import paths
from flake8_training.script import Script
from flake8_training.script.data import is_writing, read_path
from training_alignment.comparisons.launch.certain_reads import FAILURES
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.pipe_channels import input_mode
from training_alignment.launches.accepted_options import acceptance
from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import sent

FOLDER = "the script opens a channel's folder as a file"
_FOLDERS_OF_MODES = frozenset({"File", "FastFile"})
_FAILURES = FAILURES | {"IsADirectoryError", "ValueError"}
_PANDAS = """
    read_csv read_table read_fwf read_stata read_sas read_pickle read_json read_xml read_excel read_hdf ExcelFile
"""
_OF_ONE_FILE = frozenset(
    {
        *(f"pandas.{name}" for name in _PANDAS.split()),
        *("builtins.open", "io.open", "codecs.open", "gzip.open", "bz2.open", "lzma.open", "tarfile.open"),
        *("numpy.load", "numpy.loadtxt", "numpy.genfromtxt", "torch.load", "joblib.load"),
        *("PIL.Image.open", "h5py.File", "zipfile.ZipFile"),
    }
)
"""Readers that raise for a folder. Others accept one: pandas.read_parquet, dask, datasets."""


class _Opened(NamedTuple):
    channel: str
    reader: str
    call: Call


def opened_folders(launch: Launch) -> Iterator[Problem]:
    """Yield the channels of a job whose folder the script certainly opens as a file."""
    script = launch.script
    if script is None or launch.alternatives or launch.started.by_command or not launch.jobs:
        return
    opened = list(_opened(launch, script))
    own = {variable.name for variable in launch.estimator.environment}
    for job in launch.jobs if opened else ():
        for one in opened:
            named = [entry for entry in job.channels.entries if entry.name.lower() == one.channel]
            if len(named) != 1 or not named[0].certain or f"SM_CHANNEL_{one.channel.upper()}" in own:
                continue
            mode = input_mode(launch, named[0])
            if unknown_if(mode is None, Reason.OUTSIDE, job.node, what="input_mode"):
                continue
            if mode in _FOLDERS_OF_MODES:
                detail = f"{one.reader}() of {paths.INPUT_DATA_DIR}/{named[0].name} (IsADirectoryError)"
                related = launch.in_script(one.call.node, "it is opened here")
                yield Problem(launch.report_node(named[0].at), detail, related, summary=FOLDER)


def _opened(launch: Launch, script: Script) -> Iterator[_Opened]:
    """Yield the channels that the script opens, each once."""
    analysis = script.analysis
    seen: set[str] = set()
    for call in analysis.calls.all:
        if not call.names or not _OF_ONE_FILE.issuperset(call.names):
            continue
        for row in call.having(Reads):
            node = read_path(analysis, call, row)
            values = analysis.calls.values(call, node) if node is not None else ()
            found = places(analysis.evaluator, values)
            if len(found) != 1 or is_writing(analysis, call, row) or not _is_folder(found[0]):
                continue
            channel = str(found[0].channel)
            if channel in seen or _is_replaced(launch, analysis, values):
                continue
            if runs_always(analysis, call.node, call.site.scope, _FAILURES):
                seen.add(channel)
                yield _Opened(channel, call.names[0].removeprefix("builtins."), call)


def _is_folder(place: ContainerPath) -> bool:
    """Return whether a place is the folder of a channel itself."""
    if place.open or place.channel in (None, ANY):
        return False
    return posixpath.dirname(paths.normal_path(place.path)) == paths.INPUT_DATA_DIR


def _is_replaced(launch: Launch, analysis: Analysis, values: Values) -> bool:
    """Return whether a hyperparameter of the job may replace the option that a path comes from."""
    options = [value.option for value in values if isinstance(value, OptionValue)]
    if not options:
        return False
    accepted = acceptance(analysis)
    is_open = launch.estimator.hyperparameters.open_ended
    if unknown_if(accepted is None or is_open, Reason.MAPPING, launch.estimator.node, what="hyperparameters"):
        return True
    assert accepted is not None
    passed = {id(option) for one in sent(launch) for option in accepted.match(one.flag)[1]}
    return any(id(option) in passed for option in options)
