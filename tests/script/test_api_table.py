"""The table of library calls: its patterns, its rows, and what they say of names that scripts call."""

from __future__ import annotations

import builtins
import re
import sys
from collections import Counter
from importlib import import_module
from typing import get_args
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training.libraries.canonical_names import ALIASES, FLAT
from flake8_training.libraries.families import FAMILIES
from flake8_training.libraries.name_pattern import Pattern
from flake8_training.libraries.plain_calls import rows_of
from flake8_training.libraries.rows import (
    ALL,
    ANYTHING,
    COPY,
    DISPLAY,
    FACT,
    FORMS,
    FRAMEWORKS,
    INSTANCE,
    RECEIVER,
    SELF,
    Carries,
    Evaluates,
    Fetches,
    HoldsOut,
    Inert,
    Library,
    May,
    Plain,
    Prepares,
    Reads,
    Returns,
    Row,
    Saves,
    Trains,
)
from flake8_training.libraries.table import ApiTable, table

ROWS = table().rows
LIBRARIES = table().libraries

SEGMENT = re.compile(r"\*\*(\(\))?|(\w|(?<!\*)\*(?!\*))+(\(\))*")


def kinds(name: str) -> set[str]:
    """The kinds of the rows for a name, but for what it returns."""
    return {type(row).__name__ for row in table().match(name) if not isinstance(row, Returns)}


def only(name: str, kind: type[Row]) -> Row:
    """The one row of a kind for a name."""
    [row] = [row for row in table().match(name) if isinstance(row, kind)]
    return row


# -- The rows themselves


def test_patterns_are_well_formed() -> None:
    for row in ROWS:
        first, *rest = row.name.split(".")
        assert first == "?" or re.fullmatch(r"\w+(\(\))?", first), row
        assert all(SEGMENT.fullmatch(segment) for segment in rest), row
        assert sum(segment in ("**", "**()") for segment in rest) <= 1, row
        assert first != "?" or len(rest) == 1, row


def test_patterns_are_in_the_normal_spelling() -> None:
    assert [row.name for row in ROWS if table().normalise(row.name) != row.name] == []


def test_no_two_rows_are_equal() -> None:
    assert [row for row, number in Counter(ROWS).items() if number > 1] == []


@pytest.mark.parametrize("together", [(Trains, Prepares), (Reads, Inert), (Saves, Inert), (Evaluates, Inert)])
def test_no_pattern_says_two_things(together: tuple[type[Row], type[Row]]) -> None:
    one, other = ({row.name for row in ROWS if isinstance(row, kind)} for kind in together)
    assert one & other == set()


def test_one_result_a_pattern() -> None:
    counted = Counter(row.name for row in ROWS if isinstance(row, Returns))
    assert [name for name, number in counted.items() if number > 1] == []


def test_every_kind_of_row_is_used() -> None:
    assert {type(row) for row in ROWS} == set(get_args(Row))


def test_frameworks_and_forms_are_known() -> None:
    for row in ROWS:
        if isinstance(row, Trains | Saves):
            assert row.framework in FRAMEWORKS | {""}, row
        if isinstance(row, Trains) and not row.framework:
            assert row.name.startswith("?"), row
        if isinstance(row, Saves):
            assert row.form in FORMS | {""}, row
            assert row.what in ("model", "part", "copy", "data"), row
            assert bool(row.source) <= (row.what == "copy"), row
        if isinstance(row, Reads):
            assert row.what in ("data", "model"), row
    assert {row.framework for row in ROWS if isinstance(row, Trains)} == FRAMEWORKS | {""}
    assert {library.framework for library in LIBRARIES} <= FRAMEWORKS | {""}


def test_arguments_are_positions_and_keywords() -> None:
    fields = ("path", "source", "mode", "download", "unless", "target", "held_out", "saves_to", "args")
    for row in ROWS:
        for field in fields:
            for place in getattr(row, field, ()):
                if isinstance(place, int):
                    assert place == RECEIVER or 0 <= place < 10, row
                    assert place != RECEIVER or "." in row.name, row
                else:
                    assert place.isidentifier(), row


def test_results_are_objects() -> None:
    for row in ROWS:
        if isinstance(row, Returns) and row.result not in (SELF, INSTANCE, ANYTHING):
            assert row.result.endswith("()"), row
            assert table().normalise(row.result) == row.result, row


# -- Libraries and families


def test_libraries_are_listed_once() -> None:
    modules = set(FAMILIES.values())
    listed = [
        library.name
        for module in modules
        for library in import_module(f"flake8_training.libraries.{module}").LIBRARIES
    ]
    assert [name for name, number in Counter(listed).items() if number > 1] == []
    assert len(listed) > 250


def test_libraries_could_do_known_things() -> None:
    assert all(library.could <= ALL for library in LIBRARIES)
    assert all(row.what <= ALL for row in ROWS if isinstance(row, May))


@pytest.mark.parametrize("module", sorted(set(FAMILIES.values()) - {"inert"}))
def test_families_list_what_their_modules_speak_of(module: str) -> None:
    imported = import_module(f"flake8_training.libraries.{module}")
    names = [*(row.name for row in imported.ROWS), *(library.name for library in imported.LIBRARIES)]
    tops = {name.partition(".")[0].removesuffix("()") for name in names}
    assert tops == {top for top, family in FAMILIES.items() if family == module}


def test_every_library_with_rows_is_known() -> None:
    names = (row.name for row in ROWS if not row.name.startswith("?"))
    assert [name for name in names if table().library(name) is None] == []


def test_a_family_is_imported_when_it_is_asked_for() -> None:
    built = ApiTable(modules={"xgboost": "boosting", "torch": "torch"})
    assert built.match("xgboost.train")
    assert not any(
        row.name.startswith("torch.") for index in (built._by_last,) for r in index.values() for row in r
    )
    assert built.match("torch.save")


def test_the_library_of_a_name_is_looked_up_once_until_others_are_added() -> None:
    built = ApiTable(modules={"torch": "torch"})
    with mock.patch.object(built, "_found_library", wraps=built._found_library) as looked_up:
        assert [built.library("orbit.Robot().walk") for _ in range(3)] == [None] * 3
        assert looked_up.call_count == 1
        assert built.library("torch.save") is not None
        built._add((), [Library("orbit")])
        assert built.library("orbit.Robot().walk") == Library("orbit")
        assert looked_up.call_count == 3


def test_the_standard_library_and_the_builtins_are_known() -> None:
    for name in sorted(sys.stdlib_module_names):
        assert table().library(name) is not None
    for name in dir(builtins):
        assert table().library(name) is not None


@pytest.mark.parametrize(
    ("name", "could"),
    [
        ("numpy.random.default_rng", set()),
        ("matplotlib.pyplot.plot", set()),
        ("json.dumps", set()),
        ("print", set()),
        ("builtins.print", set()),
        ("logging.getLogger().info", set()),
        ("boto3.client", set()),
        ("sagemaker.Session", set()),
        ("smdebug.xgboost.Hook", set()),
        ("os.path.join", set()),
        ("os.makedirs", set()),
        ("sagemaker_training.environment.Environment", {"hyperparameters"}),
        ("sagemaker_containers.beta.framework.training_env", {"hyperparameters"}),
        ("click.option", {"hyperparameters"}),
        ("subprocess.run", ALL),
        ("subprocess.Popen().communicate", ALL),
        ("os.system", ALL),
        ("os.popen().read", ALL),
        ("runpy.run_path", ALL),
        ("importlib.import_module", ALL),
        ("exec", ALL),
        ("builtins.exec", ALL),
        ("sagemaker_training.entry_point.run", ALL),
        ("fairseq.tasks.setup_task", ALL),
        ("ultralytics.YOLO().tune", ALL),
    ],
)
def test_what_a_library_could_do(name: str, could: set[str]) -> None:
    library = table().library(name)
    assert library is not None
    assert library.could == could


@pytest.mark.parametrize(
    "name", ["", "?", "?.fit", "helpers.load_data", "my_company_ml.train", "net().forward"]
)
def test_unknown_libraries(name: str) -> None:
    assert table().library(name) is None


@pytest.mark.parametrize(
    ("name", "framework"),
    [
        ("xgboost", "xgboost"),
        ("lightgbm.train", "lightgbm"),
        ("sklearn.svm", "sklearn"),
        ("torch.nn", "pytorch"),
        ("pytorch_lightning", "pytorch"),
        ("tensorflow.keras.layers", "tensorflow"),
        ("keras", "tensorflow"),
        ("transformers", "huggingface"),
        ("mxnet.gluon", "mxnet"),
        ("catboost", "other"),
        ("datasets", ""),
        ("numpy", ""),
    ],
)
def test_framework_of_a_library(name: str, framework: str) -> None:
    library = table().library(name)
    assert library is not None
    assert library.framework == framework


# -- Spellings


@pytest.mark.parametrize(
    ("spelling", "normal"),
    [
        ("tensorflow.keras.Sequential().fit", "keras.Model().fit"),
        ("tensorflow.keras.models.Sequential().fit", "keras.Model().fit"),
        ("tensorflow.python.keras.layers.Dense", "keras.layers.Dense"),
        ("tensorflow.compat.v1.train.Saver().save", "tensorflow.train.Saver().save"),
        ("tensorflow.gfile.GFile", "tensorflow.io.gfile.GFile"),
        ("keras.models.Model", "keras.Model"),
        ("keras.models.load_model", "keras.models.load_model"),
        ("keras.modelsandmore", "keras.modelsandmore"),
        ("pytorch_lightning.Trainer().fit", "lightning.pytorch.Trainer().fit"),
        ("lightning.Trainer().fit", "lightning.pytorch.Trainer().fit"),
        (
            "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint",
            "lightning.pytorch.callbacks.ModelCheckpoint",
        ),
        ("sklearn.externals.joblib.dump", "joblib.dump"),
        ("six.moves.cPickle.dump", "pickle.dump"),
        ("xgboost.sklearn.XGBClassifier().fit", "xgboost.XGBClassifier().fit"),
        ("xgboost.core.Booster().save_model", "xgboost.Booster().save_model"),
        ("xgboost.dask.train", "xgboost.dask.train"),
        ("transformers.models.bert.modeling_bert.BertModel", "transformers.BertModel"),
        ("transformers.Trainer().state.Thing", "transformers.Trainer().state.Thing"),
        ("builtins.open", "open"),
        ("io.open().read", "open().read"),
        ("mxnet.module.Module().fit", "mxnet.mod.Module().fit"),
        ("torch.save", "torch.save"),
        ("?.fit", "?.fit"),
    ],
)
def test_spellings(spelling: str, normal: str) -> None:
    assert table().normalise(spelling) == normal


def test_targets_of_aliases_are_final() -> None:
    assert [(a, b) for a, b in ALIASES.items() if table().normalise(b) != b] == []
    assert all(name.isidentifier() for name in FLAT)


# -- Precedence


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("a.b.fit", "a.b.fit", True),
        ("a.b.fit", "a.b.fit()", False),
        ("a.*.fit", "a.b.fit", True),
        ("a.*.fit", "a.b().fit", False),
        ("a.*().fit", "a.b().fit", True),
        ("a.*().fit", "a.b()().fit", False),
        ("a.*.fit", "a.b.c.fit", False),
        ("a.**.fit", "a.b.c().d.fit", True),
        ("a.**.fit", "a.fit", False),
        ("a.**().fit", "a.b.c().fit", True),
        ("a.**().fit", "a.b().c.fit", False),
        ("a.**", "a.b.c", True),
        ("a.**", "a", False),
        ("a.**()", "a.b()", True),
        ("a.**()", "a.b", False),
        ("a.read_*", "a.read_csv", True),
        ("a.read_*", "a.read_", True),
        ("a.read_*", "a.read", False),
        ("a.read_*", "a.read_csv()", False),
        ("a.*Tokenizer().save", "a.BertTokenizer().save", True),
        ("a.*Tokenizer().save", "a.Tokenizer().save", True),
        ("a.*Tokenizer().save", "a.BertTokenizer.save", False),
    ],
)
def test_patterns(pattern: str, name: str, fits: bool) -> None:
    assert Pattern(pattern).matches(name.split(".")) is fits


def test_the_most_specific_pattern_of_a_kind_counts() -> None:
    names = ["a.b.c().fit", "a.b.*().fit", "a.*.*().fit", "a.b.**().fit", "a.**().fit", "a.**.fit"]
    built = ApiTable(Trains(name, "other") for name in reversed(names))
    for number, name in enumerate(names):
        if number < len(names) - 1:
            assert Pattern(name).rank < Pattern(names[number + 1]).rank
    [row] = built.match("a.b.c().fit")
    assert row.name == names[0]


def test_what_prepares_overrules_what_trains_and_the_reverse() -> None:
    built = ApiTable([Trains("a.**.fit", "other"), Prepares("a.b.**.fit"), Trains("a.b.C().fit", "other")])
    assert [type(row) for row in built.match("a.x().fit")] == [Trains]
    assert [type(row) for row in built.match("a.b.D().fit")] == [Prepares]
    assert [type(row) for row in built.match("a.b.C().fit")] == [Trains]


def test_rows_of_other_questions_stand_beside_each_other() -> None:
    built = ApiTable([Trains("a.**", "other"), Saves("a.fit"), HoldsOut("a.*"), Returns("a.fit", SELF)])
    assert [type(row) for row in built.match("a.fit")] == [Saves, Returns, Trains, HoldsOut]


def test_inert_rows() -> None:
    built = ApiTable([Evaluates("a.*"), Inert("a.make"), Inert("b.**"), Reads("b.read")])
    assert built.match("a.make") == (Inert("a.make"),)
    assert built.match("a.measure") == (Evaluates("a.*"),)
    assert built.match("b.read") == (Reads("b.read"),)
    assert built.match("b.other") == (Inert("b.**"),)


def test_two_rows_of_one_pattern_both_count() -> None:
    built = ApiTable([Reads("a.f", (0,)), Fetches("a.f")])
    assert built.match("a.f") == (Reads("a.f", (0,)), Fetches("a.f"))


# -- What the rows say


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Training, whole or by steps.
        ("xgboost.train", {"Trains"}),
        ("xgboost.XGBClassifier().fit", {"Trains"}),
        ("xgboost.cv", {"Evaluates"}),
        ("lightgbm.LGBMRegressor().fit", {"Trains"}),
        ("catboost.CatBoostClassifier().fit", {"Trains"}),
        ("sklearn.ensemble.RandomForestClassifier().fit", {"Trains"}),
        ("sklearn.ensemble.IsolationForest().fit_predict", {"Trains"}),
        ("sklearn.cluster.KMeans().fit", {"Trains"}),
        ("sklearn.decomposition.PCA().fit_transform", {"Trains"}),
        ("sklearn.pipeline.Pipeline().fit", {"Trains"}),
        ("sklearn.model_selection.GridSearchCV().fit", {"Trains"}),
        ("sklearn.compose.TransformedTargetRegressor().fit", {"Trains"}),
        ("keras.Model().fit", {"Trains"}),
        ("tensorflow.GradientTape().gradient", {"Trains"}),
        ("tensorflow.estimator.train_and_evaluate", {"Trains", "Evaluates"}),
        ("torch.nn.functional.nll_loss().backward", {"Trains"}),
        ("torch.nn.CrossEntropyLoss()().backward", {"Trains"}),
        ("torch.optim.AdamW().step", {"Trains"}),
        ("lightning.pytorch.Trainer().fit", {"Trains", "May"}),
        ("accelerate.Accelerator().backward", {"Trains"}),
        ("transformers.Trainer().train", {"Trains"}),
        ("trl.SFTTrainer().train", {"Trains"}),
        ("mxnet.gluon.loss.L2Loss()().backward", {"Trains"}),
        ("mxnet.mod.Module().fit", {"Trains"}),
        ("autogluon.tabular.TabularPredictor().fit", {"Trains"}),
        ("bertopic.BERTopic().fit_transform", {"Trains"}),
        ("gensim.models.Word2Vec", {"Trains", "Reads"}),
        ("causalnex.network.BayesianNetwork().fit_cpds", {"Trains"}),
        ("sagemaker_xgboost_container.checkpointing.train", {"Trains", "May"}),
        # What looks like it.
        ("sklearn.preprocessing.StandardScaler().fit", {"Prepares"}),
        ("sklearn.preprocessing.StandardScaler().fit_transform", {"Prepares"}),
        ("sklearn.feature_extraction.text.CountVectorizer().fit", {"Prepares"}),
        ("sklearn.compose.ColumnTransformer().fit_transform", {"Prepares"}),
        ("sklearn.impute.SimpleImputer().fit", {"Prepares"}),
        ("keras.preprocessing.text.Tokenizer().fit_on_texts", {"Prepares"}),
        ("keras.preprocessing.image.ImageDataGenerator().fit", {"Prepares"}),
        ("keras.layers.TextVectorization().adapt", {"Prepares"}),
        ("imblearn.over_sampling.SMOTE().fit_resample", {"Prepares"}),
        ("causalnex.network.BayesianNetwork().fit_node_states", {"Prepares"}),
        ("torch.nn.Module().train", set()),
        ("torch.nn.Module().fit", set()),
        ("torch.optim.lr_scheduler.StepLR().step", set()),
        ("scipy.optimize.curve_fit", set()),
        ("numpy.polynomial.Polynomial.fit", set()),
        # Evaluation.
        ("sklearn.metrics.accuracy_score", {"Evaluates"}),
        ("sklearn.metrics._classification.f1_score", {"Evaluates"}),
        ("sklearn.metrics.make_scorer", {"Inert"}),
        ("sklearn.metrics.make_scorer()", {"Evaluates"}),
        ("sklearn.metrics.ConfusionMatrixDisplay", {"Inert"}),
        ("sklearn.metrics.ConfusionMatrixDisplay.from_predictions", {"Evaluates"}),
        ("sklearn.metrics.pairwise_distances", {"Inert"}),
        ("sklearn.svm.SVC().score", {"Evaluates"}),
        ("sklearn.svm.SVC().predict", {"Predicts"}),
        ("sklearn.model_selection.cross_val_score", {"Evaluates"}),
        ("sklearn.model_selection.cross_val_predict", {"Predicts"}),
        ("sklearn.model_selection.train_test_split", set()),
        ("sklearn.model_selection.GridSearchCV", {"HoldsOut"}),
        ("sklearn.linear_model.LassoCV", {"HoldsOut"}),
        ("keras.Model().evaluate", {"Evaluates"}),
        ("keras.Model().predict", {"Predicts"}),
        ("transformers.Trainer().evaluate", {"Evaluates"}),
        ("transformers.Trainer", {"HoldsOut"}),
        ("evaluate.EvaluationModule().compute", {"Evaluates"}),
        ("torchmetrics.classification.MulticlassAccuracy()", {"Evaluates"}),
        ("lightning.pytorch.Trainer().test", {"Evaluates"}),
        # Reading and fetching.
        ("pandas.read_csv", {"Reads"}),
        ("pandas.read_sql", {"Fetches"}),
        ("numpy.load", {"Reads"}),
        ("open", {"Reads"}),
        ("builtins.open", {"Reads"}),
        ("os.listdir", {"Reads"}),
        ("glob.glob", {"Reads"}),
        ("pathlib.Path().iterdir", {"Reads"}),
        ("datasets.load_from_disk", {"Reads"}),
        ("datasets.load_dataset", {"Fetches"}),
        ("torchvision.datasets.ImageFolder", {"Reads"}),
        ("torchvision.datasets.MNIST", {"Reads"}),
        ("keras.datasets.mnist.load_data", {"Fetches"}),
        ("keras.datasets.cifar10.load_data", {"Fetches"}),
        ("tensorflow_datasets.load", {"Fetches"}),
        ("sklearn.datasets.load_iris", {"Fetches"}),
        ("sklearn.datasets.make_classification", {"Fetches"}),
        ("sklearn.datasets.load_svmlight_file", {"Reads"}),
        ("mxnet.gluon.data.vision.MNIST", {"Fetches"}),
        ("sagemaker_tensorflow.PipeModeDataset", {"Reads"}),
        ("sagemaker_xgboost_container.data_utils.get_dmatrix", {"Reads"}),
        ("urllib.request.urlretrieve", {"Fetches"}),
        ("boto3.client().download_file", {"Fetches"}),
        ("boto3.client().upload_file", {"Inert"}),
        ("os.path.exists", set()),
        # Saving.
        ("torch.save", {"Saves"}),
        ("joblib.dump", {"Saves"}),
        ("shutil.copytree", {"Saves", "Reads"}),
        ("mlflow.sklearn.log_model", {"Saves"}),
        ("keras.callbacks.ModelCheckpoint", {"Carries"}),
        ("keras.callbacks.BackupAndRestore", set()),
        ("keras.callbacks.TensorBoard", set()),
        ("lightning.pytorch.callbacks.ModelCheckpoint", {"Carries"}),
        ("transformers.TrainingArguments", {"Carries"}),
        ("transformers.Seq2SeqTrainingArguments", {"Carries"}),
        ("trl.SFTConfig", {"Carries"}),
        ("tensorflow.estimator.DNNClassifier", {"Carries"}),
        ("autogluon.tabular.TabularPredictor", {"Carries", "HoldsOut"}),
        # Objects nobody knows.
        ("?.fit", {"Trains"}),
        ("?.trainer.model.fit", {"Trains"}),
        ("?.predict", {"Predicts"}),
        ("?.evaluate", {"Evaluates"}),
        ("?.save_model", {"Saves"}),
        ("?.train", set()),
        ("?.step", set()),
        ("?.eval", set()),
        ("?.fit_transform", set()),
        # A method of an object of a library nobody knows is one too; a function is not.
        ("my_library.Model().fit", {"Trains"}),
        ("my_library.models.make().save", {"Saves"}),
        ("my_library.fit", set()),
        ("numpy.array().fit", set()),
        # So is a method of what a file or a function may give.
        ("joblib.load().fit", {"Trains"}),
        ("pickle.load().predict_proba", {"Predicts"}),
        ("copy.deepcopy().model.fit", {"Trains"}),
        ("builtins.next().backward", {"Trains"}),
        ("importlib.import_module().make().fit", {"Trains"}),
        ("torch.load().parameters", set()),
        ("json.load().fit", set()),
        # None of the tables.
        ("print", set()),
        ("len", set()),
        ("argparse.ArgumentParser().parse_args", set()),
        ("numpy.mean", set()),
        ("", set()),
        ("?", set()),
        ("...", set()),
    ],
)
def test_what_a_call_does(name: str, expected: set[str]) -> None:
    assert kinds(name) == expected


@pytest.mark.parametrize(
    ("name", "path", "what"),
    [
        ("torch.save", (1, "f"), "model"),
        ("joblib.dump", (1, "filename"), "model"),
        ("pickle.dump", (1, "file"), "model"),
        ("xgboost.Booster().save_model", (0, "fname"), "model"),
        ("xgboost.XGBRegressor().save_model", (0, "fname"), "model"),
        ("lightgbm.Booster().save_model", (0, "filename"), "model"),
        ("lightgbm.LGBMClassifier().booster_.save_model", (0, "filename"), "model"),
        ("tensorflow.keras.Sequential().save", (0, "filepath"), "model"),
        ("tensorflow.saved_model.save", (1, "export_dir"), "model"),
        ("transformers.AutoModelForCausalLM().save_pretrained", (0, "save_directory"), "model"),
        ("transformers.Trainer().model.save_pretrained", (0, "save_directory"), "model"),
        ("transformers.AutoTokenizer().save_pretrained", (0, "save_directory"), "part"),
        ("transformers.BertTokenizerFast().save_pretrained", (0, "save_directory"), "part"),
        ("transformers.AutoConfig().save_pretrained", (0, "save_directory"), "part"),
        ("transformers.Trainer().tokenizer.save_pretrained", (0, "save_directory"), "part"),
        ("transformers.Trainer().save_model", (0, "output_dir"), "model"),
        (
            "torch.nn.parallel.DistributedDataParallel().module.save_pretrained",
            (0, "save_directory"),
            "model",
        ),
        ("peft.PeftModel().save_pretrained", (0, "save_directory"), "model"),
        ("diffusers.DDPMScheduler().save_pretrained", (0, "save_directory"), "part"),
        ("mxnet.sym.Symbol().save", (0, "fname"), "part"),
        ("mxnet.gluon.nn.Sequential().save_parameters", (0, "filename"), "model"),
        ("json.dump", (1, "fp"), "data"),
        ("yaml.safe_dump", (1, "stream"), "data"),
        ("numpy.save", (0, "file"), "model"),
        ("numpy.savetxt", (0, "fname"), "data"),
        ("pandas.DataFrame().to_csv", (0, "path_or_buf", "path", "filename"), "data"),
        ("open().write", (RECEIVER,), "data"),
        ("pathlib.Path().write_text", (RECEIVER,), "data"),
        ("shutil.copytree", (1, "dst"), "copy"),
        ("tensorflow.train.CheckpointManager().save", (RECEIVER,), "model"),
    ],
)
def test_where_a_call_saves(name: str, path: tuple[int | str, ...], what: str) -> None:
    row = only(name, Saves)
    assert isinstance(row, Saves)
    assert (row.path, row.what) == (path, what)


@pytest.mark.parametrize(
    ("name", "framework", "held_out"),
    [
        ("xgboost.train", "xgboost", "evals"),
        ("xgboost.XGBClassifier().fit", "xgboost", "eval_set"),
        ("lightgbm.train", "lightgbm", "valid_sets"),
        ("catboost.CatBoostRegressor().fit", "other", "eval_set"),
        ("tensorflow.keras.models.Model().fit", "tensorflow", "validation_data"),
        ("tensorflow.keras.models.Model().fit", "tensorflow", "validation_split"),
        ("pytorch_lightning.Trainer().fit", "pytorch", "val_dataloaders"),
        ("mxnet.module.Module().fit", "mxnet", "eval_data"),
        ("sentence_transformers.SentenceTransformer().fit", "huggingface", "evaluator"),
        ("sklearn.svm.SVC().fit", "sklearn", ""),
        ("?.fit", "", "validation_data"),
    ],
)
def test_what_a_training_holds_out(name: str, framework: str, held_out: str) -> None:
    row = only(name, Trains)
    assert isinstance(row, Trains)
    assert row.framework == framework
    assert not row.step
    assert held_out in row.held_out if held_out else not row.held_out


@pytest.mark.parametrize(
    "name",
    [
        "torch.Tensor().backward",
        "?.backward",
        "xgboost.Booster().update",
        "jax.grad",
        "mxnet.gluon.Trainer().step",
    ],
)
def test_steps_of_a_loop(name: str) -> None:
    row = only(name, Trains)
    assert isinstance(row, Trains)
    assert row.step


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("xgboost.train", "xgboost.Booster()"),
        ("xgboost.sklearn.XGBClassifier().fit", "xgboost.XGBClassifier()"),
        ("lightgbm.train", "lightgbm.Booster()"),
        ("sklearn.svm.SVC().fit", "sklearn.svm.SVC()"),
        ("sklearn.pipeline.make_pipeline", "sklearn.pipeline.Pipeline()"),
        ("tensorflow.keras.models.load_model", "keras.Model()"),
        ("tensorflow.keras.applications.ResNet50", "keras.Model()"),
        ("keras.Model().fit", "keras.callbacks.History()"),
        ("torch.nn.Linear().to", "torch.nn.Linear()"),
        ("torchvision.models.resnet18", "torch.nn.Module()"),
        ("transformers.AutoModel.from_pretrained", "transformers.AutoModel()"),
        ("transformers.models.auto.AutoTokenizer.from_pretrained", "transformers.AutoTokenizer()"),
        ("transformers.AutoModel().to", "transformers.AutoModel()"),
        ("peft.get_peft_model", "peft.PeftModel()"),
        ("unsloth.FastLanguageModel.from_pretrained", None),
        ("sklearn.svm.SVC", None),
        ("joblib.load", None),
        ("?.fit", None),
        ("", None),
    ],
)
def test_what_a_call_returns(name: str, result: str | None) -> None:
    assert table().returns(name) == result


def test_modes_and_downloads() -> None:
    opening, mnist = only("open", Reads), only("torchvision.datasets.MNIST", Reads)
    assert isinstance(opening, Reads)
    assert isinstance(mnist, Reads)
    assert opening.mode == (1, "mode")
    assert mnist.download == ("download", 4)


def test_carriers() -> None:
    row = only("transformers.TrainingArguments", Carries)
    assert isinstance(row, Carries)
    assert row.path == ("output_dir", 0)


def test_the_table_is_made_once() -> None:
    assert table() is table()


# -- Any text at all

SEGMENTS = st.one_of(
    st.sampled_from(
        ["", "?", "*", "**", "()", "fit", "torch", "sklearn", "keras", "open", "open()", "Model()"]
    ),
    st.from_regex(r"[A-Za-z_]\w{0,8}(\(\)){0,2}", fullmatch=True),
    st.text(max_size=5),
)
NAMES = st.lists(SEGMENTS, max_size=7).map(".".join)


@given(NAMES)
def test_any_name_is_answered(name: str) -> None:
    rows = table().match(name)
    assert rows == table().match(name)
    normal = table().normalise(name)
    assert table().normalise(normal) == normal
    assert table().match(normal) == rows
    library = table().library(name)
    assert library is None or isinstance(library, Library)
    result = table().returns(name)
    assert result is None or result


@given(st.sampled_from(ROWS))
def test_a_pattern_matches_a_name_made_of_it(row: Row) -> None:
    name = row.name.replace("**", "one.Two").replace("*", "Three")
    assert Pattern(row.name).matches(name.split("."))


def test_rows_of_calls_outside_of_a_job_are_in_the_normal_spelling() -> None:
    rows = [row for kind in get_args(Plain) for row in rows_of(kind)]
    assert not [row.name for row in rows if table().normalise(row.name) != row.name]
    assert not [row for row, count in Counter(rows).items() if count > 1]


@pytest.mark.parametrize(
    ("name", "required", "writes", "environment"),
    [
        ("?.get", False, False, False),
        ("json.load().pop", True, False, False),
        ("os.environ.setdefault", False, True, True),
        ("os.environ.copy().__getitem__", True, False, True),
        ("os.getenv", False, False, True),
        ("an_unknown_library.Settings().get", False, False, False),
    ],
)
def test_calls_that_read_a_key(name: str, required: bool, writes: bool, environment: bool) -> None:
    row = table().reads_key(name)
    assert row is not None
    assert (row.required, row.writes, row.environment) == (required, writes, environment)


@pytest.mark.parametrize("name", ["requests.get", "os.environ.copy", "?.update", "shutil.copy", "?"])
def test_calls_that_read_no_key(name: str) -> None:
    assert table().reads_key(name) is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("logging.info", 0),
        ("logging.getLogger().log", 1),
        ("?.warning", 0),
        ("an_unknown_library.Logger().error", 0),
        ("builtins.print", None),
        ("sys.stdout.write", None),
    ],
)
def test_calls_that_log(name: str, message: int | None) -> None:
    row = table().logs(name)
    assert row is not None
    assert (row.message, row.tracker, row.file) == (message, False, False)


def test_trackers_and_files_are_told_from_logs() -> None:
    wandb, lightning, file = map(
        table().logs, ("wandb.log", "lightning.pytorch.LightningModule().log", "builtins.open().write")
    )
    assert wandb is not None
    assert wandb.tracker
    assert lightning is not None
    assert lightning.tracker
    assert file is not None
    assert file.file
    settings = table().logs("?.log_params")
    assert settings is not None
    assert settings.settings


@pytest.mark.parametrize("name", ["torch.log", "numpy.log", "math.log", "torch.nn.Linear().info"])
def test_calls_that_do_not_log(name: str) -> None:
    assert table().logs(name) is None


@pytest.mark.parametrize(
    ("name", "result"),
    [("builtins.len", FACT), ("builtins.repr", DISPLAY), ("builtins.dict().items", COPY), ("?.copy", COPY)],
)
def test_calls_that_leave_a_value_as_it_is(name: str, result: str) -> None:
    row = table().same_value(name)
    assert row is not None
    assert row.result == result


def test_a_value_is_only_shown_if_every_callee_shows_it() -> None:
    assert table().only_shows(("builtins.print", "?.info", "builtins.len"))
    assert not table().only_shows(("builtins.print", "builtins.dict"))
    assert not table().only_shows(("json.dumps",))
    assert not table().only_shows(())
