"""TRN906 and TRN907 at their edges: what prepares for bad data, what guards a long training."""

from __future__ import annotations

import pytest

from tests.rules.advice import IMPORTS, OPTIONS
from tests.rules.marked import assert_marked

READ = 'path = os.path.join(os.environ["SM_CHANNEL_TRAIN"], "a.csv")\n'

UNPREPARED = {
    "an error about an option": "frame = pd.read_csv(path)  # TRN906\nif args.epochs < 1:\n    raise ValueError",
    "an assertion about an option": "frame = pd.read_csv(path)  # TRN906\nassert args.epochs > 0",
    "a look elsewhere": "frame = pd.read_csv(path)  # TRN906\nprint(os.path.exists('/opt/ml/checkpoints/last'))",
    "read as it is": "frame = pd.read_csv(path)  # TRN906",
    "the first of two": "frame = pd.read_csv(path)  # TRN906\nother = pd.read_csv(path)",
    "a try around something else": """
frame = pd.read_csv(path)  # TRN906
try:
    print(1 / 0)
except ZeroDivisionError:
    raise
""",
    "an error is passed on": """
frame = pd.read_csv(path)  # TRN906
try:
    SVC().fit(frame, frame)
except Exception:
    log.info("failed")
    raise
""",
    "another test": "frame = pd.read_csv(path)  # TRN906\nif args.epochs > 3:\n    print(1)",
}
PREPARED = {
    "a try": "try:\n    frame = pd.read_csv(path)\nexcept OSError:\n    frame = None",
    "a try around the function": """
def load():
    return pd.read_csv(path)
try:
    load()
except OSError:
    print("missing")
""",
    "a look": "if os.path.exists(path):\n    frame = pd.read_csv(path)",
    "an assertion": "frame = pd.read_csv(path)\nassert len(frame)",
    "an error of its own": "frame = pd.read_csv(path)\nif len(frame) < 3:\n    raise ValueError('empty')",
    "an error on an unknown condition": "frame = pd.read_csv(path)\nif bad():\n    raise ValueError('empty')",
    "a test of what was read": "frame = pd.read_csv(path)\nif frame.empty:\n    print('empty')",
    "a test of the files": """
files = os.listdir(os.environ["SM_CHANNEL_TRAIN"])
if len(files) == 0:
    print("none")
frame = pd.read_csv(path)
""",
    "missing values are dropped": "frame = pd.read_csv(path).dropna()",
    "bad lines are skipped": 'frame = pd.read_csv(path, on_bad_lines="skip")',
    "no channel": 'frame = pd.read_csv("local.csv")',
    "the container's own reader": """
from sagemaker_xgboost_container.data_utils import get_dmatrix
get_dmatrix(os.environ["SM_CHANNEL_TRAIN"], "csv")
""",
}

LOOP = """
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""
LONG = {
    "an option": """
for epoch in range(args.epochs):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()  # TRN907
    optimizer.step()
""",
    "from one": """
for epoch in range(1, args.epochs + 1):
    for x in loader:
        nn.functional.mse_loss(model(x), y).backward()  # TRN907
        optimizer.step()
""",
    "Keras": """
import tensorflow as tf
net = tf.keras.Sequential([])
net.fit(X, y, epochs=100)  # TRN907
""",
    "callbacks that only show": """
import tensorflow as tf
net = tf.keras.Sequential([])
net.fit(X, y, epochs=100, callbacks=[tf.keras.callbacks.TensorBoard("/opt/ml/output/tensorboard")])  # TRN907
""",
    "saved after the loop": """
for epoch in range(50):
    nn.functional.mse_loss(model(X), y).backward()  # TRN907
    optimizer.step()
torch.save(model.state_dict(), "/opt/ml/model/m.pth")
""",
}
LONG |= {
    "boosting": """
import xgboost as xgb
xgb.train({}, xgb.DMatrix(X), num_boost_round=1000)  # TRN907
""",
    "boosting with LightGBM": """
import lightgbm as lgb
lgb.train({"objective": "binary"}, lgb.Dataset(X), 5000)  # TRN907
""",
    "a trainer that saves nothing": """
from transformers import Trainer, TrainingArguments
given = TrainingArguments("/tmp/out", num_train_epochs=50, save_strategy="no")
Trainer(model=model, args=given).train()  # TRN907
""",
}
LONG["a callback of something else"] = """
from transformers import Trainer, TrainingArguments
given = TrainingArguments("/tmp/out", num_train_epochs=50, save_strategy="no")
trainer = Trainer(model=model, args=given)
class Bar:
    def add_callback(self, shown):
        print(shown)
Bar().add_callback(print)
trainer.train()  # TRN907
"""
GUARDED = {
    "a callback that is added later": """
from transformers import EarlyStoppingCallback, Trainer, TrainingArguments
given = TrainingArguments("/tmp/out", num_train_epochs=50, save_strategy="no")
trainer = Trainer(model=model, args=given)
trainer.add_callback(EarlyStoppingCallback())
trainer.train()
""",
    "boosting that stops": """
import xgboost as xgb
xgb.train({}, xgb.DMatrix(X), num_boost_round=1000, early_stopping_rounds=10, evals=[(X, "a")])
""",
    "boosting with callbacks": """
import xgboost as xgb
xgb.train({}, xgb.DMatrix(X), num_boost_round=1000, callbacks=callbacks())
""",
    "a few rounds": """
import xgboost as xgb
xgb.train({}, xgb.DMatrix(X), num_boost_round=100)
""",
    "boosting that stops by its parameters": """
import lightgbm as lgb
lgb.train({"early_stopping_round": 10}, lgb.Dataset(X), 5000, valid_sets=[X])
""",
    "boosting with unknown parameters": """
import lightgbm as lgb
lgb.train(parameters(), lgb.Dataset(X), 5000)
""",
    "a trainer that stops": """
from transformers import EarlyStoppingCallback, Trainer, TrainingArguments
given = TrainingArguments("/tmp/out", num_train_epochs=50, save_strategy="no")
Trainer(model=model, args=given, callbacks=[EarlyStoppingCallback()]).train()
""",
    "a trainer of few epochs": """
from transformers import Trainer, TrainingArguments
given = TrainingArguments("/tmp/out", num_train_epochs=3, save_strategy="no")
Trainer(model=model, args=given).train()
""",
    "short": """
for epoch in range(3):
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
""",
    "of a length that nobody knows": """
for epoch in range(int(os.environ["EPOCHS"])):
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
""",
    "over batches only": """
for x in loader:
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
""",
    "left early": """
for epoch in range(args.epochs):
    loss = nn.functional.mse_loss(model(X), y)
    loss.backward()
    optimizer.step()
    if loss < 0.1:
        break
""",
    "checkpoints": """
def keep(epoch):
    torch.save(model.state_dict(), f"/opt/ml/checkpoints/{epoch}.pt")
for epoch in range(args.epochs):
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
    keep(epoch)
""",
    "Keras stops": """
import tensorflow as tf
net = tf.keras.Sequential([])
stop = tf.keras.callbacks.EarlyStopping(patience=3)
net.fit(X, y, epochs=100, callbacks=[stop])
""",
    "one callback of several that may save": """
import tensorflow as tf
import wandb
callbacks = [tf.keras.callbacks.TensorBoard("/opt/ml/output/tensorboard")]
callbacks.append(wandb.keras.WandbCallback())
net = tf.keras.Sequential([])
net.fit(X, y, epochs=100, callbacks=callbacks)
""",
    "callbacks out of sight": """
import tensorflow as tf
net = tf.keras.Sequential([])
net.fit(X, y, epochs=100, callbacks=make_callbacks())
""",
    "a callback of its own": """
import tensorflow as tf
class Stop(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = True
net = tf.keras.Sequential([])
net.fit(X, y, epochs=100, callbacks=[Stop()])
""",
    "a trainer with a directory": """
from transformers import Trainer, TrainingArguments
Trainer(model=model, args=TrainingArguments("/opt/ml/checkpoints", num_train_epochs=100)).train()
""",
    "no loop": "SVC(max_iter=100).fit(X, y)",
}


@pytest.mark.parametrize("name", UNPREPARED)
def test_unprepared(name: str) -> None:
    assert_marked("TRN906", IMPORTS + OPTIONS + READ + UNPREPARED[name])


@pytest.mark.parametrize("name", PREPARED)
def test_prepared_or_unclear(name: str) -> None:
    assert_marked("TRN906", IMPORTS + OPTIONS + READ + PREPARED[name])


@pytest.mark.parametrize("name", LONG)
def test_long_and_unguarded(name: str) -> None:
    assert_marked("TRN907", IMPORTS + OPTIONS + LOOP + LONG[name])


@pytest.mark.parametrize("name", GUARDED)
def test_short_or_guarded_or_unclear(name: str) -> None:
    assert_marked("TRN907", IMPORTS + OPTIONS + LOOP + GUARDED[name])
