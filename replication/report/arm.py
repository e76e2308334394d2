"""The page of an arm: samples over training, curves, quality, cost, recipe, commands and evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from replication.evidence import store
from replication.figures import names
from replication.figures.names import Arm
from replication.figures.results import Frames
from replication.jobs import files
from replication.plan.config import Run
from replication.plan.paths import REPORTS
from replication.plan.study import kind
from replication.report import curves, explorer, leaderboard, pages, recipes, sheets, tables
from replication.report.budget import Fact
from replication.report.inline import inline
from replication.report.sheets import Sheet
from replication.report.tables import DASH, Cell, Table
from replication.report.views import Link
from replication.words import numbers

#: How many points of a data set stand behind samples.
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
    """The page of every arm of some studies, with the files beside it written: those on images first."""
    found = [_arm(frames, arm) for frames in reversed(studies) for arm in frames.arms]
    return sorted(found, key=lambda one: kind(one.arm.partition("/")[0]) != "images")


def _arm(frames: Frames, arm: Arm) -> ArmPage:
    name, study, of = "/".join(arm), frames.study, kind(arm.dataset)
    page, planned = pages.of_arm(study.name, name), study.arm(name)
    script, picture, _ = pages.beside(page)
    data = frames.held_out(arm.dataset, POINTS) if of == "points" else None
    sheet = sheets.write(
        REPORTS / picture, frames.first_samples(arm), data, names.colour(arm.method)
    )
    files.write_text(REPORTS / script, explorer.script(frames, arm, sheet))
    label = names.arm_label(arm, frames.arms)
    return ArmPage(
        page=page,
        id=f"{study.name}/{name}",
        study=study.name,
        arm=name,
        label=label,
        colour=names.colour(arm.method),
        dataset=names.dataset_label(arm.dataset),
        summary=_summary(frames, arm, planned[0]),
        picture=picture,
        numbers=script,
        sheet=sheet,
        curves=inline(curves.drawn(frames, arm), "curves", f"Curves of {label}"),
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
        f"{names.method_label(arm.method)} on {names.dataset_label(arm.dataset)} with net "
        f"{names.net_label(arm.net)}, study {frames.study.name}: {len(runs)} {tables.plural(len(runs), 'seed')}{lost}, "
        f"{run.steps:,} generator steps, {run.steps * run.recipe.n_critic:,} critic steps."
    )


def _quality(frames: Frames, arm: Arm) -> Table:
    """Every metric at the last checkpoint, beside that of real data."""
    own = names.rows_of(frames.summary, arm).set_index("metric")
    rows = []
    for metric in sorted(own.index, key=lambda m: names.metric(m).label):
        real = frames.real(arm.dataset, metric)
        reference = Cell(DASH) if math.isnan(real) else Cell(numbers.rounded(real))
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
    joined = frames.study.config.joined(run.variant)
    changed = [
        Fact("Variant", f"{names.variant_label(name)}: {own.why}") for name, own in joined.items()
    ]
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
