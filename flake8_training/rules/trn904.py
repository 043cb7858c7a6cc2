"""TRN904: hyperparameters are never logged."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.enclosing import stands_in
from flake8_training.script.practice.reporting import hyperparameters_are_reported
from flake8_training.script.verdict import State


class HyperparametersNeverLogged(Rule[Script]):
    """Reports a script that loads hyperparameters and tells none of them."""

    code = "TRN904"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "hyperparameters are never logged"
    why = """
        The log of a job is what is left to compare it with the next one. A line with the hyperparameters *as the
        script has them*, defaults included, is worth it: what SageMaker shows of a job are only those that the
        launcher gave.

        Printing, logging, a tracker of experiments and a file of settings all count, and so does a trainer that
        reports them by itself.
    """
    bad = careless(
        ('    log.info("hyperparameters: %s", vars(args))', ""),
        (
            'parser.add_argument("--trees", type=int, default=100)',
            'parser.add_argument("--trees", type=int, default=100)  # TRN904',
        ),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding, where the first hyperparameter is loaded."""
        verdict = subject.hyperparameters
        if verdict.state is State.PRESENT and not hyperparameters_are_reported(subject.analysis):
            nodes = [node for node in verdict.evidence if stands_in(subject.tree, node)]
            yield self.finding(subject, nodes[0] if nodes else subject.entry)
