"""The analysis of one program: its calls, options and environment variables."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TypeVar, cast

from flake8_training.engine.flow.calls import Call, Calls
from flake8_training.engine.flow.container_paths import ContainerPath, PathKind
from flake8_training.engine.flow.dataflow import Flow, arguments
from flake8_training.engine.flow.reachability import Reach
from flake8_training.engine.inputs.environment import Environment
from flake8_training.engine.inputs.options import Option, Options
from flake8_training.engine.syntax.nodes import walk
from flake8_training.engine.syntax.program import Program
from flake8_training.engine.syntax.scopes import CallSite, Scope
from flake8_training.engine.values.evaluator import Evaluator
from flake8_training.libraries.rows import Evaluates, Predicts, Trains

Fact = TypeVar("Fact")


class Analysis:
    """One program, analysed on demand."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._calls_below: dict[ast.AST, list[Call]] = {}
        self._facts: dict[Callable[[Analysis], object], object] = {}

    @cached_property
    def evaluator(self) -> Evaluator:
        """The evaluator of the program, which also knows its options."""
        evaluator = Evaluator(self.program)
        Options(evaluator)
        return evaluator

    def close(self) -> None:
        """Release the facts and the program."""
        evaluator = self.__dict__.get("evaluator")
        if evaluator is not None:
            evaluator.close()
        self.program.close()
        self.__dict__.clear()

    @property
    def options(self) -> Options:
        """The command-line options."""
        options = self.evaluator.options
        assert isinstance(options, Options)
        return options

    @cached_property
    def flow(self) -> Flow:
        """The data flow: the container paths and call results that can reach an expression."""
        return Flow(self.evaluator)

    @cached_property
    def flow_of_objects(self) -> Flow:
        """The data flow that ends where something is predicted or measured: a model does not flow into a metric."""
        return Flow(self.evaluator, self._measures)

    def _measures(self, node: ast.Call) -> bool:
        call = self.by_node.get(node)
        return call is not None and not call.has(Trains) and (call.has(Predicts) or call.has(Evaluates))

    @cached_property
    def reach(self) -> Reach:
        """The scopes and call sites that can run."""
        return Reach(self.evaluator)

    @cached_property
    def is_dynamic(self) -> bool:
        """Whether code that can run calls exec, eval, globals() or the like, so that any name is possible."""
        return any(self.reach.runs(site) for site in self.program.dynamic_sites)

    @cached_property
    def calls(self) -> Calls:
        """The calls that can run."""
        return Calls(self.evaluator, self.flow, self.reach)

    @cached_property
    def hands_over(self) -> bool:
        """Whether the program starts another program that inherits its environment."""
        from flake8_training.engine.flow.subprocesses import inherits_environment, may_start

        if not may_start(self.program):
            return False
        return any(inherits_environment(self.evaluator, call.names, call.site) for call in self.calls.all)

    @cached_property
    def environment(self) -> Environment:
        """The environment variables."""
        return Environment(self.evaluator)

    @cached_property
    def by_node(self) -> dict[ast.Call, Call]:
        """The calls that can run, by node."""
        return {call.node: call for call in self.calls.all}

    @cached_property
    def live_options(self) -> list[Option]:
        """The options whose declaration can run."""
        live = {id(call.node) for call in self.calls.all}
        return [
            o
            for o in self.options.all
            if o.source not in ("argparse", "absl") or id(o.node) in live or not isinstance(o.node, ast.Call)
        ]

    def fact(self, read: Callable[[Analysis], Fact]) -> Fact:
        """Return what a function reads from the program; it is called once."""
        if read not in self._facts:
            self._facts[read] = read(self)
        return cast("Fact", self._facts[read])

    # -- queries over the code that can run

    def live_calls(self, *names: str) -> Iterator[CallSite]:
        """Yield the calls that can run and whose last name is one of ``names``; without a name, every such call."""
        return (site for site in self.program.all_calls(*names) if self.reach.runs(site))

    def live_attribute_loads(self, *names: str) -> Iterator[tuple[ast.Attribute, Scope]]:
        """Yield the reads of attributes with these names, with their scopes; without a name, every read."""
        loads = self.program.attribute_loads(*names)
        return ((node, scope) for node, scope in loads if self.reach.scope_runs(scope))

    @property
    def live_scopes(self) -> Iterator[Scope]:
        """Every scope whose body can run."""
        return filter(self.reach.scope_runs, self.program.scopes)

    @property
    def live_strings(self) -> Iterator[ast.Constant]:
        """Every literal string that can run, docstrings included."""
        texts = (found for module in self.program.modules.values() for found in module.texts)
        return (node for node, scope in texts if self.reach.scope_runs(scope))

    @property
    def live_nodes(self) -> Iterator[tuple[ast.AST, Scope]]:
        """Every node that can run, with its scope, in the order of the source."""
        return (found for module in self.program.modules.values() for found in self.reach.nodes(module))

    def roots(self, call: Call, node: ast.expr) -> list[ContainerPath]:
        """Return the container paths that flow into an argument of a call."""
        return [o for o in self.calls.origins(call, node) if isinstance(o, ContainerPath)]

    def reaches(self, call: Call, root: PathKind) -> bool:
        """Return whether a path under ``root`` flows into any argument of a call."""
        return any(p.root is root for argument in arguments(call.node) for p in self.roots(call, argument))

    def inside(self, node: ast.AST, seen: set[Scope] | None = None) -> list[Call]:
        """Return the calls that can run below a node, and those in the program's functions that they reach."""
        seen = set() if seen is None else seen
        found: list[Call] = []
        todo = [iter(self._below(node))]  # of the functions on the way, the innermost last
        while todo:
            call = next(todo[-1], None)
            if call is None:
                todo.pop()
                continue
            found.append(call)
            if call.local:
                for scope in reversed(self.targets(call)):
                    if scope not in seen:
                        seen.add(scope)
                        todo.append(iter(self._below(scope.node)))
        return found

    def _below(self, node: ast.AST) -> list[Call]:
        known = self._calls_below.get(node)
        if known is None:
            calls = (self.by_node.get(child) for child in walk(node) if isinstance(child, ast.Call))
            known = self._calls_below[node] = [call for call in calls if call is not None]
        return known

    def targets(self, call: Call) -> list[Scope]:
        """Return the functions of the program that a call runs: ``__init__`` and ``__call__`` included."""
        from flake8_training.engine.values.values import Class, Function, Instance

        found: list[Scope] = []
        for value in self.evaluator.values(call.node.func, call.site.scope):
            if isinstance(value, Function):
                found.append(value.scope)
            elif isinstance(value, Class):
                method = self.evaluator.method(value.scope, "__init__")
                found.extend([method] if method else [])
            elif isinstance(value, Instance):
                method = self.evaluator.method(value.scope, "__call__")
                found.extend([method] if method else [])
        return found
