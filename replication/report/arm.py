"""The page of an arm: samples over training, curves, quality, cost, recipe, commands and evidence."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.evidence import store
from replication.figures import names, style
from replication.figures.names import Arm
from replication.figures.results import Frames
from replication.jobs import files
from replication.plan.config import Run
from replication.plan.paths import REPORTS
from replication.plan.study import kind
from replication.report import leaderboard, pages, recipes, sheets, tables
from replication.report.budget import Fact
from replication.report.inline import inline
from replication.report.sheets import Sheet
from replication.report.tables import DASH, Cell, Table
from replication.report.views import Link
from replication.words import numbers

#: The curves that are drawn and that the explorer has, in words.
CURVES = {
    "estimate_heldout": "estimate, held-out",
    "estimate_train": "estimate, training",
    "critic_loss": "critic loss",
    "generator_loss": "generator loss",
    "critic_grad_norm": "critic's gradient norm",
    "generator_grad_norm": "generator's gradient norm",
    "lipschitz": "Lipschitz estimate",
}

#: The scores whose course an arm's page draws, the first two that were measured.
DRAWN = {"images": ("fid", "inception_score"), "points": ("w1", "modes")}

#: Steps and numbers in the explorer's files have so many digits.
DIGITS = 4

#: Arms and points of a data set, in front of which samples stand.
POINTS = 500


@dataclass(frozen=True)
class ArmPage:
    """The page.

    Attributes:
        page: its name.
        id: ``study/dataset/net/method/variant``.
        sheet: what its picture of samples shows, and `picture` where that is.
    """

    page: str
    id: str
    study: str
    arm: str
    label: str
    colour: str
    dataset: str
    summary: str
    picture: str
    numbers: str
    sheet: Sheet
    curves: str
    quality: Table
    cost: list[Fact]
    recipe: list[Fact]
    deviations: list[str]
    commands: list[Fact]
    evidence: list[Link]

    @property
    def tiles(self) -> list[tuple[int, int]]:
        """Every checkpoint with the place of its tile on the sheet, pixels from the top."""
        return [(step, i * self.sheet.height) for i, step in enumerate(self.sheet.steps)]


def arms(studies: Sequence[Frames]) -> list[ArmPage]:
    """The page of every arm of some studies, with the files beside it written."""
    return [_arm(frames, arm) for frames in studies for arm in frames.arms]


def _arm(frames: Frames, arm: Arm) -> ArmPage:
    name, study, of = "/".join(arm), frames.study, kind(arm.dataset)
    page, planned = pages.of_arm(study.name, name), study.arm(name)
    script, picture, _ = pages.beside(page)
    data = frames.held_out(arm.dataset, POINTS) if of == "points" else None
    sheet = sheets.write(
        REPORTS / picture, frames.first_samples(arm), data, names.colour(arm.method)
    )
    label, dataset = names.arm_label(arm, frames.arms), tables.dataset_label(arm.dataset)
    files.write_text(
        REPORTS / script, _script(frames, arm, f"{label}; {dataset}; {study.name}", sheet, page)
    )
    return ArmPage(
        page=page,
        id=f"{study.name}/{name}",
        study=study.name,
        arm=name,
        label=label,
        colour=names.colour(arm.method),
        dataset=dataset,
        summary=_summary(frames, arm, planned[0]),
        picture=picture,
        numbers=script,
        sheet=sheet,
        curves=_drawn(frames, arm, page),
        quality=_quality(frames, arm),
        cost=_cost(frames, arm, planned),
        recipe=_recipe(frames, planned[0]),
        deviations=list(planned[0].recipe.deviations),
        commands=_commands(study.name, name, planned),
        evidence=[Link(path.name, f"../{path.as_posix()}") for path in store.arm_files(study.paths, name)],
    )  # fmt: skip


def _summary(frames: Frames, arm: Arm, run: Run) -> str:
    runs = names.rows_of(frames.runs, arm)
    failed = int((runs["state"] != "finished").sum())
    lost = f"; {failed} of them failed" if failed else ""
    return (
        f"{names.method_label(arm.method)} on {tables.dataset_label(arm.dataset)} with net "
        f"{names.words(arm.net)}, study {frames.study.name}: {len(runs)} {tables.plural(len(runs), 'seed')}{lost}, "
        f"{run.steps:,} generator steps, {run.steps * run.recipe.n_critic:,} critic steps."
    )


def _quality(frames: Frames, arm: Arm) -> Table:
    """Every metric at the last checkpoint, beside that of real data."""
    own = names.rows_of(frames.summary, arm).set_index("metric")
    rows = []
    for metric in sorted(own.index, key=lambda m: names.metric(m).label):
        real = frames.real(arm.dataset, metric)
        reference = Cell(DASH) if np.isnan(real) else Cell(numbers.rounded(real))
        row = own.loc[metric]
        rows.append([Cell(names.metric(metric).title), tables.final(frames, own, metric), reference,
                     Cell(f"{int(row['n_seeds'])}")])  # fmt: skip
    caption = "Every metric at the last checkpoint: mean over the seeds that finished, with its 95 % interval."
    return Table(
        tables.noted(caption, rows),
        ["Metric", "Value", "Real data", "Seeds"],
        rows,
        frozenset({1, 2, 3}),
    )


def _cost(frames: Frames, arm: Arm, planned: Sequence[Run]) -> list[Fact]:
    records = [
        run["provenance"] for run in store.outcomes(frames.study.paths, "/".join(arm))["runs"]
    ]
    took = leaderboard.seconds(frames, arm)
    machines = dict.fromkeys(
        f"{r['machine']['cpu']}, {r['threads']} thread{'s' * (r['threads'] > 1)}" for r in records
    )
    per = 1000 * took / planned[0].steps
    return [
        Fact("Seconds a seed", f"{numbers.amount(took)} by the clock, scoring at checkpoints not counted"),
        Fact("Per 1,000 generator steps", f"{numbers.amount(per)} s"),
        Fact("Machine", "; ".join(machines)),
        Fact("Seeds that train together", f"{len(planned[0].seeds)}"),
    ]  # fmt: skip


def _recipe(frames: Frames, run: Run) -> list[Fact]:
    known = frames.study.config.variants.get(run.variant)
    changed = [Fact("Variant", f"{names.words(run.variant)}: {known.why}")] if known else []
    said = [Fact(name.capitalize(), text) for name, text in recipes.settings(run).items()]
    return [*changed, *said, Fact("Source", run.recipe.source)]


def _commands(study: str, arm: str, planned: Sequence[Run]) -> list[Fact]:
    config = f"--config profile={study}"
    evidence = f"results/{study}/evidence/arms/{arm}/arm.json"
    return [
        Fact(f"snakemake --cores all {evidence} {config}", "train what is missing of this arm, and score it"),
        Fact(f"snakemake --cores all --forcerun train -- {evidence} {config}", "train all of its seeds again"),
        Fact("replication report", "this page again"),
    ]  # fmt: skip


def _drawn(frames: Frames, arm: Arm, page: str) -> str:
    """Estimate, losses and two scores over generator steps, as an SVG element."""
    curves, quality = names.rows_of(frames.curves, arm), names.rows_of(frames.quality, arm)
    scores = frames.metrics(*DRAWN[kind(arm.dataset)])
    scores = [m for m in scores if (quality["metric"] == m).any()][:2]
    with style.applied():
        figure = style.figure(4.4)
        figure.set_layout_engine(
            None
        )  # all figures are alike, and laying them out takes most of the time
        figure.subplots_adjust(left=0.08, right=0.99, bottom=0.1, top=0.94, hspace=0.45, wspace=0.2)
        axes = figure.subplots(2, 2).ravel()
        colour = names.colour(arm.method)
        _lines(axes[0], curves, "estimate_heldout", colour, "estimate, held-out")
        _lines(
            axes[1], curves, "critic_loss", style.INK, "losses: critic's black, generator's grey"
        )
        _lines(axes[1], curves, "generator_loss", style.MUTED, "")
        for place, metric in zip(axes[2:], scores, strict=False):
            _lines(
                place,
                quality[quality["metric"] == metric],
                "value",
                colour,
                names.metric(metric).title,
                ".",
            )
            if not np.isnan(real := frames.real(arm.dataset, metric)):
                place.axhline(real, color=style.MUTED, linewidth=0.8, linestyle=style.DASHES[1])
        for empty in axes[2 + len(scores) :]:
            empty.set_axis_off()
        text = _svg(figure)
    return inline(text, page.rpartition("/")[2].removesuffix(".html").replace(".", "-"),
                  f"Curves of {names.arm_label(arm, frames.arms)}")  # fmt: skip


def _lines(
    axes: Axes, table: pd.DataFrame, column: str, colour: str, title: str, marker: str = ""
) -> None:
    """A column over steps: seeds thin, their median thick."""
    wide = table.pivot_table(index="step", columns="seed", values=column, aggfunc="last")
    wide = wide.replace([np.inf, -np.inf], np.nan)
    axes.plot(wide.index, wide, color=colour, alpha=0.3, linewidth=0.6)
    axes.plot(wide.index, wide.median(axis=1), color=colour, marker=marker)
    if title:
        axes.set_title(title)
    axes.set_xlabel("generator steps")


def _svg(figure: Figure) -> str:
    with tempfile.TemporaryDirectory() as folder:
        style.save(figure, Path(folder) / "curves", ("svg",))
        return (Path(folder) / "curves.svg").read_text(encoding="utf-8")


def _script(frames: Frames, arm: Arm, label: str, sheet: Sheet, page: str) -> str:
    """What the explorer reads of an arm: a call with all of its curves and scores, seed by seed."""
    curves, quality = names.rows_of(frames.curves, arm), names.rows_of(frames.quality, arm)
    series: dict[str, Any] = {}
    for column, title in CURVES.items():
        if column in curves and curves[column].notna().any():
            series[title] = _series(curves, column)
    for metric in sorted(quality["metric"].unique()):
        series[names.metric(metric).title] = _series(quality[quality["metric"] == metric], "value")
    clock = curves.groupby("step")["seconds"].mean()
    record = {
        "id": f"{frames.study.name}/{'/'.join(arm)}",
        "label": label,
        "colour": names.colour(arm.method),
        "page": page,
        "sheet": {"file": pages.beside(page)[1], "steps": sheet.steps, "width": sheet.width, "height": sheet.height},
        "clock": [clock.index.tolist(), [_short(v) for v in clock]],
        "series": series,
    }  # fmt: skip
    return f"explorer.add({json.dumps(record, ensure_ascii=False, separators=(',', ':'))});\n"


def _series(table: pd.DataFrame, column: str) -> dict[str, Any]:
    wide = table.pivot_table(index="step", columns="seed", values=column, aggfunc="last")
    seeds = {str(seed): [_short(v) for v in wide[seed]] for seed in wide}
    return {"steps": wide.index.tolist(), "seeds": seeds}


def _short(value: float) -> float | None:
    """A number to `DIGITS` digits, whole where it can be; null where it is none."""
    if not np.isfinite(value):
        return None
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short == int(short) else short
