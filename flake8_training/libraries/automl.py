"""Rows for libraries that choose and fit models, and for Spark.

Sources: AutoGluon 1.6 (and 0.0 for removed names), h2o 3.46, PyCaret 3.3, fastai 2.8, TPOT 1.1, FLAML 2.7,
ultralytics 8.4, ludwig 0.10 and pyspark 3.5.
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    ALL,
    INSTANCE,
    RECEIVER,
    SELF,
    WORK,
    Carries,
    Evaluates,
    Fetches,
    HoldsOut,
    Library,
    May,
    Predicts,
    Prepares,
    Reads,
    Returns,
    Row,
    Saves,
    Trains,
)

_AUTOGLUON: tuple[Row, ...] = (
    # TabularPredictor(label, problem_type, eval_metric, path, ...). All predictors save to path while fitting, and hold
    # out a part of the data if tuning_data is missing.
    Carries("autogluon.tabular.TabularPredictor", ("path", 3)),
    Carries("autogluon.*.*Predictor", ("path",)),
    HoldsOut("autogluon.*.*Predictor"),
    Trains(
        "autogluon.**.fit", "other", held_out=("tuning_data",), saves_to=("output_directory", "save_path")
    ),
    *(
        Trains(f"autogluon.**.{method}", "other")
        for method in ("fit_extra", "fit_weighted_ensemble", "refit_full", "fit_pseudolabel", "distill")
    ),
    Returns("autogluon.**.fit", SELF),
    # TabularPrediction.fit(...) was a function that returned the predictor (AutoGluon 0.0).
    Returns("autogluon.tabular.TabularPrediction.fit", "autogluon.tabular.TabularPredictor()"),
    *(
        Evaluates(f"autogluon.**.{method}")
        for method in ("evaluate", "evaluate_predictions", "leaderboard", "fit_summary")
    ),
    *(Predicts(f"autogluon.**.{method}") for method in ("predict", "predict_proba", "predict_multi")),
    Saves("autogluon.tabular.**.save", (RECEIVER,), framework="other", form="autogluon"),
    Saves("autogluon.timeseries.**.save", (RECEIVER,), framework="other", form="autogluon"),
    Saves("autogluon.multimodal.**.save", (0, "path"), framework="other", form="autogluon"),
    Saves("autogluon.**.clone", (0, "path"), framework="other", form="autogluon"),
    Saves("autogluon.**.clone_for_deployment", (0, "path"), framework="other", form="autogluon"),
    Saves("autogluon.multimodal.**.export_onnx", ("path",), framework="other", form="onnx"),
    Reads("autogluon.tabular.TabularDataset", (0, "data", "file_path")),
    Reads("autogluon.timeseries.TimeSeriesDataFrame.from_path", (0, "path")),
    Reads("autogluon.*.*Predictor.load", (0, "path"), "model"),
    Returns("autogluon.*.*Predictor.load", INSTANCE),
)

_H2O: tuple[Row, ...] = (
    *(
        Reads(f"h2o.{name}", (0, "path"))
        for name in ("import_file", "upload_file", "load_model", "upload_model")
    ),
    Reads("h2o.import_mojo", (0, "mojo_path"), "model"),
    Trains("h2o.**.train", "other", held_out=("validation_frame", "leaderboard_frame", "nfolds")),
    HoldsOut("h2o.automl.H2OAutoML"),
    Evaluates("h2o.**.model_performance"),
    Predicts("h2o.**.predict"),
    Saves("h2o.save_model", (1, "path"), framework="other"),
    Saves("h2o.download_model", (1, "path"), framework="other"),
    *(
        Saves(f"h2o.**.{method}", (0, "path"), framework="other", form="zip")
        for method in ("save_mojo", "download_mojo", "download_pojo", "save_model_details")
    ),
    Saves("h2o.export_file", (1, "path"), "data"),
)


def _pycaret(module: str) -> tuple[Row, ...]:
    return (
        HoldsOut(f"pycaret.{module}.setup"),
        *(
            Trains(f"pycaret.{module}.{name}", "other")
            for name in (
                "compare_models",
                "create_model",
                "tune_model",
                "ensemble_model",
                "blend_models",
                "stack_models",
                "finalize_model",
                "calibrate_model",
                "automl",
            )
        ),
        Evaluates(f"pycaret.{module}.evaluate_model"),
        Evaluates(f"pycaret.{module}.pull"),
        Predicts(f"pycaret.{module}.predict_model"),
        Saves(f"pycaret.{module}.save_model", (1, "model_name"), framework="other", form="pickle"),
        Reads(f"pycaret.{module}.load_model", (0, "model_name"), "model"),
    )


_CHOOSERS: tuple[Row, ...] = (
    *_pycaret("classification"),
    *_pycaret("regression"),
    *_pycaret("clustering"),
    *_pycaret("anomaly"),
    *_pycaret("time_series"),
    Trains("tpot.**.fit", "sklearn"),
    Returns("tpot.**.fit", SELF),
    HoldsOut("tpot.**.fit"),
    Evaluates("tpot.**.score"),
    Predicts("tpot.**.predict"),
    Saves("tpot.**.export", (0, "output_file_name"), "data", form="text"),
    # Holds out a part, or cross-validates, with or without X_val.
    Trains("flaml.**.fit", "other", held_out=("X_val", "dataframe")),
    HoldsOut("flaml.**.fit"),
    Evaluates("flaml.**.score"),
    Predicts("flaml.**.predict"),
    Predicts("flaml.**.predict_proba"),
    Trains("supervised.**.fit", "other"),
    HoldsOut("supervised.**.fit"),
    Carries("supervised.AutoML", ("results_path",)),
    Carries("supervised.automl.AutoML", ("results_path",)),
    Trains("evalml.**.search", "other"),
    HoldsOut("evalml.**.search"),
    Trains("evalml.**.fit", "other"),
    Evaluates("evalml.**.score"),
    Saves("evalml.**.save", (0, "file_path"), framework="other", form="pickle"),
    Trains("ludwig.api.LudwigModel().train", "other", saves_to=("output_directory",)),
    Trains("ludwig.api.LudwigModel().experiment", "other", saves_to=("output_directory",)),
    HoldsOut("ludwig.api.LudwigModel().train"),
    Evaluates("ludwig.api.LudwigModel().evaluate"),
    Evaluates("ludwig.api.LudwigModel().experiment"),
    Saves("ludwig.api.LudwigModel().save", (0, "save_path"), framework="other"),
)

_FASTAI: tuple[Row, ...] = (
    *(
        Trains(f"fastai.**.{method}", "pytorch")
        for method in ("fit", "fit_one_cycle", "fine_tune", "fit_flat_cos", "fit_sgdr")
    ),
    # A learner validates after every epoch on the part that its loaders hold out.
    *(
        row
        for source in ("folder", "csv", "df", "name_func", "name_re", "path_func", "path_re", "lists")
        for row in (
            Reads(f"fastai.**.from_{source}", ("path", *((1,) if source == "df" else (0,)))),
            HoldsOut(f"fastai.**.from_{source}"),
        )
    ),
    HoldsOut("fastai.**.dataloaders"),
    Reads("fastai.**.dataloaders", (0, "source")),
    Reads("fastai.**.get_image_files", (0, "path")),
    Reads("fastai.**.load_learner", (0, "fname"), "model"),
    Fetches("fastai.**.untar_data", ("data",)),
    Evaluates("fastai.**.validate"),
    Predicts("fastai.**.get_preds"),
    Predicts("fastai.**.predict"),
    # A relative path is below the learner's own path.
    Saves("fastai.**.export", (0, "fname", "file"), framework="pytorch", form="pickle"),
    Saves("fastai.**.save", (0, "file", "name"), framework="pytorch", form="torch"),
    Carries("fastai.**.*Learner", ("path", "model_dir")),
    Carries("fastai.**.*_learner", ("path", "model_dir")),
)

_DETECTION: tuple[Row, ...] = (
    # val=True: validates while training.
    *(
        row
        for model in ("YOLO", "RTDETR", "SAM", "FastSAM", "NAS", "YOLOWorld")
        for row in (
            Trains(f"ultralytics.{model}().train", "pytorch", saves_to=("project", "save_dir")),
            HoldsOut(f"ultralytics.{model}().train"),
            Reads(f"ultralytics.{model}().train", ("data",)),
            May(f"ultralytics.{model}().train", frozenset({"reads"})),  # the YAML file holds the paths
            Evaluates(f"ultralytics.{model}().val"),
            Predicts(f"ultralytics.{model}().predict"),
            Predicts(f"ultralytics.{model}()"),
            Saves(f"ultralytics.{model}().save", (0, "filename"), framework="pytorch", form="torch"),
            Reads(f"ultralytics.{model}", (0, "model"), "model"),
        )
    ),
    # Their configurations define where they save, and whether they evaluate.
    *(
        row
        for name in (
            "detectron2.engine.*Trainer().train",
            "mmengine.runner.Runner().train",
            "mmcv.runner.*Runner().run",
            "mmdet.apis.train_detector",
            "mmseg.apis.train_segmentor",
            "mmcls.apis.train_model",
            "mmpose.apis.train_model",
            "yolox.core.Trainer().train",
        )
        for row in (Trains(name, "pytorch"), May(name, WORK))
    ),
    Evaluates("detectron2.engine.*Trainer.test"),
    Evaluates("detectron2.evaluation.inference_on_dataset"),
    Reads("detectron2.data.datasets.register_coco_instances", (2, "json_file")),
    Evaluates("mmengine.runner.Runner().val"),
    Evaluates("mmengine.runner.Runner().test"),
)

_SPARK: tuple[Row, ...] = (
    *(
        Reads(f"pyspark.**.read.{form}", (0, "path"))
        for form in ("csv", "json", "parquet", "text", "orc", "load")
    ),
    Reads("pyspark.sql.**.load", (0, "path")),
    Reads("pyspark.**.textFile", (0, "name")),
    *(
        Saves(f"pyspark.**.{before}.{form}", (0, "path"), "data")
        for before in ("write", "mode()", "overwrite()")
        for form in ("csv", "json", "parquet", "text", "orc")
    ),
    Saves("pyspark.sql.**.save", (0, "path"), "data"),
    Trains("pyspark.ml.**.fit", "other"),
    Trains("pyspark.mllib.**.train", "other"),
    Prepares("pyspark.ml.feature.**.fit"),
    HoldsOut("pyspark.ml.tuning.CrossValidator"),
    HoldsOut("pyspark.ml.tuning.TrainValidationSplit"),
    Evaluates("pyspark.ml.evaluation.**.evaluate"),
    Predicts("pyspark.ml.**.transform"),
    Saves("pyspark.ml.**.save", (0, "path"), framework="other"),
    Saves("pyspark.ml.feature.**.save", (0, "path"), "part"),
)

ROWS: tuple[Row, ...] = (*_AUTOGLUON, *_H2O, *_CHOOSERS, *_FASTAI, *_DETECTION, *_SPARK)

LIBRARIES: tuple[Library, ...] = (
    Library("autogluon", framework="other"),
    Library("h2o", framework="other"),
    Library("pycaret", framework="other"),
    Library("tpot", framework="sklearn"),
    Library("flaml", framework="other"),
    Library("supervised", WORK, "other"),
    Library("evalml", WORK, "other"),
    Library("ludwig", WORK, "other"),
    Library("fastai", framework="pytorch"),
    Library("fastcore"),
    Library("pyspark", framework="other"),
    *(
        Library(name, ALL, "pytorch")
        for name in (
            "ultralytics",
            "detectron2",
            "mmengine",
            "mmcv",
            "mmdet",
            "mmseg",
            "mmcls",
            "mmpose",
            "mmpretrain",
            "fairseq",
            "fairseq_cli",
            "nemo",
            "nemo_toolkit",
            "megatron",
            "yolov5",
            "yolox",
            "espnet",
            "speechbrain",
            "parlai",
            "opennmt",
            "onmt",
            "axolotl",
            "llamafactory",
            "llmfoundry",
            "torchtune",
        )
    ),
)
