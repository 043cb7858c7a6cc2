"""scikit-learn, the libraries that keep to its interface, and statsmodels.

Read off scikit-learn 1.9 (and 0.20 for names that have gone), imbalanced-learn 0.14, statsmodels 0.14,
scikit-optimize 0.10 and cuML 24.10. What fits only a transformation is a ``Prepares``; a decomposition, a
clustering or an embedding can be the model of a training job, so fitting one is training. A pipeline trains:
what stands in it is not asked.
"""

from __future__ import annotations

from flake8_training.script.apis.rows import (
    SELF,
    Evaluates,
    Fetches,
    HoldsOut,
    Inert,
    Library,
    Predicts,
    Prepares,
    Reads,
    Returns,
    Row,
    Saves,
    Trains,
)

_FITS = ("fit", "fit_transform", "fit_predict", "partial_fit")
_PREDICTS = (
    "predict",
    "predict_proba",
    "predict_log_proba",
    "decision_function",
    "score_samples",
    "kneighbors",
)

_PREPARING = (
    "sklearn.preprocessing.**",
    "sklearn.feature_extraction.**",
    "sklearn.feature_selection.**",
    "sklearn.impute.**",
    "sklearn.compose.**",
    "sklearn.random_projection.**",
    "sklearn.kernel_approximation.**",
    "sklearn.pipeline.FeatureUnion()",
    "sklearn.compose.ColumnTransformer()",
    "sklearn.cluster.FeatureAgglomeration()",
    "sklearn.neighbors.NeighborhoodComponentsAnalysis()",
    "sklearn.neighbors.KNeighborsTransformer()",
    "sklearn.neighbors.RadiusNeighborsTransformer()",
    # A transformer of one's own.
    "sklearn.base.TransformerMixin()",
)

_CORE: tuple[Row, ...] = (
    *(Trains(f"sklearn.**.{method}", "sklearn") for method in _FITS),
    *(Prepares(f"{where}.{method}") for where in _PREPARING for method in _FITS),
    # A regression on a transformed target is a model, though it stands among the transformers.
    *(Trains(f"sklearn.compose.TransformedTargetRegressor().{method}", "sklearn") for method in _FITS),
    *(Predicts(f"sklearn.**.{method}") for method in _PREDICTS),
    Evaluates("sklearn.**.score"),
    *(Returns(f"sklearn.**.{method}", SELF) for method in ("fit", "partial_fit", "set_params", "set_output")),
    Returns("sklearn.pipeline.make_pipeline", "sklearn.pipeline.Pipeline()"),
    Returns("sklearn.pipeline.make_union", "sklearn.pipeline.FeatureUnion()"),
    Returns("sklearn.compose.make_column_transformer", "sklearn.compose.ColumnTransformer()"),
    Returns("sklearn.base.clone", "sklearn.base.BaseEstimator()"),
    Evaluates("sklearn.metrics.*"),
    Evaluates("sklearn.metrics.cluster.*"),
    Evaluates("sklearn.metrics.*Display.from_estimator"),
    Evaluates("sklearn.metrics.*Display.from_predictions"),
    # Scorers, called with an estimator and data.
    Evaluates("sklearn.metrics.make_scorer()"),
    Evaluates("sklearn.metrics.get_scorer()"),
    *(
        Inert(f"sklearn.metrics.{name}")
        for name in (
            "*Display",
            "make_scorer",
            "check_scoring",
            "get_scorer",
            "get_scorer_names",
            "euclidean_distances",
            "nan_euclidean_distances",
            "pairwise_distances",
            "pairwise_distances_argmin",
            "pairwise_distances_argmin_min",
            "pairwise_distances_chunked",
            "pairwise_kernels",
            "DistanceMetric",
        )
    ),
    *(
        Evaluates(f"sklearn.model_selection.{name}")
        for name in ("cross_val_score", "cross_validate", "learning_curve", "validation_curve")
    ),
    Evaluates("sklearn.model_selection.permutation_test_score"),
    Predicts("sklearn.model_selection.cross_val_predict"),
    *(
        HoldsOut(f"sklearn.model_selection.{name}")
        for name in ("GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV")
    ),
    HoldsOut("sklearn.linear_model.*CV"),
    HoldsOut("sklearn.feature_selection.RFECV"),
    Fetches("sklearn.datasets.load_*"),
    Fetches("sklearn.datasets.fetch_*"),
    Fetches("sklearn.datasets.make_*"),
    Reads("sklearn.datasets.load_svmlight_file", (0, "f")),
    Reads("sklearn.datasets.load_svmlight_files", (0, "files")),
    Reads("sklearn.datasets.load_files", (0, "container_path")),
    Saves("sklearn.datasets.dump_svmlight_file", (2, "f"), "data"),
    *(Prepares(f"sagemaker_sklearn_extension.**.{method}") for method in _FITS),
    Reads("sagemaker_sklearn_extension.externals.read_data.read_csv_data", (0, "source")),
)

_IMBALANCED: tuple[Row, ...] = (
    *(
        Trains(f"imblearn.{module}.**.{method}", "sklearn")
        for module in ("pipeline", "ensemble")
        for method in _FITS
    ),
    *(Prepares(f"imblearn.**.{method}") for method in ("fit_resample", "fit_sample", "fit")),
    *(Predicts(f"imblearn.**.{method}") for method in _PREDICTS),
    Evaluates("imblearn.**.score"),
    Evaluates("imblearn.metrics.*"),
    Inert("imblearn.metrics.make_index_balanced_accuracy"),
    Returns("imblearn.**.fit", SELF),
    Returns("imblearn.pipeline.make_pipeline", "imblearn.pipeline.Pipeline()"),
    Fetches("imblearn.datasets.*"),
)

_SEARCHES: tuple[Row, ...] = (
    *(
        row
        for search in ("skopt.BayesSearchCV", "optuna.integration.OptunaSearchCV", "tune_sklearn.*SearchCV")
        for row in (
            HoldsOut(search),
            Trains(f"{search}().fit", "sklearn"),
            Returns(f"{search}().fit", SELF),
            Evaluates(f"{search}().score"),
            Predicts(f"{search}().predict"),
            Predicts(f"{search}().predict_proba"),
        )
    ),
    HoldsOut("dask_ml.model_selection.*SearchCV"),
    HoldsOut("cuml.model_selection.*SearchCV"),
    Saves("skopt.dump", (1, "filename"), framework="sklearn", form="joblib"),
    Reads("skopt.load", (0, "filename")),
)

_STATSMODELS: tuple[Row, ...] = (
    *(
        Trains(f"statsmodels.**.{method}", "other")
        for method in ("fit", "fit_regularized", "fit_constrained")
    ),
    *(
        Returns(f"statsmodels.**.{method}", "statsmodels.base.model.Results()")
        for method in ("fit", "fit_regularized", "fit_constrained")
    ),
    *(
        Predicts(f"statsmodels.**.{method}")
        for method in ("predict", "forecast", "get_forecast", "get_prediction")
    ),
    Evaluates("statsmodels.tools.eval_measures.*"),
    Saves("statsmodels.**.save", (0, "fname"), framework="other", form="pickle"),
    Reads("statsmodels.**.load", (0, "fname"), "model"),
    Fetches("statsmodels.datasets.**"),
    Fetches("statsmodels.api.datasets.**"),
)

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
"""Libraries whose models have fit, predict and score as scikit-learn's have."""

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


_KIN: tuple[Row, ...] = (
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
    # Trains many models on one half and measures them on the other.
    HoldsOut("lazypredict.**.fit"),
    HoldsOut("autosklearn.**.fit"),
)

ROWS: tuple[Row, ...] = (*_CORE, *_IMBALANCED, *_SEARCHES, *_STATSMODELS, *_KIN)

LIBRARIES: tuple[Library, ...] = (
    Library("sklearn", framework="sklearn"),
    Library("imblearn", framework="sklearn"),
    Library("sagemaker_sklearn_extension", framework="sklearn"),
    Library("sagemaker_sklearn_container"),
    Library("skopt"),
    Library("tune_sklearn"),
    Library("statsmodels", framework="other"),
    *(Library(name, framework="other") for name in _ALIKE),
    Library("category_encoders"),
    Library("feature_engine"),
    Library("sklearn_pandas"),
)
