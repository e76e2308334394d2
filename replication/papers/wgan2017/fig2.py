"""Two separate Gaussians: the discriminator that leaves no slope, and the critic that is a line."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, names, style
from replication.figures.results import Experiment
from replication.transport import divergences

TITLE = "A discriminator goes flat, a critic stays a slope"
CAPTION = (
    "Data N(−3, 1) and generated samples N(3, 1) on a line; nets with two hidden layers of 64 rectified "
    "units, trained while nothing else moves. Left: densities (shaded) and the D that a GAN's "
    "discriminator learns. Middle: the critic of a WGAN with clipped weights and one with one-sided "
    "gradient penalty, each divided by its own Lipschitz constant K and centred. A thin line per seed, the "
    "median thick. Right: mean slope at generated samples, of D and of the critics over their K, a dot "
    "per seed."
)
EXPLAINED = (
    "The discriminator is so sure of itself that its curve is flat under the generated samples, which "
    "then cannot see which way to go. The critic keeps falling all the way, so every "
    "sample is told the same thing: move left."
)
MIRRORS = "wgan2017:fig2"
PAPER_SHOWS = (
    "Densities of two Gaussians on a line, the discriminator, flat at 1 and 0, and the critic, close to "
    "a straight line over both."
)
TOPIC = "critics"
PLACE = 8
EXPERIMENTS = ["optimal_critics"]

CRITICS = ("wgan_clip", "wgan_gp")
METHODS = ("gan_minimax", *CRITICS)


def data(experiment: Experiment) -> pd.DataFrame:
    """Curves, critics over K and centred, at every third place; and per seed K, mean slope and R²."""
    table = experiment("optimal_critics").query("part == 'fig2'")
    curves, numbers = (table[(table["quantity"] == "curve") == side] for side in (True, False))
    scale = numbers[numbers["quantity"] == "K"].set_index(["critic", "seed"])["value"]
    of = curves.groupby(["critic", "seed"])["value"]
    critic = curves["critic"].isin(CRITICS)
    k = scale.reindex(pd.MultiIndex.from_frame(curves[["critic", "seed"]])).to_numpy()
    centred = (curves["value"] - of.transform("mean")) / k
    curves = curves.assign(value=curves["value"].where(~critic, centred))
    few = curves[curves["x"].isin(sorted(curves["x"].unique())[::3])]
    return pd.concat([few, numbers], ignore_index=True).drop(columns="part")


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C2a and C2b for the paper's own critic, with clipped weights.

    C2a: its mean slope over K at generated samples, over the mean slope of D there. C2b: R² of a
    straight line over [-6, 6], three standard deviations beyond both means.
    """
    wide = table[table["quantity"] != "curve"].pivot(
        index="seed", columns=["critic", "quantity"], values="value"
    )
    clipped = wide["wgan_clip"]
    ratio = clipped["slope"] / clipped["K"] / wide["gan_minimax"]["slope"]
    return {"WGAN17-C2a": ratio.tolist(), "WGAN17-C2b": clipped["R2"].tolist()}


def draw(table: pd.DataFrame) -> Figure:
    """D, the critics, and the slopes that generated samples see."""
    curves = table[table["quantity"] == "curve"]
    figure = style.figure(2.5)
    left, middle, right = figure.subplots(1, 3, width_ratios=[1.25, 1.25, 0.9])
    x = pd.Series(sorted(curves["x"].unique())).to_numpy()
    for centre, shade, name in ((-3.0, marks.REAL, "data"), (3.0, marks.FAKE, "generated")):
        left.fill_between(x, divergences.gaussian(x, centre), color=shade, alpha=0.35, linewidth=0)
        left.text(centre, 0.44, name, color=shade, ha="center")
    for method in METHODS:
        axes = middle if method in CRITICS else left
        _curves(axes, curves[curves["critic"] == method], method)
    left.set(title="GAN: D", ylabel="D;  density", ylim=(-0.02, 1.05))
    middle.set(title="WGAN: critic over its K", ylabel="f / K, units of x")
    middle.legend(loc="lower left")
    for axes in (left, middle):
        axes.set(xlabel="x", xlim=(-6, 6))
    _slopes(right, table)
    return figure


def _curves(axes: Axes, own: pd.DataFrame, method: str) -> None:
    wide = own.pivot(index="x", columns="seed", values="value")
    colour = names.colour(method)
    axes.plot(wide.index, wide, color=colour, linewidth=0.5, alpha=0.4)
    axes.plot(wide.index, wide.median(axis=1), color=colour, label=names.method_label(method))


def _slopes(axes: Axes, table: pd.DataFrame) -> None:
    wide = table[table["quantity"] != "curve"].pivot(
        index=["critic", "seed"], columns="quantity", values="value"
    )
    for place, method in enumerate(METHODS):
        own = wide.loc[method]
        height = own["slope"] / own["K"] if method in CRITICS else own["slope"]
        axes.plot(
            [place] * len(own), height, "o", color=names.colour(method), markersize=3.5, alpha=0.6
        )
    style.log(axes.yaxis, plain=False)
    axes.set(
        xlim=(-0.5, 2.5),
        title="slopes",
        ylabel="mean slope at generated samples",
    )
    axes.set_xticks(range(3), ["D", "clip\nf / K", "GP\nf / K"])
