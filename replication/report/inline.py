"""Figures inside a page: SVG that takes its ink from the page, so that one file serves light and dark."""

from __future__ import annotations

import re
from html import escape

from replication.figures import style

#: Colours of the figures that are the page's to choose; a method's black turns light on dark.
_INKS = {
    style.INK: "ink",
    style.MUTED: "muted",
    style.GRID: "grid",
    style.PAPER: "paper",
    "#000000": "black",
    "#4c5663": "real",  # what the exact figures draw data in
}


def inline(svg: str, name: str, label: str) -> str:
    """An SVG file of matplotlib's as an element of an HTML page.

    Args:
        svg: the text of the file.
        name: unique on the page; ids get it as prefix, since two figures number theirs alike.
        label: what a screen reader says of the figure.
    """
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<svg[^>]*?viewBox=\"([^\"]+)\"[^>]*>", _opening(label), body, count=1)
    body = re.sub(r"\s*<defs>\s*<style.*?</style>\s*</defs>", "", body, count=1, flags=re.S)
    body = re.sub(r"font-family: [^;\"]+; ?", "", body)
    body = re.sub(r'(?<= d=")[^"]+', _coarse, body)
    body = re.sub(r' id="(\w+)\.', r' id="\1-', body)
    body = re.sub(r'( id="|url\(#|xlink:href="#)', rf"\1{name}-", body)
    for colour, variable in _INKS.items():
        body = body.replace(colour, f"var(--{variable})")
    return re.sub(r"\s*\n\s*", " ", body).strip()


def _opening(label: str) -> str:
    spoken = escape(label, quote=True).replace("\\", r"\\")
    return (
        r'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        rf'viewBox="\1" role="img" aria-label="{spoken}">'
    )


def _coarse(path: re.Match[str]) -> str:
    """A path to a hundredth of a point, which no screen shows: pages are a third lighter."""
    return re.sub(r"-?\d+\.\d{3,}", lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), path[0])
