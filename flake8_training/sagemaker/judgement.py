"""The answer that the tables give on a name or a path."""

from __future__ import annotations

from flake8_training.record import Record


class Judgement(Record):
    """What a table says of a name: its ``kind``, and the right name where this one is evidently a slip.

    The kinds are those of the function that judges. ``nearest`` is given for slips only; ``detail`` is a short
    phrase for a message ("tar'ed into output.tar.gz"), or empty.
    """

    kind: str
    nearest: str | None = None
    detail: str = ""
