"""The steps and the data flow between them, as Mermaid and as DOT.

Code hosts show Mermaid; Graphviz reads DOT.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from flake8_training.finding import Finding, Severity
from flake8_training.pattern import pattern
from flake8_training.printable import printable
from flake8_training.record import Record
from training_alignment.launches.overview import StartedStep
from training_alignment.steps.graph import Node, StepGraph

MAX_LABELS = 4

_SPECIAL = pattern(r"[^\w ,.()/-]|[.)-](?= )")


class Box(Record):
    """A step in the picture. ``errors`` and ``warnings`` count its findings."""

    name: str
    kind: str
    errors: int = 0
    warnings: int = 0

    @property
    def found(self) -> str:
        """Return the counts of findings in words; an empty string for none."""
        counted = ((self.errors, "error"), (self.warnings, "warning"))
        return ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in counted if count)


class Arrow(Record):
    """A flow from one step to another; ``forced`` if the second cannot run without the first."""

    source: str
    target: str
    labels: tuple[str, ...]
    forced: bool

    @property
    def text(self) -> str:
        """Return the labels in one line, shortened if there are many."""
        more = len(self.labels) - MAX_LABELS
        shown = [*self.labels[:MAX_LABELS], *([f"{more} more"] if more > 0 else [])]
        return ", ".join(shown)


class Picture(Record):
    """The boxes by name, and the arrows between them."""

    boxes: Mapping[str, Box]
    arrows: tuple[Arrow, ...]

    def around(self, names: Iterable[str]) -> Picture:
        """Return the picture of these boxes and of those that an arrow connects them to."""
        chosen = set(names)
        arrows = tuple(a for a in self.arrows if a.source in chosen or a.target in chosen)
        near = chosen | {name for arrow in arrows for name in (arrow.source, arrow.target)}
        return Picture({name: box for name, box in self.boxes.items() if name in near}, arrows)


def picture(
    graph: StepGraph, findings: Iterable[Finding] = (), started: Iterable[StartedStep] = ()
) -> Picture:
    """Return the picture of a graph and of what launchers start; steps with findings carry their counts."""
    findings = tuple(findings)
    counts: Counter[tuple[str, Severity]] = Counter((f.step, f.severity) for f in findings)

    def box(node: Node) -> Box:
        errors, warnings = (counts[node.step.name, s] for s in (Severity.ERROR, Severity.WARNING))
        return Box(node.name, str(node.step.kind), errors, warnings)

    labels: dict[tuple[str, str], dict[str, None]] = {}
    forced: set[tuple[str, str]] = set()
    for edge in graph.edges:
        ends = edge.producer.name, edge.consumer.name
        labels.setdefault(ends, {}).update({edge.label: None} if edge.label else {})
        if edge.forced:
            forced.add(ends)
    arrows = [Arrow(*ends, tuple(found), ends in forced) for ends, found in labels.items()]
    boxes = {node.name: box(node) for node in graph.nodes}
    for one in started:
        boxes.setdefault(one.name, Box(one.name, one.kind, *_counted(one, findings)))
        arrows += [Arrow(before, one.name, (), forced=True) for before in one.after]
    arrows = [arrow for arrow in arrows if arrow.source in boxes and arrow.target in boxes]
    return Picture(
        dict(sorted(boxes.items())), tuple(sorted(arrows, key=lambda arrow: (arrow.source, arrow.target)))
    )


def _counted(one: StartedStep, findings: Iterable[Finding]) -> tuple[int, int]:
    """Return the errors and warnings in the launcher and the script of what it starts, which belong to no step."""
    own = [f.severity for f in findings if not f.step and f.path in (one.path, one.script)]
    return own.count(Severity.ERROR), own.count(Severity.WARNING)


def mermaid(shown: Picture) -> str:
    """Return the picture as a Mermaid flowchart."""
    numbers = {name: f"s{number}" for number, name in enumerate(shown.boxes)}
    lines = ["flowchart LR"]
    for name, box in shown.boxes.items():
        parts = [part for part in (box.name, box.kind, box.found) if part]
        caption = "<br/>".join(_html(part) for part in parts)
        lines.append(f'    {numbers[name]}["{caption}"]')
    for arrow in shown.arrows:
        line = "-->" if arrow.forced else "-.->"
        label = f'|"{_html(arrow.text)}"|' if arrow.text else ""
        lines.append(f"    {numbers[arrow.source]} {line}{label} {numbers[arrow.target]}")
    for word, style in (
        ("error", "stroke:#c00,stroke-width:3px"),
        ("warning", "stroke:#c80,stroke-width:3px"),
    ):
        marked = [numbers[n] for n, box in shown.boxes.items() if _mark(box) == word]
        if marked:
            lines += [f"    classDef {word} {style}", f"    class {','.join(marked)} {word}"]
    return "\n".join(lines)


def dot(shown: Picture) -> str:
    """Return the picture as a graph for Graphviz."""
    lines = ["digraph steps {", "    rankdir=LR;", "    node [shape=box];"]
    for name, box in shown.boxes.items():
        parts = [part for part in (box.name, box.kind, box.found) if part]
        color = {"error": "red", "warning": "orange"}.get(_mark(box))
        mark = f", color={color}, penwidth=3" if color else ""
        caption = "\\n".join(_quoted(part) for part in parts)
        lines.append(f'    "{_quoted(name)}" [label="{caption}"{mark}];')
    for arrow in shown.arrows:
        style = "" if arrow.forced else ", style=dashed"
        label = f'label="{_quoted(arrow.text)}"{style}'
        lines.append(f'    "{_quoted(arrow.source)}" -> "{_quoted(arrow.target)}" [{label}];')
    return "\n".join([*lines, "}"])


def _mark(box: Box) -> str:
    return "error" if box.errors else "warning" if box.warnings else ""


def _html(label: str) -> str:
    """Return a string for a quoted Mermaid label; characters special to Mermaid, Markdown or HTML are encoded."""
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", printable(label))


def _quoted(label: str) -> str:
    """Return a string for a quoted DOT string."""
    return printable(label).replace("\\", "\\\\").replace('"', '\\"')
