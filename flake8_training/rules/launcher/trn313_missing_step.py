"""TRN313: a step depends on, or is conditioned by, a step that the pipeline does not have; or does not wait for one.

Source: sagemaker 2.257.7 ``workflow/_steps_compiler.py`` (``_simplify_step_list``, ``_generate_step_map``), and the
same of sagemaker-mlops 1.27.0. A step that ``depends_on`` or a property passes as an object is added to the pipeline.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from flake8_training.engine.values.values import Constant, LibraryObject, Value
from flake8_training.finding import Severity
from flake8_training.fix import Fix, renamed
from flake8_training.launcher import Launcher, sdk_classes
from flake8_training.launcher.located_expressions import Argument, LocatedExpression
from flake8_training.launcher.pipelines import (
    BRANCHES,
    Pipeline,
    PipelineStep,
    added_dependencies,
    elements_of,
    name_of_step,
    parameter_of,
    step_of,
)
from flake8_training.ledger import Reason, note_unknown
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.launcher.step_order import ORDER, unordered_steps
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import closest, did_you_mean, only_closest

_PIPELINE = """
    import sagemaker
    from sagemaker.inputs import TrainingInput
    from sagemaker.pytorch import PyTorch
    from sagemaker.sklearn.processing import SKLearnProcessor
    from sagemaker.workflow.pipeline import Pipeline
    from sagemaker.workflow.pipeline_context import PipelineSession
    from sagemaker.workflow.steps import ProcessingStep, TrainingStep
    {start}
    session = PipelineSession()
    role = sagemaker.get_execution_role()
    processor = SKLearnProcessor(
        framework_version="1.2-1",
        role=role,
        instance_type="ml.m5.xlarge",
        instance_count=1,
        sagemaker_session=session,
    )
    estimator = PyTorch(
        entry_point="train.py",
        framework_version="2.1",
        py_version="py310",
        role=role,
        instance_type="ml.g5.xlarge",
        instance_count=1,
        sagemaker_session=session,
    )
    clean = ProcessingStep(name="Clean", step_args=processor.run(code="clean.py"))
    train = TrainingStep(
        name="Train",
        step_args=estimator.fit({{"train": TrainingInput("s3://churn-data/clean")}}),
        depends_on=[{wanted}],{marker}
    )
    pipeline = Pipeline(name="churn", steps={steps}, sagemaker_session=session)
    {end}
"""
_FUNCTION = """from sagemaker.workflow.function_step import step
    {decorator}
    def forest():
        return SKLearnProcessor(framework_version="1.2-1")
"""
_OTHER = 'forests = Pipeline(name="forests", steps=[forest()])'
_MODEL = """from churn import made
    from sagemaker.workflow.model_step import ModelStep
    model = ModelStep(name="Model", step_args=made())"""


def _pipeline(
    wanted: str, marker: str = "", *, steps: str = "[clean, train]", start: str = "", end: str = ""
) -> Example:
    """Return a pipeline whose training step depends on another step."""
    text = _PIPELINE.format(wanted=wanted, marker=marker, steps=steps, start=start, end=end)
    return Example({"pipeline.py": text})


def _reading(argument: str, marker: str = "") -> Example:
    """Return a pipeline whose training step reads the URI to which the other step writes."""
    (text,) = _pipeline('"Clean"').files.values()
    text = text.replace(
        'code="clean.py"',
        'code="clean.py", outputs=[ProcessingOutput(source="/opt/ml/processing/a",'
        ' destination="s3://churn-data/clean")]',
    )
    text = text.replace(
        "from sagemaker.sklearn", "from sagemaker.processing import ProcessingOutput\nfrom sagemaker.sklearn"
    )
    text = text.replace('clean")}),', f'clean")}}),{marker}').replace('depends_on=["Clean"]', argument)
    return Example({"pipeline.py": text})


class MissingStep(LauncherRule):
    """Reports names of steps that a pipeline does not list, and lists of steps with something else in them."""

    code = "TRN313"
    severity = Severity.ERROR
    summary = "the pipeline lacks the step"
    other_summaries = (ORDER,)
    why = """
        The SDK looks up the names in `depends_on` and in `JsonGet` among the steps of the pipeline when it writes the
        definition. A name that is not there raises `ValueError: The input steps do not contain the step of name:
        Preproces`. Anything but a step in a list of steps raises `AttributeError` or `ValueError: Invalid input step
        type`, and a step where a list is expected raises `TypeError`. All of this needs credentials and a session to
        appear. Steps without a dependency run at once: a step that reads the S3 URI of another step's output fails in
        the first execution, and reads the data of an earlier one in the next.
    """
    fix = """
        Pass the property of the other step's output instead of its URI, or list that step in `depends_on`. Use the name
        of the step, or pass the step itself. List the step in `steps` of the pipeline, or in `if_steps` or
        `else_steps` of a condition.
    """
    fixable = "uses the only step with a near name"
    reported_when = (
        "`depends_on` of a step, or `add_depends_on()`, contains a name that no step of its pipeline has",
        "`JsonGet` in a condition or in an argument of a step names a step that the pipeline does not list",
        "`steps`, `if_steps`, `else_steps` or `depends_on` is a step instead of a list, or contains an estimator, a "
        "processor, the result of `fit()` or `run()`, a parameter, None, or, except for `depends_on`, a string",
        "`depends_on` is a string instead of a list",
        "a `TrainingInput` or `ProcessingInput` of a step has the S3 URI of a `ProcessingOutput` of another step, or "
        "one below it, and the step has no property of the other one and waits for it neither by itself nor through "
        "others",
    )
    not_reported_when = (
        Condition(
            "`depends_on` passes the step itself, because the SDK adds it to the pipeline",
            suppressed=_pipeline("clean", steps="[train]"),
            reported=_pipeline("clean.name", "  # TRN313", steps="[train]"),
        ),
        Condition(
            "a step of the list, its name or the name in `depends_on` is unknown",
            suppressed=_pipeline('"Tidy"', steps="[clean, train, *MORE]", start="from churn import MORE"),
            reported=_pipeline(
                '"Tidy"', "  # TRN313", steps="[clean, train]", start="from churn import MORE"
            ),
        ),
        Condition(
            "the program reads `pipeline.steps`, which it may extend",
            suppressed=_pipeline('"Tidy"', end="pipeline.steps.append(MORE)", start="from churn import MORE"),
            reported=_pipeline(
                '"Tidy"', "  # TRN313", end="train.steps.append(MORE)", start="from churn import MORE"
            ),
        ),
        Condition(
            "the name begins with that of a collection such as `ModelStep`, which names its steps itself",
            suppressed=_pipeline('"Model-CreateModel"', steps="[model, train]", start=_MODEL),
            reported=_pipeline(
                '"Clean-CreateModel"', "  # TRN313", steps="[clean, model, train]", start=_MODEL
            ),
        ),
        Condition(
            "a decorated function returns the value, such as one of `@step`, which returns a step instead",
            suppressed=_pipeline('"Clean"', start=_FUNCTION.format(decorator="@step"), end=_OTHER),
            reported=_pipeline('"Clean"', start=_FUNCTION.format(decorator=""), end=f"{_OTHER}  # TRN313"),
        ),
        Condition(
            "the step waits for the step that writes its input",
            suppressed=_reading("depends_on=[clean]"),
            reported=_reading("display_name='depends_on'", "  # TRN313"),
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "the pipeline is constructed in another file than its steps",
        "the URI of an input is a plain string, or has a part such as `self.bucket`",
        "a step in a branch of a condition reads the output",
    )
    bad = _pipeline('"Claen"', "  # TRN313")
    good = _pipeline('"Clean"')
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each name without a step, and for each step that is none."""
        found = [problem for pipeline in launcher.pipelines for problem in _of_pipeline(launcher, pipeline)]
        found += [
            problem for pipeline in launcher.pipelines for problem in unordered_steps(launcher, pipeline)
        ]
        yield from {id(problem.report_at): problem for problem in found}.values()


def _of_pipeline(launcher: Launcher, pipeline: Pipeline) -> Iterator[Problem]:
    argument = pipeline.sdk_object.get("steps")
    if argument is not None:
        yield from _no_list(launcher, argument, "steps", pipeline.sdk_object.node)
    yield from _no_steps(launcher, pipeline.listed or (), "steps", pipeline.sdk_object.node)
    for value in pipeline.parts:
        step = step_of(launcher, value)
        if step is not None:
            yield from _of_step(launcher, pipeline, step)
        elif value.name.endswith(".JsonGet()"):
            yield from _of_json(launcher, pipeline, value)
    yield from _added(launcher, pipeline)


def _added(launcher: Launcher, pipeline: Pipeline) -> Iterator[Problem]:
    """Yield the problems of ``add_depends_on``, called on a step of the pipeline."""
    for added in added_dependencies(launcher):
        step = step_of(launcher, added.receivers[0]) if len(added.receivers) == 1 else None
        if step is None or all(one.node is not step.node for one in pipeline.steps or ()):
            continue
        argument = added.argument
        if argument is not None and argument.certain:
            yield from _no_list(launcher, argument, "add_depends_on()", added.node)
            for element in elements_of(launcher, argument) or ():
                yield from _missing(launcher, pipeline, step, element)


def _of_step(launcher: Launcher, pipeline: Pipeline, step: PipelineStep) -> Iterator[Problem]:
    for name in (*BRANCHES, "depends_on"):
        argument = step.arguments.only(name)
        if argument is None or not argument.certain or argument.replaceable:
            continue
        yield from _no_list(launcher, argument, name, step.node)
        elements = elements_of(launcher, argument) or ()
        yield from _no_steps(launcher, elements, name, step.node)
        for element in elements if name == "depends_on" else ():
            yield from _missing(launcher, pipeline, step, element)


def _missing(
    launcher: Launcher, pipeline: Pipeline, step: PipelineStep, element: LocatedExpression
) -> Iterator[Problem]:
    wanted = name_of_step(launcher, element)
    if wanted is not None and pipeline.has(wanted) is None:
        note_unknown(Reason.MAPPING, element.node, what=wanted, weak=True)
    if wanted is not None and pipeline.has(wanted) is False:
        holder = f"{step.kind} {step.name}" if step.name else f"a {step.kind}"
        detail = f"{holder} depends on {wanted}{_hint(pipeline, wanted)}"
        at = launcher.own(element.node, step.node)
        yield Problem(at, detail, step.node, fix=_fix(pipeline, at, wanted))


def _of_json(launcher: Launcher, pipeline: Pipeline, value: LibraryObject) -> Iterator[Problem]:
    assert value.site is not None
    node = value.site.node
    arguments = launcher.reader.arguments(node, value.site.scope, value.frame, ("step_name",))
    argument = arguments.only("step_name")
    wanted = name_of_step(launcher, argument.expression) if argument is not None else None
    if argument is None or wanted is None or "step" in arguments or pipeline.has(wanted) is not False:
        return
    detail = f"JsonGet reads a file of {wanted}{_hint(pipeline, wanted)}"
    at = launcher.own(argument.node, node)
    yield Problem(at, detail, node, fix=_fix(pipeline, at, wanted))


def _fix(pipeline: Pipeline, at: ast.AST, wanted: str) -> Fix | None:
    """Return the fix that names the only step with a near name."""
    near = only_closest(wanted, [step.name for step in pipeline.steps or () if step.name is not None])
    return renamed(at, wanted, near) if near is not None else None


def _hint(pipeline: Pipeline, wanted: str) -> str:
    names = [step.name for step in pipeline.steps or () if step.name is not None]
    near = closest(wanted, names)
    return did_you_mean(near) if near else f", the pipeline has {', '.join(names) or 'no steps'}"


def _no_list(launcher: Launcher, argument: Argument, name: str, call: ast.Call) -> Iterator[Problem]:
    """Yield a problem if a step or a string is passed instead of a list."""
    values = argument.values
    if len(values) != 1:
        return
    if step_of(launcher, values[0]) is not None:
        detail = f"{name} is a step, pass a list of steps"
    elif isinstance(values[0], Constant) and isinstance(values[0].value, str) and len(values[0].value) > 1:
        # The SDK goes through the string's letters: one letter may be the name of a step.
        detail = f"{name} is a string, pass a list of steps"
    else:
        return
    yield Problem(launcher.own(argument.node, call), detail, call)


def _no_steps(
    launcher: Launcher, elements: Iterable[LocatedExpression], name: str, call: ast.Call
) -> Iterator[Problem]:
    """Yield a problem for each element of a list of steps that certainly is no step."""
    for element in elements:
        if any(isinstance(value, Constant) for value in element.values) and not isinstance(
            element.node, ast.Constant
        ):
            continue  # a function that ``@step`` decorates returns a step, whatever its body returns
        kinds = [_other_than_step(launcher, value, name) for value in element.values]
        if kinds and all(kinds):
            yield Problem(launcher.own(element.node, call), f"{kinds[0]} in {name} is no step", call)


_STARTERS = {"fit": "the result of fit()", "run": "the result of run()", "train": "the result of train()"}


def _other_than_step(launcher: Launcher, value: Value, name: str) -> str:
    """Return what a value is if it certainly is no step, else an empty string."""
    if isinstance(value, Constant):
        if not isinstance(value.value, str):
            return repr(value.value) if value.value is None or isinstance(value.value, int) else ""
        return "" if name == "depends_on" else f"the string {value.value!r}"
    if not isinstance(value, LibraryObject) or value.site is None or _is_in_decorated(value):
        return ""
    if parameter_of(launcher, value) is not None:
        return "a parameter"
    class_name = value.name.removesuffix("()")
    owner, _, method = class_name.rpartition("().")
    if owner:
        return _STARTERS.get(method, "") if owner.startswith("sagemaker.") and "()" not in owner else ""
    known = sdk_classes.known_class(class_name)
    if known is None:
        return ""
    is_job = sdk_classes.is_estimator(known) or sdk_classes.is_trainer(known) or known in sdk_classes.TUNERS
    short = known.rpartition(".")[2]
    return f"the {short}" if is_job or short.endswith("Processor") else ""


def _is_in_decorated(value: LibraryObject) -> bool:
    """Return whether a decorated function constructs a value: ``@step`` returns a step instead of it."""
    function = value.site.scope.function if value.site is not None else None
    node = function.node if function is not None else None
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and bool(node.decorator_list)
