"""One input for each seed and number, from the grammars or by a mutation of the seed sources."""

from __future__ import annotations

import ast
import warnings
from random import Random

from fuzzing.cases import Case
from fuzzing.mutations import mutated_bytes, mutated_tree
from fuzzing.programs import IMPORTS, Programs, module_set, paths_of_a_tree
from fuzzing.repositories import Repositories, commands, encoded
from fuzzing.seeds import seed_programs, seed_repositories


def draw(seed: int, number: int) -> Case:
    """Return the input of that number; the same one every time, on any Python but for the way it unparses."""
    random = Random(f"{seed}:{number}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn = random.random()
        if drawn < 0.30:
            return _program(random)
        if drawn < 0.45:
            return _modules(random)
        if drawn < 0.65:
            return _mutated_program(random)
        if drawn < 0.85:
            return Repositories(random).repository()
        return _mutated_repository(random)


def _facts(random: Random, path: str) -> tuple[tuple[str, ...], ...]:
    command = ("facts", path, "--format", random.choice(("text", "json")))
    return (command,) if random.random() < 0.5 else ()


def _program(random: Random) -> Case:
    program = Programs(random)
    draw = random.random()
    if draw < 0.6:
        text = program.script()
    elif draw < 0.75:
        text = program.launcher()
    elif draw < 0.9:
        text = f"{IMPORTS}{program.parser()}\n{program.amplifier(200)}\n{program.statement(1)}\n"
        text = text if _parses(text) else program.script()
    elif draw < 0.97:
        text = f"{IMPORTS}{program.recursion()}\nmodel.fit(data)\n"
    else:
        text = f"{IMPORTS}model.fit(data)\nmodel.save({paths_of_a_tree(random)!a})\n"
    return Case("program", encoded({"train.py": text}), {}, ("train.py",), _facts(random, "train.py"))


def _modules(random: Random) -> Case:
    files = module_set(random)
    scripts = tuple(path for path in files if path.endswith("train.py"))
    return Case("modules", encoded(files), {}, scripts, _facts(random, scripts[0]))


def _mutated_program(random: Random) -> Case:
    programs = seed_programs()
    text, other = random.choice(programs), random.choice(programs)
    if random.random() < 0.3:
        other = Programs(random).script()
    if random.random() < 0.7 and _parses(other):
        try:
            content = mutated_tree(random, text, other).encode("utf-8", "surrogatepass")
        except (ValueError, RecursionError):
            content = text.encode()
    else:
        content = mutated_bytes(random, text.encode(), other.encode("utf-8", "replace"))
    return Case("mutated program", {"train.py": content}, {}, ("train.py",), _facts(random, "train.py"))


def _mutated_repository(random: Random) -> Case:
    repositories = seed_repositories()
    files = encoded(random.choice(repositories))
    other = encoded(random.choice(repositories))
    if random.random() < 0.3:
        files |= other
    for path in random.sample(list(files), min(len(files), random.randint(1, 3))):
        text, donor = files[path], random.choice(list(other.values()) or [b""])
        try:
            if path.endswith(".py") and random.random() < 0.6:
                changed = mutated_tree(random, text.decode(), donor.decode())
                files[path] = changed.encode("utf-8", "surrogatepass")
                continue
        except (SyntaxError, ValueError, RecursionError):
            pass
        files[path] = mutated_bytes(random, text, donor)
    return Case("mutated repository", files, {}, (), commands(random, tuple(files)))


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
