"""The files that ``init`` adds to a repository, or extends: contents only, nothing is read or written here."""

from __future__ import annotations

import re
from typing import Final

import yaml

from flake8_training.project_folder import SECTION
from flake8_training.project_links import DOCUMENTATION, REPOSITORY

BASELINE: Final = "training-baseline.json"
PYPROJECT: Final = "pyproject.toml"
PRE_COMMIT: Final = ".pre-commit-config.yaml"
WORKFLOW: Final = ".github/workflows/training-alignment.yml"
GITLAB: Final = ".gitlab-ci.yml"

_HOOK = "training-alignment"


def with_section(before: str, *, baseline: bool) -> str:
    """Return the content of pyproject.toml with the section; ``before`` is its content, empty without a file."""
    lines = [f"[{'.'.join(SECTION)}]", f"# {DOCUMENTATION}/configuration/"]
    if baseline:
        lines.append(f'baseline = "{BASELINE}"')
    end = "\n" if before and not before.endswith("\n") else ""
    return before + end + ("\n" if before else "") + "\n".join(lines) + "\n"


def with_hook(before: str, version: str) -> str | None:
    """Return the content of pre-commit's configuration with the hook; None if that cannot be done safely.

    A configuration that has the hook is returned as it is.
    """
    if not before:
        return "repos:\n" + "".join(_hook_lines("  ", version))
    repositories = _repositories(before)
    if repositories is None:
        return None
    if any(str(hook.get("id", "")).startswith(_HOOK) for one in repositories for hook in _hooks(one)):
        return before
    lines = before.splitlines(keepends=True)
    if not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    start = next((number for number, line in enumerate(lines) if re.match(r"repos:\s*(#.*)?$", line)), None)
    items = [line for line in lines if re.match(r" *- repo:", line)]
    if start is None or not items:
        return None
    end = next(
        (number for number, line in enumerate(lines) if number > start and re.match(r"[^\s#-]", line)),
        len(lines),
    )
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    indent = items[0][: items[0].index("-")]
    after = "".join([*lines[:end], *_hook_lines(indent, version), *lines[end:]])
    now = _repositories(after)
    return after if now is not None and len(now) == len(repositories) + 1 else None


def _hook_lines(indent: str, version: str) -> list[str]:
    return [
        f"{indent}- repo: {REPOSITORY}\n",
        f"{indent}  rev: v{version}\n",
        f"{indent}  hooks:\n",
        f"{indent}    - id: {_HOOK}\n",
        f"{indent}      args: [--strict]  # pre-commit hides the warnings of a hook that passes\n",
    ]


def _repositories(source: str) -> list[object] | None:
    """Return the repositories that pre-commit's configuration names; None if it is of another form."""
    try:
        content = yaml.safe_load(source)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    found = content.get("repos") if isinstance(content, dict) else None
    return found if isinstance(found, list) and found else None


def _hooks(repository: object) -> list[dict[str, object]]:
    hooks = repository.get("hooks") if isinstance(repository, dict) else None
    return [hook for hook in hooks if isinstance(hook, dict)] if isinstance(hooks, list) else []


def workflow(version: str) -> str:
    """Return a workflow for GitHub."""
    return f"""\
name: training-alignment
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
  security-events: write
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - id: check
        uses: {REPOSITORY.removeprefix("https://github.com/")}@v{version}
        with:
          sarif-file: training-alignment.sarif
      - if: always() && steps.check.outputs.sarif-file != ''
        uses: github/codeql-action/upload-sarif@v3
        with:
          sarif_file: training-alignment.sarif
"""


def with_job(before: str, version: str) -> str:
    """Return the content of GitLab's configuration with the job, unless it has it."""
    if re.search(rf"^{_HOOK}:", before, re.MULTILINE):
        return before
    end = "\n" if before and not before.endswith("\n") else ""
    return f"""{before}{end}
{_HOOK}:
  image: python:3.12
  script:
    - python -m pip install --quiet flake8-training=={version}
    - training-alignment check --format text --format gitlab:gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"""
