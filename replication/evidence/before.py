"""The evidence that an arm has already: of runs whose weights are gone it is passed on as it is."""

from __future__ import annotations

from typing import Any

import pandas as pd
from numpy.typing import NDArray

from replication.evidence import pictures, store
from replication.metrics._base import QUALITY_COLUMNS
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.plan.study import kind

#: Samples, with what they are of: their seed and their step.
Block = tuple[dict[str, int], NDArray[Any]]


class Before:
    """The evidence of an arm, as it was written.

    Args:
        paths: the study's.
        arm: whose evidence it is.

    Attributes:
        records: of every run by its name, as in arm.json.
        curves: of all runs.
        quality: of all runs.
        walks: paths through z of the seed that leads.

    Raises:
        ResultsError: it is missing or damaged.
    """

    def __init__(self, paths: Paths, arm: str) -> None:
        folder = paths.arm(arm)
        self.records = {run["name"]: run for run in store.outcomes(paths, arm)["runs"]}
        self.curves = store.read_frame(folder / "curves.parquet", store.CURVE_COLUMNS)
        self.quality = store.read_frame(folder / "quality.parquet", QUALITY_COLUMNS)
        if kind(arm.partition("/")[0]) == "points":
            clouds = pictures.read_points(folder / "samples.parquet", "seed", "step")
            self._blocks: list[Block] = [
                ({"seed": seed, "step": step}, cloud) for (seed, step), cloud in clouds.items()
            ]
            self.walks: list[Block] = []
        else:
            self._blocks = _plain(pictures.read_images(folder / "samples.png"))
            self.walks = _plain(pictures.read_images(folder / "walks.png"))

    def of(self, table: pd.DataFrame, run: Run) -> pd.DataFrame:
        """The rows of a run."""
        return table[table["seed"].isin(run.seeds)]

    def blocks_of(self, run: Run) -> list[Block]:
        """The samples that were kept of a run, in the order in which they were."""
        return [(entry, samples) for entry, samples in self._blocks if entry["seed"] in run.seeds]


def _plain(blocks: list[Block]) -> list[Block]:
    """Without the number of images, which a sheet adds."""
    return [({k: v for k, v in entry.items() if k != "count"}, own) for entry, own in blocks]
