"""Well-known libraries whose calls without a row do no part of a job.

The standard library and the builtins are known without a list (see ``table.py``). ``files.py`` lists those of their
modules that run code passed to them. Modules that the standard library has dropped are listed here.
"""

from __future__ import annotations

from flake8_training.libraries.rows import ALL, Library, Row

ROWS: tuple[Row, ...] = ()

_NOTHING = """
    absl.logging accimage addict aiohttp albumentations alembic altair annoy anyio arrow asynchat asyncore
    attr attrs audiomentations augly autograd av avro aws_embedded_metrics aws_xray_sdk awscli awslogs babel
    backoff beautifulsoup4 bokeh boltons bs4 bson cachetools caffe2 certifi cgi chalice chardet
    charset_normalizer cloudpickle cmaes colorama coloredlogs colorlog commentjson compress_pickle conda_pack
    ConfigParser contextlib2 crypt cryptography cStringIO cudf cufflinks cv2 cvxopt cvxpy cycler Cython cython
    dacite dask dask_cuda dask_cudf dataclasses dataclasses_json datatable dateparser dateutil deap decorator
    decord deepdiff defusedxml deltalake dill diskcache distributed distro distutils docutils dotenv duckdb
    easydict editdistance einops faiss faker falcon fastapi fastavro fastparquet feature_store_pyspark ffmpeg
    filelock flask flatbuffers fsspec ftfy funcy future fvcore gdown geopandas git google.api_core google.auth
    google.cloud google.oauth2 google.protobuf gpt4all GPUtil gputil gradio graphene graphviz greenlet grpc
    gunicorn gym gym_unity gymnasium h5py hdfs hnswlib holidays httplib httpx huggingface_sb3 humanize
    icecream imagecodecs imageio imagesize imgaug importlib_metadata importlib_resources inflect iopath
    ipykernel IPython ipywidgets jieba jinja2 jiwer jmespath joblib json5 jsonlines jsonpickle jsonschema
    kaggle kagglehub kaleido kiwisolver langchain langchain_community langdetect langkit laspy Levenshtein
    librosa lime line_profiler llvmlite lmdb loguru lpips lxml lz4 markdown markupsafe matplotlib
    memory_profiler missingno missingpy ml_dtypes mlagents_envs mock more_itertools mpi4py mpmath msgpack
    multipledispatch munch mypy_extensions natsort nbformat ndjson nest_asyncio netCDF4 networkx nibabel numba
    numexpr numpy nvidia.dali nvtx oauthlib omegaconf open3d opendatasets openpyxl openslide opt_einsum orjson
    osgeo packaging pandarallel pandas pandas_profiling pandera parso pathos patsy pendulum petastorm phik PIL
    pip pipes pkg_resources platformdirs plotly plotnine pluggy ply polars pooch portalocker prettytable
    prometheus_client prompt_toolkit psutil psycopg2 pulp py4j pyarrow pyasn1 pybind11 pycocotools pycountry
    pyct pycuda pydantic_core pydicom pydot pydub pygments pyiceberg pymongo pymysql pynndescent pynvml pyodbc
    pyparsing pypdf PyPDF2 pyreadr pyreadstat pytest pytz pyvis pywt pyximport Queue rapidfuzz rapidjson
    rasterio ray.data redis regex requests requests_toolbelt retry retrying rich rmm rouge ruamel s3path
    sacremoses sagemaker_mlflow sagemaker_pytorch_serving_container schema scipy seaborn selenium sentry_sdk
    seqeval setproctitle setuptools shap shapely shortuuid SimpleITK simplejson simpy singledispatch six
    skimage sklearn_evaluation skops slugify smart_open smart_sifting smmap smtpd snowflake sortedcontainers
    soundfile sox sqlalchemy sqlparse srsly stanza starlette statistics streamlit stringcase StringIO
    summarytools sweetviz swifter sympy tables tabulate tblib telnetlib tenacity tensorflow_serving termcolor
    threadpoolctl tifffile tokenize_rt toml tomlkit toolz torch_tb_profiler tornado tqdm traitlets
    treeinterpreter trimesh triton_python_backend_utils tritonclient tsfel turicreate typeguard
    typing_extensions tzlocal ucimlrepo ujson unidecode unittest2 urllib2 urllib3 urlparse uvicorn vaex
    validators visdom watchdog wcwidth webcolors websocket werkzeug wget whylogs wordcloud wrapt xarray xlrd
    xlsxwriter xlwt xmltodict xxhash yacs yaml yarl ydata_profiling yellowbrick zarr zict zmq zstandard
"""

_PYTORCH = """
    torchvision torchaudio torchtext torchdata torch_xla torch_geometric torch_sparse torch_scatter torch_cluster
    torchinfo torchsummary torchmetrics torcheval torch_optimizer timm kornia ignite deepspeed fairscale apex skorch
    pytorch_tabnet segmentation_models_pytorch efficientnet_pytorch pretrainedmodels open_clip flash_attn xformers
    bitsandbytes transformer_engine neuronx_distributed torch_neuronx torch_neuron thop botorch gpytorch captum
    adamp ranger torchcontrib pytorch_metric_learning pytorch_grad_cam nni
"""

_PLAIN_ML = "dgl ogb webdataset sacrebleu optuna hyperopt nevergrad bayes_opt ax GPyOpt smac"

_CONFIGURATION = """
    absl click fire typer hydra gin configargparse jsonargparse simple_parsing tap docopt tyro plac pydantic
    pydantic_settings dynaconf environs decouple everett sacred abseil argh cyclopts clize
"""
"""Libraries that may return the hyperparameters."""

_EVERYTHING = """
    papermill dvc kfp metaflow prefect airflow luigi zenml kedro invoke fabric sh plumbum pexpect ansible paramiko
    docker nbconvert nbclient jupyter_client sagemaker_studio
"""
"""Libraries that run code passed to them: other scripts, notebooks, commands."""

LIBRARIES: tuple[Library, ...] = (
    *map(Library, _NOTHING.split()),
    *map(Library, _PLAIN_ML.split()),
    *(Library(name, framework="pytorch") for name in _PYTORCH.split()),
    *(Library(name, frozenset({"hyperparameters"})) for name in _CONFIGURATION.split()),
    *(Library(name, ALL) for name in _EVERYTHING.split()),
)
