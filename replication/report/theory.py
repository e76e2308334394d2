"""The pages on theory: an overview with a small picture of every figure, and a page for each topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from replication.figures.results import Frames
from replication.plan import registry
from replication.report import budget, pages, recipes, tables, topics, views
from replication.report.budget import Fact
from replication.report.tables import Table
from replication.report.views import Link, PanelView

QUESTION = "What is a GAN’s loss a distance of, and what can go wrong?"


@dataclass(frozen=True)
class Trained:
    """The runs on points; None for a table that has no rows."""

    facts: list[Fact]
    variants: Table | None
    failures: Table | None


@dataclass(frozen=True)
class TopicPage:
    """A topic with its panels."""

    topic: str
    page: str
    title: str
    about: str
    views: list[PanelView]
    trained: Trained | None
    before: Link | None = None
    after: Link | None = None


@dataclass(frozen=True)
class Theory:
    """The overview, and the topics in the order of teaching."""

    question: str
    summary: str
    topics: list[TopicPage]
    elsewhere: list[Link]


def theory(drawn: Mapping[str, PanelView], frames: Frames) -> Theory:
    """The pages.

    Args:
        drawn: every panel that shows something; those that name a topic stand on its page.
        frames: the runs on points; there may be none.
    """
    found = [_topic(topic, own, drawn, frames) for topic, own in pages.by_topic().items()]
    links = [Link(one.title, one.page) for one in found]
    beside = zip(found, [None, *links[:-1]], [*links[1:], None], strict=True)
    topic_pages = [
        TopicPage(**{**vars(one), "before": before, "after": after})
        for one, before, after in beside
    ]
    count = sum(len(one.views) for one in found)
    summary = (
        f"What lecture notes on GANs draw by hand, computed: {count} {tables.plural(count, 'figure')} on "
        f"{len(found)} {tables.plural(len(found), 'topic')}, each with two sentences that say what to see, and with "
        "its numbers."
    )
    others = sorted((p for p, view in drawn.items() if view.explained), key=pages.by_year)
    elsewhere = [views.link(panel) for panel in others if topics.of(panel) is None]
    return Theory(QUESTION, summary, topic_pages, elsewhere)


def _topic(
    topic: str, panels: list[str], drawn: Mapping[str, PanelView], frames: Frames
) -> TopicPage:
    held = [drawn[panel] for panel in sorted(panels, key=_place) if panel in drawn]
    known = topics.TOPICS[topic]
    trained = _trained(frames) if topic == "toys" else None
    return TopicPage(topic, pages.of_topic(topic), known.title, known.about, held, trained)


def _trained(frames: Frames) -> Trained | None:
    """Tables and facts of the runs on points; None where there are none."""
    if not frames.arms:
        return None
    return Trained(budget.facts(frames), recipes.variants(frames), tables.failures(frames))


def _place(panel: str) -> tuple[Any, ...]:
    """Within a topic: by the place in the head, then by year."""
    head = registry.panel_metadata(panel)
    return (head.get("PLACE", float("inf")), *pages.by_year(panel))
