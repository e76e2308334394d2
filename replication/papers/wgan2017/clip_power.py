"""What a clip does to a critic: its slope by the power of its depth, and how long it takes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, palette, style
from replication.figures.results import Experiment

TITLE = "Clipped to c, a critic of L layers has a slope of order c to the L"
CAPTION = (
    "Two Gaussians in the plane that do not move, W = 2; critics of 3 and of 5 dense layers, clips "
    "0.001, 0.01 and 0.1. Left: at the end of training, the mean slope at samples (dots, one per seed) "
    "and the Lipschitz estimate K (crosses, medians), on lines of slope L through the medians of the middle "
    "clip. Dotted: K = 1. Middle: the estimate as a share of its last value, 3 layers; median and "
    "range over seeds. Right: the step from which on it stays within 5 % of its range of its last "
    "value, a dot per seed, the medians joined; at the top of the run it has not settled yet."
)
EXPLAINED = (
    "Clipping the weights does not make the critic 1-Lipschitz: its steepness is the clip multiplied "
    "with itself once per layer, which is almost nothing for small clips and a lot for large ones. "
    "A large clip takes longer to reach, because every weight has to travel that far, but in a deep "
    "critic a small one can take longer still, because its gradients have all but vanished."
)
MIRRORS = "wgan2017:section 3"
PAPER_SHOWS = (
    "Section 3 says that a large clip delays the critic's convergence and that a small one makes "
    "gradients vanish in deep critics; there is no figure."
)
TOPIC = "failures"
PLACE = 4
EXPERIMENTS = ["clip_power"]

CLIPS = (1e-3, 1e-2, 1e-1)
#: The paper's clip, and one that is large beside it.
PRINTED, LARGE = CLIPS[1:]
#: Lines of one method: light to dark by clip.
SHADES = {1e-3: palette.ORANGE, 1e-2: palette.VERMILLION, 1e-1: palette.BROWN}
MARKS = {3: ("o", "-"), 5: ("s", style.DASHES[1])}


def data(experiment: Experiment) -> pd.DataFrame:
    """Per seed the last record and the step of settling (part "end"); over seeds the estimate's share by step."""
    table = experiment("clip_power")
    runs = ["layers", "clip", "seed"]
    last = table.groupby(runs)["estimate"].transform("last")
    share = table.assign(share=table["estimate"] / last)
    curves = share.groupby(["layers", "clip", "step"], as_index=False).agg(
        median=("share", "median"), low=("share", "min"), high=("share", "max")
    )
    ends = table[table["step"] == table["step"].max()]
    ends = ends[[*runs, "step", "estimate", "slope", "K", "settled"]]
    return pd.concat([ends.assign(part="end"), curves.assign(part="curve")], ignore_index=True)


def exponents(table: pd.DataFrame) -> pd.DataFrame:
    """Slope of log mean input gradient against log clip, a row per seed, a column per depth."""
    ends = table[table["part"] == "end"]
    with np.errstate(divide="ignore"):
        ends = ends.assign(log=np.log10(ends["slope"].replace(0, np.nan)))
    wide = ends.pivot(index=["layers", "seed"], columns="clip", values="log")
    x = np.log10(wide.columns.to_numpy(float))
    x = x - x.mean()
    slopes = pd.Series(wide.to_numpy() @ x / (x @ x), wide.index)
    return slopes.unstack("layers")


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C12a and C12b, for each depth by itself.

    C12a: slope minus number of layers. C12b: 1 where clip 0.1 settles later than the paper's own 0.01 and 0
    where it does not. An estimate that has not settled by the end of the run settles later than one that has;
    where neither has, the order is not known and the seed gives no number.
    """
    found = exponents(table)
    times = settling(table)
    order = _later(times[LARGE], times[PRINTED]).unstack("layers")
    return {
        f"{claim}/depth_{depth}": values[depth].tolist()
        for depth in found
        for claim, values in (("WGAN17-C12a", found - depth), ("WGAN17-C12b", order))
    }


def remarks(table: pd.DataFrame) -> dict[str, str]:
    """How many seeds had not settled when the run ended, by depth and clip."""
    said, times = {}, settling(table)
    for depth, own in times.groupby("layers"):
        counts = {clip: int(np.isinf(own[clip]).sum()) for clip in own}
        open_ = [f"{n} of {len(own)} with clip {clip:g}" for clip, n in counts.items() if n]
        if open_:
            at = table["step"].max()
            said[f"WGAN17-C12b/depth_{depth}"] = (
                f"not settled by step {at:,.0f}: {', '.join(open_)}"
            )
    return said


def settling(table: pd.DataFrame) -> pd.DataFrame:
    """The step of settling by layers and seed (rows) and clip (columns); infinite where a run ended before it."""
    ends = table[table["part"] == "end"]
    seen = ends["settled"].mask(ends["settled"] >= ends["step"], np.inf)
    return ends.assign(settled=seen).pivot(
        index=["layers", "seed"], columns="clip", values="settled"
    )


def _later(first: pd.Series, second: pd.Series) -> pd.Series:
    """1 where the first comes later, 0 where not, NaN where neither was seen or one has no number."""
    unknown = first.isna() | second.isna() | (np.isinf(first) & np.isinf(second))
    return (first > second).astype(float).mask(unknown)


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """WGAN17-C12b: the seeds in which the estimate settled with both clips, by depth."""
    both = np.isfinite(settling(table)[[PRINTED, LARGE]]).all(axis=1).astype(float)
    return {
        f"WGAN17-C12b/depth_{depth}": {"settled": own.tolist()}
        for depth, own in both.groupby("layers")
    }


def draw(table: pd.DataFrame) -> Figure:
    """Slope and K over the clip, the estimate over steps, and when it settles."""
    ends, curves = (table[table["part"] == part] for part in ("end", "curve"))
    figure = style.figure(2.6)
    left, middle, right = figure.subplots(1, 3, width_ratios=[1.15, 1.15, 1])
    for layers, own in ends.groupby("layers"):
        _power(left, own, int(layers))
        mark, dashes = MARKS[int(layers)]
        colour = names.colour("wgan_clip")
        right.plot(own["clip"], own["settled"], mark, color=colour, markersize=3, alpha=0.5)
        right.plot(own.groupby("clip")["settled"].median(), color=colour, linestyle=dashes,
                   label=f"{layers:g} layers")  # fmt: skip
    left.axhline(1, color=style.MUTED, linewidth=0.9, linestyle=style.DASHES[2])
    left.set(title="mean slope (dots), K (crosses)", ylabel="slope, critic's units per unit of x")
    right.set(title="settled from step", ylabel="critic steps")
    for axes in (left, right):
        axes.set(xscale="log", yscale="log", xlabel="clip c")
    left.legend(loc="lower right")
    left.text(CLIPS[0], 1.5, "K = 1", color=style.MUTED, va="bottom")
    left.set_ylim(top=100)
    right.legend(loc="upper center")
    right.set_ylim(top=3 * ends["settled"].max())
    style.plain_log(right.yaxis)
    _curves(middle, curves[curves["layers"] == curves["layers"].min()])
    return figure


def _power(axes: Axes, own: pd.DataFrame, layers: int) -> None:
    mark, dashes = MARKS[layers]
    colour = names.colour("wgan_clip")
    median = own.groupby("clip")[["slope", "K"]].median()
    line = median["slope"][CLIPS[1]] * (np.array(CLIPS) / CLIPS[1]) ** layers
    axes.plot(own["clip"], own["slope"], mark, color=colour, markersize=3, alpha=0.5)
    axes.plot(median.index, median["K"], "x", color=style.INK, markersize=5)
    axes.plot(CLIPS, line, color=colour, linestyle=dashes, label=f"{layers} layers: $c^{layers}$")


def _curves(axes: Axes, curves: pd.DataFrame) -> None:
    for clip, own in curves.groupby("clip"):
        shade = SHADES[min(SHADES, key=lambda c: abs(c - float(clip)))]
        axes.fill_between(own["step"], own["low"], own["high"], color=shade, alpha=0.2, linewidth=0)
        axes.plot(own["step"], own["median"], color=shade, label=f"clip {clip:g}")
    axes.set(
        xscale="log", xlabel="critic steps", ylabel="estimate / its last value", ylim=(-0.3, 1.4)
    )
    axes.set_title("estimate, 3 layers")
    axes.legend(loc="upper left")
