"""TRN422: a pipeline variable that is used as if it had a value.

They have no value before the pipeline runs, and a number is no string then. Source: sagemaker 2.257.7
``processing.py: _normalize_args`` (arguments are passed on as they are), ``workflow/entities.py: PipelineVariable``
(``__str__``, ``__add__``, ``__int__`` and ``__float__`` raise TypeError), and the code of estimators that inspects
string arguments (``image_uris.py``, ``estimator.py``, ``jumpstart/utils.py: is_jumpstart_model_uri``,
``pytorch/estimator.py``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.values import LibraryObject, Reference, Value
from flake8_training.finding import Severity
from flake8_training.launcher import Launcher, sdk_classes
from flake8_training.launcher.located_expressions import Argument, LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator, Job, Tuner
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem, at_argument, current, is_left_out
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.properties import PYTHON_MEMBERS


def _job_with_number(passed: str, mark: str = "") -> Example:
    """Return a processing job of a pipeline with a number among its arguments."""
    return Example(
        {
            "pipeline.py": f"""
                import sagemaker
                from sagemaker.sklearn.estimator import SKLearn
                from sagemaker.sklearn.processing import SKLearnProcessor
                from sagemaker.workflow.parameters import ParameterInteger
                from sagemaker.workflow.pipeline_context import PipelineSession

                folds = ParameterInteger(name="Folds", default_value=5)
                processor = SKLearnProcessor(
                    framework_version="1.2-1",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    sagemaker_session=PipelineSession(),
                )
                processor.run(code="split.py", arguments=["--folds", {passed}]){mark}
                SKLearn(
                    entry_point="train.py",
                    framework_version="1.2-1",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.m5.xlarge",
                    hyperparameters={{"folds": folds}},
                    sagemaker_session=PipelineSession(),
                )
            """
        }
    )


class VariableAsText(LauncherRule):
    """Reports pipeline variables in strings, paths and conversions."""

    code = "TRN422"
    severity = Severity.ERROR
    summary = "a pipeline variable is used as a plain string"
    why = """
        Parameters, properties of steps, `Join` and execution variables have no value before the pipeline runs. In an
        f-string or in `str()` they raise `TypeError: Pipeline variables do not support __str__ operation.` when the
        pipeline is defined. `+`, `int()` and `os.path.join()` raise `TypeError` as well.
    """
    fix = """
        Concatenate with `Join(on="/", values=[...])`, which runs in the pipeline. `.to_string()` converts a number
        there.
    """
    reported_when = (
        "a pipeline variable is in an f-string, a `+`, a `%` of a string, `.format()` or `.join()`",
        "a pipeline variable is the argument of `str()`, `int()` or `float()`",
        "a pipeline variable is the argument of a function of `os.path`, or of `pathlib.Path`",
        "an estimator of SDK v2 gets one as `base_job_name` or `code_location`",
        "a list or dict among the hyperparameters of a framework estimator, or the values of a tuner's "
        "`CategoricalParameter`, contain one",
        "a `ParameterInteger`, `ParameterFloat` or `ParameterBoolean` is an argument of a processing job, or the "
        "value of an environment variable: `Cannot assign property reference [Parameters.Folds] to argument of type "
        "[String]`",
        "one is the whole of the inputs of a job, instead of a value in a dict or in a `TrainingInput`",
        "a framework estimator gets one as `framework_version` without `image_uri`, or as `model_uri` or "
        "`source_dir` without `base_job_name`",
    )
    not_reported_when = (
        Condition(
            "the expression may also be an ordinary value",
            suppressed={
                'bucket = ParameterString(name="Bucket", default_value="churn-models")': (
                    "import sys\n"
                    "\n"
                    'bucket = ParameterString(name="Bucket", default_value="churn-models") if '
                    'sys.argv[1:] else "churn-models"'
                )
            },
            reported={
                "estimator = PyTorch": (
                    'import sys\n\nprint("bucket" if sys.argv[1:] else "churn-models")\nestimator = PyTorch'
                )
            },
        ),
        Condition(
            "a number is converted, or it is a hyperparameter, which the SDK converts",
            suppressed=_job_with_number("folds.to_string()"),
            reported=_job_with_number("folds", "  # TRN422"),
        ),
        Condition(
            "the attribute of a property is a string already, such as `.expr` or `.path`",
            suppressed={
                (
                    '    output_path=f"s3://{bucket}/models",  # TRN422\n'
                ): '    output_path=f"s3://{bucket.name}/models",\n'
            },
            reported={"estimator = PyTorch": "print(bucket.name)\nestimator = PyTorch"},
        ),
        Condition(
            "the estimator is an instance of a subclass that the project defines (arguments only)",
            suppressed={
                ('    output_path=f"s3://{bucket}/models",  # TRN422\n'): "    entry_note=bucket,\n",
                "estimator = PyTorch(": "class Ours(PyTorch):\n    pass\n\n\nestimator = Ours(",
            },
            reported={"estimator = PyTorch(": ("class Ours(PyTorch):\n    pass\n\n\nestimator = PyTorch(")},
        ),
        NOT_IN_TESTS,
    )
    bad = Example(
        {
            "pipeline.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch
                from sagemaker.workflow.functions import Join
                from sagemaker.workflow.parameters import ParameterString
                from sagemaker.workflow.pipeline_context import PipelineSession
                from sagemaker.workflow.steps import TrainingStep

                bucket = ParameterString(name="Bucket", default_value="churn-models")
                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                    output_path=f"s3://{bucket}/models",  # TRN422
                    sagemaker_session=PipelineSession(),
                )
                step = TrainingStep(name="Train", step_args=estimator.fit({"train": "s3://churn-data/train"}))
            """,
        }
    )
    good = Example(
        {
            "pipeline.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch
                from sagemaker.workflow.functions import Join
                from sagemaker.workflow.parameters import ParameterString
                from sagemaker.workflow.pipeline_context import PipelineSession
                from sagemaker.workflow.steps import TrainingStep

                bucket = ParameterString(name="Bucket", default_value="churn-models")
                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                    output_path=Join(on="/", values=["s3:/", bucket, "models"]),
                    sagemaker_session=PipelineSession(),
                )
                step = TrainingStep(name="Train", step_args=estimator.fit({"train": "s3://churn-data/train"}))
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-parameters.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each use as a string or number."""
        yield from variables_as_text(launcher)


_EXECUTION = (
    "sagemaker.workflow.execution_variables.ExecutionVariables.",
    "sagemaker.core.workflow.execution_variables.ExecutionVariables.",
)

_CONVERSIONS = {
    "builtins.str": "use .to_string()",
    "builtins.int": "it has no value yet",
    "builtins.float": "it has no value yet",
}

_PATHS = frozenset(
    {
        *(
            f"{module}.{name}"
            for module in ("os.path", "posixpath")
            for name in ("join", "dirname", "basename", "split", "splitext", "normpath", "abspath")
        ),
        *(f"pathlib.{name}" for name in ("Path", "PurePath", "PosixPath", "PurePosixPath")),
    }
)

"""Calls that accept paths: they raise for a value that is neither a string nor a path."""

_NUMBERS = ("ParameterInteger", "ParameterFloat", "ParameterBoolean")
"""Parameters that are no strings."""

_JOIN = "use Join"

_LOOKED_INTO = ("base_job_name", "code_location")

# Inspected only to derive the name of the job, if no name is passed.
_LOOKED_INTO_FOR_NAME = ("model_uri", "source_dir")


def variables_as_text(launcher: Launcher) -> Iterator[Problem]:
    """Yield the places that certainly convert a pipeline variable or put it into a string."""
    finder = _Finder(launcher)
    if not finder.has_variables:
        return
    module = launcher.module
    for kind in (ast.FormattedValue, ast.BinOp):
        for node, scope in module.of_kind.get(kind, ()):
            yield from finder.at(node, scope)
    for site in module.calls:
        yield from finder.at(site.node, site.scope)
    for estimator in current(launcher):
        if estimator.sdk == "v2" and estimator.local is None:
            yield from finder.arguments_of(estimator)
            if estimator.is_framework:
                for entry in estimator.hyperparameters:
                    yield from finder.encoded(entry, f"the hyperparameter {entry.name}")
    for tuner in launcher.tuners:
        if tuner.sdk == "v2" and tuner.estimators and all(one.is_framework for one in tuner.estimators):
            yield from finder.ranges_of(tuner)
    for job in launcher.jobs:
        if job.method in ("fit", "step") and not job.estimator.is_trainer:
            yield from finder.inputs_of(job)
    yield from finder.numbers()


class _Finder:
    def __init__(self, launcher: Launcher) -> None:
        self._launcher = launcher
        self._properties = {id(use.node): use for use in launcher.properties}

    @property
    def has_variables(self) -> bool:
        """Whether there may be pipeline variables: properties of steps, or imports of their classes.

        Most builders import the classes of steps and inputs, but none of variables.
        """
        return bool(self._properties) or sdk_classes.brings_variables(self._launcher.program)

    def at(self, node: ast.AST, scope: Scope) -> Iterator[Problem]:
        """Yield the problems of one node."""
        if isinstance(node, ast.FormattedValue):
            yield from self._used_as_string(node.value, scope, "an f-string", _JOIN)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sides = [side for side in (node.left, node.right) if self._name(side, scope)]
            for side in sides[:1]:
                yield from self._used_as_string(side, scope, "+", _JOIN)
        elif (
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and self._is_string(node.left, scope)
        ):
            for part in node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]:
                yield from self._used_as_string(part, scope, "%", _JOIN)
        elif isinstance(node, ast.Call):
            yield from self._call(node, scope)

    def arguments_of(self, estimator: Estimator) -> Iterator[Problem]:
        """Yield the arguments that an estimator of v2 inspects when the pipeline is defined."""
        names = list(_LOOKED_INTO)
        if is_left_out(estimator, "image_uri") and estimator.is_framework:
            names.append("framework_version")
        if is_left_out(estimator, "base_job_name"):
            names.extend(_LOOKED_INTO_FOR_NAME)
        for name in names:
            argument = estimator.get(name)
            if argument is None or name in estimator.overridden or not argument.certain:
                continue
            shown = self._name(argument.node, argument.expression.scope)
            if shown:
                detail = f"{shown} as {name}, which the SDK looks into when the pipeline is defined"
                yield at_argument(estimator, argument, detail)

    def encoded(self, entry: Argument, where: str) -> Iterator[Problem]:
        """Yield the variables in a list or dict that a framework's estimator writes as JSON."""
        for node, scope in self._members(entry):
            yield from self._used_as_string(
                node, scope, f"{where}, which the SDK writes as JSON", "it has no value yet"
            )

    def ranges_of(self, tuner: Tuner) -> Iterator[Problem]:
        """Yield the variables among the values of categories: the SDK writes each value as JSON."""
        for entry in tuner.ranges:
            for sdk_object in self._launcher.constructions_in(entry.expression):
                values = sdk_object.get("values") if sdk_object.name == "CategoricalParameter" else None
                if values is not None:
                    where = "CategoricalParameter"
                    yield from self.encoded(values, where)
                    yield from self._used_as_string(
                        values.node, values.expression.scope, where, "it has no value yet"
                    )

    def inputs_of(self, job: Job) -> Iterator[Problem]:
        """Yield a variable that is the whole of a job's inputs: the SDK takes it inside a dict or an input only."""
        arguments = [k.value for k in job.node.keywords if k.arg == "inputs"]
        if job.method == "fit":
            arguments = [*job.node.args[:1], *arguments]
        scope = self._launcher.scope_of(job.node)
        for node in arguments[:1]:
            yield from self._used_as_string(
                node, scope, "the inputs of the job", "pass a dict or a TrainingInput"
            )

    def numbers(self) -> Iterator[Problem]:
        """Yield the numbers among what a pipeline accepts as strings only: arguments of scripts and variables."""
        for job in self._launcher.processing_jobs:
            for word in job.words or ():
                yield from self._number(word, job.node, "the job's arguments")
            if job.processor is not None and job.processor.local is None:
                yield from self._numbers_in(job.processor.get("env"), job.processor.node)
        for estimator in self._launcher.estimators:
            if estimator.local is None:
                yield from self._numbers_in(estimator.get("environment"), estimator.node)

    def _numbers_in(self, argument: Argument | None, node: ast.AST) -> Iterator[Problem]:
        if argument is None or not argument.certain or argument.encoding:
            return
        for entry in self._launcher.reader.entries(argument.expression):
            if entry.certain and not entry.encoding:
                yield from self._number(entry.expression, node, f"the environment variable {entry.name}")

    def _number(self, expression: LocatedExpression, call: ast.AST, where: str) -> Iterator[Problem]:
        """Yield an expression that is certainly a number of the pipeline."""
        values = expression.values
        if not values or not all(_is_variable(one) and _is_number(one) for one in values):
            return
        at = self._launcher.own(expression.node, call)
        shown = (
            f"the number {ast.unparse(expression.node)}"
            if isinstance(expression.node, ast.Name)
            else "a number"
        )
        yield Problem(at, f"{shown} in {where}; use .to_string()", call)

    def _members(self, entry: Argument) -> Iterator[tuple[ast.expr, Scope]]:
        """Yield the elements of the lists, and the values of the dicts, that an argument can be."""
        if entry.encoding:
            return
        for value in entry.expression.values:
            for element in self._launcher.elements(value) or ():
                yield element.node, element.scope
        for inner in self._launcher.reader.entries(entry.expression):
            if not inner.encoding:
                yield inner.node, inner.expression.scope

    def _call(self, node: ast.Call, scope: Scope) -> Iterator[Problem]:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            if self._is_string(node.func.value, scope):
                for argument in (*node.args, *(k.value for k in node.keywords)):
                    yield from self._used_as_string(argument, scope, ".format()", _JOIN)
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "join" and len(node.args) == 1:
            parts = node.args[0]
            if isinstance(parts, ast.List | ast.Tuple) and self._is_string(node.func.value, scope):
                for part in parts.elts:
                    yield from self._used_as_string(part, scope, ".join()", _JOIN)
            else:
                yield from self._path(node, scope)
        elif isinstance(node.func, ast.Attribute) or len(node.args) > 1:
            yield from self._path(node, scope)
        elif isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords:
            for name in self._launcher.evaluator.names(node, scope):
                if name in _CONVERSIONS:
                    yield from self._used_as_string(
                        node.args[0], scope, f"{node.func.id}()", _CONVERSIONS[name]
                    )
                elif name in _PATHS:
                    yield from self._path(node, scope)

    def _path(self, node: ast.Call, scope: Scope) -> Iterator[Problem]:
        if node.args and any(name in _PATHS for name in self._launcher.evaluator.names(node, scope)):
            for argument in node.args:
                yield from self._used_as_string(argument, scope, f"{ast.unparse(node.func)}()", _JOIN)

    def _used_as_string(self, node: ast.expr, scope: Scope, where: str, instead: str) -> Iterator[Problem]:
        name = self._name(node, scope)
        if name:
            yield Problem(node, f"{name} in {where}; {instead}", node)

    def _name(self, node: ast.expr, scope: Scope) -> str:
        """Return the description of a pipeline variable for a message; "" for any other expression."""
        if id(node) in self._properties:
            return self._name_of_property(node)
        if not isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
            return ""
        values = self._launcher.evaluator.values(node, scope)
        if not self._is_property(node, scope) and not (values and all(map(_is_variable, values))):
            return ""
        return (
            f"the pipeline variable {ast.unparse(node)}"
            if not isinstance(node, ast.Call)
            else "a pipeline variable"
        )

    def _is_property(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether a name is bound to a property of a step and to nothing else."""
        found = scope.lookup(node.id) if isinstance(node, ast.Name) else None
        if found is None or not isinstance(node, ast.Name):
            return False
        owner, bindings = found
        reaching = self._launcher.evaluator.order(scope.module).reaching(bindings, owner, node, scope)
        return bool(reaching) and all(
            binding.value is not None and not binding.steps and self._name_of_property(binding.value)
            for binding in reaching
        )

    def _name_of_property(self, node: ast.expr) -> str:
        """Return the description of a step's property; "" for a string member and for any other expression."""
        use = self._properties.get(id(node))
        last = use.path[-1] if use is not None and use.path else None
        is_text = isinstance(last, ast.Attribute) and last.attr in PYTHON_MEMBERS
        return "" if use is None or is_text else f"the property {ast.unparse(node)}"

    def _is_string(self, node: ast.expr, scope: Scope) -> bool:
        expression = self._launcher.reader.expression(node, scope)
        return isinstance(node, ast.JoinedStr) or any(
            isinstance(value, str) for value in expression.constants
        )


def _is_number(value: Value) -> bool:
    return isinstance(value, LibraryObject) and value.name.removesuffix("()").endswith(_NUMBERS)


def _is_variable(value: Value) -> bool:
    if isinstance(value, Reference):
        return value.name.startswith(_EXECUTION)
    return (
        isinstance(value, LibraryObject)
        and value.site is not None
        and sdk_classes.is_variable(value.name.removesuffix("()"))
    )
