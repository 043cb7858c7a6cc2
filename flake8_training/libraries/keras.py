"""Rows for Keras in all its packages, TensorFlow, and libraries built on them.

Sources: Keras 2.13 and 3.15, TensorFlow 1.15 and 2.16, tensorflow-datasets 4.9, keras-tuner 1.4 and the
sagemaker_tensorflow extensions 1.20. ``tensorflow.keras`` and the other packages are ``keras`` here, and
``Sequential`` is ``keras.Model`` (see ``canonical_names.py``).
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    INSTANCE,
    RECEIVER,
    SELF,
    WORK,
    Carries,
    Compares,
    Evaluates,
    Fetches,
    HoldsOut,
    Library,
    Predicts,
    Prepares,
    Reads,
    Returns,
    Row,
    Saves,
    Trains,
)

_HELD_OUT = ("validation_data", "validation_split", 7, 6)
"""Model.fit(x, y, batch_size, epochs, verbose, callbacks, validation_split, validation_data, ...)."""

_KERAS: tuple[Row, ...] = (
    Trains("keras.**.fit", "tensorflow", held_out=_HELD_OUT),
    Trains("keras.**.fit_generator", "tensorflow", held_out=("validation_data", 5)),
    Trains("keras.**.train_on_batch", "tensorflow", step=True),
    Trains("keras.**.train_step", "tensorflow", step=True),
    Trains("keras.optimizers.**.apply_gradients", "tensorflow", step=True),
    Trains("keras.optimizers.**.apply", "tensorflow", step=True),
    Trains("keras.optimizers.**.minimize", "tensorflow", step=True),
    Prepares("keras.preprocessing.**.fit"),
    Prepares("keras.preprocessing.**.fit_on_texts"),
    Prepares("keras.preprocessing.**.fit_on_sequences"),
    Prepares("keras.layers.**.adapt"),
    *(
        Evaluates(f"keras.**.{method}")
        for method in ("evaluate", "evaluate_generator", "test_on_batch", "test_step")
    ),
    Evaluates("keras.metrics.**.result"),
    *(
        Predicts(f"keras.**.{method}")
        for method in ("predict", "predict_on_batch", "predict_generator", "predict_proba", "predict_classes")
    ),
    Saves("keras.**.save", (0, "filepath"), framework="tensorflow", form="keras"),
    Saves("keras.**.save_weights", (0, "filepath"), framework="tensorflow", form="checkpoint"),
    Saves("keras.**.export", (0, "filepath"), framework="tensorflow", form="savedmodel"),
    Saves("keras.**.save_to_preset", (0, "preset_dir"), framework="tensorflow", form="keras"),
    Saves("keras.models.save_model", (1, "filepath"), framework="tensorflow", form="keras"),
    Saves("keras.saving.save_weights", (1, "filepath"), framework="tensorflow", form="checkpoint"),
    Saves(
        "keras.experimental.export_saved_model",
        (1, "saved_model_path"),
        framework="tensorflow",
        form="savedmodel",
    ),
    Saves("keras.utils.save_img", (0, "path"), "data"),
    Saves("keras.preprocessing.image.save_img", (0, "path"), "data"),
    Carries("keras.callbacks.ModelCheckpoint", (0, "filepath")),
    Reads("keras.models.load_model", (0, "filepath"), "model"),
    Reads("keras.**.load_weights", (0, "filepath"), "model"),
    Returns("keras.models.load_model", "keras.Model()"),
    Returns("keras.models.clone_model", "keras.Model()"),
    Returns("keras.models.model_from_json", "keras.Model()"),
    Returns("keras.models.model_from_yaml", "keras.Model()"),
    Returns("keras.models.model_from_config", "keras.Model()"),
    Returns("keras.Model.from_config", INSTANCE),
    Returns("keras.utils.multi_gpu_model", "keras.Model()"),
    Returns("keras.applications.**", "keras.Model()"),
    Returns("keras.**.fit", "keras.callbacks.History()"),
    Returns("keras.**.fit_generator", "keras.callbacks.History()"),
    *(
        Reads(f"keras.utils.{kind}_dataset_from_directory", (0, "directory"))
        for kind in ("image", "text", "audio")
    ),
    Reads("keras.**.flow_from_directory", (0, "directory")),
    Reads("keras.**.flow_from_dataframe", (1, "directory")),
    Reads("keras.utils.load_img", (0, "path")),
    Reads("keras.preprocessing.image.load_img", (0, "path")),
    Fetches("keras.datasets.*.load_data"),
    Fetches("keras.utils.get_file", target=("cache_dir", 9)),
    Fetches("keras.utils.data_utils.get_file", target=("cache_dir", 9)),
)

_TENSORFLOW: tuple[Row, ...] = (
    *(
        Compares(f"tensorflow.nn.{loss}")
        for loss in (
            "ctc_loss",
            "l2_loss",
            "nce_loss",
            "sampled_softmax_loss",
            "sigmoid_cross_entropy_with_logits",
            "softmax_cross_entropy_with_logits",
            "softmax_cross_entropy_with_logits_v2",
            "sparse_softmax_cross_entropy_with_logits",
            "weighted_cross_entropy_with_logits",
        )
    ),
    *(
        Compares(f"keras.losses.{loss}")
        for loss in (
            "binary_crossentropy",
            "categorical_crossentropy",
            "categorical_hinge",
            "cosine_similarity",
            "hinge",
            "huber",
            "kl_divergence",
            "log_cosh",
            "mean_absolute_error",
            "mean_absolute_percentage_error",
            "mean_squared_error",
            "mean_squared_logarithmic_error",
            "poisson",
            "sparse_categorical_crossentropy",
            "squared_hinge",
        )
    ),
    Evaluates("tensorflow.metrics.*"),
    Trains("tensorflow.GradientTape().gradient", "tensorflow", step=True),
    Trains("tensorflow.**.apply_gradients", "tensorflow", step=True),
    Trains("tensorflow.train.**.minimize", "tensorflow", step=True),
    Trains("tensorflow.contrib.**.minimize", "tensorflow", step=True),
    Saves("tensorflow.saved_model.save", (1, "export_dir"), framework="tensorflow", form="savedmodel"),
    # Saves into a folder named after the time (TensorFlow 1.13).
    Saves(
        "tensorflow.contrib.saved_model.save_keras_model",
        (1, "saved_model_path"),
        framework="tensorflow",
        form="savedmodel",
    ),
    Saves("tensorflow.saved_model.simple_save", (1, "export_dir"), framework="tensorflow", form="savedmodel"),
    Carries("tensorflow.saved_model.Builder", (0, "export_dir")),
    Saves("tensorflow.saved_model.Builder().save", (RECEIVER,), framework="tensorflow", form="savedmodel"),
    Saves("tensorflow.train.Saver().save", (1, "save_path"), framework="tensorflow", form="checkpoint"),
    Saves(
        "tensorflow.train.Checkpoint().save", (0, "file_prefix"), framework="tensorflow", form="checkpoint"
    ),
    Saves(
        "tensorflow.train.Checkpoint().write", (0, "file_prefix"), framework="tensorflow", form="checkpoint"
    ),
    Carries("tensorflow.train.CheckpointManager", (1, "directory")),
    Saves(
        "tensorflow.train.CheckpointManager().save", (RECEIVER,), framework="tensorflow", form="checkpoint"
    ),
    Saves("tensorflow.train.write_graph", (1, "logdir"), framework="tensorflow"),
    Carries("tensorflow.train.MonitoredTrainingSession", ("checkpoint_dir", 2)),
    Carries("tensorflow.train.CheckpointSaverHook", (0, "checkpoint_dir")),
    Saves("tensorflow.Module().save", (0, "filepath"), framework="tensorflow"),
    Reads("tensorflow.saved_model.load", (0, "export_dir"), "model"),
    Reads("tensorflow.saved_model.loader.load", (2, "export_dir"), "model"),
    Reads("tensorflow.train.Saver().restore", (1, "save_path"), "model"),
    Reads("tensorflow.train.Checkpoint().restore", (0, "save_path"), "model"),
    Reads("tensorflow.train.Checkpoint().read", (0, "save_path"), "model"),
    Reads("tensorflow.train.latest_checkpoint", (0, "checkpoint_dir"), "model"),
    *(
        Reads(f"tensorflow.data.{name}", (0, "filenames"))
        for name in (
            "TFRecordDataset",
            "TextLineDataset",
            "FixedLengthRecordDataset",
            "experimental.CsvDataset",
        )
    ),
    Reads("tensorflow.data.Dataset.list_files", (0, "file_pattern")),
    Reads("tensorflow.data.Dataset.load", (0, "path")),
    Reads("tensorflow.data.experimental.load", (0, "path")),
    Reads("tensorflow.data.experimental.make_csv_dataset", (0, "file_pattern")),
    Reads("tensorflow.data.experimental.make_batched_features_dataset", (0, "file_pattern")),
    Reads("tensorflow.io.read_file", (0, "filename")),
    Reads("tensorflow.io.matching_files", (0, "pattern")),
    Reads("tensorflow.io.tf_record_iterator", (0, "path")),
    Reads("tensorflow.train.match_filenames_once", (0, "pattern")),
    Reads("tensorflow.train.string_input_producer", (0, "string_tensor")),
    Saves("tensorflow.data.**.save", (0, "path"), "data"),
    Saves("tensorflow.data.experimental.save", (1, "path"), "data"),
    Saves("tensorflow.io.write_file", (0, "filename"), "data"),
    Saves("tensorflow.io.TFRecordWriter", (0, "path"), "data"),
    Saves("tensorflow.io.write_graph", (1, "logdir"), framework="tensorflow"),
    *(
        Reads(f"tensorflow.io.gfile.{name}", (0, "name"), mode=(1, "mode"))
        for name in ("GFile", "Open", "FastGFile")
    ),
    *(Reads(f"tensorflow.io.gfile.{name}", (0, "pattern", "filename")) for name in ("glob", "Glob")),
    *(Reads(f"tensorflow.io.gfile.{name}", (0, "path", "dirname")) for name in ("listdir", "ListDirectory")),
    *(Reads(f"tensorflow.io.gfile.{name}", (0, "top")) for name in ("walk", "Walk")),
    *(
        Saves(
            f"tensorflow.io.gfile.{name}",
            (1, "dst", "newpath", "newname"),
            "copy",
            (0, "src", "oldpath", "oldname"),
        )
        for name in ("copy", "Copy", "rename", "Rename")
    ),
    # The argument is the channel's name, not a path.
    Reads("sagemaker_tensorflow.PipeModeDataset", (0, "channel")),
)

_ESTIMATORS: tuple[Row, ...] = (
    Carries("tensorflow.estimator.Estimator", ("model_dir", 1)),
    Carries("tensorflow.estimator.RunConfig", ("model_dir", 0)),
    *(
        Carries(f"tensorflow.estimator.*{kind}", ("model_dir",))
        for kind in ("Classifier", "Regressor", "Estimator")
    ),
    Carries("keras.estimator.model_to_estimator", ("model_dir",)),
    Returns("keras.estimator.model_to_estimator", "tensorflow.estimator.Estimator()"),
    Trains("tensorflow.estimator.**.train", "tensorflow"),
    Trains("tensorflow.estimator.**.fit", "tensorflow"),
    Trains("tensorflow.estimator.train_and_evaluate", "tensorflow", held_out=(2, "eval_spec")),
    Evaluates("tensorflow.estimator.**.evaluate"),
    Evaluates("tensorflow.estimator.train_and_evaluate"),
    Predicts("tensorflow.estimator.**.predict"),
    *(
        Saves(
            f"tensorflow.estimator.**.{method}",
            (0, "export_dir_base"),
            framework="tensorflow",
            form="savedmodel",
        )
        for method in ("export_saved_model", "export_savedmodel", "experimental_export_all_saved_models")
    ),
    Returns("tensorflow.estimator.**.train", SELF),
)

_DATASETS: tuple[Row, ...] = (
    Fetches("tensorflow_datasets.load", ("data_dir", 2)),
    Fetches("tensorflow_datasets.builder", ("data_dir",)),
    Fetches("tensorflow_datasets.data_source", ("data_dir",)),
    Fetches("tensorflow_datasets.**.download_and_prepare", ("download_dir",)),
    Reads("tensorflow_datasets.builder_from_directory", (0, "builder_dir")),
    Reads("tensorflow_datasets.builder_from_directories", (0, "builder_dirs")),
    Reads("tensorflow_datasets.**.ImageFolder", (0, "root_dir")),
    Reads("tensorflow_datasets.**.TranslateFolder", (0, "root_dir")),
    Fetches("tensorflow_hub.load"),
    Fetches("tensorflow.examples.tutorials.mnist.input_data.read_data_sets", (0, "train_dir")),
    Reads("tensorflow_io.**.from_*", (0, "filename")),
    Reads("tfrecord.**.TFRecordDataset", (0, "data_path")),
)

_AROUND: tuple[Row, ...] = (
    Trains("keras_tuner.**.search", "tensorflow", held_out=("validation_data", "validation_split")),
    Carries("keras_tuner.*", ("directory",)),
    Carries("keras_tuner.tuners.*", ("directory",)),
    Returns("keras_tuner.**.hypermodel.build", "keras.Model()"),
    # By default a fifth of the data is held out (validation_split=0.2).
    HoldsOut("autokeras.**.fit"),
    Trains("autokeras.**.fit", "tensorflow"),
    Evaluates("autokeras.**.evaluate"),
    Predicts("autokeras.**.predict"),
    Returns("autokeras.**.export_model", "keras.Model()"),
    *(
        row
        for library in (
            "tensorflow_recommenders",
            "tensorflow_decision_forests",
            "keras_cv",
            "keras_nlp",
            "keras_hub",
        )
        for row in (
            Trains(f"{library}.**.fit", "tensorflow", held_out=_HELD_OUT),
            Evaluates(f"{library}.**.evaluate"),
            Evaluates(f"{library}.metrics.**.result"),
            Predicts(f"{library}.**.predict"),
            Saves(f"{library}.**.save", (0, "filepath", "path"), framework="tensorflow", form="keras"),
            Saves(f"{library}.**.save_weights", (0, "filepath"), framework="tensorflow", form="checkpoint"),
            Saves(f"{library}.**.save_to_preset", (0, "preset_dir"), framework="tensorflow", form="keras"),
            Returns(f"{library}.**.from_preset", INSTANCE),
        )
    ),
    Trains("scikeras.wrappers.**.fit", "tensorflow"),
    Returns("scikeras.wrappers.**.fit", SELF),
    Evaluates("scikeras.wrappers.**.score"),
    Predicts("scikeras.wrappers.**.predict"),
    Evaluates("keras.wrappers.scikit_learn.**.score"),
    Returns("tensorflow_model_optimization.**.prune_low_magnitude", "keras.Model()"),
    Returns("tensorflow_model_optimization.**.quantize_model", "keras.Model()"),
    Returns("tensorflow_model_optimization.**.strip_pruning", "keras.Model()"),
    Trains("tflearn.**.fit", "tensorflow", held_out=("validation_set",)),
    Saves("tflearn.**.save", (0, "model_file"), framework="tensorflow", form="checkpoint"),
)

ROWS: tuple[Row, ...] = (*_KERAS, *_TENSORFLOW, *_ESTIMATORS, *_DATASETS, *_AROUND)

LIBRARIES: tuple[Library, ...] = (
    Library("keras", framework="tensorflow"),
    Library("tensorflow", framework="tensorflow"),
    *(
        Library(name, WORK, "tensorflow")
        for name in ("tensorpack", "object_detection", "official", "tfx", "slim")
    ),
    *(
        Library(name, framework="tensorflow")
        for name in (
            "autokeras",
            "keras_applications",
            "keras_cv",
            "keras_hub",
            "keras_nlp",
            "keras_tuner",
            "sagemaker_tensorflow",
            "scikeras",
            "tensorflow_addons",
            "tensorflow_decision_forests",
            "tensorflow_estimator",
            "tensorflow_hub",
            "tensorflow_io",
            "tensorflow_model_optimization",
            "tensorflow_probability",
            "tensorflow_ranking",
            "tensorflow_recommenders",
            "tensorflow_text",
            "tflearn",
        )
    ),
    # These hold data, metrics or logs; scripts of other frameworks import them too.
    *(
        Library(name)
        for name in (
            "tensorboard",
            "tensorboardX",
            "tensorflow_data_validation",
            "tensorflow_datasets",
            "tensorflow_io_gcs_filesystem",
            "tensorflow_metadata",
            "tfrecord",
        )
    ),
)
