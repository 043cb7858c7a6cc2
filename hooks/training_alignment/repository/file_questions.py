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

    from training_alignment.repository.answer_forms import Form

    Answer = TypeVar("Answer", covariant=True)
else:
    # Every commit that the command checks loads this module, and ``typing`` takes half as long as the interpreter.
    class Generic:
        def __class_getitem__(cls, _):
            return cls

    Answer = None


class FileQuestion(Generic[Answer]):
    """A function of a file's path, its bytes and some words. The representation of its answer tells answers apart.

    ``limit`` is the greatest number of bytes of a file that is read. With ``of``, the function takes the answer to that
    question in place of the bytes; it is False where ``only_if`` is, which the bytes answer faster. ``form`` is that in
    which later runs know the answer; None if they ask again. ``needles`` returns the strings of which the kept answer
    to ``of`` has one if the answer says something; none if it may say something whenever the other does.
    """

    def __init__(
        self,
        function: Callable[..., Answer],
        limit: int = MAX_BYTES,
        *,
        of: FileQuestion[Any] | None = None,
        only_if: Callable[..., bool] | None = None,
        form: Form | None = None,
        needles: Callable[..., tuple[str, ...]] | None = None,
    ) -> None:
        self.function = function
        self.limit: int = of.limit if of is not None else limit
        self.of = of
        self.only_if = only_if
        self.form = form
        self.needles = needles
        self.name = f"{function.__module__} {function.__name__} {self.limit}"

    def answer(self, path: str, data: bytes, *words: str) -> Answer:
        """Return the answer for a file with these bytes."""
        if self.of is None:
            return self.function(path, data, *words)
        if self.only_if is not None and not self.only_if(path, data, *words):
            return False  # type: ignore[return-value]
        return self.function(path, self.of.answer(path, data), *words)


def question_called(name: str) -> FileQuestion[Any] | None:
    """Return the question with a name; None if there is none."""
    from importlib import import_module

    module, function, limit = name.split(" ")
    found = vars(import_module(module)).values() if module.startswith("training_alignment.") else ()
    asked = (one for one in found if isinstance(one, FileQuestion))
    known = next((one for one in asked if one.function.__name__ == function), None)
    return (
        FileQuestion(known.function, int(limit), of=known.of, only_if=known.only_if)
        if known is not None
        else None
    )


def answer_of(path: str, data: bytes, question: tuple[str, ...]) -> object:
    """Return the answer to a question about a file that a trace holds. Raises if there is none any more."""
    name, *words = question
    asked = question_called(name)
    if asked is None or len(data) > asked.limit:
        raise LookupError(name)
    return asked.answer(path, data, *words)
