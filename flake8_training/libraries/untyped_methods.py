"""Rows for methods of objects of unknown origin.

The names of these methods have hardly any other meaning. The rows are weak evidence: they suffice to show that a part
of the job is done, never to report a mistake in it. ``train`` is not among them (it only sets a PyTorch module's mode),
nor are ``step`` and ``update``.
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    RECEIVER,
    Evaluates,
    Library,
    Predicts,
    Prepares,
    Reads,
    Row,
    Saves,
    Trains,
)

_HELD_OUT = (
    "validation_data",
    "validation_split",
    "eval_set",
    "valid_sets",
    "eval_data",
    "val_data",
    "X_val",
)

ROWS: tuple[Row, ...] = (
    Trains("?.fit", "", held_out=_HELD_OUT),
    Trains("?.partial_fit", ""),
    Trains("?.fit_predict", ""),
    Trains("?.fit_generator", "tensorflow", held_out=("validation_data", 5)),
    Trains("?.train_on_batch", "tensorflow", step=True),
    Trains("?.fit_one_cycle", "pytorch"),
    Trains("?.train_model", "", held_out=("eval_df", "eval_data"), saves_to=("output_dir",)),
    Trains("?.train_and_evaluate", ""),
    # A loss of unknown origin is usually PyTorch's.
    Trains("?.backward", "pytorch", step=True),
    Trains("?.apply_gradients", "", step=True),
    Prepares("?.fit_on_texts"),
    Prepares("?.fit_resample"),
    Prepares("?.adapt"),
    *(
        Evaluates(f"?.{method}")
        for method in (
            "evaluate",
            "evaluate_generator",
            "evaluate_policy",
            "eval_model",
            "score",
            "test_on_batch",
            "train_and_evaluate",
            "leaderboard",
        )
    ),
    *(
        Predicts(f"?.{method}")
        for method in ("predict", "predict_proba", "predict_classes", "predict_generator", "predict_on_batch")
    ),
    Predicts("?.decision_function"),
    Saves("?.save", (0, "path", "filepath", "fname", "filename", "f")),
    Saves(
        "?.save_model",
        (0, "output_dir", "fname", "path", "filepath", "filename", "model_path", "save_directory"),
    ),
    Saves("?.save_pretrained", (0, "save_directory"), framework="huggingface", form="huggingface"),
    Saves("?.save_weights", (0, "filepath"), framework="tensorflow", form="checkpoint"),
    Saves(
        "?.save_checkpoint",
        (0, "save_dir", "filepath", "prefix", "path", "checkpoint_dir"),
        form="checkpoint",
    ),
    Saves("?.save_state", (0, "output_dir"), form="checkpoint"),
    Saves("?.save_parameters", (0, "filename"), framework="mxnet", form="mxnet"),
    Saves("?.save_params", (0, "fname", "filename", "f_params")),
    Saves("?.save_word2vec_format", (0, "fname"), framework="other"),
    Saves("?.export", (0, "path", "filepath", "fname", "filename")),
    Saves("?.export_saved_model", (0, "export_dir_base"), framework="tensorflow", form="savedmodel"),
    Saves("?.export_savedmodel", (0, "export_dir_base"), framework="tensorflow", form="savedmodel"),
    Saves("?.export_model", (0, "path", "export_dir")),
    Saves("?.to_onnx", (0, "file_path", "path"), form="onnx"),
    Saves("?.to_torchscript", (0, "file_path"), framework="pytorch", form="torchscript"),
    Saves("?.to_disk", (0, "path")),
    Saves("?.serialize", (0, "path")),
    Saves("?.dump", (1, "file", "filename", "fp", "f")),
    Saves("?.dump_model", (0, "path", "filename", "fout")),
    Saves("?.clone_for_deployment", (0, "path"), framework="other", form="autogluon"),
    Saves("?.save_to_disk", (0, "dataset_path", "dataset_dict_path"), "data"),
    Saves("?.to_csv", (0, "path_or_buf"), "data", form="csv"),
    Saves("?.to_json", (0, "path_or_buf"), "data", form="json"),
    Saves("?.to_parquet", (0, "path", "path_or_buf"), "data", form="parquet"),
    Saves("?.to_pickle", (0, "path"), "data", form="pickle"),
    *(Saves(f"?.to_{form}", (0, "path"), "data") for form in ("feather", "orc", "stata")),
    Saves("?.to_excel", (0, "excel_writer"), "data"),
    Saves("?.to_hdf", (0, "path_or_buf"), "data"),
    *(Saves(f"?.write_{form}", (0, "file"), "data") for form in ("csv", "parquet", "ndjson", "ipc")),
    Saves("?.savefig", (0, "fname"), "data"),
    Saves("?.tofile", (0, "fid", "file"), "data"),
    Saves("?.write_text", (RECEIVER,), "data", form="text"),
    Saves("?.write_bytes", (RECEIVER,)),
    Saves("?.write", (RECEIVER,), "data"),
    Saves("?.writelines", (RECEIVER,), "data"),
    *(
        Reads(f"?.{method}", (RECEIVER,))
        for method in ("iterdir", "rglob", "glob", "read_text", "read_bytes")
    ),
    Reads("?.flow_from_directory", (0, "directory")),
    Reads("?.flow_from_dataframe", (1, "directory")),
    Reads("?.load_from_disk", (0, "dataset_path")),
    Reads("?.load_from_checkpoint", (0, "checkpoint_path"), "model"),
    Reads("?.load_model", (0, "path", "fname"), "model"),
    Reads("?.load_state", (0, "input_dir"), "model"),
    Reads("?.read_csv", (0, "filepath_or_buffer", "path")),
    Reads("?.read_parquet", (0, "path")),
)

LIBRARIES: tuple[Library, ...] = ()
