"""The authors' figures for the solvers and pairs that we train too: their table of results, degree 8, seed 2."""

from __future__ import annotations

import pandas as pd

#: By (D, N): exact W1; then estimate and cosine of clipping, of the penalty, one-sided, and spectral norm.
FIGURES = {
    (2, 4): (0.8174, (0.0307, 0.072), (0.8571, 0.845), (0.8850, 0.818), (0.1522, 0.213)),
    (4, 4): (1.3853, (0.4061, 0.267), (1.4473, 0.949), (1.4816, 0.949), (0.4419, 0.360)),
    (8, 4): (1.8817, (1.1087, 0.341), (1.9980, 0.961), (1.9843, 0.961), (0.5908, 0.354)),
    (16, 4): (1.9405, (1.7228, 0.333), (2.0706, 0.964), (2.1218, 0.964), (0.6330, 0.352)),
    (2, 16): (0.4662, (0.0441, 0.070), (0.4221, 0.681), (0.4786, 0.810), (0.0786, 0.156)),
    (4, 16): (1.0035, (0.1912, 0.093), (1.0558, 0.862), (1.0575, 0.900), (0.1801, 0.237)),
    (8, 16): (1.5850, (0.6048, 0.214), (1.7005, 0.925), (1.6623, 0.925), (0.3378, 0.261)),
    (16, 16): (1.7375, (1.5881, 0.240), (1.8133, 0.913), (1.8070, 0.921), (0.4633, 0.254)),
    (2, 64): (0.2303, (-0.0051, 0.065), (0.1268, 0.355), (0.2237, 0.676), (0.0034, 0.075)),
    (4, 64): (0.7098, (0.0561, 0.090), (0.5783, 0.671), (0.6877, 0.817), (0.0760, 0.146)),
    (8, 64): (1.2593, (0.2101, 0.120), (1.1626, 0.817), (1.1824, 0.827), (0.1794, 0.186)),
    (16, 64): (1.5536, (0.5202, 0.154), (1.3557, 0.785), (1.3477, 0.783), (0.1947, 0.163)),
}
#: Their clipping leaves biases free, and their spectral norm is held constant in the backward pass.
SOLVERS = ("clip_weights", "penalty", "one_sided", "spectral_held")


def published() -> pd.DataFrame:
    """One row per pair and solver: source (authors), dimension, cones, solver, w1, ratio and cosine."""
    return pd.DataFrame(
        {"source": "authors", "dimension": d, "cones": n, "solver": solver}
        | {"w1": w1, "ratio": estimate / w1, "cosine": cosine}
        for (d, n), (w1, *found) in FIGURES.items()
        for solver, (estimate, cosine) in zip(SOLVERS, found, strict=True)
    )
