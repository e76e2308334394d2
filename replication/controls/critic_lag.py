"""How far the critic is from where more training would bring it: whether its estimate is one.

At every checkpoint a copy of the critic is trained on against the generator as it stands; the estimate of the copy is
what the critic's own should be.
"""

import numpy as np
import pandas as pd

from replication.controls._base import Trained

LABEL = "gap between the estimate and that of a copy of the critic trained on, relative, median over checkpoints"
UNIT = "relative"
NEEDS = "images, points"


def measured(arm: Trained) -> pd.Series:
    """By seed the median over its checkpoints."""
    column = "estimate_heldout_trained_on"
    if column not in arm.curves:
        return pd.Series(dtype=float)
    own = arm.curves.dropna(subset=column)
    gap = (own["estimate_heldout"] - own[column]).abs() / own[column].abs()
    return gap.replace(np.inf, np.nan).groupby(own["seed"]).median()
