"""TRN303: a required input has no producer."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.flow_tables import DEPENDENCIES, PIPELINE_FLOW, flow_tables, is_left_out
from training_alignment.levels.pipeline_example import OPTIONS, pipeline
from training_alignment.levels.subject import StepSubject
from training_alignment.levels.supplies import unsupplied_inputs


class RequiredInputWithoutProducer(StepRule):
    """Reports a required input that nothing may come from, and a flow without a source of data."""

    code = "TRN303"
    severity = Severity.ERROR
    summary = "a required input has no producer"
    why = """
        An input that the step cannot run without, and that no step is allowed to give: its list of sources is empty,
        or the step's dependencies name neither upstream steps nor artifacts while the contract says of no place where
        the data is. The job starts with an empty channel, or not at all.

        In a `training_pipeline_flow` the same is an absent `data_source`.
    """
    bad = Example(
        pipeline(
            [
                ('logical_name="training_data",', 'logical_name="training_data",  # TRN303'),
                ('compatible_sources=["Cleaning"]', "compatible_sources=[]"),
            ]
        ),
        options=OPTIONS,
    )
    good = Example(pipeline(), options=OPTIONS)

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding at each input without a producer."""
        for node in subject.nodes:
            for need in subject.repository.graph.needs(node):
                listed = need.dependency.compatible_sources if need.dependency is not None else None
                if need.required and listed is not None and listed.closed and not listed.items:
                    yield self.at(subject, need.place, f"{need.label}, its list of sources is empty")
        for table in flow_tables(subject, DEPENDENCIES):
            for entry in unsupplied_inputs(subject, table):
                yield self.at(subject, entry, f"{entry.name.value}, the step's dependencies name no source")
        for table in flow_tables(subject, PIPELINE_FLOW):
            if is_left_out(table, "data_source"):
                yield self.at(subject, table.place, "training_pipeline_flow names no data_source")
