"""The report in a real browser, from disk: quiet, offline, linked, readable in the dark, on a phone and by keyboard."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from looking import Seen, visit

from replication.claims import schema
from replication.report.pages import EXPLORE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: The names under which distributions install it.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")

#: Those of look.js that ask nothing of the window.
LOOKS = ("landmarks", "headings", "pictures", "sorting")

#: Where its links lead, and what on it can be led to.
LINKS = "[...document.links].map((link) => link.href)"
IDS = "[...document.querySelectorAll('[id]')].map((element) => element.id)"

PHONE, DESK = {"width": 375, "height": 800}, {"width": 1280, "height": 900}

#: A page with every fault that the looks look for.
FAULTY = """<!doctype html><body><div></div><nav></nav><nav></nav><h3>first</h3><h4></h4>
<img src="http://localhost:9/a.png"><svg width="9" height="9"></svg>
<a href="#x" style="outline: none">a</a><div style="width: 900px">wide</div>
<table><caption>c</caption><thead><tr><th><button>n</button></th></tr></thead>
<tbody><tr><td>2</td></tr><tr><td>1</td></tr></tbody></table>
<script>console.error("loud")</script></body>"""


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
    folder = built.folder / "reports"
    found, of_arms = sorted(folder.glob("*.html")), sorted(folder.glob("arms/*/*.html"))
    assert found
    return [
        *found,
        *of_arms[:1],
        *of_arms[-1:],
    ]  # those of arms are alike: one of images, one of points


@pytest.fixture(scope="module")
def seen(browser: Browser, pages: list[Path]) -> dict[str, Seen]:
    """Every page by its name, open, with all that is folded unfolded."""
    return {path.name: visit(browser, path) for path in pages}


@pytest.fixture
def faulty(browser: Browser, tmp_path: Path) -> Seen:
    (tmp_path / "faulty.html").write_text(FAULTY)
    return visit(browser, tmp_path / "faulty.html")


def faults(seen: dict[str, Seen], what: str) -> dict[str, list[str]]:
    """Of the pages that have some."""
    found = {name: one.look(what) for name, one in seen.items()}
    return {name: lines for name, lines in found.items() if lines}


def test_every_page_loads_from_disk_in_silence(seen: dict[str, Seen]) -> None:
    assert {name: one.said for name, one in seen.items() if one.said} == {}
    outside = {
        name: [url for url in one.asked if not url.startswith(("data:", "file:"))]
        for name, one in seen.items()
    }
    assert {name: urls for name, urls in outside.items() if urls} == {}
    assert all(one.page.title() for one in seen.values())


def test_noise_and_requests_are_noticed(faulty: Seen) -> None:
    assert "loud" in faulty.said
    assert "http://localhost:9/a.png" in faulty.asked


@pytest.mark.parametrize("what", LOOKS)
def test_no_page_has_faults(seen: dict[str, Seen], what: str) -> None:
    assert faults(seen, what) == {}


@pytest.mark.parametrize("what", LOOKS)
def test_faults_are_seen(faulty: Seen, what: str) -> None:
    assert faulty.look(what)


def test_some_page_has_tables_to_sort_by_mouse_and_by_keyboard(seen: dict[str, Seen]) -> None:
    sortable = [one.page for one in seen.values() if one.page.locator("thead button").count()]
    if not sortable:
        pytest.skip("no page offers to sort its tables")
    for page in sortable:
        head = page.locator("thead th:has(button)").last
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == "ascending"
        page.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == "descending"
        page.keyboard.press("Space")
        assert head.get_attribute("aria-sort") is None


def test_every_link_leads_to_a_file_and_a_place_that_exist(seen: dict[str, Seen]) -> None:
    ids = {one.page.url: set(one.page.evaluate(IDS)) for one in seen.values()}
    broken, counted = [], 0
    for name, one in seen.items():
        for link in set(one.page.evaluate(LINKS)):
            url, fragment = urldefrag(link)
            counted += 1
            there = url.startswith("https:") or Path(unquote(urlsplit(url).path)).is_file()
            chosen = "=" in fragment  # what the page is to show, no place on it
            if not there or (
                fragment and not chosen and url in ids and unquote(fragment) not in ids[url]
            ):
                broken.append(f"{name}: {link}")
    assert broken == []
    assert counted > 10 * len(seen)


@pytest.fixture
def front(browser: Browser, built: Any) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto((built.folder / "reports" / "index.html").as_uri())
    yield page
    page.close()


def shown(page: Page) -> list[str]:
    """The ids of the claims that the table shows."""
    rows = page.locator("table.claims tbody tr:visible th small").all_inner_texts()
    return [text.rpartition("; ")[2] for text in rows]


def test_the_first_view_has_the_title_two_findings_with_pictures_and_the_search(
    front: Page,
) -> None:
    def whole(selector: str, nth: int = 0) -> bool:
        box = front.locator(selector).nth(nth).bounding_box()
        return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= 800

    assert whole("h1")
    assert whole("#find")
    assert all(whole(".findings li", n) and whole(".findings .gauge", n) for n in range(2))
    assert front.evaluate(
        "[...document.querySelectorAll('.findings .gauge')].every((g) => g.clientWidth > 150)"
    )


def test_a_claim_is_found_by_typing_two_words_and_filters_narrow_it_down(front: Page) -> None:
    every = shown(front)
    front.keyboard.press("Tab")
    front.locator("#find").press_sequentially("discriminator fixed")
    found = shown(front)
    assert 0 < len(found) < 10
    assert "GAN14-C1a" in found
    assert front.locator(".filters output").inner_text() == f"{len(found)} of {len(every)} claims"
    front.locator("#find").fill("")
    front.locator("select[name=paper]").select_option("wgan2017")
    front.locator("select[name=verdict]").select_option("not-reached")
    assert shown(front) == ["WGAN17-C9"]
    front.get_by_role("button", name="Show all").click()
    front.wait_for_function("!location.hash")
    assert shown(front) == every


def test_the_address_of_a_filtered_view_shows_the_same_to_others(
    browser: Browser, front: Page
) -> None:
    front.locator("#find").fill("estimate falls")
    front.locator("select[name=setting]").select_option("small-images")
    found = shown(front)
    assert found
    other = browser.new_page()
    other.goto(front.url)
    assert shown(other) == found
    assert other.locator("#find").input_value() == "estimate falls"
    other.close()


def test_columns_of_a_leaderboard_are_chosen_and_sorted_by(front: Page) -> None:
    board = front.locator(".board").first
    head = board.locator("thead th", has_text="KID")
    assert not head.is_visible()
    board.locator("summary").click()
    board.get_by_label("KID").check()
    assert head.is_visible()
    head.get_by_role("button").click()
    column = head.evaluate("(cell) => cell.cellIndex")
    texts = board.locator("tbody tr:not(.reference)").evaluate_all(
        "(rows, column) => rows.map((row) => parseFloat(row.cells[column].firstChild.textContent))",
        column,
    )
    assert texts == sorted(texts)
    row = board.locator("tbody tr:not(.reference)").first
    assert (
        row.locator("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 50
    )
    row.locator("th a").click()
    assert "/arms/tiny/" in front.url
    assert front.locator(".tile").count() > 2


def test_the_explorer_moves_through_training_by_keyboard_and_keeps_its_choice_in_the_address(
    browser: Browser, built: Any
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((built.folder / "reports" / "explore.html").as_uri())
    page.wait_for_selector(".u-over")
    tiles = page.locator(".moments .tile")
    assert tiles.count() == 3
    last = tiles.first.get_attribute("aria-label")
    page.locator("#moment").focus()
    page.keyboard.press("Home")
    first = tiles.first.get_attribute("aria-label")
    assert first != last
    assert "at=0" in page.url
    page.keyboard.press("ArrowRight")  # one checkpoint on
    assert tiles.first.get_attribute("aria-label") not in (first, last)
    page.keyboard.press("ArrowLeft")
    assert tiles.first.get_attribute("aria-label") == first
    page.locator("form.explore select[name=y]").select_option("FID (LeNet) ↓")
    page.locator("form.explore select[name=x]").select_option("seconds")
    page.locator("form.explore select[name=seeds]").select_option("each")
    assert page.locator(".u-label", has_text="FID").count() + page.locator("canvas").count() > 0
    other = browser.new_page(viewport=PHONE)
    other.goto(page.url)
    other.wait_for_selector(".u-over")
    assert other.locator("select[name=y]").input_value() == "FID (LeNet) ↓"
    assert other.locator("select[name=seeds]").input_value() == "each"
    assert other.locator(".moments .tile").first.get_attribute("aria-label") == first
    assert other.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    other.close()
    page.close()


def test_a_term_says_what_it_means_while_it_has_the_focus(browser: Browser, built: Any) -> None:
    page = browser.new_page()
    page.goto((built.folder / "reports" / "wgan2017.html").as_uri())
    term = page.locator("a.term").first
    says = "(e) => getComputedStyle(e, '::after').display"
    assert term.evaluate(says) == "none"
    page.keyboard.press("Tab")
    term.focus()
    assert term.evaluate(says) == "block"
    assert len(term.get_attribute("data-says")) > 20
    page.close()


def test_a_link_to_what_is_folded_unfolds_it(browser: Browser, seen: dict[str, Seen]) -> None:
    linked = {link for one in seen.values() for link in one.page.evaluate(LINKS)}
    targets = {f"{one.page.url}#{name}": name for one in seen.values() for name in one.folded}
    tried = sorted(targets.keys() & linked)[:5]
    if not tried:
        pytest.skip("no link leads to what is folded")
    for link in tried:
        page = browser.new_page()
        page.goto(link)
        assert page.locator(f"[id='{targets[link]}']").is_visible(), link
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_theme_and_is_printed_on_white(
    seen: dict[str, Seen], scheme: str
) -> None:
    for name, one in seen.items():
        with one.under(color_scheme=scheme):
            paper, ink = one.look("light")
        with one.under(color_scheme=scheme, media="print"):
            printed, _ = one.look("light")
        assert (paper > ink) == (scheme == "light"), name
        assert (max(paper, ink) + 0.05) / (min(paper, ink) + 0.05) > 7, name
        assert printed == pytest.approx(1), name


def test_no_page_is_wider_than_a_phone(seen: dict[str, Seen]) -> None:
    for one in seen.values():
        one.page.set_viewport_size(PHONE)
    found = faults(seen, "wide")
    for one in seen.values():
        one.page.set_viewport_size(DESK)
    assert found == {}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_column_is_reached_and_nothing_covers_text(
    seen: dict[str, Seen], size: dict[str, int]
) -> None:
    found = {}
    for name, one in seen.items():
        with one.whole(size["width"]):
            found[name] = [*one.look("reach"), *one.look("covered")]
    assert {name: own for name, own in found.items() if own} == {}


def test_columns_out_of_reach_and_covered_text_are_seen(browser: Browser, tmp_path: Path) -> None:
    wide = '<table style="width: 900px"><tr><td>beyond</td></tr></table>'
    over = '<p>below</p><div style="position: fixed; inset: 0; background: red"></div>'
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><body><div>{wide}</div>{over}</body>")
    one = visit(browser, page)
    with one.whole(PHONE["width"]):
        assert one.look("reach") == ["does not scroll: beyond"]
        assert any(fault.startswith("below under <div") for fault in one.look("covered"))
    one.page.close()


def test_a_page_that_is_too_wide_is_seen(faulty: Seen) -> None:
    assert faulty.look("wide") == []
    faulty.page.set_viewport_size(PHONE)
    assert faulty.look("wide")


def test_a_picture_becomes_larger_and_the_page_does_not(seen: dict[str, Seen]) -> None:
    boxes = [one.page.locator("figure:has(input.zoom)").first for one in seen.values()]
    boxes = [box for box in boxes if box.count()]
    if not boxes:
        pytest.skip("no page offers to enlarge its pictures")
    for box in boxes:
        before = box.locator("svg").first.bounding_box()
        box.locator("input.zoom").check()
        after = box.locator("svg").first.bounding_box()
        assert after["width"] > 1.3 * before["width"]
        assert box.page.evaluate("look.wide()") == []
        box.locator("input.zoom").uncheck()


def test_the_keyboard_comes_first_to_a_link_past_the_navigation(seen: dict[str, Seen]) -> None:
    for name, one in seen.items():
        link, left = one.first
        assert link, name
        assert link.startswith("#"), name
        assert left >= 0, name


def test_focus_is_visible_wherever_a_keyboard_comes(seen: dict[str, Seen]) -> None:
    for one in seen.values():
        one.page.keyboard.press("Tab")
    assert faults(seen, "focus") == {}


def test_a_hidden_focus_is_seen(faulty: Seen) -> None:
    faulty.page.keyboard.press("Tab")
    assert faulty.look("focus") == ["hides its focus: A "]


def test_all_is_readable_with_scripts_off(browser: Browser, seen: dict[str, Seen]) -> None:
    quiet = browser.new_context(java_script_enabled=False)
    for name, one in of_each_kind(seen).items():
        if name == EXPLORE:  # a script, which says so without scripts
            continue
        page = quiet.new_page()
        page.goto(one.page.url)
        with_scripts = one.page.locator("main").text_content()
        assert page.locator("main").text_content().split() == with_scripts.split(), name
        assert page.locator("main").is_visible()
        page.close()
    quiet.close()


def barriers(one: Seen, *rules: str) -> list[str]:
    """What axe-core finds by some rules, or by all: each rule with its first element.

    It does not look into figures: they are pictures, and described as such.
    """
    engine = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="no axe; try: pip install -e '.[dev]'"
    )
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = engine.Axe().run(one.page, {"exclude": [["figure svg"]]}, options).response
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found["violations"]]


def of_each_kind(seen: dict[str, Seen]) -> dict[str, Seen]:
    """One page of every template: a look takes seconds, and pages of a kind are built alike."""
    kinds = {}
    for name, one in seen.items():
        stem = name.partition(".")[0]
        kind = "paper" if stem in schema.papers() else re.findall("[^/_]+[/_]?", stem)[0]
        kinds.setdefault(kind, (name, one))
    return dict(kinds.values())


def test_axe_finds_no_barrier(seen: dict[str, Seen]) -> None:
    found = {name: barriers(one) for name, one in of_each_kind(seen).items()}
    assert len(found) > 8
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_axe_finds_contrast_enough_in_the_dark(seen: dict[str, Seen]) -> None:
    found = {}
    for name, one in of_each_kind(seen).items():
        with one.under(color_scheme="dark"):
            found[name] = barriers(one, "color-contrast")
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_axe_sees_barriers(faulty: Seen) -> None:
    rules = {line.partition(":")[0] for line in barriers(faulty)}
    assert {"image-alt", "html-has-lang", "document-title"} <= rules
    assert barriers(faulty, "image-alt")[0].startswith("image-alt: <img")
