"""Whether a game on points is played well: the share of its last samples within three standard deviations of a mode.

Where few are, a mode that no sample is near may only be blurred, and says nothing of collapse.
"""

import pandas as pd

from replication.controls._base import Trained

LABEL = "share of the last samples within three standard deviations of a mode"
UNIT = "share of samples"
NEEDS = "points"


def measured(arm: Trained) -> pd.Series:
    """By seed."""
    return arm.last("high_quality")[0]
