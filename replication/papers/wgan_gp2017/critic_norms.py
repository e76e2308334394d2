"""A penalised critic with batch normalisation, with layer normalisation and with none."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends, names
from replication.figures.results import Frames

TITLE = "Normalisation in a penalised critic"
CAPTION = (
    "FID of WGAN-GP whose critic has no normalisation, layer normalisation or batch normalisation, at one "
    "generator step: every seed as a pale dot, mean over seeds with its 95 % interval."
)
PAPER_SHOWS = (
    "No figure. Section 4: the penalty is no longer valid where batch normalisation makes a score depend on the "
    "other images of its batch; layer normalisation is recommended in its place."
)
RUNS = [
    "mnist/dcgan_16/wgan_gp/paper",
    "mnist/dcgan_16/wgan_gp/critic_layer_norm",
    "mnist/dcgan_16/wgan_gp/critic_batch_norm",
]

NONE, LAYER, BATCH = RUNS
ROWS = {"The critic's normalisation": [(NONE, "none"), (LAYER, "layer"), (BATCH, "batch")]}


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run, and how far its estimate over its Lipschitz constant is from the exact W1 of pixels."""
    table = ends.data(frames)
    keys = [*names.ARM, "seed", "step"]
    w1 = frames.quality[frames.quality["metric"] == "w1_pixels"].rename(columns={"value": "w1"})
    table = table.merge(frames.curves[[*keys, "w_bound"]], on=keys, how="left")
    table = table.merge(w1[[*keys, "w1"]], on=keys, how="left")
    return table.assign(error=(table["w_bound"] - table["w1"]).abs() / table["w1"])


def draw(table: pd.DataFrame) -> Figure:
    """A row per normalisation."""
    return ends.draw(table, ROWS)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGP17-C11a and C11b: batch normalisation's error and FID against the worse of the two others, by seed."""
    errors, fids = ({a: ends.of(table, a, c) for a in RUNS} for c in ("error", "fid"))
    # NaN where a seed lacks one of them.
    error, fid = (
        pd.concat([v[NONE], v[LAYER]], axis=1).max(axis=1, skipna=False) for v in (errors, fids)
    )
    return {
        "WGP17-C11a": [float(value) for value in (errors[BATCH] - error).dropna()],
        "WGP17-C11b": [float(value) for value in (fids[BATCH] / fid).dropna()],
    }
