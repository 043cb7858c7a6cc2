"""The content of the page: nodes, edges, and the answered questions of each subject."""

from __future__ import annotations

from flake8_training.record import Record


class PageNode(Record):
    """A node of the graph.

    * ``key``: identifies the node.
    * ``kind``: ``step``, ``launcher``, ``script`` or ``pipeline step``.
    * ``detail``: the kind of job, or the class that starts it.
    * ``files``: the files that belong to it, each with the part that it plays.
    """

    key: str
    kind: str
    name: str
    detail: str = ""
    files: tuple[tuple[str, str], ...] = ()


class PageEdge(Record):
    """A flow from one node to another. ``forced`` is whether the second cannot run without the first."""

    source: str
    target: str
    label: str = ""
    forced: bool = True


class Graph(Record):
    """The nodes by their keys, and the edges between them."""

    nodes: tuple[PageNode, ...]
    edges: tuple[PageEdge, ...]


class Coverage(Record):
    """The answers to the questions that the rules ask about a subject."""

    subject: str
    reported: int
    fine: int
    unknown: int
