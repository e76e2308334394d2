"""The pages of the report by name, for all who link to them or wait for them. No torch, no pandas here.

A folder of ``replication/papers`` or ``replication/pages`` is a page of the same name: the panels in it stand there.
The page on theory has a page for each topic besides, and every arm of every study has one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from replication.plan import registry
from replication.plan.paths import REPORTS
from replication.report import topics

#: The pages on the whole study, with their names, in the order of the navigation.
STUDY = {
    "index": "Findings",
    "can_i_read_my_loss": "Can I read my loss?",
    "explore": "Explorer",
    "methods": "Methods",
    "cost": "Cost",
    "failures": "Failure modes",
    "theory": "Theory",
    "glossary": "Glossary",
}

MAIN, LOSS, EXPLORE, METHODS, COST, FAILURES, THEORY, GLOSSARY = (f"{stem}.html" for stem in STUDY)

#: The library that plots in a browser, with its licence, and all tables as one download.
LIBRARY = ("uPlot.js", "uPlot.css", "uPlot.LICENSE.txt")
DOWNLOAD = "results.zip"

#: What is written of an arm beside its page: its numbers for the explorer, its samples over training, and the last.
BESIDE = (".js", ".png", "-last.png")


def papers() -> tuple[str, ...]:
    """The folders with a page of their own: what belongs to no paper, then the papers by year."""
    folder = registry.PACKAGE / "papers"
    described = {path.parent.name for path in folder.glob("*/paper.yaml")}
    drawn = {panel.partition("/")[0] for panel in registry.panels()}
    return tuple(sorted((described | drawn) - set(STUDY), key=by_year))


def by_year(paper: str) -> tuple[int, str]:
    """What belongs to no paper comes first, then the papers in the order of their years.

    Args:
        paper: a folder, or a panel ``<paper>/<panel>``.
    """
    year = re.search(r"\d{4}$", paper.partition("/")[0])
    return int(year[0]) if year else 0, paper


def of(paper: str) -> str:
    """The page of a folder: ``wgan2017.html``; of a panel its folder's, or of one of no paper that of its topic.

    What was measured apart from the studies, which its ``FILES`` hold, is on cost.
    """
    folder, _, panel = paper.partition("/")
    if not panel or (registry.PACKAGE / "papers" / folder).is_dir():
        return f"{folder}.html"
    if "FILES" in registry.panel_metadata(paper):
        return COST
    topic = topics.of(paper)
    return of_topic(topic) if topic else f"{folder}.html"


def of_topic(topic: str) -> str:
    """The page of a topic of theory."""
    return f"theory_{topic}.html"


def of_arm(study: str, arm: str) -> str:
    """The page of an arm ``dataset/net/method/variant`` of a study."""
    return f"arms/{study}/{arm.replace('/', '-')}.html"


def beside(page: str) -> list[str]:
    """The files that are written with an arm's page: `BESIDE`."""
    return [page.removesuffix(".html") + suffix for suffix in BESIDE]


def anchor(panel: str) -> str:
    """The id of a panel on its page."""
    return panel.replace("/", "-").replace("_", "-")


def thumbnail(panel: str, study: str) -> str:
    """The small picture of a panel as a study has it."""
    return f"thumbnails/{study}/{panel}.webp"


def by_topic() -> dict[str, list[str]]:
    """The panels of each topic that has some, in the order of teaching."""
    held = {
        topic: [p for p in registry.panels() if topics.of(p) == topic] for topic in topics.TOPICS
    }
    return {topic: own for topic, own in held.items() if own}


def twin(page: str) -> str:
    """The same page as Markdown, for the pages that have one; code hosts show ``README.md`` first."""
    return "README.md" if page == MAIN else page.removesuffix(".html") + ".md"


def has_twin(page: str) -> bool:
    """Whether a page is also written as Markdown: not what one works with in a browser, nor the arms' pages."""
    return page != EXPLORE and not page.startswith("arms/")


def href(target: str, here: str, anchor: str = "") -> str:
    """A link from one page to another file of the report, or to a place on the same page."""
    path = (
        ""
        if target == here and anchor
        else posixpath.relpath(target, posixpath.dirname(here) or ".")
    )
    return f"{path}#{anchor}" if anchor else path


def every() -> list[str]:
    """Every page but those of arms, in the order of the navigation."""
    theory = [of_topic(topic) for topic in by_topic()]
    return [*map(of, STUDY), *theory, *map(of, papers())]


def outputs(arms: Mapping[str, Iterable[str]]) -> list[Path]:
    """The files that ``replication report`` writes, besides the small pictures of panels that have something to show.

    Args:
        arms: those of each study of the report.
    """
    own = [of_arm(study, arm) for study, names in arms.items() for arm in names]
    names = [
        *(
            name
            for page in every()
            for name in (page, twin(page))
            if name == page or has_twin(page)
        ),
        *(name for page in own for name in (page, *beside(page))),
        *LIBRARY,
        DOWNLOAD,
    ]
    return [REPORTS / name for name in names]
