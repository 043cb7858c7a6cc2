"""Changes of programs and files: of the syntax tree, of lines and of bytes."""

from __future__ import annotations

import ast
import copy
import warnings
from random import Random

from fuzzing.programs import Programs

PIECES = (b"\0", b"\r", b"\x0c", b"\xef\xbb\xbf", b"\xff", b"\xed\xa0\x80", b"\\", b"\n\n", b"\t", b"#", b"'", b'"""',
          b"# -*- coding: latin-1 -*-\n", b"# noqa: TRN104", b"(", b"{", b"*a", b"&a ",
          b"<<: *a", b": ", b"- ")  # fmt: skip


def mutated_tree(random: Random, text: str, other: str) -> str:
    """The program with some nodes swapped, doubled, left out, renamed or made anew; ``other`` gives nodes too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree, donor = ast.parse(text), ast.parse(other)
    for _ in range(int(12 ** random.random())):
        _change(random, tree, random.choice((tree, donor)))
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _change(random: Random, tree: ast.Module, donor: ast.Module) -> None:
    """Change one thing in the tree."""
    kind = random.randrange(6)
    if kind == 0:
        bodies = [
            body for node in ast.walk(tree) if isinstance(body := getattr(node, "body", None), list) and body
        ]
        statements = [node for node in ast.walk(donor) if isinstance(node, ast.stmt)]
        if not bodies or not statements:
            return
        body = random.choice(bodies)
        place = random.randrange(len(body))
        draw = random.random()
        if draw < 0.3 and len(body) > 1:
            del body[place]
        elif draw < 0.6:
            body.insert(place, copy.deepcopy(random.choice(statements)))
        elif draw < 0.8:
            body[place:place] = [copy.deepcopy(body[place]) for _ in range(int(30 ** random.random()))]
        else:
            random.shuffle(body)
    elif kind == 1:
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        others = [node.id for node in ast.walk(donor) if isinstance(node, ast.Name)]
        if names and others:
            random.choice(names).id = random.choice(others)
    elif kind == 2:
        constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        if constants:
            _new_constant(random, random.choice(constants))
    else:
        places = [
            (node, name, number)
            for node in ast.walk(tree)
            for name, value in ast.iter_fields(node)
            for number, item in enumerate(value if isinstance(value, list) else [value])
            if isinstance(item, ast.expr) and isinstance(getattr(item, "ctx", ast.Load()), ast.Load)
        ]
        expressions = [
            node
            for node in ast.walk(donor)
            if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        ]
        if not places or not expressions:
            return
        node, name, number = random.choice(places)
        new: ast.AST = copy.deepcopy(random.choice(expressions))
        if kind == 3:
            new = ast.parse(Programs(random).expression(3), mode="eval").body
        value = getattr(node, name)
        if isinstance(value, list):
            value[number] = new
        else:
            setattr(node, name, new)


def _new_constant(random: Random, node: ast.Constant) -> None:
    program = Programs(random)
    program.oddity = 0.3
    if isinstance(node.value, str):
        node.value = program.text()
    else:
        node.value = ast.literal_eval(program.number())


def mutated_bytes(random: Random, content: bytes, other: bytes) -> bytes:
    """The bytes with some of them, or of their lines, changed, doubled, left out or taken from others."""
    for _ in range(int(10 ** random.random())):
        kind = random.randrange(6)
        if kind < 3:
            lines, others = content.split(b"\n"), other.split(b"\n")
            at, end = sorted((random.randrange(len(lines)), random.randrange(len(lines))))
            end = min(end, at + int(20 ** random.random()))
            if kind == 0:
                del lines[at:end]
            elif kind == 1:
                lines[at:at] = lines[at:end] * int(10 ** random.random())
            else:
                start = random.randrange(len(others))
                lines[at:at] = others[start : start + int(10 ** random.random())]
            content = b"\n".join(lines)
            continue
        at = random.randint(0, len(content))
        if kind == 3:
            content = content[:at] + random.choice(PIECES) + content[at:]
        elif kind == 4:
            content = content[:at] + content[at + int(20 ** random.random()) :]
        else:
            content = content[:at] + bytes([random.randrange(256)]) + content[at + 1 :]
    return content
