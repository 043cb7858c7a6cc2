"""TRN417: a configuration field that the builder reads and the class does not have."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import did_you_mean
from training_alignment.comparisons.configuration_fields import (
    attributes_lacking,
    fields_lacking,
    own_fields_lacking,
)
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_builder import built
from training_alignment.rules.step_rule import StepRule

_OWN = (
    (
        "        def validate_configuration(self):\n",
        "        def _name(self):\n"
        '            self.base, self.ending = "Churn", "Training"\n'
        "            return self.base + self.ending\n\n"
        "        def validate_configuration(self):\n",
    ),
)
_OTHER_NAME = ("self.base, self.ending =", "base, ending =")
_MARKED = ("return self.base + self.ending\n", "return self.base + self.ending  # TRN417\n")
_NEVER_SET = "the builder reads an attribute that nothing sets"


class ConfigurationFieldMissing(StepRule):
    """Reports fields that a builder reads or requires and that its configuration class does not have."""

    code = "TRN417"
    severity = Severity.ERROR
    summary = "the config class lacks a field that the builder reads"
    other_summaries = (_NEVER_SET,)
    why = """
        The builder raises `AttributeError` when the pipeline is put together, or refuses to build the step because a
        required field is missing. Usually one side was missed in a rename.
    """
    fix = """
        Use the field's name of the configuration class, or add the field to the class.
    """
    warning_when = ("a subclass of the configuration may have the field",)
    reported_when = (
        "a method of the builder reads a field of its configuration without a guard, and neither the class "
        "nor a base has it",
        "the builder or the step's `required_config` lists a field as required, and the class does not have "
        "it",
        "a method of the configuration class reads such a field of its own object",
        "a step file names a misspelled field of the class",
        "a method of the builder reads an attribute of its own object that no code sets; neither the class nor a "
        "base has it",
        "the class accepts further fields (`extra='allow'`): then the finding is a warning, unless the name "
        "is a misspelling",
    )
    not_reported_when = (
        Condition(
            "`hasattr`, a default of `getattr` or a comparison guards a read of the field",
            suppressed={
                "self.config.instance_type,  # TRN417": 'getattr(self.config, "instance_type", "ml.m5.xlarge"),'
            },
            reported={
                "self.config.instance_type,  # TRN417": "self.config.instance_type,  # TRN417",
                "        required_attrs =": (
                    '        print({}.get("instance_type", "ml.m5.xlarge"))\n        required_attrs ='
                ),
            },
        ),
        Condition(
            "the configuration class is unknown, is `dict` or `Any`, or has a base class outside the repository",
            suppressed={
                "class BaseStepConfig(BaseModel)": "class BaseStepConfig(SharedConfig)",
                "from pydantic import BaseModel": "from shared.config import SharedConfig",
            },
            reported={
                "from pydantic import BaseModel": (
                    "from pydantic import BaseModel\nfrom shared.config import SharedConfig"
                )
            },
        ),
        Condition(
            "a class that derives from it has the field, or some code passes or assigns the field to an object "
            "of the class",
            suppressed={
                "+ configs/other_config.py": (
                    "from configs.churn_training_config import ChurnTrainingConfig\n"
                    "\n"
                    "\n"
                    "class OtherConfig(ChurnTrainingConfig):\n"
                    "    instance_type: str\n"
                )
            },
            reported={
                "+ configs/other_config.py": (
                    "from pydantic import BaseModel\n"
                    "\n"
                    "\n"
                    "class OtherConfig(BaseModel):\n"
                    "    instance_type: str\n"
                )
            },
        ),
        Condition(
            "a statement of the class sets the attribute, also a part of an unpacked value",
            suppressed=Example(built(_OWN), options=("--select=TRN417",)),
            reported=Example(built([*_OWN, _OTHER_NAME, _MARKED]), options=("--select=TRN417",)),
        ),
    )
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

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield a finding for each missing field, at its first read."""
        for lacking in (*fields_lacking(subject), *own_fields_lacking(subject)):
            owner = lacking.configuration
            hint = did_you_mean(lacking.near)
            related = [other_side(owner.place, f"{owner.name} has no {lacking.field.value}")]
            detail = f"{lacking.field.value} of {owner.name}{hint}"
            finding = self.at(subject, lacking.field, detail, related)
            yield (
                finding if lacking.certain or lacking.near else replace(finding, severity=Severity.WARNING)
            )
        for lacking in attributes_lacking(subject):
            hint = did_you_mean(lacking.near)
            detail = f"{lacking.configuration.name} has no {lacking.field.value}{hint}"
            yield self.at(subject, lacking.field, detail, summary=_NEVER_SET)
