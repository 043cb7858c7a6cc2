"""The module of rows for each library, by the first segment of canonical names.

A module lists every first segment of its rows and libraries here; a test compares the two.
"""

from __future__ import annotations

from typing import Final

OTHERS: Final = ""
"""The key for the libraries that have no rows."""

_TOPS: Final = {
    "boosting": "catboost lightgbm lightgbm_ray sagemaker_xgboost_container xgboost xgboost_ray",
    "torch": """
        allennlp apex catalyst composer deepspeed dgl efficientnet_pytorch fairscale horovod ignite
        lightning monai ogb open_clip pl_bolts pycocotools pytorch_tabnet sacrebleu
        segmentation_models_pytorch seqeval skorch smdistributed timm torch torch_geometric torch_xla
        torchaudio torcheval torchmetrics torchtext torchvision webdataset
    """,
    "sklearn": """
        imblearn optuna sagemaker_sklearn_container sagemaker_sklearn_extension sklearn skopt statsmodels
        tune_sklearn
    """,
    "estimators": """
        autosklearn category_encoders causalml cuml dask_ml econml feature_engine hdbscan hmmlearn
        implicit interpret lazypredict lifelines lightfm mapie mlxtend ngboost pmdarima pomegranate pygam
        pyod sklearn_crfsuite sklearn_extra sklearn_pandas skmultilearn sksurv sktime tabpfn tslearn umap
        xgbse
    """,
    "keras": """
        autokeras keras keras_applications keras_cv keras_hub keras_nlp keras_tuner object_detection
        official sagemaker_tensorflow scikeras slim tensorboard tensorboardX tensorflow tensorflow_addons
        tensorflow_data_validation tensorflow_datasets tensorflow_decision_forests tensorflow_estimator
        tensorflow_hub tensorflow_io tensorflow_io_gcs_filesystem tensorflow_metadata
        tensorflow_model_optimization tensorflow_probability tensorflow_ranking tensorflow_recommenders
        tensorflow_text tensorpack tflearn tfrecord tfx
    """,
    "huggingface": """
        accelerate adapters datasets diffusers evaluate huggingface_hub optimum peft safetensors
        sentence_transformers setfit simpletransformers tiktoken tokenizers transformers trl unsloth
    """,
    "mxnet": "gluoncv gluonnlp gluonts mxboard mxnet sagemaker_mxnet_container",
    "automl": """
        autogluon axolotl detectron2 espnet evalml fairseq fairseq_cli fastai fastcore flaml h2o
        llamafactory llmfoundry ludwig megatron mmcls mmcv mmdet mmengine mmpose mmpretrain mmseg nemo
        nemo_toolkit onmt opennmt parlai pycaret pyspark speechbrain supervised torchtune tpot ultralytics
        yolov5 yolox
    """,
    "jax_and_others": """
        acme chainer chainermn chainerrl chex dopamine equinox flax haiku jax jaxlib maxtext optax orbax
        paddle paddlenlp paddlex pfrl ppdet ray rl_coach rlcard sagemaker_rl sb3_contrib stable_baselines
        stable_baselines3 t5x tensorforce tianshou trax
    """,
    "text": """
        bert_score bertopic causalnex deeppavlov farm fasttext flair gensim haystack keybert nltk pgmpy
        rasa recbole rouge_score sentencepiece snorkel spacy spacy_transformers surprise textblob top2vec
        vowpalwabbit
    """,
    "forecasting": """
        arch darts filterpy kats mlforecast neuralforecast neuralprophet orbit prophet pytorch_forecasting
        statsforecast tsfresh utilsforecast
    """,
    "files": """
        __import__ asyncio bson builtins bz2 cProfile cloudpickle code codecs commands commentjson
        compress_pickle configparser copy csv ctypes dict dill distutils eval exec execfile fileinput
        fsspec functools gdown getattr glob globals gzip httpx hydra imp importlib io joblib json json5
        jsonlines jsonpickle kaggle kagglehub linecache list lxml lzma marshal max min mmap msgpack next
        omegaconf open opendatasets operator os pathlib pickle pooch profile pty rapidjson requests ruamel
        runpy shelve shutil simplejson skops smart_open sqlite3 srsly subprocess tarfile toml tomllib
        ucimlrepo ujson urllib urllib3 vars wave wget xml yaml zipfile
    """,
    "arrays": """
        PIL SimpleITK annoy av cupy cv2 decord faiss h5py hnswlib imageio laspy librosa lmdb matplotlib
        netCDF4 nibabel numpy nvidia open3d openslide plotly pydicom pydub rasterio scipy seaborn skimage
        soundfile tables tifffile trimesh xarray zarr
    """,
    "dataframes": "pandas",
    "other_dataframes": """
        cudf dask dask_cudf datatable deltalake duckdb fastavro fastparquet geopandas petastorm polars
        pyarrow pyreadr pyreadstat swifter turicreate vaex
    """,
    "model_formats": """
        awswrangler bentoml boto3 botocore clearml comet_ml container_support coremltools gcsfs google
        hummingbird keras2onnx mlflow mlio neptune nyoka onnx onnxconverter_common onnxmltools onnxruntime
        s3fs s3torchconnector s3transfer sagemaker sagemaker_containers sagemaker_experiments
        sagemaker_inference sagemaker_pytorch_container sagemaker_ssh_helper sagemaker_training skl2onnx
        sklearn2pmml smdebug smdebug_rulesconfig smexperiments smppy tensorflowjs tf2onnx treelite
        treelite_runtime wandb
    """,
    "untyped_methods": "?",
}

FAMILIES: Final[dict[str, str]] = {
    OTHERS: "inert",
    **{top: module for module, tops in _TOPS.items() for top in tops.split()},
}
"""First segment -> module."""
