"""The forms in which answers to questions about files are kept: strings, which are read faster than anything parsed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

END_OF_WORD, _GROUP = "\x1f", "\x1e"
"""The end of a word, and of a group of words."""
_MARKS = (END_OF_WORD, _GROUP, "\0")


class Form:
    """How an answer is kept. ``write`` returns it as a string, ``read`` the answer about a path that a string holds."""

    def __init__(self, write: Callable[[Any], str], read: Callable[[str, str], Any]) -> None:
        self.write = write
        self.read = read

    def text(self, answer: object) -> str | None:
        """Return an answer as a string; None if a word in it has one of the marks between words."""
        try:
            return self.write(answer)
        except ValueError:
            return None


def _text_of_words(words: tuple[str, ...]) -> str:
    text = "".join([word + END_OF_WORD for word in words])
    if text.count(END_OF_WORD) != len(words) or any(mark in text for mark in _MARKS[1:]):
        raise ValueError("a word with a mark")
    return text


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(END_OF_WORD)[:-1])


FLAG = Form(lambda flag: "1" if flag else "", lambda _, text: bool(text))
"""A bool."""
WORDS = Form(_text_of_words, lambda _, text: _words(text))
"""A tuple of strings."""
GROUPS = Form(
    lambda groups: "".join([_text_of_words(words) + _GROUP for words in groups]),
    lambda _, text: tuple([_words(words) for words in text.split(_GROUP)[:-1]]),
)
"""A tuple of tuples of strings."""
NAMED_GROUPS = Form(
    lambda groups: "".join([_text_of_words((name, *words)) + _GROUP for name, words in groups]),
    lambda _, text: tuple([(words[0], words[1:]) for words in GROUPS.read("", text)]),
)
"""A tuple of pairs of a string and a tuple of strings."""
