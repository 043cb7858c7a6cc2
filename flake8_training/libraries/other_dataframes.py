"""Rows for data frames of other libraries than pandas: those like it, Arrow, Dask, Polars, Vaex.

Sources: polars 1.33, dask 2024, pyarrow 16, fastparquet 2024. A table is data, never a model.
"""

from __future__ import annotations

from flake8_training.libraries.dataframes import FORMS, rows_like_pandas
from flake8_training.libraries.rows import Fetches, Library, Reads, Row, Saves

_LIKE_PANDAS: tuple[Row, ...] = (
    *(
        row
        for library in ("cudf", "dask.dataframe", "dask_cudf", "geopandas", "vaex", "swifter")
        for row in rows_like_pandas(library)
    ),
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
        Saves(f"polars.**.write_{form}", (0, "file"), "data", form=FORMS.get(form, ""))
        for form in ("csv", "json", "ndjson", "parquet", "ipc", "avro")
    ),
    Saves("polars.**.write_excel", (0, "workbook"), "data"),
    *(
        Saves(f"polars.**.sink_{form}", (0, "path"), "data", form=FORMS.get(form, ""))
        for form in ("csv", "ndjson", "parquet", "ipc")
    ),
    Reads("duckdb.read_*", (0, "path_or_buffer", "file_glob")),
    Reads("duckdb.connect", (0, "database")),
    Reads("petastorm.make_reader", (0, "dataset_url")),
    Reads("petastorm.make_batch_reader", (0, "dataset_url_or_urls")),
    Reads("petastorm.reader.Reader", ("dataset_path", 1)),
)

ROWS: tuple[Row, ...] = (*_LIKE_PANDAS, *_ARROW, *_POLARS)

LIBRARIES: tuple[Library, ...] = ()
