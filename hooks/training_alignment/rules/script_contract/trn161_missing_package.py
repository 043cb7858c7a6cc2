"""TRN161: the script imports a package that the contract's framework requirements lack."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.libraries.distributions import brought_by, distribution_of, is_known, normal
from flake8_training.rules.rule import Condition, Example
from flake8_training.script.imported_packages import needed_packages
from training_alignment.artefacts.tree import all_closed
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


class PackageNotRequired(StepRule):
    """Reports an import of a package that the contract's requirements do not install."""

    code = "TRN161"
    severity = Severity.WARNING
    summary = "the contract's framework requirements lack the package"
    why = """
        The requirements decide which packages are installed, or which image is chosen. A package that is not listed may
        be in the image by chance. If it is not, the script ends with `ModuleNotFoundError`.
    """
    fix = """
        Add the package to `framework_requirements`.
    """
    reported_when = (
        "the script's own file imports a known package, and `framework_requirements` neither lists it nor "
        "lists a package that installs it",
    )
    not_reported_when = (
        Condition(
            "a contract of the step has no requirements, or they cannot be determined completely",
            suppressed={'    framework_requirements={"pandas": ">=2"},\n': ""},
            reported={
                '    framework_requirements={"pandas": ">=2"},\n': (
                    '    framework_requirements={"pandas": ">=2"},\n'
                    '    description="framework_requirements",\n'
                )
            },
        ),
        Condition(
            "a listed package installs it, such as numpy with pandas",
            suppressed={"import pyarrow  # TRN161": "import numpy"},
            reported={"import pyarrow  # TRN161": "import numpy\nimport pyarrow  # TRN161"},
        ),
        Condition(
            "SageMaker's images always have it, such as boto3",
            suppressed={"import pyarrow  # TRN161": "import boto3"},
            reported={"import pyarrow  # TRN161": "import boto3\nimport pyarrow  # TRN161"},
        ),
        Condition(
            "the import is inside `try` or `if`",
            suppressed={
                "import pyarrow  # TRN161": (
                    "try:\n    import pyarrow\nexcept ImportError:\n    pyarrow = None"
                )
            },
            reported={
                "import pyarrow  # TRN161": (
                    "try:\n    import json\nexcept ImportError:\n    json = None\nimport pyarrow  # TRN161"
                )
            },
        ),
        Condition(
            "the module belongs to the repository or to Python",
            suppressed={"+ scripts/pyarrow.py": "SIZE = 1\n"},
            reported={"+ other/pyarrow/notes.txt": "none\n"},
        ),
        Condition(
            "the tool does not know the package: a launcher may bring such a module",
            suppressed={"import pyarrow  # TRN161": "import ourtables"},
            reported={"import pyarrow  # TRN161": "import ourtables\nimport pyarrow  # TRN161"},
        ),
    )
    missed = ("a module that the script imports needs the package",)
    bad = Example(
        processing(script=[("import pandas as pd", "import pandas as pd\n    import pyarrow  # TRN161")])
    )
    good = Example(processing())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each package that is not required, at its first import."""
        script = subject.script
        tables = [
            c.requirements for c in subject.contracts if c.requirements is not None and len(c.requirements)
        ]
        if script is None or not tables or len(tables) != len(subject.contracts):
            return
        if not all_closed(*tables):
            return
        available = brought_by({name for table in tables for name in table.names})
        for name, node in needed_packages(script.analysis).items():
            if is_known(name) and not {normal(distribution_of(name)), normal(name)} & available:
                related = other_side(tables[0].place, "the requirements")
                package = distribution_of(name)
                detail = name if normal(package) == normal(name) else f"{name}, which {package} brings"
                yield self.in_script(subject, node, detail, [related])
