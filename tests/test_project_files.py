"""Files around the code: the site, the templates, the workflows and the citation."""

from __future__ import annotations

import re
import runpy
import time
import tomllib
from pathlib import Path

import pytest
import yaml

from docs.site_pages import PAGES, linked, outside
from flake8_training import __version__
from flake8_training.project_links import DOCUMENTATION, REPOSITORY
from flake8_training.rules.catalogue import CATALOGUE

ROOT = Path(__file__).parents[1]
METADATA = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_index_of_packages_shows_whole_addresses() -> None:
    readme = (ROOT / METADATA["project"]["readme"]).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", readme)
    assert links
    assert [link for link in links if not link.startswith(("https://", "#"))] == []


def test_the_addresses_agree() -> None:
    urls = METADATA["project"]["urls"]
    assert urls["Source"] == REPOSITORY
    assert all(url.startswith((REPOSITORY, f"{DOCUMENTATION}/")) for url in urls.values())
    site = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert f"site_url: {DOCUMENTATION}/\n" in site
    assert f"repo_url: {REPOSITORY}\n" in site
    codes = {path.stem for path in (ROOT / "docs" / "rules").glob("TRN*.md")}
    assert codes <= set(CATALOGUE), "an address of a rule is the name of its page"


def test_every_page_of_the_site_is_in_its_navigation() -> None:
    site = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    named = set(re.findall(r"[\w/]+\.md", site))
    there = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").glob("*.md")}
    assert there | {*PAGES, "rules/README.md"} == named


def test_links_of_pages_from_the_top() -> None:
    assert linked("[a](docs/style.md#x) [b](SECURITY.md) [c](setup.cfg) [d](https://x)") == (
        f"[a](style.md#x) [b](security.md) [c]({REPOSITORY}/blob/main/setup.cfg) [d](https://x)"
    )
    assert outside("[a](../CHANGELOG.md) [b](../rules/x.md) [c](../dev.py)") == (
        f"[a](changelog.md) [b](../rules/x.md) [c]({REPOSITORY}/blob/main/dev.py)"
    )


@pytest.mark.parametrize("path", sorted((ROOT / ".github").rglob("*.yml")), ids=lambda path: path.name)
def test_workflows_and_templates_are_yaml(path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content
    for job in content.get("jobs", {}).values():
        for step in job["steps"]:
            script = step.get("run", "")
            assert "${{" not in script, "an expression in a script would be run"


def test_the_citation_names_the_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == __version__
    assert citation["repository-code"] == REPOSITORY


def test_the_age_of_the_tables() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "age_of_tables.py"))
    assert script["days_since"](0) > 20_000
    assert script["days_since"](int(time.time()) - 36 * 3_600) == 1
    assert all((ROOT / script["TABLES"]).glob("*.json"))
