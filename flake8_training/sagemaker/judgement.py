"""The result of looking up a name or a path in the tables."""

from __future__ import annotations

from flake8_training.record import Record


class Judgement(Record):
    """The kind of a name, and the right name if this one is a misspelling.

    The judging function defines the kinds. ``nearest`` is set for misspellings only. ``detail`` is a short phrase for a
    message ("tar'ed into output.tar.gz"), or empty.
    """

    kind: str
    nearest: str | None = None
    detail: str = ""
