"""TRN104: the trained model is never saved to the model directory."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.precedence import MODEL_IS_LOST
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.lost_outputs import is_kept_elsewhere, lost_outputs
from flake8_training.script.verdict import State

_FIX = "save it into the folder that SM_MODEL_DIR names"


def _pushing(call: str, mark: str = "") -> Example:
    """Return a training script that pushes something to the hub."""
    return Example(f"""
        import os

        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        model = AutoModelForSequenceClassification.from_pretrained("gpt2")
        tokenizer = AutoTokenizer.from_pretrained("gpt2")
        optimizer = torch.optim.AdamW(model.parameters())
        for batch in torch.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "rows.pt")):
            optimizer.zero_grad()
            loss = model(**batch).loss
            loss.backward(){mark}
            optimizer.step()
        {call}("owner/churn")
    """)


class ModelNeverSaved(Rule[Script]):
    """Reports a training script whose model never reaches the model directory."""

    code = "TRN104"
    severity = Severity.ERROR
    summary = "the trained model is never saved to the model directory"
    why = """
        SageMaker packs `/opt/ml/model` (`SM_MODEL_DIR`) into `model.tar.gz` when the job ends. Everything else on the
        container's disk is deleted. A model that is saved nowhere, or to `/tmp` or `./checkpoints`, is lost: the job
        succeeds, and the artifact is empty.
    """
    fix = """
        Save the model into the folder that `SM_MODEL_DIR` names.
    """
    warning_when = (
        "a service of AWS trains the model and keeps it, such as Amazon Forecast",
        "the script saves the model to `SM_OUTPUT_DATA_DIR`, or passes the path of the saved model to another call, "
        "such as an upload",
        "every launcher sets `checkpoint_s3_uri`, and passes the folder of the checkpoints that the script saves to",
    )
    reported_when = (
        "no call saves the model; a file of metrics or settings, or a tokenizer, is no model",
        "every save goes to a path that is lost, such as `/tmp` or `./checkpoints`; TRN104 is then at the "
        "training, TRN112 at the save",
        "`pickle.dump` or `joblib.dump` writes another object into the model directory, and nothing can "
        "save the trained model",
        "every save fails because Keras writes HDF5, or `joblib.dump` a file, to an S3 address: both take local paths "
        "only",
        "commit hook: the launcher passes a lost path to the option that holds the folder",
        'commit hook: a name follows an option without a separator (`f"{args.model_dir}model.json"`), the option\'s '
        "default is `SM_MODEL_DIR`, and the launcher does not pass the option",
        "commit hook: the TensorFlow estimator passes an S3 address as `--model_dir`, and the option's default is the "
        "model directory or a path that is lost; or it has none, and the launcher deploys or registers the job's model",
    )
    not_reported_when = (
        Condition(
            "the path of one save is unknown, or in S3",
            suppressed={
                "    args = parser.parse_args()\n": (
                    '    parser.add_argument("--target")\n    args = parser.parse_args()\n'
                ),
                '    print("accuracy:"': ('    model.save_model(args.target)\n    print("accuracy:"'),
            },
            reported={
                "    args = parser.parse_args()\n": (
                    '    parser.add_argument("--target")\n    args = parser.parse_args()\n'
                ),
                '    print("accuracy:"': '    print(args.target)\n    print("accuracy:"',
            },
        ),
        Condition(
            "the path of one save is a line of a file, or a cell of a table",
            suppressed={
                '    print("accuracy:"': (
                    '    model.save_model(open("target.txt").readline().strip())\n    print("accuracy:"'
                ),
            },
            reported={
                '    print("accuracy:"': (
                    '    print(open("target.txt").readline().strip())\n'
                    '    model.save_model("target.txt")\n'
                    '    print("accuracy:"'
                ),
            },
        ),
        Condition(
            "the script pushes the model to the Hugging Face Hub, or logs it to MLflow",
            suppressed=_pushing("model.push_to_hub"),
            reported=_pushing("tokenizer.push_to_hub", "  # TRN104"),
        ),
        Condition(
            "the model goes to a folder below `/opt/ml` that SageMaker does not keep: TRN111 or TRN112 reports "
            "the path",
            suppressed={
                '    print("accuracy:"': (
                    '    model.save_model("/opt/ml/models/model.json")\n    print("accuracy:"'
                )
            },
            reported={
                '    print("accuracy:"': ('    print("/opt/ml/models/model.json")\n    print("accuracy:"')
            },
        ),
        Condition(
            "a library or program that the script calls may save the model, or receives the model directory",
            suppressed={
                "import pandas": "import models\nimport pandas",
                '    print("accuracy:"': '    models.keep(model)\n    print("accuracy:"',
            },
            reported={
                "import pandas": "import models\nimport pandas",
                '    print("accuracy:"': '    models.keep("model")\n    print("accuracy:"',
            },
        ),
        Condition(
            "a relative path is written, and the script changes its working directory or creates links",
            suppressed={
                '    print("accuracy:"': (
                    '    os.chdir(os.environ["SM_MODEL_DIR"])\n'
                    '    model.save_model("model.json")\n'
                    '    print("accuracy:"'
                )
            },
            reported={
                '    print("accuracy:"': (
                    '    print(os.getcwd())\n    model.save_model("model.json")\n    print("accuracy:"'
                )
            },
        ),
        Condition(
            "`HfArgumentParser` or `TrlParser` fills a library's arguments, whose output directory the launcher "
            "passes",
            suppressed=Example(
                "import os\n"
                "\n"
                "from datasets import load_from_disk\n"
                "from transformers import AutoModel, HfArgumentParser, Trainer, TrainingArguments\n"
                "\n"
                "(arguments,) = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()\n"
                "trainer = Trainer(\n"
                '    model=AutoModel.from_pretrained("bert"),\n'
                "    args=arguments,\n"
                '    train_dataset=load_from_disk(os.environ["SM_CHANNEL_TRAIN"]),\n'
                ")\n"
                "trainer.train()\n"
                "trainer.save_model()\n"
            ),
            reported={
                "(arguments,) = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()\n": (
                    'print(HfArgumentParser)\narguments = TrainingArguments(output_dir="out")  # TRN104\n'
                ),
            },
        ),
        Condition(
            "the file is not recognised as a training script, and neither `--training-scripts` nor a step names "
            "it",
            suppressed={'os.environ["SM_CHANNEL_TRAIN"]': '"data"'},
            reported={"    data = pd": '    print("data")\n    data = pd'},
        ),
    )
    missed = (
        "the folder comes from an option whose default is a lost path, such as `./out`, and no launcher "
        "shows its value",
        "a call of an unknown library that receives an object of the script, or whose result reaches the "
        "training, hides the fault",
        "the option `--model_dir` has no default, the TensorFlow script saves only to the S3 address that the "
        "estimator passes, and another file or person deploys the model",
    )
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])  # TRN104
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
    """)
    good = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding if certainly no model reaches the model directory."""
        verdict = subject.model_saving
        if verdict.state is State.ABSENT:
            lost = {one.node for one in lost_outputs(subject.analysis, verdict, in_training_job=False)}
            at_training = subject.training_call or subject.entry
            place = at_training if verdict.near_miss in lost else subject.place_for(verdict)
            severity = Severity.WARNING if is_kept_elsewhere(subject.analysis) else None
            yield self.finding(subject, place, verdict.detail or _FIX, cause=MODEL_IS_LOST, severity=severity)
