"""Does the source of the hyperparameters exist?"""

from __future__ import annotations

import posixpath
import re

from flake8_training.sagemaker.near import nearest
from training_alignment.artefacts.model import Flow, Text
from training_alignment.levels.flow_tables import is_reference
from training_alignment.levels.subject import StepSubject
from training_alignment.steps.graph import text_value
from training_alignment.steps.step_names import Meaning

_FILE = re.compile(r"\.(?:json|ya?ml|toml|py|ini|cfg|conf|txt|csv|env)$", re.IGNORECASE)
_ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|/|~)", re.IGNORECASE)
"""A place outside the repository: a URI, a path of the container, a home folder."""

_PARTS = frozenset(
    "builder config configuration contract default defaults estimator hyperparameters none script spec specification"
    " static user".split()
)
"""Words for the step itself and its parts: no other step is meant."""


def wrong_source(subject: StepSubject, flow: Flow) -> tuple[Text, str] | None:
    """Where a flow names a source of hyperparameters that is neither step nor file, and what is wrong with it."""
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
        near = last if last in names else nearest(last, sorted(names))
        return source, f"{text}, {f'did you mean {near}?' if near else 'there is no such file'}"
    if "." in text:
        return None
    named = subject.repository.graph.in_flow(source)
    if named.meaning is not Meaning.MISSING:
        return None
    return source, f"{text}, {f'did you mean {named.near}?' if named.near else 'no step has that name'}"


def _exists(subject: StepSubject, text: str, flow_path: str) -> bool:
    files = subject.repository.discovery.repository.files
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(flow_path), text))
    wanted = posixpath.normpath(text)
    if beside in files or wanted in files:
        return True
    ends = "/" + wanted.lstrip("./")
    # A folder may be meant, as well as a file.
    return any(path.endswith(ends) or (ends + "/") in f"/{path}" for path in files)
