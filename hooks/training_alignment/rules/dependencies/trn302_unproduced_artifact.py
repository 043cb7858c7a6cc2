"""TRN302: an input artifact is produced by no upstream step."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, unknown_if
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.artifact_types import plain_type
from flake8_training.spelling import closest, did_you_mean, same_name
from training_alignment.artefacts.model import Flow, Text
from training_alignment.artefacts.tree import Listing, Scalar, all_closed
from training_alignment.comparisons.flow_tables import PIPELINE_FLOW, flow_tables, is_left_out
from training_alignment.comparisons.producers import outputs_place
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_pipeline import OPTIONS, flow
from training_alignment.rules.step_rule import StepRule
from training_alignment.steps.graph import Need, output_names
from training_alignment.steps.name_lookup import Meaning

_NO_UPSTREAM = (
    ('"upstream_steps": ["data-preprocessing"],', '"upstream_steps": [],'),
    ("training_pipeline_flow = {", "flow = {"),
)
_OTHER_OUTPUTS = (("training_data", "rows"), ("validation_data", "columns"))
_MARKED = ('"validation_data"],', '"validation_data"],  # TRN302')


class InputArtifactOfNoUpstreamStep(StepRule):
    """Reports an input artifact that no upstream step produces, and a source that has no outputs."""

    code = "TRN302"
    severity = Severity.ERROR
    summary = "no upstream step produces the input artifact"
    why = """
        The pipeline connects the outputs that steps declare. If no upstream step declares the artifact among its
        outputs or their aliases, nothing delivers it: the training starts without its data.
    """
    fix = """
        Use the name of an output of an upstream step, or add the step that produces the artifact.
    """
    warning_when = ("another of the dependency's sources may produce the artifact",)
    reported_when = (
        "a name in `input_artifacts` is no output, and no alias of one, of any step in `upstream_steps`",
        "`input_artifacts` has names and `upstream_steps` none, and no `data_source` states where the data is",
        "`upstream_steps` is an empty list, `data_source` is a property of a step, and a step of the repository "
        "produces the artifact",
        "no source of an input has any outputs",
        "one source of an input has no outputs, while others have (a warning)",
    )
    not_reported_when = (
        Condition(
            "no upstream step is named, no step gives the artifact, and the contract states the location of the "
            "input of that name",
            suppressed=Example(flow(_NO_UPSTREAM, _OTHER_OUTPUTS), options=OPTIONS),
            reported=Example(flow([*_NO_UPSTREAM, _MARKED]), options=OPTIONS),
        ),
        Condition(
            "an upstream step is unknown, or its outputs cannot be determined completely",
            suppressed={
                '"upstream_steps": ["data-preprocessing"]': '"upstream_steps": ["data-preprocessing", MORE]',
                "dependencies = {": "from pipeline.more import MORE\n\ndependencies = {",
            },
            reported={"dependencies = {": "from pipeline.more import MORE\n\ndependencies = {"},
        ),
        Condition(
            "the names differ in case, `-` or `_` only",
            suppressed={
                '"input_artifacts": ["training_data", "test_data"],  # TRN302': (
                    '"input_artifacts": ["training_data", "Validation-Data"],'
                )
            },
            reported={
                '"input_artifacts": ["training_data", "test_data"],  # TRN302': (
                    '"input_artifacts": ["training_data", "Validated-Data"],  # TRN302'
                )
            },
        ),
    )
    bad = Example(
        flow(
            [
                (
                    '"input_artifacts": ["training_data", "validation_data"],',
                    '"input_artifacts": ["training_data", "test_data"],  # TRN302',
                )
            ]
        ),
        options=OPTIONS,
    )
    good = Example(flow(), options=OPTIONS)

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each artifact without a producer, and for each source without outputs."""
        for table in flow_tables(subject):
            yield from self._of_flow(subject, table)
        for node in subject.nodes:
            for need in subject.repository.graph.needs(node):
                if need.dependency is not None:
                    yield from self._of_sources(subject, need)

    def _of_flow(self, subject: StepUnderCheck, table: Flow) -> Iterator[Finding]:
        upstream, artifacts = table.upstream_steps, table.input_artifacts
        if artifacts is None:
            return
        if upstream is None or not upstream.items:
            if all_closed(table.raw, *([upstream] if upstream is not None else [])):
                yield from self._without_upstream(subject, artifacts, is_listed=upstream is not None)
            return
        if not all_closed(upstream):
            return
        passed: list[str] = []
        related = []
        for text in upstream:
            nodes = subject.repository.graph.in_flow(text).nodes
            outputs = [output_names(node) for node in nodes]
            is_known = bool(nodes) and not any(names is None for names in outputs)
            if unknown_if(not is_known, Reason.MAPPING if nodes else Reason.ABSENT, text, what=text.value):
                return
            passed.extend(name for names in outputs for name in names or ())
            related.append(other_side(outputs_place(nodes[0]), f"the outputs of {nodes[0].name}"))
        for artifact in artifacts:
            if not any(same_name(artifact.value, name) for name in passed):
                near = closest(artifact.value, passed)
                hint = did_you_mean(near)
                yield self.at(subject, artifact, f"{artifact.value}{hint}", related[:3])

    def _without_upstream(
        self, subject: StepUnderCheck, artifacts: Listing[Text], *, is_listed: bool
    ) -> Iterator[Finding]:
        """Yield the artifacts of a flow that names no upstream step.

        If another flow states where data is, only an empty list beside a property of a step contradicts the step that
        produces the artifact.
        """
        stated = [
            flow.data_source
            for flow in flow_tables(subject, PIPELINE_FLOW)
            if not is_left_out(flow, "data_source")
        ]
        if stated and not (is_listed and all(map(_is_property, stated))):
            return
        graph = subject.repository.graph.whole
        for artifact in artifacts:
            named = graph.producers.get(plain_type(artifact.value), ())
            givers = [node for node in named if node.step.name != subject.name]
            if not givers and (stated or _has_location(subject, artifact.value)):
                continue
            related = [other_side(outputs_place(node), f"the outputs of {node.name}") for node in givers[:3]]
            hint = f"; {givers[0].name} produces it" if len(givers) == 1 else ""
            yield self.at(subject, artifact, f"{artifact.value}, upstream_steps is empty{hint}", related)

    def _of_sources(self, subject: StepUnderCheck, need: Need) -> Iterator[Finding]:
        barren = [
            source
            for source in need.sources
            if source.nodes
            and source.meaning is Meaning.STEP
            and all(output_names(n) == {} for n in source.nodes)
        ]
        for source in barren:
            related = [other_side(outputs_place(source.nodes[0]), f"the outputs of {source.text.value}")]
            found = self.at(
                subject, source.text, f"{need.label} from {source.text.value}, which has none", related
            )
            all_barren = need.closed and len(barren) == len(need.sources)
            yield found if all_barren else replace(found, severity=Severity.WARNING)


def _is_property(source: Scalar | None) -> bool:
    """Return whether the source of the data is a property of a step."""
    return source is not None and isinstance(source.value, str) and ".properties." in source.value


def _has_location(subject: StepUnderCheck, name: str) -> bool:
    """Return whether the contract states where the input of a name is, outside the container."""
    inputs = subject.contract.inputs if subject.contract is not None else None
    return any(
        same_name(entry.name.value, name) and entry.value.location is not None for entry in inputs or ()
    )
