"""The verdicts of a check: the unknown answers with their reasons, the silences on purpose, and the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flake8_training.ledger import Suppressed, Totals, Unanswered
from training_alignment.reports.screen import columns, screen

Answers = Sequence[Unanswered] | Sequence[Suppressed]


def verdicts_text(totals: Totals, unanswered: Sequence[Unanswered], suppressed: Sequence[Suppressed]) -> str:
    """Return the verdicts for people: for each file the rules with their places and reasons, then the numbers."""
    lines: list[str] = []
    for title, answers in (("Unknown", unanswered), ("Suppressed", suppressed)):
        if answers:
            lines += [title, *_table(answers), ""]
    return screen([*lines, str(totals)])


def _table(answers: Answers) -> Iterator[str]:
    for subject in dict.fromkeys(one.subject for one in answers):
        yield f"  {subject}"
        rows = _rows(subject, [one for one in answers if one.subject == subject])
        yield from (f"    {line}" for line in columns(rows))


def _rows(subject: str, answers: Iterable[Unanswered | Suppressed]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each place and reason, with the codes of the rules that they stop."""
    codes: dict[tuple[str, int, str, str], list[str]] = {}
    for one in answers:
        codes.setdefault((one.path, one.line, str(one.reason), one.what), []).append(one.code)
    for (path, line, reason, what), stopped in sorted(codes.items()):
        place = f"line {line}" if path == subject else f"{path} line {line}"
        yield place, f"{reason}: {what}" if what else reason, " ".join(dict.fromkeys(stopped))


def verdicts_data(
    totals: Totals, unanswered: Sequence[Unanswered], suppressed: Sequence[Suppressed]
) -> dict[str, object]:
    """Return the verdicts as plain data."""
    return {
        "unknown": [_data(one) for one in unanswered],
        "suppressed": [_data(one) for one in suppressed],
        "totals": {
            "questions": totals.questions,
            "reported": totals.reported,
            "fine": totals.fine,
            "unknown": totals.unknown,
        },
    }


def _data(answer: Unanswered | Suppressed) -> dict[str, object]:
    return {
        "code": answer.code,
        "file": answer.subject,
        "step": answer.step,
        "path": answer.path,
        "line": answer.line,
        "reason": str(answer.reason),
        "what": answer.what,
    }
