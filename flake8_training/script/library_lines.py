"""The lines that libraries write to the log by themselves, each as a regular expression.

A library prints its own words, and measures in a form of its own: ``loss: 0.5 - val_loss: 0.6`` of Keras, ``{'loss':
0.5}`` of the Hugging Face trainer. The names of the measures are left open: they come from the program or the library.
Sources: Keras 2 and 3 ``progbar``, ``ModelCheckpoint``; transformers 4 and 5 ``ProgressCallback``,
``Trainer.log_metrics``; xgboost 1 to 3 ``EvaluationMonitor``; tqdm 4 ``format_meter``; wandb 0.19 run summary.
"""

from __future__ import annotations

from flake8_training.named_tuple import NamedTuple
from flake8_training.pattern import pattern
from flake8_training.script.string_patterns import FOREIGN_TEXT

_MEASURE = r"[-+]?(?:[0-9.,]+(?:e[-+]?\d+)?|nan|inf)"


class Said(NamedTuple):
    """One form of line: its regular expression, and its form in a message."""

    pattern: str
    shown: str


_WORDS = Said(FOREIGN_TEXT, "")
"""Any line without a word of an expression: a progress bar, a download, a warning."""
_KERAS = (
    _WORDS,
    Said(rf"{FOREIGN_TEXT}(?: - \w+: {_MEASURE}%?)*", "loss: ... - val_loss: ..."),
    Said(rf"(?:\w+: {_MEASURE} - )*\w+: {_MEASURE}", "loss: ... - val_loss: ..."),
    Said(
        rf"Epoch \d+: \w+ (?:did not improve from|improved from|reached) {_MEASURE}{FOREIGN_TEXT}"
        rf"(?: to {_MEASURE}, saving model to {FOREIGN_TEXT})?",
        "",
    ),
)
PROGRESS = _KERAS
"""The lines of the methods of a Keras model that train, evaluate and predict."""
_TRAINER = (
    _WORDS,
    Said(rf"\{{(?:'[\w/.@ -]*': '?{_MEASURE}'?(?:, )?)*\}}", "{'loss': ..., 'eval_loss': ...}"),
    Said(rf"\s*\w+\s+=\s+{_MEASURE}{FOREIGN_TEXT}", "eval_loss = ..."),
)
_BOOSTER = (
    _WORDS,
    Said(rf"\[\d+\](?:\s+[\w.@]+-[\w.@-]+:{_MEASURE}(?:\+{_MEASURE})?)*", "[0] validation-error:..."),
)
_WANDB = (_WORDS, Said(rf"wandb:\s+[\w/.:-]*[\w/.-]\s+{_MEASURE}", "wandb: loss ..."))

_SPEAKERS: dict[str, tuple[Said, ...]] = {
    **dict.fromkeys(
        """
        accelerate albumentations category_encoders datasets huggingface_hub imblearn mlflow nltk peft safetensors
        sentencepiece smdebug spacy timm tokenizers torchvision
        """.split(),
        (_WORDS,),
    ),
    **dict.fromkeys(("keras", "tensorflow", "tensorflow_hub"), _KERAS),
    "transformers": _TRAINER,
    "xgboost": _BOOSTER,
    "wandb": _WANDB,
}
_UNKNOWN = (
    "accelerate.logging",
    "accelerate.utils.write_basic_config",
    "mlflow.evaluate",
    "mlflow.models.evaluate",
    "mlflow.run",
    "mlflow.projects",
    "nltk.download_shell",
    "spacy.cli",
    "spacy.training",
    "wandb.agent",
    "wandb.sweep",
    "wandb.termlog",
    "xgboost.dask",
    "xgboost.rabit",
    "xgboost.collective",
    "keras.estimator",
    "keras.utils.Progbar",
    "tensorflow.app",
    "tensorflow.contrib",
    "tensorflow.debugging",
    "tensorflow.estimator",
    "tensorflow.keras.estimator",
    "tensorflow.compat.v1.app",
    "tensorflow.compat.v1.estimator",
    "tensorflow.compat.v1.logging",
    "tensorflow.compat.v1.print",
    "tensorflow.compat.v1.Print",
    "tensorflow.logging",
    "tensorflow.print",
    "tensorflow.Print",
    "tensorflow.test",
    "tensorflow.train.LoggingTensorHook",
    "tensorflow.train.MonitoredTrainingSession",
    "tensorflow.train.StepCounterHook",
    "tensorflow.compat.v1.train.LoggingTensorHook",
    "tensorflow.compat.v1.train.MonitoredTrainingSession",
    "tensorflow.compat.v1.train.StepCounterHook",
    "transformers.TFTrainer",
)
"""Calls of these libraries that print lines of other forms."""
_ENDS = (".info", ".display", ".show_versions", ".print", ".text_plot")
_QUIET = ("tensorflow.compat.v1.logging.set_verbosity", "tensorflow.logging.set_verbosity")
_QUIET_TENSORFLOW = pattern(
    r"tensorflow_datasets\.(?:deprecated|features)\.text\."
    r"|tensorflow\.(?:math|nn|linalg|data|io|image|strings|random|signal|sparse|ragged|dtypes|errors|types)\."
    r"|tensorflow\.(?:GradientTape|Variable|constant|TensorSpec|TensorShape)\b"
    r"|tensorflow\.train\.(?:Checkpoint|CheckpointManager|latest_checkpoint)\b"
    r"|tensorflow\.(?:config\.(?!experimental_run)|saved_model\.(?:save|load)\b|function\b)"
    r"|tensorflow\.(?:abs|add|argmax|argmin|argsort|boolean_mask|broadcast_to|cast|clip_by_value|concat|cond"
    r"|convert_to_tensor|cumsum|divide|einsum|equal|exp|expand_dims|eye|fill|gather|gather_nd|greater|identity|less"
    r"|linspace|logical_(?:and|not|or)|matmul|maximum|minimum|multiply|not_equal|one_hot|ones|ones_like|pad|pow|range"
    r"|rank|reduce_\w+|repeat|reshape|reverse|round|shape|sigmoid|sign|size|slice|softmax|sort|split|sqrt|square"
    r"|squeeze|stack|stop_gradient|subtract|tanh|tensordot|tile|transpose|unstack"
    r"|where|while_loop|zeros|zeros_like)(?:\(\)|$)"
    r"|keras\.(?:layers|losses|metrics|optimizers|initializers|regularizers|constraints|activations)\."
    r"|keras\.(?:backend|preprocessing\.(?:sequence|text))\."
    r"|keras\.(?:Input|utils\.(?:to_categorical|set_random_seed|register_keras_serializable)|models\.clone_model)\b"
    r"|keras\.(?:Model|Sequential|models\.(?:Model|Sequential))(?:\(\)\.(?:__init__|add|build|compile|save|save_weights"
    r"|load_weights|get_weights|set_weights|get_layer|get_config|to_json|trainable_\w+)|\(\)|$)"
)
"""What TensorFlow 2 and Keras compute without a report; a summary or a download is not here. The methods of a model
print their progress: ``PROGRESS``."""
_OF_JOB = ("sagemaker.Session", "sagemaker.session.Session")
"""Objects that print nothing as they are made; their methods may print the log of a job."""


def lines_of(name: str) -> tuple[Said, ...] | None:
    """Return the lines that the library of a call may write, by the call's canonical name; None if they are unknown."""
    if _QUIET_TENSORFLOW.match(name):
        return ()
    if name.startswith(_UNKNOWN) and not name.startswith(_QUIET):
        return None
    if name.endswith(_ENDS):
        return None
    if name in _OF_JOB or name.startswith("sagemaker.experiments."):
        return (_WORDS,)
    if name.startswith("transformers.TF"):
        return _KERAS
    return _SPEAKERS.get(package_of(name))


def package_of(name: str) -> str:
    """Return the package of a canonical name."""
    return name.partition(".")[0].partition("()")[0].partition("[")[0]


BAR = "tqdm"
"""The library of progress bars, whose lines hold texts of the program."""


def bar_line(texts: list[str]) -> Said:
    """Return the line of a progress bar, for patterns of the descriptions and of the texts after it."""
    text = f"(?:{'|'.join(dict.fromkeys(texts))})" if texts else ""
    return Said(rf"(?:{text}(?:: )?)?{FOREIGN_TEXT}{text}(?:,? ?\w+={_MEASURE})*\]?", "")
