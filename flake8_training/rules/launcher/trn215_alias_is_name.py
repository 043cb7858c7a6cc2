"""TRN215: an output alias that equals a logical name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.parents import parent
from flake8_training.engine.values.unknown_values import note_values
from flake8_training.engine.values.values import Collection
from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.signs import OUTPUT_CLASS
from flake8_training.ledger import note_question
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.rule import Condition, Example

if TYPE_CHECKING:
    from flake8_training.launcher.located_expressions import LocatedExpression


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
        Condition(
            "the other output belongs to another list",
            suppressed={
                '            aliases=["Model_Output"],  # TRN215\n': '            aliases=["report"],\n',
                "TRAINING_SPEC = Step": (
                    'REPORT = OutputSpec(logical_name="report", output_type="processing_output")\n'
                    "TRAINING_SPEC = Step"
                ),
            },
            reported={
                "TRAINING_SPEC = Step": (
                    'REPORT = OutputSpec(logical_name="report", output_type="processing_output")\n'
                    "TRAINING_SPEC = Step"
                ),
            },
        ),
        Condition(
            "the logical name is unknown, or the alias is no string literal",
            suppressed={
                "from pipeline.specification import": (
                    "from pipeline.names import MODEL\nfrom pipeline.specification import"
                ),
                '            logical_name="model_output",\n': "            logical_name=MODEL,\n",
            },
            reported={
                "from pipeline.specification import": (
                    "from pipeline.names import MODEL\nfrom pipeline.specification import"
                )
            },
        ),
        NOT_IN_TESTS,
    )
    bad = Example({"training_spec.py": _SPECIFICATION % ("Model_Output", "  # TRN215")})
    good = Example({"training_spec.py": _SPECIFICATION % ("churn_model", "")})

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each alias that equals a logical name."""
        yield from aliases_that_are_names(launcher)


def aliases_that_are_names(launcher: Launcher) -> Iterator[Problem]:
    """Yield the aliases that repeat, ignoring case, the logical name of their own or a neighbouring output."""
    tree = launcher.module.tree
    outputs: list[tuple[ast.AST | None, str, ast.Call, LocatedExpression | None]] = []
    for site in launcher.module.calls_by_name.get(OUTPUT_CLASS, ()):
        arguments = launcher.reader.arguments(site.node, site.scope, None, ())
        name, aliases = arguments.only("logical_name"), arguments.only("aliases")
        if name is not None and name.text is not None:
            of = aliases.expression if aliases is not None else None
            outputs.append((parent(tree, site.node), name.text, site.node, of))
    for around, name_text, call, aliases_passed in outputs:
        beside = {other.lower(): other for place, other, _, _ in outputs if place is around}
        for node, alias in _literal_strings(launcher, aliases_passed):
            named = beside.get(alias.lower())
            if alias.lower() == name_text.lower():
                yield Problem(node, f"{alias} is the name of its own output, take it out", call)
            elif named is not None and isinstance(around, ast.List | ast.Tuple):
                yield Problem(node, f"{alias} is the name of the output {named}, take it out", call)


def _literal_strings(
    launcher: Launcher, expression: LocatedExpression | None
) -> Iterator[tuple[ast.expr, str]]:
    """Yield the literal strings of a list, each with its node."""
    if expression is not None:
        note_question()
        note_values(expression.values, expression.node, expression.scope, "aliases", weak=True)
    for value in expression.values if expression is not None else ():
        if isinstance(value, Collection) and isinstance(value.node, ast.List | ast.Tuple | ast.Set):
            for item in value.node.elts:
                literal = item.value if isinstance(item, ast.Constant) else None
                if isinstance(literal, str):
                    yield item, literal
