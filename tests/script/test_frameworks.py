"""Which frameworks a script trains with, and which it imports."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from flake8_training.script import read
from flake8_training.script.frameworks import frameworks, imported_frameworks


def frameworks_of(text: str, path: str = "stdin") -> tuple[str, ...]:
    text = textwrap.dedent(text)
    return frameworks(read(ast.parse(text), path, text.splitlines()).analysis)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            """
            import xgboost as xgb
            from sklearn.metrics import accuracy_score
            model = xgb.XGBClassifier().fit(X, y)
            print(accuracy_score(y, model.predict(X)))
            """,
            ("xgboost",),
        ),
        (
            """
            import torch
            import torch.nn.functional as F
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for x, y in loader:
                F.cross_entropy(model(x), y).backward()
                optimizer.step()
            """,
            ("pytorch",),
        ),
        (
            """
            from transformers import AutoModelForSequenceClassification, Trainer
            model = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased")
            Trainer(model=model).train()
            """,
            ("pytorch", "huggingface"),
        ),
        (
            """
            import torch
            from accelerate import Accelerator
            from transformers import AutoModelForCausalLM
            accelerator = Accelerator()
            model = AutoModelForCausalLM.from_pretrained("gpt2")
            for batch in loader:
                accelerator.backward(model(**batch).loss)
            """,
            ("pytorch", "huggingface"),
        ),
        (
            """
            from transformers import TFAutoModelForSequenceClassification
            model = TFAutoModelForSequenceClassification.from_pretrained("bert-base-uncased")
            model.fit(data)
            """,
            ("tensorflow", "huggingface"),
        ),
        # A tokenizer alone is no model of Hugging Face's.
        (
            """
            import torch
            from transformers import AutoTokenizer
            tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")
            torch.nn.functional.mse_loss(model(x), y).backward()
            """,
            ("pytorch",),
        ),
        # A wrapper trains with what is in it.
        (
            """
            from lightgbm import LGBMClassifier
            from sklearn.compose import ColumnTransformer
            from sklearn.pipeline import Pipeline
            from sklearn.preprocessing import StandardScaler
            Pipeline([("scale", StandardScaler()), ("model", LGBMClassifier())]).fit(X, y)
            """,
            ("lightgbm",),
        ),
        (
            """
            from sklearn.linear_model import LogisticRegression
            from sklearn.model_selection import GridSearchCV
            GridSearchCV(LogisticRegression(), {"C": [1, 2]}).fit(X, y)
            """,
            ("sklearn",),
        ),
        (
            """
            import xgboost
            from sklearn.ensemble import RandomForestClassifier, VotingClassifier
            members = [("a", RandomForestClassifier()), ("b", xgboost.XGBClassifier())]
            VotingClassifier(members).fit(X, y)
            """,
            ("xgboost", "sklearn"),
        ),
        # A reduction before another model is no model, and alone it is.
        (
            """
            import xgboost
            from sklearn.decomposition import PCA
            X = PCA(10).fit_transform(X)
            xgboost.XGBRegressor().fit(X, y)
            """,
            ("xgboost",),
        ),
        (
            """
            from sklearn.decomposition import PCA
            PCA(10).fit(X)
            """,
            ("sklearn",),
        ),
        # Out of sight: the imports decide, without scikit-learn's measures.
        (
            """
            import mxnet as mx
            from sklearn.metrics import f1_score
            from somewhere import build
            build(mx.cpu()).run_everything()
            """,
            ("mxnet",),
        ),
        ("import horovod.tensorflow as hvd\nhvd.init()\n", ("tensorflow",)),
        (
            """
            import subprocess
            command = ["torchrun", "--nproc_per_node", "8", "main.py"]
            subprocess.run(command, check=True)
            """,
            ("pytorch",),
        ),
        (
            """
            import subprocess
            subprocess.run(f"python3 /opt/{name}/xgboost/train.py", shell=True)
            """,
            ("xgboost",),
        ),
        ("print('nothing')\n", ("other",)),
        (
            """
            from catboost import CatBoostClassifier
            CatBoostClassifier().fit(X, y)
            """,
            ("other",),
        ),
    ],
)
def test_frameworks(text: str, expected: tuple[str, ...]) -> None:
    assert frameworks_of(text) == expected


def test_local_modules_count(tmp_path: Path) -> None:
    (tmp_path / "fitting.py").write_text(
        "import lightgbm as lgb\n\ndef run(data):\n    return lgb.train({}, lgb.Dataset(data))\n"
    )
    text = "from fitting import run\nmodel = run(data)\n"
    assert frameworks_of(text, str(tmp_path / "train.py")) == ("lightgbm",)


def test_imported_frameworks() -> None:
    text = "import numpy\nimport sklearn.metrics\nfrom keras import layers\nimport tensorflow as tf\n"
    found = imported_frameworks(read(ast.parse(text), "stdin", text.splitlines()).analysis)
    assert {name: (node.lineno, dotted) for name, (node, dotted) in found.items()} == {
        "sklearn": (2, "sklearn.metrics"),
        "tensorflow": (3, "keras.layers"),
    }
