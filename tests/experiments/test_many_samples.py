"""FID against one over the number of samples: lines by hand."""

import pandas as pd
import pytest

from replication.experiments.many_samples import line
from replication.papers.chong_forsyth2020 import extrapolation
from replication.papers.lucic2018 import fig1


def test_a_line_goes_through_what_lies_on_it() -> None:
    assert line([10, 20, 40], [3.0 + 50 / n for n in (10, 20, 40)]) == pytest.approx((50.0, 3.0))


def table() -> pd.DataFrame:
    """One seed: slopes of 50 and 20, heights of 3 and 5; a spread that Sobol's points halve."""
    rows = [(m, "untrained", 500, 0, 60.0) for m in extrapolation.METHODS]
    rows += [(m, "real", 4000, 0, 1.0) for m in extrapolation.METHODS]
    for method, slope, height in zip(extrapolation.METHODS, (50, 20), (3.0, 5.0), strict=True):
        rows += [
            (method, "fid", n, half, height + slope / n) for n in (10, 20, 40) for half in (0, 1)
        ]
        rows += [(method, "large", 100, i, height + 0.1 * sign) for i, sign in enumerate((-1, 1))]
        rows += [(method, "independent", 512, i, height + sign) for i, sign in enumerate((-1, 1))]
        rows += [(method, "sobol", 512, i, height + sign / 2) for i, sign in enumerate((-1, 1))]
    return pd.DataFrame(rows, columns=["method", "what", "samples", "repeat", "value"]).assign(
        seed=0
    )


def test_lines_slopes_and_spreads_by_hand() -> None:
    found = extrapolation.evidence(table())
    assert found["CHO20-C1"] == pytest.approx([1.0])
    assert found["CHO20-C2"] == pytest.approx([30.0])
    assert found["CHO20-C3"] == pytest.approx([0.25])
    # From 60 to 1; the large sets of the generator that went less have 5.
    assert extrapolation.controls(table())["CHO20-C1"]["learned"] == pytest.approx([55 / 59])


def test_bias_is_relative_to_the_extrapolation_and_the_larger_counts() -> None:
    shown = fig1.data(lambda name: table())
    assert fig1.evidence(shown)["LUC18-C4a"] == pytest.approx([0.0], abs=1e-9)
    # Standard deviation of 3 ± .1 with one degree of freedom, over 3.
    assert fig1.evidence(shown)["LUC18-C4b"] == pytest.approx([0.1 * 2**0.5 / 3])
