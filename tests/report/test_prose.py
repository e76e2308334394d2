"""No page has words or sentences that this project does not write: what can be tested of its prose is tested here."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import Built

from replication.report import build

ROOT = Path(build.__file__).parents[2]

#: Words of our own making where the field has its own, and turns of phrase that a reader stumbles over.
FORBIDDEN = re.compile(
    r"""\b(
        heaps? | specks? | labs? | toys | learnt | learned\ by\ heart | the\ ground | asked\ for | run\ it\ again
      | done\ otherwise | witness(es)? | it\ is\ dear | no\ merit
      | that\ are\ no\ run | of\ their\ full\ length | views\ of\ each | smaller\ studies\ beside | Beside\ them\ \d
      | Is\ my\ result\ normal
    )\b""",
    re.X | re.I,
)

#: What is said of names and files, not of the world; its words are not ours to choose.
QUIET = ("code", "pre", "script", "style", "svg", "small")


class Prose(HTMLParser):
    """The text of a page that is prose, with what is said on pointing at it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.depth, self.parts = 0, []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag in QUIET
        self.parts += [
            value or "" for name, value in attrs if name in ("data-says", "title", "aria-label")
        ]

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in QUIET

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.parts.append(data)


def faults(text: str) -> list[str]:
    return [text[max(0, m.start() - 40) : m.end() + 40] for m in FORBIDDEN.finditer(text)]


def test_no_page_has_a_word_that_is_not_written_here(built: Built) -> None:
    found = {
        path.name: said
        for path in sorted((built.folder / "reports").rglob("*.html"))
        if (said := faults(" ".join(Prose(path.read_text(encoding="utf-8")).parts)))
    }
    assert found == {}


@pytest.mark.parametrize(
    "name", ["README.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_nor_has_the_readme_or_a_document(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert faults(re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "", text, flags=re.S)) == []


def test_the_readme_fits_a_screen_or_two() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_faults_are_seen() -> None:
    assert faults("A heap of toys, that was asked for.") != []
    assert faults("Clusters of points.") == []
    assert Prose('<p title="heap">a <code>toys</code> b</p>').parts == ["heap", "a ", " b"]
