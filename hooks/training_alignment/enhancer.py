"""The four levels for another validation system: findings on a script's step, merged into that system's results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypedDict, TypeVar

from flake8_training.finding import Finding, Severity
from flake8_training.rules.registry import rules
from flake8_training.script.frameworks import ORDER
from flake8_training.script.summary import summary
from training_alignment.artefacts.model import StepKind
from training_alignment.checking import check_repository, find_steps
from training_alignment.levels.base import PACKAGE
from training_alignment.scripts import UnreadableScript, read_script
from training_alignment.steps.step import Role, Step

Results = TypeVar("Results")

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
"""The rules that know a framework."""


class Issue(TypedDict):
    """One finding, as validation systems exchange them.

    ``details`` holds ``code``, ``level``, ``step``, ``path``, ``line``, ``column`` and ``related``.
    """

    severity: str
    category: str
    message: str
    details: dict[str, object]
    recommendation: str
    step_type: str


@dataclass(frozen=True, slots=True)
class _Found:
    step: Step | None
    findings: tuple[Finding, ...]


class TrainingStepEnhancer:
    """Adds what this checker finds on training steps to the results of another validation.

    ``root`` is any folder of the repository whose steps are meant. ``framework_validators`` are functions that
    take a script's name and return the issues of the rules that know its framework, none for a script of another.
    """

    step_type: Final = "Training"

    def __init__(self, root: str | Path = ".") -> None:
        self.root = Path(root)
        self.framework_validators: dict[str, Callable[[str], list[Issue]]] = {
            framework: self._validator(framework) for framework in ORDER if framework != "other"
        }

    def enhance_validation(self, existing_results: Results, script_name: str) -> Results | dict[str, Any]:
        """Return the results with the issues of all four levels on the script's step added.

        A dict gets them in its lists ``issues`` and ``enhanced_issues``, and in the counts of its ``summary`` where
        it has one; an object in its list ``issues``. None becomes a new dict. A script that belongs to no training
        step of the repository leaves the results as they are.
        """
        return _merged(existing_results, self.issues(script_name))

    def issues(self, script_name: str) -> list[Issue]:
        """Return the issues on the step that a script's name, its file's name or the step's own name leads to."""
        return [_issue(finding) for finding in self._found(script_name).findings]

    def _found(self, script_name: str) -> _Found:
        discovery = find_steps(self.root)
        step = next((s for s in discovery.steps if _is_meant(s, script_name)), None)
        if step is None or step.kind not in (StepKind.TRAINING, StepKind.UNKNOWN):
            return _Found(None, ())
        outcome = check_repository(
            discovery.repository.root, [discovery.repository.root / p for p in step.paths]
        )
        return _Found(step, tuple(f for f in outcome.findings if f.step in ("", step.name)))

    def _validator(self, framework: str) -> Callable[[str], list[Issue]]:
        def validate(script_name: str) -> list[Issue]:
            found = self._found(script_name)
            if found.step is None or framework not in self._frameworks(found.step):
                return []
            return [_issue(finding) for finding in found.findings if finding.code in _FRAMEWORK_CODES]

        return validate

    def _frameworks(self, step: Step) -> Sequence[str]:
        script = step.part(Role.SCRIPT)
        if script is None:
            return ()
        try:
            root = find_steps(self.root).repository.root
            return summary(read_script(str(root / script.path)))["frameworks"]
        except UnreadableScript:
            return ()


def _is_meant(step: Step, script_name: str) -> bool:
    """Whether a name is the step's, or that of its script, with or without folder and ending."""
    wanted = _plain(script_name)
    script = step.part(Role.SCRIPT)
    return wanted == _plain(step.name) or (script is not None and wanted == _plain(script.path))


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
    """The beginning of the rule's why, which says what goes wrong and what SageMaker wants."""
    rule = next((rule for rule in rules(PACKAGE) if rule.code == code), None)
    if rule is None:
        return f"training-alignment explain {code}"
    first = " ".join(rule.why.split()).partition(". ")[0].rstrip(".")
    return f"{first}. See training-alignment explain {code}."


def _merged(results: Results, issues: list[Issue]) -> Results | dict[str, Any]:
    if results is None:
        return {
            "issues": list(issues),
            "enhanced_issues": list(issues),
            "summary": {"total_issues": len(issues)},
        }
    if isinstance(results, MutableMapping):
        results.setdefault("issues", []).extend(issues)
        results.setdefault("enhanced_issues", []).extend(issues)
        counts = results.get("summary")
        if isinstance(counts, MutableMapping):
            counts["total_issues"] = counts.get("total_issues", 0) + len(issues)
            for issue in issues:
                key = f"{issue['severity'].lower()}_count"
                counts[key] = counts.get(key, 0) + 1
        return results
    listed = getattr(results, "issues", None)
    if not isinstance(listed, list):
        raise TypeError("the results are no dict and have no list called issues")
    listed.extend(issues)
    return results
