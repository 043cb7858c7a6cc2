"""TRN420: the estimator class is not the contract's framework."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule, other_side
from training_alignment.levels.builder_example import built
from training_alignment.levels.frameworks import strange_estimators
from training_alignment.levels.subject import StepSubject


class EstimatorOfOtherFramework(StepRule):
    """Reports builders that make an estimator of another framework than their contract's."""

    code = "TRN420"
    severity = Severity.ERROR
    summary = "the estimator class is not the contract's framework"
    why = """
        The class of the estimator decides on the image in which the script runs. In another framework's image the
        import of one's own fails, when the instance has been started.

        The contract's framework is the one that it names (`FRAMEWORK`), else those among its
        `framework_requirements`. A PyTorch estimator may serve a contract of Hugging Face's, and PyTorch's and
        scikit-learn's one of a framework that has no estimator of its own, such as LightGBM; for one that has it is a
        warning where the contract only requires it. With an image of one's own, and for the general `Estimator`,
        nothing is said.
    """
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

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding at each such estimator."""
        for place, detail, certain in strange_estimators(subject):
            contract = subject.contract
            related = [other_side(contract.place, "the contract")] if contract is not None else []
            finding = self.at(subject, place, detail, related)
            yield finding if certain else replace(finding, severity=Severity.WARNING)
