"""How the tests of this folder run: what hypothesis tries is bounded, and the same in each run.

No test keeps results for another: without a folder of the user there is no store.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import settings

_CACHES = tempfile.TemporaryDirectory()
Path(_CACHES.name, "flake8-training").touch()  # no folder: there is no place for a key
os.environ["XDG_CACHE_HOME"] = _CACHES.name

settings.register_profile("same", max_examples=50, deadline=None, derandomize=True)
# pytest --hypothesis-profile=explore looks for more.
settings.register_profile("explore", max_examples=2_000, deadline=None)
settings.load_profile("same")
