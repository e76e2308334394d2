"""The topics of the pages on theory, in the order of teaching. No torch, no pandas here.

A panel says ``TOPIC = "transport"`` in its head, and where it stands within the topic with ``PLACE = 2``; without a
place it follows those that have one.
"""

from __future__ import annotations

from dataclasses import dataclass

from replication.plan import registry


@dataclass(frozen=True)
class Topic:
    """A page on theory."""

    title: str
    about: str


TOPICS = {
    "transport": Topic(
        "Distances and transport",
        "What it costs to turn one distribution into another, and the critic that finds the same number.",
    ),
    "divergences": Topic(
        "Divergences",
        "KL, JS and their kin compare two distributions point by point. They do not see how far apart the points are.",
    ),
    "critics": Topic(
        "Optimal critics",
        "What a discriminator or critic says once it is trained to the end, and what is then left to the generator.",
    ),
    "games": Topic(
        "Games", "Two players that learn at the same time, and why this need not converge."
    ),
    "supports": Topic(
        "Supports",
        "Low-dimensional supports hardly ever meet, and this decides which distances are of any use.",
    ),
    "failures": Topic(
        "What goes wrong",
        "Losses that let go of a sample, gradients that vanish or explode, and estimates that point the wrong way.",
    ),
    "instruments": Topic(
        "Metrics under test",
        "Images damaged by degrees, with classes missing, with copies: which scores of quality notice?",
    ),
    "toys": Topic(
        "2-D benchmarks",
        "Small generators and critics trained on points in the plane, where the right answer is known exactly.",
    ),
    "refuted": Topic(
        "Formulas that circulate",
        "Statements that are often repeated, each with the calculation that refutes it.",
    ),
}


def of(panel: str) -> str | None:
    """The topic that a panel's head names; None where it names none.

    Raises:
        UnknownName: there is no such topic.
    """
    topic = registry.panel_metadata(panel).get("TOPIC")
    if topic is not None and topic not in TOPICS:
        hint = registry.nearest(str(topic), TOPICS)
        raise registry.UnknownName(f"{panel}: there is no topic {topic!r}{hint}")
    return topic
