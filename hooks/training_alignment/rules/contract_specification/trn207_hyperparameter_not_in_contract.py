"""TRN207: a specification hyperparameter is missing from the contract."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import closest, did_you_mean
from training_alignment.comparisons.ports import left_out, pairs
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_step import BOUND_ELSEWHERE, contract_and_specification
from training_alignment.rules.step_rule import StepRule


class HyperparameterMissingFromContract(StepRule):
    """Reports a hyperparameter that the specification passes and the contract does not declare."""

    code = "TRN207"
    severity = Severity.ERROR
    summary = "a specification hyperparameter is missing from the contract"
    why = """
        The specification passes the hyperparameter to the job, and the contract does not list it among those that the
        script accepts. With argparse the script exits with code 2 and "unrecognized arguments". Any other script trains
        without it.
    """
    fix = """
        Declare the hyperparameter in the contract, or use the declared name in the specification.
    """
    reported_when = (
        "`hyperparameters` of the specification has a name that `hyperparameters` of the contract lacks",
        "the contract has no `hyperparameters` at all, is complete otherwise, and the specification has some",
    )
    not_reported_when = (
        Condition(
            "one side states no hyperparameters, or those of the contract cannot be determined completely",
            suppressed={
                "CHURN_TRAINING_CONTRACT = {\n": (
                    "from pipeline.more import MORE\n\nCHURN_TRAINING_CONTRACT = {\n"
                ),
                '        "num_round": 100,\n': '        "num_round": 100,\n        **MORE,\n',
            },
            reported={
                "CHURN_TRAINING_CONTRACT = {\n": (
                    "from pipeline.more import MORE\n\nCHURN_TRAINING_CONTRACT = {\n"
                )
            },
        ),
        Condition(
            "the contract declares more hyperparameters than the specification passes",
            suppressed={'"max_dept": 6,  # TRN207': '"max_depth": 6,'},
            reported={'        "num_round": 100,\n': '        "num_round": 100,\n        "depth": 6,\n'},
        ),
        BOUND_ELSEWHERE,
    )
    bad = Example(
        contract_and_specification(
            specification=[('"max_depth": 6,', '"max_dept": 6,  # TRN207')],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        for lacking in left_out(subject, "hyperparameters", of="contract"):
            yield self.at(subject, lacking.place, lacking.detail, lacking.related)
        for pair in pairs(subject):
            declared, passed = pair.contract.hyperparameters, pair.specification.hyperparameters
            if passed is None:
                continue
            note_question(len(passed))
            if declared is None:
                note_unknown(Reason.UNDECLARED, pair.contract.place, what="hyperparameters")
                continue
            for entry in passed:
                if declared.lacks(entry.name.value):
                    near = closest(entry.name.value, [name for name in declared.names if name not in passed])
                    hint = did_you_mean(near)
                    related = other_side(declared.place, "the hyperparameters of the contract")
                    yield self.at(subject, entry, f"{entry.name.value}{hint}", [related])
