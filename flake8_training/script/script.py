"""The facts of one script, each computed on first access.

The module that judges a fact is imported then: most scripts of steps are no training scripts.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.flow.reachability import does_nothing
from flake8_training.engine.syntax.parents import stands_in
from flake8_training.engine.syntax.program import Program
from flake8_training.engine.values.values import Unknown
from flake8_training.ledger import Reason, note_unknown, open_ledger
from flake8_training.script.verdict import State, Verdict
from flake8_training.source_file import Root


class Script:
    """One Python file read as a training script. ``path`` is as the user gave it, ``root`` as `Program` has it."""

    def __init__(self, tree: ast.Module, path: str, lines: Sequence[str], root: Root | None = None) -> None:
        self.tree = tree
        self.path = path
        self.lines = lines
        self._root = root
        self.is_entry_point = False
        """Whether a training job certainly starts the file."""

    def as_entry_point(self) -> Script:
        """Return the same script as one that a training job certainly starts."""
        found = Script(self.tree, self.path, self.lines, self._root)
        found.__dict__.update(program=self.program, analysis=self.analysis)
        found.is_entry_point = True
        return found

    def close(self) -> None:
        """Release the program and the facts: nobody may ask the script again."""
        if "analysis" in self.__dict__:
            self.analysis.close()
        elif "program" in self.__dict__:
            self.program.close()
        self.__dict__.clear()

    @cached_property
    def program(self) -> Program:
        """The file and the local modules around it."""
        return Program(self.tree, self.path, self._root)

    @cached_property
    def analysis(self) -> Analysis:
        """The analysis behind the facts."""
        return Analysis(self.program)

    @cached_property
    def is_training_script(self) -> bool:
        """Whether the file shows by itself that it is the entry point of a training job."""
        from flake8_training.script.recognition import is_training_script, may_be_training_script

        return may_be_training_script(self.lines) and is_training_script(self.analysis)

    @property
    def hyperparameters(self) -> Verdict:
        """Whether hyperparameters are loaded from SageMaker."""
        return self._noted(self._hyperparameters)

    @cached_property
    def _hyperparameters(self) -> Verdict:
        from flake8_training.script.hyperparameters import hyperparameters

        return self._judged(hyperparameters(self.analysis))

    @property
    def training_data(self) -> Verdict:
        """Whether training data is read from a channel."""
        return self._noted(self._training_data)

    @cached_property
    def _training_data(self) -> Verdict:
        from flake8_training.script.data import training_data

        return self._judged(training_data(self.analysis))

    @property
    def training(self) -> Verdict:
        """Whether a model is trained."""
        return self._noted(self._training)

    @cached_property
    def _training(self) -> Verdict:
        if self.is_entry_point and does_nothing(self.analysis.evaluator):
            return Verdict(State.ABSENT, (), None, _nothing_runs(self.analysis.program))
        from flake8_training.script.training import training

        return self._judged(training(self.analysis))

    @property
    def evaluation(self) -> Verdict:
        """Whether the model is evaluated on held-out data."""
        return self._noted(self._evaluation)

    @cached_property
    def _evaluation(self) -> Verdict:
        from flake8_training.script.evaluation import evaluation

        return self._judged(evaluation(self.analysis))

    @property
    def model_saving(self) -> Verdict:
        """Whether the trained model is saved under the model directory."""
        return self._noted(self._model_saving)

    @cached_property
    def _model_saving(self) -> Verdict:
        from flake8_training.script.saving import model_saving

        return self._judged(model_saving(self.analysis))

    def _judged(self, verdict: Verdict) -> Verdict:
        """Return a verdict: unknown instead of absent if no code runs by itself or the step budget is spent."""
        analysis = self.analysis
        if verdict.state is State.ABSENT and not analysis.reach.has_work:
            return Verdict(State.UNKNOWN, (self.tree,), reason=Reason.NO_ENTRY)
        if verdict.state is State.ABSENT and analysis.evaluator.is_exhausted:
            return Verdict(State.UNKNOWN, (self.tree,), reason=Reason.BUDGET)
        return verdict

    def _noted(self, verdict: Verdict) -> Verdict:
        """Return a verdict; note it for the rule that asks if it is unknown."""
        if verdict.state is State.UNKNOWN and open_ledger() is not None:
            stop = self.stop_of(verdict)
            note_unknown(stop.reason, stop, weak=True)
        return verdict

    def stop_of(self, verdict: Verdict) -> Unknown:
        """Return the reason and the place that keep a verdict unknown: its first evidence."""
        node = verdict.evidence[0]
        path = next(
            (one.path for one in self.program.modules.values() if stands_in(one.tree, node)), self.path
        )
        call = self.analysis.by_node.get(node) if isinstance(node, ast.Call) else None
        is_opaque = verdict.reason is Reason.CODE and call is not None
        reason = self.analysis.calls.why_opaque(call) if is_opaque and call is not None else verdict.reason
        return Unknown(reason, path, getattr(node, "lineno", 1))

    @cached_property
    def entry(self) -> ast.AST:
        """Where the script begins to work: its main guard, else its first statement that is no import."""
        guard = self.analysis.program.entry.guard
        if guard is not None:
            return guard
        for statement in self.tree.body:
            if not isinstance(statement, ast.Import | ast.ImportFrom) and not _is_docstring(statement):
                return statement
        return self.tree

    @cached_property
    def training_call(self) -> ast.AST | None:
        """The first call of this file that trains."""
        from flake8_training.script.training import trainings

        here = self.analysis.program.entry
        for call, _ in trainings(self.analysis):
            if call.site.scope.module is here:
                return call.node
        return None

    def place_for(self, verdict: Verdict) -> ast.AST:
        """Return the node for a finding of something missing: the near miss, else the training, else the start."""
        if verdict.near_miss is not None and self.owns(verdict.near_miss):
            return verdict.near_miss
        return self.training_call or self.entry

    def owns(self, node: ast.AST) -> bool:
        """Return whether a node is in this file, not in a local module."""
        return stands_in(self.tree, node)


def _nothing_runs(program: Program) -> str:
    """Return the reason why starting a script does nothing."""
    main = program.entry.top.bindings.get("main", [])
    if any(binding.target is not None for binding in main):
        return "nothing calls main()"
    return "no code runs when the script starts"


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


__all__ = ["Script", "State", "Verdict"]
