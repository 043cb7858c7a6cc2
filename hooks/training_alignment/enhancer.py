"""The four levels for another validation system.

The findings on a script's step are merged into that system's results.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flake8_training.finding import Finding, Severity
from flake8_training.named_tuple import NamedTuple
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


class BaseStepEnhancer:
    """What an enhancer of one type of step has: the type, the repository and the merging.

    ``root`` is any folder of the repository. A class of another validation system may stand beside it among the bases:
    its ``__init__`` receives the type of the step. If that class comes first and calls no ``super().__init__``, the
    repository is the one around the current folder.
    """

    step_type: str = ""
    root: Path = Path(".")

    def __init__(self, step_type: str, root: str | Path = ".") -> None:
        _initialise_next(self, BaseStepEnhancer, step_type)
        self.step_type = step_type
        self.root = Path(root)

    def _merge_results(
        self, existing_results: Results, additional_issues: Iterable[Issue]
    ) -> Results | dict[str, Any]:
        """Return the results, with the issues added that they do not hold yet."""
        return merged(existing_results, additional_issues)


def _initialise_next(enhancer: object, owner: type, step_type: str) -> None:
    """Call the ``__init__`` of the class that follows another one among the bases of an object's class."""
    classes = type(enhancer).__mro__
    following = classes[classes.index(owner) + 1 :]
    initialise: Callable[..., None] | None = next(
        (vars(one)["__init__"] for one in following if one is not object and "__init__" in vars(one)), None
    )
    if initialise is None:
        return
    try:
        inspect.signature(initialise).bind(enhancer, step_type)
    except TypeError:
        initialise(enhancer)
    else:
        initialise(enhancer, step_type)


class TrainingStepEnhancer(BaseStepEnhancer):
    """Adds the findings on training steps to the results of another validation.

    ``root`` is any folder of the repository; the word "Training", which a subclass may pass as the type of the step,
    leaves it the current folder.
    """

    step_type: str = "Training"
    reference_examples: list[str]
    """The paths of well-formed training steps: two scripts and a builder."""
    framework_validators: dict[str, Callable[[str], list[Issue]]]
    """A function for each framework.

    It takes a script's name and returns the issues of the framework-dependent rules, or no issues if the script uses
    another framework.
    """
    _checked: tuple[str, _Found] | None = None

    def __init__(self, root: str | Path = ".") -> None:
        super().__init__(self.step_type, "." if root == self.step_type else root)
        # Another base may have set empty ones.
        self.reference_examples = _reference_examples()
        self.framework_validators = self._framework_validators()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Return an attribute that ``__init__`` sets, if a class before this one calls no ``super().__init__``."""
            if name == "reference_examples":
                value: object = _reference_examples()
            elif name == "framework_validators":
                value = self._framework_validators()
            else:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            vars(self)[name] = value
            return value

    def enhance_validation(self, existing_results: Results, script_name: str) -> Results | dict[str, Any]:
        """Return the results, with the issues of all four levels on the script's step added.

        A dict receives them in its lists ``issues`` and ``enhanced_issues``, and in the counts of its ``summary`` if it
        has one. An object receives them in its list ``issues``, as issues of the list's own type. None becomes a new
        dict. Issues that the results already hold are not added again. If results that say whether the step has passed
        receive an error, it has not. A script of no training step adds nothing.

        Raises:
            TypeError: the results are no dict and have no list called ``issues``.
        """
        self._checked = (script_name, self._found(script_name))
        try:
            issues = [
                *self._validate_training_script_patterns(script_name),
                *self._validate_training_specifications(script_name),
                *self._validate_training_dependencies(script_name),
                *self._validate_training_builder(script_name),
            ]
        finally:
            self._checked = None
        return self._merge_results(existing_results, issues)

    def issues(self, script_name: str) -> list[Issue]:
        """Return the issues on the step with this name, or with a script of this name or file name."""
        return [_issue(finding) for finding in self._found(script_name).findings]

    def _validate_training_script_patterns(self, script_name: str) -> list[Issue]:
        """Return the issues of level 1, and those of files that cannot be read."""
        return self._of_levels(script_name, 0, 1)

    def _validate_training_specifications(self, script_name: str) -> list[Issue]:
        """Return the issues of level 2: contract against specification."""
        return self._of_levels(script_name, 2)

    def _validate_training_dependencies(self, script_name: str) -> list[Issue]:
        """Return the issues of level 3: specification against dependencies."""
        return self._of_levels(script_name, 3)

    def _validate_training_builder(self, script_name: str) -> list[Issue]:
        """Return the issues of level 4: builder against configuration."""
        return self._of_levels(script_name, 4)

    def _validate_xgboost_training(self, script_name: str) -> list[Issue]:
        """Return the issues of the framework-dependent rules, for a script that uses XGBoost."""
        return self._of_framework("xgboost", script_name)

    def _validate_pytorch_training(self, script_name: str) -> list[Issue]:
        """Return the issues of the framework-dependent rules, for a script that uses PyTorch."""
        return self._of_framework("pytorch", script_name)

    def _validate_sklearn_training(self, script_name: str) -> list[Issue]:
        """Return the issues of the framework-dependent rules, for a script that uses scikit-learn."""
        return self._of_framework("sklearn", script_name)

    def _framework_validators(self) -> dict[str, Callable[[str], list[Issue]]]:
        found = {name: partial(self._of_framework, name) for name in ORDER if name != "other"}
        return {
            **found,
            "xgboost": self._validate_xgboost_training,
            "pytorch": self._validate_pytorch_training,
            "sklearn": self._validate_sklearn_training,
        }

    def _of_levels(self, script_name: str, *levels: int) -> list[Issue]:
        found = self._found_now(script_name).findings
        return [_issue(finding) for finding in found if finding.level in levels]

    def _of_framework(self, framework: str, script_name: str) -> list[Issue]:
        found = self._found_now(script_name)
        if framework not in _frameworks(found.script):
            return []
        return [_issue(finding) for finding in found.findings if finding.code in _FRAMEWORK_CODES]

    def _found_now(self, script_name: str) -> _Found:
        """Return the findings of the validation that runs, else those of a new check."""
        if self._checked is not None and self._checked[0] == script_name:
            return self._checked[1]
        return self._found(script_name)

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


_EXAMPLES = ("xgboost_training.py", "pytorch_training.py", "builder_xgboost_training_step.py")


def _reference_examples() -> list[str]:
    """Return the paths of the examples: beside this module if it is installed, else in the project's own folder."""
    here = Path(__file__).resolve().parent
    folders = (here / "examples", here.parents[1] / "examples" / "good")
    found = ([folder / name for name in _EXAMPLES if (folder / name).is_file()] for folder in folders)
    return next(([str(path) for path in paths] for paths in found if paths), [])


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
