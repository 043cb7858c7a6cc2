"""Whether two values that artefacts declare for the same thing certainly differ."""

from __future__ import annotations

from flake8_training.ledger import Reason, note_unknown
from training_alignment.artefacts.tree import Scalar
from training_alignment.comparisons.flow_tables import is_reference


def differ(one: Scalar, other: Scalar) -> bool:
    """Return whether two values certainly differ as hyperparameters: SageMaker passes them as strings."""
    if not one.known or not other.known:
        note_unknown(Reason.COMPUTED, other.place if one.known else one.place)
        return False
    first, second = one.value, other.value
    if first == second or str(first).lower() == str(second).lower():
        return False
    try:
        return float(str(first)) != float(str(second))
    except ValueError:
        return True


def are_apart(one: Scalar, other: Scalar) -> bool:
    """Return whether two S3 locations are known, and neither is below the other."""
    folders = []
    for value in (one.value, other.value):
        if not isinstance(value, str) or not value.startswith("s3://") or is_reference(value):
            return False
        folders.append(f"{value.rstrip('/')}/")
    return not folders[0].startswith(folders[1]) and not folders[1].startswith(folders[0])


def is_literal(scalar: Scalar) -> bool:
    """Return whether a value is written out: it is known, and no placeholder that something fills in."""
    return scalar.known and not (isinstance(scalar.value, str) and is_reference(scalar.value))
