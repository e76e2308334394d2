"""How far training brought the samples: FID's way from its highest checkpoint to real images, as a share of all of it.

Of real images FID is that of training images against the held-out ones. An arm that went a small part of the way says
little about what well-trained generators do.
"""

import pandas as pd

from replication.controls._base import Trained

LABEL = "share of the way from the first FID to that of real images"
UNIT = "share of the way"
NEEDS = "images"


def measured(arm: Trained) -> pd.Series:
    """By seed; 0 where FID never fell."""
    fid, real = arm.course("fid")
    return (fid.max() - fid.iloc[-1]) / (fid.max() - real) if len(fid) else pd.Series(dtype=float)
