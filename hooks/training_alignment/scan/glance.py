"""A fast search in a file's bytes: may it be an artefact, and what does it name?

The search only saves parsing: a file that may be an artefact is parsed before its contents count. Every file of a
repository is searched, so the search is for words, not patterns. A pattern is applied only to the line of a word.
"""

from __future__ import annotations

from flake8_training.pattern import pattern
from training_alignment.artefacts.file_names import is_step_file
from training_alignment.repository.answer_forms import END_OF_WORD, NAMED_GROUPS, WORDS, Form
from training_alignment.repository.file_questions import FileQuestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# The search is fastest for words that end in a rare letter.
_CONTRACT_CALLS = (b"Contract(",)
_SPECIFICATION_CALLS = (b"Specification(", b"StepSpec(")
_CONTRACT_NAMES = (b"CONTRACT", b"contract =", b"contract:")
_SPECIFICATION_NAMES = (b"SPEC", b"spec =", b"spec:", b"specification =")
_FLOW_NAMES = (
    b"_flow",
    b"_FLOW",
    b"DEPENDENCIES",
    b"dependencies =",
    b"dependencies:",
    b"required_config",
    b"required_methods",
)
_BUILDING = (b"def create_step(", b"def _create_")
_REGISTERED = (
    b'"sagemaker_step_type":',
    b"'sagemaker_step_type':",
    b'"builder_step_name":',
    b"'builder_step_name':",
)

_ASSIGNED_CALL = pattern(rb"(?:\w++[ \t]*+(?::[^=]++)?=|[ \t]++return\b)[ \t(]*+(?:\w++\.)*+\w*$")
_CONSTANT = pattern(rb"(\w++)[ \t]*+(?::[^=\n]++)?=(?!=)")
_CONSTANTS = (
    b"contract",
    b"spec",
    b"specification",
    b"dependencies",
    b"flow",
    b"required_config",
    b"required_methods",
)
"""Names of tables that belong to a step, or the parts after the last ``_`` of longer names."""
_MOST_BEFORE = 500
"""Bytes of a line that the search reads before a call or function: the assigned name is near it."""
_ENTRY_POINT = pattern(rb"entry_point[\"']?\s*[:=]\s*[\"']?([\w./-]+\.\w+)")
_REGISTRY = pattern(rb"(?m)^\w+[ \t]*(?::[^=\n]+)?=[ \t]*\{")
_IMPORT = pattern(
    rb"(?m)^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\((?:[^()#]|#[^\n]*+)*+\)|[^\s#][^\n#]*)"
    rb"|import[ \t]+(\w[\w., \t]*))",
)

_CLASS = pattern(rb"(?m)^class (\w+)")
_IN_NAMES = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")
"""The characters of the names of files that `_file_names` finds; a file of another name may be named anywhere."""
_APART = bytes(code if chr(code) in _IN_NAMES else 32 for code in range(256))
_NO_NAMES = pattern(r"#[^\n]*|[()\\]")

_DATA_WORDS = (
    b"/opt/ml/",
    b"TrainingInput",
    b"model_artifacts",
    b"estimator_config",
    b"expected_input_paths",
    b"upstream_steps",
    b"input_artifacts",
    b"required_permissions",
    b"downstream_consumers",
    b"model_destination",
    b"model_artifact_flow",
    b"required_config",
    b"compatible_sources",
    b"sagemaker_step_type",
    b"builder_step_name",
)
"""Every artefact in YAML or JSON has at least one of these words; few other files have any."""

_DATA_KEYS = pattern(
    rb"(?mi)^[ \t]*[\"']?(?:(?:\w+_)?contract|(?:\w+_)?specification|\w+_spec|estimator_config"
    rb"|expected_(?:in|out)put_paths|training_pipeline_flow|model_artifact_flow|required_config"
    rb"|upstream_steps)[\"']?[ \t]*:",
)
"""A key that only an artefact has: if the rest of the file cannot be read, that is an error."""

DATA_SUFFIXES = (".yaml", ".yml", ".json")


class Glance:
    """The result of the search: the parts of a step that a file may hold, and the entry points that it names.

    ``certain`` says whether the file is an artefact even if it cannot be read.
    """

    __slots__ = (
        "builder",
        "certain",
        "contract",
        "entry_points",
        "flow",
        "path",
        "registry",
        "specification",
        "step_file",
    )

    def __init__(
        self,
        path: str,
        contract: bool = False,
        specification: bool = False,
        flow: bool = False,
        builder: bool = False,
        registry: bool = False,
        step_file: bool = False,
        entry_points: tuple[str, ...] = (),
        certain: bool = True,
    ) -> None:
        self.path = path
        self.contract = contract
        self.specification = specification
        self.flow = flow
        self.builder = builder
        self.registry = registry
        self.step_file = step_file
        self.entry_points = entry_points
        self.certain = certain

    def __repr__(self) -> str:
        return f"Glance{tuple(getattr(self, field) for field in self.__slots__)}"

    @property
    def artefact(self) -> bool:
        """Return whether the file may hold a part of a step other than the script and the configuration class."""
        return (
            self.contract
            or self.specification
            or self.flow
            or self.builder
            or self.registry
            or self.step_file
        )


def glance(path: str, data: bytes) -> Glance:
    """Search one Python, YAML or JSON file."""
    return _python(path, data) if path.endswith(".py") else _data(path, data)


def _glance(path: str, data: bytes) -> Glance | None:
    seen = glance(path, data)
    return seen if seen.artefact else None


def _text_of(seen: Glance | None) -> str:
    """Return a result as a string: a digit for each part, and for its certainty, before the entry points."""
    if seen is None:
        return ""
    digits = "".join("01"[getattr(seen, part)] for part in _PARTS)
    return digits + WORDS.write(seen.entry_points)


def _seen_in(path: str, text: str) -> Glance | None:
    """Return the result that `_text_of` has written."""
    if not text:
        return None
    parts = {part: digit == "1" for part, digit in zip(_PARTS, text, strict=False)}
    return Glance(path, entry_points=WORDS.read(path, text[len(_PARTS) :]), **parts)


_PARTS = ("contract", "specification", "flow", "builder", "registry", "step_file", "certain")
GLANCE = FileQuestion(_glance, form=Form(_text_of, _seen_in))


def _python(path: str, data: bytes) -> Glance:
    contract = any(_is_assigned_call(data, hit) for hit in _hits(data, _CONTRACT_CALLS)) or any(
        _is_constant(data, hit) for hit in _lines_with(data, _CONTRACT_NAMES)
    )
    specification = any(_is_assigned_call(data, hit) for hit in _hits(data, _SPECIFICATION_CALLS)) or any(
        _is_constant(data, hit) for hit in _lines_with(data, _SPECIFICATION_NAMES)
    )
    flow = any(_is_constant(data, hit) for hit in _lines_with(data, _FLOW_NAMES))
    builder = any(
        before is not None and before.strip(b" \t") in (b"", b"async")
        for before in (_before(data, hit) for hit in _hits(data, _BUILDING))
    )
    registry = any(word in data for word in _REGISTERED) and _REGISTRY.search(data) is not None
    if not (contract or specification or flow or builder or registry):
        return Glance(path)
    return Glance(path, contract, specification, flow, builder, registry, entry_points=_entry_points(data))


def _data(path: str, data: bytes) -> Glance:
    step_file = is_step_file(path)
    if not step_file and not any(word in data for word in _DATA_WORDS):
        return Glance(path)
    # Only parsing shows which part it is.
    certain = step_file or bool(_DATA_KEYS.search(data))
    return Glance(path, contract=True, step_file=step_file, entry_points=_entry_points(data), certain=certain)


def _hits(data: bytes, words: tuple[bytes, ...]) -> Iterator[int]:
    """Yield the positions of the words."""
    for word in words:
        position = data.find(word)
        while position != -1:
            yield position
            position = data.find(word, position + len(word))


def _lines_with(data: bytes, words: tuple[bytes, ...]) -> Iterator[int]:
    """Yield the starts of the lines with one of the words, each line once for each word."""
    for word in words:
        position = data.find(word)
        while position != -1:
            yield data.rfind(b"\n", 0, position) + 1
            end = data.find(b"\n", position)
            position = data.find(word, end) if end != -1 else -1


def _before(data: bytes, position: int) -> bytes | None:
    """Return the part of a line before ``position``; None if it is too long."""
    first = max(position - _MOST_BEFORE, 0)
    start = data.rfind(b"\n", first, position) + 1
    return data[start or first : position] if start or not first else None


def _is_assigned_call(data: bytes, position: int) -> bool:
    """Return whether the call at ``position`` is assigned to a top-level name, or returned."""
    before = _before(data, position)
    return before is not None and _ASSIGNED_CALL.match(before) is not None


def _is_constant(data: bytes, start: int) -> bool:
    """Return whether the line at ``start`` assigns to the top-level name of an artefact."""
    found = _CONSTANT.match(data, start)
    if found is None:
        return False
    name = found[1].lower()
    return any(name == one or name.endswith(b"_" + one) for one in _CONSTANTS) and name != b"flow"


def imports(data: bytes) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the import statements of any scope: modules as written, and the names imported from them."""
    found: list[tuple[str, tuple[str, ...]]] = []
    if b"import" not in data:
        return ()
    for match in _IMPORT.finditer(data):
        if match[3] is not None:
            modules = (part.split() for part in match[3].decode("ascii", "replace").split(","))
            found.extend((words[0], ()) for words in modules if words)
            continue
        imported = _NO_NAMES.sub(" ", match[2].decode("utf-8", "replace"))
        names = tuple(part.split()[0] for part in imported.split(",") if part.split())
        found.append((match[1].decode("ascii", "replace"), names))
    return tuple(found)


def _imports(_: str, data: bytes) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return imports(data)


def _classes(_: str, data: bytes) -> tuple[str, ...]:
    """Return the names of the top-level classes."""
    return tuple(name.decode(errors="replace") for name in _CLASS.findall(data)) if b"class " in data else ()


def _has_any(_: str, data: bytes, *words: str) -> bool:
    """Return whether the file has one of the words."""
    return any(word.encode(errors="surrogatepass") in data for word in words)


def _imports_any(_: str, statements: tuple[tuple[str, tuple[str, ...]], ...], *words: str) -> bool:
    """Return whether the file may import from a module that one of the words is the last name of.

    A statement whose module is dots alone imports from a package that it does not name.
    """
    return any(
        word in module or word in names or not module.strip(".")
        for module, names in statements
        for word in words
    )


def _may_import_any(path: str, data: bytes, *words: str) -> bool:
    """Return whether the bytes have one of the words, or may import from a package that they do not name."""
    return _has_any(path, data, *words) or (b"from" in data and (b" ." in data or b"\t." in data))


def _file_names(_: str, data: bytes) -> tuple[str, ...]:
    """Return what may be a name of a file in a file that has an entry point."""
    if b"entry_point" not in data:
        return ()
    words = dict.fromkeys(data.translate(_APART).split())
    return tuple(word.decode("ascii") for word in words if b"." in word)


def _names_entry(_: str, names: tuple[str, ...], *words: str) -> bool:
    """Return whether the file may name a file of one of the names as an entry point."""
    return any(word in name for word in words for name in names) or bool(names and not _are_plain(words))


def _may_name_entry(path: str, data: bytes, *words: str) -> bool:
    """Return whether the bytes have one of the names, or whether one of them may be named in another way."""
    return not _are_plain(words) or _has_any(path, data, *words)


def _are_plain(names: tuple[str, ...]) -> bool:
    """Return whether `_file_names` finds each of the names as it is."""
    return all(map(_IN_NAMES.issuperset, names))


DOTS_ALONE = "." + END_OF_WORD
"""What the kept answer to `IMPORTS` has for a module that is dots alone."""
IMPORTS = FileQuestion(_imports, form=NAMED_GROUPS)
CLASSES = FileQuestion(_classes, form=WORDS)
HAS_ANY = FileQuestion(_has_any)
IMPORTS_ANY = FileQuestion(
    _imports_any, of=IMPORTS, only_if=_may_import_any, needles=lambda *words: (*words, DOTS_ALONE)
)
NAMES_ENTRY = FileQuestion(
    _names_entry,
    of=FileQuestion(_file_names, form=WORDS),
    only_if=_may_name_entry,
    needles=lambda *words: words if _are_plain(words) else (),
)


def _entry_points(data: bytes) -> tuple[str, ...]:
    if b"entry_point" not in data:
        return ()
    return tuple(dict.fromkeys(m[1].decode("ascii", "replace") for m in _ENTRY_POINT.finditer(data)))


_TEST_FOLDERS = frozenset({"test", "tests", "testing", "unittests"})
_ASIDE = frozenset(
    "archive archives archived backup backups bak deprecated obsolete attic trash old build dist".split()
)
_IMAGE = frozenset({"docker", "dockers"})
_SITE = pattern(r"(?i)^(?:.*[_.-])?site-packages(?:[_.-].*)?$")


def is_test(path: str) -> bool:
    """Return whether a file belongs to the tests, which hold invented values."""
    folder, _, name = path.rpartition("/")
    if name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py":
        return True
    return any(part.lower() in _TEST_FOLDERS for part in folder.split("/"))


def is_set_aside(folders: str) -> bool:
    """Return whether a path of folders contains an archive, a backup or a built copy, which is not in use."""
    if _has_word(folders, _ASIDE):
        return True
    return "packages" in folders.lower() and any(map(_SITE.match, folders.split("/")))


def is_image(folders: str) -> bool:
    """Return whether a path of folders belongs to a container image, which often holds copies of scripts."""
    return _has_word(folders, _IMAGE)


def _has_word(folders: str, words: frozenset[str]) -> bool:
    """Return whether a folder's name contains one of the words, between the separators ``_``, ``.`` and ``-``."""
    parts = folders.casefold().replace(".", "/").replace("-", "/").replace("_", "/").split("/")
    return not words.isdisjoint(parts)
