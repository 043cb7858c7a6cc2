"""The steps of a repository and the data flow between them, as the artefacts declare it.

Nothing is inferred: a flow exists only if a specification or a flow table names the other step. A step with a
specification for each job type has a node for each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from flake8_training.record import Record
from flake8_training.sagemaker.artifact_types import plain_type
from training_alignment.artefacts.model import Dependency, Flow, Format, Specification, Text
from training_alignment.artefacts.tree import Located, Place, Scalar
from training_alignment.steps.name_lookup import KINDS, Meaning, Reference, StepNames
from training_alignment.steps.step import Head, Step, StepReading

_NOWHERE = Place(".", 1, 1)

Read = Callable[[Step], StepReading]


class Node(Record, eq=False):
    """A step, or one of its job types: the specification of that number.

    ``read`` returns the contents of the step, which the node does not keep. ``head`` is the beginning of the
    specification; it is None if the step has none that can be read.
    """

    name: str
    step: Step
    read: Read
    number: int
    head: Head | None

    @property
    def reading(self) -> StepReading:
        """Return the contents of the step's artefacts."""
        return self.read(self.step)

    @property
    def specification(self) -> Specification | None:
        """Return the specification, or None."""
        return None if self.head is None else self.reading.specifications[self.number]


class Need(Record, eq=False):
    """An input that a node takes from other nodes; any one of ``sources`` is enough.

    ``closed``: there are no other sources. ``label`` names the input. ``entry`` is its key in the specification's
    dependencies, None for an input that the table ``flow`` declares.
    """

    node: Node
    place: Place
    label: str
    sources: tuple[Reference[Node], ...]
    required: bool
    closed: bool
    entry: str | None = None
    flow: Flow | None = None

    @property
    def dependency(self) -> Dependency | None:
        """Return the entry in the specification; None for an input of a flow table."""
        specification = self.node.specification if self.entry is not None else None
        if specification is None or specification.dependencies is None or self.entry is None:
            return None
        return specification.dependencies.get(self.entry)


class Edge(Record, eq=False):
    """A flow from a producer to a consumer; ``forced`` if the consumer cannot run without it."""

    producer: Node
    consumer: Node
    label: str
    forced: bool


class StepGraph:
    """The graph over ``steps``, whose contents ``read`` returns.

    ``elsewhere`` are names of other steps: from a registry, or from the part of the repository that was not read.
    ``registered`` means that these names are all steps. If ``steps`` are not all steps, ``whole`` returns the graph
    over all; it decides before a step counts as missing.
    """

    def __init__(
        self,
        steps: Iterable[Step],
        read: Read,
        elsewhere: Iterable[str] = (),
        *,
        registered: bool = False,
        whole: Callable[[], StepGraph] | None = None,
    ) -> None:
        self.nodes: tuple[Node, ...] = tuple(node for step in steps for node in _nodes(step, read))
        self.elsewhere = frozenset(elsewhere)
        self.registered = registered
        self._whole = whole
        self._needs: dict[int, tuple[Need, ...]] = {}
        self._of_step: dict[int, list[Node]] = defaultdict(list)
        for node in self.nodes:
            self._of_step[id(node.step)].append(node)

    def of(self, step: Step) -> tuple[Node, ...]:
        """Return the nodes of a step."""
        return tuple(self._of_step.get(id(step), ()))

    # -- names

    @cached_property
    def names(self) -> StepNames[Node]:
        """Return the names of all steps."""
        names: StepNames[Node] = StepNames()
        for node in self.nodes:
            step, head = node.step, node.head
            stated = head is not None and bool(head.base_name)
            names.add(node.name, node, stated=stated)
            if head is not None and head.base_name:
                names.add(head.base_name, node, stated=True)
                if head.job_type:
                    names.add_variant(head.base_name, head.job_type, node)
                if head.step_name is not None:
                    names.add(head.step_name, node, stated=True)
            names.add(step.name, node, stated=stated)
            registration = step.registration
            if registration is not None:
                names.add(registration.name, node, stated=True)
                if registration.specification_type is not None:
                    names.add(registration.specification_type, node, stated=True)
        for name in self.elsewhere:
            names.know(name)
        return names

    @cached_property
    def _counts(self) -> dict[Format | None, int]:
        """Return the number of steps in each style, and of all steps under None."""
        counts: dict[Format | None, set[int]] = defaultdict(set)
        for node in self.nodes:
            counts[None].add(id(node.step))
            if node.head is not None:
                counts[node.head.format].add(id(node.step))
        return {style: len(steps) for style, steps in counts.items()}

    def is_closed(self, style: Format | None = None) -> bool:
        """Return whether an unknown name is certainly no step, because others are defined in the same style.

        ``style`` is the format of the specification that holds the name; it is None for a flow table.
        """
        if self.registered:
            return True
        return self._counts.get(style, 0) > 1

    @cached_property
    def holds_registered_steps(self) -> bool:
        """Return whether the repository has files of most of the steps that its registry names."""
        named = [self.names.known(Located(name, _NOWHERE), loose=True) for name in self.elsewhere]
        return self.registered and 2 * sum(bool(one and one.nodes) for one in named) > len(named)

    @cached_property
    def producers(self) -> dict[str, list[Node]]:
        """Return the nodes by the names of their outputs, in lower case with ``_`` for ``-``."""
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self.nodes:
            for name in dict.fromkeys(map(plain_type, output_names(node) or ())):
                found[name].append(node)
        return found

    # -- what flows

    def needs(self, node: Node) -> tuple[Need, ...]:
        """Return the inputs that a node takes from others."""
        known = self._needs.get(id(node))
        if known is None:
            known = self._needs[id(node)] = tuple(self._needs_of(node))
        return known

    def _needs_of(self, node: Node) -> Iterator[Need]:
        specification = node.specification
        if specification is not None:
            skipped = {text.value for c in node.reading.contracts for text in c.skipped_inputs or ()}
            dependencies = (
                specification.dependencies.entries if specification.dependencies is not None else {}
            )
            for key, entry in dependencies.items():
                if entry.name.value not in skipped:
                    yield self._of_dependency(node, specification, key, entry.value)
        for flow in flows(node):
            yield from self._of_flow(node, flow)

    def _of_dependency(
        self, node: Node, specification: Specification, key: str, dependency: Dependency
    ) -> Need:
        listing = dependency.compatible_sources
        return Need(
            node=node,
            place=dependency.name.place,
            label=dependency.name.value,
            sources=tuple(self._reference(text, specification.format) for text in listing or ()),
            required=is_required(dependency, specification.format),
            closed=listing is not None and listing.closed,
            entry=key,
        )

    def _reference(self, text: Text, style: Format) -> Reference[Node]:
        return self._resolved(text, style, loose=style is Format.TABLE)

    def in_flow(self, text: Text) -> Reference[Node]:
        """Return the meaning of a name in a flow table."""
        return self._resolved(text, None, loose=True)

    def _resolved(self, text: Text, style: Format | None, *, loose: bool) -> Reference[Node]:
        whole = self._whole
        if whole is None:
            return self.names.resolve(text, loose=loose, closed=self.is_closed(style))
        known = self.names.known(text, loose=loose)
        if known is not None:
            return known
        if text.value in KINDS:
            return Reference(text, Meaning.CATEGORY)
        return Reference(text, Meaning.MISSING, resolve=lambda: whole()._resolved(text, style, loose=loose))

    def _of_flow(self, node: Node, flow: Flow) -> Iterator[Need]:
        for text in flow.upstream_steps or ():
            reference = self.in_flow(text)
            yield Need(node, text.place, _artifacts(flow, reference), (reference,), True, True, flow=flow)
        source = text_value(flow.hyperparameter_source)
        if source is not None:
            reference = self.in_flow(source)
            if reference.nodes:
                yield Need(node, source.place, "hyperparameters", (reference,), True, True, flow=flow)
        data = text_value(flow.data_source)
        if data is not None and ".properties" in data.value:
            named = Located(data.value.partition(".properties")[0], data.place)
            reference = self.in_flow(named)
            if reference.nodes:
                yield Need(node, data.place, "data", (reference,), True, True, flow=flow)

    def consumers(self, node: Node) -> Iterator[tuple[Flow, Reference[Node]]]:
        """Yield the steps that the flows of a node name as its consumers."""
        for flow in flows(node):
            for listing in (flow.downstream_consumers, flow.consumers):
                for text in listing or ():
                    yield flow, self.in_flow(text)

    @property
    def whole(self) -> StepGraph:
        """Return the graph over all steps of the repository."""
        return self if self._whole is None else self._whole()

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Return the flows between nodes, each once."""
        found: dict[tuple[int, int, str], Edge] = {}
        for node in self.nodes:
            for need in self.needs(node):
                only = len(need.sources) == 1 and len(need.sources[0].nodes) == 1
                for source in need.sources:
                    for producer in _for_the_job(source.nodes, node):
                        edge = Edge(producer, node, need.label, need.required and need.closed and only)
                        found.setdefault((id(producer), id(node), need.label), edge)
            for flow, reference in self.consumers(node):
                label = "model" if flow.consumers is not None else ""
                for consumer in reference.nodes:
                    if not any(
                        key[:2] == (id(node), id(consumer))
                        for key in found.keys() & {(id(node), id(consumer), label)}
                    ):
                        found.setdefault((id(node), id(consumer), label), Edge(node, consumer, label, True))
        return tuple(found.values())


def _nodes(step: Step, read: Read) -> Iterator[Node]:
    """Yield a node for each specification (a job type, or the step itself), or one node without any."""
    name, heads = step.name, read(step).heads
    for number, head in enumerate(heads):
        job_type = head.job_type
        yield Node(f"{name}_{job_type.capitalize()}" if job_type else name, step, read, number, head)
    if not heads:
        yield Node(name, step, read, 0, None)


def _for_the_job(producers: tuple[Node, ...], consumer: Node) -> tuple[Node, ...]:
    """Return the nodes of a step that match a consumer's job type, else those without a job type, else all."""
    for wanted in dict.fromkeys((_job_type(consumer), "")):
        found = tuple(node for node in producers if _job_type(node) == wanted)
        if found:
            return found
    return producers


def _job_type(node: Node) -> str:
    return node.head.job_type if node.head is not None else ""


def flows(node: Node) -> tuple[Flow, ...]:
    """Return the flow tables of a node: its specification's, and those of its step."""
    specification = node.specification if node.head is not None and node.head.has_flows else None
    return (specification.flows if specification is not None else ()) + node.reading.flows


def is_required(dependency: Dependency, style: Format) -> bool:
    """Return whether an input is required, as declared or by the default of the specification's format."""
    stated = dependency.required
    if stated is None:
        return style is not Format.TABLE
    return stated.value is True


def text_value(scalar: Scalar | None) -> Text | None:
    """Return a string with its place, or None if the scalar is not a string."""
    if scalar is not None and isinstance(scalar.value, str):
        return Located(scalar.value, scalar.place)
    return None


def _artifacts(flow: Flow, reference: Reference[Node]) -> str:
    """Return the artifacts that a flow takes from an upstream step, as far as that step has them."""
    wanted = [text.value for text in flow.input_artifacts or ()]
    available = {name for node in reference.nodes for name in output_names(node) or ()}
    return ", ".join(name for name in wanted if name in available)


def output_names(node: Node) -> dict[str, str] | None:
    """Return the names of a node's outputs, aliases included, each mapped to the output's own name.

    None if they are unknown: nothing declares them, or the declaration is open.
    """
    specification = node.specification
    found: dict[str, str] = {}
    stated = False
    if specification is not None and specification.outputs is not None:
        if not specification.outputs.closed:
            return None
        stated = True
        for entry in specification.outputs:
            found[entry.name.value] = entry.name.value
            aliases = entry.value.aliases
            if aliases is not None and not aliases.closed:
                return None
            for alias in aliases or ():
                found.setdefault(alias.value, entry.name.value)
    contract = node.reading.contract
    if (
        contract is not None
        and contract.outputs is not None
        and (not stated or contract.format is Format.TABLE)
    ):
        if not contract.outputs.closed:
            return None
        stated = True
        for port in contract.outputs:
            found.setdefault(port.name.value, port.name.value)
    return found if stated else None
