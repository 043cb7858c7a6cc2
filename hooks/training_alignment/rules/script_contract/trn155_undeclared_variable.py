"""TRN155: the script reads an environment variable that the contract does not declare.

Such a variable stands in script after script, always with a default, and no artefact names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.library_variables import is_read_by_libraries
from flake8_training.sagemaker.variables import who_sets
from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.model import Contract
from training_alignment.artefacts.read_error import ReadError
from training_alignment.comparisons.environment_variables import declared_variables, set_by_classes
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.repository.folders import folder_of
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


def _states_variables(contract: Contract) -> bool:
    """Return whether a contract states its variables, and all of them are known."""
    sections = (contract.required_variables, contract.optional_variables, contract.variables)
    stated = [section for section in sections if section is not None]
    return bool(stated) and all(section.closed for section in stated)


class ReadsUndeclaredVariable(StepRule):
    """Reports an environment variable that the script reads and the contract does not declare."""

    code = "TRN155"
    severity = Severity.ERROR
    summary = "the contract does not declare the environment variable"
    why = """
        Builders set the variables that the contract declares. Any other variable is unset in every job: the script
        always uses its default, or ends with `KeyError`.
    """
    fix = """
        Declare the variable in the contract, or read the declared name.
    """
    warning_when = ("a class of the step sets the variable",)
    reported_when = (
        "the script's own file reads a variable that no contract of the step declares",
        "the step's builder or configuration class sets the variable, and no contract declares it (a "
        "warning)",
    )
    not_reported_when = (
        Condition(
            "a contract of the step has no section of environment variables, or its variables cannot be "
            "determined completely",
            suppressed={('    required_env_vars=[],\n    optional_env_vars={"MIN_ROWS": "100"},\n'): ""},
            reported={
                "    required_env_vars=[],\n": (
                    '    description="required_env_vars",\n    required_env_vars=[],\n'
                )
            },
        ),
        Condition(
            "SageMaker, AWS or a common library defines the variable, such as `SM_*`, `AWS_*`, `CUDA_*` or "
            "`HF_*`",
            suppressed={'os.environ["LABEL_COLUMN"],  # TRN155': 'os.environ["AWS_REGION"],'},
            reported={'os.environ["LABEL_COLUMN"],  # TRN155': 'os.environ["OUR_AWS_REGION"],  # TRN155'},
        ),
        Condition(
            "the script sets the variable itself, or only tests whether it is set",
            suppressed={"    main(\n": ('    os.environ["LABEL_COLUMN"] = "label"\n    main(\n')},
            reported={
                "    main(\n": ('    settings = {}\n    settings["LABEL_COLUMN"] = "label"\n    main(\n')
            },
        ),
        Condition(
            "the code that reads the variable cannot run",
            suppressed={
                'os.environ["LABEL_COLUMN"],  # TRN155': '"label",',
                "def main(": ('def unused():\n    return os.environ["LABEL_COLUMN"]\n\n\ndef main('),
            },
            reported={
                "def main(": ('def used():\n    return os.environ["LABEL_COLUMN"]  # TRN155\n\n\ndef main('),
                'os.environ["LABEL_COLUMN"],  # TRN155': "used(),",
            },
        ),
        Condition(
            "the read has a default, six or more scripts of the folder name the variable, and no artefact or "
            "configuration does",
            suppressed={
                'os.environ["LABEL_COLUMN"],  # TRN155': 'os.environ.get("LABEL_COLUMN", "y"),',
                "+ scripts/step_0.py": ('import os\n\nprint(os.environ.get("LABEL_COLUMN", "y"))\n'),
                "+ scripts/step_1.py": ('import os\n\nprint(os.environ.get("LABEL_COLUMN", "y"))\n'),
                "+ scripts/step_2.py": ('import os\n\nprint(os.environ.get("LABEL_COLUMN", "y"))\n'),
                "+ scripts/step_3.py": ('import os\n\nprint(os.environ.get("LABEL_COLUMN", "y"))\n'),
                "+ scripts/step_4.py": ('import os\n\nprint(os.environ.get("LABEL_COLUMN", "y"))\n'),
                "+ scripts/step_5.py": ('import os\n\nprint(os.environ.get("LABEL_COLUMN", "y"))\n'),
            },
            reported={
                'os.environ["LABEL_COLUMN"],  # TRN155': 'os.environ.get("LABEL_COLUMN", "y"),  # TRN155',
                "+ scripts/step_0.py": ('import os\n\nprint(os.environ.get("MY_LABEL_COLUMN", "y"))\n'),
                "+ scripts/step_1.py": ('import os\n\nprint(os.environ.get("MY_LABEL_COLUMN", "y"))\n'),
                "+ scripts/step_2.py": ('import os\n\nprint(os.environ.get("MY_LABEL_COLUMN", "y"))\n'),
                "+ scripts/step_3.py": ('import os\n\nprint(os.environ.get("MY_LABEL_COLUMN", "y"))\n'),
                "+ scripts/step_4.py": ('import os\n\nprint(os.environ.get("MY_LABEL_COLUMN", "y"))\n'),
                "+ scripts/step_5.py": ('import os\n\nprint(os.environ.get("MY_LABEL_COLUMN", "y"))\n'),
            },
        ),
    )
    missed = ("a module that the script imports reads the variable",)
    bad = Example(
        processing(
            script=[('os.environ["LABEL_FIELD"],', 'os.environ["LABEL_COLUMN"],  # TRN155')],
            contract=[('required_env_vars=["LABEL_FIELD"],', "required_env_vars=[],")],
        )
    )
    good = Example(processing())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step, one for each variable."""
        variables, script = subject.variables, subject.script
        contracts = subject.contracts
        if variables is None or script is None or not contracts or not all(map(_states_variables, contracts)):
            return
        declared = {name for contract in contracts for name in declared_variables(contract)}
        written = script.analysis.environment.written
        seen: set[str] = set()
        for read in variables.reads:
            if read.name in declared | written | seen or is_read_by_libraries(read.name):
                continue
            if who_sets(read.name) is not None or not script.analysis.reach.scope_runs(read.scope):
                continue
            if read.scope.module is not script.analysis.program.entry:
                continue
            seen.add(read.name)
            if read.default is not None and is_of_platform(subject, read.name):
                continue
            near = closest(read.name, [name for name in declared if variables.never_reads(name)])
            hint = did_you_mean(near)
            if read.name in set_by_classes(subject):
                detail = f"{read.name}, though a class of the step sets it"
                yield replace(self.in_script(subject, read.node, detail), severity=Severity.WARNING)
            else:
                yield self.in_script(subject, read.node, f"{read.name}{hint}")


MIN_SCRIPTS = 6


def is_of_platform(subject: StepUnderCheck, name: str) -> bool:
    """Return whether the variable belongs to the project's platform, not to the step.

    It does if other scripts of the folder name it too, no artefact of the step's folders does, and the configuration
    has no field of its name.
    """
    path = subject.script_path
    if path is None:
        return False
    folder = folder_of(path)
    files = subject.repository.discovery.repository.files
    beside = [f for f in files if folder_of(f) == folder and f.endswith(".py") and f != path]
    if sum(_names(subject, file, f"[\"']{re.escape(name)}[\"']") for file in beside) < MIN_SCRIPTS - 1:
        return False
    configuration = subject.reading.configuration
    if configuration is not None and configuration.has(name.lower()):
        return False
    folders = {folder_of(part.path) for part in subject.step.parts} - {folder}
    artefacts = [
        f for f in files if folder_of(f) in folders and f.endswith((".py", ".yaml", ".yml", ".json"))
    ]
    return not any(_names(subject, file, rf"(?<!\w){re.escape(name)}(?!\w)") for file in artefacts)


def _names(subject: StepUnderCheck, path: str, pattern: str) -> bool:
    """Return whether a file contains a name: as a string of Python, or as a word."""
    try:
        data = subject.repository.discovery.repository.data(path)
    except ReadError:
        return False
    return re.search(pattern.encode(errors="surrogatepass"), data) is not None
