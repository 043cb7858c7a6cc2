"""The catalogue: every planned code and its meaning.

Codes and meanings are public and fixed. A rule class must not contradict it; ``registry`` finds the rules.
"""

from __future__ import annotations

from flake8_training.finding import Severity
from flake8_training.named_tuple import NamedTuple
from flake8_training.rules.rule import SeenBy


class Entry(NamedTuple):
    """The severity of a code, the tool that reports it, and its meaning, which begins with the rule's summary."""

    severity: Severity
    seen_by: SeenBy
    says: str


_ERROR, _WARNING, _ADVICE = Severity.ERROR, Severity.WARNING, Severity.ADVICE

CATALOGUE: dict[str, Entry] = {
    "TRN001": Entry(
        _ERROR,
        "both",
        "internal error in a rule (names the rule and file; the other rules still report)",
    ),
    "TRN002": Entry(
        _ERROR,
        "hook",
        "an artefact file cannot be read: syntax error, duplicate key, unsupported construct, "
        "unsafe or oversized YAML (names line and column)",
    ),
    "TRN003": Entry(
        _ERROR,
        "hook",
        "the project configuration is wrong: unknown key (with a near match), missing file, two "
        "steps of one name",
    ),
    "TRN004": Entry(_WARNING, "hook", "a step lacks one of its artefacts (contract, spec, builder, script)"),
    "TRN101": Entry(_ERROR, "both", "hyperparameters are never loaded from SageMaker"),
    "TRN102": Entry(_ERROR, "both", "training data is never read from an input channel"),
    "TRN103": Entry(_ERROR, "both", "no model is trained"),
    "TRN104": Entry(_ERROR, "both", "the trained model is never saved to the model directory"),
    "TRN105": Entry(_WARNING, "both", "the model is never evaluated on held-out data"),
    "TRN110": Entry(
        _ERROR,
        "both",
        "SageMaker never sets the environment variable: a misspelled name (SM_CHANEL_TRAIN, "
        "SM_MODELDIR), or one that is read without a default",
    ),
    "TRN111": Entry(
        _ERROR,
        "both",
        "the path does not exist in a training job: an unknown one below /opt/ml, with a near "
        "match (/opt/ml/models, /opt/ml/inputs/data)",
    ),
    "TRN112": Entry(
        _ERROR,
        "both",
        "SageMaker does not keep the output (model to a local or /tmp path while nothing reaches "
        "the model directory)",
    ),
    "TRN113": Entry(
        _ERROR,
        "both",
        "a hyperparameter option uses type=bool (every non-empty string is true)",
    ),
    "TRN114": Entry(
        _ERROR,
        "both",
        "a hyperparameter option is a flag (store_true, BooleanOptionalAction ...), but SageMaker"
        " always passes a value",
    ),
    "TRN115": Entry(
        _ERROR,
        "both",
        "the entry point uses a relative import, which fails when it is run as a script",
    ),
    "TRN116": Entry(_WARNING, "both", "a declared option is never used"),
    "TRN117": Entry(_WARNING, "both", "the result of training is discarded"),
    "TRN118": Entry(
        _ERROR,
        "both",
        "a hyperparameter option uses type=list or type=dict (splits the string into characters, or fails)",
    ),
    "TRN119": Entry(
        _WARNING,
        "both",
        "hyperparameters.json values are strings in a training job; one is used as a number or "
        "truth value without conversion",
    ),
    "TRN120": Entry(_ERROR, "both", "an attribute of the parsed options that no option defines"),
    "TRN121": Entry(
        _ERROR,
        "both",
        "the script trains nothing with its framework",
    ),
    "TRN122": Entry(
        _WARNING,
        "both",
        "the serving container does not load the model",
    ),
    "TRN123": Entry(
        _ERROR,
        "both",
        "the PyTorch loop is incomplete: loss.backward() without optimizer.step(), or step() "
        "without zero_grad()",
    ),
    "TRN124": Entry(
        _ERROR,
        "both",
        "XGBoost early stopping has no evaluation set",
    ),
    "TRN125": Entry(
        _ERROR,
        "hook",
        "the declared framework is not the one that the script imports",
    ),
    "TRN126": Entry(_ERROR, "both", "an S3 address is passed to what takes local paths only"),
    "TRN127": Entry(
        _ERROR,
        "hook",
        "the job's version lacks the name: a name, a keyword or a module",
    ),
    "TRN128": Entry(
        _WARNING,
        "both",
        "a failure is caught and the job ends as completed",
    ),
    "TRN150": Entry(
        _ERROR,
        "hook",
        "the contract does not declare what the script reads",
    ),
    "TRN151": Entry(_WARNING, "hook", "a contract input is never read by the script"),
    "TRN152": Entry(_ERROR, "hook", "a contract output is never written by the script"),
    "TRN153": Entry(
        _ERROR,
        "hook",
        "the contract does not declare what the script writes",
    ),
    "TRN154": Entry(
        _ERROR,
        "hook",
        "the script never reads a variable that the contract requires",
    ),
    "TRN155": Entry(
        _ERROR,
        "hook",
        "the contract does not declare the environment variable (SM_*, AWS_* and the like excepted)",
    ),
    "TRN156": Entry(_ERROR, "hook", "a contract argument is not accepted by the script"),
    "TRN157": Entry(_ERROR, "hook", "a required script argument is not in the contract"),
    "TRN158": Entry(
        _ERROR,
        "hook",
        "the script reads a hyperparameter that nothing declares (near match = a typo)",
    ),
    "TRN159": Entry(_WARNING, "hook", "a declared hyperparameter is never read by the script"),
    "TRN160": Entry(_ERROR, "hook", "the contract's entry point does not exist"),
    "TRN161": Entry(
        _WARNING,
        "hook",
        "the contract's framework requirements lack the package",
    ),
    "TRN162": Entry(_ERROR, "hook", "script and contract differ in a path"),
    "TRN163": Entry(
        _ERROR,
        "hook",
        "main() reads a logical name that the __main__ block never passes",
    ),
    "TRN201": Entry(_ERROR, "hook", "a contract input is missing from the specification"),
    "TRN202": Entry(_ERROR, "hook", "a specification input is missing from the contract"),
    "TRN203": Entry(_ERROR, "hook", "the types of an input differ"),
    "TRN204": Entry(_ERROR, "hook", "a contract output is missing from the specification"),
    "TRN205": Entry(_ERROR, "hook", "a specification output is missing from the contract"),
    "TRN206": Entry(_ERROR, "hook", "the types of an output differ"),
    "TRN207": Entry(
        _ERROR,
        "hook",
        "a specification hyperparameter is missing from the contract (the contract may declare more)",
    ),
    "TRN208": Entry(_ERROR, "hook", "contract and specification differ in a hyperparameter"),
    "TRN209": Entry(_WARNING, "hook", "a hyperparameter that the framework needs is not declared"),
    "TRN210": Entry(
        _ERROR,
        "both",
        "the estimator configuration is incomplete (instance_type, instance_count, "
        "volume_size_in_gb, max_run)",
    ),
    "TRN211": Entry(
        _ERROR,
        "both",
        "the instance setting is wrong (no such instance type, count below 1, volume or run time "
        "out of range)",
    ),
    "TRN212": Entry(
        _ERROR,
        "both",
        "no code location is set",
    ),
    "TRN213": Entry(
        _ERROR,
        "hook",
        "a required contract environment variable is missing (FRAMEWORK, MODEL_TYPE)",
    ),
    "TRN214": Entry(
        _ERROR,
        "both",
        "a container path is wrong for a training job (input outside /opt/ml/input, /opt/ml/code; "
        "output outside /opt/ml/model, /opt/ml/output/data, /opt/ml/checkpoints)",
    ),
    "TRN215": Entry(_ERROR, "both", "an output alias equals a logical name"),
    "TRN216": Entry(_WARNING, "hook", "contract or specification requires the input, not both"),
    "TRN301": Entry(
        _ERROR,
        "hook",
        "an upstream step does not exist (near match given; generic names are a warning)",
    ),
    "TRN302": Entry(_ERROR, "hook", "no upstream step produces the input artifact"),
    "TRN303": Entry(_ERROR, "hook", "a required input has no producer"),
    "TRN304": Entry(_ERROR, "hook", "producer and consumer types do not fit"),
    "TRN305": Entry(
        _ERROR,
        "hook",
        "a downstream consumer does not exist, or takes no model artifact",
    ),
    "TRN306": Entry(_ERROR, "both", "the step has no such property"),
    "TRN307": Entry(_ERROR, "both", "a property path names an output that the producer does not have"),
    "TRN308": Entry(
        _ERROR,
        "hook",
        "the model destination is no S3 location, or is missing",
    ),
    "TRN309": Entry(_ERROR, "hook", "the hyperparameter source is not a step or file that exists"),
    "TRN310": Entry(
        _ERROR,
        "hook",
        "the required permissions do not cover what the step does (s3:GetObject for inputs, "
        "s3:PutObject for outputs)",
    ),
    "TRN311": Entry(_ERROR, "hook", "the steps form a cycle"),
    "TRN312": Entry(_ERROR, "hook", "a step type or name is not registered"),
    "TRN313": Entry(
        _ERROR,
        "both",
        "the pipeline lacks the step; steps that are no steps",
    ),
    "TRN314": Entry(_ERROR, "both", "a pipeline parameter is used and not declared"),
    "TRN401": Entry(_ERROR, "both", "a required builder method is missing"),
    "TRN402": Entry(_ERROR, "both", "a required estimator argument is missing"),
    "TRN403": Entry(
        _ERROR,
        "both",
        "the argument is unknown (SDK v2 swallows it silently), with a near match",
    ),
    "TRN404": Entry(
        _ERROR,
        "both",
        "SageMaker refuses the value (name, channel, role ARN, counts, lengths, enums)",
    ),
    "TRN405": Entry(
        _ERROR,
        "both",
        "SageMaker has no image of the version: framework_version and py_version are no valid pair",
    ),
    "TRN406": Entry(
        _ERROR,
        "hook",
        "the entry point does not exist, or differs from the contract's",
    ),
    "TRN407": Entry(
        _ERROR,
        "hook",
        "the script imports a local module that the job does not receive: source_dir does not carry it",
    ),
    "TRN408": Entry(
        _ERROR,
        "hook",
        "the job lacks a channel that the script reads (a bare string or TrainingInput is the one "
        "channel 'training')",
    ),
    "TRN409": Entry(
        _WARNING,
        "hook",
        "the channel is never read",
    ),
    "TRN410": Entry(
        _ERROR,
        "hook",
        "the script does not accept the hyperparameter (argparse exits 2, or parse_known_args "
        "drops it silently)",
    ),
    "TRN411": Entry(
        _ERROR,
        "hook",
        "the script's option does not accept the value: it cannot parse it (type, choices, nargs,"
        " flag, leading '-')",
    ),
    "TRN412": Entry(
        _ERROR,
        "both",
        "the input is wrong (no S3 URI, unknown input_mode, distribution, content type)",
    ),
    "TRN413": Entry(
        _ERROR,
        "hook",
        "the metric regex captures nothing, or can never match what the script prints",
    ),
    "TRN414": Entry(
        _ERROR,
        "hook",
        "the script does not accept TensorFlow's --model_dir",
    ),
    "TRN415": Entry(
        _WARNING,
        "both",
        "the spot training keeps no checkpoint, or max_wait is below max_run",
    ),
    "TRN416": Entry(
        _ERROR,
        "both",
        "the role is not valid or missing",
    ),
    "TRN417": Entry(
        _ERROR,
        "hook",
        "the config class lacks a field that the builder reads",
    ),
    "TRN418": Entry(_ERROR, "hook", "the builder is bound to another step"),
    "TRN419": Entry(_ERROR, "hook", "required environment variables never reach the estimator"),
    "TRN420": Entry(_ERROR, "hook", "the estimator class is not the contract's framework"),
    "TRN421": Entry(_ERROR, "hook", "no metric definition defines the tuner's objective"),
    "TRN422": Entry(
        _ERROR,
        "both",
        "a pipeline variable is used as a plain string (f-string, +, str(), int())",
    ),
    "TRN423": Entry(_WARNING, "both", "the output path never reaches the estimator"),
    "TRN424": Entry(
        _WARNING,
        "hook",
        "several instances train apart: neither script nor estimator is distributed",
    ),
    "TRN425": Entry(
        _ERROR,
        "both",
        "the start script of SDK v3 cannot pass the value: a reserved or invalid channel name, a "
        "value that breaks the environment file, hyperparameters lost behind "
        "SourceCode(command=...)",
    ),
    "TRN426": Entry(_ERROR, "hook", "the job does not pass a required hyperparameter"),
    "TRN427": Entry(
        _ERROR,
        "hook",
        "nothing installs a package that the script imports",
    ),
    "TRN428": Entry(_ERROR, "hook", "the job does not set a required environment variable"),
    "TRN429": Entry(
        _WARNING,
        "hook",
        "the checkpoints are not kept apart from the model, or asked for on the first run",
    ),
    "TRN430": Entry(_ERROR, "hook", "a started program rejects its arguments"),
    "TRN431": Entry(
        _ERROR,
        "hook",
        "the job lacks a file that the script opens",
    ),
    "TRN432": Entry(
        _ERROR,
        "hook",
        "requirements that are not installed: a line that is no requirement, a file in the wrong "
        "place, a file that does not exist",
    ),
    "TRN433": Entry(
        _ERROR,
        "hook",
        "the shell script drops the hyperparameters",
    ),
    "TRN434": Entry(
        _ERROR,
        "both",
        "an argument of a step, processor, model or pipeline is wrong: unknown, missing, or of a wrong type",
    ),
    "TRN435": Entry(
        _ERROR,
        "both",
        "the image URI cannot be right: account, repository, region, version",
    ),
    "TRN436": Entry(
        _ERROR,
        "both",
        "the tuner cannot run: empty or inverted range, more parallel jobs than jobs",
    ),
    "TRN437": Entry(
        _ERROR,
        "both",
        "the settings do not fit together: they exclude each other, or one needs the other",
    ),
    "TRN438": Entry(
        _ERROR,
        "hook",
        "the distribution does not fit the script",
    ),
    "TRN439": Entry(
        _ERROR,
        "hook",
        "the container file cannot start the training: Dockerfile, shebang, program",
    ),
    "TRN440": Entry(
        _ERROR,
        "both",
        "the SDK's generation lacks the name",
    ),
    "TRN451": Entry(_ERROR, "hook", "the code of a processing job does not exist"),
    "TRN452": Entry(
        _ERROR,
        "hook",
        "the processing script rejects the job's arguments: one that the script does not accept, "
        "or requires and does not get",
    ),
    "TRN453": Entry(_ERROR, "hook", "no input mounts the path that the script reads"),
    "TRN454": Entry(_WARNING, "hook", "the processing script never writes the output"),
    "TRN901": Entry(
        _ADVICE,
        "TRN9",
        "a SageMaker path is hard-coded instead of read from its environment variable",
    ),
    "TRN902": Entry(_ADVICE, "TRN9", "an optional hyperparameter has no default"),
    "TRN903": Entry(_ADVICE, "TRN9", "hyperparameters are never checked (type, range)"),
    "TRN904": Entry(_ADVICE, "TRN9", "hyperparameters are never logged"),
    "TRN905": Entry(_ADVICE, "TRN9", "metrics are never logged"),
    "TRN906": Entry(_ADVICE, "TRN9", "missing or damaged input data is not handled"),
    "TRN907": Entry(_ADVICE, "TRN9", "a long training has neither early stopping nor checkpoints"),
    "TRN908": Entry(
        _ADVICE,
        "TRN9",
        "nothing but the bare model is saved (no metadata, version, preprocessing)",
    ),
    "TRN909": Entry(_ADVICE, "TRN9", "the saved model is never loaded back to check it"),
    "TRN910": Entry(_ADVICE, "TRN9", "temporary files are not removed"),
    "TRN911": Entry(_ADVICE, "TRN9", "the training loop handles no errors, so a failed job gives no reason"),
    "TRN912": Entry(_ADVICE, "TRN9", "validation data is not read from a channel"),
}
