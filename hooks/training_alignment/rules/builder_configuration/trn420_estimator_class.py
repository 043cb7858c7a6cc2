"""TRN420: an estimator of another framework than the contract's."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.precedence import framework_cause
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.declared_frameworks import strange_estimators
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_builder import built
from training_alignment.rules.step_rule import StepRule


class EstimatorOfOtherFramework(StepRule):
    """Reports builders that construct an estimator of another framework than their contract's."""

    code = "TRN420"
    severity = Severity.ERROR
    summary = "the estimator class is not the contract's framework"
    why = """
        The class of the estimator determines the image in which the script runs. The image of another framework lacks
        the contract's framework, and the script ends with `ModuleNotFoundError` after the instance has started.
    """
    fix = """
        Use the estimator of the contract's framework, or correct the contract.
    """
    warning_when = (
        "the estimator is PyTorch or SKLearn, whose images also run other frameworks, and the contract only "
        "requires a package of its framework",
    )
    reported_when = (
        "the contract names a framework (`FRAMEWORK`), or requires packages of one, and the builder's "
        "estimator is of another",
        "the contract only requires the framework, and the estimator is `PyTorch` or `SKLearn`: then the "
        "finding is a warning",
    )
    not_reported_when = (
        Condition(
            "the estimator has an `image_uri`, is the general `Estimator`, or gets arguments that cannot be "
            "resolved",
            suppressed={"TensorFlow(  # TRN420": 'TensorFlow(\n            image_uri="ours",'},
            reported={
                "return TensorFlow(  # TRN420": ('print("image_uri")\n        return TensorFlow(  # TRN420')
            },
        ),
        Condition(
            "the estimator is `PyTorch` or `TensorFlow` and the contract's framework Hugging Face, or the other "
            "way round",
            suppressed={
                '{"xgboost": "==1.7.6", "pandas": ">=2"}': '{"transformers": "==4.40.0", "pandas": ">=2"}'
            },
            reported={'"==1.7.6", "pandas": ">=2"}': '"==1.7.6", "pandas": ">=2", "tokenizers": "==0.19"}'},
        ),
        Condition(
            "the estimator is `PyTorch` or `SKLearn`, and the contract's framework has no estimator of its own, "
            "such as LightGBM",
            suppressed={
                "from sagemaker.tensorflow import TensorFlow": "from sagemaker.sklearn import SKLearn",
                "TensorFlow(  # TRN420": "SKLearn(",
                '{"xgboost": "==1.7.6", "pandas": ">=2"}': '{"lightgbm": "==4.1.0", "pandas": ">=2"}',
            },
            reported={
                "from sagemaker.tensorflow import TensorFlow": "from sagemaker.sklearn import SKLearn",
                "TensorFlow(  # TRN420": "SKLearn(  # TRN420",
            },
        ),
        Condition(
            "the contract requires scikit-learn and names no framework, because scripts of every framework use "
            "it",
            suppressed={
                '{"xgboost": "==1.7.6", "pandas": ">=2"}': '{"scikit-learn": "==1.2.1", "pandas": ">=2"}'
            },
            reported={
                '{"xgboost": "==1.7.6", "pandas": ">=2"}': '{"xgboost": "==1.7.6", "scikit-learn": "==1.2.1"}'
            },
        ),
    )
    missed = ("contract and estimator agree, and the script trains a model of another framework",)
    bad = Example(
        built(
            [
                ("from sagemaker.xgboost import XGBoost", "from sagemaker.tensorflow import TensorFlow"),
                ("return XGBoost(", "return TensorFlow(  # TRN420"),
            ]
        ),
        options=("--select=TRN420",),
    )
    good = Example(built(), options=("--select=TRN420",))

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield a finding at each such estimator."""
        for place, detail, certain in strange_estimators(subject):
            contract = subject.contract
            related = [other_side(contract.place, "the contract")] if contract is not None else []
            severity = self.severity if certain else Severity.WARNING
            finding = self.at(subject, place, detail, related)
            yield replace(finding, severity=severity, cause=framework_cause(place.line))
