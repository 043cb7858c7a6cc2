"""Reader of YAML into the tree, in which every value keeps its position.

An alias refers to the node of its anchor, which is built once; the size of its expansion is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flake8_training.parsing import is_vast
from flake8_training.yaml_events import EventReader
from flake8_training.yaml_scalars import CORE
from training_alignment.artefacts.limits import MAX_DEPTH, Draft, check_size, deep
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.tree import UNKNOWN, Located, Node, Place, Plain, Scalar, Table, Unknown

if TYPE_CHECKING:
    import yaml

_PLAIN_TAGS = {f"{CORE}{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")}
_CONTAINER_TAGS = {"!", f"{CORE}map", f"{CORE}seq"}
_MERGE = f"{CORE}merge"


def read_yaml(data: bytes, path: str) -> Node | None:
    """Return the only document in ``data``, or None if there is none. Raises `ReadError` for invalid YAML."""
    check_size(data, path)
    # Importing PyYAML takes longer than reading most files, and many repositories have no YAML artefact.
    import yaml

    builder = _Builder(path)
    try:
        builder.read_events(data)
        return builder.root
    except yaml.MarkedYAMLError as error:
        raise _marked(error, data, path) from None
    except yaml.reader.ReaderError as error:
        line, column = _position(data, error)
        raise ReadError(path, line, column, f"not YAML: {error.reason}") from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise ReadError(path, 1, 1, f"not YAML: {error}") from None


class _Builder(EventReader[tuple[Node, int]]):
    """Builds nodes with the number of their values; ``drafts`` are the tables and listings that are still open."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.drafts: list[Draft] = []
        self.root: Node | None = None

    def error(self, event: Any, message: str) -> ReadError:
        """Return the error at an event."""
        return ReadError(self.path, event.start_mark.line + 1, event.start_mark.column + 1, message)

    def _place(self, event: Any) -> Place:
        return Place(self.path, event.start_mark.line + 1, event.start_mark.column + 1)

    def _awaits_key(self) -> bool:
        return bool(self.drafts) and self.drafts[-1].is_table and self.drafts[-1].key is None

    def scalar(self, event: Any, tag: str) -> tuple[Node, int] | None:
        """Add a key or a value."""
        if tag == _MERGE and not self._awaits_key():
            tag = f"{CORE}str"
        elif tag not in _PLAIN_TAGS and tag not in (_MERGE, f"{CORE}value"):
            raise self.error(event, f"unsupported tag {tag}")
        place = self._place(event)
        if self._awaits_key():
            draft = self.drafts[-1]
            key = Located(event.value, place)
            if tag == _MERGE:
                draft.key, draft.merging = key, True
                return None
            self._value(event, tag)  # a key with a wrong value for its tag is an error, too
            draft.name(key)
            return Scalar(event.value, place), 1
        node = Scalar(self._value(event, tag), place)
        self._add(node, 1)
        return node, 1

    def _value(self, event: Any, tag: str) -> Plain | Unknown:
        try:
            value = self.scalars.value(tag, event.value)
        except ValueError as error:
            raise self.error(event, str(error)) from None
        return UNKNOWN if is_vast(value) else value

    def start(self, event: Any, *, is_mapping: bool) -> None:
        """Begin a table or a listing."""
        if self._awaits_key():
            raise self.error(event, "a key that is itself a table or a list")
        if event.tag and event.tag not in _CONTAINER_TAGS:
            raise self.error(event, f"unsupported tag {event.tag}")
        if len(self.drafts) >= MAX_DEPTH:
            raise deep(self.path, event.start_mark.line + 1, event.start_mark.column + 1)
        self.drafts.append(Draft(self._place(event), is_mapping))

    def end(self) -> tuple[Node, int]:
        """Finish the innermost table or listing."""
        draft = self.drafts.pop()
        node = draft.finish()
        self._add(node, draft.weight)
        return node, draft.weight

    def again(self, event: Any, built: tuple[Node, int]) -> None:
        """Add the node of an anchor, as a value or as a key."""
        node, weight = built
        if not self._awaits_key():
            self._add(node, weight)
        elif isinstance(node, Scalar) and isinstance(node.value, str):
            self.drafts[-1].name(Located(node.value, self._place(event)))
        else:
            raise self.error(event, "a key that is itself a table or a list")

    def _add(self, node: Node, weight: int) -> None:
        if not self.drafts:
            self.root = node
            return
        draft = self.drafts[-1]
        if draft.merging and draft.key is not None:
            self._merge(draft, node, weight, draft.key)
            return
        draft.add(node, weight)

    def _merge(self, draft: Draft, node: Node, weight: int, key: Located[str]) -> None:
        """Add the value of a merge key ``<<``: a table, or a list of tables of which the first takes precedence."""
        tables = [node] if isinstance(node, Table) else list(getattr(node, "items", ()))
        if not tables or not all(isinstance(one, Table) for one in tables):
            raise ReadError(key.path, key.line, key.column, "a merge key << without a table to merge")
        draft.merges.extend(tables)
        draft.grow(weight)
        draft.key, draft.merging = None, False


def _marked(error: yaml.MarkedYAMLError, data: bytes, path: str) -> ReadError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = error.problem or error.context or "cannot be parsed"
    lines = data.split(b"\n")
    if line <= len(lines) and lines[line - 1][column - 1 : column] == b"\t":
        problem = "a tab where YAML wants spaces"
    return ReadError(path, line, column, f"not YAML: {problem}")


def _position(data: bytes, error: Any) -> tuple[int, int]:
    """Return line and column of a character that YAML does not allow; the reader counts characters or bytes."""
    position = error.position if isinstance(error.position, int) and error.position >= 0 else 0
    before = (
        data[:position]
        if isinstance(error.character, bytes)
        else data.decode("utf-8", "replace")[:position].encode(errors="surrogatepass")
    )
    return before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
