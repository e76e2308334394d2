"""A number against its threshold, as a small picture: what was found, and where it would have to lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup
from matplotlib.ticker import LogLocator, MaxNLocator

from replication.claims.outcome import Outcome
from replication.report import marks
from replication.words import numbers

#: In units of the drawing, which is as wide as its place.
WIDTH, LEFT, RIGHT, ROW, TOP, BOTTOM = 300.0, 12.0, 12.0, 17.0, 22.0, 20.0
#: Beside rows that have names.
NAMED = 126.0
#: Numbers that are all above 0 and farther apart than this stand on a logarithmic axis.
DECADES = 12.0
#: Air around the numbers, as a share of the axis.
AIR = 0.12


@dataclass(frozen=True)
class Found:
    """A number with its interval; ends that are NaN are not drawn.

    Attributes:
        label: in front of it; may be empty.
        colour: of a method; empty for the page's own ink.
    """

    mean: float
    low: float = math.nan
    high: float = math.nan
    label: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Scale:
    """Values to places in the drawing."""

    low: float
    high: float
    left: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        """Where a value stands; what lies outside stands at the end."""
        low, high = self.low, self.high
        value = min(max(value, low), high)
        if self.logarithmic:
            low, high, value = math.log(low), math.log(high), math.log(value)
        return self.left + (WIDTH - RIGHT - self.left) * (value - low) / (high - low)

    def ticks(self) -> list[float]:
        """Round numbers along it."""
        locator = LogLocator(numticks=4) if self.logarithmic else MaxNLocator(4)
        return [v for v in locator.tick_values(self.low, self.high) if self.low <= v <= self.high]


def of_claim(outcome: Outcome) -> Markup:
    """The number of a test, and the values with which the claim holds; empty where there is no number."""
    if not math.isfinite(outcome.estimate):
        return Markup()
    found = Found(outcome.estimate, outcome.low, outcome.high)
    return drawn([found], _holds(outcome), f"{marks.found(outcome)}, asked {marks.asked(outcome)}")


def _holds(outcome: Outcome) -> tuple[float, float]:
    """The values with which a claim holds; infinite where they have no end."""
    if outcome.kind == "equivalence":
        return outcome.target - outcome.threshold, outcome.target + outcome.threshold
    if outcome.kind == "equal_ratio":
        return 1 / outcome.threshold, outcome.threshold
    if outcome.direction == "at most":
        return -math.inf, outcome.threshold
    return outcome.threshold, math.inf


def drawn(
    rows: Sequence[Found],
    holds: tuple[float, float],
    about: str,
    words: str = "claim holds",
    axis: tuple[float, float] | None = None,
) -> Markup:
    """An svg element in the colours of the page.

    Args:
        rows: numbers on one axis.
        holds: between which values a claim holds, or an answer is yes.
        about: what it shows, for those who do not see it.
        words: over those values.
        axis: its ends; as the numbers ask for where it is None.
    """
    left = NAMED if any(row.label for row in rows) else LEFT
    scale = _scale(rows, holds, left, axis)
    foot = TOP + ROW * len(rows)
    parts = [_region(scale, holds, words, foot), _axis(scale, foot)]
    parts += [_row(scale, row, TOP + ROW * (i + 0.5)) for i, row in enumerate(rows)]
    # All of it is ours, but what comes in words, which is escaped.
    return Markup(
        f'<svg class="gauge" viewBox="0 0 {WIDTH:g} {foot + BOTTOM:g}" role="img" '
        f'aria-label="{escape(about)}">{"".join(parts)}</svg>'
    )


def _scale(
    rows: Sequence[Found],
    holds: tuple[float, float],
    left: float,
    axis: tuple[float, float] | None,
) -> Scale:
    if axis:
        return Scale(*axis, left)
    every = [v for row in rows for v in (row.mean, row.low, row.high)] + list(holds)
    known = [v for v in every if math.isfinite(v)]
    low, high = min(known), max(known)
    if low > 0 and high / low > DECADES:
        return Scale(low / 2, high * 2, left, logarithmic=True)
    air = AIR * (high - low) or abs(high) or 1.0
    # A scale of amounts begins at nothing, unless that is far away.
    start = 0.0 if 0 <= low < (high - low) else low - air
    return Scale(start, high + air, left)


def _region(scale: Scale, holds: tuple[float, float], words: str, foot: float) -> str:
    """Where the claim holds, its ends, and what is said of it."""
    a, b = (scale(end) for end in holds)
    ends = "".join(
        _line("end", x, x, TOP - 4, foot)
        for x, end in zip((a, b), holds, strict=True)
        if math.isfinite(end)
    )
    middle, size = (a + b) / 2, (max(b - a, 1), foot - TOP + 4)
    return (
        f'<rect x="{a:.1f}" y="{TOP - 4:g}" width="{size[0]:.1f}" height="{size[1]:g}"/>{ends}'
        f'<text x="{middle:.1f}" y="12" text-anchor="{_anchor(middle)}">{words}</text>'
    )


def _axis(scale: Scale, foot: float) -> str:
    ticks = (
        f"{_line('axis', scale(v), scale(v), foot, foot + 3)}"
        f'<text x="{scale(v):.1f}" y="{foot + 14:g}" text-anchor="middle">{numbers.amount(v)}</text>'
        for v in scale.ticks()
    )
    return _line("axis", scale.left, WIDTH - RIGHT, foot, foot) + "".join(ticks)


def _line(kind: str, x1: float, x2: float, y1: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:g}" y2="{y2:g}"/>'


def _row(scale: Scale, row: Found, y: float) -> str:
    colour = f' style="--tone: {_tone(row.colour)}"' if row.colour else ""
    x = scale.left - 8
    parts = [f'<circle cx="{scale(row.mean):.1f}" cy="{y:g}" r="4.5"/>']
    if math.isfinite(row.low) and math.isfinite(row.high):
        parts.insert(0, _line("interval", scale(row.low), scale(row.high), y, y))
    if row.label:
        parts.append(f'<text x="{x:g}" y="{y + 4:g}" text-anchor="end">{escape(row.label)}</text>')
    return f"<g{colour}>{''.join(parts)}</g>"


def _tone(colour: str) -> str:
    """Black turns with the page."""
    return "var(--black)" if colour == "#000000" else colour


def _anchor(middle: float) -> str:
    """Words over a narrow region at an edge begin or end there."""
    if middle > WIDTH - 40:
        return "end"
    return "start" if middle < 40 else "middle"
