"""TRN309: the hyperparameter source is not a step or file that exists."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.pattern import pattern
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import closest
from training_alignment.artefacts.model import Flow, Text
from training_alignment.comparisons.flow_tables import PIPELINE_FLOW, flow_tables, is_reference
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_pipeline import OPTIONS, flow
from training_alignment.rules.step_rule import StepRule
from training_alignment.steps.graph import text_value
from training_alignment.steps.name_lookup import Meaning


class HyperparameterSourceDoesNotExist(StepRule):
    """Reports a source of hyperparameters that is neither a step nor a file of the repository."""

    code = "TRN309"
    severity = Severity.ERROR
    summary = "the hyperparameter source is not a step or file that exists"
    why = """
        `hyperparameter_source` names the step or the file that the hyperparameters come from. If it does not exist, the
        training uses the defaults of its script. Only the quality of the model shows it.
    """
    fix = """
        Name an existing step, or the path of an existing file.
    """
    reported_when = (
        "`hyperparameter_source` of a `training_pipeline_flow` is a path, and no file or folder of the "
        "repository ends with it",
        "`hyperparameter_source` is the name of no step of the repository",
    )
    not_reported_when = (
        Condition(
            "the source is a URI, an absolute path or a path in the home folder",
            suppressed={'"hyperparameters/churn.json",  # TRN309': '"s3://hyperparameters/churn.json",'},
            reported={
                '"hyperparameters/churn.json",  # TRN309': ('"s3/hyperparameters/churn.json",  # TRN309')
            },
        ),
        Condition(
            "the source has placeholders such as `{bucket}`, or is a property of a step",
            suppressed={('"hyperparameters/churn.json",  # TRN309'): '"{folder}/churn.json",'},
            reported={('"hyperparameters/churn.json",  # TRN309'): '"folder/churn.json",  # TRN309'},
        ),
        Condition(
            "the source is a word for a part of the step itself, such as `config`, `contract` or `default`",
            suppressed={'"hyperparameters/churn.json",  # TRN309': '"config",'},
            reported={'"hyperparameters/churn.json",  # TRN309': '"configs",  # TRN309'},
        ),
        Condition(
            "the source is a dotted name, such as `package.module`, or a word for a kind of step, such as "
            "`TuningStep`",
            suppressed={'"hyperparameters/churn.json",  # TRN309': '"package.module",'},
            reported={'"hyperparameters/churn.json",  # TRN309': '"package/module",  # TRN309'},
        ),
        Condition(
            "the source is the name of no step, the repository has no other steps, and no registry names them",
            suppressed=Example(
                {
                    "specs/churn_training_flow.py": (
                        "training_pipeline_flow = {\n"
                        '    "data_source": "s3://bucket/data/",\n'
                        '    "model_destination": "s3://bucket/models/",\n'
                        '    "hyperparameter_source": "tuning",\n'
                        "}\n"
                    ),
                    "specs/churn_training_spec.py": (
                        "CHURN_TRAINING_SPEC = {\n"
                        '    "step_name": "churn-training",\n'
                        '    "inputs": {"training_data": "TrainingInput"},\n'
                        '    "outputs": {"model": "model_artifacts"},\n'
                        "}\n"
                    ),
                },
                options=("--select=TRN309",),
            ),
            reported=Example(
                {
                    "specs/churn_training_flow.py": (
                        "training_pipeline_flow = {\n"
                        '    "data_source": "s3://bucket/data/",\n'
                        '    "model_destination": "s3://bucket/models/",\n'
                        '    "hyperparameter_source": "tuning",  # TRN309\n'
                        "}\n"
                    ),
                    "specs/churn_training_spec.py": (
                        "CHURN_TRAINING_SPEC = {\n"
                        '    "step_name": "churn-training",\n'
                        '    "inputs": {"training_data": "TrainingInput"},\n'
                        '    "outputs": {"model": "model_artifacts"},\n'
                        "}\n"
                    ),
                    "specs/data_preprocessing_spec.py": (
                        "DATA_PREPROCESSING_SPEC = {\n"
                        '    "step_name": "data-preprocessing",\n'
                        '    "inputs": {"raw": "ProcessingInput"},\n'
                        '    "outputs": {"training_data": "ProcessingOutput"},\n'
                        "}\n"
                    ),
                },
                options=("--select=TRN309",),
            ),
        ),
    )
    bad = Example(
        flow(
            [
                (
                    '"hyperparameter_source": "churn_hyperparameters.json",',
                    '"hyperparameter_source": "hyperparameters/churn.json",  # TRN309',
                )
            ]
        ),
        options=OPTIONS,
    )
    good = Example(flow(), options=OPTIONS)

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding at each source that does not exist."""
        for table in flow_tables(subject, PIPELINE_FLOW):
            wrong = wrong_source(subject, table)
            if wrong is not None:
                yield self.at(subject, *wrong)


_FILE = pattern(r"\.(?:json|ya?ml|toml|py|ini|cfg|conf|txt|csv|env)$", re.IGNORECASE)

_ELSEWHERE = pattern(r"^(?:[a-z][a-z0-9+.-]*:|/|~)", re.IGNORECASE)

"""A place outside the repository: a URI, a path of the container, a home folder."""

_PARTS = frozenset(
    "builder config configuration contract default defaults estimator hyperparameters none script spec specification"
    " static user".split()
)

"""Words for the step itself and its parts: no other step is meant."""


def wrong_source(subject: StepUnderCheck, flow: Flow) -> tuple[Text, str] | None:
    """Return the flow's source of hyperparameters if it is neither a step nor a file, with the detail; else None."""
    source = text_value(flow.hyperparameter_source)
    if source is None or not source.value.strip():
        return None
    text = source.value.strip()
    if is_reference(text) or _ELSEWHERE.match(text) or text.lower() in _PARTS:
        return None
    if _FILE.search(text) or "/" in text:
        if _exists(subject, text, source.path):
            return None
        last = text.rpartition("/")[2]
        names = {path.rpartition("/")[2] for path in subject.repository.discovery.repository.files}
        near = last if last in names else closest(last, sorted(names))
        return source, f"{text}, {f'did you mean {near}?' if near else 'there is no such file'}"
    if "." in text:
        return None
    named = subject.repository.graph.in_flow(source)
    if named.meaning is not Meaning.MISSING:
        return None
    return source, f"{text}, {f'did you mean {named.near}?' if named.near else 'no step has that name'}"


def _exists(subject: StepUnderCheck, text: str, flow_path: str) -> bool:
    files = subject.repository.discovery.repository.files
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(flow_path), text))
    wanted = posixpath.normpath(text)
    if beside in files or wanted in files:
        return True
    ends = "/" + wanted.lstrip("./")
    # A folder may be meant, as well as a file.
    return any(path.endswith(ends) or (ends + "/") in f"/{path}" for path in files)
