"""Rows for scikit-learn, its extensions, and statsmodels.

Sources: scikit-learn 1.9 (and 0.20 for removed names), imbalanced-learn 0.14, statsmodels 0.14,
scikit-optimize 0.10. A call that fits only a transformation is a ``Prepares``. A decomposition, a clustering or an
embedding can be the model of a training job, so fitting one is training. A pipeline trains, whatever its steps.
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
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
    # A transformer class that the project defines.
    "sklearn.base.TransformerMixin()",
)

_CORE: tuple[Row, ...] = (
    *(Trains(f"sklearn.**.{method}", "sklearn") for method in _FITS),
    *(Prepares(f"{where}.{method}") for where in _PREPARING for method in _FITS),
    # A regression on a transformed target is a model, though its class is in a module of transformers.
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
    # Scorers are called with an estimator and data.
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
    # These estimators score themselves on data that they hold out, or that a tree did not see.
    *(
        HoldsOut(f"sklearn.{name}", ("early_stopping",))
        for name in (
            "neural_network.MLP*",
            "linear_model.SGDClassifier",
            "linear_model.SGDRegressor",
            "linear_model.Perceptron",
            "linear_model.PassiveAggressive*",
            "ensemble.HistGradientBoosting*",
        )
    ),
    HoldsOut("sklearn.ensemble.GradientBoosting*", ("n_iter_no_change",)),
    *(
        HoldsOut(f"sklearn.ensemble.{name}", ("oob_score",))
        for name in ("RandomForest*", "ExtraTrees*", "Bagging*")
    ),
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

ROWS: tuple[Row, ...] = (*_CORE, *_IMBALANCED, *_SEARCHES, *_STATSMODELS)

LIBRARIES: tuple[Library, ...] = (
    Library("sklearn", framework="sklearn"),
    Library("imblearn", framework="sklearn"),
    Library("sagemaker_sklearn_extension", framework="sklearn"),
    Library("sagemaker_sklearn_container"),
    Library("skopt"),
    Library("tune_sklearn"),
    Library("statsmodels", framework="other"),
)
