"""Does what the critic says follow what the samples are worth?

Per run: Spearman's rank correlation, over the checkpoints, of each estimate with each quality; then
the mean over seeds. Checkpoints of one run are no independent observations, so they are never
pooled, and nothing is smoothed first: a moving median raises the correlation of any two trends.

One rule of signs for all methods: +1 means that the estimate falls whenever quality improves, as a
distance should. A quality of which more is better enters negated; so does `critic_loss`, because a
critic that tells the samples apart easily has a low loss, whatever the method. `generator_loss`
enters as it is: it is low where the critic is deceived.

Distances that are measured from outside, without the run's critic, are asked the same: they say how well a
perfect critic, or one that is trained afresh, would have done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from replication.analysis.statistics import kendall, mean_interval, spearman
from replication.metrics._base import direction, outside

#: Columns of curves.parquet that somebody might read as progress, with the sign they enter with.
ESTIMATES = {
    "estimate_train": 1.0,
    "estimate_heldout": 1.0,
    "w_bound": 1.0,
    "critic_loss": -1.0,
    "generator_loss": 1.0,
}

#: The columns that identify an arm in every table.
ARM = ["dataset", "net", "method", "variant"]

COLUMNS = [*ARM, "estimate", "quality", "spearman", "ci_low", "ci_high", "n_seeds", "n_checkpoints"]

#: A run has learned if FID went so much of the way from its highest value to that of real images: what claims on
#: images need.
LEARNED = 0.8


def correlations(curves: pd.DataFrame, quality: pd.DataFrame) -> pd.DataFrame:
    """How each estimate of each run follows its quality.

    Args:
        curves: columns `ARM`, seed, step and those of `ESTIMATES`; more rows than checkpoints.
        quality: columns `ARM`, seed, step, metric, value.

    Returns:
        Columns `ARM`, seed, quality, estimate, those of `Following` and n_checkpoints: those at which
        estimate and quality are finite. Beside `ESTIMATES`, estimates are the ids of the metrics that measure
        `outside`, where the quality is another.
    """
    keys = [*ARM, "seed", "step"]
    distances = quality[quality["metric"].isin(outside())]
    distances = distances.pivot(index=keys, columns="metric", values="value").reset_index()
    signals = curves[[*keys, *ESTIMATES]].merge(distances, on=keys, how="left")
    table = quality.merge(signals, on=keys, how="left", validate="many_to_one")
    rows = []
    for key, own in table.sort_values("step", kind="stable").groupby(
        [*ARM, "seed", "metric"], sort=False
    ):
        metric = str(own["metric"].iloc[0])
        better = 1.0 if direction(metric) == "lower" else -1.0
        badness = better * own["value"].to_numpy(np.float64)
        for estimate, sign in _signs(distances.columns, metric):
            signal = sign * own[estimate].to_numpy(np.float64)
            both = np.isfinite(signal) & np.isfinite(badness)
            found = following(signal[both], badness[both])
            rows.append((*key, estimate, *found, int(both.sum())))
    names = [*ARM, "seed", "quality", "estimate", *Following._fields, "n_checkpoints"]
    return pd.DataFrame(rows, columns=names)


class Following(NamedTuple):
    """How a signal follows a badness over the checkpoints of a run; NaN where that is undefined.

    Attributes:
        spearman: rank correlation.
        kendall: Kendall's tau-b.
        same_way: share of the steps between neighbouring checkpoints in which both rise or both fall; a
            step in which one of them stands still counts half.
        lost: badness of the checkpoint that the signal would pick, its lowest, above that of the best one,
            as a share of the best one's size.
    """

    spearman: float
    kendall: float
    same_way: float
    lost: float


def following(signal: npt.ArrayLike, badness: npt.ArrayLike) -> Following:
    """How a signal follows a badness, both finite and in the order of training.

    Args:
        signal: ``[checkpoints]``, lower where one believes to be better.
        badness: ``[checkpoints]``, lower where one is better.
    """
    x, y = np.asarray(signal, dtype=np.float64), np.asarray(badness, dtype=np.float64)
    if len(x) < 2:
        return Following(np.nan, np.nan, np.nan, np.nan)
    steps = np.sign(np.diff(x)) * np.sign(np.diff(y))
    best = y.min()
    lost = (y[x.argmin()] - best) / abs(best) if best else np.nan
    varied = np.ptp(x) > 0 and np.ptp(y) > 0
    tau = kendall(x, y) if varied else np.nan
    return Following(spearman(x, y), tau, float((steps.mean() + 1) / 2), float(lost))


def tracking(runs: pd.DataFrame, curves: pd.DataFrame, quality: pd.DataFrame) -> pd.DataFrame:
    """tracking.csv: per arm, estimate and quality the mean over seeds with its 95 % interval.

    Args:
        runs: columns `ARM`, seed, state; only runs that finished enter.
        curves: of these runs, see `correlations`.
        quality: likewise.

    Returns:
        Columns `COLUMNS`. `n_seeds` counts the seeds whose correlation is defined; `n_checkpoints`
        is the smallest number of checkpoints behind one of them. An arm of which none finished
        keeps its rows.
    """
    each = correlations(curves, finished(runs, quality)).dropna(subset="spearman")
    found = {key: own for key, own in each.groupby([*ARM, "estimate", "quality"])}
    rows: list[tuple[object, ...]] = []
    for arm, metrics in arms(runs, quality):
        for metric in metrics:
            for estimate, _ in _signs(metrics, metric):
                own = found.get((*arm, estimate, metric), each.iloc[:0])
                fewest = 0 if own.empty else int(own["n_checkpoints"].min())
                rows.append(
                    (
                        *arm,
                        estimate,
                        metric,
                        *mean_interval(own["spearman"], within=(-1, 1)),
                        fewest,
                    )
                )
    return pd.DataFrame(rows, columns=COLUMNS)


def arms(runs: pd.DataFrame, quality: pd.DataFrame) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Every arm that was run, in order, with every metric of its data set."""
    for arm in runs[ARM].drop_duplicates().itertuples(index=False, name=None):
        yield arm, sorted(quality.loc[quality["dataset"] == arm[0], "metric"].unique())


def _signs(measured: Iterable[str], quality: str) -> list[tuple[str, float]]:
    """The signals that may follow a quality, each with its sign: of the metrics `measured` those from outside."""
    distances = set(outside()).intersection(measured) - {quality}
    return [*ESTIMATES.items(), *((m, 1.0) for m in sorted(distances))]


def finished(runs: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table that belong to runs that finished."""
    which = runs.loc[runs["state"] == "finished", [*ARM, "seed"]]
    return table.merge(which, on=[*ARM, "seed"])


def moved(courses: pd.DataFrame, real: float) -> float:
    """How much of the way from its highest value to that of real images a score of runs went, mean over seeds.

    Args:
        courses: a column per run, a row per checkpoint.
        real: the score of real images; NaN where it was not measured, which takes 0, the best that can be.
    """
    highest, lowest = courses.max(), courses.min()
    share = (highest - lowest) / (highest - (0.0 if pd.isna(real) else real))
    # 0 / 0 where real images have the same score.
    return float(share.mask(highest == lowest, 0.0).mean())
