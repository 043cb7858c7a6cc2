"""Rows for Hugging Face's libraries, and for libraries with the same interface.

Sources: transformers 4.30 and 5.23, datasets 5.2, accelerate 1.15, peft 0.21, trl 1.16, evaluate 0.4,
sentence-transformers 2.2 and 6.2, setfit 1.2, diffusers 0.42, safetensors 0.4, simpletransformers 0.70.
Classes of transformers, peft, trl, setfit, diffusers and accelerate are members of the package (``FLAT`` in
``canonical_names.py``). ``save_pretrained`` also saves a tokenizer, a processor, a scheduler or a configuration: none
of them is a model by itself.
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    INSTANCE,
    SELF,
    WORK,
    Arguments,
    Carries,
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

_DIRECTORY = (0, "save_directory")

_PARTS = ("Tokenizer", "TokenizerFast", "Config", "Processor", "FeatureExtractor")
"""Suffixes of the names of classes that are parts of a model."""

_PART_ATTRIBUTES = (
    "tokenizer",
    "processing_class",
    "processor",
    "feature_extractor",
    "config",
    "generation_config",
)

_SAME_MODEL = (
    "to",
    "cuda",
    "cpu",
    "eval",
    "train",
    "half",
    "float",
    "bfloat16",
    "requires_grad_",
    "bettertransformer",
)

_SAVERS = (
    "transformers",
    "peft",
    "trl",
    "accelerate",
    "diffusers",
    "setfit",
    "optimum",
    "adapters",
    "unsloth",
)


_METHODS: tuple[tuple[str, Arguments], ...] = (("save_pretrained", _DIRECTORY), ("push_to_hub", ()))
"""The methods that write a model or a part of it, with the argument that holds the folder."""


def _pretrained(library: str) -> tuple[Row, ...]:
    return (
        Saves(f"{library}.**.save_pretrained", _DIRECTORY, framework="huggingface", form="huggingface"),
        # To the hub, which keeps it.
        Saves(f"{library}.**.push_to_hub", (), framework="huggingface", form="huggingface"),
        *(
            Saves(f"{library}.*{part}().{method}", path, "part", framework="huggingface")
            for part in _PARTS
            for method, path in _METHODS
        ),
        *(
            Saves(f"{library}.**.{attribute}.{method}", path, "part", framework="huggingface")
            for attribute in _PART_ATTRIBUTES
            for method, path in _METHODS
        ),
        Reads(
            f"{library}.**.from_pretrained",
            (0, "pretrained_model_name_or_path", "model_id", "model_name"),
            "model",
        ),
        Returns(f"{library}.**.from_config", INSTANCE),
        *(Returns(f"{library}.**().{method}", SELF) for method in _SAME_MODEL),
        Trains(f"{library}.**.backward", "pytorch", step=True),
    )


_PRETRAINED: tuple[Row, ...] = (
    *(row for library in _SAVERS for row in _pretrained(library)),
    # unsloth returns a pair of model and tokenizer.
    *(Returns(f"{library}.**.from_pretrained", INSTANCE) for library in _SAVERS if library != "unsloth"),
    Saves("diffusers.*Scheduler().save_pretrained", _DIRECTORY, "part", framework="huggingface"),
    Saves("diffusers.**.scheduler.save_pretrained", _DIRECTORY, "part", framework="huggingface"),
    Saves("diffusers.**.save_lora_weights", _DIRECTORY, framework="huggingface", form="safetensors"),
    Saves("diffusers.**.save_attn_procs", _DIRECTORY, framework="huggingface", form="safetensors"),
    Saves("transformers.*Tokenizer().save_vocabulary", _DIRECTORY, "part", framework="huggingface"),
    Saves("transformers.*Config().to_json_file", (0, "json_file_path"), "part", framework="huggingface"),
    # PeftModel.from_pretrained(model, model_id).
    Reads("peft.PeftModel*.from_pretrained", (1, "model_id"), "model"),
    Reads("peft.PeftModel.from_pretrained", (1, "model_id"), "model"),
    Returns("peft.get_peft_model", "peft.PeftModel()"),
    Returns("peft.prepare_model_for_kbit_training", "transformers.PreTrainedModel()"),
    Returns("peft.prepare_model_for_int8_training", "transformers.PreTrainedModel()"),
    Returns("peft.**.merge_and_unload", "transformers.PreTrainedModel()"),
    Returns("peft.**.unload", "transformers.PreTrainedModel()"),
    Returns("peft.**.get_base_model", "transformers.PreTrainedModel()"),
    Returns("unsloth.*.get_peft_model", "peft.PeftModel()"),
    Saves("unsloth.**.save_pretrained_merged", _DIRECTORY, framework="huggingface", form="huggingface"),
    Saves("unsloth.**.save_pretrained_gguf", _DIRECTORY, framework="huggingface"),
    Saves("setfit.**._save_pretrained", _DIRECTORY, framework="huggingface", form="huggingface"),
    # Exports: main_export(model_name_or_path, output, ...).
    Saves("optimum.exporters.onnx.main_export", (1, "output"), framework="huggingface", form="onnx"),
    Predicts("transformers.pipeline()"),
    *(Predicts(f"transformers.**.{method}") for method in ("generate", "predict")),
    # The TensorFlow models are Keras models.
    Trains("transformers.TF*().fit", "tensorflow", held_out=("validation_data", "validation_split")),
    Evaluates("transformers.TF*().evaluate"),
    Saves("transformers.TF*().save", (0, "filepath"), framework="tensorflow", form="keras"),
    Saves("transformers.TF*().save_weights", (0, "filepath"), framework="tensorflow", form="checkpoint"),
)

_TRAINERS = (
    "transformers.*Trainer",
    "trl.*Trainer",
    "setfit.*Trainer",
    "optimum.**.*Trainer",
    "adapters.*Trainer",
)

_TRAINING: tuple[Row, ...] = (
    *(
        row
        for trainer in _TRAINERS
        for row in (
            Trains(f"{trainer}().train", "huggingface"),
            Trains(f"{trainer}().hyperparameter_search", "huggingface"),
            Evaluates(f"{trainer}().evaluate"),
            Predicts(f"{trainer}().predict"),
            # Without an argument, it saves to the output_dir of the training arguments.
            Saves(f"{trainer}().save_model", (0, "output_dir"), framework="huggingface", form="huggingface"),
            Saves(f"{trainer}().push_to_hub", (), framework="huggingface", form="huggingface"),
            HoldsOut(trainer, ("eval_dataset",)),
        )
    ),
    HoldsOut("transformers.Trainer", ("eval_dataset", 4)),
    HoldsOut("transformers.Seq2SeqTrainer", ("eval_dataset", 4)),
    HoldsOut("setfit.Trainer", ("eval_dataset", 3)),
    HoldsOut("setfit.SetFitTrainer", ("eval_dataset", 2)),
    Trains("trl.*Trainer().step", "huggingface", step=True),
    Trains("setfit.SetFitModel().fit", "huggingface"),
    Carries("transformers.*TrainingArguments", ("output_dir", 0)),
    Carries("setfit.TrainingArguments", ("output_dir", 0)),
    Carries("optimum.**.*TrainingArguments", ("output_dir", 0)),
    *(
        Carries(f"trl.{method}Config", ("output_dir", 0))
        for method in (
            "SFT",
            "DPO",
            "PPO",
            "KTO",
            "ORPO",
            "CPO",
            "GRPO",
            "RLOO",
            "Reward",
            "GKD",
            "OnlineDPO",
        )
    ),
    Carries("trl.*Config", ("output_dir",)),
    *(
        Reads(f"transformers.{name}", ("file_path", 1))
        for name in ("TextDataset", "LineByLineTextDataset", "LineByLineWithRefDataset")
    ),
    Fetches("transformers.GlueDataset", ("data_dir",)),
)

_DATA: tuple[Row, ...] = (
    Reads("datasets.load_from_disk", (0, "dataset_path")),
    Reads("datasets.Dataset.load_from_disk", (0, "dataset_path")),
    Reads("datasets.DatasetDict.load_from_disk", (0, "dataset_dict_path")),
    *(
        Reads(f"datasets.{name}.from_{form}", (0, "path_or_paths"))
        for name in ("Dataset", "DatasetDict", "IterableDataset")
        for form in ("csv", "json", "parquet", "text")
    ),
    Reads("datasets.Dataset.from_file", (0, "filename")),
    # load_dataset(path, name, data_dir, data_files, ...) reads from its first argument if that is a path.
    Fetches("datasets.load_dataset", ("data_files", 3, "data_dir", 2, 0, "path")),
    Fetches("datasets.load_dataset_builder", ("data_files", "data_dir", 0, "path")),
    Saves("datasets.**.save_to_disk", (0, "dataset_path", "dataset_dict_path"), "data"),
    *(Saves(f"datasets.**.to_{form}", (0, "path_or_buf"), "data") for form in ("csv", "json", "parquet")),
    Returns("datasets.load_metric", "evaluate.EvaluationModule()"),
    Returns("datasets.load_dataset", "datasets.DatasetDict()"),
    Returns("datasets.load_from_disk", "datasets.DatasetDict()"),
    *(
        Returns(f"datasets.**().{method}", SELF)
        for method in ("map", "filter", "shuffle", "select", "with_format", "rename_column", "remove_columns")
    ),
    Returns("evaluate.load", "evaluate.EvaluationModule()"),
    Returns("evaluate.combine", "evaluate.EvaluationModule()"),
    Evaluates("evaluate.**.compute"),
    Saves("evaluate.save", (0, "path_or_file"), "data", form="json"),
    *(
        Fetches(f"huggingface_hub.{name}", target=("local_dir",))
        for name in ("snapshot_download", "hf_hub_download", "cached_download")
    ),
    Prepares("tokenizers.**.train"),
    Prepares("tokenizers.**.train_from_iterator"),
    Prepares("transformers.**.train_new_from_iterator"),
    Reads("tokenizers.**.train", (0, "files")),
    Saves("tokenizers.**.save", (0, "path"), "part", form="json"),
    Saves("tokenizers.**.save_model", (0, "folder"), "part", form="json"),
    Reads("tokenizers.**.from_file", (0, "path", "vocab"), "model"),
)

_ACCELERATE: tuple[Row, ...] = (
    Trains("accelerate.Accelerator().backward", "pytorch", step=True),
    Saves("accelerate.Accelerator().save", (1, "f"), framework="pytorch", form="torch"),
    Saves("accelerate.utils.save", (1, "f", "save_path"), framework="pytorch", form="torch"),
    Saves(
        "accelerate.Accelerator().save_model", (1, "save_directory"), framework="pytorch", form="safetensors"
    ),
    Saves("accelerate.Accelerator().save_state", (0, "output_dir"), framework="pytorch", form="checkpoint"),
    Saves("accelerate.utils.save_fsdp_model", (3, "output_dir"), framework="pytorch", form="checkpoint"),
    Reads("accelerate.Accelerator().load_state", (0, "input_dir"), "model"),
    Carries("accelerate.Accelerator", ("project_dir", "logging_dir")),
    Carries("accelerate.ProjectConfiguration", ("project_dir", 0)),
    *(
        row
        for module in ("torch", "numpy", "flax", "tensorflow", "mlx", "paddle")
        for row in (
            Saves(f"safetensors.{module}.save_file", (1, "filename"), form="safetensors"),
            Reads(f"safetensors.{module}.load_file", (0, "filename"), "model"),
        )
    ),
    Saves("safetensors.torch.save_model", (1, "filename"), framework="pytorch", form="safetensors"),
    Reads("safetensors.torch.load_model", (1, "filename"), "model"),
    Reads("safetensors.safe_open", (0, "filename"), "model"),
)

_SENTENCES: tuple[Row, ...] = (
    Trains(
        "sentence_transformers.**.fit",
        "huggingface",
        held_out=("evaluator", 1),
        saves_to=("output_path", "path"),
    ),
    Trains(
        "sentence_transformers.**.old_fit",
        "huggingface",
        held_out=("evaluator", 1),
        saves_to=("output_path",),
    ),
    Trains("sentence_transformers.*Trainer().train", "huggingface"),
    Trains("sentence_transformers.**.*Trainer().train", "huggingface"),
    HoldsOut("sentence_transformers.*Trainer", ("eval_dataset", "evaluator")),
    HoldsOut("sentence_transformers.**.*Trainer", ("eval_dataset", "evaluator")),
    Evaluates("sentence_transformers.*Trainer().evaluate"),
    Saves("sentence_transformers.*Trainer().save_model", (0, "output_dir"), framework="huggingface"),
    Carries("sentence_transformers.**.*TrainingArguments", ("output_dir", 0)),
    Carries("sentence_transformers.*TrainingArguments", ("output_dir", 0)),
    Evaluates("sentence_transformers.**.evaluate"),
    Evaluates("sentence_transformers.evaluation.*()"),
    Predicts("sentence_transformers.**.encode"),
    Predicts("sentence_transformers.**.predict"),
    Reads("sentence_transformers.SentenceTransformer", (0, "model_name_or_path"), "model"),
    Reads("sentence_transformers.CrossEncoder", (0, "model_name", "model_name_or_path"), "model"),
    Saves("sentence_transformers.**.save", (0, "path"), framework="huggingface", form="huggingface"),
    Saves(
        "sentence_transformers.**.save_pretrained", (0, "path"), framework="huggingface", form="huggingface"
    ),
    *(
        Returns(f"sentence_transformers.**().{method}", SELF)
        for method in ("to", "cuda", "cpu", "eval", "half")
    ),
    # train_model(train_data, output_dir, show_running_loss, args, eval_data).
    Trains(
        "simpletransformers.**.train_model",
        "huggingface",
        held_out=("eval_df", "eval_data", "eval_file"),
        saves_to=("output_dir", 1),
    ),
    Evaluates("simpletransformers.**.eval_model"),
    Predicts("simpletransformers.**.predict"),
    Saves("simpletransformers.**.save_model", (0, "output_dir"), framework="huggingface", form="huggingface"),
)

ROWS: tuple[Row, ...] = (*_PRETRAINED, *_TRAINING, *_DATA, *_ACCELERATE, *_SENTENCES)

LIBRARIES: tuple[Library, ...] = (
    *(
        Library(name, framework="huggingface")
        for name in (
            "transformers",
            "accelerate",
            "peft",
            "trl",
            "setfit",
            "diffusers",
            "optimum",
            "adapters",
            "unsloth",
            "sentence_transformers",
            "simpletransformers",
        )
    ),
    Library("accelerate.commands", WORK, "huggingface"),
    # Scripts of other frameworks import these too.
    *(
        Library(name)
        for name in (
            "datasets",
            "evaluate",
            "huggingface_hub",
            "safetensors",
            "tokenizers",
            "tiktoken",
        )
    ),
)
