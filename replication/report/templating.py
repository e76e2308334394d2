"""Templates filled with text that stays text: nothing in a value means anything to HTML or Markdown."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import jinja2
from jinja2.runtime import Context
from markupsafe import Markup, escape

from replication.report import pages, terms

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, here: str, **values: object) -> str:
    """Fill a template; in HTML all values are escaped, in Markdown the filter `md` does it.

    Args:
        template: its file's name.
        here: the page, which links are relative to.
        **values: what it is filled with.
    """
    return _environment().get_template(template).render(here=here, explained=set(), **values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and ".html" in name,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = markdown
    environment.filters["code"] = code
    environment.filters["twin"] = pages.twin
    environment.filters["terms"] = _terms
    environment.globals["href"] = _href
    environment.globals["css"] = text("style.css")
    environment.globals["script"] = text("sort.js")
    environment.globals["own"] = text
    environment.globals["thumbnail"] = pages.thumbnail
    environment.globals["has_twin"] = pages.has_twin
    return environment


def text(name: str) -> str:
    """A file beside the templates."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


@jinja2.pass_context
def _href(context: Context, target: str, anchor: str = "") -> str:
    return pages.href(target, str(context["here"]), anchor)


@jinja2.pass_context
def _terms(context: Context, said: str) -> str | Markup:
    """Text in which a term of the glossary is explained where a page first uses it."""
    if context["here"] == pages.GLOSSARY:
        return said
    link = pages.href(pages.GLOSSARY, str(context["here"]))
    return terms.marked(said, link, context["explained"])


def code(text: str) -> Markup:
    """Text as HTML in which what stands between backticks is set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # escaped before


def markdown(text: str) -> str:
    """Text in which no character means anything to Markdown, HTML or a table."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", " ".join(text.split()))
