"""The page of ``training-alignment report`` in Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is not installed: python3 dev.py browser"
)

ROOT = Path(__file__).parents[1]
SCREENSHOTS = ROOT / "build" / "screenshots"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
MILLISECONDS = 2_000
"""The most milliseconds until the page of 500 steps is ready."""

if CHROMIUM is None:
    pytest.skip("there is no Chromium: install one, or name it in CHROMIUM", allow_module_level=True)


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The pages of repositories of 7, 50 and 500 steps; the first is that of the examples."""
    from benchmarks.scale import repository

    folder = tmp_path_factory.mktemp("pages")
    found: dict[int, Path] = {}
    for count in (7, 50, 500):
        root = ROOT / "examples" if count == 7 else repository(folder / f"repository-{count}", count)
        if count != 7:
            for number, script in enumerate(sorted(root.rglob("scripts/*.py"))):
                if number % 6 == 0:
                    source = script.read_text()
                    script.write_text(source.replace('input_paths["', 'input_paths["x', 1))
        found[count] = folder / f"{count}.html"
        command = [
            sys.executable,
            "-m",
            "training_alignment",
            "report",
            "--root",
            str(root),
            "--html",
            str(found[count]),
        ]
        subprocess.run(command, check=True, cwd=ROOT / "browser")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A browser without a window."""
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Seen:
    """A page in a browser: what it asked for and complained of, the milliseconds until it was ready, and those of the
    processor."""

    def __init__(self, browser: Any, file: Path, *, dark: bool = False, narrow: bool = False) -> None:
        size = {"width": 390, "height": 844} if narrow else {"width": 1440, "height": 1000}
        context = browser.new_context(viewport=size, color_scheme="dark" if dark else "light")
        self.page = context.new_page()
        session = context.new_cdp_session(self.page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._requested(request.url))
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("html[data-ready]")
        self.ready = self.page.evaluate("performance.now()")
        metrics = session.send("Performance.getMetrics")["metrics"]
        self.processing = 1_000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    def _requested(self, address: str) -> None:
        if not address.startswith("file:"):
            self.complaints.append(f"asks for {address}")

    def shot(self, name: str) -> None:
        """Keep a screenshot."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def count(self, selector: str) -> int:
        """Return the number of elements."""
        found: int = self.page.locator(selector).count()
        return found


@pytest.mark.parametrize("count", [7, 50, 500])
@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_it_is_drawn_without_a_request_or_a_complaint(
    count: int, look: str, pages: dict[int, Path], browser: Any
) -> None:
    seen = Seen(browser, pages[count], dark=look == "dark", narrow=look == "narrow")
    assert seen.complaints == []
    assert seen.processing < MILLISECONDS / 4, "the processor's time, which other work does not prolong"
    assert seen.ready < MILLISECONDS or any(
        Seen(browser, pages[count]).ready < MILLISECONDS for _ in range(4)
    ), "other work prolongs some of the openings only"
    assert seen.count(".node") >= count
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        "nothing is wider than the window"
    )
    seen.shot(f"{count}-{look}")


def test_filters_and_choice(pages: dict[int, Path], browser: Any) -> None:
    seen = Seen(browser, pages[7])
    page = seen.page
    assert page.locator("details").count() == 3
    page.fill("#search", "max_depth")
    assert page.locator("details").count() == 1
    assert page.locator("#count").inner_text() == "(1 of 3)"
    assert [mark.inner_text() for mark in page.locator("mark").all()] == ['"max_depth"', "--max-depth"]
    page.click("#clear")
    page.select_option("#code", "TRN408")
    assert page.locator("details .side").count() >= 2, "both sides are shown"
    page.click("#clear")
    page.uncheck("#severity-error")
    assert page.locator("#list").inner_text() == "No finding fits the filters."
    page.click("#clear")
    page.locator(".node", has_text="pipeline.py").first.click()
    assert page.locator("#details h3").inner_text() == "examples/bad/churn/pipeline.py"
    assert seen.count(".node.dim") > 5
    assert seen.complaints == []


def test_long_lists_are_drawn_in_portions(pages: dict[int, Path], browser: Any) -> None:
    seen = Seen(browser, pages[500])
    for rows, button in (("details", "#more"), ("#answers tr", "#more-answers")):
        assert seen.count(rows) == 50
        seen.page.click(button)
        assert seen.count(rows) == 100
    while seen.page.locator("#more-answers").is_visible():
        seen.page.click("#more-answers")
    subjects = seen.page.evaluate("JSON.parse(document.getElementById('data').textContent).coverage.length")
    assert seen.count("#answers tr") == subjects > 500
    seen.page.fill("#search", "TRN154")
    assert seen.count("details") == 50


def test_keyboard(pages: dict[int, Path], browser: Any) -> None:
    page = Seen(browser, pages[7]).page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.locator("#picture").focus()
    before = page.locator("#picture > g").get_attribute("transform")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    assert page.locator("#picture > g").get_attribute("transform") != before
    page.keyboard.press("0")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "button"
    page.keyboard.press("Enter")
    assert page.locator(".node.chosen").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".node.chosen").count() == 0


def test_zoom_and_theme(pages: dict[int, Path], browser: Any) -> None:
    page = Seen(browser, pages[50]).page
    before = page.locator("#picture > g").get_attribute("transform")
    page.click("#in")
    assert page.locator("#picture > g").get_attribute("transform") != before
    page.click("#fit")
    assert page.locator("#picture > g").get_attribute("transform") == before
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
