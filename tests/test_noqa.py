"""Comments that silence findings: the command must read them exactly as the installed flake8 does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flake8 import defaults
from training_alignment.checking import noqa

from tests.alignment import check
from tests.harness import flake8, write

LAUNCHER = """\
{above}
from sagemaker.sklearn import SKLearn

estimator = SKLearn(
    entry_point="train.py",
    role="arn:aws:iam::123456789012:role/R",
    instance_type="ml.m5.lagre",{beside}
    instance_count=1,
    framework_version="1.2-1",
    py_version="py3",
)
estimator.fit("s3://bucket/train/")
"""
INLINE = [
    "# noqa",
    "# NOQA",
    "#noqa",
    "#  noqa",
    "# noqa:TRN211",
    "# noqa: TRN211",
    "# noqa:  TRN211",
    "# noqa : TRN211",
    "# noqa: TRN2",
    "# noqa: trn211",
    "# noqa: TRN",
    "# noqa: TRN-211",
    "# noqa: E501,TRN211",
    "# noqa: E501, TRN211",
    "# noqa: E501 TRN211",
    "# noqa: TRN211 because of the region",
    "# noqa: because of TRN211",
    "# noqa: TRN410",
    "# noqa: TRN211TRN410",
    "# noqa:",
    "# pylint: disable=x  # noqa: TRN211",
    "# noqa: E501  # noqa: TRN211",
]
OF_FILE = [
    "# flake8: noqa",
    "# flake8=noqa",
    "# flake8:noqa",
    "# FLAKE8: NOQA",
    "    # flake8: noqa",
    "#flake8: noqa",
    "# flake8: noqa: TRN211",
    "# flake8: noqa: TRN410",
    "# flake8: noqa: E501",
    "# flake8: noqa because",
    "# flake8 : noqa",
    "# noqa: flake8",
    "x = 1  # flake8: noqa",
]


@pytest.mark.parametrize(
    ("above", "beside"),
    [*(("", f"  {comment}") for comment in INLINE), *((comment, "") for comment in OF_FILE)],
)
def test_the_command_reads_comments_as_flake8_does(above: str, beside: str, tmp_path: Path) -> None:
    write(tmp_path, {"launch.py": LAUNCHER.format(above=above.strip() and above, beside=beside)})
    reported = {code for _, _, code in check("--select=TRN211", folder=tmp_path).places}
    assert reported == {found.code for found in flake8("--select=TRN211", folder=tmp_path).found}


def test_the_expressions_are_those_of_flake8() -> None:
    # The name has changed between flake8's releases.
    inline = next(value for name, value in vars(defaults).items() if name.startswith("NOQA_INLINE"))
    for line in (f"x = 1  {comment}" for comment in (*INLINE, *OF_FILE)):
        for own, of_flake8 in (
            (noqa._INLINE.search, inline.search),
            (noqa._FILE.match, defaults.NOQA_FILE.match),
        ):
            ours, theirs = own(line), of_flake8(line)
            assert (ours is None) == (theirs is None), line
            if ours is not None and theirs is not None and "codes" in theirs.groupdict():
                assert ours["codes"] == theirs["codes"], line


def test_both_verdicts_occur() -> None:
    assert not re.search("# noqa", "#noqa")
    silenced = [bool(noqa._FILE.match(comment)) for comment in OF_FILE]
    assert {True, False} == set(silenced)
