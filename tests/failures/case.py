"""A failure of a training job that was reported in public: files that fail as it did, and the same files mended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from flake8_training.rules.rule import expected_findings
from tests.alignment import check
from tests.harness import flake8, write
from tests.margin import Place, assert_places

GITHUB = "https://github.com/"


class Failure(NamedTuple):
    """What was reported, and the files. A line that fails ends with the rule that says so, as a comment.

    ``elsewhere`` are the places that no comment can mark, such as those of a notebook: path, line, code.
    """

    address: str
    failing: Mapping[str, str]
    mended: Mapping[str, str]
    elsewhere: tuple[Place, ...] = ()

    @property
    def expected(self) -> set[Place]:
        """The findings that the failing files are to have."""
        marked = {
            (path, line, code)
            for path, text in self.failing.items()
            for line, code in expected_findings(text)
        }
        return marked | set(self.elsewhere)


def name(failure: Failure) -> str:
    """The name of a test."""
    return failure.address.removeprefix(GITHUB)


def assert_said_by_flake8(failure: Failure, folder: Path) -> None:
    """flake8 says what is marked and nothing else, and nothing of the mended files."""
    __tracebackhide__ = True
    assert failure.expected, "a failure without a mark shows nothing"
    for files, expected in ((failure.failing, failure.expected), (failure.mended, set())):
        where = folder / ("failing" if expected else "mended")
        write(where, files)
        found = flake8("--select=TRN", "--extend-ignore=TRN116", ".", folder=where).found
        messages = {(f.path.removeprefix("./"), f.line, f.code): f.message for f in found}
        assert_places(set(messages), expected, files, messages)


def assert_said_by_check(failure: Failure, folder: Path) -> None:
    """``training-alignment check`` says what is marked and nothing else, and nothing of the mended files.

    The scripts hold what the failure needs: most train nothing and use few of their options.
    """
    __tracebackhide__ = True
    assert failure.expected, "a failure without a mark shows nothing"
    for files, expected in ((failure.failing, failure.expected), (failure.mended, set())):
        where = folder / ("failing" if expected else "mended")
        write(where, files)
        messages = check("--root", ".", "--ignore", "TRN103,TRN116", folder=where).messages
        assert_places(set(messages), expected, files, messages)
