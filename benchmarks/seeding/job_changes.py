"""Harmful changes of what a job needs around its script: versions, checkpoints, child processes, images, pipelines."""

from __future__ import annotations

import ast
import posixpath
import re
import textwrap
from collections.abc import Iterator

from benchmarks.seeding.changes import Changes, kind, other_name
from benchmarks.seeding.launched import Place, SourceFile
from benchmarks.seeding.launcher_changes import estimators
from flake8_training.engine.syntax.scopes import is_main_guard

_SAVING = {"torch.save": 1, "joblib.dump": 1}
"""The position of the path in calls that take local paths only."""
_GONE = {
    "SKLearn": ("from sklearn.externals import joblib", "0.23"),
    "TensorFlow": ("from tensorflow.contrib import layers", "2.4"),
}
"""An import that an image lacks from a version on."""
_DISTRIBUTED = re.compile(r"horovod|smdistributed|MultiWorkerMirroredStrategy")


@kind("TRN126")
def a_model_saved_to_an_address(place: Place) -> Changes:
    """Save the model to S3 with a function of local files."""
    file = place.script
    for node in file.source.all(ast.Call) if file is not None else ():
        assert isinstance(node, ast.Call)
        path = _SAVING.get(ast.unparse(node.func))
        if file is not None and path is not None and len(node.args) > path:
            yield file, file.source.replaced(node.args[path], '"s3://bucket/models/model.bin"')


@kind("TRN127")
def an_import_that_the_version_lacks(place: Place) -> Changes:
    """Import a module that the library of the image no longer has."""
    file, launch = place.script, place.launch
    if file is None or launch is None or launch.alternatives:
        return
    gone, first = _GONE.get(launch.estimator.name, ("", ""))
    argument = launch.estimator.get("framework_version")
    version = (argument.text if argument is not None else None) or ""
    numbers = [tuple(map(int, re.findall(r"\d+", one)[:2])) for one in (version, first)]
    if gone and version and numbers[0] >= numbers[1] and launch.estimator.lacks("image_uri"):
        start = _after_future(file.source.tree)
        lines = file.source.text.split("\n")
        yield file, "\n".join([*lines[:start], gone, *lines[start:]])


@kind("TRN127")
def a_keyword_of_another_version(place: Place) -> Changes:
    """Pass the evaluation strategy of transformers by its other name."""
    file = place.script
    for node in file.source.all(ast.keyword) if file is not None else ():
        assert isinstance(node, ast.keyword)
        other = {"eval_strategy": "evaluation_strategy", "evaluation_strategy": "eval_strategy"}.get(
            node.arg or ""
        )
        if file is not None and other is not None:
            yield file, file.source.replaced(node, f"{other}={file.source.source(node.value)}")


@kind("TRN128")
def a_failure_swallowed(place: Place) -> Changes:
    """Catch every failure of the script and end as completed."""
    file = place.script
    guard = (
        next((one for one in file.source.tree.body if is_main_guard(one)), None) if file is not None else None
    )
    if file is None or not isinstance(guard, ast.If) or guard.orelse:
        return
    lines = file.source.text.split("\n")
    first, last = guard.body[0].lineno - 1, guard.body[-1].end_lineno
    body = textwrap.indent("\n".join(lines[first:last]), "    ")
    margin = " " * guard.body[0].col_offset
    handler = f"{margin}except Exception as error:\n{margin}    print(error)"
    yield file, "\n".join([*lines[:first], f"{margin}try:", body, handler, *lines[last:]])


@kind("TRN313")
def a_step_depends_on_none_of_the_pipeline(place: Place) -> Changes:
    """Let a step wait for one that the pipeline does not have."""
    for file, call in _calls(place, "TrainingStep", "ProcessingStep", "TransformStep"):
        value = file.source.value(call)
        if any(_calls(place, "Pipeline")) and value.get("depends_on") is None and value.entries:
            yield file, value.with_entry("depends_on", ["NoSuchStep"])


@kind("TRN314")
def a_parameter_not_declared(place: Place) -> Changes:
    """Leave a parameter out of the pipeline's list."""
    for file, call in _calls(place, "Pipeline"):
        for keyword in call.keywords:
            if keyword.arg != "parameters" or not isinstance(keyword.value, ast.List):
                continue
            listed = file.source.value(keyword.value)
            for node, entry in zip(keyword.value.elts, listed.entries, strict=False):
                if isinstance(node, ast.Name) and _loads(file, node.id) > 1:
                    yield file, listed.without(entry)


@kind("TRN429")
def a_checkpoint_folder_that_the_script_does_not_use(place: Place) -> Changes:
    """Keep a folder of checkpoints that the script does not know."""
    for launch, file, call in estimators(place):
        if launch.script is None or launch.estimator.is_trainer or call.get("checkpoint_s3_uri") is not None:
            continue
        if call.get("checkpoint_local_path") is None and call.entries and call.entries[0].name:
            first = call.entries[0].start
            words = 'checkpoint_s3_uri="s3://bucket/c", checkpoint_local_path="/opt/ml/states", '
            yield file, f"{call.text[:first]}{words}{call.text[first:]}"


@kind("TRN430")
def an_option_of_a_child_process_misspelt(place: Place) -> Changes:
    """Pass an option that the started program does not have."""
    file = place.script
    for node in file.source.all(ast.List) if file is not None else ():
        assert isinstance(node, ast.List)
        words = [one for one in node.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        program = next((n for n, one in enumerate(words) if str(one.value).endswith(".py")), None)
        for word in words[program + 1 :] if program is not None else ():
            if file is not None and re.fullmatch(r"--\w[\w-]+", str(word.value)):
                yield file, file.source.value(word).to(f"--{other_name(str(word.value)[2:])}")


@kind("TRN433")
def the_arguments_of_a_shell_script_dropped(place: Place) -> Changes:
    """Start the program of a shell entry point without the hyperparameters."""
    path = place.launch.script_path if place.launch is not None else None
    if path is None or not path.endswith(".sh") or path not in place.repository.files:
        return
    text = place.repository.data(path).decode("utf-8", "replace")
    without = re.sub(r"""\s*"?\$(?:@|\*|\{@\})"?""", "", text)
    if without != text:
        yield SourceFile(path, text, ""), without


@kind("TRN438")
def a_distribution_dropped(place: Place) -> Changes:
    """Start one process on each instance for a script that is written for more."""
    if place.script is None or not _DISTRIBUTED.search(place.script.content):
        return
    for _, file, call in estimators(place):
        entry = call.entry("distribution")
        if entry is not None:
            yield file, call.without(entry)


@kind("TRN439")
def a_program_that_cannot_start(place: Place) -> Changes:
    """End the shebang line of the program ``train`` with CRLF."""
    if not any(posixpath.basename(path) == "Dockerfile" for path in place.repository.files):
        return
    for path in sorted(place.repository.files):
        if posixpath.basename(path) == "train":
            text = place.repository.data(path).decode("utf-8", "replace")
            if text.startswith("#!") and "\r" not in text:
                yield SourceFile(path, text, ""), text.replace("\n", "\r\n", 1)


def _after_future(tree: ast.Module) -> int:
    """Return the number of lines up to the first import, behind those of ``__future__``."""
    imports = [one for one in tree.body if isinstance(one, ast.Import | ast.ImportFrom)]
    usual = [one for one in imports if getattr(one, "module", "") != "__future__"]
    return usual[0].lineno - 1 if usual else 0


def _calls(place: Place, *names: str) -> Iterator[tuple[SourceFile, ast.Call]]:
    """Yield the launcher's calls of classes with these names."""
    file = place.launcher
    for node in file.source.all(ast.Call) if file is not None else ():
        if (
            file is not None
            and isinstance(node, ast.Call)
            and ast.unparse(node.func).rpartition(".")[2] in names
        ):
            yield file, node


def _loads(file: SourceFile, name: str) -> int:
    """Return how often a file reads a name."""
    return sum(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        for node in ast.walk(file.source.tree)
    )
