"""TRN301: an upstream step does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.pipeline_example import OPTIONS, pipeline
from training_alignment.levels.subject import StepSubject
from training_alignment.steps.graph import Need, Node
from training_alignment.steps.step_names import Meaning, Reference


class UpstreamStepDoesNotExist(StepRule):
    """Reports a source of an input that is no step of the repository."""

    code = "TRN301"
    severity = Severity.ERROR
    summary = "an upstream step does not exist"
    why = """
        A specification names the steps that an input may come from, a table of dependencies those that run before. A
        name that is no step's connects nothing: `PytorchTraining` is not `PyTorchTraining`, and the input stays
        empty, or is taken from whatever else looks like it.

        It is said where the repository defines other steps in the same way, or a registry names them all: one step
        alone says nothing about what it points to. A word for a kind of step (`ProcessingStep`, `DataLoad`), a job
        type that a step has no specification for, and a misspelt name beside the right one are warnings.
    """
    bad = Example(pipeline(specification=[('["Cleaning"],', '["Cleanning"],  # TRN301')]), options=OPTIONS)
    good = Example(pipeline(), options=OPTIONS)

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding at each name of a step that there is not; one for all words for kinds on a line."""
        for node in subject.nodes:
            for need in subject.repository.graph.needs(node):
                words: dict[int, list[Reference[Node]]] = {}
                for source in need.sources:
                    if source.meaning is Meaning.CATEGORY:
                        words.setdefault(source.text.line, []).append(source)
                    else:
                        yield from self._of(subject, need, source)
                for found in words.values():
                    names = ", ".join(source.text.value for source in found)
                    detail = f"{names} {'is' if len(found) == 1 else 'are'} no name of a step here"
                    yield replace(self.at(subject, found[0].text, detail), severity=Severity.WARNING)

    def _of(self, subject: StepSubject, need: Need, source: Reference[Node]) -> Iterator[Finding]:
        name = source.text.value
        if source.meaning is Meaning.MISSING:
            hint = f", did you mean {source.near}?" if source.near else ""
            found = self.at(subject, source.text, f"{name}{hint}")
            beside = any(other.text.value == source.near for other in need.sources)
            yield replace(found, severity=Severity.WARNING) if beside else found
        elif source.meaning is Meaning.NO_JOB_TYPE:
            detail = f"{name}, {source.near} has no specification for this job type"
            yield replace(self.at(subject, source.text, detail), severity=Severity.WARNING)
