"""What the panels on frozen generators share: how the estimate orders generators, by critic and its steps."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.analysis.answers import HIGH_MEAN
from replication.analysis.statistics import mean_interval, spearman
from replication.figures import names, style

#: Critic steps at which claims are decided: those of the copied critic of a run.
DECIDES = 100

#: How far apart the generators of a seed must be, worst over best, and how well quality must order them when it is
#: measured again, for an order to say anything: controls of the claims.
APART, CEILING = 2.0, 0.9

#: What a critic is read by, and how that is called.
READ = {"estimate": "the estimate as it is logged", "over_k": "the score gap over K"}

#: The critic that serves several methods, by one of them: which, and how they are called together.
SERVES = {"gan_ns": ("gan_ns", "gan_minimax")}
CALLED = {"gan_ns": "GAN"}

#: Signals without a critic: how each is called and dashed.
WITHOUT = {
    "again": ("quality, measured again", (0, (4, 1.6))),
    "batch": ("exact W1 of a batch", (0, (1.2, 1.4))),
    "age": ("the generator’s age", "-"),
}


def orders(table: pd.DataFrame, quality: str) -> pd.DataFrame:
    """How every signal orders the generators of a seed.

    Args:
        table: of the experiment.
        quality: its column, of which less is better; ``<quality>_again`` is the same on other samples.

    Returns:
        Columns seed, ``critic``, ``k``, ``signal`` (`READ` and `WITHOUT`, whose critic is empty and k 0), ``rho``
        (Spearman's, over the generators), ``range``, the worst generator's quality over the best one's, ``gap``, the
        median over generators of the relative distance of the estimate from that after the most steps, and ``order``,
        the rank correlation of the two over generators.
    """
    rows = []
    generator = ["seed", "critic", "trained_by", "age", "noise"]
    last = table.groupby(generator, sort=False)["estimate"].transform("last")
    table = table.assign(last=last, gap=(table["estimate"] - last).abs() / last.abs())
    for (seed, critic, k), own in table.groupby(["seed", "critic", "k"], sort=False):
        spread = own[quality].max() / own[quality].min()
        about = spread, own["gap"].median(), spearman(own["estimate"], own["last"])
        rows += [(seed, critic, k, s, spearman(own[s], own[quality]), *about) for s in READ]
    once = table[["seed", "trained_by", "age", "noise", quality, f"{quality}_again", "w1_batch"]]
    for seed, own in once.drop_duplicates().groupby("seed"):
        spread = own[quality].max() / own[quality].min()
        signals = {"again": own[f"{quality}_again"], "batch": own["w1_batch"], "age": -own["age"]}
        rows += [
            (seed, "", 0, s, spearman(v, own[quality]), spread, np.nan, np.nan)
            for s, v in signals.items()
        ]
    return pd.DataFrame(
        rows, columns=["seed", "critic", "k", "signal", "rho", "range", "gap", "order"]
    )


def draw(table: pd.DataFrame) -> Figure:
    """Correlation over critic steps, a line per critic; what needs no critic across."""
    figure = style.figure(3.4)
    grid = figure.subplots(1, len(READ), sharey=True)
    ladder = sorted(k for k in table["k"].unique() if k)
    for axes, (signal, title) in zip(grid, READ.items(), strict=True):
        axes.axhspan(HIGH_MEAN, 1.05, color=style.GRID, alpha=0.5, linewidth=0)
        axes.axhline(0, color=style.MUTED, linewidth=0.8)
        for name, (label, dash) in WITHOUT.items():
            value = table.loc[table["signal"] == name, "rho"].mean()
            axes.axhline(value, color=style.INK, linewidth=0.9, linestyle=dash, label=label)
        own = table[table["signal"] == signal]
        critics = [m for m in _order(own) if m]
        for i, critic in enumerate(critics):
            _line(axes, own[own["critic"] == critic], critic, ladder, (i - 2.5) * 0.025)
        axes.set_xscale("log")
        axes.set_xticks(ladder, [f"{k:,}" for k in ladder])
        axes.minorticks_off()
        axes.set_ylim(-1.05, 1.05)
        axes.set_title(title)
        axes.set_xlabel("steps of the critic, from one start")
    grid[0].set_ylabel("Spearman ρ with quality, over generators")
    figure.legend(*grid[0].get_legend_handles_labels(), loc="outside upper center", ncols=5)
    return figure


def _line(axes: Axes, own: pd.DataFrame, critic: str, ladder: list[int], shift: float) -> None:
    found = [mean_interval(own.loc[own["k"] == k, "rho"], within=(-1, 1)) for k in ladder]
    at = np.asarray(ladder) * 10**shift
    colour = names.colour(critic)
    axes.plot(at, [f.mean for f in found], "o-", color=colour, markersize=4, label=label(critic))
    axes.vlines(at, [f.low for f in found], [f.high for f in found], color=colour, linewidth=1)


def label(critic: str) -> str:
    """The method and what its critic estimates; both GANs have one discriminator."""
    method = CALLED.get(critic) or names.method_label(critic)
    return f"{method}: {names.estimate(critic)['symbol']}"


def _order(table: pd.DataFrame) -> list[str]:
    return sorted(table["critic"].unique(), key=lambda m: (names.year(m) if m else 0, m))


def reached(table: pd.DataFrame) -> bool:
    """Whether there was an order to find, in the mean over seeds."""
    once = table[table["signal"] == "again"]
    return bool(once["range"].mean() >= APART and once["rho"].mean() >= CEILING)


def settled(table: pd.DataFrame, critic: str) -> bool:
    """Whether a critic orders the generators after its last steps but one as after the most, in the mean over seeds."""
    own = table[(table["critic"] == critic) & (table["signal"] == "estimate")]
    steps = sorted(own["k"].unique())
    return len(steps) > 1 and bool(own.loc[own["k"] == steps[-2], "order"].mean() >= CEILING)


def decided(table: pd.DataFrame, critic: str, signal: str = "estimate") -> pd.Series:
    """ρ after `DECIDES` steps of a critic, by seed."""
    own = table[(table["critic"] == critic) & (table["k"] == DECIDES) & (table["signal"] == signal)]
    return own.set_index("seed")["rho"].sort_index()
