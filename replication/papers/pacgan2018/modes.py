"""Modes reached on the ring and the grid, beside the tables of PacGAN and VEEGAN.

What stands for which claim was written down before any run was made: the plain GAN is ``gan_ns/decay`` (the
authors' code minimises -log D), and PacGAN2 and minibatch discrimination change its discriminator alone. "No
WGAN run collapsed" is asked of ``wgan_clip/decay_clip_0.1`` (why: `can_i_read_my_loss.rivals_2d`) on the ring, by the
reverse KL of nearest modes, which blur leaves alone: whoever leaves out one of eight has log(8/7) or more. A run that
diverged counts as collapsed there, and as not measured everywhere else.
"""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, points, seeds, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames

TITLE = "Which modes are reached?"
CAPTION = (
    "Coloured, ours: samples at the end of training; every seed as a pale dot, the mean over seeds with its 95 % "
    "interval, hollow where there is none. All have the same perceptrons, and learning rates that fall to 0. "
    "Grey diamonds below the line, as published, of other nets and far longer training: Lin et al. 2018 (means of 10 "
    "runs with standard errors, of 2,500 samples) and Srivastava et al. 2017; they differ about the same plain GAN. "
    "A mode is reached by one sample within three standard deviations; of high quality is a sample that near to any "
    "mode; reverse KL compares how many samples fall to each mode, however far from it, with the data. Where few "
    "samples are of high quality a mode can be missed though none has been dropped: reverse KL is then small. "
    "Dashes: fresh data."
)
EXPLAINED = (
    "A generator that always draws the same few things can still fool a judge who sees one picture at a time. A judge "
    "who sees two at once can notice that they are alike, and so the generator has to vary."
)
MIRRORS = "pacgan2018:tab1"
PAPER_SHOWS = (
    "Two tables. With two samples at a time the modes reached rise from 6.3 to 7.9 of 8, and from 17.3 to 23.8 of 25; "
    "samples stay about as near to the modes, and are spread over them more evenly."
)
RUNS = [
    "ring/points/*/decay", "ring/points/*/decay_clip_0.1", "ring/points/*/decay_pacgan2",
    "ring/points/*/decay_minibatch", "grid/points/*/decay", "grid/points/*/decay_clip_0.1",
    "grid/points/*/decay_pacgan2", "grid/points/*/decay_minibatch",
]  # fmt: skip

LIN, SRIVASTAVA = "Lin 2018", "Srivastava 2017"

#: As published: data set, source, method, modes, share of high quality, reverse KL (nats), and the standard
#: errors of the three where the source was read with one.
PUBLISHED = (
    ("ring", LIN, "GAN", 6.3, 0.982, 0.45, 0.5, 0.002, 0.09),
    ("ring", LIN, "ALI", 6.6, 0.976, 0.36, 0.3, None, None),
    ("ring", LIN, "PacGAN2", 7.9, 0.956, 0.07, 0.1, 0.020, 0.03),
    ("ring", SRIVASTAVA, "GAN", 1.0, 0.993, None, None, None, None),
    ("ring", SRIVASTAVA, "ALI", 2.8, 0.0013, None, None, None, None),
    ("ring", SRIVASTAVA, "unrolled GAN", 7.6, 0.356, None, None, None, None),
    ("ring", SRIVASTAVA, "VEEGAN", 8.0, 0.529, None, None, None, None),
    ("grid", LIN, "GAN", 17.3, 0.948, 0.70, 0.8, None, 0.07),
    ("grid", LIN, "ALI", 24.1, 0.957, 0.14, 0.4, None, None),
    ("grid", LIN, "PacGAN2", 23.8, 0.913, 0.13, 0.7, None, 0.04),
    ("grid", SRIVASTAVA, "GAN", 3.3, 0.005, None, None, None, None),
    ("grid", SRIVASTAVA, "ALI", 15.8, 0.016, None, None, None, None),
    ("grid", SRIVASTAVA, "unrolled GAN", 23.6, 0.16, None, None, None, None),
    ("grid", SRIVASTAVA, "VEEGAN", 24.6, 0.40, None, None, None, None),
)  # fmt: skip

METRICS = ("modes", "high_quality", "reverse_kl")
LIMITS = {"high_quality": (-0.03, 1.03)}
OURS = "ours"
#: Rows left free between ours and those as published.
GAP = 0.6


def data(frames: Frames) -> pd.DataFrame:
    """Ours: quality of every seed at the end, and of fresh data. Published: means, with standard errors."""
    table = points.final(frames, METRICS).assign(source=OURS)
    for metric in METRICS:
        table[f"{metric}_real"] = [frames.real(dataset, metric) for dataset in table["dataset"]]
    errors = [f"{metric}_se" for metric in METRICS]
    published = pd.DataFrame(
        PUBLISHED, columns=["dataset", "source", "method", *METRICS, *errors]
    ).astype(dict.fromkeys([*METRICS, *errors], float))
    quoted = published[published["dataset"].isin(table["dataset"])]
    columns = ["source", *ARM, "seed", *METRICS, *errors, *(f"{metric}_real" for metric in METRICS)]
    return pd.concat([table, quoted], ignore_index=True).reindex(columns=columns)


def draw(table: pd.DataFrame) -> Figure:
    """A block of rows per data set, ours above and as published below a line; a column per metric."""
    mine, theirs = table[table["source"] == OURS], table[table["source"] != OURS]
    datasets = list(dict.fromkeys(mine["dataset"]))
    arms = {d: names.arms_of(mine[mine["dataset"] == d]) for d in datasets}
    quoted = {d: theirs[theirs["dataset"] == d] for d in datasets}
    counts = [len(arms[d]) + len(quoted[d]) + GAP for d in datasets]
    figure = style.figure(0.185 * sum(counts) + 0.4 * len(counts), wspace=0.03)
    grid = figure.subplots(
        len(counts), len(METRICS), sharex=False, sharey="row", squeeze=False,
        gridspec_kw={"height_ratios": counts},
    )  # fmt: skip
    for line, dataset in zip(grid, datasets, strict=True):
        own = mine[mine["dataset"] == dataset]
        for axes, metric in zip(line, METRICS, strict=True):
            for y, arm in enumerate(arms[dataset]):
                values, colour = names.rows_of(mine, arm)[metric], names.colour(arm.method)
                seeds.dots(axes, y, values, colour, across=True)
            _published(axes, quoted[dataset], metric, len(arms[dataset]) + GAP)
            real = own[f"{metric}_real"].iloc[0]
            if not pd.isna(real):
                axes.axvline(real, color=style.MUTED, linestyle=(0, (3, 2)), linewidth=1)
            axes.set_title(names.metric(metric).title)
            if metric in LIMITS:
                axes.set_xlim(*LIMITS[metric])
        line[0].set_title(f"{names.dataset_label(dataset)}: {names.metric(METRICS[0]).title}")
        _rows(line[0], arms[dataset], quoted[dataset])
    return figure


def _published(axes: Axes, quoted: pd.DataFrame, metric: str, first: float) -> None:
    """A diamond per published mean, with its standard error, from the row `first` on, below a line."""
    for y, row in enumerate(quoted.to_dict("records")):
        value, error = row[metric], row[f"{metric}_se"]
        if not pd.isna(error):
            ends = [value - error, value + error]
            axes.plot(ends, [first + y] * 2, color=style.MUTED, linewidth=1)
        axes.plot(
            value, first + y, "D", color=style.MUTED, markersize=3.5, markerfacecolor=style.PAPER
        )
    axes.axhline(first - (1 + GAP) / 2, color=style.GRID, linewidth=0.8)
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")


def _rows(axes: Axes, arms: list[Arm], quoted: pd.DataFrame) -> None:
    """The names of the rows, those as published in grey."""
    said = [f"{m}, {s}" for m, s in zip(quoted["method"], quoted["source"], strict=True)]
    rows = [*range(len(arms)), *(len(arms) + GAP + y for y in range(len(said)))]
    axes.set_yticks(rows, [*(points.label(arm) for arm in arms), *said])
    for text in axes.get_yticklabels()[len(arms) :]:
        text.set_color(style.MUTED)
    axes.set_ylim(rows[-1] + 0.6, -0.6)


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """IT16-C3, part modes: how many modes there are to be gained, by seed."""
    plain = points.of(table[table["source"] == OURS], "ring/points/gan_ns/decay")["modes"]
    return {"IT16-C3/modes": {"room": (8 - plain).tolist()}}


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """PAC18-C1 to C3 on ring and grid; VEE17-C1; IT16-C3, part modes; WGAN17-C9."""
    mine = table[table["source"] == OURS]
    found: dict[str, list[float]] = {}
    for dataset in ("ring", "grid"):
        plain = points.of(mine, f"{dataset}/points/gan_ns/decay")
        packed = points.of(mine, f"{dataset}/points/gan_ns/decay_pacgan2")
        near = points.difference(100 * packed["high_quality"], 100 * plain["high_quality"])
        found |= {
            f"PAC18-C1/{dataset}": points.difference(packed["modes"], plain["modes"]),
            f"PAC18-C2/{dataset}": points.difference(plain["reverse_kl"], packed["reverse_kl"]),
            f"PAC18-C3/{dataset}": near,
        }
    plain = points.of(mine, "ring/points/gan_ns/decay")["modes"]
    minibatch = points.of(mine, "ring/points/gan_ns/decay_minibatch")["modes"]
    wgan = points.of(mine, "ring/points/wgan_clip/decay_clip_0.1")["reverse_kl"]
    return found | {
        "VEE17-C1": plain.tolist(),
        "IT16-C3/modes": points.difference(minibatch, plain),
        "WGAN17-C9/modes": [float(not divergence < math.log(8 / 7)) for divergence in wgan],
    }
