"""No page has words or sentences that this project does not write: what can be tested of its prose is tested here."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import Built

from replication.plan import registry
from replication.plan.params import read
from replication.report import build

ROOT = Path(build.__file__).parents[2]

#: Words of our own making where the field has its own, and turns of phrase that a reader stumbles over.
FORBIDDEN = re.compile(
    r"""\b(
        heaps? | specks? | labs? | toys | learnt | learned\ by\ heart | the\ ground | asked\ for | run\ it\ again
      | done\ otherwise | witness(es)? | it\ is\ dear | no\ merit
      | that\ are\ no\ run | of\ their\ full\ length | views\ of\ each | smaller\ studies\ beside | Beside\ them\ \d
      | Is\ my\ result\ normal | toy | the\ memorised\ share | steepest\ slope | held\ (no|yes) | decay\ until\ 0
      | another\ interval\ above | Cannot\ tell:\ all\ else | (seeds|runs)\ could\ tell
    )\b""",
    re.X | re.I,
)

#: "A for B" that means A instead of B: between numbers, and of data and measures of the papers.
INSTEAD = re.compile(
    r"""\b(
        \d[\d.,e-]*(\ (steps|units|values|seeds|runs|settings|images))?\ for\ \d[\d.,e-]*
      | for\ (the\ eye|the\ printed\ one|bedrooms|faces)
      | (MNIST|digits|images|Gaussians|width\ \d+)\ for\ ([A-Z][\w-]+|images|points|random)
    )\b""",
    re.X,
)

#: An arm as evidence names it, and the patterns of several.
PATH = re.compile(r"(?<![\w./])@?\w+/(\*|[\w*]+/\w+/[\w.+*-]+)")


def raw_ids() -> re.Pattern[str]:
    """Ids of files of the package, nets and variants that a reader knows by a label or by words."""
    params = read(ROOT / "params.yaml")
    folders = ("data", "nets", "methods", "techniques", "losses", "experiments", "controls")
    every = [name for folder in folders for name in registry.ids(folder)]
    ids = sorted(
        {*every, *params["nets"], *params["variants"]} - {"n_critic"}, key=len, reverse=True
    )
    return re.compile(
        rf"(?<![\w./])({'|'.join(re.escape(i) for i in ids if '_' in i)})(?![\w/]|\.\w)"
    )


PATTERNS = (FORBIDDEN, INSTEAD, PATH, raw_ids())

#: What is said of names and files, not of the world; its words are not ours to choose.
QUIET = ("code", "pre", "script", "style", "svg")


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
    found = (m for pattern in PATTERNS for m in pattern.finditer(text))
    return [text[max(0, m.start() - 40) : m.end() + 40] for m in found]


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
    assert faults("Clusters of points.") == []
    assert faults("MNIST instead of LSUN, a learning rate for each, as in wgan_gp2017.html") == []
    assert Prose("<small>a toy</small>").parts == ["a toy"]


@pytest.mark.parametrize(
    "text",
    [
        "A heap of points, that was asked for.", "on a noisy toy game", "MNIST for LSUN", "batch 64 for 512",
        "FID for the eye", "rates 1e-3 for 5e-5", "30 seeds, 20,000 steps for 7,000", "Here the memorised share falls",
        "its steepest slope", "power iterations 1, held no", "about 14 seeds could tell", "Cannot tell: all else",
        "worst in mnist/dcgan_16/wgan_gp/paper", "over models; mnist_5k/*", "digits of mnist_5k,", "such as clip_power",
        "arms that name no net use dcgan_8",
    ],
)  # fmt: skip
def test_faults_of_each_kind_are_seen(text: str) -> None:
    assert faults(text) != []


def test_the_prose_of_a_page_is_what_a_reader_sees() -> None:
    assert Prose('<p title="heap">a <code>toys</code> b</p>').parts == ["heap", "a ", " b"]
