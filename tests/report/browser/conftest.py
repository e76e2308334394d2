"""A browser with every page of the report of invented results open."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from looking import Seen, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: The names under which distributions install it.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


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
def pages(chromium: str, built: Any) -> list[Path]:
    """Every page of the report, whatever pages a report has."""
    found = sorted((built.folder / "reports").glob("*.html"))
    assert found
    return found


@pytest.fixture(scope="module")
def seen(browser: Browser, pages: list[Path]) -> dict[str, Seen]:
    """Every page by its name, open, with all that is folded unfolded."""
    return {path.name: visit(browser, path) for path in pages}
