"""String and path operations: attributes, methods, formatting and operators."""

from __future__ import annotations

import ast
import posixpath
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import (
    CHANNELS,
    DICTS,
    MAX_ELEMENTS,
    MAX_TEXT,
    UNKNOWN,
    Collection,
    Constant,
    Elements,
    Frame,
    OptionValue,
    Reference,
    StringTemplate,
    Value,
    Values,
    Variable,
    elements,
    joined,
    text,
)

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import Scope
    from flake8_training.engine.values.call_arguments import CallArguments
    from flake8_training.engine.values.interface import EvaluatorInterface

# Methods of pathlib.Path that str lacks. Any other method counts as one of a string.
_PATH_METHODS = frozenset(
    "open read_text read_bytes write_text write_bytes mkdir exists is_file is_dir iterdir glob rglob unlink "
    "touch rmdir rename symlink_to stat".split()
)
# Methods whose result denotes the same string or path. Of these, only the ``strip`` family changes a constant.
_SAME_STRING = frozenset(
    "strip rstrip lstrip resolve absolute expanduser as_posix decode encode __str__ __fspath__".split()
)

_MAX_PARENTS = 16
"""The most folders above a path that are followed."""


def text_attribute(value: Value, name: str) -> Values:
    """Return the values of an attribute of a string or a path."""
    if name == "parent":
        return (parent_of(value),)
    if name == "parents":
        return (_parents_of(value),)
    if name in ("name", "stem", "suffix"):
        return (name_of(value) if name == "name" else UNKNOWN,)
    if name == "value":
        return (value,)
    kind = "pathlib.Path()" if name in _PATH_METHODS else "builtins.str()"
    return (Reference(f"{kind}.{name}", value),)


def text_method(arguments: CallArguments, receiver: Value | None, method: str) -> Values:
    """Return the values of a method call on a string or a path; unknown if the method is not modelled."""
    evaluator = arguments.evaluator
    if receiver is None:
        return (UNKNOWN,)
    if method in _SAME_STRING:
        if isinstance(receiver, Constant) and isinstance(receiver.value, str) and method.endswith("strip"):
            marks = [v.value for v in arguments.at(0) if isinstance(v, Constant) and isinstance(v.value, str)]
            return (Constant(getattr(receiver.value, method)(*marks[:1])),)
        return (receiver,)
    if method == "copy":
        return (receiver,)  # no method of a string: the dict that ``json.loads`` reads from it
    if method == "joinpath":
        return tuple(
            evaluator.joined_paths(
                [(receiver,), *(arguments.at(i) for i in range(len(arguments.positional)))]
            )
        )
    if method in ("with_suffix", "with_name", "relative_to"):
        return (
            (joined(text(parent_of(receiver)) or StringTemplate(()), StringTemplate(("/", UNKNOWN))),)
            if method != "relative_to"
            else (UNKNOWN,)
        )
    if method == "format":
        return _formatted(arguments, receiver)
    if method == "join":
        return _joined_by(arguments, receiver)
    if method == "get" and receiver == CHANNELS:
        keys = [k.value for k in arguments.at(0) if isinstance(k, Constant) and isinstance(k.value, str)]
        return tuple(r for key in keys for r in evaluator.item(receiver, key)) or (UNKNOWN,)
    if isinstance(receiver, Constant) and isinstance(receiver.value, str):
        if method in ("lower", "upper", "title", "capitalize"):
            return (Constant(getattr(receiver.value, method)()),)
        if method == "replace":
            old, new = arguments.at(0), arguments.at(1)
            if len(old) == len(new) == 1 and isinstance(old[0], Constant) and isinstance(new[0], Constant):
                return (_replaced(receiver.value, str(old[0].value), str(new[0].value)),)
        if method == "split":
            marks = [
                v.value
                for v in arguments.at(0)
                if isinstance(v, Constant) and isinstance(v.value, str) and v.value
            ]
            if marks or not arguments.positional:
                pieces = receiver.value.split(marks[0]) if marks else receiver.value.split()
                return (elements(tuple(Constant(piece) for piece in pieces), ordered=True),)
    if method in ("lower", "upper", "replace"):
        return (receiver,) if isinstance(receiver, OptionValue | Variable) else (UNKNOWN,)
    return (UNKNOWN,)


def _joined_by(arguments: CallArguments, separator: Value) -> Values:
    """Return ``separator.join([...])`` of a list or tuple that the call itself displays."""
    shown = arguments.positional[0] if len(arguments.positional) == 1 else None
    if not isinstance(shown, ast.List | ast.Tuple) or not isinstance(separator, Constant):
        return (UNKNOWN,)
    if len(shown.elts) > MAX_ELEMENTS or any(isinstance(one, ast.Starred) for one in shown.elts):
        return (UNKNOWN,)
    pieces: list[Values] = []
    for one in shown.elts:
        pieces += ([(separator,)] if pieces else []) + [arguments.of(one)]
    return tuple(arguments.evaluator.combined(pieces, joined))


def _replaced(whole: str, old: str, new: str) -> Value:
    """Return ``whole.replace(old, new)``; unknown if the result exceeds ``MAX_TEXT``."""
    more = whole.count(old) * (len(new) - len(old))
    if more > 0 and len(whole) + more > MAX_TEXT:
        return UNKNOWN
    return Constant(whole.replace(old, new))


def _formatted(arguments: CallArguments, receiver: Value) -> Values:
    if not (isinstance(receiver, Constant) and isinstance(receiver.value, str)):
        return (UNKNOWN,)
    import string

    pieces: list[Values] = []
    number = 0
    try:
        fields = list(string.Formatter().parse(receiver.value))
    except ValueError:
        return (UNKNOWN,)
    for literal, field, _, _ in fields:
        pieces.append((Constant(literal),))
        if field is None:
            continue
        if field == "":
            pieces.append(arguments.at(number) or (UNKNOWN,))
            number += 1
        elif field.isdecimal():
            pieces.append(arguments.at(int(field)) or (UNKNOWN,))
        else:
            pieces.append(arguments.at(10**6, field) or (UNKNOWN,))
    return tuple(arguments.evaluator.combined(pieces, joined)) if len(pieces) < 40 else (UNKNOWN,)


def parent_of(value: Value) -> Value:
    """Return the parent of a path, or unknown."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return Constant(posixpath.dirname(value.value.rstrip("/")) or ".")
    whole = text(value)
    if whole is None or not whole.parts:
        return UNKNOWN
    last = whole.parts[-1]
    if isinstance(last, str):
        head, slash, _ = last.rstrip("/").rpartition("/")
        return joined(StringTemplate((*whole.parts[:-1], head))) if slash else UNKNOWN
    before = whole.parts[-2] if len(whole.parts) > 1 else ""
    if isinstance(before, str) and before.endswith("/"):
        return joined(StringTemplate((*whole.parts[:-2], before.rstrip("/"))))
    return UNKNOWN


def _parents_of(value: Value) -> Value:
    """Return ``path.parents``: the parent, its parent, and so on, as far as they are known."""
    found: list[Value] = []
    above = parent_of(value)
    while above != UNKNOWN and len(found) < _MAX_PARENTS and above not in found[-1:]:
        found.append(above)
        above = parent_of(above)
    return elements(tuple(found), ordered=True) if found else UNKNOWN


def name_of(value: Value) -> Value:
    """Return the last segment of a path, or unknown."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return Constant(posixpath.basename(value.value))
    if isinstance(value, StringTemplate) and isinstance(value.parts[-1], str) and "/" in value.parts[-1]:
        return Constant(value.parts[-1].rpartition("/")[2])
    return UNKNOWN


def unary(operator: ast.unaryop, values: Values) -> Values:
    """Return the values of ``-x`` for numbers; unknown for any other operand or operator."""
    found: list[Value] = []
    for value in values:
        if (
            isinstance(operator, ast.USub)
            and isinstance(value, Constant)
            and isinstance(value.value, int | float)
        ):
            found.append(Constant(-value.value))
        else:
            found.append(UNKNOWN)
    return tuple(found)


def binary(
    evaluator: EvaluatorInterface,
    node: ast.BinOp,
    left: Values,
    right: Values,
    scope: Scope,
    frame: Frame | None,
) -> Values:
    """Return the values of ``+`` and ``%`` of strings, ``/`` of paths, ``+`` and ``|`` of collections."""
    if isinstance(node.op, ast.Div):
        if any(_is_string(v) for v in (*left, *right)):
            return tuple(evaluator.joined_paths([left, right]))
        return (UNKNOWN,)
    if isinstance(node.op, ast.Mod):
        return tuple(_percent(evaluator, left, right))
    if isinstance(node.op, ast.BitOr):
        merged = tuple(v for v in (*left, *right) if isinstance(v, Collection))
        if any(isinstance(v.node, DICTS) for v in merged):
            return (Collection(node, scope, frame),)
        return merged or (UNKNOWN,)
    if not isinstance(node.op, ast.Add):
        return (UNKNOWN,)
    if any(isinstance(v, Collection | Elements) for v in (*left, *right)):
        return (elements(tuple(r for v in (*left, *right) for r in evaluator.element(v))),)
    numbers = [v.value for v in (*left, *right) if isinstance(v, Constant)]
    if numbers and all(isinstance(n, int | float) for n in numbers):
        return (UNKNOWN,)
    return tuple(evaluator.combined([left, right], joined))


def _is_string(value: Value) -> bool:
    return isinstance(value, StringTemplate | Variable | OptionValue) or (
        isinstance(value, Constant) and isinstance(value.value, str)
    )


def _percent(evaluator: EvaluatorInterface, left: Values, right: Values) -> list[Value]:
    found: list[Value] = []
    for pattern in left:
        if not (isinstance(pattern, Constant) and isinstance(pattern.value, str)):
            found.append(UNKNOWN)
            continue
        literals = pattern.value.replace("%d", "%s").split("%s")
        arguments: list[Values] = []
        for value in right:
            if isinstance(value, Collection) and isinstance(value.node, ast.Tuple):
                arguments = [evaluator.values(e, value.scope, value.frame) for e in value.node.elts]
            else:
                arguments = [right]
            break
        if "%" in "".join(literals) or len(arguments) != len(literals) - 1:
            found.append(joined(StringTemplate((literals[0].partition("%")[0], UNKNOWN))))
            continue
        pieces: list[Values] = [(Constant(literals[0]),)]
        for values, literal in zip(arguments, literals[1:], strict=True):
            pieces.extend((values, (Constant(literal),)))
        found.extend(evaluator.combined(pieces, joined))
    return found
