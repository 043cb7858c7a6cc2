"""Arguments that a class or method of the SDKs does not accept."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.values.values import LibraryObject
from flake8_training.finding import Severity
from flake8_training.launcher.argument_names import meant_argument
from flake8_training.launcher.located_expressions import Argument
from flake8_training.launcher.sdk_classes import ESTIMATOR_BASE
from flake8_training.launcher.sdk_objects import SdkObject
from flake8_training.record import replace
from flake8_training.rules.launcher.problem import Problem, at_argument
from flake8_training.sagemaker.signatures import Signature, signature, subclasses
from flake8_training.spelling import did_you_mean

_ALWAYS_SO: dict[str, object] = {"script_mode": True}
"""Arguments that SDK v1 needed and v2 always implies (``cli/compatibility/v2/modifiers/deprecated_params.py``)."""

_SESSIONS = frozenset({"sagemaker.Session()", "sagemaker.session.Session()"})

_FORMER = {
    "ModelTrainer": "sagemaker.estimator.Framework",
    "HyperparameterTuner": "sagemaker.tuner.HyperparameterTuner",
}
"""Classes of SDK v3 with the classes of v2 that they replace."""


def unknown_arguments_of(
    sdk_object: SdkObject, *, raising: bool, summary: str = "", repeated: Severity | None = None
) -> Iterator[Problem]:
    """Yield the arguments that an object's class does not accept.

    ``raising``: also those of a class of SDK v2 that raises ``TypeError`` and that resemble no argument. SDK v2 gets no
    new arguments; v3 does, and its table ages. ``repeated``: the severity if the job has the value nevertheless.
    """
    taken = sdk_object.signature
    if taken is None:
        return
    for argument in sdk_object.arguments:
        if argument.name in taken.known or argument.name in taken.renamed:
            continue
        if argument.name in _ALWAYS_SO and argument.constant == _ALWAYS_SO[argument.name]:
            continue
        intended = meant_argument(argument.name, taken.known)
        if intended is not None:
            intended = taken.renamed.get(intended, intended)
            found = _misspelt(sdk_object, argument, intended, taken, repeated)
            yield replace(found, summary=summary)
        elif taken.sdk == "v2" and taken.accepts_any:
            found = at_argument(sdk_object, argument, f"{sdk_object.name}() ignores {argument.name}", summary)
            yield replace(found, severity=repeated) if _loses_nothing(sdk_object, argument) else found
        elif taken.sdk == "v3" and argument.certain and argument.name in _of_v2(sdk_object):
            yield at_argument(sdk_object, argument, _of_other_sdk(sdk_object, argument.name), summary)
        elif taken.sdk == "v2" and raising and argument.certain and not taken.open_ended:
            yield at_argument(sdk_object, argument, f"{sdk_object.name} has no {argument.name}", summary)


def _of_v2(sdk_object: SdkObject) -> frozenset[str]:
    """Return the arguments of the class of SDK v2 that a class of v3 replaces: v3 has given them up."""
    former = _FORMER.get(sdk_object.name)
    taken = signature(former) if former is not None else None
    return taken.known if taken is not None else frozenset()


def _of_other_sdk(sdk_object: SdkObject, name: str) -> str:
    """Return the message for an argument of SDK v2, with the method that replaces it, if there is one."""
    method = f"with_{name}"
    hint = (
        f"call {method}()" if signature(f"{sdk_object.class_name}.{method}") is not None else "SDK v2 has it"
    )
    return f"{sdk_object.name} has no {name}: {hint}"


def _misspelt(
    sdk_object: SdkObject, argument: Argument, intended: str, taken: Signature, repeated: Severity | None
) -> Problem:
    """Return the problem of an argument whose right name is known; a second one of the same value loses nothing."""
    right = sdk_object.get(intended)
    if right is None or (taken.sdk == "v2" and not taken.accepts_any):
        detail = f"{sdk_object.name} has no {argument.name}{did_you_mean(intended)}"
        found = at_argument(sdk_object, argument, detail, meant=intended if right is None else None)
        ignored = taken.sdk == "v2" and taken.accepts_any
        return replace(found, severity=repeated) if ignored and _is_default(argument, intended) else found
    detail = f"{sdk_object.name}() ignores {argument.name}; {intended} is passed as well"
    same = ast.dump(right.expression.node) == ast.dump(argument.expression.node) or (
        bool(right.expression.constants) and right.expression.constants == argument.expression.constants
    )
    found = at_argument(sdk_object, argument, detail)
    return replace(found, severity=repeated) if same else found


def _is_default(argument: Argument, intended: str) -> bool:
    """Return whether an argument has the value that the class uses without it: a session with the defaults."""
    return intended == "sagemaker_session" and all(
        isinstance(value, LibraryObject)
        and value.name in _SESSIONS
        and value.site is not None
        and not value.site.node.args
        and not value.site.node.keywords
        for value in argument.values
    )


def _loses_nothing(sdk_object: SdkObject, argument: Argument) -> bool:
    """Return whether the job is as if SDK v2 took an argument that it ignores.

    Another argument of the call has the value, the session is constructed with it (``region_name``), or it switches off
    what only another estimator does (``model_dir=False``).
    """
    value = argument.constant
    if value is False or argument.expression.is_none:
        return any(argument.name in taken.known for taken in subclasses(ESTIMATOR_BASE))
    written = ast.dump(argument.expression.node)
    for other in sdk_object.arguments:
        if other is argument:
            continue
        if ast.dump(other.expression.node) == written and not isinstance(value, bool | int | float):
            return True
        if isinstance(value, str) and value == other.constant:
            return True
        if other.name == "sagemaker_session" and isinstance(value, str):
            sites = [one.site for one in other.values if isinstance(one, LibraryObject)]
            words = [
                keyword
                for site in sites
                if site is not None
                for keyword in ast.walk(site.node)
                if isinstance(keyword, ast.keyword) and keyword.arg == argument.name
            ]
            if any(isinstance(one.value, ast.Constant) and one.value.value == value for one in words):
                return True
    return False
