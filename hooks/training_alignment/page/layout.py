"""The layout of a graph in layers, from left to right.

Each connected part is laid out by itself: circles are broken, a node is one layer behind the last of its sources, and
the nodes of a layer are ordered by the mean place of their neighbours. A part with many layers is folded into bands,
one below the other, with lanes between them for the edges that lead from one to another. The parts are packed in rows.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from flake8_training.named_tuple import NamedTuple

WIDTH: Final = 200
HEIGHT: Final = 46
COLUMN: Final = 340
ROW: Final = 66
GAP: Final = 40
_ROUNDS: Final = 6
_FEW_LAYERS: Final = 6
_SHAPE: Final = 1.7
"""The width of the whole picture divided by its height."""

Edges = Sequence[tuple[str, str]]


class Place(NamedTuple):
    """The left upper corner of a node."""

    x: float
    y: float


class Layout(NamedTuple):
    """The places of the nodes, the upper end of the band of each, and the size of the picture."""

    places: dict[str, Place]
    tops: dict[str, float]
    width: float
    height: float

    def lane(self, source: str, target: str) -> float | None:
        """Return the height at which an edge runs between two bands; None for one that leads on in a band."""
        if self.tops[source] == self.tops[target] and self.places[source].x < self.places[target].x:
            return None
        return max(self.tops[source], self.tops[target]) - GAP / 2


def laid_out(nodes: Sequence[str], edges: Edges) -> Layout:
    """Return the layout of a graph; edges between unknown nodes, and from a node to itself, are skipped."""
    known = set(nodes)
    used = sorted({(a, b) for a, b in edges if a in known and b in known and a != b})
    parts = sorted(_parts(nodes, used), key=lambda part: (-len(part), part[0]))
    of_part: dict[str, int] = {node: number for number, part in enumerate(parts) for node in part}
    inside: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for edge in used:
        inside[of_part[edge[0]]].append(edge)
    return _packed([_layers(part, inside[number]) for number, part in enumerate(parts)])


def _parts(nodes: Sequence[str], edges: Edges) -> list[list[str]]:
    """Return the connected parts of the graph, each in the order of its nodes."""
    neighbours: dict[str, list[str]] = defaultdict(list)
    for a, b in edges:
        neighbours[a].append(b)
        neighbours[b].append(a)
    seen: set[str] = set()
    parts: list[list[str]] = []
    for start in nodes:
        if start in seen:
            continue
        seen.add(start)
        part, todo = [start], [start]
        while todo:
            for other in neighbours[todo.pop()]:
                if other not in seen:
                    seen.add(other)
                    part.append(other)
                    todo.append(other)
        parts.append(part)
    return parts


def _layers(nodes: Sequence[str], edges: Edges) -> Layout:
    targets: dict[str, list[str]] = defaultdict(list)
    sources: dict[str, list[str]] = defaultdict(list)
    order = _without_circles(nodes, edges)
    position = {node: number for number, node in enumerate(order)}
    for a, b in edges:
        # An edge that would close a circle counts the other way round.
        first, last = (a, b) if position[a] < position[b] else (b, a)
        targets[first].append(last)
        sources[last].append(first)
    layer: dict[str, int] = {}
    for node in order:
        layer[node] = max((layer[one] + 1 for one in sources[node]), default=0)
    rows: dict[int, list[str]] = defaultdict(list)
    for node in order:
        rows[layer[node]].append(node)
    layers = [rows[number] for number in sorted(rows)]
    for number in range(_ROUNDS):
        forward = number % 2 == 0
        _sort(layers if forward else layers[::-1], sources if forward else targets)
    return _folded(layers)


def _folded(layers: Sequence[Sequence[str]]) -> Layout:
    """Return the places of layers in bands of as many layers as make the picture nearly the wanted shape."""
    size = min(range(1, len(layers) + 1), key=lambda one: _distortion(layers, one))
    # A few layers are easier to read in one band, though the picture is wider.
    size = len(layers) if len(layers) <= _FEW_LAYERS else max(size, _FEW_LAYERS)
    places: dict[str, Place] = {}
    tops: dict[str, float] = {}
    top = 0.0
    for start in range(0, len(layers), size):
        band = layers[start : start + size]
        tallest = max(map(len, band))
        for column, row in enumerate(band):
            for index, node in enumerate(row):
                places[node] = Place(column * COLUMN, top + (index + (tallest - len(row)) / 2) * ROW)
                tops[node] = top
        top += tallest * ROW + GAP - (ROW - HEIGHT)
    bottom = max(place.y for place in places.values()) + HEIGHT
    return Layout(places, tops, (min(size, len(layers)) - 1) * COLUMN + WIDTH, bottom)


def _distortion(layers: Sequence[Sequence[str]], size: int) -> float:
    """Return how far the shape of bands of ``size`` layers is from the wanted one."""
    rows = sum(max(map(len, layers[start : start + size])) for start in range(0, len(layers), size))
    return abs(math.log(size * COLUMN / (rows * ROW) / _SHAPE))


def _without_circles(nodes: Sequence[str], edges: Edges) -> list[str]:
    """Return the nodes in an order in which sources come first, as far as there are no circles."""
    targets: dict[str, list[str]] = defaultdict(list)
    for a, b in edges:
        targets[a].append(b)
    done: dict[str, bool] = {}
    finished: list[str] = []
    for start in nodes:
        if start in done:
            continue
        done[start] = False
        stack = [(start, iter(targets[start]))]
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if other not in done:
                    done[other] = False
                    stack.append((other, iter(targets[other])))
                    break
            else:
                finished.append(node)
                stack.pop()
    return finished[::-1]


def _sort(layers: Iterable[list[str]], neighbours: Mapping[str, list[str]]) -> None:
    """Sort each layer but the first by the mean place of the neighbours in the layers before."""
    before: dict[str, float] = {}
    for number, row in enumerate(layers):
        if number:
            means = {
                node: sum(known) / len(known)
                if (known := [before[one] for one in neighbours.get(node, ()) if one in before])
                else float(index)
                for index, node in enumerate(row)
            }
            row.sort(key=lambda node: means[node])
        before.update({node: index - len(row) / 2 for index, node in enumerate(row)})


def _packed(parts: Sequence[Layout]) -> Layout:
    """Return the parts side by side in rows."""
    area = sum((part.width + GAP) * (part.height + GAP) for part in parts)
    wanted = max((area * _SHAPE) ** 0.5, max((part.width for part in parts), default=0.0))
    places: dict[str, Place] = {}
    tops: dict[str, float] = {}
    x = y = tallest = width = 0.0
    for part in parts:
        if x and x + part.width > wanted:
            x, y, tallest = 0.0, y + tallest + GAP, 0.0
        places.update({node: Place(at.x + x, at.y + y) for node, at in part.places.items()})
        tops.update({node: top + y for node, top in part.tops.items()})
        x += part.width + GAP
        width, tallest = max(width, x - GAP), max(tallest, part.height)
    return Layout(places, tops, width, y + tallest)
