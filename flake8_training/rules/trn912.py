"""TRN912: validation data is not read from a channel."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.validation import split_from_training


class ValidationWithoutChannel(Rule[Script]):
    """Reports a script that splits its held-out data from the only channel that it reads."""

    code = "TRN912"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "validation data is not read from a channel"
    why = """
        A split inside the job is another one for every change of the data, the seed or the library, so two jobs are
        measured on different data, and nobody else can measure on the same. An earlier step that splits once and
        gives each part a channel (`train`, `validation`) makes the measures comparable.
    """
    bad = careless(
        (
            "from sklearn.ensemble import RandomForestClassifier",
            "from sklearn.ensemble import RandomForestClassifier\nfrom sklearn.model_selection import train_test_split",
        ),
        (
            "train, validation = load(args.train), load(args.validation)",
            "train, validation = train_test_split(load(args.train))  # TRN912",
        ),
        (
            '    parser.add_argument("--validation", default=os.environ.get("SM_CHANNEL_VALIDATION"))',
            "",
        ),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding, at the split."""
        found = split_from_training(subject.analysis)
        if found is not None and subject.owns(found[0].node):
            yield self.finding(subject, found[0].node, f"it is split from the channel {found[1]}")
