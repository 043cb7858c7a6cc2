"""TRN002: an artefact file cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.tree import Place
from training_alignment.comparisons.step_subject import RepositorySubject
from training_alignment.rules.step_rule import RepositoryRule


class UnreadableArtefact(RepositoryRule):
    """Reports a file of a step that cannot be read, at the line and column where reading ends."""

    code = "TRN002"
    severity = Severity.ERROR
    summary = "an artefact file cannot be read"
    why = """
        The command cannot compare a file that it cannot read. It skips every check that needs the file; the other files
        of the step and the other steps are still checked. If a key occurs twice, YAML and JSON keep one of the two
        values silently: the job loses an input, an output or a hyperparameter.
    """
    fix = """
        Correct the file at the line and column of the finding. The message names the cause, such as `duplicate key
        'training_data'`.
    """
    warning_when = (
        "the file has syntax of a newer Python than the one that runs the command, and no job runs it: it may be right",
    )
    reported_when = (
        "a contract, specification, builder, configuration, launcher, or a script that a step or launcher starts "
        "has a syntax error for the Python that runs the command; the message names syntax of a newer Python",
        "a notebook that starts a training job is no valid notebook",
        "a YAML or JSON artefact is no valid YAML or JSON, is not UTF-8, or has an unsafe tag",
        "a key occurs twice in a table of an artefact",
        "a section of an artefact has the wrong kind, such as a string for `inputs`",
        "a key of a contract, specification, flow table or step file is a misspelling of a known key that "
        "is missing",
        "an artefact, or a registry of steps, is larger than 1 MB",
        "an artefact is nested more than 60 levels deep, or has more than 60,000 values",
        "an entry point is empty or leads out of the repository",
    )
    not_reported_when = (
        Condition(
            "neither the name nor the content of the file shows clearly that it is an artefact",
            suppressed=Example({"notes.yaml": "a: 1\na: 2\n"}, options=("--select=TRN002",)),
            reported=lambda bad: bad.changed(
                {"step_type: ChurnTraining\n": "notes: a\nstep_type: ChurnTraining\n"}
            ),
        ),
        Condition(
            "no step and no launcher uses the Python file, and it starts no training job",
            suppressed=Example({"notes.py": "def broken(:\n"}, options=("--select=TRN002",)),
            reported=Example(
                {
                    "launch.py": (
                        "from sagemaker.pytorch import PyTorch\n"
                        "\n"
                        "PyTorch(\n"
                        '    entry_point="train.py",\n'
                        '    source_dir="code",\n'
                        '    role="arn:aws:iam::123456789012:role/Training",\n'
                        '    instance_type="ml.m5.xlarge",\n'
                        "    instance_count=1,\n"
                        '    framework_version="2.1",\n'
                        '    py_version="py310",\n'
                        ').fit({"train": "s3://bucket/train"})\n'
                    ),
                    "code/train.py": "def broken(:  # TRN002\n",
                },
                options=("--select=TRN002",),
            ),
        ),
        Condition(
            "the file is a template: its path, or the line of the error or one beside it, has `{{`, `{%`, `<%` or `${`",
            suppressed=Example(
                {
                    "launch.py": """
                        from sagemaker.pytorch import PyTorch

                        estimator = PyTorch(entry_point={{ the script }}, role=ROLE)
                    """
                },
                options=("--select=TRN002",),
            ),
            reported=Example(
                {
                    "launch.py": """
                        from sagemaker.pytorch import PyTorch

                        NAME = "{{ the script }}"


                        estimator = PyTorch(entry_point=NAME role=ROLE)  # TRN002
                    """
                },
                options=("--select=TRN002",),
            ),
        ),
    )
    bad = Example(
        {
            "churn.step.yaml": """
                step_type: ChurnTraining
                contract:
                  inputs:
                    training_data: {path: /opt/ml/input/data/train}
                    training_data: {path: /opt/ml/input/data/validation}  # TRN002
            """
        },
        options=("--select=TRN002",),
    )
    good = Example(
        {
            "churn.step.yaml": """
                step_type: ChurnTraining
                contract:
                  inputs:
                    training_data: {path: /opt/ml/input/data/train}
                    validation_data: {path: /opt/ml/input/data/validation}
            """
        },
        options=("--select=TRN002",),
    )

    def check(self, subject: RepositorySubject, /) -> Iterator[Finding]:
        """Yield one finding for each file that cannot be read."""
        for error in subject.errors:
            yield self.of(error, severity=Severity.WARNING if error.is_newer else None)
        for step in subject.steps:
            if step.script_error is not None:
                yield self.of(step.script_error, step.name)

    def of(self, error: ReadError, step: str = "", severity: Severity | None = None) -> Finding:
        """Return the finding for one file."""
        return self.at(Place(error.path, error.line, error.column), error.message, step, severity=severity)
