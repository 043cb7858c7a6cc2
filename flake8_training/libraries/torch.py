"""Rows for PyTorch and libraries built on it.

Sources: torch 1.13 and 2.4, torchvision 0.29, torchaudio 2.11, pytorch-lightning 1.9 and 2.6, pytorch-ignite 0.5,
torchmetrics 1.9, deepspeed 0.14, pytorch-tabnet 4.1, torch-xla 2.4 and the SageMaker model parallel library 1.15.
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    ALL,
    ANYTHING,
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
    May,
    Predicts,
    Reads,
    Returns,
    Row,
    Saves,
    Trains,
)

_SAME_MODEL = (
    "to",
    "cuda",
    "cpu",
    "eval",
    "train",
    "half",
    "float",
    "double",
    "bfloat16",
    "requires_grad_",
    "apply",
)
"""Methods of a module that return the module."""

_CORE: tuple[Row, ...] = (
    *(
        Compares(f"torch.nn.functional.{loss}")
        for loss in (
            "binary_cross_entropy",
            "binary_cross_entropy_with_logits",
            "cosine_embedding_loss",
            "cross_entropy",
            "ctc_loss",
            "gaussian_nll_loss",
            "hinge_embedding_loss",
            "huber_loss",
            "kl_div",
            "l1_loss",
            "margin_ranking_loss",
            "mse_loss",
            "multi_margin_loss",
            "multilabel_margin_loss",
            "multilabel_soft_margin_loss",
            "nll_loss",
            "poisson_nll_loss",
            "smooth_l1_loss",
            "soft_margin_loss",
            "triplet_margin_loss",
            "triplet_margin_with_distance_loss",
        )
    ),
    Saves("torch.save", (1, "f"), framework="pytorch", form="torch"),
    Saves("torch.jit.save", (1, "f"), framework="pytorch", form="torchscript"),
    Saves("torch.jit.ScriptModule().save", (0, "f"), framework="pytorch", form="torchscript"),
    Saves("torch.onnx.export", (2, "f"), framework="pytorch", form="onnx"),
    Saves("torch.onnx.**().save", (0, "destination"), framework="pytorch", form="onnx"),
    Saves("torch.export.save", (1, "f"), framework="pytorch", form="torch"),
    Saves("torch.package.PackageExporter().save_pickle", (RECEIVER,), framework="pytorch", form="torch"),
    Carries("torch.package.PackageExporter", (0, "f")),
    *(
        Saves(
            f"torch.distributed.checkpoint.{name}", ("checkpoint_id",), framework="pytorch", form="checkpoint"
        )
        for name in ("save", "async_save")
    ),
    Saves(
        "torch.sagemaker.distributed.checkpoint.state_dict_saver.async_save",
        ("checkpoint_id",),
        framework="pytorch",
        form="checkpoint",
    ),
    Carries("torch.distributed.checkpoint.FileSystemWriter", (0, "path")),
    Reads("torch.distributed.checkpoint.load", ("checkpoint_id",), "model"),
    Reads("torch.distributed.checkpoint.FileSystemReader", (0, "path"), "model"),
    Reads("torch.load", (0, "f")),
    Reads("torch.jit.load", (0, "f"), "model"),
    Reads("torch.export.load", (0, "f"), "model"),
    Reads("torch.from_file", (0, "filename")),
    Fetches("torch.hub.load", (0, "repo_or_dir")),
    Fetches("torch.hub.load_state_dict_from_url", target=("model_dir", 1)),
    Fetches("torch.hub.download_url_to_file", target=("dst", 1)),
    # The receiver is a loss of any origin: torch.nn.functional.cross_entropy(...).backward().
    Trains("torch.**.backward", "pytorch", step=True),
    Trains("torch.optim.*().step", "pytorch", step=True),
    # GradScaler().step(optimizer).
    *(Trains(f"torch.{place}.GradScaler().step", "pytorch", step=True) for place in ("amp", "cuda.amp")),
    Trains("torch.distributed.optim.*().step", "pytorch", step=True),
    *(Returns(f"torch.nn.**().{method}", SELF) for method in _SAME_MODEL),
    *(Returns(f"torch.jit.ScriptModule().{method}", SELF) for method in _SAME_MODEL),
    Returns("torch.jit.script", "torch.jit.ScriptModule()"),
    Returns("torch.jit.trace", "torch.jit.ScriptModule()"),
    Returns("torch.jit.freeze", "torch.jit.ScriptModule()"),
    Returns("torch.jit.load", "torch.jit.ScriptModule()"),
    Returns("torch.load", ANYTHING),
    Returns("torch.sagemaker.transform", "torch.nn.Module()"),
    Returns("torch.compile", "torch.nn.Module()"),
    Returns("torch.hub.load", "torch.nn.Module()"),
    Returns("torch.fx.symbolic_trace", "torch.nn.Module()"),
    # The wrapped module may be one of Hugging Face.
    Saves("torch.nn.**.save_pretrained", (0, "save_directory"), framework="huggingface", form="huggingface"),
    Saves("torch_xla.core.xla_model.save", (1, "file_or_path"), framework="pytorch", form="torch"),
    Saves("torch_xla.utils.serialization.save", (1, "path"), framework="pytorch", form="torch"),
    Trains("torch_xla.core.xla_model.optimizer_step", "pytorch", step=True),
    Trains("apex.**.backward", "pytorch", step=True),
    Trains("fairscale.**.step", "pytorch", step=True),
)

_DOWNLOAD_AT_4 = (
    "MNIST",
    "FashionMNIST",
    "KMNIST",
    "CIFAR10",
    "CIFAR100",
    "SVHN",
    "USPS",
    "GTSRB",
    "PCAM",
    "WIDERFace",
)

_DATA: tuple[Row, ...] = (
    *(
        Reads(f"torchvision.datasets.{name}", (0, "root"), download=("download", 4))
        for name in _DOWNLOAD_AT_4
    ),
    Reads("torchvision.datasets.*", (0, "root"), download=("download",)),
    *(Reads(f"torchvision.datasets.{name}", (0, "root")) for name in ("ImageFolder", "DatasetFolder")),
    *(
        Reads(f"torchvision.datasets.{module}.{name}", (0, "root"), download=("download", 4))
        for module, name in (
            ("mnist", "MNIST"),
            ("mnist", "FashionMNIST"),
            ("cifar", "CIFAR10"),
            ("cifar", "CIFAR100"),
        )
    ),
    Reads("torchvision.datasets.folder.ImageFolder", (0, "root")),
    Reads("torchvision.datasets.folder.default_loader", (0, "path")),
    Reads("torchvision.datasets.folder.pil_loader", (0, "path")),
    Fetches("torchvision.datasets.FakeData"),
    Fetches("torchvision.datasets.utils.download_url", target=("root", 1)),
    Fetches(
        "torchvision.datasets.utils.download_and_extract_archive",
        target=("extract_root", 2, "download_root", 1),
    ),
    *(
        Reads(f"torchvision.io.{name}", (0, "path", "filename"))
        for name in ("read_image", "read_file", "read_video", "read_video_timestamps")
    ),
    Reads("torchvision.io.VideoReader", (0, "src")),
    *(Saves(f"torchvision.io.{name}", (1, "filename"), "data") for name in ("write_jpeg", "write_png")),
    *(Saves(f"torchvision.io.{name}", (0, "filename"), "data") for name in ("write_file", "write_video")),
    Saves("torchvision.utils.save_image", (1, "fp"), "data"),
    Returns("torchvision.models.**", "torch.nn.Module()"),
    Reads("torchaudio.load", (0, "uri", "filepath")),
    Reads("torchaudio.info", (0, "uri", "filepath")),
    Reads("torchaudio.datasets.*", (0, "root"), download=("download",)),
    Saves("torchaudio.save", (0, "uri", "filepath"), "data"),
    # torchtext downloads missing files.
    Fetches("torchtext.datasets.*", (0, "root")),
    Fetches("torchtext.datasets.*.splits", ("root",)),
    Reads("torchtext.data.TabularDataset", (0, "path")),
    Reads("torchtext.data.TabularDataset.splits", (0, "path")),
    Fetches("torchtext.vocab.*", ("cache",)),
    Fetches("torch_geometric.datasets.*", (0, "root")),
    Fetches("dgl.data.*", ("raw_dir",)),
    Reads("dgl.load_graphs", (0, "filename")),
    Reads("dgl.data.utils.load_graphs", (0, "filename")),
    Saves("dgl.save_graphs", (0, "filename"), "data"),
    Saves("dgl.data.utils.save_graphs", (0, "filename"), "data"),
    Reads("dgl.data.CSVDataset", (0, "data_path")),
    Fetches("ogb.**", ("root",)),
    Reads("webdataset.WebDataset", (0, "urls")),
    Reads("timm.data.create_dataset", (1, "root")),
    Reads("timm.data.ImageDataset", (0, "reader", "root")),
    Returns("timm.create_model", "torch.nn.Module()"),
    Returns("open_clip.create_model", "torch.nn.Module()"),
    Returns("segmentation_models_pytorch.*", "torch.nn.Module()"),
    Returns("efficientnet_pytorch.EfficientNet.*", "torch.nn.Module()"),
)

_LIGHTNING: tuple[Row, ...] = (
    Trains(
        "lightning.pytorch.Trainer().fit",
        "pytorch",
        held_out=("val_dataloaders", "val_dataloader", 2, "datamodule", 3),
    ),
    # The module, or a data module passed instead of a loader, may have its own validation data.
    May("lightning.pytorch.Trainer().fit", frozenset({"evaluates"})),
    Trains("lightning.pytorch.LightningModule().backward", "pytorch", step=True),
    Trains("lightning.pytorch.LightningModule().manual_backward", "pytorch", step=True),
    Trains("lightning.fabric.**.backward", "pytorch", step=True),
    Returns("lightning.pytorch.Trainer.from_argparse_args", INSTANCE),
    *(Evaluates(f"lightning.pytorch.Trainer().{method}") for method in ("test", "validate")),
    Predicts("lightning.pytorch.Trainer().predict"),
    Saves(
        "lightning.pytorch.Trainer().save_checkpoint", (0, "filepath"), framework="pytorch", form="checkpoint"
    ),
    Saves("lightning.pytorch.**.to_torchscript", (0, "file_path"), framework="pytorch", form="torchscript"),
    Saves("lightning.pytorch.**.to_onnx", (0, "file_path"), framework="pytorch", form="onnx"),
    Saves("lightning.fabric.**().save", (0, "path"), framework="pytorch", form="checkpoint"),
    Reads("lightning.fabric.**().load", (0, "path"), "model"),
    Saves(
        "lightning.pytorch.**.save_pretrained",
        (0, "save_directory"),
        framework="huggingface",
        form="huggingface",
    ),
    # Before 1.0, "filepath" was both the directory and the name.
    Carries("lightning.pytorch.callbacks.ModelCheckpoint", ("dirpath", "filepath", 0)),
    Carries("lightning.pytorch.Trainer", ("default_root_dir", "weights_save_path", "default_save_path")),
    Reads("lightning.**.load_from_checkpoint", (0, "checkpoint_path"), "model"),
    Returns("lightning.**.load_from_checkpoint", INSTANCE),
    *(
        Returns(f"lightning.pytorch.**().{method}", SELF)
        for method in ("to", "cuda", "cpu", "eval", "half", "float")
    ),
)

_LOOPS: tuple[Row, ...] = (
    Trains("ignite.engine.create_supervised_trainer().run", "pytorch"),
    Trains("ignite.engine.Engine().run", "pytorch"),
    Evaluates("ignite.engine.Engine().run"),
    Evaluates("ignite.engine.create_supervised_evaluator().run"),
    Evaluates("ignite.metrics.**().compute"),
    Carries("ignite.handlers.ModelCheckpoint", (0, "dirname")),
    Carries("ignite.handlers.DiskSaver", (0, "dirname")),
    Carries("ignite.handlers.Checkpoint", (1, "save_handler")),
    Evaluates("torchmetrics.functional.**"),
    Evaluates("torchmetrics.**().compute"),
    Evaluates("torchmetrics.**()"),
    Evaluates("torcheval.metrics.functional.*"),
    Evaluates("torcheval.metrics.**().compute"),
    Evaluates("seqeval.metrics.*"),
    Evaluates("pycocotools.cocoeval.COCOeval().evaluate"),
    Reads("pycocotools.coco.COCO", (0, "annotation_file")),
    Evaluates("sacrebleu.*"),
    Trains("pytorch_tabnet.**().fit", "pytorch", held_out=("eval_set", 2)),
    Predicts("pytorch_tabnet.**().predict"),
    Predicts("pytorch_tabnet.**().predict_proba"),
    Saves("pytorch_tabnet.**().save_model", (0, "path"), framework="pytorch", form="zip"),
    # By default skorch holds out a fifth of the data (train_split=).
    HoldsOut("skorch.**().fit"),
    Trains("skorch.**().fit", "pytorch"),
    Trains("skorch.**().partial_fit", "pytorch"),
    Returns("skorch.**().fit", SELF),
    Evaluates("skorch.**().score"),
    Predicts("skorch.**().predict"),
    Predicts("skorch.**().predict_proba"),
    Saves("skorch.**().save_params", (0, "f_params"), framework="pytorch", form="torch"),
    Carries("skorch.callbacks.Checkpoint", ("dirname",)),
    Trains("segmentation_models_pytorch.utils.train.TrainEpoch().run", "pytorch"),
    Evaluates("segmentation_models_pytorch.utils.train.ValidEpoch().run"),
    Saves("segmentation_models_pytorch.**.save_pretrained", (0, "save_directory"), framework="pytorch"),
    Trains("monai.engines.*Trainer().run", "pytorch"),
    Evaluates("monai.engines.*Evaluator().run"),
    Evaluates("monai.metrics.**().aggregate"),
    Carries("monai.handlers.CheckpointSaver", (0, "save_dir")),
    *(
        row
        for name in ("train_model", "train_model_from_file", "train_model_from_args")
        for row in (
            Trains(f"allennlp.commands.train.{name}", "pytorch", saves_to=(1, "serialization_dir")),
            May(f"allennlp.commands.train.{name}", WORK),
        )
    ),
    Trains("allennlp.training.*Trainer().train", "pytorch"),
    May("allennlp.training.*Trainer().train", WORK),
)

_DISTRIBUTED: tuple[Row, ...] = (
    Trains("deepspeed.**.backward", "pytorch", step=True),
    Trains("deepspeed.**.step", "pytorch", step=True),
    Trains("deepspeed.**.train_batch", "pytorch", step=True),
    Evaluates("deepspeed.**.eval_batch"),
    Saves("deepspeed.**.save_checkpoint", (0, "save_dir"), framework="pytorch", form="checkpoint"),
    Saves("deepspeed.**.save_16bit_model", (0, "save_dir"), framework="pytorch", form="torch"),
    Saves("deepspeed.**.save_fp16_model", (0, "save_dir"), framework="pytorch", form="torch"),
    Saves(
        "deepspeed.utils.zero_to_fp32.convert_zero_checkpoint_to_fp32_state_dict",
        (1, "output_dir", "output_file"),
        framework="pytorch",
        form="torch",
    ),
    Saves("deepspeed.**.save_pretrained", (0, "save_directory"), framework="huggingface", form="huggingface"),
    Reads("deepspeed.**.load_checkpoint", (0, "load_dir"), "model"),
    # Wrapped optimizers and gradient tapes.
    Trains("horovod.**.step", "pytorch", step=True),
    Trains("horovod.mxnet.**.step", "mxnet", step=True),
    Trains("horovod.**.gradient", "tensorflow", step=True),
    Trains("horovod.**.minimize", "tensorflow", step=True),
    Trains("horovod.**.apply_gradients", "tensorflow", step=True),
    Trains("smdistributed.**.backward", "pytorch", step=True),
    Trains("smdistributed.**.step", "pytorch", step=True),
    Trains("smdistributed.**.gradient", "tensorflow", step=True),
    Trains("smdistributed.**.minimize", "tensorflow", step=True),
    Trains("smdistributed.**.apply_gradients", "tensorflow", step=True),
    Saves("smdistributed.modelparallel.torch.save", (1, "f"), framework="pytorch", form="torch"),
    Saves(
        "smdistributed.modelparallel.torch.save_checkpoint",
        (0, "path"),
        framework="pytorch",
        form="checkpoint",
    ),
    Carries("smdistributed.modelparallel.tensorflow.CheckpointManager", (1, "directory")),
    Saves(
        "smdistributed.modelparallel.tensorflow.CheckpointManager().save",
        (RECEIVER,),
        framework="tensorflow",
        form="checkpoint",
    ),
    Saves("smdistributed.modelparallel.tensorflow.**().save_model", (0, "save_path"), framework="tensorflow"),
    Saves(
        "smdistributed.**.save_pretrained", (0, "save_directory"), framework="huggingface", form="huggingface"
    ),
    Returns(
        "smdistributed.dataparallel.torch.parallel.distributed.DistributedDataParallel", "torch.nn.Module()"
    ),
)

ROWS: tuple[Row, ...] = (*_CORE, *_DATA, *_LIGHTNING, *_LOOPS, *_DISTRIBUTED)

LIBRARIES: tuple[Library, ...] = (
    Library("torch", framework="pytorch"),
    *(Library(f"torch.distributed.{name}", WORK, "pytorch") for name in ("run", "launch", "launcher")),
    # A module or a data module of Lightning may have its own validation data.
    Library("lightning", frozenset({"evaluates"}), "pytorch"),
    Library("lightning.pytorch.cli", ALL, "pytorch"),
    *(
        Library(f"lightning.pytorch.{name}", framework="pytorch")
        for name in (
            "utilities",
            "loggers",
            "callbacks",
            "strategies",
            "plugins",
            "profilers",
            "seed_everything",
        )
    ),
    Library("monai", frozenset({"evaluates", "saves"}), "pytorch"),
    *(
        Library(name, WORK, "pytorch")
        for name in ("allennlp", "pl_bolts", "catalyst", "composer", "ignite.distributed")
    ),
    Library("horovod"),
    Library("smdistributed"),
    *(Library(f"horovod.{name}", ALL) for name in ("run", "runner", "spark", "ray")),
)
