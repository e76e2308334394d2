"""How near a generator of points came: exact W1 of its last samples over that of as much fresh data."""

import pandas as pd

from replication.controls._base import Trained

LABEL = "exact W1 of the last samples over that of fresh data"
UNIT = "×"
NEEDS = "points"


def measured(arm: Trained) -> pd.Series:
    """By seed; 1 is as good as data."""
    last, fresh = arm.last("w1")
    return last / fresh
