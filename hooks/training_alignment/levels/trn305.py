"""TRN305: a downstream consumer does not exist, or takes no model artifact."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule, other_side
from training_alignment.levels.consumers import takes_nothing
from training_alignment.levels.flow_tables import flow_tables
from training_alignment.levels.pipeline_example import OPTIONS, flow
from training_alignment.levels.subject import StepSubject
from training_alignment.steps.step_names import Meaning


class ConsumerDoesNotExist(StepRule):
    """Reports a consumer that is no step of the repository, or that takes nothing from this step."""

    code = "TRN305"
    severity = Severity.ERROR
    between_steps = True
    summary = "a downstream consumer does not exist, or takes no model artifact"
    why = """
        `downstream_consumers`, `evaluation_consumers` and `consumers` name the steps that take the model or the data of
        this step. A name that no step has connects nothing. A step without an input for the model cannot take it. The
        model is trained and stored, but never evaluated or registered.
    """
    fix = """
        Use the exact name of the step, or add an input for the model to the consumer.
    """
    reported_when = (
        "a consumer is the name of no step of the repository",
        "the consumer has no inputs, or all sources of its inputs are other steps",
        "a consumer of a model has inputs of other types only, and does not create, register or apply a "
        "model",
        "a consumer is a word for a kind of step, such as `ModelStep` (a warning)",
    )
    not_reported_when = (
        "the repository has no other steps, and no registry names them",
        "an input of the consumer names this step among its sources",
        "the inputs of the consumer, or their sources, cannot be determined completely",
    )
    missed = (
        "a step in `downstream_consumers` takes no model: only `evaluation_consumers` and `consumers` are "
        "compared by type",
        "`training_pipeline_flow` or `model_artifact_flow` is a section of a specification, and not a "
        "constant or a file of its own",
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

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding at each consumer that does not exist, or that takes nothing from this step."""
        graph = subject.repository.graph
        told: set[str] = set()
        for table in flow_tables(subject):
            for listing in (table.downstream_consumers, table.consumers):
                for text in listing or ():
                    consumer = graph.in_flow(text)
                    if consumer.meaning is Meaning.MISSING:
                        hint = f"did you mean {consumer.near}?" if consumer.near else "no step has that name"
                        yield self.at(subject, text, f"{text.value}, {hint}")
                    elif consumer.meaning is Meaning.CATEGORY:
                        found = self.at(subject, text, f"{text.value} is the name of no step")
                        yield replace(found, severity=Severity.WARNING)
                    elif consumer.nodes:
                        reasons = [
                            takes_nothing(graph, node, subject.nodes, of_model=listing is table.consumers)
                            for node in consumer.nodes
                        ]
                        first = reasons[0]
                        # The fix is in the consumer, so one finding is enough for all lists that name it.
                        if first is not None and None not in reasons and consumer.nodes[0].name not in told:
                            told.add(consumer.nodes[0].name)
                            side = other_side(first.place, f"the inputs of {consumer.nodes[0].name}")
                            yield self.at(subject, text, f"{text.value} {first.why}", [side])
