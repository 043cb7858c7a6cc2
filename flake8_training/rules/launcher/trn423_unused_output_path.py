"""TRN423: an output path that never reaches the estimator."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from flake8_training.engine.syntax.scopes import Binding, CallSite, Scope
from flake8_training.engine.values.unknown_values import note_values
from flake8_training.engine.values.values import LibraryObject, Unknown, Value, text
from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.ledger import Reason, note_unknown
from flake8_training.pattern import pattern
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem, is_left_out
from flake8_training.rules.launcher.reads_by_name import may_be_read_by_name
from flake8_training.rules.rule import Condition, Example


class UnusedOutputPath(LauncherRule):
    """Reports output locations beside an estimator that nothing uses."""

    code = "TRN423"
    severity = Severity.WARNING
    summary = "the output path never reaches the estimator"
    why = """
        Without `output_path`, SageMaker writes the model to the session's default bucket, under a name with a
        timestamp. A location that the launcher computes beside the estimator and never uses was probably meant for it.
        Later steps look for the model there and find nothing.
    """
    fix = """
        Pass the location as `output_path`, or remove it.
    """
    reported_when = (
        "a variable holds a location in S3 for results, nothing reads it, and no estimator of the same function has "
        "`output_path`: its name (`output_path`, `model_uri`, `destination`) or its last folder (`models`) says so",
        "a function never reads its parameter of such a name, or with such a location, a caller passes a value, and "
        "no estimator in the function has `output_path`",
    )
    not_reported_when = (
        Condition(
            "one estimator of the function has `output_path`, or may get it from `**kwargs`",
            suppressed={
                "    instance_count=1,\n": ('    instance_count=1,\n    output_path="s3://other/models",\n')
            },
            reported={
                "    instance_count=1,\n": (
                    "    instance_count=1,\n"
                    '    tags=[{"Key": "output_path", "Value": "s3://other/models"}],\n'
                )
            },
        ),
        Condition(
            "the value is no S3 location and no `Join`, or is unknown",
            suppressed={
                'output_path = f"s3://{bucket}/churn/models"  # TRN423': 'output_path = f"{bucket}/churn/models"'
            },
            reported={
                'output_path = f"s3://{bucket}/churn/models"  # TRN423': (
                    'output_path = f"s3://{bucket}/models"  # TRN423'
                )
            },
        ),
        Condition(
            "neither the name nor the last folder is one for results: it may be the location of an input",
            suppressed={
                'output_path = f"s3://{bucket}/churn/models"  # TRN423': 'raw = f"s3://{bucket}/models/raw"'
            },
            reported={
                'output_path = f"s3://{bucket}/churn/models"  # TRN423': (
                    'raw = f"s3://{bucket}/raw/models"  # TRN423'
                )
            },
        ),
        Condition(
            "the estimator is a `ModelTrainer`",
            suppressed=Example(
                {
                    "launch.py": (
                        "import sagemaker\n"
                        "from sagemaker.train import ModelTrainer\n"
                        "\n"
                        "bucket = sagemaker.Session().default_bucket()\n"
                        'output_path = f"s3://{bucket}/churn/models"\n'
                        'ModelTrainer(training_image="ours").train()\n'
                    )
                }
            ),
            reported=lambda bad: bad.changed(
                {
                    "from sagemaker.pytorch import PyTorch\n": (
                        "from sagemaker.pytorch import PyTorch\nfrom sagemaker.train import ModelTrainer\n"
                    ),
                    "estimator = PyTorch(": "print(ModelTrainer)\nestimator = PyTorch(",
                }
            ),
        ),
        Condition(
            "`eval`, `exec`, `locals` or `globals` may read the name",
            suppressed={
                'estimator.fit({"train": "s3://churn-data/train"})': (
                    'print(locals())\nestimator.fit({"train": "s3://churn-data/train"})'
                )
            },
            reported={
                'estimator.fit({"train": "s3://churn-data/train"})': (
                    'print("locals()")\nestimator.fit({"train": "s3://churn-data/train"})'
                )
            },
        ),
        NOT_IN_TESTS,
    )
    missed = ("a location whose name and last folder do not tell it from that of an input",)
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                bucket = sagemaker.Session().default_bucket()
                output_path = f"s3://{bucket}/churn/models"  # TRN423

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    good = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                bucket = sagemaker.Session().default_bucket()
                output_path = f"s3://{bucket}/churn/models"

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                    output_path=output_path,
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = ("https://sagemaker.readthedocs.io/en/v2.257.1/api/training/estimators.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each location that nothing uses."""
        yield from unused_output_paths(launcher)


# Words by which an author names the place of a job's results. Without any of them, in its name or in its last
# folder, a location may be that of an input: the answer is unknown.
_OUTPUT = pattern(r"(?:^|[_\W])(?:outputs?|artifacts?|destination)(?:[_\W]|$)", re.IGNORECASE)
_MODEL = pattern(r"(?:\w+_)?models?_(?:\w+_)?(?:path|uri|location|destination)s?", re.IGNORECASE)
_FOLDERS = frozenset({"output", "outputs", "model", "models", "artifact", "artifacts", "model-artifacts"})


def unused_output_paths(launcher: Launcher) -> Iterator[Problem]:
    """Yield the unused output paths, in functions whose estimators have no output path."""
    if len(launcher.program.modules) == 1 and not any(
        isinstance(one, Estimator) and not one.is_trainer for one in launcher.constructions
    ):
        return
    calls: dict[Scope, list[CallSite]] = {}
    for site in launcher.module.calls:
        calls.setdefault(_holder(site.scope), []).append(site)
    loaded = {name for scope in launcher.module.scopes for name in scope.loads | scope.guarded_loads}
    for scope in launcher.module.scopes:
        if scope.kind not in ("function", "module"):
            continue
        if scope.kind == "function":
            yield from _unused_parameters(launcher, scope)
        unused = [
            (name, bindings[-1])
            for name, bindings in scope.bindings.items()
            if _may_be_location(bindings[-1])
            and not (name in loaded and _is_read(launcher, scope, name))
            and not may_be_read_by_name(launcher, scope, name)
            and _may_be_output(launcher, name, bindings[-1])
        ]
        estimators = _estimators_in(launcher, calls.get(scope, ())) if unused else []
        if estimators and all(is_left_out(estimator, "output_path") for estimator in estimators):
            for name, binding in unused:
                assert binding.value is not None
                if _is_output(name, launcher.reader.expression(binding.value, binding.scope), binding.node):
                    detail = f"nothing uses {name}; pass output_path={name} to {estimators[0].name}"
                    yield Problem(binding.node, detail, binding.node)


def _unused_parameters(launcher: Launcher, scope: Scope) -> Iterator[Problem]:
    """Yield the unused output path parameter of a function that constructs an estimator."""
    names = {
        name: bindings[0].node
        for name, bindings in scope.bindings.items()
        if bindings[0].kind == "parameter"
        and isinstance(bindings[0].node, ast.arg)
        and not _is_read(launcher, scope, name)
        and not may_be_read_by_name(launcher, scope, name)
    }
    sdk_objects = [one for one in launcher.constructions if _holder(one.scope) is scope] if names else []
    estimators = [one for one in sdk_objects if isinstance(one, Estimator) and not one.is_trainer]
    if not estimators or not all(is_left_out(one, "output_path") for one in estimators):
        return
    for name, node in names.items():
        assert isinstance(node, ast.arg)
        if any(
            _is_passed_output(launcher, name, node, scope, site) for site in launcher.evaluator.callers(scope)
        ):
            detail = f"nothing uses {name}; pass output_path={name} to {estimators[0].name}"
            yield Problem(estimators[0].node, detail, estimators[0].node)


def _is_passed_output(launcher: Launcher, name: str, node: ast.arg, scope: Scope, site: CallSite) -> bool:
    """Return whether a call passes a parameter of such a name a value, or another one such a location."""
    value = launcher.evaluator.argument_node(node, scope, site)
    if not _is_passed(value):
        return False
    assert value is not None
    return _is_named_output(name) or _is_output(
        name, launcher.reader.expression(value, site.scope), site.node
    )


def _may_be_location(binding: Binding) -> bool:
    """Return whether a name is bound by an assignment to a value that may be a location."""
    return (
        binding.kind == "value"
        and binding.value is not None
        and not binding.steps
        and isinstance(binding.node, ast.Assign)
    )


def _may_be_output(launcher: Launcher, name: str, binding: Binding) -> bool:
    """Return whether a name or its value shows an output: to look for estimators is dearer."""
    if _is_named_output(name):
        return True
    return binding.value is not None and _is_in_s3(launcher.reader.expression(binding.value, binding.scope))


def _is_named_output(name: str) -> bool:
    return _OUTPUT.search(name) is not None or _MODEL.fullmatch(name) is not None


def _is_output(name: str, location: LocatedExpression, at: ast.AST) -> bool:
    """Return whether an expression is a location in S3 for a job's results, by its name or by its last folder."""
    if not _is_in_s3(location):
        if _is_named_output(name) and any(isinstance(value, Unknown) for value in location.values):
            note_values(location.values, location.node, location.scope, name)
        return False
    if _is_named_output(name) or any(_is_output_folder(value) for value in location.values):
        return True
    note_unknown(Reason.UNDECLARED, at, what=name)
    return False


def _is_in_s3(location: LocatedExpression) -> bool:
    return any(beginning.startswith("s3://") for beginning in location.beginnings) or any(
        isinstance(value, LibraryObject) and value.name.endswith(".functions.Join()")
        for value in location.values
    )


def _is_output_folder(value: Value) -> bool:
    """Return whether the last folder of a location is one for results."""
    whole = text(value)
    last = whole.parts[-1] if whole is not None and whole.parts else None
    return isinstance(last, str) and last.rstrip("/").rpartition("/")[2].lower() in _FOLDERS


def _is_passed(value: ast.expr | None) -> bool:
    """Return whether a call passes a parameter anything but None."""
    return value is not None and not (isinstance(value, ast.Constant) and value.value is None)


def _is_read(launcher: Launcher, owner: Scope, name: str) -> bool:
    if name in owner.loads or name in owner.guarded_loads:
        return True
    for scope in launcher.module.scopes:
        if name in scope.loads or name in scope.guarded_loads:
            found = scope.lookup(name)
            if found is not None and found[0] is owner:
                return True
    return False


def _estimators_in(launcher: Launcher, sites: Iterable[CallSite]) -> list[Estimator]:
    """Return the estimators that the calls of a function construct, directly or through a local function."""
    found: list[Estimator] = []
    for site in sites:
        found.extend(launcher.estimators_in(launcher.reader.expression(site.node, site.scope)))
    return list(dict.fromkeys(estimator for estimator in found if not estimator.is_trainer))


def _holder(scope: Scope) -> Scope:
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope
