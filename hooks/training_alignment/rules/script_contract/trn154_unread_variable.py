"""TRN154: a variable that the contract requires the script to read (required_env_vars) is never read."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.library_variables import is_read_by_libraries
from flake8_training.spelling import closest
from training_alignment.comparisons.environment_variables import declared_variables, set_and_never_read
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_builder import BUILDER_PATH, built
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


def _detail(name: str, read: list[str], declared: set[str]) -> str:
    """Return the name, with the similar name that the script reads if there is one."""
    near = closest(name, [one for one in read if one not in declared])
    return f"{name}, the script reads {near}" if near else name


def _is_for_others(name: str) -> bool:
    """Return whether a library reads the variable; SageMaker sets `SM_*` for the script itself."""
    return is_read_by_libraries(name) and not name.startswith("SM_")


_SETTING = """
        def _env_vars(self):
            return {
                "ROWS": "100",
            }
"""


def _built(base: str, builder: str) -> Example:
    """Return a step whose builder, or its base class, sets a variable that the script does not read."""
    files = built()
    files["builders/base.py"] += base
    files[BUILDER_PATH] += builder
    return Example(files, options=("--select=TRN154",))


class VariableNeverRead(StepRule):
    """Reports an environment variable that the contract declares for the script and the script never reads."""

    code = "TRN154"
    severity = Severity.ERROR
    summary = "the script never reads a variable that the contract requires"
    why = """
        The builder sets the variable, and the script ignores it: a new value changes nothing. After a rename the script
        usually reads the other name and uses its default in every job.
    """
    fix = """
        Read the variable under the declared name, or remove it from the contract.
    """
    warning_when = ("the variable is optional, or only the step's configuration sets it",)
    reported_when = (
        "the script never reads a variable of `required_env_vars`",
        "the script never reads a variable of `optional_env_vars` (a warning)",
        "the step's builder or configuration class sets a variable that neither the contract declares nor "
        "the script reads (a warning)",
    )
    not_reported_when = (
        Condition(
            "a library reads the variable itself, such as `CUDA_VISIBLE_DEVICES` or `HF_HOME`",
            suppressed={'"ID_FIELD",  # TRN154': '"CUDA_VISIBLE_DEVICES",'},
            reported={'"ID_FIELD",  # TRN154': '"OUR_VISIBLE_DEVICES",  # TRN154'},
        ),
        Condition(
            "the script passes on `os.environ` as a whole, or reads a variable whose name is unknown",
            suppressed={
                "import pandas": "import tables\nimport pandas",
                "    table = pd": "    tables.show(os.environ)\n    table = pd",
            },
            reported={
                "import pandas": "import tables\nimport pandas",
                "    table = pd": '    tables.show("os.environ")\n    table = pd',
            },
        ),
        Condition(
            "the script starts another program, which inherits the environment",
            suppressed={
                "import os\n": "import os\nimport subprocess\n",
                "    table = pd": '    subprocess.run(["./clean.sh"])\n    table = pd',
            },
            reported={
                "import os\n": "import os\nimport subprocess\n",
                "    table = pd": ('    print(subprocess.PIPE, "ID_FIELD")\n    table = pd'),
            },
        ),
        Condition(
            "the contract states the variable with its value (`environment_variables: {NAME: value}`)",
            suppressed={
                (
                    '    required_env_vars=[\n        "LABEL_FIELD",\n        "ID_FIELD",  # TRN154\n    ],\n'
                ): ('    required_env_vars=["LABEL_FIELD"],\n    environment_variables={"ID_FIELD": "id"},\n')
            },
            reported={
                "    required_env_vars=[\n": (
                    '    environment_variables={"OTHER": "ID_FIELD"},\n    required_env_vars=[\n'
                )
            },
        ),
        Condition(
            "a base class of the builder or configuration sets the variable, because other steps share that "
            "class",
            suppressed=_built(base=_SETTING, builder=""),
            reported=_built(base="", builder=_SETTING.replace('"100",', '"100",  # TRN154')),
        ),
    )
    bad = Example(
        processing(
            contract=[
                (
                    'required_env_vars=["LABEL_FIELD"],',
                    'required_env_vars=[\n            "LABEL_FIELD",\n            "ID_FIELD",  # TRN154\n        ],',
                )
            ]
        )
    )
    good = Example(processing())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        variables = subject.variables
        if variables is None:
            return
        for contract in subject.contracts:
            read = [r.name for r in variables.reads]
            for name in contract.required_variables or ():
                if variables.never_reads(name.value) and not _is_for_others(name.value):
                    yield self.at(subject, name, _detail(name.value, read, declared_variables(contract)))
            for entry in contract.optional_variables or ():
                name = entry.name
                if variables.never_reads(name.value) and not _is_for_others(name.value):
                    detail = _detail(name.value, read, declared_variables(contract))
                    detail = f"{detail}, declared as optional; read it or take it out"
                    yield replace(self.at(subject, name, detail), severity=Severity.WARNING)
        for found in set_and_never_read(subject):
            yield replace(self.at(subject, found.entry, found.detail), severity=Severity.WARNING)
