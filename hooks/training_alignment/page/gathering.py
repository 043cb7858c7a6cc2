"""The graph of a repository: its steps and the flow between them, its launchers, their scripts and pipeline steps."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from flake8_training.launcher import Launcher
from training_alignment.launches.launch import Launch
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.page.model import Graph, PageEdge, PageNode
from training_alignment.steps.graph import StepGraph
from training_alignment.steps.step import Role, Step

MAX_NAMES = 6
"""The most names in the label of an edge."""

Launched = Iterable[tuple[LauncherFile, tuple[Launch, ...]]]


def graph_of_repository(steps: StepGraph, launched: Launched) -> Graph:
    """Return the graph of the steps, and of the launchers that are not merely builders of steps."""
    builder = _Builder()
    builder.add_steps(steps)
    for file, launches in launched:
        builder.add_launcher(file, launches)
    return Graph(tuple(builder.nodes.values()), tuple(builder.edges.values()))


class _Builder:
    def __init__(self) -> None:
        self.nodes: dict[str, PageNode] = {}
        self.edges: dict[tuple[str, str], PageEdge] = {}
        self._step_of_file: dict[str, str] = {}

    def add_steps(self, graph: StepGraph) -> None:
        labels: dict[tuple[str, str], dict[str, None]] = {}
        forced: set[tuple[str, str]] = set()
        for node in graph.nodes:
            key = f"step:{node.name}"
            self._add(PageNode(key, "step", node.name, str(node.step.kind), tuple(_files(node.step))))
            for path, _ in _files(node.step):
                self._step_of_file.setdefault(path, key)
        for edge in graph.edges:
            ends = f"step:{edge.producer.name}", f"step:{edge.consumer.name}"
            labels.setdefault(ends, {}).update({edge.label: None} if edge.label else {})
            if edge.forced:
                forced.add(ends)
        for ends, found in labels.items():
            self._connect(*ends, _label(found), forced=ends in forced)

    def add_launcher(self, file: LauncherFile, launches: Iterable[Launch]) -> None:
        own = self._step_of_file.get(file.path)
        launcher = own or f"file:{file.path}"
        started = list(launches)
        steps = _pipeline_steps(file.launcher) if own is None else {}
        if own is None and (started or steps):
            names = ", ".join(dict.fromkeys(launch.estimator.name for launch in started))
            self._add(PageNode(launcher, "launcher", file.path, names, ((file.path, "launcher"),)))
        flows = list(_flows(file.launcher, steps))
        fed = {target for _, target in flows}
        for name, kind in steps.values():
            key = f"{launcher}#{name}"
            self._add(PageNode(key, "pipeline step", name, kind, ((file.path, "pipeline"),)))
            if name not in fed:
                self._connect(launcher, key)
        for source, target in flows:
            self._connect(f"{launcher}#{source}", f"{launcher}#{target}")
        for launch in started:
            if launch.script_path is None:
                continue
            script = self._step_of_file.get(launch.script_path, f"file:{launch.script_path}")
            if script.startswith("file:"):
                self._add(
                    PageNode(script, "script", launch.script_path, "", ((launch.script_path, "script"),))
                )
            name_of_step = _name_of(launch, steps)
            at = launcher if name_of_step is None else f"{launcher}#{name_of_step}"
            channels = [channel.name for job in launch.jobs for channel in job.channels.entries]
            self._connect(at, script, _label(dict.fromkeys(channels)))

    def _add(self, node: PageNode) -> None:
        self.nodes.setdefault(node.key, node)

    def _connect(self, source: str, target: str, label: str = "", *, forced: bool = True) -> None:
        if source != target and source in self.nodes and target in self.nodes:
            self.edges.setdefault((source, target), PageEdge(source, target, label, forced))


def _files(step: Step) -> Iterator[tuple[str, str]]:
    for part in step.parts:
        yield part.path, str(part.role)
    if not step.has(Role.SCRIPT) and step.script.path is not None:
        yield step.script.path, str(Role.SCRIPT)


def _label(names: Mapping[str, object]) -> str:
    listed = list(names)
    more = len(listed) - MAX_NAMES
    return ", ".join([*listed[:MAX_NAMES], *([f"{more} more"] if more > 0 else [])])


def _pipeline_steps(launcher: Launcher) -> dict[int, tuple[str, str]]:
    """Return the names and kinds of the pipeline steps with known names, by the identity of their calls."""
    found: dict[int, tuple[str, str]] = {}
    for step in launcher.steps:
        argument = step.get("name")
        if argument is not None and argument.text:
            found[id(step.node)] = argument.text, step.kind
    return found


def _name_of(launch: Launch, steps: Mapping[int, tuple[str, str]]) -> str | None:
    """Return the name of the pipeline step that runs the estimator of a launch, or None."""
    for step in launch.file.launcher.steps:
        named = steps.get(id(step.node))
        if named and any(estimator.node is launch.estimator.node for estimator in step.estimators):
            return named[0]
    return None


def _flows(launcher: Launcher, steps: Mapping[int, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the flows between pipeline steps: the call of a step reads the properties of another one."""
    if not steps:
        return
    inside = {
        id(node): steps[id(step.node)][0]
        for step in launcher.steps
        if id(step.node) in steps
        for node in ast.walk(step.node)
    }
    for use in launcher.properties:
        target = inside.get(id(use.node))
        for step in use.steps:
            if target is not None and id(step.node) in steps:
                yield steps[id(step.node)][0], target
