"""The random search: the best FID of every setting of every loss, and what a budget of so many settings finds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from replication.figures import names
from replication.figures.results import Frames

LOSSES = ("gan_ns", "lsgan", "wgan_clip", "wgan_gp")
BASELINE = "gan_ns"
#: Resamples of the settings behind an expected best FID; the paper takes 5,000.
RESAMPLES = 5_000


def data(frames: Frames) -> pd.DataFrame:
    """The lowest FID of every run: dataset, method, setting, seed, metric, value; without one, the highest."""
    own = frames.quality[frames.quality["metric"].isin(frames.metrics("fid"))]
    runs = frames.runs[[*names.ARM, "seed"]]
    best = own.groupby([*names.ARM, "seed"])["value"].min().reset_index()
    table = runs.merge(best, on=[*names.ARM, "seed"], how="left")
    worst = own.groupby("dataset")["value"].max()
    table["value"] = table["value"].fillna(table["dataset"].map(worst))
    ids = own.drop_duplicates("dataset").set_index("dataset")["metric"]
    table["metric"] = table["dataset"].map(ids)
    table["setting"] = table["variant"].str.removeprefix("search_").astype(int)
    order = table["method"].map(LOSSES.index)
    table = table.assign(order=order).sort_values(
        ["dataset", "order", "setting"], ignore_index=True
    )
    return table[["dataset", "method", "setting", "seed", "metric", "value"]]


def expected_best(values: np.ndarray, budget: int) -> tuple[float, float]:
    """Mean and standard deviation of the lowest of so many values, drawn with replacement."""
    rng = np.random.default_rng([2018, budget])
    lowest = rng.choice(values, (RESAMPLES, budget)).min(1)
    return float(lowest.mean()), float(lowest.std())


def complete(table: pd.DataFrame) -> bool:
    """Whether every loss has settings, as many on every data set."""
    sizes = table.groupby(["dataset", "method"]).size()
    return len(sizes) == len(LOSSES) * table["dataset"].nunique() and sizes.nunique() == 1


def counts(table: pd.DataFrame) -> list[float]:
    """The settings of the loss with fewest."""
    return [float(table.groupby(["dataset", "method"]).size().min())]
