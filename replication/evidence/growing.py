"""Evidence that grows seed by seed: an arm's new runs are scored, and what it has of the others is passed on.

Of a study of many nights the runs that have ended can be kept at once, and their weights can go. No torch here, until
runs are scored.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from replication.evidence import pictures, store
from replication.evidence.pictures import Array
from replication.jobs import files
from replication.jobs.files import ResultsError, replacing
from replication.metrics._base import QUALITY_COLUMNS
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.plan.study import Study, kind

#: Samples, with what they are of: their seed and their step.
Block = tuple[dict[str, int], Array]
#: `replication.evidence.evaluate.evaluate` of some runs, under these paths.
Score = Callable[[Sequence[Run], Paths], None]


@dataclass(frozen=True)
class Aside(Paths):
    """The files of a study, but for the evidence of arms, which is written beside it."""

    def arm(self, arm: str) -> Path:
        """The folder of an arm's new runs."""
        return self.scratch / "scored" / arm


def grow(
    runs: Sequence[Run],
    kept: Container[str],
    awaited: Sequence[Run],
    paths: Paths,
    made_by: Mapping[str, str],
    score: Score,
) -> None:
    """Score those of an arm's runs that its evidence lacks, and write the evidence of all.

    Args:
        runs: of one arm, in its order, each of which has ended, or is in its evidence.
        kept: ids of those that are; of them nothing else is asked for.
        awaited: the arm's other runs. Until they have ended, no table has the arm.
        paths: the study's.
        made_by: what decides this evidence, see `replication.evidence.current`.
        score: scores runs, and writes the evidence of these alone.

    Raises:
        CorruptFile, DataError, ResultsError: what it needs is missing or damaged.
    """
    arm, aside = runs[0].arm, Aside(paths.root)
    new = [run for run in runs if run.id not in kept]
    if len(new) == len(runs) and not awaited:
        return score(runs, paths)
    parts = [Part(paths, arm)] if len(new) < len(runs) else []
    if new:
        score(new, aside)
        parts.append(Part(aside, arm))
    part_of = {run.id: parts[-1 if run in new else 0] for run in runs}
    _write(runs, part_of, paths)
    record = {
        "arm": arm,
        "made_by": dict(made_by),
        "runs": [part_of[run.id].records[run.name] for run in runs],
    }
    record |= {"awaits": [run.name for run in awaited]} if awaited else {}
    files.write_json(paths.arm(arm) / "arm.json", record)
    shutil.rmtree(aside.arm(arm), ignore_errors=True)


def whole(study: Study) -> list[str]:
    """The arms of a study that have evidence of all their runs, in its order: on fewer no verdict should stand."""
    return [arm for arm in store.arms(study) if not awaited(study.paths, arm)]


def found(study: Study) -> list[Study]:
    """The studies that have evidence of a whole arm, in the order of the profiles of params.yaml."""
    return [one for one in store.found(study) if whole(one)]


def awaited(paths: Paths, arm: str) -> list[str]:
    """The names of an arm's runs that had not ended when its evidence was written; none where it cannot be read."""
    try:
        return list(store.outcomes(paths, arm).get("awaits", ()))
    except ResultsError:
        return []  # who reads it says so


class Part:
    """Evidence of some of an arm's runs.

    Attributes:
        records: of every run by its name, as in arm.json.
        curves: of all runs.
        quality: of all runs.
        blocks: the samples that were kept.
        walks: paths through z of the seed that leads; none of points.

    Raises:
        ResultsError: it is missing or damaged.
    """

    def __init__(self, paths: Paths, arm: str) -> None:
        folder = paths.arm(arm)
        self.records = {run["name"]: run for run in store.outcomes(paths, arm)["runs"]}
        self.curves = store.read_frame(folder / "curves.parquet", store.CURVE_COLUMNS)
        self.quality = store.read_frame(folder / "quality.parquet", QUALITY_COLUMNS)
        self.walks: list[Block] = []
        if kind(arm.partition("/")[0]) == "points":
            clouds = pictures.read_points(folder / "samples.parquet", "seed", "step")
            self.blocks = [({"seed": s, "step": step}, own) for (s, step), own in clouds.items()]
        else:
            self.blocks = _read(folder / "samples.png")
            self.walks = _read(folder / "walks.png")

    def of(self, run: Run) -> list[Block]:
        """The samples of a run, in the order in which they are kept."""
        own = [block for block in self.blocks if block[0]["seed"] in run.seeds]
        return sorted(own, key=lambda block: (block[0]["step"], run.seeds.index(block[0]["seed"])))


def _read(path: Path) -> list[Block]:
    """The blocks of a sheet, without the number of images, which is added where one is written."""
    read = pictures.read_images(path)
    return [({k: v for k, v in entry.items() if k != "count"}, own) for entry, own in read]


def _write(runs: Sequence[Run], part_of: Mapping[str, Part], paths: Paths) -> None:
    """Write the tables and the samples of runs, each from its part, as if all had been scored at once."""
    folder = paths.arm(runs[0].arm)

    def rows(name: str) -> pd.DataFrame:
        tables = [(getattr(part_of[run.id], name), run.seeds) for run in runs]
        own = [table[table["seed"].isin(seeds)] for table, seeds in tables]
        return pd.concat(own, ignore_index=True)

    tables = {"curves": rows("curves").sort_values(["seed", "step"], ignore_index=True)}
    tables["quality"] = rows("quality")
    for name, table in tables.items():
        with replacing(folder / f"{name}.parquet") as to:
            table.to_parquet(to, index=False)
    blocks, walks, shape = _led(runs, part_of)
    if kind(runs[0].dataset) == "points":
        pictures.write_points(folder / "samples.parquet", blocks)
    else:
        pictures.write_images(folder / "samples.png", shape, blocks)
        across = len(walks[0][1]) if walks else pictures.ACROSS
        pictures.write_images(folder / "walks.png", shape, walks, across)


def _led(
    runs: Sequence[Run], part_of: Mapping[str, Part]
) -> tuple[list[Block], list[Block], tuple[int, ...]]:
    """Samples, walks and shape: the first seed that has a checkpoint leads, of others the last samples are kept."""
    leader: int | None = None
    blocks: list[Block] = []
    walks: list[Block] = []
    shape: tuple[int, ...] = (1, 1, 1)
    for run in runs:
        own = part_of[run.id].of(run)
        if own and leader is None:
            leader, shape = own[0][0]["seed"], own[0][1].shape[1:]
            walks = [block for block in part_of[run.id].walks if block[0]["seed"] == leader]
        ends = {entry["seed"]: entry["step"] for entry, _ in own}
        blocks += [b for b in own if b[0]["seed"] == leader or b[0]["step"] == ends[b[0]["seed"]]]
    return blocks, walks, shape
