"""Hooks of the documentation's site: pages that are files at the top of the repository."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
REPOSITORY = "https://github.com/flake8-training/flake8-training/blob/main"
PAGES = {"changelog.md": "CHANGELOG.md", "contributing.md": "CONTRIBUTING.md", "security.md": "SECURITY.md"}
"""The pages of the site, each with the file that it is made from."""

_LINK = re.compile(r"\]\((?!https?:|#)([^)\s]+)\)")


def on_files(files: Any, config: Any, **_: Any) -> Any:
    """Add the pages that are not in the folder of the documentation."""
    # The lane that builds the site installs mkdocs; the type checker's environment has none.
    file_type: Any = importlib.import_module("mkdocs.structure.files").File
    for page, source in PAGES.items():
        content = linked((ROOT / source).read_text(encoding="utf-8"))
        files.append(file_type.generated(config, page, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Return the source of a page whose links out of the folder lead to the repository."""
    return outside(markdown) if page.file.src_uri not in PAGES else markdown


def linked(markdown: str) -> str:
    """Return the source of a page from the top of the repository, with the links that it has on the site."""
    pages = {source: page for page, source in PAGES.items()}

    def target(found: re.Match[str]) -> str:
        path, _, anchor = found[1].partition("#")
        anchor = f"#{anchor}" if anchor else ""
        if path in pages:
            return f"]({pages[path]}{anchor})"
        if path.startswith("docs/") and path.endswith(".md"):
            return f"]({path.removeprefix('docs/')}{anchor})"
        return f"]({REPOSITORY}/{path}{anchor})"

    return _LINK.sub(target, markdown)


def outside(markdown: str) -> str:
    """Return the source of a page of the folder; ``../FILE`` leads to the page or the file of the repository."""

    def target(found: re.Match[str]) -> str:
        path, _, anchor = found[1].partition("#")
        if not path.startswith("../") or path.endswith("README.md") or path.startswith("../rules"):
            return found[0]
        name = path.removeprefix("../")
        page = next((page for page, source in PAGES.items() if source == name), None)
        return f"]({page or f'{REPOSITORY}/{name}'}{f'#{anchor}' if anchor else ''})"

    return _LINK.sub(target, markdown)
