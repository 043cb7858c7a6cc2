"""TRN123 at its edges: what applies gradients, what clears them, and what nobody can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.marked import assert_marked, findings

HEAD = """
import torch
from torch import nn

model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""

INCOMPLETE = {
    "another library computes something else": """
import pandas
for x, y in loader:
    optimizer.zero_grad()
    pandas.DataFrame(y).backward()
    optimizer.step()  # TRN123
""",
    "the standard library returns the loss": """
for x, y in loader:
    losses = {"box": nn.functional.mse_loss(model(x), y)}
    total = sum(loss for loss in losses.values())
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
""",
    "an object of the program has a method of the name": """
class Meter:
    def zero_grad_count(self):
        return 0

meter = Meter()
for x, y in loader:
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()  # TRN123
    meter.zero_grad_count()
""",
    "another library has a function of the name": """
import scipy.optimize
for x, y in loader:
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()  # TRN123
scipy.optimize.minimize(print, 0)
""",
    "nothing is computed": """
for x, y in loader:
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.step()  # TRN123
""",
    "a Hugging Face model computes a loss": """
from transformers import AutoModelForCausalLM
network = AutoModelForCausalLM.from_pretrained("gpt2")
for batch in loader:
    optimizer.zero_grad()
    loss = network(**batch).loss
    optimizer.step()  # TRN123
""",
    "an object of another framework has a method of the name": """
from sklearn.linear_model import LinearRegression
for x, y in loader:
    optimizer.zero_grad()
    LinearRegression().fit(x, y).backward()
    optimizer.step()  # TRN123
""",
    "a step of a schedule is none": """
schedule = torch.optim.lr_scheduler.StepLR(optimizer, 10)
for x, y in loader:
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()  # TRN123
    schedule.step()
""",
    "never cleared": """
for x, y in loader:
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()  # TRN123
""",
    "never cleared, in a function that is called in a loop": """
def one(x, y):
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()  # TRN123

for x, y in loader:
    one(x, y)
""",
    "a scaler steps, nobody clears": """
scaler = torch.cuda.amp.GradScaler()
while True:
    loss = nn.functional.mse_loss(model(x), y)
    scaler.scale(loss).backward()
    scaler.step(optimizer)  # TRN123
    scaler.update()
""",
    "accelerate computes gradients only": """
from accelerate import Accelerator
accelerator = Accelerator()
for x, y in loader:
    accelerator.backward(nn.functional.mse_loss(model(x), y))  # TRN123
""",
    "cleared only in a function that is never called": """
def reset(other):
    other.zero_grad()

for x, y in loader:
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()  # TRN123
""",
    "an engine is imported and not used": """
import deepspeed
for x, y in loader:
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()  # TRN123
""",
    "deepspeed's engine is not asked": """
import deepspeed
engine, optimizer, _, _ = deepspeed.initialize(model=model, optimizer=optimizer)
for x, y in loader:
    nn.functional.mse_loss(engine(x), y).backward()  # TRN123
    optimizer.zero_grad()
""",
}

COMPLETE = {
    "an unknown object has a method of the name": """
for x, y in loader:
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    helper.zero_grad_all()
""",
    "the loss of a Hugging Face model": """
from transformers import AutoModelForCausalLM
network = AutoModelForCausalLM.from_pretrained("gpt2")
for batch in loader:
    outputs = network(**batch)
    loss = outputs.loss
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
""",
    "the loss of a copy": """
import copy
network = copy.deepcopy(model)
for x, y in loader:
    loss = network(x)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
""",
    "a sum of losses": """
import functools
for x, y in loader:
    loss = functools.reduce(max, [model(x)])
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
""",
    "a closure computes": """
for x, y in loader:
    optimizer.step(closure)
""",
    "computed by hand": """
for x, y in loader:
    optimizer.zero_grad()
    for weight, grad in zip(model.parameters(), torch.autograd.grad(model(x).sum(), model.parameters())):
        weight.grad = grad
    optimizer.step()
""",
    "plain": """
for x, y in loader:
    optimizer.zero_grad(set_to_none=True)
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
""",
    "the model clears": """
for x, y in loader:
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
    model.zero_grad()
""",
    "cleared by hand": """
for x, y in loader:
    for p in model.parameters():
        p.grad = None
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
""",
    "applied by hand": """
for x, y in loader:
    nn.functional.mse_loss(model(x), y).backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= 0.1 * p.grad
            p.grad.zero_()
""",
    "XLA steps": """
import torch_xla.core.xla_model as xm
for x, y in loader:
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    xm.optimizer_step(optimizer)
""",
    "deepspeed's engine steps and clears": """
import deepspeed
engine, optimizer, _, _ = deepspeed.initialize(model=model, optimizer=optimizer)
for x, y in loader:
    loss = nn.functional.mse_loss(engine(x), y)
    engine.backward(loss)
    engine.step()
""",
    "prepared by accelerate": """
from accelerate import Accelerator
accelerator = Accelerator()
model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
for x, y in loader:
    optimizer.zero_grad()
    accelerator.backward(nn.functional.mse_loss(model(x), y))
    optimizer.step()
""",
    "a closure": """
def closure():
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    return loss

for x, y in loader:
    optimizer.step(closure)
""",
    "one step only": """
nn.functional.mse_loss(model(x), y).backward()
optimizer.step()
""",
    "an optimizer of its own each time": """
for x, y in folds:
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
""",
    "an optimizer that nobody knows": """
for x, y in loader:
    nn.functional.mse_loss(model(x), y).backward()
    make_optimizer(model).step()
""",
    "a library that nobody knows": """
import loops
for x, y in loader:
    nn.functional.mse_loss(model(x), y).backward()
    loops.go_on(optimizer)
""",
    "the method is handed on": """
import atexit
for x, y in loader:
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.zero_grad()
    run(optimizer.step)
""",
    "Lightning goes on after the hook": """
import pytorch_lightning as pl

class Module(pl.LightningModule):
    def training_step(self, batch, index):
        return self.model(batch)

    def backward(self, loss):
        torch.autograd.backward(loss)
        nn.functional.mse_loss(loss, loss).backward()

pl.Trainer().fit(Module())
""",
    "a trainer goes on after the hook": """
from transformers import Trainer

class Mine(Trainer):
    def training_step(self, model, inputs):
        loss = nn.functional.mse_loss(model(**inputs), inputs["y"])
        loss.backward()
        return loss.detach()

Mine(model=model).train()
""",
    "another framework's loop": """
from mxnet import autograd, gluon
loss_function = gluon.loss.L2Loss()
trainer = gluon.Trainer(net.collect_params(), "sgd")
for x, y in loader:
    with autograd.record():
        loss = loss_function(net(x), y)
    loss.backward()
    trainer.step(64)
""",
}


@pytest.mark.parametrize("name", INCOMPLETE)
def test_incomplete(name: str) -> None:
    assert_marked("TRN123", HEAD + INCOMPLETE[name])


@pytest.mark.parametrize("name", COMPLETE)
def test_complete_or_unclear(name: str) -> None:
    assert_marked("TRN123", HEAD + COMPLETE[name])


def test_the_loop_in_a_local_module_is_told_at_the_script(tmp_path: Path) -> None:
    loop = """
    import torch

    def fit(model, loader):
        optimizer = torch.optim.Adam(model.parameters())
        for x, y in loader:
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(x), y).backward()
    """
    text = """
    from loop import fit
    import torch

    if __name__ == "__main__":  # TRN123
        fit(torch.nn.Linear(2, 1), torch.load("data.pt"))
    """
    assert_marked("TRN123", text, tmp_path, loop=loop)
    (found,) = findings("TRN123", text, tmp_path, loop=loop)
    assert found.message.endswith("add optimizer.step() (loop.py line 8)")
