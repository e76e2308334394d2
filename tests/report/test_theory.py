"""The pages on theory: every figure that explains, once, in the order of teaching; and the 2-D benchmarks."""

from __future__ import annotations

import re

import pytest
from conftest import SMALL, Built, Page
from test_paper_pages import silent

from replication.plan import registry
from replication.report import pages, topics, views

HEADS = {panel: registry.panel_metadata(panel) for panel in registry.panels()}
EXPLAINED = {panel for panel, head in HEADS.items() if head.get("EXPLAINED")}


def figures(text: str) -> list[str]:
    """The panels of a page, in order, by the command that makes each."""
    return re.findall(r"made by <code>replication panel ([^< ]+) --study", text)


def test_every_panel_stands_on_the_page_of_its_folder_and_what_has_a_topic_on_that_one_s(
    built: Built,
) -> None:
    by_page: dict[str, set[str]] = {}
    for panel, head in HEADS.items():
        if silent(built, panel):
            continue
        page = pages.of(panel)
        if page != pages.FAILURES:
            by_page.setdefault(page, set()).add(panel)
        if "TOPIC" in head:
            by_page.setdefault(pages.of_topic(head["TOPIC"]), set()).add(panel)
    for page in pages.every():
        shown = figures(built.read(page)) if page != pages.FAILURES else []
        assert len(shown) == len(set(shown))
        assert set(shown) == by_page.get(page, set()), page


def test_the_overview_leads_to_every_figure_with_a_topic_and_to_what_explains_elsewhere(
    built: Built,
) -> None:
    text = built.read("theory.html")
    for panel in {panel for panel, head in HEADS.items() if "TOPIC" in head}:
        place = f"{pages.of_topic(HEADS[panel]['TOPIC'])}#{pages.anchor(panel)}"
        assert f'<a href="{place}">' in text
    for panel in EXPLAINED:
        if "TOPIC" not in HEADS[panel] and not silent(built, panel):
            place = views.link(panel)
            assert f'<a href="{place.page}#{place.anchor}">' in text


def test_topics_are_in_the_order_of_teaching(built: Built) -> None:
    shown = re.findall(r'<h2 id="topic-([^"]+)">', built.read("theory.html"))
    assert shown == [name for name in topics.TOPICS if name in shown]
    assert "transport" in shown


@pytest.mark.parametrize("panel", registry.panels())
def test_a_head_names_a_topic_that_there_is(panel: str) -> None:
    assert topics.of(panel) in (*topics.TOPICS, None)
    assert "PLACE" not in HEADS[panel] or "TOPIC" in HEADS[panel]


def test_panels_of_a_topic_stand_by_their_places(built: Built) -> None:
    for topic in pages.by_topic():
        order = figures(built.read(pages.of_topic(topic)))
        places = [HEADS[p]["PLACE"] for p in order if "PLACE" in HEADS[p]]
        assert places == sorted(set(places))


TABLES = {panel: head["AS_TABLE"] for panel, head in HEADS.items() if "AS_TABLE" in head}


@pytest.mark.parametrize("panel", TABLES)
def test_what_is_a_table_is_shown_as_one(built: Built, panel: str) -> None:
    page = Page(built.read(pages.of_topic(HEADS[panel]["TOPIC"])))
    (table,) = (rows for rows in page.tables if rows[0] == list(TABLES[panel].values()))
    numbers = built.numbers(panel)
    assert [row[0] for row in table[1:]] == numbers[next(iter(TABLES[panel]))].tolist()
    assert f'id="{pages.anchor(panel)}-zoom"' not in built.read(pages.of(panel))


def test_a_panel_without_a_topic_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "panel_metadata", lambda _: {})
    assert topics.of("wgan2017/anything") is None


def test_a_misspelt_topic_is_named_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "panel_metadata", lambda _: {"TOPIC": "transprot"})
    with pytest.raises(registry.UnknownName, match=r"a/b: .*'transprot'; did you mean 'transport'"):
        topics.of("a/b")


def test_the_two_sentences_are_open_and_the_caption_is_folded(built: Built) -> None:
    text = re.sub(r"</?a\b[^>]*>", "", built.read("theory_transport.html"))  # terms are links
    panel = "theory/piles"
    figure = re.search(r'<figure class="wide" id="theory-piles".*?</figure>', text, re.S)[0]
    folded = re.search(r"<details>.*?</details>", figure, re.S)[0]
    assert HEADS[panel]["CAPTION"] in folded
    assert HEADS[panel]["EXPLAINED"].replace("'", "&#39;") in figure.replace(folded, "")


def test_a_panel_leads_to_the_claims_it_speaks_of(built: Built) -> None:
    text = built.read("theory_critics.html")
    figure = re.search(r'id="goodfellow2014-optimal-discriminator".*?</figure>', text, re.S)[0]
    assert (
        '<a href="goodfellow2014.html#claim-gan14-c1a">GAN14-C1a</a> (= verified; calculation)'
        in figure
    )
    own = built.read("goodfellow2014.html")
    card = re.search(r'id="claim-gan14-c1a".*?</article>', own, re.S)[0]
    assert 'href="#goodfellow2014-optimal-discriminator"' in card
    assert 'href="figures/tiny/goodfellow2014/optimal_discriminator.csv"' in card


def test_2d_benchmarks_have_the_numbers_of_summary_csv(built: Built) -> None:
    page = Page(built.read("index.html"))
    label = "GAN (non-saturating), PacGAN2"
    boards = [t for t, kind in zip(page.tables, page.kinds, strict=True) if "leaderboard" in kind]
    table = next(t for t in reversed(boards) if label in [row[0] for row in t])
    metrics = ["Exact W1 ↓", "Modes ↑", "High quality ↑", "Reverse KL ↓"]
    assert table[0][:5] == ["Arm", *metrics]
    assert table[0][-2:] == ["Seeds", "Failed"]
    assert table[1][:1] + table[1][-2:] == ["Real training points", "–", "–"]
    summary = built.table("summary.csv")
    own = summary[(summary["dataset"] == "ring") & (summary["variant"] == "decay_pacgan2")]
    row = next(row for row in table if row[0] == label)
    for cell, metric in zip(row[1:5], ("w1", "modes", "high_quality", "reverse_kl"), strict=True):
        mean = own.set_index("metric").loc[metric, "mean"]
        assert float(cell.split(SMALL)[0]) == pytest.approx(mean, rel=0.006)
    assert row[-2:] == ["5", "1"]
    assert "1,000 training and 2,000 held-out points in 2 dimensions" in built.read(
        "theory_toys.md"
    )
