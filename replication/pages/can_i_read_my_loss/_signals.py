"""What every signal of every run says of quality, beside a clock: the numbers behind the page's figures and claims.

The estimate is what the critic says of the distance on held-out data, without penalty terms, logged before the
generator's step. Over K it is the score gap divided by the Lipschitz estimate, the largest slope found. The copied
critic is the same critic trained on for 100 steps against the generator as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from replication.analysis.answers import HIGH_MEAN
from replication.analysis.signals import FEWEST_CHECKPOINTS, Worth, worth
from replication.analysis.statistics import mean_interval
from replication.analysis.tracking import finished
from replication.figures import names, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames

CLOCK, ESTIMATE = "clock", "estimate_heldout"

#: Columns of curves that a person may read, with the sign that makes lower better.
READ = {
    ESTIMATE: 1.0,
    "w_bound": 1.0,
    "estimate_heldout_trained_on": 1.0,
    "generator_loss": 1.0,
    "critic_loss": -1.0,
}

#: Metrics that measure a distance from outside, and one that scores the same samples once more: the ceiling.
OUTSIDE, CEILING = ("independent_critic", "w1_pixels"), "kid"

#: In the order in which they are shown: name, mark and colour; None is the method's own.
SHOWN: dict[str, tuple[str, str, str | None]] = {
    CLOCK: ("a clock", "|", style.MUTED),
    "generator_loss": ("generator’s loss", "v", None),
    ESTIMATE: ("estimate", "o", None),
    "w_bound": ("score gap over K", "D", None),
    "estimate_heldout_trained_on": ("copied critic", "^", None),
    "independent_critic": ("independent critic", "s", style.INK),
    "w1_pixels": ("exact W1 of batches", "P", style.INK),
    CEILING: ("ceiling: KID", "x", style.INK),
}

#: What answers the page: is the estimate worth more than a clock, would a better critic help, what is possible?
MAIN = (CLOCK, ESTIMATE, "estimate_heldout_trained_on", "independent_critic", CEILING)

#: The three questions, by the field of `Worth`.
QUESTIONS = {
    "spearman": "over the whole run",
    "partial": "given the step",
    "late": "in the late phase",
}


def followed(frames: Frames, quality: str) -> pd.DataFrame:
    """How every signal of every seed that finished follows a quality, by the file of its metric.

    Returns:
        Columns `ARM`, seed, ``quality`` (the metric's id), ``end`` (its value at the last checkpoint), ``signal`` (of
        `SHOWN`) and the fields of `Worth`; of arms with fewer than `FEWEST_CHECKPOINTS` checkpoints none.
    """
    keys = [*ARM, "seed", "step"]
    scores = finished(frames.runs, frames.quality)
    scores = scores.assign(stem=names.stems(scores["metric"]))
    own = scores[scores["stem"] == quality].rename(columns={"value": "badness"})
    logged = {name: sign for name, sign in READ.items() if name in frames.curves}
    table = own.merge(frames.curves[[*keys, *logged]], on=keys, how="left")
    outside = [stem for stem in (*OUTSIDE, CEILING) if stem != quality]
    for stem in outside:
        one = scores.loc[scores["stem"] == stem, [*keys, "value"]]
        table = table.merge(one.rename(columns={"value": stem}), on=keys, how="left")
    signs = logged | dict.fromkeys(outside, 1.0)
    rows = [
        (*key, run["metric"].iloc[0], run["badness"].iloc[-1], signal, *found)
        for key, run in table.sort_values("step").groupby([*ARM, "seed"])
        if len(run) >= FEWEST_CHECKPOINTS
        for signal, found in _of_run(run, signs).items()
    ]
    return pd.DataFrame(rows, columns=[*ARM, "seed", "quality", "end", "signal", *Worth._fields])


def ended(table: pd.DataFrame, frames: Frames) -> pd.DataFrame:
    """A table by arm and seed with ``last``: the critic's estimate at the last checkpoint of the run."""
    keys = [*ARM, "seed"]
    own = frames.curves.sort_values("step", kind="stable").drop_duplicates(keys, keep="last")
    return table.merge(own[[*keys, ESTIMATE]].rename(columns={ESTIMATE: "last"}), on=keys)


def _of_run(run: pd.DataFrame, signs: dict[str, float]) -> dict[str, Worth]:
    """The clock, and every signal at the checkpoints at which it is known."""
    step, bad = run["step"].to_numpy(float), run["badness"].to_numpy(float)
    sound = np.isfinite(bad)
    signals = {CLOCK: -step} | {
        name: sign * run[name].to_numpy(float) for name, sign in signs.items()
    }
    found = {}
    for name, values in signals.items():
        known = sound & np.isfinite(values)
        if known.sum() >= 3:
            found[name] = worth(step[known], values[known], bad[known])
    return found


def draw(
    groups: dict[str, pd.DataFrame], labels: dict[Arm, str], signals: Sequence[str] = MAIN
) -> Figure:
    """A block of rows per group, a row per arm, a column per question, a mark per signal: mean over seeds, interval.

    Arms stand in the order in which their estimates follow quality over the whole run, the best first.

    Args:
        groups: of `followed`, by their titles.
        labels: of the arms.
        signals: of `SHOWN`.
    """
    shown = [s for s in signals if any((t["signal"] == s).any() for t in groups.values())]
    sizes = [table[ARM].drop_duplicates().shape[0] for table in groups.values()]
    figure = style.figure(0.9 + sum(sizes) * (0.12 + 0.07 * len(shown)))
    grid = figure.subplots(
        len(groups), len(QUESTIONS), squeeze=False, sharex=True, height_ratios=sizes
    )
    for line, (title, table) in zip(grid, groups.items(), strict=True):
        arms = sorted(names.arms_of(table), key=lambda arm: -_rank(names.rows_of(table, arm)))
        for axes, (field, question) in zip(line, QUESTIONS.items(), strict=True):
            for row, arm in enumerate(arms):
                _marks(axes, row, names.rows_of(table, arm), field, arm, shown)
            _dress(axes, len(arms))
            if axes in grid[0]:
                axes.set_title(question)
        line[0].set_yticks(range(len(arms)), [style.wrapped(labels[arm], 24) for arm in arms])
        for axes in line[1:]:
            axes.set_yticks(range(len(arms)), [""] * len(arms))
        if len(groups) > 1:
            line[0].set_ylabel(title)
    for axes in grid[-1]:
        axes.set_xlabel("Spearman ρ")
    figure.legend(handles=legend(shown), loc="outside upper center", ncols=5)
    return figure


def _rank(own: pd.DataFrame) -> float:
    """The mean over seeds of what the estimate says over the whole run; that of an arm without one is the lowest."""
    found = own.loc[own["signal"] == ESTIMATE, "spearman"].mean()
    return -1.0 if np.isnan(found) else float(found)


def legend(shown: Sequence[str]) -> list[Line2D]:
    """A handle per signal, those in the method's colour in grey."""
    return [
        Line2D([], [], marker=SHOWN[s][1], linestyle="", color=SHOWN[s][2] or style.MUTED,
               markersize=5, label=SHOWN[s][0])
        for s in shown
    ]  # fmt: skip


def _marks(
    axes: Axes, row: int, own: pd.DataFrame, field: str, arm: Arm, shown: Sequence[str]
) -> None:
    spread = 0.76 / max(1, len(shown) - 1)
    for i, signal in enumerate(shown):
        _, mark, colour = SHOWN[signal]
        found = mean_interval(own.loc[own["signal"] == signal, field], within=(-1, 1))
        if found.n == 0:
            continue
        y, ink = row - 0.38 + spread * i, colour or names.colour(arm.method)
        known = not np.isnan(found.low)
        if known:
            axes.plot([found.low, found.high], [y, y], color=ink, linewidth=1)
        hollow = style.PAPER if not known and mark in "oDs^vP" else ink
        axes.plot(found.mean, y, mark, color=ink, markersize=4, markerfacecolor=hollow)


def _dress(axes: Axes, rows: int) -> None:
    axes.axvspan(HIGH_MEAN, 1.05, color=style.GRID, alpha=0.5, linewidth=0)
    axes.axvline(0, color=style.MUTED, linewidth=0.8)
    for edge in range(1, rows):
        axes.axhline(edge - 0.5, color=style.GRID, linewidth=0.6)
    axes.set_xlim(-1.05, 1.05)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_xticks((-1, -0.5, 0, 0.5, 1), ("−1", "", "0", "", "1"))
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
