"""A page that is open in a browser, and what may be asked of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOOK = Path(__file__).with_name("look.js")


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

    @contextlib.contextmanager
    def whole(self, width: int) -> Iterator[None]:
        """A window of that width and as high as the page, for a while, in which all is laid out."""
        before = self.page.viewport_size
        self.page.add_style_tag(
            content="section > figure { content-visibility: visible !important }"
        )
        self.page.set_viewport_size({"width": width, "height": 800})
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        yield
        self.page.set_viewport_size(before)


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
