"""What the panels on runs that fall and recover share: what a run shows, and how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.analysis.statistics import mean_interval, spearman
from replication.figures import names, style
from replication.words import numbers

#: So far badness must rise, and so much of its highest may be left, for a run to say anything: controls of the claims.
FELL, CAME_BACK = 1.3, 0.8

#: Of a run: ρ of the estimate, of the gap over K and of a clock with badness; whether the estimate rises and falls with
#: it; badness at its worst over that before; badness at the end over its worst; and the steps from the worst to the
#: highest estimate.
OF_A_RUN = ("rho", "over_k_rho", "clock", "rises", "fall", "recovery", "delay")


def followed(table: pd.DataFrame, quality: str) -> pd.DataFrame:
    """Every look of every run, and of its run what `_run` finds, under the names of `OF_A_RUN`.

    Args:
        table: of an experiment.
        quality: its column, of which less is better.
    """
    keys = ["method", "kind", "seed"]
    found = [(*key, *_run(own, quality)) for key, own in table.groupby(keys, sort=False)]
    return table.merge(pd.DataFrame(found, columns=[*keys, *OF_A_RUN]), on=keys)


def _run(own: pd.DataFrame, quality: str) -> tuple[float, ...]:
    """What a run shows, see `OF_A_RUN`."""
    before, after = own[own["step"] < 0], own[own["step"] >= 0].sort_values("step")
    worst = after.loc[after[quality].idxmax()]
    rises = worst["estimate"] > before["estimate"].mean() and (
        after["estimate"].iloc[-1] < worst["estimate"]
    )
    return (
        spearman(own["estimate"], own[quality]),
        spearman(own["over_k"], own[quality]),
        spearman(-own["step"], own[quality]),
        float(rises),
        worst[quality] / before[quality].mean(),
        after[quality].iloc[-1] / worst[quality],
        float(after.loc[after["estimate"].idxmax(), "step"] - worst["step"]),
    )


def draw(table: pd.DataFrame, quality: str, kinds: Mapping[str, str]) -> Figure:
    """A row per method, a column per disturbance.

    Args:
        table: of `followed`.
        quality: see there.
        kinds: the disturbances, and what each is in words.
    """
    methods = sorted(table["method"].unique(), key=lambda m: (names.year(m), m))
    figure = style.figure(0.4 + 1.3 * len(methods), hspace=0.02)
    grid = figure.subplots(len(methods), len(kinds), sharex=True, squeeze=False)
    for line, method in zip(grid, methods, strict=True):
        for axes, kind in zip(line, kinds, strict=True):
            own = table[(table["method"] == method) & (table["kind"] == kind)]
            _course(axes, own, quality, style.MUTED, "--")
            beside = axes.twinx()
            _course(beside, own, "estimate", names.colour(method), "-")
            beside.grid(visible=False)
            beside.tick_params(axis="y", labelcolor=names.colour(method))
            axes.axvline(0, color=style.MUTED, linewidth=0.8, linestyle=(0, (2, 2)))
            above = f"{kinds[kind]}\n" if method == methods[0] else ""
            axes.set_title(above + _said(own), fontsize=7.5)
            for side in (axes, beside):
                side.locator_params(axis="y", nbins=3)
        line[0].set_ylabel(style.wrapped(names.method_label(method), 12))
    for axes in grid[-1]:
        axes.set_xlabel("generator steps after the disturbance")
    return figure


def _said(own: pd.DataFrame) -> str:
    runs = own.drop_duplicates("seed")
    found = mean_interval(runs["rho"], within=(-1, 1))
    ends = f" ({numbers.plain(found.low)} to {numbers.plain(found.high)})"
    rho = f"ρ {numbers.plain(found.mean)}{'' if pd.isna(found.low) else ends}"
    clock = f"a clock {numbers.plain(runs['clock'].mean())}"
    delay = f"highest {runs['delay'].median():.0f} steps after"
    return f"{rho}, {clock}\nrises {runs['rises'].sum():.0f} of {len(runs)}, {delay}"


def _course(axes: Axes, own: pd.DataFrame, column: str, colour: str, dash: str) -> None:
    steps = own.groupby("step")[column]
    low, middle, high = (steps.quantile(q) for q in (0.25, 0.5, 0.75))
    axes.fill_between(low.index, low, high, color=colour, alpha=0.15, linewidth=0)
    axes.plot(middle.index, middle, color=colour, linewidth=1.3, linestyle=dash)


def reached(runs: pd.DataFrame) -> bool:
    """Whether quality fell and came back, in the mean over the runs of a method and a disturbance."""
    return bool(runs["fall"].mean() >= FELL and runs["recovery"].mean() <= CAME_BACK)


def of(table: pd.DataFrame, method: str, kind: str) -> pd.DataFrame:
    """One row per run of a method and disturbance, by seed."""
    own = table[(table["method"] == method) & (table["kind"] == kind)]
    return own.drop_duplicates("seed").sort_values("seed")
