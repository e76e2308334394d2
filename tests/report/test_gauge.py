"""A number against its threshold as a picture: what lies where, read from the drawing."""

from __future__ import annotations

import dataclasses
import math
import re

import pytest

from replication.claims.outcome import Outcome
from replication.report import gauge
from replication.report.gauge import Found

TEST = Outcome(
    claim="X-C1", setting="2-D", test="", panel=None, kind="mean", statistic="a number", unit="",
    direction="at least", threshold=0.7, target=0.0, null=0.0, over="seeds", verdict="replicated",
    estimate=0.9, low=0.8, high=0.95, n=6,
)  # fmt: skip


def read(drawing: str) -> tuple[tuple[float, float], list[float], list[tuple[float, float]]]:
    """The region in which the claim holds, the numbers, and the ends of their intervals, in units of the drawing."""
    x, width = re.search(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', drawing).groups()  # type: ignore[union-attr]
    dots = [float(found) for found in re.findall(r'<circle cx="([\d.]+)"', drawing)]
    bars = re.findall(r'class="interval" x1="([\d.]+)" x2="([\d.]+)"', drawing)
    return (float(x), float(x) + float(width)), dots, [(float(a), float(b)) for a, b in bars]


@pytest.mark.parametrize(
    ("change", "inside"),
    [
        ({}, True),
        ({"estimate": 0.5, "low": 0.4, "high": 0.6}, False),
        ({"direction": "at most"}, False),
        ({"kind": "equivalence", "target": 1.0, "threshold": 0.2}, True),
        ({"kind": "equivalence", "target": 2.0, "threshold": 0.2}, False),
        (
            {"kind": "equal_ratio", "threshold": 1.2, "estimate": 0.9, "low": 0.85, "high": 0.95},
            True,
        ),
        (
            {"kind": "equal_ratio", "threshold": 1.2, "estimate": 0.8, "low": 0.7, "high": 0.9},
            False,
        ),
        ({"estimate": 500.0, "low": 90.0, "high": 2000.0}, True),  # on a logarithmic axis
    ],
)
def test_a_number_lies_in_the_region_where_the_claim_holds_or_outside(
    change: dict[str, object], inside: bool
) -> None:
    region, (dot,), ((low, high),) = read(gauge.of_claim(dataclasses.replace(TEST, **change)))
    assert (region[0] <= dot <= region[1]) == inside
    assert 0 <= low < dot < high <= gauge.WIDTH


def test_a_logarithmic_axis_puts_equal_ratios_at_equal_distances() -> None:
    _, dots, _ = read(gauge.drawn([Found(1.0), Found(10.0), Found(100.0)], (50.0, math.inf), ""))
    assert dots[2] - dots[1] == pytest.approx(dots[1] - dots[0], abs=0.2)


def test_what_was_not_measured_has_no_picture_and_what_is_certain_no_interval() -> None:
    assert not gauge.of_claim(dataclasses.replace(TEST, estimate=math.nan))
    _, dots, bars = read(gauge.of_claim(dataclasses.replace(TEST, low=math.nan, high=math.nan)))
    assert (len(dots), bars) == (1, [])


def test_words_are_escaped_and_the_number_is_said_to_those_who_do_not_see_it() -> None:
    drawing = gauge.drawn([Found(0.5, label="<b>")], (0.7, math.inf), 'a "b"', axis=(-1.0, 1.0))
    assert "<b>" not in drawing
    assert 'aria-label="a &quot;b&quot;"' in drawing
    assert 'aria-label="0.900, asked at least 0.7"' in gauge.of_claim(TEST)
