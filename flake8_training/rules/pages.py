"""Pages of the rules and their index, derived from the classes.

The documentation and ``explain`` use them.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from itertools import groupby
from pathlib import PurePath
from typing import Any

from flake8_training.rules.rule import Condition, Example, Rule, without_markers

SEEN_BY = {
    "both": "flake8 and the commit hook",
    "hook": "the commit hook: it needs more than one file",
    "TRN9": "flake8 and the commit hook, when asked for: `--enable-extensions=TRN9`",
}
LEVELS = (
    "0, the checking itself",
    "1, script and contract",
    "2, contract and specification",
    "3, specification and dependencies",
    "4, builder and configuration",
)
FAMILIES = {
    0: "TRN0: the checking itself",
    1: "TRN1: script and contract",
    2: "TRN2: contract and specification",
    3: "TRN3: specification and dependencies",
    4: "TRN4: launcher or builder, configuration and script",
    9: "TRN9: advice, off by default (`--enable-extensions=TRN9`)",
}
MAX_TWIN_LINES = 12
"""The most lines of a twin that a page shows; more make the page hard to read."""

LANGUAGES = {".py": "python", ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"}


def index(rules: Iterable[Rule[Any]]) -> str:
    """Return the index of all rules in Markdown, with a table for each family."""
    parts = [
        "# Rules\n",
        "<!-- Written by docs/generate.py from the rules' classes. -->\n",
        "A code never changes its meaning, and a retired code is never used again. `# noqa: TRN113` on the line of a\n"
        "finding silences it.\n",
    ]
    for family, members in groupby(rules, key=_family):
        parts.append(f"## {FAMILIES[family]}\n\n{table(members)}")
    return "\n".join(parts)


def table(rules: Iterable[Rule[Any]]) -> str:
    """Return a table of rules in Markdown, for a page in the folder of the rules' pages."""
    return "".join(["| code | severity | reported |\n|---|---|---|\n", *map(table_row, rules)])


def table_row(rule: Rule[Any]) -> str:
    """Return the row of a rule in the table."""
    return f"| [{rule.code}]({rule.code}.md) | {rule.severity} | {rule.summary} |\n"


def _family(rule: Rule[Any]) -> int:
    return int(rule.code[3])


def page(rule: Rule[Any]) -> str:
    """Return the page of a rule in Markdown."""
    parts = [
        f"# {rule.code}: {rule.summary}\n",
        "<!-- Written by docs/generate.py from the rule's class. -->\n",
        f"- Severity: {severity(rule)}\n- Level: {LEVELS[rule.level]}\n- Seen by: {SEEN_BY[rule.seen_by]}\n"
        f"- Fix: {f'`check --fix` {rule.fixable}' if rule.fixable else 'by hand'}\n",
        f"## What happens\n\n{inspect.cleandoc(rule.why)}\n",
    ]
    if rule.fix:
        parts.append(f"## How to fix it\n\n{inspect.cleandoc(rule.fix)}\n")
    for title, clauses in (
        ("Reported when", rule.reported_when),
        ("Not reported when", rule.not_reported_when),
        ("Known missed alarms", rule.missed),
        ("Documented only", rule.documented_only),
    ):
        if clauses:
            parts.append(f"## {title}\n\n" + "".join(f"- {clause}\n" for clause in clauses))
    parts.append(f"## Example\n\n{example(rule.bad)}")
    if changed := changes(rule.bad, rule.good):
        parts.append(f"The fix:\n\n{changed}")
    if shown := [twins for condition in rule.conditions if (twins := _twins(condition, rule.bad))]:
        parts.append("## Conditions by example\n")
        parts.extend(shown)
    if rule.references:
        parts.append("## References\n\n" + "".join(f"- <{address}>\n" for address in rule.references))
    return "\n".join(parts)


def severity(rule: Rule[Any]) -> str:
    """Return the severity of a rule's findings in words, with the cases that have another one."""
    cases = [("warning", rule.warning_when), ("error", rule.error_when)]
    others = [f"{other} when {'; or when '.join(clauses)}" for other, clauses in cases if clauses]
    return "; ".join([str(rule.severity), *others])


def _twins(condition: Condition, bad: Example) -> str:
    """Return the twins of a condition in Markdown, empty if they are long.

    Twins that are changes of the bad example are shown as differences from it.
    """
    twins = condition.twins(bad)
    if isinstance(condition.suppressed, Example):
        sources = [source for shown in twins for source in shown.files.values()]
        suppressed, reported = map(example, twins)
    else:
        sources = [changes(bad, shown) for shown in twins]
        suppressed, reported = sources
    if len(sources) > 2 or any(len(source.splitlines()) > MAX_TWIN_LINES for source in sources):
        return ""
    return (
        f"Not reported, since {condition.clause}:\n\n{suppressed}\n"
        f"Reported, since the use is unrelated:\n\n{reported}"
    )


def example(shown: Example) -> str:
    """Return an example in Markdown, with the options that it requires."""
    parts = []
    if shown.failing:
        parts.append(f"Shown with {shown.failing} made to fail.\n")
    if shown.options:
        parts.append(f"With `{' '.join(shown.options)}`:\n")
    for name, source in shown.files.items():
        language = LANGUAGES.get(PurePath(name).suffix, "")
        title = f"`{name}`:\n\n" if len(shown.files) > 1 else ""
        parts.append(f"{title}```{language}\n{source.rstrip()}\n```\n")
    return "\n".join(parts)


def changes(before: Example, after: Example) -> str:
    """Return the difference between two examples as a diff in Markdown, without the comments that announce findings.

    The result is empty if nothing differs.
    """
    import difflib

    lines: list[str] = []
    if before.options != after.options:
        lines += [f"-flake8 {' '.join(each)}" for each in [before.options] if each]
        lines += [f"+flake8 {' '.join(each)}" for each in [after.options] if each]
    names = sorted({*before.files, *after.files})
    for name in names:
        old, new = (without_markers(each.files.get(name, "")).splitlines() for each in (before, after))
        # The first two lines name the files, the third is the position of the first change.
        differences = list(difflib.unified_diff(old, new, n=1, lineterm=""))[3:]
        if differences and len(names) > 1:
            lines.append(f"--- {name}" + ("" if name in after.files else " is removed"))
        if name in after.files:
            lines += ["..." if line.startswith("@@") else line for line in differences]
    return "```diff\n" + "\n".join(lines) + "\n```\n" if lines else ""


def data(rule: Rule[Any]) -> dict[str, object]:
    """Return a rule as plain data, for JSON."""
    return {
        "code": rule.code,
        "severity": str(rule.severity),
        "warning_when": list(rule.warning_when),
        "error_when": list(rule.error_when),
        "level": rule.level,
        "seen_by": rule.seen_by,
        "summary": rule.summary,
        "why": inspect.cleandoc(rule.why),
        "fix": inspect.cleandoc(rule.fix),
        "fixable": rule.fixable,
        "reported_when": list(rule.reported_when),
        "not_reported_when": list(map(str, rule.not_reported_when)),
        "missed": list(rule.missed),
        "documented_only": list(rule.documented_only),
        "bad": rule.bad.files,
        "good": rule.good.files,
        "references": list(rule.references),
    }
