"""Runs that are made to get worse and come back: does the estimate rise and fall with them?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.analysis.statistics import mean_interval, spearman
from replication.figures import names, style
from replication.figures.results import Experiment
from replication.words import numbers

TITLE = "Fall and recovery: does the estimate rise when quality falls?"
CAPTION = (
    "Games on the ring of 8 Gaussians that have learned for 300 generator steps are disturbed at step 0 and then "
    "go on as before. Dashes: exact W1 between generated and held-out points. Line: the critic’s estimate on "
    "held-out points, before the generator’s step, on an axis of its own. Median over seeds, band from the lowest"
    " to the highest quarter. ρ: Spearman’s correlation of the two over the looks of a run, mean over seeds with "
    "its 95 % interval; and what a clock has, which is not little, since most looks are of the recovery. Rises: "
    "share of the runs in which the estimate is higher where W1 is worst than it was before, and lower again at "
    "the end; no clock does that."
)
EXPERIMENTS = ["falls"]

KINDS = {
    "rate": "20 times the learning rate for 20 steps",
    "noise": "noise in the generator’s weights",
}
#: So far W1 must rise, and so much of its highest may be left, for a run to say anything: controls of the claims.
FELL, CAME_BACK = 1.3, 0.8

#: Of a run: ρ of the estimate, of the gap over K and of a clock with W1; whether the estimate rises and falls with W1;
#: W1 at its worst over W1 before; and W1 at the end over that.
OF_A_RUN = ("rho", "over_k_rho", "clock", "rises", "fall", "recovery")

CLAIMS = {"WGAN17-C3": "wgan_clip", "WGAN17-C4a": "gan_ns", "WGP17-C7b": "wgan_gp"}


def data(experiment: Experiment) -> pd.DataFrame:
    """Every look of every run, and of its run what `_run` finds, under its names."""
    table = experiment("falls")
    keys = ["method", "kind", "seed"]
    found = [(*key, *_run(own)) for key, own in table.groupby(keys, sort=False)]
    return table.merge(pd.DataFrame(found, columns=[*keys, *OF_A_RUN]), on=keys)


def _run(own: pd.DataFrame) -> tuple[float, ...]:
    """What a run shows, see `OF_A_RUN`."""
    before, after = own[own["step"] < 0], own[own["step"] >= 0].sort_values("step")
    worst = after.loc[after["w1"].idxmax()]
    rises = worst["estimate"] > before["estimate"].mean() and (
        after["estimate"].iloc[-1] < worst["estimate"]
    )
    return (
        spearman(own["estimate"], own["w1"]),
        spearman(own["over_k"], own["w1"]),
        spearman(-own["step"], own["w1"]),
        float(rises),
        worst["w1"] / before["w1"].mean(),
        after["w1"].iloc[-1] / worst["w1"],
    )


def draw(table: pd.DataFrame) -> Figure:
    """A row per method, a column per disturbance."""
    methods = sorted(table["method"].unique(), key=lambda m: (names.year(m), m))
    figure = style.figure(0.4 + 1.15 * len(methods), hspace=0.02)
    grid = figure.subplots(len(methods), len(KINDS), sharex=True, squeeze=False)
    for line, method in zip(grid, methods, strict=True):
        for axes, kind in zip(line, KINDS, strict=True):
            own = table[(table["method"] == method) & (table["kind"] == kind)]
            _course(axes, own, "w1", style.MUTED, "--")
            beside = axes.twinx()
            _course(beside, own, "estimate", names.colour(method), "-")
            beside.grid(visible=False)
            beside.tick_params(axis="y", labelcolor=names.colour(method))
            axes.axvline(0, color=style.MUTED, linewidth=0.8, linestyle=(0, (2, 2)))
            above = f"{KINDS[kind]}\n" if method == methods[0] else ""
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
    return f"{rho}, {clock}; rises {runs['rises'].sum():.0f} of {len(runs)}"


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


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C3 and C4a and WGP17-C7b, parts fall_rate and fall_noise: ρ of every run."""
    return {
        f"{claim}/fall_{kind}": of(table, method, kind)["rho"].tolist()
        for claim, method in CLAIMS.items()
        for kind in KINDS
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """By run how far quality fell, and how much of the fall is left."""
    return {
        f"{claim}/fall_{kind}": {
            control: of(table, method, kind)[control].tolist() for control in ("fall", "recovery")
        }
        for claim, method in CLAIMS.items()
        for kind in KINDS
    }
