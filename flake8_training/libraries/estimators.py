"""Rows for libraries with scikit-learn's interface: fit, predict, score.

Sources: cuML 24.10, dask-ml 2024, sktime 0.30, ngboost 0.5, implicit 0.7, lightfm 1.17, pmdarima 2.0, tabpfn 9.2;
for the others, their documentation of the interface.
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    SELF,
    Evaluates,
    Fetches,
    HoldsOut,
    Library,
    Predicts,
    Prepares,
    Returns,
    Row,
    Saves,
    Trains,
)

_FITS = ("fit", "fit_transform", "fit_predict", "partial_fit")

_ALIKE = (
    "causalml",
    "cuml",
    "dask_ml",
    "econml",
    "hdbscan",
    "hmmlearn",
    "implicit",
    "interpret",
    "lifelines",
    "lightfm",
    "mapie",
    "mlxtend",
    "ngboost",
    "pmdarima",
    "pomegranate",
    "pygam",
    "pyod",
    "sklearn_crfsuite",
    "sklearn_extra",
    "skmultilearn",
    "sksurv",
    "sktime",
    "tabpfn",
    "tslearn",
    "umap",
    "xgbse",
    "autosklearn",
    "lazypredict",
)
"""Libraries whose models have fit, predict and score as in scikit-learn."""

_PREPARING_ALIKE = (
    "category_encoders.**",
    "feature_engine.**",
    "sklearn_pandas.**",
    "cuml.preprocessing.**",
    "cuml.feature_extraction.**",
    "cuml.compose.**",
    "dask_ml.preprocessing.**",
    "dask_ml.feature_extraction.**",
    "dask_ml.impute.**",
    "dask_ml.compose.**",
    "pmdarima.preprocessing.**",
    "sktime.transformations.**",
    "tslearn.preprocessing.**",
    "mlxtend.preprocessing.**",
)


def _alike(library: str) -> tuple[Row, ...]:
    return (
        *(Trains(f"{library}.**.{method}", "other", ("X_val", "eval_set")) for method in _FITS),
        Returns(f"{library}.**.fit", SELF),
        *(Predicts(f"{library}.**.{method}") for method in ("predict", "predict_proba", "decision_function")),
        Evaluates(f"{library}.**.score"),
    )


ROWS: tuple[Row, ...] = (
    *(row for library in _ALIKE for row in _alike(library)),
    *(Prepares(f"{where}.{method}") for where in _PREPARING_ALIKE for method in _FITS),
    *(Returns(f"{where}.fit", SELF) for where in _PREPARING_ALIKE),
    *(Evaluates(f"{library}.metrics.*") for library in ("cuml", "dask_ml", "sktime", "mapie", "sksurv")),
    Evaluates("sktime.performance_metrics.**"),
    Evaluates("sklearn_crfsuite.metrics.*"),
    Evaluates("lifelines.utils.concordance_index"),
    Evaluates("lightfm.evaluation.*"),
    Evaluates("implicit.evaluation.*"),
    Evaluates("mlxtend.evaluate.*"),
    HoldsOut("dask_ml.model_selection.*SearchCV"),
    HoldsOut("cuml.model_selection.*SearchCV"),
    Fetches("cuml.datasets.*"),
    Fetches("dask_ml.datasets.*"),
    Fetches("lightfm.datasets.*"),
    Fetches("implicit.datasets.**"),
    Trains("lightfm.**.fit_partial", "other"),
    Trains("pmdarima.auto_arima", "other"),
    Trains("pmdarima.arima.auto_arima", "other"),
    Returns("pmdarima.auto_arima", "pmdarima.arima.ARIMA()"),
    Returns("pmdarima.arima.auto_arima", "pmdarima.arima.ARIMA()"),
    Saves("implicit.**.save", (0, "fileobj_or_path"), framework="other", form="npy"),
    Saves("sktime.**.save", (0, "path"), framework="other", form="zip"),
    Saves("tabpfn.**.save_fit_state", (0, "path"), framework="other"),
    # Trains many models on one half of the data and measures them on the other.
    HoldsOut("lazypredict.**.fit"),
    HoldsOut("autosklearn.**.fit"),
)

LIBRARIES: tuple[Library, ...] = (
    *(Library(name, framework="other") for name in _ALIKE),
    Library("category_encoders"),
    Library("feature_engine"),
    Library("sklearn_pandas"),
)
