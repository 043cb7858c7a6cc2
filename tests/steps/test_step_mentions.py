"""The steps that an input names as its sources, found without parsing."""

from __future__ import annotations

import pytest
from training_alignment.scan.step_mentions import _sources


@pytest.mark.parametrize(
    "text",
    [
        'compatible_sources=["Train", "Load"]',
        "compatible_sources=\n    [\n'Train',\n  'Load']",
        "compatible_sources:\n  - Train\n  - Load\n",
        "'compatible_sources' : ('Train', 'Load'",
        "compatible_sources: Train, Load\n",
        "compatible_sources:\n\n   Train Load\n",
        "compatible_sources =   SOURCES + ['Train', 'Load']",
    ],
)
def test_every_source_is_seen(text: str) -> None:
    found = _sources(text.encode())
    assert b"Train" in found
    assert b"Load" in found
