"""The page on theory: every picture that explains, in the order in which one would teach it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from replication.figures.results import Frames
from replication.plan import registry
from replication.report import budget, pages, recipes, tables, views
from replication.report.budget import Fact
from replication.report.tables import Table
from replication.report.views import Link, PanelView, Paper

QUESTION = "What is a GAN’s loss a distance of, and what can go wrong?"


@dataclass(frozen=True)
class Topic:
    """A section of the page."""

    title: str
    about: str


#: In the order of teaching. A panel says ``TOPIC = "transport"`` in its head, and where it stands within the
#: topic with ``PLACE = 2``; without a place it follows those that have one.
TOPICS = {
    "transport": Topic(
        "Distances and transport",
        "What it costs to turn one heap of earth into another, and the critic that finds the same number.",
    ),
    "divergences": Topic(
        "Divergences",
        "KL, JS and their kin compare two distributions place by place, and are blind to how far apart the places are.",
    ),
    "critics": Topic(
        "Optimal critics",
        "What a discriminator or critic says once it has learned all there is to learn, and what is then left to "
        "the generator.",
    ),
    "games": Topic(
        "Games", "Two players who learn at the same time, and why this need not lead anywhere."
    ),
    "supports": Topic(
        "Supports",
        "Thin sets in a wide space hardly ever meet, and this decides which distances are of any use.",
    ),
    "failures": Topic(
        "What goes wrong",
        "Losses that let go of a sample, slopes that vanish or explode, and a sense of direction that is lost.",
    ),
    "instruments": Topic(
        "Instruments",
        "Images whose faults are known, because they were put there by degrees: which scores of quality notice?",
    ),
    "toys": Topic(
        "Trained toys",
        "Small generators and critics trained on points in the plane, where the right answer is known exactly.",
    ),
    "refuted": Topic(
        "Formulas that circulate",
        "Statements that are often repeated, each with the calculation that refutes it.",
    ),
}


@dataclass(frozen=True)
class Toys:
    """The tables of the runs on points; None for a table that has no rows."""

    facts: list[Fact]
    headlines: list[Table]
    variants: Table | None
    failures: Table | None


@dataclass(frozen=True)
class Section:
    """A topic, or a paper whose panels name no topic, with its panels."""

    anchor: str
    title: str
    about: str = ""
    views: list[PanelView] = field(default_factory=list)
    toys: Toys | None = None

    @property
    def short(self) -> str:
        """The title, or authors and year of a paper."""
        return Paper("", self.title, "").short


@dataclass(frozen=True)
class Theory:
    """The page."""

    question: str
    summary: str
    sections: list[Section]
    elsewhere: list[Link]


def theory(drawn: Mapping[str, PanelView], frames: Frames) -> Theory:
    """The page.

    Args:
        drawn: every panel; those that `views.taught` names stand on the page.
        frames: the runs on points; there may be none.

    Raises:
        UnknownName: a panel names a topic that is not in `TOPICS`.
    """
    shown = sorted(filter(views.taught, drawn), key=_place)
    groups: dict[str, list[PanelView]] = {topic: [] for topic in TOPICS}
    for panel in shown:
        groups.setdefault(topic_of(panel), []).append(drawn[panel])
    trained = toys(frames)
    sections = [
        _section(key, held, trained if key == "toys" else None)
        for key, held in groups.items()
        if held or (key == "toys" and trained)
    ]
    count = f"{len(shown)} {tables.plural(len(shown), 'picture')}"
    summary = (
        f"What lecture notes on GANs draw by hand, computed: {count}, each with two sentences under it that "
        "say what to see, and with its numbers."
    )
    others = sorted((p for p, view in drawn.items() if view.explained), key=pages.by_year)
    elsewhere = [views.link(panel) for panel in others if not views.taught(panel)]
    return Theory(QUESTION, summary, sections, elsewhere)


def topic_of(panel: str) -> str:
    """What a panel's head names, or else its paper; raises `UnknownName` where there is no such topic."""
    topic = registry.panel_metadata(panel).get("TOPIC")
    if topic is None:
        return panel.partition("/")[0]
    if topic not in TOPICS:
        hint = registry.nearest(str(topic), TOPICS)
        raise registry.UnknownName(f"{panel}: there is no topic {topic!r}{hint}")
    return str(topic)


def toys(frames: Frames) -> Toys | None:
    """Tables and facts of the runs on points; None where there are none."""
    if not frames.arms:
        return None
    return Toys(
        budget.facts(frames),
        tables.headlines(frames),
        recipes.variants(frames),
        tables.failures(frames),
    )


def _place(panel: str) -> tuple[Any, ...]:
    """Within a topic: by the place in the head, then by year. Papers without a topic stand by year."""
    head = registry.panel_metadata(panel)
    return (head.get("PLACE", float("inf")), *pages.by_year(panel))


def _section(key: str, held: list[PanelView], trained: Toys | None) -> Section:
    if key in TOPICS:
        return Section(f"topic-{key}", TOPICS[key].title, TOPICS[key].about, held, trained)
    return Section(f"paper-{key.replace('_', '-')}", views.paper_of(key).citation, "", held)
