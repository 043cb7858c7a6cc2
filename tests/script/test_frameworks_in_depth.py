"""Right scripts of TensorFlow, Hugging Face and boosting libraries, and one mistake each planted into them.

A right script has no finding. A planted mistake replaces strings of a right script; the line of its finding ends with
``# TRNnnn``. The scripts are read as training scripts, as a step's script is.
"""

from __future__ import annotations

import ast
import textwrap

import pytest

from flake8_training.checker import check_script
from flake8_training.rules.registry import Rules
from flake8_training.rules.rule import expected_findings
from flake8_training.settings import Settings
from tests.margin import assert_places

NAMED = Settings(training_scripts=("*",))

OPTIONS = """
import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--lr", type=float, default=0.001)
parser.add_argument("--batch-size", type=int, default=32)
args = parser.parse_args()
train_dir = os.environ["SM_CHANNEL_TRAIN"]
test_dir = os.environ["SM_CHANNEL_TEST"]
model_dir = os.environ["SM_MODEL_DIR"]
print(args.epochs, args.lr, args.batch_size)
"""

ARRAYS = """
import numpy as np
train = np.load(os.path.join(train_dir, "train.npz"))
test = np.load(os.path.join(test_dir, "test.npz"))
"""

TEXTS = """
from datasets import load_from_disk
train = load_from_disk(train_dir)
test = load_from_disk(test_dir)
"""

RIGHT: dict[str, str] = {
    "keras fit": OPTIONS
    + ARRAYS
    + """
import tensorflow as tf
model = tf.keras.Sequential([tf.keras.layers.Dense(16, "relu"), tf.keras.layers.Dense(1)])
model.compile(optimizer=tf.keras.optimizers.Adam(args.lr), loss="mse")
model.fit(train["x"], train["y"], epochs=args.epochs, batch_size=args.batch_size)
print(model.evaluate(test["x"], test["y"]))
model.export(os.path.join(model_dir, "1"))
""",
    "keras callbacks": OPTIONS
    + ARRAYS
    + """
import tensorflow as tf
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
stop = tf.keras.callbacks.EarlyStopping(monitor="val_loss", patience=3)
best = tf.keras.callbacks.ModelCheckpoint(
    os.path.join(model_dir, "1"), monitor="val_loss", save_best_only=True
)
model.fit(
    train["x"],
    train["y"],
    epochs=args.epochs,
    validation_data=(test["x"], test["y"]),
    callbacks=[stop, best],
)
""",
    "keras stops early": OPTIONS
    + ARRAYS
    + """
import keras
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
callbacks = [keras.callbacks.EarlyStopping(patience=3)]
model.fit(train["x"], train["y"], epochs=args.epochs, validation_split=0.2, callbacks=callbacks)
print(model.evaluate(test["x"], test["y"]))
model.export(os.path.join(model_dir, "1"))
""",
    "keras stops early on the training loss": OPTIONS
    + ARRAYS
    + """
import keras
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(
    train["x"], train["y"], epochs=args.epochs, callbacks=[keras.callbacks.EarlyStopping(monitor="loss")]
)
print(model.evaluate(test["x"], test["y"]))
model.export(os.path.join(model_dir, "1"))
""",
    "gradient tape": OPTIONS
    + ARRAYS
    + """
import tensorflow as tf
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
optimizer = tf.keras.optimizers.Adam(args.lr)
loss_function = tf.keras.losses.MeanSquaredError()
data = tf.data.Dataset.from_tensor_slices((train["x"], train["y"])).batch(args.batch_size)
metric = tf.keras.metrics.MeanSquaredError()

@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_function(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss

def test_step(x, y):
    metric.update_state(y, model(x))

for epoch in range(args.epochs):
    for x, y in data:
        train_step(x, y)
test_step(test["x"], test["y"])
print(metric.result())
tf.saved_model.save(model, os.path.join(model_dir, "1"))
""",
    "tape by hand": OPTIONS
    + ARRAYS
    + """
import tensorflow as tf
weights = tf.Variable(tf.zeros((10, 1)))
for epoch in range(args.epochs):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.matmul(train["x"], weights) - train["y"]) ** 2)
    gradient = tape.gradient(loss, weights)
    weights.assign_sub(args.lr * gradient)
print(tf.reduce_mean((tf.matmul(test["x"], weights) - test["y"]) ** 2))
module = tf.Module()
module.weights = weights
tf.saved_model.save(module, os.path.join(model_dir, "1"))
""",
    "keras train_step": OPTIONS
    + ARRAYS
    + """
import tensorflow as tf

class Mine(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = tf.keras.layers.Dense(1)

    def call(self, x):
        return self.dense(x)

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((self(x) - y) ** 2)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {"loss": loss}

model = Mine()
model.compile(optimizer="adam", loss="mse")
model.fit(train["x"], train["y"], epochs=args.epochs)
print(model.evaluate(test["x"], test["y"]))
model.export(os.path.join(model_dir, "1"))
""",
    "estimator": OPTIONS
    + """
import tensorflow as tf

def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 1)
    loss = tf.losses.mean_squared_error(labels, logits)
    train_op = tf.train.AdamOptimizer(args.lr).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)

def train_input():
    return tf.data.TFRecordDataset(os.path.join(train_dir, "train.tfrecord")).batch(32)

def eval_input():
    return tf.data.TFRecordDataset(os.path.join(test_dir, "test.tfrecord")).batch(32)

def serving_input():
    return tf.estimator.export.ServingInputReceiver({}, {})

estimator = tf.estimator.Estimator(model_fn, model_dir="/tmp/run")
train_spec = tf.estimator.TrainSpec(train_input, max_steps=1000)
eval_spec = tf.estimator.EvalSpec(eval_input)
tf.estimator.train_and_evaluate(estimator, train_spec, eval_spec)
estimator.export_saved_model(model_dir, serving_input)
""",
    "session": OPTIONS
    + ARRAYS
    + """
import tensorflow as tf
x = tf.placeholder(tf.float32, [None, 10])
y = tf.placeholder(tf.float32, [None, 1])
output = tf.layers.dense(x, 1)
loss = tf.reduce_mean((output - y) ** 2)
train_op = tf.train.AdamOptimizer(args.lr).minimize(loss)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for epoch in range(args.epochs):
        session.run(train_op, feed_dict={x: train["x"], y: train["y"]})
    print(session.run(loss, feed_dict={x: test["x"], y: test["y"]}))
    tf.saved_model.simple_save(session, os.path.join(model_dir, "1"), {"x": x}, {"output": output})
""",
    "pipe mode": OPTIONS
    + """
import tensorflow as tf
from sagemaker_tensorflow import PipeModeDataset
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(
    PipeModeDataset("train").batch(8),
    epochs=args.epochs,
    steps_per_epoch=10,
    validation_data=PipeModeDataset("test").batch(8),
    validation_steps=2,
)
model.export(os.path.join(model_dir, "1"))
""",
    "keras with raw hyperparameters": """
import json
import os
import tensorflow as tf

def settings():
    with open("/opt/ml/input/config/hyperparameters.json") as file:
        given = json.load(file)
    return int(given["epochs"]), float(given["lr"])

epochs, lr = settings()
train = tf.keras.utils.image_dataset_from_directory(os.environ["SM_CHANNEL_TRAIN"])
test = tf.keras.utils.image_dataset_from_directory(os.environ["SM_CHANNEL_TEST"])
model = tf.keras.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.Dense(1)])
model.compile(optimizer=tf.keras.optimizers.Adam(lr), loss="mse")
model.fit(train, epochs=epochs, validation_data=test)
model.export(os.path.join(os.environ["SM_MODEL_DIR"], "1"))
""",
    "trainer": OPTIONS
    + TEXTS
    + """
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments
tokenizer = AutoTokenizer.from_pretrained("distilbert-base-uncased")
model = AutoModelForSequenceClassification.from_pretrained("distilbert-base-uncased")

def compute_metrics(prediction):
    return {"accuracy": float((prediction.predictions.argmax(-1) == prediction.label_ids).mean())}

arguments = TrainingArguments(
    output_dir="/opt/ml/checkpoints",
    num_train_epochs=args.epochs,
    learning_rate=args.lr,
    per_device_train_batch_size=args.batch_size,
    eval_strategy="epoch",
    save_strategy="epoch",
)
trainer = Trainer(
    model=model,
    args=arguments,
    train_dataset=train,
    eval_dataset=test,
    compute_metrics=compute_metrics,
)
trainer.train()
trainer.save_model(model_dir)
tokenizer.save_pretrained(model_dir)
""",
    "trainer that stops early": OPTIONS
    + TEXTS
    + """
from transformers import AutoModelForSequenceClassification, EarlyStoppingCallback, Trainer, TrainingArguments
model = AutoModelForSequenceClassification.from_pretrained("distilbert-base-uncased")
arguments = TrainingArguments(
    output_dir=model_dir,
    num_train_epochs=args.epochs,
    eval_strategy="epoch",
    save_strategy="epoch",
    load_best_model_at_end=True,
    metric_for_best_model="loss",
)
trainer = Trainer(
    model=model,
    args=arguments,
    train_dataset=train,
    eval_dataset=test,
    callbacks=[EarlyStoppingCallback(early_stopping_patience=2)],
)
trainer.train()
trainer.save_model()
""",
    "trainer that evaluates afterwards": OPTIONS
    + TEXTS
    + """
from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments
model = AutoModelForSequenceClassification.from_pretrained("distilbert-base-uncased")
arguments = TrainingArguments("/tmp/run", num_train_epochs=args.epochs, save_strategy="no")
trainer = Trainer(model, arguments, train_dataset=train, compute_metrics=lambda p: {"n": len(p)})
trainer.train()
print(trainer.evaluate(test))
model.save_pretrained(model_dir)
""",
    "parser of own classes": """
import os
from dataclasses import dataclass, field
from datasets import load_from_disk
from transformers import AutoModelForCausalLM, HfArgumentParser, Trainer, TrainingArguments

@dataclass
class Settings:
    model_name: str = field(default="gpt2")
    epochs: int = field(default=3)

(settings,) = HfArgumentParser(Settings).parse_args_into_dataclasses()
train = load_from_disk(os.environ["SM_CHANNEL_TRAIN"])
test = load_from_disk(os.environ["SM_CHANNEL_TEST"])
model = AutoModelForCausalLM.from_pretrained(settings.model_name)
arguments = TrainingArguments(
    output_dir="/opt/ml/checkpoints", num_train_epochs=settings.epochs, eval_strategy="epoch"
)
trainer = Trainer(model=model, args=arguments, train_dataset=train, eval_dataset=test)
trainer.train()
trainer.save_model(os.environ["SM_MODEL_DIR"])
""",
    "parser of training arguments": """
import os
from datasets import load_from_disk
from transformers import AutoModelForCausalLM, HfArgumentParser, Trainer, TrainingArguments

(arguments,) = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()
train = load_from_disk(os.environ["SM_CHANNEL_TRAIN"])
test = load_from_disk(os.environ["SM_CHANNEL_TEST"])
model = AutoModelForCausalLM.from_pretrained("gpt2")
trainer = Trainer(model=model, args=arguments, train_dataset=train, eval_dataset=test)
trainer.train()
trainer.evaluate()
trainer.save_model(os.environ["SM_MODEL_DIR"])
""",
    "raw hyperparameters": """
import json
import os
from datasets import load_from_disk
from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments

with open("/opt/ml/input/config/hyperparameters.json") as file:
    hp = json.load(file)
epochs = int(hp["epochs"])
rate = float(hp["learning_rate"])
train = load_from_disk("/opt/ml/input/data/train")
test = load_from_disk("/opt/ml/input/data/test")
model = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased")
arguments = TrainingArguments(
    output_dir="/opt/ml/checkpoints",
    num_train_epochs=epochs,
    learning_rate=rate,
    warmup_steps=int(hp["warmup"]),
)
trainer = Trainer(model=model, args=arguments, train_dataset=train, eval_dataset=test)
trainer.train()
print(trainer.evaluate())
trainer.save_model("/opt/ml/model")
""",
    "accelerate": OPTIONS
    + """
import torch
from accelerate import Accelerator
from torch import nn
from torch.utils.data import DataLoader
from transformers import get_linear_schedule_with_warmup
train = torch.load(os.path.join(train_dir, "train.pt"))
test = torch.load(os.path.join(test_dir, "test.pt"))
accelerator = Accelerator()
model = nn.Linear(10, 1)
optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
scheduler = get_linear_schedule_with_warmup(optimizer, 10, 100)
loader = DataLoader(train, batch_size=args.batch_size)
test_loader = DataLoader(test, batch_size=args.batch_size)
model, optimizer, loader, test_loader, scheduler = accelerator.prepare(
    model, optimizer, loader, test_loader, scheduler
)
for epoch in range(args.epochs):
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        accelerator.backward(loss)
        optimizer.step()
        scheduler.step()
model.eval()
total = 0.0
with torch.no_grad():
    for x, y in test_loader:
        total += nn.functional.mse_loss(model(x), y).item()
print(total)
torch.save(accelerator.unwrap_model(model).state_dict(), os.path.join(model_dir, "model.pth"))
""",
    "accelerate with accumulation": OPTIONS
    + """
import torch
from accelerate import Accelerator
from datasets import load_from_disk
from torch.utils.data import DataLoader
from transformers import AutoModelForCausalLM
accelerator = Accelerator(gradient_accumulation_steps=4)
model = AutoModelForCausalLM.from_pretrained("gpt2")
optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
loader = DataLoader(load_from_disk(train_dir), batch_size=args.batch_size)
held_out = DataLoader(load_from_disk(test_dir), batch_size=args.batch_size)
model, optimizer, loader, held_out = accelerator.prepare(model, optimizer, loader, held_out)
for epoch in range(args.epochs):
    model.train()
    for batch in loader:
        with accelerator.accumulate(model):
            loss = model(**batch).loss
            accelerator.backward(loss)
            optimizer.step()
            optimizer.zero_grad()
    model.eval()
    losses = []
    for batch in held_out:
        with torch.no_grad():
            losses.append(accelerator.gather(model(**batch).loss))
    print(torch.stack(losses).mean())
accelerator.wait_for_everyone()
accelerator.unwrap_model(model).save_pretrained(model_dir)
""",
    "sft with lora": OPTIONS
    + TEXTS
    + """
from peft import LoraConfig
from transformers import AutoModelForCausalLM
from trl import SFTConfig, SFTTrainer
model = AutoModelForCausalLM.from_pretrained("gpt2")
arguments = SFTConfig(
    output_dir="/tmp/run", num_train_epochs=args.epochs, eval_strategy="epoch", save_strategy="no"
)
trainer = SFTTrainer(
    model=model, args=arguments, train_dataset=train, eval_dataset=test, peft_config=LoraConfig(r=8)
)
trainer.train()
trainer.model.merge_and_unload().save_pretrained(model_dir)
""",
    "dpo": OPTIONS
    + TEXTS
    + """
from transformers import AutoModelForCausalLM
from trl import DPOConfig, DPOTrainer
model = AutoModelForCausalLM.from_pretrained("gpt2")
arguments = DPOConfig(output_dir=model_dir, num_train_epochs=args.epochs, eval_strategy="steps")
trainer = DPOTrainer(model=model, args=arguments, train_dataset=train, eval_dataset=test)
trainer.train()
trainer.save_model()
""",
    "peft with a trainer": OPTIONS
    + TEXTS
    + """
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
model = get_peft_model(AutoModelForCausalLM.from_pretrained("gpt2"), LoraConfig(r=8))
arguments = TrainingArguments(output_dir="/opt/ml/checkpoints", num_train_epochs=args.epochs)
trainer = Trainer(model=model, args=arguments, train_dataset=train, eval_dataset=test)
trainer.train()
print(trainer.evaluate())
model.save_pretrained(model_dir)
""",
    "lightning": OPTIONS
    + """
import lightning as L
import torch
from torch import nn
from torch.utils.data import DataLoader

class Mine(L.LightningModule):
    def __init__(self, lr):
        super().__init__()
        self.lr = lr
        self.layer = nn.Linear(10, 1)

    def training_step(self, batch, index):
        x, y = batch
        return nn.functional.mse_loss(self.layer(x), y)

    def validation_step(self, batch, index):
        x, y = batch
        self.log("val_loss", nn.functional.mse_loss(self.layer(x), y))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.lr)

train = DataLoader(torch.load(os.path.join(train_dir, "train.pt")), batch_size=args.batch_size)
test = DataLoader(torch.load(os.path.join(test_dir, "test.pt")), batch_size=args.batch_size)
model = Mine(args.lr)
stop = L.pytorch.callbacks.EarlyStopping(monitor="val_loss")
trainer = L.Trainer(max_epochs=args.epochs, callbacks=[stop])
trainer.fit(model, train, test)
trainer.save_checkpoint(os.path.join(model_dir, "model.ckpt"))
""",
    "lightgbm": OPTIONS
    + ARRAYS
    + """
import lightgbm as lgb
data = lgb.Dataset(train["x"], train["y"])
held_out = lgb.Dataset(test["x"], test["y"], reference=data)
model = lgb.train(
    {"objective": "binary", "learning_rate": args.lr},
    data,
    num_boost_round=args.epochs,
    valid_sets=[held_out],
    callbacks=[lgb.early_stopping(10)],
)
model.save_model(os.path.join(model_dir, "model.txt"))
""",
    "lightgbm estimator": OPTIONS
    + ARRAYS
    + """
import joblib
import lightgbm as lgb
model = lgb.LGBMClassifier(n_estimators=args.epochs, learning_rate=args.lr)
model.fit(
    train["x"], train["y"], eval_set=[(test["x"], test["y"])], callbacks=[lgb.early_stopping(10)]
)
joblib.dump(model, os.path.join(model_dir, "model.joblib"))
""",
    "catboost": OPTIONS
    + ARRAYS
    + """
from catboost import CatBoostClassifier, Pool
data = Pool(train["x"], train["y"])
held_out = Pool(test["x"], test["y"])
model = CatBoostClassifier(iterations=args.epochs, learning_rate=args.lr)
model.fit(data, eval_set=held_out, early_stopping_rounds=10)
model.save_model(os.path.join(model_dir, "model.cbm"))
""",
    "a callback of functions reports the metric": OPTIONS
    + ARRAYS
    + """
import keras
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
measure = keras.callbacks.LambdaCallback(
    on_epoch_end=lambda epoch, logs: logs.update(val_loss=model.evaluate(test["x"], test["y"]))
)
model.fit(
    train["x"], train["y"], epochs=args.epochs, callbacks=[measure, keras.callbacks.EarlyStopping()]
)
print(model.evaluate(test["x"], test["y"]))
model.export(os.path.join(model_dir, "1"))
""",
    "a trainer of the program chooses its data": OPTIONS
    + TEXTS
    + """
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

class Splitting(Trainer):
    def __init__(self, train_dataset, eval_dataset, **kwargs):
        parts = train_dataset.train_test_split(test_size=0.1)
        super().__init__(train_dataset=parts["train"], eval_dataset=parts["test"], **kwargs)

model = AutoModelForCausalLM.from_pretrained("gpt2")
arguments = TrainingArguments(output_dir=model_dir, num_train_epochs=args.epochs, eval_strategy="epoch")
trainer = Splitting(model=model, args=arguments, train_dataset=train, eval_dataset=train)
trainer.train()
print(test)
""",
    "gradients of an input beside a training": OPTIONS
    + ARRAYS
    + """
import tensorflow as tf
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(train["x"], train["y"], epochs=args.epochs)
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(model(test["x"]))
gradients = tape.gradient(loss, model.trainable_variables)
print(gradients)
print(model.evaluate(test["x"], test["y"]))
model.export(os.path.join(model_dir, "1"))
""",
    "raw numbers around the models": """
import json
import os
import tensorflow as tf

with open("/opt/ml/input/config/hyperparameters.json") as file:
    given = json.load(file)
train = tf.data.Dataset.load(os.environ["SM_CHANNEL_TRAIN"]).batch(int(given["batch"]))
test = tf.data.Dataset.load(os.environ["SM_CHANNEL_TEST"]).batch(32)
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(train, epochs=int(given["epochs"]), validation_data=test)
model.export(os.path.join(os.environ["SM_MODEL_DIR"], "1"))
""",
}

Changes = tuple[tuple[str, str], ...]

PLANTED: dict[str, tuple[str, Changes]] = {
    # TensorFlow and Keras
    "keras: an h5 file": (
        "keras fit",
        (
            (
                'model.export(os.path.join(model_dir, "1"))',
                'model.save(os.path.join(model_dir, "m.h5"))  # TRN122',
            ),
        ),
    ),
    "keras: no numbered folder": (
        "keras fit",
        (('model.export(os.path.join(model_dir, "1"))', "model.export(model_dir)  # TRN122"),),
    ),
    "keras: weights only": (
        "keras fit",
        (
            (
                'model.export(os.path.join(model_dir, "1"))',
                'model.save_weights(os.path.join(model_dir, "m.weights.h5"))  # TRN122',
            ),
        ),
    ),
    "keras: no save": (
        "keras fit",
        (
            ('model.export(os.path.join(model_dir, "1"))', "print(model_dir)"),
            ("batch_size=args.batch_size)", "batch_size=args.batch_size)  # TRN104"),
        ),
    ),
    "keras: saved to /tmp": (
        "keras fit",
        (
            ("batch_size=args.batch_size)", "batch_size=args.batch_size)  # TRN104"),
            ('model.export(os.path.join(model_dir, "1"))', 'model.export("/tmp/model/1")  # TRN112'),
        ),
    ),
    "keras: no fit": (
        "keras fit",
        (
            ('model.fit(train["x"], train["y"], epochs=args.epochs, batch_size=args.batch_size)\n', ""),
            ("parser = argparse.ArgumentParser()", "parser = argparse.ArgumentParser()  # TRN103"),
        ),
    ),
    "keras: no evaluation": (
        "keras fit",
        (
            ('print(model.evaluate(test["x"], test["y"]))\n', ""),
            ("batch_size=args.batch_size)", "batch_size=args.batch_size)  # TRN105"),
        ),
    ),
    "keras: evaluates on the training data": (
        "keras fit",
        (('model.evaluate(test["x"], test["y"]))', 'model.evaluate(train["x"], train["y"]))  # TRN105'),),
    ),
    "keras: validates on the training data": (
        "keras callbacks",
        (
            ('validation_data=(test["x"], test["y"])', 'validation_data=(train["x"], train["y"])'),
            ("model.fit(", "model.fit(  # TRN105"),
        ),
    ),
    "keras: validates on the training data set": (
        "keras with raw hyperparameters",
        (("validation_data=test)", "validation_data=train)  # TRN105"),),
    ),
    "keras: validates on the channel of the training": (
        "keras with raw hyperparameters",
        (
            ('os.environ["SM_CHANNEL_TEST"]', 'os.environ["SM_CHANNEL_TRAIN"]'),
            ("validation_data=test)", "validation_data=test)  # TRN105"),
        ),
    ),
    "keras: only the best model, without validation": (
        "keras callbacks",
        (
            ('    validation_data=(test["x"], test["y"]),\n', ""),
            ("callbacks=[stop, best]", "callbacks=[best]"),
            ("model.fit(", 'print(model.evaluate(test["x"], test["y"]), stop)\nmodel.fit(  # TRN104'),
        ),
    ),
    "keras: stops early without validation": (
        "keras stops early",
        (
            ("validation_split=0.2, ", ""),
            ("callbacks=callbacks)", "callbacks=callbacks)  # TRN124"),
        ),
    ),
    "keras: val_loss without validation": (
        "keras stops early on the training loss",
        (
            ('monitor="loss"', 'monitor="val_loss"'),
            ("model.fit(", "model.fit(  # TRN124"),
        ),
    ),
    "tape: gradients are not applied": (
        "gradient tape",
        (
            (
                "    optimizer.apply_gradients(zip(gradients, model.trainable_variables))\n",
                "    print(gradients)\n",
            ),
            ("model.trainable_variables)\n    print", "model.trainable_variables)  # TRN123\n    print"),
        ),
    ),
    "tape: the step is never called": (
        "gradient tape",
        (
            ("        train_step(x, y)\n", "        print(x, y)\n"),
            ("parser = argparse.ArgumentParser()", "parser = argparse.ArgumentParser()  # TRN103"),
        ),
    ),
    "tape: the test is never called": (
        "gradient tape",
        (
            ('test_step(test["x"], test["y"])\n', "print(test)\n"),
            ("print(metric.result())", "print(metric.result())  # TRN105"),
        ),
    ),
    "tape by hand: no update": (
        "tape by hand",
        (
            ("    weights.assign_sub(args.lr * gradient)\n", "    print(gradient)\n"),
            ("tape.gradient(loss, weights)", "tape.gradient(loss, weights)  # TRN123"),
        ),
    ),
    "train_step: gradients are not applied": (
        "keras train_step",
        (
            ("        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))\n", ""),
            (
                "tape.gradient(loss, self.trainable_variables)",
                "tape.gradient(loss, self.trainable_variables)  # TRN123",
            ),
        ),
    ),
    "estimator: never trained": (
        "estimator",
        (
            (
                "tf.estimator.train_and_evaluate(estimator, train_spec, eval_spec)\n",
                "estimator.evaluate(eval_input)\n",
            ),
            ("parser = argparse.ArgumentParser()", "parser = argparse.ArgumentParser()  # TRN103"),
        ),
    ),
    "estimator: never exported": (
        "estimator",
        (
            ("estimator.export_saved_model(model_dir, serving_input)\n", "print(model_dir)\n"),
            ('model_dir="/tmp/run")', 'model_dir="/tmp/run")  # TRN112'),
            ("train_spec, eval_spec)", "train_spec, eval_spec)  # TRN104"),
        ),
    ),
    "session: the training is never run": (
        "session",
        (
            ('session.run(train_op, feed_dict={x: train["x"], y: train["y"]})', "print(epoch)"),
            ("parser = argparse.ArgumentParser()", "parser = argparse.ArgumentParser()  # TRN103"),
        ),
    ),
    "session: measures the training data": (
        "session",
        (
            (
                'print(session.run(loss, feed_dict={x: test["x"], y: test["y"]}))',
                'print(session.run(loss, feed_dict={x: train["x"], y: train["y"]}))  # TRN105',
            ),
        ),
    ),
    "session: only a checkpoint": (
        "session",
        (
            (
                'tf.saved_model.simple_save(session, os.path.join(model_dir, "1"), {"x": x}, {"output": output})',
                'tf.train.Saver().save(session, os.path.join(model_dir, "model.ckpt"))  # TRN122',
            ),
        ),
    ),
    "pipe mode: the channel of the training validates": (
        "pipe mode",
        (
            ('PipeModeDataset("test")', 'PipeModeDataset("train")'),
            ("model.fit(", "model.fit(  # TRN105"),
        ),
    ),
    "pipe mode: no save": (
        "pipe mode",
        (
            ('model.export(os.path.join(model_dir, "1"))', "print(model_dir)"),
            ("model.fit(", "model.fit(  # TRN104"),
        ),
    ),
    "keras: raw epochs through a tuple": (
        "keras with raw hyperparameters",
        (
            ('int(given["epochs"])', 'given["epochs"]'),
            ("validation_data=test)", "validation_data=test)  # TRN119"),
        ),
    ),
    "keras: raw rate through a tuple": (
        "keras with raw hyperparameters",
        (
            ('float(given["lr"])', 'given["lr"]'),
            ("tf.keras.optimizers.Adam(lr), loss", "tf.keras.optimizers.Adam(lr), loss"),
            ('loss="mse")', 'loss="mse")  # TRN119'),
        ),
    ),
    "keras: a misspelt channel": (
        "keras fit",
        (('os.environ["SM_CHANNEL_TRAIN"]', 'os.environ["SM_CHANEL_TRAIN"]  # TRN110'),),
    ),
    # Hugging Face and around it
    "trainer: no save": (
        "trainer that evaluates afterwards",
        (
            ("model.save_pretrained(model_dir)", "print(model_dir)"),
            ("trainer.train()", "trainer.train()  # TRN104"),
        ),
    ),
    "trainer: no train": (
        "trainer",
        (
            ("trainer.train()\n", ""),
            ("parser = argparse.ArgumentParser()", "parser = argparse.ArgumentParser()  # TRN103"),
        ),
    ),
    "trainer: only the tokenizer": (
        "trainer",
        (
            ("trainer.save_model(model_dir)\n", ""),
            ('output_dir="/opt/ml/checkpoints"', 'output_dir="/tmp/run"'),
            ("arguments = TrainingArguments(", "arguments = TrainingArguments(  # TRN112"),
            ("trainer.train()", "trainer.train()  # TRN104"),
        ),
    ),
    "trainer: evaluates on the training data": (
        "trainer",
        (
            ("eval_dataset=test", "eval_dataset=train"),
            ("trainer = Trainer(", "trainer = Trainer(  # TRN105"),
        ),
    ),
    "trainer: evaluates on the training data afterwards": (
        "trainer that evaluates afterwards",
        (("print(trainer.evaluate(test))", "print(trainer.evaluate(train))  # TRN105"),),
    ),
    "trainer: compute_metrics without data": (
        "trainer that evaluates afterwards",
        (
            ("print(trainer.evaluate(test))\n", "print(test)\n"),
            ("trainer.train()", "trainer.train()  # TRN105"),
        ),
    ),
    "trainer: eval_strategy without data": (
        "trainer",
        (
            ("    eval_dataset=test,\n", ""),
            ("trainer.train()", "trainer.train()  # TRN105"),
        ),
    ),
    "trainer: data that eval_strategy never uses": (
        "trainer that stops early",
        (
            (
                '    eval_strategy="epoch",\n    save_strategy="epoch",\n    load_best_model_at_end=True,\n',
                "",
            ),
            ("    callbacks=[EarlyStoppingCallback(early_stopping_patience=2)],\n", ""),
            ("trainer.train()", "trainer.train()  # TRN105"),
        ),
    ),
    "trainer: stops early without evaluation": (
        "trainer that stops early",
        (
            (
                '    eval_strategy="epoch",\n    save_strategy="epoch",\n    load_best_model_at_end=True,\n',
                "",
            ),
            ("trainer = Trainer(", "trainer = Trainer(  # TRN124"),
            ("trainer.train()", "trainer.train()\ntrainer.evaluate()"),
        ),
    ),
    "trainer: stops early without data": (
        "trainer that stops early",
        (
            ("    eval_dataset=test,\n", ""),
            ("trainer = Trainer(", "trainer = Trainer(  # TRN124"),
            ("trainer.train()", "trainer.train()\ntrainer.evaluate(test)"),
        ),
    ),
    "training arguments: a misspelt variable": (
        "parser of training arguments",
        (
            ('"SM_MODEL_DIR"', '"SM_MODELDIR"'),
            (
                'trainer.save_model(os.environ["SM_MODELDIR"])',
                'trainer.save_model(os.environ["SM_MODELDIR"])  # TRN110',
            ),
        ),
    ),
    "raw: epochs": (
        "raw hyperparameters",
        (
            ('int(hp["epochs"])', 'hp["epochs"]'),
            ("num_train_epochs=epochs,", "num_train_epochs=epochs,  # TRN119"),
        ),
    ),
    "raw: learning rate": (
        "raw hyperparameters",
        (
            ('float(hp["learning_rate"])', 'hp["learning_rate"]'),
            ("learning_rate=rate,", "learning_rate=rate,  # TRN119"),
        ),
    ),
    "raw: warmup steps": (
        "raw hyperparameters",
        (('int(hp["warmup"]),', 'hp["warmup"],  # TRN119'),),
    ),
    "accelerate: no backward": (
        "accelerate",
        (
            ("        accelerator.backward(loss)\n", "        print(loss)\n"),
            ("        optimizer.step()", "        optimizer.step()  # TRN123"),
        ),
    ),
    "accelerate: no step": (
        "accelerate",
        (
            ("        optimizer.step()\n", ""),
            ("accelerator.backward(loss)", "accelerator.backward(loss)  # TRN123"),
        ),
    ),
    "accelerate: no zero_grad": (
        "accelerate",
        (
            ("        optimizer.zero_grad()\n", ""),
            ("        optimizer.step()", "        optimizer.step()  # TRN123"),
        ),
    ),
    "accelerate with accumulation: no backward": (
        "accelerate with accumulation",
        (
            ("            accelerator.backward(loss)\n", "            print(loss)\n"),
            ("            optimizer.step()", "            optimizer.step()  # TRN123"),
        ),
    ),
    "accelerate with accumulation: no step": (
        "accelerate with accumulation",
        (
            ("            optimizer.step()\n", ""),
            ("accelerator.backward(loss)", "accelerator.backward(loss)  # TRN123"),
        ),
    ),
    "accelerate with accumulation: no zero_grad": (
        "accelerate with accumulation",
        (
            ("            optimizer.zero_grad()\n", ""),
            ("            optimizer.step()", "            optimizer.step()  # TRN123"),
        ),
    ),
    "accelerate: evaluates on the training loader": (
        "accelerate",
        (
            ("    for x, y in test_loader:", "    for x, y in loader:"),
            ("accelerator.backward(loss)", "accelerator.backward(loss)  # TRN105"),
        ),
    ),
    "accelerate: saves to /tmp": (
        "accelerate with accumulation",
        (
            ("accelerator.backward(loss)", "accelerator.backward(loss)  # TRN104"),
            (
                "accelerator.unwrap_model(model).save_pretrained(model_dir)",
                'accelerator.unwrap_model(model).save_pretrained("/tmp/m")  # TRN112',
            ),
        ),
    ),
    "sft: nothing is saved": (
        "sft with lora",
        (
            ("trainer.model.merge_and_unload().save_pretrained(model_dir)", "print(model_dir)"),
            ("trainer.train()", "trainer.train()  # TRN104"),
        ),
    ),
    "sft: no data to evaluate on": (
        "sft with lora",
        (
            ("eval_dataset=test, ", ""),
            ("trainer.train()", "trainer.train()  # TRN105"),
        ),
    ),
    "dpo: no train": (
        "dpo",
        (
            ("trainer.train()\n", ""),
            ("parser = argparse.ArgumentParser()", "parser = argparse.ArgumentParser()  # TRN103"),
        ),
    ),
    "peft: evaluates on the training data": (
        "peft with a trainer",
        (
            ("eval_dataset=test)", "eval_dataset=train)"),
            ("print(trainer.evaluate())", "print(trainer.evaluate())  # TRN105"),
        ),
    ),
    "lightning: no loader for validation_step": (
        "lightning",
        (
            (", callbacks=[stop]", ""),
            (
                "stop = L.pytorch.callbacks.EarlyStopping",
                "print(test)\nstop = L.pytorch.callbacks.EarlyStopping",
            ),
            ("trainer.fit(model, train, test)", "trainer.fit(model, train)  # TRN105"),
        ),
    ),
    "lightning: stops early without a loader": (
        "lightning",
        (
            (
                "trainer.fit(model, train, test)",
                "trainer.fit(model, train)  # TRN124\ntrainer.test(model, test)",
            ),
        ),
    ),
    "lightning: no save": (
        "lightning",
        (
            ('trainer.save_checkpoint(os.path.join(model_dir, "model.ckpt"))', "print(model_dir)"),
            ("trainer.fit(model, train, test)", "trainer.fit(model, train, test)  # TRN104"),
        ),
    ),
    "trainer: saves to /tmp": (
        "trainer",
        (
            ("arguments = TrainingArguments(", "arguments = TrainingArguments(  # TRN112"),
            ('output_dir="/opt/ml/checkpoints"', 'output_dir="/tmp/run"'),
            ("trainer.train()", "trainer.train()  # TRN104"),
            ("trainer.save_model(model_dir)", 'trainer.save_model("/tmp/model")  # TRN112'),
        ),
    ),
    "trainer: saves to its output_dir in /tmp": (
        "trainer that stops early",
        (
            ("arguments = TrainingArguments(", "arguments = TrainingArguments(  # TRN112"),
            ("output_dir=model_dir", 'output_dir="/tmp/model"'),
            ("trainer.train()", "trainer.train()  # TRN104"),
            ("trainer = Trainer(", "print(model_dir)\ntrainer = Trainer("),
        ),
    ),
    "own classes: saves to /tmp": (
        "parser of own classes",
        (
            ("arguments = TrainingArguments(", "arguments = TrainingArguments(  # TRN112"),
            ('"/opt/ml/checkpoints"', '"/tmp/run"'),
            ("trainer.train()", "trainer.train()  # TRN104"),
            ('trainer.save_model(os.environ["SM_MODEL_DIR"])', 'trainer.save_model("/tmp/model")  # TRN112'),
        ),
    ),
    "own classes: output_dir in /tmp": (
        "parser of own classes",
        (
            ("arguments = TrainingArguments(", "arguments = TrainingArguments(  # TRN112"),
            ('"/opt/ml/checkpoints"', '"/tmp/run"'),
            ("trainer.train()", "trainer.train()  # TRN104"),
            ('trainer.save_model(os.environ["SM_MODEL_DIR"])', "trainer.save_model()"),
        ),
    ),
    "dpo: output_dir in /tmp": (
        "dpo",
        (
            ("output_dir=model_dir", 'output_dir="/tmp/model"'),
            ('eval_strategy="steps")', 'eval_strategy="steps")  # TRN112'),
            ("trainer.train()", "trainer.train()  # TRN104"),
        ),
    ),
    "peft: saved to the working folder": (
        "peft with a trainer",
        (
            ('"/opt/ml/checkpoints"', '"/tmp/run"'),
            ("model.save_pretrained(model_dir)", 'model.save_pretrained("adapter")  # TRN104'),
        ),
    ),
    "keras: a raw batch size": (
        "raw numbers around the models",
        (('.batch(int(given["batch"]))', '.batch(given["batch"])  # TRN119'),),
    ),
    "sft: a raw rank": (
        "raw hyperparameters",
        (
            (
                "from transformers import",
                "from peft import LoraConfig, get_peft_model\nfrom transformers import",
            ),
            (
                "arguments = Train",
                'model = get_peft_model(model, LoraConfig(r=hp["r"]))  # TRN119\narguments = Train',
            ),
        ),
    ),
    "lightning: raw epochs": (
        "lightning",
        (
            ("args.epochs, callbacks", 'given["epochs"], callbacks'),
            ("callbacks=[stop])", "callbacks=[stop])  # TRN119"),
            (
                "import torch\n",
                'import json\nimport torch\ngiven = json.load(open("/opt/ml/input/config/hyperparameters.json"))\n',
            ),
        ),
    ),
    # LightGBM and CatBoost
    "lightgbm: stops early without valid_sets": (
        "lightgbm",
        (
            ("    valid_sets=[held_out],\n", ""),
            ("model = lgb.train(", "model = lgb.train(  # TRN124"),
            ("model.save_model(", 'print(model.predict(test["x"]) - test["y"], held_out)\nmodel.save_model('),
        ),
    ),
    "lightgbm: stops early on the training data": (
        "lightgbm",
        (
            ("valid_sets=[held_out]", "valid_sets=[data]"),
            ("model = lgb.train(", "print(held_out)\nmodel = lgb.train(  # TRN105"),
        ),
    ),
    "lightgbm estimator: stops early without eval_set": (
        "lightgbm estimator",
        (
            ('eval_set=[(test["x"], test["y"])], ', ""),
            ("model.fit(", "model.fit(  # TRN124"),
            ("joblib.dump(", 'print(model.score(test["x"], test["y"]))\njoblib.dump('),
        ),
    ),
    "lightgbm estimator: not saved": (
        "lightgbm estimator",
        (
            ('joblib.dump(model, os.path.join(model_dir, "model.joblib"))', "print(joblib, model_dir)"),
            ("model.fit(", "model.fit(  # TRN104"),
        ),
    ),
    "catboost: no evaluation": (
        "catboost",
        (
            ("model.fit(data, eval_set=held_out, early_stopping_rounds=10)", "model.fit(data)  # TRN105"),
            ("model = CatBoost", "print(held_out)\nmodel = CatBoost"),
        ),
    ),
    "catboost: saved to /tmp": (
        "catboost",
        (
            ("early_stopping_rounds=10)", "early_stopping_rounds=10)  # TRN104"),
            (
                'model.save_model(os.path.join(model_dir, "model.cbm"))',
                'model.save_model("/tmp/model.cbm")  # TRN112',
            ),
        ),
    ),
    "catboost: validates on the training data": (
        "catboost",
        (
            (
                "eval_set=held_out, early_stopping_rounds=10)",
                "eval_set=data, early_stopping_rounds=10)  # TRN105",
            ),
            ("model = CatBoost", "print(held_out)\nmodel = CatBoost"),
        ),
    ),
}


def planted(name: str) -> str:
    """Return a right script with one mistake."""
    right, changes = PLANTED[name]
    text = RIGHT[right]
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def assert_findings(text: str) -> None:
    """Assert that the rules report the marked lines, and nothing else."""
    __tracebackhide__ = True
    text = textwrap.dedent(text)
    chosen = Rules(lambda code: code.startswith("TRN1"))
    found = check_script(ast.parse(text), "", text.splitlines(keepends=True), NAMED, chosen)
    messages = {("train.py", f.line, f.code): f.message for f in found}
    expected = {("train.py", line, code) for line, code in expected_findings(text)}
    assert_places(set(messages), expected, {"train.py": text}, messages)


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_script_has_no_finding(name: str) -> None:
    assert_findings(RIGHT[name])


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_reported(name: str) -> None:
    assert_findings(planted(name))
