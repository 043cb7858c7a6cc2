"""Code in S3 that is no archive: the training toolkit downloads one file and unpacks it.

Sources: sagemaker 2.257.7 ``fw_utils.py: tar_and_upload_dir`` (a ``source_dir`` in S3 is passed on as it is),
sagemaker-training 5.1.4 ``files.py: download_and_extract`` (``tarfile.open(..., "r:gz")``).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import Constant, StringTemplate, Value
from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.located_expressions import Argument
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.rules.launcher.problem import Problem, at_value

if TYPE_CHECKING:
    from flake8_training.launcher.launcher import Launcher

NO_ARCHIVE = "the code in S3 is no archive"
_OTHER_FILES = (".py", ".zip", ".tar", ".ipynb", ".sh")


def code_without_archive(launcher: Launcher) -> Iterator[Problem]:
    """Yield the locations of code in S3 that name a folder, or a file that is no ``.tar.gz``."""
    for estimator in (*launcher.estimators, *launcher.requested):
        argument = _location(estimator)
        if argument is None or argument.encoding or not argument.certain or argument.replaceable:
            continue
        values = argument.values
        shown = [_folder(value) for value in values]
        if values and all(shown):
            detail = f"{shown[0]}; the job unpacks one file, such as sourcedir.tar.gz"
            yield at_value(estimator, argument.expression, argument.constant, detail, NO_ARCHIVE)


def _location(estimator: Estimator) -> Argument | None:
    if estimator.is_trainer or estimator.local is not None:
        return None
    if isinstance(estimator, RequestedEstimator) or "sagemaker_submit_directory" in estimator.hyperparameters:
        return estimator.hyperparameters.only("sagemaker_submit_directory")
    if "source_dir" in estimator.overridden or estimator.entry_point is None:
        return None
    return estimator.arguments.only("source_dir")


def _folder(value: Value) -> str:
    """Return the address of a folder, or of a file that is no archive, as a message shows it; empty for any other."""
    parts = value.parts if isinstance(value, StringTemplate) else ()
    if isinstance(value, Constant) and isinstance(value.value, str):
        parts = (value.value,)
    if not parts or not isinstance(parts[0], str) or not isinstance(parts[-1], str):
        return ""
    whole = "".join(part if isinstance(part, str) else "..." for part in parts).strip('"')
    if not whole.startswith("s3://") or (len(parts) > 1 and "/" not in parts[-1]):
        return ""
    name = posixpath.basename(whole)
    return whole if "." not in name or name.endswith(_OTHER_FILES) else ""
