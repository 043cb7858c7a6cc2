"""Rows of torch."""

from __future__ import annotations

from flake8_training.script.apis.rows import Library, Row

ROWS: tuple[Row, ...] = ()
LIBRARIES: tuple[Library, ...] = ()
