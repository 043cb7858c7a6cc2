"""Names of steps and of their files, and when two names mean the same step.

These mean the same step: ``builder_xgboost_training_step.py``, ``xgboost_training_contract.py``,
``XGBOOST_TRAIN_CONTRACT``, ``XGBoostTraining`` and ``training_step_xgboost``. Words for the part of a step are ignored.
Words are compared by their roots; their order counts only if it decides between two steps.
"""

from __future__ import annotations

from functools import lru_cache

from flake8_training.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, TypeVar

    T = TypeVar("T")
else:
    # Every commit that the command checks loads this module, and ``typing`` takes half as long as the interpreter.
    class Generic:
        def __class_getitem__(cls, _):
            return cls

    T = None

_WORD = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")

ROLE_WORDS = {
    "contract": "contract",
    "contracts": "contract",
    "spec": "specification",
    "specs": "specification",
    "specification": "specification",
    "specifications": "specification",
    "builder": "builder",
    "builders": "builder",
    "config": "configuration",
    "configs": "configuration",
    "configuration": "configuration",
    "script": "script",
    "scripts": "script",
    "interface": "interface",
    "interfaces": "interface",
    "dependencies": "flow",
    "flow": "flow",
    "step": "",
    "steps": "",
    "sagemaker": "",
}
"""Words for the purpose of a file, with the part of a step that they mean (an empty string for the last ones)."""

_ROOTS = {
    "train": "train",
    "trainer": "train",
    "eval": "eval",
    "evaluator": "eval",
    "evaluate": "eval",
    "evaluation": "eval",
    "preproc": "preprocess",
    "register": "regist",
    "registration": "regist",
    "xgb": "xgboost",
    "lgb": "lightgbm",
    "lgbm": "lightgbm",
    "tf": "tensorflow",
    "hf": "huggingface",
}
_ENDINGS = ("ization", "isation", "ation", "ate", "ing", "ion", "e")

MAX_PERMUTED = 6
KEPT_NAMES = 4_096
"""Names whose forms are kept: those of the files and steps that are compared at a time."""
_MIN_LETTERS = 5
"""The least number of letters of a name that is searched for inside another name."""


class Key(tuple[tuple[str, ...], str]):
    """A name without the words for its part: the roots of its words, in order, and joined."""

    __slots__ = ()

    def __new__(cls, words: tuple[str, ...], text: str) -> Key:
        return tuple.__new__(cls, (words, text))

    @property
    def words(self) -> tuple[str, ...]:
        """The roots of the words, in order."""
        return self[0]

    @property
    def text(self) -> str:
        """The roots, joined."""
        return self[1]

    def __bool__(self) -> bool:
        return bool(self[0])


def words(name: str) -> list[str]:
    """Return the words of a name as written, in lower case: of ``snake_case``, ``kebab-case`` and ``CamelCase``."""
    parts = name.replace("-", "_").split("_")
    letters = "".join(parts)
    if letters.isascii() and letters.isalpha() and letters.islower():
        return [
            part for part in parts if part
        ]  # most names are such, and an expression takes five times as long
    return [word.lower() for word in _WORD.findall(name)]


@lru_cache(KEPT_NAMES)
def key(name: str) -> Key:
    """Return the key of a file's stem, a constant, a class or a step name."""
    roots = tuple(_root(word) for word in words(name) if word not in ROLE_WORDS)
    return Key(roots, "".join(roots))


@lru_cache(KEPT_NAMES)
def role(name: str) -> str:
    """Return the part of a step that a name's words declare; empty if they declare none or two."""
    roles = {ROLE_WORDS[w] for w in words(name) if ROLE_WORDS.get(w)}
    return roles.pop() if len(roles) == 1 else ""


def stem(path: str) -> str:
    """Return a file's name without folder and suffixes: ``churn`` for ``steps/churn.step.yaml``."""
    return path.rpartition("/")[2].partition(".")[0]


def same(one: Key, other: Key) -> bool:
    """Return whether two keys mean the same step, in any order of their words."""
    if not one or not other:
        return False
    if one.text == other.text:
        return True
    if len(one.text) != len(other.text) or sorted(one.text) != sorted(other.text):
        return False
    return _orders(one, other.text) or _orders(other, one.text)


def are_near(one: Key, other: Key) -> bool:
    """Return whether `Named` finds an object under one of the keys by the other."""
    left, right = one[1], other[1]
    if len(left) == len(right):
        return same(one, other)
    if len(left) > len(right):
        left, right, other = right, left, one
    return (right.startswith(left) or right.endswith(left)) and left in edges(other)


@lru_cache(KEPT_NAMES)
def edges(whole: Key) -> frozenset[str]:
    """Return the first words of a key, and the last ones, joined, if they are long enough to identify a step."""
    count = len(whole.words)
    cuts = ["".join(whole.words[:n]) for n in range(1, count)] + [
        "".join(whole.words[n:]) for n in range(1, count)
    ]
    return frozenset(cut for cut in cuts if len(cut) >= _MIN_LETTERS)


def _orders(words: Key, text: str) -> bool:
    if len(words.words) > MAX_PERMUTED:
        return False
    from itertools import permutations

    return any("".join(order) == text for order in permutations(words.words))


@lru_cache(KEPT_NAMES)
def _root(word: str) -> str:
    known = _ROOTS.get(word)
    if known is not None:
        return known
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            root = word[: -len(ending)]
            return _ROOTS.get(root, root)
    if len(word) > 4 and word.endswith("s") and not word.endswith("ss"):
        return _root(word[:-1])
    return word


class Named(Generic[T]):
    """Objects by key: found by the same key, else by a key with the same words in another order."""

    def __init__(self) -> None:
        self._exact: dict[str, list[T]] = {}
        self._waiting: list[tuple[Key, T]] = []
        """The objects that are not yet in the next three: few questions need these."""
        self._keys: dict[str, Key] = {}
        self._letters: dict[str, list[str]] = {}
        self._edges: dict[str, list[T]] = {}

    def add(self, name: Key, thing: T) -> None:
        """Add an object under a key; an empty key is ignored."""
        if not name:
            return
        self._exact.setdefault(name.text, []).append(thing)
        self._waiting.append((name, thing))

    def _complete(self) -> None:
        for name, thing in self._waiting:
            if name.text not in self._keys:
                self._letters.setdefault("".join(sorted(name.text)), []).append(name.text)
            self._keys[name.text] = name
            for edge in edges(name):
                self._edges.setdefault(edge, []).append(thing)
        self._waiting.clear()

    def find(self, name: Key) -> list[T]:
        """Return the objects under a key with the same words in the same order, or else in another order."""
        if not name:
            return []
        exact = self._exact.get(name.text)
        if exact is not None:
            return exact
        self._complete()
        alike = self._letters.get("".join(sorted(name.text)), ())
        return [thing for text in alike if same(self._keys[text], name) for thing in self._exact[text]]

    def nearly(self, name: Key) -> list[T]:
        """Return the objects under a key with additional or missing words at the front or the end."""
        self._complete()
        found = list(self._edges.get(name.text, ())) if name else []
        for edge in edges(name):
            found.extend(self._exact.get(edge, ()))
        return found
