"""TRN401: a builder class without one of its methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.syntax.method_kinds import receiver_name
from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.values import Class, Constant, Instance, LibraryObject, Reference
from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.signs import REQUIRED_METHODS
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.launcher.reads_by_name import may_be_read_by_name
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import closest, did_you_mean

_LOST = "the builder loses the step that it constructs"


class MissingBuilderMethod(LauncherRule):
    """Reports a builder of training steps that lacks a method."""

    code = "TRN401"
    severity = Severity.ERROR
    summary = "a required builder method is missing"
    other_summaries = (_LOST,)
    why = """
        Python refuses to construct an object of a class that lacks an abstract method of its base: `TypeError: Can't
        instantiate abstract class`. A call of a missing method raises `AttributeError`. Both happen when the pipeline
        is put together.

        A builder of training steps consists of `_create_estimator`, `_prepare_hyperparameters_file`,
        `_prepare_training_inputs` and `create_step`. Code that calls all four fails if one is missing.
    """
    fix = """
        Define the missing method, or correct its name.
    """
    reported_when = (
        "a builder does not define an abstract method of a base class in the repository",
        "a class without a base has at least three of the four methods, or one that prepares and one that "
        "builds, and lacks another",
        "a method of a builder calls `self.name()`, and neither the class nor a base defines that name",
        "the step's `required_methods` lists a method that the builder does not have (commit hook)",
        "`create_step` of a class constructs a step, uses it for nothing and returns nothing",
    )
    not_reported_when = (
        Condition(
            "a base class is outside the repository and is not `object`, `ABC` or `Generic`",
            suppressed={
                "class XGBoostTrainingStepBuilder:  # TRN401": "class XGBoostTrainingStepBuilder(StepBuilder):",
                "from sagemaker.inputs": ("from pipelines.base import StepBuilder\nfrom sagemaker.inputs"),
            },
            reported={
                "class XGBoostTrainingStepBuilder:  # TRN401": "class XGBoostTrainingStepBuilder(object):  # TRN401"
            },
        ),
        Condition(
            "the file never mentions SageMaker (flake8)",
            suppressed={"sagemaker.": "training_sdk."},
            reported={"import json\n": "import json\nimport training_sdk\n"},
        ),
        Condition(
            "the class is abstract itself, or another class of the program derives from it",
            suppressed=Example(
                {
                    "builders.py": (
                        "from abc import ABC, abstractmethod\n"
                        "\n"
                        "from sagemaker.workflow.steps import TrainingStep\n"
                        "\n"
                        "\n"
                        "class Base(ABC):\n"
                        "    @abstractmethod\n"
                        "    def validate_configuration(self): ...\n"
                        "\n"
                        "    def create_step(self):\n"
                        '        return TrainingStep(name="Train")\n'
                        "\n"
                        "\n"
                        "class ChurnTrainingStepBuilder(Base):\n"
                        "    @abstractmethod\n"
                        "    def name(self): ...\n"
                    )
                },
                options=("--select=TRN401",),
            ),
            reported={
                ("class ChurnTrainingStepBuilder(Base):\n    @abstractmethod\n    def name(self): ...\n"): (
                    "class ChurnTrainingStepBuilder(Base):  # TRN401\n"
                    "    def name(self):\n"
                    '        return "abstractmethod"\n'
                ),
            },
        ),
        Condition(
            "the class defines `__getattr__` (calls of missing methods only)",
            suppressed={
                "class XGBoostTrainingStepBuilder:  # TRN401": "class XGBoostTrainingStepBuilder:",
                "    def create_step(self):\n": (
                    "    def _prepare_training_inputs(self):\n"
                    "        return {}\n"
                    "\n"
                    "    def __getattr__(self, name):\n"
                    "        return print\n"
                    "\n"
                    "    def create_step(self):\n"
                    "        self._check()\n"
                ),
            },
            reported={
                "class XGBoostTrainingStepBuilder:  # TRN401": "class XGBoostTrainingStepBuilder:",
                "    def create_step(self):\n": (
                    "    def _prepare_training_inputs(self):\n"
                    "        return {}\n"
                    "\n"
                    "    def create_step(self):\n"
                    '        print("__getattr__")\n'
                    "        self._check()  # TRN401\n"
                ),
            },
        ),
        Condition(
            "some code assigns the attribute to an object that may be one of the class (calls of missing methods only)",
            suppressed={
                "class XGBoostTrainingStepBuilder:  # TRN401": "class XGBoostTrainingStepBuilder:",
                "    def create_step(self):\n": (
                    "    def _prepare_training_inputs(self):\n"
                    "        return {}\n"
                    "\n"
                    "    def create_step(self):\n"
                    "        self._check = print\n"
                    "        self._check()\n"
                ),
            },
            reported={
                "class XGBoostTrainingStepBuilder:  # TRN401": (
                    "class Other:\n"
                    "    def __init__(self):\n"
                    "        self._check = print\n"
                    "\n"
                    "\n"
                    "class XGBoostTrainingStepBuilder:"
                ),
                "    def create_step(self):\n": (
                    "    def _prepare_training_inputs(self):\n"
                    "        return {}\n"
                    "\n"
                    "    def create_step(self):\n"
                    "        self._check()  # TRN401\n"
                ),
            },
        ),
        NOT_IN_TESTS,
    )
    bad = Example(
        {
            "builder_training_step.py": """
                import json

                from sagemaker.inputs import TrainingInput
                from sagemaker.workflow.steps import TrainingStep
                from sagemaker.xgboost import XGBoost


                class XGBoostTrainingStepBuilder:  # TRN401
                    def __init__(self, role, training_data_uri):
                        self.role = role
                        self.training_data_uri = training_data_uri
                        self.hyperparameters = {"max_depth": 6, "eta": 0.3}

                    def _create_estimator(self):
                        return XGBoost(
                            entry_point="train.py",
                            framework_version="1.7-1",
                            instance_type="ml.m5.xlarge",
                            instance_count=1,
                            role=self.role,
                            hyperparameters=self.hyperparameters,
                        )

                    def _prepare_hyperparameters_file(self):
                        path = "/tmp/hyperparameters.json"
                        with open(path, "w") as stream:
                            json.dump(self.hyperparameters, stream)
                        return path

                    def create_step(self):
                        return TrainingStep(
                            name="Train",
                            estimator=self._create_estimator(),
                            inputs={"train": TrainingInput(self.training_data_uri, content_type="text/csv")},
                        )
            """,
        }
    )
    good = Example(
        {
            "builder_training_step.py": """
                import json

                from sagemaker.inputs import TrainingInput
                from sagemaker.workflow.steps import TrainingStep
                from sagemaker.xgboost import XGBoost


                class XGBoostTrainingStepBuilder:
                    def __init__(self, role, training_data_uri):
                        self.role = role
                        self.training_data_uri = training_data_uri
                        self.hyperparameters = {"max_depth": 6, "eta": 0.3}

                    def _create_estimator(self):
                        return XGBoost(
                            entry_point="train.py",
                            framework_version="1.7-1",
                            instance_type="ml.m5.xlarge",
                            instance_count=1,
                            role=self.role,
                            hyperparameters=self.hyperparameters,
                        )

                    def _prepare_hyperparameters_file(self):
                        path = "/tmp/hyperparameters.json"
                        with open(path, "w") as stream:
                            json.dump(self.hyperparameters, stream)
                        return path

                    def _prepare_training_inputs(self):
                        return {"train": TrainingInput(self.training_data_uri, content_type="text/csv")}

                    def create_step(self):
                        return TrainingStep(
                            name="Train",
                            estimator=self._create_estimator(),
                            inputs=self._prepare_training_inputs(),
                        )
            """,
        }
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each class that lacks a method, and each call of one."""
        yield from missing_methods(launcher)
        yield from _lost_steps(launcher)


def _lost_steps(launcher: Launcher) -> Iterator[Problem]:
    """Yield the methods ``create_step`` that return nothing and use the step that they construct for nothing."""
    for step in launcher.steps:
        function = step.scope.function
        if function is None or function.owner is None or function.name != "create_step":
            continue
        if function.returns or function.yields:
            continue
        for statement in ast.walk(function.node):
            if isinstance(statement, ast.Expr) and statement.value is step.node:
                names: set[str] = set()
            elif isinstance(statement, ast.Assign) and statement.value is step.node:
                if not all(isinstance(target, ast.Name) for target in statement.targets):
                    continue
                names = {target.id for target in statement.targets if isinstance(target, ast.Name)}
            else:
                continue
            if not any(
                isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load)
                for node in ast.walk(function.node)
            ):
                detail = f"create_step of {function.owner.name} returns nothing"
                yield Problem(function.node, detail, step.node, summary=_LOST)


_PREPARING = frozenset(name for name in REQUIRED_METHODS if name.startswith("_prepare"))

_BUILDING = frozenset({"create_step", "_create_estimator"})

_ABSTRACT = frozenset({"abc.ABC", "abc.ABCMeta", "typing.Protocol", "typing.Generic"})

_PLAIN = frozenset({"builtins.object", "abc.ABC", "typing.Generic"})


def missing_methods(launcher: Launcher) -> Iterator[Problem]:
    """Yield the builder classes of a file that lack a method."""
    for scope in launcher.module.scopes:
        if scope.kind != "class" or not isinstance(scope.node, ast.ClassDef):
            continue
        local, foreign = launcher.evaluator.ancestry(scope)
        lacking = (*_abstract(launcher, scope, local, foreign), *_incomplete(local, foreign))
        missing = list(dict.fromkeys(lacking))  # two base classes may declare the same method
        for name, node in _called(launcher, scope, local, foreign):
            if name in missing:
                continue
            near = closest(name, _names(local))
            hint = did_you_mean(near)
            yield Problem(node, f"{scope.name} calls self.{name}, which it does not have{hint}", node)
        if missing:
            detail = f"{scope.name} has no {', '.join(missing)}"
            yield Problem(scope.node, detail, scope.node)


def _abstract(launcher: Launcher, scope: Scope, local: list[Scope], foreign: list[str]) -> Iterator[str]:
    """Yield the abstract methods of local base classes that a concrete builder class does not define."""
    bases = local[1:]
    if not bases or any(name == "" or name not in _PLAIN for name in foreign):
        return
    if not any(name in base.bindings for base in bases for name in _BUILDING):
        return
    if _is_abstract(launcher, scope) or _is_derived_from(launcher, scope):
        return
    for base in bases:
        for name, bindings in base.bindings.items():
            target = bindings[-1].target
            if target is not None and _is_abstract_method(target):
                defined = [one for one in local if name in one.bindings and not _is_abstract_in(one, name)]
                if not defined:
                    yield name


def _called(
    launcher: Launcher, scope: Scope, local: list[Scope], foreign: list[str]
) -> Iterator[tuple[str, ast.AST]]:
    """Yield the methods that a builder's own methods call and that neither it nor a base class defines."""
    if any(name not in _PLAIN for name in foreign) or scope.bindings.keys().isdisjoint(REQUIRED_METHODS):
        return
    if _is_derived_from(launcher, scope):
        return
    names = _names(local)
    if names & {"__getattr__", "__getattribute__"}:
        return
    seen: set[str] = set()
    for site in launcher.module.calls:
        function = site.scope.function
        called = site.node.func
        if function is None or function.owner is not scope or not isinstance(called, ast.Attribute):
            continue
        name = called.attr
        if not isinstance(called.value, ast.Name) or called.value.id != receiver_name(function):
            continue
        if name not in names and name not in seen and not name.startswith("__"):
            if not _may_be_assigned(launcher, local, name) and not may_be_read_by_name(launcher, scope, name):
                seen.add(name)
                yield name, called


def _may_be_assigned(launcher: Launcher, local: list[Scope], name: str) -> bool:
    """Return whether some code assigns an attribute to an object that may be one of the class."""
    for store in launcher.program.attribute_stores(name):
        values = launcher.evaluator.values(store.target, store.scope)
        if not values or any(
            value.scope in local
            if isinstance(value, Instance | Class)
            else not isinstance(value, LibraryObject | Constant | Reference)
            for value in values
        ):
            return True
    return False


def _names(local: list[Scope]) -> set[str]:
    return {name for scope in local for name in scope.bindings}


def _is_abstract(launcher: Launcher, scope: Scope) -> bool:
    """Return whether a class is abstract: it has an abstract method or derives from ``ABC`` or ``Protocol``."""
    assert isinstance(scope.node, ast.ClassDef)
    if any(_is_abstract_in(scope, name) for name in scope.bindings):
        return True
    bases = [*scope.node.bases, *(k.value for k in scope.node.keywords if k.arg == "metaclass")]
    outside = scope.parent or scope
    return any(
        getattr(value, "name", "") in _ABSTRACT
        for node in bases
        for value in launcher.evaluator.values(node, outside)
    )


def _is_abstract_in(scope: Scope, name: str) -> bool:
    target = scope.bindings[name][-1].target
    return target is not None and _is_abstract_method(target)


def _is_abstract_method(scope: Scope) -> bool:
    if not isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return any(
        (d.attr if isinstance(d, ast.Attribute) else getattr(d, "id", ""))
        in ("abstractmethod", "abstractproperty")
        for d in scope.node.decorator_list
    )


def _is_derived_from(launcher: Launcher, scope: Scope) -> bool:
    return any(
        other is not scope and other.kind == "class" and scope in launcher.evaluator.ancestry(other)[0]
        for other in launcher.program.scopes
    )


def _incomplete(local: list[Scope], foreign: list[str]) -> Iterator[str]:
    """Yield the builder methods that a class without further base classes lacks if it has most of them."""
    if len(local) > 1 or any(name not in _PLAIN for name in foreign):
        return
    yield from left_out({name for scope in local for name in scope.bindings})


def left_out(own: set[str]) -> list[str]:
    """Return the builder methods that a class with these names lacks if it has most of them, else nothing."""
    has = [name for name in REQUIRED_METHODS if name in own]
    if len(has) >= 3 or (len(has) == 2 and _PREPARING.intersection(has) and _BUILDING.intersection(has)):
        return [name for name in REQUIRED_METHODS if name not in own]
    return []
