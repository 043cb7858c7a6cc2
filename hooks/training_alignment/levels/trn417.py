"""TRN417: the builder reads a configuration field that the config class does not have."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule, other_side
from training_alignment.levels.builder_example import built
from training_alignment.levels.configuration_fields import fields_lacking, own_fields_lacking
from training_alignment.levels.subject import StepSubject


class ConfigurationFieldMissing(StepRule):
    """Reports fields that a builder reads or lists as required and that its configuration class does not have."""

    code = "TRN417"
    severity = Severity.ERROR
    summary = "the builder reads a configuration field that the config class does not have"
    why = """
        `AttributeError` when the pipeline is put together, or a step that can never be built: its builder asks for a
        field that no configuration has. After a renaming it is usually one of the two sides that was forgotten.

        Fields of base classes, private ones and properties count, for pydantic models and data classes alike. What
        is guarded by `hasattr`, by a default of `getattr` or by a comparison is not asked for, and nothing is said
        of a class with a base that is not at hand. Where the class lets its objects have more fields
        (`extra="allow"`), a field that it does not name is a warning, unless it is evidently a misspelt one. What the
        class's own methods read of themselves is looked at in the same way.
    """
    bad = Example(
        built(
            [
                (
                    "instance_type=self.config.training_instance_type,",
                    "instance_type=self.config.instance_type,  # TRN417",
                ),
            ],
        )
    )
    good = Example(built())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding for each field, where it is first read."""
        for lacking in (*fields_lacking(subject), *own_fields_lacking(subject)):
            owner = lacking.configuration
            hint = f", did you mean {lacking.near}?" if lacking.near else ""
            related = [other_side(owner.place, f"{owner.name} has no {lacking.field.value}")]
            detail = f"{lacking.field.value} of {owner.name}{hint}"
            finding = self.at(subject, lacking.field, detail, related)
            yield (
                finding if lacking.certain or lacking.near else replace(finding, severity=Severity.WARNING)
            )
