"""Builds ``tables/library_names.json``: the names and keywords that went or came with versions of libraries.

    python scripts/library_names.py --wheels DIR           write the table from the wheels below a folder
    python scripts/library_names.py --wheels DIR --check   write nothing, exit 1 if the table would change

For developers; not shipped. The wheels are read as archives and parsed, not imported. For each library the table has
the versions that were read. A name or keyword that all of them have is left out; for any other, the table has ranges of
the versions that have it.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sagemaker_tables import TABLES, text_of

NAME = "library_names.json"
LIBRARIES = {
    "accelerate": "accelerate",
    "datasets": "datasets",
    "keras": "keras",
    "lightgbm": "lightgbm",
    "numpy": "numpy",
    "pandas": "pandas",
    "peft": "peft",
    "pytorch-lightning": "pytorch_lightning",
    "scikit-learn": "sklearn",
    "tensorflow": "tensorflow",
    "torch": "torch",
    "transformers": "transformers",
    "trl": "trl",
    "xgboost": "xgboost",
}
"""The distributions, and the names under which they are imported."""

OTHER_WHEELS = {"tensorflow": "tensorflow_cpu"}
"""Smaller distributions with the same files."""

METHODS: dict[str, dict[str, tuple[str, ...]]] = {
    "keras": {
        "Model": (
            *("engine.training.Model", "src.engine.training.Model", "src.models.model.Model"),
            *(
                "engine.sequential.Sequential",
                "src.engine.sequential.Sequential",
                "src.models.sequential.Sequential",
            ),
            *("src.trainers.trainer.Trainer", "src.backend.tensorflow.trainer.TensorFlowTrainer"),
            *("engine.network.Network", "engine.base_layer.Layer", "src.engine.base_layer.Layer"),
            "src.layers.layer.Layer",
        )
    }
}
"""Classes whose methods are compared, each with the classes in which its versions define them."""


CALLED: dict[str, tuple[str, ...]] = {
    "accelerate": ("accelerator.Accelerator",),
    "datasets": ("load.load_dataset", "load.load_from_disk"),
    "keras": (
        *(
            f"engine.training.Model.{name}|src.engine.training.Model.{name}"
            f"|src.backend.tensorflow.trainer.TensorFlowTrainer.{name}"
            for name in ("fit", "evaluate", "predict", "compile")
        ),
        "callbacks.EarlyStopping|src.callbacks.EarlyStopping|src.callbacks.early_stopping.EarlyStopping",
        "callbacks.ModelCheckpoint|src.callbacks.ModelCheckpoint|src.callbacks.model_checkpoint.ModelCheckpoint",
        "callbacks.CSVLogger|src.callbacks.CSVLogger|src.callbacks.csv_logger.CSVLogger",
        "callbacks.TensorBoard|src.callbacks.TensorBoard|src.callbacks.tensorboard.TensorBoard",
        "models.load_model|saving.save.load_model|saving.saving_api.load_model|src.saving.saving_api.load_model",
        "utils.np_utils.to_categorical|src.utils.np_utils.to_categorical|src.utils.numerical_utils.to_categorical",
    ),
    "lightgbm": ("engine.train", "engine.cv", "sklearn.LGBMClassifier.fit", "sklearn.LGBMRegressor.fit"),
    "pandas": ("io.parsers.read_csv", "io.parsers.readers.read_csv"),
    "peft": ("tuners.lora.LoraConfig", "tuners.lora.config.LoraConfig"),
    "pytorch-lightning": ("trainer.trainer.Trainer",),
    "scikit-learn": (
        *("preprocessing._encoders.OneHotEncoder", "linear_model._base.LinearRegression"),
        *("linear_model._ridge.Ridge", "linear_model._coordinate_descent.Lasso"),
        *("linear_model._coordinate_descent.ElasticNet", "linear_model._logistic.LogisticRegression"),
        *("ensemble._forest.RandomForestClassifier", "ensemble._forest.RandomForestRegressor"),
        *("ensemble._gb.GradientBoostingClassifier", "ensemble._gb.GradientBoostingRegressor"),
        *("ensemble._weight_boosting.AdaBoostClassifier", "ensemble._weight_boosting.AdaBoostRegressor"),
        *("ensemble._bagging.BaggingClassifier", "ensemble._bagging.BaggingRegressor"),
        *("ensemble._iforest.IsolationForest", "cluster._kmeans.KMeans", "svm._classes.SVC"),
        *("cluster._agglomerative.AgglomerativeClustering", "manifold._t_sne.TSNE"),
        *("tree._classes.DecisionTreeClassifier", "tree._classes.DecisionTreeRegressor"),
        *("metrics._regression.mean_squared_error", "model_selection._search.GridSearchCV"),
        *("calibration.CalibratedClassifierCV", "feature_selection._rfe.RFE"),
    ),
    "torch": (
        *("optim.lr_scheduler.ReduceLROnPlateau", "optim.lr_scheduler.StepLR", "optim.lr_scheduler.LambdaLR"),
        *(
            "optim.lr_scheduler.CosineAnnealingLR",
            "optim.lr_scheduler.ExponentialLR",
            "optim.lr_scheduler.OneCycleLR",
        ),
        *("optim.adam.Adam", "optim.adamw.AdamW", "optim.sgd.SGD", "utils.data.dataloader.DataLoader"),
        *(
            "nn.parallel.distributed.DistributedDataParallel",
            "distributed.distributed_c10d.init_process_group",
        ),
        "utils.checkpoint.checkpoint",
    ),
    "xgboost": (
        *(
            "training.train",
            "training.cv",
            "core.DMatrix",
            "sklearn.XGBClassifier.fit",
            "sklearn.XGBRegressor.fit",
        ),
        *("sklearn.XGBRanker.fit", "core.Booster.predict"),
    ),
    "transformers": (
        *("training_args.TrainingArguments", "training_args_seq2seq.Seq2SeqTrainingArguments"),
        *("trainer.Trainer", "trainer_seq2seq.Seq2SeqTrainer"),
    ),
    "trl": tuple(
        f"trainer.{method.lower()}_{kind.lower()}.{method}{kind}"
        for method in ("SFT", "DPO", "PPO", "KTO", "ORPO", "CPO", "GRPO", "RLOO", "Reward")
        for kind in ("Trainer", "Config")
    ),
}
"""The classes and functions whose keywords are compared, below the package; ``|`` separates their places."""

WHOLE: dict[str, dict[str, str]] = {
    "transformers": {"TrainingArguments": "", "Seq2SeqTrainingArguments": "TrainingArguments"},
}
"""The classes all of whose keywords are kept, with the class of the table that they inherit from, or empty."""

EXPORTING: dict[str, tuple[str, ...]] = {
    "scikit-learn": (
        "cluster", "covariance", "cross_decomposition", "datasets", "decomposition", "ensemble", "externals",
        "feature_extraction", "feature_selection", "impute", "inspection", "linear_model", "manifold", "metrics",
        "model_selection", "naive_bayes", "neighbors", "neural_network", "preprocessing", "svm", "tree", "utils",
    ),
    "keras": (
        "callbacks", "layers", "optimizers", "preprocessing", "preprocessing.image", "preprocessing.text", "utils",
        "wrappers",
    ),
    "numpy": (),
    "tensorflow": (),
}  # fmt: skip
"""The packages whose exported names are compared, besides the library's own."""

_OF_TRAINING = re.compile(
    r"AdamW|Auto\w+|\w*Trainer\w*|\w*TrainingArguments|get_\w+|DataCollator\w*|\w+Dataset|\w+Callback|load_\w+"
)
"""The names of transformers that are no models, tokenizers or configurations."""
_INSIDE_OF_KERAS = re.compile(
    r"api|src|\w*test\w*|\w*V[12]|\w*_v[12]|\w*(?:Lambda|Wrapper|Method|Property|_legacy|_experimental)|tf2?(?:_\w+)?"
)
"""Names of Keras that only Keras itself imports."""
_OF_TENSORFLOW = re.compile(
    r"[A-Z]\w+|contrib|keras|estimator|app|flags|gfile|layers|logging|python_io|test|train|data|io|nn"
    r"|placeholder\w*|get_(?:variable|default_graph|default_session|collection)|set_random_seed|reset_default_graph"
    r"|(?:global|local|trainable)_variables\w*|variable_scope|random_(?:normal|uniform)|truncated_normal"
    r"|to_(?:float|int32)|enable_eager_execution|summary|feature_column|initialize_all_variables|parse_single_example"
    r"|read_file|log|sparse_\w+"
)
"""The names of TensorFlow that training scripts use most; the API has thousands."""
_CALLED_METHODS = re.compile(r"(?:fit|evaluate|predict)_\w+|to_yaml")
"""The methods that a script calls; others may be properties, or computed."""
_DEPRECATING = re.compile(r"deprecat", re.IGNORECASE)


class Library:
    """One version of a library."""

    def __init__(self, path: Path, package: str) -> None:
        self.version = path.name.split("-")[1]
        self.package = package
        self._archive = zipfile.ZipFile(path)
        self._names = frozenset(self._archive.namelist())

    def tree(self, module: str) -> ast.Module | None:
        """Return the syntax tree of a module below the package, or None."""
        base = "/".join([self.package, *module.split(".")]).rstrip("/")
        # Keras 3.3 to 3.8 takes its public packages from ``keras/api``.
        api = base.replace("keras/", "keras/api/", 1)
        for path in (f"{base}.py", f"{base}/__init__.py", f"{api}/__init__.py"):
            if path in self._names:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    return ast.parse(self._archive.read(path))
        return None

    def modules(self, package: str) -> set[str]:
        """Return the modules and packages directly below a package."""
        base = "/".join([self.package, *package.split(".")]).rstrip("/") + "/"
        if self.package == "keras" and "keras/api/layers/__init__.py" in self._names:
            base = base.replace("keras/", "keras/api/", 1)
        below = {name.removeprefix(base) for name in self._names if name.startswith(base)}
        found = {name.removesuffix(".py") for name in below if "/" not in name and name.endswith(".py")}
        found |= {
            name.partition("/")[0] for name in below if name.endswith("/__init__.py") and name.count("/") == 1
        }
        return {name for name in found if not name.startswith("_")}

    def exported(self, package: str) -> set[str] | None:
        """Return the public names of a package, its modules included; None if it may have others."""
        tree = self.tree(package)
        if self.package == "tensorflow":
            return self._api()
        if self.package == "numpy":
            return set()  # only the names that it lists as gone are compared
        if tree is not None and _is_open(tree):
            return None
        found = self.modules(package) if tree is not None else set()
        # What a module of Keras imports for itself is not for others.
        is_keras = self.package == "keras"
        is_module = is_keras and f"keras/{package.replace('.', '/')}.py" in self._names
        nodes: Iterable[ast.AST] = ast.walk(tree) if tree is not None else ()
        if is_keras and tree is not None:
            nodes = tree.body
        for node in nodes:
            if isinstance(node, ast.ImportFrom | ast.Import):
                if is_module or (is_keras and isinstance(node, ast.Import)):
                    continue
                found.update((one.asname or one.name).partition(".")[0] for one in node.names)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.Assign) and is_keras:
                found.update(one.id for one in node.targets if isinstance(one, ast.Name))
            elif isinstance(node, ast.List | ast.Tuple | ast.Set):
                # The names in tables of lazy imports and in __all__.
                found.update(
                    one.value
                    for one in node.elts
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )
        return {
            name for name in found if name.isidentifier() and not name.startswith("_") and name != "setup"
        }

    def _api(self) -> set[str]:
        """Return the names of TensorFlow's public API, from the generated files."""
        major = f"v{self.version.partition('.')[0]}"
        found = {"keras"}  # it may be another wheel
        for package in ("tensorflow", "tensorflow_core"):
            base = f"{package}/_api/{major}/"
            below = (name.removeprefix(base) for name in self._names if name.startswith(base))
            found.update(name.partition("/")[0] for name in below if name.count("/") == 1)
            if f"{package}/contrib/__init__.py" in self._names:
                found.add("contrib")
            for name in (f"{base}{major}.py", f"{package}/__init__.py"):
                if name in self._names:
                    tree = ast.parse(self._archive.read(name))
                    imports = (one for one in ast.walk(tree) if isinstance(one, ast.ImportFrom))
                    found.update(one.asname or one.name for node in imports for one in node.names)
        return {name for name in found if not name.startswith("_") and _OF_TENSORFLOW.fullmatch(name)}

    def methods(self, places: tuple[str, ...]) -> set[str] | None:
        """Return the methods of the classes at some places; None if there is none of them."""
        found: set[str] = set()
        for dotted in places:
            module, _, name = dotted.rpartition(".")
            tree = self.tree(module)
            for node in tree.body if tree is not None else ():
                if isinstance(node, ast.ClassDef) and node.name == name:
                    found.update(one.name for one in node.body if isinstance(one, ast.FunctionDef))
        return {name for name in found if not name.startswith("_")} or None

    def gone(self) -> set[str]:
        """Return the names that a package lists only to say that they are gone (numpy)."""
        found: set[str] = set()
        for module in ("", "_expired_attrs_2_0"):
            for node in ast.walk(tree) if (tree := self.tree(module)) is not None else ():
                targets = node.targets if isinstance(node, ast.Assign) else []
                names = {one.id for one in targets if isinstance(one, ast.Name)}
                if names & {"__former_attrs__", "__expired_attributes__"} and isinstance(node, ast.Assign):
                    found.update(
                        one.value
                        for one in ast.walk(node.value)
                        if isinstance(one, ast.Constant)
                        and isinstance(one.value, str)
                        and one.value.isidentifier()
                    )
        return found

    def keywords(self, alternatives: str) -> set[str] | None:
        """Return the keywords of a class, method or function; None if there is none or it accepts any."""
        found = (self._keywords(dotted) for dotted in alternatives.split("|"))
        return next((one for one in found if one is not None), None)

    def _keywords(self, dotted: str) -> set[str] | None:
        module, _, name = dotted.rpartition(".")
        owner = ""
        if self.tree(module) is None:
            module, _, owner = module.rpartition(".")
        tree = self.tree(module)
        if tree is None:
            return None
        return _keywords(tree, name, owner)


def _is_open(tree: ast.Module) -> bool:
    """Return whether a package takes names from elsewhere: star imports, or an import structure that it computes."""
    return any(
        (isinstance(node, ast.ImportFrom) and any(one.name == "*" for one in node.names))
        or (isinstance(node, ast.Name) and node.id == "define_import_structure")
        for node in ast.walk(tree)
    )


def _keywords(tree: ast.Module, name: str, owner: str) -> set[str] | None:
    body: list[ast.stmt] = tree.body
    if owner:
        found = next((one for one in body if isinstance(one, ast.ClassDef) and one.name == owner), None)
        body = found.body if found is not None else []
    # The last definition counts: those before it may be overloads.
    for node in reversed(body):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return _of_function(node)
        if isinstance(node, ast.ClassDef) and node.name == name:
            init = next(
                (one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"),
                None,
            )
            if init is not None:
                return _of_function(init)
            fields = {
                one.target.id
                for one in node.body
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
            }
            return fields or None
    return None


def _of_function(node: ast.FunctionDef) -> set[str] | None:
    if node.args.kwarg is not None:
        return None
    found = {one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    for decorator in node.decorator_list:
        if _DEPRECATING.search(ast.unparse(decorator)):
            # The decorator still accepts an old name.
            found.update(
                one.value
                for one in ast.walk(decorator)
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value.isidentifier()
            )
            found.update(keyword.arg for one in ast.walk(decorator) if isinstance(one, ast.Call)
                         for keyword in one.keywords if keyword.arg)  # fmt: skip
    return found - {"self"}


def make(folders: list[Path], known_rows: dict[str, Any]) -> dict[str, Any]:
    """Return the table of the wheels below folders; a library without wheels there keeps its known row."""
    table: dict[str, Any] = {}
    meta: dict[str, str] = {}
    of_transformers: set[str] = set()
    for distribution, package in sorted(LIBRARIES.items(), key=lambda item: item[0] != "transformers"):
        name = f"{OTHER_WHEELS.get(distribution, distribution.replace('-', '_'))}-*.whl"
        paths = {
            path
            for folder in folders
            for one in (name, name.capitalize())
            for path in folder.glob(f"**/{one}")
        }
        versions = sorted((Library(path, package) for path in paths), key=lambda one: _number(one.version))
        if len(versions) < 2:
            if distribution in known_rows["libraries"]:
                table[distribution] = known_rows["libraries"][distribution]
                meta[distribution] = known_rows["_meta"][distribution]
            continue
        keywords: dict[str, dict[str, list[int]]] = {}
        steady: dict[str, list[str]] = {}
        for dotted in CALLED.get(distribution, ()):
            known = [one.keywords(dotted) for one in versions]
            if distribution == "transformers":
                of_transformers |= set().union(*(one for one in known if one is not None))
            inherited = of_transformers if distribution == "trl" and dotted.endswith("Config") else set()
            short = (
                ".".join(dotted.split(".")[-2:])
                if dotted.endswith((".fit", ".predict", ".evaluate", ".compile"))
                else dotted.rpartition(".")[2]
            )
            if distribution == "keras" and "." in short:
                short = f"Model.{short.rpartition('.')[2]}"

            if short in WHOLE.get(distribution, {}) and None not in known:
                steady[short] = sorted(set.intersection(*(one for one in known if one is not None)))
            row = keywords.setdefault(short, {})
            row.update({name: places for name, places in _changed(known) if name not in inherited})
        names: dict[str, list[int]] = {}
        for part in ("", *EXPORTING.get(distribution, ())):
            exported = [one.exported(part) for one in versions]
            if not part:
                exported = [
                    None if e is None else e - one.gone() for e, one in zip(exported, versions, strict=True)
                ]
                gone = [one.gone() for one in versions]
                exported = [_with_gone(index, exported, gone) for index in range(len(versions))]
            for name, places in _changed(exported):
                # Names that came are many, and models of transformers come and go; the names that went are kept.
                if places[-1] == len(versions):
                    continue
                if distribution == "keras" and not _is_imported(name, part, versions):
                    continue
                if distribution == "keras":
                    places = [0, places[-1]]  # before 2.13 names are computed too: only what went is certain
                if distribution != "transformers" or _OF_TRAINING.fullmatch(name):
                    names[f"{part}.{name}".lstrip(".")] = places
        meta[distribution] = versions[-1].version
        table[distribution] = {
            "package": package,
            "versions": [one.version for one in versions],
            "keywords": {name: dict(sorted(row.items())) for name, row in sorted(keywords.items()) if row},
            **_methods(distribution, versions),
            "names": dict(sorted(names.items())),
        }
        if steady:
            table[distribution]["whole"] = {
                name: {"inherits": WHOLE[distribution][name], "always": always}
                for name, always in sorted(steady.items())
            }
    return {"_meta": dict(sorted(meta.items())), "libraries": dict(sorted(table.items()))}


def _is_imported(name: str, part: str, versions: list[Library]) -> bool:
    """Return whether a script may import a name of Keras: a module, a class, or a function beside them."""
    if _INSIDE_OF_KERAS.fullmatch(name):
        return False
    return (
        name[0].isupper()
        or part.startswith("preprocessing.")
        or any(name in one.modules(part) for one in versions)
    )


def _methods(distribution: str, versions: list[Library]) -> dict[str, Any]:
    """Return the methods that went, by class, under the key "methods"; empty for a library without any."""
    found = {
        name: dict(row)
        for name, places in METHODS.get(distribution, {}).items()
        if (
            row := [
                one
                for one in _changed([version.methods(places) for version in versions])
                if one[1][-1] != len(versions) and _CALLED_METHODS.fullmatch(one[0])
            ]
        )
    }
    return {"methods": found} if found else {}


def _with_gone(index: int, exported: list[set[str] | None], gone: list[set[str]]) -> set[str] | None:
    """Return a version's names, with those that only a later version lists as gone."""
    own = exported[index]
    return None if own is None else own | set().union(*gone[index:]) - set().union(*gone[: index + 1])


def _changed(known: list[set[str] | None]) -> Iterator[tuple[str, list[int]]]:
    """Yield the names that some version has and another lacks.

    With each is a flat list of ranges: the number of the first version that has or may have it, the number after the
    last one, and so on.
    """
    have = [one for one in known if one is not None]
    for name in sorted(set().union(*have)) if have else ():
        present = [one is None or name in one for one in known]
        if all(present):
            continue
        edges = [index for index in range(len(known) + 1) if _at(present, index) != _at(present, index - 1)]
        yield name, edges


def _at(present: list[bool], index: int) -> bool:
    return 0 <= index < len(present) and present[index]


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def main() -> int:
    """Write or check the table; return the exit code."""
    parser = argparse.ArgumentParser(description="Make the table of the libraries' names anew.")
    parser.add_argument(
        "--wheels", type=Path, required=True, nargs="+", help="folders with wheels of several versions"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing, exit 1 where the table would change"
    )
    options = parser.parse_args()
    path = TABLES / NAME
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"_meta": {}, "libraries": {}}
    text = text_of(make(options.wheels, known))
    same = path.is_file() and path.read_text(encoding="utf-8") == text
    print(f"{NAME}: {len(text)} bytes, {'unchanged' if same else 'changed'}")
    if not same and not options.check:
        path.write_text(text, encoding="utf-8")
    return 1 if not same and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
