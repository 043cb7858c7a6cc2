"""Faults in training scripts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from benchmarks.seeding.fault import fault
from benchmarks.seeding.files import CONTRACT, SCRIPT, StepFiles
from benchmarks.seeding.trees import Source, misspelt

TRAINING = {"fit", "train", "backward"}
SAVING = {"save_model", "dump", "save", "save_pretrained"}


def _source(step: StepFiles) -> Iterator[Source]:
    if (source := step.source(SCRIPT)) is not None:
        yield source


def called(node: ast.AST) -> str:
    """Return the last part of the name that a call calls; empty for other nodes."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _calls(source: Source, names: set[str]) -> Iterator[ast.Call]:
    for node in source.all(ast.Call):
        if isinstance(node, ast.Call) and called(node) in names:
            yield node


def _functions(source: Source) -> Iterator[ast.FunctionDef]:
    for node in source.all(ast.FunctionDef):
        if isinstance(node, ast.FunctionDef):
            yield node


def _read_keys(source: Source, within: ast.AST) -> Iterator[ast.Constant]:
    """Yield the string keys of lookups: ``d["key"]`` and ``d.get("key")``."""
    for node in source.all(ast.Subscript, ast.Call, within=within):
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            key = node.slice
        elif called(node) == "get" and isinstance(node, ast.Call) and node.args:
            key = node.args[0]
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key


def _main_block(source: Source) -> ast.If | None:
    return next(
        (n for n in source.tree.body if isinstance(n, ast.If) and "__name__" in source.source(n.test)), None
    )


def _logical(step: StepFiles, *names: str) -> set[str]:
    return {port.name for port in step.ports(CONTRACT, *names)}


def _named_in_functions(step: StepFiles, names: set[str]) -> Iterator[tuple[Source, ast.Constant]]:
    for source in _source(step):
        for function in _functions(source):
            for key in _read_keys(source, function):
                if key.value in names:
                    yield source, key


def _supplied(step: StepFiles, names: set[str]) -> Iterator[tuple[Source, ast.Constant, ast.expr]]:
    for source in _source(step):
        block = _main_block(source)
        for node in source.all(ast.Dict, within=block) if block else ():
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value in names:
                        yield source, key, value


INPUTS = ("expected_input_paths", "inputs")
OUTPUTS = ("expected_output_paths", "outputs")


@fault(SCRIPT, "TRN150, TRN163", "TRN151 TRN102")
def a_logical_input_misspelt_where_it_is_read(step: StepFiles) -> Iterator[str | None]:
    for source, key in _named_in_functions(step, _logical(step, *INPUTS)):
        yield source.value(key).to(misspelt(str(key.value)))


@fault(SCRIPT, "TRN150, TRN163", "TRN151")
def a_logical_input_misspelt_where_it_is_given(step: StepFiles) -> Iterator[str | None]:
    for source, key, _ in _supplied(step, _logical(step, *INPUTS)):
        yield source.value(key).to(misspelt(str(key.value)))


@fault(SCRIPT, "TRN163, TRN151, TRN151 contract", "TRN151")
def a_logical_input_no_longer_given(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for _, key, _ in _supplied(step, _logical(step, *INPUTS)):
            for node in source.all(ast.Dict):
                table = source.value(node)
                if (entry := table.entry(str(key.value))) is not None:
                    yield table.without(entry)


@fault(SCRIPT, "TRN162, TRN111, TRN150, TRN112", "TRN150 TRN151 TRN214 TRN102 TRN163")
def a_logical_input_at_another_place(step: StepFiles) -> Iterator[str | None]:
    for source, _, value in _supplied(step, _logical(step, *INPUTS)):
        yield source.replaced(value, '"/opt/ml/input/config/elsewhere"')


@fault(SCRIPT, "TRN153, TRN163", "TRN152 TRN104")
def a_logical_output_misspelt_where_it_is_used(step: StepFiles) -> Iterator[str | None]:
    for source, key in _named_in_functions(step, _logical(step, *OUTPUTS)):
        yield source.value(key).to(misspelt(str(key.value)))


@fault(SCRIPT, "TRN153, TRN163", "TRN152")
def a_logical_output_misspelt_where_it_is_given(step: StepFiles) -> Iterator[str | None]:
    for source, key, _ in _supplied(step, _logical(step, *OUTPUTS)):
        yield source.value(key).to(misspelt(str(key.value)))


@fault(SCRIPT, "TRN162, TRN112, TRN104", "TRN112 TRN152 TRN104 TRN153 TRN162")
def a_logical_output_in_a_folder_that_is_not_kept(step: StepFiles) -> Iterator[str | None]:
    for source, _, value in _supplied(step, _logical(step, *OUTPUTS)):
        yield source.replaced(value, '"/tmp/output"')


@fault(SCRIPT, "TRN111", "TRN162 TRN150 TRN151 TRN152 TRN153 TRN112 TRN104 TRN101 TRN102")
def a_path_of_the_container_misspelt(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        parameters = [d for f in _functions(source) for d in (*f.args.defaults, *f.args.kw_defaults)]
        for node in source.all(ast.Constant):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in parameters:
                word = node.value
                if (
                    source.source(node)[:1] in "\"'"
                    and word.startswith("/opt/ml/")
                    and "\n" not in word
                    and len(word) < 60
                ):
                    misspelled = word.replace("/input", "/inputs").replace("/model", "/models")
                    yield source.value(node).to(misspelled.replace("/output", "/outputs"))


def _environment_reads(source: Source) -> Iterator[ast.Constant]:
    for node in source.all(ast.Subscript, ast.Call):
        text = source.source(node)
        if not text.startswith(("os.environ", "os.getenv", "environ", "getenv")):
            continue
        if text.startswith("environ_vars.get("):
            continue  # a fallback in the script is no fault
        key = node.slice if isinstance(node, ast.Subscript) else next(iter(getattr(node, "args", [])), None)
        stored = isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load)
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and not stored:
            yield key


@fault(SCRIPT, "TRN110", "TRN102 TRN104 TRN408 TRN409 TRN112 TRN151")
def a_variable_of_the_container_misspelt(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for key in _environment_reads(source):
            word = str(key.value)
            if word.startswith("SM_CHANNEL_"):
                yield source.value(key).to(word.replace("CHANNEL", "CHANEL"))
            elif word.startswith("SM_"):
                yield source.value(key).to(misspelt(word))


@fault(SCRIPT, "TRN155, TRN163, TRN154 contract", "TRN154 TRN419 TRN163")
def a_variable_of_the_contract_misspelt(step: StepFiles) -> Iterator[str | None]:
    declared = step.text(CONTRACT)
    for source in _source(step):
        for key in _environment_reads(source):
            word = str(key.value)
            if not word.startswith(("SM_", "AWS_")) and (f'"{word}"' in declared or f"{word}:" in declared):
                yield source.value(key).to(misspelt(word))


def _declares_variables(step: StepFiles) -> bool:
    contract = step.value(CONTRACT)
    return contract.get("env_vars", "required_env_vars", "optional_env_vars") is not None


@fault(SCRIPT, "TRN155", "TRN419")
def a_variable_that_the_contract_does_not_have(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        block = _main_block(source)
        if block is not None and _declares_variables(step):
            place = source.span(block.body[0])[0]
            yield f'{source.text[:place]}print(os.environ["ROWS_PER_SHARD"])\n    {source.text[place:]}'


def _statement(source: Source, node: ast.AST) -> ast.stmt | None:
    """Return the statement that consists of an expression or assigns it, or None."""
    for statement in source.all(ast.Expr, ast.Assign):
        if isinstance(statement, ast.Expr | ast.Assign) and statement.value is node:
            return statement
    return None


def _saves(step: StepFiles) -> Iterator[tuple[Source, ast.Call]]:
    """Yield the calls that save a model: by their names, or because the source mentions a model."""
    for source in _source(step):
        for call in _calls(source, SAVING):
            text = source.source(call)
            if called(call) in ("save_model", "save_pretrained") or "model" in text.lower():
                yield source, call


@fault(SCRIPT, "TRN104", "TRN152 TRN116 TRN117")
def the_model_is_never_saved(step: StepFiles) -> Iterator[str | None]:
    pairs = list(_saves(step))
    statements = [s for source, call in pairs if (s := _statement(source, call)) is not None]
    if pairs and len(statements) == len(pairs):
        text = pairs[0][0].text
        for statement in reversed(statements):
            start, end = pairs[0][0].span(statement)
            text = text[:start] + "pass" + text[end:]
        yield text


@fault(SCRIPT, "TRN112, TRN104", "TRN104 TRN152 TRN116")
def the_model_is_saved_to_a_temporary_folder(step: StepFiles) -> Iterator[str | None]:
    pairs = list(_saves(step))
    if len(pairs) == 1:
        source, call = pairs[0]
        where = call.args[-1] if call.args else call.keywords[-1].value
        yield source.replaced(where, '"/tmp/model.bin"')
        yield source.replaced(where, '"model.bin"')


def _trainings(source: Source) -> Iterator[ast.Call]:
    """Yield calls that train a model."""
    for call in _calls(source, {"fit", "train", "backward"}):
        on = source.source(call.func).lower()
        if on in ("xgb.train", "lgb.train", "trainer.fit", "loss.backward") or (
            "model" in on and called(call) == "fit"
        ):
            yield call


@fault(SCRIPT, "TRN103, TRN121, TRN117, TRN123", "TRN104 TRN116 TRN105 TRN158 TRN159 TRN124 TRN121")
def the_training_is_left_out(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step) if step.kind != "launcher" else ():
        # A launcher's script without a training may do anything else.
        for call in _trainings(source):
            if isinstance(statement := _statement(source, call), ast.Expr):
                yield source.without(statement)
            else:
                yield source.replaced(call, "None")


@fault(SCRIPT, "TRN117", "TRN104 TRN103")
def the_result_of_the_training_is_dropped(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for call in _calls(source, {"train"}):
            statement = _statement(source, call)
            if isinstance(statement, ast.Assign) and source.source(call.func) in ("xgb.train", "lgb.train"):
                yield source.replaced(statement, f"model = xgb.Booster()\n    {source.source(call)}")


@fault(SCRIPT, "TRN123")
def a_part_of_the_training_loop_is_left_out(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for call in _calls(source, {"zero_grad", "step"}):
            if (statement := _statement(source, call)) is not None and "optim" in source.source(call):
                yield source.without(statement)


@fault(SCRIPT, "TRN124", "TRN105")
def early_stopping_without_an_evaluation_set(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for call in _calls(source, {"train", "fit"}):
            value = source.value(call)
            entry = value.entry("evals", "eval_set")
            if entry is not None and value.entry("early_stopping_rounds"):
                yield value.without(entry)


@fault(SCRIPT, "TRN115")
def a_relative_import(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for node in source.tree.body:
            if isinstance(node, ast.Import):
                place = source.span(node)[0]
                yield f"{source.text[:place]}from .columns import drop_empty\n{source.text[place:]}"
                return


def _hyperparameters(step: StepFiles) -> set[str]:
    table = step.value(CONTRACT).get("hyperparameters")
    return {entry.name for entry in table.entries if entry.name} if table is not None else set()


@fault(SCRIPT, "TRN158, TRN159 contract", "TRN159 TRN119 TRN410")
def a_hyperparameter_misspelt(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for key in _read_keys(source, source.tree):
            if key.value in _hyperparameters(step):
                yield source.value(key).to(misspelt(str(key.value)))


@fault(SCRIPT, "TRN119")
def a_hyperparameter_not_converted(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for call in _calls(source, {"int", "float"}):
            inner = call.args[0] if call.args else None
            if isinstance(inner, ast.Call | ast.Subscript):
                # XGBoost also parses the numbers in its parameter dict from strings.
                keys = [key for key in _read_keys(source, call) if key.value in ("epochs", "n_estimators")]
                if keys:
                    yield source.replaced(call, source.source(inner))


def _options(source: Source) -> Iterator[ast.Call]:
    yield from _calls(source, {"add_argument"})


@fault(SCRIPT, "TRN113")
def an_option_with_type_bool(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for call in _options(source):
            value = source.value(call)
            if (kind := value.get("type")) is not None and kind.text[kind.start : kind.end] in (
                "int",
                "float",
            ):
                yield kind.replaced("bool")


@fault(SCRIPT, "TRN118")
def an_option_with_type_list(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for call in _options(source):
            value = source.value(call)
            if (kind := value.get("type")) is not None and kind.text[kind.start : kind.end] in (
                "int",
                "float",
            ):
                yield kind.replaced("list")


@fault(SCRIPT, "TRN114", "TRN410 TRN411 TRN156")
def an_option_that_is_a_flag(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for call in _options(source):
            start = source.span(call.args[0])[1]
            end = source.span(call)[1] - 1
            if source.value(call).get("type") is not None and source.value(call).get("choices") is None:
                yield f'{source.text[:start]}, action="store_true"{source.text[end:]}'


@fault(
    SCRIPT,
    "TRN156 contract, TRN156, TRN410 builder, TRN410 launcher, TRN157",
    "TRN116 TRN157 TRN410 TRN159 TRN158 TRN411",
)
def an_option_renamed(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for call in _options(source):
            flag, value = call.args[0], source.value(call)
            if isinstance(flag, ast.Constant) and isinstance(flag.value, str) and flag.value.startswith("--"):
                if (kind := value.get("type")) is None or kind.text[kind.start : kind.end] == "bool":
                    continue
                stored = flag.value.lstrip("-").replace("-", "_")
                end = source.span(call)[1] - 1
                more = "" if value.get("dest") else f', dest="{stored}"'
                if source.text[:end].rstrip().endswith(","):
                    more = more.removeprefix(",")
                start, stop = source.span(flag)
                yield (
                    f'{source.text[:start]}"{misspelt(flag.value)}"'
                    f"{source.text[stop:end]}{more}{source.text[end:]}"
                )


@fault(SCRIPT, "TRN157, TRN157 contract, TRN426 launcher", "TRN116")
def a_required_option_more(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for call in _options(source):
            parser = source.source(call.func).rpartition(".")[0]
            start = source.span(call)[0]
            indent = " " * (start - source.text.rfind("\n", 0, start) - 1)
            line = f'{parser}.add_argument("--rows-per-shard", type=int, required=True)\n{indent}'
            declares = step.value(CONTRACT).get("expected_arguments", "arguments") is not None
            if declares or step.kind == "launcher":
                yield source.text[:start] + line + source.text[start:]


@fault(SCRIPT, "TRN427 launcher", "")
def a_package_that_nothing_installs(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step) if step.kind == "launcher" else ():
        for node in source.all(ast.Import):
            place = source.span(node)[0]
            if node in source.tree.body:
                yield f"{source.text[:place]}import mlflow\n{source.text[place:]}"


@fault(SCRIPT, "TRN431 launcher", "")
def a_file_above_the_folder(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step) if step.kind == "launcher" else ():
        block = _main_block(source)
        if block is not None:
            place = source.span(block.body[0])[0]
            yield f'{source.text[:place]}print(open("../settings/rows.csv").read())\n    {source.text[place:]}'


@fault(SCRIPT, "TRN428 launcher", "")
def a_variable_that_the_job_does_not_set(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step) if step.kind == "launcher" else ():
        block = _main_block(source)
        first = block.body[0] if block is not None else None
        if first is not None and "import os" in source.text:
            place = source.span(first)[0]
            yield f'{source.text[:place]}print(os.environ["ROWS_PER_SHARD"])\n    {source.text[place:]}'


@fault(SCRIPT, "TRN120", "TRN116")
def an_option_read_under_another_name(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        declared = {
            str(call.args[0].value).lstrip("-").replace("-", "_")
            for call in _options(source)
            if call.args and isinstance(call.args[0], ast.Constant)
        }
        for node in source.all(ast.Attribute):
            if isinstance(node, ast.Attribute) and node.attr in declared and isinstance(node.value, ast.Name):
                yield source.replaced(node, f"{node.value.id}.{misspelt(node.attr)}")


@fault(
    SCRIPT, "TRN102, TRN151, TRN151 contract, TRN409 builder, TRN409 launcher", "TRN116 TRN151 TRN408 TRN409"
)
def the_data_comes_from_elsewhere(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for key in _environment_reads(source):
            if str(key.value).startswith("SM_CHANNEL_"):
                for node in source.all(ast.Subscript, ast.Call):
                    inner = (
                        node.slice
                        if isinstance(node, ast.Subscript)
                        else next(iter(getattr(node, "args", [])), 0)
                    )
                    if inner is key:
                        yield source.replaced(node, '"data/training"')


@fault(
    SCRIPT,
    "TRN408 builder, TRN408 launcher, TRN409 builder, TRN409 launcher, TRN150, TRN151 contract",
    "TRN409 TRN151 TRN150",
)
def a_channel_that_nobody_provides(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        for key in _environment_reads(source):
            if str(key.value).startswith("SM_CHANNEL_"):
                yield source.value(key).to("SM_CHANNEL_HOLDOUT")


@fault(SCRIPT, "TRN002")
def a_bracket_left_open(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        function = next(_functions(source), None)
        if function is not None:
            start = source.span(function.body[-1])[0]
            yield f"{source.text[:start]}({source.text[start:]}"


@fault(SCRIPT, "TRN105")
def the_evaluation_is_left_out(step: StepFiles) -> Iterator[str | None]:
    for source in _source(step):
        text, found = source.text, False
        judged = {"predict", "accuracy_score", "roc_auc_score", "mean_absolute_error", "evaluate"}
        for statement in reversed(list(source.all(ast.Expr, ast.Assign))):
            calls = [n for n in ast.walk(statement) if called(n) in judged]
            if calls and isinstance(statement, ast.stmt):
                start, end = source.span(statement)
                text, found = text[:start] + "pass" + text[end:], True
        fits = [c for c in _calls(source, {"train"}) if source.value(c).get("evals")]
        if found and not fits:
            yield text
