"""TRN160: the contract's entry point does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.fix import Fix, renamed_at
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import closest, did_you_mean, only_closest
from training_alignment.artefacts.model import StepKind, Text
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.step_rule import StepRule


def _fix(subject: StepUnderCheck, named: Text) -> Fix | None:
    """Return the fix of a misspelled entry point: the only script with a near name."""
    folder, slash, name = named.value.rpartition("/")
    paths = subject.repository.discovery.repository.files
    names = (path.rpartition("/")[2] for path in paths if path.endswith(".py"))
    meant = only_closest(name, names)
    likely = subject.step.script.path
    if meant is None or (likely is not None and likely.rpartition("/")[2] != meant):
        return None
    if sum(path.rpartition("/")[2] == meant for path in paths) > 1:
        return None
    return renamed_at(named.line, named.column, named.value, f"{folder}{slash}{meant}")


def _detail(subject: StepUnderCheck, entry_point: str) -> str:
    """Return why the entry point names no script, with the nearest file if no script is named like the step."""
    search = subject.step.script
    reason = search.reason if entry_point in search.reason else f"{entry_point}, {search.reason}"
    if search.path is not None:
        return reason
    names = {path.rpartition("/")[2] for path in subject.repository.discovery.repository.files}
    near = closest(entry_point.rpartition("/")[2], (n for n in names if n.endswith(".py")), max_distance=1)
    return f"{reason}{did_you_mean(near)}" if near and near not in entry_point else reason


def _step_file(kind: str, marker: str = "") -> Example:
    """Return a step of a kind whose script the repository lacks."""
    return Example(
        {
            "churn_scoring.step.yaml": f"""
                step_type: ChurnScoring
                registry: {{sagemaker_step_type: {kind}}}
                contract:
                  entry_point: churn_scorer.py{marker}
                  outputs:
                    scores:
                      path: /opt/ml/processing/output
                spec:
                  outputs:
                    scores:
                      type: processing_output
            """,
        },
        options=("--select=TRN160",),
    )


class EntryPointDoesNotExist(StepRule):
    """Reports an entry point that names no script of the repository."""

    code = "TRN160"
    severity = Severity.ERROR
    summary = "the contract's entry point does not exist"
    why = """
        SageMaker starts the file that `entry_point` names. If it does not exist, the job starts an instance and the
        container ends with "No such file or directory". A renamed script usually leaves such a contract behind.
    """
    fix = """
        Correct the entry point. The message names the nearest file, or the script that is named like the step.
    """
    fixable = "uses the only script with a near name"
    warning_when = ("no file of the repository resembles the entry point",)
    reported_when = (
        "no file of the repository has the entry point's name, but a script is named like the step or the "
        "checked change deletes the script",
        "the only files of that name are copies in image folders, archives, builds or tests, or are far "
        "from the scripts of the other steps",
        "nothing in the repository has that name (a warning)",
    )
    not_reported_when = (
        Condition(
            "the entry point is a URI, such as `s3://...`",
            suppressed={'"train_churn.py",  # TRN160': '"s3://bucket/train_churn.py",'},
            reported={'"train_churn.py",  # TRN160': '"s3/bucket/train_churn.py",  # TRN160'},
        ),
        Condition(
            "several files of that name are equally near",
            suppressed={
                "+ scripts/a/train_churn.py": "print()\n",
                "+ scripts/b/train_churn.py": "print()\n",
            },
            reported={
                "+ scripts/a/train_chrun.py": "print()\n",
                "+ scripts/b/train_chrun.py": "print()\n",
            },
        ),
        Condition(
            "another artefact than the contract names the entry point",
            suppressed={'"train_churn.py",  # TRN160': '"churn_training.py",'},
            reported={'"data": "/opt': '"train_churn": "/opt'},
        ),
        Condition(
            "the step is of the project's own kind, which may bring its script",
            suppressed=_step_file("CustomScoring"),
            reported=_step_file("Processing", "  # TRN160"),
        ),
    )
    bad = Example(
        {
            "scripts/churn_training.py": """
                import os

                print(os.environ["SM_MODEL_DIR"])
            """,
            "contracts/churn_training_contract.py": """
                from contracts.base import TrainingScriptContract

                CHURN_TRAINING_CONTRACT = TrainingScriptContract(
                    entry_point="train_churn.py",  # TRN160
                    expected_input_paths={"data": "/opt/ml/input/data"},
                    expected_output_paths={"model": "/opt/ml/model"},
                )
            """,
        },
        options=("--select=TRN160",),
    )
    good = Example(
        {
            "scripts/churn_training.py": """
                import os

                print(os.environ["SM_MODEL_DIR"])
            """,
            "contracts/churn_training_contract.py": """
                from contracts.base import TrainingScriptContract

                CHURN_TRAINING_CONTRACT = TrainingScriptContract(
                    entry_point="churn_training.py",
                    expected_input_paths={"data": "/opt/ml/input/data"},
                    expected_output_paths={"model": "/opt/ml/model"},
                )
            """,
        },
        options=("--select=TRN160",),
    )

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding at the entry point if it names no script; a warning if the script may be elsewhere."""
        search, contract = subject.step.script, subject.contract
        named = search.entry_point
        if named is None or contract is None or named.path != contract.path or not search.missing:
            return
        if subject.kind is StepKind.OTHER:
            return  # the project's own kind of step may supply the script
        name = named.value.rpartition("/")[2]
        found = self.at(subject, named, _detail(subject, named.value), fix=_fix(subject, named))
        taken_away = any(path.rpartition("/")[2] == name for path in subject.repository.gone)
        known = search.path is not None or search.candidates or taken_away
        yield found if known else replace(found, severity=Severity.WARNING)
