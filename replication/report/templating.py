"""Templates filled with text that stays text: nothing in a value means anything to HTML or Markdown."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2

from replication.report import pages

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **values: object) -> str:
    """Fill a template; in HTML all values are escaped, in Markdown the filter `md` does it."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and ".html" in name,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = markdown
    environment.filters["twin"] = pages.twin
    environment.globals["css"] = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    environment.globals["script"] = (TEMPLATES / "sort.js").read_text(encoding="utf-8")
    return environment.get_template(template).render(**values)


def markdown(text: str) -> str:
    """Text in which no character means anything to Markdown, HTML or a table."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", " ".join(text.split()))
