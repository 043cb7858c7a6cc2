"""TRN308: the model destination is missing or no S3 location."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_unknown
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.disagreements import is_literal
from training_alignment.comparisons.flow_tables import (
    ARTIFACT_FLOW,
    PIPELINE_FLOW,
    flow_tables,
    is_left_out,
    written_or,
)
from training_alignment.comparisons.model_destinations import other_destinations
from training_alignment.comparisons.port_parts import missing_locations
from training_alignment.comparisons.s3_locations import not_in_s3, wrong_destinations
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_pipeline import OPTIONS, flow
from training_alignment.rules.example_step import contract_and_specification
from training_alignment.rules.step_rule import StepRule


def _with_destination(destination: str, marker: str = "") -> dict[str, str]:
    """Return a contract and its specification, with the destination of the model."""
    return contract_and_specification(
        contract=[('"destination": "s3://bucket/models/",', f'"destination": "{destination}",{marker}')]
    )


_MISSING = "the model destination is missing"
_OTHER = "the model has another destination than the step declares"


class ModelDestinationIsNoS3Location(StepRule):
    """Reports a flow that states no destination of the model, or one that is no S3 location."""

    code = "TRN308"
    severity = Severity.ERROR
    summary = "the model destination is no S3 location"
    other_summaries = (_MISSING, _OTHER)
    why = """
        SageMaker packs `/opt/ml/model`, stores the archive in S3 and deletes the instance with its disk.
        `CreateTrainingJob` refuses an output location that is not of the form `s3://bucket/...`. If no location is
        stated, the model goes to a default bucket where nobody looks for it.
    """
    fix = """
        State a destination of the form `s3://bucket/prefix`.
    """
    reported_when = (
        "a `training_pipeline_flow` or `model_artifact_flow` states no destination, or an empty one",
        "the destination is a literal that is no S3 location, such as `s3:/bucket/models`, a local path "
        "or a number",
        "the destination of a contract's output is a misspelt S3 location, an absolute path outside `/opt/ml`, or "
        "empty",
        "an output of a contract has no destination, and another port of it has a location",
        "contract, flows and builder of a training step have S3 locations for its model, and one of them is "
        "neither the others' nor below it",
    )
    not_reported_when = (
        Condition(
            "the destination is computed at run time, or has placeholders such as `{bucket}` or `${BUCKET}`",
            suppressed={'"s3:/bucket/models/",  # TRN308': '"{bucket}/models/",'},
            reported={'"s3:/bucket/models/",  # TRN308': '"bucket/models/",  # TRN308'},
        ),
        Condition(
            "the destination is a property of a step, such as `step.properties.X`",
            suppressed={'"s3:/bucket/models/",  # TRN308': '"step.properties.ModelArtifacts",'},
            reported={'"s3:/bucket/models/",  # TRN308': '"step-properties",  # TRN308'},
        ),
        Condition(
            "the destination is a `file://` location, for local mode",
            suppressed={'"s3:/bucket/models/",  # TRN308': '"file:///tmp/models",'},
            reported={'"s3:/bucket/models/",  # TRN308': '"files://tmp/models",  # TRN308'},
        ),
        Condition(
            "the destination of a contract's output is a name or a relative path",
            suppressed=Example(_with_destination("models/churn")),
            reported=Example(_with_destination("/models/churn", "  # TRN308")),
        ),
        Condition(
            "the keys of the flow table cannot be determined completely, and none of them is a destination",
            suppressed={
                ('    "model_destination": "s3:/bucket/models/",  # TRN308\n'): "    **MORE,\n",
                "training_pipeline_flow = {": (
                    "from pipeline.more import MORE\n\ntraining_pipeline_flow = {"
                ),
            },
            reported={
                "training_pipeline_flow = {": ("from pipeline.more import MORE\n\ntraining_pipeline_flow = {")
            },
        ),
    )
    bad = Example(
        flow(
            [
                (
                    '"model_destination": "s3://bucket/models/",',
                    '"model_destination": "s3:/bucket/models/",  # TRN308',
                )
            ]
        ),
        options=OPTIONS,
    )
    good = Example(flow(), options=OPTIONS)
    references = ("https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html",)

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding at each destination that is no S3 location, or at a flow without one."""
        for table in flow_tables(subject, PIPELINE_FLOW, ARTIFACT_FLOW):
            key = "model_destination" if table.subject == PIPELINE_FLOW else "destination"
            if is_left_out(table, "model_destination", "destination"):
                detail = f"{table.subject} names no {key}"
                yield self.at(subject, written_or(table, key), detail, summary=_MISSING)
            elif table.destination is not None and not is_literal(table.destination):
                note_unknown(Reason.COMPUTED, table.destination.place, what=key)
            elif table.destination is not None and (wrong := not_in_s3(table.destination)):
                yield self.at(subject, table.destination, wrong)
        for destination, detail in wrong_destinations(subject):
            yield self.at(subject, destination, detail)
        for place, detail in missing_locations(subject, "output"):
            yield self.at(subject, place, detail, summary=_MISSING)
        for other in other_destinations(subject):
            yield self.at(subject, other.location, other.detail, [other.related], summary=_OTHER)
