"""The four levels for another validation system.

The findings on a script's step are merged into that system's results.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from flake8_training.finding import Finding, Severity
from flake8_training.rules.registry import rules
from flake8_training.script.frameworks import ORDER
from flake8_training.script.summary import summary
from training_alignment.artefacts.model import StepKind
from training_alignment.checking.run import check_repository, find_steps
from training_alignment.issue_merging import Issue, Results, merged
from training_alignment.rules.step_rule import PACKAGE
from training_alignment.script_api import UnreadableScript, read_script
from training_alignment.steps.step import Role, Step

CATEGORIES: Final[Mapping[int, str]] = {
    0: "training_validation",
    1: "script_contract_alignment",
    2: "contract_specification_alignment",
    3: "specification_dependency_alignment",
    4: "builder_configuration_alignment",
}
"""The category of an issue, by the level of its finding."""

SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "ERROR",
    Severity.WARNING: "WARNING",
    Severity.ADVICE: "INFO",
}

_FRAMEWORK_CODES = ("TRN121", "TRN122", "TRN123", "TRN124", "TRN125", "TRN209", "TRN405", "TRN414", "TRN420")
"""The rules that depend on the framework; an issue of one goes to that framework's validator."""


class _Found(NamedTuple):
    script: Path | None
    findings: tuple[Finding, ...]


class TrainingStepEnhancer:
    """Adds the findings on training steps to the results of another validation.

    ``root`` is any folder of the repository. ``framework_validators`` map a framework's name to a function. It takes a
    script's name and returns the issues of the framework-dependent rules, or no issues if the script uses another
    framework.
    """

    step_type: Final = "Training"
    reference_examples: Final = (
        "xgboost_training.py",
        "pytorch_training.py",
        "builder_xgboost_training_step.py",
    )
    """File names of well-formed training steps, from the design that the checks come from."""

    def __init__(self, root: str | Path = ".") -> None:
        self.root = Path(root)
        self.framework_validators: dict[str, Callable[[str], list[Issue]]] = {
            framework: self._validator(framework) for framework in ORDER if framework != "other"
        }

    def enhance_validation(self, existing_results: Results, script_name: str) -> Results | dict[str, Any]:
        """Return the results, with the issues of all four levels on the script's step added.

        A dict receives them in its lists ``issues`` and ``enhanced_issues``, and in the counts of its ``summary`` if it
        has one. An object receives them in its list ``issues``, as issues of the list's own type. None becomes a new
        dict. Issues that the results already hold are not added again. A script of no training step adds nothing.

        Raises:
            TypeError: the results are no dict and have no list called ``issues``.
        """
        return merged(existing_results, self.issues(script_name))

    def issues(self, script_name: str) -> list[Issue]:
        """Return the issues on the step with this name, or with a script of this name or file name."""
        return [_issue(finding) for finding in self._found(script_name).findings]

    def _found(self, script_name: str) -> _Found:
        discovery = find_steps(self.root)
        root = discovery.repository.root
        if os.path.isabs(script_name):
            script_name = discovery.repository.relative(script_name) or script_name
        step = _step(discovery.steps, script_name)
        if step is not None:
            if step.kind not in (StepKind.TRAINING, StepKind.UNKNOWN):
                return _Found(None, ())
            outcome = check_repository(root, [root / path for path in step.paths])
            script = step.part(Role.SCRIPT)
            findings = tuple(f for f in outcome.findings if f.step in ("", step.name))
            return _Found(root / script.path if script else None, findings)
        # The script belongs to no step; a launcher may start it nevertheless.
        named = [path for path in discovery.repository.files if _is_called(path, script_name)]
        if len(named) != 1:
            return _Found(None, ())
        path = root / named[0]
        return _Found(path, check_repository(root, [path]).findings)

    def _validator(self, framework: str) -> Callable[[str], list[Issue]]:
        def validate(script_name: str) -> list[Issue]:
            found = self._found(script_name)
            if framework not in _frameworks(found.script):
                return []
            return [_issue(finding) for finding in found.findings if finding.code in _FRAMEWORK_CODES]

        return validate


def _frameworks(script: Path | None) -> Sequence[str]:
    if script is None:
        return ()
    try:
        return summary(read_script(str(script)))["frameworks"]
    except UnreadableScript:
        return ()


def _step(steps: Iterable[Step], name: str) -> Step | None:
    """Return the step with this name or with a script of this name, or None; a folder in the name is preferred."""
    by_script = ((step, step.part(Role.SCRIPT)) for step in steps)
    meant = [
        (step, script is not None and _is_called(script.path, name))
        for step, script in by_script
        if _plain(step.name) == _plain(name) or (script is not None and _plain(script.path) == _plain(name))
    ]
    return next((step for step, exactly in meant if exactly), next((step for step, _ in meant), None))


def _is_called(path: str, name: str) -> bool:
    """Return whether a script's path ends in a name, with or without suffix; folders in the name must match too."""
    folder, _, _ = name.replace("\\", "/").removeprefix("./").rpartition("/")
    return (
        path.endswith(".py")
        and _plain(path) == _plain(name)
        and (not folder or f"/{path}".rpartition("/")[0].endswith(f"/{folder.strip('/')}"))
    )


def _plain(name: str) -> str:
    return (
        name.replace("\\", "/")
        .rpartition("/")[2]
        .removesuffix(".py")
        .replace("-", "")
        .replace("_", "")
        .lower()
    )


def _issue(finding: Finding) -> Issue:
    return Issue(
        severity=SEVERITIES[finding.severity],
        category=CATEGORIES[finding.level],
        message=f"{finding.code} {finding.message}",
        details={
            "code": finding.code,
            "level": finding.level,
            "step": finding.step,
            "path": finding.path,
            "line": finding.line,
            "column": finding.column,
            "related": [
                {"path": other.path, "line": other.line, "message": other.message}
                for other in finding.related
            ],
        },
        recommendation=_recommendation(finding.code),
        step_type=TrainingStepEnhancer.step_type,
    )


def _recommendation(code: str) -> str:
    """Return the first sentence of the rule's ``why``, which names the consequence and SageMaker's requirement."""
    rule = next((rule for rule in rules(PACKAGE) if rule.code == code), None)
    if rule is None:
        return f"training-alignment explain {code}"
    first = " ".join(rule.why.split()).partition(". ")[0].rstrip(".")
    return f"{first}. See training-alignment explain {code}."
