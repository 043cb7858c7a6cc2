"""Rows for forecasting: Prophet, Darts, the Nixtla libraries and others.

Sources: prophet 1.5, darts 0.48, neuralforecast 3.3, statsforecast 1.7, neuralprophet 0.8, pytorch-forecasting 1.8.
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    INSTANCE,
    SELF,
    Evaluates,
    Library,
    Predicts,
    Reads,
    Returns,
    Row,
    Saves,
    Trains,
)

ROWS: tuple[Row, ...] = (
    Trains("prophet.**.fit", "other"),
    Returns("prophet.**.fit", SELF),
    Predicts("prophet.**.predict"),
    Evaluates("prophet.diagnostics.cross_validation"),
    Evaluates("prophet.diagnostics.performance_metrics"),
    Trains("neuralprophet.**.fit", "other", held_out=("validation_df",)),
    Evaluates("neuralprophet.**.test"),
    Predicts("neuralprophet.**.predict"),
    Saves("neuralprophet.save", (1, "path"), framework="other", form="torch"),
    Saves("neuralprophet.utils.save", (1, "path"), framework="other", form="torch"),
    Trains("darts.models.**.fit", "other", held_out=("val_series",)),
    Returns("darts.models.**.fit", SELF),
    Predicts("darts.models.**.predict"),
    Predicts("darts.models.**.historical_forecasts"),
    Evaluates("darts.models.**.backtest"),
    Evaluates("darts.models.**.gridsearch"),
    Evaluates("darts.metrics.**"),
    Saves("darts.models.**.save", (0, "path"), framework="other", form="pickle"),
    Reads("darts.TimeSeries.from_csv", (0, "filepath_or_buffer")),
    Reads("darts.models.**.load", (0, "path"), "model"),
    Returns("darts.models.**.load", INSTANCE),
    *(
        row
        for library in ("neuralforecast", "statsforecast", "mlforecast")
        for row in (
            Trains(f"{library}.**.fit", "other", held_out=("val_size", "val_df")),
            Returns(f"{library}.**.fit", SELF),
            Predicts(f"{library}.**.predict"),
            Predicts(f"{library}.**.forecast"),
            Evaluates(f"{library}.**.cross_validation"),
            Saves(f"{library}.**.save", (0, "path"), framework="other"),
            Reads(f"{library}.*.load", (0, "path"), "model"),
            Returns(f"{library}.*.load", INSTANCE),
        )
    ),
    Evaluates("utilsforecast.evaluation.evaluate"),
    Evaluates("utilsforecast.losses.*"),
    Evaluates("pytorch_forecasting.metrics.**()"),
    Predicts("pytorch_forecasting.**.predict"),
    Trains("orbit.**.fit", "other"),
    Predicts("orbit.**.predict"),
    Evaluates("orbit.diagnostics.backtest.*().score"),
    Trains("kats.models.**.fit", "other"),
    Trains("arch.**.fit", "other"),
    Trains("filterpy.**.update", "other", step=True),
)

LIBRARIES: tuple[Library, ...] = (
    *(
        Library(name, framework="other")
        for name in (
            "arch",
            "darts",
            "filterpy",
            "kats",
            "mlforecast",
            "neuralforecast",
            "neuralprophet",
            "orbit",
            "prophet",
            "statsforecast",
        )
    ),
    Library("pytorch_forecasting", framework="pytorch"),
    Library("utilsforecast"),
    Library("tsfresh"),
)
