"""Environment variables that libraries and the container itself read.

They have an effect even if the script does not read them. Each prefix or name is documented by the library in its
comment; a variable that is not listed must be read by the script.
"""

from __future__ import annotations

PREFIXES: tuple[str, ...] = (
    "AWS_",  # botocore
    "BOTO_",
    "SM_",  # sagemaker-training
    "SAGEMAKER_",
    "CUDA_",  # NVIDIA
    "CUDNN_",
    "CUBLAS_",
    "NVIDIA_",
    "NCCL_",
    "FI_",  # libfabric, for EFA
    "GLOO_",
    "OMP_",  # OpenMP
    "KMP_",
    "MKL_",
    "OPENBLAS_",
    "NUMEXPR_",
    "TF_",  # TensorFlow
    "XLA_",
    "NEURON_",
    "TORCH_",  # PyTorch
    "PYTORCH_",
    "TORCHELASTIC_",
    "HF_",  # Hugging Face
    "HUGGINGFACE_",
    "HUGGING_FACE_",
    "TRANSFORMERS_",
    "TOKENIZERS_",
    "DATASETS_",
    "ACCELERATE_",
    "WANDB_",
    "MLFLOW_",
    "COMET_",
    "RAY_",
    "DMLC_",  # MXNet, XGBoost
    "MXNET_",
    "HOROVOD_",
    "PYTHON",  # PYTHONPATH, PYTHONUNBUFFERED ...
    "PIP_",
    "LD_",
    "LC_",
    "GRPC_",
    "SSL_",
    "REQUESTS_",
    "SPARK_",
    "JAVA_",
)

NAMES = frozenset(
    "PATH HOME USER LANG TZ SHELL TMPDIR TEMP TMP PWD HOSTNAME TERM DISPLAY MPLBACKEND NO_PROXY HTTP_PROXY "
    "HTTPS_PROXY http_proxy https_proxy no_proxy LOCAL_RANK RANK WORLD_SIZE LOCAL_WORLD_SIZE NODE_RANK MASTER_ADDR "
    "MASTER_PORT GROUP_RANK TRAINING_JOB_NAME TRAINING_JOB_ARN PROCESSING_JOB_NAME PROCESSING_JOB_ARN "
    "MODEL_CACHE_ROOT DEBIAN_FRONTEND CURL_CA_BUNDLE".split()
)


def is_read_by_libraries(name: str) -> bool:
    """Return whether the container or a library in it reads a variable."""
    return name in NAMES or name.startswith(PREFIXES)
