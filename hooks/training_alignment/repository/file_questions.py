"""Questions about one file that its name and its bytes alone decide.

The searches of a repository ask them of every file. A run of the check that is kept holds as long as the answers are
the same: most changes of a file change no answer.
"""

from __future__ import annotations

from training_alignment.artefacts.read_error import MAX_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Generic, TypeVar

    Answer = TypeVar("Answer", covariant=True)
else:
    # Every commit that the command checks loads this module, and ``typing`` takes half as long as the interpreter.
    class Generic:
        def __class_getitem__(cls, _):
            return cls

    Answer = None


class FileQuestion(Generic[Answer]):
    """A function of a file's path, its bytes and some words. The representation of its answer tells answers apart.

    ``limit`` is the greatest number of bytes of a file that is read.
    """

    def __init__(self, function: Callable[..., Answer], limit: int = MAX_BYTES) -> None:
        self.function = function
        self.limit = limit
        self.name = f"{function.__module__} {function.__name__} {limit}"


def question_called(name: str) -> FileQuestion[Any] | None:
    """Return the question with a name; None if there is none."""
    from importlib import import_module

    module, function, limit = name.split(" ")
    found = vars(import_module(module)).values() if module.startswith("training_alignment.") else ()
    asked = (one.function for one in found if isinstance(one, FileQuestion))
    answers = next((one for one in asked if one.__name__ == function), None)
    return FileQuestion(answers, int(limit)) if answers is not None else None


def answer_of(path: str, data: bytes, question: tuple[str, ...]) -> object:
    """Return the answer to a question about a file that a trace holds. Raises if there is none any more."""
    name, *words = question
    asked = question_called(name)
    if asked is None or len(data) > asked.limit:
        raise LookupError(name)
    return asked.function(path, data, *words)
