"""Harmful changes of launchers: estimators, hyperparameters, channels, tuners, steps and processing jobs."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator

from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import PassedHyperparameter, sent

from benchmarks.seeding.changes import Changes, kind, other_name
from benchmarks.seeding.launched import Place, SourceFile
from benchmarks.seeding.trees import Value, misspelt
from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.sdk_objects import Estimator, Tuner
from flake8_training.sagemaker.images import address

FRAMEWORKS = frozenset("PyTorch TensorFlow HuggingFace SKLearn XGBoost MXNet Chainer".split())
_REQUIRED = {
    "role",
    "instance_type",
    "instance_count",
    "entry_point",
    "framework_version",
    "image_uri",
    "py_version",
}


def estimators(place: Place) -> Iterator[tuple[Launch, SourceFile, Value]]:
    """Yield the estimator of a launch as a value, if its call is in the launcher and has no ``**settings``."""
    if place.launch is None or place.launcher is None:
        return
    estimator = place.launch.estimator
    call = place.launcher.own(estimator.node)
    if (
        isinstance(estimator, RequestedEstimator)
        or estimator.local is not None
        or not isinstance(call, ast.Call)
    ):
        return
    if not any(keyword.arg is None for keyword in call.keywords):
        yield place.launch, place.launcher, place.launcher.source.value(call)


def _is_v2(estimator: Estimator) -> bool:
    return not estimator.is_trainer and estimator.name in FRAMEWORKS | {"Estimator"}


@kind("TRN402 TRN210 TRN212 TRN416 TRN406 TRN405")
def a_required_argument_of_the_estimator_dropped(place: Place) -> Changes:
    """Drop one of the arguments that the SDK's constructor requires."""
    for launch, file, call in estimators(place):
        estimator = launch.estimator
        if not _is_v2(estimator) or estimator.overridden or estimator.get("training_recipe"):
            continue
        for entry in call.entries:
            own_image = entry.name in ("framework_version", "py_version") and estimator.get("image_uri")
            if entry.name == "image_uri" and estimator.name != "Estimator":
                continue
            if entry.name == "entry_point" and estimator.name == "Estimator":
                continue
            if entry.name == "py_version" and estimator.name in ("SKLearn", "XGBoost"):
                continue  # has a default
            if entry.name in _REQUIRED and not own_image:
                yield file, call.without(entry)


@kind("TRN403 TRN402 TRN210 TRN416")
def an_argument_of_the_estimator_misspelt(place: Place) -> Changes:
    """Misspell the name of an argument."""
    for launch, file, call in estimators(place):
        if launch.estimator.signature is not None:
            for entry in call.entries:
                if entry.name:
                    yield file, entry.renamed(misspelt(entry.name))


@kind("TRN416 TRN404")
def the_role_emptied(place: Place) -> Changes:
    """Pass an empty role."""
    for _, file, call in estimators(place):
        role = call.get("role")
        if role is not None:
            yield file, role.replaced('""')


@kind("TRN405")
def a_framework_version_that_does_not_exist(place: Place) -> Changes:
    """Pass a version below every one that SageMaker has had: a higher one may be newer than the tables."""
    for launch, file, call in estimators(place):
        version = call.get("framework_version")
        word = file.literal(version.node) if version is not None else None
        if word is not None and launch.estimator.get("image_uri") is None:
            yield file, file.source.value(word).to("0.0.1")


@kind("TRN211 TRN404")
def an_instance_type_misspelt(place: Place) -> Changes:
    """Misspell the instance type of the training."""
    if place.launch is None or place.launcher is None:
        return
    estimator = place.launch.estimator
    compute = estimator.part("compute") if estimator.is_trainer else None
    found = (compute or estimator).get("instance_type")
    word = place.launcher.literal(place.launcher.own(found.node)) if found is not None else None
    if word is not None and str(word.value).startswith("ml."):
        yield place.launcher, place.launcher.source.value(word).to(misspelt(str(word.value)))


@kind("TRN415 TRN437")
def a_wait_below_the_run_time(place: Place) -> Changes:
    """Wait for a spot instance for less time than the training may take."""
    for launch, file, call in estimators(place):
        if not _is_v2(launch.estimator):
            continue
        wait, run = call.get("max_wait"), call.get("max_run")
        if (
            wait is not None
            and run is not None
            and isinstance(run.scalar, int)
            and call.get("use_spot_instances")
        ):
            yield file, wait.to(run.scalar - 1)
        elif wait is None and run is None and call.get("use_spot_instances") is None and call.entries:
            first = call.entries[0].start
            words = "use_spot_instances=True, max_wait=600, max_run=3600, "
            if call.entries[0].name:
                yield file, f"{call.text[:first]}{words}{call.text[first:]}"


@kind("TRN406")
def the_entry_point_misspelt(place: Place) -> Changes:
    """Start a script that does not exist."""
    launch, file = place.launch, place.launcher
    if launch is None or file is None or launch.script_path is None or not launch.started.certain:
        return
    entry = launch.estimator.entry_point
    word = file.literal(file.own(entry.node)) if entry is not None else None
    if word is not None and str(word.value).endswith(".py") and launch.script_path not in launch.file.written:
        folder, _, name = str(word.value).rpartition("/")
        renamed = f"{misspelt(name.removesuffix('.py'))}.py"
        yield file, file.source.value(word).to(f"{folder}/{renamed}" if folder else renamed)


def _passed(place: Place) -> Iterator[tuple[SourceFile, PassedHyperparameter, ast.AST]]:
    """Yield the hyperparameters that the launcher's own source passes, each with its name's node."""
    if place.launch is None or place.launcher is None or place.launch.started.by_command:
        return
    for one in sent(place.launch):
        node = place.launcher.own(one.argument.at)
        if node is not None and (isinstance(node, ast.keyword) or getattr(node, "value", None) == one.name):
            yield place.launcher, one, node


def _renamed(file: SourceFile, node: ast.AST, name: str) -> str:
    if isinstance(node, ast.keyword):
        start, _ = file.source.span(node)
        return f"{file.source.text[:start]}{name}{file.source.text[start + len(node.arg or '') :]}"
    return file.source.value(node).to(name)


@kind("TRN410 TRN426 TRN158 TRN159")
def a_hyperparameter_misspelt(place: Place) -> Changes:
    """Misspell a hyperparameter that the script has an option for."""
    names = {option.name for option in place.options}
    for file, one, node in _passed(place):
        name = other_name(one.name)
        if (
            one.name in names
            and name not in names
            and (name.isidentifier() or isinstance(node, ast.Constant))
        ):
            yield file, _renamed(file, node, name)


@kind("TRN426 TRN120")
def a_required_hyperparameter_dropped(place: Place) -> Changes:
    """Drop a hyperparameter that the script requires."""
    required = {
        option.name
        for option in place.options
        if (found := option.keywords.get("required")) is not None
        and isinstance(found.value, ast.Constant)
        and found.value.value is True
    }
    for file, one, node in _passed(place):
        if one.name not in required:
            continue
        for holder in file.source.all(ast.Dict, ast.Call):
            value = file.source.value(holder)
            entry = value.entry(one.name)
            if entry is not None and entry.start == file.source.span(node)[0]:
                yield file, value.without(entry)


@kind("TRN411")
def a_value_that_the_type_cannot_hold(place: Place) -> Changes:
    """Pass a word where the script wants a number."""
    numbers = {option.name for option in place.options if option.type in ("int", "float")}
    yield from _with_value(place, numbers, "many")


@kind("TRN411")
def a_value_outside_the_choices(place: Place) -> Changes:
    """Pass a value that the script's option does not have."""
    chosen = {
        option.name
        for option in place.options
        if (found := option.keywords.get("choices")) is not None
        and isinstance(found.value, ast.List | ast.Tuple)
    }
    yield from _with_value(place, chosen, "neither")


def _with_value(place: Place, names: set[str], word: str) -> Changes:
    passed = list(_passed(place))
    tuned = {one.name for _, one, _ in passed if one.tuned}  # the tuner's value replaces the launcher's
    for file, one, _ in passed:
        value = file.own(one.argument.node)
        if one.name in names - tuned and isinstance(value, ast.Constant):
            yield file, file.source.value(value).to(word)


@kind("TRN408 TRN409 TRN425")
def a_channel_renamed_in_the_launcher(place: Place) -> Changes:
    """Misspell a channel that the script reads."""
    if place.launch is None or place.launcher is None or place.script is None:
        return
    text = place.script.source.text
    for job in place.launch.jobs:
        for channel in job.channels.entries:
            node = place.launcher.own(channel.at)
            read = f"SM_CHANNEL_{channel.name.upper()}", f"/opt/ml/input/data/{channel.name}"
            if not any(re.search(rf"{re.escape(word)}\b", text) for word in read):
                continue
            if isinstance(node, ast.Constant) and node.value == channel.name:
                yield place.launcher, place.launcher.source.value(node).to(misspelt(channel.name))


def _definers(place: Place) -> Iterator[tuple[SourceFile, Estimator | Tuner]]:
    if place.launch is not None and place.launcher is not None:
        yield place.launcher, place.launch.estimator
        for tuner in place.launch.tuners:
            yield place.launcher, tuner


def _patterns(place: Place) -> Iterator[tuple[SourceFile, ast.Constant]]:
    for file, definer in _definers(place):
        for entry in definer.metric_definitions.entries:
            node = file.own(entry.regex.node) if entry.regex is not None else None
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and place.script is not None:
                yield file, node


@kind("TRN413")
def a_metric_that_the_script_never_prints(place: Place) -> Changes:
    """Search for words that the script does not print."""
    for file, node in _patterns(place):
        yield file, file.source.value(node).to("words_never_printed=([0-9.]+)")


@kind("TRN413")
def a_metric_that_captures_nothing(place: Place) -> Changes:
    """Search without a group."""
    for file, node in _patterns(place):
        yield file, file.source.value(node).to("loss: [0-9.]+")


@kind("TRN421")
def an_objective_misspelt(place: Place) -> Changes:
    """Optimise a metric without a definition."""
    for file, definer in _definers(place):
        objective = definer.get("objective_metric_name") if isinstance(definer, Tuner) else None
        word = file.literal(file.own(objective.node)) if objective is not None else None
        if word is not None and definer.metric_definitions.entries:
            names = {e.name.text for e in definer.metric_definitions.entries if e.name is not None}
            if word.value in names:
                value = objective.node if objective is not None else word
                yield file, file.source.value(file.own(value)).to(misspelt(str(word.value)))


@kind("TRN436")
def a_range_inverted(place: Place) -> Changes:
    """Exchange the limits of a range."""
    for file, definer in _definers(place):
        for one in definer.ranges if isinstance(definer, Tuner) else ():
            call = file.own(one.node)
            if isinstance(call, ast.Call) and len(call.args) >= 2:
                low, high = call.args[:2]
                if (
                    isinstance(low, ast.Constant)
                    and isinstance(high, ast.Constant)
                    and low.value != high.value
                ):
                    start, end = file.source.span(low)[0], file.source.span(high)[1]
                    words = f"{file.source.source(high)}, {file.source.source(low)}"
                    yield file, f"{file.source.text[:start]}{words}{file.source.text[end:]}"


@kind("TRN435")
def the_account_of_an_image_misspelt(place: Place) -> Changes:
    """Change a digit of the account in the address of one of AWS's images."""
    file = place.launcher
    for node in file.source.all(ast.Constant) if file is not None and place.launch is not None else ():
        assert isinstance(node, ast.Constant)
        where = address(node.value) if isinstance(node.value, str) else None
        if file is not None and where is not None and where.account and where.is_of_aws and where.is_of_table:
            other = f"{where.account[:-1]}{(int(where.account[-1]) + 1) % 10}"
            yield file, file.source.value(node).to(str(node.value).replace(where.account, other, 1))


@kind("TRN440")
def an_import_of_another_generation(place: Place) -> Changes:
    """Import a module of SDK v3 in a launcher of v2."""
    for launch, file, call in estimators(place):
        if not _is_v2(launch.estimator) or not any(entry.name == "instance_type" for entry in call.entries):
            continue
        for node in file.source.tree.body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sagemaker."):
                start = file.source.span(node)[0]
                text = file.source.text
                yield file, f"{text[:start]}import sagemaker.train.configs\n{text[start:]}"
                break


@kind("TRN434 TRN403")
def an_argument_of_a_step_misspelt(place: Place) -> Changes:
    """Misspell an argument of a pipeline's step."""
    if place.launch is None or place.launcher is None:
        return
    for step in place.launch.estimator.launcher.steps:
        call = place.launcher.own(step.node)
        if isinstance(call, ast.Call) and step.local is None and step.signature is not None:
            for entry in place.launcher.source.value(call).entries:
                if entry.name:
                    yield place.launcher, entry.renamed(misspelt(entry.name))


@kind("TRN306")
def a_property_misspelt(place: Place) -> Changes:
    """Misspell the first property of a step that the pipeline refers to."""
    for file, node in _attributes(place):
        if isinstance(node.value, ast.Attribute) and node.value.attr == "properties":
            end = file.source.span(node)[1]
            yield (
                file,
                f"{file.source.text[: end - len(node.attr)]}{misspelt(node.attr)}{file.source.text[end:]}",
            )


@kind("TRN307 TRN306")
def an_output_of_a_step_misspelt(place: Place) -> Changes:
    """Misspell the output of a step that the pipeline refers to."""
    for file, node in _attributes(place):
        if node.attr != "Outputs" or ".properties." not in file.source.source(node):
            continue
        for holder in file.source.all(ast.Subscript):
            if (
                isinstance(holder, ast.Subscript)
                and holder.value is node
                and isinstance(holder.slice, ast.Constant)
            ):
                yield file, file.source.value(holder.slice).to(misspelt(str(holder.slice.value)))


def _attributes(place: Place) -> Iterator[tuple[SourceFile, ast.Attribute]]:
    if place.launch is not None and place.launcher is not None:
        for node in place.launcher.source.all(ast.Attribute):
            if isinstance(node, ast.Attribute):
                yield place.launcher, node


def _processed(place: Place) -> Iterator[tuple[SourceFile, ast.Call, ast.Constant, str]]:
    """Yield the calls with the code of a processing job: the call, the path's node, the script in the repository."""
    if place.launch is None or place.launcher is None:
        return
    for call in place.launcher.source.all(ast.Call):
        for keyword in call.keywords if isinstance(call, ast.Call) else ():
            word = place.launcher.literal(keyword.value) if keyword.arg == "code" else None
            if word is None or not str(word.value).endswith(".py") or not isinstance(call, ast.Call):
                continue
            name = posixpath.basename(str(word.value))
            found = [p for p in place.repository.files if posixpath.basename(p) == name]
            if len(found) == 1:
                yield place.launcher, call, word, found[0]


@kind("TRN451")
def the_code_of_a_processing_job_misspelt(place: Place) -> Changes:
    """Run code that does not exist."""
    for file, _, word, _ in _processed(place):
        if not str(word.value).startswith("s3:"):
            yield file, file.source.value(word).to(f"{misspelt(str(word.value).removesuffix('.py'))}.py")


@kind("TRN452")
def an_argument_of_a_processing_job_misspelt(place: Place) -> Changes:
    """Pass an argument that the processing script does not accept."""
    for file, call, _, script in _processed(place):
        text = place.repository.data(script).decode("utf-8", "replace")
        lists = [k.value for k in call.keywords if k.arg in ("arguments", "job_arguments")]
        for node in [n for one in lists for n in ast.walk(one)]:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("--"):
                if f'"{node.value}"' in text.replace("'", '"'):
                    yield file, file.source.value(node).to(f"--{other_name(str(node.value)[2:])}")


@kind("TRN453")
def the_destination_of_an_input_misspelt(place: Place) -> Changes:
    """Mount the input of a processing job at a path that the script does not read."""
    for file, word in _ports_of_jobs(place, "ProcessingInput", "destination"):
        yield file, file.source.value(word).to(f"/opt/ml/processing/{misspelt(str(word.value)[19:])}")


@kind("TRN454")
def the_source_of_an_output_misspelt(place: Place) -> Changes:
    """Upload a folder in which the processing script writes nothing."""
    for file, word in _ports_of_jobs(place, "ProcessingOutput", "source"):
        yield file, file.source.value(word).to(f"/opt/ml/processing/{misspelt(str(word.value)[19:])}")


def _ports_of_jobs(place: Place, kind_of_port: str, name: str) -> Iterator[tuple[SourceFile, ast.Constant]]:
    """Yield the paths of inputs or outputs that the script of a processing job names."""
    for file, call, _, script in _processed(place):
        text = place.repository.data(script).decode("utf-8", "replace").replace("'", '"')
        for node in ast.walk(call):
            if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith(kind_of_port):
                continue
            word = next((file.literal(k.value) for k in node.keywords if k.arg == name), None)
            path = str(word.value) if word is not None else ""
            if word is not None and path.startswith("/opt/ml/processing/") and f'"{path.rstrip("/")}' in text:
                yield file, word


@kind("TRN434")
def an_argument_of_a_processor_misspelt(place: Place) -> Changes:
    """Misspell an argument of a processor, or of the method that runs its job."""
    if place.launch is None or place.launcher is None:
        return
    launcher = place.launch.file.launcher
    calls = [
        one.node for one in launcher.constructions if one.name.endswith("Processor") and one.local is None
    ]
    calls += [job.node for job in launcher.processing_jobs if job.kind in ("script", "framework")]
    for node in calls:
        call = place.launcher.own(node)
        if isinstance(call, ast.Call):
            for entry in place.launcher.source.value(call).entries:
                if entry.name:
                    yield place.launcher, entry.renamed(misspelt(entry.name))
