"""TRN309: the hyperparameter source is not a step or file that exists."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, Suppression, note_suppressed, note_unknown
from flake8_training.pattern import pattern
from flake8_training.resolver import is_package_file, prefixes
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import closest
from training_alignment.artefacts.model import Flow, Text
from training_alignment.comparisons.flow_tables import PIPELINE_FLOW, flow_tables, is_reference
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_pipeline import OPTIONS, flow
from training_alignment.rules.step_rule import StepRule
from training_alignment.steps.graph import text_value
from training_alignment.steps.name_lookup import Meaning
from training_alignment.steps.step import Role


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
        "`hyperparameter_source` is a dotted name, the repository has the package and no such module in it",
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
            "the source is a word for a part of the step, such as `contract`, `builder` or `config` (without that "
            "part, the answer is unknown)",
            suppressed={'"hyperparameters/churn.json",  # TRN309': '"contract",'},
            reported={'"hyperparameters/churn.json",  # TRN309': '"contract-table",  # TRN309'},
            name=Suppression.OWN_PART,
        ),
        Condition(
            "the source declares that there is none: `default`, `static`, `user` or `none`",
            suppressed={'"hyperparameters/churn.json",  # TRN309': '"default",'},
            reported={'"hyperparameters/churn.json",  # TRN309': '"default-tuning",  # TRN309'},
            name=Suppression.NO_SOURCE,
        ),
        Condition(
            "the source is a dotted name, and the first package is not in the repository",
            suppressed={'"hyperparameters/churn.json",  # TRN309': '"package.module",'},
            reported={'"hyperparameters/churn.json",  # TRN309': '"contracts.module",  # TRN309'},
        ),
        Condition(
            "the source is a word for a kind of step, such as `TuningStep`",
            suppressed={'"hyperparameters/churn.json",  # TRN309': '"TuningStep",'},
            reported={'"hyperparameters/churn.json",  # TRN309': '"ChurnTuningStep",  # TRN309'},
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

_PARTS = {
    "builder": Role.BUILDER,
    "config": Role.CONFIGURATION,
    "configuration": Role.CONFIGURATION,
    "contract": Role.CONTRACT,
    "estimator": Role.BUILDER,
    "hyperparameters": Role.CONTRACT,
    "script": Role.SCRIPT,
    "spec": Role.SPECIFICATION,
    "specification": Role.SPECIFICATION,
}

"""Words for a part of the step itself."""

_NO_SOURCE = frozenset({"default", "defaults", "none", "static", "user"})

"""Words by which an author declares that the hyperparameters come from no step and no file."""


def wrong_source(subject: StepUnderCheck, flow: Flow) -> tuple[Text, str] | None:
    """Return the flow's source of hyperparameters if it is neither a step nor a file, with the detail; else None."""
    source = text_value(flow.hyperparameter_source)
    if source is None or not source.value.strip():
        return None
    text = source.value.strip()
    if is_reference(text) or _ELSEWHERE.match(text) or _is_in_step(subject, source, text.lower()):
        return None
    if _FILE.search(text) or "/" in text:
        if _exists(subject, text, source):
            return None
        last = text.rpartition("/")[2]
        names = {path.rpartition("/")[2] for path in subject.repository.discovery.repository.files}
        near = last if last in names else closest(last, sorted(names))
        return source, f"{text}, {f'did you mean {near}?' if near else 'there is no such file'}"
    if "." in text:
        return _missing_module(subject, text, source)
    named = subject.repository.graph.in_flow(source)
    if named.meaning is not Meaning.MISSING:
        return None
    return source, f"{text}, {f'did you mean {named.near}?' if named.near else 'no step has that name'}"


def _is_in_step(subject: StepUnderCheck, source: Text, word: str) -> bool:
    """Return whether the source means a part of the step itself, or none at all."""
    part = _PARTS.get(word)
    if part is not None and not subject.step.has(part):
        note_unknown(Reason.ABSENT, source.place, what=word)
    elif part is not None:
        note_suppressed(Suppression.OWN_PART, source.place, what=word)
    elif word in _NO_SOURCE:
        note_suppressed(Suppression.NO_SOURCE, source.place, what=word)
    return part is not None or word in _NO_SOURCE


def _missing_module(subject: StepUnderCheck, dotted: str, source: Text) -> tuple[Text, str] | None:
    """Return a dotted source with the detail if the repository has its first package, and no module in it; else None.

    The last name may be one that the module defines.
    """
    repository = subject.repository.discovery.repository
    for name in prefixes(dotted):
        path = repository.resolver.file(name, source.path)
        if path is not None:
            # The names after a module's are defined in it, as is the one after a package's.
            if not is_package_file(path) or dotted.count(".") <= name.count(".") + 1:
                return None
            break
    first = dotted.partition(".")[0]
    inside = [path for path in repository.files if f"/{first}/" in f"/{path}" and path.endswith(".py")]
    if not inside:
        note_unknown(Reason.CODE, source.place, what=dotted)
        return None
    modules = {f"/{path}"[f"/{path}".index(f"/{first}/") + 1 : -3].replace("/", ".") for path in inside}
    near = closest(dotted, sorted(modules))
    return source, f"{dotted}, {f'did you mean {near}?' if near else 'there is no such module'}"


def _exists(subject: StepUnderCheck, text: str, source: Text) -> bool:
    """Return whether the path may be a file or folder of the repository: there, or below a folder that is unknown."""
    files = subject.repository.discovery.repository.files
    wanted = posixpath.normpath(text)
    here = posixpath.dirname(source.path)
    folders = {here, "", *(here[:at] for at, letter in enumerate(here) if letter == "/")}
    # A folder may be meant, as well as a file.
    for folder in folders:
        path = posixpath.normpath(posixpath.join(folder, wanted))
        if path in files or any(one.startswith(f"{path}/") for one in files):
            return True
    ends = "/" + wanted.lstrip("./")
    if any(path.endswith(ends) or (ends + "/") in f"/{path}" for path in files):
        note_unknown(Reason.SEVERAL, source.place, what=text)
        return True
    return False
