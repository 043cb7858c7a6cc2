"""Rows for pandas, and those of each library with the same functions.

Sources: pandas 2.2 and 3.1. A table is data, never a model; only ``pandas.to_pickle`` takes any object.
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.libraries.rows import RECEIVER, Fetches, Library, Reads, Row, Saves

_PANDAS_READS = {
    "read_csv": "filepath_or_buffer",
    "read_table": "filepath_or_buffer",
    "read_fwf": "filepath_or_buffer",
    "read_stata": "filepath_or_buffer",
    "read_sas": "filepath_or_buffer",
    "read_pickle": "filepath_or_buffer",
    "read_json": "path_or_buf",
    "read_hdf": "path_or_buf",
    "read_xml": "path_or_buffer",
    "read_excel": "io",
    "read_parquet": "path",
    "read_feather": "path",
    "read_orc": "path",
    "read_spss": "path",
    "ExcelFile": "path_or_buffer",
}
"""The functions of pandas that read, with the name of their first parameter."""

_PANDAS_WRITES = {
    "csv": "path_or_buf",
    "json": "path_or_buf",
    "hdf": "path_or_buf",
    "xml": "path_or_buffer",
    "excel": "excel_writer",
    "parquet": "path",
    "feather": "path",
    "orc": "path",
    "pickle": "path",
    "stata": "path",
    "html": "buf",
    "markdown": "buf",
    "latex": "buf",
    "string": "buf",
}
"""The methods of a table that write (without ``to_``), with the name of their first parameter."""

FORMS = {"csv": "csv", "json": "json", "parquet": "parquet", "pickle": "pickle", "hdf": "h5"}
"""The forms in which a table is written, by the end of the method's name."""


def rows_like_pandas(library: str) -> Iterator[Row]:
    """Yield the rows of a library with pandas's functions."""
    for name, argument in _PANDAS_READS.items():
        yield Reads(f"{library}.{name}", (0, argument, "path", "urlpath"))
    for name, argument in _PANDAS_WRITES.items():
        arguments = (0, argument, "path", "filename")
        yield Saves(f"{library}.**.to_{name}", arguments, "data", form=FORMS.get(name, ""))


ROWS: tuple[Row, ...] = (
    *rows_like_pandas("pandas"),
    Reads("pandas.HDFStore", (0, "path"), mode=(1, "mode")),
    Saves("pandas.HDFStore().put", (RECEIVER,), "data", form="h5"),
    Saves("pandas.HDFStore().append", (RECEIVER,), "data", form="h5"),
    Saves("pandas.ExcelWriter", (0, "path"), "data"),
    Saves("pandas.to_pickle", (1, "filepath_or_buffer"), form="pickle"),
    *(Fetches(f"pandas.{name}") for name in ("read_sql", "read_sql_query", "read_sql_table", "read_gbq")),
    Reads("pandas.read_html", (0, "io")),
)

LIBRARIES: tuple[Library, ...] = ()
