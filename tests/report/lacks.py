"""Results that lack something a study may lack: each a change of whole ones, by its name."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from replication.analysis import collect, tracking
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames
from replication.metrics import _base as metrics

#: The net whose arms are invented from those of the perceptron.
CONVOLUTIONAL = "dcgan_8"


@dataclass(frozen=True)
class Invented(Frames):
    """Results whose convolutional nets show the pictures of the perceptron.

    Attributes:
        pictured: whether runs kept any.
        channels: of images, each equal to the one that was invented.
    """

    pictured: bool = True
    channels: int = 1

    def samples(self, arm: Arm, seed: int) -> dict[int, NDArray[Any]]:
        return self._sheets(super().samples(drawn_as(arm), seed))

    def first_samples(self, arm: Arm) -> dict[int, NDArray[Any]]:
        return self._sheets(super().first_samples(drawn_as(arm)))

    def first_walks(self, arm: Arm) -> NDArray[Any] | None:
        kept = super().first_walks(drawn_as(arm)) if self.pictured else None
        return None if kept is None else self._in_channels(kept)

    def held_out(self, dataset: str, count: int) -> NDArray[Any]:
        return self._in_channels(super().held_out(dataset, count))

    def _sheets(self, kept: dict[int, NDArray[Any]]) -> dict[int, NDArray[Any]]:
        return {s: self._in_channels(sheet) for s, sheet in kept.items()} if self.pictured else {}

    def _in_channels(self, pictures: NDArray[Any]) -> NDArray[Any]:
        """[..., 1, H, W] as [..., channels, H, W]; points [..., 2] as they are."""
        return pictures if pictures.ndim < 4 else np.repeat(pictures, self.channels, axis=-3)


def drawn_as(arm: Arm) -> Arm:
    return arm._replace(net="mlp") if arm.net == CONVOLUTIONAL else arm


def measured(frames: Frames, quality: pd.DataFrame, **others: Any) -> Frames:
    """The results with other scores, and the tables that `collect` makes from them."""
    runs, curves = (others.get(name, getattr(frames, name)) for name in ("runs", "curves"))
    return dataclasses.replace(
        frames, **others, quality=quality, summary=collect.summary(runs, quality),
        tracking=tracking.tracking(runs, curves, quality),
    )  # fmt: skip


def unlabelled(frames: Frames) -> Frames:
    """No classifier, so no score that needs one."""

    def without(table: pd.DataFrame) -> pd.DataFrame:
        seen = table["metric"].map(lambda metric: metrics.parts(metric)[1])
        return table[seen.isna() | (seen == "")].reset_index(drop=True)

    return measured(frames, without(frames.quality), reference=without(frames.reference))


def ended(frames: Frames, kept: int) -> Frames:
    """Every run diverged after so many logged steps and checkpoints."""

    def first(table: pd.DataFrame) -> pd.DataFrame:
        order = table.groupby([*ARM, "seed"])["step"].rank(method="dense")
        return table[order <= kept].reset_index(drop=True)

    runs = frames.runs.assign(state="diverged", reason="critic loss is not finite", step=kept)
    curves = first(frames.curves).assign(critic_loss=np.nan, estimate_heldout=np.inf)
    return measured(frames, first(frames.quality), runs=runs, curves=curves)


def diverged_at_once(frames: Frames) -> Frames:
    return dataclasses.replace(ended(frames, 0), pictured=False)


def alone(frames: Frames, which: int) -> Frames:
    """One arm of every data set."""
    kept = [[a for a in frames.arms if a.dataset == dataset][which] for dataset in frames.datasets]
    return frames.only(["/".join(arm) for arm in kept])


def one_seed(frames: Frames) -> Frames:
    def part(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["seed"] == 0].reset_index(drop=True)

    runs, curves = part(frames.runs), part(frames.curves)
    return measured(frames, part(frames.quality), runs=runs, curves=curves)


def one_checkpoint(frames: Frames) -> Frames:
    last = frames.quality.groupby([*ARM, "seed"])["step"].transform("max")
    return measured(frames, frames.quality[frames.quality["step"] == last].reset_index(drop=True))


def valued(value: float) -> Callable[[Frames], Frames]:
    """All scores, of samples and of real data, and all estimates and losses are one number."""

    def change(frames: Frames) -> Frames:
        numbers = frames.curves.columns.difference(
            [*ARM, "seed", "step", "critic_steps", "seconds"]
        )
        curves = frames.curves.assign(**dict.fromkeys(numbers, value))
        reference = frames.reference.assign(value=value)
        return measured(
            frames, frames.quality.assign(value=value), curves=curves, reference=reference
        )

    return change


LACKS: dict[str, Callable[[Frames], Frames]] = {
    "nothing": lambda frames: frames,
    "labels": unlabelled,
    "all arms but the first": lambda frames: alone(frames, 0),
    "all arms but the last": lambda frames: alone(frames, -1),
    "all seeds but one": one_seed,
    "all checkpoints but one": one_checkpoint,
    "runs that finished": lambda frames: ended(frames, 2),
    "runs that reached a checkpoint": diverged_at_once,
    "images": lambda frames: frames.only(["@points/*"]),
    "points": lambda frames: frames.only(["@images/*"]),
    "grey images": lambda frames: dataclasses.replace(frames, channels=3),
    "differences": valued(1.0),
    "scores above zero": valued(0.0),
    "scores that are not negative": valued(-1.0),
    "numbers": valued(float("nan")),
}
