"""Canonical spellings of names, applied before a table is searched."""

from __future__ import annotations

from typing import Final

ALIASES: Final[dict[str, str]] = {
    # Keras: its own package, TensorFlow's copy, and the folders its classes are defined in.
    "tensorflow.keras": "keras",
    "tensorflow.python.keras": "keras",
    "tensorflow.compat.v1.keras": "keras",
    "tensorflow.compat.v2.keras": "keras",
    "tensorflow.contrib.keras": "keras",
    "tensorflow._api.v2.keras": "keras",
    "tensorflow.keras.api": "keras",
    "tf_keras": "keras",
    "keras.api": "keras",
    "keras.src": "keras",
    "keras.legacy": "keras",
    **{
        f"{package}.{name}": "keras.Model"
        for package in ("keras", "tensorflow.keras", "tensorflow.python.keras", "tf_keras", "keras.src")
        for name in (
            "Sequential",
            "Functional",
            "models.Model",
            "models.Sequential",
            "models.Functional",
            "engine.training.Model",
            "engine.sequential.Sequential",
            "training.Model",
            "models.model.Model",
            "models.sequential.Sequential",
        )
    },
    **{
        f"{package}.saving.{name}": f"keras.models.{name}"
        for package in ("keras", "tensorflow.keras")
        for name in ("load_model", "save_model")
    },
    "keras.preprocessing.image_dataset_from_directory": "keras.utils.image_dataset_from_directory",
    "keras.preprocessing.image.image_dataset_from_directory": "keras.utils.image_dataset_from_directory",
    "keras.preprocessing.text_dataset_from_directory": "keras.utils.text_dataset_from_directory",
    "tensorflow.keras.preprocessing.image_dataset_from_directory": "keras.utils.image_dataset_from_directory",
    "tensorflow.keras.preprocessing.text_dataset_from_directory": "keras.utils.text_dataset_from_directory",
    "keras_preprocessing": "keras.preprocessing",
    "kerastuner": "keras_tuner",
    # TensorFlow.
    "tensorflow.compat.v1": "tensorflow",
    "tensorflow.compat.v2": "tensorflow",
    "tensorflow.compat.v1.gfile": "tensorflow.io.gfile",
    "tensorflow.compat.v1.python_io": "tensorflow.io",
    "tensorflow.compat.v1.saved_model.builder.SavedModelBuilder": "tensorflow.saved_model.Builder",
    "tensorflow.gfile": "tensorflow.io.gfile",
    "tensorflow.python_io": "tensorflow.io",
    "tensorflow.python.lib.io.tf_record": "tensorflow.io",
    "tensorflow.python.platform.gfile": "tensorflow.io.gfile",
    "tensorflow.saved_model.builder.SavedModelBuilder": "tensorflow.saved_model.Builder",
    "tensorflow.read_file": "tensorflow.io.read_file",
    "tensorflow.write_file": "tensorflow.io.write_file",
    "tensorflow.matching_files": "tensorflow.io.matching_files",
    "tensorflow.contrib.estimator": "tensorflow.estimator",
    "tensorflow.contrib.learn": "tensorflow.estimator",
    "tensorflow_estimator.python.estimator": "tensorflow.estimator",
    "tensorflow.contrib.data": "tensorflow.data.experimental",
    # PyTorch and Lightning.
    "torch.nn.modules.module.Module": "torch.nn.Module",
    "torch.jit.RecursiveScriptModule": "torch.jit.ScriptModule",
    "torchtext.legacy": "torchtext",
    "pytorch_lightning": "lightning.pytorch",
    "lightning_fabric": "lightning.fabric",
    "lightning.Fabric": "lightning.fabric.Fabric",
    **{
        f"lightning.{name}": f"lightning.pytorch.{name}"
        for name in ("Trainer", "LightningModule", "LightningDataModule", "Callback", "seed_everything")
    },
    **{
        f"{package}.{path}": f"lightning.pytorch.{path.rpartition('.')[2]}"
        for package in ("lightning.pytorch", "pytorch_lightning")
        for path in (
            "trainer.Trainer",
            "trainer.trainer.Trainer",
            "core.LightningModule",
            "core.lightning.LightningModule",
            "core.module.LightningModule",
            "core.LightningDataModule",
            "core.datamodule.LightningDataModule",
        )
    },
    **{
        f"{package}.callbacks.model_checkpoint": "lightning.pytorch.callbacks"
        for package in ("lightning.pytorch", "pytorch_lightning")
    },
    "ignite.contrib.handlers": "ignite.handlers",
    # scikit-learn and its kin.
    "sklearn.externals.joblib": "joblib",
    "sklearnex": "sklearn",
    "daal4py.sklearn": "sklearn",
    **{
        f"sklearn.metrics.{module}": "sklearn.metrics"
        for module in (
            "_classification",
            "_regression",
            "_ranking",
            "classification",
            "regression",
            "ranking",
        )
    },
    "sklearn.metrics.scorer": "sklearn.metrics",
    "sklearn.metrics._scorer": "sklearn.metrics",
    **{
        f"sklearn.model_selection.{module}": "sklearn.model_selection"
        for module in ("_search", "_validation", "_split")
    },
    "sklearn.cross_validation": "sklearn.model_selection",
    "sklearn.grid_search": "sklearn.model_selection",
    "dask_searchcv": "dask_ml.model_selection",
    "skopt.searchcv.BayesSearchCV": "skopt.BayesSearchCV",
    "fbprophet": "prophet",
    # MXNet.
    "mxnet.module": "mxnet.mod",
    "mxnet.module.module": "mxnet.mod",
    "mxnet.symbol": "mxnet.sym",
    "mxnet.ndarray": "mxnet.nd",
    "mxnet.image.image": "mxnet.image",
    **{f"mxnet.gluon.{module}.Trainer": "mxnet.gluon.Trainer" for module in ("trainer", "trainer.trainer")},
    "mxnet.gluon.nn.Block": "mxnet.gluon.Block",
    "mxnet.gluon.nn.HybridBlock": "mxnet.gluon.HybridBlock",
    "mxnet.gluon.block.HybridBlock": "mxnet.gluon.HybridBlock",
    # Hugging Face.
    "sentence_transformers.SentenceTransformer.SentenceTransformer": "sentence_transformers.SentenceTransformer",
    "sentence_transformers.cross_encoder.CrossEncoder": "sentence_transformers.CrossEncoder",
    "datasets.load.load_dataset": "datasets.load_dataset",
    "datasets.load.load_from_disk": "datasets.load_from_disk",
    "datasets.arrow_dataset": "datasets",
    "datasets.dataset_dict": "datasets",
    # AutoML and others.
    **{
        f"autogluon.{module}": "autogluon.tabular"
        for module in (
            "tabular.predictor",
            "tabular.predictor.predictor",
            "tabular.predictor.predictor.tabular",
        )
    },
    "autogluon.TabularPrediction": "autogluon.tabular.TabularPrediction",
    "autogluon.task.tabular_prediction.TabularPrediction": "autogluon.tabular.TabularPrediction",
    **{
        f"gensim.models.{module}.{name}": f"gensim.models.{name}"
        for module, name in (
            ("word2vec", "Word2Vec"),
            ("fasttext", "FastText"),
            ("doc2vec", "Doc2Vec"),
            ("ldamodel", "LdaModel"),
            ("ldamulticore", "LdaMulticore"),
            ("lsimodel", "LsiModel"),
            ("nmf", "Nmf"),
            ("phrases", "Phrases"),
            ("tfidfmodel", "TfidfModel"),
            ("coherencemodel", "CoherenceModel"),
            ("keyedvectors", "KeyedVectors"),
        )
    },
    "bertopic._bertopic": "bertopic",
    "jax.experimental.optimizers": "jax.example_libraries.optimizers",
    # Data frames and files.
    "modin.pandas": "pandas",
    "cudf.pandas": "pandas",
    "pyspark.pandas": "pandas",
    "databricks.koalas": "pandas",
    "dask.dataframe.core": "dask.dataframe",
    "pandas.io.parsers": "pandas",
    "pandas.io.json": "pandas",
    "pandas.core.frame": "pandas",
    "cPickle": "pickle",
    "_pickle": "pickle",
    "pickle5": "pickle",
    "six.moves.cPickle": "pickle",
    "ruamel_yaml": "yaml",
    "tomli": "tomllib",
    "h5py.highlevel": "h5py",
    "imageio.v2": "imageio",
    "imageio.v3": "imageio",
    "posixpath": "os.path",
    "builtins.open": "open",
    "io.open": "open",
    "_io.open": "open",
    "pathlib2": "pathlib",
    "pathlib.PosixPath": "pathlib.Path",
    "boto3.session.Session": "boto3.Session",
    "pytorch_lightning.utilities.cli": "lightning.pytorch.cli",
    "lightning.pytorch.utilities.cli": "lightning.pytorch.cli",
    "mlflow.keras.save": "mlflow.keras",
}
"""Prefix -> the prefix that the rows use. The longest matching prefix is replaced, once: targets are final."""

FLAT: Final = frozenset(
    {"xgboost", "lightgbm", "catboost", "transformers", "peft", "trl", "setfit", "diffusers", "accelerate"}
)
"""Packages whose classes count as members of the package itself.

``transformers.models.bert.modeling_bert.BertModel`` is ``transformers.BertModel``.
"""
