"""Is a place one that SageMaker stores things in?"""

from __future__ import annotations

import re

from training_alignment.artefacts.tree import Name, Scalar
from training_alignment.levels.flow_tables import is_reference

_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/.*)?", re.DOTALL)
"""Bucket names as S3 has them; what follows is free."""


def not_in_s3(scalar: Scalar) -> str:
    """What is wrong with a destination; empty where it is an S3 location, or cannot be told."""
    value = scalar.value
    if isinstance(value, Name) or not scalar.known:
        return ""
    if not isinstance(value, str):
        return f"{value!r} is no location"
    text = value.strip()
    if is_reference(text) or text.startswith("file://") or _BUCKET.fullmatch(text):
        return ""
    rest = re.sub(r"^[sS]3:?/*", "", text)
    hint = f", did you mean s3://{rest}?" if rest != text and _BUCKET.fullmatch(f"s3://{rest}") else ""
    return f"{text or 'an empty text'}{hint}"
