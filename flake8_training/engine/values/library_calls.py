"""Return values of modelled standard-library and SageMaker toolkit calls.

In scope: paths, strings, collections and the environment. The result of any other call is a library object.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import TYPE_CHECKING

from flake8_training.engine.values.call_arguments import CallArguments
from flake8_training.engine.values.strings import name_of, parent_of, text_method
from flake8_training.engine.values.values import (
    FROM_OUTSIDE,
    MAX_NESTED,
    OF_DYNAMIC_CODE,
    OF_OPEN_MAPPING,
    UNKNOWN,
    Collection,
    Constant,
    Frame,
    LibraryObject,
    OptionValue,
    Reference,
    StringTemplate,
    Unknown,
    Value,
    Values,
    Variable,
    depth,
    elements,
    library_object,
    reference,
)
from flake8_training.parsing import is_vast

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import CallSite
    from flake8_training.engine.values.interface import EvaluatorInterface

_BUILTINS = frozenset(dir(builtins))

ENVIRON = "os.environ"

# The objects that hold a training job's environment: sagemaker-training 5.1.4 (environment.Environment),
# sagemaker-containers 2.8.6 (training_env(), env.TrainingEnv).
ENVIRONMENTS = frozenset(
    {
        "sagemaker_training.environment.Environment()",
        "sagemaker_training.environment.Environment",
        "sagemaker_containers.training_env()",
        "sagemaker_containers.beta.framework.training_env()",
        "sagemaker_containers.beta.framework.env.TrainingEnv()",
        "sagemaker_containers._env.TrainingEnv()",
        "sagemaker_containers.env.TrainingEnv()",
        "container_support.TrainingEnvironment()",
    }
)
_ENVIRONMENT_PATHS = {
    "model_dir": "/opt/ml/model",
    "output_dir": "/opt/ml/output",
    "output_data_dir": "/opt/ml/output/data",
    "output_intermediate_dir": "/opt/ml/output/intermediate",
    "input_dir": "/opt/ml/input",
    "input_config_dir": "/opt/ml/input/config",
    "channel_input_dirs": "/opt/ml/input/data",
    "channel_dirs": "/opt/ml/input/data",
}
HYPERPARAMETERS = "sagemaker.hyperparameters()"
"""The canonical name of the hyperparameters that an environment object holds."""

# Calls whose result the evaluator takes for their first argument (``typing.cast``: the second).
_SAME_CALLS = frozenset(
    "builtins.str os.fspath os.fsdecode os.path.abspath os.path.realpath os.path.normpath os.path.expanduser "
    "os.path.expandvars pathlib.Path pathlib.PurePath pathlib.PosixPath pathlib.PurePosixPath "
    "typing.cast copy.copy copy.deepcopy ast.literal_eval json.loads".split()
)
# Calls whose result the evaluator takes for an iterable over the elements of their first argument.
_SAME_ITERABLES = frozenset(
    "builtins.sorted builtins.list builtins.tuple builtins.set builtins.frozenset builtins.reversed "
    "builtins.iter tqdm.tqdm tqdm.auto.tqdm tqdm.notebook.tqdm tqdm.trange itertools.islice "
    "itertools.chain builtins.filter".split()
)


def is_builtin(name: str) -> bool:
    """Return whether a name is a builtin of Python."""
    return name in _BUILTINS


def variable(key: Value, defaults: Values = ()) -> Value:
    """Return the environment variable with the name ``key``."""
    if isinstance(key, Constant) and isinstance(key.value, str):
        name = key.value
    elif isinstance(key, StringTemplate) and isinstance(key.parts[0], str):
        name = f"{key.parts[0]}*"
    else:
        name = ""
    nested = depth(defaults) + 1
    return Variable(name, defaults, nested) if nested <= MAX_NESTED else Variable(name, (UNKNOWN,))


def attribute(owner: str, name: str) -> Values:
    """Return the path or hyperparameters that an environment object's attribute holds; nothing for others."""
    if owner in ENVIRONMENTS:
        if name in ("hyperparameters", "additional_framework_parameters"):
            return (LibraryObject(HYPERPARAMETERS),)
        path = _ENVIRONMENT_PATHS.get(name)
        if path is not None:
            return (Constant(path),)
    return ()


_PREPARE = "accelerate.Accelerator().prepare"
# Each returns its first argument, wrapped (accelerate 1.15).
_PREPARE_ONE = frozenset(f"{_PREPARE}_{kind}" for kind in ("model", "optimizer", "scheduler", "data_loader"))


def prepared(evaluator: EvaluatorInterface, value: Reference | LibraryObject, key: Value) -> Values | None:
    """Return the argument that ``Accelerator.prepare`` returns at an index; None for other results or if unknown."""
    if not isinstance(value, LibraryObject) or value.name != f"{_PREPARE}()" or value.site is None:
        return None
    passed = value.site.node.args
    if not isinstance(key, Constant) or not isinstance(key.value, int) or not 0 <= key.value < len(passed):
        return None
    if any(isinstance(node, ast.Starred) for node in passed):
        return None
    return _known(evaluator.values(passed[key.value], value.site.scope, value.frame))


def _known(values: Values) -> Values | None:
    """Return values without an unknown one, else None; a value that depends on itself has none."""
    return None if any(isinstance(one, Unknown) for one in values) else values


def item(value: Reference | LibraryObject, key: Value) -> Values:
    """Return the value of ``value[key]`` for a library object."""
    if value.name == ENVIRON or value.name in ("os.environ.copy()", "builtins.dict()"):
        return (variable(key),) if value.name != "builtins.dict()" else (UNKNOWN,)
    if isinstance(value, LibraryObject):
        return (library_object(f"{value.name}[]()", value.site, value.frame),)
    return (reference(f"{value.name}[]", value),)


def element(evaluator: EvaluatorInterface, value: LibraryObject) -> Values:
    """Return the values that iterating over the result of a library call yields."""
    site, frame, name = value.site, value.frame, value.name
    if site is None:
        return (UNKNOWN,)
    arguments = site.node.args

    def at(index: int) -> Values:
        return evaluator.values(arguments[index], site.scope, frame) if index < len(arguments) else (UNKNOWN,)

    if name in ("glob.glob()", "glob.iglob()", "builtins.iter()"):
        return at(0)
    if name in ("os.listdir()", "os.scandir()"):
        return (FROM_OUTSIDE,)
    if name == "os.walk()":
        inside = evaluator.joined_paths([at(0), (UNKNOWN,)])
        return (elements((*at(0), *inside)),)
    if name in ("pathlib.Path().iterdir()", "pathlib.Path().glob()", "pathlib.Path().rglob()"):
        assert isinstance(site.node.func, ast.Attribute)
        base = evaluator.values(site.node.func.value, site.scope, frame)
        return tuple(evaluator.joined_paths([base, at(0) if arguments else (UNKNOWN,)]))
    return (library_object(f"{name}[]()", site, frame),)


def call(
    evaluator: EvaluatorInterface, function: Reference, site: CallSite, frame: Frame | None
) -> Values | None:
    """Return the modelled values of a library call; None if its result is just a library object."""
    name = function.name
    handler = _CALLS.get(name)
    arguments = CallArguments(evaluator, site, frame)
    if handler is not None:
        return handler(arguments, function)
    if name in _SAME_CALLS:
        number = 1 if name == "typing.cast" else 0
        if name.startswith("pathlib.") and len(arguments.positional) > 1:
            return tuple(evaluator.joined_paths([arguments.at(i) for i in range(len(arguments.positional))]))
        return arguments.at(number) if arguments.positional else (Constant(""),)
    if name in _PREPARE_ONE or (name == _PREPARE and len(arguments.positional) == 1):
        return _known(arguments.at(0))
    if evaluator.options is not None:
        parsed = evaluator.options.parse_results(function)
        if parsed is not None:
            return parsed
    if name in _SAME_ITERABLES:
        return (
            tuple(elements(evaluator.element(v)) for v in arguments.at(0)) if arguments.positional else None
        )
    if name.startswith("builtins.str()."):
        return text_method(arguments, function.receiver, name.rpartition(".")[2])
    if name.startswith("pathlib.Path().") and function.receiver is not None:
        return None
    if name.startswith("builtins.dict().") and isinstance(function.receiver, Collection):
        return _dict_method(arguments, function.receiver, name.rpartition(".")[2])
    if name.endswith(".get") and isinstance(function.receiver, LibraryObject) and arguments.positional:
        keys = arguments.at(0)
        if evaluator.options is not None and evaluator.options.is_namespace(function.receiver):
            return tuple(
                r for k in keys if isinstance(k, Constant) for r in evaluator.options.value(str(k.value))
            )
        return tuple(r for k in keys for r in item(function.receiver, k))
    return None


def _environ_get(arguments: CallArguments, function: Reference) -> Values:
    defaults = arguments.at(1, "default") or (Constant(None),)
    return tuple(variable(key, defaults) for key in arguments.at(0, "key"))


def _join(arguments: CallArguments, function: Reference) -> Values:
    pieces: list[Values] = []
    for node in arguments.positional:
        if isinstance(node, ast.Starred):
            pieces.append((UNKNOWN,))
        else:
            pieces.append(arguments.of(node))
    return tuple(arguments.evaluator.joined_paths(pieces)) if pieces else (UNKNOWN,)


def _dirname(arguments: CallArguments, function: Reference) -> Values:
    return tuple(parent_of(v) for v in arguments.at(0))


def _basename(arguments: CallArguments, function: Reference) -> Values:
    return tuple(name_of(v) for v in arguments.at(0))


def _working_directory(arguments: CallArguments, function: Reference) -> Values:
    return (Constant("/opt/ml/code"),)


def _temporary(arguments: CallArguments, function: Reference) -> Values:
    return (StringTemplate(("/tmp/", UNKNOWN)),)


def _dict(arguments: CallArguments, function: Reference) -> Values:
    if not arguments.site.node.keywords and arguments.positional:
        values = arguments.at(0)
        if all(isinstance(v, Reference | LibraryObject) for v in values):
            return values
    return (Collection(arguments.site.node, arguments.site.scope, arguments.frame),)


def _vars(arguments: CallArguments, function: Reference) -> Values:
    return arguments.at(0) or (UNKNOWN,)


def _getattr(arguments: CallArguments, function: Reference) -> Values:
    found: list[Value] = []
    for name in arguments.at(1):
        for value in arguments.at(0):
            if isinstance(name, Constant) and isinstance(name.value, str):
                found.extend(arguments.evaluator.attribute(value, name.value))
            else:
                found.append(OF_DYNAMIC_CODE)
    return (*found, *arguments.at(2)) or (OF_DYNAMIC_CODE,)


def _enumerate(arguments: CallArguments, function: Reference) -> Values:
    inner = tuple(r for v in arguments.at(0) for r in arguments.evaluator.element(v))
    return (elements(_tuples(((UNKNOWN,), inner))),)


def _zip(arguments: CallArguments, function: Reference) -> Values:
    columns = tuple(
        tuple(r for v in arguments.at(i) for r in arguments.evaluator.element(v))
        for i in range(len(arguments.positional))
    )
    return (elements(_tuples(columns)),)


def _tuples(columns: tuple[Values, ...]) -> Values:
    """Return tuples with one value of each column, for unpacking. Every value of a column is in one of them."""
    filled = [column or (UNKNOWN,) for column in columns]
    number = max(map(len, filled), default=0)
    return tuple(elements(tuple(c[min(i, len(c) - 1)] for c in filled)) for i in range(number))


def _map(arguments: CallArguments, function: Reference) -> Values:
    inner = tuple(r for v in arguments.at(1) for r in arguments.evaluator.element(v))
    names = [v.name for v in arguments.at(0) if isinstance(v, Reference)]
    return (elements(inner if all(n in _SAME_CALLS for n in names) and names else (UNKNOWN,)),)


def _number(arguments: CallArguments, function: Reference) -> Values:
    is_int = function.name == "builtins.int"
    found: list[Value] = []
    for value in arguments.at(0):
        if isinstance(value, Constant) and isinstance(value.value, str | int | float):
            try:
                number = int(value.value) if is_int else float(value.value)
            except (ValueError, OverflowError):
                found.append(UNKNOWN)
            else:
                found.append(UNKNOWN if is_vast(number) else Constant(number))
        else:
            found.append(value if isinstance(value, OptionValue | Variable) else UNKNOWN)
    return tuple(found)


def _first(arguments: CallArguments, function: Reference) -> Values:
    return tuple(r for v in arguments.at(0) for r in arguments.evaluator.element(v)) or (UNKNOWN,)


_CALLS: dict[str, Callable[[CallArguments, Reference], Values]] = {
    "os.environ.get": _environ_get,
    "os.environ.pop": _environ_get,
    "os.environ.setdefault": _environ_get,
    "os.environ.__getitem__": _environ_get,
    "os.getenv": _environ_get,
    "os.environ.copy().get": _environ_get,
    "os.path.join": _join,
    "posixpath.join": _join,
    "pathlib.Path().joinpath": _join,
    "os.path.dirname": _dirname,
    "os.path.basename": _basename,
    "os.getcwd": _working_directory,
    "pathlib.Path.cwd": _working_directory,
    "tempfile.mkdtemp": _temporary,
    "tempfile.gettempdir": _temporary,
    "tempfile.TemporaryDirectory": _temporary,
    "tempfile.mktemp": _temporary,
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "types.SimpleNamespace": _dict,
    "argparse.Namespace": _dict,
    "builtins.vars": _vars,
    "builtins.getattr": _getattr,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.map": _map,
    "builtins.int": _number,
    "builtins.float": _number,
    "builtins.next": _first,
    "builtins.min": _first,
    "builtins.max": _first,
}


def _dict_method(arguments: CallArguments, receiver: Collection, method: str) -> Values | None:
    evaluator = arguments.evaluator
    if method in ("get", "pop", "setdefault"):
        found: list[Value] = []
        for key in arguments.at(0):
            if isinstance(key, Constant) and isinstance(key.value, str | int):
                known = [v for v in evaluator.item(receiver, key.value) if not isinstance(v, Unknown)]
                found.extend(known or arguments.at(1) or (OF_OPEN_MAPPING,))
            else:
                found.append(OF_OPEN_MAPPING)
        return tuple(found) or (OF_OPEN_MAPPING,)
    if method == "copy":
        return (receiver,)
    if method == "keys":
        return (elements(evaluator.element(receiver)),)
    if method in ("values", "items"):
        entries = _entries(evaluator, receiver)
        if entries is not None:
            if method == "values":
                return (elements(tuple(v for _, values in entries for v in values)),)
            return (elements(tuple(pair for entry in entries for pair in _tuples(entry))),)
    return None


def _entries(evaluator: EvaluatorInterface, receiver: Collection) -> list[tuple[Values, Values]] | None:
    """Return keys and values of a dict display or call, later stores included; None for another collection."""
    node, scope, frame = receiver.node, receiver.scope, receiver.frame
    found: list[tuple[Values, Values]] = []
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                found.append(((OF_OPEN_MAPPING,), (OF_OPEN_MAPPING,)))
            else:
                found.append((evaluator.values(key, scope, frame), evaluator.values(value, scope, frame)))
    elif isinstance(node, ast.Call):
        for keyword in node.keywords:
            known = keyword.arg is not None
            values = evaluator.values(keyword.value, scope, frame) if known else (OF_OPEN_MAPPING,)
            found.append(((Constant(keyword.arg) if known else OF_OPEN_MAPPING,), values))
        if node.args:
            found.append(((OF_OPEN_MAPPING,), (OF_OPEN_MAPPING,)))
    else:
        return None
    for store in evaluator.item_stores(receiver):
        keys = evaluator.values(store.key, store.scope) if isinstance(store.key, ast.expr) else (UNKNOWN,)
        found.append((keys, evaluator.stepped(evaluator.values(store.value, store.scope), store.steps)))
    return found
