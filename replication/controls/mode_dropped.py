"""Whether a generator of points lost a mode, blurred or not: nearest modes, by reverse KL.

A distribution that leaves out one of K equal modes has a reverse KL of at least log(K / (K - 1)) to them: of the
others it can at best be uniform.
"""

import numpy as np
import pandas as pd

from replication.controls._base import Trained

LABEL = "runs whose reverse KL shows that a mode is lost"
UNIT = "share of runs"
NEEDS = "points"


def measured(arm: Trained) -> pd.Series:
    """By seed 1 or 0."""
    divergence, _ = arm.last("reverse_kl")
    modes = arm.last("modes")[1]
    return (divergence >= np.log(modes / (modes - 1))).astype(float)
