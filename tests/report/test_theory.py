"""The page on theory: every picture that explains, once, in the order of teaching; and the toys."""

from __future__ import annotations

import re

import pytest
from conftest import Built, Page

from replication.plan import registry
from replication.report import pages, theory, views

HEADS = {panel: registry.panel_metadata(panel) for panel in registry.panels()}
EXPLAINED = {panel for panel, head in HEADS.items() if head.get("EXPLAINED")}


def figures(text: str) -> list[str]:
    """The panels of a page, in order, by the command that makes each."""
    return re.findall(r"made by <code>replication panel ([^< ]+) --study", text)


def test_every_panel_stands_on_the_page_of_its_folder_and_what_has_a_topic_on_the_ground(
    built: Built,
) -> None:
    for page in (page for page in pages.every() if page not in ("index.html", "failures.html")):
        folder = page.removesuffix(".html")
        own = {panel for panel in HEADS if panel.startswith(f"{folder}/")}
        taught = {panel for panel, head in HEADS.items() if "TOPIC" in head}
        shown = figures(built.read(page))
        assert len(shown) == len(set(shown))
        assert set(shown) == (own | taught if page == "theory.html" else own)


def test_what_explains_is_on_the_ground_or_linked_from_it(built: Built) -> None:
    text = built.read("theory.html")
    for panel in EXPLAINED - set(figures(text)):
        place = views.link(panel)
        assert f'<a href="{place.page}#{place.anchor}">' in text


def test_the_front_page_shows_at_most_four_figures_in_the_order_of_their_heads(
    built: Built,
) -> None:
    shown = figures(built.read("index.html"))
    assert 1 <= len(shown) <= 4
    assert set(shown) == {panel for panel, head in HEADS.items() if head.get("FRONT")}
    assert [HEADS[panel]["FRONT"] for panel in shown] == sorted(HEADS[p]["FRONT"] for p in shown)


def test_topics_are_in_the_order_of_teaching_and_papers_follow(built: Built) -> None:
    shown = re.findall(r'<h2 id="(topic|paper)-([^"]+)">', built.read("theory.html"))
    topics = [name for kind, name in shown if kind == "topic"]
    assert topics == [name for name in theory.TOPICS if name in topics]
    assert [kind for kind, _ in shown] == sorted((kind for kind, _ in shown), reverse=True)
    assert "transport" in topics


@pytest.mark.parametrize("panel", registry.panels())
def test_a_head_names_a_topic_that_there_is(panel: str) -> None:
    assert theory.topic_of(panel) in (*theory.TOPICS, panel.split("/")[0])
    assert "PLACE" not in HEADS[panel] or "TOPIC" in HEADS[panel]


def test_panels_of_a_topic_stand_by_their_places(built: Built) -> None:
    order = [p for p in figures(built.read("theory.html")) if "PLACE" in HEADS[p]]
    for topic in theory.TOPICS:
        places = [HEADS[p]["PLACE"] for p in order if HEADS[p]["TOPIC"] == topic]
        assert places == sorted(set(places))


def test_a_panel_without_a_topic_stands_with_its_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "panel_metadata", lambda _: {})
    assert theory.topic_of("wgan2017/anything") == "wgan2017"


def test_a_misspelt_topic_is_named_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "panel_metadata", lambda _: {"TOPIC": "transprot"})
    with pytest.raises(registry.UnknownName, match=r"a/b: .*'transprot'; did you mean 'transport'"):
        theory.topic_of("a/b")


def test_the_two_sentences_are_open_and_the_caption_is_folded(built: Built) -> None:
    text = built.read("theory.html")
    panel = "theory/piles"
    figure = re.search(r'<figure class="wide" id="theory-piles".*?</figure>', text, re.S)[0]
    folded = re.search(r"<details>.*?</details>", figure, re.S)[0]
    assert HEADS[panel]["CAPTION"] in folded
    assert HEADS[panel]["EXPLAINED"].replace("'", "&#39;") in figure.replace(folded, "")


def test_a_panel_leads_to_the_claims_it_speaks_of(built: Built) -> None:
    text = built.read("theory.html")
    figure = re.search(r'id="goodfellow2014-optimal-discriminator".*?</figure>', text, re.S)[0]
    assert '<a href="goodfellow2014.html#claim-gan14-c1a">GAN14-C1a</a> (= verified)' in figure
    own = built.read("goodfellow2014.html")
    card = re.search(r'id="claim-gan14-c1a".*?</article>', own, re.S)[0]
    assert 'href="#goodfellow2014-optimal-discriminator"' in card
    assert 'href="figures/tiny/goodfellow2014/optimal_discriminator.csv"' in card


def test_toys_have_the_numbers_of_summary_csv(built: Built) -> None:
    page = Page(built.read("theory.html"))
    label = "GAN (non-saturating), decay pacgan2"
    tables = [t for t in page.tables if t[0][:2] == ["Method", "Exact W1 ↓"]]
    table = next(t for t in reversed(tables) if label in [row[0] for row in t])
    assert table[0] == [
        "Method",
        "Exact W1 ↓",
        "Modes ↑",
        "High quality ↑",
        "Reverse KL ↓",
        "Seeds",
        "Diverged",
    ]
    assert table[1][:1] + table[1][-2:] == ["Real training points", "–", "–"]
    summary = built.table("summary.csv")
    own = summary[(summary["dataset"] == "ring") & (summary["variant"] == "decay_pacgan2")]
    row = next(row for row in table if row[0] == label)
    for cell, metric in zip(row[1:5], ("w1", "modes", "high_quality", "reverse_kl"), strict=True):
        mean = own.set_index("metric").loc[metric, "mean"]
        assert float(cell.split("|")[0]) == pytest.approx(mean, rel=0.006)
    assert row[-2:] == ["5", "1"]
    assert not [row for t in Page(built.read("index.html")).tables for row in t if "Modes ↑" in row]
    assert 'id="topic-toys"' in built.read("theory.html")
    assert "1,000 training and 2,000 held-out points in 2 dimensions" in built.read("theory.md")
