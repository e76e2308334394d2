"""Every page is reachable, leads to places that exist, and can be found through without seeing it."""

from __future__ import annotations

import posixpath
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import Built, Page

from replication.report import build, pages

PAGES = tuple(pages.every())
WITH_TWIN = tuple(page for page in PAGES if pages.has_twin(page))

#: Those that the navigation names; the topics of theory are reached from theory.
NAMED = [*map(pages.of, (*pages.STUDY, *pages.papers()))]


def every_page(built: Built) -> list[str]:
    """All pages that were written, those of arms too, relative to the report's folder."""
    folder = built.folder / "reports"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


#: Where papers are: the only places outside that pages lead to.
PAPERS = ("https://arxiv.org/abs/", "https://openreview.net/forum?id=")


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_every_reference_resolves(built: Built, name: str) -> None:
    text = built.read(name)
    ids = Counter(a["id"] for _, a in Page(text).tags if "id" in a)
    assert [name for name, n in ids.items() if n > 1] == []
    wanted = set(re.findall(r"(?:url\(#|href=\"#|aria-labelledby=\"|for=\")([^)\"]+)", text))
    assert wanted <= set(ids)
    assert "content" in wanted


def test_every_link_of_every_page_leads_to_a_place_that_exists(built: Built) -> None:
    names = every_page(built)
    assert len(names) > len(PAGES)
    tags = {name: Page(built.read(name)).tags for name in names}
    ids = {name: {a["id"] for _, a in own if "id" in a} for name, own in tags.items()}
    reached = set()
    for name, own in tags.items():
        for href in (a["href"] for tag, a in own if tag == "a"):
            page, _, place = href.partition("#")
            if href.startswith(PAPERS):
                continue
            page = (
                posixpath.normpath(posixpath.join(posixpath.dirname(name), page)) if page else name
            )
            assert (built.folder / "reports" / page).is_file(), (name, href)
            if place and "=" not in place:  # else a choice that the page makes
                assert place in ids[page], (name, href)
            reached.add(page)
    assert set(names) <= reached


@pytest.mark.parametrize("name", WITH_TWIN)
def test_every_file_that_the_markdown_links_exists(built: Built, name: str) -> None:
    targets = re.findall(r"\]\(([^)]+)\)", built.read(pages.twin(name)))
    local = [t.partition("#")[0] for t in targets if not t.startswith(("#", *PAPERS))]
    named = {pages.twin(other) for other in NAMED if other != name and pages.has_twin(other)}
    assert named <= set(local)
    assert [t for t in local if not (built.folder / "reports" / t).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_the_same_navigation_and_marks_its_own_place(
    built: Built, name: str
) -> None:
    text = built.read(name)
    nav = re.search(r'<nav class="site".*?</nav>', text, re.S)[0]
    assert re.findall(r'href="([^"]+)"', nav) == NAMED
    current = re.findall(r'href="([^"]+)" aria-current="page"', nav)
    assert current == ([name] if name in NAMED else [])
    plain = nav.replace(' aria-current="page"', "")
    assert plain in built.read("index.html").replace(' aria-current="page"', "")


@pytest.mark.parametrize("name", PAGES)
def test_pages_have_landmarks_headings_in_order_and_described_figures(
    built: Built, name: str
) -> None:
    own = Page(built.read(name))
    tags = Counter(tag for tag, _ in own.tags)
    assert tags["main"] == tags["header"] == tags["h1"] == tags["footer"] == 1
    labels = [a["aria-label"] for tag, a in own.tags if tag == "nav"]
    assert len(labels) == len(set(labels))
    assert labels[0] == "Pages"
    assert ("On this page" in labels) == (name not in (pages.MAIN, pages.EXPLORE))
    assert all(a.get("scope") in ("row", "col") for tag, a in own.tags if tag == "th")
    assert tags["caption"] == tags["table"]
    levels = [int(tag[1]) for tag, _ in own.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(b <= a + 1 for a, b in pairwise(levels))
    figures = [a for tag, a in own.tags if tag == "svg"]
    assert all(a["role"] == "img" and len(a["aria-label"]) > 5 for a in figures)
    as_png = [a for tag, a in own.tags if tag == "img" and a["src"].startswith("figures/")]
    drawn = [a for tag, a in own.tags if tag == "figure" and "tabled" not in a["class"]]
    # The number of a claim as a picture stands beside its words, in no figure.
    whole = [a for a in figures if a.get("class") != "gauge"]
    assert len(whole) + len(as_png) == len(drawn)
    boxes = [a["id"] for tag, a in own.tags if tag == "input" and a.get("class") == "zoom"]
    assert set(boxes) <= {a.get("for") for tag, a in own.tags if tag == "label"}
    assert len(boxes) == len(drawn)


def test_pages_of_the_study_and_of_every_paper_are_declared_without_heavy_imports() -> None:
    code = (
        "import sys; from replication.report import pages; assert len(pages.outputs({'laptop': ['a/b/c/d']})) > 20;"
        "sys.exit(bool({'torch', 'pandas', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )
    root = Path(build.__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
