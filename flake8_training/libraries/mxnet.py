"""Rows for MXNet: Module, Gluon and the Gluon toolkits.

Sources: MXNet 1.9, gluonnlp 0.10, gluoncv 0.10 and gluonts 0.17. The short names are the canonical ones:
``mxnet.mod``, ``mxnet.sym``, ``mxnet.nd``.
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    INSTANCE,
    SELF,
    WORK,
    Carries,
    Evaluates,
    Fetches,
    Library,
    Predicts,
    Reads,
    Returns,
    Row,
    Saves,
    Trains,
)

_MODULE: tuple[Row, ...] = (
    # BaseModule.fit(train_data, eval_data, ...).
    Trains("mxnet.mod.**.fit", "mxnet", held_out=(1, "eval_data")),
    # FeedForward.fit(X, y, eval_data, ...).
    Trains("mxnet.model.FeedForward().fit", "mxnet", held_out=(2, "eval_data")),
    Trains("mxnet.mod.**.update", "mxnet", step=True),
    Trains("mxnet.mod.**.backward", "mxnet", step=True),
    Evaluates("mxnet.mod.**.score"),
    Evaluates("mxnet.model.FeedForward().score"),
    Predicts("mxnet.mod.**.predict"),
    Predicts("mxnet.mod.**.iter_predict"),
    Predicts("mxnet.model.FeedForward().predict"),
    Saves("mxnet.mod.**.save_checkpoint", (0, "prefix"), framework="mxnet", form="mxnet"),
    Saves("mxnet.mod.**.save_params", (0, "fname"), framework="mxnet", form="mxnet"),
    Saves("mxnet.mod.**.save_optimizer_states", (0, "fname"), "part", framework="mxnet"),
    Saves("mxnet.model.save_checkpoint", (0, "prefix"), framework="mxnet", form="mxnet"),
    Saves("mxnet.model.FeedForward().save", (0, "prefix"), framework="mxnet", form="mxnet"),
    Carries("mxnet.callback.do_checkpoint", (0, "prefix")),
    Carries("mxnet.callback.module_checkpoint", (1, "prefix")),
    Reads("mxnet.model.load_checkpoint", (0, "prefix"), "model"),
    Reads("mxnet.mod.**.load", (0, "prefix"), "model"),
    Reads("mxnet.mod.**.load_params", (0, "fname"), "model"),
    Reads("mxnet.sym.load", (0, "fname"), "model"),
    Reads("mxnet.nd.load", (0, "fname")),
    Returns("mxnet.mod.Module.load", INSTANCE),
    Saves("mxnet.nd.save", (0, "fname"), framework="mxnet", form="mxnet"),
    # Saves the graph without its parameters.
    Saves("mxnet.sym.**.save", (0, "fname"), "part", framework="mxnet", form="json"),
    Saves("mxnet.contrib.onnx.export_model", (4, "onnx_file_path"), framework="mxnet", form="onnx"),
    Saves("mxnet.onnx.export_model", (4, "onnx_file_path"), framework="mxnet", form="onnx"),
    Evaluates("mxnet.metric.**.get"),
    Evaluates("mxnet.metric.**.get_name_value"),
    Evaluates("mxnet.gluon.metric.**.get"),
    Trains("mxnet.**.backward", "mxnet", step=True),
)

_GLUON: tuple[Row, ...] = (
    Trains("mxnet.gluon.Trainer().step", "mxnet", step=True),
    Trains("mxnet.gluon.Trainer().update", "mxnet", step=True),
    Saves("mxnet.gluon.Trainer().save_states", (0, "fname"), "part", framework="mxnet"),
    # Estimator.fit(train_data, val_data, ...).
    Trains("mxnet.gluon.contrib.estimator.Estimator().fit", "mxnet", held_out=(1, "val_data")),
    Evaluates("mxnet.gluon.contrib.estimator.Estimator().evaluate"),
    Carries("mxnet.gluon.contrib.estimator.CheckpointHandler", (0, "model_dir")),
    *(
        row
        for library in ("mxnet.gluon", "gluoncv", "gluonnlp")
        for row in (
            Saves(f"{library}.**.save_parameters", (0, "filename"), framework="mxnet", form="mxnet"),
            Saves(f"{library}.**.save_params", (0, "filename"), framework="mxnet", form="mxnet"),
            Saves(f"{library}.**.export", (0, "path"), framework="mxnet", form="mxnet"),
            Reads(f"{library}.**.load_parameters", (0, "filename"), "model"),
            Trains(f"{library}.**.backward", "mxnet", step=True),
        )
    ),
    Evaluates("gluoncv.utils.metrics.**.get"),
    Saves("gluoncv.utils.export_block", (0, "path"), framework="mxnet", form="mxnet"),
    Reads("mxnet.gluon.SymbolBlock.imports", (0, "symbol_file"), "model"),
    Returns("mxnet.gluon.SymbolBlock.imports", "mxnet.gluon.SymbolBlock()"),
    Returns("mxnet.gluon.model_zoo.**", "mxnet.gluon.HybridBlock()"),
    Returns("gluoncv.model_zoo.*", "mxnet.gluon.HybridBlock()"),
    Returns("mxnet.gluon.**().as_in_context", SELF),
    Saves("gluonnlp.utils.save_parameters", (1, "uri"), framework="mxnet", form="mxnet"),
)

_DATA: tuple[Row, ...] = (
    # These download the files that are missing in root.
    *(
        Fetches(f"mxnet.gluon.data.vision.{module}{name}", (0, "root"))
        for module in ("", "datasets.")
        for name in ("MNIST", "FashionMNIST", "CIFAR10", "CIFAR100")
    ),
    *(
        Reads(f"mxnet.gluon.data.vision.{module}{name}", (0, argument))
        for module in ("", "datasets.")
        for name, argument in (
            ("ImageFolderDataset", "root"),
            ("ImageRecordDataset", "filename"),
            ("ImageListDataset", "root"),
        )
    ),
    Reads("mxnet.gluon.data.RecordFileDataset", (0, "filename")),
    Reads("mxnet.io.ImageRecordIter", ("path_imgrec",)),
    Reads("mxnet.io.ImageDetRecordIter", ("path_imgrec",)),
    Reads("mxnet.io.MNISTIter", ("image", "label")),
    Reads("mxnet.io.CSVIter", ("data_csv",)),
    Reads("mxnet.io.LibSVMIter", ("data_libsvm",)),
    Reads("mxnet.image.ImageIter", ("path_imgrec", "path_imglist", "path_root")),
    Reads("mxnet.image.ImageDetIter", ("path_imgrec", "path_imglist", "path_root")),
    Reads("mxnet.image.imread", (0, "filename")),
    Reads("mxnet.recordio.MXRecordIO", (0, "uri"), mode=(1, "flag")),
    Reads("mxnet.recordio.MXIndexedRecordIO", (1, "uri"), mode=(2, "flag")),
    Fetches("mxnet.test_utils.get_mnist", (0, "path")),
    Fetches("mxnet.test_utils.get_mnist_iterator"),
    Fetches("mxnet.test_utils.get_cifar10"),
    Fetches("mxnet.test_utils.download", target=("dirname", 2, "fname", 1)),
    Fetches("mxnet.gluon.utils.download", target=("path", 1)),
    Fetches("gluoncv.utils.download", target=("path", 1)),
    Reads("gluoncv.data.*", ("root", 0)),
    Fetches("gluonnlp.data.*", ("root",)),
    Reads("gluonnlp.data.TextLineDataset", (0, "filename")),
    Reads("gluonnlp.data.TSVDataset", (0, "filename")),
    Reads("gluonnlp.data.CorpusDataset", (0, "filename")),
)

_GLUONTS: tuple[Row, ...] = (
    # Estimator.train(training_data, validation_data).
    Trains("gluonts.**.train", "mxnet", held_out=(1, "validation_data")),
    Trains("gluonts.torch.**.train", "pytorch", held_out=(1, "validation_data")),
    Returns("gluonts.**.train", "gluonts.model.predictor.Predictor()"),
    Saves("gluonts.**.serialize", (0, "path"), framework="other", form="gluonts"),
    Reads("gluonts.model.predictor.Predictor.deserialize", (0, "path"), "model"),
    Predicts("gluonts.**.predict"),
    Predicts("gluonts.evaluation.make_evaluation_predictions"),
    Predicts("gluonts.evaluation.backtest.make_evaluation_predictions"),
    Evaluates("gluonts.evaluation.*()"),
    Evaluates("gluonts.evaluation.backtest_metrics"),
    Evaluates("gluonts.evaluation.backtest.backtest_metrics"),
    Evaluates("gluonts.model.evaluate_model"),
    Evaluates("gluonts.model.evaluation.evaluate_model"),
    Reads("gluonts.dataset.common.load_datasets", (1, "train")),
    Reads("gluonts.dataset.common.FileDataset", (0, "path")),
    Reads("gluonts.dataset.jsonl.JsonLinesFile", (0, "path")),
    Fetches("gluonts.dataset.repository.get_dataset", ("path", 1)),
    Fetches("gluonts.dataset.repository.datasets.get_dataset", ("path", 1)),
    Fetches("gluonts.dataset.artificial.**"),
)

ROWS: tuple[Row, ...] = (*_MODULE, *_GLUON, *_DATA, *_GLUONTS)

LIBRARIES: tuple[Library, ...] = (
    Library("mxnet", framework="mxnet"),
    Library("gluoncv", framework="mxnet"),
    Library("gluoncv.auto", WORK, "mxnet"),
    Library("gluonnlp", framework="mxnet"),
    # gluonts uses MXNet before 0.14 and PyTorch since.
    Library("gluonts", framework="other"),
    Library("sagemaker_mxnet_container"),
    Library("mxboard"),
)
