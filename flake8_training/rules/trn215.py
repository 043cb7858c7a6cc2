"""TRN215: an output alias equals a logical name."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.output_aliases import aliases_that_are_names
from flake8_training.builder.problem import Problem
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule

_SPECIFICATION = """
    from pipeline.specification import OutputSpec, StepSpecification

    TRAINING_SPEC = StepSpecification(
        step_type="ChurnTraining",
        outputs=[
            OutputSpec(
                logical_name="model_output",
                aliases=["%s"],%s
                output_type="model_artifacts",
                property_path="properties.ModelArtifacts.S3ModelArtifacts",  # of SageMaker's training step
            ),
        ],
    )
"""


class AliasIsName(LauncherRule):
    """Reports an output with an alias that is a logical name already."""

    code = "TRN215"
    severity = Severity.ERROR
    summary = "an output alias equals a logical name"
    why = """
        An alias is a further name for an output. One that equals the output's own name, capitals aside, is refused by
        the class that holds specifications, so the module cannot even be imported. One that equals the name of another
        output of the step makes it a matter of chance which of the two a later step gets.
    """
    bad = Example({"training_spec.py": _SPECIFICATION % ("Model_Output", "  # TRN215")})
    good = Example({"training_spec.py": _SPECIFICATION % ("churn_model", "")})

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each alias that is a name."""
        yield from aliases_that_are_names(launcher)
