"""Table of environment variables: one row for each.

Sources (each row names its own): sagemaker-training 5.1.4 (``environment.py: to_env_vars``, ``params.py``, ``mpi.py``,
``smdataparallel.py``), sagemaker-train 1.27.0 (``container_drivers/scripts/environment.py`` and the distributed
drivers), sagemaker 2.257.7 (``local/image.py``, ``remote_function``, ``workflow/notebook_job_step.py``, ``serve``). A
row that names no package rests on public documentation alone and was not compared with software.
"""

from __future__ import annotations

from enum import Flag, auto

from flake8_training.record import Record


class Setter(Flag):
    """Who sets a variable in the environment of the container."""

    TOOLKIT = auto()
    """The sagemaker-training toolkit: SDK v2 framework estimators and the deep learning containers."""
    DRIVER = auto()
    """The start script of SDK v3's ModelTrainer, in place of the toolkit."""
    PLATFORM = auto()
    """The training platform itself, in every image."""
    LAUNCHER = auto()
    """A launcher of several processes: torchrun, MPI, Horovod, SMDDP, parameter servers."""
    LOCAL = auto()
    """Local mode of the SDK, on the developer's machine."""
    REMOTE = auto()
    """The bootstrap of @remote functions, and of notebook jobs."""
    SERVING = auto()
    """Hosting: the SDK's Model classes, the inference toolkit, the inference images."""
    PROCESSING = auto()
    """Processing jobs: the platform or the image."""
    IMAGE = auto()
    """The Dockerfile of a deep learning container."""
    READ = auto()
    """Nothing sets it by default: software in the container reads it, and users set it through ``environment=``."""


class Variable(Record):
    """One variable: who sets it, its meaning, its value if that is always the same, and the source."""

    name: str
    setters: Setter
    meaning: str
    value: str | None
    source: str


CHANNEL_PREFIX = "SM_CHANNEL_"
"""``SM_CHANNEL_<NAME>`` for each channel. The name is upper-cased only: ``-`` stays."""

HYPERPARAMETER_PREFIX = "SM_HP_"
"""``SM_HP_<KEY>`` for each hyperparameter. The driver turns ``-`` into ``_``; the toolkit does not."""

PREFIXES = (CHANNEL_PREFIX, HYPERPARAMETER_PREFIX)

_T, _D, _P = Setter.TOOLKIT, Setter.DRIVER, Setter.PLATFORM
_TD = _T | _D
_ENVIRONMENT = "sagemaker-training 5.1.4 environment.py"
_DRIVERS = "sagemaker-train 1.27.0 container_drivers/scripts/environment.py"
_BOTH = f"{_ENVIRONMENT}; {_DRIVERS}"
_UNREAD = "public documentation and job logs; in no package that was read"
_SDK = "sagemaker 2.257.7"

_ROWS: tuple[tuple[str, Setter, str, str | None, str], ...] = (
    # Paths
    ("SM_MODEL_DIR", _TD, "what is left here becomes model.tar.gz", "/opt/ml/model", _BOTH),
    ("SM_OUTPUT_DATA_DIR", _TD, "what is left here becomes output.tar.gz", "/opt/ml/output/data", _BOTH),
    ("SM_OUTPUT_DIR", _TD, "parent of data, failure and intermediate", "/opt/ml/output", _BOTH),
    ("SM_INPUT_DIR", _TD, "parent of data and config", "/opt/ml/input", _BOTH),
    ("SM_INPUT_CONFIG_DIR", _TD, "JSON files of the job", "/opt/ml/input/config", _BOTH),
    ("SM_INPUT_DATA_DIR", _D, "parent of the channels", "/opt/ml/input/data", _DRIVERS),
    ("SM_OUTPUT_FAILURE", _D, "file with the reason of a failure", "/opt/ml/output/failure", _DRIVERS),
    ("SM_OUTPUT_INTERMEDIATE_DIR", _T, "synced live", "/opt/ml/output/intermediate", _ENVIRONMENT),
    ("SM_SOURCE_DIR", _D, "the user's code", "/opt/ml/input/data/code", _DRIVERS),
    ("SM_MODULE_DIR", _T, "where the user's code came from, S3 or local", None, _ENVIRONMENT),
    (
        "SM_DISTRIBUTED_DRIVER_DIR",
        _D,
        "drivers; only with distributed=",
        "/opt/ml/input/data/sm_drivers/distributed_drivers",
        _DRIVERS,
    ),
    # The job
    ("SM_CHANNELS", _TD, "JSON list of the channels' names", None, _BOTH),
    ("SM_HPS", _TD, "JSON dict of the hyperparameters", None, _BOTH),
    ("SM_TRAINING_ENV", _TD, "JSON dict of the whole environment", None, _BOTH),
    ("SM_RESOURCE_CONFIG", _TD, "JSON dict of the cluster", None, _BOTH),
    ("SM_INPUT_DATA_CONFIG", _TD, "JSON dict of the channels' settings", None, _BOTH),
    ("SM_LOG_LEVEL", _TD, "number of a logging level", None, _BOTH),
    ("SM_USER_ARGS", _T, "JSON list of the script's arguments", None, _ENVIRONMENT),
    ("SM_USER_ENTRY_POINT", _T, "file name of the script", None, _ENVIRONMENT),
    ("SM_ENTRY_SCRIPT", _D, "file name of the script", None, _DRIVERS),
    ("SM_MODULE_NAME", _T, "module name of the script", None, _ENVIRONMENT),
    ("SM_FRAMEWORK_MODULE", _T, "module of the framework container", None, _ENVIRONMENT),
    ("SM_FRAMEWORK_PARAMS", _T, "JSON dict of sagemaker_* hyperparameters", None, _ENVIRONMENT),
    ("SM_DISTRIBUTED_CONFIG", _D, "JSON; only with distributed=", None, _DRIVERS),
    # The machines
    ("SM_HOSTS", _TD, "JSON list of the hosts", None, _BOTH),
    ("SM_CURRENT_HOST", _TD, "name of this host", None, _BOTH),
    ("SM_CURRENT_INSTANCE_TYPE", _TD, "instance type of this host", None, _BOTH),
    ("SM_NETWORK_INTERFACE_NAME", _TD, "network interface", None, _BOTH),
    ("SM_NUM_CPUS", _TD, "number of CPUs of this host", None, _BOTH),
    ("SM_NUM_GPUS", _TD, "number of GPUs of this host", None, _BOTH),
    ("SM_NUM_NEURONS", _TD, "number of Neuron cores of this host", None, _BOTH),
    ("SM_CURRENT_INSTANCE_GROUP", _T, "group of this host", None, _ENVIRONMENT),
    ("SM_CURRENT_INSTANCE_GROUP_HOSTS", _T, "JSON list of the group's hosts", None, _ENVIRONMENT),
    ("SM_INSTANCE_GROUPS", _T, "JSON list of the groups", None, _ENVIRONMENT),
    ("SM_INSTANCE_GROUPS_DICT", _T, "JSON dict of the groups", None, _ENVIRONMENT),
    ("SM_DISTRIBUTION_INSTANCE_GROUPS", _T, "JSON list of the groups that train", None, _ENVIRONMENT),
    ("SM_IS_HETERO", _T, "whether the groups differ", None, _ENVIRONMENT),
    ("SM_TOPOLOGY", _T, "only where the cluster has one", None, _ENVIRONMENT),
    ("SM_MASTER_ADDR", _D | Setter.REMOTE, "first host", "algo-1", _DRIVERS),
    ("SM_MASTER_PORT", _D | Setter.REMOTE, "port of the first host", "7777", _DRIVERS),
    ("SM_HOST_COUNT", _D | Setter.REMOTE, "number of hosts", None, _DRIVERS),
    ("SM_CURRENT_HOST_RANK", _D | Setter.REMOTE, "number of this host, from 0", None, _DRIVERS),
    # Elsewhere in SageMaker
    ("SM_DLC_TORCH_VERSION", Setter.IMAGE, "version of PyTorch", None, "sagemaker-training 5.1.4 mpi.py"),
    ("SM_STUDIO_LOCAL_MODE", Setter.LOCAL, "True in local mode of Studio", None, f"{_SDK} local/image.py"),
    *(
        (name, Setter.REMOTE, "@remote with several processes", None, f"{_SDK} remote_function/job.py")
        for name in (
            "SM_NPROC_PER_NODE",
            "SM_HOSTS_LIST",
            "SM_NCCL_PROTO",
            "SM_FI_PROVIDER",
            "SM_FI_EFA_USE_DEVICE_RDMA",
        )
    ),
    *(
        (name, Setter.REMOTE, "notebook job", None, f"{_SDK} workflow/notebook_job_step.py")
        for name in (
            "SM_JOB_DEF_VERSION",
            "SM_ENV_NAME",
            "SM_SKIP_EFS_SIMULATION",
            "SM_EXECUTION_INPUT_PATH",
            "SM_KERNEL_NAME",
            "SM_INPUT_NOTEBOOK_NAME",
            "SM_OUTPUT_NOTEBOOK_NAME",
            "SM_INIT_SCRIPT",
        )
    ),
    # The platform
    ("TRAINING_JOB_NAME", _P, "name of the job", None, f"{_BOTH} (both read it)"),
    ("TRAINING_JOB_ARN", _P, "ARN of the job", None, f"{_SDK} experiments/_environment.py (reads it)"),
    ("PROCESSING_JOB_NAME", Setter.PROCESSING, "name of the job", None, _UNREAD),
    ("PROCESSING_JOB_ARN", Setter.PROCESSING, "ARN of the job", None, _UNREAD),
    ("CURRENT_HOST", _P | _T, "name of this host", None, "sagemaker-training 5.1.4 params.py"),
    ("DMLC_INTERFACE", _P, "network interface", None, _UNREAD),
    (
        "AWS_REGION",
        _P | Setter.SERVING | Setter.PROCESSING,
        "region of the job",
        None,
        "sagemaker-training 5.1.4 files.py (reads it)",
    ),
    ("AWS_DEFAULT_REGION", _P | Setter.LOCAL, "region of the job", None, _UNREAD),
    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", _P, "where the role's credentials are", None, _UNREAD),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", _P, "where the role's credentials are", None, _UNREAD),
    ("AWS_EXECUTION_ENV", _P, "kind of the machine", None, _UNREAD),
    ("AWS_ACCESS_KEY_ID", Setter.LOCAL, "credentials in local mode", None, f"{_SDK} local/image.py"),
    ("AWS_SECRET_ACCESS_KEY", Setter.LOCAL, "credentials in local mode", None, f"{_SDK} local/image.py"),
    ("AWS_SESSION_TOKEN", Setter.LOCAL, "credentials in local mode", None, f"{_SDK} local/image.py"),
    ("AWS_ENDPOINT_URL_S3", Setter.LOCAL, "endpoint in local mode", None, f"{_SDK} local/image.py"),
    ("S3_ENDPOINT_URL", Setter.LOCAL, "endpoint in local mode", None, "sagemaker-training 5.1.4 params.py"),
    (
        "SAGEMAKER_MANAGED_WARMPOOL_CACHE_DIRECTORY",
        _P,
        "kept between jobs of a warm pool",
        None,
        f"{_SDK} remote_function/job.py (reads it)",
    ),
    (
        "SAGEMAKER_METRICS_DIRECTORY",
        _P,
        "metrics files read by the platform",
        None,
        f"{_SDK} experiments/_metrics.py (reads it)",
    ),
    # Variables for the toolkit itself
    *(
        (
            name,
            Setter.TOOLKIT | Setter.IMAGE | Setter.SERVING,
            meaning,
            None,
            "sagemaker-training 5.1.4 params.py",
        )
        for name, meaning in (
            ("SAGEMAKER_PROGRAM", "file name of the script"),
            ("SAGEMAKER_SUBMIT_DIRECTORY", "where the user's code is"),
            ("SAGEMAKER_REGION", "region of the job"),
            ("SAGEMAKER_JOB_NAME", "name of the job"),
            ("SAGEMAKER_CONTAINER_LOG_LEVEL", "number of a logging level"),
            ("SAGEMAKER_TRAINING_MODULE", "module of the framework container"),
            ("SAGEMAKER_BASE_DIR", "what stands for /opt/ml"),
            ("SAGEMAKER_S3_OUTPUT", "where intermediate output goes"),
            ("SAGEMAKER_ENABLE_CLOUDWATCH_METRICS", "whether metrics go to CloudWatch"),
            ("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "content type of answers"),
            ("SAGEMAKER_BIND_TO_PORT", "port of the server"),
            ("SAGEMAKER_SAFE_PORT_RANGE", "ports of the server"),
        )
    ),
    (
        "CA_REPOSITORY_ARN",
        Setter.READ,
        "CodeArtifact repository",
        None,
        "sagemaker-training 5.1.4 modules.py",
    ),
    # Launchers of several processes
    *(
        (name, Setter.LAUNCHER, meaning, None, source)
        for name, meaning, source in (
            (
                "MASTER_ADDR",
                "address of the first process",
                "torchrun; PyTorch container; public documentation",
            ),
            ("MASTER_PORT", "port of the first process", "torchrun; PyTorch container; public documentation"),
            ("WORLD_SIZE", "number of processes", "torchrun; PyTorch container; public documentation"),
            ("RANK", "number of this process", "torchrun; PyTorch container; public documentation"),
            ("LOCAL_RANK", "number of this process on its host", "torchrun; public documentation"),
            ("LOCAL_WORLD_SIZE", "number of processes on this host", "torchrun; public documentation"),
            ("GROUP_RANK", "number of this host", "torchrun; public documentation"),
            ("GROUP_WORLD_SIZE", "number of hosts", "torchrun; public documentation"),
            ("ROLE_RANK", "number of this process in its role", "torchrun; public documentation"),
            ("ROLE_WORLD_SIZE", "number of processes of the role", "torchrun; public documentation"),
            ("TORCHELASTIC_RUN_ID", "the run", "torchrun; public documentation"),
            ("TORCHELASTIC_RESTART_COUNT", "restarts so far", "torchrun; public documentation"),
            ("TORCHELASTIC_MAX_RESTARTS", "restarts allowed", "torchrun; public documentation"),
            ("OMPI_COMM_WORLD_RANK", "number of this process", "Open MPI; public documentation"),
            ("OMPI_COMM_WORLD_SIZE", "number of processes", "Open MPI; public documentation"),
            (
                "OMPI_COMM_WORLD_LOCAL_RANK",
                "number of this process on its host",
                "Open MPI; public documentation",
            ),
            (
                "OMPI_COMM_WORLD_LOCAL_SIZE",
                "number of processes on this host",
                "Open MPI; public documentation",
            ),
            (
                "OMPI_COMM_WORLD_NODE_RANK",
                "number of this process on its host",
                "Open MPI; public documentation",
            ),
            ("PMI_RANK", "number of this process", "MPICH; public documentation"),
            ("PMI_SIZE", "number of processes", "MPICH; public documentation"),
            ("TF_CONFIG", "JSON of the cluster", "TensorFlow container; public documentation"),
            ("DMLC_ROLE", "part of this process", "MXNet container; public documentation"),
            ("DMLC_PS_ROOT_URI", "address of the scheduler", "MXNet container; public documentation"),
            ("DMLC_PS_ROOT_PORT", "port of the scheduler", "MXNet container; public documentation"),
            ("DMLC_NUM_SERVER", "number of servers", "MXNet container; public documentation"),
            ("DMLC_NUM_WORKER", "number of workers", "MXNet container; public documentation"),
            ("SMDATAPARALLEL_USE_HOMOGENEOUS", "1", "sagemaker-training 5.1.4 smdataparallel.py"),
            ("SMDATAPARALLEL_USE_SINGLENODE", "1", "sagemaker-training 5.1.4 smdataparallel.py"),
            ("SMDATAPARALLEL_SERVER_ADDR", "first host", "sagemaker-training 5.1.4 smdataparallel.py"),
            ("SMDATAPARALLEL_SERVER_PORT", "port", "sagemaker-training 5.1.4 smdataparallel.py"),
            ("FI_PROVIDER", "efa", "sagemaker-training 5.1.4 mpi.py"),
            ("FI_EFA_USE_DEVICE_RDMA", "1", "sagemaker-training 5.1.4 mpi.py"),
            ("RDMAV_FORK_SAFE", "1", "sagemaker-training 5.1.4 torch_distributed.py"),
            ("NCCL_DEBUG", "log level of NCCL", "sagemaker-training 5.1.4 mpi.py"),
            ("NCCL_SOCKET_IFNAME", "network interface", "sagemaker-training 5.1.4 mpi.py"),
            ("NCCL_PROTO", "simple", "sagemaker-training 5.1.4 mpi.py"),
            ("NCCL_ALGO", "ring", "sagemaker-training 5.1.4 mpi.py"),
            ("NCCL_MIN_NRINGS", "4", "sagemaker-training 5.1.4 mpi.py"),
            ("XRT_HOST_ORDINAL", "number of this host", "sagemaker-training 5.1.4 pytorch_xla.py"),
            ("XRT_SHARD_WORLD_SIZE", "number of hosts", "sagemaker-training 5.1.4 pytorch_xla.py"),
        )
    ),
    # Hosting and processing, for scripts that serve several kinds of job
    *(
        (name, Setter.SERVING, "hosting", None, f"{_SDK} {where}")
        for name, where in (
            ("SAGEMAKER_MODEL_SERVER_WORKERS", "model.py"),
            ("SAGEMAKER_MAX_PAYLOAD_IN_MB", "local/entities.py"),
            ("SAGEMAKER_MAX_CONCURRENT_TRANSFORMS", "local/entities.py"),
            ("SAGEMAKER_BATCH", "local/entities.py"),
            ("SAGEMAKER_BATCH_STRATEGY", "local/entities.py"),
            ("SAGEMAKER_INFERENCE_ACCELERATOR_PRESENT", "local/entities.py"),
            ("SAGEMAKER_INFERENCE_CODE", "serve/"),
            ("SAGEMAKER_INFERENCE_CODE_DIRECTORY", "serve/"),
            ("SAGEMAKER_INFERENCE_INPUT", "automl/automl.py"),
            ("SAGEMAKER_INFERENCE_OUTPUT", "automl/automl.py"),
            ("SAGEMAKER_INFERENCE_SUPPORTED", "automl/automl.py"),
            ("SAGEMAKER_REQUIREMENTS", "serve/"),
            ("SAGEMAKER_SERVE_SECRET_KEY", "serve/"),
            ("SAGEMAKER_TFS_NGINX_LOGLEVEL", "tensorflow/model.py"),
            ("SAGEMAKER_TRITON_DEFAULT_MODEL_NAME", "serve/"),
        )
    ),
    *(
        (name, Setter.SERVING, "hosting", None, _UNREAD)
        for name in (
            "SAGEMAKER_ENV",
            "SAGEMAKER_HTTP_PORT",
            "SAGEMAKER_MODEL_SERVER_TIMEOUT",
            "SAGEMAKER_MULTI_MODEL",
            "SAGEMAKER_SPARKML_SCHEMA",
            "SAGEMAKER_TS_BATCH_SIZE",
            "SAGEMAKER_TS_MAX_BATCH_DELAY",
            "SAGEMAKER_TS_MAX_WORKERS",
            "SAGEMAKER_TS_MIN_WORKERS",
        )
    ),
    ("SAGEMAKER_JOB_CONDA_ENV", Setter.REMOTE, "conda environment", None, f"{_SDK} remote_function/job.py"),
    ("SAGEMAKER_INTERNAL_IMAGE_URI", Setter.IMAGE, "image of the domain", None, _SDK),
    ("SAGEMAKER_USER_CONFIG_OVERRIDE", Setter.READ, "the SDK's defaults file", None, _SDK),
    ("SAGEMAKER_ADMIN_CONFIG_OVERRIDE", Setter.READ, "the SDK's defaults file", None, _SDK),
)

VARIABLES: dict[str, Variable] = {row[0]: Variable(*row) for row in _ROWS}
"""Every fixed name, by name."""
