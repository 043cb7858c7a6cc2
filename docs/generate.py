"""Write the pages in ``docs/rules`` and the table of rules in the README from the rule classes.

``python docs/generate.py`` writes them, ``python docs/generate.py --check`` names those that are out of date.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from pathlib import Path, PurePath
from typing import Any

from flake8_training.rules.base import Example, Rule
from flake8_training.rules.registry import rules

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PAGES = ROOT / "docs" / "rules"

TABLE_BEGIN = "<!-- rules: begin (written by docs/generate.py) -->\n"
TABLE_END = "<!-- rules: end -->\n"

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
LANGUAGES = {".py": "python", ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"}


def main() -> int:
    """Write or check everything that is generated; return 1 if something was out of date in a check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, name what is out of date")
    check = parser.parse_args().check
    stale = stale_files()
    for path, text in stale.items():
        print(f"{'Out of date' if check else 'Written'}: {path.relative_to(ROOT).as_posix()}")
        if check:
            continue
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
    if stale and check:
        print("Run: python docs/generate.py")
        return 1
    return 0


def stale_files() -> dict[Path, str | None]:
    """Return the generated files whose text is not what it should be, with that text; None for one too many."""
    wanted: dict[Path, str | None] = {PAGES / f"{rule.code}.md": page(rule) for rule in rules()}
    wanted |= dict.fromkeys(set(PAGES.glob("*.md")) - set(wanted))
    wanted[README] = with_table(README.read_text(encoding="utf-8"))
    return {path: text for path, text in sorted(wanted.items()) if text is None or text != current(path)}


def current(path: Path) -> str | None:
    """Return the text of a file, None where there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else None


def with_table(readme: str) -> str:
    """Return the README with the table of rules as it should be."""
    before, _, rest = readme.partition(TABLE_BEGIN)
    _, end, after = rest.partition(TABLE_END)
    if not end:
        raise ValueError("README.md lacks the two comments that enclose the table of rules")
    return f"{before}{TABLE_BEGIN}{table()}{TABLE_END}{after}"


def table() -> str:
    """Return the table of rules in Markdown."""
    return "".join(["| code | severity | says |\n|---|---|---|\n", *map(table_row, rules())])


def table_row(rule: Rule[Any]) -> str:
    """Return a rule's row of the table."""
    return f"| [{rule.code}](docs/rules/{rule.code}.md) | {rule.severity} | {rule.summary} |\n"


def page(rule: Rule[Any]) -> str:
    """Return a rule's page in Markdown."""
    parts = [
        f"# {rule.code}: {rule.summary}\n",
        "<!-- Written by docs/generate.py from the rule's class. -->\n",
        f"- Severity: {rule.severity}\n- Level: {LEVELS[rule.level]}\n- Seen by: {SEEN_BY[rule.seen_by]}\n",
        f"## Why\n\n{inspect.cleandoc(rule.why)}\n",
        f"## Bad\n\n{example(rule.bad)}",
        f"## Good\n\n{example(rule.good)}",
        f"On the line of the finding, `# noqa: {rule.code}` silences it.\n",
    ]
    if rule.references:
        parts.append("## Read on\n\n" + "".join(f"- <{address}>\n" for address in rule.references))
    return "\n".join(parts)


def example(shown: Example) -> str:
    """Return an example in Markdown, with what it needs beside its files."""
    parts = []
    if shown.failing:
        parts.append(f"Shown with {shown.failing} made to fail.\n")
    if shown.options:
        parts.append(f"With `{' '.join(shown.options)}`:\n")
    for name, text in shown.files.items():
        language = LANGUAGES.get(PurePath(name).suffix, "")
        title = f"`{name}`:\n\n" if len(shown.files) > 1 else ""
        parts.append(f"{title}```{language}\n{text.rstrip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
