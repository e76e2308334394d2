"""Tiny studies of the user's own images, so few that every pair of what differs between studies meets in one."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from PIL import Image

from replication.plan import registry

#: The name of the images, and how many there are; a class has a fifth of them.
NAME, COUNT, CLASSES = "own", 150, 5

Row = dict[str, str]


def factors() -> dict[str, tuple[str, ...]]:
    """What differs between studies, each with its levels; methods go in pairs, the last of an odd number alone."""
    methods = list(reversed(registry.ids("methods")))
    return {
        "colour": ("colour", "grey"),
        "labels": ("unlabelled", "labelled"),
        "net": ("dcgan_8", "mlp"),
        "seeds": ("together", "alone"),
        "source": ("folder", "npz"),
        "methods": tuple("+".join(methods[i : i + 2]) for i in range(0, len(methods), 2)),
    }


def pairs(row: Mapping[str, str]) -> set[tuple[tuple[str, str], ...]]:
    """All pairs of levels that meet in a row."""
    return set(itertools.combinations(row.items(), 2))


def cover(levels: Mapping[str, Sequence[str]]) -> list[Row]:
    """Few rows in which every level of a factor meets every level of every other one.

    Greedy: the next row is the first of those with the most pairs that no row has yet.
    """
    every = [
        dict(zip(levels, chosen, strict=True)) for chosen in itertools.product(*levels.values())
    ]
    missing, rows = set().union(*map(pairs, every)), []
    while missing:
        rows.append(max(every, key=lambda row: len(pairs(row) & missing)))
        missing -= pairs(rows[-1])
    return rows


def title(row: Mapping[str, str]) -> str:
    return "-".join(row.values())


@dataclass(frozen=True)
class Images:
    """Noise in 150 images whose brightness is the class's: uint8 [150, 28, 28], or [150, 32, 32, 3] in colour."""

    pixels: np.ndarray
    labels: np.ndarray

    @classmethod
    def made(cls, colour: bool) -> Images:
        rng = np.random.default_rng(0)
        labels = np.arange(COUNT) % CLASSES
        shape = (COUNT, 32, 32, 3) if colour else (COUNT, 28, 28)
        noise = rng.integers(0, 120, shape)
        bright = 25 * labels.reshape(-1, *[1] * (len(shape) - 1))
        return cls((noise + bright).astype(np.uint8), labels)

    def write(self, root: Path, source: str, labelled: bool) -> str:
        """As an .npz file, or as a folder with a sub-folder for each class; returns its name."""
        if source == "npz":
            labels = {"labels": self.labels} if labelled else {}
            np.savez(root / "own.npz", images=self.pixels, **labels)
            return "own.npz"
        for number, (image, label) in enumerate(zip(self.pixels, self.labels, strict=True)):
            folder = root / "own" / (f"class{label}" if labelled else "")
            folder.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(folder / f"{number:03d}.png")
        return "own"


def arm(row: Mapping[str, str]) -> dict[str, Any]:
    """The arms of a row's study, as params.yaml has them."""
    together = row["seeds"] == "together"
    return {"dataset": NAME, "net": row["net"], "methods": row["methods"].split("+"),
            "together": together, "seeds": 2 if together else 1}  # fmt: skip


def write(row: Mapping[str, str], root: Path) -> None:
    """Put the images of a row and its study, of a few steps, into a workspace."""
    images = Images.made(row["colour"] == "colour")
    own = images.write(root, row["source"], row["labels"] == "labelled")
    path = root / "params.yaml"
    params = yaml.safe_load(path.read_text(encoding="utf-8"))
    params["own_data"] = {NAME: own}
    params["profiles"]["smoke"] |= {
        "arms": [arm(row)],
        "critic_steps": 10,
        "checkpoints": 2,
        "logs": 2,
    }
    path.write_text(yaml.safe_dump(params), encoding="utf-8")
