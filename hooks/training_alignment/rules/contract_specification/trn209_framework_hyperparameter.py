"""TRN209: a hyperparameter that the framework needs is not declared."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_unknown
from flake8_training.rules.rule import Condition, Example
from training_alignment.artefacts.tree import all_closed
from training_alignment.comparisons.declared_frameworks import known_framework
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.requirements import undeclared
from training_alignment.rules.example_step import contract_and_specification
from training_alignment.rules.step_rule import StepRule


class NeededHyperparameterNotDeclared(StepRule):
    """Reports a hyperparameter that neither contract nor specification declares, or that a built-in algorithm lacks."""

    code = "TRN209"
    severity = Severity.WARNING
    summary = "a hyperparameter that the framework needs is not declared"
    why = """
        The framework trains with its own default whatever the data are: 10 rounds of XGBoost, for example. A
        hyperparameter that is not declared cannot be tuned either.

        A built-in algorithm of SageMaker has no default for some hyperparameters. Neither the SDK nor the service
        checks them: the job ends with an error after the instance has started, and the finding is an error too.
    """
    fix = """
        Declare the hyperparameter in the contract, with the value that the script uses today. Pass it to the estimator
        of a built-in algorithm.
    """
    reported_when = (
        "the contract declares XGBoost and lacks `max_depth`, `eta`, `objective` or `num_round`",
        "the contract declares PyTorch, TensorFlow, Hugging Face or MXNet and lacks `learning_rate`, `epochs` or "
        "`batch_size`",
        "the contract declares LightGBM and lacks `objective`, `num_leaves`, `learning_rate` or `num_round`",
        "the contract declares scikit-learn and has none of `n_estimators`, `max_depth` and `C`",
        "a launcher runs a built-in algorithm without a hyperparameter that the algorithm requires, such as "
        "`num_round` of XGBoost",
    )
    not_reported_when = (
        Condition(
            "contract or specification declares the hyperparameter under another common name, such as "
            "`learning_rate` for `eta`",
            suppressed={
                '        "max_depth": 6,\n': ('        "max_depth": 6,\n        "n_estimators": 100,\n')
            },
            reported={
                '        "max_depth": 6,\n': ('        "max_depth": 6,\n        "n_rounds_estimated": 100,\n')
            },
        ),
        Condition(
            "the contract declares no framework, an unknown framework, or no hyperparameters",
            suppressed={'"FRAMEWORK": "xgboost"': '"FRAMEWORK": "ours"'},
            reported={'"MODEL_TYPE": "classification"': '"MODEL_TYPE": "ours"'},
        ),
        Condition(
            "the hyperparameters of the contract or of a specification cannot be determined completely",
            suppressed={
                "CHURN_TRAINING_SPEC = {\n": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC = {\n"),
                '        "objective": "binary:logistic",\n    },\n    "code': (
                    '        "objective": "binary:logistic",\n        **MORE,\n    },\n    "code'
                ),
            },
            reported={
                "CHURN_TRAINING_SPEC = {\n": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC = {\n")
            },
        ),
        Condition(
            "the hyperparameters of the launcher, or the ranges of its tuner, cannot be determined completely",
            suppressed=Example(
                {
                    "launch.py": (
                        "from sagemaker import image_uris\n"
                        "from sagemaker.estimator import Estimator\n"
                        "\n"
                        "estimator = Estimator(\n"
                        '    image_uris.retrieve("xgboost", "eu-west-1", "1.7-1"),\n'
                        '    role="arn:aws:iam::123456789012:role/Training",\n'
                        '    instance_type="ml.m5.xlarge",\n'
                        "    instance_count=1,\n"
                        '    hyperparameters={"max_depth": 6, **more()},\n'
                        ")\n"
                        'estimator.fit({"train": "s3://bucket/train/"})\n'
                    ),
                },
                options=("--all", "--select=TRN209"),
            ),
            reported=Example(
                {
                    "launch.py": (
                        "from sagemaker import image_uris\n"
                        "from sagemaker.estimator import Estimator\n"
                        "\n"
                        "print(more())\n"
                        "estimator = Estimator(\n"
                        '    image_uris.retrieve("xgboost", "eu-west-1", "1.7-1"),\n'
                        '    role="arn:aws:iam::123456789012:role/Training",\n'
                        '    instance_type="ml.m5.xlarge",\n'
                        "    instance_count=1,\n"
                        '    hyperparameters={"max_depth": 6},  # TRN209\n'
                        ")\n"
                        'estimator.fit({"train": "s3://bucket/train/"})\n'
                    ),
                },
                options=("--all", "--select=TRN209"),
            ),
        ),
    )
    bad = Example(
        contract_and_specification(
            contract=[
                ('"hyperparameters": {', '"hyperparameters": {  # TRN209'),
                ('        "num_round": 100,\n', ""),
            ],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of a step, at the contract's hyperparameters."""
        contract = subject.contract
        declared = contract.hyperparameters if contract is not None else None
        if contract is None or declared is None:
            return
        framework = contract.framework.value if contract.framework is not None else None
        others = [s.hyperparameters for s in subject.reading.specifications if s.hyperparameters is not None]
        if not isinstance(framework, str):
            note_unknown(
                Reason.UNDECLARED if contract.framework is None else Reason.COMPUTED,
                contract.place,
                what="framework",
            )
            return
        if not all_closed(declared, *others):
            return
        names = {name.lower().replace("-", "_") for table in (declared, *others) for name in table.names}
        for name in undeclared(known_framework(framework) or "", names):
            place = (
                contract.raw.entries["hyperparameters"]
                if "hyperparameters" in contract.raw
                else declared.place
            )
            yield self.at(subject, place, f"{name}, for {framework}")
