"""Rows for model formats, experiment stores, AWS and SageMaker's packages.

Sources: onnx 1.16, skl2onnx 1.20, onnxmltools 1.16, tf2onnx 1.17, coremltools 4 and 8, mlflow 3.17, boto3 1.34,
sagemaker 2.245, mlio 0.7, treelite 4, sklearn2pmml 0.110. Logging a model to an experiment store, or uploading it,
does not put it into the model directory.
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    ALL,
    ANYTHING,
    WORK,
    Evaluates,
    Fetches,
    Inert,
    Library,
    May,
    Reads,
    Returns,
    Row,
    Saves,
    Trains,
)

_FORMATS: tuple[Row, ...] = (
    Saves("onnx.save", (1, "f"), form="onnx"),
    Saves("onnx.save_model", (1, "f"), form="onnx"),
    Reads("onnx.load", (0, "f"), "model"),
    Reads("onnx.load_model", (0, "f"), "model"),
    Reads("onnxruntime.InferenceSession", (0, "path_or_bytes"), "model"),
    Saves("onnxruntime.quantization.quantize_dynamic", (1, "model_output"), form="onnx"),
    Saves("onnxruntime.quantization.quantize_static", (1, "model_output"), form="onnx"),
    Saves("onnxmltools.utils.save_model", (1, "file_path"), form="onnx"),
    Saves("onnxmltools.save_model", (1, "file_path"), form="onnx"),
    *(Saves(f"tf2onnx.convert.from_{name}", ("output_path",), form="onnx") for name in ("keras", "function")),
    Saves("keras2onnx.save_model", (1, "file_path"), form="onnx"),
    Saves("hummingbird.ml.**.save", (0, "location"), form="zip"),
    Saves("coremltools.**.save", (0, "save_path", "filename"), form="coreml"),
    Returns("coremltools.convert", "coremltools.models.MLModel()"),
    Saves("sklearn2pmml.sklearn2pmml", (1, "pmml_path", "pmml"), framework="sklearn"),
    Saves("nyoka.*_to_pmml", ("pmml_f_name",)),
    Saves("treelite.**.export_lib", ("libpath", 1)),
    Saves("treelite.**.serialize", (0, "filename")),
    Saves("tensorflowjs.converters.save_keras_model", (1, "artifacts_dir"), framework="tensorflow"),
    Saves("bentoml.**.save", ()),
)

_MLFLOW: tuple[Row, ...] = (
    # save_model(model, path, ...). In pyfunc the model is missing; in openai a task precedes the path.
    Saves("mlflow.*.save_model", (1, "path"), form="mlflow"),
    Saves("mlflow.pyfunc.save_model", (0, "path"), form="mlflow"),
    Saves("mlflow.openai.save_model", (2, "path"), form="mlflow"),
    Reads("mlflow.*.load_model", (0, "model_uri"), "model"),
    Returns("mlflow.*.load_model", ANYTHING),
    # Logs into the run's artifacts: the model is kept, though not by SageMaker.
    Saves("mlflow.*.log_model", (), form="mlflow"),
    Inert("mlflow.*.autolog"),
    Evaluates("mlflow.evaluate"),
    Evaluates("mlflow.models.evaluate"),
    Fetches("mlflow.artifacts.download_artifacts", target=("dst_path",)),
    Fetches("wandb.**.download", target=("root", 0)),
)

_TRAINING_SERVICES = (
    "create_training_job",
    "create_hyper_parameter_tuning_job",
    "create_auto_ml_job",
    "create_auto_ml_job_v2",
    "create_predictor",
    "create_auto_predictor",
    "create_solution",
    "create_solution_version",
    "create_document_classifier",
    "create_entity_recognizer",
    "create_project_version",
    "create_language_model",
    "create_model_customization_job",
)
"""The calls of AWS services that train a model (SageMaker, Forecast, Personalize, Comprehend, Rekognition ...)."""

_AWS: tuple[Row, ...] = (
    *(Fetches(f"boto3.**.{name}") for name in ("get_object", "get_record", "get_query_results")),
    # A client takes bucket, key and file, a bucket key and file, an object the file alone.
    Fetches("boto3.**.download_file", target=("Filename", 2, 1, 0)),
    Fetches("boto3.**.download_fileobj", target=("Fileobj", 2, 1, 0)),
    *(Trains(f"boto3.**.{name}", "other") for name in _TRAINING_SERVICES),
    Evaluates("boto3.**.get_accuracy_metrics"),
    Evaluates("boto3.**.get_solution_metrics"),
    # A training job that starts other training jobs, and reads their results.
    *(May(f"sagemaker.**.{name}", WORK) for name in ("fit", "train", "start", "run", "tune", "upsert")),
    *(May(f"boto3.**.{name}", frozenset({"evaluates"})) for name in ("describe_*", "get_*", "list_*")),
    Inert("boto3.**.upload_file"),
    Inert("boto3.**.upload_fileobj"),
    Inert("boto3.**.put_object"),
    Fetches("s3fs.**.open"),
    Fetches("s3fs.**.get", target=("lpath", 1)),
    Fetches("s3fs.**.ls"),
    Fetches("s3fs.**.glob"),
    Fetches("awswrangler.**.read_*"),
    Fetches("awswrangler.s3.download", target=("local_file", 1)),
    Inert("awswrangler.**.to_*"),
    Fetches("sagemaker.s3.S3Downloader.download", target=("local_path", 1)),
    *(Fetches(f"sagemaker.s3.S3Downloader.{name}") for name in ("list", "read_bytes", "read_file")),
    Fetches("sagemaker.**.download_data", target=("path", 0)),
    Fetches("sagemaker.feature_store.**"),
    Fetches("s3torchconnector.**.from_*"),
    Fetches("google.cloud.**.download_to_filename", target=("filename", 0)),
    Fetches("gcsfs.**.open"),
    Reads("mlio.list_files", (0, "pathnames", "pathname")),
    Reads("mlio.SageMakerPipe", (0, "pathname")),
    Reads("mlio.File", (0, "pathname")),
    Reads("sagemaker_containers.beta.framework.files.read_*", (0, "path")),
    # Debugger's hook writes tensors, not the model.
    Inert("smdebug.**"),
)

ROWS: tuple[Row, ...] = (*_FORMATS, *_MLFLOW, *_AWS)

LIBRARIES: tuple[Library, ...] = (
    *(
        Library(name)
        for name in (
            "awswrangler",
            "bentoml",
            "boto3",
            "botocore",
            "comet_ml",
            "coremltools",
            "clearml",
            "gcsfs",
            "hummingbird",
            "keras2onnx",
            "mlflow",
            "mlio",
            "neptune",
            "nyoka",
            "onnx",
            "onnxconverter_common",
            "onnxmltools",
            "onnxruntime",
            "s3fs",
            "s3transfer",
            "s3torchconnector",
            "sagemaker",
            "sagemaker_inference",
            "sagemaker_experiments",
            "sagemaker_ssh_helper",
            "skl2onnx",
            "sklearn2pmml",
            "smdebug",
            "smdebug_rulesconfig",
            "smexperiments",
            "smppy",
            "tensorflowjs",
            "tf2onnx",
            "treelite",
            "treelite_runtime",
            "wandb",
        )
    ),
    # Environment objects hold the hyperparameters; their runners run a script.
    *(
        Library(name, frozenset({"hyperparameters"}))
        for name in (
            "sagemaker_training",
            "sagemaker_containers",
            "sagemaker_pytorch_container",
            "container_support",
        )
    ),
    *(
        Library(f"{package}.{module}", ALL)
        for package in ("sagemaker_training", "sagemaker_containers")
        for module in ("entry_point", "process", "runner", "modules", "mpi", "cli", "training")
    ),
    Library("sagemaker_containers.beta.framework.modules", ALL),
    Library("sagemaker_containers.beta.framework.entry_point", ALL),
    Library("mlflow.projects", WORK),
)
