"""TRN215: an output alias that equals a logical name."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.output_aliases import aliases_that_are_names
from flake8_training.builder.problem import Problem
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS, LauncherRule

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
    """Reports an alias of an output that is already a logical name."""

    code = "TRN215"
    severity = Severity.ERROR
    summary = "an output alias equals a logical name"
    why = """
        An alias is a further name of an output. The class that holds specifications refuses an alias that equals the
        output's own name, ignoring case, so the import of the module fails. If the alias equals the name of another
        output of the step, a later step may get either of the two.
    """
    fix = """
        Remove the alias, or choose a name that no output of the step has.
    """
    reported_when = (
        "an alias of an `OutputSpec` equals its own `logical_name`, ignoring case",
        "an alias of an `OutputSpec` equals the `logical_name` of another output in the same list, ignoring "
        "case",
        "an output of a specification in YAML or JSON has such an alias (commit hook)",
    )
    not_reported_when = (
        "the other output belongs to another list",
        "the logical name is unknown, or the alias is no string literal",
        NOT_IN_TESTS,
    )
    bad = Example({"training_spec.py": _SPECIFICATION % ("Model_Output", "  # TRN215")})
    good = Example({"training_spec.py": _SPECIFICATION % ("churn_model", "")})

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each alias that equals a logical name."""
        yield from aliases_that_are_names(launcher)
