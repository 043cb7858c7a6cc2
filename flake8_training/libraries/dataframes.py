"""Rows for data frames: pandas and similar libraries, Arrow, Dask, Polars, Vaex.

Sources: pandas 2.2 and 3.1, polars 1.33, dask 2024, pyarrow 16, fastparquet 2024. A table is data, never a model;
only ``pandas.to_pickle`` takes any object.
"""

from __future__ import annotations

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

_FORMS = {"csv": "csv", "json": "json", "parquet": "parquet", "pickle": "pickle", "hdf": "h5"}

_LIKE_PANDAS = ("pandas", "cudf", "dask.dataframe", "dask_cudf", "geopandas", "vaex", "swifter")

_PANDAS: tuple[Row, ...] = (
    *(
        Reads(f"{library}.{name}", (0, argument, "path", "urlpath"))
        for library in _LIKE_PANDAS
        for name, argument in _PANDAS_READS.items()
    ),
    *(
        Saves(f"{library}.**.to_{name}", (0, argument, "path", "filename"), "data", form=_FORMS.get(name, ""))
        for library in _LIKE_PANDAS
        for name, argument in _PANDAS_WRITES.items()
    ),
    Reads("pandas.HDFStore", (0, "path"), mode=(1, "mode")),
    Saves("pandas.HDFStore().put", (RECEIVER,), "data", form="h5"),
    Saves("pandas.HDFStore().append", (RECEIVER,), "data", form="h5"),
    Saves("pandas.ExcelWriter", (0, "path"), "data"),
    Saves("pandas.to_pickle", (1, "filepath_or_buffer"), form="pickle"),
    *(Fetches(f"pandas.{name}") for name in ("read_sql", "read_sql_query", "read_sql_table", "read_gbq")),
    Reads("pandas.read_html", (0, "io")),
    Reads("geopandas.read_file", (0, "filename")),
    Saves("geopandas.**.to_file", (0, "filename"), "data"),
    Reads("vaex.open", (0, "path")),
    Saves("vaex.**.export*", (0, "path"), "data"),
    Reads("dask.bag.read_text", (0, "urlpath")),
    Reads("dask.array.from_npy_stack", (0, "dirname")),
    Reads("dask.array.from_zarr", (0, "url")),
    Reads("datatable.fread", (0, "anysource")),
    Reads("turicreate.SFrame.read_csv", (0, "url")),
    Reads("pyreadr.read_r", (0, "path")),
    Reads("pyreadstat.read_*", (0, "filename_path")),
)

_ARROW: tuple[Row, ...] = (
    *(
        Reads(f"pyarrow.parquet.{name}", (0, "source"))
        for name in ("read_table", "read_pandas", "ParquetFile")
    ),
    Reads("pyarrow.parquet.ParquetDataset", (0, "path_or_paths")),
    Reads("pyarrow.dataset.dataset", (0, "source")),
    Reads("pyarrow.csv.read_csv", (0, "input_file")),
    Reads("pyarrow.csv.open_csv", (0, "input_file")),
    Reads("pyarrow.json.read_json", (0, "input_file")),
    Reads("pyarrow.orc.read_table", (0, "source")),
    Reads("pyarrow.feather.read_feather", (0, "source")),
    Reads("pyarrow.feather.read_table", (0, "source")),
    Reads("pyarrow.ipc.open_*", (0, "source")),
    Reads("pyarrow.memory_map", (0, "path"), mode=(1, "mode")),
    Reads("pyarrow.OSFile", (0, "path"), mode=(1, "mode")),
    Reads("pyarrow.input_stream", (0, "source")),
    Saves("pyarrow.parquet.write_table", (1, "where"), "data", form="parquet"),
    Saves("pyarrow.parquet.write_to_dataset", (1, "root_path"), "data", form="parquet"),
    Saves("pyarrow.parquet.ParquetWriter", (0, "where"), "data", form="parquet"),
    Saves("pyarrow.dataset.write_dataset", (1, "base_dir"), "data"),
    Saves("pyarrow.csv.write_csv", (1, "output_file"), "data", form="csv"),
    Saves("pyarrow.feather.write_feather", (1, "dest"), "data"),
    Reads("fastparquet.ParquetFile", (0, "fn")),
    Saves("fastparquet.write", (0, "filename"), "data", form="parquet"),
    Reads("fastavro.reader", (0, "fo")),
    Saves("fastavro.writer", (0, "fo"), "data"),
    Reads("deltalake.DeltaTable", (0, "table_uri")),
)

_POLARS: tuple[Row, ...] = (
    Reads("polars.read_*", (0, "source")),
    Reads("polars.scan_*", (0, "source")),
    Fetches("polars.read_database"),
    Fetches("polars.read_database_uri"),
    *(
        Saves(f"polars.**.write_{form}", (0, "file"), "data", form=_FORMS.get(form, ""))
        for form in ("csv", "json", "ndjson", "parquet", "ipc", "avro")
    ),
    Saves("polars.**.write_excel", (0, "workbook"), "data"),
    *(
        Saves(f"polars.**.sink_{form}", (0, "path"), "data", form=_FORMS.get(form, ""))
        for form in ("csv", "ndjson", "parquet", "ipc")
    ),
    Reads("duckdb.read_*", (0, "path_or_buffer", "file_glob")),
    Reads("duckdb.connect", (0, "database")),
    Reads("petastorm.make_reader", (0, "dataset_url")),
    Reads("petastorm.make_batch_reader", (0, "dataset_url_or_urls")),
    Reads("petastorm.reader.Reader", ("dataset_path", 1)),
)

ROWS: tuple[Row, ...] = (*_PANDAS, *_ARROW, *_POLARS)

LIBRARIES: tuple[Library, ...] = ()
