"""JSON and YAML files that start training jobs, as Python modules that send the same requests.

Three kinds are read. Every node of the module has the place of its value in the file, so that all rules apply:

* a request for ``aws sagemaker create-training-job --cli-input-json file://...``: the members of CreateTrainingJob or
  CreateHyperParameterTuningJob at the top of the file;
* the tasks of a state machine of AWS Step Functions whose resource is ``sagemaker:createTrainingJob``, in a file of its
  own or anywhere in a template of CloudFormation, SAM or the Serverless Framework, also as a string of JSON;
* the training and tuning steps of a definition of a SageMaker pipeline.

Source: the Amazon States Language (``Parameters``, ``Arguments``, keys that end in ``.$``, ``{% %}``), the template
reference of CloudFormation (``Ref``, ``Fn::``), the JSON schema of pipeline definitions, version 2020-12-01.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.launcher.boto3_requests import TRAINING, TUNING
from flake8_training.launcher.data_literals import (
    Bounds,
    DataLiteral,
    read_json_literal,
    read_yaml_literal,
    unknown,
)
from flake8_training.named_tuple import NamedTuple
from flake8_training.pattern import pattern
from training_alignment.artefacts.read_error import ReadError

_BOUNDS = Bounds(values=20_000, levels=60)
_TASK = pattern(r"(?::|^)states:(?::|[^:\s]*:[^:\s]*:)sagemaker:(create\w+)(?:\.sync(?::\d)?)?$")
_OPERATIONS = {"createTrainingJob": TRAINING, "createHyperParameterTuningJob": TUNING}
_STEPS = {"Training": TRAINING, "Tuning": TUNING}
_REQUIRED = {
    TRAINING: ("TrainingJobName", "AlgorithmSpecification", "ResourceConfig"),
    TUNING: ("HyperParameterTuningJobName", "HyperParameterTuningJobConfig"),
}
_ARNS = ("TrainingJobArn", "HyperParameterTuningJobArn")
"""Members of the answer of a describe call, which repeats the members of the request."""
_PIPELINE_VERSION = "2020-12-01"
_INSERTED = pattern(r"\$\{[^}]*+\}")
_DYNAMIC = pattern(r"(?s)\s*\{%.*%\}\s*")
_REFERENCES = ("Ref", "Get")
_FUNCTIONS = ("Fn::", "Std:")
_MAX_STRING = 100_000


class Document(NamedTuple):
    """A file as a module that sends its requests, and the file's lines."""

    tree: ast.Module
    lines: tuple[str, ...]


class _Found(NamedTuple):
    """A request: its operation, its members, and the node at which to report what it lacks."""

    operation: str
    members: ast.Dict
    at: ast.expr


def read_document(data: bytes, path: str) -> Document | None:
    """Return the requests of a JSON or YAML file; None if it has none. Raises `ReadError`."""
    try:
        literal = _read(data.decode("utf-8-sig"), path.endswith(".json"))
    except (ValueError, RecursionError, MemoryError) as error:
        raise ReadError(path, *_place_of(error), f"neither JSON nor YAML: {_first_line(error)}") from None
    found = list(_requests(literal, 0))
    if not found:
        return None
    body: list[ast.stmt] = [_statement(one) for one in sorted(found, key=lambda one: one.at.lineno)]
    return Document(ast.fix_missing_locations(ast.Module(body=body, type_ignores=[])), literal.lines)


def _read(text: str, is_json: bool) -> DataLiteral:
    return read_json_literal(text, _BOUNDS) if is_json else read_yaml_literal(text, _BOUNDS, templates=True)


def _place_of(error: BaseException) -> tuple[int, int]:
    """Return the place that an error of PyYAML or of Python's JSON parser names."""
    cause = error.__context__ if error.__context__ is not None else error
    mark = getattr(cause, "problem_mark", None)
    if mark is not None:
        return mark.line + 1, mark.column + 1
    return getattr(error, "lineno", 1), getattr(error, "colno", 1)


def _first_line(error: BaseException) -> str:
    cause = error.__context__ if error.__context__ is not None else error
    return str(getattr(cause, "problem", None) or getattr(error, "msg", None) or error).partition("\n")[0]


def _requests(literal: DataLiteral, depth: int) -> Iterator[_Found]:
    """Yield the requests of a file, or of a string of JSON in it."""
    root = literal.root
    if isinstance(root, ast.Dict):
        for operation, names in _REQUIRED.items():
            if all(_member(root, name) is not None for name in names) and not any(
                _member(root, name) is not None for name in _ARNS
            ):
                yield _Found(operation, root, root)
                return
    is_pipeline = isinstance(root, ast.Dict) and _string(_member(root, "Version")) == _PIPELINE_VERSION
    for node in ast.walk(root):
        if isinstance(node, ast.Dict):
            found = _of_task(node) or (_of_step(node) if is_pipeline else None)
            if found is not None:
                yield found
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and depth == 0:
            yield from _in_string(node, node.value, literal)


def _of_task(node: ast.Dict) -> _Found | None:
    """Return the request of a task of a state machine, or None."""
    resource = _member(node, "Resource")
    matched = _TASK.search(_string(resource) or "")
    operation = _OPERATIONS.get(matched[1]) if matched else None
    members = _member(node, "Parameters") or _member(node, "Arguments")
    if operation is None or resource is None or not isinstance(members, ast.Dict):
        return None
    return _Found(operation, members, resource)


def _of_step(node: ast.Dict) -> _Found | None:
    """Return the request of a step of a pipeline's definition, or None."""
    kind = _member(node, "Type")
    operation, members = _STEPS.get(_string(kind) or ""), _member(node, "Arguments")
    if operation is None or kind is None or not isinstance(members, ast.Dict):
        return None
    # SageMaker names the jobs of a pipeline.
    name = _REQUIRED[operation][0]
    if _member(members, name) is None:
        members = ast.copy_location(
            ast.Dict(
                [ast.copy_location(ast.Constant(name), kind), *members.keys],
                [ast.copy_location(unknown(), kind), *members.values],
            ),
            members,
        )
    return _Found(operation, members, kind)


def _in_string(node: ast.Constant, text: str, literal: DataLiteral) -> Iterator[_Found]:
    """Yield the requests in a string of JSON, at the lines of the file that hold them."""
    if not (
        "createTrainingJob" in text or "createHyperParameterTuningJob" in text or _PIPELINE_VERSION in text
    ):
        return
    if len(text) > _MAX_STRING or not text.lstrip().startswith("{"):
        return
    try:
        inner = read_json_literal(text, _BOUNDS)
    except (ValueError, RecursionError, MemoryError):
        return
    first = literal.blocks.get(id(node))
    for one in ast.walk(inner.root):
        if isinstance(one, ast.expr):
            if first is None:
                ast.copy_location(one, node)
            else:
                one.lineno += first - 1
                one.end_lineno = one.lineno
                written = literal.lines[one.lineno - 1] if one.lineno <= len(literal.lines) else ""
                one.col_offset += (
                    len(written) - len(written.lstrip()) - _indent(inner.lines, one.lineno - first)
                )
                one.end_col_offset = one.col_offset
    yield from _requests(inner, 1)


def _indent(lines: tuple[str, ...], index: int) -> int:
    written = lines[index] if 0 <= index < len(lines) else ""
    return len(written) - len(written.lstrip())


def _statement(found: _Found) -> ast.stmt:
    """Return the call that sends a request."""
    client = ast.Attribute(ast.Name("client", ast.Load()), found.operation, ast.Load())
    call = ast.Call(func=client, args=[], keywords=[ast.keyword(None, _evaluable(found.members))])
    statement = ast.Expr(call)
    for node in (client, client.value, call, statement):
        ast.copy_location(node, found.at)
    return statement


def _evaluable(node: ast.expr) -> ast.expr:
    """Return a value as Python evaluates it: what only the running service knows is unknown."""
    if isinstance(node, ast.Dict):
        if len(node.keys) == 1 and _is_reference(node.keys[0]):
            return ast.copy_location(unknown(), node)
        keys: list[ast.expr | None] = []
        values: list[ast.expr] = []
        for key, value in zip(node.keys, node.values, strict=True):
            name = _string(key)
            if name is not None and name.endswith(".$"):
                keys.append(ast.copy_location(ast.Constant(name[:-2]), key or node))
                values.append(ast.copy_location(unknown(), value))
            else:
                keys.append(key)
                values.append(_evaluable(value))
        return ast.copy_location(ast.Dict(keys, values), node)
    if isinstance(node, ast.List):
        return ast.copy_location(ast.List([_evaluable(one) for one in node.elts], ast.Load()), node)
    text = _string(node)
    if text is None:
        return node
    if _DYNAMIC.fullmatch(text):
        return ast.copy_location(unknown(), node)
    return _template(text, node) if "${" in text else node


def _template(text: str, node: ast.expr) -> ast.expr:
    """Return a string with ``${...}`` as an f-string whose inserted parts are unknown."""
    parts: list[ast.expr] = []
    at = 0
    for inserted in _INSERTED.finditer(text):
        if inserted.start() > at:
            parts.append(ast.Constant(text[at : inserted.start()]))
        parts.append(ast.FormattedValue(unknown(), -1, None))
        at = inserted.end()
    if at < len(text):
        parts.append(ast.Constant(text[at:]))
    template = ast.JoinedStr(parts)
    for one in ast.walk(template):
        if isinstance(one, ast.expr):
            ast.copy_location(one, node)
    return template


def _is_reference(key: ast.expr | None) -> bool:
    """Return whether the only key of a mapping makes it a function of CloudFormation or of a pipeline."""
    name = _string(key)
    return name is not None and (name in _REFERENCES or name.startswith(_FUNCTIONS))


def _member(node: ast.expr, name: str) -> ast.expr | None:
    """Return the value of a key of a mapping, or None."""
    if not isinstance(node, ast.Dict):
        return None
    pairs = zip(node.keys, node.values, strict=True)
    return next((value for key, value in pairs if _string(key) == name), None)


def _string(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
