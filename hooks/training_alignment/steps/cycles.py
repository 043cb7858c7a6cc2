"""Steps that wait for each other.

Several sources of one input are alternatives: the step can run as soon as one of them can. A cycle is therefore
reported only if no alternative breaks it. Two steps that can run in either order are not a cycle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from flake8_training.record import Record
from training_alignment.artefacts.tree import Place
from training_alignment.steps.graph import Node, StepGraph
from training_alignment.steps.name_lookup import Meaning


class Link(Record, eq=False):
    """A node that waits for one of ``producers``; ``place`` is where the artefact declares it."""

    node: Node
    place: Place
    producers: tuple[Node, ...]


class Cycle(Record, eq=False):
    """Links in which each node waits for the node of the next link, and the last for the first."""

    links: tuple[Link, ...]


def cycles(graph: StepGraph) -> tuple[Cycle, ...]:
    """Return the cycles of a graph, one for each group of steps that wait for each other."""
    waiting = _waiting(graph, list(_links(graph)))
    if not waiting:
        return ()
    return tuple(_cycle(group, waiting) for group in _groups(waiting))


def own_cycles(graph: StepGraph, nodes: Iterable[Node]) -> Iterator[Cycle]:
    """Yield the cycles of one step each: its input has no source but the step itself.

    No other step has to be known for these.
    """
    for node in nodes:
        for need in graph.needs(node):
            if not (need.required and need.closed and need.sources):
                continue
            if all(source.nodes and all(n is node for n in source.nodes) for source in need.sources):
                yield Cycle((Link(node, need.place, (node,)),))


def _links(graph: StepGraph) -> Iterator[Link]:
    for node in graph.nodes:
        for need in graph.needs(node):
            if not (need.required and need.closed and need.sources):
                continue
            if all(source.nodes and source.meaning is Meaning.STEP for source in need.sources):
                producers = {id(p): p for source in need.sources for p in source.nodes}
                yield Link(node, need.place, tuple(producers.values()))
        for _, consumer in graph.consumers(node):
            for other in consumer.nodes:
                yield Link(other, consumer.text.place, (node,))


def _waiting(graph: StepGraph, links: list[Link]) -> dict[int, list[Link]]:
    """Return the links of the nodes that can never run, by node."""
    open_links: dict[int, int] = defaultdict(int)
    by_producer: dict[int, list[int]] = defaultdict(list)
    for number, link in enumerate(links):
        open_links[id(link.node)] += 1
        for producer in link.producers:
            by_producer[id(producer)].append(number)
    done = [False] * len(links)
    ready = [id(node) for node in graph.nodes if not open_links[id(node)]]
    while ready:
        for number in by_producer[ready.pop()]:
            if not done[number]:
                done[number] = True
                consumer = id(links[number].node)
                open_links[consumer] -= 1
                if not open_links[consumer]:
                    ready.append(consumer)
    waiting: dict[int, list[Link]] = defaultdict(list)
    for number, link in enumerate(links):
        if not done[number]:
            waiting[id(link.node)].append(link)
    return dict(waiting)


def _groups(waiting: dict[int, list[Link]]) -> Iterator[set[int]]:
    """Yield the groups of nodes that all wait for each other (Tarjan's components, without recursion)."""
    after = {node: [id(p) for link in links for p in link.producers] for node, links in waiting.items()}
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for start in after:
        if start in number:
            continue
        work = [(start, iter(after[start]))]
        number[start] = low[start] = len(number)
        stack.append(start)
        on_stack.add(start)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in after:
                    continue
                if other not in number:
                    number[other] = low[other] = len(number)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(after[other])))
                    break
                if other in on_stack:
                    low[node] = min(low[node], number[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    group: set[int] = set()
                    while node not in group:
                        group.add(stack.pop())
                    on_stack -= group
                    if len(group) > 1 or node in after[node]:
                        yield group


def _cycle(group: set[int], waiting: dict[int, list[Link]]) -> Cycle:
    """Return one cycle inside a group, starting from the first node by name."""
    names = {node: waiting[node][0].node.name for node in group}
    walked: dict[int, Link] = {}
    node = min(group, key=lambda one: names[one])
    while node not in walked:
        link = next(one for one in waiting[node] if any(id(p) in group for p in one.producers))
        walked[node] = link
        node = id(next(p for p in link.producers if id(p) in group))
    order = list(walked)
    return Cycle(tuple(walked[one] for one in order[order.index(node) :]))
