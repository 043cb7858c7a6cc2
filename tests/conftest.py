"""How the tests of this folder run: what hypothesis tries is bounded, and the same in each run."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same", max_examples=50, deadline=None, derandomize=True)
# pytest --hypothesis-profile=explore looks for more.
settings.register_profile("explore", max_examples=2_000, deadline=None)
settings.load_profile("same")
