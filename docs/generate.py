"""Write the pages in ``docs/rules`` and their index from the rule classes.

``python docs/generate.py`` writes them, ``python docs/generate.py --check`` names those that are out of date.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from training_alignment.rules.step_rule import PACKAGE

from flake8_training.rules.pages import index, page
from flake8_training.rules.registry import rules

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "rules"


def main() -> int:
    """Write or check all generated files; return 1 if a check finds one that is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, name what is out of date")
    check = parser.parse_args().check
    stale = stale_files()
    for path, content in stale.items():
        print(f"{'Out of date' if check else 'Written'}: {path.relative_to(ROOT).as_posix()}")
        if check:
            continue
        if content is None:
            path.unlink()
        else:
            path.write_text(content, encoding="utf-8")
    if stale and check:
        print("Run: python docs/generate.py")
        return 1
    return 0


def stale_files() -> dict[Path, str | None]:
    """Return the generated files with another content than they should have, with that content; None to delete."""
    wanted: dict[Path, str | None] = {PAGES / f"{rule.code}.md": page(rule) for rule in rules(PACKAGE)}
    wanted[PAGES / "README.md"] = index(rules(PACKAGE))
    wanted |= dict.fromkeys(set(PAGES.glob("*.md")) - set(wanted))
    return {
        path: content
        for path, content in sorted(wanted.items())
        if content is None or content != current(path)
    }


def current(path: Path) -> str | None:
    """Return the content of a file, or None if it does not exist."""
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
