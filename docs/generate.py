"""Write the pages in ``docs/rules``, their index and ``docs/messages.md`` from the rule classes, and the configuration.

``docs/configuration.md`` comes from the JSON schema of the section.

``python docs/generate.py`` writes them, ``python docs/generate.py --check`` names those that are out of date.
"""

from __future__ import annotations

import argparse
import ast
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from training_alignment import check
from training_alignment.rules.step_rule import PACKAGE
from training_alignment.schemas import schema

from flake8_training.checker import check_script
from flake8_training.finding import Finding
from flake8_training.rules.pages import FAMILIES, index, page
from flake8_training.rules.registry import Rules, rules
from flake8_training.rules.rule import Example, Rule
from flake8_training.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "rules"
MESSAGES = ROOT / "docs" / "messages.md"
CONFIGURATION = ROOT / "docs" / "configuration.md"
_CONFIGURATION = """\
# Configuration

<!-- Written by docs/generate.py from the JSON schema of the section. -->

Plugin, hooks and command read `[tool.flake8-training]` of `pyproject.toml`. The repository of a check is the nearest
folder, the `--root` (by default the current one) or above, that has the section or `.git`. Options on the command line
override the section. An unknown key is an error (TRN003).

A repository may hold several projects, each with a section of its own. The nearest section above a file decides for
it, and the section of the repository does not count there. `baseline` and all globs of a project are relative to its
folder.

`training-alignment validate-config` checks the section and the plugin's keys in flake8's configuration,
`check --show-settings` prints what holds, and `training-alignment schema configuration` prints the JSON schema, which
`validate-pyproject` finds by itself.

## Keys

{keys}
A glob without a slash is compared with the file's name; one with a slash with the path from the folder of
`pyproject.toml`. `**/` stands for any number of folders, and a folder for all files below it. `select`, `ignore`,
`per-file-ignores`, `baseline`, `training-scripts` and `cache` hold for flake8 too; `levels`, `strict`, `exclude` and
`steps` for the command and the hooks.

## Kept results

`check` keeps what it prints, and flake8 the findings of each training script and launcher, in
`.git/training-alignment/`. A result is used again only if every file and folder that the run has asked for is as it
was, with the same options, version and Python. From the second run on, a check of at least 20 steps and launchers also
keeps what it finds in groups of them: if none of the files has changed from which the steps are found, the next run
checks the groups again that have read a changed file. What the search of each file has found, such as its imports,
serves the checks of other files too. `cache = false` turns all of it off, `--no-cache` that of the command.
Nothing is kept without `.git`, if `.git` is no folder of the user (as in a linked worktree), for standard input without
a name, and by flake8 with `--training-alignment`.

## Keys of a step

`[tool.flake8-training.steps.NAME]` lists the parts of a step that is not found by itself. A path is relative to the
folder of `pyproject.toml`; `:NAME` chooses a constant or class in the file.

{of_step}"""
_SCRIPTS = "--training-scripts="


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
    wanted[MESSAGES] = messages_page(rules(PACKAGE))
    wanted[CONFIGURATION] = configuration_page(schema("configuration"))
    wanted |= dict.fromkeys(set(PAGES.glob("*.md")) - set(wanted))
    return {
        path: content
        for path, content in sorted(wanted.items())
        if content is None or content != current(path)
    }


def configuration_page(section: Mapping[str, Any]) -> str:
    """Return the reference of the configuration in Markdown."""
    of_step = section["definitions"]["step"]["properties"]
    return _CONFIGURATION.format(keys=_keys(section["properties"]), of_step=_keys(of_step))


def _keys(properties: Mapping[str, Mapping[str, Any]]) -> str:
    rows = ["| key | meaning | example |\n|---|---|---|\n"]
    for key, value in properties.items():
        meaning = value["description"]
        if "enum" in value:
            meaning += f" One of {', '.join(f'`{one}`' for one in value['enum'])}."
        if "default" in value:
            meaning += f" By default `{json.dumps(value['default'])}`."
        examples = [f"`{_toml(one)}`" for one in value.get("examples", ())[:1]]
        rows.append(f"| `{key}` | {meaning} | {''.join(examples)} |\n")
    return "".join(rows)


def _toml(value: object) -> str:
    """Return a value of the schema's examples as TOML."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(key)} = {_toml(one)}' for key, one in value.items())} }}"
    return json.dumps(value)


def messages_page(of_rules: Iterable[Rule[Any]]) -> str:
    """Return a page in Markdown with the messages that each rule's examples cause."""
    parts = [
        "# Messages\n",
        "<!-- Written by docs/generate.py: it runs the rules over their examples. -->\n",
        "Each rule with the messages that its examples cause. A message is one of the rule's fixed summaries, a colon\n"
        "and the detail. The lines behind `->` are the related places: the other side of the mistake.\n",
    ]
    for family, members in groupby(of_rules, key=lambda rule: int(rule.code[3])):
        parts.append(f"## {FAMILIES[family]}\n")
        parts.extend(_messages_of(rule) for rule in members)
    return "\n".join(parts)


def _messages_of(rule: Rule[Any]) -> str:
    lines = [f"**[{rule.code}](rules/{rule.code}.md)** ({rule.severity}): {rule.summary}\n"]
    lines += [f"or: {summary}\n" for summary in rule.other_summaries]
    examples = [rule.bad, *(condition.twins(rule.bad)[1] for condition in rule.conditions)]
    shown = dict.fromkeys(text for one in examples if not one.failing for text in _messages(rule, one))
    if shown:
        lines.append("```text\n" + "\n".join(shown) + "\n```\n")
    return "\n".join(lines)


def _messages(rule: Rule[Any], example: Example) -> Iterator[str]:
    for finding in _findings(rule, example):
        if finding.code == rule.code:
            yield "\n".join([finding.message, *(f"    -> {other.message}" for other in finding.related)])


def _findings(rule: Rule[Any], example: Example) -> list[Finding]:
    """Return the findings in an example: of this rule alone, or of the whole check for a rule over several files."""
    with TemporaryDirectory() as folder:
        for name, source in example.files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
        if rule.seen_by == "hook":
            return check(root=folder)
        scripts = [one.removeprefix(_SCRIPTS) for one in example.options if one.startswith(_SCRIPTS)]
        settings = Settings(training_scripts=tuple(scripts))
        return [
            finding
            for name, source in example.files.items()
            if name.endswith(".py")
            for finding in check_script(
                ast.parse(source),
                str(Path(folder, name)),
                source.splitlines(keepends=True),
                settings,
                Rules({rule.code}.__contains__),
            )
        ]


def current(path: Path) -> str | None:
    """Return the content of a file, or None if it does not exist."""
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
