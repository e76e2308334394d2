"""A report of invented results, and a browser with every page of it open."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.append(str(Path(__file__).parents[1] / "report"))

import synthetic

from replication.plan.study import Study
from replication.report import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOOK = Path(__file__).with_name("look.js")

#: The names under which distributions install it.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Seen:
    """A page that is open.

    Attributes:
        said: errors and warnings of the console.
        asked: what the page asked for beside itself.
        folded: ids inside of what was folded before `visit` unfolded it.
        first: where a first press of Tab led: a link, and its left edge, pixels.
    """

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    first: tuple[str | None, float] = (None, 0.0)

    def look(self, what: str) -> Any:
        """The faults that a function of look.js finds."""
        return self.page.evaluate(f"look.{what}()")

    @contextlib.contextmanager
    def under(self, **media: Any) -> Iterator[None]:
        """Another medium or colour scheme than a light screen, for a while."""
        self.page.emulate_media(**media)
        yield
        self.page.emulate_media(media="screen", color_scheme="light")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; tests that need it are skipped where there is none."""
    pytest.importorskip("playwright", reason="no playwright; try: pip install -e '.[dev]'")
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        pytest.skip("no Chromium; try: apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One for a module: an event loop goes with it, which other tests must not find running."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every page of a report of invented results, whatever pages a report has."""
    folder = tmp_path_factory.mktemp("read")
    with contextlib.chdir(folder):
        study = Study(synthetic.config())
        synthetic.write(study)
        synthetic.draw(study)
        build.build(study)
    found = sorted((folder / "reports").glob("*.html"))
    assert found
    return found


@pytest.fixture(scope="module")
def seen(browser: Browser, pages: list[Path]) -> dict[str, Seen]:
    """Every page by its name, open, with all that is folded unfolded."""
    return {path.name: visit(browser, path) for path in pages}


def visit(browser: Browser, path: Path) -> Seen:
    """Open a file, and listen from the first."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    one, own = Seen(page), path.as_uri()
    page.on(
        "console", lambda m: one.said.append(m.text) if m.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: one.said.append(str(error)))
    page.on("request", lambda r: one.asked.append(r.url) if r.url != own else None)
    page.goto(own)
    page.add_script_tag(path=LOOK)
    page.keyboard.press("Tab")
    one.first, one.folded = tuple(one.look("stop")), one.look("unfold")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    return one
