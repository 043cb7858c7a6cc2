"""Fast search for files that may be launchers, in a whole repository or around some of its files.

The module imports almost nothing, because most commits touch no launcher and no launched script.
"""

from __future__ import annotations

from flake8_training.left_out import is_left_out
from flake8_training.pattern import pattern
from flake8_training.source_file import searched
from training_alignment.artefacts.read_error import ReadError
from training_alignment.repository.answer_forms import FLAG, NAMED_GROUPS
from training_alignment.repository.file_questions import FileQuestion
from training_alignment.scan.glance import HAS_ANY, imports, is_test

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from training_alignment.repository.repository import Repository

NOTEBOOK = ".ipynb"
DATA = (".yaml", ".yml", ".json")
"""The suffixes of files that a launcher may read its values from, or that may start jobs themselves."""
MAX_NOTEBOOK_BYTES = 30_000_000
_MARKERS = (
    b"entry_point",
    b"framework_version",
    b"image_uri",
    b"ModelTrainer",
    b"Estimator",
    b"HyperparameterTuner",
    b"create_training_job",
    b"create_hyper_parameter_tuning_job",
    b"SageMakerTrainingOperator",
    b"SageMakerTuningOperator",
    b"TrainingStep",
    b"TrainingJob.create(",
    b"SageMakerCreateTrainingJob",
    b"sagemaker:createTrainingJob",
    b"sagemaker:createHyperParameterTuningJob",
    b"Processor",
    b"ProcessingStep",
    b"create_processing_job",
    b"workflow.pipeline",
    b"remote_function",
    b"function_step",
)
_FITTED = (b"instance_type", b".fit(")
"""Words of an estimator whose entry point is its first argument, without a version."""
_IMAGES = (b"image_uri", b"training_image", b"TrainingImage", b"image_name", b"Estimator(")
"""Names of a job's image, which is the first argument of ``Estimator``."""
_MOST_NAMES = 200
"""The greatest number of scripts whose names are searched for; if there are more, every launcher may start one."""

_MOST_BEFORE = 500
"""The bytes before the word ``import`` in which its line begins."""
_MOST_IMPORTS = 200
"""The greatest number of imports of a launcher, and of names in one of them, that are followed to local modules."""
_IMPORTS_SDK = pattern(
    rb"(?:import|from)\s+(?:[\w.]+\s*,\s*)*sagemaker|import_module\(|__import__\("
    rb"|create_(?:processing|training|hyper_parameter_tuning)_job|SageMaker(?:Training|Tuning)Operator"
    rb"|SageMakerCreateTrainingJob|sagemaker:create(?:Training|HyperParameterTuning)Job"
)
"""Imports of the SDK, and requests without it. Many files that only mention SageMaker contain none of these."""


_IN_DATA = (
    b"createTrainingJob",
    b"createHyperParameterTuningJob",
    b"TrainingJobName",
    b"TuningJobName",
    b"2020-12-01",
)
_DEFINES = (b"AlgorithmSpecification", b"TrainingJobDefinition")


def may_launch(path: str, data: bytes) -> bool:
    """Return whether a file may be a launcher: a fast test of its bytes, also true for some other files."""
    if path.endswith(DATA):
        return any(word in data for word in _DEFINES) and any(word in data for word in _IN_DATA)
    # Every file is asked: most have neither of the words, which decides with few searches.
    names_sdk = b"sagemaker" in data or b"SageMaker" in data
    if not names_sdk and not any(name in data for name in _ARGUMENTS):
        return False
    if not any(marker in data for marker in _MARKERS) and not all(word in data for word in _FITTED):
        return False
    if names_sdk and _IMPORTS_SDK.search(data) is not None:
        return True
    # A local module may pass on the classes of the SDK.
    return any(name + equals in data for name in _ARGUMENTS for equals in (b"=", b" ="))


_ARGUMENTS = (b"entry_point", b"framework_version", b"image_uri", b"training_image", b"source_code")
"""Arguments of an estimator."""
_MAY_LAUNCH = FileQuestion(may_launch, MAX_NOTEBOOK_BYTES, form=FLAG)
NAMES_ANY = FileQuestion(HAS_ANY.function, MAX_NOTEBOOK_BYTES)
_STARTS = pattern(
    rb"\b(?:entry_point|framework_version)\s*=|\b(?:\w*Estimator|ModelTrainer|HyperparameterTuner|TrainingStep"
    rb"|create_training_job|create_hyper_parameter_tuning_job|SageMaker(?:Training|Tuning)Operator)\s*\("
)
"""A call or argument that starts or defines a training job."""
_TEMPLATE = pattern(rb"\{\{|\{%|<%|\$\{")
_GAP = pattern(rb"\s*\w+\s*=\s*(?:#.*)?")
"""An assignment whose value the reader has to fill in (``ACCOUNT = # your account``)."""
_OF_NOTEBOOK = pattern(rb"(?m)^(?:!\s*\w|%%?[a-z]+\b)")
"""A line of IPython: the file holds the cells of a notebook, and Python never runs it."""


def is_certain(repository: Repository, error: ReadError) -> bool:
    """Return whether an unreadable file starts a training job by its bytes, and is meant to be run as it is.

    A template, a value that the reader has to fill in, and the cells of a notebook in a Python file are not.
    """
    try:
        data = repository.data(error.path, MAX_NOTEBOOK_BYTES)
    except ReadError:
        return False
    if _TEMPLATE.search(error.path.encode(errors="surrogatepass")):
        return False
    if not error.path.endswith(DATA) and not (_STARTS.search(data) and _IMPORTS_SDK.search(data)):
        return False
    lines = data.splitlines()
    if error.path.endswith(".py") and (
        _OF_NOTEBOOK.search(data) or any(_GAP.fullmatch(line) for line in lines[error.line - 1 : error.line])
    ):
        return False
    lines = lines[max(error.line - 2, 0) : error.line + 1]
    return not any(_TEMPLATE.search(line) for line in lines)


def names_of(paths: Iterable[str]) -> Iterator[bytes]:
    """Yield the names by which a launcher names its script and its data files, with or without a folder."""
    for path in paths:
        name = path.rpartition("/")[2]
        if name != "__init__.py":  # the name of a package's own file identifies no script
            yield name.encode(errors="surrogatepass")


def names_image(repository: Repository, path: str) -> bool:
    """Return whether a launcher may name the image of a job."""
    try:
        data = repository.data(path, MAX_NOTEBOOK_BYTES)
    except ReadError:
        return False
    return any(name in data for name in _IMAGES)


def candidates(
    repository: Repository, files: Iterable[str] | None, *, of_images: bool = False
) -> Iterator[str]:
    """Yield the files that may be launchers, by their paths: all of them, or ``files`` and those that name them.

    With ``of_images``, those that name an image too: only its Dockerfile has the name of the script.
    """
    if files is None:
        yield from _candidates(repository, None, of_images)
        return
    requested = frozenset(files)
    search = ("launchers", "of images" * of_images, *sorted(requested))
    yield from searched(search, lambda: _candidates(repository, requested, of_images))


def _candidates(repository: Repository, requested: frozenset[str] | None, of_images: bool) -> Iterator[str]:
    names = _texts(names_of(path for path in requested or () if path.endswith((".py", *DATA))))
    every = len(names) > _MOST_NAMES
    if of_images:
        names += _texts(_IMAGES)
    suffixes = (".py", NOTEBOOK, *DATA)
    folders: dict[str, bool] = {}
    asked: list[str] = []
    unnamed: list[str] = []
    data_files: list[str] = []
    # an import of a package has not the name of its own file
    may_be_imported = any(path.endswith("__init__.py") for path in requested or ())
    for path in sorted(path for path in repository.files if path.endswith(suffixes)):
        folder = path.rpartition("/")[0]
        if folder not in folders:
            folders[folder] = is_left_out(f"{folder}/")
        if folders[folder]:
            continue
        if requested is not None and path not in requested and not names and not may_be_imported:
            continue
        if path.endswith(DATA) and (is_test(path) or repository.is_large(path)):
            continue
        asked.append(path)
    possible = set(repository.possible(_MAY_LAUNCH, asked))
    for path in asked:
        if path not in possible or not _may(repository, path):
            if path.endswith(DATA):
                data_files.append(path)
        elif requested is None or path in requested or every or _has_any(repository, path, names):
            yield path
        else:
            unnamed.append(path)
    if not unnamed:
        return
    # A launcher may have the names from a data file, or from a module that it imports.
    carriers = names_of(path for path in data_files if _has_any(repository, path, names))
    wanted = sorted({*names, *_texts(carriers)})
    for path in unnamed:
        if _leads_to(repository, path, wanted, requested or frozenset()):
            yield path


def _may(repository: Repository, path: str) -> bool:
    """Return whether a file may be a launcher; a failure is noted."""
    try:
        return repository.answer(_MAY_LAUNCH, path)
    except ReadError:
        return False
    except Exception as error:
        repository.failures.setdefault(path, error)
        return False


def _has_any(repository: Repository, path: str, words: list[str]) -> bool:
    try:
        return repository.answer(NAMES_ANY, path, *words)
    except ReadError:
        return False


def _texts(names: Iterable[bytes]) -> list[str]:
    return sorted({name.decode(errors="surrogatepass") for name in names})


def leads_to(repository: Repository, path: str, names: Iterable[bytes], files: Iterable[str] = ()) -> bool:
    """Return whether a launcher has one of the names in its bytes or in those of a local module that it imports.

    A launcher that imports one of the files leads to it, too.
    """
    return _leads_to(repository, path, _texts(names), frozenset(files))


def _leads_to(repository: Repository, path: str, names: list[str], files: frozenset[str]) -> bool:
    try:
        if repository.answer(NAMES_ANY, path, *names):
            return True
        statements = () if path.endswith(DATA) else repository.answer(_IMPORTED, path)
    except ReadError:
        return False
    for other in _imported(repository, path, statements):
        if other in files:
            return True
        try:
            if repository.answer(HAS_ANY, other, *names):
                return True
        except ReadError:
            continue
    return False


def _statements(path: str, data: bytes) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the import statements of a file or a notebook."""
    return imports(b"\n".join(_lines_of_imports(data)) if path.endswith(NOTEBOOK) else data)


def _lines_of_imports(data: bytes) -> Iterator[bytes]:
    """Yield the lines of a notebook's cells that import: a search for one word, as its outputs may be long."""
    position = data.find(b"import ")
    while position != -1:
        start = data.rfind(b"\n", max(position - _MOST_BEFORE, 0), position) + 1
        end = data.find(b"\n", position)
        line = data[start : end if end != -1 else None].lstrip(b' \t"')
        if line.startswith((b"from ", b"import ")):
            yield line.partition(b"\\n")[0].rstrip(b'",\r ')
        position = data.find(b"import ", end) if end != -1 else -1


_IMPORTED = FileQuestion(_statements, MAX_NOTEBOOK_BYTES, form=NAMED_GROUPS)


def _imported(
    repository: Repository, path: str, statements: tuple[tuple[str, tuple[str, ...]], ...]
) -> Iterator[str]:
    """Yield the local modules that a launcher imports, each once."""
    file = repository.resolver.file
    found: dict[str | None, None] = {}
    for module, members in statements[:_MOST_IMPORTS]:
        found[file(module, path)] = None
        found.update(dict.fromkeys(file(module, path, member) for member in members[:_MOST_IMPORTS]))
    yield from (other for other in found if other is not None and other != path)
