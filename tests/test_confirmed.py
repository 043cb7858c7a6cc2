"""Each error of the launcher rules has a row in the slow lane that real software confirms, or says that none can."""

from __future__ import annotations

import pytest
from training_alignment.rules.step_rule import PACKAGE

from flake8_training.finding import Severity
from flake8_training.rules.registry import rules
from slow.failing_jobs import JOBS as FAILING_JOBS
from slow.processing_jobs import JOBS as PROCESSING_JOBS
from slow.variants_v2 import WRONG as WRONG_V2
from slow.variants_v3 import WRONG as WRONG_V3

CODES = (
    "TRN120", "TRN126", "TRN127", "TRN128", "TRN307", "TRN313", "TRN314", "TRN426", "TRN427", "TRN428", "TRN429",
    "TRN430", "TRN431", "TRN432", "TRN433", "TRN434", "TRN435", "TRN436", "TRN437", "TRN438", "TRN439", "TRN440",
    "TRN451", "TRN452", "TRN453", "TRN454",
)  # fmt: skip
"""The codes that say why a job fails for what is in its files; the other codes are compared with whole launchers."""


def confirmed() -> set[str]:
    """Return the codes that a row of the slow lane confirms."""
    found = {job.code for job in FAILING_JOBS.values()}
    found |= {job.code for job in PROCESSING_JOBS.values()}
    for variants in (WRONG_V2, WRONG_V3):
        found.update(code for variant in variants.values() for code in variant.codes)
    return found


@pytest.mark.parametrize("code", CODES)
def test_an_error_is_confirmed_or_documented_only(code: str) -> None:
    rule = next(rule for rule in rules(PACKAGE) if rule.code == code)
    is_error = rule.severity is Severity.ERROR or bool(rule.error_when)
    assert not is_error or code in confirmed() or rule.documented_only
