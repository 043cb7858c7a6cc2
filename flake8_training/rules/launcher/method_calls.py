"""Calls of methods of SDK objects whose signatures are known."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from flake8_training.launcher.argument_names import meant_argument
from flake8_training.launcher.located_expressions import Arguments
from flake8_training.launcher.sdk_objects import LauncherInterface, SdkObject
from flake8_training.record import Record
from flake8_training.rules.launcher.problem import Problem
from flake8_training.sagemaker.signatures import Signature, signature
from flake8_training.spelling import did_you_mean


class MethodCall(Record, slots=False):
    """A call of a method of one object."""

    receiver: SdkObject
    method: str
    node: ast.Call
    signature: Signature
    arguments: Arguments

    def unknown(self, summary: str) -> Iterator[Problem]:
        """Yield the keywords that the method does not have: SDK v3 gets new ones, so those need a resemblance."""
        taken = self.signature
        for argument in self.arguments:
            if argument.name in taken.known or argument.name in taken.renamed or not argument.certain:
                continue
            intended = meant_argument(argument.name, taken.known)
            if intended is None and (taken.sdk != "v2" or taken.accepts_any):
                continue
            hint = did_you_mean(intended)
            launcher = self.receiver.launcher
            at = argument.at if argument.expression.scope.module is launcher.module else self.node
            detail = f"{self.method}() of {self.receiver.name} has no {argument.name}{hint}"
            yield Problem(at, detail, self.node, summary=summary)


def method_calls(launcher: LauncherInterface, methods: Iterable[str]) -> Iterator[MethodCall]:
    """Yield the calls of these methods whose receiver is certainly one object of a known class."""
    for method in methods:
        for site in launcher.module.calls_by_name.get(method, ()):
            if not isinstance(site.node.func, ast.Attribute):
                continue
            receiver = launcher.reader.expression(site.node.func.value, site.scope)
            found = launcher.constructions_in(receiver)
            if len(found) != 1 or len(receiver.values) != 1 or found[0].local is not None:
                continue
            taken = signature(f"{found[0].class_name}.{method}")
            if taken is not None:
                arguments = launcher.reader.call(site.node, site.scope, None, taken)
                yield MethodCall(found[0], method, site.node, taken, arguments)
