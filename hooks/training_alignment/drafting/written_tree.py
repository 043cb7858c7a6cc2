"""A tree of keys, values and comments, and its two forms: a dict literal in Python, and YAML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from flake8_training.pattern import pattern
from flake8_training.printable import escaped
from flake8_training.record import Record

WIDTH = 110
"""The longest line with a comment at its end; a longer comment is a line of its own before the key."""

Plain = str | int | float | bool | None


class Words(tuple[str, ...]):
    """A list of words as the value of a line."""


class Line(Record):
    """A key with its value, and a comment. A line without a key is a comment alone; a tuple of lines is a table."""

    key: str
    value: Plain | Words | tuple[Line, ...] = None
    comment: str = ""


def python_source(name: str, lines: Iterable[Line]) -> str:
    """Return the constant ``name`` with a dict literal."""
    return "\n".join([f"{name} = {{", *python_lines(lines, "    "), "}"]) + "\n"


def python_lines(lines: Iterable[Line], indent: str) -> Iterator[str]:
    """Yield the entries of a dict literal."""
    for line in lines:
        if not line.key:
            yield f"{indent}# {remark(line.comment)}"
        elif inside := _inside(line):
            yield from with_comment(f"{indent}{python_value(line.key)}: {{", line.comment)
            yield from python_lines(inside, indent + "    ")
            yield f"{indent}}},"
        else:
            yield from with_comment(f"{indent}{python_value(line.key)}: {_python(line.value)},", line.comment)


def yaml_source(lines: Iterable[Line]) -> str:
    """Return a YAML document."""
    return "\n".join(_yaml_lines(lines, "")) + "\n"


def with_comment(source: str, comment: str) -> Iterator[str]:
    """Yield a line of source with its comment, which has a line of its own if both together are too long."""
    comment = remark(comment)
    if not comment:
        yield source
    elif len(source) + len(comment) + 4 <= WIDTH:
        yield f"{source}  # {comment}"
    else:
        yield f"{source[: len(source) - len(source.lstrip())]}# {comment}"
        yield source


def remark(comment: str) -> str:
    """Return a comment that is safe in a source: words of the script may hold any character."""
    return escaped(" ".join(comment.split()))


def python_value(value: object) -> str:
    """Return a literal of Python, with double quotes."""
    if not isinstance(value, str):
        return repr(value)
    return json.dumps(value, ensure_ascii=False) if value.isprintable() else ascii(value)


def _python(value: object) -> str:
    if isinstance(value, Words):
        return f"[{', '.join(map(python_value, value))}]"
    return "{}" if isinstance(value, tuple) else python_value(value)


def _inside(line: Line) -> tuple[Line, ...]:
    """Return the lines of a table; none for another value."""
    value = line.value
    return value if isinstance(value, tuple) and not isinstance(value, Words) else ()


def _yaml_lines(lines: Iterable[Line], indent: str) -> Iterator[str]:
    for line in lines:
        if not line.key:
            yield f"{indent}# {remark(line.comment)}"
            continue
        key, inside = f"{indent}{_yaml_value(line.key)}:", _inside(line)
        if any(one.key for one in inside):
            yield from with_comment(key, line.comment)
        elif isinstance(line.value, Words):
            yield from with_comment(f"{key} [{', '.join(map(_yaml_value, line.value))}]", line.comment)
        else:
            shown = "{}" if isinstance(line.value, tuple) else _yaml_value(line.value)
            yield from with_comment(f"{key} {shown}", line.comment)
        yield from _yaml_lines(inside, indent + "  ")


_PLAIN = pattern(r"[A-Za-z/][\w./-]*")
"""Strings that need no quotes, unless YAML reads them as another value (``yes``, ``null``)."""


def _yaml_value(value: object) -> str:
    import yaml

    if isinstance(value, str) and _PLAIN.fullmatch(value) and yaml.safe_load(value) == value:
        return value
    style = '"' if isinstance(value, str) else None
    is_plain = not isinstance(value, str) or value.isprintable()
    shown: str = yaml.safe_dump(value, default_style=style, width=float("inf"), allow_unicode=is_plain)
    return shown.removesuffix("\n").removesuffix("\n...")
