"""TRN123: a PyTorch loop is incomplete."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.calls import Call
from flake8_training.script.loops import unapplied_gradients, uncleared_gradients, uncomputed_gradients


class IncompleteLoop(Rule[Script]):
    """Reports a hand-written PyTorch loop that never computes, applies or clears its gradients."""

    code = "TRN123"
    severity = Severity.ERROR
    summary = "incomplete PyTorch loop"
    why = """
        `loss.backward()` only computes gradients. Without `optimizer.step()` the weights keep their initial values, and
        the job succeeds with an untrained model. Without `loss.backward()`, `optimizer.step()` has no gradients to
        apply. `backward()` also *adds* to the existing gradients: without `optimizer.zero_grad()` every step uses the
        sum of all batches so far, and the training may diverge.
    """
    fix = """
        Call `optimizer.zero_grad()`, `loss.backward()` and `optimizer.step()` for each batch.
    """
    reported_when = (
        "the script calls `backward()`, and no code applies gradients; `lr_scheduler.step()` does not",
        "an optimizer's `step()` runs in a loop, and no code clears gradients",
        "an optimizer's `step()` runs in a loop, and no code computes gradients",
    )
    not_reported_when = (
        "an engine, a trainer's hook or an unknown library may run a part of the loop",
        "the script reads or writes a `.grad`: it may apply or clear gradients itself",
        "the loop builds a new optimizer in each round, so that no gradients are left to clear",
        "any call of the script has a name for the missing part, such as `train_batch`, `minimize`, "
        "`clear_grad` or `autograd`",
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

    def _finding_at(self, subject: Script, call: Call, detail: str) -> Finding:
        if subject.owns(call.node):
            return self.finding(subject, call.node, detail)
        path = call.site.scope.module.path.replace("\\", "/").rpartition("/")[2]
        return self.finding(
            subject, subject.training_call or subject.entry, f"{detail} ({path} line {call.line})"
        )
