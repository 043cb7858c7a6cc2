"""Reader of JSON into the tree, with line and column of every key and value.

Python's own JSON parser keeps no positions.
"""

from __future__ import annotations

from flake8_training.json_tokens import TOKEN, WORDS, string_of
from flake8_training.parsing import is_vast
from flake8_training.pattern import pattern
from flake8_training.yaml_scalars import MAX_DIGITS
from training_alignment.artefacts.limits import MAX_DEPTH, Draft, check_size, deep
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.tree import UNKNOWN, Located, Node, Place, Plain, Scalar, Unknown

_BLANK = pattern(r"[ \t\r\n]*")


def read_json(data: bytes, path: str) -> Node | None:
    """Return the value in ``data``, or None if it is blank. Raises `ReadError` for invalid JSON."""
    check_size(data, path)
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = error.start - before.rfind(b"\n")
        raise ReadError(path, before.count(b"\n") + 1, column, "not JSON: no UTF-8 text") from None
    return _Reader(source, path).read()


class _Reader:
    """Reads the tokens once, with a stack of open tables and lists."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.line = 1
        self.line_start = 0
        self.seen = 0

    def read(self) -> Node | None:
        drafts: list[Draft] = []
        root: Node | None = None
        position = 0
        state = (
            "value"  # what may come next: value, first (value or the end), key, first key, colon, comma, end
        )
        while True:
            match = TOKEN.match(self.text, position)
            if match is None:
                return self._finish(position, root, drafts, state)
            place = self._place(match.start(match.lastgroup or 0))
            kind, token = match.lastgroup, match[match.lastgroup or 0]
            position = match.end()
            if state == "end":
                raise self._error(place, "something follows the value")
            if kind == "mark" and token in ",:":
                state = self._separator(token, state, drafts, place)
                continue
            if kind == "mark" and token in "}]":
                node, weight = self._close(token, state, drafts, place)
            elif state in ("key", "first key"):
                if kind != "text":
                    raise self._error(place, "a key in double quotes is missing")
                drafts[-1].name(Located(self._string(token, place), place))
                state = "colon"
                continue
            elif state not in ("value", "first"):
                raise self._error(place, f"a {'colon' if state == 'colon' else 'comma'} is missing")
            elif kind == "mark":
                if len(drafts) >= MAX_DEPTH:
                    raise deep(self.path, place.line, place.column)
                drafts.append(Draft(place, token == "{"))
                state = "first key" if token == "{" else "first"
                continue
            else:
                node, weight = Scalar(self._scalar(kind, token, place), place), 1
            if drafts:
                drafts[-1].add(node, weight)
                state = "comma"
            else:
                root, state = node, "end"

    def _separator(self, token: str, state: str, drafts: list[Draft], place: Place) -> str:
        if token == ":" and state == "colon":
            return "value"
        if token == "," and state == "comma":
            return "key" if drafts[-1].is_table else "value"
        raise self._error(place, f"a {token!r} too many")

    def _close(self, token: str, state: str, drafts: list[Draft], place: Place) -> tuple[Node, int]:
        fits = bool(drafts) and drafts[-1].is_table == (token == "}")
        if not fits or state not in ("comma", "first", "first key"):
            raise self._error(place, f"a {token!r} where none fits")
        draft = drafts.pop()
        return draft.finish(), draft.weight

    def _scalar(self, kind: str | None, token: str, place: Place) -> Plain | Unknown:
        if kind == "word":
            return WORDS[token]
        if kind == "text":
            return self._string(token, place)
        if any(letter in token for letter in ".eE"):
            return float(token)
        if len(token) > MAX_DIGITS:
            raise self._error(place, f"a number of more than {MAX_DIGITS} digits")
        value = int(token)
        return UNKNOWN if is_vast(value) else value

    def _string(self, token: str, place: Place) -> str:
        try:
            return string_of(token)
        except ValueError:
            raise self._error(place, "a text with a wrong escape") from None

    def _finish(self, position: int, root: Node | None, drafts: list[Draft], state: str) -> Node | None:
        blank = _BLANK.match(self.text, position)
        end = blank.end() if blank else position
        if end == len(self.text) and not drafts and state in ("end", "value"):
            return root
        place = self._place(end)
        if end == len(self.text):
            raise self._error(place, "the file ends too early")
        raise self._error(place, f"{self.text[end]!r} where none fits")

    def _place(self, position: int) -> Place:
        """Return the place of a position. Positions must be in ascending order, so that lines are counted once."""
        breaks = self.text.count("\n", self.seen, position)
        if breaks:
            self.line += breaks
            self.line_start = self.text.rfind("\n", self.seen, position) + 1
        self.seen = position
        return Place(self.path, self.line, position - self.line_start + 1)

    def _error(self, place: Place, message: str) -> ReadError:
        return ReadError(self.path, place.line, place.column, f"not JSON: {message}")
