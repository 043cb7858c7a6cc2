"""TRN305: a downstream consumer does not exist, or takes no model artifact."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_unknown
from flake8_training.named_tuple import NamedTuple
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.artifact_types import MODEL, content_of_type, type_fits
from training_alignment.artefacts.model import StepKind, Text
from training_alignment.artefacts.tree import Place, Scalar, Table
from training_alignment.comparisons.flow_tables import flow_tables
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_pipeline import OPTIONS, flow
from training_alignment.rules.step_rule import StepRule
from training_alignment.steps.graph import Node, StepGraph, text_value
from training_alignment.steps.name_lookup import Meaning

_TAKES_NOTHING = "a downstream consumer takes nothing from this step"


class ConsumerDoesNotExist(StepRule):
    """Reports a consumer that is no step of the repository, or that takes nothing from this step."""

    code = "TRN305"
    severity = Severity.ERROR
    summary = "a downstream consumer does not exist"
    other_summaries = (_TAKES_NOTHING,)
    why = """
        `downstream_consumers`, `evaluation_consumers` and `consumers` name the steps that take the model or the data of
        this step. A name that no step has connects nothing. A step without an input for the model cannot take it. The
        model is trained and stored, but never evaluated or registered.
    """
    fix = """
        Use the exact name of the step, or add an input for the model to the consumer.
    """
    warning_when = ("the consumer is a general word and not the name of a step",)
    reported_when = (
        "a consumer is the name of no step of the repository",
        "the consumer has no inputs, or all sources of its inputs are other steps",
        "a consumer of a model has inputs of other types only, and does not create, register or apply a "
        "model; all consumers of a step whose outputs are all models are such",
        "a consumer is a word for a kind of step, such as `ModelStep` (a warning)",
    )
    not_reported_when = (
        Condition(
            "the repository has no other steps, and no registry names them",
            suppressed=Example(
                {
                    "specs/churn_training_flow.py": (
                        "dependencies = {\n"
                        '    "upstream_steps": [],\n'
                        '    "downstream_consumers": ["model-evaluation"],\n'
                        "}\n"
                    ),
                    "specs/churn_training_spec.py": (
                        "CHURN_TRAINING_SPEC = {\n"
                        '    "step_name": "churn-training",\n'
                        '    "inputs": {},\n'
                        '    "outputs": {"model": "model_artifacts"},\n'
                        "}\n"
                    ),
                },
                options=("--select=TRN305",),
            ),
            reported=Example(
                {
                    "specs/churn_training_flow.py": (
                        "dependencies = {\n"
                        '    "upstream_steps": [],\n'
                        '    "downstream_consumers": ["model-evaluation"],  # TRN305\n'
                        "}\n"
                    ),
                    "specs/churn_training_spec.py": (
                        "CHURN_TRAINING_SPEC = {\n"
                        '    "step_name": "churn-training",\n'
                        '    "inputs": {},\n'
                        '    "outputs": {"model": "model_artifacts"},\n'
                        "}\n"
                    ),
                    "specs/data_preprocessing_spec.py": (
                        "DATA_PREPROCESSING_SPEC = {\n"
                        '    "step_name": "data-preprocessing",\n'
                        '    "inputs": {"raw": "ProcessingInput"},\n'
                        '    "outputs": {"training_data": "ProcessingOutput"},\n'
                        "}\n"
                    ),
                },
                options=("--select=TRN305",),
            ),
        ),
        Condition(
            "an input of the consumer names this step among its sources",
            suppressed={
                '["model-evaluaton"],  # TRN305': '["report"],',
                "+ specs/report_spec.py": (
                    "from pipeline.specification import DependencySpec, StepSpecification\n"
                    "\n"
                    "REPORT_SPEC = StepSpecification(\n"
                    '    step_type="report",\n'
                    "    dependencies=[\n"
                    "        DependencySpec(\n"
                    '            logical_name="scores",\n'
                    '            dependency_type="processing_output",\n'
                    '            compatible_sources=["churn-training"],\n'
                    "        ),\n"
                    "    ],\n"
                    ")\n"
                ),
            },
            reported={
                '["model-evaluaton"],  # TRN305': '["report"],  # TRN305',
                "+ specs/report_spec.py": (
                    "from pipeline.specification import DependencySpec, StepSpecification\n"
                    "\n"
                    "REPORT_SPEC = StepSpecification(\n"
                    '    step_type="report",\n'
                    "    dependencies=[\n"
                    "        DependencySpec(\n"
                    '            logical_name="scores",\n'
                    '            dependency_type="processing_output",\n'
                    '            compatible_sources=["other"],\n'
                    "        ),\n"
                    "    ],\n"
                    ")\n"
                ),
            },
        ),
        Condition(
            "the inputs of the consumer, or their sources, cannot be determined completely",
            suppressed={
                '["model-evaluaton"],  # TRN305': '["data-preprocessing"],',
                '"raw_data": "ProcessingInput",\n': '"raw_data": "ProcessingInput",\n        **MORE,\n',
                "DATA_PREPROCESSING_SPEC = {": (
                    "from pipeline.more import MORE\n\nDATA_PREPROCESSING_SPEC = {"
                ),
            },
            reported={
                "DATA_PREPROCESSING_SPEC = {": (
                    "from pipeline.more import MORE\n\nDATA_PREPROCESSING_SPEC = {"
                )
            },
        ),
    )
    bad = Example(
        flow(
            [
                (
                    '"downstream_consumers": ["model-evaluation"],',
                    '"downstream_consumers": ["model-evaluaton"],  # TRN305',
                )
            ]
        ),
        options=OPTIONS,
    )
    good = Example(flow(), options=OPTIONS)

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding at each consumer that does not exist, or that takes nothing from this step."""
        graph = subject.repository.graph
        known: set[str] = set()
        for text, of_model in _consumers(subject):
            consumer = graph.in_flow(text)
            if consumer.meaning is Meaning.MISSING:
                hint = f"did you mean {consumer.near}?" if consumer.near else "no step has that name"
                yield self.at(subject, text, f"{text.value}, {hint}")
            elif consumer.meaning is Meaning.CATEGORY:
                found = self.at(subject, text, f"{text.value} is the name of no step")
                yield replace(found, severity=Severity.WARNING)
            elif consumer.nodes:
                reasons = [
                    takes_nothing(graph, node, subject.nodes, of_model=of_model) for node in consumer.nodes
                ]
                first = reasons[0]
                for node in consumer.nodes if None in reasons else ():
                    for need in graph.needs(node):
                        if not need.closed:
                            note_unknown(Reason.MAPPING, need.place, what=need.label, weak=True)
                # The fix is in the consumer, so one finding is enough for all lists that name it.
                if first is not None and None not in reasons and consumer.nodes[0].name not in known:
                    known.add(consumer.nodes[0].name)
                    side = other_side(first.place, f"the inputs of {consumer.nodes[0].name}")
                    yield self.at(
                        subject,
                        text,
                        f"{text.value} {first.why}",
                        [side],
                        _TAKES_NOTHING,
                    )


def _consumers(subject: StepUnderCheck) -> list[tuple[Text, bool]]:
    """Return the consumers that a step names, and whether each must take a model; the keys that say so come first."""
    tables = list(flow_tables(subject))
    of_model = [(text, True) for table in tables for text in table.consumers or ()]
    only_models = gives_models_only(subject)
    return of_model + [(text, only_models) for table in tables for text in table.downstream_consumers or ()]


_TAKE_MODELS = (StepKind.CREATE_MODEL, StepKind.REGISTER_MODEL, StepKind.TRANSFORM)


class Nothing(NamedTuple):
    """The reason why a step takes nothing from another, and the place that shows it."""

    why: str
    place: Place


def takes_nothing(
    graph: StepGraph, node: Node, producers: Collection[Node], *, of_model: bool
) -> Nothing | None:
    """Return why a node certainly takes nothing from the producers; None if it does, or may.

    ``of_model`` is whether the flow declares that the node takes a model.
    """
    names = ", ".join(dict.fromkeys(producer.step.name for producer in producers))
    needs = graph.needs(node)
    ids = {id(producer) for producer in producers}
    if any(id(n) in ids for need in needs for source in need.sources for n in source.nodes):
        return None
    table = node.specification.dependencies if node.specification is not None else None
    contract = node.reading.contract
    if table is None and contract is not None and contract.inputs is not None:
        closed, count, place = contract.inputs.closed, len(contract.inputs), contract.inputs.place
        if closed and not count:
            return Nothing("takes no inputs", place)
    if table is not None and table.closed and not len(table) and contract is None and not node.step.partial:
        return Nothing("takes no inputs", table.place)
    known = [
        need for need in needs if need.dependency is None or need.dependency.compatible_sources is not None
    ]
    if needs and len(known) == len(needs) and all(need.closed and need.sources for need in needs):
        if all(source.nodes and source.meaning is Meaning.STEP for need in needs for source in need.sources):
            return Nothing(f"takes nothing from {names}", needs[0].place)
    if of_model and node.step.kind not in _TAKE_MODELS:
        inputs: Table[Any] | None = table
        if inputs is None and contract is not None:
            inputs = contract.inputs
        if inputs is not None and inputs.closed and len(inputs):
            types = [text_value(entry.value.type) for entry in inputs]
            if all(t is not None and type_fits(MODEL, t.value) is False for t in types):
                return Nothing("takes no model artifact", inputs.place)
    return None


def gives_models_only(subject: StepUnderCheck) -> bool:
    """Return whether all outputs of a step are certainly models."""
    found: list[Scalar | None] = []
    for specification in subject.reading.specifications:
        if specification.outputs is not None and specification.outputs.closed:
            found.extend(entry.value.type for entry in specification.outputs)
        elif specification.listed_outputs is not None and specification.listed_outputs.closed:
            found.extend(Scalar(text.value, text.place) for text in specification.listed_outputs)
        else:
            return False
    texts = [text_value(scalar) for scalar in found]
    return bool(texts) and all(t is not None and content_of_type(t.value) == "model" for t in texts)
