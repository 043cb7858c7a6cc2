"""The ``step_args`` of pipeline steps: the result of a method of an object with a ``PipelineSession``.

Source: sagemaker 2.257.7 ``workflow/pipeline_context.py: runnable_by_pipeline`` (with any other session the method
starts the job) and ``workflow/utilities.py: validate_step_args_input`` (TypeError for anything else).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.values.values import Collection, Constant, LibraryObject, Value
from flake8_training.launcher import sdk_classes
from flake8_training.launcher.sdk_objects import SdkObject
from flake8_training.rules.launcher.problem import Problem, at_argument, at_call, is_left_out

_PLAIN_SESSIONS = frozenset(
    {
        "sagemaker.Session()",
        "sagemaker.session.Session()",
        "sagemaker.core.helper.session_helper.Session()",
    }
)


def without_pipeline_session(
    step: SdkObject, method: str, kind: type[SdkObject] = SdkObject, summary: str = ""
) -> Iterator[Problem]:
    """Yield the objects of a kind whose ``method`` should return the step's arguments but starts a job."""
    launcher, argument = step.launcher, step.get("step_args")
    for value in argument.expression.values if argument is not None else ():
        site = value.site if isinstance(value, LibraryObject) else None
        if site is None or not isinstance(site.node.func, ast.Attribute) or site.node.func.attr != method:
            continue
        started = launcher.constructions_in(launcher.reader.expression(site.node.func.value, site.scope))
        for one in started:
            if not isinstance(one, kind) or one.local is not None or len(started) > 1:
                continue
            session = one.get("sagemaker_session")
            detail = f"{one.name} of a step without sagemaker_session=PipelineSession()"
            if session is None or session.expression.is_none:
                if is_left_out(one, "sagemaker_session"):
                    yield at_call(one, detail, summary)
            elif all(
                isinstance(v, LibraryObject) and v.name in _PLAIN_SESSIONS for v in session.expression.values
            ):
                if session.expression.values and "sagemaker_session" not in one.overridden:
                    detail = f"{detail}: with this one, {method}() starts a job"
                    yield at_argument(one, session, detail, summary)


_STARTING = frozenset({"fit", "run", "transform", "create", "register", "train"})
"""Methods that return the arguments of a step, each of another kind of step."""


def foreign_step_args(step: SdkObject, *methods: str) -> Iterator[Problem]:
    """Yield ``step_args`` that is certainly no result of one of ``methods``."""
    argument = step.get("step_args")
    if argument is None or not argument.certain or argument.replaceable or "step_args" in step.overridden:
        return
    values = argument.expression.values
    found = [_foreign(value, methods) for value in values]
    if found and all(found):
        wanted = " or ".join(f"{method}()" for method in methods)
        yield at_argument(
            step, argument, f"step_args of {step.name} is {found[0]}, not the result of {wanted}"
        )


def _foreign(value: Value, methods: tuple[str, ...]) -> str:
    """Return what a value is if it is certainly no result of one of the methods; else an empty string."""
    if isinstance(value, Constant):
        return "" if value.value is None else "a constant"
    if isinstance(value, Collection):
        return "a dict or list"
    if not isinstance(value, LibraryObject):
        return ""
    owner, _, method = value.name.removesuffix("()").rpartition("().")
    if not owner:
        known = sdk_classes.known_class(value.name.removesuffix("()"))
        return f"a {known.rpartition('.')[2]}" if known is not None else ""
    if sdk_classes.known_class(owner) is None or method not in _STARTING or method in methods:
        return ""
    return f"the result of {method}()"
