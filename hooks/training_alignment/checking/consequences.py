"""The consequence of a script's finding in the jobs that the launchers of the repository start.

A rule over one script does not know its jobs. If every launcher of the script is known and none steps into the mistake,
the finding is a warning: a trap, and no failure today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flake8_training.finding import Finding, Severity
from flake8_training.record import Record, replace
from flake8_training.rules.precedence import OPTION
from training_alignment.checking.script_in_job import are_saved_to, is_below
from training_alignment.comparisons.launch.checkpoints import kept_checkpoints
from training_alignment.comparisons.launch.launched_paths import launched_paths
from training_alignment.launches.accepted_options import Match, acceptance
from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import sent

_FALSE = ("false", "0", "no", "off", "")


class Passed(Record):
    """What one launch passes to its script.

    * ``flags``: the options that the script receives; ``may_be_false``: those whose value may mean false;
      ``empty``: those without a value.
    * ``is_complete``: whether it certainly receives no other option.
    * ``has_no_channel``: whether its jobs certainly have no channel.
    * ``ignores_words``: whether the script's parser certainly ignores words that it does not know.
    * ``keeps_checkpoints``: whether the script saves to an option's folder that SageMaker copies to S3 during the job.
    * ``is_read``: whether an option of the script certainly takes one of its hyperparameters.
    """

    flags: frozenset[str]
    may_be_false: frozenset[str]
    empty: frozenset[str]
    is_complete: bool
    has_no_channel: bool
    ignores_words: bool
    keeps_checkpoints: bool
    is_read: bool


def passed(launch: Launch) -> Passed:
    """Return what a launch passes to its script."""
    found = [(one.flag, None if one.tuned else one.values()) for one in sent(launch)]
    estimator = launch.estimator
    flags = frozenset(flag for flag, _ in found)
    accepted = acceptance(launch.script.analysis) if launch.script is not None else None
    return Passed(
        flags,
        frozenset(flag for flag, values in found if values is None or any(map(_is_false, values))),
        frozenset(flag for flag, values in found if values and all(value == "" for value in values)),
        not estimator.hyperparameters.open_ended and not any(t.ranges.open_ended for t in launch.tuners),
        bool(launch.jobs)
        and all(not job.channels.open_ended and not job.channels.entries for job in launch.jobs),
        accepted is not None and accepted.strict is False,
        _keeps_checkpoints(launch),
        accepted is not None and any(accepted.match(flag)[0] is Match.ONE for flag in flags),
    )


def _keeps_checkpoints(launch: Launch) -> bool:
    kept = kept_checkpoints(launch.estimator)
    if kept is None or launch.script is None:
        return False
    folders = {
        name: path
        for name, path in launched_paths(launch, launch.script).items()
        if is_below(path, kept.path)
    }
    return bool(folders) and are_saved_to(launch.script, folders)


def _is_false(value: object) -> bool:
    return str(value).lower() in _FALSE


def with_consequences(
    findings: Iterable[Finding], of_script: Mapping[str, Sequence[Passed]]
) -> Iterator[Finding]:
    """Yield the findings, those of scripts with the severity that they have in the jobs of their launchers.

    ``of_script`` maps the paths of scripts to what each of their launches passes. A finding that a job disproves is
    left out.
    """
    for finding in findings:
        jobs = of_script.get(finding.path, ())
        if finding.code in _DISPROVED and any(map(_DISPROVED[finding.code], jobs)):
            continue
        harmless = _HARMLESS.get(finding.code)
        if jobs and harmless is not None and finding.severity is Severity.ERROR and harmless(finding, jobs):
            yield replace(finding, severity=Severity.WARNING)
        else:
            yield finding


def _has_no_hyperparameters(_: Finding, jobs: Sequence[Passed]) -> bool:
    return all(job.is_complete and not job.flags for job in jobs)


def _loads_hyperparameters(job: Passed) -> bool:
    return job.is_read


def _has_no_channel(_: Finding, jobs: Sequence[Passed]) -> bool:
    return all(job.has_no_channel for job in jobs)


def _is_never_false(finding: Finding, jobs: Sequence[Passed]) -> bool:
    return not any(_reaches(finding, flag) for job in jobs for flag in job.may_be_false)


def _sets_no_other_flag(finding: Finding, jobs: Sequence[Passed]) -> bool:
    """Return whether no job passes a flag with a value that ends the script, or that means another thing.

    A launcher sets a flag on purpose with an empty value; TRN411 reports the images in which that fails.
    """
    for job in jobs:
        if job.ignores_words:
            flags = job.may_be_false - job.empty
        elif job.is_complete:
            flags = job.flags - job.empty
        else:
            return False
        if any(_reaches(finding, flag) for flag in flags):
            return False
    return True


def _is_kept_as_checkpoint(_: Finding, jobs: Sequence[Passed]) -> bool:
    return all(job.keeps_checkpoints for job in jobs)


def _reaches(finding: Finding, flag: str) -> bool:
    """Return whether a passed flag is the finding's option, or an abbreviation of it."""
    options = finding.cause.removeprefix(OPTION).split()
    return any(option == flag or (flag.startswith("--") and option.startswith(flag)) for option in options)


_DISPROVED = {"TRN101": _loads_hyperparameters}
"""For a code, whether a job shows that the script does what it is said not to do."""
_HARMLESS = {
    "TRN101": _has_no_hyperparameters,
    "TRN102": _has_no_channel,
    "TRN104": _is_kept_as_checkpoint,
    "TRN113": _is_never_false,
    "TRN114": _sets_no_other_flag,
}
"""For a code, whether no job of the repository steps into the mistake."""
