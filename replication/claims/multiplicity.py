"""Many numbers at once: Holm's correction of their p values, for the comparison of two studies.

Verdicts are not corrected: `replication.claims.errors` gives how many wrong ones to expect instead.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment (1979): the chance of any false finding at an adjusted p of 5 % is at most 5 %.

    Args:
        ps: raw p values; NaN enters no count and stays NaN.
    """
    order = sorted((i for i, p in enumerate(ps) if not math.isnan(p)), key=lambda i: ps[i])
    adjusted, running = [math.nan] * len(ps), 0.0
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(order) - rank) * ps[i]))
        adjusted[i] = running
    return adjusted
