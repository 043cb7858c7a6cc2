"""TRN123: a PyTorch loop is incomplete.

Only certain cases are reported: a loop with a part that may run in unavailable code counts as complete.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.dataflow import Result, arguments
from flake8_training.engine.syntax.parents import enclosing, parent
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.engine.values.values import Class, Function, LibraryObject, Reference
from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_unknown
from flake8_training.libraries.rows import Trains
from flake8_training.libraries.table import table
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.unused_gradients import unused_gradients

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import CallSite, Scope


class IncompleteLoop(Rule[Script]):
    """Reports a hand-written PyTorch loop that never computes, applies or clears its gradients."""

    code = "TRN123"
    severity = Severity.ERROR
    summary = "the PyTorch loop is incomplete"
    other_summaries = ("the TensorFlow loop is incomplete",)
    why = """
        `loss.backward()` only computes gradients. Without `optimizer.step()` the weights keep their initial values, and
        the job succeeds with an untrained model. Without `loss.backward()`, `optimizer.step()` has no gradients to
        apply. `backward()` also *adds* to the existing gradients: without `optimizer.zero_grad()` every step uses the
        sum of all batches so far, and the training may diverge.

        `tape.gradient()` of TensorFlow only computes gradients too: without `optimizer.apply_gradients()` the weights
        keep their initial values.
    """
    fix = """
        Call `optimizer.zero_grad()`, `loss.backward()` and `optimizer.step()` for each batch, or
        `optimizer.apply_gradients(...)` after `tape.gradient(...)`.
    """
    reported_when = (
        "the script calls `backward()`, and no code applies gradients; `lr_scheduler.step()` does not",
        "an optimizer's `step()` runs in a loop, and no code clears gradients",
        "an optimizer's `step()` runs in a loop, and no code computes gradients",
        "a TensorFlow script computes the gradients of its model's weights by a tape, and nothing but a print or a "
        "log uses them; `accelerator.prepare()` returns the optimizer that it receives",
    )
    not_reported_when = (
        Condition(
            "an engine, a trainer's hook or an unknown library may run a part of the loop",
            suppressed={
                "import torch\n": "import engines\nimport torch\n",
                "            loss.backward()  # TRN123\n": (
                    "            loss.backward()  # TRN123\n            engines.update(model)\n"
                ),
            },
            reported={
                "import torch\n": "import engines\nimport torch\n",
                "            loss.backward()  # TRN123\n": (
                    '            loss.backward()  # TRN123\n            engines.update("model")\n'
                ),
            },
        ),
        Condition(
            "the script reads or writes a `.grad`: it may apply or clear gradients itself",
            suppressed={
                "            loss.backward()  # TRN123\n": (
                    "            loss.backward()  # TRN123\n"
                    "            for one in model.parameters():\n"
                    "                one.data -= 0.1 * one.grad\n"
                )
            },
            reported={
                "            loss.backward()  # TRN123\n": (
                    "            loss.backward()  # TRN123\n"
                    "            for one in model.parameters():\n"
                    '                print("grad", one.data.mean())\n'
                )
            },
        ),
        Condition(
            "the loop builds a new optimizer in each round, so that no gradients are left to clear",
            suppressed={
                "            optimizer.zero_grad()\n": (
                    "            optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)\n"
                ),
                "            loss.backward()  # TRN123\n": (
                    "            loss.backward()\n            optimizer.step()\n"
                ),
            },
            reported={
                "            optimizer.zero_grad()\n": "",
                "            loss.backward()  # TRN123\n": (
                    "            loss.backward()\n            optimizer.step()  # TRN123\n"
                ),
            },
        ),
        Condition(
            (
                "a method of a PyTorch or Hugging Face object, of an object that a function such as "
                "`copy.deepcopy` returns, of an unknown object or of an unknown library has a name "
                "for the missing part, such as `train_batch`, `minimize`, `clear_grad` or `autograd`"
            ),
            suppressed={
                "import torch\n": "import engines\nimport torch\n",
                "    optimizer = torch": ("    engine = engines.create(model)\n    optimizer = torch"),
                "            loss.backward()  # TRN123\n": (
                    "            loss.backward()  # TRN123\n            engine.step()\n"
                ),
            },
            reported={
                "            loss.backward()  # TRN123\n": (
                    '            loss.backward()  # TRN123\n            print("step")\n'
                )
            },
        ),
    )
    bad = Example("""
        import argparse
        import os

        import torch
        from torch import nn
        from torch.utils.data import DataLoader, TensorDataset

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--epochs", type=int, default=20)
            parser.add_argument("--lr", type=float, default=0.001)
            args = parser.parse_args()

            train = torch.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.pt"))
            test = torch.load(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.pt"))
            loader = DataLoader(TensorDataset(train["x"], train["y"]), batch_size=64, shuffle=True)

            model = nn.Linear(10, 1)
            optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
            loss_function = nn.MSELoss()
            for _ in range(args.epochs):
                for x, y in loader:
                    optimizer.zero_grad()
                    loss = loss_function(model(x), y)
                    loss.backward()  # TRN123

            with torch.no_grad():
                error = (model(test["x"]) - test["y"]).abs().mean()
                print("test error:", error.item())
            torch.save(model.state_dict(), os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"))
    """)
    good = Example("""
        import argparse
        import os

        import torch
        from torch import nn
        from torch.utils.data import DataLoader, TensorDataset

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--epochs", type=int, default=20)
            parser.add_argument("--lr", type=float, default=0.001)
            args = parser.parse_args()

            train = torch.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.pt"))
            test = torch.load(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.pt"))
            loader = DataLoader(TensorDataset(train["x"], train["y"]), batch_size=64, shuffle=True)

            model = nn.Linear(10, 1)
            optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
            loss_function = nn.MSELoss()
            for _ in range(args.epochs):
                for x, y in loader:
                    optimizer.zero_grad()
                    loss = loss_function(model(x), y)
                    loss.backward()
                    optimizer.step()

            with torch.no_grad():
                error = (model(test["x"]) - test["y"]).abs().mean()
                print("test error:", error.item())
            torch.save(model.state_dict(), os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"))
    """)
    references = ("https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html",)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding for each part that is missing: applying, clearing and computing the gradients."""
        backward = unapplied_gradients(subject.analysis)
        if backward is not None:
            yield self._finding_at(
                subject, backward, "gradients are computed and nothing applies them; add optimizer.step()"
            )
        step = uncleared_gradients(subject.analysis)
        if step is not None:
            yield self._finding_at(
                subject, step, "nothing clears the gradients before the next batch; add optimizer.zero_grad()"
            )

        waiting = uncomputed_gradients(subject.analysis)
        if waiting is not None:
            yield self._finding_at(
                subject, waiting, "no gradients are computed for the optimizer to apply; add loss.backward()"
            )

        unused = unused_gradients(subject.analysis)
        if unused is not None:
            yield self._finding_at(
                subject,
                unused,
                "gradients are computed and nothing applies them; add optimizer.apply_gradients()",
                summary="the TensorFlow loop is incomplete",
            )

    def _finding_at(self, subject: Script, call: Call, detail: str, summary: str = "") -> Finding:
        if subject.owns(call.node):
            return self.finding(subject, call.node, detail, summary=summary)
        path = call.site.scope.module.path.replace("\\", "/").rpartition("/")[2]
        return self.finding(
            subject,
            subject.training_call or subject.entry,
            f"{detail} ({path} line {call.line})",
            summary=summary,
        )


# Methods and functions that apply gradients, in whatever library: optimizers and their wrappers, engines, fused ones.
_APPLY = frozenset(
    "step optimizer_step train_batch minimize apply_gradients apply_grads step_and_update_lr step_optimizer "
    "optimize optimizer_update update_params update_parameters update_weights fused_backward "
    "register_post_accumulate_grad_hook".split()
)

# What has a method step() and is no optimizer.
_NO_OPTIMIZERS = (
    "torch.optim.lr_scheduler.",
    "torch.optim.swa_utils.SWALR",
    "torch.profiler.",
    "torch.autograd.profiler.",
    "transformers.get_",
    "transformers.optimization.get_",
    "diffusers.optimization.get_",
    "diffusers.get_",
    "timm.scheduler.",
    "warmup_scheduler.",
    "pytorch_warmup.",
    "gym.",
    "gymnasium.",
)

_OPTIMIZER_STEPS = (
    "torch.optim.",
    "torch.amp.GradScaler()",
    "torch.cuda.amp.GradScaler()",
    "horovod.torch.DistributedOptimizer()",
    "transformers.AdamW()",
    "transformers.Adafactor()",
)

_CLEARING = ("zero_grad", "clear_grad", "zero_gradient", "reset_grad", "grad_zero", "zerograd")

_COMPUTING = ("backward", "autograd", "grad_fn", "jacobian", "closure")

# These clear gradients by themselves.
_ENGINES = ("deepspeed", "colossalai", "bagua", "smdistributed.modelparallel")

_ENGINE_ARGUMENTS = ("deepspeed_plugin", "deepspeed_plugins", "megatron_lm_plugin")

# The frameworks whose objects are, or hold, tensors of PyTorch.
_WITH_TENSORS = ("pytorch", "huggingface")

_PLAIN_BASES = frozenset(
    {"torch.nn.Module", "builtins.object", "abc.ABC", "typing.Generic", "typing.NamedTuple"}
)

_MAX_CALLS = 6


def unapplied_gradients(analysis: Analysis) -> Call | None:
    """Return the first ``backward()`` whose gradients certainly nothing applies, or None."""
    backward = _backward(analysis)
    if not backward or _is_vague(analysis) or any(_is_hook(analysis, call.site) for call in backward):
        return None
    if _is_accelerated(backward) and _uses_engine(analysis):
        return None  # the engine's backward() applies the gradients as well
    if not all(
        _is_no_optimizer(analysis, site) or not _may_be_of_loop(analysis, site.node.func, site.scope)
        for site in analysis.live_calls(*_APPLY)
    ):
        return None
    for site in analysis.live_calls("update"):
        if not site.node.args and not site.node.keywords:
            # The project's own optimizer, as far as is known.
            if any(name.startswith("?") for name in analysis.evaluator.names(site.node, site.scope)):
                return None
    for node, scope in analysis.live_attribute_loads("grad", *_APPLY):
        if _is_called(scope.module.tree, node) and node.attr != "grad":
            continue
        if _may_be_of_loop(analysis, node, scope):
            return None
    return backward[0]


def _is_accelerated(backward: list[Call]) -> bool:
    return any(name.startswith("accelerate.") for call in backward for name in call.names)


def uncleared_gradients(analysis: Analysis) -> Call | None:
    """Return the first ``optimizer.step()`` of a loop whose gradients certainly nothing clears, or None."""
    steps = [call for call in _having_step(analysis, "step") if _is_optimizer_step(call)]
    if not steps or not _backward(analysis) or _is_vague(analysis):
        return None
    if any(analysis.program.attribute_stores("grad")) or any(analysis.live_attribute_loads("grad")):
        return None
    if _uses_engine(analysis) or _names_one_of(analysis, _CLEARING):
        return None
    for call in steps:
        if _is_repeated(analysis, call.site) and not _is_fresh(analysis, call.site):
            return call
    return None


def uncomputed_gradients(analysis: Analysis) -> Call | None:
    """Return the first ``optimizer.step()`` of a loop of a program that certainly computes no gradients, or None."""
    steps = [call for call in _having_step(analysis, "step") if _is_optimizer_step(call)]
    if not steps or any(call.node.args or call.node.keywords for call in steps) or _is_vague(analysis):
        return None
    if _uses_engine(analysis) or _names_one_of(analysis, _COMPUTING):
        return None
    return next((call for call in steps if _is_repeated(analysis, call.site)), None)


def _uses_engine(analysis: Analysis) -> bool:
    if any(
        call.names == ("accelerate.Accelerator",)
        and (analysis.calls.spreads(call) or analysis.calls.argument(call, _ENGINE_ARGUMENTS) is not None)
        for call in analysis.calls.all
    ):
        return True
    return any(
        module.uses_import(lambda dotted: dotted.startswith(_ENGINES))
        for module in analysis.program.modules.values()
    )


def _names_one_of(analysis: Analysis, words: tuple[str, ...]) -> bool:
    """Return whether code that can run calls or reads something whose name holds one of these words.

    Something of the program's own, or of a library without gradients, does not count.
    """
    for site in analysis.live_calls():
        name = last_name(site.node.func)
        if any(word in name for word in words) and _may_be_of_loop(analysis, site.node.func, site.scope):
            return True
    return any(
        any(word in node.attr for word in words) and _may_be_of_loop(analysis, node, scope)
        for node, scope in analysis.live_attribute_loads()
    )


def _may_be_of_loop(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    """Return whether a function may work on gradients.

    The calls inside a function of the program are judged by themselves; other known libraries do not know gradients.
    """
    values = analysis.evaluator.values(node, scope)
    return not values or any(
        not isinstance(value, Function | Class | Reference | LibraryObject)
        or (isinstance(value, Reference | LibraryObject) and not _is_of_other_library(value.name))
        for value in values
    )


def _is_of_other_library(name: str) -> bool:
    """Return whether a function or object has certainly no gradients of PyTorch.

    The standard library returns the program's own objects: ``copy.deepcopy(model)``, ``sum(losses).backward()``.
    """
    library = table().library(name)
    if library is None or library.could or library.framework in _WITH_TENSORS:
        return False
    return "()" not in name or name.partition(".")[0] not in sys.stdlib_module_names


def _backward(analysis: Analysis) -> list[Call]:
    return _having_step(analysis, "backward")


def _having_step(analysis: Analysis, method: str) -> list[Call]:
    """Return the calls of one method that are certainly a step of a PyTorch loop."""
    return [
        call
        for call, row in analysis.calls.having(Trains)
        if row.step
        and row.framework == "pytorch"
        and not row.name.startswith("?")
        and last_name(call.node.func) == method
        and not any(name.startswith("?") for name in call.names)
    ]


def _is_optimizer_step(call: Call) -> bool:
    return all(
        name.startswith(_OPTIMIZER_STEPS) and not name.startswith(_NO_OPTIMIZERS) for name in call.names
    )


def _is_no_optimizer(analysis: Analysis, site: CallSite) -> bool:
    """Return whether what has the method is certainly something else: a schedule, a profiler."""
    names = analysis.evaluator.names(site.node, site.scope)
    return bool(names) and all(name.startswith(_NO_OPTIMIZERS) for name in names)


def _is_hook(analysis: Analysis, site: CallSite) -> bool:
    """Return whether a call stands in a method that a library calls: its trainer goes on with the gradients."""
    function = site.scope.function
    while function is not None:
        if function.owner is not None:
            foreign = analysis.evaluator.ancestry(function.owner)[1]
            return any(base not in _PLAIN_BASES for base in foreign)
        function = function.parent.function if function.parent is not None else None
    return False


def _is_vague(analysis: Analysis) -> bool:
    """Return whether a part of the loop may be out of sight."""
    if analysis.is_dynamic:
        note_unknown(Reason.DYNAMIC, 1, weak=True)
        return True
    for call in analysis.calls.all:
        is_unknown = call.unknown and any(_is_optimizer(analysis, call, a) for a in arguments(call.node))
        if is_unknown or analysis.calls.may_do(call, "trains"):
            note_unknown(Reason.CODE, call.node, call.site.scope.module.path, weak=True)
            return True
    return False


def _is_optimizer(analysis: Analysis, call: Call, node: ast.expr) -> bool:
    """Return whether an optimizer or something made of one is given."""
    return any(
        isinstance(origin, Result)
        and origin.name.startswith("torch.optim.")
        and not origin.name.startswith(_NO_OPTIMIZERS)
        for origin in analysis.calls.origins(call, node)
    )


def _is_repeated(analysis: Analysis, site: CallSite) -> bool:
    """Return whether a call stands in a loop, or in a function that is called in one."""
    return any(_is_in_loop(one) for one in analysis.evaluator.leading(site, _MAX_CALLS))


def _is_in_loop(site: CallSite) -> bool:
    for around in enclosing(site.scope.module.tree, site.node):
        if isinstance(around, ast.For | ast.AsyncFor | ast.While):
            return True
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return False
    return False


def _is_fresh(analysis: Analysis, site: CallSite) -> bool:
    """Return whether the innermost loop around a call makes an optimizer of its own each time."""
    for around in enclosing(site.scope.module.tree, site.node):
        if isinstance(around, ast.For | ast.AsyncFor | ast.While):
            return any(
                name.startswith("torch.optim.") and not name.startswith(_NO_OPTIMIZERS) and "()" not in name
                for call in analysis.inside(around)
                for name in call.names
            )
    return False


def _is_called(tree: ast.Module, node: ast.Attribute) -> bool:
    around = parent(tree, node)
    return isinstance(around, ast.Call) and around.func is node
