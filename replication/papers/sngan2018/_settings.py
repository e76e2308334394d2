"""The optimiser settings A to F, and the arms of five methods under them."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from replication.figures import ends, names, palette

SETTINGS = "abcdef"


class Family(NamedTuple):
    """A method under settings A to F.

    Attributes:
        label: what it is called.
        colour: in figures.
        method: its file.
        prefix: of its variants.
    """

    label: str
    colour: str
    method: str
    prefix: str = ""

    @property
    def arms(self) -> dict[str, str]:
        """By setting."""
        return {s: f"mnist/dcgan_16/{self.method}/{self.prefix}setting_{s}" for s in SETTINGS}


SPECTRAL = Family("spectral norm", names.colour("sngan"), "gan_ns", "spectral_norm+")
WEIGHT = Family("weight norm", palette.INDIGO, "gan_ns", "weight_norm+")
BATCH = Family("batch norm", names.colour("gan_ns"), "gan_ns")
CLIP = Family("weight clipping", names.colour("wgan_clip"), "wgan_clip")
PENALTY = Family("gradient penalty", names.colour("wgan_gp"), "wgan_gp")
FAMILIES = (CLIP, PENALTY, BATCH, WEIGHT, SPECTRAL)


def scores(table: pd.DataFrame, family: Family) -> pd.DataFrame:
    """FID by seed, a column per setting that was run; a run that diverged has the FID that it began with."""
    found = {s: ends.of(table, arm, worst=True) for s, arm in family.arms.items()}
    return pd.DataFrame({s: values for s, values in found.items() if len(values)})


def best(scores: pd.DataFrame) -> pd.Series:
    """By seed, FID in the setting that is best on average over the other seeds, so that no seed chooses for itself."""
    found = {
        seed: own[scores.drop(index=seed).mean().idxmin()]
        for seed, own in scores.iterrows()
        if len(scores) > 1
    }
    return pd.Series(found, dtype=float)
