"""Whether a repository holds a configuration of the SDK that gives estimators their role, or makes one.

Source: sagemaker 2.257.7 ``config/config_schema.py`` (``SchemaVersion``, and ``RoleArn`` below ``SageMaker``).
"""

from __future__ import annotations

from functools import lru_cache

from training_alignment.artefacts.errors import ReadError
from training_alignment.steps.repository import Repository

_ENDINGS = (".yaml", ".yml", ".sh", ".json", ".j2", ".template")
_KEYS = (b"SchemaVersion", b"SageMaker", b"RoleArn")
_MOST_BYTES = 100_000


@lru_cache(maxsize=2)
def gives_role(repository: Repository) -> bool:
    """Return whether a file of the repository has the keys of such a configuration; no matter how it is brought."""
    for path in repository.files:
        if not path.endswith(_ENDINGS):
            continue
        try:
            data = repository.data(path, _MOST_BYTES)
        except ReadError:
            continue
        if all(key in data for key in _KEYS):
            return True
    return False
