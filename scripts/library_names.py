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
import re
import sys
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sagemaker_tables import TABLES, text_of

NAME = "library_names.json"
LIBRARIES = {
    "accelerate": "accelerate",
    "datasets": "datasets",
    "lightgbm": "lightgbm",
    "numpy": "numpy",
    "pandas": "pandas",
    "peft": "peft",
    "pytorch-lightning": "pytorch_lightning",
    "scikit-learn": "sklearn",
    "torch": "torch",
    "transformers": "transformers",
    "trl": "trl",
    "xgboost": "xgboost",
}
"""The distributions, and the names under which they are imported."""

CALLED: dict[str, tuple[str, ...]] = {
    "accelerate": ("accelerator.Accelerator",),
    "datasets": ("load.load_dataset", "load.load_from_disk"),
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
"""The classes and functions whose keywords are compared, below the package."""

EXPORTING: dict[str, tuple[str, ...]] = {
    "scikit-learn": (
        "cluster", "covariance", "cross_decomposition", "datasets", "decomposition", "ensemble", "externals",
        "feature_extraction", "feature_selection", "impute", "inspection", "linear_model", "manifold", "metrics",
        "model_selection", "naive_bayes", "neighbors", "neural_network", "preprocessing", "svm", "tree", "utils",
    ),
    "numpy": (),
}  # fmt: skip
"""The packages whose exported names are compared, besides the library's own."""

_OF_TRAINING = re.compile(
    r"AdamW|Auto\w+|\w*Trainer\w*|\w*TrainingArguments|get_\w+|DataCollator\w*|\w+Dataset|\w+Callback|load_\w+"
)
"""The names of transformers that are no models, tokenizers or configurations."""
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
        for path in (f"{base}.py", f"{base}/__init__.py"):
            if path in self._names:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    return ast.parse(self._archive.read(path))
        return None

    def modules(self, package: str) -> set[str]:
        """Return the modules and packages directly below a package."""
        base = "/".join([self.package, *package.split(".")]).rstrip("/") + "/"
        below = {name.removeprefix(base) for name in self._names if name.startswith(base)}
        found = {name.removesuffix(".py") for name in below if "/" not in name and name.endswith(".py")}
        found |= {
            name.partition("/")[0] for name in below if name.endswith("/__init__.py") and name.count("/") == 1
        }
        return {name for name in found if not name.startswith("_")}

    def exported(self, package: str) -> set[str] | None:
        """Return the public names of a package, its modules included; None if it may have others."""
        tree = self.tree(package)
        if self.package == "numpy":
            return set()  # only the names that it lists as gone are compared
        if tree is not None and _is_open(tree):
            return None
        found = self.modules(package) if tree is not None else set()
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.ImportFrom | ast.Import):
                found.update((one.asname or one.name).partition(".")[0] for one in node.names)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
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

    def keywords(self, dotted: str) -> set[str] | None:
        """Return the keywords of a class, method or function; None if there is none or it accepts any."""
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


def make(folders: list[Path]) -> dict[str, Any]:
    """Return the table of the wheels below folders."""
    table: dict[str, Any] = {}
    meta: dict[str, str] = {}
    of_transformers: set[str] = set()
    for distribution, package in sorted(LIBRARIES.items(), key=lambda item: item[0] != "transformers"):
        name = f"{distribution.replace('-', '_')}-*.whl"
        versions = [Library(path, package) for folder in folders for path in folder.glob(f"**/{name}")]
        versions.sort(key=lambda one: _number(one.version))
        if len(versions) < 2:
            continue
        keywords: dict[str, dict[str, list[int]]] = {}
        for dotted in CALLED.get(distribution, ()):
            known = [one.keywords(dotted) for one in versions]
            if distribution == "transformers":
                of_transformers |= set().union(*(one for one in known if one is not None))
            inherited = of_transformers if distribution == "trl" and dotted.endswith("Config") else set()
            short = (
                ".".join(dotted.split(".")[-2:])
                if dotted.endswith((".fit", ".predict"))
                else dotted.rpartition(".")[2]
            )
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
                if distribution != "transformers" or _OF_TRAINING.fullmatch(name):
                    names[f"{part}.{name}".lstrip(".")] = places
        meta[distribution] = versions[-1].version
        table[distribution] = {
            "package": package,
            "versions": [one.version for one in versions],
            "keywords": {name: dict(sorted(row.items())) for name, row in sorted(keywords.items()) if row},
            "names": dict(sorted(names.items())),
        }
    return {"_meta": dict(sorted(meta.items())), "libraries": dict(sorted(table.items()))}


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
    text = text_of(make(options.wheels))
    path = TABLES / NAME
    same = path.is_file() and path.read_text(encoding="utf-8") == text
    print(f"{NAME}: {len(text)} bytes, {'unchanged' if same else 'changed'}")
    if not same and not options.check:
        path.write_text(text, encoding="utf-8")
    return 1 if not same and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
