"""Harmful changes of training scripts: options, environment variables, paths, imports, training loop, saving."""

from __future__ import annotations

import ast
import posixpath
import re
import sys
from collections.abc import Iterator

from training_alignment.launches.passed_hyperparameters import sent

from benchmarks.seeding.changes import Changes, kind, other_name
from benchmarks.seeding.launched import Option, Place, SourceFile
from benchmarks.seeding.trees import misspelt
from flake8_training.libraries.distributions import is_known_distribution
from flake8_training.script.summary import summary

_CONTAINER = re.compile(r"/opt/ml/(model|input|output|checkpoints|code)\b")
_UNUSED_WORDS = frozenset({"print", "info", "debug", "warning", "error", "exception"})
_NUMBERS = ("int", "float")


def _passed_names(place: Place) -> set[str]:
    return {one.name for one in sent(place.launch)} if place.launch is not None else set()


def _with_keyword(place: Place, option: Option, name: str, new: str) -> Changes:
    file = place.script
    if file is not None and (found := option.keywords.get(name)) is not None:
        start, end = file.source.span(found)
        yield file, f"{file.source.text[:start]}{new}{file.source.text[end:]}"


@kind("TRN410 TRN120 TRN426 TRN158 TRN159")
def an_option_renamed_in_the_script(place: Place) -> Changes:
    """Rename an option that the launcher passes, or that the script uses by its old name."""
    passed = _passed_names(place)
    for option in place.options:
        used = "dest" not in option.keywords and option.dest in place.loaded
        if place.script is not None and (used or option.name in passed) and len(option.name) > 2:
            dashes = str(option.flag.value)[: -len(option.name)]
            yield (
                place.script,
                place.script.source.value(option.flag).to(f"{dashes}{other_name(option.name)}"),
            )


@kind("TRN113 TRN411")
def a_number_read_with_bool(place: Place) -> Changes:
    """Read a number with ``bool``."""
    for option in place.options:
        if option.type in _NUMBERS:
            yield from _with_keyword(place, option, "type", "type=bool")


@kind("TRN114 TRN411")
def an_option_that_is_a_flag(place: Place) -> Changes:
    """Make a flag of an option with a number."""
    for option in place.options:
        if option.type in _NUMBERS and option.keywords.keys() <= {
            "type",
            "default",
            "help",
            "dest",
            "required",
        }:
            yield from _with_keyword(place, option, "type", 'action="store_true"')


@kind("TRN120")
def an_attribute_of_the_options_misspelt(place: Place) -> Changes:
    """Read an attribute that no option defines."""
    file = place.script
    names = {option.dest for option in place.options}
    for node in file.source.all(ast.Attribute) if file is not None else ():
        assert isinstance(node, ast.Attribute)
        if file is None or not isinstance(node.value, ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        if node.value.id in ("args", "opt", "options", "FLAGS") and node.attr in names:
            end = file.source.span(node)[1]
            text = file.source.text
            yield file, f"{text[: end - len(node.attr)]}{misspelt(node.attr)}{text[end:]}"


class _Reads:
    """The reads of environment variables in a module, and the strings that only stand in for them."""

    def __init__(self, file: SourceFile) -> None:
        self.reads: list[tuple[ast.expr, ast.Constant, ast.expr | None]] = []
        self.ignored: set[int] = set()
        for node in ast.walk(file.source.tree):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("os.environ", "environ"):
                if isinstance(node.slice, ast.Constant):
                    self.reads.append((node, node.slice, None))
            elif isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                self.ignored.add(id(node.value))  # a docstring
            elif isinstance(node, ast.arguments):
                self._ignore([d for d in (*node.defaults, *node.kw_defaults) if d is not None])

    def _call(self, node: ast.Call) -> None:
        name = ast.unparse(node.func)
        if name in ("os.environ.get", "environ.get", "os.getenv", "getenv") and node.args:
            fallback = node.args[1] if len(node.args) > 1 else None
            if isinstance(node.args[0], ast.Constant):
                self.reads.append((node, node.args[0], fallback))
            self._ignore([] if fallback is None else [fallback])
        elif name.rpartition(".")[2] in _UNUSED_WORDS:
            self._ignore(node.args)
        self._ignore([k.value for k in node.keywords if k.arg in ("help", "description")])

    def _ignore(self, nodes: list[ast.expr]) -> None:
        self.ignored.update(id(inner) for node in nodes for inner in ast.walk(node))


def _used(place: Place, node: ast.expr) -> bool:
    """Return whether an expression's value is used: not for an option that the launcher passes, or a name unread."""
    assert place.script is not None
    for option in place.options:
        if any(inner is node for inner in ast.walk(option.call)):
            return option.dest in place.loaded and option.name not in _passed_names(place)
    idle = _idle_nodes(place.script.source.tree)
    if id(node) in idle:
        return False
    for statement in ast.walk(place.script.source.tree):
        if isinstance(statement, ast.Assign) and any(inner is node for inner in ast.walk(statement.value)):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            if len(names) < len(statement.targets):
                return True
            return any(
                isinstance(load, ast.Name) and load.id in names and id(load) not in idle
                for load in ast.walk(place.script.source.tree)
                if isinstance(getattr(load, "ctx", None), ast.Load)
            )
    return True


def _idle_nodes(tree: ast.AST) -> set[int]:
    """Return the nodes that are only shown, tested or created as a folder: ``print(path)``, ``os.makedirs(path)``."""
    return {
        id(inner)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and (
            ast.unparse(call.func).rpartition(".")[2] in _UNUSED_WORDS
            or ast.unparse(call.func) in ("os.makedirs", "os.mkdir", "os.path.exists", "os.path.isdir")
        )
        for argument in call.args
        for inner in ast.walk(argument)
    }


@kind("TRN110 TRN104 TRN112")
def a_variable_of_the_container_misspelt(place: Place) -> Changes:
    """Misspell the environment variable of anything but a channel."""
    if place.script is None:
        return
    for whole, node, _ in _Reads(place.script).reads:
        word = str(node.value)
        if word.startswith("SM_") and not word.startswith("SM_CHANNEL") and _used(place, whole):
            yield place.script, place.script.source.value(node).to(misspelt(word))


@kind("TRN408 TRN110 TRN409 TRN102")
def a_channel_renamed_in_the_script(place: Place) -> Changes:
    """Misspell the channel in its environment variable or folder."""
    file = place.script
    if file is None or place.launch is None:
        return
    reads = _Reads(file)
    for whole, node, fallback in reads.reads:
        word = str(node.value)
        same = fallback is not None and "opt/ml/input/data" in ast.unparse(fallback)
        if word.startswith("SM_CHANNEL_") and not same and word[11:].lower() in place.channels:
            if _used(place, whole):
                yield file, file.source.value(node).to(f"SM_CHANNEL_{other_name(word[11:])}")
    for constant in _strings(place, reads):
        before, _, name = str(constant.value).partition("/opt/ml/input/data/")
        if not before and name.partition("/")[0] in place.channels:
            channel, slash, rest = name.partition("/")
            path = f"/opt/ml/input/data/{other_name(channel)}{slash}{rest}"
            yield file, file.source.value(constant).to(path)


def _strings(place: Place, reads: _Reads) -> Iterator[ast.Constant]:
    """Yield the paths of the container that are used."""
    file = place.script
    for node in file.source.all(ast.Constant) if file is not None else ():
        if file is None or not isinstance(node, ast.Constant) or id(node) in reads.ignored:
            continue
        plain = isinstance(node.value, str) and file.source.source(node)[:1] in "\"'rR"
        if (
            plain
            and "\n" not in str(node.value)
            and str(node.value).startswith("/opt/ml/")
            and _used(place, node)
        ):
            yield node


@kind("TRN111 TRN112 TRN104 TRN102")
def a_path_of_the_container_misspelt(place: Place) -> Changes:
    """Misspell a folder of the container."""
    for node in _strings(place, _Reads(place.script)) if place.script is not None else ():
        found = _CONTAINER.match(str(node.value))
        if found is not None and place.script is not None:
            path = f"/opt/ml/{misspelt(found[1])}{str(node.value)[found.end() :]}"
            yield place.script, place.script.source.value(node).to(path)


@kind("TRN112 TRN104")
def the_model_saved_to_a_temporary_folder(place: Place) -> Changes:
    """Save to a folder below ``/tmp``: the script's only mention of the model folder changes."""
    file = place.script
    if file is None:
        return
    reads = _Reads(file)
    found: list[ast.expr] = [whole for whole, node, _ in reads.reads if node.value == "SM_MODEL_DIR"]
    found += [n for n in _strings(place, reads) if str(n.value).rstrip("/") == "/opt/ml/model"]
    if len(found) == 1 and _used(place, found[0]):
        yield file, file.source.replaced(found[0], '"/tmp/model"')


@kind("TRN104 TRN112")
def the_model_never_saved(place: Place) -> Changes:
    """Take out the script's only statement that saves the model."""
    file, script = place.script, place.read_script
    if file is None or script is None:
        return
    lines = set(summary(script)["saves_model"])
    found = [
        node
        for node in ast.walk(file.source.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and node.lineno in lines
    ]
    if len(found) == 1 == len(lines):
        yield file, file.source.replaced(found[0], "pass")


@kind("TRN123")
def a_loop_without_a_step_of_the_optimizer(place: Place) -> Changes:
    """Take out the only ``optimizer.step()``."""
    file = place.script
    if file is None or ".backward(" not in file.source.text:
        return
    found = [
        node
        for node in ast.walk(file.source.tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and re.fullmatch(r"[\w.]*optim\w*\.step", ast.unparse(node.value.func))
    ]
    if len(found) == 1:
        yield file, file.source.replaced(found[0], "pass")


@kind("TRN115")
def a_relative_import(place: Place) -> Changes:
    """Import a module beside the entry point relatively."""
    file = place.script
    if file is None or place.launch is None:
        return
    for node in file.source.tree.body:
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            beside = posixpath.join(place.script_folder, *node.module.split("."))
            if any(path in place.repository.files for path in (f"{beside}.py", f"{beside}/__init__.py")):
                yield file, file.source.replaced(node, ast.unparse(node).replace("from ", "from .", 1))


def _with_statement(file: SourceFile, words: str) -> str:
    """Return the module with a statement after its first block of imports."""
    last = 0
    for node in file.source.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            last = node.end_lineno or last
        elif last or not isinstance(node, ast.Expr):
            break
        else:
            last = node.end_lineno or last
    lines = file.source.text.splitlines(keepends=True)
    if last and not lines[last - 1].endswith("\n"):
        lines[last - 1] += "\n"
    return "".join([*lines[:last], f"{words}\n", *lines[last:]])


@kind("TRN407 TRN427")
def a_module_that_is_not_sent(place: Place) -> Changes:
    """Import a module of the repository from outside the folder that the job gets."""
    folder, file = place.sent_folder, place.script
    if folder is None or file is None or place.launch is None:
        return
    own_names = {
        part for p in place.repository.files if folder and p.startswith(f"{folder}/") for part in p.split("/")
    }
    for path in sorted(place.repository.files):
        stem, suffix = posixpath.splitext(posixpath.basename(path))
        inside = path.startswith(f"{folder}/") if folder else path == file.path
        if suffix != ".py" or inside or not stem.isidentifier() or stem.startswith("_") or folder == ".":
            continue
        if stem in sys.stdlib_module_names or f"{stem}.py" in own_names or stem in own_names:
            continue
        if is_known_distribution(stem):
            continue  # the image, or a requirement, may have the library of this name
        if posixpath.dirname(path) in ("", posixpath.dirname(place.launch.path)):
            yield file, _with_statement(file, f"import {stem}")


def _runs_in_known_image(place: Place) -> bool:
    launch = place.launch
    if launch is None or place.sent_folder is None or not launch.estimator.is_framework:
        return False
    version = launch.estimator.get("framework_version")
    return launch.estimator.lacks("image_uri") and version is not None and isinstance(version.text, str)


@kind("TRN427")
def a_package_that_the_image_lacks(place: Place) -> Changes:
    """Import a package that no requirements file names."""
    folder = place.sent_folder or place.script_folder
    requirements = posixpath.normpath(posixpath.join(folder, "requirements.txt"))
    installed = place.repository.data(requirements) if requirements in place.repository.files else b""
    if place.script is not None and _runs_in_known_image(place) and b"wandb" not in installed:
        yield place.script, _with_statement(place.script, "import wandb")


@kind("TRN431")
def a_file_that_the_job_lacks(place: Place) -> Changes:
    """Open a file of the repository from outside the folder that the job gets."""
    folder, file = place.sent_folder, place.script
    if folder is None or folder == "." or file is None or not _runs_in_known_image(place):
        return
    for path in sorted(place.repository.files):
        inside = path.startswith(f"{folder}/") if folder else False
        if path.endswith((".json", ".yaml", ".yml", ".txt", ".md", ".csv")) and not inside:
            yield file, _with_statement(file, f"open({path!r}).close()")


@kind("TRN428")
def a_required_variable_that_the_job_lacks(place: Place) -> Changes:
    """Require an environment variable that the launcher does not set."""
    if place.script is not None and place.launch is not None and _runs_in_known_image(place):
        yield place.script, _with_statement(place.script, 'import os\nOWNER = os.environ["RUN_OWNER"]')


@kind("TRN432")
def a_line_that_is_no_requirement(place: Place) -> Changes:
    """Add a line that pip cannot parse."""
    folder = place.sent_folder
    path = posixpath.normpath(posixpath.join(folder or "", "requirements.txt"))
    if folder and path in place.repository.files:
        text = place.repository.data(path).decode("utf-8", "replace")
        whole = SourceFile(path, text, "")
        yield whole, f"{text.rstrip()}\nnumpy=>1.0\n"
