"""Running of rules over one file, for flake8 and the commit hook.

Nothing here depends on flake8.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from flake8_training.columns import character_column
from flake8_training.engine.syntax.parents import forget_parents
from flake8_training.finding import Finding
from flake8_training.fix import in_characters
from flake8_training.ledger import open_ledger, page_of
from flake8_training.parsing import with_bounded_numbers
from flake8_training.record import replace
from flake8_training.rules.launcher.needed_facts import FOLDER, rules_over
from flake8_training.rules.registry import Rules
from flake8_training.rules.rule import Rule, Subject
from flake8_training.script import Script, read
from flake8_training.settings import Settings

if TYPE_CHECKING:
    from flake8_training.launcher import Launcher

_INTERNAL_ERROR = "TRN001"

# flake8 runs its entry points in turn on the same tree: the second one uses the script that the first one
# read.
_last_read: tuple[ast.Module, str, Script | Exception] | None = None


def check_script(
    tree: ast.Module, filename: str, lines: Sequence[str], settings: Settings, rules: Rules
) -> list[Finding]:
    """Return the findings of ``rules`` in one Python file, sorted and without duplicates. Never raises.

    ``filename`` is empty for source that is in no file: then no local module is read. Rules over training scripts run
    if the settings name the file or if it is recognised as a training script. Rules over launchers run if it constructs
    or starts a training job. A file may be both; if it is neither, there are no findings. An error while reading the
    file is reported once, by the rule TRN001 if it is among ``rules``.
    """
    try:
        script = _read(tree, filename, lines)
        is_training_script = settings.names_training_script(filename or "stdin") or script.is_training_script
        launcher = _launcher(script, rules)
    except Exception as error:
        return [internal_error(filename, "the reader", error)] if _INTERNAL_ERROR in rules else []
    found = findings_in(script, rules.over_scripts()) if is_training_script else []
    if launcher is not None:
        found = sorted({*found, *launcher_findings_in(launcher, rules_over(launcher, rules))})
        launcher.close()
    from flake8_training.rules.precedence import without_consequences

    return without_consequences(found, across_lines=False)


def findings_in(script: Script, rules: Iterable[Rule[Any]]) -> list[Finding]:
    """Return the findings of rules over one script in a training script. Never raises."""
    found = [finding for rule in rules for finding in run(rule, script, script.path)]
    return sorted({_on_a_line(finding, script.lines) for finding in found})


def launcher_findings_in(launcher: Launcher, rules: Iterable[Rule[Any]]) -> list[Finding]:
    """Return the findings of rules over launchers in a launcher. Never raises."""
    found = [finding for rule in rules for finding in run(rule, launcher, launcher.path)]
    return sorted({_on_a_line(f, launcher.lines) if f.path == launcher.path else f for f in found})


def _launcher(script: Script, rules: Rules) -> Launcher | None:
    """Return the file read as a launcher; None if it is no launcher or if no rule needs it."""
    if not rules.codes_in(FOLDER):
        return None
    from flake8_training.launcher import read_launcher

    launcher = read_launcher(script.tree, script.path, script.lines, script.program)
    if launcher.is_launcher:
        return launcher
    launcher.close()
    return None


def _read(tree: ast.Module, filename: str, lines: Sequence[str]) -> Script:
    global _last_read
    if _last_read is None or _last_read[0] is not tree or _last_read[1] != filename:
        try:
            _last_read = tree, filename, read(with_bounded_numbers(tree, lines), filename, lines)
        except Exception as error:
            _last_read = tree, filename, error
    outcome = _last_read[2]
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def forget() -> None:
    """Release the script that was read last, with all that is kept of its modules but their indexes."""
    global _last_read
    if _last_read is not None and isinstance(_last_read[2], Script):
        _last_read[2].close()
    _last_read = None
    forget_parents()


def run(rule: Rule[Subject], subject: Subject, path: str) -> list[Finding]:
    """Return a rule's findings. If the rule raises, add a finding of the error in the file at ``path``.

    While a ledger is open, the verdicts are entered into it.
    """
    if open_ledger() is None:
        return _findings(rule, subject, path)
    with page_of(rule.code, path) as page:
        found = _findings(rule, subject, path)
        if page is not None:
            page.reported.update(dict.fromkeys(found))
    return found


def _findings(rule: Rule[Subject], subject: Subject, path: str) -> list[Finding]:
    found: list[Finding] = []
    try:
        found.extend(rule.check(subject))
    except Exception as error:
        found.append(internal_error(path, rule.code, error))
    return found


def internal_error(path: str, culprit: str, error: Exception) -> Finding:
    """Return the finding of an error that ``culprit``, a rule or a reader, has raised on the file at ``path``."""
    from flake8_training.rules.trn001_internal_error import InternalError

    return InternalError().report(path, culprit, error)


def _on_a_line(finding: Finding, lines: Sequence[str]) -> Finding:
    """Return the finding with a line that exists and its column in characters: editors index by both."""
    line = min(max(finding.line, 1), max(len(lines), 1))
    column = character_column(lines[line - 1], max(finding.column - 1, 0)) if lines else 1
    if finding.fix is not None:
        finding = replace(finding, fix=in_characters(finding.fix, lines))
    if (line, column) == (finding.line, finding.column):
        return finding
    return replace(finding, line=line, column=column)
