"""What a score would be for infinitely many samples (Chong and Forsyth 2020)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

#: The samples are cut into so many disjoint parts: whole, halves, thirds, quarters.
CUTS = (1, 2, 3, 4)

#: Of the shuffle before the cuts; the parts are the same at every checkpoint of every run.
SEED = 2020


def extrapolated(score: Callable[[Tensor], float], rows: Tensor) -> float:
    """The height at 1/N = 0 of the least-squares line through scores against 1/N.

    A score whose bias is c/N lies on such a line, so the bias of the samples is gone; that of the
    finitely many real images stays. The source draws one random part a size; here the score of a size
    is the mean over disjoint parts that use every row, which leaves the variance as it was.

    Args:
        score: of some rows ``[n, D]``.
        rows: ``[N, D]``.

    Returns:
        The extrapolated score; NaN where a part has none, or there are too few rows to cut.
    """
    if len(rows) < max(CUTS):
        return float("nan")
    mixed = rows[torch.randperm(len(rows), generator=torch.Generator().manual_seed(SEED))]
    sizes = [len(rows) // cuts for cuts in CUTS]
    scores = [
        np.mean([score(part) for part in mixed[: cuts * size].split(size)])
        for cuts, size in zip(CUTS, sizes, strict=True)
    ]
    inverse = 1 / np.array(sizes)
    away = inverse - inverse.mean()
    slope = (away @ scores) / (away @ away)
    return float(np.mean(scores) - slope * inverse.mean())
