"""TRN303: a required input has no producer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_unknown
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from training_alignment.artefacts.model import Flow
from training_alignment.artefacts.tree import Entry, Listing
from training_alignment.comparisons.flow_tables import (
    DEPENDENCIES,
    PIPELINE_FLOW,
    flow_tables,
    is_empty,
    is_left_out,
    written_or,
)
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_pipeline import OPTIONS, pipeline
from training_alignment.rules.step_rule import StepRule
from training_alignment.steps.graph import Node
from training_alignment.steps.name_lookup import Meaning, Reference


class RequiredInputWithoutProducer(StepRule):
    """Reports a required input that no step may deliver, and a pipeline flow without a source of data."""

    code = "TRN303"
    severity = Severity.ERROR
    summary = "a required input has no producer"
    why = """
        The step cannot run without the input, and no step may deliver it. The job starts with an empty channel, or does
        not start.
    """
    fix = """
        Name the steps that deliver the input in `compatible_sources` or `upstream_steps`, or state a `data_source`.
    """
    warning_when = ("the input's sources are registered steps of which the repository has no file",)
    reported_when = (
        "the list `compatible_sources` of a required input is empty",
        "all sources of a required input are registered, and the repository has files of most registered "
        "steps, but of none of these",
        "a table of dependencies states neither upstream steps nor input artifacts, and an input of the "
        "contract states no location",
        "a `training_pipeline_flow` states no `data_source`",
    )
    not_reported_when = (
        Condition(
            "the input is optional",
            suppressed={
                "            required=True,\n            compatible_sources=[],\n": (
                    "            required=False,\n            compatible_sources=[],\n"
                )
            },
            reported={
                "            required=True,\n            compatible_sources=[],\n": (
                    "            required=True,\n"
                    "            compatible_sources=[],\n"
                    '            description="required=False",\n'
                )
            },
        ),
        Condition(
            "the specification lists no sources at all, or the list cannot be determined completely",
            suppressed={"            compatible_sources=[],\n": ""},
            reported={
                "            compatible_sources=[],\n": (
                    '            compatible_sources=[],\n            semantic_keywords=["sources"],\n'
                )
            },
        ),
        Condition(
            "a `training_pipeline_flow` of the step states a `data_source`: the contract's inputs need no other",
            suppressed=Example(
                {
                    "contracts/churn_training_contract.py": (
                        "CHURN_TRAINING_CONTRACT = {\n"
                        '    "inputs": {"training_data": {"type": "TrainingInput", "destination": '
                        '"/opt/ml/input/data/training"}},\n'
                        '    "outputs": {"model": {"type": "model_artifacts", "source": "/opt/ml/model"}},\n'
                        '    "hyperparameters": {},\n'
                        "}\n"
                    ),
                    "specs/churn_training_flow.py": (
                        "dependencies = {\n"
                        '    "upstream_steps": [],\n'
                        '    "input_artifacts": [],\n'
                        '    "required_permissions": ["s3:GetObject", "s3:PutObject"],\n'
                        "}\n"
                        "\n"
                        "training_pipeline_flow = {\n"
                        '    "data_source": "s3://bucket/data/",\n'
                        '    "model_destination": "s3://bucket/models/",\n'
                        "}\n"
                    ),
                },
                options=("--select=TRN303",),
            ),
            reported=Example(
                {
                    "contracts/churn_training_contract.py": (
                        "CHURN_TRAINING_CONTRACT = {\n"
                        '    "inputs": {\n'
                        '        "training_data": {"type": "TrainingInput", "destination": '
                        '"/opt/ml/input/data/training"},  # TRN303\n'
                        "    },\n"
                        '    "outputs": {"model": {"type": "model_artifacts", "source": "/opt/ml/model"}},\n'
                        '    "hyperparameters": {},\n'
                        "}\n"
                    ),
                    "specs/churn_training_flow.py": (
                        "dependencies = {\n"
                        '    "upstream_steps": [],\n'
                        '    "input_artifacts": [],\n'
                        '    "required_permissions": ["s3:GetObject", "s3:PutObject"],\n'
                        '    "description": "data_source",\n'
                        "}\n"
                    ),
                },
                options=("--select=TRN303",),
            ),
        ),
    )
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

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each input without a producer, and for each flow without a source of data."""
        for node in subject.nodes:
            for need in subject.repository.graph.needs(node):
                listed = need.dependency.compatible_sources if need.dependency is not None else None
                if need.required and not need.closed:
                    note_unknown(Reason.MAPPING, need.place, what=need.label, weak=True)
                if need.required and listed is not None and listed.closed and not listed.items:
                    yield self.at(subject, need.place, f"{need.label}, its list of sources is empty")
                elif (
                    need.required
                    and need.closed
                    and need.sources
                    and all(_has_no_step(subject, source) for source in need.sources)
                ):
                    words = ", ".join(source.text.value for source in need.sources)
                    found = self.at(
                        subject, need.place, f"{need.label}, no step of the repository is {words}"
                    )
                    yield replace(found, severity=Severity.WARNING)
        for table in flow_tables(subject, DEPENDENCIES):
            for entry in unsupplied_inputs(subject, table):
                yield self.at(subject, entry, f"{entry.name.value}, the step's dependencies name no source")
        for table in flow_tables(subject, PIPELINE_FLOW):
            if is_left_out(table, "data_source"):
                place = written_or(table, "data_source")
                yield self.at(subject, place, "training_pipeline_flow names no data_source")


def _has_no_step(subject: StepUnderCheck, source: Reference[Node]) -> bool:
    """Return whether a source is registered, and no file of the repository belongs to a step of that name.

    TRN301 reports the names that no registry has.
    """
    if source.meaning is not Meaning.STEP or source.nodes:
        return False
    whole = subject.repository.graph.whole
    known = whole.names.known(source.text, loose=True)
    return known is not None and not known.nodes and whole.holds_registered_steps


def unsupplied_inputs(subject: StepUnderCheck, flow: Flow) -> Iterator[Entry[Any]]:
    """Yield the required inputs of a step for which neither the flow nor the contract names a source."""
    if not (is_left_out(flow, "upstream_steps", "input_artifacts") or _both_empty(flow)):
        return
    if any(not is_left_out(other, "data_source") for other in flow_tables(subject, PIPELINE_FLOW)):
        return
    contract = subject.contract
    if contract is not None and contract.inputs is not None:
        for entry in contract.inputs:
            port = entry.value
            optional = port.required is not None and port.required.value is not True
            if port.location is None and port.node is not None and not optional and not is_empty(port.node):
                yield entry


def _both_empty(flow: Flow) -> bool:
    """Return whether the lists of steps and artifacts are empty, or one is empty and the other absent."""
    listings: list[Listing[Any] | None] = [flow.upstream_steps, flow.input_artifacts]
    listed = [listing for listing in listings if listing is not None]
    return bool(listed) and flow.raw.closed and all(one.closed and not one.items for one in listed)
