"""TRN912: validation data is not read from a channel."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.validation import split_from_training


class ValidationWithoutChannel(Rule[Script]):
    """Reports a script that splits its held-out data from the only channel of data."""

    code = "TRN912"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "validation data is not read from a channel"
    why = """
        A split inside the job changes with the data, the seed and the library. Two jobs are then measured on different
        data, and the measure cannot be repeated outside the job.
    """
    fix = """
        Split once in an earlier step, and pass each part as a channel: `train`, `validation`.
    """
    reported_when = (
        "the script names only one channel of data, and `train_test_split`, `random_split` or "
        "`validation_split` of Keras splits the data",
    )
    not_reported_when = (
        "the script names a second channel; channels such as `model`, `code` or `config` do not count",
        "the script reads two files of the channel, which may be two sets of data",
        "the split is in an `if`: it may run only if there is no validation data",
        "a library or program that the script calls may read data out of sight",
    )
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
        """Yield one finding at the split."""
        found = split_from_training(subject.analysis)
        if found is not None and subject.owns(found[0].node):
            yield self.finding(subject, found[0].node, f"it is split from the channel {found[1]}")
