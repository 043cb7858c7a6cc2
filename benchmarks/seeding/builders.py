"""Faults in builders of steps and in launchers: the settings of a job."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from benchmarks.seeding.fault import fault
from benchmarks.seeding.files import BUILDER, CONTRACT, LAUNCHER, SCRIPT, SPECIFICATION, StepFiles
from benchmarks.seeding.scripts import called
from benchmarks.seeding.trees import Entry, Source, Value, misspelt

FRAMEWORKS = ("XGBoost", "PyTorch", "SKLearn", "TensorFlow", "HuggingFace", "MXNet", "Estimator")
REQUIRED_METHODS = (
    "create_step",
    "_create_estimator",
    "validate_configuration",
    "_get_inputs",
    "_get_outputs",
)


def _class(step: StepFiles) -> Iterator[tuple[Source, ast.ClassDef]]:
    source, found = step.source(BUILDER), step.own_class(BUILDER)
    if source is not None and found is not None:
        yield source, found


def _within(step: StepFiles, part: str) -> Iterator[tuple[Source, ast.AST]]:
    if part == BUILDER:
        yield from _class(step)
    elif (source := step.source(part)) is not None:
        yield source, source.tree


def _estimators(step: StepFiles, part: str) -> Iterator[tuple[Source, ast.Call, Value]]:
    """Yield the calls that construct an estimator."""
    for source, within in _within(step, part):
        for node in source.all(ast.Call, within=within):
            if isinstance(node, ast.Call) and called(node) in FRAMEWORKS and node.keywords:
                yield source, node, source.value(node)


def _inputs(step: StepFiles, part: str) -> Iterator[tuple[Source, ast.Call, Value]]:
    for source, within in _within(step, part):
        for node in source.all(ast.Call, within=within):
            if isinstance(node, ast.Call) and called(node) == "TrainingInput":
                yield source, node, source.value(node)


def _methods(step: StepFiles) -> Iterator[tuple[Source, ast.FunctionDef]]:
    for source, found in _class(step):
        for node in found.body:
            if isinstance(node, ast.FunctionDef):
                yield source, node


SeedOfPart = Callable[[StepFiles, str], Iterator[str | None]]


def _both(expected: str, follows: str = "") -> Callable[[SeedOfPart], SeedOfPart]:
    """Add a fault of builders and the same fault of launchers."""

    def add(make: SeedOfPart) -> SeedOfPart:
        for part in (BUILDER, LAUNCHER):

            def of_part(step: StepFiles, part: str = part) -> Iterator[str | None]:
                yield from make(step, part)

            of_part.__name__ = make.__name__
            fault(part, expected, follows)(of_part)
        return make

    return add


@fault(BUILDER, "TRN401")
def a_required_method_misspelt(step: StepFiles) -> Iterator[str | None]:
    for source, method in _methods(step):
        if method.name in REQUIRED_METHODS:
            start = source.text.index(method.name, source.span(method)[0])
            yield source.text[:start] + misspelt(method.name) + source.text[start + len(method.name) :]


@fault(BUILDER, "TRN401")
def a_required_method_dropped(step: StepFiles) -> Iterator[str | None]:
    for source, method in _methods(step):
        if method.name in REQUIRED_METHODS:
            yield source.without(method)


def _argument(step: StepFiles, part: str, *names: str) -> Iterator[tuple[Value, Entry]]:
    for _, _, call in _estimators(step, part):
        for name in names:
            if (entry := call.entry(name)) is not None:
                yield call, entry


@_both("TRN402, TRN416")
def an_argument_of_the_estimator_dropped(step: StepFiles, part: str) -> Iterator[str | None]:
    for call, entry in _argument(
        step, part, "role", "instance_count", "instance_type", "framework_version", "entry_point"
    ):
        yield call.without(entry)


@_both("TRN403", "TRN402 TRN416 TRN408 TRN423 TRN419 TRN415 TRN413")
def an_argument_of_the_estimator_misspelt(step: StepFiles, part: str) -> Iterator[str | None]:
    for _, _, call in _estimators(step, part):
        for entry in call.entries:
            yield entry.renamed(misspelt(entry.name or ""))


@_both("TRN405", "TRN423")
def a_version_that_there_is_not(step: StepFiles, part: str) -> Iterator[str | None]:
    for call, entry in _argument(step, part, "framework_version"):
        framework = call.text[call.start : call.end]
        yield entry.value.to("1.9-1" if framework.startswith("XGBoost") else "0.9.9")


@_both("TRN405")
def a_python_that_the_framework_does_not_have(step: StepFiles, part: str) -> Iterator[str | None]:
    for call, entry in _argument(step, part, "py_version"):
        # XGBoost's images have one Python each, and the rule checks no other.
        if not call.text[call.start :].startswith("XGBoost"):
            yield entry.value.to("py27")


@_both("TRN211, TRN404")
def an_instance_type_that_there_is_not(step: StepFiles, part: str) -> Iterator[str | None]:
    for _, entry in _argument(step, part, "instance_type"):
        yield entry.value.to("ml.m5.xlagre")
        yield entry.value.to("m5.xlarge")


@_both("TRN211, TRN404")
def no_instance(step: StepFiles, part: str) -> Iterator[str | None]:
    for _, entry in _argument(step, part, "instance_count"):
        yield entry.value.to(0)


@fault(LAUNCHER, "TRN424")
def several_instances_for_a_script_that_knows_one(step: StepFiles) -> Iterator[str | None]:
    # Environment variables that a builder reads from its configuration may distribute the training.
    for _, entry in _argument(step, LAUNCHER, "instance_count"):
        yield entry.value.to(4)


@_both("TRN211, TRN404")
def a_volume_beyond_the_limit(step: StepFiles, part: str) -> Iterator[str | None]:
    for _, entry in _argument(step, part, "volume_size"):
        yield entry.value.to(0)
        yield entry.value.to(100_000)


@_both("TRN211, TRN404", "TRN415")
def a_run_time_beyond_the_limit(step: StepFiles, part: str) -> Iterator[str | None]:
    for call, _ in _argument(step, part, "instance_type"):
        entry = call.entry("max_run")
        yield entry.value.to(36_000_000) if entry else call.with_entry("max_run", 36_000_000)


@_both("TRN402")
def half_of_a_vpc(step: StepFiles, part: str) -> Iterator[str | None]:
    yield from _with_settings(step, part, ("subnets", "security_group_ids"), 'subnets=["subnet-0a1b2c3d"], ')
    yield from _with_settings(
        step, part, ("subnets", "security_group_ids"), 'security_group_ids=["sg-0a1b2c3d"], '
    )


@_both("TRN404")
def a_string_for_a_list(step: StepFiles, part: str) -> Iterator[str | None]:
    text = 'subnets="subnet-0a1b2c3d", security_group_ids=["sg-0a1b2c3d"], '
    yield from _with_settings(step, part, ("subnets", "security_group_ids"), text)


@_both("TRN404")
def a_tag_with_other_keys(step: StepFiles, part: str) -> Iterator[str | None]:
    yield from _with_settings(step, part, ("tags",), 'tags=[{"key": "team", "value": "churn"}], ')


@_both("TRN404")
def code_in_a_local_folder(step: StepFiles, part: str) -> Iterator[str | None]:
    yield from _with_settings(step, part, ("code_location",), 'code_location="file:///tmp/code", ')


@_both("TRN437")
def a_wait_without_spot_training(step: StepFiles, part: str) -> Iterator[str | None]:
    yield from _with_settings(step, part, ("use_spot_instances", "max_wait"), "max_wait=172800, ")


@_both("TRN437")
def a_local_checkpoint_that_nothing_keeps(step: StepFiles, part: str) -> Iterator[str | None]:
    text = 'checkpoint_local_path="/opt/ml/checkpoints", '
    yield from _with_settings(step, part, ("checkpoint_s3_uri", "checkpoint_local_path"), text)


def _ranges(step: StepFiles) -> Iterator[tuple[Source, ast.Call]]:
    """Yield the ranges of a tuner with two constants."""
    for source, within in _within(step, LAUNCHER):
        for node in source.all(ast.Call, within=within):
            if isinstance(node, ast.Call) and called(node) in ("IntegerParameter", "ContinuousParameter"):
                if len(node.args) >= 2 and all(isinstance(one, ast.Constant) for one in node.args[:2]):
                    yield source, node


@fault(LAUNCHER, "TRN436")
def an_inverted_range(step: StepFiles) -> Iterator[str | None]:
    for source, node in _ranges(step):
        (low, high), text = (source.span(one) for one in node.args[:2]), source.text
        yield (
            text[: low[0]] + text[slice(*high)] + text[low[1] : high[0]] + text[slice(*low)] + text[high[1] :]
        )


@fault(LAUNCHER, "TRN436", "TRN404")
def a_range_of_one_value(step: StepFiles) -> Iterator[str | None]:
    for source, node in _ranges(step):
        low, high = (source.span(one) for one in node.args[:2])
        yield source.text[: high[0]] + source.text[slice(*low)] + source.text[high[1] :]


@_both("TRN416")
def a_role_that_is_none(step: StepFiles, part: str) -> Iterator[str | None]:
    for _, entry in _argument(step, part, "role"):
        yield entry.value.to("arn:aws:iam:123456789012:role/SageMaker")
        yield entry.value.to("")


@fault(LAUNCHER, "TRN404")
def a_job_name_that_is_not_allowed(step: StepFiles) -> Iterator[str | None]:
    for call, entry in _argument(step, LAUNCHER, "base_job_name", "instance_type"):
        if "HyperparameterTuner" in call.text:
            continue  # a tuner's jobs are named after the tuner
        if entry.name == "base_job_name":
            yield entry.value.to("churn_training")
        elif call.entry("base_job_name") is None:
            yield call.with_entry("base_job_name", "churn_training")


@_both("TRN404, TRN412, TRN308")
def an_output_path_that_is_no_location(step: StepFiles, part: str) -> Iterator[str | None]:
    for _, entry in _argument(step, part, "output_path"):
        yield entry.value.to("s3:/bucket/models")


@_both("TRN406", "TRN407")
def an_entry_point_that_there_is_not(step: StepFiles, part: str) -> Iterator[str | None]:
    for _, entry in _argument(step, part, "entry_point"):
        word = entry.value.word or "train.py"
        yield entry.value.to(misspelt(word.removesuffix(".py")) + ".py")


@_both("TRN406")
def a_source_folder_that_there_is_not(step: StepFiles, part: str) -> Iterator[str | None]:
    for _, entry in _argument(step, part, "source_dir"):
        if entry.value.word:
            yield entry.value.to(misspelt(entry.value.word))


def _with_settings(step: StepFiles, part: str, absent: Iterable[str], text: str) -> Iterator[str]:
    """Yield the file with ``text`` before the instance type of each estimator that has none of ``absent``."""
    for call, entry in _argument(step, part, "instance_type"):
        if all(call.entry(name) is None for name in absent):
            yield entry.value.text[: entry.start] + text + entry.value.text[entry.start :]


@_both("TRN415")
def spot_training_without_a_checkpoint(step: StepFiles, part: str) -> Iterator[str | None]:
    text = "use_spot_instances=True, max_wait=172800, "
    yield from _with_settings(step, part, ("use_spot_instances", "checkpoint_s3_uri"), text)


@_both("TRN415, TRN404")
def a_wait_below_the_run_time(step: StepFiles, part: str) -> Iterator[str | None]:
    text = "use_spot_instances=True, max_wait=3600, max_run=7200, "
    yield from _with_settings(step, part, ("use_spot_instances", "max_run"), text)


@_both("TRN412")
def data_that_is_at_no_location(step: StepFiles, part: str) -> Iterator[str | None]:
    for source, node, call in _inputs(step, part):
        where = call.get("s3_data") or (source.value(node.args[0]) if node.args else None)
        if where is not None:
            yield where.to("data/training/")


@_both("TRN412")
def an_augmented_manifest_without_names(step: StepFiles, part: str) -> Iterator[str | None]:
    for source, node, call in _inputs(step, part):
        if call.entry("s3_data_type") is None:
            end = source.span(node)[1] - 1
            yield f'{source.text[:end]}, s3_data_type="AugmentedManifestFile"{source.text[end:]}'


@_both("TRN412")
def an_input_mode_that_there_is_not(step: StepFiles, part: str) -> Iterator[str | None]:
    for source, node, call in _inputs(step, part):
        entry = call.entry("input_mode")
        end = source.span(node)[1] - 1
        yield (
            entry.value.to("Stream")
            if entry
            else f'{source.text[:end]}, input_mode="Stream"{source.text[end:]}'
        )


@_both("TRN412")
def a_distribution_that_there_is_not(step: StepFiles, part: str) -> Iterator[str | None]:
    for source, node, _ in _inputs(step, part):
        end = source.span(node)[1] - 1
        yield f'{source.text[:end]}, distribution="Sharded"{source.text[end:]}'


@_both("TRN412")
def a_content_type_that_there_is_not(step: StepFiles, part: str) -> Iterator[str | None]:
    for source, node, call in _inputs(step, part):
        entry = call.entry("content_type")
        end = source.span(node)[1] - 1
        yield (
            entry.value.to("text/cvs")
            if entry
            else f'{source.text[:end]}, content_type="text/cvs"{source.text[end:]}'
        )


def _channels(step: StepFiles, part: str) -> Iterator[tuple[Value, Entry]]:
    """Yield the entries of dicts with inputs as values, if a script reads them."""
    for source, within in _within(step, part) if SCRIPT in step.paths else ():
        for node in source.all(ast.Dict, within=within):
            table = source.value(node)
            for entry in table.entries:
                text = entry.value.text[entry.value.start : entry.value.end]
                if entry.name and (
                    text.startswith("TrainingInput(") or text.startswith(('"s3://', "'s3://"))
                ):
                    yield table, entry


@_both("TRN408, TRN409, TRN404", "TRN408 TRN409 TRN151 TRN150")
def a_channel_misspelt(step: StepFiles, part: str) -> Iterator[str | None]:
    for _, entry in _channels(step, part):
        yield entry.renamed(misspelt(entry.name or ""))


@_both("TRN408", "TRN150")
def a_channel_dropped(step: StepFiles, part: str) -> Iterator[str | None]:
    for table, entry in _channels(step, part):
        yield table.without(entry)


@_both("TRN404", "TRN408 TRN409")
def a_channel_name_that_is_not_allowed(step: StepFiles, part: str) -> Iterator[str | None]:
    for _, entry in _channels(step, part):
        yield entry.renamed(f"{entry.name} data")


@fault(LAUNCHER, "TRN409")
def a_channel_that_the_script_never_reads(step: StepFiles, part: str = LAUNCHER) -> Iterator[str | None]:
    # The settings of a builder may name any folder to its script.
    for source, within in _within(step, part):
        for _, entry in _channels(step, part):
            text = source.text[entry.start : entry.value.end]
            yield (
                source.text[: entry.start]
                + text.replace(entry.name or "", "archive", 1)
                + ", "
                + source.text[entry.start :]
            )
        del within


def _hyperparameters(step: StepFiles, part: str) -> Iterator[tuple[Value, Entry]]:
    """Yield the entries of dicts named ``hyperparameters``."""
    for source, within in _within(step, part):
        for node in source.all(ast.Assign, ast.keyword, within=within):
            named = (
                node.arg
                if isinstance(node, ast.keyword)
                else getattr(node.targets[0], "attr", getattr(node.targets[0], "id", ""))
                if isinstance(node, ast.Assign)
                else ""
            )
            value = getattr(node, "value", None)
            if named == "hyperparameters" and isinstance(value, ast.Dict):
                table = source.value(value)
                yield from ((table, entry) for entry in table.entries if entry.name)


@_both("TRN410, TRN158 script, TRN159", "TRN158 TRN159 TRN209")
def a_hyperparameter_misspelt(step: StepFiles, part: str) -> Iterator[str | None]:
    for _, entry in _hyperparameters(step, part):
        yield entry.renamed(misspelt(entry.name or ""))


@_both("TRN410, TRN159", "TRN159")
def a_hyperparameter_that_the_script_does_not_know(step: StepFiles, part: str) -> Iterator[str | None]:
    for table, _ in _hyperparameters(step, part):
        yield table.with_entry("rows_per_shard", 1000)


@_both("TRN411")
def a_hyperparameter_that_is_no_number(step: StepFiles, part: str) -> Iterator[str | None]:
    options = step.text(SCRIPT)
    for _, entry in _hyperparameters(step, part):
        if isinstance(entry.value.scalar, int | float) and f'"--{entry.name}"' in options:
            yield entry.value.to("many")


@_both("TRN422")
def a_pipeline_variable_in_a_text(step: StepFiles, part: str) -> Iterator[str | None]:
    for source, node, call in _inputs(step, part):
        where = call.get("s3_data") or (source.value(node.args[0]) if node.args else None)
        if where is not None:
            yield (
                where.replaced("f\"{ParameterString(name='DataBucket')}/train\"").replace(
                    "from sagemaker.inputs",
                    "from sagemaker.workflow.parameters import ParameterString\nfrom sagemaker.inputs",
                    1,
                )
            )


@_both("TRN413")
def a_metric_that_the_script_never_prints(step: StepFiles, part: str) -> Iterator[str | None]:
    for _, entry in _argument(step, part, "metric_definitions"):
        for definition in entry.value.entries:
            if regex := definition.value.get("Regex"):
                yield regex.to(regex.word.replace("(", "").replace(")", ""))
                yield regex.to("holdout-auc: ([0-9.]+)")


@fault(LAUNCHER, "TRN421")
def an_objective_that_no_metric_is(step: StepFiles) -> Iterator[str | None]:
    if (source := step.source(LAUNCHER)) is not None:
        for node in source.all(ast.Call):
            if called(node) == "HyperparameterTuner" and (
                name := source.value(node).get("objective_metric_name")
            ):
                yield name.to(misspelt(name.word))


@fault(BUILDER, "TRN423")
def the_output_path_not_given(step: StepFiles) -> Iterator[str | None]:
    for call, entry in _argument(step, BUILDER, "output_path"):
        if entry.value.text[entry.value.start : entry.value.end] != "None":
            yield call.without(entry)


@fault(BUILDER, "TRN419, TRN419 contract")
def the_environment_not_given(step: StepFiles) -> Iterator[str | None]:
    contract = step.value(CONTRACT)
    required = contract.get("required_env_vars") or (
        table.get("required") if (table := contract.get("env_vars")) else None
    )
    if required is not None and required.entries:
        for call, entry in _argument(step, BUILDER, "environment"):
            yield call.without(entry)


@fault(BUILDER, "TRN419, TRN419 contract", "TRN417")
def a_variable_misspelt(step: StepFiles) -> Iterator[str | None]:
    declared = step.text(CONTRACT)
    for source, found in _class(step):
        for node in source.all(ast.Constant, within=found):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isupper():
                if f'"{node.value}"' in declared or f"{node.value}:" in declared:
                    yield source.value(node).to(misspelt(node.value))


@fault(BUILDER, "TRN420, TRN125, TRN420 contract", "TRN405 TRN402 TRN403 TRN409 TRN410 TRN423 TRN414 TRN125")
def an_estimator_of_another_framework(step: StepFiles) -> Iterator[str | None]:
    for source, call, _ in _estimators(step, BUILDER):
        name = called(call)
        other = "PyTorch" if name == "XGBoost" else "XGBoost"
        if name in ("XGBoost", "PyTorch", "SKLearn"):
            start, end = source.span(call.func)
            text = source.text[:start] + other + source.text[end:]
            yield text.replace(
                f"from sagemaker.{name.lower()} import {name}",
                f"from sagemaker.{other.lower()} import {other}",
            )


def _configuration_reads(step: StepFiles) -> Iterator[tuple[Source, ast.Attribute]]:
    for source, found in _class(step):
        for node in source.all(ast.Attribute, within=found):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                held = source.source(node.value)
                if held == "self.config":
                    yield source, node


@fault(BUILDER, "TRN417", "TRN402 TRN416 TRN406 TRN419")
def a_field_of_the_configuration_misspelt(step: StepFiles) -> Iterator[str | None]:
    seen = set()
    for source, node in _configuration_reads(step):
        start, end = source.span(node)
        line = source.text[source.text.rfind("\n", 0, start) : start]
        if node.attr not in seen and "hasattr" not in line and " if " not in line:
            seen.add(node.attr)
            yield f"{source.text[: end - len(node.attr)]}{misspelt(node.attr)}{source.text[end:]}"


@fault(BUILDER, "TRN417")
def a_required_field_misspelt(step: StepFiles) -> Iterator[str | None]:
    read = {node.attr for _, node in _configuration_reads(step)}
    for source, found in _class(step):
        for node in source.all(ast.List, within=found):
            for entry in source.value(node).entries:
                if entry.value.word in read:
                    yield entry.value.to(misspelt(entry.value.word))


@fault(BUILDER, "TRN418", "TRN417 TRN004")
def the_specification_of_another_step(step: StepFiles) -> Iterator[str | None]:
    yield from step.with_another_import(BUILDER, SPECIFICATION)


@fault(BUILDER, "TRN418", "TRN004 TRN417")
def the_contract_of_another_step(step: StepFiles) -> Iterator[str | None]:
    yield from step.with_another_import(BUILDER, CONTRACT)
