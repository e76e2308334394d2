"""The pages of the report by name, for all who link to them or wait for them. No torch, no pandas here.

A folder of ``replication/papers`` is a page of the same name: the panels in it stand there.
"""

from __future__ import annotations

import re
from pathlib import Path

from replication.plan import registry
from replication.plan.paths import REPORTS

#: The pages on the whole study, with their names, in the order of the navigation.
STUDY = {
    "index": "Front page",
    "can_i_read_my_loss": "Can I read my loss?",
    "methods": "Methods",
    "failures": "Failure modes",
    "theory": "Theory",
    "glossary": "Glossary",
}

MAIN, LOSS, METHODS, FAILURES, THEORY, GLOSSARY = (f"{stem}.html" for stem in STUDY)


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
    """The page of a folder, or of a panel: ``wgan2017.html``."""
    return f"{paper.partition('/')[0]}.html"


def twin(page: str) -> str:
    """The same page as Markdown; code hosts show ``README.md`` first."""
    return "README.md" if page == MAIN else page.removesuffix(".html") + ".md"


def every() -> list[str]:
    """Every page, in the order of the navigation."""
    return [of(stem) for stem in (*STUDY, *papers())]


def outputs() -> list[Path]:
    """The files that ``replication report`` writes."""
    return [REPORTS / name for page in every() for name in (page, twin(page))]


def prose() -> dict[str, str]:
    """What the pages take from the files of components besides their heads: a change re-makes the report."""
    return {
        f"{kind}/{name}": registry.summary(kind, name)
        for kind in registry.KINDS
        for name in registry.ids(kind)
    }
